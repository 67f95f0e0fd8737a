/*
 * probe_values.c
 *		Making probes: the inputs that give certain outputs by the inverse, and the outputs of
 *		these, bit for bit; then a row without values.
 *
 * The target outputs have both signs, fractions that round, and the far tails, which are outside
 * of the training range.
 */
#include "core/scaler/probe_values.h"

#include <math.h>

#include "core/base/memory.h"

static const double probe_targets[] = {0, 1, -1, 1.0 / 3, -2.5, 0.001, 0.1, 7};

#define NTARGETS	((int) (sizeof(probe_targets) / sizeof(probe_targets[0])))

static double
ProbeInput(const Transform *transform, int slot, double target)
{
	const FeatureRecipe *feature = transform->slots[slot];
	double		x = target;

	/* without an inverse, or outside of its domain, the target output itself is the input */
	if (TransformSlotHasInverse(transform, slot))
		TransformInverseDouble(transform, slot, 1, &target, &x);
	if (!isfinite(x))
		x = RangeIsKnown(feature) ? feature->lower : target;
	if (feature->outside == OUTSIDE_ERROR)
		x = x < feature->lower ? feature->lower : (x > feature->upper ? feature->upper : x);
	return CanonicalZero(x);
}

void
RunProbe(const Transform *transform, const double *inputs, const bool *input_nulls,
		 double *outputs, bool *output_nulls)
{
	int			nslots = transform->recipe->nfeatures;
	double	   *x = CoreAlloc(sizeof(double) * nslots);
	int			slot;

	memcpy(x, inputs, sizeof(double) * nslots);
	memcpy(output_nulls, input_nulls, sizeof(bool) * nslots);
	for (int first = 0; first < nslots; first += slot)
	{
		int			bad;

		slot = first < transform->ninputs ? transform->ninputs : 1;
		if (TransformDouble(transform, first, slot, x + first, output_nulls + first, outputs + first,
							&bad) != TRANSFORM_OK)
			for (int i = first; i < first + slot; i++)
				outputs[i] = NAN;
	}
	CoreFree(x);
}

void
MakeProbes(Probes *probes, const Transform *transform)
{
	int			n = transform->recipe->nfeatures;

	probes->nrows = NTARGETS + 1;
	probes->nslots = n;
	probes->inputs = CoreAlloc(sizeof(double) * probes->nrows * n);
	probes->outputs = CoreAlloc(sizeof(double) * probes->nrows * n);
	probes->input_nulls = CoreAllocZero(sizeof(bool) * probes->nrows * n);
	probes->output_nulls = CoreAllocZero(sizeof(bool) * probes->nrows * n);
	for (int row = 0; row < probes->nrows; row++)
	{
		int			start = row * n;

		CoreCheckInterrupts();
		for (int slot = 0; slot < n; slot++)
		{
			bool		null = row == NTARGETS && transform->slots[slot]->missing != MISSING_ERROR;

			probes->input_nulls[start + slot] = null;
			probes->inputs[start + slot] = null ? NAN : ProbeInput(transform, slot, probe_targets[row % NTARGETS]);
		}
		RunProbe(transform, probes->inputs + start, probes->input_nulls + start,
				 probes->outputs + start, probes->output_nulls + start);
	}
}
