/*
 * parameter_keys.c
 *		The keys of files of parameters: what they mean here, and errors about them.
 */
#include "pg/exchange/parameter_keys.h"

#include "mb/pg_wchar.h"

/* Return whether a text matches a pattern, in which "*" stands for any text. */
static bool
MatchesPattern(const char *text, const char *pattern)
{
	const char *star = NULL;
	const char *from = text;

	while (*text)
	{
		if (*pattern == '*')
		{
			star = pattern++;
			from = text;
		}
		else if (*pattern == *text)
		{
			pattern++;
			text++;
		}
		else if (star)
		{
			/* let the last star take one byte more */
			pattern = star + 1;
			text = ++from;
		}
		else
			return false;
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

bool
IsIgnored(const ParameterWords *words, const JsonNode *child)
{
	for (int i = 0; i < words->ignore.count; i++)
		if (MatchesPattern(child->key, words->ignore.names[i]))
			return true;
	return child->type == JSON_NODE_NULL;
}

static bool
IsListOfStrings(const JsonNode *node)
{
	for (int i = 0; node->type == JSON_NODE_ARRAY && i < node->nchildren; i++)
		if (node->children[i]->type != JSON_NODE_STRING)
			return false;
	return node->type == JSON_NODE_ARRAY && node->nchildren > 0;
}

ParameterRole
UsualRole(const ParameterWords *words, const char *key, int length)
{
	ParameterRole role = RoleOfKey(key, length);

	/* what the caller calls otherwise is not called by its usual names */
	return role != ROLE_NONE && words->key[role] ? ROLE_NONE : role;
}

ParameterRole
RoleOfChild(const ParameterWords *words, const JsonNode *child)
{
	ParameterRole role;

	for (int i = 0; i < NROLES; i++)
		if (words->key[i] && strcmp(words->key[i], child->key) == 0)
			return i;
	if (words->names_key && strcmp(words->names_key, child->key) == 0)
		return ROLE_NAMES;
	role = UsualRole(words, child->key, strlen(child->key));
	if (role == ROLE_NAMES && (words->names_key || !(IsListOfStrings(child) || child->type == JSON_NODE_STRING)))
		return ROLE_NONE;
	return role;
}

#define SHOWN_LENGTH	60

const char *
ShownKey(const char *outer, const char *key)
{
	const char *whole = outer ? psprintf("%s.%s", outer, key) : key;

	return pnstrdup(whole, pg_mbcliplen(whole, strlen(whole), SHOWN_LENGTH));
}

void
RefuseUnused(const Import *import, const ParameterWords *words, const char *outer, const JsonNode *child)
{
	const char *shown = ShownKey(outer, child->key);

	if (words->ignores_rest)
		return;
	if (child->type == JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" is used for nothing", import->what, shown),
				 errhint("Read what is in it with option \"path\", or name it in option \"ignore\".")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" is used for nothing", import->what, shown),
			 errhint("Name it in option \"ignore\", or say what it is in option \"keys\", as in {\"keys\": {\"std\": \"%s\"}}.",
					 ShownKey(NULL, child->key))));
}

void
SetValue(const Import *import, ParameterBlock *block, ParameterRole role, const JsonNode *value, const char *key)
{
	if (block->value[role])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" and \"%s\" are two words for one thing", import->what,
						ShownKey(NULL, block->key[role]), ShownKey(NULL, key)),
				 errhint("Name one of them in option \"ignore\".")));
	block->value[role] = value;
	block->key[role] = key;
}

const JsonNode **
Considered(const ParameterWords *words, const JsonNode *object, int *count)
{
	const JsonNode **children = palloc(sizeof(JsonNode *) * Max(object->nchildren, 1));

	*count = 0;
	for (int i = 0; i < object->nchildren; i++)
		if (!IsIgnored(words, object->children[i]))
			children[(*count)++] = object->children[i];
	return children;
}

ParameterBlock *
MakeBlocks(ParameterBlocks *blocks, int count)
{
	CheckFeatureCount(count);
	blocks->count = count;
	blocks->blocks = palloc0(sizeof(ParameterBlock) * Max(count, 1));
	return blocks->blocks;
}
