/*
 * levels_kernel.h
 *		The body of the level accumulators, compiled once per instruction set.
 *
 * levels.c includes this file with a vocabulary of macros: VEC (WIDTH
 * doubles), INT (as many uint64), MASK and the operations on them.  One
 * algorithm, so every instruction set forms the same integers.
 */
KERNEL_TARGET static void
KERNEL_NAME(LevelBlock *blocks, Moments *all_moments, const double *row, const bool *all_nulls, int nfeatures)
{
	for (int first = 0; first < nfeatures; first += LEVEL_LANES)
	{
		LevelBlock *block = &blocks[first / LEVEL_LANES];
		Moments    *moments = all_moments + first;
		const double *values = row + first;
		const bool *nulls = all_nulls ? all_nulls + first : NULL;
		int			nlanes = nfeatures - first;
		double		padded[LEVEL_LANES];

		if (nlanes < LEVEL_LANES)
		{
			memset(padded, 0, sizeof(padded));
			memcpy(padded, values, sizeof(double) * nlanes);
			values = padded;
		}

		for (int lane = 0; lane < LEVEL_LANES; lane += WIDTH)
		{
			VEC			x = LOAD(values + lane);
			VEC			ax = ABS(x);
			VEC			magic = LOAD(block->sum_magic[0] + lane);
			VEC			t;
			VEC			rest;
			VEC			high;
			VEC			low;
			INT			level1;
			INT			level2;
			MASK		bad;

			/* not |x| <= 2^E, also true for NaN; or 0 < |x| < 2^(E-51) */
			bad = MASK_OR(NOT_LE(ax, LOAD(block->upper + lane)),
						  MASK_AND(LESS(ax, LOAD(block->lower + lane)), NOT_ZERO(x)));
			if (__builtin_expect(ANY(bad), 0))
			{
				unsigned	bits = MASK_BITS(bad);

				/* a zero in place of the value adds nothing to any level */
				STORE(block->min + lane, KEEP(bad, LOAD(block->min + lane), MIN(LOAD(block->min + lane), x)));
				STORE(block->max + lane, KEEP(bad, LOAD(block->max + lane), MAX(LOAD(block->max + lane), x)));
				x = CLEAR(bad, x);
				for (; bits; bits &= bits - 1)
				{
					int			i = lane + __builtin_ctz(bits);

					if (i < nlanes)
						AddOutside(block, i, &moments[i], DoubleBits(values[i]), nulls && nulls[i]);
				}
			}
			else
			{
				STORE(block->min + lane, MIN(LOAD(block->min + lane), x));
				STORE(block->max + lane, MAX(LOAD(block->max + lane), x));
			}

#define ACCUMULATE(level, v) \
			STORE_INT(level + lane, ADD_INT(LOAD_INT(level + lane), v))

			t = ADD(x, magic);
			ACCUMULATE(block->sum[0], AS_INT(t));
			rest = SUB(x, SUB(t, magic));
			ACCUMULATE(block->sum[1], AS_INT(ADD(rest, LOAD(block->sum_magic[1] + lane))));

			/* x^2 = high + low exactly (TwoProduct with a fused multiply-add) */
			high = MUL(x, x);
			low = FMS(x, x, high);

			magic = LOAD(block->square_magic[0] + lane);
			t = ADD(high, magic);
			ACCUMULATE(block->square[0], AS_INT(t));
			high = SUB(high, SUB(t, magic));

			magic = LOAD(block->square_magic[1] + lane);
			t = ADD(high, magic);
			level1 = AS_INT(t);
			high = SUB(high, SUB(t, magic));
			t = ADD(low, magic);
			ACCUMULATE(block->square[1], ADD_INT(level1, AS_INT(t)));
			low = SUB(low, SUB(t, magic));

			magic = LOAD(block->square_magic[2] + lane);
			level2 = AS_INT(ADD(high, magic));
			t = ADD(low, magic);
			ACCUMULATE(block->square[2], ADD_INT(level2, AS_INT(t)));
			low = SUB(low, SUB(t, magic));

			ACCUMULATE(block->square[3], AS_INT(ADD(low, LOAD(block->square_magic[3] + lane))));
#undef ACCUMULATE
		}
	}
}

#undef KERNEL_TARGET
#undef KERNEL_NAME
#undef WIDTH
#undef VEC
#undef INT
#undef MASK
#undef LOAD
#undef STORE
#undef LOAD_INT
#undef STORE_INT
#undef ADD
#undef SUB
#undef MUL
#undef FMS
#undef MIN
#undef MAX
#undef ABS
#undef ADD_INT
#undef AS_INT
#undef NOT_LE
#undef LESS
#undef NOT_ZERO
#undef MASK_OR
#undef MASK_AND
#undef ANY
#undef MASK_BITS
#undef CLEAR
#undef KEEP
