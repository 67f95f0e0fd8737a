/*
 * power_likelihood.c
 *		The likelihood of a power transformation, up to rounding exact.
 *
 * With y the values transformed by lambda, the log-likelihood is, up to a constant,
 *		(lambda - 1) sum(log of the Jacobian) - n/2 log(variance of y).
 * A difference of two transformed values is the integral of exp((lambda - 1) L(x))
 * between them, L being the logarithm of the Jacobian's base.  So the variance is
 * a mixture, with positive weights, of exponentials in lambda, its logarithm is
 * convex, and the log-likelihood is concave: its derivative
 *		sum(L) - n cov(y, dy/dlambda) / var(y)
 * falls, and has one zero.
 *
 * Where values are far from 0 for their spread, y is almost one number.  But
 * neither the variance nor this derivative changes by more than a constant
 * factor, or term, when u is divided by a reference: so logarithms of u/reference,
 * formed from the exact differences of values, take the place of log u, and
 * nothing cancels.  They and what follows are pairs of doubles with a relative
 * error below 2^-56, which is rounded once, to a multiple of 2^-61 of the largest;
 * sums and their differences of products are then exact integers.
 */
#include "core/scaler/power_likelihood.h"

#include <math.h>

#include "core/base/elementary.h"
#include "core/exact/rational.h"

#define FRACTION_BITS	61		/* of the fixed-point numbers that are summed */
#define NEAR			0x1p-8	/* quotients nearer to 1 than this are taken as 1 plus a small number */
#define SMALL			0x1p-6	/* arguments below this take a series */
#define LEAST_SCALE		(-900)	/* keeps third powers of places and of exponents in range */

/* ---- places ---- */

static DoubleDouble
LogOfBase(const PowerFrame *frame, double magnitude)
{
	return frame->box_cox ? LogAsPair(magnitude) : Log1pAsPair(magnitude);
}

/* Return log(u / reference) for the u of a magnitude. */
static DoubleDouble
LogFromReference(const PowerFrame *frame, double magnitude)
{
	DoubleDouble d;
	DoubleDouble p;
	DoubleDouble log;
	double		quotient;
	double		rest;

	if (frame->both_signs)
		return LogOfBase(frame, magnitude);
	d = TwoSum(magnitude, -frame->reference);
	d.hi *= frame->unit;
	d.lo *= frame->unit;
	quotient = d.hi / frame->base.hi;
	if (fabs(quotient) < NEAR)
	{
		p = TwoProduct(quotient, frame->base.hi);
		rest = ((d.hi - p.hi) - p.lo) + (d.lo - quotient * frame->base.lo);
		return LogOfOnePlusPair((DoubleDouble) {quotient, rest / frame->base.hi});
	}
	log = LogOfBase(frame, magnitude);
	p = TwoSum(log.hi, -frame->base_log.hi);
	return FastTwoSum(p.hi, p.lo + (log.lo - frame->base_log.lo));
}

static DoubleDouble
Place(const PowerFrame *frame, double x)
{
	DoubleDouble log = LogFromReference(frame, fabs(x));
	double		unit = PowerOfTwo(-frame->scale);

	return (DoubleDouble) {log.hi * unit, log.lo * unit};
}

/* ---- a transformed value and its derivatives ---- */

typedef struct PowerTerms
{
	DoubleDouble place;
	DoubleDouble z;
	DoubleDouble w;
	double		v;
	bool		negative;
} PowerTerms;

static DoubleDouble
PairOverDouble(DoubleDouble a, double b)
{
	double		quotient = a.hi / b;
	DoubleDouble p = TwoProduct(quotient, b);

	return FastTwoSum(quotient, (((a.hi - p.hi) - p.lo) + a.lo) / b);
}

/*
 * z = expm1(e t) / e, w = dz/de, v = d2z/de2 for the exponent e and the place t;
 * with p = e t they are t, t^2 and t^3 times the integrals from 0 to 1 of
 * exp(p s), s exp(p s) and s^2 exp(p s): sums of p^k/k! times 1/(k+1), 1/(k+2),
 * 1/(k+3).  Of w only (t exp(p) - z) / e is known to cancel, by a factor of 2/p.
 */
static PowerTerms
TermsOf(const PowerFrame *frame, double x)
{
	PowerTerms	terms = {.negative = frame->both_signs && x < 0};
	double		e = frame->exponent[terms.negative];
	DoubleDouble t = Place(frame, x);
	DoubleDouble p = PairTimesDouble(t, e);
	DoubleDouble square = PairTimesPair(t, t);
	double		q = p.hi;

	terms.place = t;
	if (fabs(q) < SMALL)
	{
		const DoubleDouble third = {0x1.5555555555555p-2, 0x1.5555555555555p-56};
		double		z_tail = 1.0 / 720 + q * (1.0 / 5040 + q * (1.0 / 40320 + q * (1.0 / 362880)));
		double		w_tail = 1.0 / 840 + q * (1.0 / 5760 + q * (1.0 / 45360 + q * (1.0 / 403200)));
		double		z_rest = q * q * (1.0 / 6 + q * (1.0 / 24 + q * (1.0 / 120 + q * z_tail)));
		double		w_rest = q * q * (1.0 / 8 + q * (1.0 / 30 + q * (1.0 / 144 + q * w_tail)));
		DoubleDouble linear = FastTwoSum(1.0, 0.5 * p.hi);

		linear = FastTwoSum(linear.hi, linear.lo + (0.5 * p.lo + z_rest));
		terms.z = PairTimesPair(t, linear);
		linear = PairTimesPair(p, third);
		p = FastTwoSum(0.5, linear.hi);
		linear = FastTwoSum(p.hi, p.lo + (linear.lo + w_rest));
		terms.w = PairTimesPair(square, linear);
		terms.v = square.hi * t.hi * (1.0 / 3 + q * (1.0 / 4 + q * (1.0 / 10 + q * (1.0 / 36))));
	}
	else
	{
		DoubleDouble power = Expm1AsPair(p);
		DoubleDouble sum;

		terms.z = PairOverDouble(power, e);
		p = PairTimesPair(t, power);
		sum = TwoSum(t.hi, p.hi);
		sum = FastTwoSum(sum.hi, sum.lo + (t.lo + p.lo));
		p = TwoSum(sum.hi, -terms.z.hi);
		sum = FastTwoSum(p.hi, p.lo + (sum.lo - terms.z.lo));
		terms.w = PairOverDouble(sum, e);
		terms.v = (square.hi * (1.0 + power.hi) - 2.0 * terms.w.hi) / e;
	}
	return terms;
}

/* ---- frames ---- */

/* See scipy/scipy#18852: the logarithm of the greatest result of a value, with room for the variance. */
#define LOG_MOST		336.8695297521334	/* (log(DBL_MAX) + log(DBL_EPSILON)) / 2 */
#define HEADROOM		20.0	/* times the greatest value seen: up to that, results must not overflow */
#define LOG_DOUBLE_MAX	709.0

void
PowerExponentRange(PowerFamily family, double low, double high, double *least, double *greatest)
{
	*least = -DBL_MAX;
	*greatest = DBL_MAX;
	if (family == POWER_BOX_COX)
	{
		if (low < 1)
			*least = fmax(*least, LOG_DOUBLE_MAX / RoundedLog(low));
		if (high > 1)
			*greatest = fmin(*greatest, LOG_DOUBLE_MAX / RoundedLog(high));
	}
	else
	{
		*greatest = LOG_MOST / RoundedLog1p(fmin(HEADROOM * fmax(fabs(low), fabs(high)), DBL_MAX));
		*greatest = fmin(*greatest, DBL_MAX);
		if (low < 0 && high > 0)
			*least = 2.0 - *greatest;
	}
}

bool
PowerCanBeTried(PowerFamily family, double exponent, double low, double high)
{
	double		least;
	double		greatest;

	if (!IsFiniteBits(DoubleBits(low)) || !IsFiniteBits(DoubleBits(high)) || !(low < high) ||
		(family == POWER_BOX_COX && !(low > 0)))
		return false;
	PowerExponentRange(family, low, high, &least, &greatest);
	return exponent >= least && exponent <= greatest;
}

/* Return the exponent of a power of two above |a| and |b|, but no less than LEAST_SCALE. */
static int
ExponentAbove(double a, double b)
{
	double		larger = fmax(fabs(a), fabs(b));
	int			exponent = 0;

	if (isfinite(larger))
		frexp(larger, &exponent);
	return exponent < LEAST_SCALE ? LEAST_SCALE : exponent;
}

void
PowerFrameInit(PowerFrame *frame, PowerFamily family, double exponent, double low, double high)
{
	double		near = fmin(fabs(low), fabs(high));
	double		far = fmax(fabs(low), fabs(high));
	PowerTerms	least;
	PowerTerms	greatest;
	int			binary;

	memset(frame, 0, sizeof(*frame));
	frame->box_cox = family == POWER_BOX_COX;
	frame->both_signs = low < 0 && high > 0;
	frame->unit = 1.0;
	if (!frame->both_signs)
	{
		/* so that powers do not overflow: the exponent times a place is not positive */
		frame->reference = exponent > 0 ? far : near;
		if (frame->box_cox)
			frame->base = (DoubleDouble) {frame->reference, 0.0};
		else
			frame->base = TwoSum(1.0, frame->reference);
		frexp(frame->base.hi, &binary);
		binary = binary < -1000 ? -1000 : binary > 1000 ? 1000 : binary;
		frame->unit = PowerOfTwo(-binary);
		frame->base.hi *= frame->unit;
		frame->base.lo *= frame->unit;
		frame->base_log = LogOfBase(frame, frame->reference);
	}
	frame->scale = ExponentAbove(LogFromReference(frame, fabs(low)).hi, LogFromReference(frame, fabs(high)).hi);
	frame->exponent[0] = ldexp(exponent, frame->scale);
	frame->exponent[1] = ldexp(2.0 - exponent, frame->scale);

	least = TermsOf(frame, low);
	greatest = TermsOf(frame, high);
	frame->place[0] = least.negative ? -least.place.hi : least.place.hi;
	frame->place[1] = greatest.place.hi;
	frame->z_scale = ExponentAbove(least.z.hi, greatest.z.hi);
	frame->w_scale = ExponentAbove(least.w.hi, greatest.w.hi);
	frame->v_scale = ExponentAbove(least.v, greatest.v);
}

/* ---- sums ---- */

static inline void
WideAddLimbs(WideSum *sum, uint128_t low, uint64_t high)
{
	uint128_t	added = ((uint128_t) sum->limbs[1] << 64 | sum->limbs[0]) + low;

	sum->limbs[0] = (uint64_t) added;
	sum->limbs[1] = (uint64_t) (added >> 64);
	sum->limbs[2] += high + (added < low);
}

static inline void
WideAdd(WideSum *sum, int128_t value)
{
	WideAddLimbs(sum, (uint128_t) value, value < 0 ? UINT64_MAX : 0);
}

/* |value| < 2^124, times < 2^63 */
static void
WideAddTimes(WideSum *sum, int128_t value, uint64_t times)
{
	uint128_t	magnitude = value < 0 ? -(uint128_t) value : (uint128_t) value;
	uint128_t	lower = (uint128_t) (uint64_t) magnitude * times;
	uint128_t	upper = (uint128_t) (uint64_t) (magnitude >> 64) * times + (lower >> 64);
	uint128_t	low = upper << 64 | (uint64_t) lower;
	uint64_t	high = (uint64_t) (upper >> 64);

	if (value < 0)
	{
		high = ~high + (low == 0);
		low = -low;
	}
	WideAddLimbs(sum, low, high);
}

/* Return v / 2^scale, which is at most 1 in magnitude, as a fixed-point number. */
static inline int64_t
FixedPoint(DoubleDouble v, int scale)
{
	double		unit = PowerOfTwo(FRACTION_BITS - scale);
	double		hi = v.hi * unit;
	int64_t		whole;

	/* only a value beyond the announced range gets here; its result is of no use, but it must not overflow */
	if (!(fabs(hi) <= 0x1p62))
		return 0;
	whole = (int64_t) hi;
	return whole + (int64_t) ((hi - (double) whole) + v.lo * unit);
}

void
PowerSumsAdd(PowerSums *sums, const PowerFrame *frame, double x, uint64_t times)
{
	PowerTerms	terms = TermsOf(frame, x);
	int64_t		place = FixedPoint(terms.place, 0);
	int64_t		z = FixedPoint(terms.z, frame->z_scale);
	int64_t		w = FixedPoint(terms.w, frame->w_scale);
	int64_t		v = FixedPoint((DoubleDouble) {terms.v, 0.0}, frame->v_scale);
	int128_t	added[POWER_SUMS];

	/* y = -z by the exponent 2 - lambda, so dy/dlambda = w */
	if (terms.negative)
		place = -place, z = -z, v = -v;
	added[SUM_PLACE] = place;
	added[SUM_Z] = z;
	added[SUM_W] = w;
	added[SUM_V] = v;
	added[SUM_ZZ] = (int128_t) z * z;
	added[SUM_ZW] = (int128_t) z * w;
	added[SUM_WW] = (int128_t) w * w;
	added[SUM_ZV] = (int128_t) z * v;
	sums->count += (int64_t) times;
	for (int i = 0; i < POWER_SUMS; i++)
		if (times == 1)
			WideAdd(&sums->sums[i], added[i]);
		else
			WideAddTimes(&sums->sums[i], added[i], times);
}

void
PowerSumsMerge(PowerSums *sums, const PowerSums *other)
{
	sums->count += other->count;
	for (int i = 0; i < POWER_SUMS; i++)
		WideAddLimbs(&sums->sums[i], (uint128_t) other->sums[i].limbs[1] << 64 | other->sums[i].limbs[0],
					 other->sums[i].limbs[2]);
}

/* ---- the score ---- */

typedef struct BigInteger
{
	BigNatural	magnitude;
	bool		negative;
} BigInteger;

static BigInteger
FromWideSum(const WideSum *sum)
{
	BigInteger	result;
	uint64_t	limbs[3] = {sum->limbs[0], sum->limbs[1], sum->limbs[2]};
	ExactSum	view = {.lowest = 0, .nlimbs = 3, .limbs = limbs};

	result.negative = BigNaturalFromSum(&result.magnitude, &view, 0);
	return result;
}

static BigInteger
Times(const BigInteger *a, const BigInteger *b)
{
	BigInteger	result;

	BigNaturalProduct(&result.magnitude, &a->magnitude, &b->magnitude);
	result.negative = a->negative != b->negative;
	return result;
}

static BigInteger
Minus(const BigInteger *a, const BigInteger *b)
{
	BigInteger	result = *a;

	if (a->negative != b->negative)
		BigNaturalAdd(&result.magnitude, &b->magnitude);
	else if (!BigNaturalSubtract(&result.magnitude, &b->magnitude))
	{
		result = *b;
		result.negative = !a->negative;
		BigNaturalSubtract(&result.magnitude, &a->magnitude);
	}
	return result;
}

/* Multiply by 2^shift.  Exponents stay multiples of 64, as sums require. */
static void
Scale(BigInteger *a, int shift)
{
	BigNaturalMultiply(&a->magnitude, UINT64_C(1) << (shift & 63));
	a->magnitude.exponent += shift - (shift & 63);
}

static double
ToDouble(const BigInteger *a, int exponent)
{
	BigNatural	scaled = a->magnitude;

	scaled.exponent += exponent;
	return RationalToDouble(&scaled, 1, 1, a->negative);
}

/* Return n sum(ab) - sum(a) sum(b). */
static BigInteger
Covariance(const PowerSums *sums, PowerSum ab, PowerSum a, PowerSum b)
{
	BigInteger	result = FromWideSum(&sums->sums[ab]);
	BigInteger	sum_a = FromWideSum(&sums->sums[a]);
	BigInteger	sum_b = FromWideSum(&sums->sums[b]);
	BigInteger	product = Times(&sum_a, &sum_b);

	BigNaturalMultiply(&result.magnitude, (uint64_t) sums->count);
	return Minus(&result, &product);
}

PowerScore
ScoreOfPowerSums(const PowerSums *sums, const PowerFrame *frame)
{
	double		n = (double) sums->count;
	int			w_by_z = frame->w_scale - frame->z_scale;
	int			v_by_z = frame->v_scale - frame->z_scale;
	BigInteger	place = FromWideSum(&sums->sums[SUM_PLACE]);
	BigInteger	variance = Covariance(sums, SUM_ZZ, SUM_Z, SUM_Z);
	BigInteger	covariance = Covariance(sums, SUM_ZW, SUM_Z, SUM_W);
	BigInteger	w_variance = Covariance(sums, SUM_WW, SUM_W, SUM_W);
	BigInteger	v_covariance = Covariance(sums, SUM_ZV, SUM_Z, SUM_V);
	BigInteger	left = Times(&place, &variance);
	BigInteger	right = covariance;
	PowerScore	result = {0};
	double		spread = ToDouble(&variance, -2 * FRACTION_BITS);
	double		ratio = ldexp(ToDouble(&covariance, -2 * FRACTION_BITS) / spread, w_by_z);

	/* mean(place) - cov / var over one denominator, n var: they may be almost equal */
	BigNaturalMultiply(&right.magnitude, (uint64_t) sums->count);
	Scale(&right, w_by_z + FRACTION_BITS);
	left = Minus(&left, &right);
	result.mean = ToDouble(&place, -FRACTION_BITS) / n;
	result.score = ToDouble(&left, -3 * FRACTION_BITS) / spread / n;
	result.slope = 2.0 * ratio * ratio -
		ldexp(ToDouble(&w_variance, -2 * FRACTION_BITS) / spread, 2 * w_by_z) -
		ldexp(ToDouble(&v_covariance, -2 * FRACTION_BITS) / spread, v_by_z);
	result.deviation = ldexp(sqrt(spread) / n, frame->z_scale);
	return result;
}
