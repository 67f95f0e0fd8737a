/*
 * uses.c
 *		The function register_use(): who uses which scaler.
 *
 * The log of a scaler is append-only and numbered without gaps.  A consumer uses one version of a
 * name at a time: the one that it registered last.
 */
#include "pg/base/compat.h"

#include "pg/base/sql.h"
#include "pg/registry/refs.h"
#include "pg/registry/registry.h"
#include "pg/registry/registry_rows.h"
#include "pg/registry/write_checks.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

typedef struct Use
{
	int64		id;
	char	   *consumer;
	char	   *kind;
	char	   *note;
} Use;

/* ---- what may be registered ---- */

/* Fail unless the length of a text is allowed.  "what" is "name" or "kind". */
static void
CheckConsumer(const char *what, const char *text)
{
	if (text[0] == '\0' || strlen(text) > REGISTRY_MAX_NAME)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("the %s of a consumer has %zu bytes, and may have 1 to %d", what, strlen(text),
						REGISTRY_MAX_NAME),
				 errhint("Name what uses the scaler; the note has room for more.")));
}

static void
CheckScalerIsThere(int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	bool		there = SqlRun("SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
							   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	if (!there)
		UnknownScaler(id);
}

/* ---- the log ---- */

/* Entries of $2 and $3 that are of a version of a name of $1, for the same key, or of $1 itself. */
#define COLUMNS_OF_USE	"l.seq, l.scaler_id, l.at"
#define IS_OF_THE_SAME \
	"(l.scaler_id " EQ " $1 OR EXISTS (" \
	"SELECT 1 FROM normfreeze.named_scalers AS a JOIN normfreeze.named_scalers AS b ON a.name " EQ " b.name " \
	"AND (a.key " EQ " b.key OR (a.key IS NULL AND b.key IS NULL)) " \
	"WHERE a.scaler_id " EQ " $1 AND b.scaler_id " EQ " l.scaler_id))"
#define NEWEST_USE \
	" ORDER BY l.at DESC, l.scaler_id DESC, l.seq DESC LIMIT 1"

/* The newest of them, if it is one of the newest entries of the consumer; their number, too. */
#define AMONG_NEWEST \
	"WITH newest AS MATERIALIZED (SELECT " COLUMNS_OF_USE " FROM normfreeze.use_log AS l " \
	"WHERE l.consumer " EQ " $2 AND l.kind " EQ " $3 ORDER BY l.at DESC, l.scaler_id DESC, l.seq DESC LIMIT $4) " \
	"SELECT (SELECT pg_catalog.count(*) FROM newest), u.seq, u.scaler_id " EQ " $1 FROM (SELECT 1) AS one (one) " \
	"LEFT JOIN LATERAL (SELECT l.seq, l.scaler_id FROM newest AS l WHERE " IS_OF_THE_SAME NEWEST_USE ") AS u ON true"

/* The newest of them, by way of the versions. */
#define OF_VERSIONS \
	"WITH uses AS MATERIALIZED (SELECT l.* FROM (SELECT $1 AS scaler_id UNION " \
	"SELECT w.scaler_id FROM normfreeze.versions AS v JOIN normfreeze.versions AS w ON w.name " EQ " v.name " \
	"WHERE v.scaler_id " EQ " $1 UNION " \
	"SELECT n.scaler_id FROM normfreeze.members AS m JOIN normfreeze.versions AS v ON v.scaler_id " EQ " m.set_id " \
	"JOIN normfreeze.versions AS w ON w.name " EQ " v.name " \
	"JOIN normfreeze.members AS n ON n.set_id " EQ " w.scaler_id AND n.key " EQ " m.key " \
	"WHERE m.scaler_id " EQ " $1) AS o " \
	"JOIN normfreeze.use_log AS l ON l.scaler_id " EQ " o.scaler_id AND l.consumer " EQ " $2 AND l.kind " EQ " $3) " \
	"SELECT l.seq, l.scaler_id " EQ " $1 FROM uses AS l" NEWEST_USE

#define NEWEST_ENTRIES	64

/*
 * Return the number of the entry that records the same use, or 0 if there is none.  Only the last entry for
 * versions of the same name and for the same keys counts: a consumer that has moved to another version and
 * comes back gets a new entry.  It is looked for among the newest entries of the consumer, and then, since a
 * consumer may use thousands of names, among those of the versions of the name.
 */
static int32
CurrentEntry(const Use *use)
{
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(use->id)),
		SQL_TEXT_ARG(use->consumer),
		SQL_TEXT_ARG(use->kind),
		SQL_ARG(INT4OID, Int32GetDatum(NEWEST_ENTRIES)),
	};
	int32		seq;
	int64		looked_at;
	bool		found;

	SqlRun(AMONG_NEWEST, true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	looked_at = SqlInt8(0, 1);
	found = SqlInt4(0, 2) != 0;
	seq = SqlBool(0, 3) ? SqlInt4(0, 2) : 0;
	SqlFinish();
	if (found || looked_at < NEWEST_ENTRIES)
		return seq;
	seq = SqlRun(OF_VERSIONS, true, SQL_LATEST | SQL_AS_OWNER, args, 3) > 0 && SqlBool(0, 2) ? SqlInt4(0, 1) : 0;
	SqlFinish();
	return seq;
}

static int32
AppendUse(const Use *use)
{
	int32		seq = NextNumber("SELECT pg_catalog.max(l.seq) FROM normfreeze.use_log AS l "
								 "WHERE l.scaler_id " EQ " $1", SQL_ARG(INT8OID, Int64GetDatum(use->id)));
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(use->id)),
		SQL_ARG(INT4OID, Int32GetDatum(seq)),
		SQL_TEXT_ARG(use->consumer),
		SQL_TEXT_ARG(use->kind),
		SQL_TEXT_ARG(use->note),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp())),
		SQL_TEXT_ARG(CurrentUserName()),
		SQL_TEXT_ARG(SessionUserName()),
	};

	SqlAppend("use_log",
			  "INSERT INTO normfreeze.use_log (scaler_id, seq, consumer, kind, note, at, registered_by, registered_session_user) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			  args, lengthof(args));
	return seq;
}

/* ---- SQL ---- */

#define REQUIRED	3			/* number of required arguments: all but the note */

static Datum
RegisterUse(FunctionCallInfo fcinfo, int64 id)
{
	Use			use = {
		.id = id,
		.consumer = text_to_cstring(PG_GETARG_TEXT_PP(1)),
		.kind = text_to_cstring(PG_GETARG_TEXT_PP(2)),
		.note = PG_ARGISNULL(3) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(3)),
	};
	int32		seq;

	CheckConsumer("name", use.consumer);
	CheckConsumer("kind", use.kind);
	CheckTextLength("note of a use", use.note);
	CheckScalerIsThere(id);
	/* lock the consumer first and the scaler second, in all sessions, so that there is no deadlock */
	LockKey("use_log", use.consumer, strlen(use.consumer));
	LockKey("use_log", &id, sizeof(id));
	seq = CurrentEntry(&use);
	PG_RETURN_INT32(seq > 0 ? seq : AppendUse(&use));
}

PG_FUNCTION_INFO_V1(register_use_of_id);
Datum
register_use_of_id(PG_FUNCTION_ARGS)
{
	CheckWriteCall(fcinfo, "normfreeze.register_use()", REQUIRED);
	return RegisterUse(fcinfo, PG_GETARG_INT64(0));
}

PG_FUNCTION_INFO_V1(register_use_of_ref);
Datum
register_use_of_ref(PG_FUNCTION_ARGS)
{
	CheckWriteCall(fcinfo, "normfreeze.register_use()", REQUIRED);
	return RegisterUse(fcinfo, RegistryResolve(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
