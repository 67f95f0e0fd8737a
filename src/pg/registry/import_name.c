/*
 * import_name.c
 *		The function import_name(): it imports versions that export_name() wrote in another database
 *		of normfreeze. (pg/exchange imports from other systems.)
 *
 * All input is read and every content verified before the first row is written.  Appending makes
 * versions with numbers of this database, which record their origin.  Mirroring makes the rows of
 * the other database, or none.
 */
#include "pg/registry/import_name.h"

#include "funcapi.h"
#include "pg/base/call.h"
#include "pg/base/sql.h"
#include "pg/registry/stage_names.h"
#include "pg/registry/write_checks.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/*
 * Fail if the imported log leaves a stage with a version that is retired here, since a retired version cannot
 * be promoted again.
 *
 * A stage may have had such a version in between.
 */
static void
CheckNothingRetiredIsPromoted(const NameImport *import, int32 first_seq)
{
	SqlArg		args[] = {SQL_TEXT_ARG(import->name), SQL_ARG(INT4OID, Int32GetDatum(first_seq))};

	if (SqlRun("SELECT l.version, l.stage FROM normfreeze.stage_log AS l "
			   "WHERE l.name " EQ " $1 AND l.seq OPERATOR(pg_catalog.>=) $2 AND l.stage IS NOT NULL "
			   "AND l.action OPERATOR(pg_catalog.<>) 'demote' "
			   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS n WHERE n.name " EQ " l.name "
			   "AND n.stage " EQ " l.stage AND n.seq OPERATOR(pg_catalog.>) l.seq) "
			   "AND EXISTS (SELECT 1 FROM normfreeze.stage_log AS r WHERE r.name " EQ " l.name "
			   "AND r.version " EQ " l.version AND r.action " EQ " 'retire' "
			   "AND r.seq OPERATOR(pg_catalog.<) l.seq) ORDER BY l.seq LIMIT 1",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("version %d of scaler \"%s\" is retired", SqlInt4(0, 1), import->name),
				 errdetail("The imported entries of the stage log would put it into stage \"%s\".", SqlText(0, 2)),
				 errhint("Promote another version there, and export again; or import without stages, and promote here.")));
	SqlFinish();
}

static void
ReportArrivals(const NameImport *import, const char *action, ReturnSetInfo *rsinfo)
{
	for (int i = 0; i < import->count; i++)
	{
		const Arrival *arrival = &import->arrivals[i];
		bool		nulls[4] = {false, false, false, false};
		Datum		values[4] = {
			Int32GetDatum(arrival->version),
			Int64GetDatum(arrival->exported.row.scaler_id),
			CStringGetTextDatum(arrival->is_new ? action : "unchanged"),
			Int32GetDatum(arrival->nentries),
		};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(import_name);
Datum
import_name(PG_FUNCTION_ARGS)
{
	NameImport	import = {0};
	bool		stages = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	bool		mirror = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	int32		first_seq;

	CheckMayWrite("normfreeze.import_name()");
	CheckFloatEnvironment();
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the versions to import must not be NULL"),
				 errhint("jsonb_agg() of no rows is NULL; pass what normfreeze.export_name() gave.")));
	InitMaterializedSRF(fcinfo, 0);
	ReadExports(&import, PG_GETARG_JSONB_P(0));
	ArrangeExports(&import);
	import.name = PG_ARGISNULL(1) ? import.arrivals[0].exported.name : text_to_cstring(PG_GETARG_TEXT_PP(1));
	CheckScalerName(import.name);
	if (stages || mirror)
		CheckExportIsWhole(&import);

	LockScalerName(import.name);
	import.local = ReadVersions(import.name, SQL_LATEST | SQL_AS_OWNER, ALL_ROWS, &import.nlocal);
	first_seq = NextSeq(import.name);
	if (mirror)
		MirrorExport(&import);
	else
	{
		AppendArrivedVersions(&import);
		if (stages)
			AppendArrivedEntries(&import);
	}
	CheckNothingRetiredIsPromoted(&import, first_seq);
	NoticeNewStages(import.name, first_seq);
	ReportArrivals(&import, mirror ? "mirrored" : "imported", (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}
