/*
 * value_kernels.c
 *		The operations of formulas on one value as functions, by which value_plan.c replaces normalize() and
 *		normalize_value().
 *
 * The kernels of rows are in core/scaler/formula.c; these do the same operations,
 * each rounded by itself.  They are STRICT: NULL stays NULL.
 */
#include "pg/base/compat.h"

#include "pg/base/call.h"
#include "pg/base/feature_types.h"
#include "pg/base/numeric_double.h"
#include "utils/builtins.h"

/* t is the value, a and b are the parameters. */
#define VALUE_KERNEL(name, operations) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	double		t = PG_GETARG_FLOAT8(0); \
	double		a = PG_GETARG_FLOAT8(1); \
\
	CheckFloatEnvironment(); \
	operations; \
	PG_RETURN_FLOAT8(t); \
}

#define b	PG_GETARG_FLOAT8(2)

VALUE_KERNEL(value_subtract_divide, t = t - a; t = t / b)
VALUE_KERNEL(value_subtract_multiply, t = t - a; t = t * b)
VALUE_KERNEL(value_multiply_add, t = t * a; t = t + b)
VALUE_KERNEL(value_divide_add, t = t / a; t = t + b)
VALUE_KERNEL(value_divide, t = t / a)
VALUE_KERNEL(value_multiply, t = t * a)

/* What has no cast to float8 that is a row's conversion; errors name the feature. */
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
