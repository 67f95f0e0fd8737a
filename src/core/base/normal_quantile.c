/*
 * normal_quantile.c
 *		The inverse of the standard normal distribution function.
 *
 * No libm has it, and the usual rational approximations (Cephes' ndtri, Wichura's AS 241) are off in the last
 * places.  Here one of them is the starting point: a step of Newton's method, with a residual in double-double,
 * gives the true value to well beyond float8's precision, and a bound of its error.  If that does not decide
 * the rounding, MPFR repeats it with more bits until it does (Ziv's strategy).
 */
#include "core/base/elementary.h"

#include <math.h>

#include "core/base/by_mpfr.h"
#include "core/base/double_double.h"

/* A polynomial of degree 7, by Horner. */
static inline double
Degree7(const double *c, double x)
{
	double		y = c[7];

	for (int i = 6; i >= 0; i--)
		y = y * x + c[i];
	return y;
}

/*
 * t with 1 - Phi(t) near q, for 0 < q < 1/2: Wichura, "Algorithm AS 241: the
 * percentage points of the normal distribution", Applied Statistics 37, 1988.
 * Its error is a few units in the last place; no bound of ours relies on it.
 */
static double
ApproximateQuantile(double q)
{
	static const double central[2][8] = {
		{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
		4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3},
		{1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
		2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3}
	};
	static const double middle[2][8] = {
		{1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
		1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
		{1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}
	};
	static const double far[2][8] = {
		{6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7},
		{1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}
	};
	double		x = 0.5 - q;
	double		r;

	if (x <= 0.425)
	{
		r = 0.180625 - x * x;
		return x * Degree7(central[0], r) / Degree7(central[1], r);
	}
	r = sqrt(-RoundedLog(q));
	if (r <= 5.0)
		return Degree7(middle[0], r - 1.6) / Degree7(middle[1], r - 1.6);
	return Degree7(far[0], r - 5.0) / Degree7(far[1], r - 5.0);
}

/*
 * Newton near the median: t < 1/8 with the integral of exp(-x^2/2) from 0 to
 * t equal to x sqrt(2 pi).  Its series, t (1 - t^2/6 + t^4/40 - ...), has the
 * first three terms as pairs; those from t^4 on are rounded a few times,
 * t^4/40 * 5u, and the remainder is t^18/10^10.
 */
static double
StepNearMedian(double t, double x, double *error)
{
	DoubleDouble square = TwoProduct(t, t);
	double		s = square.hi;
	double		rest = s * s * ((0x1.999999999999ap-6 - s * (1.0 / 336.0)) +
								s * s * ((1.0 / 3456.0 - s * (1.0 / 42240.0)) +
										 s * s * ((1.0 / 599040.0 - s * (1.0 / 9676800.0)) +
												  s * s * (1.0 / 175472640.0))));
	DoubleDouble cubic = PairTimesPair(square, (DoubleDouble) {SIXTH_HI, SIXTH_LO});
	DoubleDouble sum = PairPlusPair((DoubleDouble) {1.0, 0.0},
									(DoubleDouble) {-cubic.hi, rest - cubic.lo});
	DoubleDouble integral = PairTimesDouble(sum, t);
	DoubleDouble target = PairTimesDouble((DoubleDouble) {SQRT_2PI_HI, SQRT_2PI_LO}, x);
	double		residual = (target.hi - integral.hi) + (target.lo - integral.lo);
	double		half = 0.5 * s;
	double		step = residual * (1.0 + half * (1.0 + half * (0.5 + half * (1.0 / 6.0))));

	/* exp(t^2/2) is off by 2^-32, Newton by step^2 t/2 */
	*error = t * (s * s * 0x1p-55 + 0x1p-96) + fabs(step) * (0x1p-30 + fabs(step));
	return step;
}

/* Newton elsewhere: the residual, 1 - Phi(t) - q, over the density. */
static double
StepInTail(double t, double q, double *error)
{
	NormalTail	upper = NormalUpperTail(t);
	int			half = upper.exponent / 2;
	double		target = q * PowerOfTwo(-half) * PowerOfTwo(half - upper.exponent);
	double		residual = (upper.tail.hi - target) + upper.tail.lo;
	double		inverse_density = SQRT_2PI_HI / upper.bell;
	double		step = residual * inverse_density;

	/* bell and the operations are off by less than 2^-48, Newton by step^2 t/2 */
	*error = upper.tail.hi * inverse_density * (TAIL_ERROR + 0x1p-100) +
		fabs(step) * (0x1p-48 + fabs(step) * t);
	return step;
}

double
NormalQuantile(double p)
{
	bool		upper = p > 0.5;
	double		q = upper ? 1.0 - p : p;	/* exact (Sterbenz) */
	double		t;
	double		step;
	double		error;
	double		result;

	if (!(p >= 0.0 && p <= 1.0))
		return NAN;
	if (q == 0.0)
		return upper ? INFINITY : -INFINITY;
	if (q == 0.5)
		return 0.0;

	t = ApproximateQuantile(q);
	step = t < 0.125 ? StepNearMedian(t, 0.5 - q, &error) : StepInTail(t, q, &error);
	if (!RoundsSafely(t, step, error, &result))
		result = -NormalQuantileByMpfr(q, -t);
	return upper ? result : -result;
}
