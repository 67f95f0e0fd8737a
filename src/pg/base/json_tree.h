/*
 * json_tree.h
 *		JSON as a tree, read strictly, and the pieces of writing it.
 */
#ifndef NORMFREEZE_JSON_TREE_H
#define NORMFREEZE_JSON_TREE_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

typedef enum JsonNodeType
{
	JSON_NODE_NULL,
	JSON_NODE_BOOLEAN,
	JSON_NODE_NUMBER,
	JSON_NODE_STRING,
	JSON_NODE_ARRAY,
	JSON_NODE_OBJECT
} JsonNodeType;

typedef struct JsonNode
{
	JsonNodeType type;
	char	   *key;			/* of an object's member */
	char	   *text;			/* of a string or number */
	bool		boolean;
	int			nchildren;
	int			capacity;
	struct JsonNode **children;
} JsonNode;

/* what: how errors name the text, such as "scaler" or "options" */
extern JsonNode *JsonParse(char *text, int length, const char *what);
extern JsonNode *JsonParseJsonb(Jsonb *jsonb, const char *what);

/* The jsonb that a text is; an error if it is none. */
extern Jsonb *JsonbFromText(const char *text);

/* a member or NULL */
extern JsonNode *JsonMember(const JsonNode *object, const char *key);
extern const char *JsonTypeName(const JsonNode *node);

/* false if not a number, or beyond float8 */
extern bool JsonNumber(const JsonNode *node, double *value);

/* the same for what AppendJsonValue() writes; a null value is NaN */
extern bool JsonValue(const JsonNode *node, double *value, bool *isnull);

/* shortest digits that read back the same, whatever extra_float_digits is */
extern void AppendJsonDouble(StringInfo out, double value);

/* the same where there may be no number: null, or "NaN", "Infinity", "-Infinity" as to_jsonb() writes them */
extern void AppendJsonValue(StringInfo out, double value, bool isnull);
extern void AppendJsonString(StringInfo out, const char *string);

/* the same, null for NULL */
extern void AppendJsonText(StringInfo out, const char *text);

/* further members of an object */
extern void AppendJsonTextMember(StringInfo out, const char *key, const char *text);
extern void AppendJsonValueMember(StringInfo out, const char *key, double value, bool isnull);

#endif							/* NORMFREEZE_JSON_TREE_H */
