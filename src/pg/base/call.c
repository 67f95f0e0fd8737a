/*
 * call.c
 *		Checks of how a SQL function is called: by an aggregate, and in the default floating-point environment.
 */
#include "pg/base/call.h"

void
ForeignFloatEnvironment(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the floating-point environment of this session is not the default one"),
			 errdetail("Rounding is not to nearest even, or subnormal numbers are flushed to zero."),
			 errhint("Another library loaded into the session has changed it; a new session has the default.")));
}

MemoryContext
AggregateContext(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this function is a part of normfreeze's aggregates and cannot be called by itself")));
	return context;
}
