/*
 * report_watch.c
 *		Who uses a scaler, and its log of drift, on the page of report().
 */
#include "pg/report/report.h"

#include "catalog/pg_type.h"
#include "pg/base/sql.h"
#include "pg/report/numerals.h"

/* A page shows at most this many rows, the newest first. */
#define MAX_ROWS	"50"

#define RECORDED_DRIFT \
	"SELECT l.at, l.label, l.recorded_by, l.recorded_session_user, l.live_rows, l.verdict, " \
	"(SELECT pg_catalog.count(*) FROM pg_catalog.jsonb_array_elements(l.features) AS f " \
	"WHERE (f.value OPERATOR(pg_catalog.->>) 'verdict') " EQ " ANY (ARRAY['moderate', 'major'])), " \
	"pg_catalog.jsonb_array_length(l.features) " \
	"FROM normfreeze.drift_log AS l WHERE l.scaler_id " EQ " $1 ORDER BY l.seq DESC LIMIT " MAX_ROWS

#define USES \
	"SELECT l.at, l.consumer, l.kind, l.registered_by, l.registered_session_user, l.note " \
	"FROM normfreeze.use_log AS l WHERE l.scaler_id " EQ " $1 ORDER BY l.seq DESC LIMIT " MAX_ROWS

static void
AppendTimeCell(StringInfo out, uint64 row, int column)
{
	appendStringInfoString(out, "<td>");
	AppendTime(out, DatumGetTimestampTz(SqlPresent(row, column, TIMESTAMPTZOID)));
	appendStringInfoString(out, "</td>");
}

static void
AppendDriftRow(StringInfo out, uint64 i)
{
	appendStringInfoString(out, "<tr>");
	AppendTimeCell(out, i, 1);
	AppendTableCell(out, SqlTextOrNull(i, 2));
	appendStringInfoString(out, "<td>");
	AppendVerdict(out, DriftVerdictByName(SqlTextOrNull(i, 6)));
	appendStringInfoString(out, "</td><td class=\"n\">");
	AppendCount(out, SqlInt8(i, 7));
	appendStringInfoString(out, " of ");
	AppendCount(out, SqlInt4(i, 8));
	appendStringInfoString(out, "</td><td class=\"n\">");
	AppendCount(out, SqlInt8(i, 5));
	appendStringInfoString(out, "</td><td>");
	AppendBy(out, SqlText(i, 3), SqlText(i, 4));
	appendStringInfoString(out, "</td></tr>\n");
}

static void
AppendUseRow(StringInfo out, uint64 i)
{
	appendStringInfoString(out, "<tr>");
	AppendTimeCell(out, i, 1);
	AppendTableCell(out, SqlText(i, 2));
	AppendTableCell(out, SqlText(i, 3));
	appendStringInfoString(out, "<td>");
	AppendBy(out, SqlText(i, 4), SqlText(i, 5));
	appendStringInfoString(out, "</td>");
	AppendTableCell(out, SqlTextOrNull(i, 6));
	appendStringInfoString(out, "</tr>\n");
}

typedef struct Log
{
	const char *table;
	const char *heading;
	const char *nothing;
	const char *query;
	const char *columns;
	void		(*append) (StringInfo out, uint64 row);
} Log;

static const Log logs[] = {
	{"drift_log", "Recorded drift", "Nothing was recorded by normfreeze.record_drift().", RECORDED_DRIFT,
		"<th scope=\"col\">When</th><th scope=\"col\">What</th><th scope=\"col\">Drift</th><th scope=\"col\" class=\"n\">Features</th>"
	"<th scope=\"col\" class=\"n\">Live rows</th><th scope=\"col\">By</th>", AppendDriftRow},
	{"use_log", "Who uses it", "Nobody has said so by normfreeze.register_use().", USES,
		"<th scope=\"col\">Since</th><th scope=\"col\">Consumer</th><th scope=\"col\">Kind</th><th scope=\"col\">By</th>"
	"<th scope=\"col\">Note</th>", AppendUseRow},
};

static void
AppendLog(StringInfo out, const Log *log, int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	uint64		n;

	appendStringInfo(out, "<h3>%s</h3>\n", log->heading);
	if (!MayRead(log->table))
	{
		appendStringInfo(out, "<p>Not shown: that needs SELECT on normfreeze.%s.</p>\n", log->table);
		return;
	}
	n = SqlRun(log->query, true, SQL_READ, args, lengthof(args));
	if (n == 0)
		appendStringInfo(out, "<p>%s</p>\n", log->nothing);
	else
	{
		appendStringInfo(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\"><table>\n"
						 "<caption>The newest first, " MAX_ROWS " at most</caption><thead><tr>%s</tr></thead>\n<tbody>",
						 log->heading, log->columns);
		for (uint64 i = 0; i < n; i++)
			log->append(out, i);
		appendStringInfoString(out, "</tbody></table></div>\n");
	}
	SqlFinish();
}

void
AppendWatch(StringInfo out, const Report *report)
{
	appendStringInfoString(out, "<section aria-labelledby=\"h-watch\">\n<h2 id=\"h-watch\">In use</h2>\n");
	for (int i = 0; i < lengthof(logs); i++)
		AppendLog(out, &logs[i], report->id);
	appendStringInfoString(out, "</section>\n");
}
