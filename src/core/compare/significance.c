/*
 * significance.c
 *		Tests of two samples.
 *
 * Sums are formed in a fixed order, logarithms and exponentials are correctly
 * rounded, so the same counts give the same bits on every machine.
 */
#include "core/compare/significance.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/base/elementary.h"
#include "core/base/float_bits.h"
#include "core/base/memory.h"

/* ---- Kolmogorov-Smirnov ---- */

#define EXACT_KS_PATHS	UINT64_C(1000000)	/* limit for the exact computation, which takes at most a step for each of
											 * n m pairs: a few milliseconds */

/*
 * Return the exact p-value, as R's psmirnov does: Viehmann, "Numerically more stable computation of the
 * p-values for the two-sample Kolmogorov-Smirnov test", arXiv:2102.08037.
 *
 * If all orders of the n + m values are equally likely, so are all lattice paths from (0, 0) to (n, m).  Cell
 * (i, j) is the share of paths to it that have been as far as "distance" from the diagonal.  All sums are of
 * positive terms.  Cells that far away are 1, so only nearer ones are visited.
 */
static double
ExactKolmogorovSmirnov(uint64_t distance, uint64_t n, uint64_t m)
{
	double	   *reached = CoreAlloc(sizeof(double) * (m + 1));
	uint64_t	low = 0;
	double		result;

	for (uint64_t j = 0; j <= m; j++)
		reached[j] = 1.0;
	for (uint64_t i = 0; i <= n; i++)
	{
		uint64_t	past = (i * m + distance - 1) / n + 1;

		CoreCheckInterrupts();
		while (low * n + distance <= i * m)
			reached[low++] = 1.0;
		for (uint64_t j = low; j <= m && j < past; j++)
		{
			double		steps = (double) (i + j);

			if (i == 0)
				reached[j] = j == 0 ? 0.0 : reached[j - 1];
			else if (j > 0)
				reached[j] = reached[j] * ((double) i / steps) + reached[j - 1] * ((double) j / steps);
		}
	}
	result = reached[m];
	CoreFree(reached);
	return result < 1.0 ? result : 1.0;
}

/*
 * Return Kolmogorov's limit, 2 sum (-1)^(k-1) exp(-2 k^2 x^2).
 *
 * Its first term bounds the probability for samples of all but the smallest sizes (Wei and Dudley, "Two-sample
 * Dvoretzky-Kiefer-Wolfowitz inequalities", 2012).
 */
static double
KolmogorovLimit(double x)
{
	double		sum = 0.0;

	if (x < 0.2)
		return 1.0;				/* within 5e-13 */
	for (int k = 1; k <= 20; k++)
	{
		double		term = 2.0 * RoundedExp(-2.0 * k * k * x * x);

		sum += k % 2 ? term : -term;
		if (term < 1e-17 * sum)
			break;
	}
	return sum < 1.0 ? sum : 1.0;
}

double
KolmogorovSmirnovProbability(uint128_t distance, uint64_t n, uint64_t m)
{
	double		product = (double) n * (double) m;

	if (distance == 0)
		return 1.0;
	if (n < m)
	{
		uint64_t	swap = n;

		n = m;
		m = swap;
	}
	if (product <= (double) EXACT_KS_PATHS)
		return ExactKolmogorovSmirnov((uint64_t) distance, n, m);
	return KolmogorovLimit((double) distance / product * sqrt(product / ((double) n + (double) m)));
}

/* ---- chi-squared ---- */

/* Return the probability of the standard normal distribution above z > 0. */
static double
NormalTailProbability(double z, double density)
{
	double		inverse = 1.0 / (z * z);

	/* Abramowitz and Stegun 26.2.12; NormalProbability() would take its slow path here */
	if (z > 30.0)
		return density / z * (1.0 - inverse * (1.0 - 3.0 * inverse));
	return NormalProbability(-z);
}

/* See significance.h.  Abramowitz and Stegun 26.4.4 and 26.4.5, which are finite sums for integer degrees. */
double
ChiSquaredTail(double x, int degrees)
{
	double		term;
	double		sum;

	if (!(x > 0.0))
		return 1.0;
	if (degrees % 2 == 0)
	{
		sum = term = RoundedExp(-0.5 * x);
		for (int j = 2; j < degrees; j += 2)
			sum += term *= x / j;
	}
	else
	{
		double		z = sqrt(x);
		double		density = RoundedExp(-0.5 * x) * 0.3989422804014327;	/* 1 / sqrt(2 pi) */

		sum = 2.0 * NormalTailProbability(z, density);
		term = 2.0 * density * z;
		for (int j = 3; j <= degrees; j += 2)
		{
			sum += term;
			term *= x / j;
		}
	}
	return sum < 1.0 ? sum : 1.0;
}

/*
 * The least expected count of either sample in a bin.  With fewer, the distribution of the statistic
 * is not near chi-squared in its tail.
 */
#define LEAST_EXPECTED	10.0

/*
 * Pearson's test of homogeneity of two samples.  The bins may have been made from one of them: its counts vary
 * less then, but the edges of the bins vary to the same extent.
 */
double
HomogeneityProbability(const uint64_t *a, const uint64_t *b, int nbins)
{
	double		n = 0.0;
	double		m = 0.0;
	double		statistic = 0.0;
	int			groups = 0;
	double		in_a = 0.0;
	double		in_b = 0.0;
	double		left_in_a;
	double		left_in_b;
	double		needed;

	for (int i = 0; i < nbins; i++)
	{
		n += (double) a[i];
		m += (double) b[i];
	}
	if (n == 0.0 || m == 0.0)
		return 1.0;
	left_in_a = n;
	left_in_b = m;
	needed = LEAST_EXPECTED * (n + m) / (n < m ? n : m);
	for (int i = 0; i < nbins; i++)
	{
		double		pooled;
		double		difference;

		in_a += (double) a[i];
		in_b += (double) b[i];
		/* the last group also takes what would be too thin to follow it */
		if (i < nbins - 1 && (in_a + in_b < needed || left_in_a - in_a + left_in_b - in_b < needed))
			continue;
		pooled = (in_a + in_b) / (n + m);
		difference = in_a / n - in_b / m;
		if (pooled > 0.0)
			statistic += difference * difference / pooled;
		left_in_a -= in_a;
		left_in_b -= in_b;
		in_a = in_b = 0.0;
		groups++;
	}
	if (groups < 2)
		return 1.0;
	return ChiSquaredTail(statistic * (n / (n + m)) * m, groups - 1);
}

/* ---- exact tests of counts ---- */

/* Return ln n! - (n ln n - n), by Stirling's series (Abramowitz and Stegun 6.1.41). */
static double
StirlingRest(double n)
{
	double		inverse;
	double		square;

	if (n < 20.0)
	{
		double		product = 1.0;

		for (double i = 2.0; i <= n; i++)
			product *= i;
		return RoundedLog(product) - (n > 0.0 ? n * RoundedLog(n) - n : 0.0);
	}
	inverse = 1.0 / n;
	square = inverse * inverse;
	return 0.5 * RoundedLog(n) + 0.9189385332046727 +	/* ln sqrt(2 pi) */
		inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
}

/* Return observed ln(observed / expected) + expected - observed, which is not negative, given observed - expected. */
static double
Deviance(double expected, double difference)
{
	double		v = difference / expected;
	double		sum = 0.0;

	if (v <= -1.0)
		return expected;
	if (fabs(v) >= 0.1)
		return expected * ((1.0 + v) * RoundedLog1p(v) - v);
	for (int k = 20; k >= 2; k--)
		sum = 1.0 / (k * (k - 1)) - v * sum;
	return expected * v * v * sum;
}

/*
 * Return the probability of exactly a of n and b of m, given a + b.
 *
 * Logarithms of factorials would lose all digits to cancellation in large samples.  Their differences from n ln
 * n - n are small, and the rest is a sum of deviances: Loader, "Fast and accurate computation of binomial
 * probabilities", 2000, here for the hypergeometric distribution.
 */
static double
HypergeometricProbability(uint64_t a, uint64_t n, uint64_t b, uint64_t m)
{
	double		total = (double) n + (double) m;
	double		with = (double) a + (double) b;
	double		without = (double) (n - a) + (double) (m - b);

	/* observed minus expected, which is the same in all four cells up to the sign */
	double		difference = (double) ((__int128) a * (m - b) - (__int128) b * (n - a)) / total;
	double		deviance = Deviance(with * ((double) n / total), difference) +
		Deviance(with * ((double) m / total), -difference) +
		Deviance(without * ((double) n / total), -difference) +
		Deviance(without * ((double) m / total), difference);

	return RoundedExp(StirlingRest((double) n) + StirlingRest((double) m) + StirlingRest(with) +
					  StirlingRest(without) - StirlingRest(total) - StirlingRest((double) a) -
					  StirlingRest((double) b) - StirlingRest((double) (n - a)) -
					  StirlingRest((double) (m - b)) - deviance);
}

/*
 * Of continuous values all orders are equally likely (ties only lower the
 * chance).  At least i below and j above have the chance T(i + j), where
 * T(k) = C(n + m - k, n) / C(n + m, n); at least k in all, over the k + 1 ways
 * to split k less the k overlaps, (k + 1) T(k) - k T(k + 1)
 * = T(k) (1 + k n / (n + m - k)).  Exceedances: Wilks, "Statistical prediction
 * with special reference to the problem of tolerance limits", 1942.
 */
double
OutsideProbability(uint64_t k, uint64_t m, uint64_t n)
{
	double		total = (double) n + (double) m;
	uint64_t	factors = k < n ? k : n;
	double		result = 1.0;

	if (k == 0 || n < 2)
		return 1.0;
	for (uint64_t i = 0; i < factors && result > 0.0; i++)
	{
		if (i % 65536 == 0)
			CoreCheckInterrupts();
		/* m! / (m - k)! divided by (n + m)! / (n + m - k)!, or the same with n factors */
		if (k < n)
			result *= ((double) (m - i)) / (total - (double) i);
		else
			result *= (total - (double) k - (double) i) / (total - (double) i);
	}
	result *= 1.0 + (double) k * ((double) n / (total - (double) k));
	return result < 1.0 ? result : 1.0;
}

double
FisherProbability(uint64_t a, uint64_t n, uint64_t b, uint64_t m)
{
	double		total = (double) a + (double) b;
	bool		upper;
	double		x;
	double		term;
	double		sum;

	if (a + b == 0 || a + b == n + m || n == 0 || m == 0)
		return 1.0;
	/* sum the tail on the side of the deviation from what is expected, which is the smaller one */
	upper = (double) b * ((double) n + (double) m) >= total * (double) m;
	x = (double) b;
	term = HypergeometricProbability(a, n, b, m);
	sum = term;
	for (uint64_t i = 1; term > 1e-17 * sum; i++)
	{
		if (i % 65536 == 0)
			CoreCheckInterrupts();
		/* the ratio of neighbouring hypergeometric terms */
		if (upper)
		{
			term *= (total - x) * ((double) m - x) / ((x + 1.0) * ((double) n - total + x + 1.0));
			x += 1.0;
		}
		else
		{
			term *= x * ((double) n - total + x) / ((total - x + 1.0) * ((double) m - x + 1.0));
			x -= 1.0;
		}
		sum += term;
	}
	return 2.0 * sum < 1.0 ? 2.0 * sum : 1.0;
}

/* ---- several tests ---- */

static int
CompareProbabilities(const void *a, const void *b)
{
	double		x = **(double *const *) a;
	double		y = **(double *const *) b;

	return (x > y) - (x < y);
}

/* Holm, "A simple sequentially rejective multiple test procedure", 1979. */
void
AdjustProbabilities(double *p, int n)
{
	double	  **order = CoreAlloc(sizeof(double *) * ((size_t) n + 1));
	double		least = 0.0;

	for (int i = 0; i < n; i++)
		order[i] = &p[i];
	qsort(order, n, sizeof(double *), CompareProbabilities);
	for (int i = 0; i < n; i++)
	{
		double		adjusted = *order[i] * (n - i);

		if (adjusted > 1.0)
			adjusted = 1.0;
		if (adjusted < least)
			adjusted = least;
		*order[i] = least = adjusted;
	}
	CoreFree(order);
}
