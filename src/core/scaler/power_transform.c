/*
 * power_transform.c
 *		The transformations of Box and Cox and of Yeo and Johnson.
 *
 * G. Box, D. Cox, "An analysis of transformations", 1964; I. Yeo, R. Johnson,
 * "A new family of power transformations to improve normality or symmetry",
 * 2000.  The operations are those of scipy 1.17 (stats/_morestats.py:
 * _yeojohnson_transform; special/_boxcox.pxd) and, for the inverse of Yeo and
 * Johnson, of scikit-learn 1.9 (preprocessing/_data.py), each rounded once:
 * the elementary functions too, which there depend on the libm and the CPU.
 */
#include "core/scaler/power_transform.h"

#include <math.h>

#include "core/base/elementary.h"

#define EPSILON		0x1p-52		/* of float8 */

/* "mirrored" is 2 - lambda, in the precision of lambda */
static inline double
Forward(double x, double lambda, double mirrored)
{
	if (x >= 0)
		return fabs(lambda) < EPSILON ? RoundedLog1p(x) : RoundedExpm1(lambda * RoundedLog1p(x)) / lambda;
	return fabs(mirrored) > EPSILON ? -RoundedExpm1(mirrored * RoundedLog1p(-x)) / mirrored : -RoundedLog1p(-x);
}

/* likewise; "exponent" is 1 / lambda for y >= 0, and 1 / mirrored below */
static inline double
Inverse(double y, double lambda, double mirrored, double exponent)
{
	if (y >= 0)
		return fabs(lambda) < EPSILON ? RoundedExp(y) - 1.0 : RoundedPow(y * lambda + 1.0, exponent) - 1.0;
	return fabs(mirrored) > EPSILON ? 1.0 - RoundedPow(-mirrored * y + 1.0, exponent) : 1.0 - RoundedExp(-y);
}

double
YeoJohnson(double x, double lambda)
{
	return Forward(x, lambda, 2.0 - lambda);
}

double
YeoJohnsonInverse(double y, double lambda)
{
	double		mirrored = 2.0 - lambda;

	return Inverse(y, lambda, mirrored, 1.0 / (y >= 0 ? lambda : mirrored));
}

/* With a float32 lambda, numpy subtracts and divides in float32 even for float64 values. */
double
YeoJohnsonWidened(double x, float lambda)
{
	return Forward(x, lambda, 2.0f - lambda);
}

double
YeoJohnsonInverseWidened(double y, float lambda)
{
	float		mirrored = 2.0f - lambda;

	return Inverse(y, lambda, mirrored, 1.0f / (y >= 0 ? lambda : mirrored));
}

double
BoxCox(double x, double lambda)
{
	double		log_x = RoundedLog(x);

	if (fabs(lambda) < 1e-19)
		return log_x;
	if (lambda * log_x < 709.78)
		return RoundedExpm1(lambda * log_x) / lambda;
	/* x to the power of lambda overflows, but perhaps not after the division */
	return copysign(1.0, lambda) * RoundedExp(lambda * log_x - RoundedLog(fabs(lambda))) - 1.0 / lambda;
}

double
BoxCoxInverse(double y, double lambda)
{
	if (lambda == 0)
		return RoundedExp(y);
	if (lambda * y < 1.79e308)
		return RoundedExp(RoundedLog1p(lambda * y) / lambda);
	return RoundedExp((RoundedLog(copysign(1.0, lambda) * (y + 1.0 / lambda)) + RoundedLog(fabs(lambda))) / lambda);
}

/* ---- float4 ---- */

float
YeoJohnsonSingle(float x, double lambda)
{
	double		mirrored = 2.0 - lambda;

	if (x >= 0)
		return fabs(lambda) < EPSILON ? RoundedLog1pSingle(x) :
			(float) (RoundedExpm1(lambda * RoundedLog1pSingle(x)) / lambda);
	return fabs(lambda - 2.0) > EPSILON ? (float) (-RoundedExpm1(mirrored * RoundedLog1pSingle(-x)) / mirrored) :
		-RoundedLog1pSingle(-x);
}

float
YeoJohnsonInverseSingle(float y, double lambda)
{
	/* without lambda in it, the operation is on float4 alone */
	if (y >= 0 && fabs(lambda) < EPSILON)
		return RoundedExpSingle(y) - 1.0f;
	if (!(y >= 0) && !(fabs(lambda - 2.0) > EPSILON))
		return 1.0f - RoundedExpSingle(-y);
	return (float) YeoJohnsonInverse(y, lambda);
}

float
BoxCoxSingle(float x, double lambda)
{
	return (float) BoxCox(x, lambda);
}

float
BoxCoxInverseSingle(float y, double lambda)
{
	return (float) BoxCoxInverse(y, lambda);
}

#define EPSILON_SINGLE	0x1p-23f

float
YeoJohnsonCast(float x, float lambda)
{
	float		mirrored = 2.0f - lambda;

	if (x >= 0)
		return fabsf(lambda) < EPSILON_SINGLE ? RoundedLog1pSingle(x) :
			RoundedExpm1Single(lambda * RoundedLog1pSingle(x)) / lambda;
	return fabsf(lambda - 2.0f) > EPSILON_SINGLE ? -RoundedExpm1Single(mirrored * RoundedLog1pSingle(-x)) / mirrored :
		-RoundedLog1pSingle(-x);
}

float
YeoJohnsonInverseCast(float y, float lambda)
{
	float		mirrored = 2.0f - lambda;

	if (y >= 0)
		return fabsf(lambda) < (float) EPSILON ? RoundedExpSingle(y) - 1.0f :
			RoundedPowSingle(y * lambda + 1.0f, 1.0f / lambda) - 1.0f;
	return fabsf(lambda - 2.0f) > (float) EPSILON ? 1.0f - RoundedPowSingle(-mirrored * y + 1.0f, 1.0f / mirrored) :
		1.0f - RoundedExpSingle(-y);
}
