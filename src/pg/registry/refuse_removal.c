/*
 * refuse_removal.c
 *		The event trigger that refuses DROP EXTENSION and DROP OWNED while there is something to lose.
 *		(src/sql/registry.sql attaches it.)
 *
 * It looks at the statement before it runs: once an extension has been dropped, its event triggers are gone, too.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "commands/user.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "pg/base/settings.h"
#include "pg/base/sql.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"

/* The tables that hold what is frozen: what pg_dump writes of an extension is what would be lost with it. */
static List *
StoredTables(void)
{
	MemoryContext caller = CurrentMemoryContext;
	List	   *names = NIL;
	uint64		n = SqlRun("SELECT c.relname::pg_catalog.text FROM pg_catalog.pg_extension AS e "
						   "CROSS JOIN LATERAL pg_catalog.unnest(e.extconfig) WITH ORDINALITY AS t (id, place) "
						   "JOIN pg_catalog.pg_class AS c ON c.oid " EQ " t.id "
						   "WHERE e.extname " EQ " 'normfreeze' AND c.relkind " EQ " 'r' ORDER BY t.place",
						   true, SQL_READ, NULL, 0);
	MemoryContext old = MemoryContextSwitchTo(caller);

	for (uint64 i = 0; i < n; i++)
		names = lappend(names, pstrdup(SqlText(i, 1)));
	MemoryContextSwitchTo(old);
	SqlFinish();
	return names;
}

/* The rows that would be lost, as a text for people; empty if there are none. */
static char *
DescribeLoss(void)
{
	StringInfoData loss;
	ListCell   *cell;

	initStringInfo(&loss);
	foreach(cell, StoredTables())
	{
		const char *name = lfirst(cell);
		int64		count;

		/* the lock of DROP itself: what is not there now does not come in between */
		LockRelationOid(RegistryTable(name), AccessExclusiveLock);
		SqlRun(psprintf("SELECT pg_catalog.count(*) FROM normfreeze.%s", quote_identifier(name)), false,
			   SQL_LATEST | SQL_AS_OWNER, NULL, 0);
		count = SqlInt8(0, 1);
		SqlFinish();
		if (count > 0)
			appendStringInfo(&loss, "%s%s (" INT64_FORMAT ")", loss.len ? ", " : "", name, count);
	}
	return loss.data;
}

static void
RefuseLoss(DropBehavior behavior)
{
	char	   *loss = DescribeLoss();

	if (loss[0] == '\0')
		return;
	if (behavior == DROP_CASCADE)
		ereport(WARNING,
				(errmsg("everything that was frozen in this database is dropped with extension \"normfreeze\""),
				 errdetail("Rows by table: %s.", loss),
				 errhint("In a transaction, ROLLBACK keeps it.")));
	else
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop extension \"normfreeze\" because what was frozen in this database would be lost"),
				 errdetail("Rows by table: %s.", loss),
				 errhint("Keep a dump first.  Then DROP ... CASCADE drops it with all of them, as "
						 "SET normfreeze.allow_removal = on lets any DROP do.")));
}

/* Return whether DROP EXTENSION names ours, and the current user may drop it. */
static bool
DropsOurs(const DropStmt *drop)
{
	ListCell   *cell;

	if (drop->removeType != OBJECT_EXTENSION)
		return false;
	foreach(cell, drop->objects)
	{
		Oid			extension;

		if (strcmp(strVal(lfirst(cell)), "normfreeze") != 0)
			continue;
		extension = get_extension_oid("normfreeze", true);
		return OidIsValid(extension) && OwnsExtension(extension, GetUserId());
	}
	return false;
}

/* Return whether DROP OWNED is of the owner of ours, and the current user may drop all that it says. */
static bool
DropsOwnerOfOurs(const DropOwnedStmt *drop)
{
	List	   *roles = roleSpecsToIds(drop->roles);
	Oid			owner = InvalidOid;
	ListCell   *cell;

	if (SqlRun("SELECT e.extowner FROM pg_catalog.pg_extension AS e WHERE e.extname " EQ " 'normfreeze'",
			   true, SQL_READ, NULL, 0) > 0)
		owner = DatumGetObjectId(SqlPresent(0, 1, OIDOID));
	SqlFinish();
	foreach(cell, roles)
	{
		if (!has_privs_of_role(GetUserId(), lfirst_oid(cell)))
			return false;
	}
	return OidIsValid(owner) && list_member_oid(roles, owner);
}

PG_FUNCTION_INFO_V1(refuse_removal);
Datum
refuse_removal(PG_FUNCTION_ARGS)
{
	const Node *statement;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		elog(ERROR, "refuse_removal() was not called as an event trigger");
	if (allow_removal)
		PG_RETURN_VOID();
	statement = ((EventTriggerData *) fcinfo->context)->parsetree;
	if (IsA(statement, DropStmt) && DropsOurs((const DropStmt *) statement))
		RefuseLoss(((const DropStmt *) statement)->behavior);
	else if (IsA(statement, DropOwnedStmt) && DropsOwnerOfOurs((const DropOwnedStmt *) statement))
		RefuseLoss(((const DropOwnedStmt *) statement)->behavior);
	PG_RETURN_VOID();
}
