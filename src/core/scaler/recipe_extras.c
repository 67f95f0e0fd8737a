/*
 * recipe_extras.c
 *		The table of what a feature of a recipe may have besides the bytes of format 1.
 */
#include "core/scaler/recipe_extras.h"

#include <stddef.h>

#include "core/scaler/dtype.h"
#include "core/scaler/recipe_bytes.h"
#include "core/scaler/recipe_steps.h"

/* An extra: one row of the table below.  Bits are in recipes, and never change. */
typedef struct RecipeExtra
{
	uint64_t	bit;
	bool		(*has) (const FeatureRecipe *feature);
	void		(*put) (ByteWriter *writer, const FeatureRecipe *feature);
	const char *(*get) (ByteReader *reader, FeatureRecipe *feature);
	const char *(*problem) (const FeatureRecipe *feature);	/* of a feature that has it */
} RecipeExtra;

static bool
HasSteps(const FeatureRecipe *feature)
{
	return feature->nbefore != 0;
}

#define RANGE_OPEN_LOW		1
#define RANGE_OPEN_HIGH		2
#define RANGE_STATISTICS_OF_ALL	4

static void
PutRangeRule(ByteWriter *writer, const FeatureRecipe *feature)
{
	const RangeRule *rule = &feature->range_rule;

	PutByte(writer, rule->kind);
	PutByte(writer, (rule->open_low ? RANGE_OPEN_LOW : 0) | (rule->open_high ? RANGE_OPEN_HIGH : 0) |
			(rule->of_all ? RANGE_STATISTICS_OF_ALL : 0));
	PutCanonicalDouble(writer, rule->number[0]);
	PutCanonicalDouble(writer, rule->number[1]);
}

static const char *
GetRangeRule(ByteReader *reader, FeatureRecipe *feature)
{
	RangeRule  *rule = &feature->range_rule;
	uint8_t		flags;

	rule->kind = GetByte(reader);
	flags = GetByte(reader);
	rule->open_low = (flags & RANGE_OPEN_LOW) != 0;
	rule->open_high = (flags & RANGE_OPEN_HIGH) != 0;
	rule->of_all = (flags & RANGE_STATISTICS_OF_ALL) != 0;
	rule->number[0] = GetCanonicalDouble(reader);
	rule->number[1] = GetCanonicalDouble(reader);
	return flags & ~(RANGE_OPEN_LOW | RANGE_OPEN_HIGH | RANGE_STATISTICS_OF_ALL) ? "unknown flags" : NULL;
}

/* Return what is wrong with the rule of a range, which must fit its ends and the policy. */
static const char *
RangeProblem(const FeatureRecipe *feature)
{
	const RangeRule *rule = &feature->range_rule;

	if (RangeRuleProblem(rule) != NULL)
		return "the rule of a range is not one";
	if (feature->outside == OUTSIDE_KEEP)
		return "there is a rule for a range, and values outside are kept";
	if ((rule->open_low && feature->lower != -RANGE_UNKNOWN) || (rule->open_high && feature->upper != RANGE_UNKNOWN))
		return "a range that is open at one end ends there";
	return NULL;
}

static bool
HasClip(const FeatureRecipe *feature)
{
	return feature->clips;
}

static void
PutClip(ByteWriter *writer, const FeatureRecipe *feature)
{
	PutCanonicalDouble(writer, feature->clip[0]);
	PutCanonicalDouble(writer, feature->clip[1]);
}

static const char *
GetClip(ByteReader *reader, FeatureRecipe *feature)
{
	feature->clips = true;
	feature->clip[0] = GetCanonicalDouble(reader);
	feature->clip[1] = GetCanonicalDouble(reader);
	return NULL;
}

static const char *
ClipProblem(const FeatureRecipe *feature)
{
	double		low;
	double		high;

	if (!IsFiniteBits(DoubleBits(feature->clip[0])) || !IsFiniteBits(DoubleBits(feature->clip[1])) ||
		feature->clip[0] > feature->clip[1])
		return "results are clipped to no range";
	if (!feature->formula->affine || MethodClips(feature->method, feature->option, &low, &high))
		return "results are not to be clipped";
	return NULL;
}

static bool
HasDtype(const FeatureRecipe *feature)
{
	return feature->dtype != DTYPE_FLOAT64;
}

static void
PutDtype(ByteWriter *writer, const FeatureRecipe *feature)
{
	PutByte(writer, feature->dtype);
}

static const char *
GetDtype(ByteReader *reader, FeatureRecipe *feature)
{
	feature->dtype = GetByte(reader);
	return NULL;
}

static bool
HasDomain(const FeatureRecipe *feature)
{
	return feature->domain.policy != DOMAIN_KEEP;
}

static void
PutDomain(ByteWriter *writer, const FeatureRecipe *feature)
{
	PutDomainRule(writer, &feature->domain);
}

static const char *
GetDomain(ByteReader *reader, FeatureRecipe *feature)
{
	GetDomainRule(reader, &feature->domain);
	return NULL;
}

static const char *
DomainProblem(const FeatureRecipe *feature)
{
	return DomainRuleProblem(feature->formula, &feature->domain);
}

/* in the order of bits, which is that of their bytes */
static const RecipeExtra extras[] = {
	{1, HasSteps, PutSteps, GetSteps, StepsProblem},
	{2, HasClip, PutClip, GetClip, ClipProblem},
	{4, FeatureHasRangeRule, PutRangeRule, GetRangeRule, RangeProblem},
	{8, HasDtype, PutDtype, GetDtype, DtypeProblem},
	{16, HasDomain, PutDomain, GetDomain, DomainProblem},
};

#define NEXTRAS		((int) (sizeof(extras) / sizeof(extras[0])))

static uint64_t
ExtrasOf(const FeatureRecipe *feature)
{
	uint64_t	bits = 0;

	for (int i = 0; i < NEXTRAS; i++)
		if (extras[i].has(feature))
			bits |= extras[i].bit;
	return bits;
}

bool
RecipeHasExtras(const Recipe *recipe)
{
	for (int i = 0; i < recipe->nfeatures; i++)
		if (ExtrasOf(&recipe->features[i]) != 0)
			return true;
	return false;
}

void
PutExtras(ByteWriter *writer, const FeatureRecipe *feature)
{
	PutVarint(writer, ExtrasOf(feature));
	for (int i = 0; i < NEXTRAS; i++)
		if (extras[i].has(feature))
			extras[i].put(writer, feature);
}

const char *
GetExtras(ByteReader *reader, FeatureRecipe *feature)
{
	uint64_t	bits = GetVarint(reader);

	for (int i = 0; i < NEXTRAS; i++)
	{
		const char *problem = (bits & extras[i].bit) ? extras[i].get(reader, feature) : NULL;

		if (problem)
			return problem;
	}
	return reader->failed || ExtrasOf(feature) == bits ? NULL : "unknown extras";
}

const char *
ExtrasProblem(const FeatureRecipe *feature)
{
	for (int i = 0; i < NEXTRAS; i++)
	{
		const char *problem = extras[i].has(feature) ? extras[i].problem(feature) : NULL;

		if (problem)
			return problem;
	}
	return NULL;
}
