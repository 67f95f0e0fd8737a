/*
 * columns.c
 *		Finding the columns of a row by name.
 */
#include "pg/base/columns.h"

#include "access/relation.h"
#include "pg/base/feature_types.h"
#include "pg/base/names_alike.h"
#include "pg/base/number_hints.h"
#include "utils/builtins.h"

Relation
OpenGivenRelation(Oid relation_id)
{
	Relation	relation = try_relation_open(relation_id, AccessShareLock);

	if (relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation_id)));
	return relation;
}

char *
ColumnAlike(TupleDesc desc, const char *name)
{
	char	  **names = palloc(sizeof(char *) * Max(desc->natts, 1));
	int			count = 0;

	for (int i = 0; i < desc->natts; i++)
		if (!TupleDescAttr(desc, i)->attisdropped)
			names[count++] = NameStr(TupleDescAttr(desc, i)->attname);
	return NameAlike(name, count, names);
}

static bool
HasName(TupleDesc desc, int column, const char *name)
{
	Form_pg_attribute attribute = TupleDescAttr(desc, column);

	return !attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0;
}

void
AmbiguousColumn(const char *name, int count)
{
	ereport(ERROR,
			(errcode(ERRCODE_AMBIGUOUS_COLUMN),
			 errmsg("column \"%s\" is ambiguous: the row has %d columns of this name", name, count),
			 errhint("Choose the columns in a subquery, and give each a name of its own: SELECT a.%s, b.%s AS other_name FROM a JOIN b ....",
					 quote_identifier(name), quote_identifier(name))));
}

int
FindColumn(TupleDesc desc, const char *name)
{
	int			found = -1;
	int			count = 0;

	for (int i = 0; i < desc->natts; i++)
		if (HasName(desc, i, name))
		{
			found = i;
			count++;
		}
	if (count > 1)
		AmbiguousColumn(name, count);
	return found;
}

char *
ColumnList(TupleDesc desc)
{
	StringInfoData list;
	int			shown = 0;

	initStringInfo(&list);
	for (int i = 0; i < desc->natts; i++)
	{
		if (TupleDescAttr(desc, i)->attisdropped)
			continue;
		if (shown++ == 20)
		{
			appendStringInfoString(&list, ", ...");
			break;
		}
		appendStringInfo(&list, "%s%s", shown > 1 ? ", " : "",
						 quote_identifier(NameStr(TupleDescAttr(desc, i)->attname)));
	}
	return list.data;
}

void
CheckHasColumn(TupleDesc desc, const char *name, const char *what)
{
	if (FindColumn(desc, name) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("there is no column \"%s\", which \"%s\" names", name, what),
				 errdetail("The columns are: %s.", ColumnList(desc)),
				 errhint("%sNames are compared exactly, case included.", ColumnAlike(desc, name))));
}

int *
FindFeatureColumns(TupleDesc desc, int nfeatures, char *const *names, const char *advice)
{
	int		   *columns = palloc(sizeof(int) * Max(nfeatures, 1));
	int		   *not_numbers = palloc(sizeof(int) * Max(nfeatures, 1));
	int			nnot_numbers = 0;

	for (int i = 0; i < nfeatures; i++)
	{
		columns[i] = FindColumn(desc, names[i]);
		if (columns[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the row has no column \"%s\", which is a feature", names[i]),
					 errdetail("The row's columns are: %s.", ColumnList(desc)),
					 errhint("%sFeatures are matched by name, whatever their order; give the column that name in a subquery.", ColumnAlike(desc, names[i]))));
		if (!TypeIsFeature(TupleDescAttr(desc, columns[i])->atttypid))
			not_numbers[nnot_numbers++] = columns[i];
	}
	if (nnot_numbers > 0)
		ColumnsAreNotNumbers(desc, not_numbers, nnot_numbers, advice);
	pfree(not_numbers);
	return columns;
}
