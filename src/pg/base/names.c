/*
 * names.c
 *		Lists of names of features.
 */
#include "pg/base/names.h"

#include "catalog/pg_type.h"
#include "core/base/memory.h"
#include "core/values/profile.h"
#include "utils/array.h"
#include "utils/builtins.h"

static int
CompareNames(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

void
CheckFeatureNames(char *const *names, int nfeatures)
{
	char	  **sorted = palloc(sizeof(char *) * Max(nfeatures, 1));

	for (int i = 0; i < nfeatures; i++)
	{
		size_t		length;

		if (names[i][0] == '\0')
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_NAME),
					 errmsg("the name of feature %d is empty", i + 1)));
		length = strlen(CoreTextToUtf8(names[i]));
		if (length > PROFILE_MAX_NAME)
			ereport(ERROR,
					(errcode(ERRCODE_NAME_TOO_LONG),
					 errmsg("the name of feature %d has %zu bytes, more than %d", i + 1, length, PROFILE_MAX_NAME)));
		sorted[i] = names[i];
	}
	qsort(sorted, nfeatures, sizeof(char *), CompareNames);
	for (int i = 1; i < nfeatures; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("feature \"%s\" is named twice", sorted[i])));
	pfree(sorted);
}

NameList
NameListFromArray(Datum array, const char *what)
{
	NameList	list;
	Datum	   *elements;
	bool	   *nulls;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &list.count);
	list.names = palloc(sizeof(char *) * Max(list.count, 1));
	for (int i = 0; i < list.count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not contain NULL", what)));
		list.names[i] = TextDatumGetCString(elements[i]);
	}
	return list;
}
