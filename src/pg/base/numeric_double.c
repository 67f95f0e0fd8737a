/*
 * numeric_double.c
 *		Converting a numeric to the nearest float8.
 *
 * A numeric is stored as a sign, a weight and digits to the base 10,000.  In tables, most have so
 * few digits that they are an integer of at most 2^53 times a power of ten that a float8 holds
 * exactly.  Then one multiplication or division rounds once, which is correct (Clinger, "How to
 * read floating point numbers accurately", PLDI 1990).  All others are converted by way of their
 * text.
 *
 * The stored form is that of PostgreSQL's numeric.c (NumericShort, NumericLong). pg_upgrade
 * relies on it, and it has not changed since 9.1.
 */
#include "pg/base/numeric_double.h"

#include <stdlib.h>

#include "utils/builtins.h"
#include "utils/numeric.h"

#define DIGIT_BASE			10000
#define DIGIT_LENGTH		4	/* decimal digits in a digit to the base 10,000 */
#define MOST_DIGITS			4	/* greatest number of these that are read here; the value is below 10^16 */
#define LARGEST_INTEGER		(INT64CONST(1) << 53)	/* float8 holds every integer up to this */
#define LARGEST_POWER		22	/* greatest power of ten that float8 holds exactly */

/* the first two bytes of the stored form: */
#define FORM_MASK			0xC000
#define FORM_NEGATIVE		0x4000	/* in the long form */
#define FORM_SHORT			0x8000
#define FORM_SPECIAL		0xC000	/* NaN and infinities */
#define SHORT_NEGATIVE		0x2000
#define SHORT_WEIGHT_SIGN	0x0040
#define SHORT_WEIGHT_MASK	0x003F

static const double powers[LARGEST_POWER + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
};

/* Read two bytes; a value after a one-byte header is not aligned. */
static inline uint16
ReadShort(const char *data)
{
	uint16		result;

	memcpy(&result, data, sizeof(result));
	return result;
}

/* Convert a numeric of few digits.  Return false if more than one operation is needed. */
static bool
ReadFewDigits(const char *data, Size length, double *result)
{
	uint16		header = ReadShort(data);
	bool		negative;
	int			weight;
	int			ndigits;
	int			exponent;
	int64		integer = 0;

	if ((header & FORM_MASK) == FORM_SPECIAL)
		return false;
	if (header & FORM_SHORT)
	{
		negative = (header & SHORT_NEGATIVE) != 0;
		weight = (header & SHORT_WEIGHT_MASK) | ((header & SHORT_WEIGHT_SIGN) ? ~SHORT_WEIGHT_MASK : 0);
		data += sizeof(uint16);
		length -= sizeof(uint16);
	}
	else
	{
		negative = (header & FORM_MASK) == FORM_NEGATIVE;
		weight = (int16) ReadShort(data + sizeof(uint16));
		data += 2 * sizeof(uint16);
		length -= 2 * sizeof(uint16);
	}
	ndigits = (int) (length / sizeof(uint16));
	exponent = (weight - (ndigits - 1)) * DIGIT_LENGTH;
	if (ndigits > MOST_DIGITS || exponent > LARGEST_POWER || exponent < -LARGEST_POWER)
		return false;
	for (int i = 0; i < ndigits; i++)
		integer = integer * DIGIT_BASE + ReadShort(data + i * sizeof(uint16));
	if (integer > LARGEST_INTEGER)
		return false;
	*result = exponent < 0 ? (double) integer / powers[-exponent] : (double) integer * powers[exponent];
	if (negative)
		*result = -*result;
	return true;
}

double
NumericToDouble(Datum value)
{
	struct varlena *numeric = PG_DETOAST_DATUM_PACKED(value);
	char	   *digits;
	double		result;

	if (likely(ReadFewDigits(VARDATA_ANY(numeric), VARSIZE_ANY_EXHDR(numeric), &result)))
		return result;
	digits = DatumGetCString(DirectFunctionCall1(numeric_out, PointerGetDatum(numeric)));
	result = strtod(digits, NULL);
	pfree(digits);
	return result;
}
