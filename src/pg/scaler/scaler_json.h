/*
 * scaler_json.h
 *		The text form of scalers: canonical JSON.
 */
#ifndef NORMFREEZE_SCALER_JSON_H
#define NORMFREEZE_SCALER_JSON_H

#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_type.h"

/* The options of a feature's method, as a JSON object. */
extern void AppendRecipeOptions(StringInfo out, const FeatureRecipe *feature);

/* The parameters of a feature's formula, likewise. */
extern void AppendRecipeParameters(StringInfo out, const FeatureRecipe *feature);

/* with or without its probes; a set has none, nor have its members */
extern char *ScalerToJson(const ScalerView *view, bool with_probes);
extern bytea *ScalerFromJson(const JsonNode *root);

/* ---- the pieces that sets are read with, too ---- */

pg_noreturn extern void InvalidScalerJson(const char *problem, const char *key);
extern JsonNode *RequiredMember(const JsonNode *object, const char *key, JsonNodeType type);
extern double RequiredNumber(const JsonNode *object, const char *key);
extern uint8 RequiredPolicy(const JsonNode *object, const char *key, const PolicyName *names);
extern void RejectUnknownKeys(const JsonNode *object, const char *const *known, int nknown);

/* The identity that the JSON states must be that of what was made of it. */
extern void CheckStatedIdentity(const JsonNode *root, const ScalerView *view);

#endif							/* NORMFREEZE_SCALER_JSON_H */
