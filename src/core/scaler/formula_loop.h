/*
 * formula_loop.h
 *		The loop of one kernel of plain arithmetic.
 *
 * formula.c includes this file with KERNEL, the name of the function, REAL, the type that it is for, and STEPS, which
 * change t; a, b, c and d are the parameters of feature i.
 */
static void
KERNEL(const REAL * restrict x, REAL * restrict y, const KernelParams *params, int n)
{
	const double *restrict a = params->param[0];
	const double *restrict b = params->param[1];
	const double *restrict c = params->param[2];
	const double *restrict d = params->param[3];

	(void) a, (void) b, (void) c, (void) d;
	for (int i = 0; i < n; i++)
	{
		REAL		t = x[i];

		STEPS;
		y[i] = t;
	}
}

#undef KERNEL
#undef REAL
#undef STEPS
