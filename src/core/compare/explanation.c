/*
 * explanation.c
 *		The values that an explanation predicts, and two tables of explanations that need no data:
 *		conversions of units, and other orders of the same operations.
 */
#include "core/compare/explanation.h"

#include <math.h>
#include <stddef.h>

#include "core/compare/agreement.h"
#include "core/scaler/dtype.h"
#include "core/scaler/transform.h"

void
ExplanationInit(Explanation *explanation, const FeatureRecipe *recipe, Application application)
{
	/* padding as well, because explanations are compared by their bytes */
	memset(explanation, 0, sizeof(*explanation));
	explanation->recipe = recipe;
	explanation->application = application;
	explanation->factor = 1.0;
	explanation->divisor = 1.0;
	explanation->low = -INFINITY;
	explanation->high = INFINITY;
}

/* ---- one feature by itself ---- */

double
ApplyFeature(const FeatureRecipe *feature, double x)
{
	KernelParams params = KernelParamsOf(feature->param, &feature->table);
	bool		null = false;
	double		y;

	if (FeaturePrepare(feature, &x, &null) != TRANSFORM_OK || null)
		return NAN;
	RunKernelDouble(feature->formula, feature->dtype, false, &x, &y, &params, 1);
	y = FeatureFinish(feature, y, &null);
	return null ? NAN : y;
}

static double
ApplyFeatureSingle(const FeatureRecipe *feature, double x)
{
	KernelParams params = KernelParamsOf(feature->param, &feature->table);
	bool		null = false;
	float		in;
	float		out;

	x = (float) x;
	if (FeaturePrepareSingle(feature, &x, &null) != TRANSFORM_OK || null)
		return NAN;
	in = (float) x;
	RunKernelSingle(feature->formula, feature->dtype, false, &in, &out, &params, 1);
	x = (float) FeatureFinish(feature, out, &null);
	return null ? NAN : x;
}

static double
InvertFeatureSingle(const FeatureRecipe *feature, double y)
{
	KernelParams params = KernelParamsOf(feature->param, &feature->table);
	float		in = (float) y;
	float		x;

	if (!FeatureHasInverse(feature))
		return NAN;
	RunKernelSingle(feature->formula, feature->dtype, true, &in, &x, &params, 1);
	return FeatureUndoStepsSingle(feature, x);
}

double
InvertFeature(const FeatureRecipe *feature, double y)
{
	KernelParams params = KernelParamsOf(feature->param, &feature->table);
	double		x;

	if (!FeatureHasInverse(feature))
		return NAN;
	RunKernelDouble(feature->formula, feature->dtype, true, &y, &x, &params, 1);
	return FeatureUndoSteps(feature, x);
}

static double
AppliedTo(const Explanation *e, double x)
{
	double		(*apply) (const FeatureRecipe *feature, double x) =
		e->single_arithmetic ? ApplyFeatureSingle : ApplyFeature;

	switch (e->application)
	{
		case APPLY_NOT:
			break;
		case APPLY_ONCE:
			return apply(e->recipe, x);
		case APPLY_TWICE:
			return apply(e->recipe, apply(e->recipe, x));
		case APPLY_INVERSE:
			return e->single_arithmetic ? InvertFeatureSingle(e->recipe, x) : InvertFeature(e->recipe, x);
	}
	return x;
}

double
ExplainedOutput(const Explanation *e, double y)
{
	if (isnan(y) && e->fills_output)
		y = e->output_fill;
	if (e->clips_output)
		y = ClipTo(e->low, e->high, y);
	if (e->output_rounding)
		y = RoundBy(e->output_rounding, y, e->output_digits);
	return e->single_output ? (float) y : y;
}

double
ExplainedValue(const Explanation *e, double x)
{
	if (isnan(x) && e->fills_input)
		x = e->input_fill;
	x = x * e->factor / e->divisor;
	/* adding 0 would turn -0 into 0 */
	if (e->offset != 0)
		x += e->offset;
	if (e->input_rounding)
		x = RoundBy(e->input_rounding, x, e->input_digits);
	if (e->single_input)
		x = (float) x;
	return ExplainedOutput(e, AppliedTo(e, x));
}

/* ---- matches ---- */

/* Slack as a share of the largest term: far more than a few roundings, and far less than any real difference. */
#define SLACK_DOUBLE	0x1p-40
#define SLACK_SINGLE	0x1p-20
#define SLACK_OF_SPREAD	0x1p-10 /* upper limit of the slack, as a share of the spread of the values */

Match
MatchValues(double explained, double observed, double slack, bool single)
{
	uint64_t	ulps;

	if (isnan(explained) || isnan(observed))
		return isnan(explained) && isnan(observed) ? MATCH_EQUAL : MATCH_NONE;
	if (single)
		explained = (float) explained;
	if (DoubleBits(explained) == DoubleBits(observed))
		return MATCH_EQUAL;
	if (!isfinite(explained) || !isfinite(observed))
		return MATCH_NONE;
	ulps = single ? SingleUlpsApart((float) explained, (float) observed) : UlpsApart(explained, observed);
	if (ulps <= AGREEMENT_ULPS)
		return MATCH_ULPS;
	return fabs(explained - observed) <= slack ? MATCH_ROUNDING : MATCH_NONE;
}

double
ExplanationSlack(const Explanation *e, const double *x, int n, bool single)
{
	double		constant = fabs(ExplainedValue(e, 0.0));
	double		least = INFINITY;
	double		greatest = -INFINITY;
	double		slack;

	for (int i = 0; i < n; i++)
	{
		double		y = ExplainedValue(e, x[i]);

		if (!isfinite(y))
			continue;
		least = fmin(least, y);
		greatest = fmax(greatest, y);
	}
	if (!isfinite(constant))
		constant = 0;
	if (least > greatest)
		return constant * 2 * (single ? SLACK_SINGLE : SLACK_DOUBLE);
	slack = (fmax(fabs(least), fabs(greatest)) + 2 * constant) * (single ? SLACK_SINGLE : SLACK_DOUBLE);
	/* no more than a share of the spread: if terms cancel, rounding could explain any value */
	return least < greatest ? fmin(slack, (greatest - least) * SLACK_OF_SPREAD) : slack;
}

/* ---- tables ---- */

const UnitFactor unit_factors[] = {
	{10, 1, 0, "10 times as large"},
	{100, 1, 0, "100 times as large (percent for shares, centimetres for metres, cents)"},
	{1e3, 1, 0, "1,000 times as large (as with grams for kilograms, or milliseconds for seconds)"},
	{1e4, 1, 0, "10,000 times as large (as with basis points for shares)"},
	{1e5, 1, 0, "100,000 times as large"},
	{1e6, 1, 0, "1,000,000 times as large (as with microseconds for seconds)"},
	{1e7, 1, 0, "10,000,000 times as large"},
	{1e8, 1, 0, "100,000,000 times as large"},
	{1e9, 1, 0, "1,000,000,000 times as large (as with nanoseconds for seconds)"},
	{1, 10, 0, "a tenth as large"},
	{1, 100, 0, "a hundredth as large (shares for percent, metres for centimetres)"},
	{1, 1e3, 0, "a thousandth as large (as with kilograms for grams, seconds for milliseconds, or thousands)"},
	{1, 1e4, 0, "a ten-thousandth as large"},
	{1, 1e5, 0, "a hundred-thousandth as large"},
	{1, 1e6, 0, "a millionth as large (as with seconds for microseconds, or millions)"},
	{1, 1e7, 0, "a ten-millionth as large"},
	{1, 1e8, 0, "a hundred-millionth as large"},
	{1, 1e9, 0, "a billionth as large"},
	{60, 1, 0, "60 times as large (seconds for minutes, minutes for hours)"},
	{1, 60, 0, "a 60th as large (minutes for seconds, hours for minutes)"},
	{3600, 1, 0, "3,600 times as large (seconds for hours)"},
	{1, 3600, 0, "a 3,600th as large (hours for seconds)"},
	{86400, 1, 0, "86,400 times as large (seconds for days)"},
	{1, 86400, 0, "an 86,400th as large (days for seconds)"},
	{24, 1, 0, "24 times as large (hours for days)"},
	{1, 24, 0, "a 24th as large (days for hours)"},
	{7, 1, 0, "7 times as large (days for weeks)"},
	{1, 7, 0, "a 7th as large (weeks for days)"},
	{12, 1, 0, "12 times as large (months for years, inches for feet)"},
	{1, 12, 0, "a 12th as large (years for months, feet for inches)"},
	{365.25, 1, 0, "365.25 times as large (days for years)"},
	{1, 365.25, 0, "a 365.25th as large (years for days)"},
	{1024, 1, 0, "1,024 times as large (bytes for kibibytes)"},
	{1, 1024, 0, "a 1,024th as large (kibibytes for bytes)"},
	{1048576, 1, 0, "1,048,576 times as large (bytes for mebibytes)"},
	{1, 1048576, 0, "a 1,048,576th as large (mebibytes for bytes)"},
	{1073741824, 1, 0, "1,073,741,824 times as large (bytes for gibibytes)"},
	{1, 1073741824, 0, "a 1,073,741,824th as large (gibibytes for bytes)"},
	{8, 1, 0, "8 times as large (bits for bytes)"},
	{1, 8, 0, "an 8th as large (bytes for bits)"},
	{2.54, 1, 0, "2.54 times as large (centimetres for inches)"},
	{1, 2.54, 0, "a 2.54th as large (inches for centimetres)"},
	{25.4, 1, 0, "25.4 times as large (millimetres for inches)"},
	{1, 25.4, 0, "a 25.4th as large (inches for millimetres)"},
	{0.3048, 1, 0, "0.3048 times as large (metres for feet)"},
	{1, 0.3048, 0, "a 0.3048th as large (feet for metres)"},
	{1.609344, 1, 0, "1.609344 times as large (kilometres for miles)"},
	{1, 1.609344, 0, "a 1.609344th as large (miles for kilometres)"},
	{0.45359237, 1, 0, "0.45359237 times as large (kilograms for pounds)"},
	{1, 0.45359237, 0, "a 0.45359237th as large (pounds for kilograms)"},
	{3.6, 1, 0, "3.6 times as large (km/h for m/s)"},
	{1, 3.6, 0, "a 3.6th as large (m/s for km/h)"},
	{-1, 1, 0, "of the opposite sign"},
	{1.8, 1, 32, "in degrees Fahrenheit for Celsius"},
	{1, 1.8, -32 / 1.8, "in degrees Celsius for Fahrenheit"},
	{1, 1, 273.15, "in kelvins for degrees Celsius"},
	{1, 1, -273.15, "in degrees Celsius for kelvins"},
	{0, 0, 0, NULL}
};

/* (x - a) * (1 / b), and (x - a) / (1 / b) */
static void
ReciprocalOfScale(const FeatureRecipe *feature, double *param)
{
	param[0] = feature->param[0];
	param[1] = 1.0 / feature->param[1];
}

/* x * (1 / a) */
static void
ReciprocalAlone(const FeatureRecipe *feature, double *param)
{
	param[0] = 1.0 / feature->param[0];
}

/* x * (1 / b) + (-a / b) */
static void
FactorAndOffset(const FeatureRecipe *feature, double *param)
{
	param[0] = 1.0 / feature->param[1];
	param[1] = -feature->param[0] / feature->param[1];
}

/* Set the low end and the width of the output: option feature_range of minmax. */
static void
OutputRange(const FeatureRecipe *feature, double *low, double *width)
{
	const double *range = feature->option + MethodOptionPlace(feature->method, &option_feature_range);

	*low = range[0];
	*width = range[1] - range[0];
}

/* (x - min) / (max - min) * (high - low) + low */
static void
RangeByDivision(const FeatureRecipe *feature, double *param)
{
	param[0] = feature->lower;
	param[1] = feature->upper - feature->lower;
	OutputRange(feature, &param[3], &param[2]);
}

/* (x - min) * ((high - low) / (max - min)) + low */
static void
RangeByFactor(const FeatureRecipe *feature, double *param)
{
	param[0] = feature->lower;
	OutputRange(feature, &param[2], &param[1]);
	param[1] /= feature->upper - feature->lower;
}

const OtherArithmetic other_arithmetics[] = {
	{"reciprocal", "(x - center) * (1 / scale)",
	&formula_subtract_divide_cast, &formula_subtract_multiply, ReciprocalOfScale},
	{"reciprocal", "(x - center) * (1 / scale)",
	&formula_subtract_divide, &formula_subtract_multiply, ReciprocalOfScale},
	{"reciprocal", "x * (1 / scale)",
	&formula_divide_cast, &formula_multiply, ReciprocalAlone},
	{"reciprocal", "x * (1 / scale)",
	&formula_divide, &formula_multiply, ReciprocalAlone},
	{"other_arithmetic", "x * (1 / scale) + (-center / scale)",
	&formula_subtract_divide_cast, &formula_multiply_offset, FactorAndOffset},
	{"other_arithmetic", "x * (1 / scale) + (-center / scale)",
	&formula_subtract_divide, &formula_multiply_offset, FactorAndOffset},
	{"other_arithmetic", "fma(x, 1 / scale, -center / scale)",
	&formula_subtract_divide_cast, &formula_fused_multiply_add, FactorAndOffset},
	{"other_arithmetic", "fma(x, 1 / scale, -center / scale)",
	&formula_subtract_divide, &formula_fused_multiply_add, FactorAndOffset},
	{"other_arithmetic", "(x - min) / (max - min) * (high - low) + low",
	&formula_multiply_add, &formula_scale_shift, RangeByDivision},
	{"other_arithmetic", "(x - min) * ((high - low) / (max - min)) + low",
	&formula_multiply_add, &formula_subtract_multiply_add, RangeByFactor},
	{"other_arithmetic", "(x - center) / (1 / factor)",
	&formula_subtract_multiply, &formula_subtract_divide, ReciprocalOfScale},
	{NULL, NULL, NULL, NULL, NULL}
};
