/*
 * scaler_json.c
 *		The text form of normfreeze.scaler: scalers and sets of scalers as JSON.
 */
#include "pg/scaler/scaler_json.h"

#include "pg/scaler/json_keys.h"
#include "pg/scaler/set_json.h"
#include "pg/scaler/single_json.h"

char *
ScalerToJson(const ScalerView *view, bool with_probes)
{
	return ViewIsSet(view) ? SetToJson(view) : SingleToJson(view, with_probes);
}

bytea *
ScalerFromJson(const JsonNode *root)
{
	return RequiredFormat(root) == SCALER_SET_FORMAT ? SetFromJson(root) : SingleFromJson(root);
}
