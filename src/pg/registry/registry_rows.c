/*
 * registry_rows.c
 *		Reading and appending rows of normfreeze.versions and normfreeze.stage_log.
 */
#include "pg/registry/registry_rows.h"

#include "catalog/pg_type.h"
#include "pg/base/sql.h"
#include "pg/registry/write_checks.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/timestamp.h"

void
StampVersion(VersionRow *row)
{
	row->frozen_at = GetCurrentTimestamp();
	row->frozen_by = CurrentUserName();
	row->frozen_session_user = SessionUserName();
	row->server_version = PG_VERSION;
	row->extension_version = NORMFREEZE_VERSION;
}

void
StampStageEntry(StageEntry *entry)
{
	entry->at = GetCurrentTimestamp();
	entry->changed_by = CurrentUserName();
	entry->changed_session_user = SessionUserName();
}

/* these are the labels of stage_log_action and the events of view events */
static const StageAction actions[] = {
	{"promote", true, true},
	{"rollback", true, true},
	{"demote", true, false},
	{"retire", false, false},
};

const StageAction *
FindStageAction(const char *name)
{
	for (int i = 0; i < lengthof(actions); i++)
		if (strcmp(name, actions[i].name) == 0)
			return &actions[i];
	return NULL;
}

/* ---- appending ---- */

static int32
RunForNumber(const char *query, SqlArg *args, int nargs)
{
	int32		number = SqlRun(query, true, SQL_LATEST | SQL_AS_OWNER, args, nargs) > 0 ? SqlInt4(0, 1) : 0;

	SqlFinish();
	return number;
}

int32
NextNumber(const char *greatest, SqlArg of)
{
	int32		last = RunForNumber(greatest, &of, 1);

	if (last == PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_SEQUENCE_GENERATOR_LIMIT_EXCEEDED),
				 errmsg("there is no number after %d for another entry", last),
				 errhint("See normfreeze.verify(): somebody has inserted an entry with the greatest number there is.")));
	return last + 1;
}

int32
NextVersion(const char *name)
{
	return NextNumber("SELECT pg_catalog.max(v.version) FROM normfreeze.versions AS v "
					  "WHERE v.name " EQ " $1", SQL_TEXT_ARG(name));
}

int32
NextSeq(const char *name)
{
	return NextNumber("SELECT pg_catalog.max(l.seq) FROM normfreeze.stage_log AS l "
					  "WHERE l.name " EQ " $1", SQL_TEXT_ARG(name));
}

int32
CurrentVersion(const char *name, const char *stage)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), SQL_TEXT_ARG(stage)};

	return RunForNumber("SELECT CASE WHEN l.action OPERATOR(pg_catalog.<>) 'demote' THEN l.version END "
						"FROM normfreeze.stage_log AS l "
						"WHERE l.name " EQ " $1 AND l.stage " EQ " $2 "
						"ORDER BY l.seq DESC LIMIT 1", args, lengthof(args));
}

static SqlArg
JsonbArg(Jsonb *jsonb)
{
	return jsonb ? SQL_ARG(JSONBOID, JsonbPGetDatum(jsonb)) : SQL_NULL_ARG(JSONBOID);
}

void
InsertVersion(const char *name, const VersionRow *row)
{
	SqlArg		args[] = {
		SQL_TEXT_ARG(name),
		SQL_ARG(INT4OID, Int32GetDatum(row->version)),
		SQL_ARG(INT8OID, Int64GetDatum(row->scaler_id)),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(row->frozen_at)),
		SQL_TEXT_ARG(row->frozen_by),
		SQL_TEXT_ARG(row->frozen_session_user),
		SQL_TEXT_ARG(row->note),
		JsonbArg(row->metadata),
		row->row_count < 0 ? SQL_NULL_ARG(INT8OID) : SQL_ARG(INT8OID, Int64GetDatum(row->row_count)),
		SQL_TEXT_ARG(row->server_version),
		SQL_TEXT_ARG(row->extension_version),
		JsonbArg(row->origin),
		SQL_ARG(BOOLOID, BoolGetDatum(row->evidence)),
	};

	SqlAppend("versions",
			  "INSERT INTO normfreeze.versions (name, version, scaler_id, frozen_at, frozen_by, frozen_session_user, "
			  "note, metadata, row_count, server_version, extension_version, origin, evidence) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
			  args, lengthof(args));
}

void
InsertStageEntry(const char *name, const StageEntry *entry)
{
	SqlArg		args[] = {
		SQL_TEXT_ARG(name),
		SQL_ARG(INT4OID, Int32GetDatum(entry->seq)),
		SQL_TEXT_ARG(entry->stage),
		SQL_ARG(INT4OID, Int32GetDatum(entry->version)),
		SQL_TEXT_ARG(entry->action),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(entry->at)),
		SQL_TEXT_ARG(entry->changed_by),
		SQL_TEXT_ARG(entry->changed_session_user),
		SQL_TEXT_ARG(entry->note),
		JsonbArg(entry->origin),
	};

	SqlAppend("stage_log",
			  "INSERT INTO normfreeze.stage_log (name, seq, stage, version, action, at, changed_by, "
			  "changed_session_user, note, origin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
			  args, lengthof(args));
	/*
	 * plans that contain a query in place of a call by ref depend on this table; there are none before
	 * PostgreSQL 19
	 */
	if (PG_VERSION_NUM >= 190000)
		CacheInvalidateRelcacheByRelid(RegistryTable("stage_log"));
}

/* ---- reading ---- */

static TimestampTz
SqlTime(uint64 row, int column)
{
	return DatumGetTimestampTz(SqlPresent(row, column, TIMESTAMPTZOID));
}

/* Values are copied to the current context, because SPI's memory goes with SqlFinish(). */

static char *
CopyText(uint64 row, int column)
{
	char	   *text = SqlTextOrNull(row, column);

	return text ? pstrdup(text) : NULL;
}

static Jsonb *
CopyJsonb(uint64 row, int column)
{
	bool		isnull;
	Datum		value = SqlValue(row, column, JSONBOID, &isnull);

	return isnull ? NULL : DatumGetJsonbPCopy(value);
}

static int64
SqlInt8OrNegative(uint64 row, int column)
{
	bool		isnull;
	Datum		value = SqlValue(row, column, INT8OID, &isnull);

	return isnull ? -1 : DatumGetInt64(value);
}

VersionRow *
ReadVersions(const char *name, int flags, int32 last, int32 most, int *count)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	SqlArg		args[] = {
		SQL_TEXT_ARG(name),
		SQL_ARG(INT4OID, Int32GetDatum(last)),
		SQL_ARG(INT4OID, Int32GetDatum(most)),
	};
	uint64		n = SqlRun("SELECT v.version, v.scaler_id, v.frozen_at, v.frozen_by, v.frozen_session_user, v.note, "
						   "v.metadata, v.row_count, v.server_version, v.extension_version, v.origin "
						   "FROM normfreeze.versions AS v WHERE v.name " EQ " $1 "
						   "AND v.version OPERATOR(pg_catalog.<=) $2 ORDER BY v.version DESC LIMIT $3",
						   true, flags, args, lengthof(args));
	VersionRow *rows;

	old = MemoryContextSwitchTo(caller);
	rows = MemoryContextAllocHuge(caller, sizeof(VersionRow) * (n + 1));
	for (uint64 i = 0; i < n; i++)
	{
		VersionRow *row = &rows[n - 1 - i];

		row->version = SqlInt4(i, 1);
		row->scaler_id = SqlInt8(i, 2);
		row->frozen_at = SqlTime(i, 3);
		row->frozen_by = CopyText(i, 4);
		row->frozen_session_user = CopyText(i, 5);
		row->note = CopyText(i, 6);
		row->metadata = CopyJsonb(i, 7);
		row->row_count = SqlInt8OrNegative(i, 8);
		row->server_version = CopyText(i, 9);
		row->extension_version = CopyText(i, 10);
		row->origin = CopyJsonb(i, 11);
	}
	MemoryContextSwitchTo(old);
	SqlFinish();
	*count = (int) n;
	return rows;
}

StageEntry *
ReadStageEntries(const char *name, int flags, int32 last, int32 most, int *count)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	SqlArg		args[] = {
		SQL_TEXT_ARG(name),
		SQL_ARG(INT4OID, Int32GetDatum(last)),
		SQL_ARG(INT4OID, Int32GetDatum(most)),
	};
	uint64		n = SqlRun("SELECT l.seq, l.stage, l.version, l.action, l.at, l.changed_by, l.changed_session_user, l.note, "
						   "l.origin FROM normfreeze.stage_log AS l WHERE l.name " EQ " $1 "
						   "AND l.seq OPERATOR(pg_catalog.<=) $2 ORDER BY l.seq DESC LIMIT $3",
						   true, flags, args, lengthof(args));
	StageEntry *entries;

	old = MemoryContextSwitchTo(caller);
	entries = MemoryContextAllocHuge(caller, sizeof(StageEntry) * (n + 1));
	for (uint64 i = 0; i < n; i++)
	{
		StageEntry *entry = &entries[n - 1 - i];

		entry->seq = SqlInt4(i, 1);
		entry->stage = CopyText(i, 2);
		entry->version = SqlInt4(i, 3);
		entry->action = CopyText(i, 4);
		entry->at = SqlTime(i, 5);
		entry->changed_by = CopyText(i, 6);
		entry->changed_session_user = CopyText(i, 7);
		entry->note = CopyText(i, 8);
		entry->origin = CopyJsonb(i, 9);
	}
	MemoryContextSwitchTo(old);
	SqlFinish();
	*count = (int) n;
	return entries;
}
