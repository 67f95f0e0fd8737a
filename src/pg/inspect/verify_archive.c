/*
 * verify_archive.c
 *		verify_archive(): proof that a table has all archived entries of a log, as they were.
 *
 * One query, as the caller: the running digest of the entries of each scaler, in the order of their
 * numbers, is compared at the last number of each archive with what archive_log has.
 */
#include "pg/base/compat.h"

#include "funcapi.h"
#include "pg/base/sql.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* %1$s is the table, %2$s the name of the log as a literal. */
#define COMPARISON \
	"WITH archived AS (SELECT a.scaler_id::pg_catalog.int8 AS scaler_id, a.seq::pg_catalog.int4 AS seq, " \
	"pg_catalog.row_number() OVER w AS place, normfreeze.archive_digest(a.entry::pg_catalog.text) OVER w AS digest " \
	"FROM %1$s AS a WINDOW w AS (PARTITION BY a.scaler_id::pg_catalog.int8 ORDER BY a.seq::pg_catalog.int4 " \
	"ROWS UNBOUNDED PRECEDING)) " \
	"SELECT l.scaler_id, l.first_seq, l.last_seq, COALESCE(d.digest " EQ " l.sha256 AND d.place " EQ " l.last_seq, false), " \
	"CASE WHEN d.seq IS NULL THEN 'the last of these entries is not in the archive' " \
	"WHEN d.place OPERATOR(pg_catalog.<>) l.last_seq THEN pg_catalog.format('the archive has %%s entries up to here', d.place) " \
	"WHEN d.digest OPERATOR(pg_catalog.<>) l.sha256 THEN 'these entries, or some before, are not those that were archived' " \
	"ELSE 'all entries up to here are those that were archived' END " \
	"FROM normfreeze.archive_log AS l LEFT JOIN archived AS d ON d.scaler_id " EQ " l.scaler_id AND d.seq " EQ " l.last_seq " \
	"WHERE l.log " EQ " %2$s " \
	"UNION ALL SELECT d.scaler_id, pg_catalog.min(d.seq), pg_catalog.max(d.seq), false, " \
	"'of these entries none was archived' FROM archived AS d " \
	"WHERE NOT EXISTS (SELECT 1 FROM normfreeze.archive_log AS l WHERE l.log " EQ " %2$s " \
	"AND l.scaler_id " EQ " d.scaler_id AND l.last_seq OPERATOR(pg_catalog.>=) d.seq) GROUP BY d.scaler_id " \
	"ORDER BY 1, 3"

PG_FUNCTION_INFO_V1(verify_archive);
Datum
verify_archive(PG_FUNCTION_ARGS)
{
	Oid			relation = PG_GETARG_OID(0);
	char	   *log = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char	   *name = get_rel_name(relation);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	if (strcmp(log, "drift_log") != 0 && strcmp(log, "use_log") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("normfreeze.%s is no log that is archived", log),
				 errhint("Those are drift_log and use_log.")));
	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation)));
	for (int i = 0; i < 3; i++)
	{
		static const char *const columns[] = {"scaler_id", "seq", "entry"};

		if (get_attnum(relation, columns[i]) == InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("relation \"%s\" has no column \"%s\"", name, columns[i]),
					 errhint("An archive has the columns of the result of normfreeze.archive_drift_log(): scaler_id, seq and entry.")));
	}
	InitMaterializedSRF(fcinfo, 0);
	SqlStore(psprintf(COMPARISON, quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), name),
					  quote_literal_cstr(log)),
			 rsinfo->setResult);
	return (Datum) 0;
}
