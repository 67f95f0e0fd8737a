/*
 * scaler_json.h
 *		Scalers and sets of them as JSON: the text form of normfreeze.scaler.
 */
#ifndef NORMFREEZE_SCALER_JSON_H
#define NORMFREEZE_SCALER_JSON_H

#include "pg/base/compat.h"

#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

/* with or without its probes; a set has none, nor have its members */
extern char *ScalerToJson(const ScalerView *view, bool with_probes);
extern bytea *ScalerFromJson(const JsonNode *root);

#endif							/* NORMFREEZE_SCALER_JSON_H */
