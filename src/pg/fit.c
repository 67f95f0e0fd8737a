/*
 * fit.c
 *		Deriving the recipe of a scaler from a profile.
 */
#include "pg/fit.h"

#include "pg/digest.h"
#include "pg/normfreeze.h"
#include "pg/profile_type.h"
#include "pg/scaler_type.h"
#include "utils/builtins.h"

OrderSource
SourceFromHistogram(const Profile *settled, int i)
{
	OrderSource source = {0};

	source.count = (uint64) settled->moments[i].count;
	source.histogram = &settled->histograms[i];
	source.min = settled->moments[i].min;
	source.max = settled->moments[i].max;
	return source;
}

/* Where this feature's order statistics come from; errors out if nowhere. */
static OrderSource
FindOrderSource(const FeatureSpec *spec, const Profile *settled, ValueStore *stores, int i, const char *label)
{
	OrderSource source = {0};

	if (spec->quantiles == QUANTILES_EXACT && stores)
	{
		source.store = &stores[i];
		source.count = stores[i].count;
		return source;
	}
	if (settled->histograms &&
		(spec->quantiles == QUANTILES_HISTOGRAM || HistogramIsExact(&settled->histograms[i])))
		return SourceFromHistogram(settled, i);

	if (settled->histograms == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a profile without distribution has no quantiles for %s", label),
				 errhint("Fit the rows themselves, with normfreeze.fit(row, ...) or normfreeze.fit_table(...).")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the profile does not hold the exact quantiles of %s", label),
			 errdetail("Its distribution counts values in cells, not one by one."),
			 errhint("Fit the rows themselves, or accept quantiles interpolated within the cells: {\"quantiles\": \"histogram\"}.")));
}

static double
ImputedValue(const FeatureSpec *spec, const Moments *moments, const OrderSource *source)
{
	switch (spec->missing)
	{
		case MISSING_CONSTANT:
			return spec->imputed;
		case MISSING_MEAN:
			return MomentsMean(moments);
		case MISSING_MEDIAN:
			return SourceMedian(source);
		case MISSING_MIN:
			return moments->min;
		case MISSING_MAX:
			return moments->max;
		default:
			return 0.0;
	}
}

static void
CheckFeature(const FeatureSpec *spec, const Moments *moments, const char *label)
{
	if (MomentsInfinite(moments) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s has infinite values, " INT64_FORMAT " of " INT64_FORMAT,
						label, MomentsInfinite(moments),
						moments->count + MomentsInfinite(moments)),
				 errhint("Exclude them with FILTER, or make them NULL.")));
	if (moments->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s has no values", label),
				 errdetail("Of " INT64_FORMAT " rows, " INT64_FORMAT " are NULL and " INT64_FORMAT " are NaN.",
						   moments->nulls + moments->nans, moments->nulls, moments->nans),
				 errhint("Leave the feature out, with option \"columns\" or \"exclude\".")));
}

static void
FitFeature(FeatureRecipe *recipe, const FeatureSpec *spec, const Profile *settled,
		   ValueStore *stores, int i, char *label)
{
	const Moments *moments = &settled->moments[i];
	OrderSource source = {0};
	DeriveInput input = {moments, NULL, spec->option};
	Derived		derived;

	CheckFeature(spec, moments, label);
	if (SpecNeedsQuantiles(spec))
	{
		source = FindOrderSource(spec, settled, stores, i, label);
		input.order = &source;
	}

	switch (MethodDerive(spec->method, &input, &derived))
	{
		case DERIVE_OK:
			break;
		case DERIVE_NO_VALUES:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("%s has too few values for method %s: " INT64_FORMAT,
							label, spec->method->name, moments->count)));
			break;
		case DERIVE_NOT_FINITE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("method %s gives %s a parameter beyond float8", spec->method->name, label),
					 errdetail("Its values range from %s to %s.",
							   DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(moments->min))),
							   DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(moments->max)))),
					 errhint("Rescale the column, or choose another method for this feature.")));
			break;
	}
	if (derived.constant && spec->constant == CONSTANT_ERROR)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s is constant", label),
				 errdetail("Its spread by method %s is zero over " INT64_FORMAT " values.", spec->method->name, moments->count),
				 errhint("Leave it out, or choose {\"constant\": \"unit\"} or {\"constant\": \"null\"}.")));

	recipe->method = spec->method;
	memcpy(recipe->option, spec->option, sizeof(recipe->option));
	recipe->formula = spec->method->formula(spec->option);
	memcpy(recipe->param, derived.param, sizeof(recipe->param));
	recipe->lower = moments->min;
	recipe->upper = moments->max;
	recipe->missing = spec->missing;
	recipe->outside = spec->outside;
	recipe->constant_policy = spec->constant;
	recipe->constant = derived.constant;
	recipe->quantiles = SpecNeedsQuantiles(spec) ? spec->quantiles : QUANTILES_NONE;
	recipe->imputed = ImputedValue(spec, moments, &source);
	if (MissingPolicyImputes(spec->missing) && !isfinite(recipe->imputed))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the value to impute for %s is beyond float8", label)));
}

bytea *
FitProfile(const FitSpec *spec, const Profile *settled, ValueStore *stores)
{
	Recipe		recipe = {0};
	bytea	   *profile;
	uint8		digest[DIGEST_LENGTH];

	CheckFloatEnvironment();
	CheckSpecNames(spec, settled->names, settled->nfeatures);
	recipe.nfeatures = settled->nfeatures;
	recipe.named = settled->names != NULL;
	recipe.distribution = settled->distribution;
	recipe.features = palloc0(sizeof(FeatureRecipe) * settled->nfeatures);
	for (int i = 0; i < settled->nfeatures; i++)
	{
		char	   *name = settled->names ? settled->names[i] : NULL;
		const FeatureSpec *feature = SpecOfFeature(spec, name);

		CHECK_FOR_INTERRUPTS();
		recipe.features[i].name = name;
		recipe.features[i].target = name && NameListContains(&spec->target, name);
		FitFeature(&recipe.features[i], feature, settled,
				   stores && SpecNeedsQuantiles(feature) ? stores : NULL, i, FeatureLabel(name, i));
	}

	profile = ProfileToVarlena(settled);
	ProfileDigest(digest, VARDATA(profile), VARSIZE(profile) - VARHDRSZ);
	return MakeScaler(&recipe, digest, VARDATA(profile), VARSIZE(profile) - VARHDRSZ);
}

bool
RederiveFeature(const FeatureRecipe *feature, const Profile *settled, int index, Derived *derived)
{
	DeriveInput input = {&settled->moments[index], NULL, feature->option};
	OrderSource source;

	if (feature->method->needs_quantiles)
	{
		if (settled->histograms == NULL ||
			(feature->quantiles != QUANTILES_HISTOGRAM && !HistogramIsExact(&settled->histograms[index])))
			return false;
		source = SourceFromHistogram(settled, index);
		input.order = &source;
	}
	return MethodDerive(feature->method, &input, derived) == DERIVE_OK;
}
