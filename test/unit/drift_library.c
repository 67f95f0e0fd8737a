/*
 * drift_library.c
 *		Drift of many samples, for test/unit/drift_rates.py: a shared library
 *		of the core that reads arrays of Python's.
 */
#include <math.h>
#include <stdlib.h>

#include "core/compare/feature_drift.h"
#include "core/values/profile.h"
#include "core/compare/significance.h"

/* What the test wants to know of a feature. */
typedef struct Answer
{
	double		p_value;
	double		adjusted_p_value;
	double		ks_p_value;			/* and of the other tests */
	double		bins_p_value;
	double		missing_p_value;
	double		outside_p_value;
	double		verdict;
	double		decided_by;
	double		worst_kind;
	double		worst_lower;
	double		worst_upper;
} Answer;

static void
MakeProfile(Profile *settled, const double *values, int64_t nrows, int nfeatures)
{
	Profile		profile;
	bool		nulls[64];

	ProfileInit(&profile, nfeatures, NULL, HISTOGRAM_DEFAULT_SIZE);
	for (int64_t r = 0; r < nrows; r++)
	{
		for (int i = 0; i < nfeatures; i++)
			nulls[i] = isnan(values[r * nfeatures + i]);
		ProfileAddRow(&profile, &values[r * nfeatures], nulls);
	}
	ProfileSettle(&profile);
	*settled = profile;
}

static void
FreeProfile(Profile *profile)
{
	for (int i = 0; i < profile->nfeatures; i++)
	{
		free(profile->moments[i].sum.limbs);
		free(profile->moments[i].squares.limbs);
		HistogramFree(&profile->histograms[i]);
	}
	free(profile->moments);
	free(profile->histograms);
	free(profile->levels_chunk);
	free(profile->waiting_chunk);
	free(profile->lanes);
}

static Answer
AnswerOf(const FeatureDrift *d)
{
	int			nbins = d->bins.nbins;
	const DriftBin *bins = d->bins.bins;
	const DriftBin *missing = &bins[nbins - 1];
	DriftBin	none = {0};
	const DriftBin *worst = d->worst_bin >= 0 ? &bins[d->worst_bin] : &none;
	uint64_t	counts[2][DRIFT_MAX_BINS + 3];

	for (int i = 0; i < nbins; i++)
	{
		counts[0][i] = bins[i].reference;
		counts[1][i] = bins[i].live;
	}
	return (Answer) {
		d->p_value, d->adjusted_p_value, d->ks_p_value,
		HomogeneityProbability(counts[0], counts[1], nbins),
		FisherProbability(missing->reference, d->reference_rows, missing->live, d->live_rows),
		OutsideProbability(BinsOutside(&d->bins), d->live_rows - missing->live, d->reference_values),
		d->verdict, d->decided_by, worst->kind, worst->lower, worst->upper
	};
}

/* Samples of n and m rows, row by row; NaN is missing.  At most 64 features. */
void
CompareSamples(const double *reference, int64_t n, const double *live, int64_t m, int nfeatures, Answer *answers)
{
	DriftOptions options;
	Profile		before;
	Profile		after;
	FeatureDrift drifts[64];

	DriftDefaults(&options);
	MakeProfile(&before, reference, n, nfeatures);
	MakeProfile(&after, live, m, nfeatures);
	for (int i = 0; i < nfeatures; i++)
		MeasureDrift(&drifts[i], &before.moments[i], &before.histograms[i], &after.moments[i], &after.histograms[i],
					 NULL, &options);
	JudgeDrift(drifts, nfeatures, &options);
	for (int i = 0; i < nfeatures; i++)
	{
		answers[i] = AnswerOf(&drifts[i]);
		free(drifts[i].bins.bins);
	}
	FreeProfile(&before);
	FreeProfile(&after);
}
