/*
 * features.h
 *		Reading the values of features from arrays, rows and jsonb objects.  Nothing else reads
 *		them.
 */
#ifndef NORMFREEZE_FEATURES_H
#define NORMFREEZE_FEATURES_H

#include "pg/base/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "pg/base/feature_types.h"
#include "pg/base/numeric_double.h"
#include "utils/array.h"
#include "utils/jsonb.h"

/* A reusable row of values.  A null value is NaN, and its flag in "nulls" is set. */
typedef struct FeatureBuffer
{
	MemoryContext context;
	int			capacity;
	double	   *values;
	bool	   *nulls;
	bool		any_null;
} FeatureBuffer;

/* Start a buffer, whose memory is in a context, and make room for n values. */
extern void FeatureBufferInit(FeatureBuffer *buffer, MemoryContext context);
extern void FeatureBufferReserve(FeatureBuffer *buffer, int n);

/* ---- arrays ---- */

/* Return the number of elements of an array.  Fails if it has several dimensions. */
extern int	FeatureArrayLength(ArrayType *array);

/*
 * Return the values of an array of n elements: in place if they are float8 without NULLs, else in the buffer.
 * The buffer's any_null is set in either case.  Fails unless they are of a
 * feature's type, and in the range of float8.
 */
extern const double *ReadFeatureArray(ArrayType *array, int n, FeatureBuffer *buffer);

/*
 * Give a warning if argument "arg" is an array of mixed types that SQL has made a real[].
 *
 * In ARRAY[an_integer, a_real] the integer is rounded to 24 bits before the function is called.
 */
extern void WarnOfRoundedArray(FunctionCallInfo fcinfo, int arg);

/* ---- values ---- */

/*
 * Return the conversion from a type to float8.  Fails if the type cannot be a feature; the error names the
 * feature.
 */
extern ValueConversion FindConversion(Oid type, const char *feature);

/* ---- rows ---- */

/* Which attributes of a row type are the features. */
typedef struct RowMap
{
	MemoryContext context;		/* contains everything below */
	uint64		identifier;		/* of the row type; 0 if there is none yet */
	TupleDesc	desc;
	int			nfeatures;
	int		   *attribute;		/* by feature, from 0 */
	Oid		   *type;			/* by feature: the type of its column, or the base type of a domain */
	bool		all_double;
	ValueConversion *convert;
	Datum	   *datums;
	bool	   *isnull;
} RowMap;

/* Return a number that identifies the type of a row, and changes whenever the type is altered. */
extern uint64 RowTypeIdentifier(HeapTupleHeader row);

/* Return whether the map was made for this type of row. */
extern bool RowMapMatches(const RowMap *map, HeapTupleHeader row);

/*
 * Return the expression of an argument in the query, for a function or for an aggregate whose transition
 * function is running; NULL if it is unknown.
 */
extern Node *ArgumentExpression(FunctionCallInfo fcinfo, int arg);

/*
 * Give a notice if argument "arg" of an aggregate is a column with the name of its own relation, since the row
 * may have been meant.
 */
extern void NoticeColumnOfAlias(FunctionCallInfo fcinfo, int arg);

/*
 * Set up a map for a row's type.  RowMapBind() then finds the features.
 *
 * Fails if the row, which is argument "arg" of the call, has no names of its own.
 */
extern void RowMapInit(RowMap *map, MemoryContext parent, HeapTupleHeader row,
					   FunctionCallInfo fcinfo, int arg);

/* Do the same for columns that are not a row, but have a descriptor. */
extern void RowMapInitDesc(RowMap *map, MemoryContext parent, TupleDesc desc);

/*
 * Find the features among the columns by their names.
 *
 * Fails if a column is missing, ambiguous or not numeric.  "advice" says for the hint how the names may be
 * chosen otherwise; NULL if they may not.
 */
extern void RowMapBind(RowMap *map, int nfeatures, char *const *names, const char *advice);

/* Return the value of a feature as float8.  Fails for a numeric out of its range. */
extern double RowMapConvert(const RowMap *map, int feature, Datum value);

/* The same for values of many rows: the usual types are converted without a call. */
static inline double
RowMapValue(const RowMap *map, int feature, Datum value)
{
	double		result;

	switch (map->type[feature])
	{
		case FLOAT8OID:
			return DatumGetFloat8(value);
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case INT4OID:
			return DatumGetInt32(value);
		case BOOLOID:
			return DatumGetBool(value);
		case NUMERICOID:
			result = NumericToDouble(value);
			if (likely(!isinf(result)))
				return result;
			break;
		default:
			break;
	}
	return RowMapConvert(map, feature, value);
}

/* Read the features of a row into the buffer. */
extern void ReadFeatureRow(RowMap *map, HeapTupleHeader row, FeatureBuffer *buffer);

/* ---- jsonb ---- */

/*
 * Fail if argument "arg" was made of a row, as by to_jsonb(s), that has two columns with a feature's name,
 * because jsonb keeps the last of two members of a name.
 *
 * What cannot be seen at the call passes: the names of a subquery that is not merged into its query.
 */
extern void CheckJsonbOfRow(FunctionCallInfo fcinfo, int arg, int nfeatures, char *const *names);

/*
 * Read the features of a jsonb object into the buffer.  Fails if one is missing, or is not a number, boolean,
 * null or one of the strings "NaN", "Infinity" and "-Infinity".
 */
extern void ReadFeatureJsonb(Jsonb *object, int nfeatures, char *const *names, FeatureBuffer *buffer);

#endif							/* NORMFREEZE_FEATURES_H */
