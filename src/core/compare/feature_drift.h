/*
 * feature_drift.h
 *		How far the values of one feature have moved from those that the scaler was fitted on.
 *
 *		An audit's verdict is another one: a text in its JSON (pg/audit/audit_search.h).
 */
#ifndef NORMFREEZE_CORE_FEATURE_DRIFT_H
#define NORMFREEZE_CORE_FEATURE_DRIFT_H

#include <stddef.h>

#include "core/compare/drift_bins.h"
#include "core/exact/moments.h"

typedef enum DriftVerdict
{
	DRIFT_UNDECIDED,			/* too few rows to tell */
	DRIFT_NONE,
	DRIFT_MODERATE,
	DRIFT_MAJOR
} DriftVerdict;

extern const char *const drift_verdict_names[]; /* by DriftVerdict; NULL for DRIFT_UNDECIDED */
extern DriftVerdict DriftVerdictByName(const char *name);

#define DRIFT_MOST_MEASURES		32

typedef struct DriftOptions
{
	int			bins;			/* of equal frequency, at most */
	double		epsilon;		/* the share that stands for an empty bin in the PSI */
	double		alpha;			/* chance of a verdict where nothing has changed, over all features */
	double		threshold[DRIFT_MOST_MEASURES][2];	/* by measure: moderate, major; +Inf: never */
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
	double		missing_shift;	/* the difference of these, without its sign */
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
	DriftVerdict verdict;
	int			decided_by;		/* the measure at its threshold, proved or not; -1: none */
	double		threshold;		/* NaN: none */
	int64_t		rows_needed;	/* values in the smaller sample, if undecided */
} FeatureDrift;

/* How a report writes a number. */
typedef enum DriftKind
{
	DRIFT_NUMBER,
	DRIFT_SHARE,
	DRIFT_PROBABILITY
} DriftKind;

/*
 * What a verdict goes by: how large a difference is (by those measures that
 * have thresholds, two each), and whether it is proved (p_value, against alpha).
 */
typedef struct DriftMeasure
{
	const char *name;			/* in options and results; of the column of drift() and drift_history */
	size_t		offset;			/* of its number in FeatureDrift */
	bool		no_column;		/* the numbers that it is made of have columns */
	double		moderate;		/* default thresholds; 0: it decides nothing */
	double		major;
	double		(*size) (double number);	/* what is held against the thresholds; NULL: the number */
	DriftKind	kind;
	const char *heading;		/* in a report's table, as HTML; NULL: it is not there */
	const char *words;			/* in a report, "PSI" 0.41: of one that decides */
	const char *unit;			/* behind the number there; NULL: none */
} DriftMeasure;

extern const DriftMeasure drift_measures[];
extern const int drift_nmeasures;

/* Has it thresholds? */
extern bool DriftDecides(int measure);

/* The number of one feature, and what is held against the thresholds. */
extern double DriftNumber(const FeatureDrift *drift, int measure);
extern double DriftSize(const FeatureDrift *drift, int measure);

/* One that decides, or -1. */
extern int	DecidingMeasureByName(const char *name);

extern void DriftDefaults(DriftOptions *options);

/* Histograms must be canonical. */
extern void MeasureDrift(FeatureDrift *drift, const Moments *reference, const Histogram *reference_values,
						 const Moments *live, const Histogram *live_values, const DriftOptions *options);

/* With all features measured: corrects p-values, and gives the verdicts and the overall one. */
extern DriftVerdict JudgeDrift(FeatureDrift *drifts, int n, const DriftOptions *options);

#endif							/* NORMFREEZE_CORE_FEATURE_DRIFT_H */
