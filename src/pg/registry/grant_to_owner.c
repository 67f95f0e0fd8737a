/*
 * grant_to_owner.c
 *		The function grant_to_owner(): it grants to the owner of the extension what an update script says.
 *
 * In a script, @extowner@ stands for whoever runs it.  That is the owner where the extension is created, but not
 * where a superuser updates the extension of somebody else.
 */
#include "pg/base/compat.h"

#include "access/xact.h"
#include "commands/extension.h"
#include "nodes/parsenodes.h"
#include "pg/base/sql.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/builtins.h"

static char *
ExtensionOwner(void)
{
	MemoryContext caller = CurrentMemoryContext;
	char	   *owner;

	SqlRun("SELECT r.rolname FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_roles AS r ON r.oid " EQ " e.extowner "
		   "WHERE e.extname " EQ " 'normfreeze'", true, SQL_READ, NULL, 0);
	owner = MemoryContextStrdup(caller, SqlText(0, 1));
	SqlFinish();
	return owner;
}

PG_FUNCTION_INFO_V1(grant_to_owner);
Datum
grant_to_owner(PG_FUNCTION_ARGS)
{
	const char *privileges = text_to_cstring(PG_GETARG_TEXT_PP(0));
	RawStmt    *statement;

	if (!creating_extension)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("grant_to_owner() is for update scripts of the extension"),
				 errhint("Use GRANT.")));
	statement = linitial_node(RawStmt, pg_parse_query(psprintf("GRANT %s TO %s WITH GRANT OPTION", privileges,
															   quote_identifier(ExtensionOwner()))));
	ExecuteGrantStmt(castNode(GrantStmt, statement->stmt));
	CommandCounterIncrement();
	PG_RETURN_VOID();
}
