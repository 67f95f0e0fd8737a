/*
 * probe_arrays.h
 *		Probes as SQL arrays, as the registry keeps them: of all slots.
 */
#ifndef NORMFREEZE_PROBE_ARRAYS_H
#define NORMFREEZE_PROBE_ARRAYS_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "utils/array.h"

/* Those of a recipe, in arrays of rows by slots, as the registry keeps them. */
extern void MakeProbeArrays(const Recipe *recipe, ArrayType **inputs, ArrayType **outputs);

/* NULL if the recipe makes these outputs of these inputs, bit for bit, else what is wrong. */
extern char *ProbeArraysProblem(const Recipe *recipe, ArrayType *inputs, ArrayType *outputs, int *nvalues);

/* An array of float8 of one or two dimensions. */
extern ArrayType *FloatArray(const double *values, const bool *nulls, int ndims, int *dims);

#endif							/* NORMFREEZE_PROBE_ARRAYS_H */
