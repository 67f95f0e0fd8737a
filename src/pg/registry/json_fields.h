/*
 * json_fields.h
 *		Members of C structures as members of JSON objects, by tables: what
 *		export_json writes and reads.
 */
#ifndef NORMFREEZE_JSON_FIELDS_H
#define NORMFREEZE_JSON_FIELDS_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

typedef enum FieldKind
{
	FIELD_TEXT,					/* char * */
	FIELD_NUMBER,				/* int32, at least 0 */
	FIELD_LONG,					/* int64, at least 0; -1 for null */
	FIELD_ID,					/* int64, a JSON string since it exceeds 2^53 */
	FIELD_TIME,					/* TimestampTz */
	FIELD_OBJECT,				/* Jsonb * */
	FIELD_ARRAY
} FieldKind;

/* One member of an object; offset is of its C value in the structure. */
typedef struct JsonField
{
	const char *key;
	FieldKind	kind;
	bool		nullable;
	size_t		offset;
} JsonField;

/* Append "key": value, ... of the structure at base. */
extern void AppendFields(StringInfo out, const JsonField *fields, int nfields, const void *base);

/* An array of objects, one for each of the structures of a size. */
extern Jsonb *ArrayToJsonb(const JsonField *fields, int nfields, const void *items, size_t size, int nitems);

/*
 * Set the structure at base from an object that has all of the keys and no
 * others; anything else is an error.  Numbers are whole, times in the form
 * that is written.
 */
extern void ReadFields(JsonbContainer *object, const JsonField *fields, int nfields, void *base);

/* One of them, whose value is not null. */
extern void ReadField(const JsonField *field, JsonbValue *value, char *base);

/* An array, or an object. */
extern Jsonb *ReadContainer(JsonbValue *value, bool array, const char *key);

/* The error of all that reads an export: the problem, and the key that has it. */
pg_noreturn extern void InvalidExport(const char *problem, const char *key);

#endif							/* NORMFREEZE_JSON_FIELDS_H */
