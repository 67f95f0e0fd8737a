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

/* The known stages as a query, in which parameter 1 is the usual ones. */
#define KNOWN_STAGES \
	"SELECT s.stage FROM normfreeze.stages AS s " \
	"UNION SELECT a.stage FROM normfreeze.stage_access AS a " \
	"UNION SELECT u.stage FROM pg_catalog.unnest($1) AS u (stage)"

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
	bool		known = SqlRun("SELECT 1 FROM (" KNOWN_STAGES ") AS k WHERE k.stage " EQ " $2",
							   true, flags | SQL_AS_OWNER, args, lengthof(args)) > 0;

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
	n = SqlRun("SELECT k.stage FROM (" KNOWN_STAGES ") AS k ORDER BY k.stage OPERATOR(pg_catalog.<>) ALL ($1), k.stage",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no stage \"%s\"", stage),
			 errdetail("The stages are %s.", ListStages(n, caller)),
			 errhint("A note is given as note => '...'.  To begin a new stage, add new_stage => true.")));
}

void
NoticeNewStages(const char *name, int32 first_seq)
{
	SqlArg		args[] = {UsualStages(), SQL_TEXT_ARG(name), SQL_ARG(INT4OID, Int32GetDatum(first_seq))};
	uint64		n = SqlRun("SELECT s.stage FROM normfreeze.stages AS s WHERE s.name " EQ " $2 "
						   "AND s.stage OPERATOR(pg_catalog.<>) ALL ($1) "
						   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS l WHERE l.stage " EQ " s.stage "
						   "AND (l.name OPERATOR(pg_catalog.<>) $2 OR l.seq OPERATOR(pg_catalog.<) $3)) "
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
	uint64		n = SqlRun("SELECT s.stage FROM normfreeze.stages AS s WHERE s.name " EQ " $1 ORDER BY s.stage",
						   true, flags | SQL_AS_OWNER, args, lengthof(args));
	char	   *list = n > 0 ? ListStages(n, caller) : NULL;

	SqlFinish();
	return list;
}
