/*
 * text.h
 *		The text of features, numbers and times in messages and documents.
 */
#ifndef NORMFREEZE_TEXT_H
#define NORMFREEZE_TEXT_H

#include "pg/base/compat.h"

#include "datatype/timestamp.h"

/* Return a feature's name in quotes or, without a name, such as: feature 3.  The position counts from 0. */
extern char *FeatureLabel(const char *name, int position);

/* Return a number as PostgreSQL shows it. */
extern char *FloatText(double value);

/* Return a time in UTC, in the form of ISO 8601 that JSON uses, whatever the settings of the session are. */
extern char *TimeText(TimestampTz time);

#endif							/* NORMFREEZE_TEXT_H */
