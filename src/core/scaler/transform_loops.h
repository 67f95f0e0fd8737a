/*
 * transform_loops.h
 *		Scaling a row: the loops that call the kernel of each run of features, once for float8 and once
 *		for float4.
 *
 * transform.c includes this file with REAL, the type; FORWARD, INVERSE and NORM, the members of Formula for it;
 * RUN_KERNEL, which converts to another type where a feature needs that; and APPLY_KERNELS, APPLY_GROUPS and
 * APPLY_FORWARD, the names of the functions.
 */

/* Call the kernels of a range of slots: run by run for a whole row, one by one otherwise (a single value, that is). */
static inline void
APPLY_KERNELS(const Transform *transform, bool inverse, int first, int count, const REAL * x, REAL * y)
{
	if (first == 0 && count == transform->ninputs)
		for (int r = 0; r < transform->nruns; r++)
		{
			const TransformRun *run = &transform->runs[r];

			if (run->dtype == DTYPE_FLOAT64)
				(inverse ? run->formula->INVERSE : run->formula->FORWARD) (x + run->first, y + run->first,
																		   &run->params, run->count);
			else
				RUN_KERNEL(run->formula, run->dtype, inverse, x + run->first, y + run->first, &run->params, run->count);
		}
	else
		for (int i = 0; i < count; i++)
		{
			const FeatureRecipe *feature = transform->slots[first + i];
			KernelParams params = ParamsFrom(transform, first + i);

			if (feature->dtype == DTYPE_FLOAT64)
				(inverse ? feature->formula->INVERSE : feature->formula->FORWARD) (x + i, y + i, &params, 1);
			else
				RUN_KERNEL(feature->formula, feature->dtype, inverse, x + i, y + i, &params, 1);
		}
}

/* The groups of a whole row.  y may be x. */
static void
APPLY_GROUPS(const Transform *transform, const REAL * x, REAL * y)
{
	for (int g = 0; g < transform->ngroups; g++)
	{
		const TransformGroup *group = &transform->groups[g];
		REAL	   *values = transform->scratch;
		REAL		norm;

		for (int i = 0; i < group->count; i++)
			values[i] = x[group->slots[i]];
		norm = group->formula->NORM(values, group->count);
		for (int i = 0; i < group->count; i++)
			y[group->slots[i]] = values[i] / norm;
	}
}

/* Whole rows, or single values; of a formula of whole rows, a single value is a row of its own. */
static void
APPLY_FORWARD(const Transform *transform, int first, int count, const REAL * x, REAL * y)
{
	bool		whole = first == 0 && count == transform->ninputs;

	if (!whole && TransformIsOfRow(transform, first))
	{
		*y = *x / transform->slots[first]->formula->NORM(x, 1);
		return;
	}
	APPLY_KERNELS(transform, false, first, count, x, y);
	if (whole && transform->ngroups > 0)
		APPLY_GROUPS(transform, x, y);
}

#undef REAL
#undef FORWARD
#undef INVERSE
#undef NORM
#undef RUN_KERNEL
#undef APPLY_KERNELS
#undef APPLY_GROUPS
#undef APPLY_FORWARD
