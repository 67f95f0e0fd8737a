/*
 * json_fields.h
 *		Reading and writing members of C structures as members of JSON objects, by tables.  Used by
 *		export_json.c.
 */
#ifndef NORMFREEZE_JSON_FIELDS_H
#define NORMFREEZE_JSON_FIELDS_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

/* The type of a member. */
typedef enum FieldKind
{
	FIELD_TEXT,					/* char * */
	FIELD_NUMBER,				/* int32, at least 0 */
	FIELD_LONG,					/* int64, at least 0; -1 for null */
	FIELD_ID,					/* int64, as a JSON string, since it exceeds 2^53 */
	FIELD_TIME,					/* TimestampTz */
	FIELD_OBJECT,				/* Jsonb * */
	FIELD_ARRAY
} FieldKind;

/* One member of an object.  "offset" is that of its value in the structure. */
typedef struct JsonField
{
	const char *key;
	FieldKind	kind;
	bool		nullable;
	size_t		offset;
} JsonField;

/* Append "key": value, ... from the structure at "base". */
extern void AppendFields(StringInfo out, const JsonField *fields, int nfields, const void *base);

/* Return an array of objects, one for each of the structures. */
extern Jsonb *ArrayToJsonb(const JsonField *fields, int nfields, const void *items, size_t size, int nitems);

/*
 * Set the structure at "base" from an object that has all of these keys and no others.
 *
 * Anything else is an error.  Numbers must be whole, and times in the form that is written.
 */
extern void ReadFields(JsonbContainer *object, const JsonField *fields, int nfields, void *base);

/* Set one member, whose value is not null. */
extern void ReadField(const JsonField *field, JsonbValue *value, char *base);

/* Return an array or an object.  Fails for anything else. */
extern Jsonb *ReadContainer(JsonbValue *value, bool array, const char *key);

/* Report a problem with an export, and the key that has it. */
pg_noreturn extern void InvalidExport(const char *problem, const char *key);

#endif							/* NORMFREEZE_JSON_FIELDS_H */
