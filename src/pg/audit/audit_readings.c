/*
 * audit_readings.c
 *		The readings of values whose raw values are not at hand.
 */
#include "pg/audit/audit_readings.h"

#include "core/compare/explanation.h"

/* The scaler was applied once, so its inverse gives the raw values.  */
static double
RawOfApplied(const FeatureRecipe *feature, double y)
{
	return InvertFeature(feature, y);
}

/* The values are raw.  */
static double
RawOfRaw(const FeatureRecipe *feature, double y)
{
	return y;
}

/* The scaler was applied twice.  */
static double
RawOfTwice(const FeatureRecipe *feature, double y)
{
	return InvertFeature(feature, InvertFeature(feature, y));
}

/* The inverse was applied, so the scaler gives the raw values.  */
static double
RawOfInverse(const FeatureRecipe *feature, double y)
{
	return ApplyFeature(feature, y);
}

const Reading readings[NREADINGS] = {
	[READING_APPLIED] = {"consistent", "this scaler's output", RawOfApplied},
	{"not_applied", "raw values, to which no scaler was applied", RawOfRaw},
	{"applied_twice", "the scaler applied to its own output", RawOfTwice},
	{"inverse_applied", "the inverse, applied in place of the scaler", RawOfInverse},
};

bool
FeatureHasReadings(const FeatureRecipe *feature)
{
	return FeatureHasInverse(feature);
}
