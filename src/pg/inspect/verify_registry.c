/*
 * verify_registry.c
 *		The function verify(): checking that the registry is complete and that its guards are in
 *		force.
 */
#include "pg/inspect/verify_report.h"

#include "pg/base/installed.h"
#include "pg/base/library_version.h"
#include "pg/base/sql.h"
#include "utils/lsyscache.h"

/* ---- the registry ---- */

/*
 * Run a query of the whole registry (id is NULL), which reads tables whole, or of one scaler, $1.  The former is
 * planned every time.
 */
static uint64
RunOf(const char *query, SqlArg id)
{
	return SqlRun(query, !id.isnull, SQL_READ, &id, id.isnull ? 0 : 1);
}

/* Check that numbers have no gaps.  The query returns the gaps. */
static void
CheckNumbering(const VerifyReport *report, const char *check, const char *query, SqlArg id)
{
	uint64		n = RunOf(query, id);
	StringInfoData detail;

	initStringInfo(&detail);
	for (uint64 i = 0; i < n && i < 5; i++)
		appendStringInfo(&detail, "%s\"%s\" has %s numbers up to %s", i ? "; " : "", SqlText(i, 1), SqlText(i, 2),
						 SqlText(i, 3));
	if (n == 0)
		ReportCheck(report, check, true, "numbered without gaps");
	else
		ReportCheck(report, check, false, "%s", detail.data);
	SqlFinish();
}

/*
 * What is wrong with a log that is archived, and with its archives: numbers that are missing beside
 * those that left, archives that do not follow each other, and a log that ends before it did when
 * it was archived.
 */
#define ARCHIVED_LOG_GAPS(log) \
	"WITH a AS (SELECT x.scaler_id, x.first_seq, x.last_seq, x.newest_seq, pg_catalog.lag(x.last_seq, 1, 0) OVER " \
	"(PARTITION BY x.scaler_id ORDER BY x.last_seq) AS before FROM normfreeze.archive_log AS x WHERE x.log " EQ " '" log "'), " \
	"e AS (SELECT a.scaler_id, pg_catalog.max(a.last_seq) AS last_seq, pg_catalog.max(a.newest_seq) AS newest_seq, " \
	"pg_catalog.bool_and((a.first_seq OPERATOR(pg_catalog.-) 1) " EQ " a.before) AS follow FROM a GROUP BY a.scaler_id), " \
	"r AS (SELECT l.scaler_id, pg_catalog.count(*) AS n, pg_catalog.min(l.seq) AS least, pg_catalog.max(l.seq) AS greatest " \
	"FROM normfreeze." log " AS l GROUP BY l.scaler_id) " \
	"SELECT CASE WHEN NOT e.follow " \
	"THEN pg_catalog.format('archives of \"%s\" do not follow each other', e.scaler_id) " \
	"WHEN r.greatest IS NULL OR r.greatest OPERATOR(pg_catalog.<) e.newest_seq " \
	"THEN pg_catalog.format('\"%s\" had numbers up to %s, and has them up to %s', e.scaler_id, e.newest_seq, COALESCE(r.greatest, e.last_seq)) " \
	"WHEN e.last_seq IS NULL THEN pg_catalog.format('\"%s\" has %s numbers up to %s', r.scaler_id, r.n, r.greatest) " \
	"ELSE pg_catalog.format('\"%s\" has %s numbers up to %s beside %s that were archived', r.scaler_id, r.n, r.greatest, e.last_seq) END " \
	"FROM r FULL JOIN e ON e.scaler_id " EQ " r.scaler_id " \
	"WHERE NOT COALESCE(e.follow, true) OR r.greatest IS NULL OR r.greatest OPERATOR(pg_catalog.<) COALESCE(e.newest_seq, 0) " \
	"OR r.least OPERATOR(pg_catalog.<=) COALESCE(e.last_seq, 0) " \
	"OR r.n OPERATOR(pg_catalog.<>) (r.greatest OPERATOR(pg_catalog.-) COALESCE(e.last_seq, 0)) ORDER BY 1 LIMIT 5"

/* The same for a log without archives, in a database that has no table for them yet. */
#define UNARCHIVED_LOG_GAPS(log) \
	"SELECT pg_catalog.format('\"%s\" has %s numbers up to %s', l.scaler_id, pg_catalog.count(*), pg_catalog.max(l.seq)) " \
	"FROM normfreeze." log " AS l GROUP BY l.scaler_id HAVING pg_catalog.count(*) OPERATOR(pg_catalog.<>) pg_catalog.max(l.seq) LIMIT 5"

/*
 * Check the numbers of a log that is archived.  Who may read the log learns which of its numbers
 * are missing, whether or not archive_log is theirs to read.
 */
static void
CheckArchivedLog(const VerifyReport *report, const char *check, const char *log, const char *archived,
				 const char *unarchived)
{
	StringInfoData detail;
	uint64		n;

	if (SqlRun(psprintf("SELECT 1 FROM normfreeze.%s AS l WHERE false", log), false, SQL_READ, NULL, 0) > 0)
		elog(ERROR, "a row where there is none");
	SqlFinish();
	initStringInfo(&detail);
	n = SqlRun(RegistryHas("archive_log") ? archived : unarchived, false, SQL_READ | SQL_AS_OWNER, NULL, 0);
	for (uint64 i = 0; i < n; i++)
		appendStringInfo(&detail, "%s%s", i ? "; " : "", SqlText(i, 1));
	SqlFinish();
	if (n == 0)
		ReportCheck(report, check, true, "numbered without gaps");
	else
		ReportCheck(report, check, false, "%s", detail.data);
}

static void
CheckDriftLog(const VerifyReport *report, const char *check, const char *query, SqlArg id)
{
	CheckArchivedLog(report, check, "drift_log", ARCHIVED_LOG_GAPS("drift_log"), UNARCHIVED_LOG_GAPS("drift_log"));
}

static void
CheckUseLog(const VerifyReport *report, const char *check, const char *query, SqlArg id)
{
	CheckArchivedLog(report, check, "use_log", ARCHIVED_LOG_GAPS("use_log"), UNARCHIVED_LOG_GAPS("use_log"));
}

#define GUARDS_OFF \
	"SELECT g.guard, g.in_force FROM normfreeze.guards AS g WHERE NOT g.in_force ORDER BY g.guard"

/* Check that every trigger and constraint that guards the registry is there and enabled, table by table. */
static void
CheckGuards(const VerifyReport *report, const char *check, const char *query, SqlArg id)
{
	uint64		n = SqlRun(query, true, SQL_READ | SQL_AS_OWNER, NULL, 0);
	StringInfoData detail;

	initStringInfo(&detail);
	for (uint64 i = 0; i < n; i++)
		appendStringInfo(&detail, "%s%s", i ? ", " : "", SqlText(i, 1));
	if (n == 0)
		ReportCheck(report, check, true, "every trigger and constraint is in force");
	else
		ReportCheck(report, check, false, "not in force: %s", detail.data);
	SqlFinish();
}

#define PRIVILEGE_FAULTS \
	"SELECT p.fault FROM normfreeze.privilege_faults AS p ORDER BY p.fault"

#define MOST_FAULTS		5		/* that a line names */

/* Check that privileges are those that the extension was installed with, but for what was granted to roles since. */
static void
CheckPrivileges(const VerifyReport *report, const char *check, const char *query, SqlArg id)
{
	StringInfoData detail;
	uint64		n;

	/* an installation that is to be updated has no such view; the library's line says so */
	if (!OidIsValid(get_relname_relid("privilege_faults", RegistrySchema())))
		return;
	n = SqlRun(query, true, SQL_READ | SQL_AS_OWNER, NULL, 0);
	initStringInfo(&detail);
	for (uint64 i = 0; i < Min(n, MOST_FAULTS); i++)
		appendStringInfo(&detail, "%s%s", i ? "; " : "", SqlText(i, 1));
	if (n > MOST_FAULTS)
		appendStringInfo(&detail, "; and " UINT64_FORMAT " more", n - MOST_FAULTS);
	SqlFinish();
	ReportCheck(report, check, n == 0, "%s",
				n ? detail.data : "the owner of the extension has what it grants, and nobody has more");
}

/* The rows of all names, or of those of the scaler $1. */
#define OF_ALL	""
#define OF_ONE(row) \
	"JOIN (SELECT DISTINCT w.name FROM normfreeze.versions AS w WHERE w.scaler_id " EQ " $1) AS n " \
	"ON " row ".name " EQ " n.name "

#define VERSION_GAPS(of) \
	"SELECT v.name, pg_catalog.count(*), pg_catalog.max(v.version) FROM normfreeze.versions AS v " of \
	"GROUP BY v.name HAVING pg_catalog.count(*) OPERATOR(pg_catalog.<>) pg_catalog.max(v.version)"

/* The gaps in the numbers of a log's entries, by this key. */
#define LOG_GAPS(log, key, of) \
	"SELECT l." key ", pg_catalog.count(*), pg_catalog.max(l.seq) FROM normfreeze." log " AS l " of \
	"GROUP BY l." key " HAVING pg_catalog.count(*) OPERATOR(pg_catalog.<>) pg_catalog.max(l.seq)"

/* Versions whose content is missing, and entries of the stage log whose version is missing. */
#define ORPHANS(version, of) \
	"SELECT 'version ' OPERATOR(pg_catalog.||) v.version OPERATOR(pg_catalog.||) ' of \"' " \
	"OPERATOR(pg_catalog.||) v.name OPERATOR(pg_catalog.||) '\" has no scaler' FROM normfreeze.versions AS v " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " v.scaler_id) " version \
	"UNION ALL SELECT 'entry ' OPERATOR(pg_catalog.||) l.seq OPERATOR(pg_catalog.||) ' of the stage log of \"' " \
	"OPERATOR(pg_catalog.||) l.name OPERATOR(pg_catalog.||) '\" names version ' OPERATOR(pg_catalog.||) l.version " \
	"OPERATOR(pg_catalog.||) ', which is not there' FROM normfreeze.stage_log AS l " of \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.versions AS v WHERE v.name " EQ " l.name " \
	"AND v.version " EQ " l.version) ORDER BY 1 LIMIT 5"

#define ORPHANS_OF_ALL	ORPHANS("", OF_ALL)
#define ORPHANS_OF_ONE	ORPHANS("AND v.scaler_id " EQ " $1 ", OF_ONE("l"))

/* Members whose set is missing.  The members of each set are checked with the set. */
#define ORPHANED_MEMBERS \
	"SELECT 'a member of ' OPERATOR(pg_catalog.||) m.set_id OPERATOR(pg_catalog.||) ', which is not there' " \
	"FROM (SELECT DISTINCT o.set_id FROM normfreeze.members AS o) AS m " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " m.set_id) " \
	"ORDER BY 1 LIMIT 5"

/* Entries of the drift log whose scaler is missing. */
#define ORPHANED_DRIFT \
	"SELECT 'drift of ' OPERATOR(pg_catalog.||) d.scaler_id OPERATOR(pg_catalog.||) ', which is not there' " \
	"FROM (SELECT DISTINCT l.scaler_id FROM normfreeze.drift_log AS l) AS d " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " d.scaler_id) " \
	"ORDER BY 1 LIMIT 5"

/* Entries of the use log and the purge log whose scaler is missing. */
#define ORPHANED_USES \
	"SELECT 'use ' OPERATOR(pg_catalog.||) l.seq OPERATOR(pg_catalog.||) ' of ' OPERATOR(pg_catalog.||) l.scaler_id " \
	"OPERATOR(pg_catalog.||) ', which is not there' FROM normfreeze.use_log AS l " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " l.scaler_id) " \
	"UNION ALL SELECT 'a purge for ' OPERATOR(pg_catalog.||) l.scaler_id " \
	"OPERATOR(pg_catalog.||) ', which is not there' FROM normfreeze.purge_log AS l " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " l.scaler_id) " \
	"ORDER BY 1 LIMIT 5"

static void
AppendOrphans(StringInfo detail, const char *query, SqlArg id)
{
	uint64		n = RunOf(query, id);

	for (uint64 i = 0; i < n; i++)
		appendStringInfo(detail, "%s%s", detail->len ? "; " : "", SqlText(i, 1));
	SqlFinish();
}

/*
 * Check that what rows refer to exists.  There are no foreign keys, because a parallel restore loads the tables
 * in any order.
 */
static void
CheckOrphans(const VerifyReport *report, const char *check, const char *query, SqlArg id)
{
	StringInfoData detail;

	initStringInfo(&detail);
	AppendOrphans(&detail, query, id);
	/* the members of sets are checked for those who may read them */
	if (id.isnull && MayRead("members"))
		AppendOrphans(&detail, ORPHANED_MEMBERS, id);
	if (id.isnull)
	{
		AppendOrphans(&detail, ORPHANED_DRIFT, id);
		AppendOrphans(&detail, ORPHANED_USES, id);
	}
	if (detail.len == 0)
		ReportCheck(report, check, true, "versions and log refer to what is there");
	else
		ReportCheck(report, check, false, "%s", detail.data);
}

static void
CheckLibrary(const VerifyReport *report, const char *check, const char *query, SqlArg id)
{
	const char *problem;

	(void) FindExtension();
	problem = VersionProblem();
	ReportCheck(report, check, problem == NULL, "%s",
				problem ? problem : "of the version of the extension in this database");
}

typedef struct RegistryCheck
{
	const char *check;
	void		(*run) (const VerifyReport *report, const char *check, const char *query, SqlArg id);
	const char *of_all;			/* the query for the whole registry: id is NULL */
	const char *of_one;			/* for the names of one scaler; NULL: not checked with it */
} RegistryCheck;

static const RegistryCheck registry_checks[] = {
	{"versions", CheckNumbering, VERSION_GAPS(OF_ALL), VERSION_GAPS(OF_ONE("v"))},
	{"stage log", CheckNumbering, LOG_GAPS("stage_log", "name", OF_ALL), LOG_GAPS("stage_log", "name", OF_ONE("l"))},
	{"stage access", CheckNumbering, LOG_GAPS("stage_access_log", "stage", OF_ALL), NULL},
	{"drift log", CheckDriftLog, "", NULL},
	{"use log", CheckUseLog, "", NULL},
	{"purge log", CheckNumbering, LOG_GAPS("purge_log", "digest", OF_ALL), NULL},
	{"references", CheckOrphans, ORPHANS_OF_ALL, ORPHANS_OF_ONE},
	{"guards", CheckGuards, GUARDS_OFF, GUARDS_OFF},
	{"privileges", CheckPrivileges, PRIVILEGE_FAULTS, NULL},
	{"library", CheckLibrary, "", ""},
};

typedef struct RegistryStep
{
	const VerifyReport *report;
	const RegistryCheck *check;
	SqlArg		id;
} RegistryStep;

static void
RunRegistryCheck(void *arg)
{
	RegistryStep *step = arg;

	step->check->run(step->report, step->check->check,
					 step->id.isnull ? step->check->of_all : step->check->of_one, step->id);
}

void
VerifyRegistry(const VerifyReport *report, SqlArg id)
{
	for (int i = 0; i < lengthof(registry_checks); i++)
	{
		RegistryStep step = {report, &registry_checks[i], id};

		if (id.isnull || step.check->of_one)
			AttemptCheck(report, step.check->check, RunRegistryCheck, &step);
	}
}
