/*
 * text.h
 *		The text of features, numbers and times in messages and documents.
 */
#ifndef NORMFREEZE_TEXT_H
#define NORMFREEZE_TEXT_H

#include "pg/base/compat.h"

#include "datatype/timestamp.h"

/* "age" in quotes, or feature 3 without a name: position counts from 0. */
extern char *FeatureLabel(const char *name, int position);

/* A number as PostgreSQL shows it. */
extern char *FloatText(double value);

/* A time in UTC, in the form of ISO 8601 that JSON has: the same whatever the session's settings are. */
extern char *TimeText(TimestampTz time);

#endif							/* NORMFREEZE_TEXT_H */
