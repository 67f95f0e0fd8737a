/*
 * feature_types.c
 *		The types that a feature's values may have.
 *
 * Every value becomes a float8: int2, int4, float4 and boolean exactly, int8 and numeric rounded
 * to nearest.
 */
#include "pg/base/feature_types.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "pg/base/numeric_double.h"
#include "pg/base/text.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

static double
Int2ToDouble(Datum value)
{
	return (double) DatumGetInt16(value);
}

static double
Int4ToDouble(Datum value)
{
	return (double) DatumGetInt32(value);
}

static double
Int8ToDouble(Datum value)
{
	return (double) DatumGetInt64(value);
}

static double
Float4ToDouble(Datum value)
{
	return (double) DatumGetFloat4(value);
}

static double
Float8ToDouble(Datum value)
{
	return DatumGetFloat8(value);
}

void
CheckNumericRange(Datum value, const char *name, int position)
{
	char	   *digits;

	if (numeric_is_inf(DatumGetNumeric(value)))
		return;
	digits = DatumGetCString(DirectFunctionCall1(numeric_out, value));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("the numeric value of %s is out of range for float8", FeatureLabel(name, position)),
			 errdetail("It begins with %.20s and has %zu digits.", digits, strlen(digits)),
			 errhint("Scale the column first, such as x / 1e300, or leave such rows out.")));
}

static double
BooleanToDouble(Datum value)
{
	return DatumGetBool(value) ? 1.0 : 0.0;
}

static const FeatureType feature_types[] = {
	{FLOAT8OID, 8, TYPALIGN_DOUBLE, Float8ToDouble},
	{FLOAT4OID, 4, TYPALIGN_INT, Float4ToDouble},
	{INT4OID, 4, TYPALIGN_INT, Int4ToDouble},
	{INT8OID, 8, TYPALIGN_DOUBLE, Int8ToDouble},
	{NUMERICOID, -1, TYPALIGN_INT, NumericToDouble},
	{INT2OID, 2, TYPALIGN_SHORT, Int2ToDouble},
	{BOOLOID, 1, TYPALIGN_CHAR, BooleanToDouble},
};

const FeatureType *
FindFeatureType(Oid type)
{
	for (int i = 0; i < lengthof(feature_types); i++)
		if (feature_types[i].type == type)
			return &feature_types[i];
	return NULL;
}

bool
TypeIsFeature(Oid type)
{
	return FindFeatureType(getBaseType(type)) != NULL;
}

double
ConvertValue(ValueConversion convert, Datum value, const char *feature)
{
	double		result = convert(value);

	if (unlikely(isinf(result)) && convert == NumericToDouble)
		CheckNumericRange(value, feature, 0);
	return result;
}
