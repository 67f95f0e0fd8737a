/*
 * report_history.c
 *		The history of a scaler in the registry, on the page of report().
 *
 * All of it is read as the current user.  What that user may not read is not shown, and the page
 * says so.
 */
#include "pg/report/report.h"

#include "catalog/pg_type.h"
#include "pg/base/sql.h"
#include "pg/registry/registry_rows.h"
#include "pg/registry/stage_names.h"
#include "pg/report/html.h"
#include "pg/report/numerals.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* The most that a page shows, the newest first. */
#define MAX_NAMES		5
#define MAX_VERSIONS	50
#define MAX_ENTRIES		100
#define MAX_STEPS		24		/* in a timeline */

typedef struct NameHistory
{
	char	   *name;
	int32		version;		/* the version that this scaler is */
	VersionRow *own;			/* its row; NULL if it is not visible */
	int			nversions;
	VersionRow *versions;		/* the newest */
	int			nentries;
	StageEntry *entries;		/* the last */
	int			nstages;
	StageNow   *stages;			/* now */
	int			nretired;
	int32	   *retired;		/* those of the versions above that are retired */
} NameHistory;

#define NAMES_OF_SCALER \
	"SELECT v.name, v.version FROM normfreeze.versions AS v WHERE v.scaler_id " EQ " $1 " \
	"ORDER BY v.name OPERATOR(pg_catalog.<>) $2, v.name"

/*
 * Read the names of a scaler, "first" before all others.  *all is their number, which may exceed the number
 * that is read.
 */
static NameHistory *
ReadNameHistories(int64 id, const char *first, int *count, uint64 *all)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id)), SQL_TEXT_ARG(first ? first : "")};
	NameHistory *names = palloc0(sizeof(NameHistory) * MAX_NAMES);

	*all = SqlRun(NAMES_OF_SCALER, true, SQL_READ, args, lengthof(args));
	*count = (int) Min(*all, MAX_NAMES);
	for (int i = 0; i < *count; i++)
	{
		names[i].name = MemoryContextStrdup(caller, SqlText(i, 1));
		names[i].version = SqlInt4(i, 2);
	}
	SqlFinish();
	return names;
}

char *
NameOfScaler(int64 id)
{
	NameHistory *names;
	int			count;
	uint64		all;

	if (!MayRead("versions"))
		return NULL;
	names = ReadNameHistories(id, NULL, &count, &all);
	return count > 0 ? names[0].name : NULL;
}

/* ---- the state of stages ---- */

static bool
IsRetired(const NameHistory *history, int32 version)
{
	for (int i = 0; i < history->nretired; i++)
		if (history->retired[i] == version)
			return true;
	return false;
}

/* Return whether an entry puts a version into a stage. */
static bool
Enters(const StageEntry *entry)
{
	const StageAction *action = FindStageAction(entry->action);

	return action && action->enters && entry->stage;
}

/* Append the stages that have a version now, such as "production, staging". */
static void
AppendStagesNow(StringInfo out, const NameHistory *history, int32 version)
{
	const char *separator = "";

	for (int i = 0; i < history->nstages; i++)
		if (history->stages[i].version == version)
		{
			appendStringInfoString(out, separator);
			HtmlName(out, history->stages[i].stage);
			separator = ", ";
		}
	if (IsRetired(history, version))
		appendStringInfo(out, "%s<em>retired</em>", separator);
}

/* Read which of the versions that were read are retired. */
static void
ReadRetired(NameHistory *history)
{
	Datum	   *numbers = palloc(sizeof(Datum) * (history->nversions + 1));
	SqlArg		args[] = {SQL_TEXT_ARG(history->name), SQL_NULL_ARG(INT4ARRAYOID)};
	ArrayType  *array;

	for (int i = 0; i < history->nversions; i++)
		numbers[i] = Int32GetDatum(history->versions[i].version);
	numbers[history->nversions] = Int32GetDatum(history->version);
	array = construct_array(numbers, history->nversions + 1, INT4OID, sizeof(int32), true, TYPALIGN_INT);
	args[1] = SQL_ARG(INT4ARRAYOID, PointerGetDatum(array));
	history->retired = palloc(sizeof(int32) * (history->nversions + 1));
	history->nretired = (int) SqlRun("SELECT DISTINCT l.version FROM normfreeze.stage_log AS l WHERE l.name " EQ " $1 "
									 "AND l.version " EQ " ANY ($2) AND l.action " EQ " 'retire'",
									 true, SQL_READ, args, lengthof(args));
	for (int i = 0; i < history->nretired; i++)
		history->retired[i] = SqlInt4(i, 1);
	SqlFinish();
}

static void
ReadHistory(NameHistory *history)
{
	int			count;
	VersionRow *own = ReadVersions(history->name, SQL_READ, history->version, 1, &count);

	if (count > 0 && own->version == history->version)
		history->own = own;
	history->versions = ReadVersions(history->name, SQL_READ, PG_INT32_MAX, MAX_VERSIONS, &history->nversions);
	if (!MayRead("stage_log"))
		return;
	history->entries = ReadStageEntries(history->name, SQL_READ, PG_INT32_MAX, MAX_ENTRIES, &history->nentries);
	history->stages = ReadStagesNow(history->name, SQL_READ, &history->nstages);
	ReadRetired(history);
}

/* ---- the head of the page ---- */

void
AppendBy(StringInfo out, const char *user, const char *session_user)
{
	HtmlName(out, user);
	if (strcmp(user, session_user) != 0)
	{
		appendStringInfoString(out, " (session of ");
		HtmlName(out, session_user);
		appendStringInfoChar(out, ')');
	}
}

static void
AppendOwnStages(StringInfo out, const NameHistory *history)
{
	int			before = out->len;

	if (MayRead("stage_log"))
		AppendStagesNow(out, history, history->version);
	else
		appendStringInfoString(out, "not shown: that needs SELECT on normfreeze.stage_log");
	if (out->len == before)
		appendStringInfoString(out, "none");
}

static void
AppendFrozen(StringInfo out, const VersionRow *row)
{
	AppendTime(out, row->frozen_at);
	appendStringInfoString(out, " by ");
	AppendBy(out, row->frozen_by, row->frozen_session_user);
}

static bool
HasMetadata(const VersionRow *row)
{
	return row->metadata && JB_ROOT_COUNT(row->metadata) > 0;
}

static void
AppendMetadata(StringInfo out, const VersionRow *row)
{
	appendStringInfoString(out, "<code>");
	HtmlExcerpt(out, JsonbToCString(NULL, &row->metadata->root, VARSIZE(row->metadata)));
	appendStringInfoString(out, "</code>");
}

/* Append what is known of the only name, a fact each. */
static void
AppendVersionFacts(StringInfo out, const NameHistory *history)
{
	const VersionRow *row = history->own;

	appendStringInfoString(out, "<div><dt>Version</dt><dd>");
	HtmlName(out, history->name);
	appendStringInfo(out, " v%d</dd></div>\n<div><dt>Stages now</dt><dd>", row->version);
	AppendOwnStages(out, history);
	appendStringInfoString(out, "</dd></div>\n<div><dt>Frozen</dt><dd>");
	AppendFrozen(out, row);
	appendStringInfoString(out, "</dd></div>\n");
	if (row->note)
	{
		appendStringInfoString(out, "<div class=\"full\"><dt>Note</dt><dd>");
		HtmlExcerpt(out, row->note);
		appendStringInfoString(out, "</dd></div>\n");
	}
	if (HasMetadata(row))
	{
		appendStringInfoString(out, "<div class=\"full\"><dt>Metadata</dt><dd>");
		AppendMetadata(out, row);
		appendStringInfoString(out, "</dd></div>\n");
	}
}

/* Append a table of the names, where there are several. */
static void
AppendNamesFact(StringInfo out, const NameHistory *names, int count, uint64 further)
{
	appendStringInfoString(out, "<div class=\"full\"><dt>Names</dt>");
	for (int i = 0; i < count; i++)
	{
		const VersionRow *row = names[i].own;

		if (row == NULL)
			continue;
		appendStringInfoString(out, "<dd><strong>");
		HtmlName(out, names[i].name);
		appendStringInfo(out, " v%d</strong> &#183; stages now: ", row->version);
		AppendOwnStages(out, &names[i]);
		appendStringInfoString(out, " &#183; frozen ");
		AppendFrozen(out, row);
		if (row->note)
		{
			appendStringInfoString(out, " &#183; note: ");
			HtmlExcerpt(out, row->note);
		}
		if (HasMetadata(row))
		{
			appendStringInfoString(out, " &#183; ");
			AppendMetadata(out, row);
		}
		appendStringInfoString(out, "</dd>");
	}
	if (further > 0)
		appendStringInfo(out, "<dd>and " UINT64_FORMAT " more</dd>", further);
	appendStringInfoString(out, "</div>\n");
}

void
AppendIdentity(StringInfo out, const Report *report)
{
	NameHistory *names;
	int			count;
	uint64		all;

	if (!MayRead("versions"))
	{
		appendStringInfoString(out, "<div><dt>Version</dt><dd>not shown: that needs SELECT on normfreeze.versions</dd></div>\n");
		return;
	}
	names = ReadNameHistories(report->id, report->name, &count, &all);
	for (int i = 0; i < count; i++)
		ReadHistory(&names[i]);
	if (all > 1)
		AppendNamesFact(out, names, count, all - count);
	else if (count == 1 && names[0].own)
		AppendVersionFacts(out, &names[0]);
}

/* ---- timeline ---- */

/* Find the stages of a name, in the order in which they were first used.  Return their number. */
static int
StagesOf(const NameHistory *history, int first, const char **stages)
{
	int			n = 0;

	for (int i = first; i < history->nentries; i++)
	{
		bool		known = history->entries[i].stage == NULL;

		for (int k = 0; k < n && !known; k++)
			known = strcmp(stages[k], history->entries[i].stage) == 0;
		if (!known)
			stages[n++] = history->entries[i].stage;
	}
	return n;
}

/* Return the next entry of the same stage, or the number of entries if there is none. */
static int
NextOfStage(const NameHistory *history, int entry)
{
	for (int i = entry + 1; i < history->nentries; i++)
		if (history->entries[i].stage && strcmp(history->entries[i].stage, history->entries[entry].stage) == 0)
			return i;
	return history->nentries;
}

/*
 * Append a track for each stage with the versions that were in it.
 *
 * Each change is one step wide: in true time, a rollback within minutes would not be visible.
 */
static void
AppendTimeline(StringInfo out, const NameHistory *history)
{
	int			first = Max(0, history->nentries - MAX_STEPS);
	double		step = 100.0 / Max(1, history->nentries - first);
	const char *stages[MAX_STEPS];
	int			nstages = StagesOf(history, first, stages);

	if (nstages == 0)
		return;
	appendStringInfoString(out, "<div class=\"timeline\" aria-hidden=\"true\">\n");
	for (int s = 0; s < nstages; s++)
	{
		appendStringInfoString(out, "<div class=\"stage\">");
		HtmlName(out, stages[s]);
		appendStringInfoString(out, "</div><div class=\"track\">");
		for (int i = first; i < history->nentries; i++)
			if (Enters(&history->entries[i]) && strcmp(history->entries[i].stage, stages[s]) == 0)
				appendStringInfo(out, "<span%s style=\"left:%.2f%%;width:%.2f%%\">v%d</span>",
								 history->entries[i].version == history->version ? " class=\"this\"" : "",
								 (i - first) * step, (NextOfStage(history, i) - i) * step, history->entries[i].version);
		appendStringInfoString(out, "</div>\n");
	}
	appendStringInfoString(out, "</div>\n<p class=\"soft\">One step for each change, oldest on the left; this version is filled.</p>\n");
}

/* ---- tables ---- */

/* Append that some rows are not shown: numbers begin at 1, without gaps. */
static void
AppendLeftOut(StringInfo out, int count, const char *noun)
{
	if (count > 0)
	{
		appendStringInfoString(out, "<p class=\"soft\">");
		AppendCountOf(out, count, noun);
		appendStringInfo(out, " before these %s left out.</p>\n", count == 1 ? "is" : "are");
	}
}

void
AppendTableCell(StringInfo out, const char *text)
{
	appendStringInfoString(out, "<td>");
	if (text)
		HtmlExcerpt(out, text);
	appendStringInfoString(out, "</td>");
}

static void
AppendVersionsTable(StringInfo out, const NameHistory *history)
{
	appendStringInfoString(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Versions\"><table>\n<caption>Versions</caption><thead><tr><th scope=\"col\">Version</th>"
						   "<th scope=\"col\">Scaler id</th><th scope=\"col\">Frozen</th><th scope=\"col\">By</th>"
						   "<th scope=\"col\" class=\"n\">Rows</th><th scope=\"col\">Stages now</th><th scope=\"col\">Note</th></tr></thead>\n<tbody>");
	for (int i = history->nversions - 1; i >= 0; i--)
	{
		const VersionRow *row = &history->versions[i];

		appendStringInfo(out, "<tr%s><th scope=\"row\">v%d%s</th><td class=\"id\">" INT64_FORMAT "</td><td>",
						 row->version == history->version ? " class=\"this\"" : "", row->version,
						 row->version == history->version ? " (this one)" : "", row->scaler_id);
		AppendTime(out, row->frozen_at);
		appendStringInfoString(out, "</td><td>");
		AppendBy(out, row->frozen_by, row->frozen_session_user);
		appendStringInfoString(out, "</td><td class=\"n\">");
		if (row->row_count >= 0)
			AppendCount(out, row->row_count);
		else
			appendStringInfoString(out, "&#8211;");
		appendStringInfoString(out, "</td><td>");
		AppendStagesNow(out, history, row->version);
		appendStringInfoString(out, "</td>");
		AppendTableCell(out, row->note);
		appendStringInfoString(out, "</tr>\n");
	}
	appendStringInfoString(out, "</tbody></table></div>\n");
	AppendLeftOut(out, history->nversions > 0 ? history->versions[0].version - 1 : 0, "version");
}

static void
AppendEntriesTable(StringInfo out, const NameHistory *history)
{
	if (history->nentries == 0)
	{
		appendStringInfo(out, "<p>%s</p>\n", MayRead("stage_log") ? "It has not been in a stage."
						 : "Its stages are not shown: that needs SELECT on normfreeze.stage_log.");
		return;
	}
	appendStringInfoString(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Stages\"><table>\n<caption>Stages</caption><thead><tr><th scope=\"col\">When</th>"
						   "<th scope=\"col\">What</th><th scope=\"col\">Version</th><th scope=\"col\">Stage</th>"
						   "<th scope=\"col\">By</th><th scope=\"col\">Note</th></tr></thead>\n<tbody>");
	for (int i = history->nentries - 1; i >= 0; i--)
	{
		const StageEntry *entry = &history->entries[i];

		appendStringInfo(out, "<tr%s><td>", entry->version == history->version ? " class=\"this\"" : "");
		AppendTime(out, entry->at);
		appendStringInfo(out, "</td><td>%s</td><td>v%d</td>", entry->action, entry->version);
		AppendTableCell(out, entry->stage);
		appendStringInfoString(out, "<td>");
		AppendBy(out, entry->changed_by, entry->changed_session_user);
		appendStringInfoString(out, "</td>");
		AppendTableCell(out, entry->note);
		appendStringInfoString(out, "</tr>\n");
	}
	appendStringInfoString(out, "</tbody></table></div>\n");
	AppendLeftOut(out, history->entries[0].seq - 1, "change");
}

void
AppendHistory(StringInfo out, const Report *report)
{
	NameHistory *names;
	int			count;
	uint64		all;

	appendStringInfoString(out, "<section aria-labelledby=\"h-history\">\n<h2 id=\"h-history\">History</h2>\n");
	if (!MayRead("versions"))
		appendStringInfoString(out, "<p>Not shown: that needs SELECT on normfreeze.versions.</p>\n");
	else
	{
		names = ReadNameHistories(report->id, report->name, &count, &all);
		if (count == 0)
			appendStringInfoString(out, "<p>It has no name; it is a member of a set, perhaps.</p>\n");
		for (int i = 0; i < count; i++)
		{
			ReadHistory(&names[i]);
			appendStringInfoString(out, "<h3>");
			HtmlName(out, names[i].name);
			appendStringInfoString(out, "</h3>\n");
			AppendTimeline(out, &names[i]);
			AppendVersionsTable(out, &names[i]);
			AppendEntriesTable(out, &names[i]);
		}
	}
	appendStringInfoString(out, "</section>\n");
}
