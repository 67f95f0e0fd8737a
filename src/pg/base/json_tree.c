/*
 * json_tree.c
 *		Building a tree by PostgreSQL's JSON parser.  Duplicate keys are errors.
 */
#include "pg/base/json_tree.h"

#include "common/shortest_dec.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/json.h"
#include "utils/numeric.h"

#define MAX_DEPTH		16
#define LONGEST_NUMBER	2000

typedef struct TreeBuilder
{
	const char *what;
	JsonNode   *root;
	JsonNode   *stack[MAX_DEPTH];
	int			depth;
	char	   *pending_key;
} TreeBuilder;

static JsonNode *
AddNode(TreeBuilder *builder, JsonNodeType type)
{
	JsonNode   *node = palloc0(sizeof(JsonNode));
	JsonNode   *parent = builder->depth > 0 ? builder->stack[builder->depth - 1] : NULL;

	node->type = type;
	node->key = builder->pending_key;
	builder->pending_key = NULL;
	CHECK_FOR_INTERRUPTS();
	if (parent == NULL)
		builder->root = node;
	else
	{
		if (parent->nchildren == parent->capacity)
		{
			parent->capacity = parent->capacity ? 2 * parent->capacity : 8;
			parent->children = parent->children ?
				repalloc(parent->children, sizeof(JsonNode *) * parent->capacity) :
				palloc(sizeof(JsonNode *) * parent->capacity);
		}
		parent->children[parent->nchildren++] = node;
	}
	return node;
}

/* Return the kind of document without its article, for messages that have one of their own. */
static const char *
Noun(const char *what)
{
	return strncmp(what, "a ", strlen("a ")) == 0 ? what + strlen("a ") : what;
}

static void
Push(TreeBuilder *builder, JsonNodeType type)
{
	JsonNode   *node = AddNode(builder, type);

	if (builder->depth == MAX_DEPTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid %s: nested too deeply", Noun(builder->what))));
	builder->stack[builder->depth++] = node;
}

JSON_ACTION
ObjectStart(void *state)
{
	Push(state, JSON_NODE_OBJECT);
	return JSON_ACTION_OK;
}

JSON_ACTION
ArrayStart(void *state)
{
	Push(state, JSON_NODE_ARRAY);
	return JSON_ACTION_OK;
}

static int
CompareMemberNames(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

JSON_ACTION
ObjectEnd(void *state)
{
	TreeBuilder *builder = state;
	JsonNode   *object = builder->stack[--builder->depth];
	char	  **keys = palloc(sizeof(char *) * (object->nchildren + 1));

	for (int i = 0; i < object->nchildren; i++)
		keys[i] = object->children[i]->key;
	qsort(keys, object->nchildren, sizeof(char *), CompareMemberNames);
	for (int i = 1; i < object->nchildren; i++)
		if (strcmp(keys[i - 1], keys[i]) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_JSON_OBJECT_KEY_VALUE),
					 errmsg("invalid %s: duplicate key \"%s\"", builder->what, keys[i])));
	pfree(keys);
	return JSON_ACTION_OK;
}

JSON_ACTION
ArrayEnd(void *state)
{
	((TreeBuilder *) state)->depth--;
	return JSON_ACTION_OK;
}

JSON_ACTION
FieldStart(void *state, char *name, bool isnull)
{
	((TreeBuilder *) state)->pending_key = pstrdup(name);
	return JSON_ACTION_OK;
}

JSON_ACTION
Scalar(void *state, char *token, JsonTokenType type)
{
	JsonNode   *node;

	switch (type)
	{
		case JSON_TOKEN_STRING:
			node = AddNode(state, JSON_NODE_STRING);
			node->text = pstrdup(token);
			break;
		case JSON_TOKEN_NUMBER:
			node = AddNode(state, JSON_NODE_NUMBER);
			node->text = pstrdup(token);
			break;
		case JSON_TOKEN_TRUE:
		case JSON_TOKEN_FALSE:
			node = AddNode(state, JSON_NODE_BOOLEAN);
			node->boolean = type == JSON_TOKEN_TRUE;
			break;
		default:
			AddNode(state, JSON_NODE_NULL);
			break;
	}
	return JSON_ACTION_OK;
}

JsonNode *
JsonParse(char *text, int length, const char *what)
{
	TreeBuilder builder = {.what = what};
	JsonSemAction actions = {
		.semstate = &builder,
		.object_start = ObjectStart,
		.object_end = ObjectEnd,
		.array_start = ArrayStart,
		.array_end = ArrayEnd,
		.object_field_start = FieldStart,
		.scalar = Scalar,
	};
	JsonLexContext *lex = MakeJsonLexContext(text, length, GetDatabaseEncoding());
	JsonParseErrorType result = pg_parse_json(lex, &actions);

	if (result != JSON_SUCCESS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid %s: not valid JSON", what),
				 errdetail_internal("%s", json_errdetail(result, lex)),
				 strcmp(what, "scaler") == 0 ?
				 errhint("The frozen scaler of a name is normfreeze.scaler('name'::text): without the cast, text is read as a scaler itself.") : 0));
	return builder.root;
}

/*
 * Return the digits of a number.  Fails if there are too many: those of 1e131071 take 128 kB, so a small
 * document could take gigabytes, and a float8 has at most 1,075.
 */
static char *
NumberText(const TreeBuilder *builder, Numeric number)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));

	if (strlen(text) > LONGEST_NUMBER)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a number in %s has %zu digits, more than %d", builder->what, strlen(text), LONGEST_NUMBER),
				 errdetail("It begins with %.20s.", text)));
	return text;
}

static void
AddScalar(TreeBuilder *builder, const JsonbValue *value)
{
	JsonNode   *node;

	switch (value->type)
	{
		case jbvString:
			node = AddNode(builder, JSON_NODE_STRING);
			node->text = pnstrdup(value->val.string.val, value->val.string.len);
			break;
		case jbvNumeric:
			node = AddNode(builder, JSON_NODE_NUMBER);
			node->text = NumberText(builder, value->val.numeric);
			break;
		case jbvBool:
			node = AddNode(builder, JSON_NODE_BOOLEAN);
			node->boolean = value->val.boolean;
			break;
		default:
			AddNode(builder, JSON_NODE_NULL);
			break;
	}
}

JsonNode *
JsonParseJsonb(Jsonb *jsonb, const char *what)
{
	TreeBuilder builder = {.what = what};
	JsonbIterator *iterator = JsonbIteratorInit(&jsonb->root);
	bool		is_scalar = JB_ROOT_IS_SCALAR(jsonb);	/* a scalar is in an array of its own */
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
		switch (token)
		{
			case WJB_BEGIN_OBJECT:
				Push(&builder, JSON_NODE_OBJECT);
				break;
			case WJB_BEGIN_ARRAY:
				if (!is_scalar)
					Push(&builder, JSON_NODE_ARRAY);
				break;
			case WJB_KEY:
				builder.pending_key = pnstrdup(value.val.string.val, value.val.string.len);
				break;
			case WJB_VALUE:
			case WJB_ELEM:
				AddScalar(&builder, &value);
				break;
			default:
				if (!is_scalar)
					builder.depth--;
				break;
		}
	return builder.root;
}

Jsonb *
JsonbFromText(const char *text)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

JsonNode *
JsonMember(const JsonNode *object, const char *key)
{
	for (int i = 0; i < object->nchildren; i++)
		if (strcmp(object->children[i]->key, key) == 0)
			return object->children[i];
	return NULL;
}

const char *
JsonTypeName(const JsonNode *node)
{
	static const char *const names[] = {
		[JSON_NODE_NULL] = "null",
		[JSON_NODE_BOOLEAN] = "boolean",
		[JSON_NODE_NUMBER] = "number",
		[JSON_NODE_STRING] = "string",
		[JSON_NODE_ARRAY] = "array",
		[JSON_NODE_OBJECT] = "object",
	};

	return names[node->type];
}

bool
JsonNumber(const JsonNode *node, double *value)
{
	char	   *end;

	if (node->type != JSON_NODE_NUMBER)
		return false;
	*value = strtod(node->text, &end);
	return *end == '\0' && isfinite(*value);
}

bool
JsonInterval(const JsonNode *node, double *values)
{
	return node->type == JSON_NODE_ARRAY && node->nchildren == 2 && JsonNumber(node->children[0], &values[0]) &&
		JsonNumber(node->children[1], &values[1]);
}

/* The numbers that JSON cannot express. */
static const struct
{
	const char *text;
	double		value;
}			special_values[] = {{"NaN", NAN}, {"Infinity", INFINITY}, {"-Infinity", -INFINITY}};

bool
JsonValue(const JsonNode *node, double *value, bool *isnull)
{
	*isnull = node->type == JSON_NODE_NULL;
	*value = NAN;
	if (node->type == JSON_NODE_STRING)
		for (int i = 0; i < lengthof(special_values); i++)
			if (strcmp(node->text, special_values[i].text) == 0)
			{
				*value = special_values[i].value;
				return true;
			}
	return *isnull || JsonNumber(node, value);
}

void
AppendJsonDouble(StringInfo out, double value)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, digits);
	appendStringInfoString(out, digits);
}

void
AppendJsonValue(StringInfo out, double value, bool isnull)
{
	if (isnull)
		appendStringInfoString(out, "null");
	else if (isfinite(value))
		AppendJsonDouble(out, value);
	else
		AppendJsonString(out, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}

void
AppendJsonString(StringInfo out, const char *string)
{
	escape_json(out, string);
}

void
AppendJsonText(StringInfo out, const char *text)
{
	if (text)
		AppendJsonString(out, text);
	else
		appendStringInfoString(out, "null");
}

void
AppendJsonTextMember(StringInfo out, const char *key, const char *text)
{
	appendStringInfo(out, ", \"%s\": ", key);
	AppendJsonText(out, text);
}

void
AppendJsonValueMember(StringInfo out, const char *key, double value, bool isnull)
{
	appendStringInfo(out, ", \"%s\": ", key);
	AppendJsonValue(out, value, isnull);
}
