/*
 * key_columns.c
 *		Noticing columns that tell rows apart and were taken for features by accident.
 *
 * A fit without option "columns" takes every column, including an id.  A model would then be
 * trained on row numbers, and no live row lies within their range.
 */
#include "pg/fit/key_columns.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_index.h"
#include "pg/base/columns.h"
#include "pg/base/json_tree.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* By column (from 0), how it tells rows apart, or NULL. */
typedef const char **KeyKinds;

static void
AddIndex(KeyKinds kinds, const FormData_pg_index *index, bool partial, int natts)
{
	if (!index->indisunique || !index->indisvalid || partial)
		return;
	for (int k = 0; k < index->indnkeyatts; k++)
	{
		int			column = index->indkey.values[k];

		/* 0 stands for an expression, and a column of a unique key of several is not unique by itself */
		if (column < 1 || column > natts)
			continue;
		if (index->indisprimary)
			kinds[column - 1] = index->indnkeyatts == 1 ? "primary key" : "part of the primary key";
		else if (index->indnkeyatts == 1 && kinds[column - 1] == NULL)
			kinds[column - 1] = "unique";
	}
}

static KeyKinds
ReadIndexes(Relation relation)
{
	int			natts = RelationGetDescr(relation)->natts;
	KeyKinds	kinds = palloc0(sizeof(char *) * Max(natts, 1));
	ListCell   *cell;

	foreach(cell, RelationGetIndexList(relation))
	{
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));

		if (!HeapTupleIsValid(tuple))
			continue;
		AddIndex(kinds, (Form_pg_index) GETSTRUCT(tuple), !heap_attisnull(tuple, Anum_pg_index_indpred, NULL), natts);
		ReleaseSysCache(tuple);
	}
	return kinds;
}

static void
AppendExcluded(StringInfo option, const char *name)
{
	appendStringInfoString(option, option->len ? ", " : "");
	AppendJsonString(option, name);
}

void
NoticeKeyColumns(Oid relation_id, const FitSpec *spec, int nfeatures, char *const *names)
{
	Relation	relation;
	KeyKinds	kinds;
	StringInfoData keys;
	StringInfoData option;

	if (spec->columns.count >= 0 || names == NULL)
		return;
	relation = try_relation_open(relation_id, AccessShareLock);
	if (relation == NULL)
		return;
	kinds = ReadIndexes(relation);
	initStringInfo(&keys);
	initStringInfo(&option);
	for (int i = 0; i < spec->exclude.count; i++)
		AppendExcluded(&option, spec->exclude.names[i]);
	for (int i = 0; i < nfeatures; i++)
	{
		int			column = FindColumn(RelationGetDescr(relation), names[i]);

		if (column < 0 || kinds[column] == NULL)
			continue;
		appendStringInfo(&keys, "%s%s (%s)", keys.len ? ", " : "", quote_identifier(names[i]), kinds[column]);
		AppendExcluded(&option, names[i]);
	}
	if (keys.len > 0)
		ereport(NOTICE,
				(errmsg("features that tell the rows of \"%s\" apart: %s", RelationGetRelationName(relation),
						keys.data),
				 errhint("If they are not measured, leave them out with {\"exclude\": [%s]}; to keep them without this notice, name the features with option \"columns\".",
						 option.data)));
	relation_close(relation, NoLock);
}
