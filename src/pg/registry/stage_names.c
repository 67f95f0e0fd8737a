/*
 * stage_names.c
 *		Which stages exist.
 *
 * A stage is a text in the log, so a misspelt one would silently become a new stage.  Therefore
 * the caller must say that an unknown stage is meant to be new.
 */
#include "pg/registry/stage_names.h"

#include "catalog/pg_type.h"
#include "pg/base/sql.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* every database has these */
static const char *const usual_stages[] = {"production", "staging"};

#define MAX_STAGES_SHOWN	10

/*
 * The stages of a name and their versions, by leaps: the last entry of one stage after the other, with one look
 * into the index for each, however long the log is.
 */
#define NEXT_STAGE(condition) \
	"(SELECT e.stage, e.version, e.action, e.seq FROM normfreeze.stage_log AS e WHERE e.name " EQ " $1 AND " condition \
	" ORDER BY e.stage DESC, e.seq DESC LIMIT 1)"
#define STAGES_OF_NAME \
	"WITH RECURSIVE l AS (" NEXT_STAGE("e.stage IS NOT NULL") " UNION ALL SELECT n.* FROM l CROSS JOIN LATERAL " \
	NEXT_STAGE("e.stage OPERATOR(pg_catalog.<) l.stage") " AS n) " \
	"SELECT l.stage, l.version FROM l WHERE l.action OPERATOR(pg_catalog.<>) 'demote' "

/* Whether a stage is one of the usual ones, $1, has a list of roles, or has a version of any name; by leaps, too. */
#define NEXT_NAME(stage, condition) \
	"(SELECT e.name, e.action FROM normfreeze.stage_log AS e WHERE e.stage " EQ " " stage condition \
	" ORDER BY e.name DESC, e.seq DESC LIMIT 1)"
#define IS_KNOWN(stage) \
	"(" stage " " EQ " ANY ($1) " \
	"OR EXISTS (SELECT 1 FROM normfreeze.stage_access AS a WHERE a.stage " EQ " " stage ") " \
	"OR EXISTS (WITH RECURSIVE l AS (" NEXT_NAME(stage, "") " UNION ALL SELECT n.* FROM l CROSS JOIN LATERAL " \
	NEXT_NAME(stage, " AND e.name OPERATOR(pg_catalog.<) l.name") " AS n WHERE l.action " EQ " 'demote') " \
	"SELECT 1 FROM l WHERE l.action OPERATOR(pg_catalog.<>) 'demote'))"

/* All of these stages, in their order behind the usual ones. */
#define LEAPS(table) \
	"(SELECT e.stage FROM normfreeze." table " AS e WHERE e.stage OPERATOR(pg_catalog.>=) '' " \
	"ORDER BY e.stage LIMIT 1) UNION ALL " \
	"SELECT n.stage FROM t CROSS JOIN LATERAL (SELECT e.stage FROM normfreeze." table " AS e " \
	"WHERE e.stage OPERATOR(pg_catalog.>) t.stage ORDER BY e.stage LIMIT 1) AS n"
#define KNOWN_STAGES \
	"SELECT k.stage FROM (" \
	"(WITH RECURSIVE t AS (" LEAPS("stage_log") ") SELECT t.stage FROM t) UNION " \
	"(WITH RECURSIVE t AS (" LEAPS("stage_access_log") ") SELECT t.stage FROM t) UNION " \
	"SELECT u.stage FROM pg_catalog.unnest($1) AS u (stage)) AS k WHERE " IS_KNOWN("k.stage") \
	" ORDER BY k.stage OPERATOR(pg_catalog.<>) ALL ($1), k.stage"

static SqlArg
UsualStages(void)
{
	Datum		stages[lengthof(usual_stages)];

	for (int i = 0; i < lengthof(usual_stages); i++)
		stages[i] = CStringGetTextDatum(usual_stages[i]);
	return SQL_ARG(TEXTARRAYOID,
				   PointerGetDatum(construct_array(stages, lengthof(usual_stages), TEXTOID, -1, false, TYPALIGN_INT)));
}

bool
StageIsKnown(const char *stage, int flags)
{
	SqlArg		args[] = {UsualStages(), SQL_TEXT_ARG(stage)};
	bool		known = SqlRun("SELECT 1 WHERE " IS_KNOWN("$2"), true, flags | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	return known;
}

/* Return the first column of the rows that SqlRun() has read, quoted, as a list in the given context. */
static char *
ListStages(uint64 n, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	StringInfoData list;

	initStringInfo(&list);
	for (uint64 i = 0; i < Min(n, MAX_STAGES_SHOWN); i++)
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", SqlText(i, 1));
	if (n > MAX_STAGES_SHOWN)
		appendStringInfo(&list, " and " UINT64_FORMAT " more", n - MAX_STAGES_SHOWN);
	MemoryContextSwitchTo(old);
	return list.data;
}

void
CheckStageIsKnown(const char *stage)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {UsualStages()};
	uint64		n;

	if (StageIsKnown(stage, SQL_LATEST))
		return;
	n = SqlRun(KNOWN_STAGES, true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no stage \"%s\"", stage),
			 errdetail("The stages are %s.", ListStages(n, caller)),
			 errhint("A note is given as note => '...'.  To begin a new stage, add new_stage => true.")));
}

void
NoticeNewStages(const char *name, int32 first_seq)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), UsualStages(), SQL_ARG(INT4OID, Int32GetDatum(first_seq))};
	uint64		n = SqlRun("SELECT s.stage FROM (" STAGES_OF_NAME ") AS s "
						   "WHERE s.stage OPERATOR(pg_catalog.<>) ALL ($2) "
						   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS l WHERE l.stage " EQ " s.stage "
						   "AND l.name OPERATOR(pg_catalog.<) $1) "
						   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS l WHERE l.stage " EQ " s.stage "
						   "AND l.name OPERATOR(pg_catalog.>) $1) "
						   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS l WHERE l.stage " EQ " s.stage "
						   "AND l.name " EQ " $1 AND l.seq OPERATOR(pg_catalog.<) $3) "
						   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_access AS a WHERE a.stage " EQ " s.stage) "
						   "ORDER BY s.stage",
						   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));

	if (n > 0)
		ereport(NOTICE,
				(errmsg_plural("a stage is new in this database: %s", "stages are new in this database: %s", n,
							   ListStages(n, CurrentMemoryContext)),
				 errhint("normfreeze.demote() ends a stage that is not meant.")));
	SqlFinish();
}

char *
StagesOfName(const char *name, int flags)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_TEXT_ARG(name)};
	uint64		n = SqlRun(STAGES_OF_NAME "ORDER BY l.stage", true, flags | SQL_AS_OWNER, args, lengthof(args));
	char	   *list = n > 0 ? ListStages(n, caller) : NULL;

	SqlFinish();
	return list;
}

StageNow *
ReadStagesNow(const char *name, int flags, int *count)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_TEXT_ARG(name)};
	uint64		n = SqlRun(STAGES_OF_NAME "ORDER BY l.seq", true, flags, args, lengthof(args));
	StageNow   *stages = MemoryContextAlloc(caller, sizeof(StageNow) * (n + 1));

	*count = (int) n;
	for (uint64 i = 0; i < n; i++)
		stages[i] = (StageNow) {MemoryContextStrdup(caller, SqlText(i, 1)), SqlInt4(i, 2)};
	SqlFinish();
	return stages;
}
