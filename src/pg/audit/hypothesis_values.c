/*
 * hypothesis_values.c
 *		Hypotheses by which single values or results were treated differently.
 */
#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"
#include "pg/base/text.h"

/* ---- another precision, another order of operations ---- */

/* The results were rounded to float4.  */
void
ProposeFloat4Rounding(HypothesisList *list, const HypothesisKind *kind)
{
	if (!list->data->state->single)
		AddOwnOutput(list, kind, NULL)->explanation.single_output = true;
}

/* Return the scaler's feature as it is without a type of its own. */
static const FeatureRecipe *
WithoutDtype(const HypothesisList *list)
{
	FeatureRecipe *feature;

	if (list->recipe->dtype == DTYPE_FLOAT64)
		return list->recipe;
	feature = palloc(sizeof(FeatureRecipe));
	*feature = *list->recipe;
	feature->dtype = DTYPE_FLOAT64;
	return feature;
}

/* The arithmetic was that of float4.  */
void
ProposeFloat4Arithmetic(HypothesisList *list, const HypothesisKind *kind)
{
	if (!ListIsOfRows(list) && !list->data->state->single && list->recipe->dtype != DTYPE_FLOAT32)
		AddHypothesis(list, kind, WithoutDtype(list), APPLY_ONCE, NULL)->explanation.single_arithmetic = true;
}

/* The raw values were rounded to float4 before they were scaled.  */
void
ProposeFloat4Input(HypothesisList *list, const HypothesisKind *kind)
{
	Hypothesis *h;

	if (ListIsOfRows(list) || list->data->state->single)
		return;
	AddHypothesis(list, kind, list->recipe, APPLY_ONCE, NULL)->explanation.single_input = true;
	h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, "and the results, too");
	h->explanation.single_input = h->explanation.single_output = true;
}

/* The arithmetic was that of float8, although both arguments are real[] or the scaler says otherwise.  */
void
ProposeFloat8Arithmetic(HypothesisList *list, const HypothesisKind *kind)
{
	const FeatureRecipe *plain = WithoutDtype(list);
	Hypothesis *h;

	if (ListIsOfRows(list) || (!list->data->state->single && plain == list->recipe))
		return;
	if (!list->data->state->single)
		AddHypothesis(list, kind, plain, APPLY_ONCE, "and not rounded either");
	h = AddHypothesis(list, kind, plain, APPLY_ONCE, NULL);
	h->explanation.single_arithmetic = false;
	h->explanation.single_output = true;
}

/* The formula was computed by another order of operations; other_arithmetics[] lists them.  */
void
ProposeArithmetic(HypothesisList *list, const HypothesisKind *kind)
{
	for (const OtherArithmetic *other = other_arithmetics; other->code; other++)
	{
		FeatureRecipe *feature;

		if (strcmp(other->code, kind->name) != 0 || other->of != list->recipe->formula)
			continue;
		feature = palloc(sizeof(FeatureRecipe));
		*feature = *list->recipe;
		feature->formula = other->formula;
		other->parameters(list->recipe, feature->param);
		AddHypothesis(list, kind, feature, APPLY_ONCE, other->text);
	}
}

/* ---- policies that were not followed ---- */

/* A policy of the scaler (missing, outside, clip) was not followed.  */
void
ProposePolicyIgnored(HypothesisList *list, const HypothesisKind *kind)
{
	const FeatureRecipe *own = list->recipe;
	FeatureRecipe *plain;
	double		low;
	double		high;
	int			ignored = 0;

	if (ListIsOfRows(list))
		return;
	plain = WithoutClip(own);
	if (own->missing != MISSING_KEEP)
	{
		FeatureRecipe *kept = palloc(sizeof(FeatureRecipe));

		*kept = *own;
		kept->missing = plain->missing = MISSING_KEEP;
		ignored++;
		AddHypothesis(list, kind, kept, APPLY_ONCE,
					  psprintf("missing: %s", PolicyCodeToName(missing_policy_names, own->missing)));
	}
	/* of a range by a rule, that is a diagnosis of its own */
	if (own->outside != OUTSIDE_KEEP && !FeatureHasRangeRule(own))
	{
		FeatureRecipe *kept = palloc(sizeof(FeatureRecipe));

		*kept = *own;
		kept->outside = plain->outside = OUTSIDE_KEEP;
		ignored++;
		AddHypothesis(list, kind, kept, APPLY_ONCE,
					  psprintf("outside: %s", PolicyCodeToName(outside_policy_names, own->outside)));
	}
	if (FeatureClips(own, &low, &high))
	{
		AddHypothesis(list, kind, WithoutClip(own), APPLY_ONCE,
					  own->clips ? psprintf("clip: %s", BoundsText(low, high)) : "clip: true");
		ignored++;
	}
	if (ignored > 1)
		AddHypothesis(list, kind, plain, APPLY_ONCE, "any of them");
}

/* ---- missing values replaced ---- */

/* Return whether a raw value in question is missing.  */
static bool
AnyMissing(const HypothesisList *list)
{
	const double *raw = list->data->raw[list->feature];

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isnan(raw[r]))
			return true;
	return false;
}

/*
 * Add the hypothesis that missing raw values were replaced by this value before scaling.  Nothing is added
 * unless the value is finite.
 */
static void
AddInputFill(HypothesisList *list, const HypothesisKind *kind, double value, const char *detail)
{
	Hypothesis *h;

	if (!isfinite(value))
		return;
	h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, detail);
	h->explanation.fills_input = true;
	h->explanation.input_fill = value;
}

/* Missing values were replaced by the mean, of the training set or of the audited values.  */
void
ProposeMissingAsMean(HypothesisList *list, const HypothesisKind *kind)
{
	const AuditData *data = list->data;

	if (ListIsOfRows(list) || !AnyMissing(list))
		return;
	if (data->background->trained)
		AddInputFill(list, kind, MomentsMean(&data->background->training.moments[data->of_training[list->feature]]),
					 "of the training set");
	else if (IsStandard(list->recipe) &&
			 MethodOptionValue(list->recipe->method, list->recipe->option, &option_with_mean) != 0)
		AddInputFill(list, kind, list->recipe->param[0], "of the training set");
	if (!IsTrainingData(list))
		AddInputFill(list, kind, MomentsMean(&data->live.moments[list->feature]), "of this data");
}

/* Missing values were replaced by the median, of the training set or of the audited values.  */
void
ProposeMissingAsMedian(HypothesisList *list, const HypothesisKind *kind)
{
	AuditData  *data = list->data;
	ValueStore *store = data->state->stores && data->scaler->stored[list->feature] ?
		&data->state->stores[list->feature] : NULL;

	if (ListIsOfRows(list) || !AnyMissing(list))
		return;
	if (MethodOptionPlace(list->recipe->method, &option_with_centering) >= 0 && !list->recipe->shifted &&
		MethodOptionValue(list->recipe->method, list->recipe->option, &option_with_centering) != 0)
		AddInputFill(list, kind, list->recipe->param[0], "of the training set");
	else if (data->background->trained)
		AddInputFill(list, kind, ProfileMedian(&data->background->training, data->of_training[list->feature], NULL),
					 "of the training set");
	if (!IsTrainingData(list))
		AddInputFill(list, kind, ProfileMedian(&data->live, list->feature, store), "of this data");
}

/* Missing values were replaced by 0 before scaling.  */
void
ProposeMissingAsZero(HypothesisList *list, const HypothesisKind *kind)
{
	if (!ListIsOfRows(list) && AnyMissing(list))
		AddInputFill(list, kind, 0.0, NULL);
}

/* Missing results were replaced by 0.  */
void
ProposeZeroForMissing(HypothesisList *list, const HypothesisKind *kind)
{
	Hypothesis *h;

	if (!AnyMissing(list))
		return;
	h = AddOwnOutput(list, kind, NULL);
	h->explanation.fills_output = true;
	h->explanation.output_fill = 0.0;
}

/* Missing values were replaced by some value: the only one that the rows in question have for them.  */
void
ProposeMissingReplaced(HypothesisList *list, const HypothesisKind *kind)
{
	const double *raw = list->data->raw[list->feature];
	const double *observed = list->data->observed[list->feature];
	double		value = NAN;
	int			rows = 0;
	Hypothesis *h;

	for (int r = 0; r < list->data->nrows; r++)
	{
		if (!list->in_question[r] || !isnan(raw[r]))
			continue;
		if (rows++ > 0 && observed[r] != value)
			return;
		value = observed[r];
	}
	if (rows == 0 || isnan(value))
		return;
	h = AddOwnOutput(list, kind, psprintf("after scaling it is %s", FloatText(value)));
	h->explanation.fills_output = true;
	h->explanation.output_fill = value;
}

/* Results are missing where the scaler gives a value.  */
void
ProposeResultsMissing(HypothesisList *list, const HypothesisKind *kind)
{
	const double *observed = list->data->observed[list->feature];

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isnan(observed[r]))
		{
			AddHypothesis(list, kind, NULL, APPLY_NOT, NULL)->explanation.factor = NAN;
			return;
		}
}

/* ---- another unit ---- */

/* The raw values were in another unit.  */
void
ProposeUnits(HypothesisList *list, const HypothesisKind *kind)
{
	if (ListIsOfRows(list))
		return;
	for (const UnitFactor *unit = unit_factors; unit->text; unit++)
	{
		Hypothesis *h = AddHypothesis(list, kind, list->recipe, APPLY_ONCE, unit->text);

		h->explanation.factor = unit->factor;
		h->explanation.divisor = unit->divisor;
		h->explanation.offset = unit->offset;
	}
}

/* ---- any straight line ---- */

/* Return the row in question with the least or greatest raw value, or -1 if there is none.  */
static int
ExtremeRow(const HypothesisList *list, bool greatest)
{
	const double *raw = list->data->raw[list->feature];
	const double *observed = list->data->observed[list->feature];
	int			best = -1;

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isfinite(raw[r]) && isfinite(observed[r]) &&
			(best < 0 || (greatest ? raw[r] > raw[best] : raw[r] < raw[best])))
			best = r;
	return best;
}

/* Return the parameters of a line in words, beside those of the scaler if it has such parameters.  */
static char *
LineText(const FeatureRecipe *own, double center, double scale)
{
	char	   *text = psprintf("center %.12g, scale %.12g", center, scale);

	if (own->formula->nparams == 2 && strcmp(own->formula->param_names[0], "center") == 0 &&
		strcmp(own->formula->param_names[1], "scale") == 0)
		return psprintf("%s, not %.12g and %.12g", text, own->param[0], own->param[1]);
	return text;
}

/* The results lie on some other line: one through two points, which LEAST_POINTS or more must confirm.  */
void
ProposeLine(HypothesisList *list, const HypothesisKind *kind)
{
	const double *raw = list->data->raw[list->feature];
	const double *observed = list->data->observed[list->feature];
	int			low = ExtremeRow(list, false);
	int			high = ExtremeRow(list, true);
	FeatureRecipe *line;
	double		scale;
	double		center;

	if (list->nearly_right || low < 0 || raw[low] == raw[high] || observed[low] == observed[high] ||
		DistinctInQuestion(list) < LEAST_POINTS)
		return;
	scale = (raw[high] - raw[low]) / (observed[high] - observed[low]);
	center = raw[low] - observed[low] * scale;
	if (!isfinite(scale) || !isfinite(center) || scale == 0)
		return;
	line = palloc0(sizeof(FeatureRecipe));
	line->method = &method_affine;
	line->formula = &formula_subtract_divide;
	line->param[0] = center;
	line->param[1] = scale;
	AddHypothesis(list, kind, line, APPLY_ONCE, LineText(list->recipe, center, scale));
}
