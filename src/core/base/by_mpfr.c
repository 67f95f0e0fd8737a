/*
 * by_mpfr.c
 *		The slow paths of the functions of elementary.h: MPFR computes the results whose rounding their
 *		error bounds do not decide.
 */
#include "core/base/by_mpfr.h"

#include <float.h>
#include <math.h>
#include <mpfr.h>

#define FIRST_PRECISION		160
#define LAST_PRECISION		2560
#define NEWTON_STEPS		64

typedef void (*Approximation) (mpfr_t t, double x);

/* Below 1/4, the logarithms of p and 1 - p lose little to each other; above, the argument of atanh is exact. */
static void
ApproximateLogit(mpfr_t t, double p)
{
	mpfr_t		u;

	if (p < 0.25)
	{
		mpfr_init2(u, mpfr_get_prec(t));
		mpfr_set_d(u, -p, MPFR_RNDN);
		mpfr_log1p(u, u, MPFR_RNDN);
		mpfr_set_d(t, p, MPFR_RNDN);
		mpfr_log(t, t, MPFR_RNDN);
		mpfr_sub(t, t, u, MPFR_RNDN);
		mpfr_clear(u);
	}
	else
	{
		mpfr_set_d(t, 2.0 * p - 1.0, MPFR_RNDN);
		mpfr_atanh(t, t, MPFR_RNDN);
		mpfr_mul_2ui(t, t, 1, MPFR_RNDN);
	}
}

static void
ApproximateExpit(mpfr_t t, double x)
{
	mpfr_set_d(t, -x, MPFR_RNDN);
	mpfr_exp(t, t, MPFR_RNDN);
	mpfr_add_ui(t, t, 1, MPFR_RNDN);
	mpfr_ui_div(t, 1, t, MPFR_RNDN);
}

/*
 * Set r to a function that MPFR does not have, rounded correctly (Ziv's strategy), and return what MPFR's functions do.
 *
 * The approximation is off by few units of its precision, and its value is no number of r's precision nor halfway
 * between two.
 */
static int
RoundByZiv(mpfr_t r, Approximation approximate, double x)
{
	mpfr_exp_t	emin = mpfr_get_emin();
	mpfr_exp_t	emax = mpfr_get_emax();
	bool		decided = false;
	int			ternary = 0;

	mpfr_set_emin(mpfr_get_emin_min());
	mpfr_set_emax(mpfr_get_emax_max());
	for (mpfr_prec_t precision = FIRST_PRECISION; !decided; precision *= 2)
	{
		mpfr_t		t;

		mpfr_init2(t, precision);
		approximate(t, x);
		decided = mpfr_can_round(t, precision - 4, MPFR_RNDN, MPFR_RNDN, mpfr_get_prec(r));
		ternary = mpfr_set(r, t, MPFR_RNDN);
		mpfr_clear(t);
	}
	mpfr_set_emin(emin);
	mpfr_set_emax(emax);
	return mpfr_check_range(r, ternary, MPFR_RNDN);
}

static int
Logit(mpfr_t r, const mpfr_t x, mpfr_rnd_t rounding)
{
	(void) rounding;
	return RoundByZiv(r, ApproximateLogit, mpfr_get_d(x, MPFR_RNDN));
}

static int
Expit(mpfr_t r, const mpfr_t x, mpfr_rnd_t rounding)
{
	(void) rounding;
	return RoundByZiv(r, ApproximateExpit, mpfr_get_d(x, MPFR_RNDN));
}

/* in the order of ElementaryFunction, for the functions of one argument */
static int	(*const one_argument[]) (mpfr_t, const mpfr_t, mpfr_rnd_t) =
{
	mpfr_log, mpfr_log1p, mpfr_exp, mpfr_expm1, mpfr_log2, mpfr_log10, mpfr_exp2, mpfr_exp10, mpfr_cbrt,
		mpfr_asinh, mpfr_sinh, Logit, Expit
};

/*
 * MPFR rounds correctly to any precision, so one call with the result's precision and range of exponents is
 * enough; mpfr_subnormalize rounds subnormal results once. MPFR's caches of constants are kept for the next
 * time.
 */
double
ElementaryByMpfr(ElementaryFunction function, double x, double y, bool single)
{
	mpfr_exp_t	emin = mpfr_get_emin();
	mpfr_exp_t	emax = mpfr_get_emax();
	mpfr_t		a;
	mpfr_t		b;
	mpfr_t		r;
	int			ternary;
	double		result;

	mpfr_init2(a, DBL_MANT_DIG);
	mpfr_init2(b, DBL_MANT_DIG);
	mpfr_init2(r, single ? FLT_MANT_DIG : DBL_MANT_DIG);
	mpfr_set_d(a, x, MPFR_RNDN);
	mpfr_set_d(b, y, MPFR_RNDN);
	mpfr_set_emin(single ? FLT_MIN_EXP - FLT_MANT_DIG + 1 : DBL_MIN_EXP - DBL_MANT_DIG + 1);
	mpfr_set_emax(single ? FLT_MAX_EXP : DBL_MAX_EXP);
	ternary = function == ELEMENTARY_POW ? mpfr_pow(r, a, b, MPFR_RNDN) : one_argument[function] (r, a, MPFR_RNDN);
	mpfr_subnormalize(r, ternary, MPFR_RNDN);
	result = mpfr_get_d(r, MPFR_RNDN);
	mpfr_set_emin(emin);
	mpfr_set_emax(emax);
	mpfr_clears(a, b, r, (mpfr_ptr) 0);
	return result;
}

/*
 * erfc(-z / sqrt(2)) / 2 with more bits until both ends of the error
 * interval round to the same double (Ziv's strategy).  They will: the only
 * value that is a double, or halfway between two, is Phi(0).
 */
double
NormalProbabilityByMpfr(double z)
{
	double		below = 0.0;
	double		above = 1.0;

	for (mpfr_prec_t precision = 160; below != above; precision *= 2)
	{
		mpfr_t		t;
		mpfr_t		error;
		mpfr_t		end;

		mpfr_inits2(precision, t, error, end, (mpfr_ptr) 0);
		mpfr_set_d(t, 0.5, MPFR_RNDN);
		mpfr_sqrt(t, t, MPFR_RNDN);
		mpfr_mul_d(t, t, -z, MPFR_RNDN);
		mpfr_erfc(t, t, MPFR_RNDN);
		mpfr_div_2ui(t, t, 1, MPFR_RNDN);

		/*
		 * The argument is off by at most 2^(1 - precision) of itself, and so
		 * erfc, where |z| < 40, by at most (z^2 + 1) times that, below
		 * 2^(12 - precision).
		 */
		mpfr_set_ui_2exp(error, 1, mpfr_get_exp(t) - precision + 16, MPFR_RNDN);
		mpfr_sub(end, t, error, MPFR_RNDD);
		below = mpfr_get_d(end, MPFR_RNDN);
		mpfr_add(end, t, error, MPFR_RNDU);
		above = mpfr_get_d(end, MPFR_RNDN);
		mpfr_clears(t, error, end, (mpfr_ptr) 0);
	}
	return below;
}

/* the exponent of z, or of 1 if that is larger */
static mpfr_exp_t
LeadingBit(const mpfr_t z)
{
	return mpfr_zero_p(z) || mpfr_get_exp(z) < 0 ? 0 : mpfr_get_exp(z);
}

/*
 * Refine z to erfc(-z / sqrt(2)) / 2 = p, for 0 < p < 1/2: to about
 * precision - 20 bits, of them as many after the point where |z| < 1.
 * Newton on log(Phi(z)) - log(p), which is concave: from the left of the root
 * it does not overshoot, and from its right one step gets to its left.
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
			mpfr_get_exp(step) < LeadingBit(z) - (precision - 16))
			break;
	}
	mpfr_clears(target, phi, density, step, t, root_half, (mpfr_ptr) 0);
}

double
NormalQuantileByMpfr(double p, double start)
{
	double		result = 0.0;

	for (mpfr_prec_t precision = FIRST_PRECISION; precision <= LAST_PRECISION; precision *= 2)
	{
		mpfr_t		z;
		bool		decided;

		mpfr_init2(z, precision);
		mpfr_set_d(z, start, MPFR_RNDN);
		LowerTailQuantile(z, p, precision);
		decided = mpfr_can_round(z, precision - 24 - (LeadingBit(z) - mpfr_get_exp(z)),
								 MPFR_RNDN, MPFR_RNDN, 53);
		result = mpfr_get_d(z, MPFR_RNDN);
		mpfr_clear(z);
		if (decided)
			break;
	}
	return result;
}
