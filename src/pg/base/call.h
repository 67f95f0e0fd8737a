/*
 * call.h
 *		Checks of how a SQL function is called: by an aggregate, and in the default floating-point environment.
 */
#ifndef NORMFREEZE_CALL_H
#define NORMFREEZE_CALL_H

#include "pg/base/compat.h"

#include "core/base/float_bits.h"
#include "fmgr.h"

/* Return the memory context of the aggregate that is calling; an error if the caller is not an aggregate. */
extern MemoryContext AggregateContext(FunctionCallInfo fcinfo);

/* Report that the floating-point environment is not the default one. */
pg_noreturn extern void ForeignFloatEnvironment(void);

/*
 * Fail unless the floating-point environment is the default one, since results would have other bits in another
 * one.
 */
static inline void
CheckFloatEnvironment(void)
{
	if (unlikely(!FloatEnvironmentIsDefault()))
		ForeignFloatEnvironment();
}

/* Define the function that SQL calls by this name.  It returns the result, an expression of fcinfo. */
#define SQL_FUNCTION(name, result) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	return result; \
}

#endif							/* NORMFREEZE_CALL_H */
