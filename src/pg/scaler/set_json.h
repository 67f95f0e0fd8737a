/*
 * set_json.h
 *		The text form of sets of scalers: canonical JSON, like that of scalers.
 */
#ifndef NORMFREEZE_SET_JSON_H
#define NORMFREEZE_SET_JSON_H

#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

/* Return the JSON of a set, and the set of such JSON.  Fails for any other JSON. */
extern char *SetToJson(const ScalerView *view);
extern bytea *SetFromJson(const JsonNode *root);

#endif							/* NORMFREEZE_SET_JSON_H */
