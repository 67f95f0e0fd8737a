/*
 * single_json.h
 *		One scaler, not a set, as JSON.
 */
#ifndef NORMFREEZE_SINGLE_JSON_H
#define NORMFREEZE_SINGLE_JSON_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

/* The options of a feature's method, as a JSON object. */
extern void AppendRecipeOptions(StringInfo out, const FeatureRecipe *feature);

/* The parameters of a feature's formula, likewise. */
extern void AppendRecipeParameters(StringInfo out, const FeatureRecipe *feature);

/* with or without its probes; a member of a set has none */
extern char *SingleToJson(const ScalerView *view, bool with_probes);
extern bytea *SingleFromJson(const JsonNode *root);

#endif							/* NORMFREEZE_SINGLE_JSON_H */
