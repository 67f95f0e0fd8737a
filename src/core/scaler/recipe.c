/*
 * recipe.c
 *		The names of policies, and the canonical bytes of a recipe.
 */
#include "core/scaler/recipe.h"

#include "core/base/memory.h"
#include "core/scaler/recipe_bytes.h"
#include "core/scaler/recipe_checks.h"
#include "core/scaler/recipe_extras.h"
#include "core/values/profile.h"

#define FLAG_NAMES		1
#define FLAG_WEIGHTED	2

#define FEATURE_CONSTANT	1
#define FEATURE_TARGET		2
#define FEATURE_GLOBAL		4
#define FEATURE_SHIFTED		8
#define FEATURE_IMPORTED	16
#define FEATURE_UNFIT		32

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
	{MISSING_MOST_FREQUENT, "most_frequent"},
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

const PolicyName domain_policy_names[] = {
	{DOMAIN_KEEP, "keep"},
	{DOMAIN_ERROR, "error"},
	{DOMAIN_NULL, "null"},
	{DOMAIN_CLIP, "clip"},
	{0, NULL}
};

const PolicyName dtype_names[] = {
	{DTYPE_FLOAT64, "float64"},
	{DTYPE_FLOAT32, "float32"},
	{DTYPE_SINGLE, "single"},
	{0, NULL}
};

const PolicyName quantile_source_names[] = {
	{QUANTILES_NONE, "none"},
	{QUANTILES_EXACT, "exact"},
	{QUANTILES_HISTOGRAM, "histogram"},
	{0, NULL}
};

const PolicyName intercept_names[] = {
	{INTERCEPT_NUMBER, "number"},
	{INTERCEPT_MIN, "min"},
	{INTERCEPT_MEAN, "mean"},
	{INTERCEPT_MAX, "max"},
	{INTERCEPT_MIN | INTERCEPT_NEGATED, "-min"},
	{INTERCEPT_MEAN | INTERCEPT_NEGATED, "-mean"},
	{INTERCEPT_MAX | INTERCEPT_NEGATED, "-max"},
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
	bool		extras = RecipeHasExtras(recipe);

	PutByte(writer, extras ? RECIPE_FORMAT_EXTRAS : RECIPE_FORMAT);
	PutByte(writer, (recipe->named ? FLAG_NAMES : 0) | (recipe->weighted ? FLAG_WEIGHTED : 0));
	PutVarint(writer, (uint64_t) recipe->nfeatures);
	PutVarint(writer, recipe->distribution);
	for (int i = 0; i < recipe->nfeatures; i++)
	{
		const FeatureRecipe *f = &recipe->features[i];
		int			nvalues = MethodValueCount(f->method);

		if (recipe->named)
			PutString(writer, f->name);
		PutByte(writer, f->method->code);
		PutByte(writer, f->formula->code);
		PutByte(writer, (f->constant ? FEATURE_CONSTANT : 0) | (f->target ? FEATURE_TARGET : 0) |
				(f->global ? FEATURE_GLOBAL : 0) | (f->shifted ? FEATURE_SHIFTED : 0) |
				(f->imported ? FEATURE_IMPORTED : 0) | (f->unfit ? FEATURE_UNFIT : 0));
		PutByte(writer, f->missing);
		PutByte(writer, f->outside);
		PutByte(writer, f->constant_policy);
		PutByte(writer, f->quantiles);
		if (f->shifted)
			PutByte(writer, f->intercept);
		for (int k = 0; k < nvalues; k++)
			PutCanonicalDouble(writer, f->option[k]);
		PutParameters(writer, f->formula, f->param, &f->table);
		PutCanonicalDouble(writer, f->lower);
		PutCanonicalDouble(writer, f->upper);
		if (MissingPolicyImputes(f->missing))
			PutCanonicalDouble(writer, f->imputed);
		if (extras)
			PutExtras(writer, f);
	}
}

/* Return whether a feature of this method may have this formula. */
static bool
FormulaFits(const FeatureRecipe *f)
{
	if (f->unfit)
		return f->formula == &formula_identity;
	if (f->shifted)
		return f->formula == &formula_scale_shift && f->method->location_scale != NULL;
	return FormulaIsOfMethod(f->formula, f->method, f->option, f->imported);
}

static const char *
FeatureProblem(const FeatureRecipe *f)
{
	const char *problem = OptionsProblem(f->method, f->option);

	if (problem)
		return problem;
	if (!FormulaFits(f))
		return "the formula does not belong to the method";
	problem = ParametersProblem(f->formula, f->param, &f->table, f->method, f->option);
	if (problem)
		return problem;
	if (f->shifted && PolicyCodeToName(intercept_names, f->intercept) == NULL)
		return "unknown source of an intercept";
	if (f->unfit && (!f->constant || f->constant_policy == CONSTANT_ERROR || f->shifted))
		return "a feature without parameters contradicts itself";
	if (f->global && f->imported)
		return "what was imported cannot be global";
	if (!IsFiniteBits(DoubleBits(f->lower)) || !IsFiniteBits(DoubleBits(f->upper)) || f->lower > f->upper)
		return "a training range is not one";
	if (PolicyCodeToName(missing_policy_names, f->missing) == NULL ||
		PolicyCodeToName(outside_policy_names, f->outside) == NULL ||
		PolicyCodeToName(constant_policy_names, f->constant_policy) == NULL ||
		PolicyCodeToName(quantile_source_names, f->quantiles) == NULL)
		return "unknown policy";
	if (MissingPolicyImputes(f->missing) && !IsFiniteBits(DoubleBits(f->imputed)))
		return "an imputed value is not finite";
	return ExtrasProblem(f);
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

static const char *
GetFeatureRecipe(FeatureRecipe *f, bool named, bool extras, ByteReader *reader)
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
	if (flags & ~(FEATURE_CONSTANT | FEATURE_TARGET | FEATURE_GLOBAL | FEATURE_SHIFTED | FEATURE_IMPORTED |
				  FEATURE_UNFIT))
		return "unknown flags";
	f->constant = (flags & FEATURE_CONSTANT) != 0;
	f->target = (flags & FEATURE_TARGET) != 0;
	f->global = (flags & FEATURE_GLOBAL) != 0;
	f->shifted = (flags & FEATURE_SHIFTED) != 0;
	f->imported = (flags & FEATURE_IMPORTED) != 0;
	f->unfit = (flags & FEATURE_UNFIT) != 0;
	f->missing = GetByte(reader);
	f->outside = GetByte(reader);
	f->constant_policy = GetByte(reader);
	f->quantiles = GetByte(reader);
	if (f->shifted)
		f->intercept = GetByte(reader);
	for (int k = 0; k < MethodValueCount(f->method); k++)
		f->option[k] = GetCanonicalDouble(reader);
	if (!GetParameters(reader, f->formula, f->param, &f->table))
		return "a table is longer than its bytes";
	f->lower = GetCanonicalDouble(reader);
	f->upper = GetCanonicalDouble(reader);
	if (MissingPolicyImputes(f->missing))
		f->imputed = GetCanonicalDouble(reader);
	return extras ? GetExtras(reader, f) : NULL;
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
	if (format != RECIPE_FORMAT && format != RECIPE_FORMAT_EXTRAS)
		return "unknown recipe format";
	if (flags & ~(FLAG_NAMES | FLAG_WEIGHTED))
		return "unknown flags";
	/* a feature takes more than 16 bytes, so that a hostile count cannot make us allocate much */
	if (nfeatures == 0 || nfeatures > PROFILE_MAX_FEATURES || nfeatures > BytesLeft(reader) / 16)
		return "impossible number of features";
	if (distribution > HISTOGRAM_MAX_SIZE)
		return "impossible distribution size";
	recipe->nfeatures = (int) nfeatures;
	recipe->named = (flags & FLAG_NAMES) != 0;
	recipe->weighted = (flags & FLAG_WEIGHTED) != 0;
	recipe->distribution = (uint32_t) distribution;
	recipe->features = CoreAllocZero(sizeof(FeatureRecipe) * nfeatures);
	for (int i = 0; i < recipe->nfeatures; i++)
	{
		const char *problem = GetFeatureRecipe(&recipe->features[i], recipe->named,
											   format == RECIPE_FORMAT_EXTRAS, reader);

		if (reader->failed)
			return "it ends too early or holds a negative zero";
		if (problem)
			return problem;
	}
	if (format == RECIPE_FORMAT_EXTRAS && !RecipeHasExtras(recipe))
		return "its format is for what it does not have";
	return RecipeProblem(recipe);
}

bool
FeatureHasInverse(const FeatureRecipe *feature)
{
	bool		has = FormulaHasInverse(feature->formula, feature->param);

	for (int k = 0; k < feature->nbefore; k++)
		has = has && FormulaHasInverse(feature->before[k].formula, feature->before[k].param);
	return has;
}

void
FeatureSetUnfit(FeatureRecipe *feature, ConstantPolicy policy)
{
	feature->formula = &formula_identity;
	memset(feature->param, 0, sizeof(feature->param));
	feature->table = (FormulaTable) {0};
	feature->nbefore = 0;
	feature->domain = (DomainRule) {0};
	feature->shifted = false;
	feature->intercept = INTERCEPT_NUMBER;
	feature->constant = feature->unfit = true;
	feature->constant_policy = policy;
	if (policy == CONSTANT_NULL || (MissingPolicyDerives(feature->missing) && !RangeIsKnown(feature)))
	{
		feature->missing = MISSING_KEEP;
		feature->imputed = 0;
	}
	if (policy == CONSTANT_NULL || !RangeIsKnown(feature))
		feature->outside = OUTSIDE_KEEP;
}
