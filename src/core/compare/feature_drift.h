/*
 * feature_drift.h
 *		How far the values of one feature have moved from those that the scaler was fitted on.
 *
 * The verdict of an audit is something else: a text in its JSON (pg/audit/audit_search.h).
 */
#ifndef NORMFREEZE_CORE_FEATURE_DRIFT_H
#define NORMFREEZE_CORE_FEATURE_DRIFT_H

#include <stddef.h>

#include "core/compare/drift_bins.h"
#include "core/exact/moments.h"

/* The verdict on a feature, from better to worse. */
typedef enum DriftVerdict
{
	DRIFT_UNDECIDED,			/* too few rows for a verdict */
	DRIFT_NONE,
	DRIFT_MODERATE,
	DRIFT_MAJOR
} DriftVerdict;

extern const char *const drift_verdict_names[]; /* by DriftVerdict; NULL for DRIFT_UNDECIDED */

/* Return the verdict with a name, or DRIFT_UNDECIDED for any other text. */
extern DriftVerdict DriftVerdictByName(const char *name);

#define DRIFT_MOST_MEASURES		32

/* The options of a comparison. */
typedef struct DriftOptions
{
	int			bins;			/* greatest number of bins of equal frequency */
	double		epsilon;		/* share that stands for an empty bin in the PSI */
	double		alpha;			/* probability of a verdict for any feature if nothing has changed */
	double		threshold[DRIFT_MOST_MEASURES][2];	/* by measure: moderate, major; Infinity for never */
	int			nexcluded;		/* names of features that the caller has left out */
	char	  **excluded;
} DriftOptions;

#define DRIFT_DEFAULT_BINS		10
#define DRIFT_MAX_BINS			100
#define DRIFT_DEFAULT_EPSILON	0.0001
#define DRIFT_DEFAULT_ALPHA		0.01

/* What is measured of one feature.  A number is NaN if it is not defined, as for a sample without values. */
typedef struct FeatureDrift
{
	int64_t		reference_rows;
	int64_t		live_rows;
	int64_t		reference_values;	/* number of finite values */
	int64_t		live_values;
	double		reference_missing;	/* shares of all rows */
	double		live_missing;
	double		missing_shift;	/* absolute difference of these */
	double		mean_shift;		/* difference of the means, in deviations of the reference */
	double		variance_ratio; /* of the live sample to the reference */
	double		outside;		/* lower bound of the share of live values outside of the reference's range */
	double		reference_outside_range;	/* of values on which the scaler's policy "outside" acts, likewise a lower
											 * bound; NaN if it has none */
	double		live_outside_range;
	double		psi;
	double		jensen_shannon; /* distance, with logarithms to base 2 */
	double		hellinger;
	double		wasserstein;	/* in deviations of the reference */
	double		ks;				/* distance at common edges; the true one is at most ks + cell_mass */
	double		ks_p_value;
	double		cell_mass;		/* largest share of values in a cell of more than one float8, which blurs them */
	double		p_value;		/* probability if nothing has changed, from all tests, corrected for their number */
	double		adjusted_p_value;	/* corrected for the number of features as well */
	DriftBins	bins;
	int			worst_bin;		/* bin with the greatest part in the PSI; -1 if there is none */
	DriftVerdict verdict;
	int			decided_by;		/* measure that reached its threshold, whether proved or not; -1 if none did */
	double		threshold;		/* that it reached; NaN if none */
	int64_t		rows_needed;	/* number of values that the smaller sample needs, if undecided */
} FeatureDrift;

/* How a report writes a number. */
typedef enum DriftKind
{
	DRIFT_NUMBER,
	DRIFT_SHARE,
	DRIFT_PROBABILITY
} DriftKind;

/*
 * A row of the table of measures.
 *
 * A verdict goes by how large a difference is, by the measures that have two thresholds, and by whether it is
 * proved (p_value, compared with alpha).
 */
typedef struct DriftMeasure
{
	const char *name;			/* in options, in results, and as a column of drift() and drift_history */
	size_t		offset;			/* of the number in FeatureDrift */
	bool		no_column;		/* no column, because the numbers that it is made of have columns */
	bool		of_range;		/* only where policy "outside" acts; a column of drift_ranges() instead of drift() */
	double		moderate;		/* default thresholds; 0 if the measure decides nothing */
	double		major;
	double		(*size) (double number);	/* what is compared with the thresholds; NULL for the number itself */
	DriftKind	kind;
	const char *heading;		/* heading of a column in a report, as HTML; NULL if it has none */
	const char *words;			/* what a report calls a measure that decides, such as PSI in "PSI 0.41" */
	const char *unit;			/* written after the number there; NULL for nothing */
} DriftMeasure;

/* The table of measures, and the number of its rows. */
extern const DriftMeasure drift_measures[];
extern const int drift_nmeasures;

/* Return whether a measure has thresholds. */
extern bool DriftDecides(int measure);

/* Return the number of a measure, or the size that is compared with its thresholds. */
extern double DriftNumber(const FeatureDrift *drift, int measure);
extern double DriftSize(const FeatureDrift *drift, int measure);

/* Return the measure with a name that has thresholds, or -1. */
extern int	DecidingMeasureByName(const char *name);

/* Set options to their defaults. */
extern void DriftDefaults(DriftOptions *options);

/* The range of a scaler's feature outside of which its policy acts. */
typedef struct ActiveRange
{
	double		low;
	double		high;
} ActiveRange;

/* Measure one feature.  Histograms must be canonical; the range is NULL if there is no such policy. */
extern void MeasureDrift(FeatureDrift *drift, const Moments *reference, const Histogram *reference_values,
						 const Moments *live, const Histogram *live_values, const ActiveRange *range,
						 const DriftOptions *options);

/*
 * Correct the p-values of all features, which must have been measured, and set their verdicts.  Return the
 * worst verdict.
 */
extern DriftVerdict JudgeDrift(FeatureDrift *drifts, int n, const DriftOptions *options);

#endif							/* NORMFREEZE_CORE_FEATURE_DRIFT_H */
