/*
 * group_context.h
 *		Naming the group in errors of an aggregate's final function.
 */
#ifndef NORMFREEZE_GROUP_CONTEXT_H
#define NORMFREEZE_GROUP_CONTEXT_H

#include "pg/base/compat.h"

#include "executor/tuptable.h"
#include "nodes/plannodes.h"

/* What an error names. */
typedef struct GroupContext
{
	ErrorContextCallback callback;
	const Agg  *agg;			/* NULL if there is no GROUP BY, or its columns cannot be shown */
	TupleTableSlot *slot;		/* contains the columns of the group */
	char	   *group;			/* the group as text, or NULL until there is an error */
} GroupContext;

/*
 * Add the values of the GROUP BY columns to the context of errors between Begin and End.  "fcinfo" is that of
 * the final function.
 */
extern void GroupContextBegin(GroupContext *context, FunctionCallInfo fcinfo);
extern void GroupContextEnd(const GroupContext *context);

#endif							/* NORMFREEZE_GROUP_CONTEXT_H */
