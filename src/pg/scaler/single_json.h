/*
 * single_json.h
 *		One scaler, which is no set, as JSON.
 */
#ifndef NORMFREEZE_SINGLE_JSON_H
#define NORMFREEZE_SINGLE_JSON_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

/* Return the JSON of a scaler, with or without its probes.  Members of a set have none. */
extern char *SingleToJson(const ScalerView *view, bool with_probes);

/* Return the scaler that JSON describes.  Fails for any other JSON. */
extern bytea *SingleFromJson(const JsonNode *root);

#endif							/* NORMFREEZE_SINGLE_JSON_H */
