/*
 * audit_expect.c
 *		The output that the scaler of an audit should have for a row.
 */
#include "pg/base/compat.h"

#include "pg/audit/audit_state.h"

/*
 * Compute each feature by itself.  Called when a policy refuses some value of the row, which makes the
 * transformation of the whole row fail.
 */
static void
ExpectEach(AuditScaler *scaler, bool single, const double *raw, const bool *nulls, double *expected, OutputKind *kinds)
{
	const Transform *transform = &scaler->loaded->transform;

	for (int i = 0; i < scaler->n; i++)
	{
		double		x = raw[i];
		float		single_x = (float) x;
		float		single_y;
		bool		null = nulls && nulls[i];
		int			slot;
		TransformResult result;

		/* a row norm is not defined if the row has a refused value */
		if (TransformIsOfRow(transform, i))
			result = TRANSFORM_MISSING;
		else if (single)
		{
			result = TransformSingle(transform, i, 1, &single_x, &null, &single_y, &slot);
			expected[i] = single_y;
		}
		else
			result = TransformDouble(transform, i, 1, &x, &null, &expected[i], &slot);
		kinds[i] = result != TRANSFORM_OK ? OUTPUT_REFUSED : null ? OUTPUT_NULL :
			isnan(expected[i]) ? OUTPUT_NAN : OUTPUT_VALUE;
		if (kinds[i] != OUTPUT_VALUE)
			expected[i] = NAN;
	}
}

void
AuditExpect(AuditScaler *scaler, bool single, const double *raw, const bool *nulls, double *expected, OutputKind *kinds)
{
	const Transform *transform = &scaler->loaded->transform;
	int			n = scaler->n;
	int			slot;
	TransformResult result;

	for (int i = 0; i < n; i++)
		scaler->nulls[i] = nulls && nulls[i];
	if (single)
	{
		for (int i = 0; i < n; i++)
			scaler->single_x[i] = (float) raw[i];
		result = TransformSingle(transform, 0, n, scaler->single_x, scaler->nulls, scaler->single_y, &slot);
		for (int i = 0; i < n; i++)
			expected[i] = scaler->single_y[i];
	}
	else
	{
		memcpy(scaler->x, raw, sizeof(double) * n);
		result = TransformDouble(transform, 0, n, scaler->x, scaler->nulls, expected, &slot);
	}
	if (result != TRANSFORM_OK)
	{
		ExpectEach(scaler, single, raw, nulls, expected, kinds);
		return;
	}
	for (int i = 0; i < n; i++)
	{
		kinds[i] = scaler->nulls[i] ? OUTPUT_NULL : isnan(expected[i]) ? OUTPUT_NAN : OUTPUT_VALUE;
		if (kinds[i] != OUTPUT_VALUE)
			expected[i] = NAN;
	}
}
