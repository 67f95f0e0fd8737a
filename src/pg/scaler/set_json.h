/*
 * set_json.h
 *		The text form of sets of scalers: canonical JSON, as that of scalers.
 */
#ifndef NORMFREEZE_SET_JSON_H
#define NORMFREEZE_SET_JSON_H

#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

extern char *SetToJson(const ScalerView *view);
extern bytea *SetFromJson(const JsonNode *root);

#endif							/* NORMFREEZE_SET_JSON_H */
