/*
 * drift_bins.h
 *		The bins in which two samples of a feature are compared.
 */
#ifndef NORMFREEZE_CORE_DRIFT_BINS_H
#define NORMFREEZE_CORE_DRIFT_BINS_H

#include <math.h>

#include "core/exact/moments.h"
#include "core/values/histogram.h"

typedef enum DriftBinKind
{
	BIN_BELOW,					/* of the reference's least value, and -Infinity */
	BIN_WITHIN,
	BIN_ABOVE,					/* its greatest one, and Infinity */
	BIN_MISSING					/* NULL and NaN */
} DriftBinKind;

typedef struct DriftBin
{
	DriftBinKind kind;
	double		lower;			/* of BIN_WITHIN: lower <= x < upper, the last one x <= upper */
	double		upper;
	uint64_t	reference;
	uint64_t	live;
} DriftBin;

/* In this order: below, within by value, above, missing. */
typedef struct DriftBins
{
	int			nbins;
	DriftBin   *bins;
} DriftBins;

/* A cell of both histograms, at the finest levels that they have in common. */
typedef struct CommonCell
{
	double		lower;			/* least and greatest float8 in it */
	double		upper;
	uint64_t	reference;
	uint64_t	live;
} CommonCell;

typedef struct CommonCells
{
	int			ncells;
	CommonCell *cells;			/* ascending */
} CommonCells;

/* Both canonical. */
extern void FoldToCommonCells(CommonCells *common, const Histogram *reference, const Histogram *live);

/*
 * Bins of equal frequency in the reference, as nearly as its cells allow.  They
 * depend on the live sample only where its cells are wider than the reference's.
 */
extern void MakeDriftBins(DriftBins *bins, const CommonCells *common, int wanted,
						  const Moments *reference, const Moments *live);

/* Return a lower bound of the number of live values below or above the reference's range. */
extern uint64_t BinsOutside(const DriftBins *bins);

#endif							/* NORMFREEZE_CORE_DRIFT_BINS_H */
