/*
 * elementary_shell.c
 *		A line-oriented shell around the elementary functions, for
 *		test/unit/elementary.py.
 *
 * Numbers are hexadecimal bits.  It includes the sources, so that the error
 * bounds of their static functions can be measured.
 *
 *	value FUNCTION X [Y]				-> bits
 *	compare FUNCTION FAMILY SEED COUNT	-> how many differ from MPFR, and the first
 *	bound NAME FAMILY SEED COUNT		-> the largest error over its bound
 *	fallbacks FUNCTION FAMILY SEED COUNT -> how many asked MPFR
 *	powers								-> binary32 significands whose third or fourth
 *										   power is rounded to 25 bits or fewer
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpfr.h>

static uint64_t fallbacks;

typedef int (*MpfrFunction) (mpfr_t, const mpfr_t, mpfr_rnd_t);

/* all slow paths start with this, and nothing else uses it */
#define mpfr_set_d(...) (fallbacks++, (mpfr_set_d) (__VA_ARGS__))
#include "../../src/core/base/by_mpfr.c"
#include "../../src/core/base/elementary.c"
#include "../../src/core/base/elementary_bases.c"
#include "../../src/core/base/cube_root.c"
#include "../../src/core/base/hyperbolic.c"
#include "../../src/core/base/logistic.c"
#include "../../src/core/base/normal_probability.c"
#include "../../src/core/base/normal_quantile.c"
#undef mpfr_set_d

/* bits for results, and for the errors of pairs */
#define ORACLE_PRECISION	180
#define BOUND_PRECISION		250

/* ---- random arguments ---- */

static uint64_t random_state;

static uint64_t
RandomBits(void)
{
	/* xorshift64*, Marsaglia and Vigna */
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * UINT64_C(0x2545F4914F6CDD1D);
}

static double
Uniform(double low, double high)
{
	return low + (high - low) * ((RandomBits() >> 11) * 0x1p-53);
}

static double
Gauss(void)
{
	return sqrt(-2.0 * log(Uniform(0x1p-60, 1.0))) * cos(Uniform(0.0, 6.283185307179586));
}

static int
Below(int n)
{
	return (int) (RandomBits() % n);
}

/* a random number of leading bits, a random exponent */
static double
Tiny(int deepest)
{
	uint64_t	bits = RandomBits() & ~((UINT64_C(1) << Below(52)) - 1);
	double		m = BitsDouble((bits & FRACTION_MASK) | DoubleBits(1.0));

	return ldexp(bits >> 63 ? m : -m, -Below(deepest));
}

/* x, or one of its neighbours */
static double
Near(double x)
{
	return BitsDouble(DoubleBits(x) + RandomBits() % 9 - 4);
}

typedef enum Kind
{
	OF_LOG, OF_LOG1P, OF_EXP, OF_EXP2, OF_EXP10, OF_EXPM1, OF_POW, OF_PROBABILITY, OF_QUANTILE,
	OF_CBRT, OF_CUBE, OF_ASINH, OF_SINH, OF_LOGIT, OF_EXPIT
} Kind;

/* where results over- and underflow, for "wide" */
static const double lowest[] = {
	[OF_EXP] = -760.0, [OF_EXPM1] = -760.0, [OF_POW] = -760.0, [OF_EXP2] = -1080.0, [OF_EXP10] = -326.0,
	[OF_PROBABILITY] = -39.0, [OF_SINH] = -715.0, [OF_EXPIT] = -750.0
};
static const double greatest[] = {
	[OF_EXP] = 730.0, [OF_EXPM1] = 730.0, [OF_POW] = 730.0, [OF_EXP2] = 1030.0, [OF_EXP10] = 310.0,
	[OF_PROBABILITY] = 9.0, [OF_SINH] = 715.0, [OF_EXPIT] = 40.0
};

static void
DrawTypical(Kind kind, double *x, double *y)
{
	*x = Gauss();
	if (kind == OF_LOG || kind == OF_LOG1P || kind == OF_POW)
		*x = exp(*x) * (Below(2) ? 1.0 : 1e5);
	if (kind == OF_CBRT || kind == OF_ASINH)
		*x *= Below(2) ? 1.0 : 1e5;
	if (kind == OF_QUANTILE || kind == OF_LOGIT)
		*x = Uniform(0.0, 1.0);
	*y = Uniform(-2.0, 3.0);
}

/* where the result is near 0 or 1, or a number with few bits */
static void
DrawDelicate(Kind kind, double *x, double *y)
{
	*x = Tiny(60);
	if (kind == OF_LOG || kind == OF_POW)
		*x = 1.0 + *x * 0x1p-4;
	if (kind == OF_QUANTILE || kind == OF_LOGIT)
		*x = 0.5 + 0.25 * *x;
	if (kind == OF_CBRT)
		*x = rint(*x * 0x1p40) * rint(*x * 0x1p40) * rint(*x * 0x1p40) * (1.0 + Below(3) * 0x1p-51);
	*y = Tiny(60) * 0x1p50;
}

/* over all results, subnormal and overflowing ones too */
static void
DrawWide(Kind kind, double *x, double *y)
{
	switch (kind)
	{
		case OF_LOG:
		case OF_LOG1P:
			*x = BitsDouble(RandomBits() & MAGNITUDE_MASK);
			break;
		case OF_CBRT:
		case OF_ASINH:
			*x = BitsDouble(RandomBits());
			break;
		case OF_CUBE:
			*x = ldexp(Uniform(-2.0, 2.0), Below(710) - 365);
			break;
		case OF_QUANTILE:
			*x = exp(Uniform(-745.0, -0.7));
			break;
		case OF_LOGIT:
			*x = Below(2) ? exp(Uniform(-745.0, 0.0)) : 1.0 - exp(Uniform(-37.0, 0.0));
			break;
		case OF_POW:
			*x = exp(50.0 * Gauss());
			*y = Uniform(lowest[kind], greatest[kind]) / log(*x);
			break;
		default:
			*x = Uniform(lowest[kind], greatest[kind]);
	}
}

/* around the ends of the tables' cells, and the joints between formulas */
static void
DrawEdges(Kind kind, double *x, double *y)
{
	double		power = ldexp(1.0, -Below(56));
	double		step = (Below(9000) + 0.5) * EXP_STEP_HI;

	switch (kind)
	{
		case OF_LOG:
		case OF_CBRT:
		case OF_CUBE:
			*x = Near(ldexp(1.0 + Below(257) / 256.0, Below(7) - 3));
			break;
		case OF_LOG1P:
			*x = Near(Below(4) ? ldexp(1.0 + Below(257) / 256.0, Below(4) - 2) - 1.0 : power);
			break;
		case OF_POW:
			*x = Near(1.0 + Below(257) / 256.0);
			*y = (Below(4000) + 0.5) * EXP_STEP_HI / log(*x);
			break;
		case OF_PROBABILITY:
			*x = Near((Below(2) ? 1.0 : -1.0) * ldexp((Below(130) + 0.5) / 64.0, Below(8) ? Below(2) : Below(5)));
			if (Below(16) == 0)
				*x = Near(0x1p-6);
			break;
		case OF_QUANTILE:
			*x = Near(Below(2) ? 0.5 * erfc(Below(100) / 64.0) : ldexp(1.0, -Below(1074)));
			break;
		case OF_ASINH:
			*x = Near((Below(2) ? 1.0 : -1.0) * (Below(4) ? sinh(log(1.0 + Below(257) / 256.0)) : ldexp(power, 50)));
			break;
		case OF_LOGIT:
			*x = 1.0 + Below(257) / 256.0;
			*x = Near(Below(4) ? *x / (1.0 + *x) : Below(2) ? 0.5 + 0.25 * power : ldexp(power, -Below(100)));
			break;
		default:
			*x = Near((Below(2) ? 1.0 : -1.0) * (Below(4) == 0 ? power : kind == OF_EXP2 ? step / log(2.0) :
												 kind == OF_EXP10 ? step / log(10.0) : step));
	}
}

static void
Draw(Kind kind, const char *family, double *x, double *y)
{
	*y = 0.0;
	if (strcmp(family, "any") == 0)
	{
		*x = BitsDouble(RandomBits());
		*y = BitsDouble(RandomBits());
		if (kind == OF_QUANTILE)
			*x = BitsDouble(RandomBits() % DoubleBits(0.5));
	}
	else if (strcmp(family, "typical") == 0)
		DrawTypical(kind, x, y);
	else if (strcmp(family, "delicate") == 0)
		DrawDelicate(kind, x, y);
	else if (strcmp(family, "wide") == 0)
		DrawWide(kind, x, y);
	else if (strcmp(family, "integers") == 0)
	{
		/* exact results and ties, for pow */
		*x = Below(2) ? Below(1000) : Below(1 << 27);
		*y = (Below(40) - 10) / (double) (1 << Below(3));
		*x = Below(4) ? *x : *x * *x;
		*x = Below(4) ? *x : 1.0 / *x;
		if (kind == OF_CUBE)
			*x *= Below(2) ? -0x1p-360 : 1.0;
	}
	else if (strcmp(family, "edges") == 0)
		DrawEdges(kind, x, y);
	else
		exit(2);
}

/* ---- the functions, and MPFR's ---- */

typedef struct Function
{
	const char *name;
	Kind		kind;
	bool		single;
	double		(*one) (double);
	double		(*two) (double, double);
	float		(*one_single) (float);
	float		(*two_single) (float, float);
	MpfrFunction mpfr;
} Function;

/* logit and expit by other formulas than those of by_mpfr.c, with all bits that cancel */
static int
OracleLogit(mpfr_t r, const mpfr_t p, mpfr_rnd_t rounding)
{
	mpfr_t		rest;
	mpfr_t		t;
	int			ternary;

	mpfr_inits2(BOUND_PRECISION, rest, t, (mpfr_ptr) 0);
	if (mpfr_nan_p(p) || mpfr_cmp_d(p, 0.0) <= 0 || mpfr_cmp_d(p, 1.0) >= 0)
		mpfr_set_d(t, mpfr_zero_p(p) ? -INFINITY : !mpfr_nan_p(p) && mpfr_cmp_d(p, 1.0) == 0 ? INFINITY : NAN, MPFR_RNDN);
	else
	{
		if (mpfr_get_exp(p) > -100)
		{
			mpfr_ui_sub(rest, 1, p, MPFR_RNDN);
			mpfr_div(t, p, rest, MPFR_RNDN);
		}
		else
			mpfr_set(t, p, MPFR_RNDN);
		mpfr_log(t, t, MPFR_RNDN);
	}
	ternary = mpfr_set(r, t, rounding);
	mpfr_clears(rest, t, (mpfr_ptr) 0);
	return ternary;
}

static int
OracleExpit(mpfr_t r, const mpfr_t x, mpfr_rnd_t rounding)
{
	mpfr_t		e;
	mpfr_t		t;
	int			ternary;

	mpfr_inits2(BOUND_PRECISION, e, t, (mpfr_ptr) 0);
	mpfr_abs(t, x, MPFR_RNDN);
	mpfr_neg(t, t, MPFR_RNDN);
	mpfr_exp(e, t, MPFR_RNDN);
	mpfr_add_ui(t, e, 1, MPFR_RNDN);
	if (mpfr_signbit(x))
		mpfr_div(t, e, t, MPFR_RNDN);
	else
		mpfr_ui_div(t, 1, t, MPFR_RNDN);
	ternary = mpfr_set(r, t, rounding);
	mpfr_clears(e, t, (mpfr_ptr) 0);
	return ternary;
}

static int
OracleCube(mpfr_t r, const mpfr_t x, mpfr_rnd_t rounding)
{
	return mpfr_pow_ui(r, x, 3, rounding);
}

static const Function functions[] = {
	{"log", OF_LOG, false, RoundedLog, NULL, NULL, NULL, mpfr_log},
	{"log1p", OF_LOG1P, false, RoundedLog1p, NULL, NULL, NULL, mpfr_log1p},
	{"exp", OF_EXP, false, RoundedExp, NULL, NULL, NULL, mpfr_exp},
	{"expm1", OF_EXPM1, false, RoundedExpm1, NULL, NULL, NULL, mpfr_expm1},
	{"log2", OF_LOG, false, RoundedLog2, NULL, NULL, NULL, mpfr_log2},
	{"log10", OF_LOG, false, RoundedLog10, NULL, NULL, NULL, mpfr_log10},
	{"exp2", OF_EXP2, false, RoundedExp2, NULL, NULL, NULL, mpfr_exp2},
	{"exp10", OF_EXP10, false, RoundedExp10, NULL, NULL, NULL, mpfr_exp10},
	{"cbrt", OF_CBRT, false, RoundedCbrt, NULL, NULL, NULL, mpfr_cbrt},
	{"cube", OF_CUBE, false, RoundedCube, NULL, NULL, NULL, OracleCube},
	{"asinh", OF_ASINH, false, RoundedAsinh, NULL, NULL, NULL, mpfr_asinh},
	{"sinh", OF_SINH, false, RoundedSinh, NULL, NULL, NULL, mpfr_sinh},
	{"logit", OF_LOGIT, false, RoundedLogit, NULL, NULL, NULL, OracleLogit},
	{"expit", OF_EXPIT, false, RoundedExpit, NULL, NULL, NULL, OracleExpit},
	{"logf", OF_LOG, true, NULL, NULL, RoundedLogSingle, NULL, mpfr_log},
	{"expf", OF_EXP, true, NULL, NULL, RoundedExpSingle, NULL, mpfr_exp},
	{"log2f", OF_LOG, true, NULL, NULL, RoundedLog2Single, NULL, mpfr_log2},
	{"log10f", OF_LOG, true, NULL, NULL, RoundedLog10Single, NULL, mpfr_log10},
	{"exp2f", OF_EXP2, true, NULL, NULL, RoundedExp2Single, NULL, mpfr_exp2},
	{"exp10f", OF_EXP10, true, NULL, NULL, RoundedExp10Single, NULL, mpfr_exp10},
	{"cbrtf", OF_CBRT, true, NULL, NULL, RoundedCbrtSingle, NULL, mpfr_cbrt},
	{"asinhf", OF_ASINH, true, NULL, NULL, RoundedAsinhSingle, NULL, mpfr_asinh},
	{"sinhf", OF_SINH, true, NULL, NULL, RoundedSinhSingle, NULL, mpfr_sinh},
	{"logitf", OF_LOGIT, true, NULL, NULL, RoundedLogitSingle, NULL, OracleLogit},
	{"expitf", OF_EXPIT, true, NULL, NULL, RoundedExpitSingle, NULL, OracleExpit},
	{"pow", OF_POW, false, NULL, RoundedPow, NULL, NULL, NULL},
	{"log1pf", OF_LOG1P, true, NULL, NULL, RoundedLog1pSingle, NULL, mpfr_log1p},
	{"expm1f", OF_EXPM1, true, NULL, NULL, RoundedExpm1Single, NULL, mpfr_expm1},
	{"powf", OF_POW, true, NULL, NULL, NULL, RoundedPowSingle, NULL},
	{"probability", OF_PROBABILITY, false, NormalProbability, NULL, NULL, NULL, NULL},
	{"quantile", OF_QUANTILE, false, NormalQuantile, NULL, NULL, NULL, NULL},
};

static const Function *
FindFunction(const char *name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	exit(2);
}

static double
Ours(const Function *f, double x, double y)
{
	if (f->one)
		return f->one(x);
	if (f->two)
		return f->two(x, y);
	return f->one_single ? f->one_single((float) x) : f->two_single((float) x, (float) y);
}

/* Phi(x), to nearly all bits */
static void
Probability(mpfr_t r, const mpfr_t x)
{
	mpfr_t		half;

	mpfr_init2(half, mpfr_get_prec(r));
	mpfr_set_d(half, 0.5, MPFR_RNDN);
	mpfr_sqrt(half, half, MPFR_RNDN);
	mpfr_mul(r, half, x, MPFR_RNDN);
	mpfr_neg(r, r, MPFR_RNDN);
	mpfr_erfc(r, r, MPFR_RNDN);
	mpfr_div_2ui(r, r, 1, MPFR_RNDN);
	mpfr_clear(half);
}

/* Phi halfway between two neighbours, against p */
static int
MidpointAgainst(double a, double b, double p)
{
	mpfr_t		t;
	mpfr_t		u;
	int			result;

	mpfr_inits2(ORACLE_PRECISION, t, u, (mpfr_ptr) 0);
	mpfr_set_d(t, a, MPFR_RNDN);
	mpfr_set_d(u, b, MPFR_RNDN);
	mpfr_add(t, t, u, MPFR_RNDN);
	mpfr_div_2ui(t, t, 1, MPFR_RNDN);
	Probability(u, t);
	result = mpfr_cmp_d(u, p);
	mpfr_clears(t, u, (mpfr_ptr) 0);
	return result;
}

/*
 * With so many bits that no value but an exact one is anywhere near a tie,
 * and pow's exact values with a tie have fewer.
 */
static bool
IsRight(const Function *f, double x, double y, double got)
{
	mpfr_t		a;
	mpfr_t		b;
	double		expected;

	if (f->kind == OF_QUANTILE && x > 0.0 && x < 1.0 && x != 0.5)
		return MidpointAgainst(got, nextafter(got, -INFINITY), x) < 0 &&
			MidpointAgainst(got, nextafter(got, INFINITY), x) > 0;
	if (f->kind == OF_QUANTILE)
		return x == 0.5 ? got == 0.0 : x == 0.0 ? got == -INFINITY : x == 1.0 ? got == INFINITY : isnan(got);

	mpfr_inits2(ORACLE_PRECISION, a, b, (mpfr_ptr) 0);
	mpfr_set_d(a, x, MPFR_RNDN);
	mpfr_set_d(b, y, MPFR_RNDN);
	if (f->mpfr)
		f->mpfr(a, a, MPFR_RNDN);
	else if (f->kind == OF_POW)
		mpfr_pow(a, a, b, MPFR_RNDN);
	else
		Probability(a, a);
	expected = f->single ? mpfr_get_flt(a, MPFR_RNDN) : mpfr_get_d(a, MPFR_RNDN);
	mpfr_clears(a, b, (mpfr_ptr) 0);
	return DoubleBits(got) == DoubleBits(expected) || (isnan(got) && isnan(expected));
}

/* ---- commands ---- */

static void
Compare(const Function *f, const char *family, int count)
{
	int			wrong = 0;
	double		first_x = 0.0;
	double		first_y = 0.0;

	for (int i = 0; i < count; i++)
	{
		double		x;
		double		y;

		Draw(f->kind, family, &x, &y);
		if (f->single)
		{
			x = (float) x;
			y = (float) y;
		}
		if (!IsRight(f, x, y, Ours(f, x, y)) && wrong++ == 0)
		{
			first_x = x;
			first_y = y;
		}
	}
	printf("%d %016" PRIx64 " %016" PRIx64 "\n", wrong, DoubleBits(first_x), DoubleBits(first_y));
}

/* |hi + lo - true| / error; true is scaled by 2^-exponent */
static double
ErrorOverBound(DoubleDouble v, int exponent, mpfr_t truth, double error)
{
	double		ratio;
	mpfr_t		d;

	mpfr_init2(d, BOUND_PRECISION);
	mpfr_mul_2si(truth, truth, -exponent, MPFR_RNDN);
	mpfr_set_d(d, v.hi, MPFR_RNDN);
	mpfr_add_d(d, d, v.lo, MPFR_RNDN);
	mpfr_sub(d, d, truth, MPFR_RNDN);
	ratio = fabs(mpfr_get_d(d, MPFR_RNDN)) / error;
	mpfr_clear(d);
	return ratio;
}

static double
OneBound(const char *name, const char *family)
{
	double		x;
	double		y;
	double		error = 0.0;
	double		ratio;
	int			e = 0;
	DoubleDouble v;
	mpfr_t		t;

	mpfr_init2(t, BOUND_PRECISION);
	if (strcmp(name, "exp") == 0)
	{
		/* the argument is a pair, as pow has it */
		Draw(OF_EXP, family, &x, &y);
		v.hi = fmax(fmin(x, 745.0), -790.0);
		v.lo = fabs(v.hi) * Uniform(-0x1p-54, 0x1p-54);
		mpfr_set_d(t, v.hi, MPFR_RNDN);
		mpfr_add_d(t, t, v.lo, MPFR_RNDN);
		mpfr_exp(t, t, MPFR_RNDN);
		v = ExpPair(v, &e);
		error = EXP_ERROR;
	}
	else if (strcmp(name, "log") == 0)
	{
		Draw(OF_LOG, family, &x, &y);
		x = BitsDouble((DoubleBits(x) & MAGNITUDE_MASK) % (INFINITY_BITS - HIDDEN_BIT) + HIDDEN_BIT);
		/* the tail as log1p has it */
		y = fabs(x - 1.0) < 0x1p-8 || x < 0x1p-60 || x > 0x1p60 ? 0.0 : Uniform(-0x1p-54, 0x1p-54) * x;
		mpfr_set_d(t, x, MPFR_RNDN);
		mpfr_add_d(t, t, y, MPFR_RNDN);
		mpfr_log(t, t, MPFR_RNDN);
		v = LogPair(DoubleBits(x), 0, y, &error);
	}
	else if (strcmp(name, "log1p") == 0 || strcmp(name, "expm1") == 0)
	{
		x = Tiny(48) * 0x1p-9;
		mpfr_set_d(t, x, MPFR_RNDN);
		(name[0] == 'l' ? mpfr_log1p : mpfr_expm1) (t, t, MPFR_RNDN);
		v = name[0] == 'l' ? LogNearOne(x, 0.0, 0.0, 0.0, &error) : Expm1NearZero(x, &error);
	}
	else if (strcmp(name, "log2") == 0 || strcmp(name, "log10") == 0)
	{
		const DoubleDouble constant = name[3] == '2' ? inverse_ln2 : inverse_ln10;

		Draw(OF_LOG, family, &x, &y);
		x = BitsDouble((DoubleBits(x) & MAGNITUDE_MASK) % (INFINITY_BITS - HIDDEN_BIT) + HIDDEN_BIT);
		mpfr_set_d(t, x, MPFR_RNDN);
		(name[3] == '2' ? mpfr_log2 : mpfr_log10) (t, t, MPFR_RNDN);
		v = LogPair(DoubleBits(x), 0, 0.0, &error);
		v = PairTimesPair(FastTwoSum(v.hi, v.lo), constant);
		error = 1.5 * error + fabs(v.hi) * 0x1p-100;
	}
	else if (strcmp(name, "asinh") == 0)
	{
		Draw(OF_ASINH, family, &x, &y);
		x = fmin(fmax(fabs(x), 0x1p-26), 0x1p300);
		mpfr_set_d(t, x, MPFR_RNDN);
		mpfr_asinh(t, t, MPFR_RNDN);
		v = x < 0x1p-7 ? AsinhNearZero(x, &error) : AsinhByLog(x, &error);
	}
	else if (strcmp(name, "sinh") == 0)
	{
		Draw(OF_SINH, family, &x, &y);
		x = fmin(fmax(fabs(x), 0x1p-26), 39.0);
		mpfr_set_d(t, x, MPFR_RNDN);
		mpfr_sinh(t, t, MPFR_RNDN);
		v = x < 0x1p-7 ? SinhNearZero(x, &error) : SinhByExp(x, &error);
	}
	else if (strcmp(name, "logit") == 0)
	{
		Draw(OF_LOGIT, family, &x, &y);
		x = x > 0.0 && x < 1.0 ? x : 0.75;
		mpfr_set_d(t, x, MPFR_RNDN);
		OracleLogit(t, t, MPFR_RNDN);
		y = 2.0 * x - 1.0;
		v = fabs(y) < 0x1p-8 ? LogitNearHalf(y, &error) : LogitByLog(x, &error);
	}
	else if (strcmp(name, "expit") == 0)
	{
		Draw(OF_EXPIT, family, &x, &y);
		x = fmax(fmin(x, 38.0), -700.0);
		mpfr_set_d(t, x, MPFR_RNDN);
		OracleExpit(t, t, MPFR_RNDN);
		v = ExpitPair(x, &e);
		error = 2.0 * EXP_ERROR;
	}
	else if (strcmp(name, "cbrt") == 0)
	{
		x = 1.0 + 7.0 * Uniform(0.0, 1.0);
		mpfr_set_d(t, x, MPFR_RNDN);
		mpfr_cbrt(t, t, MPFR_RNDN);
		v = RootPair(x, (double) (float) (cbrt(x) * Uniform(1.0 - 0x1p-10, 1.0 + 0x1p-10)));
		error = v.hi * ROOT_ERROR;
	}
	else if (strcmp(name, "tail") == 0)
	{
		NormalTail	upper;

		Draw(OF_PROBABILITY, family, &x, &y);
		x = fmin(fabs(x), 39.0);
		mpfr_set_d(t, -x, MPFR_RNDN);
		Probability(t, t);
		upper = NormalUpperTail(x);
		v = upper.tail;
		e = upper.exponent;
		error = v.hi * TAIL_ERROR;
	}
	else if (strcmp(name, "step") == 0)
	{
		double		q;

		Draw(OF_QUANTILE, family, &x, &y);
		q = x > 0.5 ? 1.0 - x : x;
		if (!(q > 0.0 && q < 0.5))
			q = 0.25;
		v.hi = ApproximateQuantile(q);
		v.lo = v.hi < 0.125 ? StepNearMedian(v.hi, 0.5 - q, &error) : StepInTail(v.hi, q, &error);
		mpfr_set_d(t, -v.hi, MPFR_RNDN);
		LowerTailQuantile(t, q, BOUND_PRECISION);
		mpfr_neg(t, t, MPFR_RNDN);
	}
	else
		exit(2);
	ratio = ErrorOverBound(v, e, t, error);
	mpfr_clear(t);
	return ratio;
}

static int
RoundedPowers(void)
{
	int			found = 0;

	for (int m = 1 << 23; m < 1 << 24; m++)
	{
		double		square = (double) m * m;
		DoubleDouble cube = TwoProduct(square, m);
		DoubleDouble fourth = TwoProduct(square, square);

		found += cube.lo != 0.0 && (DoubleBits(cube.hi) & 0xFFFFFFF) == 0;
		found += fourth.lo != 0.0 && (DoubleBits(fourth.hi) & 0xFFFFFFF) == 0;
	}
	return found;
}

int
main(void)
{
	char		command[16];
	char		name[16];
	char		family[16];
	char		line[128];

	while (fgets(line, sizeof(line), stdin))
	{
		uint64_t	x;
		uint64_t	y = 0;
		int			count;

		if (sscanf(line, "value %15s %" SCNx64 " %" SCNx64, name, &x, &y) >= 2)
			printf("%016" PRIx64 "\n", DoubleBits(Ours(FindFunction(name), BitsDouble(x), BitsDouble(y))));
		else if (strcmp(line, "powers\n") == 0)
			printf("%d\n", RoundedPowers());
		else if (sscanf(line, "%15s %15s %15s %" SCNu64 " %d", command, name, family, &random_state, &count) == 5)
		{
			if (strcmp(command, "compare") == 0)
				Compare(FindFunction(name), family, count);
			else if (strcmp(command, "bound") == 0)
			{
				double		largest = 0.0;

				for (int i = 0; i < count; i++)
					largest = fmax(largest, OneBound(name, family));
				printf("%.4f\n", largest);
			}
			else if (strcmp(command, "fallbacks") == 0)
			{
				const Function *f = FindFunction(name);
				int			asked = 0;

				for (int i = 0; i < count; i++)
				{
					double		a;
					double		b;

					Draw(f->kind, family, &a, &b);
					fallbacks = 0;
					Ours(f, a, b);
					asked += fallbacks > 0;
				}
				printf("%d\n", asked);
			}
		}
		else
			return 2;
		fflush(stdout);
	}
	mpfr_free_cache();
	return 0;
}
