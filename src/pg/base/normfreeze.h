/*
 * normfreeze.h
 *		What the files of src/pg share.
 */
#ifndef NORMFREEZE_H
#define NORMFREEZE_H

#include "pg/base/compat.h"

#include "core/base/float_bits.h"

/* settings, defined in normfreeze.c */
extern int	fit_memory_kb;
extern bool report_progress;
extern int	member_memory_kb;
extern bool require_second_person;
extern bool fold_ids;
extern bool rewrite_calls;

/* "age" in quotes, or feature 3: how messages name a feature */
extern char *FeatureLabel(const char *name, int position);

/* A number as PostgreSQL shows it. */
extern char *FloatText(double value);

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

#endif							/* NORMFREEZE_H */
