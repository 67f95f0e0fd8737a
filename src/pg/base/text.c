/*
 * text.c
 *		The text of features, numbers and times in messages and documents.
 */
#include "pg/base/text.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"

char *
FeatureLabel(const char *name, int position)
{
	return name ? psprintf("\"%s\"", name) : psprintf("feature %d", position + 1);
}

char *
FloatText(double value)
{
	return DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(value)));
}

char *
TimeText(TimestampTz time)
{
	int			utc = 0;

	return JsonEncodeDateTime(palloc(MAXDATELEN + 1), TimestampTzGetDatum(time), TIMESTAMPTZOID, &utc);
}
