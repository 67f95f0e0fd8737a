/*
 * json_fields.c
 *		Reading and writing members of C structures as members of JSON objects, by tables.
 */
#include "pg/registry/json_fields.h"

#include "pg/base/text.h"
#include "pg/base/json_tree.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

/* ---- writing ---- */

static void
AppendField(StringInfo out, const JsonField *field, const char *base)
{
	const void *value = base + field->offset;
	char	   *text;

	appendStringInfo(out, "\"%s\": ", field->key);
	switch (field->kind)
	{
		case FIELD_TEXT:
			AppendJsonText(out, *(char *const *) value);
			break;
		case FIELD_NUMBER:
			appendStringInfo(out, "%d", *(const int32 *) value);
			break;
		case FIELD_LONG:
			if (*(const int64 *) value < 0)
				appendStringInfoString(out, "null");
			else
				appendStringInfo(out, INT64_FORMAT, *(const int64 *) value);
			break;
		case FIELD_ID:
			appendStringInfo(out, "\"" INT64_FORMAT "\"", *(const int64 *) value);
			break;
		case FIELD_TIME:
			AppendJsonText(out, TimeText(*(const TimestampTz *) value));
			break;
		case FIELD_OBJECT:
		case FIELD_ARRAY:
			{
				Jsonb	   *jsonb = *(Jsonb *const *) value;

				text = jsonb ? JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)) : "null";
				appendStringInfoString(out, text);
			}
	}
}

void
AppendFields(StringInfo out, const JsonField *fields, int nfields, const void *base)
{
	for (int i = 0; i < nfields; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		AppendField(out, &fields[i], base);
	}
}

Jsonb *
ArrayToJsonb(const JsonField *fields, int nfields, const void *items, size_t size, int nitems)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < nitems; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(&out, i ? ", {" : "{");
		AppendFields(&out, fields, nfields, (const char *) items + size * i);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	return JsonbFromText(out.data);
}

/* ---- reading ---- */

void
InvalidExport(const char *problem, const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid export of a version: %s \"%s\"", problem, key),
			 errhint("Pass what normfreeze.export_name() gave, as it was.")));
}

/* Read an integer that consists of digits alone and is within the range of int64. */
static int64
ReadDigits(const char *text, int64 largest, const char *key)
{
	int64		number;

	if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text))
		InvalidExport("a whole number is expected for key", key);
	errno = 0;
	number = strtoll(text, NULL, 10);
	if (errno != 0 || number > largest)
		InvalidExport("a number is out of range for key", key);
	return number;
}

static char *
ReadString(const JsonbValue *value, const char *key)
{
	if (value->type != jbvString)
		InvalidExport("text is expected for key", key);
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static char *
ReadNumeric(const JsonbValue *value, const char *key)
{
	if (value->type != jbvNumeric)
		InvalidExport("a number is expected for key", key);
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
}

/*
 * Return a time in the one form that we write.  The input function of timestamptz accepts much more, such as
 * "now" and "infinity".
 */
static TimestampTz
ReadTime(const JsonbValue *value, const char *key)
{
	char	   *text = ReadString(value, key);
	TimestampTz time;

	if (!isdigit((unsigned char) text[0]))
		InvalidExport("a time is expected for key", key);
	time = DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in, CStringGetDatum(text),
												   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	if (strcmp(TimeText(time), text) != 0)
		InvalidExport("a time in UTC is expected for key", key);
	return time;
}

Jsonb *
ReadContainer(JsonbValue *value, bool array, const char *key)
{
	Jsonb	   *jsonb;

	if (value->type != jbvBinary)
		InvalidExport(array ? "an array is expected for key" : "an object is expected for key", key);
	jsonb = JsonbValueToJsonb(value);
	if (array ? !JB_ROOT_IS_ARRAY(jsonb) : !JB_ROOT_IS_OBJECT(jsonb))
		InvalidExport(array ? "an array is expected for key" : "an object is expected for key", key);
	return jsonb;
}

void
ReadField(const JsonField *field, JsonbValue *value, char *base)
{
	void	   *target = base + field->offset;

	switch (field->kind)
	{
		case FIELD_TEXT:
			*(char **) target = ReadString(value, field->key);
			break;
		case FIELD_NUMBER:
			*(int32 *) target = (int32) ReadDigits(ReadNumeric(value, field->key), PG_INT32_MAX, field->key);
			break;
		case FIELD_LONG:
			*(int64 *) target = ReadDigits(ReadNumeric(value, field->key), PG_INT64_MAX, field->key);
			break;
		case FIELD_ID:
			*(int64 *) target = ReadDigits(ReadString(value, field->key), PG_INT64_MAX, field->key);
			break;
		case FIELD_TIME:
			*(TimestampTz *) target = ReadTime(value, field->key);
			break;
		case FIELD_OBJECT:
		case FIELD_ARRAY:
			*(Jsonb **) target = ReadContainer(value, field->kind == FIELD_ARRAY, field->key);
	}
}

static void
ReadNull(const JsonField *field, char *base)
{
	if (!field->nullable)
		InvalidExport("null is not expected for key", field->key);
	if (field->kind == FIELD_LONG)
		*(int64 *) (base + field->offset) = -1;
	else
		*(void **) (base + field->offset) = NULL;
}

static void
RejectUnknownFields(JsonbContainer *object, const JsonField *fields, int nfields)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		int			i = 0;

		if (token != WJB_KEY)
			continue;
		while (i < nfields && (strlen(fields[i].key) != value.val.string.len ||
							   memcmp(fields[i].key, value.val.string.val, value.val.string.len) != 0))
			i++;
		if (i == nfields)
			InvalidExport("unknown key", pnstrdup(value.val.string.val, value.val.string.len));
	}
}

void
ReadFields(JsonbContainer *object, const JsonField *fields, int nfields, void *base)
{
	for (int i = 0; i < nfields; i++)
	{
		JsonbValue	room;
		JsonbValue *value = getKeyJsonValueFromContainer(object, fields[i].key, strlen(fields[i].key), &room);

		if (value == NULL)
			InvalidExport("it lacks the key", fields[i].key);
		if (value->type == jbvNull)
			ReadNull(&fields[i], base);
		else
			ReadField(&fields[i], value, base);
	}
	RejectUnknownFields(object, fields, nfields);
}
