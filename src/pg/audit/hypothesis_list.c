/*
 * hypothesis_list.c
 *		The list of hypotheses on one feature, and functions for those who propose them.
 */
#include "pg/base/compat.h"

#include "pg/audit/audit_search.h"

Hypothesis *
AddHypothesis(HypothesisList *list, const HypothesisKind *kind, const FeatureRecipe *recipe, Application application,
			  const char *detail)
{
	Hypothesis *h;

	if (list->count == list->capacity)
	{
		list->capacity = list->capacity == 0 ? 128 : 2 * list->capacity;
		list->hypotheses = list->hypotheses ?
			repalloc(list->hypotheses, sizeof(Hypothesis) * list->capacity) :
			palloc(sizeof(Hypothesis) * list->capacity);
	}
	h = &list->hypotheses[list->count++];
	memset(h, 0, sizeof(*h));
	h->kind = kind;
	h->detail = detail;
	h->x = list->data->raw[list->feature];
	h->other = -1;
	ExplanationInit(&h->explanation, recipe, application);
	/* if both arguments are real[], the scaler's own arithmetic is that of float4 */
	h->explanation.single_arithmetic = list->data->state->single;
	return h;
}

double
Predict(const Hypothesis *h, int row)
{
	if (h->predicted == NULL)
		return ExplainedValue(&h->explanation, h->x[row]);
	return ExplainedOutput(&h->explanation, h->predicted[row]);
}

bool
ListIsOfRows(const HypothesisList *list)
{
	return FormulaIsOfRows(list->recipe->formula);
}

/* A formula of whole rows cannot be computed from one value, so its output is taken as computed already.  */
Hypothesis *
AddOwnOutput(HypothesisList *list, const HypothesisKind *kind, const char *detail)
{
	Hypothesis *h;

	if (!ListIsOfRows(list))
		return AddHypothesis(list, kind, list->recipe, APPLY_ONCE, detail);
	h = AddHypothesis(list, kind, NULL, APPLY_NOT, detail);
	h->predicted = list->data->expected[list->feature];
	return h;
}

/*
 * The number of rows that IsWorthATrial() looks at.  Few are enough, and there may be as many hypotheses as
 * columns.
 */
#define GLANCE_ROWS		8

bool
IsWorthATrial(const HypothesisList *list, const Hypothesis *h)
{
	const double *observed = list->data->observed[list->feature];
	int			seen = 0;

	for (int r = 0; r < list->data->nrows && seen < GLANCE_ROWS; r++)
	{
		double		value;

		if (!list->in_question[r])
			continue;
		value = Predict(h, r);
		/* a row where both are missing tells nothing: a column may be missing in most rows */
		if (isnan(value) && isnan(observed[r]))
			continue;
		seen++;
		if (fabs(value - observed[r]) <= 1e-6 * (1 + fabs(value) + fabs(observed[r])))
			return true;
	}
	return false;
}

bool
ChangesNothing(const FeatureRecipe *feature)
{
	FeatureRecipe plain = *feature;
	Explanation line;

	if (!feature->formula->affine || FormulaIsOfRows(feature->formula))
		return false;
	plain.nbefore = 0;
	plain.outside = OUTSIDE_KEEP;	/* 0 and 1 may lie outside of the training range */
	ExplanationInit(&line, &plain, APPLY_ONCE);
	return ExplainedValue(&line, 0.0) == 0.0 && ExplainedValue(&line, 1.0) == 1.0;
}

int
CompareDoubles(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return x < y ? -1 : x > y;
}

int
DistinctInQuestion(const HypothesisList *list)
{
	const double *raw = list->data->raw[list->feature];
	double	   *values = palloc(sizeof(double) * Max(list->data->nrows, 1));
	int			n = 0;
	int			distinct = 0;

	for (int r = 0; r < list->data->nrows; r++)
		if (list->in_question[r] && isfinite(raw[r]))
			values[n++] = raw[r];
	qsort(values, n, sizeof(double), CompareDoubles);
	for (int i = 0; i < n; i++)
		distinct += i == 0 || values[i] != values[i - 1];
	pfree(values);
	return distinct;
}
