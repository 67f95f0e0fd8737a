/*
 * probe_values.h
 *		Rows that show whether two implementations of a scaler agree.
 */
#ifndef NORMFREEZE_CORE_PROBE_VALUES_H
#define NORMFREEZE_CORE_PROBE_VALUES_H

#include "core/scaler/transform.h"

/* Rows of one value for each slot (core/scaler/transform.h), row after row.  A null value is NaN. */
typedef struct Probes
{
	int			nrows;
	int			nslots;
	double	   *inputs;
	bool	   *input_nulls;
	double	   *outputs;
	bool	   *output_nulls;
} Probes;

/* Rows made for this recipe, and what it makes of them. */
extern void MakeProbes(Probes *probes, const Transform *transform);

/*
 * What a recipe makes of one row: the inputs together, each target by itself.
 * A value that a policy refuses makes the whole row NaN.
 */
extern void RunProbe(const Transform *transform, const double *inputs, const bool *input_nulls,
					 double *outputs, bool *output_nulls);

#endif							/* NORMFREEZE_CORE_PROBE_VALUES_H */
