/*
 * to_sql_table.c
 *		The function to_sql() for a table of this database, whose columns have types that are known.
 *
 * PostgreSQL has no cast from boolean to double precision, and no other expression of a column gives the double of
 * a boolean as well as, with all bits, that of a real, a double precision or a numeric.  So the text depends on
 * what the column is.
 */
#include "pg/exchange/to_sql.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "pg/base/columns.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Note which slots' columns are boolean, and return the table as it is written in FROM wherever search_path leads. */
static char *
NoteBooleans(SqlExport *sql, Oid relation_id)
{
	Relation	relation = OpenGivenRelation(relation_id);
	TupleDesc	desc = RelationGetDescr(relation);
	int			n = sql->export.transform.ninputs;
	char	  **names = palloc(sizeof(char *) * (n + 1));
	bool	   *booleans = palloc(sizeof(bool) * (n + 1));
	int		   *columns;
	char	   *written;

	for (int slot = 0; slot < n; slot++)
		names[slot] = ExportName(&sql->export, slot);
	columns = FindFeatureColumns(desc, n, names, NULL);
	for (int slot = 0; slot < n; slot++)
		booleans[slot] = getBaseType(TupleDescAttr(desc, columns[slot])->atttypid) == BOOLOID;
	sql->booleans = booleans;
	written = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
										 RelationGetRelationName(relation));
	relation_close(relation, AccessShareLock);
	return written;
}

PG_FUNCTION_INFO_V1(to_sql_table);
Datum
to_sql_table(PG_FUNCTION_ARGS)
{
	SqlExport	sql;
	char	   *relation;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	SqlExportInit(&sql, PG_GETARG_DATUM(0), "postgres");
	relation = NoteBooleans(&sql, PG_GETARG_OID(1));
	PG_RETURN_TEXT_P(SqlListWithIdentity(&sql, PG_ARGISNULL(2) ? relation : text_to_cstring(PG_GETARG_TEXT_PP(2))));
}
