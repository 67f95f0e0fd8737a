/*
 * index_rows.c
 *		Reading rows of the registry by an index, without a query.
 *
 * In a new session, parsing and planning the first query over a table takes longer than
 * everything else that normalizing one row needs.  So rows are read by their key as PostgreSQL
 * reads its own catalogs, if the result is certain to be that of the query.  Otherwise
 * IndexRowsBegin() returns NULL, and the caller runs the query.
 */
#include "pg/registry/index_rows.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/skey.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "pg/base/installed.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

struct IndexRows
{
	Relation	table;
	Relation	index;
	Snapshot	snapshot;
	SysScanDesc scan;
	AttrNumber	columns[INDEX_ROWS_MAX];
	HeapTuple	row;
};

/* How values of a type are looked up. */
static const struct KeyType
{
	Oid			type;
	Oid			family;
	RegProcedure equal;
}			key_types[] = {
	{INT8OID, INTEGER_BTREE_FAM_OID, F_INT8EQ},
	{INT4OID, INTEGER_BTREE_FAM_OID, F_INT4EQ},
	{TEXTOID, TEXT_BTREE_FAM_OID, F_TEXTEQ},
};

/*
 * Return whether a query by this role would read exactly the rows of the table.
 *
 * If not, because of missing privileges, policies, rules, inheritance or a hook of the permission check, the
 * caller runs the query, which applies them or fails.
 */
static bool
MayReadDirectly(Relation table, Oid role)
{
	Form_pg_class form = table->rd_rel;

	return ExecutorCheckPerms_hook == NULL &&
		form->relkind == RELKIND_RELATION && form->relam == HEAP_TABLE_AM_OID &&
		!form->relhasrules && !form->relhassubclass &&
		SchemaAclCheck(form->relnamespace, role, ACL_USAGE) == ACLCHECK_OK &&
		pg_class_aclcheck(RelationGetRelid(table), role, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(RelationGetRelid(table), role, true) != RLS_ENABLED;
}

/* Return the number of a column if it has this type, else 0. */
static AttrNumber
ColumnNumber(Relation table, const IndexColumn *column)
{
	TupleDesc	desc = RelationGetDescr(table);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), column->name) == 0)
			return attribute->atttypid == column->type ? attribute->attnum : 0;
	}
	return 0;
}

/*
 * Return whether the planner could use this index for every query of the table: it is valid, complete
 * and not partial.
 */
static bool
IndexServes(Relation index, Relation table)
{
	Form_pg_index form = index->rd_index;

	return form->indrelid == RelationGetRelid(table) && form->indisvalid && !form->indcheckxmin &&
		index->rd_rel->relam == BTREE_AM_OID && RelationGetIndexPredicate(index) == NIL;
}

static const struct KeyType *
KeyTypeOf(Oid type)
{
	for (int i = 0; i < lengthof(key_types); i++)
		if (key_types[i].type == type)
			return &key_types[i];
	elog(ERROR, "type %u is none of a key", type);
}

/*
 * Set the condition that a column of the index equals a value.  Return false if the index has another column
 * there.
 */
static bool
MakeKey(ScanKey key, Relation table, Relation index, int i, const IndexColumn *column, Datum value)
{
	const struct KeyType *type = KeyTypeOf(column->type);
	AttrNumber	number = ColumnNumber(table, column);

	if (number == 0 || i >= index->rd_index->indnkeyatts || index->rd_index->indkey.values[i] != number ||
		index->rd_opfamily[i] != type->family ||
		index->rd_indcollation[i] != TupleDescAttr(RelationGetDescr(table), number - 1)->attcollation)
		return false;
	/* with the number in the table, which the scan translates */
	ScanKeyEntryInitialize(key, 0, number, BTEqualStrategyNumber, InvalidOid, index->rd_indcollation[i],
						   type->equal, value);
	return true;
}

/* Start the scan.  Return false if the table or the index is not as the extension made it. */
static bool
StartScan(IndexRows *rows, const IndexQuery *query, const Datum *keys)
{
	ScanKeyData conditions[INDEX_ROWS_MAX];

	if (!IndexServes(rows->index, rows->table))
		return false;
	for (int i = 0; i < query->nkeys; i++)
		if (!MakeKey(&conditions[i], rows->table, rows->index, i, &query->keys[i], keys[i]))
			return false;
	for (int i = 0; i < query->ncolumns; i++)
		if ((rows->columns[i] = ColumnNumber(rows->table, &query->columns[i])) == 0)
			return false;
	rows->snapshot = RegisterSnapshot(ActiveSnapshotSet() ? GetActiveSnapshot() : GetTransactionSnapshot());
	rows->scan = systable_beginscan_ordered(rows->table, rows->index, rows->snapshot, query->nkeys, conditions);
	return true;
}

IndexRows *
IndexRowsBegin(const IndexQuery *query, Oid role, const Datum *keys)
{
	Oid			index = InvalidOid;
	IndexRows  *rows = palloc0(sizeof(IndexRows));

	/* the locks are held until the end of the transaction, like those of a query */
	rows->table = table_open(LockRegistryTable(query->table), NoLock);
	if (MayReadDirectly(rows->table, role))
		index = get_relname_relid(query->index, RelationGetNamespace(rows->table));
	if (OidIsValid(index))
		rows->index = try_relation_open(index, AccessShareLock);
	if (rows->index && rows->index->rd_rel->relkind == RELKIND_INDEX && StartScan(rows, query, keys))
		return rows;
	IndexRowsEnd(rows);
	return NULL;
}

bool
IndexRowsNext(IndexRows *rows, ScanDirection direction)
{
	CHECK_FOR_INTERRUPTS();
	rows->row = systable_getnext_ordered(rows->scan, direction);
	return HeapTupleIsValid(rows->row);
}

Datum
IndexRowsValue(IndexRows *rows, int column)
{
	TupleDesc	desc = RelationGetDescr(rows->table);
	bool		isnull;
	Datum		value = heap_getattr(rows->row, rows->columns[column], desc, &isnull);

	if (unlikely(isnull))
		UnexpectedNull(desc, rows->columns[column]);
	return value;
}

void
IndexRowsEnd(IndexRows *rows)
{
	if (rows->scan)
	{
		systable_endscan_ordered(rows->scan);
		UnregisterSnapshot(rows->snapshot);
	}
	if (rows->index)
		relation_close(rows->index, NoLock);
	table_close(rows->table, NoLock);
	pfree(rows);
}
