/*
 * repair.c
 *		repair(): puts back the guards and privileges that the install script made.
 *
 * What is wrong, and which statement mends it, views say: guards, and privilege_faults.
 */
#include "pg/base/compat.h"

#include "access/xact.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/sql.h"
#include "pg/registry/write_checks.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"

typedef struct Fault
{
	char	   *problem;
	char	   *command;		/* one or more statements; NULL if none would help */
} Fault;

#define FAULTS \
	"SELECT g.guard OPERATOR(pg_catalog.||) ' is not in force' AS fault, g.repair " \
	"FROM normfreeze.guards AS g WHERE NOT g.in_force " \
	"UNION ALL SELECT p.fault, p.repair FROM normfreeze.privilege_faults AS p ORDER BY 1"

/* What is owned by the owner of the registry is his to repair, on behalf of the owner of the extension. */
static void
CheckMayRepair(void)
{
	Oid			extension = get_extension_oid("normfreeze", false);

	if (!OwnsExtension(extension, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_EXTENSION, "normfreeze");
}

static List *
FindFaults(void)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	List	   *faults = NIL;
	uint64		n;

	/* they are ours */
	(void) LockRegistryTable("guards");
	(void) LockRegistryTable("privilege_faults");
	n = SqlRunInCatalog(FAULTS, SQL_AS_OWNER);
	old = MemoryContextSwitchTo(caller);
	for (uint64 i = 0; i < n; i++)
	{
		Fault	   *fault = palloc(sizeof(Fault));
		char	   *command = SqlTextOrNull(i, 2);

		fault->problem = pstrdup(SqlText(i, 1));
		fault->command = command ? pstrdup(command) : NULL;
		faults = lappend(faults, fault);
	}
	MemoryContextSwitchTo(old);
	SqlFinish();
	return faults;
}

/* Run the statements in a subtransaction: NULL, or the message of the error that has undone them. */
static char *
TryCommand(const char *command)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	char	   *volatile message = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		SqlRunInCatalog(command, SQL_AS_OWNER | SQL_WRITE);
		SqlFinish();
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION)
			ReThrowError(error);	/* cancelled */
		message = error->message;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return message;
}

static void
PutFault(ReturnSetInfo *rsinfo, const Fault *fault, bool repaired, const char *detail)
{
	Datum		values[3];
	bool		nulls[3] = {false, false, detail == NULL};

	values[0] = CStringGetTextDatum(fault->problem);
	values[1] = BoolGetDatum(repaired);
	values[2] = detail ? CStringGetTextDatum(detail) : (Datum) 0;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(repair);
Datum
repair(PG_FUNCTION_ARGS)
{
	bool		dry_run = !PG_ARGISNULL(0) && PG_GETARG_BOOL(0);
	ReturnSetInfo *rsinfo;
	ListCell   *cell;

	CheckMayRepair();
	if (!dry_run)
		CheckMayWrite("normfreeze.repair()");
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	foreach(cell, FindFaults())
	{
		const Fault *fault = lfirst(cell);
		char	   *problem = NULL;

		CHECK_FOR_INTERRUPTS();
		if (!dry_run && fault->command)
			problem = TryCommand(fault->command);
		PutFault(rsinfo, fault, !dry_run && fault->command && problem == NULL, problem ? problem : fault->command);
	}
	return (Datum) 0;
}
