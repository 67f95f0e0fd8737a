/*
 * audit_readings.h
 *		What values without their raw ones may be.
 */
#ifndef NORMFREEZE_AUDIT_READINGS_H
#define NORMFREEZE_AUDIT_READINGS_H

#include "core/scaler/recipe.h"

/* What observed values may be, and the raw values that they then come from. */
typedef struct Reading
{
	const char *name;			/* a diagnosis */
	const char *text;
	double		(*raw) (const FeatureRecipe *feature, double y);
} Reading;

#define READING_APPLIED		0	/* that the scaler was applied, once */
#define NREADINGS			4

extern const Reading readings[NREADINGS];

/* Return whether the readings of a feature can be told apart.  They cannot for row norms, which have no inverse. */
extern bool FeatureHasReadings(const FeatureRecipe *feature);

#endif							/* NORMFREEZE_AUDIT_READINGS_H */
