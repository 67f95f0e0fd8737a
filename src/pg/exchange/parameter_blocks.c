/*
 * parameter_blocks.c
 *		The arrangements in which parameters lie in files.
 *
 * {"mean": [...], "std": [...]}: arrays by statistic, with or without names beside them.
 * {"mean": {"age": 1, ...}, "std": {...}}: features by statistic.
 * {"age": {"mean": 1, "std": 2}, ...}: statistics by feature, or by group where they are arrays.
 * {"age_mean": 1, "age_std": 2, ...}, {"mean_age": 1, ...}: flat, by feature or by group.
 * {"age": [1, 2], ...}, [[1, 2], ...]: pairs.
 * [{"name": "age", "mean": 1, "std": 2}, ...]: rows.
 */
#include "pg/exchange/parameter_blocks.h"

#include "pg/exchange/parameter_by_statistic.h"
#include "pg/exchange/parameter_flat.h"
#include "pg/exchange/parameter_keys.h"

/* ---- blocks ---- */

/*
 * Read an object of statistics.  "outer" is its key in the object that it is in, or NULL; a row may have the name of
 * a feature.
 */
static void
ReadBlock(const Import *import, const ParameterWords *words, const char *outer, bool row, const JsonNode *object,
		  ParameterBlock *block)
{
	for (int i = 0; i < object->nchildren; i++)
	{
		const JsonNode *child = object->children[i];
		ParameterRole role;

		CHECK_FOR_INTERRUPTS();
		if (IsIgnored(words, child))
			continue;
		role = child->type == JSON_NODE_OBJECT ? ROLE_NONE : RoleOfChild(words, child);
		if (role == ROLE_NONE || (role == ROLE_NAMES && !row && child->type == JSON_NODE_STRING))
			RefuseUnused(import, words, outer, child);
		else
			SetValue(import, block, role, child, child->key);
	}
}

/* Return whether an object has statistics that are no objects themselves. */
static bool
HasStatistics(const ParameterWords *words, const JsonNode *object)
{
	for (int i = 0; i < object->nchildren; i++)
	{
		const JsonNode *child = object->children[i];

		if (child->type != JSON_NODE_OBJECT && !IsIgnored(words, child) && RoleOfChild(words, child) < ROLE_NAMES)
			return true;
	}
	return false;
}

/* ---- pairs ---- */

static bool
IsPairOf(const JsonNode *node, JsonNodeType type)
{
	return node->type == JSON_NODE_ARRAY && node->nchildren == 2 && node->children[0]->type == type &&
		node->children[1]->type == type;
}

static bool
IsPoints(const JsonNode *node)
{
	return IsPairOf(node, JSON_NODE_ARRAY) && IsPairOf(node->children[0], JSON_NODE_NUMBER) &&
		IsPairOf(node->children[1], JSON_NODE_NUMBER);
}

static bool
ArePairs(const JsonNode *const *children, int count, bool points)
{
	for (int i = 0; i < count; i++)
		if (points ? !IsPoints(children[i]) : !IsPairOf(children[i], JSON_NODE_NUMBER))
			return false;
	return count > 0;
}

/* What the two numbers of a pair are, by shape. */
static const ParameterRole pair_roles[][2] = {
	[SHAPE_STANDARD] = {ROLE_MEAN, ROLE_STD},
	[SHAPE_ROBUST] = {ROLE_MEDIAN, ROLE_IQR},
	[SHAPE_RANGE] = {ROLE_MIN, ROLE_MAX},
	[SHAPE_QUANTILES] = {ROLE_P01, ROLE_P99},
	[SHAPE_SKLEARN_RANGE] = {ROLE_SCALE, ROLE_MIN},
};

static void
ReadPairs(const Import *import, const ParameterWords *words, const JsonNode *const *children, int count,
		  ParameterBlocks *blocks)
{
	bool		points = ArePairs(children, count, true);
	const char *shown = children[0]->key ? ShownKey(NULL, children[0]->key) : "its first element";

	if (!points && (words->shape == SHAPE_NONE || words->shape == SHAPE_POINTS))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" is a pair of numbers, and nothing says of what", import->what, shown),
				 errhint("Say it with option \"shape\": \"standard\" for a mean and a deviation, "
						 "\"range\" for a minimum and a maximum.")));
	MakeBlocks(blocks, count);
	for (int i = 0; i < count; i++)
	{
		ParameterBlock *block = &blocks->blocks[i];

		block->name = children[i]->key;
		if (points)
			SetValue(import, block, ROLE_POINTS, children[i], "points");
		for (int k = 0; k < 2 && !points; k++)
			SetValue(import, block, pair_roles[words->shape][k], children[i]->children[k],
					 RoleName(pair_roles[words->shape][k]));
	}
}

/* ---- rows ---- */

/* An array: an object for each feature, or a pair for each; or two arrays, one for each statistic. */
static void
ReadParameterRows(const Import *import, const ParameterWords *words, const JsonNode *root, ParameterBlocks *blocks)
{
	const JsonNode *const *children = (const JsonNode *const *) root->children;
	int			count = root->nchildren;

	if (ArePairs(children, count, true) || (count != 2 && ArePairs(children, count, false)))
	{
		ReadPairs(import, words, children, count, blocks);
		return;
	}
	if (IsPairOf(root, JSON_NODE_ARRAY) && !ArePairs(children, count, false) && words->shape != SHAPE_NONE &&
		words->shape != SHAPE_POINTS)
	{
		MakeBlocks(blocks, 1);
		for (int k = 0; k < 2; k++)
			SetValue(import, blocks->blocks, pair_roles[words->shape][k], children[k],
					 RoleName(pair_roles[words->shape][k]));
		return;
	}
	if (count == 2 && ArePairs(children, count, false))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: 2 rows of 2 numbers may be of features or of statistics", import->what),
				 errhint("Write an object, as in {\"mean\": [...], \"std\": [...]}.")));
	for (int i = 0; i < count; i++)
		if (children[i]->type != JSON_NODE_OBJECT)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: element %d is %s, and nothing says of what", import->what, i + 1,
							NodeText(children[i])),
					 errhint("Write an object, as in {\"mean\": [...], \"std\": [...]}; "
							 "or say with option \"shape\" what the two numbers of each pair are.")));
	MakeBlocks(blocks, count);
	for (int i = 0; i < count; i++)
	{
		ParameterBlock *block = &blocks->blocks[i];
		const JsonNode *name;

		ReadBlock(import, words, NULL, true, children[i], block);
		name = block->value[ROLE_NAMES];
		block->value[ROLE_NAMES] = NULL;
		if (name && name->type != JSON_NODE_STRING)
			ImportInvalid(import, name->key, NodeText(name), "a string");
		block->name = name ? name->text : NULL;
		if ((block->name == NULL) != (blocks->blocks[0].name == NULL))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: row %d has %s name, unlike the first one", import->what, i + 1,
							block->name ? "a" : "no")));
	}
}

/* ---- objects ---- */

/* What is known of the members of an object. */
typedef struct ObjectCount
{
	int			objects;
	int			roles;			/* statistics that are no objects */
	int			role_objects;
	int			others;			/* without a meaning, and no objects */
	bool		inner;			/* an object in it has statistics */
} ObjectCount;

static void
CountMembers(const ParameterWords *words, const JsonNode *const *children, int count, ObjectCount *counts)
{
	memset(counts, 0, sizeof(*counts));
	for (int i = 0; i < count; i++)
	{
		bool		role = RoleOfChild(words, children[i]) != ROLE_NONE;

		if (children[i]->type == JSON_NODE_OBJECT)
		{
			counts->objects++;
			counts->role_objects += role;
			counts->inner = counts->inner || HasStatistics(words, children[i]);
		}
		else if (role)
			counts->roles++;
		else
			counts->others++;
	}
}

/* Take the list of names out of the members that are considered. */
static int
TakeNames(const ParameterWords *words, const JsonNode **children, int count, ParameterBlocks *blocks)
{
	int			left = 0;

	for (int i = 0; i < count; i++)
		if (blocks->names == NULL && children[i]->type == JSON_NODE_ARRAY &&
			RoleOfChild(words, children[i]) == ROLE_NAMES)
			blocks->names = children[i];
		else
			children[left++] = children[i];
	return left;
}

static void
ReadByFeature(const Import *import, const ParameterWords *words, const JsonNode *const *children, int count,
			  ParameterBlocks *blocks)
{
	int			n = 0;

	for (int i = 0; i < count; i++)
		if (children[i]->type == JSON_NODE_OBJECT)
			n++;
		else
			RefuseUnused(import, words, NULL, children[i]);
	MakeBlocks(blocks, n);
	n = 0;
	for (int i = 0; i < count; i++)
		if (children[i]->type == JSON_NODE_OBJECT)
		{
			blocks->blocks[n].name = children[i]->key;
			ReadBlock(import, words, children[i]->key, false, children[i], &blocks->blocks[n++]);
		}
}

/* Fail for members that make nothing, at the one that most likely is the reason. */
static void
RefuseMembers(const Import *import, const ParameterWords *words, const JsonNode *const *children, int count)
{
	for (int i = 0; i < count; i++)
		if (RoleOfChild(words, children[i]) == ROLE_NONE && !IsFlatKey(words, children[i]))
			RefuseUnused(import, words, NULL, children[i]);
	RefuseMixedFlat(import, words, children, count);
	for (int i = 0; i < count; i++)
		RefuseUnused(import, words, NULL, children[i]);
}

/*
 * Read flat keys, beside which there may be a number of values and, if they are of one group, of its features.  Return
 * false if keys are not so.
 */
static bool
ReadFlatBesideCounts(const Import *import, const ParameterWords *words, const JsonNode *const *children, int count,
					 ParameterBlocks *blocks)
{
	static const ParameterRole counting[] = {ROLE_COUNT, ROLE_FEATURE_COUNT};
	const JsonNode *said[NROLES] = {NULL};
	const JsonNode **flat = palloc(sizeof(JsonNode *) * Max(count, 1));
	int			n = 0;

	for (int i = 0; i < count; i++)
	{
		ParameterRole role = RoleOfChild(words, children[i]);

		if (role == ROLE_NONE || children[i]->type == JSON_NODE_OBJECT)
			flat[n++] = children[i];
		else if ((role == ROLE_COUNT || role == ROLE_FEATURE_COUNT) && said[role] == NULL)
			said[role] = children[i];
		else
			return false;
	}
	if (n == 0 || !ReadFlat(import, words, flat, n, blocks) || (n < count && blocks->count != 1))
		return false;
	for (int i = 0; i < lengthof(counting); i++)
		if (said[counting[i]])
			SetValue(import, blocks->blocks, counting[i], said[counting[i]], said[counting[i]]->key);
	return true;
}

static void
ReadParameterMembers(const Import *import, const ParameterWords *words, const JsonNode *root,
					 const JsonNode *const *children, int count, ParameterBlocks *blocks)
{
	ObjectCount counts;
	GivenStatistic *statistics = palloc(sizeof(GivenStatistic) * Max(count, 1));

	CountMembers(words, children, count, &counts);
	if (counts.role_objects > 0 && counts.role_objects == count && counts.inner)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" may be a statistic or a feature", import->what,
						ShownKey(NULL, children[0]->key)),
				 errhint("Rename the features, or read one of the objects with option \"path\".")));
	if (counts.role_objects > 0 && counts.role_objects == count)
	{
		for (int i = 0; i < count; i++)
			statistics[i] = (GivenStatistic) {RoleOfChild(words, children[i]), children[i]};
		ReadByStatistic(import, words, statistics, count, blocks);
		return;
	}
	if (counts.inner && counts.roles == 0)
	{
		ReadByFeature(import, words, children, count, blocks);
		return;
	}
	if (ReadFlatBesideCounts(import, words, children, count, blocks))
		return;
	if ((counts.roles == 0 || words->shape != SHAPE_NONE) && counts.others > 0 &&
		(ArePairs(children, count, false) || ArePairs(children, count, true)))
	{
		ReadPairs(import, words, children, count, blocks);
		return;
	}
	MakeBlocks(blocks, 1);
	if (counts.roles > 0)
		ReadBlock(import, words, NULL, false, root, blocks->blocks);
	else
		RefuseMembers(import, words, children, count);
}

void
ReadParameterBlocks(Import *import, const ParameterWords *words, const JsonNode *root, ParameterBlocks *blocks)
{
	int			count;
	const JsonNode **children;

	memset(blocks, 0, sizeof(*blocks));
	if (root->type != JSON_NODE_ARRAY && root->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: an object or an array is expected, not %s", import->what, NodeText(root)),
				 ImportFamilyHint(import)));
	if (root->nchildren == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: the %s is empty", import->what, JsonTypeName(root)),
				 ImportFamilyHint(import)));
	if (root->type == JSON_NODE_ARRAY)
		ReadParameterRows(import, words, root, blocks);
	else
	{
		children = Considered(words, root, &count);
		count = TakeNames(words, children, count, blocks);
		ReadParameterMembers(import, words, root, children, count, blocks);
	}
	if (blocks->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: nothing is left of the %s", import->what, JsonTypeName(root)),
				 errhint("Option \"ignore\" leaves out too much.")));
	for (int b = 0; b < blocks->count; b++)
		MeasureBlock(import, &blocks->blocks[b]);
}
