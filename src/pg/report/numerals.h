/*
 * numerals.h
 *		Numbers, shares and times as people read them, in HTML.
 */
#ifndef NORMFREEZE_NUMERALS_H
#define NORMFREEZE_NUMERALS_H

#include "pg/base/compat.h"

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

/* Append a number with four significant digits.  Whole numbers up to ten million are shown in full. */
extern void AppendNumber(StringInfo out, double x);

/* Append a number with three decimals, for columns of numbers around 1. */
extern void AppendAligned(StringInfo out, double x);

/* Append a probability.  Below a limit only the limit is shown. */
extern void AppendPValue(StringInfo out, double p);

/* Append a number with as many digits as tell it from x + step. */
extern void AppendTick(StringInfo out, double x, double step);

/* Append a count, with separators of thousands. */
extern void AppendCount(StringInfo out, int64 n);

/* Append a count with a noun, such as "1 row" or "2 rows". */
extern void AppendCountOf(StringInfo out, int64 n, const char *noun);

/* Append a share in percent.  A share that is not 0 is never shown as 0. */
extern void AppendShare(StringInfo out, double share);

/* Append a time in UTC, whatever the time zone of the session is. */
extern void AppendTime(StringInfo out, TimestampTz time);

#endif							/* NORMFREEZE_NUMERALS_H */
