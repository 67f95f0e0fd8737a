/*
 * numerals.h
 *		Numbers, shares and times as people read them, in HTML.
 */
#ifndef NORMFREEZE_NUMERALS_H
#define NORMFREEZE_NUMERALS_H

#include "pg/base/compat.h"

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

/* Four significant digits, whole numbers up to ten million in full. */
extern void AppendNumber(StringInfo out, double x);

/* Three decimals, for columns of numbers around 1. */
extern void AppendAligned(StringInfo out, double x);

/* Nobody needs to know how small it is. */
extern void AppendPValue(StringInfo out, double p);

/* As many digits as are needed to tell it from `step` more. */
extern void AppendTick(StringInfo out, double x, double step);

extern void AppendCount(StringInfo out, int64 n);

/* "1 row", "2 rows" */
extern void AppendCountOf(StringInfo out, int64 n, const char *noun);

/* In percent; what is not nothing does not look like it. */
extern void AppendShare(StringInfo out, double share);

/* In UTC, whatever the session's time zone is. */
extern void AppendTime(StringInfo out, TimestampTz time);

#endif							/* NORMFREEZE_NUMERALS_H */
