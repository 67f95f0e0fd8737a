/*
 * row_norm.c
 *		Norms of rows, correctly rounded.
 *
 * numpy's own sums of a row depend on its memory layout and on the CPU (einsum and pairwise summation in
 * vectors of several widths), so numpy's result is not determined by the input alone.  The exact norm, rounded
 * once, is.
 *
 * A sum is formed as an unevaluated pair of doubles (Ogita, Rump and Oishi,
 * "Accurate sum and dot product", 2005), which decides the rounding nearly
 * always; else it is formed anew as a big integer.
 */
#include "core/scaler/row_norm.h"

#include <float.h>
#include <math.h>

#include "core/base/double_double.h"
#include "core/base/memory.h"
#include "core/exact/rational.h"

/* Between these, squares and their errors neither over- nor underflow. */
#define SQUARES_MOST	0x1p1000
#define SQUARES_LEAST	0x1p-900

/*
 * Return the sum of |x| or of x^2, with a relative error below n^2 2^-103.
 *
 * Each of the n additions to low rounds at 2^-53 of a low part that is at most n 2^-53 of the sum, twice as
 * often for squares.  RelativeError() is twice that.
 */
static DoubleDouble
SumOf(const double *x, int n, bool squares)
{
	DoubleDouble sum = {0, 0};

	for (int i = 0; i < n; i++)
	{
		DoubleDouble term = squares ? TwoProduct(x[i], x[i]) : (DoubleDouble) {fabs(x[i]), 0};
		DoubleDouble next;

		if (isnan(x[i]))
			continue;
		next = TwoSum(sum.hi, term.hi);
		sum.hi = next.hi;
		sum.lo += next.lo + term.lo;
	}
	return FastTwoSum(sum.hi, sum.lo);
}

static double
RelativeError(int n)
{
	return (double) n * n * 0x1p-102;
}

/*
 * Return the norm from a big integer.  The error of the result is given by its sign alone, which decides a tie
 * when the norm is rounded to float4.
 */
static DoubleDouble
ExactNorm(const double *x, int n, bool squares)
{
	ExactSum	sum = {0};
	BigNatural	total;
	double		norm;
	double		rest = 0;

	for (int i = 0; i < n; i++)
	{
		uint64_t	bits = DoubleBits(x[i]) & MAGNITUDE_MASK;

		if (!IsFiniteBits(bits))
			continue;
		if (squares)
			ExactSumAddSquare(&sum, bits);
		else
			ExactSumAddDouble(&sum, bits);
	}
	BigNaturalFromSum(&total, &sum, squares ? SQUARES_UNIT : SUM_UNIT);
	norm = squares ? RationalSqrtToDouble(&total, 1, 1) : RationalToDouble(&total, 1, 1, false);
	if (isfinite(norm))
	{
		uint64_t	factors[2] = {DoubleBits(norm), DoubleBits(-norm)};

		if (squares)
			ExactSumAddProduct(&sum, factors, 2);
		else
			ExactSumAddDouble(&sum, DoubleBits(-norm));
		if (ExactSumCanonicalView(&sum).nlimbs > 0)
			rest = ExactSumIsNegative(&sum) ? -DBL_MIN : DBL_MIN;
	}
	if (sum.limbs)
		CoreFree(sum.limbs);
	return (DoubleDouble) {norm, rest};
}

/* Return a norm rounded to float8. */
static double
Norm(const double *x, int n, bool squares)
{
	DoubleDouble sum;
	DoubleDouble square;
	double		error;
	double		root;
	double		rest;
	double		largest = 0;

	for (int i = 0; i < n; i++)
		if (fabs(x[i]) > largest)
			largest = fabs(x[i]);
	if (largest == 0 || isinf(largest))
		return largest;

	sum = SumOf(x, n, squares);
	error = sum.hi * RelativeError(n);
	if (!squares)
	{
		if (isfinite(sum.hi) && sum.hi + (sum.lo - error) == sum.hi + (sum.lo + error))
			return sum.hi;
		return ExactNorm(x, n, false).hi;
	}
	/* sqrt(high + low) = root + (high + low - root^2) / (2 root) - ..., where the next term is 2^-106 of it */
	if (sum.hi <= SQUARES_MOST && sum.hi >= SQUARES_LEAST)
	{
		root = sqrt(sum.hi);
		square = TwoProduct(root, root);
		rest = (((sum.hi - square.hi) - square.lo) + sum.lo) / (2.0 * root);
		error = root * (RelativeError(n) + 0x1p-100);
		if (root + (rest - error) == root + (rest + error))
			return root + rest;
	}
	return ExactNorm(x, n, true).hi;
}

static double
Divisor(double norm)
{
	return norm == 0 ? 1.0 : norm;
}

double
NormL1(const double *x, int n)
{
	return Divisor(Norm(x, n, false));
}

double
NormL2(const double *x, int n)
{
	return Divisor(Norm(x, n, true));
}

double
NormMax(const double *x, int n)
{
	double		largest = 0;

	for (int i = 0; i < n; i++)
		if (fabs(x[i]) > largest)
			largest = fabs(x[i]);
	return Divisor(largest);
}

/* ---- in order ---- */

double
NormL1InOrder(const double *x, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += fabs(x[i]);
	return Divisor(sum);
}

double
NormL2InOrder(const double *x, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[i] * x[i];
	return Divisor(sqrt(sum));
}

/* Sums are formed in float8, and the norm is rounded. */
float
NormL1InOrderSingle(const float *x, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += (double) fabsf(x[i]);
	return (float) Divisor(sum);
}

float
NormL2InOrderSingle(const float *x, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += (double) x[i] * (double) x[i];
	return (float) Divisor(sqrt(sum));
}

/* ---- float4 ---- */

#define NORM_CHUNK	64

/* Return a norm rounded to float4.  Halfway between two float4 values, the part that was rounded off decides. */
static float
RoundToSingle(double norm, const double *x, int n, bool squares)
{
	if ((DoubleBits(norm) & UINT64_C(0x1FFFFFFF)) == UINT64_C(0x10000000))
	{
		DoubleDouble exact = ExactNorm(x, n, squares);

		if (exact.lo != 0)
			return (float) nextafter(exact.hi, exact.lo > 0 ? INFINITY : -INFINITY);
	}
	return (float) norm;
}

static float
NormOfSingles(const float *x, int n, bool squares)
{
	double		chunk[NORM_CHUNK] = {0};
	double	   *wide = n <= NORM_CHUNK ? chunk : CoreAlloc(sizeof(double) * n);
	float		norm;

	for (int i = 0; i < n; i++)
		wide[i] = (double) x[i];
	norm = RoundToSingle(Norm(wide, n, squares), wide, n, squares);
	if (wide != chunk)
		CoreFree(wide);
	return norm == 0 ? 1.0f : norm;
}

float
NormL1Single(const float *x, int n)
{
	return NormOfSingles(x, n, false);
}

float
NormL2Single(const float *x, int n)
{
	return NormOfSingles(x, n, true);
}

float
NormMaxSingle(const float *x, int n)
{
	float		largest = 0;

	for (int i = 0; i < n; i++)
		if (fabsf(x[i]) > largest)
			largest = fabsf(x[i]);
	return largest == 0 ? 1.0f : largest;
}
