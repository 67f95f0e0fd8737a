/*
 * fit_spec.c
 *		What is done to each feature, by the options of a fit.
 */
#include "pg/fit/fit_spec.h"

#include "pg/base/names_alike.h"
#include "pg/fit/fit_options.h"
#include "pg/fit/range_fit.h"
#include "pg/fit/read_options.h"

/*
 * Read an object such as {"income": {"method": "robust"}}. Options that are not given are those of the other
 * features.
 */
static void
ReadFeatures(FitSpec *spec, const JsonNode *value)
{
	char	  **names;

	if (value->type != JSON_NODE_OBJECT)
		BadOption(value, "an object with the name of a feature for each key");
	spec->noverrides = value->nchildren;
	spec->overrides = palloc0(sizeof(FeatureOverride) * Max(value->nchildren, 1));
	names = palloc(sizeof(char *) * Max(value->nchildren, 1));
	for (int i = 0; i < value->nchildren; i++)
	{
		const JsonNode *member = value->children[i];
		const JsonNode *method;
		FeatureOverride *override = &spec->overrides[i];

		if (member->type != JSON_NODE_OBJECT)
			BadOption(member, "an object with the feature's method and options");
		CHECK_FOR_INTERRUPTS();
		names[i] = override->name = member->key;
		override->spec = spec->common;
		method = JsonMember(member, "method");
		if (method)
		{
			if (method->type != JSON_NODE_STRING)
				BadOption(method, "the name of a method");
			SetFeatureMethod(&override->spec, method->text);
			if (JsonMember(member, "steps"))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("feature \"%s\" has both \"method\" and \"steps\"", member->key),
						 errhint("The method of a single step is enough; a sequence has the methods in \"steps\".")));
		}
		if (JsonMember(member, "steps"))
			ReadSteps(spec, &override->spec, JsonMember(member, "steps"));
		ReadOptions(spec, &override->spec, member, BIT_ARRAY | BIT_ROW | BIT_PROFILE, true);
		/* a feature that keeps what is outside needs no range, though the others have one */
		if (override->spec.outside == OUTSIDE_KEEP && JsonMember(member, "range") == NULL)
			override->spec.range_rule.kind = RANGE_OF_TRAINING;
	}
	spec->overridden = MakeNameIndex(names, spec->noverrides);
}

/* ---- the whole ---- */

/*
 * Fail unless the method can have an intercept and a multiplier.  These stand in for the output ranges of
 * minmax and maxabs.
 */
static void
CheckShift(const FeatureSpec *feature)
{
	int			range = MethodOptionPlace(feature->method, &option_feature_range);
	double		low;
	double		high;

	if (!SpecIsShifted(feature))
		return;
	if (feature->nsteps > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a sequence of steps takes no intercept or multiplier"),
				 errhint("Add a step of method affine, or one of method minmax with a \"feature_range\".")));
	if (feature->method->location_scale == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("method %s takes no intercept or multiplier", feature->method->name),
				 errhint("They belong to methods with a location and a scale, such as standard or midrange.")));
	if (feature->multiplier == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"multiplier\" must not be zero")));
	if (MethodClips(feature->method, feature->option, &low, &high))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"clip\" contradicts an intercept or a multiplier"),
				 errhint("To clip to the training range, use {\"outside\": \"clip\"}.")));
	if (range >= 0 && memcmp(feature->option + range, option_feature_range.defaults, 2 * sizeof(double)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"feature_range\" contradicts an intercept or a multiplier"),
				 errhint("Give the range by the intercept and the multiplier alone.")));
}

/* Fail unless the formula can be clipped. */
static void
CheckClip(const FeatureSpec *feature)
{
	if (feature->clips && !MethodFormula(feature->method, feature->option)->affine)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"clip\" does not apply to method %s", feature->method->name),
				 errhint("It is for methods that shift and scale, such as standard; {\"clip\": false} leaves a feature out.")));
}

/* Set what is known of the steps of a feature, unless they need no more than moments, or values. */
static void
SettleKnownPath(FeatureSpec *feature)
{
	StepSpec	alone = {.method = feature->method, .domain = SpecDomain(feature)};

	memset(&feature->known, 0, sizeof(feature->known));
	if (feature->quantiles != QUANTILES_EXACT || !SpecDerivesFromValues(feature) || SpecFollowsFromRange(feature) ||
		RangeNeedsValues(&feature->range_rule))
		return;
	memcpy(alone.option, feature->option, sizeof(alone.option));
	if (feature->nsteps > 0)
		FindKnownPath(feature->steps, feature->nsteps, &feature->known);
	else
		FindKnownPath(&alone, 1, &feature->known);
}

/* Return whether any feature has a rule for its range. */
static bool
AnyRangeRule(const FitSpec *spec)
{
	bool		any = spec->common.range_rule.kind != RANGE_OF_TRAINING;

	for (int i = 0; i < spec->noverrides; i++)
		any = any || spec->overrides[i].spec.range_rule.kind != RANGE_OF_TRAINING;
	return any;
}

static void
CheckQuantileSource(const FitSpec *spec, const FeatureSpec *feature)
{
	if (feature->quantiles == QUANTILES_HISTOGRAM && spec->distribution == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"quantiles\" cannot be \"histogram\" without a distribution"),
				 errhint("Leave out {\"distribution\": false}.")));
}

/* Return the spec of a fit without options. */
static FitSpec *
UsualSpec(const char *method)
{
	FitSpec    *spec = palloc0(sizeof(FitSpec));

	spec->method = method;
	spec->common.method = FindMethod(method);
	spec->common.unfit = CONSTANT_ERROR;
	spec->common.empty = EMPTY_AS_UNFIT;
	spec->common.quantiles = QUANTILES_EXACT;
	spec->common.multiplier = 1;
	spec->common.scale = 1;
	spec->common.domain = DOMAIN_AS_USUAL;
	spec->distribution = HISTOGRAM_DEFAULT_SIZE;
	spec->columns.count = spec->names.count = -1;
	MethodDefaults(spec->common.method, spec->common.option);
	return spec;
}

/* Read all options.  Features inherit everything else, so they are read last. */
static void
ReadAllOptions(FitSpec *spec, const JsonNode *options, FitInput input)
{
	const JsonNode *features = JsonMember(options, "features");
	JsonNode	others = *options;

	others.children = palloc(sizeof(JsonNode *) * Max(options->nchildren, 1));
	others.nchildren = 0;
	for (int i = 0; i < options->nchildren; i++)
		if (options->children[i] != features)
			others.children[others.nchildren++] = options->children[i];
	if (JsonMember(options, "steps"))
		ReadSteps(spec, &spec->common, JsonMember(options, "steps"));
	ReadOptions(spec, &spec->common, &others, InputBit(input), false);
	if (features)
		ReadFeatures(spec, features);
}

/* Check that the options of one feature go together, and settle what follows from all of them. */
static void
FinishFeature(const FitSpec *spec, FeatureSpec *feature)
{
	CheckQuantileSource(spec, feature);
	CheckShift(feature);
	CheckClip(feature);
	SettleDomains(feature);
	CheckRangeIsUsed(feature);
	SettleKnownPath(feature);
}

FitSpec *
ParseFitOptions(const char *method, const JsonNode *options, FitInput input)
{
	FitSpec    *spec = UsualSpec(method);

	if (options && options->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options must be a JSON object, not %s", JsonTypeName(options)),
				 errhint("For example: {\"columns\": [\"age\", \"income\"]}.")));
	if (options)
		ReadAllOptions(spec, options, input);
	FinishFeature(spec, &spec->common);
	for (int i = 0; i < spec->noverrides; i++)
		FinishFeature(spec, &spec->overrides[i].spec);
	if (spec->range_statistics && !AnyRangeRule(spec))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"statistics\" says nothing without option \"range\""),
				 errhint("All training values are inside of the range that they themselves have.")));
	if (spec->columns.count >= 0 && spec->exclude.count > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"columns\" and \"exclude\" contradict each other"),
				 errhint("Name either the columns to take or the columns to leave out.")));
	return spec;
}

FitSpec *
ParseProfileOptions(const JsonNode *options, FitInput input)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; fit_options[i].name; i++)
		if (fit_options[i].of_profile && (fit_options[i].inputs & InputBit(input)))
			appendStringInfo(&known, "%s%s", known.len ? ", " : "", fit_options[i].name);
	for (int c = 0; options->type == JSON_NODE_OBJECT && c < options->nchildren; c++)
	{
		bool		found = false;

		for (int i = 0; fit_options[i].name; i++)
			found = found || (fit_options[i].of_profile && strcmp(options->children[c]->key, fit_options[i].name) == 0);
		if (!found)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown option \"%s\" for a profile", options->children[c]->key),
					 errhint("The options are: %s.", known.data)));
	}
	return ParseFitOptions(method_identity.name, options, input);
}

const FeatureSpec *
SpecOfFeature(const FitSpec *spec, const char *name)
{
	int			i = name ? NameIndexFind(&spec->overridden, name) : -1;

	return i >= 0 ? &spec->overrides[i].spec : &spec->common;
}

uint8
SpecDomain(const FeatureSpec *spec)
{
	if (spec->nsteps > 0)
		return spec->steps[spec->nsteps - 1].domain;
	return spec->domain == DOMAIN_AS_USUAL ? MethodUsualDomain(spec->method, spec->option) : spec->domain;
}

bool
SpecDerivesFromValues(const FeatureSpec *spec)
{
	return spec->method->needs_values || spec->nsteps > 1 || RangeNeedsValues(&spec->range_rule) ||
		(SpecDomain(spec) > DOMAIN_ERROR && MethodFormula(spec->method, spec->option)->domain);
}

bool
SpecFollowsFromRange(const FeatureSpec *spec)
{
	bool		inside = spec->range_rule.kind != RANGE_OF_TRAINING && !spec->range_rule.of_all;

	if (!RangeFollowsFromMoments(&spec->range_rule, spec->outside == OUTSIDE_CLIP) || SpecIsShifted(spec))
		return false;
	for (int k = 0; k < spec->nsteps - 1; k++)
	{
		const StepSpec *step = &spec->steps[k];
		const Formula *formula = MethodFormula(step->method, step->option);

		if (!StepFollowsFromRange(step->method, formula, step->domain, k == 0 && !inside, false))
			return false;
	}
	return StepFollowsFromRange(spec->method, MethodFormula(spec->method, spec->option), SpecDomain(spec),
								spec->nsteps <= 1 && !inside, true);
}

bool
SpecNeedsQuantiles(const FeatureSpec *spec)
{
	return SpecDerivesFromValues(spec) || spec->missing == MISSING_MEDIAN;
}

bool
SpecNeedsEveryValue(const FeatureSpec *spec)
{
	bool		needs_values = SpecDerivesFromValues(spec) && !SpecFollowsFromRange(spec) &&
		!SpecFollowsFromResults(spec);

	/* nothing stands for the most frequent value */
	return spec->missing == MISSING_MOST_FREQUENT ||
		(spec->quantiles == QUANTILES_EXACT && (needs_values || spec->missing == MISSING_MEDIAN));
}

bool
SpecNeedsOwnValues(const FeatureSpec *spec)
{
	/* a range by a rule is that of the values from which the parameters come */
	return (spec->outside != OUTSIDE_KEEP && spec->range_rule.kind == RANGE_OF_TRAINING) ||
		spec->intercept_source != INTERCEPT_NUMBER || MissingPolicyDerives(spec->missing);
}

bool
SpecIsShifted(const FeatureSpec *spec)
{
	return spec->intercept_source != INTERCEPT_NUMBER || spec->intercept != 0 || spec->multiplier != 1;
}

static void
CheckKnownFeature(const char *name, const char *option, const NameIndex *known, char *const *names)
{
	if (NameIndexFind(known, name) >= 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("option \"%s\" names \"%s\", which is not a feature", option, name),
			 known->count > 0 ? errhint("%sThe features are the columns that options choose, or what \"names\" calls the values of an array.", NameAlike(name, known->count, names)) :
			 errhint("The features of arrays get names with option \"names\".")));
}

void
CheckSpecNames(const FitSpec *spec, char *const *names, int nfeatures)
{
	NameIndex	known;

	if (spec->noverrides == 0 && spec->target.count == 0)
		return;
	known = MakeNameIndex(names, names ? nfeatures : 0);
	for (int i = 0; i < spec->noverrides; i++)
		CheckKnownFeature(spec->overrides[i].name, "features", &known, names);
	for (int i = 0; i < spec->target.count; i++)
		CheckKnownFeature(spec->target.names[i], "target", &known, names);
	if (spec->target.count > 0 && spec->target.count >= nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("every feature is a target"),
				 errhint("Leave at least one feature for rows to be normalized by.")));
}
