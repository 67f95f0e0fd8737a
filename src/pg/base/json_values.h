/*
 * json_values.h
 *		Values of jsonb that may be anything.
 */
#ifndef NORMFREEZE_JSON_VALUES_H
#define NORMFREEZE_JSON_VALUES_H

#include "pg/base/compat.h"

#include "utils/jsonb.h"

extern bool JsonbStringIs(const JsonbValue *value, const char *string);

/* A number, or "Infinity", "-Infinity" or "NaN", which JSON has no numbers for; false if it is neither. */
extern bool JsonbFloat8(const JsonbValue *value, double *number);

#endif							/* NORMFREEZE_JSON_VALUES_H */
