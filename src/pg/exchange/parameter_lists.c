/*
 * parameter_lists.c
 *		Lists of numbers in blocks of parameters: one for each statistic, with a number for each feature.
 */
#include "pg/exchange/parameter_blocks.h"

/* Return the only element of an array of arrays of length one, however deep, or the value itself. */
static const JsonNode *
OnlyLeaf(const JsonNode *node)
{
	while (node->type == JSON_NODE_ARRAY && node->nchildren == 1)
		node = node->children[0];
	return node;
}

/*
 * Return an array as a list.  Dimensions of length one do not count: arrays of one column, of one row, and the
 * (c, 1, 1) of images are lists.
 */
static const JsonNode *
AsList(const Import *import, const JsonNode *node, const char *key)
{
	while (node->nchildren == 1 && node->children[0]->type == JSON_NODE_ARRAY)
		node = node->children[0];
	for (int i = 0; i < node->nchildren; i++)
	{
		const JsonNode *leaf = OnlyLeaf(node->children[i]);

		if (leaf->type == JSON_NODE_ARRAY)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: \"%s\" has %d rows, and row %d has %d columns: it must be of one dimension",
							import->what, key, node->nchildren, i + 1, leaf->nchildren),
					 errhint("Write it as one list, with a number for each feature.")));
	}
	return node;
}

/* Return whether a statistic has one value for all features, or is no list of numbers. */
static bool
IsOfAll(ParameterRole role)
{
	return role == ROLE_NAMES || role == ROLE_FEATURE_RANGE || role == ROLE_DO_RESCALE || role == ROLE_DO_NORMALIZE ||
		role == ROLE_COUNT || role == ROLE_FEATURE_COUNT;
}

/* Return whether a value is that of one feature: two points, each of two numbers. */
static bool
IsOnePairOfPoints(const JsonNode *value)
{
	return value->nchildren == 2 && value->children[0]->type == JSON_NODE_ARRAY &&
		value->children[0]->nchildren == 2 && value->children[0]->children[0]->type != JSON_NODE_ARRAY;
}

void
MeasureBlock(const Import *import, ParameterBlock *block)
{
	block->length = 1;
	block->length_key = NULL;
	for (int role = 0; role < NROLES; role++)
	{
		const JsonNode *value = block->value[role];
		int			n;

		CHECK_FOR_INTERRUPTS();
		if (value == NULL || IsOfAll(role) || value->type != JSON_NODE_ARRAY ||
			(role == ROLE_POINTS && IsOnePairOfPoints(value)))
			continue;
		block->list[role] = role == ROLE_POINTS ? value : AsList(import, value, block->key[role]);
		n = block->list[role]->nchildren;
		if (n == 0)
			ImportInvalid(import, block->key[role], "empty", "of at least one feature");
		if (block->length_key && n != block->length)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: the number of features is %d by \"%s\", but %d by \"%s\"%s",
							import->what, n, block->key[role], block->length, block->length_key,
							block->name ? psprintf(", of \"%s\"", block->name) : "")));
		block->length = n;
		block->length_key = block->key[role];
	}
}

const JsonNode *
BlockValue(const ParameterBlock *block, ParameterRole role, int i)
{
	const JsonNode *list = block->list[role];

	if (list == NULL)
		return block->value[role];
	return role == ROLE_POINTS ? list->children[i] : OnlyLeaf(list->children[i]);
}
