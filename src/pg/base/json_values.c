/*
 * json_values.c
 *		Functions by which views read the jsonb columns of the registry.
 *
 * Rows of the registry never change, so a malformed member would break a view for good.  Such a
 * member is therefore NULL here, and not an error.
 */
#include "pg/base/json_values.h"

#include <math.h>

#include "pg/base/text.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

/* Return the member of argument 0 that argument 1 names; NULL if there is none, or argument 0 is not an object. */
static JsonbValue *
Member(FunctionCallInfo fcinfo, JsonbValue *room)
{
	Jsonb	   *object = PG_GETARG_JSONB_P(0);
	text	   *key = PG_GETARG_TEXT_PP(1);

	if (!JB_ROOT_IS_OBJECT(object))
		return NULL;
	return getKeyJsonValueFromContainer(&object->root, VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key), room);
}

bool
JsonbStringIs(const JsonbValue *value, const char *string)
{
	return value->type == jbvString && value->val.string.len == (int) strlen(string) &&
		memcmp(value->val.string.val, string, strlen(string)) == 0;
}

bool
JsonbFloat8(const JsonbValue *value, double *number)
{
	if (value->type == jbvNumeric)
		*number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	else if (JsonbStringIs(value, "Infinity"))
		*number = INFINITY;
	else if (JsonbStringIs(value, "-Infinity"))
		*number = -INFINITY;
	else if (JsonbStringIs(value, "NaN"))
		*number = NAN;
	else
		return false;
	return true;
}

PG_FUNCTION_INFO_V1(json_float8);
Datum
json_float8(PG_FUNCTION_ARGS)
{
	JsonbValue	room;
	JsonbValue *value = Member(fcinfo, &room);
	double		number;

	if (value == NULL || !JsonbFloat8(value, &number))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(number);
}

/* Return a whole number within the range of bigint. */
PG_FUNCTION_INFO_V1(json_bigint);
Datum
json_bigint(PG_FUNCTION_ARGS)
{
	JsonbValue	room;
	JsonbValue *value = Member(fcinfo, &room);
	char	   *text;
	char	   *end;
	int64		number;

	if (value == NULL || value->type != jbvNumeric)
		PG_RETURN_NULL();
	text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text)
		PG_RETURN_NULL();
	PG_RETURN_INT64(number);
}

/* Return the number of n digits, or -1 if there are other characters. */
static int
Digits(const char *text, int n)
{
	int			number = 0;

	for (int i = 0; i < n; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + text[i] - '0';
	}
	return number;
}

/* Return a time in UTC as exports write it, such as 2026-11-28T22:58:00.5+00:00.  It must exist in the calendar. */
PG_FUNCTION_INFO_V1(json_time);
Datum
json_time(PG_FUNCTION_ARGS)
{
	JsonbValue	room;
	JsonbValue *value = Member(fcinfo, &room);
	struct pg_tm tm = {0};
	char	   *text;
	fsec_t		fraction = 0;
	TimestampTz time;
	int			utc = 0;

	if (value == NULL || value->type != jbvString || value->val.string.len < 25 || value->val.string.len > 32)
		PG_RETURN_NULL();
	text = pnstrdup(value->val.string.val, value->val.string.len);
	tm.tm_year = Digits(text, 4);
	tm.tm_mon = Digits(text + 5, 2);
	tm.tm_mday = Digits(text + 8, 2);
	tm.tm_hour = Digits(text + 11, 2);
	tm.tm_min = Digits(text + 14, 2);
	tm.tm_sec = Digits(text + 17, 2);
	if (tm.tm_year < 1 || tm.tm_mon < 1 || tm.tm_mon > MONTHS_PER_YEAR || tm.tm_mday < 1 ||
		tm.tm_mday > day_tab[isleap(tm.tm_year)][tm.tm_mon - 1] ||
		tm.tm_hour < 0 || tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 || tm.tm_sec > 59)
		PG_RETURN_NULL();
	if (text[19] == '.')
		for (int i = 0, unit = 100000; i < 6 && Digits(text + 20 + i, 1) >= 0; i++, unit /= 10)
			fraction += Digits(text + 20 + i, 1) * unit;
	/* the rest of the form is right if writing the time gives the same text */
	if (tm2timestamp(&tm, fraction, &utc, &time) != 0 || strcmp(TimeText(time), text) != 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(time);
}
