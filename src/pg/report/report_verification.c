/*
 * report_verification.c
 *		What verify() says of the scaler, on the page of report().
 */
#include "pg/report/report.h"

#include "catalog/pg_type.h"
#include "pg/base/sql.h"
#include "pg/report/html.h"
#include "pg/report/numerals.h"

/* What verify() reads as the current user. */
static const char *const verified_tables[] = {"profiles", "versions", "stage_log"};

static void
AppendChecks(StringInfo out, uint64 n)
{
	uint64		failed = 0;

	for (uint64 i = 0; i < n; i++)
		failed += !SqlBool(i, 2);
	appendStringInfo(out, "<p class=\"lead %s\">", failed ? "major" : "none");
	if (failed)
	{
		appendStringInfoString(out, "<strong>Not verified: ");
		AppendCount(out, failed);
		appendStringInfoString(out, " of ");
		AppendCountOf(out, n, "check");
		appendStringInfoString(out, " failed.</strong>");
	}
	else
	{
		appendStringInfoString(out, "<strong>Verified:</strong> it is what was frozen, and computes what it computed then. All ");
		AppendCountOf(out, n, "check");
		appendStringInfoString(out, " passed.");
	}
	appendStringInfoString(out, "</p>\n<table>\n<caption>Checks of normfreeze.verify()</caption><thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Result</th>"
						   "<th scope=\"col\">Detail</th></tr></thead>\n<tbody>");
	for (uint64 i = 0; i < n; i++)
	{
		bool		ok = SqlBool(i, 2);

		appendStringInfoString(out, "<tr><th scope=\"row\" class=\"id\">");
		HtmlText(out, SqlText(i, 1));
		appendStringInfoString(out, "</th><td>");
		AppendMarked(out, ok ? "none" : "major", ok ? "M0 5.5 1.5 4 4 6.5 8.5 1 10 2.5 4 9z" : "M1.5 0 5 3.5 8.5 0 10 1.5 6.5 5 10 8.5 8.5 10 5 6.5 1.5 10 0 8.5 3.5 5 0 1.5z",
					 ok ? "ok" : "failed");
		appendStringInfoString(out, "</td>");
		AppendTableCell(out, SqlText(i, 3));
		appendStringInfoString(out, "</tr>\n");
	}
	appendStringInfoString(out, "</tbody></table>\n");
}

void
AppendVerification(StringInfo out, const Report *report)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(report->id))};
	const char *forbidden = NULL;

	appendStringInfoString(out, "<section aria-labelledby=\"h-verify\">\n<h2 id=\"h-verify\">Verification</h2>\n");
	for (int i = 0; i < lengthof(verified_tables) && forbidden == NULL; i++)
		if (!MayRead(verified_tables[i]))
			forbidden = verified_tables[i];
	if (forbidden)
		appendStringInfo(out, "<p>Not run: normfreeze.verify() needs SELECT on normfreeze.%s.</p>\n", forbidden);
	else
	{
		uint64		n = SqlRun("SELECT c.\"check\", c.ok, c.detail FROM normfreeze.verify($1) AS c",
							   true, SQL_READ, args, lengthof(args));

		AppendChecks(out, n);
		SqlFinish();
	}
	appendStringInfo(out, "<dl class=\"recipe\"><div><dt>Fingerprint</dt><dd><code>%s</code></dd></div>"
					 "<div><dt>Scaler id</dt><dd><code>" INT64_FORMAT "</code></dd></div></dl>\n",
					 report->fingerprint, report->id);
	appendStringInfoString(out, "</section>\n");
}
