/*
 * histogram_labels.h
 *		Labels and bins as bits: which cell a value is in.  For the files that keep histograms (see
 *		histogram.h).
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_LABELS_H
#define NORMFREEZE_CORE_HISTOGRAM_LABELS_H

#include "core/base/float_bits.h"

/* Return the bits of the magnitude at a label's edge nearest zero, make a label of it, and tell its sign. */
static inline uint64_t
LabelMagnitude(uint64_t label)
{
	return ((label & SIGN_BIT) ? label : ~label) & MAGNITUDE_MASK;
}

static inline uint64_t
MakeLabel(uint64_t magnitude, bool negative)
{
	return negative ? ~(magnitude | SIGN_BIT) : magnitude | SIGN_BIT;
}

static inline bool
LabelIsNegative(uint64_t label)
{
	return (label & SIGN_BIT) == 0;
}

/* Return how many low bits of a magnitude the linear grid ignores; 64 for all of them. */
static inline int
LinearDrop(uint64_t magnitude, int linear_level)
{
	int			exponent = (int) (magnitude >> 52);
	int			drop = linear_level + 1075 - (exponent ? exponent : 1);

	return drop < 0 ? 0 : (drop > 52 ? 64 : drop);
}

/* Return a magnitude with its low bits cleared. */
static inline uint64_t
ClearLowBits(uint64_t magnitude, int drop)
{
	return drop > 62 ? 0 : magnitude & ~((UINT64_C(1) << drop) - 1);
}

/* Return the label of the cell that holds a key, of a value or of a finer cell. */
static inline uint64_t
CellLabel(uint64_t key, int relative_level, int linear_level)
{
	uint64_t	magnitude = LabelMagnitude(key);
	int			drop = LinearDrop(magnitude, linear_level);

	if (drop > relative_level)
		drop = relative_level;
	return MakeLabel(ClearLowBits(magnitude, drop), LabelIsNegative(key));
}

/* Return the bin of the linear grid that a magnitude is in. */
static inline uint64_t
LinearBin(uint64_t magnitude, int linear_level)
{
	int			exponent = (int) (magnitude >> 52);
	uint64_t	significand = magnitude & FRACTION_MASK;

	if (exponent)
		significand |= HIDDEN_BIT;
	else
		exponent = 1;
	return significand >> (linear_level + 1075 - exponent);
}

/* Return the magnitude of bin * 2^linear_level, which is a float8. */
static inline uint64_t
LinearBinMagnitude(uint64_t bin, int linear_level)
{
	int			top;
	int			exponent;

	if (bin == 0)
		return 0;
	top = 63 - __builtin_clzll(bin);
	exponent = top + linear_level + 1023;
	if (exponent < 1)
		return bin << (linear_level + 1074);
	return (uint64_t) exponent << 52 | ((bin << (52 - top)) & FRACTION_MASK);
}

#endif							/* NORMFREEZE_CORE_HISTOGRAM_LABELS_H */
