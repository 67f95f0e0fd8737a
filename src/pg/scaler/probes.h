/*
 * probes.h
 *		Probes (core/scaler/probe_values.h) as SQL arrays and as JSON.
 */
#ifndef NORMFREEZE_PROBES_H
#define NORMFREEZE_PROBES_H

#include "pg/base/compat.h"

#include "core/scaler/probe_values.h"
#include "pg/base/json_tree.h"
#include "utils/array.h"

/* Those of a recipe, in arrays of rows by slots, as the registry keeps them. */
extern void MakeProbeArrays(const Recipe *recipe, ArrayType **inputs, ArrayType **outputs);

/* NULL if the recipe makes these outputs of these inputs, bit for bit, else what is wrong. */
extern char *ProbeArraysProblem(const Recipe *recipe, ArrayType *inputs, ArrayType *outputs, int *nvalues);

/* The member "probes" of a scaler's JSON: of the features that rows must have. */
extern void AppendProbes(StringInfo out, const Recipe *recipe);

/* Errors out if the recipe does not make these outputs of these inputs. */
extern void CheckJsonProbes(const JsonNode *probes, const Recipe *recipe);

#endif							/* NORMFREEZE_PROBES_H */
