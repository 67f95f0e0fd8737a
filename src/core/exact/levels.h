/*
 * levels.h
 *		Level accumulators: the fast path to the exact sums of moments.h.
 */
#ifndef NORMFREEZE_CORE_LEVELS_H
#define NORMFREEZE_CORE_LEVELS_H

#include "core/exact/moments.h"

#define LEVEL_LANES			8
#define SUM_LEVELS			2
#define SQUARE_LEVELS		4

/*
 * Eight features side by side, one a lane.  For a feature whose values are at
 * most 2^E, a value is split without error into multiples of 2^(E-51) and
 * 2^(E-103), and its square into multiples of 2^(2E-51-52k), k = 0..3.
 *
 * Adding v to the magic number 1.5 * 2^(52+w) rounds v to a multiple k * 2^w,
 * and since the result stays within one binade its bit pattern is that of the
 * magic number plus k: integer addition of bit patterns accumulates k (the
 * extraction of Rump, Ogita and Oishi, "Accurate floating-point summation",
 * 2008, with the sums kept as integers).  |k| <= 2^51 and squares add to a
 * level at most twice a row, so LEVEL_FLUSH_ROWS rows cannot overflow 64 bits.
 *
 * E affects speed alone.  A value outside [2^(E-51), 2^E] is added exactly by MomentsAddFinite instead, so no
 * result depends on E.
 */
typedef struct LevelBlock
{
	double		sum_magic[SUM_LEVELS][LEVEL_LANES];
	double		square_magic[SQUARE_LEVELS][LEVEL_LANES];
	double		upper[LEVEL_LANES]; /* 2^E, or -1 if the lane is switched off */
	double		lower[LEVEL_LANES]; /* 2^(E-51) */
	uint64_t	sum[SUM_LEVELS][LEVEL_LANES];
	uint64_t	square[SQUARE_LEVELS][LEVEL_LANES];
	double		min[LEVEL_LANES];
	double		max[LEVEL_LANES];
	int32_t		exponent[LEVEL_LANES];
	uint32_t	outside[LEVEL_LANES];	/* number of values that missed the window since it was set */
} LevelBlock;

#define LEVEL_FLUSH_ROWS	1024

/* Return the number of blocks for so many features. */
static inline int
LevelBlockCount(int nfeatures)
{
	return (nfeatures + LEVEL_LANES - 1) / LEVEL_LANES;
}

/* Return how many numbers a row has: one for each feature, and zeros up to a whole block. */
static inline size_t
LevelRowWidth(int nfeatures)
{
	return (size_t) LevelBlockCount(nfeatures) * LEVEL_LANES;
}

/* Set up blocks, with windows that suit the values seen so far. */
extern void LevelsInit(LevelBlock *blocks, const Moments *moments, int nfeatures);

/*
 * Add rows, each of LevelRowWidth() numbers.
 *
 * "nulls" has as many flags or is NULL; the value of a null feature must be NaN.  The floating-point
 * environment must be the default one.  LevelsFlush() must follow after LEVEL_FLUSH_ROWS rows at most; it
 * brings counts of finite values up to date.
 */
extern void LevelsAddRows(LevelBlock *blocks, Moments *moments, const double *rows,
						  const bool *nulls, int nrows, int nfeatures);

/* Move what "rows" rows have left in the levels into the moments. */
extern void LevelsFlush(LevelBlock *blocks, Moments *moments, int nfeatures, int rows);

/* Return whether this CPU has a kernel.  Without one, the caller forms the exact sums directly. */
extern bool LevelsAreSupported(void);

/*
 * Choose the kernel by name ("avx512", "avx2", "portable"), so that tests can compare them.  Return false if
 * this CPU does not have it.
 */
extern bool LevelsUseKernel(const char *name);

#endif							/* NORMFREEZE_CORE_LEVELS_H */
