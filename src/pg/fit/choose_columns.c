/*
 * choose_columns.c
 *		Choosing the columns of a row that are the features of a fit or of a profile.
 */
#include "pg/fit/choose_columns.h"

#include "pg/base/columns.h"
#include "pg/base/feature_types.h"
#include "pg/base/name_index.h"
#include "pg/base/names.h"

/* Return all columns, or all that can be features, without the excluded ones, in order. */
static NameList
AllColumns(TupleDesc desc, bool numeric, const NameList *exclude)
{
	NameList	list = {.names = palloc(sizeof(char *) * Max(desc->natts, 1))};
	bool	   *excluded = palloc0(sizeof(bool) * Max(desc->natts, 1));
	NameIndex	columns;

	for (int i = 0; i < desc->natts; i++)
		list.names[i] = TupleDescAttr(desc, i)->attisdropped ? "" : NameStr(TupleDescAttr(desc, i)->attname);
	columns = MakeNameIndex(list.names, desc->natts);
	for (int e = 0; e < exclude->count; e++)
	{
		int			column = exclude->names[e][0] ? NameIndexFind(&columns, exclude->names[e]) : -1;

		if (column < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the row has no column \"%s\", which option \"exclude\" names", exclude->names[e]),
					 errdetail("The row's columns are: %s.", ColumnList(desc)),
					 errhint("%sNames are compared exactly, case included.", ColumnAlike(desc, exclude->names[e]))));
		/* fails if there are two of them */
		if (!excluded[column])
			FindColumn(desc, exclude->names[e]);
		excluded[column] = true;
	}
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped && !excluded[i] && (!numeric || TypeIsFeature(attribute->atttypid)))
			list.names[list.count++] = pstrdup(NameStr(attribute->attname));
	}
	return list;
}

NameList
ChooseColumns(TupleDesc desc, const FitSpec *spec)
{
	NameList	list = {0};
	NameList	none = {0};

	if (spec && spec->columns.count >= 0)
	{
		NameIndex	named = MakeNameIndex(spec->columns.names, spec->columns.count);

		/* targets may be further columns */
		list.names = palloc(sizeof(char *) * (spec->columns.count + spec->target.count));
		list.count = spec->columns.count;
		memcpy(list.names, spec->columns.names, sizeof(char *) * list.count);
		for (int i = 0; i < spec->target.count; i++)
			if (NameIndexFind(&named, spec->target.names[i]) < 0)
				list.names[list.count++] = spec->target.names[i];
	}
	else
		list = AllColumns(desc, spec && spec->all_numeric, spec ? &spec->exclude : &none);
	if (list.count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are no columns to take as features"),
				 errhint("Name them with option \"columns\", or leave something over with \"exclude\".")));
	if (spec)
		CheckSpecNames(spec, list.names, list.count);
	return list;
}
