/*
 * feature_types.h
 *		The types that a feature's values may have.
 */
#ifndef NORMFREEZE_FEATURE_TYPES_H
#define NORMFREEZE_FEATURE_TYPES_H

#include "pg/base/compat.h"

/* What makes a feature's value of one of another type. */
typedef double (*ValueConversion) (Datum value);

typedef struct FeatureType
{
	Oid			type;
	int16		length;			/* -1: varlena */
	char		align;
	ValueConversion convert;
} FeatureType;

/* The row of a type that is no domain; NULL if it cannot be a feature. */
extern const FeatureType *FindFeatureType(Oid type);

/* Can a column of this type be a feature?  So can one of a domain over it. */
extern bool TypeIsFeature(Oid type);

/* A value converted; a numeric beyond float8 is an error, of the feature of this name. */
extern double ConvertValue(ValueConversion convert, Datum value, const char *feature);

/*
 * Of a numeric whose conversion is infinite: an error unless it is infinite
 * itself.  name (NULL: none) or position (from 0) say whose value it is.
 */
extern void CheckNumericRange(Datum value, const char *name, int position);

#endif							/* NORMFREEZE_FEATURE_TYPES_H */
