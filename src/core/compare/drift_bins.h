/*
 * drift_bins.h
 *		The bins in which two samples of a feature are compared.
 */
#ifndef NORMFREEZE_CORE_DRIFT_BINS_H
#define NORMFREEZE_CORE_DRIFT_BINS_H

#include <math.h>

#include "core/exact/moments.h"
#include "core/values/histogram.h"

/* What a bin contains. */
typedef enum DriftBinKind
{
	BIN_BELOW,					/* below the least value of the reference, down to -Infinity */
	BIN_WITHIN,
	BIN_ABOVE,					/* above the greatest value of the reference, up to Infinity */
	BIN_MISSING					/* NULL and NaN */
} DriftBinKind;

/* A bin, with the number of rows of each sample in it. */
typedef struct DriftBin
{
	DriftBinKind kind;
	double		lower;			/* of BIN_WITHIN: lower <= x < upper, and x <= upper in the last one */
	double		upper;
	uint64_t	reference;
	uint64_t	live;
} DriftBin;

/* The bins in this order: below, within by value, above, missing. */
typedef struct DriftBins
{
	int			nbins;
	DriftBin   *bins;
} DriftBins;

/* A cell of both histograms, at the finest levels that they have in common. */
typedef struct CommonCell
{
	double		lower;			/* least and greatest float8 in the cell */
	double		upper;
	uint64_t	reference;
	uint64_t	live;
} CommonCell;

/* The cells of two histograms, brought to common levels. */
typedef struct CommonCells
{
	int			ncells;
	CommonCell *cells;			/* in ascending order */
} CommonCells;

/* Bring two canonical histograms to common cells. */
extern void FoldToCommonCells(CommonCells *common, const Histogram *reference, const Histogram *live);

/*
 * Make bins of equal frequency in the reference, as nearly as its cells allow.
 *
 * They depend on the live sample only where its cells are wider than those of the reference.
 */
extern void MakeDriftBins(DriftBins *bins, const CommonCells *common, int wanted,
						  const Moments *reference, const Moments *live);

/* Return a lower bound of the number of live values below or above the reference's range. */
extern uint64_t BinsOutside(const DriftBins *bins);

#endif							/* NORMFREEZE_CORE_DRIFT_BINS_H */
