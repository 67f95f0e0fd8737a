/*
 * recipe.c
 *		The names of policies, and the canonical bytes of a recipe.
 */
#include "core/recipe.h"

#include "core/memory.h"
#include "core/profile.h"

#define FLAG_NAMES		1
#define FEATURE_CONSTANT	1
#define FEATURE_TARGET		2

const PolicyName missing_policy_names[] = {
	{MISSING_KEEP, "keep"},
	{MISSING_NAN, "nan"},
	{MISSING_ERROR, "error"},
	{MISSING_CONSTANT, "constant"},
	{MISSING_ZERO, "zero"},
	{MISSING_MEAN, "mean"},
	{MISSING_MEDIAN, "median"},
	{MISSING_MIN, "min"},
	{MISSING_MAX, "max"},
	{0, NULL}
};

const PolicyName outside_policy_names[] = {
	{OUTSIDE_KEEP, "keep"},
	{OUTSIDE_CLIP, "clip"},
	{OUTSIDE_NULL, "null"},
	{OUTSIDE_ERROR, "error"},
	{0, NULL}
};

const PolicyName constant_policy_names[] = {
	{CONSTANT_UNIT, "unit"},
	{CONSTANT_NULL, "null"},
	{CONSTANT_ERROR, "error"},
	{0, NULL}
};

const PolicyName quantile_source_names[] = {
	{QUANTILES_NONE, "none"},
	{QUANTILES_EXACT, "exact"},
	{QUANTILES_HISTOGRAM, "histogram"},
	{0, NULL}
};

const char *
PolicyCodeToName(const PolicyName *names, uint8_t code)
{
	for (; names->name; names++)
		if (names->code == code)
			return names->name;
	return NULL;
}

int
PolicyNameToCode(const PolicyName *names, const char *name)
{
	for (; names->name; names++)
		if (strcmp(names->name, name) == 0)
			return names->code;
	return -1;
}

void
EncodeRecipe(ByteWriter *writer, const Recipe *recipe)
{
	PutByte(writer, RECIPE_FORMAT);
	PutByte(writer, recipe->named ? FLAG_NAMES : 0);
	PutVarint(writer, (uint64_t) recipe->nfeatures);
	PutVarint(writer, recipe->distribution);
	for (int i = 0; i < recipe->nfeatures; i++)
	{
		const FeatureRecipe *f = &recipe->features[i];

		if (recipe->named)
			PutString(writer, f->name);
		PutByte(writer, f->method->code);
		PutByte(writer, f->formula->code);
		PutByte(writer, (f->constant ? FEATURE_CONSTANT : 0) | (f->target ? FEATURE_TARGET : 0));
		PutByte(writer, f->missing);
		PutByte(writer, f->outside);
		PutByte(writer, f->constant_policy);
		PutByte(writer, f->quantiles);
		for (int k = 0; k < MethodValueCount(f->method); k++)
			PutDouble(writer, CanonicalZero(f->option[k]));
		for (int k = 0; k < f->formula->nparams; k++)
			PutDouble(writer, CanonicalZero(f->param[k]));
		PutDouble(writer, CanonicalZero(f->lower));
		PutDouble(writer, CanonicalZero(f->upper));
		if (MissingPolicyImputes(f->missing))
			PutDouble(writer, CanonicalZero(f->imputed));
	}
}

static const char *
FeatureProblem(const FeatureRecipe *f)
{
	const double *value = f->option;

	for (int k = 0; k < METHOD_MAX_OPTIONS && f->method->options[k]; k++)
	{
		if (MethodOptionProblem(f->method->options[k], value) != NULL)
			return "an option of a method is out of range";
		value += MethodOptionWidth(f->method->options[k]);
	}
	if (f->formula != f->method->formula(f->option))
		return "the formula does not belong to the method";
	for (int k = 0; k < f->formula->nparams; k++)
	{
		if (!IsFiniteBits(DoubleBits(f->param[k])))
			return "a parameter is not finite";
		if (f->param[k] == 0 && strcmp(f->formula->param_names[k], "scale") == 0)
			return "a scale is zero";
	}
	if (!IsFiniteBits(DoubleBits(f->lower)) || !IsFiniteBits(DoubleBits(f->upper)) || f->lower > f->upper)
		return "a training range is not one";
	if (PolicyCodeToName(missing_policy_names, f->missing) == NULL ||
		PolicyCodeToName(outside_policy_names, f->outside) == NULL ||
		PolicyCodeToName(constant_policy_names, f->constant_policy) == NULL ||
		PolicyCodeToName(quantile_source_names, f->quantiles) == NULL)
		return "unknown policy";
	if (MissingPolicyImputes(f->missing) && !IsFiniteBits(DoubleBits(f->imputed)))
		return "an imputed value is not finite";
	return NULL;
}

const char *
RecipeProblem(const Recipe *recipe)
{
	if (recipe->nfeatures <= 0 || recipe->nfeatures > PROFILE_MAX_FEATURES)
		return "impossible number of features";
	if (recipe->distribution != 0 &&
		(recipe->distribution < HISTOGRAM_MIN_SIZE || recipe->distribution > HISTOGRAM_MAX_SIZE))
		return "impossible distribution size";
	for (int i = 0; i < recipe->nfeatures; i++)
	{
		const char *problem = FeatureProblem(&recipe->features[i]);

		if (problem)
			return problem;
	}
	return NULL;
}

/* A double that is not negative zero: recipes are canonical. */
static double
GetCanonicalDouble(ByteReader *reader)
{
	double		value = GetDouble(reader);

	if (DoubleBits(value) == SIGN_BIT)
		reader->failed = true;
	return value;
}

static const char *
GetFeatureRecipe(FeatureRecipe *f, bool named, ByteReader *reader)
{
	uint8_t		flags;

	f->name = named ? GetString(reader, PROFILE_MAX_NAME) : NULL;
	f->method = MethodByCode(GetByte(reader));
	f->formula = FormulaByCode(GetByte(reader));
	flags = GetByte(reader);
	if (reader->failed)
		return "it ends too early";
	if (f->method == NULL)
		return "unknown method";
	if (f->formula == NULL)
		return "unknown formula";
	if (flags & ~(FEATURE_CONSTANT | FEATURE_TARGET))
		return "unknown flags";
	f->constant = (flags & FEATURE_CONSTANT) != 0;
	f->target = (flags & FEATURE_TARGET) != 0;
	f->missing = GetByte(reader);
	f->outside = GetByte(reader);
	f->constant_policy = GetByte(reader);
	f->quantiles = GetByte(reader);
	for (int k = 0; k < MethodValueCount(f->method); k++)
		f->option[k] = GetCanonicalDouble(reader);
	for (int k = 0; k < f->formula->nparams; k++)
		f->param[k] = GetCanonicalDouble(reader);
	f->lower = GetCanonicalDouble(reader);
	f->upper = GetCanonicalDouble(reader);
	if (MissingPolicyImputes(f->missing))
		f->imputed = GetCanonicalDouble(reader);
	return NULL;
}

const char *
DecodeRecipe(Recipe *recipe, ByteReader *reader)
{
	uint8_t		format = GetByte(reader);
	uint8_t		flags = GetByte(reader);
	uint64_t	nfeatures = GetVarint(reader);
	uint64_t	distribution = GetVarint(reader);

	if (reader->failed)
		return "it ends too early";
	if (format != RECIPE_FORMAT)
		return "unknown recipe format";
	if (flags & ~FLAG_NAMES)
		return "unknown flags";
	/* a feature takes more than 16 bytes: a hostile count allocates little */
	if (nfeatures == 0 || nfeatures > PROFILE_MAX_FEATURES || nfeatures > BytesLeft(reader) / 16)
		return "impossible number of features";
	if (distribution > HISTOGRAM_MAX_SIZE)
		return "impossible distribution size";
	recipe->nfeatures = (int) nfeatures;
	recipe->named = (flags & FLAG_NAMES) != 0;
	recipe->distribution = (uint32_t) distribution;
	recipe->features = CoreAllocZero(sizeof(FeatureRecipe) * nfeatures);
	for (int i = 0; i < recipe->nfeatures; i++)
	{
		const char *problem = GetFeatureRecipe(&recipe->features[i], recipe->named, reader);

		if (reader->failed)
			return "it ends too early or holds a negative zero";
		if (problem)
			return problem;
	}
	return RecipeProblem(recipe);
}

int
RecipeFindFeature(const Recipe *recipe, const char *name)
{
	for (int i = 0; recipe->named && i < recipe->nfeatures; i++)
		if (strcmp(recipe->features[i].name, name) == 0)
			return i;
	return -1;
}
