/*
 * audit_rounding.c
 *		Hypotheses by which something was rounded: the parameters, as when they are written down,
 *		the results, or the raw values.
 */
#include "pg/base/compat.h"

#include <float.h>

#include "pg/audit/audit_search.h"

/* ---- rounded parameters ---- */

/* Return the greatest number of digits that is tried, of significant digits or of decimals.  */
static int
MostDigits(bool significant)
{
	return significant ? ROUNDING_MOST_SIGNIFICANT : ROUNDING_MOST_DECIMALS;
}

/* Return a format of roundings[] with the number of digits filled in.  */
static char *
DigitsText(const char *text, int digits)
{
	return psprintf(text, digits, digits == 1 ? "" : "s");
}

/*
 * Return a feature whose parameters are rounded to so many digits.
 *
 * NULL if that changes no parameter, makes one unusable, or turns the formula into the identity, which is a
 * diagnosis of its own.
 */
static FeatureRecipe *
RoundParameters(const FeatureRecipe *feature, double (*rounding) (double value, int digits), int digits)
{
	FeatureRecipe *rounded = palloc(sizeof(FeatureRecipe));

	*rounded = *feature;
	for (int k = 0; k < feature->formula->nparams; k++)
		rounded->param[k] = CanonicalZero(rounding(feature->param[k], digits));
	if (!SameParameters(rounded, feature) && ParametersAreUsable(feature->formula, rounded->param) &&
		!ChangesNothing(rounded))
		return rounded;
	pfree(rounded);
	return NULL;
}

/* The parameters were rounded, as when somebody writes them down.  */
void
ProposeRoundedParameters(HypothesisList *list, const HypothesisKind *kind)
{
	FeatureRecipe *rounded;

	if (ListIsOfRows(list) || list->recipe->formula->table_name)
		return;
	/* printing rounds to the nearest, so the other ways of rounding are not tried */
	for (const Rounding *rounding = roundings; rounding->text; rounding++)
		for (int digits = rounding->significant ? 1 : 0;
			 rounding->nearest && digits <= MostDigits(rounding->significant); digits++)
			if ((rounded = RoundParameters(list->recipe, rounding->nearest, digits)) != NULL)
				AddHypothesis(list, kind, rounded, APPLY_ONCE, DigitsText(rounding->text, digits));
	rounded = palloc(sizeof(FeatureRecipe));
	*rounded = *list->recipe;
	for (int k = 0; k < rounded->formula->nparams; k++)
		rounded->param[k] = (float) rounded->param[k];
	if (!SameParameters(rounded, list->recipe) && ParametersAreUsable(rounded->formula, rounded->param))
		AddHypothesis(list, kind, rounded, APPLY_ONCE, "to float4");
}

/* ---- values that were rounded ---- */

/*
 * Return whether rounding leaves all values in question as they are, up to the sign of a zero.
 *
 * If "single", values are rounded to float4 after it.
 */
static bool
IsRounded(const HypothesisList *list, const double *values, bool single,
		  double (*rounding) (double value, int digits), int digits)
{
	for (int r = 0; r < list->data->nrows; r++)
	{
		double		rounded;

		if (!list->in_question[r] || !isfinite(values[r]))
			continue;
		rounded = rounding(values[r], digits);
		if ((single ? (double) (float) rounded : rounded) != values[r])
			return false;
	}
	return true;
}

/* Return the least number of digits that all values in question have, or MostDigits() + 1 if they have more.  */
static int
DigitsOf(const HypothesisList *list, const double *values, bool single, bool significant)
{
	int			digits = significant ? 1 : 0;

	while (digits <= MostDigits(significant) &&
		   !IsRounded(list, values, single, significant ? RoundToSignificant : RoundToDecimals, digits))
		digits++;
	return digits;
}

/* The results were rounded, to the digits that the observed values have.  */
void
ProposeRoundedResults(HypothesisList *list, const HypothesisKind *kind)
{
	const double *observed = list->data->observed[list->feature];
	int			decimals = DigitsOf(list, observed, list->single, false);
	int			significant = DigitsOf(list, observed, list->single, true);

	for (const Rounding *rounding = roundings; rounding->text; rounding++)
	{
		int			digits = rounding->significant ? significant : decimals;
		Hypothesis *h;

		if (digits > MostDigits(rounding->significant))
			continue;
		h = AddOwnOutput(list, kind, DigitsText(rounding->text, digits));
		h->explanation.output_rounding = rounding;
		h->explanation.output_digits = digits;
	}
}

/* The raw values were rounded before they were scaled.  */
void
ProposeRoundedInput(HypothesisList *list, const HypothesisKind *kind)
{
	const double *raw = list->data->raw[list->feature];
	int			decimals;
	int			significant;

	if (ListIsOfRows(list))
		return;
	/*
	 * the number of digits that the values have is tried as well: 0.29 * 100 is less than 29, so truncation
	 * changes it
	 */
	decimals = Min(DigitsOf(list, raw, list->data->state->single, false), MostDigits(false));
	significant = Min(DigitsOf(list, raw, list->data->state->single, true), MostDigits(true));
	for (const Rounding *rounding = roundings; rounding->text; rounding++)
	{
		int			most = rounding->significant ? significant : decimals;

		for (int digits = rounding->significant ? 1 : 0; digits <= most; digits++)
		{
			Hypothesis *h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, NULL);

			h->explanation.input_rounding = rounding;
			h->explanation.input_digits = digits;
			if (IsWorthATrial(list, h))
				h->detail = DigitsText(rounding->text, digits);
			else
				list->count--;
		}
	}
}

/* ---- proof ---- */

#define LEAST_PROOF		20.0	/* bits; chance leads to a wrong diagnosis in one of a million tables */

/*
 * Return how many bits of proof it is that a value agrees with a rounded one.  It is not much by itself, since any
 * value is near some rounded one.
 *
 * That is the logarithm of the number of rounded values that it could have agreed with: those of its size,
 * within the range of all values, or as many as there are floating-point numbers that round to the same one.
 */
static double
BitsOfRounding(double value, double range, double unit, bool single)
{
	double		spacing = ldexp(fabs(value), single ? 1 - FLT_MANT_DIG : 1 - DBL_MANT_DIG);
	double		others = fmin(fabs(value), range) / unit;

	return log2(1 + (spacing > 0 ? fmin(others, unit / spacing) : others));
}

/* Set "values" to the values before they were rounded in the rows in question, sorted.  Return their number.  */
static int
UnroundedValues(const HypothesisList *list, const Hypothesis *h, double *values)
{
	const double *from = h->explanation.input_rounding ? h->x : list->data->expected[list->feature];
	int			n = 0;

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isfinite(from[r]))
			values[n++] = from[r];
	qsort(values, n, sizeof(double), CompareDoubles);
	return n;
}

/*
 * Return whether the values rule out chance.
 *
 * Each distinct value counts once, however many rows have it.  Of the values that are rounded to the one number that
 * tells most, only the first counts, because a constant would explain them as well.
 */
static bool
AreValuesProved(const HypothesisList *list, const Hypothesis *h)
{
	const Explanation *e = &h->explanation;
	const Rounding *rounding = e->input_rounding ? e->input_rounding : e->output_rounding;
	int			digits = e->input_rounding ? e->input_digits : e->output_digits;
	double	   *values;
	int			n;
	double		bits = 0;
	double		same = 0;		/* bits of those rounded to the same number as this one, without the first */
	double		most = 0;

	values = palloc(sizeof(double) * Max(list->data->nrows, 1));
	n = UnroundedValues(list, h, values);
	for (int i = 0; i < n; i++)
	{
		/* the unit of significant digits is that of the last one */
		int			exponent = rounding->significant && values[i] != 0 ? (int) floor(log10(fabs(values[i]))) + 1 : 0;
		double		told =
			BitsOfRounding(values[i], values[n - 1] - values[0], pow(10, exponent - digits), list->single);

		if (i > 0 && values[i] == values[i - 1])
			continue;
		bits += told;
		if (i == 0 || RoundBy(rounding, values[i], digits) != RoundBy(rounding, values[i - 1], digits))
			same = 0;
		else
			same += told;
		most = fmax(most, same);
	}
	pfree(values);
	return bits - most >= LEAST_PROOF;
}

/*
 * Return whether the parameters rule out chance.
 *
 * The parameters of some other line may have few digits as well, such as 1 and 0.5.  That all points lie on one
 * line is half of the proof, if there are at least LEAST_POINTS of them.
 */
static bool
AreParametersProved(const HypothesisList *list, const Hypothesis *h)
{
	const FeatureRecipe *own = list->recipe;
	double		bits = 0;

	for (int k = 0; k < own->formula->nparams; k++)
	{
		double		change = fabs(h->explanation.recipe->param[k] - own->param[k]);

		/* rounding changes a parameter by half a unit at most, and by a quarter on average */
		if (change > 0)
			bits += log2(1 + fabs(own->param[k]) / (4 * change));
	}
	return bits >= (DistinctInQuestion(list) < LEAST_POINTS ? LEAST_PROOF : LEAST_PROOF / 2);
}

bool
IsRoundingProved(const HypothesisList *list, const Hypothesis *h)
{
	if (h->kind->family == FAMILY_PARAMETERS)
		return AreParametersProved(list, h);
	return h->kind->family != FAMILY_ROUNDED || AreValuesProved(list, h);
}
