/*
 * features.h
 *		The one reader of feature values: arrays, rows and jsonb objects.
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

/* A reusable row of values.  A null value is NaN, with its flag in nulls. */
typedef struct FeatureBuffer
{
	MemoryContext context;
	int			capacity;
	double	   *values;
	bool	   *nulls;
	bool		any_null;
} FeatureBuffer;

extern void FeatureBufferInit(FeatureBuffer *buffer, MemoryContext context);
extern void FeatureBufferReserve(FeatureBuffer *buffer, int n);

/* ---- arrays ---- */

/* The number of elements; errors out if the array has several dimensions. */
extern int	FeatureArrayLength(ArrayType *array);

/*
 * The values of an array, in place if they are float8 without NULLs, else in
 * the buffer (which any_null describes either way).
 */
extern const double *ReadFeatureArray(ArrayType *array, int n, FeatureBuffer *buffer);

/*
 * Give a warning if argument `arg` is an array of mixed types that SQL has made real[]: in ARRAY[an_integer,
 * a_real] the integer is rounded to 24 bits before the function is called.
 */
extern void WarnOfRoundedArray(FunctionCallInfo fcinfo, int arg);

/* ---- values ---- */

/*
 * Return the conversion from a type to float8.  A type that cannot be a feature is an error, which
 * names the feature.
 */
extern ValueConversion FindConversion(Oid type, const char *feature);

/* ---- rows ---- */

/* How the attributes of one row type feed a list of features. */
typedef struct RowMap
{
	MemoryContext context;		/* holds everything below */
	uint64		identifier;		/* of the row type; 0: none yet */
	TupleDesc	desc;
	int			nfeatures;
	int		   *attribute;		/* of each feature, from 0 */
	Oid		   *type;			/* of each feature's column, of a domain the one below */
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
 * Give a notice if argument `arg` of an aggregate is a column with the name of its own relation: the row may
 * have been meant.
 */
extern void NoticeColumnOfAlias(FunctionCallInfo fcinfo, int arg);

/*
 * Set up a map for a row's type; features are found later, by name.  A row
 * without names of its own, that is argument `arg` of the call, is refused.
 */
extern void RowMapInit(RowMap *map, MemoryContext parent, HeapTupleHeader row,
					   FunctionCallInfo fcinfo, int arg);

/* The same for columns that are no row, of which there is a descriptor all the same. */
extern void RowMapInitDesc(RowMap *map, MemoryContext parent, TupleDesc desc);

/*
 * Bind the features to the columns of these names.  Columns that are missing,
 * ambiguous or not numeric are errors; advice says where the names come from,
 * if they may be chosen otherwise, else it is NULL.
 */
extern void RowMapBind(RowMap *map, int nfeatures, char *const *names, const char *advice);

/* The value of a feature; a numeric beyond float8 is an error. */
extern double RowMapConvert(const RowMap *map, int feature, Datum value);

/* The same, for values of many rows: the usual types without a call. */
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

extern void ReadFeatureRow(RowMap *map, HeapTupleHeader row, FeatureBuffer *buffer);

/* ---- jsonb ---- */

/*
 * jsonb keeps the last of two members of one name: refuse argument `arg` if it
 * is made of a row (to_jsonb(s)) that has two columns of a feature's name.
 * What cannot be seen at the call, the names of a subquery that is not merged
 * into its query, passes.
 */
extern void CheckJsonbOfRow(FunctionCallInfo fcinfo, int arg, int nfeatures, char *const *names);

extern void ReadFeatureJsonb(Jsonb *object, int nfeatures, char *const *names, FeatureBuffer *buffer);

#endif							/* NORMFREEZE_FEATURES_H */
