/*
 * histogram.h
 *		The distribution summary: exact counts on two nested grids.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_H
#define NORMFREEZE_CORE_HISTOGRAM_H

#include "core/base/float_bits.h"

/*
 * A relative grid of level e cuts the magnitude's bits, width 2^(e-52) of the
 * value; a linear grid of level a cuts |x| into multiples of 2^a.  Each takes
 * the finest level at which the values seen fill at most `size` of its bins,
 * and a cell is where a bin of one meets a bin of the other: the finer of the
 * two at that magnitude.  Signs never share a cell, zero is counted apart.
 *
 * Grids nest (a bin of level l+1 is a union of bins of level l, whatever the
 * data), and more values never fill fewer bins.  So a level, once needed, is
 * needed by every larger set of values too: coarsening early loses nothing,
 * and the canonical form is a function of the multiset of values alone.
 *
 * A cell is labelled by the order key of its edge nearest zero.  A label is
 * not a value: the label of the cell next to zero equals the key of 0.
 */
typedef struct HistogramWindow HistogramWindow;

/* A histogram.  See HistogramCanonicalize() for the form in which it can be read. */
typedef struct Histogram
{
	uint32_t	size;			/* greatest number of bins of each grid */
	int16_t		relative_level; /* 0 .. 63; 0 means that every cell is one float8 */
	int16_t		linear_level;	/* -1074 .. 1024 */
	uint64_t	zeros;
	uint32_t	ncells;
	uint64_t   *labels;			/* in ascending order */
	uint64_t   *counts;
	uint32_t	npending;
	uint32_t	pending_capacity;
	uint64_t   *pending;		/* order keys of values that are not in a cell yet */
	HistogramWindow *window;	/* counters for the densest cells; NULL if there are none yet */
} Histogram;

#define HISTOGRAM_MIN_SIZE		16
#define HISTOGRAM_MAX_SIZE		4096
#define HISTOGRAM_DEFAULT_SIZE	512

#define RELATIVE_LEVEL_MAX	63
#define LINEAR_LEVEL_MIN	(-1074)
#define LINEAR_LEVEL_MAX	1024

/* Start a histogram of no values. */
extern void HistogramInit(Histogram *histogram, uint32_t size);

/* Add a value that has no counter; see HistogramAdd(). */
extern void HistogramAddSlow(Histogram *histogram, uint64_t bits);

/* Add the values of another histogram of the same size. */
extern void HistogramMerge(Histogram *histogram, const Histogram *other);

/* Move everything into cells at the canonical levels. */
extern void HistogramCanonicalize(Histogram *histogram);

/* Free the memory of a histogram. */
extern void HistogramFree(Histogram *histogram);

/* Return whether every cell of a canonical histogram is a single float8, so that nothing was lost. */
extern bool HistogramIsExact(const Histogram *histogram);

/*
 * The window of counters.  It belongs to histogram_window.c and histogram.c; HistogramAdd() is here because
 * every value of every row passes through it.
 */
struct HistogramWindow
{
	int32_t		relative_level;
	int32_t		linear_offset;	/* linear_level + 1075: the shift at biased exponent 0 */
	uint64_t	relative_base;	/* first relative bin that has a counter */
	uint64_t	linear_base;	/* first linear bin that has one */
	uint64_t	nslots;			/* number of counters of each grid and sign */
	int64_t		from_rows;		/* number of rows when the window was placed */
	int64_t		missed;			/* number of values that had no counter, without those that are pending */
	uint16_t   *counters;		/* [positive, negative][relative, linear][slot] */
	uint32_t	totals[];		/* counts that were taken from the counters, likewise */
};

/*
 * The number of rows that the counters take before HistogramPlaceWindow() must be called.
 *
 * Counters are narrow, so that those of some dozen features stay in the fastest cache.
 */
#define WINDOW_COUNTER_ROWS	65535

/* Add a value: finite, missing or infinite.  Only finite values are counted. */
static inline void
HistogramAdd(Histogram *histogram, double x)
{
	uint64_t	bits = DoubleBits(x);
	const HistogramWindow *window = histogram->window;

	if (window)
	{
		uint64_t	magnitude = bits & MAGNITUDE_MASK;
		int64_t		exponent = (int64_t) (magnitude >> 52);
		int64_t		shift = window->linear_offset - exponent;
		bool		linear = shift < window->relative_level;
		uint64_t	relative_bin = (magnitude >> window->relative_level) - window->relative_base;
		uint64_t	linear_bin = (((magnitude & FRACTION_MASK) | HIDDEN_BIT) >> (shift & 63)) - window->linear_base;
		uint64_t	slot = linear ? linear_bin : relative_bin;

		/* a normal number whose bin has a counter; a negative shift would be finer than a unit in the last place */
		if (slot < window->nslots && (uint64_t) (exponent - 1) < 2046 && shift >= 0)
		{
			slot += linear ? window->nslots : 0;
			slot += (bits & SIGN_BIT) ? 2 * window->nslots : 0;
			window->counters[slot]++;
			return;
		}
	}
	HistogramAddSlow(histogram, bits);
}

#endif							/* NORMFREEZE_CORE_HISTOGRAM_H */
