/*
 * audit_readings.h
 *		The readings of values whose raw values are not at hand.
 */
#ifndef NORMFREEZE_AUDIT_READINGS_H
#define NORMFREEZE_AUDIT_READINGS_H

#include "core/scaler/recipe.h"

/* One way in which observed values may have come about, and the raw values that they then come from.  */
typedef struct Reading
{
	const char *name;			/* the diagnosis */
	const char *text;
	double		(*raw) (const FeatureRecipe *feature, double y);
} Reading;

#define READING_APPLIED		0	/* the reading that is right: the scaler was applied once */
#define NREADINGS			4

/* All readings, in the order in which results name them.  */
extern const Reading readings[NREADINGS];

/* Return whether the readings of a feature can be told apart.  They cannot for row norms, which have no inverse.  */
extern bool FeatureHasReadings(const FeatureRecipe *feature);

#endif							/* NORMFREEZE_AUDIT_READINGS_H */
