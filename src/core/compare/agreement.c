/*
 * agreement.c
 *		Counts of equal, nearly equal and different pairs of an observed and an expected value.
 */
#include "core/compare/agreement.h"

#include <math.h>

uint64_t
UlpsApart(double a, double b)
{
	uint64_t	x = OrderKey(a);
	uint64_t	y = OrderKey(b);

	return x < y ? y - x : x - y;
}

uint64_t
SingleUlpsApart(float a, float b)
{
	int32_t		bits[2];
	int64_t		key[2];

	memcpy(&bits[0], &a, sizeof(a));
	memcpy(&bits[1], &b, sizeof(b));
	for (int i = 0; i < 2; i++)
		key[i] = bits[i] < 0 ? -(int64_t) (bits[i] & INT32_MAX) : bits[i];
	return (uint64_t) (key[0] < key[1] ? key[1] - key[0] : key[0] - key[1]);
}

static AgreementGrade
CompareNumbers(Agreement *agreement, double expected, double observed, bool single)
{
	uint64_t	ulps;
	double		deviation;

	if (DoubleBits(expected) == DoubleBits(observed))
	{
		agreement->equal++;
		return GRADE_EQUAL;
	}
	ulps = single ? SingleUlpsApart((float) expected, (float) observed) : UlpsApart(expected, observed);
	deviation = fabs(expected - observed);
	if (ulps > agreement->max_ulps)
		agreement->max_ulps = ulps;
	if (isfinite(deviation) && deviation > agreement->max_deviation)
		agreement->max_deviation = deviation;
	/* infinity differs from every finite number, however few units lie between their bit patterns */
	if (ulps <= AGREEMENT_ULPS && isfinite(expected) && isfinite(observed))
	{
		agreement->within++;
		return GRADE_WITHIN;
	}
	agreement->different++;
	return GRADE_DIFFERENT;
}

AgreementGrade
AgreementAdd(Agreement *agreement, double expected, OutputKind expected_kind,
			 double observed, bool observed_null, bool single)
{
	bool		missing = observed_null || isnan(observed);

	if (expected_kind == OUTPUT_VALUE && !missing)
		return CompareNumbers(agreement, expected, observed, single);
	if (expected_kind == OUTPUT_REFUSED)
		agreement->refused++;
	else if (expected_kind == OUTPUT_VALUE)
		agreement->missing_for_value++;
	else if (!missing)
		agreement->value_for_missing++;
	else
	{
		agreement->equal++;
		agreement->both_missing++;
		if (observed_null != (expected_kind == OUTPUT_NULL))
			agreement->null_for_nan++;
		return GRADE_EQUAL;
	}
	agreement->different++;
	return GRADE_DIFFERENT;
}

void
AgreementMerge(Agreement *agreement, const Agreement *other)
{
	agreement->equal += other->equal;
	agreement->within += other->within;
	agreement->different += other->different;
	agreement->both_missing += other->both_missing;
	agreement->null_for_nan += other->null_for_nan;
	agreement->missing_for_value += other->missing_for_value;
	agreement->value_for_missing += other->value_for_missing;
	agreement->refused += other->refused;
	if (other->max_ulps > agreement->max_ulps)
		agreement->max_ulps = other->max_ulps;
	if (other->max_deviation > agreement->max_deviation)
		agreement->max_deviation = other->max_deviation;
}

#define AGREEMENT_COUNTS	8

static void
PointToCounts(Agreement *agreement, int64_t **counts)
{
	int64_t    *all[AGREEMENT_COUNTS] = {
		&agreement->equal, &agreement->within, &agreement->different, &agreement->both_missing,
		&agreement->null_for_nan, &agreement->missing_for_value, &agreement->value_for_missing, &agreement->refused
	};

	memcpy(counts, all, sizeof(all));
}

void
EncodeAgreement(ByteWriter *writer, const Agreement *agreement)
{
	Agreement	copy = *agreement;
	int64_t    *counts[AGREEMENT_COUNTS];

	PointToCounts(&copy, counts);
	for (int i = 0; i < AGREEMENT_COUNTS; i++)
		PutVarint(writer, (uint64_t) *counts[i]);
	PutVarint(writer, agreement->max_ulps);
	PutDouble(writer, agreement->max_deviation);
}

void
DecodeAgreement(Agreement *agreement, ByteReader *reader)
{
	int64_t    *counts[AGREEMENT_COUNTS];

	PointToCounts(agreement, counts);
	for (int i = 0; i < AGREEMENT_COUNTS; i++)
		*counts[i] = (int64_t) GetVarint(reader);
	agreement->max_ulps = GetVarint(reader);
	agreement->max_deviation = GetDouble(reader);
}
