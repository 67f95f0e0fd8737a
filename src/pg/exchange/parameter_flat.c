/*
 * parameter_flat.c
 *		Parameters whose keys have a feature and a statistic in one, such as "age_mean" and "stdAge".
 */
#include "pg/exchange/parameter_flat.h"

#include "pg/exchange/parameter_by_statistic.h"
#include "pg/exchange/parameter_keys.h"

/* A key such as "age_mean", taken apart. */
typedef struct FlatKey
{
	const char *feature;
	ParameterRole role;
	const JsonNode *value;
	int			place;
} FlatKey;

static bool
IsLetterOrDigit(char c)
{
	return IS_HIGHBIT_SET(c) || isalnum((unsigned char) c);
}

/*
 * Return whether a word ends before position i: there is a sign, or a capital letter after a small one or a digit.
 */
static bool
IsBoundary(const char *key, int i)
{
	char		before = key[i - 1];

	return !IsLetterOrDigit(key[i]) ||
		(key[i] >= 'A' && key[i] <= 'Z' && ((before >= 'a' && before <= 'z') || isdigit((unsigned char) before)));
}

/*
 * Take a key apart where its last words (with "prefix": its first words) are a statistic, as many of them as
 * possible.  Return false if they are none.
 */
static bool
TakeKeyApart(const ParameterWords *words, const JsonNode *child, bool prefix, FlatKey *flat)
{
	const char *key = child->key;
	int			length = strlen(key);

	for (int k = 1; k < length; k++)
	{
		int			at = prefix ? length - k : k;
		int			after = IsLetterOrDigit(key[at]) ? at : at + 1;
		ParameterRole role;

		if (!IsBoundary(key, at) || after >= length)
			continue;
		role = prefix ? UsualRole(words, key, at) : UsualRole(words, key + after, length - after);
		if (role == ROLE_NONE || role >= ROLE_NAMES)
			continue;
		flat->feature = prefix ? pstrdup(key + after) : pnstrdup(key, at);
		flat->role = role;
		flat->value = child;
		return true;
	}
	return false;
}

static int
CompareFlatKeys(const void *a, const void *b)
{
	const FlatKey *x = a;
	const FlatKey *y = b;
	int			order = strcmp(x->feature, y->feature);

	return order ? order : x->place - y->place;
}

typedef struct FlatBlock
{
	int			place;			/* of its first key */
	int			first;			/* in the sorted keys */
	int			count;
} FlatBlock;

static int
CompareFlatBlocks(const void *a, const void *b)
{
	return ((const FlatBlock *) a)->place - ((const FlatBlock *) b)->place;
}

/* Return a block that has other statistics than the first one; 0 if there is none. */
static int
FindOtherRoles(const FlatKey *keys, const FlatBlock *blocks, int nblocks)
{
	for (int b = 0; b < nblocks; b++)
	{
		bool		there[NROLES] = {false};
		int			same = 0;

		if (blocks[b].count != blocks[0].count)
			return b;
		for (int i = 0; i < blocks[b].count; i++)
			there[keys[blocks[b].first + i].role] = true;
		for (int i = 0; i < blocks[0].count; i++)
			same += there[keys[blocks[0].first + i].role];
		if (same != blocks[0].count)
			return b;
	}
	return 0;
}

/*
 * Take all keys apart in one way, or where the rest is ignored all that can be.  Return the number of blocks, in order;
 * 0 if this is not the way.
 *
 * If it is not because features have different statistics, *other is the block of one, unlike the first one.
 */
static int
TakeAllApart(const ParameterWords *words, const JsonNode *const *children, int count, bool prefix, FlatKey *keys,
			 FlatBlock *blocks, int *other)
{
	int			nblocks = 0;
	int			nkeys = 0;

	*other = 0;
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		keys[nkeys].place = i;
		if (TakeKeyApart(words, children[i], prefix, &keys[nkeys]))
			nkeys++;
		else if (!words->ignores_rest)
			return 0;
	}
	qsort(keys, nkeys, sizeof(FlatKey), CompareFlatKeys);
	for (int i = 0; i < nkeys; i++)
	{
		if (i == 0 || strcmp(keys[i].feature, keys[i - 1].feature) != 0)
			blocks[nblocks++] = (FlatBlock) {keys[i].place, i, 0};
		blocks[nblocks - 1].count++;
	}
	*other = FindOtherRoles(keys, blocks, nblocks);
	if (*other)
		return 0;
	qsort(blocks, nblocks, sizeof(FlatBlock), CompareFlatBlocks);
	return nblocks;
}

static int
CountKeys(const FlatBlock *blocks, int nblocks)
{
	int			n = 0;

	for (int b = 0; b < nblocks; b++)
		n += blocks[b].count;
	return n;
}

bool
ReadFlat(const Import *import, const ParameterWords *words, const JsonNode *const *children, int count,
		 ParameterBlocks *result)
{
	FlatKey    *keys = palloc(sizeof(FlatKey) * count);
	FlatKey    *other = palloc(sizeof(FlatKey) * count);
	FlatBlock  *blocks = palloc(sizeof(FlatBlock) * count);
	FlatBlock  *other_blocks = palloc(sizeof(FlatBlock) * count);
	int			differs;
	int			nblocks = TakeAllApart(words, children, count, false, keys, blocks, &differs);
	int			nother = TakeAllApart(words, children, count, true, other, other_blocks, &differs);
	int			nkeys = CountKeys(blocks, nblocks);
	int			nother_keys = CountKeys(other_blocks, nother);

	/* where the rest is ignored, the way that takes more keys */
	if (nblocks && nkeys == nother_keys)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" may be a statistic of \"%s\" or of \"%s\"", import->what,
						ShownKey(NULL, keys[0].value->key), ShownKey(NULL, keys[0].feature),
						ShownKey(NULL, other[0].feature)),
				 errhint("Write the parameters as an object for each feature, as in {\"%s\": {\"%s\": ...}}.",
						 ShownKey(NULL, keys[0].feature), RoleName(keys[0].role))));
	if (nother_keys > nkeys)
	{
		keys = other;
		blocks = other_blocks;
		nblocks = nother;
	}
	/* one name for all, and features by statistic in it */
	if (nblocks == 1 && keys[0].value->type == JSON_NODE_OBJECT)
	{
		GivenStatistic *statistics = palloc(sizeof(GivenStatistic) * blocks[0].count);

		for (int i = 0; i < blocks[0].count; i++)
			statistics[i] = (GivenStatistic) {keys[i].role, keys[i].value};
		ReadByStatistic(import, words, statistics, blocks[0].count, result);
		return true;
	}
	if (nblocks)
		MakeBlocks(result, nblocks);
	for (int b = 0; b < nblocks; b++)
		for (int i = 0; i < blocks[b].count; i++)
		{
			const FlatKey *key = &keys[blocks[b].first + i];

			if (key->value->type == JSON_NODE_OBJECT)
				RefuseUnused(import, words, NULL, key->value);
			result->blocks[b].name = key->feature;
			SetValue(import, &result->blocks[b], key->role, key->value, key->value->key);
		}
	return nblocks > 0;
}

bool
IsFlatKey(const ParameterWords *words, const JsonNode *child)
{
	FlatKey		key;

	return TakeKeyApart(words, child, false, &key) || TakeKeyApart(words, child, true, &key);
}

void
RefuseMixedFlat(const Import *import, const ParameterWords *words, const JsonNode *const *children, int count)
{
	FlatKey    *keys = palloc(sizeof(FlatKey) * Max(count, 1));
	FlatBlock  *blocks = palloc(sizeof(FlatBlock) * Max(count, 1));

	for (int prefix = 0; prefix <= 1; prefix++)
	{
		int			other;
		const char *first;
		const char *second;

		TakeAllApart(words, children, count, prefix, keys, blocks, &other);
		if (other == 0)
			continue;
		first = ShownKey(NULL, keys[blocks[0].first].feature);
		second = ShownKey(NULL, keys[blocks[other].first].feature);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" and \"%s\" have different statistics", import->what, first, second),
				 errhint("Import each kind by itself, and leave the others out: {\"ignore\": [\"%s%s%s\"]}.",
						 prefix ? "*" : "", second, prefix ? "" : "*")));
	}
}
