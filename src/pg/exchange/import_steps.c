/*
 * import_steps.c
 *		Scalers that are made of others: reading each by its own class, and putting one behind another, as the
 *		steps of a feature.
 */
#include "pg/exchange/import.h"

#include "core/scaler/recipe_steps.h"

void
ImportPartStart(Import *part, const Import *whole, const JsonNode *node, const char *kind, const char *label,
				char **names, int n, const char *counted)
{
	memset(part, 0, sizeof(*part));
	part->family = whole->family;
	part->part = psprintf("%s \"%s\" of %s", kind, label, whole->what);
	part->what = part->part;
	part->root = node;
	part->names = names;
	part->nfeatures = n;
	part->counted = n > 0 ? counted : NULL;
}

void
ImportPartRead(Import *part)
{
	if (part->root->type == JSON_NODE_STRING && strcmp(part->root->text, "passthrough") == 0)
	{
		ImportMethod(part, &method_identity);
		ImportFeatures(part);
	}
	else
		ImportObject(part);
	ImportCheck(part);
}

int
ImportInputOf(const Import *import, int i)
{
	return import->inputs ? import->inputs[i] : i;
}

uint64
ImportNormsOf(const FeatureRecipe *features, int n)
{
	uint64		norms = 0;

	for (int i = 0; i < n; i++)
		if (FormulaIsOfRows(features[i].formula))
			norms |= UINT64CONST(1) << features[i].formula->code;
	return norms;
}

void
ImportCheckOneNorm(const Import *whole, uint64 norms, const Import *part)
{
	if (norms & ImportNormsOf(part->features, part->nfeatures))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: two of its estimators divide by norms of the same kind", whole->what),
				 errdetail("The second one is %s.", part->part),
				 errhint("A scaler has one norm of a kind for each row: make one scaler for each.")));
}

/* ---- one behind another ---- */

/* Return whether a feature leaves all values that are not missing as they are. */
static bool
IsIdentity(const FeatureRecipe *feature)
{
	return feature->formula == &formula_identity && feature->nbefore == 0 && !FeatureIsNull(feature);
}

/* Set the steps of a feature to those of an earlier one, and those that it has itself. */
static void
PutStepsBefore(FeatureRecipe *feature, const FeatureRecipe *earlier)
{
	int			nown = feature->nbefore;
	int			nbefore = earlier->nbefore + 1 + nown;
	StepRecipe *before = palloc(sizeof(StepRecipe) * nbefore);

	for (int i = 0; i < earlier->nbefore; i++)
		before[i] = earlier->before[i];
	before[earlier->nbefore] = LastStep(earlier);
	for (int i = 0; i < nown; i++)
		before[earlier->nbefore + 1 + i] = feature->before[i];
	/* no other feature has the steps of the earlier one */
	if (earlier->nbefore > 0)
		pfree(earlier->before);
	feature->before = before;
	feature->nbefore = nbefore;
}

/* Fail unless what a later step does to values can be a step after an earlier one that scales. */
static void
CheckSequence(const Import *whole, const FeatureRecipe *earlier, const FeatureRecipe *later, const char *label)
{
	if (MissingPolicyImputes(later->missing))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: step \"%s\" fills in values after one that scales", whole->what, label),
				 errhint("A scaler fills in missing values before its first step: put the SimpleImputer first.")));
	if (IsIdentity(later))
		return;
	if (FormulaIsOfRows(earlier->formula) || FormulaIsOfRows(later->formula))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: step \"%s\" makes a sequence with method \"%s\", which needs whole rows",
						whole->what, label,
						FormulaIsOfRows(earlier->formula) ? earlier->method->name : later->method->name),
				 errhint("Make one scaler of the Normalizer, and one of the other steps.")));
	if (earlier->nbefore + later->nbefore + 2 > RECIPE_MOST_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("cannot import %s: step \"%s\" is more than the %d steps that a feature can have", whole->what,
						label, RECIPE_MOST_STEPS)));
}

/* Return whether a feature has a factor of 0, by which an infinity becomes NaN. */
static bool
HasZeroFactor(const FeatureRecipe *feature)
{
	for (int k = 0; k < feature->formula->nparams; k++)
		if (feature->param[k] == 0 && strcmp(feature->formula->param_names[k], "factor") == 0)
			return true;
	return false;
}

/*
 * Take over the policy for values outside of the range from a later step that gives one result for all values,
 * infinities among them: the MinMaxScaler of Spark for a constant feature.
 *
 * It does not matter to which range the values before the first step are clipped, as long as no step overflows.
 */
static void
ClipBeforeConstant(FeatureRecipe *result, const FeatureRecipe *earlier)
{
	if (HasZeroFactor(earlier))
		return;
	result->outside = OUTSIDE_CLIP;
	if (!RangeIsKnown(earlier))
		result->lower = result->upper = 0;
}

FeatureRecipe
ImportComposed(const Import *whole, const FeatureRecipe *earlier, const FeatureRecipe *later, const char *label)
{
	FeatureRecipe result = *later;
	bool		clips = later->outside != OUTSIDE_KEEP && !(HasZeroFactor(later) && later->nbefore == 0);

	if (clips)
		CheckClipsFirst(whole, earlier, !IsIdentity(earlier), label);
	if (!IsIdentity(earlier))
	{
		CheckSequence(whole, earlier, later, label);
		/* of a column without values, every step gives what a missing value gives */
		if (IsIdentity(later) || FeatureIsNull(earlier))
			result = *earlier;
		else if (!FeatureIsNull(later))
		{
			PutStepsBefore(&result, earlier);
			TakeRange(&result, earlier);
			if (earlier->outside == OUTSIDE_KEEP && later->outside != OUTSIDE_KEEP)
				ClipBeforeConstant(&result, earlier);
		}
	}
	else if (later->nbefore > 0)
	{
		/* the memory of a later step does not last */
		result.before = palloc(sizeof(StepRecipe) * later->nbefore);
		memcpy(result.before, later->before, sizeof(StepRecipe) * later->nbefore);
	}
	if (earlier->outside != OUTSIDE_KEEP)
		TakeRange(&result, earlier);
	/* the later step gets what the earlier one fills in, if anything */
	if (earlier->missing != MISSING_KEEP)
	{
		result.missing = earlier->missing;
		result.imputed = earlier->imputed;
		if (MissingPolicyImputes(earlier->missing) && clips && later->outside == OUTSIDE_CLIP)
			result.imputed = fmin(fmax(earlier->imputed, later->lower), later->upper);
	}
	result.name = earlier->name;
	return result;
}

/* Fail if a step drops features after a norm, which is of all of them. */
static void
CheckNormIsWhole(const Import *whole, const Import *step)
{
	if (ImportNormsOf(whole->features, whole->nfeatures) != 0 && step->nfeatures != whole->nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: a norm is of %d features, and %s keeps %d of them", whole->what,
						whole->nfeatures, step->part, step->nfeatures)));
}

void
ImportAppendStep(Import *whole, const Import *step, const char *label)
{
	int			n = step->nfeatures;
	FeatureRecipe *features;
	int		   *inputs;
	char	  **names;

	CheckNormIsWhole(whole, step);
	ImportCheckOneNorm(whole, ImportNormsOf(whole->features, whole->nfeatures), step);
	if (step->inputs == NULL)
	{
		for (int i = 0; i < n; i++)
			whole->features[i] = ImportComposed(whole, &whole->features[i], &step->features[i], label);
		return;
	}
	features = palloc(sizeof(FeatureRecipe) * n);
	inputs = palloc(sizeof(int) * n);
	names = whole->names ? palloc(sizeof(char *) * n) : NULL;
	if (whole->inputs == NULL)
		whole->ninputs = whole->nfeatures;
	for (int i = 0; i < n; i++)
	{
		int			from = ImportInputOf(step, i);

		features[i] = ImportComposed(whole, &whole->features[from], &step->features[i], label);
		inputs[i] = ImportInputOf(whole, from);
		if (names)
			names[i] = whole->names[from];
	}
	pfree(whole->features);
	whole->features = features;
	whole->inputs = inputs;
	whole->names = names;
	whole->nfeatures = n;
}
