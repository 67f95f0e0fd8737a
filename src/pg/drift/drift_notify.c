/*
 * drift_notify.c
 *		The NOTIFY of record_drift(): JSON about a verdict that became worse.
 *
 * A payload must be shorter than 8,000 bytes (see NOTIFY in PostgreSQL's documentation), and
 * users choose the names in it.  So each text is cut, and names are added only while there is
 * room.
 */
#include "pg/drift/drift_notify.h"

#include "catalog/pg_type.h"
#include "commands/async.h"
#include "mb/pg_wchar.h"
#include "pg/base/json_tree.h"
#include "pg/base/sql.h"

#define MAX_SHOWN		220		/* bytes of a text; JSON takes up to six for one of them */
#define MAX_PAYLOAD		7900

/* Append a text as a JSON string, cut between two characters if it is too long, or null. */
static void
AppendCut(StringInfo out, const char *text)
{
	int			length = text ? strlen(text) : 0;
	int			shown = length > MAX_SHOWN ? pg_mbcliplen(text, length, MAX_SHOWN) : length;

	AppendJsonText(out, shown < length ? psprintf("%.*s...", shown, text) : text);
}

static void
AppendCutMember(StringInfo out, const char *key, const char *text)
{
	appendStringInfo(out, ", \"%s\": ", key);
	AppendCut(out, text);
}

/* Append the feature that view drift_state shows: the first of the worst ones. */
static void
AppendWorst(StringInfo out, Datum features)
{
	SqlArg		args[] = {SQL_ARG(JSONBOID, features)};

	if (SqlRun("SELECT COALESCE(w.worst OPERATOR(pg_catalog.->>) 'feature', "
			   "'feature ' OPERATOR(pg_catalog.||) (w.worst OPERATOR(pg_catalog.->>) 'ordinal')), "
			   "w.worst OPERATOR(pg_catalog.->>) 'decided_by', w.worst OPERATOR(pg_catalog.->>) 'reason' "
			   "FROM (SELECT normfreeze.worst_drift($1) AS worst) AS w",
			   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) > 0)
	{
		AppendCutMember(out, "feature", SqlTextOrNull(0, 1));
		AppendCutMember(out, "decided_by", SqlTextOrNull(0, 2));
		AppendCutMember(out, "reason", SqlTextOrNull(0, 3));
	}
	SqlFinish();
}

/* Append the names of the scaler as refs, those in production first, as far as there is room. */
static void
AppendRefs(StringInfo out, int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	uint64		n = SqlRun("SELECT v.name OPERATOR(pg_catalog.||) '@v' OPERATOR(pg_catalog.||) v.version, "
						   "COALESCE((SELECT l.version " EQ " v.version AND l.action OPERATOR(pg_catalog.<>) 'demote' "
						   "FROM normfreeze.stage_log AS l WHERE l.name " EQ " v.name AND l.stage " EQ " 'production' "
						   "ORDER BY l.seq DESC LIMIT 1), false) "
						   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS r "
						   "WHERE r.name " EQ " v.name AND r.version " EQ " v.version AND r.action " EQ " 'retire') "
						   "FROM normfreeze.versions AS v WHERE v.scaler_id " EQ " $1 "
						   "ORDER BY 2 DESC, v.name, v.version",
						   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	uint64		shown = 0;

	appendStringInfo(out, ", \"production\": %s, \"names\": [", n > 0 && SqlBool(0, 2) ? "true" : "false");
	while (shown < n)
	{
		int			before = out->len;

		if (shown > 0)
			appendStringInfoString(out, ", ");
		AppendCut(out, SqlText(shown, 1));
		/* the rest of the object takes less than 50 bytes */
		if (out->len > MAX_PAYLOAD - 50)
		{
			out->len = before;
			out->data[before] = '\0';
			break;
		}
		shown++;
	}
	appendStringInfo(out, "], \"more_names\": " UINT64_FORMAT "}", n - shown);
	SqlFinish();
}

void
NotifyDrift(int64 id, int32 seq, const char *label, DriftVerdict verdict, DriftVerdict before, Datum features)
{
	StringInfoData payload;

	initStringInfo(&payload);
	/* as text: readers of JSON may round an integer above 2^53 */
	appendStringInfo(&payload, "{\"scaler_id\": \"" INT64_FORMAT "\", \"seq\": %d", id, seq);
	AppendCutMember(&payload, "label", label);
	AppendCutMember(&payload, "verdict", drift_verdict_names[verdict]);
	AppendCutMember(&payload, "previous", drift_verdict_names[before]);
	AppendWorst(&payload, features);
	AppendRefs(&payload, id);
	Async_Notify(DRIFT_CHANNEL, payload.data);
}
