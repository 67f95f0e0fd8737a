/*
 * sql.c
 *		Running SQL from C, by SPI, so that privileges and row security hold.
 *
 * Statements are parsed under the caller's search_path, so they qualify every name and write
 * OPERATOR(pg_catalog.=).
 *
 * The objects that they name must be members of the installed extension (installed.c).  That is
 * checked before a statement runs, once in a transaction and again after any invalidation.  The
 * caller states the type of each value it reads; any other type is an error.
 */
#include "pg/base/sql.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/tstoreReceiver.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "pg/base/library_version.h"
#include "pg/base/lookup_generation.h"
#include "pg/base/lookup_plan.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"

typedef struct KeptPlan
{
	const char *text;			/* a string literal, whose address is the key */
	SPIPlanPtr	plan;
	Oid			types[SQL_MAX_ARGS];

	/* when the objects that it names were last locked and checked: */
	LocalTransactionId transaction;
	uint64		generation;
} KeptPlan;

static HTAB *kept_plans;

/* Our texts are of one statement each. */
static CachedPlanSource *
PlanSource(SPIPlanPtr plan)
{
	return linitial(SPI_plan_get_plan_sources(plan));
}

/*
 * Return whether a plan has no statements left.
 *
 * A rule DO INSTEAD NOTHING removes a statement together with the plan's dependency on the rule, so such a plan
 * would never be invalidated.
 */
static bool
IsEmptied(SPIPlanPtr plan)
{
	return PlanSource(plan)->query_list == NIL;
}

/*
 * Lock and check the objects that a statement names before it is analyzed, because even errors of the analysis
 * would mislead if other objects had these names.
 */
static void
CheckObjects(KeptPlan *kept)
{
	uint64		generation = LookupGeneration();

	if (kept->plan == NULL)
		LockInstalled(linitial_node(RawStmt, pg_parse_query(kept->text))->stmt, true);
	else if (kept->transaction != CurrentLocalTransactionId() || kept->generation != generation)
		LockInstalled(PlanSource(kept->plan)->raw_parse_tree->stmt, true);
	kept->transaction = CurrentLocalTransactionId();
	kept->generation = generation;
}

static SPIPlanPtr
PreparePlan(const char *text, bool keep, int flags, const SqlArg *args, int nargs)
{
	Oid			types[SQL_MAX_ARGS];
	KeptPlan   *kept = NULL;
	SPIPlanPtr	plan;
	bool		found = false;

	Assert(nargs <= SQL_MAX_ARGS);
	if (keep)
	{
		if (kept_plans == NULL)
		{
			HASHCTL		control = {.keysize = sizeof(char *), .entrysize = sizeof(KeptPlan)};

			kept_plans = hash_create("normfreeze plans", 32, &control, HASH_ELEM | HASH_BLOBS);
		}
		kept = hash_search(kept_plans, &text, HASH_ENTER, &found);
	}
	for (int i = 0; i < nargs; i++)
		types[i] = args[i].type;
	if (keep)
	{
		if (!found)
			kept->plan = NULL;
		CheckObjects(kept);
		/* our own types get other OIDs when the extension is dropped and created again */
		if (kept->plan && memcmp(kept->types, types, sizeof(Oid) * nargs) == 0 && !IsEmptied(kept->plan))
			return kept->plan;
		if (kept->plan)
		{
			PlanAsLookup(NULL);
			SPI_freeplan(kept->plan);
		}
		kept->plan = NULL;
	}
	else
		LockInstalled(linitial_node(RawStmt, pg_parse_query(text))->stmt, false);
	plan = SPI_prepare_cursor(text, nargs, types,
							  ((flags & SQL_PARALLEL) ? CURSOR_OPT_PARALLEL_OK : 0) |
							  (keep ? CURSOR_OPT_GENERIC_PLAN : 0));
	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", text, SPI_result_code_string(SPI_result));
	if (keep)
	{
		SPI_keepplan(plan);
		kept->plan = plan;
		memcpy(kept->types, types, sizeof(Oid) * nargs);
	}
	return plan;
}

static ParamExternData *
FetchParameter(ParamListInfo params, int number, bool speculative, ParamExternData *workspace)
{
	return &params->params[number - 1];
}

/*
 * Parameters that no log shows.  They are what scalers were fitted on, as often as not; auto_explain would
 * write them out, up to megabytes of them, as parameters (BuildParamLogString(), which leaves out those that a
 * function fetches) or as constants in the plan (of those that are marked as constants).
 */
static ParamListInfo
HiddenParameters(const SqlArg *args, int nargs)
{
	ParamListInfo params = makeParamList(nargs);

	params->paramFetch = FetchParameter;
	for (int i = 0; i < nargs; i++)
	{
		ParamExternData *param = &params->params[i];

		param->value = args[i].value;
		param->isnull = args[i].isnull;
		param->ptype = args[i].type;
		/* methods and options decide which columns are read */
		param->pflags = args[i].type < FirstNormalObjectId || get_typbyval(args[i].type) ? PARAM_FLAG_CONST : 0;
	}
	return params;
}

/* As SPI does, in this snapshot; its parameters are none that must be hidden. */
static int
WriteInSnapshot(SPIPlanPtr plan, const SqlArg *args, int nargs, Snapshot snapshot)
{
	Datum		values[SQL_MAX_ARGS];
	char		nulls[SQL_MAX_ARGS];

	for (int i = 0; i < nargs; i++)
	{
		values[i] = args[i].value;
		nulls[i] = args[i].isnull ? 'n' : ' ';
	}
	return SPI_execute_snapshot(plan, values, nulls, snapshot, InvalidSnapshot, false, false, 0);
}

static int
Execute(SPIPlanPtr plan, int flags, const SqlArg *args, int nargs)
{
	ParamListInfo params = HiddenParameters(args, nargs);
	Snapshot	snapshot = InvalidSnapshot;
	int			result;

	if (flags & SQL_LATEST)
	{
		CommandCounterIncrement();
		snapshot = GetLatestSnapshot();
	}
	else if (!ActiveSnapshotSet())
		snapshot = GetTransactionSnapshot();
	if (snapshot)
		PushActiveSnapshot(snapshot);
	if ((flags & SQL_LATEST) && (flags & SQL_WRITE))
		result = WriteInSnapshot(plan, args, nargs, GetActiveSnapshot());
	else
		result = SPI_execute_plan_with_paramlist(plan, params, (flags & SQL_WRITE) == 0, 0);
	if (snapshot)
		PopActiveSnapshot();
	return result;
}

static uint64
Run(const char *text, bool keep, int flags, const SqlArg *args, int nargs)
{
	SPIPlanPtr	plan;
	Oid			user;
	int			security;
	int			result;

	GetUserIdAndSecContext(&user, &security);
	/* undone by (sub)transaction abort, too */
	if (flags & SQL_AS_OWNER)
		SetUserIdAndSecContext(RegistryOwner(), security | SECURITY_LOCAL_USERID_CHANGE);

	SPI_connect();
	plan = PreparePlan(text, keep, flags, args, nargs);
	if (keep)
		PlanAsLookup(PlanSource(plan)->query_string);
	result = Execute(plan, flags, args, nargs);
	if (result < 0)
		elog(ERROR, "could not execute \"%s\": %s", text, SPI_result_code_string(result));

	if (flags & SQL_AS_OWNER)
		SetUserIdAndSecContext(user, security);
	return SPI_processed;
}

uint64
SqlRun(const char *text, bool keep, int flags, const SqlArg *args, int nargs)
{
	ErrorContextCallback context;
	uint64		rows;

	if (likely(LibraryFits()))
		return Run(text, keep, flags, args, nargs);
	PushVersionContext(&context);
	rows = Run(text, keep, flags, args, nargs);
	PopVersionContext(&context);
	return rows;
}

uint64
SqlRunInCatalog(const char *text, int flags)
{
	Oid			user;
	int			security;
	int			level;
	int			result;

	GetUserIdAndSecContext(&user, &security);
	if (flags & SQL_AS_OWNER)
		SetUserIdAndSecContext(RegistryOwner(), security | SECURITY_LOCAL_USERID_CHANGE);
	level = NewGUCNestLevel();
	/* temporary objects last, or they would come first */
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	SPI_connect();
	result = SPI_execute(text, (flags & SQL_WRITE) == 0, 0);
	if (result < 0)
		elog(ERROR, "could not execute \"%s\": %s", text, SPI_result_code_string(result));
	AtEOXact_GUC(true, level);
	SetUserIdAndSecContext(user, security);
	return SPI_processed;
}

void
SqlStore(const char *text, Tuplestorestate * store)
{
	SPIExecuteOptions options = {.read_only = true, .dest = CreateDestReceiver(DestTuplestore)};
	int			result;

	SetTuplestoreDestReceiverParams(options.dest, store, CurrentMemoryContext, false, NULL, NULL);
	SPI_connect();
	LockInstalled(linitial_node(RawStmt, pg_parse_query(text))->stmt, false);
	result = SPI_execute_extended(text, &options);
	if (result < 0)
		elog(ERROR, "could not execute \"%s\": %s", text, SPI_result_code_string(result));
	options.dest->rDestroy(options.dest);
	SPI_finish();
}

void
NotAppended(const char *table)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("no entry was inserted into normfreeze.%s", table),
			 errhint("See the triggers, rules and policies of normfreeze.%s.", table)));
}

void
SqlAppend(const char *table, const char *text, const SqlArg *args, int nargs)
{
	if (SqlRun(text, true, SQL_WRITE | SQL_AS_OWNER, args, nargs) == 0)
		NotAppended(table);
	SqlFinish();
}

void
SqlFinish(void)
{
	SPI_finish();
}

pg_noreturn static void
OtherType(TupleDesc desc, int column, Oid type)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" is of type %s instead of %s", SPI_fname(desc, column),
					format_type_be(SPI_gettypeid(desc, column)), format_type_be(type)),
			 errdetail("A table of normfreeze is not as the extension made it, or of another version than the library."),
			 errhint("ALTER EXTENSION normfreeze UPDATE; a new session loads the library of the installed version.")));
}

Datum
SqlValue(uint64 row, int column, Oid type, bool *isnull)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;

	if (unlikely(SPI_gettypeid(desc, column) != type))
		OtherType(desc, column, type);
	return SPI_getbinval(SPI_tuptable->vals[row], desc, column, isnull);
}

void
UnexpectedNull(TupleDesc desc, int column)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("column \"%s\" is NULL, which a table of normfreeze does not allow",
					NameStr(TupleDescAttr(desc, column - 1)->attname)),
			 errhint("See normfreeze.verify(); a constraint was taken away.")));
}

Datum
SqlPresent(uint64 row, int column, Oid type)
{
	bool		isnull;
	Datum		value = SqlValue(row, column, type, &isnull);

	if (unlikely(isnull))
		UnexpectedNull(SPI_tuptable->tupdesc, column);
	return value;
}

Datum
SqlScaler(uint64 row, int column)
{
	return SqlPresent(row, column, RegistryType("scaler"));
}

char *
SqlTextOrNull(uint64 row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

char *
SqlText(uint64 row, int column)
{
	char	   *text = SqlTextOrNull(row, column);

	if (unlikely(text == NULL))
		UnexpectedNull(SPI_tuptable->tupdesc, column);
	return text;
}

int64
SqlInt8(uint64 row, int column)
{
	bool		isnull;
	Datum		value = SqlValue(row, column, INT8OID, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

int32
SqlInt4(uint64 row, int column)
{
	bool		isnull;
	Datum		value = SqlValue(row, column, INT4OID, &isnull);

	return isnull ? 0 : DatumGetInt32(value);
}

bool
SqlBool(uint64 row, int column)
{
	bool		isnull;
	Datum		value = SqlValue(row, column, BOOLOID, &isnull);

	return !isnull && DatumGetBool(value);
}
