/*
 * levels.c
 *		Level accumulators, eight features at a time; see levels.h.
 *
 * Why it is exact, for |x| in [2^(E-51), 2^E]: the last bit of x is at least
 * 2^(E-103), the second level of sums.  With h = fl(x^2) and l = x^2 - h,
 * h >= 2^(2E-102) has its last bit at 2^(2E-154) or above, and level 2 of the
 * squares reaches down to 2^(2E-155); x^2, and so l, is a multiple of
 * 2^(2E-206), and level 3 reaches 2^(2E-207).  E is kept within
 * [EXPONENT_MIN, EXPONENT_MAX] so that neither h nor l over- or underflows.
 */
#include "core/exact/levels.h"

#include <math.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define EXPONENT_MIN	(-380)
#define EXPONENT_MAX	480

/* Room above the largest value seen when a window is set. */
#define HEADROOM_BITS	6

/* Count a value that has no place in the levels: missing, infinite, or outside of the window. */
static void __attribute__((noinline))
AddOutside(LevelBlock *block, int lane, Moments *moments, uint64_t bits, bool is_null)
{
	if (IsFiniteBits(bits) && !is_null)
	{
		MomentsAddFinite(moments, bits);
		block->outside[lane]++;
	}
	else
		MomentsAddMissingOrInfinite(moments, bits, is_null);
	/* LevelsFlush() will count the row as a value of this lane, so take that off in advance */
	moments->count--;
}

#if defined(__x86_64__)

#define KERNEL_TARGET	__attribute__((target("avx512f,avx512dq")))
#define KERNEL_NAME		AddRowsAvx512
#define WIDTH			8
#define VEC				__m512d
#define INT				__m512i
#define MASK			__mmask8
#define LOAD(p)			_mm512_loadu_pd(p)
#define STORE(p, v)		_mm512_storeu_pd(p, v)
#define LOAD_INT(p)		_mm512_loadu_si512(p)
#define STORE_INT(p, v) _mm512_storeu_si512(p, v)
#define ADD(a, b)		_mm512_add_pd(a, b)
#define SUB(a, b)		_mm512_sub_pd(a, b)
#define MUL(a, b)		_mm512_mul_pd(a, b)
#define FMS(a, b, c)	_mm512_fmsub_pd(a, b, c)
#define MIN(a, b)		_mm512_min_pd(a, b)
#define MAX(a, b)		_mm512_max_pd(a, b)
#define ABS(a)			_mm512_abs_pd(a)
#define ADD_INT(a, b)	_mm512_add_epi64(a, b)
#define AS_INT(a)		_mm512_castpd_si512(a)
#define NOT_LE(a, b)	_mm512_cmp_pd_mask(a, b, _CMP_NLE_UQ)
#define LESS(a, b)		_mm512_cmp_pd_mask(a, b, _CMP_LT_OQ)
#define NOT_ZERO(a)		_mm512_cmp_pd_mask(a, _mm512_setzero_pd(), _CMP_NEQ_OQ)
#define MASK_OR(a, b)	((__mmask8) ((a) | (b)))
#define MASK_AND(a, b)	((__mmask8) ((a) & (b)))
#define ANY(m)			((m) != 0)
#define MASK_BITS(m)	((unsigned) (m))
#define CLEAR(m, v)		_mm512_mask_mov_pd(v, m, _mm512_setzero_pd())
#define KEEP(m, old, new) _mm512_mask_mov_pd(new, m, old)
#include "core/exact/levels_kernel.h"

#define KERNEL_TARGET	__attribute__((target("avx2,fma")))
#define KERNEL_NAME		AddRowsAvx2
#define WIDTH			4
#define VEC				__m256d
#define INT				__m256i
#define MASK			__m256d
#define LOAD(p)			_mm256_loadu_pd(p)
#define STORE(p, v)		_mm256_storeu_pd(p, v)
#define LOAD_INT(p)		_mm256_loadu_si256((const __m256i *) (p))
#define STORE_INT(p, v) _mm256_storeu_si256((__m256i *) (p), v)
#define ADD(a, b)		_mm256_add_pd(a, b)
#define SUB(a, b)		_mm256_sub_pd(a, b)
#define MUL(a, b)		_mm256_mul_pd(a, b)
#define FMS(a, b, c)	_mm256_fmsub_pd(a, b, c)
#define MIN(a, b)		_mm256_min_pd(a, b)
#define MAX(a, b)		_mm256_max_pd(a, b)
#define ABS(a)			_mm256_andnot_pd(_mm256_set1_pd(-0.0), a)
#define ADD_INT(a, b)	_mm256_add_epi64(a, b)
#define AS_INT(a)		_mm256_castpd_si256(a)
#define NOT_LE(a, b)	_mm256_cmp_pd(a, b, _CMP_NLE_UQ)
#define LESS(a, b)		_mm256_cmp_pd(a, b, _CMP_LT_OQ)
#define NOT_ZERO(a)		_mm256_cmp_pd(a, _mm256_setzero_pd(), _CMP_NEQ_OQ)
#define MASK_OR(a, b)	_mm256_or_pd(a, b)
#define MASK_AND(a, b)	_mm256_and_pd(a, b)
#define ANY(m)			(!_mm256_testz_pd(m, m))
#define MASK_BITS(m)	((unsigned) _mm256_movemask_pd(m))
#define CLEAR(m, v)		_mm256_andnot_pd(m, v)
#define KEEP(m, old, new) _mm256_blendv_pd(new, old, m)
#include "core/exact/levels_kernel.h"

#endif							/* __x86_64__ */

#if !defined(__x86_64__) || defined(__FMA__) || defined(NORMFREEZE_TEST_PORTABLE)
#define HAVE_PORTABLE_KERNEL 1

/* In plain C, for CPUs whose fma() is one instruction, as on every aarch64. */
static inline uint64_t
LevelBits(double x)
{
	return DoubleBits(x);
}

#define KERNEL_TARGET
#define KERNEL_NAME		AddRowsPortable
#define WIDTH			1
#define VEC				double
#define INT				uint64_t
#define MASK			bool
#define LOAD(p)			(*(p))
#define STORE(p, v)		(*(p) = (v))
#define LOAD_INT(p)		(*(p))
#define STORE_INT(p, v) (*(p) = (v))
#define ADD(a, b)		((a) + (b))
#define SUB(a, b)		((a) - (b))
#define MUL(a, b)		((a) * (b))
#define FMS(a, b, c)	__builtin_fma(a, b, -(c))
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define MAX(a, b)		((a) > (b) ? (a) : (b))
#define ABS(a)			__builtin_fabs(a)
#define ADD_INT(a, b)	((a) + (b))
#define AS_INT(a)		LevelBits(a)
#define NOT_LE(a, b)	(!((a) <= (b)))
#define LESS(a, b)		((a) < (b))
#define NOT_ZERO(a)		((a) != 0)
#define MASK_OR(a, b)	((a) | (b))
#define MASK_AND(a, b)	((a) & (b))
#define ANY(m)			(m)
#define MASK_BITS(m)	((unsigned) (m))
#define CLEAR(m, v)		((m) ? 0.0 : (v))
#define KEEP(m, old, new) ((m) ? (old) : (new))
#include "core/exact/levels_kernel.h"
#endif

typedef void (*AddRowsFunction) (LevelBlock *blocks, Moments *moments, const double *rows,
								 const bool *nulls, int nrows, int nfeatures);

static AddRowsFunction add_rows;
static bool add_rows_chosen;

bool
LevelsUseKernel(const char *name)
{
	AddRowsFunction chosen = NULL;

#if defined(__x86_64__)
	__builtin_cpu_init();
	if (strcmp(name, "avx512") == 0 &&
		__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
		chosen = AddRowsAvx512;
	if (strcmp(name, "avx2") == 0 &&
		__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		chosen = AddRowsAvx2;
#endif
#ifdef HAVE_PORTABLE_KERNEL
	if (strcmp(name, "portable") == 0)
		chosen = AddRowsPortable;
#endif
	if (chosen)
	{
		add_rows = chosen;
		add_rows_chosen = true;
	}
	return chosen != NULL;
}

bool
LevelsAreSupported(void)
{
	static const char *const by_speed[] = {"avx512", "avx2", "portable"};

	for (int i = 0; !add_rows_chosen && i < 3; i++)
		(void) LevelsUseKernel(by_speed[i]);
	add_rows_chosen = true;
	return add_rows != NULL;
}

static void
ClearLane(LevelBlock *block, int lane)
{
	for (int level = 0; level < SUM_LEVELS; level++)
		block->sum[level][lane] = 0;
	for (int level = 0; level < SQUARE_LEVELS; level++)
		block->square[level][lane] = 0;
	block->min[lane] = INFINITY;
	block->max[lane] = -INFINITY;
	block->outside[lane] = 0;
}

/* Place the lane's window above the largest magnitude seen so far. */
static void
SetWindow(LevelBlock *block, int lane, const Moments *moments)
{
	int			exponent = 0;

	if (moments->count > 0)
	{
		uint64_t	low = DoubleBits(moments->min) & MAGNITUDE_MASK;
		uint64_t	high = DoubleBits(moments->max) & MAGNITUDE_MASK;
		uint64_t	largest = low > high ? low : high;

		if (largest > 0)
			exponent = (int) (largest >> 52) - 1022 + HEADROOM_BITS;
	}

	ClearLane(block, lane);
	block->exponent[lane] = exponent;
	if (exponent < EXPONENT_MIN || exponent > EXPONENT_MAX)
	{
		block->upper[lane] = -1;
		block->lower[lane] = 0;
		exponent = 0;
	}
	else
	{
		block->upper[lane] = ldexp(1.0, exponent);
		block->lower[lane] = ldexp(1.0, exponent - 51);
	}
	for (int level = 0; level < SUM_LEVELS; level++)
		block->sum_magic[level][lane] = ldexp(1.5, exponent + 1 - 52 * level);
	for (int level = 0; level < SQUARE_LEVELS; level++)
		block->square_magic[level][lane] = ldexp(1.5, 2 * exponent + 1 - 52 * level);
}

void
LevelsInit(LevelBlock *blocks, const Moments *moments, int nfeatures)
{
	static const Moments none = {.min = INFINITY, .max = -INFINITY};

	for (int i = 0; i < LevelBlockCount(nfeatures) * LEVEL_LANES; i++)
		SetWindow(&blocks[i / LEVEL_LANES], i % LEVEL_LANES, i < nfeatures ? &moments[i] : &none);
}

void
LevelsAddRows(LevelBlock *blocks, Moments *moments, const double *rows, const bool *nulls, int nrows, int nfeatures)
{
	add_rows(blocks, moments, rows, nulls, nrows, nfeatures);
}

void
LevelsFlush(LevelBlock *blocks, Moments *moments, int nfeatures, int rows)
{
	for (int i = 0; i < nfeatures; i++)
	{
		LevelBlock *block = &blocks[i / LEVEL_LANES];
		int			lane = i % LEVEL_LANES;
		int			exponent = block->exponent[lane];

		/*
		 * A lane that is switched off has no values, since AddOutside() took all of them.  Otherwise take off
		 * the bits of the magic number itself, once for each addition; two chains meet in levels 1 and 2 of the
		 * squares.
		 */
		if (block->upper[lane] > 0)
		{
			if (block->min[lane] <= block->max[lane])
				MomentsMergeRange(&moments[i], block->min[lane], block->max[lane]);
			for (int level = 0; level < SUM_LEVELS; level++)
			{
				uint64_t	magic = DoubleBits(block->sum_magic[level][lane]) * (uint64_t) rows;

				ExactSumAddScaled(&moments[i].sum, (int64_t) (block->sum[level][lane] - magic),
								  exponent - 51 - 52 * level - SUM_UNIT);
			}
			for (int level = 0; level < SQUARE_LEVELS; level++)
			{
				int			chains = (level == 1 || level == 2) ? 2 : 1;
				uint64_t	magic = DoubleBits(block->square_magic[level][lane]) * (uint64_t) (rows * chains);

				ExactSumAddScaled(&moments[i].squares, (int64_t) (block->square[level][lane] - magic),
								  2 * exponent - 51 - 52 * level - SQUARES_UNIT);
			}
		}
		moments[i].count += rows;

		/* a window that many values missed was set too early: set it anew */
		if (block->outside[lane] > (uint32_t) rows / 16)
			SetWindow(block, lane, &moments[i]);
		else
			ClearLane(block, lane);
	}
}
