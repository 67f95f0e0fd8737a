/*
 * fit_options.c
 *		The table of a fit's options that do not belong to the table of methods.
 */
#include "pg/fit/fit_options.h"

#include "pg/base/names.h"
#include "pg/scaler/range_json.h"

void
BadOption(const JsonNode *value, const char *expected)
{
	if (value->type == JSON_NODE_STRING || value->type == JSON_NODE_NUMBER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\": \"%s\"", value->key, value->text),
				 errhint("It must be %s.", expected)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for option \"%s\": JSON %s", value->key, JsonTypeName(value)),
			 errhint("It must be %s.", expected)));
}

int
ReadOneOf(const JsonNode *value, const char *const *choices, const char *expected)
{
	int			index = value->type == JSON_NODE_STRING ? ChoiceIndex(choices, value->text) : -1;

	if (index < 0)
		BadOption(value, expected);
	return index;
}

/* Return the code of the policy that a value names, or -1. */
static int
PolicyOf(const JsonNode *value, const PolicyName *names)
{
	return value->type == JSON_NODE_STRING ? PolicyNameToCode(names, value->text) : -1;
}

static NameList
ReadNameList(const JsonNode *value)
{
	NameList	list;

	if (value->type != JSON_NODE_ARRAY)
		BadOption(value, "an array of names");
	list.count = value->nchildren;
	list.names = palloc(sizeof(char *) * Max(list.count, 1));
	for (int i = 0; i < list.count; i++)
	{
		if (value->children[i]->type != JSON_NODE_STRING)
			BadOption(value, "an array of names, each a string");
		list.names[i] = value->children[i]->text;
	}
	return list;
}

static void
ReadColumns(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	spec->all_numeric = value->type == JSON_NODE_STRING && strcmp(value->text, "numeric") == 0;
	if (spec->all_numeric)
		return;
	if (value->type != JSON_NODE_ARRAY || value->nchildren == 0)
		BadOption(value, "an array of at least one name, or \"numeric\" for all columns that are numeric or boolean");
	spec->columns = ReadNameList(value);
}

static void
ReadExclude(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	spec->exclude = ReadNameList(value);
	CheckFeatureNames(spec->exclude.names, spec->exclude.count);
}

static void
ReadNames(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	spec->names = ReadNameList(value);
	if (spec->names.count == 0)
		BadOption(value, "an array of one name for each feature");
}

static void
ReadTarget(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (value->type == JSON_NODE_STRING)
	{
		spec->target.count = 1;
		spec->target.names = palloc(sizeof(char *));
		spec->target.names[0] = value->text;
	}
	else
		spec->target = ReadNameList(value);
	CheckFeatureNames(spec->target.names, spec->target.count);
	spec->targets = MakeNameIndex(spec->target.names, spec->target.count);
}

static void
ReadDistribution(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	double		number;

	if (value->type == JSON_NODE_BOOLEAN)
		spec->distribution = value->boolean ? HISTOGRAM_DEFAULT_SIZE : 0;
	else if (JsonNumber(value, &number) && number == floor(number) &&
			 number >= HISTOGRAM_MIN_SIZE && number <= HISTOGRAM_MAX_SIZE)
		spec->distribution = (uint32) number;
	else
		BadOption(value, psprintf("true, false, or a number of bins from %d to %d",
								  HISTOGRAM_MIN_SIZE, HISTOGRAM_MAX_SIZE));
}

static void
ReadQuantiles(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code = PolicyOf(value, quantile_source_names);

	if (code != QUANTILES_EXACT && code != QUANTILES_HISTOGRAM)
		BadOption(value, "\"exact\" or \"histogram\"");
	feature->quantiles = (uint8) code;
}

static void
ReadMissing(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code;

	if (JsonNumber(value, &feature->imputed))
	{
		feature->missing = MISSING_CONSTANT;
		feature->imputed = CanonicalZero(feature->imputed);
		return;
	}
	code = PolicyOf(value, missing_policy_names);
	if (code < 0 || code == MISSING_CONSTANT)
		BadOption(value, "\"keep\", \"nan\", \"error\", a number, \"zero\", \"mean\", \"median\", \"min\", \"max\" or \"most_frequent\"");
	feature->missing = (uint8) code;
}

static void
ReadOutside(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code = PolicyOf(value, outside_policy_names);

	if (code < 0)
		BadOption(value, "\"keep\", \"clip\", \"null\" or \"error\"");
	feature->outside = (uint8) code;
}

/* Read the rule by which the range of policy "outside" is found. */
static void
ReadRange(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	const char *problem;

	if (value->type == JSON_NODE_STRING && strcmp(value->text, "training") == 0)
	{
		feature->range_rule = (RangeRule) {.of_all = feature->range_rule.of_all};
		return;
	}
	problem = ReadRangeRule(value, &feature->range_rule);
	if (problem)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"range\": %s", problem),
				 errhint("It must be two percentiles, such as [1, 99], an object such as {\"fraction\": 0.05}, "
						 "{\"deviations\": 3}, {\"mad\": 3} or {\"iqr\": 1.5}, or \"training\".")));
}

static void
ReadStatistics(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	feature->range_rule.of_all = ReadOneOf(value, range_statistics_names,
										   "\"inside\", for what the range leaves of the values, or \"all\"") == 1;
	spec->range_statistics = true;
}

static void
ReadConstant(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code = PolicyOf(value, constant_policy_names);

	if (code < 0)
		BadOption(value, "\"unit\", \"null\" or \"error\"");
	feature->constant = (uint8) code;
}

static uint8
ReadUnfitPolicy(const JsonNode *value)
{
	int			code = PolicyOf(value, constant_policy_names);

	if (code < 0)
		BadOption(value, "\"error\", \"null\" or \"unit\"");
	return (uint8) code;
}

static void
ReadEmpty(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	feature->empty = ReadUnfitPolicy(value);
}

static void
ReadUnfit(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	feature->unfit = ReadUnfitPolicy(value);
}

static void
ReadInfinite(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	static const char *const choices[] = {"error", "skip", NULL};

	feature->skip_infinite = ReadOneOf(value, choices, "\"error\" or \"skip\"") == 1;
}

static void
ReadMaxQuantiles(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	double		most;

	/* with the bounds of n_quantiles */
	if (!JsonNumber(value, &most) || MethodOptionProblem(&option_n_quantiles, &most) != NULL)
		BadOption(value, "a whole number between 1 and 100000");
	MethodMostQuantiles(feature->method, feature->option, most);
}

static void
ReadDomain(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code = PolicyOf(value, domain_policy_names);

	if (code < DOMAIN_ERROR)
		BadOption(value, "\"error\", \"null\" or \"clip\"");
	feature->domain = (uint8) code;
}

/* Methods with an option of this name have it for their own range, by true and false. */
static void
ReadClip(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			own = MethodOptionPlace(feature->method, &option_clip);

	feature->clips = value->type == JSON_NODE_ARRAY;
	if (value->type == JSON_NODE_BOOLEAN && !value->boolean)
		return;
	if (!JsonInterval(value, feature->clip) || feature->clip[0] > feature->clip[1])
		BadOption(value, "an array of two numbers in ascending order, such as [-5, 5], or false");
	if (own >= 0)
		feature->option[own] = 0;
}

static void
ReadGlobal(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (value->type != JSON_NODE_BOOLEAN)
		BadOption(value, "true or false");
	feature->global = value->boolean;
}

static void
ReadIntercept(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	int			code;

	feature->intercept = 0;
	if (JsonNumber(value, &feature->intercept))
	{
		feature->intercept_source = INTERCEPT_NUMBER;
		return;
	}
	code = PolicyOf(value, intercept_names);
	if (code < 0 || code == INTERCEPT_NUMBER)
		BadOption(value, "a number, \"min\", \"mean\", \"max\", \"-min\", \"-mean\" or \"-max\"");
	feature->intercept_source = (uint8) code;
}

static void
ReadMultiplier(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (!JsonNumber(value, &feature->multiplier))
		BadOption(value, "a number");
}

static void
ReadCenter(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (!JsonNumber(value, &feature->center))
		BadOption(value, "a number");
}

static void
ReadScale(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	if (!JsonNumber(value, &feature->scale) || feature->scale == 0)
		BadOption(value, "a number other than zero");
}

static void
ReadLambda(FitSpec *spec, FeatureSpec *feature, const JsonNode *value)
{
	static const char *const choices[] = {"exact", "bounded", NULL};

	feature->bounded = ReadOneOf(value, choices, "\"exact\" or \"bounded\"") == 1;
}

const FitOption fit_options[] = {
	{"columns", BIT_ROW, false, ReadColumns, .of_profile = true},
	{"exclude", BIT_ROW, false, ReadExclude, .of_profile = true},
	{"names", BIT_ARRAY, false, ReadNames, .of_profile = true},
	{"target", BIT_ARRAY | BIT_ROW | BIT_PROFILE, false, ReadTarget},
	{"distribution", BIT_ARRAY | BIT_ROW, false, ReadDistribution, .of_profile = true},
	{"features", BIT_ARRAY | BIT_ROW | BIT_PROFILE, false, NULL},
	{"missing", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadMissing},
	{"outside", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadOutside},
	{"range", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadRange},
	{"statistics", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadStatistics},
	{"constant", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadConstant},
	{"unfit", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadUnfit},
	{"empty", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadEmpty},
	{"domain", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadDomain},
	{"steps", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, NULL},
	{"clip", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadClip},
	{"infinite", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadInfinite},
	{"quantiles", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadQuantiles},
	{"global", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadGlobal},
	{"intercept", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadIntercept},
	{"multiplier", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadMultiplier},
	{"center", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadCenter, .given = true},
	{"scale", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadScale, .given = true},
	{"max_quantiles", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadMaxQuantiles, &option_n_quantiles},
	{"lambda", BIT_ARRAY | BIT_ROW | BIT_PROFILE, true, ReadLambda, &option_power},
	{NULL}
};

bool
OptionIsOfMethod(const FitOption *option, const Method *method)
{
	return (!option->given || method->given) &&
		(option->beside == NULL || MethodOptionPlace(method, option->beside) >= 0);
}

int
InputBit(FitInput input)
{
	return input == FIT_ARRAY ? BIT_ARRAY : (input == FIT_ROW ? BIT_ROW : BIT_PROFILE);
}
