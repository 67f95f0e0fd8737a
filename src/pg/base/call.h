/*
 * call.h
 *		What a SQL function may be called from, and in which floating-point environment.
 */
#ifndef NORMFREEZE_CALL_H
#define NORMFREEZE_CALL_H

#include "pg/base/compat.h"

#include "core/base/float_bits.h"
#include "fmgr.h"

/* The context of the aggregate that is calling; an error if none is. */
extern MemoryContext AggregateContext(FunctionCallInfo fcinfo);

pg_noreturn extern void ForeignFloatEnvironment(void);

/* Results would have other bits in another floating-point environment: refuse. */
static inline void
CheckFloatEnvironment(void)
{
	if (unlikely(!FloatEnvironmentIsDefault()))
		ForeignFloatEnvironment();
}

#endif							/* NORMFREEZE_CALL_H */
