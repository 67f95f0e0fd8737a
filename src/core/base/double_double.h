/*
 * double_double.h
 *		Numbers as an unevaluated sum of two doubles; error-free transformations.
 *
 * See Dekker, "A floating-point technique for extending the available
 * precision", 1971, and Muller et al., "Handbook of Floating-Point
 * Arithmetic", 2nd ed., chapters 4 and 5.  Everything is plain arithmetic,
 * each operation rounded to nearest: no fused multiply-add, so the bits are
 * the same on every CPU.  Arguments are well inside the range of exponents;
 * nothing here overflows or gets subnormal.
 *
 * In comments on errors, u is 2^-53: one operation's relative error.
 */
#ifndef NORMFREEZE_CORE_DOUBLE_DOUBLE_H
#define NORMFREEZE_CORE_DOUBLE_DOUBLE_H

#include <float.h>

#include "core/base/elementary_tables.h"
#include "core/base/float_bits.h"

#if FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD == 2
#error "doubles must be rounded to double after each operation"
#endif

/* The number hi + lo.  Results of the functions below have |lo| of at most half a unit in the last place of hi. */
typedef struct DoubleDouble
{
	double		hi;
	double		lo;
} DoubleDouble;

/* Return a + b exactly, for |a| >= |b| or a = 0. */
static inline DoubleDouble
FastTwoSum(double a, double b)
{
	double		s = a + b;

	return (DoubleDouble) {s, b - (s - a)};
}

/* Return a + b exactly (Knuth). */
static inline DoubleDouble
TwoSum(double a, double b)
{
	double		s = a + b;
	double		bb = s - a;

	return (DoubleDouble) {s, (a - (s - bb)) + (b - bb)};
}

/* Return x without its low bits: 26 bits, whose square is exact. */
static inline double
LeadingHalf(double x)
{
	return BitsDouble(DoubleBits(x) & ~UINT64_C(0x7FFFFFF));
}

/* Return a * b exactly (Dekker), by Veltkamp's splitting into halves. */
static inline DoubleDouble
TwoProduct(double a, double b)
{
	const double splitter = 0x1p27 + 1.0;
	double		p = a * b;
	double		ca = splitter * a;
	double		cb = splitter * b;
	double		ah = ca - (ca - a);
	double		bh = cb - (cb - b);
	double		al = a - ah;
	double		bl = b - bh;

	return (DoubleDouble) {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

/* Products with a relative error of a few u^2 (Handbook, algorithms 5.7 to 5.9). */
static inline DoubleDouble
PairTimesDouble(DoubleDouble a, double b)
{
	DoubleDouble p = TwoProduct(a.hi, b);

	return FastTwoSum(p.hi, p.lo + a.lo * b);
}

static inline DoubleDouble
PairTimesPair(DoubleDouble a, DoubleDouble b)
{
	DoubleDouble p = TwoProduct(a.hi, b.hi);

	return FastTwoSum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

/* Return a + b with an error of a few u^2, for |a.hi| >= |b.hi|. */
static inline DoubleDouble
PairPlusPair(DoubleDouble a, DoubleDouble b)
{
	DoubleDouble s = FastTwoSum(a.hi, b.hi);

	return FastTwoSum(s.hi, s.lo + (a.lo + b.lo));
}

/*
 * Ziv's rounding test.  If both ends of [hi + lo - error, hi + lo + error] round to the same double, the true
 * value rounds to it as well: set *result to it and return true.
 *
 * See "Fast evaluation of elementary mathematical functions with correctly rounded last bit", 1991.  The
 * callers' bounds leave room for the rounding of lo - error and lo + error themselves.
 */
static inline bool
RoundsSafely(double hi, double lo, double error, double *result)
{
	*result = hi + (lo + error);
	return *result == hi + (lo - error);
}

/* Return 2^e, which must be a normal number. */
static inline double
PowerOfTwo(int e)
{
	return BitsDouble((uint64_t) (e + 1023) << 52);
}

/*
 * exp(y) as (hi + lo) * 2^exponent, with 0.999 < hi + lo < 2.001 and an
 * absolute error of hi + lo below EXP_ERROR, for |y| < 800, y.lo a rounding
 * error of y.hi.
 *
 * As in Tang, "Table-driven implementation of the exponential function",
 * 1989: y = k ln2/512 + r with |r| < 2^-10.5 and exp(y) = 2^(k/512) exp(r).
 * The reduction: k has 20 bits, so k STEP_HI is exact, and so is y.hi less
 * that (Sterbenz); k STEP_LO < 2^-23.5 is rounded, and again with y.lo:
 * 2^-76.  exp(r) - 1 = r + q with q < 2^-22: three roundings and a Taylor
 * remainder of r^7/5040, 2^-73.4 and 2^-86; adding r.lo < 2^-63: 2^-75.
 * What goes into lo is below 2^-20.5 together, five roundings: 2^-71.5, the
 * others times 2^(i/512) < 2: below 2^-72 together.  Sum: below 2^-70.7, and
 * the rounding test's lo + error, 2^-74.
 */
#define EXP_ERROR	0x1p-70

static inline DoubleDouble
ExpPair(DoubleDouble y, int *exponent)
{
	const double shifter = 0x1.8p52;	/* adding it rounds to an integer */
	double		shifted = y.hi * EXP_STEP_INVERSE + shifter;
	double		k = shifted - shifter;
	int			n = (int) k;
	int			i = n & ((1 << EXP_BITS) - 1);
	double		table = exp_table[i].hi;
	double		table_half = LeadingHalf(table);
	DoubleDouble r = TwoSum(y.hi - k * EXP_STEP_HI, y.lo - k * EXP_STEP_LO);
	double		r_half = LeadingHalf(r.hi);
	double		square = r.hi * r.hi;
	double		q = square * ((0.5 + r.hi * 0x1.5555555555555p-3) +
							  square * ((0x1.5555555555555p-5 + r.hi * 0x1.1111111111111p-7) +
										square * 0x1.6c16c16c16c17p-10));
	DoubleDouble sum = FastTwoSum(table, table_half * r_half);
	double		lo = exp_table[i].lo + table_half * (r.hi - r_half) + (table - table_half) * r.hi;

	q += r.lo + r.lo * r.hi;
	lo += exp_table[i].lo * r.hi;
	*exponent = (n - i) >> EXP_BITS;
	return (DoubleDouble) {sum.hi, sum.lo + (lo + table * q)};
}

/*
 * Pairs for further calculation, without correct rounding: log(x) of a finite
 * x > 0 within 2^-74, log(1 + z) within 2^-68 of it for |z| < 2^-8, z.lo at
 * most half a last place of z.hi, log(1 + x) of a finite x >= 0 within 2^-66 of
 * it, and expm1(p) within 2^-62 of it for p < 709.
 */
extern DoubleDouble LogAsPair(double x);
extern DoubleDouble LogOfOnePlusPair(DoubleDouble z);
extern DoubleDouble Log1pAsPair(double x);
extern DoubleDouble Expm1AsPair(DoubleDouble p);

/*
 * The upper tail of the normal distribution at t in [0, 39]: 1 - Phi(t) is
 * (tail.hi + tail.lo) * 2^exponent with a relative error below TAIL_ERROR,
 * and exp(-t^2 / 2) about bell * 2^exponent.
 */
#define TAIL_ERROR	0x1.1p-70

/* A value of the upper tail, as a pair with an exponent. */
typedef struct NormalTail
{
	DoubleDouble tail;
	double		bell;
	int			exponent;
} NormalTail;

extern NormalTail NormalUpperTail(double t);

#endif							/* NORMFREEZE_CORE_DOUBLE_DOUBLE_H */
