/*
 * read_options.h
 *		Reading the options of a fit, of one feature, and of one step.
 */
#ifndef NORMFREEZE_READ_OPTIONS_H
#define NORMFREEZE_READ_OPTIONS_H

#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"

/*
 * Set the method of one feature.  Its option "method" is also an option of method power, so the two values of
 * that name method power here.
 */
extern void SetFeatureMethod(FeatureSpec *feature, const char *name);

/*
 * Read the options in a JSON object into a feature and the fit: those of the fit or (per_feature) only those that one
 * feature may have.  "inputs" has the bits of the kinds of input.  Steps and methods have been read.
 */
extern void ReadOptions(FitSpec *spec, FeatureSpec *feature, const JsonNode *options, int inputs, bool per_feature);

/* Read an array of steps; null takes those away that the feature would inherit. */
extern void ReadSteps(FitSpec *spec, FeatureSpec *feature, const JsonNode *value);

/* Settle what becomes of values for which a step is not defined, where the step does not say it. */
extern void SettleDomains(FeatureSpec *feature);

#endif							/* NORMFREEZE_READ_OPTIONS_H */
