/*
 * hypothesis_clips.c
 *		Hypotheses by which results were clipped: to some range, or to one that is not the scaler's.
 */
#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"
#include "pg/base/text.h"

/* Where to look for clipping.  Arrays are by row. */
typedef struct ClipSearch
{
	const HypothesisList *list;
	const FeatureRecipe *recipe;	/* gives the results; without a clip of its own */
	const double *results;		/* that may have been clipped */
	const bool *rows;			/* in which they may; in the others, results are right */
	const double *own;			/* the scaler's own bounds; NULL if it does not clip */
} ClipSearch;

/*
 * Find the bound to which values were clipped from above or below: the only value of all rows of the search where
 * less than the result was observed or, from below, more than the result.
 *
 * Return false if there are several; the bound stays as it is if there is none.
 */
static bool
FindCommonBound(const ClipSearch *search, bool above, double *bound)
{
	const double *observed = search->list->data->observed[search->list->feature];
	bool		found = false;

	for (int r = 0; r < search->list->data->nrows; r++)
	{
		bool		beyond = above ? search->results[r] > observed[r] : search->results[r] < observed[r];

		if (!search->rows[r] || !beyond)
			continue;
		if (found && *bound != observed[r])
			return false;
		*bound = observed[r];
		found = true;
	}
	return true;
}

char *
BoundsText(double low, double high)
{
	if (isinf(low))
		return psprintf("above %s", FloatText(high));
	if (isinf(high))
		return psprintf("below %s", FloatText(low));
	return psprintf("to [%s, %s]", FloatText(low), FloatText(high));
}

/*
 * Count the distinct results: in the rows that are right if the bound is NaN, else in the rows of the search that have
 * this bound.
 *
 * Counting ends at 2.
 */
static int
DistinctResults(const ClipSearch *search, double bound)
{
	const double *observed = search->list->data->observed[search->list->feature];
	double		first = NAN;

	for (int r = 0; r < search->list->data->nrows; r++)
	{
		double		result = search->results[r];

		if (isnan(result) || (isnan(bound) ? search->rows[r] : !search->rows[r] || observed[r] != bound))
			continue;
		if (!isnan(first) && result != first)
			return 2;
		first = result;
	}
	return isnan(first) ? 0 : 1;
}

/* Return whether a bound is the scaler's output for the least or greatest training value.  */
static bool
IsRangeEnd(const FeatureRecipe *recipe, double bound)
{
	return !FormulaIsOfRows(recipe->formula) && RangeIsKnown(recipe) &&
		(bound == ApplyFeature(recipe, recipe->lower) || bound == ApplyFeature(recipe, recipe->upper));
}

/*
 * Return whether a person may have chosen a bound: it has at most two digits, is the scaler's own, or is an end of the
 * training range.
 */
static bool
IsChosenBound(const ClipSearch *search, double bound)
{
	char	   *text = psprintf("%.2g", bound);
	bool		is_short = strtod(text, NULL) == bound;

	pfree(text);
	return is_short || (search->own && (bound == search->own[0] || bound == search->own[1])) ||
		IsRangeEnd(search->recipe, bound);
}

/* Return whether enough results lie beyond a bound: one, or two for a bound that nobody would choose.  */
static bool
IsBoundSeen(const ClipSearch *search, double bound)
{
	return isinf(bound) || DistinctResults(search, bound) >= (IsChosenBound(search, bound) ? 1 : 2);
}

/*
 * Return whether the rows prove clipping.
 *
 * The bounds are found from the rows of the search, so other rows must be right, and must vary.  If they have only
 * one value, at least two must lie beyond each bound.
 */
static bool
IsClippingSeen(const ClipSearch *search, double low, double high)
{
	int			right = DistinctResults(search, NAN);

	if (right >= 2)
		return IsBoundSeen(search, low) && IsBoundSeen(search, high);
	return right == 1 && (isinf(low) || DistinctResults(search, low) >= 2) &&
		(isinf(high) || DistinctResults(search, high) >= 2);
}

/* Find the bounds, infinite where nothing was clipped.  Return false if the rows prove none. */
static bool
FindBounds(const ClipSearch *search, double *low, double *high)
{
	*low = -INFINITY;
	*high = INFINITY;
	return FindCommonBound(search, true, high) && FindCommonBound(search, false, low) &&
		!(isinf(*low) && isinf(*high)) && *low < *high && IsClippingSeen(search, *low, *high);
}

/* Return the bounds in words, and whether they are where the training range ends. */
static char *
FoundBoundsText(const FeatureRecipe *recipe, double low, double high)
{
	char	   *text = BoundsText(low, high);

	if ((isinf(low) || IsRangeEnd(recipe, low)) && (isinf(high) || IsRangeEnd(recipe, high)))
		text = psprintf("%s, where the %s ends", text, FeatureHasRangeRule(recipe) ? "range" : "training range");
	return text;
}

FeatureRecipe *
WithoutClip(const FeatureRecipe *own)
{
	FeatureRecipe *unclipped = palloc(sizeof(FeatureRecipe));
	double	   *clip;

	*unclipped = *own;
	unclipped->clips = false;
	clip = ClipOption(unclipped->method, unclipped->option);
	if (clip)
		*clip = 0;
	return unclipped;
}

/* Add the hypothesis that results were clipped to a range other than the scaler's, if the search finds one. */
static void
AddOtherClip(HypothesisList *list, const HypothesisKind *kind, const ClipSearch *search)
{
	const double *own = search->own;
	FeatureRecipe *other;
	double		low;
	double		high;

	if (!FindBounds(search, &low, &high) || (low == own[0] && high == own[1]))
		return;
	other = palloc(sizeof(FeatureRecipe));
	*other = *search->recipe;
	FeatureSetClip(other, low, high);
	AddHypothesis(list, kind, other, APPLY_ONCE,
				  psprintf("%s, not %s", FoundBoundsText(search->recipe, low, high), BoundsText(own[0], own[1])));
}

/*
 * Results that the scaler clips were clipped to another range: all of them or, if the bounds of all rows are not
 * common, those in question.
 */
static void
ProposeOtherClip(HypothesisList *list, const HypothesisKind *kind, const double *own)
{
	const AuditData *data = list->data;
	const double *raw = data->raw[list->feature];
	const double *observed = data->observed[list->feature];
	double	   *results = palloc(sizeof(double) * data->nrows);
	bool	   *rows = palloc(sizeof(bool) * data->nrows);
	ClipSearch	search = {.list = list, .recipe = WithoutClip(list->recipe), .results = results, .rows = rows,
	.own = own};
	Explanation unclipped;
	double		slack;
	int			count = list->count;

	ExplanationInit(&unclipped, search.recipe, APPLY_ONCE);
	unclipped.single_arithmetic = data->state->single;
	slack = ExplanationSlack(&unclipped, raw, data->nrows, list->single);
	for (int r = 0; r < data->nrows; r++)
	{
		results[r] = ExplainedValue(&unclipped, raw[r]);
		rows[r] = MatchValues(results[r], observed[r], slack, list->single) == MATCH_NONE;
	}
	AddOtherClip(list, kind, &search);
	if (list->count > count)
		return;
	for (int r = 0; r < data->nrows; r++)
		if (!list->in_question[r])
		{
			results[r] = data->expected[list->feature][r];
			rows[r] = false;
		}
	AddOtherClip(list, kind, &search);
}

/* The results were clipped, to some range or to one that is not the scaler's.  */
void
ProposeClipped(HypothesisList *list, const HypothesisKind *kind)
{
	ClipSearch	search = {.list = list, .recipe = list->recipe, .results = list->data->expected[list->feature],
	.rows = list->in_question};
	double		own[2];
	double		low;
	double		high;
	Hypothesis *h;

	if (FeatureClips(list->recipe, &own[0], &own[1]))
	{
		ProposeOtherClip(list, kind, own);
		return;
	}
	if (!FindBounds(&search, &low, &high))
		return;
	h = AddOwnOutput(list, kind, FoundBoundsText(list->recipe, low, high));
	h->explanation.clips_output = true;
	h->explanation.low = low;
	h->explanation.high = high;
}
