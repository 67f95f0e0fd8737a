/*
 * feature_types.h
 *		The types that a feature's values may have.
 */
#ifndef NORMFREEZE_FEATURE_TYPES_H
#define NORMFREEZE_FEATURE_TYPES_H

#include "pg/base/compat.h"

/* A conversion from a value of some type to float8. */
typedef double (*ValueConversion) (Datum value);

/* A type whose values can be features. */
typedef struct FeatureType
{
	Oid			type;
	int16		length;			/* -1 for a varlena */
	char		align;
	ValueConversion convert;
} FeatureType;

/* Return the table's row for a type, which must not be a domain; NULL if the type cannot be a feature. */
extern const FeatureType *FindFeatureType(Oid type);

/* Return whether a column of this type can be a feature.  A domain counts as its base type. */
extern bool TypeIsFeature(Oid type);

/* Convert a value.  Fails for a numeric out of the range of float8; the error names the feature. */
extern double ConvertValue(ValueConversion convert, Datum value, const char *feature);

/*
 * To be called for a numeric that was converted to infinity: fail unless the numeric itself is infinite.
 *
 * The error has the feature's name or, if that is NULL, its position (from 0).
 */
extern void CheckNumericRange(Datum value, const char *name, int position);

#endif							/* NORMFREEZE_FEATURE_TYPES_H */
