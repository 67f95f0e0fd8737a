/*
 * value_kernels.c
 *		The operations of formulas on one value as functions. value_plan.c replaces normalize() and
 *		normalize_value() by them.
 *
 * The kernels of rows are in core/scaler/formula.c; these perform the same operations, each
 * rounded by itself.  They are STRICT: NULL stays NULL.
 */
#include "pg/base/compat.h"

#include "pg/base/call.h"
#include "pg/base/feature_types.h"
#include "pg/base/numeric_double.h"
#include "utils/builtins.h"

/* x is the value, a and b are the parameters. */
PG_FUNCTION_INFO_V1(value_subtract_divide);
Datum
value_subtract_divide(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	double		a = PG_GETARG_FLOAT8(1);
	double		b = PG_GETARG_FLOAT8(2);

	CheckFloatEnvironment();
	PG_RETURN_FLOAT8((x - a) / b);
}

PG_FUNCTION_INFO_V1(value_subtract_multiply);
Datum
value_subtract_multiply(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	double		a = PG_GETARG_FLOAT8(1);
	double		b = PG_GETARG_FLOAT8(2);

	CheckFloatEnvironment();
	PG_RETURN_FLOAT8((x - a) * b);
}

PG_FUNCTION_INFO_V1(value_multiply_add);
Datum
value_multiply_add(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	double		a = PG_GETARG_FLOAT8(1);
	double		b = PG_GETARG_FLOAT8(2);

	CheckFloatEnvironment();
	PG_RETURN_FLOAT8(x * a + b);
}

PG_FUNCTION_INFO_V1(value_divide_add);
Datum
value_divide_add(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	double		a = PG_GETARG_FLOAT8(1);
	double		b = PG_GETARG_FLOAT8(2);

	CheckFloatEnvironment();
	PG_RETURN_FLOAT8(x / a + b);
}

PG_FUNCTION_INFO_V1(value_divide);
Datum
value_divide(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	double		a = PG_GETARG_FLOAT8(1);

	CheckFloatEnvironment();
	PG_RETURN_FLOAT8(x / a);
}

PG_FUNCTION_INFO_V1(value_multiply);
Datum
value_multiply(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(0);
	double		a = PG_GETARG_FLOAT8(1);

	CheckFloatEnvironment();
	PG_RETURN_FLOAT8(x * a);
}

/*
 * Conversions for types that have no cast to float8 which is also a row's conversion.  Their errors name the
 * feature.
 */
PG_FUNCTION_INFO_V1(value_of_numeric);
Datum
value_of_numeric(PG_FUNCTION_ARGS)
{
	double		result = NumericToDouble(PG_GETARG_DATUM(0));

	if (unlikely(isinf(result)))
		result = ConvertValue(NumericToDouble, PG_GETARG_DATUM(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_FLOAT8(result);
}

PG_FUNCTION_INFO_V1(value_of_boolean);
Datum
value_of_boolean(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(PG_GETARG_BOOL(0) ? 1.0 : 0.0);
}
