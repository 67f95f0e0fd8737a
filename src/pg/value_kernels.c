/*
 * value_kernels.c
 *		The operations of formulas on one value, as functions: what value_plan.c makes of normalize().
 *
 * Every operation is rounded by itself.  They are STRICT: NULL stays NULL.
 */
#include "pg/compat.h"

#include "pg/normfreeze.h"

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
