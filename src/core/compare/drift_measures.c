/*
 * drift_measures.c
 *		The table of drift measures.  Their numbers are computed in feature_drift.c.
 *
 * A measure is a row: its name, the place of its number in FeatureDrift, from which sizes on it
 * decides a verdict, and how a report shows it.
 */
#include <math.h>
#include <string.h>

#include "core/compare/feature_drift.h"

/* ---- sizes that are compared with thresholds ---- */

static double
Magnitude(double number)
{
	return fabs(number);
}

/* Return how far a factor is from 1: half as much is as far as twice as much. */
static double
Factor(double number)
{
	return number < 1.0 ? 1.0 / number : number;
}

/* ---- the table ---- */

#define NUMBER(field)	offsetof(FeatureDrift, field)

/*
 * Where several measures decide, the first in this order is named: those that say most about the cause come
 * first.
 *
 * Thresholds: PSI by the rule of credit scoring, as in Siddiqi, "Credit Risk Scorecards", 2006.  Mean shift:
 * Cohen's small and medium effects, "Statistical Power Analysis for the Behavioral Sciences", 1988; half a
 * deviation of a normal distribution is a PSI of 0.25.  The rest are ours.
 */
const DriftMeasure drift_measures[] = {
	{"missing", NUMBER(missing_shift), .no_column = true, .moderate = 0.05, .major = 0.2,
	.kind = DRIFT_SHARE, .heading = "Change of the missing rate", .words = "the share of missing values moved by"},
	{"outside", NUMBER(outside), .moderate = 0.01, .major = 0.05,
	.kind = DRIFT_SHARE, .heading = "Outside the training range", .words = "values outside the training range"},
	{"mean_shift", NUMBER(mean_shift), .moderate = 0.2, .major = 0.5, .size = Magnitude,
	.heading = "Shift of the mean, in deviations", .words = "the mean moved by", .unit = " deviations"},
	{"variance_ratio", NUMBER(variance_ratio), .moderate = 2.0, .major = 4.0, .size = Factor,
	.heading = "Factor of the variance", .words = "the variance changed by a factor of"},
	{"psi", NUMBER(psi), .moderate = 0.1, .major = 0.25,
	.heading = "Population stability index (PSI)", .words = "PSI"},
	{"reference_missing", NUMBER(reference_missing), .kind = DRIFT_SHARE},
	{"live_missing", NUMBER(live_missing), .kind = DRIFT_SHARE},
	{"reference_outside_range", NUMBER(reference_outside_range), .of_range = true, .kind = DRIFT_SHARE,
	.heading = "Training values that the scaler's range leaves out"},
	{"live_outside_range", NUMBER(live_outside_range), .of_range = true, .kind = DRIFT_SHARE,
	.heading = "Live values that it leaves out"},
	{"jensen_shannon", NUMBER(jensen_shannon), .heading = "Jensen&#8211;Shannon distance"},
	{"hellinger", NUMBER(hellinger), .heading = "Hellinger distance"},
	{"wasserstein", NUMBER(wasserstein), .heading = "Wasserstein distance, in deviations"},
	{"ks", NUMBER(ks), .heading = "Kolmogorov&#8211;Smirnov distance"},
	{"ks_p_value", NUMBER(ks_p_value), .kind = DRIFT_PROBABILITY, .heading = "Kolmogorov&#8211;Smirnov p-value"},
	{"cell_mass", NUMBER(cell_mass), .kind = DRIFT_SHARE},
	{"p_value", NUMBER(adjusted_p_value), .kind = DRIFT_PROBABILITY, .heading = "p-value of all tests, corrected"},
};

const int	drift_nmeasures = sizeof(drift_measures) / sizeof(drift_measures[0]);

_Static_assert(sizeof(drift_measures) / sizeof(drift_measures[0]) <= DRIFT_MOST_MEASURES,
			   "DRIFT_MOST_MEASURES is too small");

bool
DriftDecides(int measure)
{
	return drift_measures[measure].moderate > 0;
}

double
DriftNumber(const FeatureDrift *drift, int measure)
{
	return *(const double *) ((const char *) drift + drift_measures[measure].offset);
}

double
DriftSize(const FeatureDrift *drift, int measure)
{
	double		number = DriftNumber(drift, measure);

	return drift_measures[measure].size ? drift_measures[measure].size(number) : number;
}

int
DecidingMeasureByName(const char *name)
{
	for (int i = 0; i < drift_nmeasures; i++)
		if (DriftDecides(i) && strcmp(drift_measures[i].name, name) == 0)
			return i;
	return -1;
}

void
DriftDefaults(DriftOptions *options)
{
	options->bins = DRIFT_DEFAULT_BINS;
	options->epsilon = DRIFT_DEFAULT_EPSILON;
	options->alpha = DRIFT_DEFAULT_ALPHA;
	options->nexcluded = 0;
	options->excluded = NULL;
	for (int i = 0; i < drift_nmeasures; i++)
	{
		options->threshold[i][0] = DriftDecides(i) ? drift_measures[i].moderate : INFINITY;
		options->threshold[i][1] = DriftDecides(i) ? drift_measures[i].major : INFINITY;
	}
}
