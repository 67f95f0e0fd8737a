/*
 * probe_arrays.h
 *		Probes of all slots as SQL arrays, as the registry stores them.
 */
#ifndef NORMFREEZE_PROBE_ARRAYS_H
#define NORMFREEZE_PROBE_ARRAYS_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "utils/array.h"

/* Make the probes of a recipe, as arrays of rows by slots. */
extern void MakeProbeArrays(const Recipe *recipe, ArrayType **inputs, ArrayType **outputs);

/*
 * Return what is wrong with stored probes: the recipe does not make these outputs of these inputs, bit for bit.
 * NULL if nothing is; *nvalues is then the number of values that were compared.
 */
extern char *ProbeArraysProblem(const Recipe *recipe, ArrayType *inputs, ArrayType *outputs, int *nvalues);

/* Return an array of float8 with one or two dimensions. */
extern ArrayType *FloatArray(const double *values, const bool *nulls, int ndims, int *dims);

#endif							/* NORMFREEZE_PROBE_ARRAYS_H */
