/*
 * agreement.h
 *		Counts of equal, nearly equal and different pairs of an observed and an expected value.
 *
 *		Of the three files of core that audits use: agreement.h counts pairs of values, explanation.h computes the
 *		values that a hypothesis predicts, and likeness.h compares distributions where there are no pairs.
 */
#ifndef NORMFREEZE_CORE_AGREEMENT_H
#define NORMFREEZE_CORE_AGREEMENT_H

#include "core/base/bytes.h"

/*
 * Values that are at most this many units in the last place apart count as "within", because the same parameters
 * may have produced both.
 */
#define AGREEMENT_ULPS	4

/* What kind of output is expected.  The value of a missing one is NaN. */
typedef enum OutputKind
{
	OUTPUT_VALUE,
	OUTPUT_NAN,
	OUTPUT_NULL,
	OUTPUT_REFUSED				/* a policy of the scaler refuses the input, so nothing is expected */
} OutputKind;

/* The counts of one feature.  Every row counts in exactly one of equal, within and different. */
typedef struct Agreement
{
	int64_t		equal;			/* the same bits, or both missing */
	int64_t		within;			/* AGREEMENT_ULPS or fewer units in the last place apart */
	int64_t		different;
	int64_t		both_missing;	/* of the equal ones: both are NULL or NaN */
	int64_t		null_for_nan;	/* of these: one is NULL, the other NaN */
	int64_t		missing_for_value;	/* of the different ones: a value was expected, none is there */
	int64_t		value_for_missing;
	int64_t		refused;		/* of the different ones: nothing was expected */
	uint64_t	max_ulps;		/* greatest distance of two numbers */
	double		max_deviation;	/* greatest distance of two finite numbers */
} Agreement;

/* How one pair compares. */
typedef enum AgreementGrade
{
	GRADE_EQUAL,
	GRADE_WITHIN,
	GRADE_DIFFERENT
} AgreementGrade;

/* Return the distance of two numbers in units in the last place, of float8 or of float4. */
extern uint64_t UlpsApart(double a, double b);
extern uint64_t SingleUlpsApart(float a, float b);

/* Count a pair, and return its grade.  With "single", units are those of float4. */
extern AgreementGrade AgreementAdd(Agreement *agreement, double expected, OutputKind expected_kind,
								   double observed, bool observed_null, bool single);

/* Add the counts of other pairs. */
extern void AgreementMerge(Agreement *agreement, const Agreement *other);

/* Write counts, and read them.  If the bytes are malformed, the reader has failed. */
extern void EncodeAgreement(ByteWriter *writer, const Agreement *agreement);
extern void DecodeAgreement(Agreement *agreement, ByteReader *reader);

#endif							/* NORMFREEZE_CORE_AGREEMENT_H */
