/*
 * group_context.c
 *		Errors of an aggregate's final function that name the group.
 *
 * One group of thousands may be the one that cannot be fitted.  While the
 * executor finalizes the aggregates of a group, a tuple of it is the outer one
 * of the node's expression context, for the columns that the query groups by
 * (finalize_aggregates() in src/backend/executor/nodeAgg.c and its callers).
 * It is shown before the final function begins, since an error callback must
 * not look into catalogs.
 */
#include "pg/base/group_context.h"

#include "access/detoast.h"
#include "access/transam.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/execnodes.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#define MOST_BYTES		100		/* of a value, and what is longer than eight times that is not even read */

/* The name of a column of GROUP BY, if the node's own output has it. */
static const char *
ColumnName(const Agg *agg, AttrNumber column)
{
	ListCell   *cell;

	foreach(cell, agg->plan.targetlist)
	{
		const TargetEntry *entry = lfirst_node(TargetEntry, cell);

		if (IsA(entry->expr, Var) && ((Var *) entry->expr)->varno == OUTER_VAR &&
			((Var *) entry->expr)->varattno == column)
			return entry->resname;
	}
	return NULL;
}

/*
 * A value, by output functions of PostgreSQL's own that call no others: what
 * somebody else wrote might fail, and a fit must not fail for its context.
 */
static const char *
ValueText(Oid type, Datum value)
{
	Oid			output;
	bool		varlena;
	char	   *text;

	getTypeOutputInfo(type, &output, &varlena);
	if (output >= FirstNormalObjectId || output == F_ARRAY_OUT || output == F_RECORD_OUT || output == F_RANGE_OUT ||
		output == F_MULTIRANGE_OUT || (varlena && toast_raw_datum_size(value) > 8 * MOST_BYTES))
		return "...";
	text = OidOutputFunctionCall(output, value);
	text[pg_mbcliplen(text, strlen(text), MOST_BYTES)] = '\0';
	return text;
}

static char *
DescribeGroup(const AggState *state)
{
	const Agg  *agg = (const Agg *) state->ss.ps.plan;
	TupleTableSlot *slot = state->ss.ps.ps_ExprContext->ecxt_outertuple;
	StringInfoData out;

	/* of grouping sets, which columns count depends on the set */
	if (agg->numCols == 0 || agg->groupingSets != NIL || agg->chain != NIL || TupIsNull(slot))
		return NULL;
	initStringInfo(&out);
	for (int i = 0; i < agg->numCols; i++)
	{
		AttrNumber	column = agg->grpColIdx[i];
		const char *name = ColumnName(agg, column);
		bool		null;
		Datum		value = slot_getattr(slot, column, &null);

		appendStringInfoString(&out, i ? ", " : "");
		if (name)
			appendStringInfo(&out, "%s = ", name);
		appendStringInfoString(&out, null ? "NULL" :
							   ValueText(TupleDescAttr(slot->tts_tupleDescriptor, column - 1)->atttypid, value));
	}
	return out.data;
}

static void
ShowGroup(void *arg)
{
	errcontext("fit of the group (%s)", ((const GroupContext *) arg)->group);
}

void
GroupContextBegin(GroupContext *context, FunctionCallInfo fcinfo)
{
	context->group = fcinfo->context && IsA(fcinfo->context, AggState) ? DescribeGroup((AggState *) fcinfo->context) : NULL;
	if (context->group == NULL)
		return;
	context->callback = (ErrorContextCallback) {.previous = error_context_stack, .callback = ShowGroup, .arg = context};
	error_context_stack = &context->callback;
}

void
GroupContextEnd(const GroupContext *context)
{
	if (context->group)
		error_context_stack = context->callback.previous;
}
