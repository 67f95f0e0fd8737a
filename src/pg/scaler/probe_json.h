/*
 * probe_json.h
 *		Probes in a scaler's JSON.
 */
#ifndef NORMFREEZE_PROBE_JSON_H
#define NORMFREEZE_PROBE_JSON_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"

/* Append the member "probes" of a scaler's JSON.  Its rows have the features that rows must have. */
extern void AppendProbes(StringInfo out, const Recipe *recipe);

/* Fail unless the recipe makes these outputs of these inputs. */
extern void CheckJsonProbes(const JsonNode *probes, const Recipe *recipe);

#endif							/* NORMFREEZE_PROBE_JSON_H */
