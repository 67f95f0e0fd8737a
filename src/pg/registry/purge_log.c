/*
 * purge_log.c
 *		The log of purged profiles: finding profiles in it, and allowing the deletions that it
 *		records.
 */
#include "pg/registry/purge_log.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "pg/base/sql.h"
#include "pg/base/text.h"
#include "pg/registry/replication.h"
#include "utils/builtins.h"
#include "utils/rel.h"

const char *purging_profile;

/* ---- what was purged ---- */

bool
FindPurge(const uint8 *digest, int flags, PurgeRecord *record)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_TEXT_ARG(BytesToHex(digest, DIGEST_LENGTH))};
	bool		found = SqlRun("SELECT p.at, p.purged_session_user, p.reason FROM normfreeze.purge_log AS p "
							   "WHERE p.digest " EQ " $1 ORDER BY p.seq LIMIT 1",
							   true, flags | SQL_AS_OWNER, args, lengthof(args)) > 0;

	if (found && record)
	{
		record->at = DatumGetTimestampTz(SqlPresent(0, 1, TIMESTAMPTZOID));
		record->by = MemoryContextStrdup(caller, SqlText(0, 2));
		record->reason = MemoryContextStrdup(caller, SqlText(0, 3));
	}
	SqlFinish();
	return found;
}

char *
PurgeText(const uint8 *digest, int flags)
{
	PurgeRecord record;

	if (!FindPurge(digest, flags, &record))
		return NULL;
	return psprintf("on %s by \"%s\": %s", TimeText(record.at), record.by, record.reason);
}

void
NoticeKeptOut(const uint8 *digest, uint64 count)
{
	char	   *purged = PurgeText(digest, SQL_LATEST);

	if (purged == NULL)
		return;
	if (count == 1)
		ereport(NOTICE,
				(errmsg("the profile of this scaler was purged before, and is not stored again"),
				 errdetail("It was purged %s", purged)));
	else
		ereport(NOTICE,
				(errmsg(UINT64_FORMAT " profiles of these scalers were purged before, and are not stored again", count),
				 errdetail("One was purged %s", purged)));
}

/* ---- the guard's question ---- */

static char *
DigestOfRow(TriggerData *trigger)
{
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);

	return SPI_getvalue(trigger->tg_trigtuple, desc, SPI_fnumber(desc, "digest"));
}

bool
PurgeAllowsDelete(TriggerData *trigger)
{
	uint8		digest[DIGEST_LENGTH];
	char	   *hex;

	if (RelationGetRelid(trigger->tg_relation) != RegistryTable("profiles") ||
		!TRIGGER_FIRED_BY_DELETE(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		return false;
	hex = DigestOfRow(trigger);
	if (hex == NULL)
		return false;
	if (purging_profile && strcmp(purging_profile, hex) == 0)
		return true;
	/* a publisher logs a purge before the deletion, so its log entry has already arrived */
	return IsReplicationWorker() && HexToBytes(hex, digest, DIGEST_LENGTH) && FindPurge(digest, SQL_LATEST, NULL);
}
