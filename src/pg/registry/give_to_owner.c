/*
 * give_to_owner.c
 *		The function give_to_owner(): what a script of the extension has made belongs to whom the rest belongs to.
 *
 * Who runs an update script need not be the owner of the registry, and may be unable to become it: functions in C
 * are made by superusers, and tables may have been given to a role that is none.
 */
#include "pg/base/compat.h"

#include "commands/extension.h"
#include "pg/base/sql.h"
#include "utils/builtins.h"

/*
 * The statements, one a row, as text.  Only a superuser can own an event trigger, whoever owns the registry: 10 is
 * the bootstrap superuser.
 */
#define GIFTS \
	"WITH members AS (SELECT d.classid, d.objid FROM pg_depend AS d " \
	"JOIN pg_extension AS e ON e.oid " EQ " d.refobjid WHERE d.refclassid " EQ " 'pg_extension'::regclass AND d.deptype " EQ " 'e' AND e.extname " EQ " 'normfreeze'), " \
	"owned AS (SELECT 'pg_proc'::regclass::oid AS classid, oid AS objid, proowner AS owner FROM pg_proc " \
	"UNION ALL SELECT 'pg_class'::regclass, oid, relowner FROM pg_class WHERE relkind IN ('r', 'v') " \
	"UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typowner FROM pg_type AS t LEFT JOIN pg_class AS r ON r.oid " EQ " t.typrelid " \
	"WHERE t.typcategory " EQ " 'U' OR t.typcategory " EQ " 'E' OR r.relkind " EQ " 'c' " \
	"UNION ALL SELECT 'pg_operator'::regclass, oid, oprowner FROM pg_operator " \
	"UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner FROM pg_opclass " \
	"UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner FROM pg_opfamily " \
	"UNION ALL SELECT 'pg_event_trigger'::regclass, oid, evtowner FROM pg_event_trigger), " \
	"due AS (SELECT o.*, CASE WHEN o.classid " EQ " 'pg_event_trigger'::regclass THEN 10 ELSE s.relowner END AS heir " \
	"FROM members JOIN owned AS o USING (classid, objid), pg_class AS s " \
	"WHERE s.oid " EQ " 'normfreeze.scalers'::regclass AND o.owner " EQ " (SELECT oid FROM pg_roles WHERE rolname " EQ " current_user)) " \
	"SELECT format('ALTER %s %s OWNER TO %I', upper(i.type), i.identity, pg_get_userbyid(due.heir)) " \
	"FROM due, pg_identify_object(due.classid, due.objid, 0) AS i WHERE due.owner <> due.heir"

PG_FUNCTION_INFO_V1(give_to_owner);
Datum
give_to_owner(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	List	   *statements = NIL;
	ListCell   *cell;
	uint64		n;

	if (!creating_extension)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("give_to_owner() is for scripts of the extension"),
				 errhint("Use ALTER ... OWNER TO, or normfreeze.repair().")));
	/* SQL_WRITE, to see what the script has made */
	n = SqlRunInCatalog(GIFTS, SQL_WRITE);
	old = MemoryContextSwitchTo(caller);
	for (uint64 i = 0; i < n; i++)
		statements = lappend(statements, pstrdup(SqlText(i, 1)));
	MemoryContextSwitchTo(old);
	SqlFinish();
	foreach(cell, statements)
	{
		SqlRunInCatalog(lfirst(cell), SQL_WRITE);
		SqlFinish();
	}
	PG_RETURN_VOID();
}
