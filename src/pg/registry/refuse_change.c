/*
 * refuse_change.c
 *		The trigger that refuses UPDATE, DELETE and TRUNCATE on tables of the registry.  It is
 *		attached in src/sql/registry.sql, monitoring.sql and lineage.sql.
 */
#include "pg/base/compat.h"

#include "commands/trigger.h"
#include "pg/registry/archive_log.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/replication.h"
#include "utils/rel.h"

/* By table, a hint on what to do instead; the last row is for all other tables. */
typedef struct Remedy
{
	const char *table;
	const char *hint;
	const char *log;			/* whose entries allow a subscriber to delete, or NULL */
} Remedy;

static const Remedy remedies[] = {
	{"stage_access_log", "Withdraw what was allowed with normfreeze.disallow_stage().", NULL},
	{"drift_log",
		"Record what is true now with normfreeze.record_drift(); the newest entry is the state. "
	"normfreeze.archive_drift_log() takes old ones away.", "archive_log"},
	{"use_log",
		"Register what is used now with normfreeze.register_use(); the newest entry of a consumer is the state. "
	"normfreeze.archive_use_log() takes old ones away.", "archive_log"},
	{"archive_log", "What was archived stays archived; normfreeze.verify_archive() proves an archive.", NULL},
	{"purge_log", "What was purged stays purged; fit and freeze anew on rows that may be kept.", NULL},
	{"profiles", "normfreeze.purge_profile() removes a profile for good, and logs it.", "purge_log"},
	{NULL, "Freeze a new version with normfreeze.freeze(), or retire one with normfreeze.retire().", NULL},
};

static const Remedy *
RemedyFor(const char *table)
{
	int			i = 0;

	while (remedies[i].table && strcmp(remedies[i].table, table) != 0)
		i++;
	return &remedies[i];
}

PG_FUNCTION_INFO_V1(refuse_change);
Datum
refuse_change(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *table;
	const Remedy *remedy;

	if (!CALLED_AS_TRIGGER(fcinfo))
		elog(ERROR, "refuse_change() was not called as a trigger");
	if (PurgeAllowsDelete(trigger) || ArchiveAllowsDelete(trigger))
		return PointerGetDatum(trigger->tg_trigtuple);
	table = RelationGetRelationName(trigger->tg_relation);
	remedy = RemedyFor(table);
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("normfreeze.%s is immutable: %s is refused", table,
					TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? "UPDATE" :
					TRIGGER_FIRED_BY_DELETE(trigger->tg_event) ? "DELETE" :
					TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? "INSERT" : "TRUNCATE"),
			 remedy->log && IsReplicationWorker() && TRIGGER_FIRED_BY_DELETE(trigger->tg_event)
			 ? errhint("The entry of normfreeze.%s that allows it has not arrived: see that the publication has that table, "
					   "and refresh the subscription.", remedy->log)
			 : errhint("%s", remedy->hint)));
}
