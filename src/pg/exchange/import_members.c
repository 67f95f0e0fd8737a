/*
 * import_members.c
 *		Finding members of the JSON object that is imported, and reporting what is wrong with them.
 */
#include "pg/exchange/import.h"

#include "mb/pg_wchar.h"
#include "pg/base/text.h"

/* ---- errors ---- */

int
ImportFamilyHint(const Import *import)
{
	return import->family->hint ? errhint("%s", import->family->hint) : 0;
}

void
ImportMissing(const Import *import, const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" is missing or null", import->what, key),
			 ImportFamilyHint(import)));
}

void
ImportInvalid(const Import *import, const char *key, const char *is, const char *must_be)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" is %s, and must be %s", import->what, key, is, must_be)));
}

void
ImportInvalidOf(const Import *import, const char *key, int i, const char *is, const char *must_be)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: \"%s\" of %s is %s, and must be %s", import->what, key,
					FeatureLabel(import->names ? import->names[i] : NULL, i), is, must_be)));
}

#define SHOWN_LENGTH	40

const char *
NodeText(const JsonNode *node)
{
	int			length;
	const char *more;

	switch (node->type)
	{
		case JSON_NODE_NUMBER:
		case JSON_NODE_STRING:
			length = pg_mbcliplen(node->text, strlen(node->text), SHOWN_LENGTH);
			more = node->text[length] ? "..." : "";
			return node->type == JSON_NODE_NUMBER ? psprintf("%.*s%s", length, node->text, more) :
				psprintf("the string \"%.*s%s\"", length, node->text, more);
		case JSON_NODE_BOOLEAN:
			return node->boolean ? "true" : "false";
		case JSON_NODE_NULL:
			return "null";
		default:
			return psprintf("an %s", JsonTypeName(node));
	}
}

/* ---- members ---- */

static bool
IsListed(const char *const *list, const char *key)
{
	for (; list && *list; list++)
		if (strcmp(*list, key) == 0)
			return true;
	return false;
}

/* Return a member by this name, of the object or of one of its containers. */
static const JsonNode *
FindExactly(const Import *import, const char *key)
{
	const JsonNode *node = JsonMember(import->root, key);

	for (const char *const *name = import->family->containers; node == NULL && *name; name++)
	{
		const JsonNode *container = JsonMember(import->root, *name);

		if (container && container->type == JSON_NODE_OBJECT)
			node = JsonMember(container, key);
	}
	return node;
}

/*
 * Return the name of a member without its underscore, such as "mean" for "mean_"; NULL if that may be the name
 * of another member.
 */
static const char *
BareName(const Import *import, const ImportClass *class, const char *key)
{
	size_t		length = strlen(key);
	const char *bare;

	if (!import->family->underscores || length < 2 || key[length - 1] != '_')
		return NULL;
	bare = pnstrdup(key, length - 1);
	if (class && ((class->bare && strcmp(class->bare, bare) == 0) || IsListed(class->members, bare)))
		return NULL;
	return bare;
}

const JsonNode *
ImportFindMember(const Import *import, const ImportClass *class, const char *key)
{
	const JsonNode *node = FindExactly(import, key);
	const char *bare = BareName(import, class, key);
	const JsonNode *other = bare ? FindExactly(import, bare) : NULL;

	if (node && other)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: it has both \"%s\" and \"%s\"", import->what, key, bare)));
	return node ? node : other;
}

bool
ImportMentions(const Import *import, const char *key)
{
	return ImportFindMember(import, import->class, key) != NULL;
}

const JsonNode *
ImportMember(const Import *import, const char *key)
{
	const JsonNode *node = ImportFindMember(import, import->class, key);

	return node && node->type != JSON_NODE_NULL ? node : NULL;
}

/* Return whether a member is a private attribute, such as "_sklearn_version".  Other versions have other ones. */
static bool
IsPrivate(const Import *import, const char *key)
{
	return import->family->underscores && key[0] == '_';
}

static bool
IsListedBare(const Import *import, const char *const *list, const char *key)
{
	for (; list && *list; list++)
	{
		const char *bare = BareName(import, import->class, *list);

		if (strcmp(*list, key) == 0 || (bare && strcmp(bare, key) == 0))
			return true;
	}
	return false;
}

void
ImportRefuseOthers(const Import *import, const JsonNode *object, const char *const *const *lists, int nlists)
{
	StringInfoData known;

	for (int i = 0; i < object->nchildren; i++)
	{
		const char *key = object->children[i]->key;
		bool		found = IsPrivate(import, key);

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < nlists && !found; k++)
			found = IsListedBare(import, lists[k], key);
		if (found)
			continue;
		initStringInfo(&known);
		for (int k = 0; k < nlists; k++)
			for (const char *const *name = lists[k]; name && *name; name++)
				appendStringInfo(&known, "%s\"%s\"", known.len ? ", " : "", *name);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"%s\" is no member of it, and would be ignored", import->what,
						pnstrdup(key, pg_mbcliplen(key, strlen(key), SHOWN_LENGTH))),
				 errhint("Leave it out, or correct its name. The members are: %s.", known.data)));
	}
}

static const char *
JsonTypeText(JsonNodeType type)
{
	static const char *const texts[] = {
		[JSON_NODE_NULL] = "null",
		[JSON_NODE_BOOLEAN] = "true or false",
		[JSON_NODE_NUMBER] = "a number",
		[JSON_NODE_STRING] = "a string",
		[JSON_NODE_ARRAY] = "an array",
		[JSON_NODE_OBJECT] = "an object",
	};

	return texts[type];
}

const JsonNode *
ImportMemberOfType(const Import *import, const char *key, JsonNodeType type)
{
	const JsonNode *node = ImportMember(import, key);

	if (node && node->type != type)
		ImportInvalid(import, key, NodeText(node), JsonTypeText(type));
	return node;
}

const JsonNode *
ImportRequired(const Import *import, const char *key, JsonNodeType type)
{
	const JsonNode *node = ImportMemberOfType(import, key, type);

	if (node == NULL)
		ImportMissing(import, key);
	return node;
}

bool
ImportBoolean(const Import *import, const char *key, bool fallback)
{
	const JsonNode *node = ImportMemberOfType(import, key, JSON_NODE_BOOLEAN);

	return node ? node->boolean : fallback;
}

/*
 * Set the number that a text stands for where JSON has no such number: NaN and the infinities.  Return false
 * for other texts.
 */
static bool
SpecialNumber(const char *text, double *value)
{
	static const struct
	{
		const char *text;
		double		value;
	}			specials[] = {
		{"NaN", NAN}, {"nan", NAN},
		{"Infinity", INFINITY}, {"inf", INFINITY},
		{"-Infinity", -INFINITY}, {"-inf", -INFINITY},
		{"Inf", INFINITY}, {"-Inf", -INFINITY}, /* written by Spark's DoubleParam.jValueEncode() */
	};

	for (int i = 0; i < lengthof(specials); i++)
		if (strcmp(specials[i].text, text) == 0)
		{
			*value = specials[i].value;
			return true;
		}
	return false;
}

bool
ImportNodeNumber(const Import *import, const JsonNode *node, double *value)
{
	char	   *end;

	if (node->type == JSON_NODE_STRING && SpecialNumber(node->text, value))
		return true;
	if (node->type == JSON_NODE_STRING && import->family->numeric_strings &&
		node->text[0] != '\0' && strspn(node->text, "+-.0123456789eE") == strlen(node->text))
	{
		*value = strtod(node->text, &end);
		return *end == '\0';
	}
	return JsonNumber(node, value);
}

/* Infinite numbers and NaN are written as strings. */
double
ImportNumber(const Import *import, const char *key, double fallback)
{
	const JsonNode *node = ImportMember(import, key);
	double		value = fallback;

	if (node && !ImportNodeNumber(import, node, &value))
		ImportInvalid(import, key, NodeText(node), "a number within float8");
	return value;
}

const char *
ImportString(const Import *import, const char *key, const char *fallback)
{
	const JsonNode *node = ImportMemberOfType(import, key, JSON_NODE_STRING);

	return node ? node->text : fallback;
}

int
ImportChoice(const Import *import, const char *key, const char *const *choices, int fallback)
{
	const char *text = ImportString(import, key, NULL);
	StringInfoData list;

	if (text == NULL)
		return fallback;
	initStringInfo(&list);
	for (int i = 0; choices[i]; i++)
	{
		if (strcmp(choices[i], text) == 0)
			return i;
		appendStringInfo(&list, "%s\"%s\"", i ? " or " : "", choices[i]);
	}
	ImportInvalid(import, key, psprintf("\"%.*s\"", pg_mbcliplen(text, strlen(text), SHOWN_LENGTH), text), list.data);
}
