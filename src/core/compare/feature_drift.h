/*
 * feature_drift.h
 *		How far the values of one feature have moved from those it was fitted on.
 */
#ifndef NORMFREEZE_CORE_FEATURE_DRIFT_H
#define NORMFREEZE_CORE_FEATURE_DRIFT_H

#include "core/compare/drift_bins.h"
#include "core/exact/moments.h"

/*
 * What a verdict goes by: how large a difference is (these measures, against
 * two thresholds each), and whether it is proved (p_value, against alpha).
 * Of several that decide, the first is named: what says most about the cause.
 */
typedef enum DriftMeasure
{
	DRIFT_MISSING,
	DRIFT_OUTSIDE,
	DRIFT_MEAN_SHIFT,
	DRIFT_VARIANCE_RATIO,
	DRIFT_PSI,
	DRIFT_MEASURES				/* their number */
} DriftMeasure;

typedef enum DriftVerdict
{
	DRIFT_UNDECIDED,			/* too few rows to tell */
	DRIFT_NONE,
	DRIFT_MODERATE,
	DRIFT_MAJOR
} DriftVerdict;

typedef struct DriftMeasureDefinition
{
	const char *name;			/* in options and results */
	double		moderate;		/* default thresholds */
	double		major;
} DriftMeasureDefinition;

extern const DriftMeasureDefinition drift_measures[DRIFT_MEASURES];
extern const char *const drift_verdict_names[]; /* by DriftVerdict; NULL for DRIFT_UNDECIDED */
extern DriftVerdict DriftVerdictByName(const char *name);

typedef struct DriftOptions
{
	int			bins;			/* of equal frequency, at most */
	double		epsilon;		/* the share that stands for an empty bin in the PSI */
	double		alpha;			/* chance of a verdict where nothing has changed, over all features */
	double		threshold[DRIFT_MEASURES][2];	/* moderate, major; +Inf: never */
	int			nexcluded;		/* names of features that the caller does not have measured */
	char	  **excluded;
} DriftOptions;

#define DRIFT_DEFAULT_BINS		10
#define DRIFT_MAX_BINS			100
#define DRIFT_DEFAULT_EPSILON	0.0001
#define DRIFT_DEFAULT_ALPHA		0.01

/*
 * The numbers of one feature.  NaN where a number is not defined: of a sample
 * without values, say.
 */
typedef struct FeatureDrift
{
	int64_t		reference_rows;
	int64_t		live_rows;
	int64_t		reference_values;	/* finite ones */
	int64_t		live_values;
	double		reference_missing;	/* shares of all rows */
	double		live_missing;
	double		mean_shift;		/* of the means, in deviations of the reference */
	double		variance_ratio; /* live to reference */
	double		outside;		/* share of live values outside the reference's range, at least */
	double		psi;
	double		jensen_shannon; /* distance, base 2 */
	double		hellinger;
	double		wasserstein;	/* in deviations of the reference */
	double		ks;				/* at common edges; the true one is at most ks + cell_mass */
	double		ks_p_value;
	double		cell_mass;		/* the largest share of values that one cell blurs */
	double		p_value;		/* that nothing has changed: all tests, corrected for their number */
	double		adjusted_p_value;	/* corrected for the number of features too */
	DriftBins	bins;
	int			worst_bin;		/* of greatest part in the PSI; -1: none */
	double		value[DRIFT_MEASURES];	/* what is held against the thresholds */
	DriftVerdict verdict;
	int			decided_by;		/* DriftMeasure at its threshold, proved or not; -1: none */
	double		threshold;		/* NaN: none */
	int64_t		rows_needed;	/* values in the smaller sample, if undecided */
} FeatureDrift;

extern void DriftDefaults(DriftOptions *options);

/* Histograms must be canonical. */
extern void MeasureDrift(FeatureDrift *drift, const Moments *reference, const Histogram *reference_values,
						 const Moments *live, const Histogram *live_values, const DriftOptions *options);

/* With all features measured: corrects p-values, and gives the verdicts and the overall one. */
extern DriftVerdict JudgeDrift(FeatureDrift *drifts, int n, const DriftOptions *options);

#endif							/* NORMFREEZE_CORE_FEATURE_DRIFT_H */
