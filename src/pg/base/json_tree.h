/*
 * json_tree.h
 *		JSON as a tree that is read strictly, and the pieces of writing JSON.
 */
#ifndef NORMFREEZE_JSON_TREE_H
#define NORMFREEZE_JSON_TREE_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

/* The type of a JSON value. */
typedef enum JsonNodeType
{
	JSON_NODE_NULL,
	JSON_NODE_BOOLEAN,
	JSON_NODE_NUMBER,
	JSON_NODE_STRING,
	JSON_NODE_ARRAY,
	JSON_NODE_OBJECT
} JsonNodeType;

/* A value of a JSON document. */
typedef struct JsonNode
{
	JsonNodeType type;
	char	   *key;			/* if it is the member of an object */
	char	   *text;			/* if it is a string or number */
	bool		boolean;
	int			nchildren;
	int			capacity;
	struct JsonNode **children;
} JsonNode;

/*
 * Parse JSON.  Fails if it is malformed or has duplicate keys; "what" is the name of the text in errors, such
 * as "scaler" or "options".
 */
extern JsonNode *JsonParse(char *text, int length, const char *what);
extern JsonNode *JsonParseJsonb(Jsonb *jsonb, const char *what);

/* Return a text as jsonb.  Fails if it is not valid JSON. */
extern Jsonb *JsonbFromText(const char *text);

/* Return a member of an object, or NULL. */
extern JsonNode *JsonMember(const JsonNode *object, const char *key);

/* Return the type of a value as errors name it. */
extern const char *JsonTypeName(const JsonNode *node);

/* Set *value to a number.  Return false if the node is not a number, or out of the range of float8. */
extern bool JsonNumber(const JsonNode *node, double *value);

/* Set two values to the numbers of an array of two.  Return false for anything else. */
extern bool JsonInterval(const JsonNode *node, double *values);

/* The same as JsonNumber() for what AppendJsonValue() writes.  A null value is NaN. */
extern bool JsonValue(const JsonNode *node, double *value, bool *isnull);

/* Append a number with the shortest digits that read as the same number, whatever extra_float_digits is. */
extern void AppendJsonDouble(StringInfo out, double value);

/*
 * The same for a value that may not be a number: null, or "NaN", "Infinity", "-Infinity" as to_jsonb() writes
 * them.
 */
extern void AppendJsonValue(StringInfo out, double value, bool isnull);

/* Append a string, quoted. */
extern void AppendJsonString(StringInfo out, const char *string);

/* The same, and null for a NULL. */
extern void AppendJsonText(StringInfo out, const char *text);

/* Append a further member of an object. */
extern void AppendJsonTextMember(StringInfo out, const char *key, const char *text);
extern void AppendJsonValueMember(StringInfo out, const char *key, double value, bool isnull);

#endif							/* NORMFREEZE_JSON_TREE_H */
