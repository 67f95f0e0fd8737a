/*
 * normal_quantile.c
 *		The inverse of the standard normal distribution function.
 *
 * No libm has it, and the usual rational approximations (Cephes' ndtri,
 * Wichura's AS 241) are off in the last places.  This finds it with MPFR:
 * Newton's iteration on erfc at a precision far beyond float8, repeated with
 * more bits while the error bound leaves the rounding open (Ziv's strategy).
 * It runs once or twice a fit, so speed does not matter.
 */
#include "core/quantile.h"

#include <math.h>
#include <mpfr.h>

#define FIRST_PRECISION		160
#define LAST_PRECISION		2560
#define NEWTON_STEPS		64

/*
 * z with erfc(-z / sqrt(2)) / 2 = p, for 0 < p < 1/2, to about precision - 20
 * bits.  Newton on log(Phi(z)) - log(p), which is concave and so converges
 * from the left of the root without overshooting: the start is the bound
 * z = -sqrt(-2 log(2p)), below which Phi(z) <= p.
 */
static void
LowerTailQuantile(mpfr_t z, double p, mpfr_prec_t precision)
{
	mpfr_t		target;
	mpfr_t		phi;
	mpfr_t		density;
	mpfr_t		step;
	mpfr_t		t;
	mpfr_t		root_half;

	mpfr_inits2(precision, target, phi, density, step, t, root_half, (mpfr_ptr) 0);
	mpfr_set_d(target, p, MPFR_RNDN);
	mpfr_set_d(root_half, 0.5, MPFR_RNDN);
	mpfr_sqrt(root_half, root_half, MPFR_RNDN);

	mpfr_mul_ui(t, target, 2, MPFR_RNDN);
	mpfr_log(t, t, MPFR_RNDN);
	mpfr_mul_si(t, t, -2, MPFR_RNDN);
	mpfr_sqrt(z, t, MPFR_RNDN);
	mpfr_neg(z, z, MPFR_RNDN);

	for (int i = 0; i < NEWTON_STEPS; i++)
	{
		/* Phi(z) = erfc(-z / sqrt 2) / 2 */
		mpfr_mul(t, z, root_half, MPFR_RNDN);
		mpfr_neg(t, t, MPFR_RNDN);
		mpfr_erfc(phi, t, MPFR_RNDN);
		mpfr_div_ui(phi, phi, 2, MPFR_RNDN);

		/* density(z) = exp(-z^2 / 2) / sqrt(2 pi) */
		mpfr_sqr(t, z, MPFR_RNDN);
		mpfr_div_si(t, t, -2, MPFR_RNDN);
		mpfr_exp(density, t, MPFR_RNDN);
		mpfr_const_pi(t, MPFR_RNDN);
		mpfr_mul_ui(t, t, 2, MPFR_RNDN);
		mpfr_sqrt(t, t, MPFR_RNDN);
		mpfr_div(density, density, t, MPFR_RNDN);

		/* step = log(Phi / p) * Phi / density */
		mpfr_div(t, phi, target, MPFR_RNDN);
		mpfr_log(t, t, MPFR_RNDN);
		mpfr_mul(step, t, phi, MPFR_RNDN);
		mpfr_div(step, step, density, MPFR_RNDN);
		mpfr_sub(z, z, step, MPFR_RNDN);
		if (mpfr_zero_p(step) ||
			mpfr_get_exp(step) < mpfr_get_exp(z) - (precision - 16))
			break;
	}
	mpfr_clears(target, phi, density, step, t, root_half, (mpfr_ptr) 0);
}

double
NormalQuantile(double p)
{
	bool		upper = p > 0.5;
	double		result = 0.0;

	if (!(p >= 0.0 && p <= 1.0))
		return NAN;
	if (p == 0.0 || p == 1.0)
		return upper ? INFINITY : -INFINITY;
	if (p == 0.5)
		return 0.0;

	/* 1 - p is exact for p > 1/2 (Sterbenz) */
	for (mpfr_prec_t precision = FIRST_PRECISION; precision <= LAST_PRECISION; precision *= 2)
	{
		mpfr_t		z;
		bool		decided;

		mpfr_init2(z, precision);
		LowerTailQuantile(z, upper ? 1.0 - p : p, precision);
		decided = mpfr_can_round(z, precision - 24, MPFR_RNDN, MPFR_RNDN, 53);
		result = mpfr_get_d(z, MPFR_RNDN);
		mpfr_clear(z);
		if (decided)
			break;
	}
	mpfr_free_cache();
	return upper ? -result : result;
}
