/*
 * formula_value_kernels.h
 *		All kernels of a formula that is a function of each value: transcendental ones and tables.
 *
 * formula.c includes this file with FORMULA, with which their names begin, and FORWARD(x), INVERSE(x),
 * FORWARD_SINGLE(x) and INVERSE_SINGLE(x); there a, b, c and table are the parameters and the table of feature i.
 */
static void
KERNEL_NAME(FORMULA, DoubleKernel) (const double *x, double *y, const KernelParams *params, int n)
{
	const double *a = params->param[0];
	const double *b = params->param[1];
	const double *c = params->param[2];
	const FormulaTable *table = params->table;

	(void) a, (void) b, (void) c, (void) table;
	for (int i = 0; i < n; i++)
		y[i] = FORWARD(x[i]);
}

static void
KERNEL_NAME(FORMULA, InverseDoubleKernel) (const double *x, double *y, const KernelParams *params, int n)
{
	const double *a = params->param[0];
	const double *b = params->param[1];
	const double *c = params->param[2];
	const FormulaTable *table = params->table;

	(void) a, (void) b, (void) c, (void) table;
	for (int i = 0; i < n; i++)
		y[i] = INVERSE(x[i]);
}

static void
KERNEL_NAME(FORMULA, SingleKernel) (const float *x, float *y, const KernelParams *params, int n)
{
	const double *a = params->param[0];
	const double *b = params->param[1];
	const double *c = params->param[2];
	const FormulaTable *table = params->table;

	(void) a, (void) b, (void) c, (void) table;
	for (int i = 0; i < n; i++)
		y[i] = FORWARD_SINGLE(x[i]);
}

static void
KERNEL_NAME(FORMULA, InverseSingleKernel) (const float *x, float *y, const KernelParams *params, int n)
{
	const double *a = params->param[0];
	const double *b = params->param[1];
	const double *c = params->param[2];
	const FormulaTable *table = params->table;

	(void) a, (void) b, (void) c, (void) table;
	for (int i = 0; i < n; i++)
		y[i] = INVERSE_SINGLE(x[i]);
}

#undef FORMULA
#undef FORWARD
#undef INVERSE
#undef FORWARD_SINGLE
#undef INVERSE_SINGLE
