/*
 * to_sql_names.c
 *		Names of features that are one column in another system.
 */
#include "pg/exchange/to_sql.h"

typedef struct NameKey
{
	char	   *key;
	int			slot;
} NameKey;

static int
CompareNameKeys(const void *a, const void *b)
{
	return strcmp(((const NameKey *) a)->key, ((const NameKey *) b)->key);
}

void
CheckSqlNames(const SqlExport *sql)
{
	int			n = sql->export.transform.ninputs;
	NameKey    *keys = palloc(sizeof(NameKey) * (n + 1));

	for (int slot = 0; slot < n; slot++)
		keys[slot] = (NameKey) {SqlNameKey(sql->dialect, ExportName(&sql->export, slot)), slot};
	qsort(keys, n, sizeof(NameKey), CompareNameKeys);
	for (int i = 1; i < n; i++)
		if (strcmp(keys[i - 1].key, keys[i].key) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("features \"%s\" and \"%s\" are the same column in %s",
							ExportName(&sql->export, Min(keys[i - 1].slot, keys[i].slot)),
							ExportName(&sql->export, Max(keys[i - 1].slot, keys[i].slot)), sql->dialect->name),
					 sql->dialect->folds_case ?
					 errhint("It does not tell names apart by case; fit with other names.") :
					 errhint("It reads names up to byte %d; fit with other names.", sql->dialect->name_length)));
}
