/*
 * scaler_json.h
 *		The text form of normfreeze.scaler: scalers and sets of scalers as JSON.
 */
#ifndef NORMFREEZE_SCALER_JSON_H
#define NORMFREEZE_SCALER_JSON_H

#include "pg/base/compat.h"

#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

/* Return the JSON of a scaler, with or without its probes.  A set has none, nor do its members. */
extern char *ScalerToJson(const ScalerView *view, bool with_probes);

/*
 * Return the scaler that JSON describes.  Fails unless it is exactly what ScalerToJson() writes, in any order
 * of keys.
 */
extern bytea *ScalerFromJson(const JsonNode *root);

#endif							/* NORMFREEZE_SCALER_JSON_H */
