/*
 * group_context.c
 *		Naming the group in errors of an aggregate's final function.
 *
 * If one of thousands of groups cannot be fitted, the error must say which one.  While the
 * executor finalizes the aggregates of a group, a tuple of the group is the outer tuple of the
 * node's expression context (finalize_aggregates() in src/backend/executor/nodeAgg.c and its
 * callers), and it has the columns that the query groups by.
 *
 * An error callback must not look into catalogs.  So the group is shown when there is an error
 * only if the output functions of its types look nothing up; otherwise it is turned into text
 * before the final function begins.
 */
#include "pg/base/group_context.h"

#include "access/detoast.h"
#include "access/transam.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#define MOST_BYTES		100		/* of a value; one that is longer than eight times that is not even read */

/* Return the name of a column of GROUP BY, or NULL if the node's output does not have it. */
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

static const struct
{
	Oid			type;
	PGFunction	output;
}			plain_outputs[] = {
	{INT4OID, int4out},
	{INT8OID, int8out},
	{TEXTOID, textout},
	{VARCHAROID, varcharout},
	{BPCHAROID, bpcharout},
	{NAMEOID, nameout},
	{INT2OID, int2out},
	{BOOLOID, boolout},
	{UUIDOID, uuid_out},
	{OIDOID, oidout},
};

/* Return the output function of a type if it looks nothing up, else NULL. */
static PGFunction
PlainOutput(Oid type)
{
	for (int i = 0; i < lengthof(plain_outputs); i++)
		if (plain_outputs[i].type == type)
			return plain_outputs[i].output;
	return NULL;
}

/*
 * Return a value as text, by output functions of PostgreSQL that call no others.  Output functions of users
 * might fail, and a fit must not fail because of its error context.
 */
static const char *
ValueText(Oid type, int16 length, Datum value)
{
	PGFunction	plain = PlainOutput(type);
	Oid			output = InvalidOid;
	bool		varlena;
	char	   *text;

	if (plain == NULL)
		getTypeOutputInfo(type, &output, &varlena);
	if (output >= FirstNormalObjectId || output == F_ARRAY_OUT || output == F_RECORD_OUT || output == F_RANGE_OUT ||
		output == F_MULTIRANGE_OUT || (length == -1 && toast_raw_datum_size(value) > 8 * MOST_BYTES))
		return "...";
	text = plain ? DatumGetCString(DirectFunctionCall1(plain, value)) : OidOutputFunctionCall(output, value);
	text[pg_mbcliplen(text, strlen(text), MOST_BYTES)] = '\0';
	return text;
}

/* Return whether the group can be shown without looking anything up. */
static bool
GroupIsPlain(const Agg *agg, TupleTableSlot *slot)
{
	for (int i = 0; i < agg->numCols; i++)
	{
		AttrNumber	column = agg->grpColIdx[i];
		Form_pg_attribute attribute = TupleDescAttr(slot->tts_tupleDescriptor, column - 1);
		bool		null;
		Datum		value = slot_getattr(slot, column, &null);

		if (PlainOutput(attribute->atttypid) == NULL ||
			(!null && attribute->attlen == -1 && VARATT_IS_EXTERNAL(DatumGetPointer(value))))
			return false;
	}
	return true;
}

static char *
DescribeGroup(const Agg *agg, TupleTableSlot *slot)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < agg->numCols; i++)
	{
		AttrNumber	column = agg->grpColIdx[i];
		Form_pg_attribute attribute = TupleDescAttr(slot->tts_tupleDescriptor, column - 1);
		const char *name = ColumnName(agg, column);
		bool		null;
		Datum		value = slot_getattr(slot, column, &null);

		appendStringInfoString(&out, i ? ", " : "");
		if (name)
			appendStringInfo(&out, "%s = ", name);
		appendStringInfoString(&out, null ? "NULL" : ValueText(attribute->atttypid, attribute->attlen, value));
	}
	return out.data;
}

static void
ShowGroup(void *arg)
{
	const GroupContext *context = arg;

	errcontext("fit of the group (%s)", context->group ? context->group : DescribeGroup(context->agg, context->slot));
}

void
GroupContextBegin(GroupContext *context, FunctionCallInfo fcinfo)
{
	const AggState *state = (const AggState *) fcinfo->context;

	context->agg = NULL;
	context->group = NULL;
	if (state == NULL || !IsA(state, AggState))
		return;
	context->agg = (const Agg *) state->ss.ps.plan;
	context->slot = state->ss.ps.ps_ExprContext->ecxt_outertuple;
	/* with grouping sets, the columns that count depend on the set */
	if (context->agg->numCols == 0 || context->agg->groupingSets != NIL || context->agg->chain != NIL ||
		TupIsNull(context->slot))
	{
		context->agg = NULL;
		return;
	}
	if (!GroupIsPlain(context->agg, context->slot))
		context->group = DescribeGroup(context->agg, context->slot);
	context->callback = (ErrorContextCallback) {.previous = error_context_stack, .callback = ShowGroup, .arg = context};
	error_context_stack = &context->callback;
}

void
GroupContextEnd(const GroupContext *context)
{
	if (context->agg)
		error_context_stack = context->callback.previous;
}
