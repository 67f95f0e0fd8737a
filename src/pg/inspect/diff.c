/*
 * diff.c
 *		The function diff(): the differences between two scalers.
 */
#include "pg/inspect/described.h"

#include <math.h>
#include "funcapi.h"
#include "pg/base/name_index.h"
#include "pg/inspect/row_builder.h"
#include "pg/scaler/range_json.h"
#include "utils/jsonb.h"

typedef struct DiffSink
{
	ReturnSetInfo *rsinfo;
	const char *feature;		/* NULL for what is not about one feature */
	int			rows;			/* number of rows that were put out */
} DiffSink;

/* Put out a row: what differs, its old and new text, and the shift, which is NULL unless it is finite. */
static void
Differ(DiffSink *sink, const char *what, const char *old, const char *new, double shift)
{
	RowBuilder	row = {.n = 0};

	AddText(&row, sink->feature);
	AddText(&row, what);
	AddText(&row, old);
	AddText(&row, new);
	AddDouble(&row, shift, isfinite(shift));
	PutRow(sink->rsinfo, &row);
	sink->rows++;
}

static void
DifferText(DiffSink *sink, const char *what, const char *old, const char *new)
{
	if (strcmp(old, new) != 0)
		Differ(sink, what, old, new, NAN);
}

/*
 * Report a number if its bits differ.  "deviation" is the old standard deviation, the unit of the shift; NaN if
 * a shift would mean nothing.
 */
static void
DifferDouble(DiffSink *sink, const char *what, double old, double new, double deviation)
{
	if (DoubleBits(old) != DoubleBits(new))
		Differ(sink, what, DoubleText(old), DoubleText(new), (new - old) / deviation);
}

/* Report two tables of quantiles that differ: the quantile that moved most, and how many moved. */
static void
DifferTable(DiffSink *sink, const FormulaTable *old, const FormulaTable *new, double deviation)
{
	uint32		moved = 0;
	uint32		most = 0;

	if (old->length != new->length)
	{
		Differ(sink, "number of quantiles", psprintf("%u", old->length), psprintf("%u", new->length), NAN);
		return;
	}
	for (uint32 k = 0; k < old->length; k++)
	{
		moved += old->values[k] != new->values[k];
		if (fabs(new->values[k] - old->values[k]) > fabs(new->values[most] - old->values[most]))
			most = k;
	}
	if (moved > 0)
		DifferDouble(sink, psprintf("quantile %u, the most of %u that moved", most + 1, moved),
					 old->values[most], new->values[most], deviation);
}

static const char *
RuleName(const FeatureRecipe *feature)
{
	return FeatureHasRangeRule(feature) ? RangeRuleText(&feature->range_rule) : "training";
}

/* Return what the statistics of a feature are of; without a rule nothing is outside of the range. */
static const char *
StatisticsName(const FeatureRecipe *feature)
{
	return range_statistics_names[!FeatureHasRangeRule(feature) || feature->range_rule.of_all];
}

/* Report an end of a range, which may be open. */
static void
DifferEnd(DiffSink *sink, const char *what, double old, double new, double deviation)
{
	bool		open_old = fabs(old) == RANGE_UNKNOWN;
	bool		open_new = fabs(new) == RANGE_UNKNOWN;

	if (open_old || open_new)
		DifferText(sink, what, open_old ? "open" : DoubleText(old), open_new ? "open" : DoubleText(new));
	else
		DifferDouble(sink, what, old, new, deviation);
}

/* Report what differs between two ranges: of training or by a rule, and where they end. */
static void
DifferRange(DiffSink *sink, const FeatureRecipe *a, const FeatureRecipe *b, double deviation)
{
	bool		by_rule = FeatureHasRangeRule(a) || FeatureHasRangeRule(b);

	DifferText(sink, "range", RuleName(a), RuleName(b));
	DifferText(sink, "statistics", StatisticsName(a), StatisticsName(b));
	if (!RangeIsKnown(a) || !RangeIsKnown(b))
		DifferText(sink, "range", RangeIsKnown(a) ? "known" : "unknown", RangeIsKnown(b) ? "known" : "unknown");
	else
	{
		DifferEnd(sink, by_rule ? "range from" : "min", a->lower, b->lower, deviation);
		DifferEnd(sink, by_rule ? "range to" : "max", a->upper, b->upper, deviation);
	}
}

/* Return the sum of the weights of a feature, as far as it is known. */
static const char *
WeightsText(const Described *of, int i, bool known)
{
	if (!of->recipe.weighted)
		return "none";
	return known && of->profile.weighted ? DoubleText(WeightedTotal(&of->profile.weighted[i])) : "some";
}

static void
DifferBool(DiffSink *sink, const char *what, bool old, bool new)
{
	DifferText(sink, what, old ? "true" : "false", new ? "true" : "false");
}

static const char *
ClipName(const FeatureRecipe *feature)
{
	return feature->clips ? psprintf("[%s, %s]", DoubleText(feature->clip[0]), DoubleText(feature->clip[1])) : "none";
}

/* Report the differences between feature i of the old scaler and feature j of the new one. */
static void
DiffFeature(DiffSink *sink, const Described *old, int i, const Described *new, int j)
{
	const FeatureRecipe *a = &old->recipe.features[i];
	const FeatureRecipe *b = &new->recipe.features[j];
	double		deviation = NAN;

	if (old->has_profile)
		deviation = MomentsDeviation(&old->profile.moments[i], 0);
	if (!(deviation > 0))
		deviation = NAN;
	if ((a->name == NULL) != (b->name == NULL))
		DifferText(sink, "name", a->name ? a->name : "none", b->name ? b->name : "none");
	if (i != j)
		Differ(sink, "position", psprintf("%d", i + 1), psprintf("%d", j + 1), NAN);
	DifferText(sink, "method", a->method->name, b->method->name);
	if (a->method == b->method)
	{
		Jsonb	   *options_a = DatumGetJsonbP(RecipeOptionsJsonb(a));
		Jsonb	   *options_b = DatumGetJsonbP(RecipeOptionsJsonb(b));

		DifferText(sink, "options", JsonbToCString(NULL, &options_a->root, VARSIZE(options_a)),
				   JsonbToCString(NULL, &options_b->root, VARSIZE(options_b)));
	}
	else
	{
		/* which are among the options of the same method */
		if (a->nbefore > 0 || b->nbefore > 0)
			DifferText(sink, "steps before", StepsText(a), StepsText(b));
		DifferText(sink, "clip", ClipName(a), ClipName(b));
		DifferText(sink, "dtype", PolicyCodeToName(dtype_names, a->dtype), PolicyCodeToName(dtype_names, b->dtype));
	}
	DifferText(sink, "formula", a->formula->name, b->formula->name);
	if (a->formula == b->formula)
		for (int k = 0; k < a->formula->nparams; k++)
			/* after a transformation, a center is in other units than the deviation */
			DifferDouble(sink, a->formula->param_names[k], a->param[k], b->param[k],
						 strcmp(a->formula->param_names[k], "center") == 0 && a->formula->affine && a->nbefore == 0 ?
						 deviation : NAN);
	if (a->formula == b->formula && a->formula->table_name)
		DifferTable(sink, &a->table, &b->table, deviation);
	if (a->shifted && b->shifted)
		DifferText(sink, "intercept of", PolicyCodeToName(intercept_names, a->intercept),
				   PolicyCodeToName(intercept_names, b->intercept));
	DifferBool(sink, "imported", a->imported, b->imported);
	DifferBool(sink, "global", a->global, b->global);
	DifferText(sink, "missing", MissingText(a), MissingText(b));
	DifferText(sink, "outside", PolicyCodeToName(outside_policy_names, a->outside),
			   PolicyCodeToName(outside_policy_names, b->outside));
	DifferText(sink, "domain", PolicyCodeToName(domain_policy_names, a->domain.policy),
			   PolicyCodeToName(domain_policy_names, b->domain.policy));
	DifferText(sink, "constant", PolicyCodeToName(constant_policy_names, a->constant_policy),
			   PolicyCodeToName(constant_policy_names, b->constant_policy));
	DifferBool(sink, "unfit", a->unfit, b->unfit);
	DifferBool(sink, "target", a->target, b->target);
	DifferText(sink, "source of quantiles", PolicyCodeToName(quantile_source_names, a->quantiles),
			   PolicyCodeToName(quantile_source_names, b->quantiles));
	DifferRange(sink, a, b, deviation);
	DifferText(sink, "weights", WeightsText(old, i, old->has_profile && new->has_profile),
			   WeightsText(new, j, old->has_profile && new->has_profile));
	if (old->has_profile && new->has_profile)
	{
		const Moments *m = &old->profile.moments[i];
		const Moments *n = &new->profile.moments[j];

		DifferText(sink, "n", psprintf(INT64_FORMAT, m->count), psprintf(INT64_FORMAT, n->count));
		DifferText(sink, "missing count", psprintf(INT64_FORMAT, MomentsMissing(m)),
				   psprintf(INT64_FORMAT, MomentsMissing(n)));
		DifferDouble(sink, "mean", MomentsMean(m), MomentsMean(n), deviation);
		DifferDouble(sink, "std", MomentsDeviation(m, 0), MomentsDeviation(n, 0), deviation);
	}
}

/*
 * Return the feature of recipe "in" that corresponds to feature i of another recipe, or -1.  "names" is the
 * index of the names in "in".
 */
static int
MatchFeature(const Recipe *from, int i, const Recipe *in, const NameIndex *names)
{
	if (from->named && in->named)
		return NameIndexFind(names, from->features[i].name);
	return i < in->nfeatures ? i : -1;
}

PG_FUNCTION_INFO_V1(diff);
Datum
diff(PG_FUNCTION_ARGS)
{
	Described	old;
	Described	new;
	NameIndex	old_names;
	NameIndex	new_names;
	DiffSink	sink;

	DescribeId(&old, PG_GETARG_INT64(0));
	DescribeId(&new, PG_GETARG_INT64(1));
	old_names = MakeFeatureIndex(&old.recipe);
	new_names = MakeFeatureIndex(&new.recipe);
	InitMaterializedSRF(fcinfo, 0);
	sink.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	sink.rows = 0;
	for (int i = 0; i < old.recipe.nfeatures; i++)
	{
		int			j = MatchFeature(&old.recipe, i, &new.recipe, &new_names);
		const char *name = old.recipe.features[i].name;

		CHECK_FOR_INTERRUPTS();
		sink.feature = name ? name : psprintf("feature %d", i + 1);
		if (j < 0)
			Differ(&sink, "feature", "present", "absent", NAN);
		else
			DiffFeature(&sink, &old, i, &new, j);
	}
	for (int j = 0; j < new.recipe.nfeatures; j++)
		if (MatchFeature(&new.recipe, j, &old.recipe, &old_names) < 0)
		{
			const char *name = new.recipe.features[j].name;

			sink.feature = name ? name : psprintf("feature %d", j + 1);
			Differ(&sink, "feature", "absent", "present", NAN);
		}
	sink.feature = NULL;
	DifferText(&sink, "distribution", psprintf("%u", old.recipe.distribution), psprintf("%u", new.recipe.distribution));
	/* of other rows, with the same parameters, numbers, means and deviations */
	if (sink.rows == 0)
		DifferText(&sink, "profile", old.digest, new.digest);
	return (Datum) 0;
}
