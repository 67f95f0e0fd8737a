/*
 * scaler_json.h
 *		The text form of scalers: canonical JSON.
 */
#ifndef NORMFREEZE_SCALER_JSON_H
#define NORMFREEZE_SCALER_JSON_H

#include "pg/json_tree.h"
#include "pg/scaler_type.h"

/* The options of a feature's method, as a JSON object. */
extern void AppendRecipeOptions(StringInfo out, const FeatureRecipe *feature);

/* The parameters of a feature's formula, likewise. */
extern void AppendRecipeParameters(StringInfo out, const FeatureRecipe *feature);

extern char *ScalerToJson(const ScalerView *view);
extern bytea *ScalerFromJson(const JsonNode *root);

#endif							/* NORMFREEZE_SCALER_JSON_H */
