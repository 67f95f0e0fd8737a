/*
 * archive_log.c
 *		The log of archived entries: allowing the deletions that it records, and the digest that proves an archive.
 */
#include "pg/registry/archive_log.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "pg/base/sql.h"
#include "pg/base/varlena_type.h"
#include "pg/registry/replication.h"
#include "utils/builtins.h"
#include "utils/rel.h"

ArchivedRange archiving;

/* ---- the guard's question ---- */

/* The log that a table is, or NULL. */
static const char *
LogOfTable(Oid table)
{
	static const char *const logs[] = {"drift_log", "use_log"};

	for (int i = 0; i < lengthof(logs); i++)
		if (table == RegistryTable(logs[i]))
			return logs[i];
	return NULL;
}

static bool
IsLogged(const char *log, int64 scaler_id, int32 seq)
{
	SqlArg		args[] = {
		SQL_TEXT_ARG(log),
		SQL_ARG(INT8OID, Int64GetDatum(scaler_id)),
		SQL_ARG(INT4OID, Int32GetDatum(seq)),
	};
	bool		logged = SqlRun("SELECT 1 FROM normfreeze.archive_log AS a WHERE a.log " EQ " $1 AND a.scaler_id " EQ " $2 "
								"AND a.last_seq OPERATOR(pg_catalog.>=) $3 AND a.first_seq OPERATOR(pg_catalog.<=) $3 LIMIT 1",
								true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	return logged;
}

bool
ArchiveAllowsDelete(TriggerData *trigger)
{
	TupleDesc	desc = RelationGetDescr(trigger->tg_relation);
	const char *log = LogOfTable(RelationGetRelid(trigger->tg_relation));
	bool		no_id;
	bool		no_seq;
	int64		scaler_id;
	int32		seq;

	if (log == NULL || !TRIGGER_FIRED_BY_DELETE(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		return false;
	if (archiving.log == NULL && !IsReplicationWorker())
		return false;
	if (SPI_gettypeid(desc, SPI_fnumber(desc, "scaler_id")) != INT8OID ||
		SPI_gettypeid(desc, SPI_fnumber(desc, "seq")) != INT4OID)
		return false;
	scaler_id = DatumGetInt64(SPI_getbinval(trigger->tg_trigtuple, desc, SPI_fnumber(desc, "scaler_id"), &no_id));
	seq = DatumGetInt32(SPI_getbinval(trigger->tg_trigtuple, desc, SPI_fnumber(desc, "seq"), &no_seq));
	if (no_id || no_seq)
		return false;
	if (archiving.log && strcmp(archiving.log, log) == 0 && archiving.scaler_id == scaler_id &&
		archiving.first <= seq && seq <= archiving.last)
		return true;
	/* a publisher logs what it archives before it deletes, so the entry of the log has arrived already */
	return IsReplicationWorker() && IsLogged(log, scaler_id, seq);
}

/* ---- the digest ---- */

void
ExtendArchiveDigest(uint8 *digest, const char *entry, int length)
{
	char	   *utf8 = pg_server_to_any(entry, length, PG_UTF8);
	DigestPart	parts[] = {
		{digest, DIGEST_LENGTH},
		{utf8, utf8 == entry ? (size_t) length : strlen(utf8)},
	};
	uint8		extended[DIGEST_LENGTH];

	DigestParts(extended, parts, lengthof(parts));
	memcpy(digest, extended, DIGEST_LENGTH);
	if (utf8 != entry)
		pfree(utf8);
}

/* An entry that is NULL is as an empty one: no archive has either. */
PG_FUNCTION_INFO_V1(archive_digest_step);
Datum
archive_digest_step(PG_FUNCTION_ARGS)
{
	uint8		digest[DIGEST_LENGTH] = {0};

	if (!PG_ARGISNULL(0))
	{
		bytea	   *state = PG_GETARG_BYTEA_PP(0);

		if (VARSIZE_ANY_EXHDR(state) != DIGEST_LENGTH)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a digest has %d bytes, not %d", DIGEST_LENGTH, (int) VARSIZE_ANY_EXHDR(state)),
					 errhint("Call the aggregate normfreeze.archive_digest().")));
		memcpy(digest, VARDATA_ANY(state), DIGEST_LENGTH);
	}
	if (PG_ARGISNULL(1))
		ExtendArchiveDigest(digest, "", 0);
	else
	{
		text	   *entry = PG_GETARG_TEXT_PP(1);

		ExtendArchiveDigest(digest, VARDATA_ANY(entry), VARSIZE_ANY_EXHDR(entry));
	}
	PG_RETURN_BYTEA_P(BytesToVarlena(digest, DIGEST_LENGTH));
}

PG_FUNCTION_INFO_V1(archive_digest_final);
Datum
archive_digest_final(PG_FUNCTION_ARGS)
{
	bytea	   *state;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = PG_GETARG_BYTEA_PP(0);
	PG_RETURN_TEXT_P(cstring_to_text(BytesToHex((const uint8 *) VARDATA_ANY(state), VARSIZE_ANY_EXHDR(state))));
}
