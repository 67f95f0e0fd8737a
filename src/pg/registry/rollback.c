/*
 * rollback.c
 *		The version to which a rollback goes, found from the end of the log backwards.
 *
 * What is on the stack of a stage follows from the whole log, but mostly its last entries say what is near the
 * top: a promotion is above the stack before it; after a rollback to a version this is on top, and what is
 * below it is below its promotion, which comes before.  So the log is read backwards, no further than until a
 * version is found.
 */
#include "pg/registry/rollback.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/base/sql.h"
#include "utils/builtins.h"

/* Entries that are read at once, at first and at most. */
#define FIRST_ENTRIES	4
#define MOST_ENTRIES	1024

typedef struct Stack
{
	/* versions that rollbacks have returned to, whose promotions are still to come; the last one comes first */
	int32	   *awaited;
	int			nawaited;
	int			room;
	bool		announced;		/* the first one of them has been found already, by its rollback */

	bool		any;			/* a version was found; the first is at the top */
	int32		top;
	bool		demoted;		/* the last entry is a demotion */
	bool		promoted;		/* the entry behind the one that comes is a promotion */
	int32		below;			/* the result: 0 as long as it is not found */
	bool		done;
} Stack;

static void
FoundVersion(Stack *stack, int32 version, bool retired)
{
	if (!stack->any)
		stack->top = version;
	stack->any = true;
	if (!retired && (stack->demoted || version != stack->top))
		stack->below = version;
	stack->done = stack->below != 0;
}

/* A promotion: the version is on the stack unless a rollback that came later has popped it. */
static void
SeePromotion(Stack *stack, int32 version, bool retired)
{
	bool		awaited = stack->nawaited > 0;

	if (awaited && stack->awaited[stack->nawaited - 1] != version)
		return;
	while (stack->nawaited > 0 && stack->awaited[stack->nawaited - 1] == version)
		stack->nawaited--;
	if (stack->nawaited > 0)
		return;
	if (!(awaited && stack->announced))
		FoundVersion(stack, version, retired);
	stack->announced = false;
}

/*
 * A rollback.  One of this database has returned to a version of the stack, so that version is on top.  An
 * imported one may have been to a version that is not on the stack here, which leaves nothing of it.
 */
static void
SeeRollback(Stack *stack, int32 version, bool retired, bool imported)
{
	if (stack->nawaited == 0)
	{
		stack->announced = !imported;
		if (stack->announced)
			FoundVersion(stack, version, retired);
	}
	if (stack->nawaited == stack->room)
	{
		stack->room = stack->room * 2 + 16;
		stack->awaited = stack->awaited ? repalloc(stack->awaited, sizeof(int32) * stack->room) :
			palloc(sizeof(int32) * stack->room);
	}
	stack->awaited[stack->nawaited++] = version;
}

/* See the entry that comes before those that were seen. */
static void
SeeEntry(Stack *stack, const char *action, int32 version, bool retired, bool imported, bool is_last)
{
	if (strcmp(action, "demote") == 0)
	{
		stack->demoted = stack->demoted || is_last;
		stack->done = stack->promoted;	/* that promotion has begun the stack */
	}
	else if (strcmp(action, "promote") == 0)
		SeePromotion(stack, version, retired);
	else if (strcmp(action, "rollback") == 0)
		SeeRollback(stack, version, retired, imported);
	stack->promoted = strcmp(action, "promote") == 0;
}

int32
VersionBelow(const char *name, const char *stage)
{
	MemoryContext caller = CurrentMemoryContext;
	Stack		stack = {0};
	int32		until = PG_INT32_MAX;	/* the entry that comes next has this number at most */
	int			limit = FIRST_ENTRIES;

	while (!stack.done)
	{
		SqlArg		args[] = {
			SQL_TEXT_ARG(name),
			SQL_TEXT_ARG(stage),
			SQL_ARG(INT4OID, Int32GetDatum(until)),
			SQL_ARG(INT4OID, Int32GetDatum(limit)),
		};
		bool		from_last = until == PG_INT32_MAX;
		uint64		n;

		CHECK_FOR_INTERRUPTS();
		n = SqlRun("SELECT l.seq, l.version, l.action, l.origin IS NOT NULL, EXISTS ("
				   "SELECT 1 FROM normfreeze.stage_log AS r WHERE r.name " EQ " l.name "
				   "AND r.version " EQ " l.version AND r.action " EQ " 'retire') "
				   "FROM normfreeze.stage_log AS l WHERE l.name " EQ " $1 AND l.stage " EQ " $2 "
				   "AND l.seq OPERATOR(pg_catalog.<=) $3 ORDER BY l.seq DESC LIMIT $4",
				   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
		for (uint64 i = 0; i < n && !stack.done; i++)
		{
			MemoryContext old = MemoryContextSwitchTo(caller);

			SeeEntry(&stack, SqlText(i, 3), SqlInt4(i, 2), SqlBool(i, 5), SqlBool(i, 4), from_last && i == 0);
			until = SqlInt4(i, 1) - 1;
			MemoryContextSwitchTo(old);
		}
		if (n < (uint64) limit)
			stack.done = true;
		SqlFinish();
		limit = Min(limit * 4, MOST_ENTRIES);
	}
	return stack.below;
}
