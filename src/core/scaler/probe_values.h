/*
 * probe_values.h
 *		Rows that tell whether two implementations of a scaler agree.
 */
#ifndef NORMFREEZE_CORE_PROBE_VALUES_H
#define NORMFREEZE_CORE_PROBE_VALUES_H

#include "core/scaler/transform.h"

/* Rows with one value for each slot (core/scaler/transform.h), row after row.  A null value is NaN. */
typedef struct Probes
{
	int			nrows;
	int			nslots;
	double	   *inputs;
	bool	   *input_nulls;
	double	   *outputs;
	bool	   *output_nulls;
} Probes;

/* Make probes for a recipe, with the outputs that it gives for them. */
extern void MakeProbes(Probes *probes, const Transform *transform);

/*
 * Compute what a recipe makes of one row: of the inputs together, and of each target by itself.
 *
 * If a policy refuses a value, all that was computed with it becomes NaN: the outputs of all inputs, or of the
 * target.
 */
extern void RunProbe(const Transform *transform, const double *inputs, const bool *input_nulls,
					 double *outputs, bool *output_nulls);

#endif							/* NORMFREEZE_CORE_PROBE_VALUES_H */
