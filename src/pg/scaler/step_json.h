/*
 * step_json.h
 *		The steps of a feature as JSON: what they compute, and what becomes of values for which a formula is not
 *		defined.
 */
#ifndef NORMFREEZE_STEP_JSON_H
#define NORMFREEZE_STEP_JSON_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "lib/stringinfo.h"
#include "pg/base/json_tree.h"

/* The keys of what a step computes, in its own object or in that of the feature whose last step it is. */
#define STEP_KEYS		"method", "options", "formula", "parameters"

/* Append these keys. */
extern void AppendStepKeys(StringInfo out, const StepRecipe *step);

/* Read them. */
extern void ReadStepKeys(const JsonNode *object, StepRecipe *step);

/* Append the steps before the last one as a JSON array. */
extern void AppendStepsBefore(StringInfo out, const FeatureRecipe *feature);

/* Read them. */
extern void ReadStepsBefore(const JsonNode *steps, FeatureRecipe *feature);

/* The keys of a domain rule in the object of its feature or step. */
#define DOMAIN_KEYS		"domain", "domain_range"

/* Append these keys, with a comma before each; nothing if values are kept. */
extern void AppendDomainRule(StringInfo out, const DomainRule *rule);

/* Read them. */
extern void ReadDomainRule(const JsonNode *object, DomainRule *rule);

#endif							/* NORMFREEZE_STEP_JSON_H */
