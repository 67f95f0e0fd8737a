/*
 * quantile_map.c
 *		Mapping a feature's quantiles to a uniform or normal distribution, and back.
 *
 * QuantileTransformer._transform_col of scikit-learn 1.9 (preprocessing/_data.py) with
 * numpy.interp (numpy/_core/src/multiarray/compiled_base.c: arr_interp), operation by operation.
 */
#include "core/scaler/quantile_map.h"

#include <math.h>
#include <stdbool.h>

#include "core/base/elementary.h"
#include "core/scaler/quantile.h"

#define BOUNDS_THRESHOLD	1e-7

/* the normal quantiles of 1e-7 - 2^-52 and of 1 - (1e-7 - 2^-52) */
#define NORMAL_LEAST		(-5.199337582605575)
#define NORMAL_MOST			5.19933758270342

#define NORMAL_FAR			6.0

double
ReferenceProbability(int k, int n)
{
	if (n > 1 && k == n - 1)
		return 1.0;
	return n > 1 ? k * (1.0 / (n - 1)) : 0.0;
}

/*
 * One of the two coordinates of a piecewise linear function: quantiles or reference probabilities.  If
 * "mirrored", they are read from the end, and negated.
 */
typedef struct Axis
{
	const double *values;		/* NULL for the references */
	int			n;
	bool		mirrored;
} Axis;

static inline double
AxisValue(const Axis *axis, int j)
{
	int			k = axis->mirrored ? axis->n - 1 - j : j;
	double		value = axis->values ? axis->values[k] : ReferenceProbability(k, axis->n);

	return axis->mirrored ? -value : value;
}

/* numpy.interp(x, xp, fp) for a number x */
static double
Interpolate(double x, const Axis *xp, const Axis *fp)
{
	int			last = xp->n - 1;
	int			low = 0;
	int			high = xp->n;
	double		x0;
	double		x1;
	double		f0;
	double		f1;
	double		slope;
	double		y;

	if (x < AxisValue(xp, 0))
		return AxisValue(fp, 0);
	if (x > AxisValue(xp, last))
		return AxisValue(fp, last);
	/* the last point at or before x */
	while (high - low > 1)
	{
		int			middle = low + (high - low) / 2;

		if (x >= AxisValue(xp, middle))
			low = middle;
		else
			high = middle;
	}
	x0 = AxisValue(xp, low);
	f0 = AxisValue(fp, low);
	if (low == last || x0 == x)
		return f0;
	x1 = AxisValue(xp, low + 1);
	f1 = AxisValue(fp, low + 1);
	slope = (f1 - f0) / (x1 - x0);
	y = slope * (x - x0) + f0;
	if (isnan(y))
	{
		y = slope * (x - x1) + f1;
		if (isnan(y) && f0 == f1)
			y = f0;
	}
	return y;
}

/* Return the mean of the interpolations in both directions, so that repeated quantiles get their middle. */
static double
Probability(double x, const double *quantiles, int n)
{
	double		up = Interpolate(x, &(Axis) {quantiles, n, false}, &(Axis) {NULL, n, false});
	double		down = Interpolate(-x, &(Axis) {quantiles, n, true}, &(Axis) {NULL, n, true});

	return 0.5 * (up - down);
}

static double
Quantile(double p, const double *quantiles, int n)
{
	return Interpolate(p, &(Axis) {NULL, n, false}, &(Axis) {quantiles, n, false});
}

static double
ClippedNormalQuantile(double p)
{
	double		z = NormalQuantile(p);

	return z < NORMAL_LEAST ? NORMAL_LEAST : (z > NORMAL_MOST ? NORMAL_MOST : z);
}

/* Both ends apply to a feature with a single value; the lower one wins. */

double
QuantileToUniform(double x, const double *quantiles, int n)
{
	if (isnan(x))
		return x;
	if (x == quantiles[0])
		return 0.0;
	if (x == quantiles[n - 1])
		return 1.0;
	return Probability(x, quantiles, n);
}

double
UniformToQuantile(double p, const double *quantiles, int n)
{
	return isnan(p) ? p : Quantile(p, quantiles, n);
}

double
QuantileToNormal(double x, const double *quantiles, int n)
{
	if (isnan(x))
		return x;
	if (x - BOUNDS_THRESHOLD < quantiles[0])
		return NORMAL_LEAST;
	if (x + BOUNDS_THRESHOLD > quantiles[n - 1])
		return NORMAL_MOST;
	return ClippedNormalQuantile(Probability(x, quantiles, n));
}

double
NormalToQuantile(double z, const double *quantiles, int n)
{
	double		p;

	if (isnan(z))
		return z;
	/* far beyond the thresholds, the probability would take long and is not needed */
	if (fabs(z) > NORMAL_FAR)
		return z < 0 ? quantiles[0] : quantiles[n - 1];
	p = NormalProbability(z);
	if (p - BOUNDS_THRESHOLD < 0.0)
		return quantiles[0];
	if (p + BOUNDS_THRESHOLD > 1.0)
		return quantiles[n - 1];
	return Quantile(p, quantiles, n);
}

/* ---- float4: results of steps that numpy stores in the column are rounded ---- */

float
QuantileToUniformSingle(float x, const double *quantiles, int n)
{
	return (float) QuantileToUniform(x, quantiles, n);
}

float
UniformToQuantileSingle(float p, const double *quantiles, int n)
{
	return (float) UniformToQuantile(p, quantiles, n);
}

float
QuantileToNormalSingle(float x, const double *quantiles, int n)
{
	if (isnan(x))
		return x;
	if ((double) (float) (x - (float) BOUNDS_THRESHOLD) < quantiles[0])
		return (float) NORMAL_LEAST;
	if ((double) (float) (x + (float) BOUNDS_THRESHOLD) > quantiles[n - 1])
		return (float) NORMAL_MOST;
	return (float) ClippedNormalQuantile((float) Probability(x, quantiles, n));
}

float
NormalToQuantileSingle(float z, const double *quantiles, int n)
{
	return (float) NormalToQuantile(z, quantiles, n);
}
