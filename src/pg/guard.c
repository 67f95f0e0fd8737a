/*
 * guard.c
 *		The trigger that keeps the registry as it is.
 */
#include "pg/compat.h"

#include "commands/trigger.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(refuse_change);
Datum
refuse_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *table;

	if (!CALLED_AS_TRIGGER(fcinfo))
		elog(ERROR, "refuse_change() was not called as a trigger");
	table = RelationGetRelationName(trigger->tg_relation);
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("normfreeze.%s is immutable: %s is refused", table,
					TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? "UPDATE" :
					TRIGGER_FIRED_BY_DELETE(trigger->tg_event) ? "DELETE" :
					TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? "INSERT" : "TRUNCATE"),
			 strcmp(table, "stage_access_log") == 0 ?
			 errhint("Withdraw what was allowed with normfreeze.disallow_stage().") :
			 errhint("Freeze a new version with normfreeze.freeze(), or retire one with normfreeze.retire().")));
}
