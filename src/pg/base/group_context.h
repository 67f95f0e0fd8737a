/*
 * group_context.h
 *		Errors of an aggregate's final function that name the group.
 */
#ifndef NORMFREEZE_GROUP_CONTEXT_H
#define NORMFREEZE_GROUP_CONTEXT_H

#include "pg/base/compat.h"

#include "executor/tuptable.h"
#include "nodes/plannodes.h"

typedef struct GroupContext
{
	ErrorContextCallback callback;
	const Agg  *agg;			/* NULL: there is no GROUP BY, or its columns cannot be shown */
	TupleTableSlot *slot;		/* has the columns of the group */
	char	   *group;			/* the group as text, or NULL until there is an error */
} GroupContext;

/*
 * Errors between Begin and End have the values of the GROUP BY columns in their context.  fcinfo is that of the
 * final function.
 */
extern void GroupContextBegin(GroupContext *context, FunctionCallInfo fcinfo);
extern void GroupContextEnd(const GroupContext *context);

#endif							/* NORMFREEZE_GROUP_CONTEXT_H */
