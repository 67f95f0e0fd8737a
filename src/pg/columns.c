/*
 * columns.c
 *		Finding the columns of a row by name.
 */
#include "pg/columns.h"

#include "pg/features.h"
#include "utils/builtins.h"

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

char **
AllColumns(TupleDesc desc, bool numeric, char *const *exclude, int nexclude, int *ncolumns)
{
	char	  **names = palloc(sizeof(char *) * Max(desc->natts, 1));

	*ncolumns = 0;
	for (int e = 0; e < nexclude; e++)
		if (FindColumn(desc, exclude[e]) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the row has no column \"%s\", which option \"exclude\" names", exclude[e]),
					 errdetail("The row's columns are: %s.", ColumnList(desc)),
					 errhint("Names are compared exactly, case included.")));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		bool		excluded = attribute->attisdropped || (numeric && !TypeIsFeature(attribute->atttypid));

		for (int e = 0; e < nexclude && !excluded; e++)
			excluded = HasName(desc, i, exclude[e]);
		if (!excluded)
			names[(*ncolumns)++] = pstrdup(NameStr(attribute->attname));
	}
	for (int i = 0; i < *ncolumns; i++)
		FindColumn(desc, names[i]);
	return names;
}
