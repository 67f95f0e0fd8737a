/*
 * parameter_by_statistic.c
 *		Parameters that are arranged as objects with a value for each feature, one object for each statistic.
 */
#include "pg/exchange/parameter_by_statistic.h"

#include "pg/exchange/parameter_keys.h"

static bool
HasKey(const JsonNode *const *children, int count, const char *key)
{
	for (int i = 0; i < count; i++)
		if (strcmp(children[i]->key, key) == 0)
			return true;
	return false;
}

/* Fail because two statistics are not of the same features: jsonb has the keys of both in one order. */
static void
RefuseOtherFeatures(const Import *import, const JsonNode *first, const JsonNode *const *a, int na,
					const JsonNode *second, const JsonNode *const *b, int nb)
{
	const char *missing = NULL;
	const JsonNode *lacks = second;

	for (int i = 0; i < na && missing == NULL; i++)
		if (!HasKey(b, nb, a[i]->key))
			missing = a[i]->key;
	for (int i = 0; i < nb && missing == NULL; i++)
		if (!HasKey(a, na, b[i]->key))
		{
			missing = b[i]->key;
			lacks = first;
		}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" has no value for feature \"%s\"", import->what,
					ShownKey(NULL, lacks->key), missing ? ShownKey(NULL, missing) : ""),
			 errdetail("\"%s\" has %d features, \"%s\" has %d.", ShownKey(NULL, first->key), na,
					   ShownKey(NULL, second->key), nb)));
}

void
ReadByStatistic(const Import *import, const ParameterWords *words, const GivenStatistic *statistics, int nstatistics,
				ParameterBlocks *blocks)
{
	const JsonNode **first = NULL;
	int			nfirst = 0;

	for (int s = 0; s < nstatistics; s++)
	{
		const JsonNode *object = statistics[s].object;
		int			count = 0;
		const JsonNode **children = NULL;

		/* among flat keys there may be something else, without features: elements of arrays have no keys */
		if (object->type == JSON_NODE_OBJECT)
			children = Considered(words, object, &count);
		if (s == 0)
		{
			first = children;
			nfirst = count;
			MakeBlocks(blocks, count);
		}
		for (int i = 0; i < Max(count, nfirst); i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (i >= count || i >= nfirst || strcmp(children[i]->key, first[i]->key) != 0)
				RefuseOtherFeatures(import, statistics[0].object, first, nfirst, object, children, count);
			if (children[i]->type == JSON_NODE_OBJECT)
				RefuseUnused(import, words, object->key, children[i]);
			blocks->blocks[i].name = children[i]->key;
			SetValue(import, &blocks->blocks[i], statistics[s].role, children[i], object->key);
		}
	}
}
