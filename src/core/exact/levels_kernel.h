/*
 * levels_kernel.h
 *		The body of the level accumulators, compiled once per instruction set.
 *
 * levels.c includes this file with a vocabulary of macros: VEC (WIDTH
 * doubles), INT (as many uint64), MASK and the operations on them.  One
 * algorithm, so every instruction set forms the same integers.
 */
KERNEL_TARGET static void
KERNEL_NAME(LevelBlock *blocks, Moments *all_moments, const double *all_rows, const bool *all_nulls, int nrows,
			int nfeatures)
{
	size_t		stride = LevelRowWidth(nfeatures);

	for (int first = 0; first < nfeatures; first += LEVEL_LANES)
		for (int lane = 0; lane < LEVEL_LANES; lane += WIDTH)
		{
			LevelBlock *block = &blocks[first / LEVEL_LANES];
			const double *rows = all_rows + first + lane;
			const		VEC upper = LOAD(block->upper + lane);
			const		VEC lower = LOAD(block->lower + lane);
			const		VEC sum_magic0 = LOAD(block->sum_magic[0] + lane);
			const		VEC sum_magic1 = LOAD(block->sum_magic[1] + lane);
			const		VEC square_magic0 = LOAD(block->square_magic[0] + lane);
			const		VEC square_magic1 = LOAD(block->square_magic[1] + lane);
			const		VEC square_magic2 = LOAD(block->square_magic[2] + lane);
			const		VEC square_magic3 = LOAD(block->square_magic[3] + lane);
			INT			sum0 = LOAD_INT(block->sum[0] + lane);
			INT			sum1 = LOAD_INT(block->sum[1] + lane);
			INT			square0 = LOAD_INT(block->square[0] + lane);
			INT			square1 = LOAD_INT(block->square[1] + lane);
			INT			square2 = LOAD_INT(block->square[2] + lane);
			INT			square3 = LOAD_INT(block->square[3] + lane);
			VEC			min = LOAD(block->min + lane);
			VEC			max = LOAD(block->max + lane);

			for (int r = 0; r < nrows; r++)
			{
				VEC			x = LOAD(rows + r * stride);
				VEC			ax = ABS(x);
				VEC			t;
				VEC			rest;
				VEC			high;
				VEC			low;
				MASK		bad;

				/* not |x| <= 2^E, also true for NaN; or 0 < |x| < 2^(E-51) */
				bad = MASK_OR(NOT_LE(ax, upper), MASK_AND(LESS(ax, lower), NOT_ZERO(x)));
				if (__builtin_expect(ANY(bad), 0))
				{
					min = KEEP(bad, min, MIN(min, x));
					max = KEEP(bad, max, MAX(max, x));
					/* a zero in place of the value adds nothing to any level */
					x = CLEAR(bad, x);
					for (unsigned bits = MASK_BITS(bad); bits; bits &= bits - 1)
					{
						int			i = __builtin_ctz(bits);
						size_t		at = r * stride + first + lane + i;

						AddOutside(block, lane + i, &all_moments[first + lane + i], DoubleBits(all_rows[at]),
								   all_nulls && all_nulls[at]);
					}
				}
				else
				{
					min = MIN(min, x);
					max = MAX(max, x);
				}

				t = ADD(x, sum_magic0);
				sum0 = ADD_INT(sum0, AS_INT(t));
				rest = SUB(x, SUB(t, sum_magic0));
				sum1 = ADD_INT(sum1, AS_INT(ADD(rest, sum_magic1)));

				/* x^2 = high + low exactly (TwoProduct with a fused multiply-add) */
				high = MUL(x, x);
				low = FMS(x, x, high);

				t = ADD(high, square_magic0);
				square0 = ADD_INT(square0, AS_INT(t));
				high = SUB(high, SUB(t, square_magic0));

				t = ADD(high, square_magic1);
				square1 = ADD_INT(square1, AS_INT(t));
				high = SUB(high, SUB(t, square_magic1));
				t = ADD(low, square_magic1);
				square1 = ADD_INT(square1, AS_INT(t));
				low = SUB(low, SUB(t, square_magic1));

				square2 = ADD_INT(square2, AS_INT(ADD(high, square_magic2)));
				t = ADD(low, square_magic2);
				square2 = ADD_INT(square2, AS_INT(t));
				low = SUB(low, SUB(t, square_magic2));

				square3 = ADD_INT(square3, AS_INT(ADD(low, square_magic3)));
			}

			STORE_INT(block->sum[0] + lane, sum0);
			STORE_INT(block->sum[1] + lane, sum1);
			STORE_INT(block->square[0] + lane, square0);
			STORE_INT(block->square[1] + lane, square1);
			STORE_INT(block->square[2] + lane, square2);
			STORE_INT(block->square[3] + lane, square3);
			STORE(block->min + lane, min);
			STORE(block->max + lane, max);
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
