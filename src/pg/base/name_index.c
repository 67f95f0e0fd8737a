/*
 * name_index.c
 *		Finding a name among many by bisection.  Options may name as many features as there are.
 */
#include "pg/base/name_index.h"

typedef struct IndexedName
{
	const char *name;
	int			position;
} IndexedName;

static int
CompareEntries(const void *a, const void *b)
{
	const IndexedName *x = a;
	const IndexedName *y = b;
	int			order = strcmp(x->name, y->name);

	return order != 0 ? order : x->position - y->position;
}

NameIndex
MakeNameIndex(char *const *names, int count)
{
	NameIndex	index = {count, palloc_extended(sizeof(IndexedName) * Max(count, 1), MCXT_ALLOC_HUGE)};

	for (int i = 0; i < count; i++)
		index.entries[i] = (IndexedName) {names[i], i};
	qsort(index.entries, count, sizeof(IndexedName), CompareEntries);
	return index;
}

NameIndex
MakeFeatureIndex(const Recipe *recipe)
{
	int			count = recipe->named ? recipe->nfeatures : 0;
	char	  **names = palloc_extended(sizeof(char *) * Max(count, 1), MCXT_ALLOC_HUGE);
	NameIndex	index;

	for (int i = 0; i < count; i++)
		names[i] = recipe->features[i].name;
	index = MakeNameIndex(names, count);
	pfree(names);
	return index;
}

int
NameIndexFind(const NameIndex *index, const char *name)
{
	int			low = 0;
	int			high = index->count;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (strcmp(index->entries[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->count && strcmp(index->entries[low].name, name) == 0 ? index->entries[low].position : -1;
}
