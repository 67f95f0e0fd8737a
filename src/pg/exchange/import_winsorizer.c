/*
 * import_winsorizer.c
 *		Importing feature-engine's Winsorizer, an estimator in scikit-learn's manner: values beyond its caps
 *		become these.
 *
 * The arithmetic is that of feature_engine/outliers/base_outlier.py.  The caps are the range of policy "outside", and
 * how they were found is its rule.
 */
#include "pg/exchange/import.h"

#include "pg/base/text.h"

const char *const winsorizer_members[] = {
	"capping_method", "tail", "fold", "add_indicators", "variables", "missing_values", "right_tail_caps_",
	"left_tail_caps_", "variables_", "fold_", NULL
};

/* A method of finding caps: the rule it is, its "fold" if that is "auto", and the second number of the rule. */
typedef struct CappingMethod
{
	RangeKind	kind;
	double		fold;
	double		beside;
} CappingMethod;

static const char *const capping_names[] = {"gaussian", "iqr", "quantiles", "mad", NULL};
static const CappingMethod capping_methods[] = {
	{RANGE_DEVIATIONS, 3, 0},
	{RANGE_IQR, 1.5, 0},
	{RANGE_PERCENTILES, 0.05, 0},
	{RANGE_MAD, 3.29, 1 / 0.67449}
};

static const char *const tail_names[] = {"right", "left", "both", NULL};

/* Return the rule that the parameters of the constructor say. */
static RangeRule
ReadRule(Import *import)
{
	const CappingMethod *method;
	const JsonNode *fold = ImportMember(import, "fold");
	int			tail;
	double		number;
	RangeRule	rule = {0};

	if (!ImportMentions(import, "capping_method"))
		ImportMissing(import, "capping_method");
	if (!ImportMentions(import, "tail"))
		ImportMissing(import, "tail");
	method = &capping_methods[ImportChoice(import, "capping_method", capping_names, 0)];
	tail = ImportChoice(import, "tail", tail_names, 0);
	number = method->fold;
	if (ImportMentions(import, "fold_"))
		number = ImportNumber(import, "fold_", number);
	else if (fold && fold->type == JSON_NODE_NUMBER)
		number = ImportNumber(import, "fold", number);

	rule.kind = method->kind;
	rule.open_low = tail == 0;
	rule.open_high = tail == 1;
	if (method->kind == RANGE_PERCENTILES)
	{
		rule.number[0] = rule.open_low ? 0 : 100 * number;
		rule.number[1] = rule.open_high ? 0 : 100 * (1 - number);
	}
	else
	{
		rule.number[0] = number;
		rule.number[1] = method->beside;
	}
	if (RangeRuleProblem(&rule) != NULL)
		ImportInvalid(import, fold && !ImportMentions(import, "fold_") ? "fold" : "fold_", FloatText(number),
					  method->kind == RANGE_PERCENTILES ? "a number from 0 to 0.2" : "a positive number");
	return rule;
}

/* Return the caps of one tail; NULL if there are none. */
static const JsonNode *
ReadCaps(Import *import, const char *key, bool open)
{
	const JsonNode *caps = ImportMember(import, key);

	if (!open)
		return ImportRequired(import, key, JSON_NODE_OBJECT);
	if (caps && (caps->type != JSON_NODE_OBJECT || caps->nchildren > 0))
		ImportInvalid(import, key, NodeText(caps), "empty, as \"tail\" says");
	return NULL;
}

/* Fail unless each cap is that of a feature. */
static void
CheckCaps(const Import *import, const char *key, const JsonNode *caps)
{
	int			known = 0;

	for (int i = 0; i < import->nfeatures; i++)
		known += JsonMember(caps, import->names[i]) != NULL;
	if (known != caps->nchildren)
		ImportInvalid(import, key, "an object that has other names, too",
					  psprintf("a number for names of \"%s\"", import->family->name_keys[0]));
}

/* Set one end of a feature's range to its cap, and return whether it has one. */
static bool
SetCap(const Import *import, const char *key, const JsonNode *caps, int i, double *end)
{
	const JsonNode *cap = caps ? JsonMember(caps, import->names[i]) : NULL;

	if (cap == NULL)
		return false;
	*end = CanonicalZero(ImportValue(import, cap, key, i, IMPORT_FINITE));
	return true;
}

/* Read a Winsorizer.  Variables that it was not told of stay as they are. */
void
ReadWinsorizer(Import *import)
{
	static const char *const missing_names[] = {"raise", "ignore", NULL};
	RangeRule	rule = ReadRule(import);
	const JsonNode *right = ReadCaps(import, "right_tail_caps_", rule.open_high);
	const JsonNode *left = ReadCaps(import, "left_tail_caps_", rule.open_low);

	(void) ImportChoice(import, "missing_values", missing_names, 0);
	if (ImportBoolean(import, "add_indicators", false))
		ImportInvalid(import, "add_indicators", "true", "false: an indicator is another output");
	if (import->names == NULL)
		ImportMissing(import, import->family->name_keys[0]);
	ImportMethod(import, &method_identity);
	ImportFeatures(import);
	if (right)
		CheckCaps(import, "right_tail_caps_", right);
	if (left)
		CheckCaps(import, "left_tail_caps_", left);
	for (int i = 0; i < import->nfeatures; i++)
	{
		FeatureRecipe *f = &import->features[i];
		bool		above = SetCap(import, "right_tail_caps_", right, i, &f->upper);
		bool		below = SetCap(import, "left_tail_caps_", left, i, &f->lower);

		CHECK_FOR_INTERRUPTS();
		if (!above && !below)
			continue;
		if ((right && !above) || (left && !below))
			ImportInvalidOf(import, above ? "left_tail_caps_" : "right_tail_caps_", i, "missing", "a number, as the other tail has one");
		if (f->lower > f->upper)
			ImportInvalidOf(import, "right_tail_caps_", i, FloatText(f->upper),
							psprintf("at least that of \"left_tail_caps_\", %s", FloatText(f->lower)));
		f->outside = OUTSIDE_CLIP;
		f->range_rule = rule;
	}
}

/* ---- in a Pipeline ---- */

void
CheckClipsFirst(const Import *whole, const FeatureRecipe *earlier, bool scales, const char *label)
{
	if (scales || earlier->outside != OUTSIDE_KEEP)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: step \"%s\" clips values after one that %s", whole->what, label,
						scales ? "scales" : "does so"),
				 errhint("A scaler clips raw values, once: put one Winsorizer before the scalers.")));
}

void
TakeRange(FeatureRecipe *feature, const FeatureRecipe *earlier)
{
	feature->outside = earlier->outside;
	feature->range_rule = earlier->range_rule;
	feature->lower = earlier->lower;
	feature->upper = earlier->upper;
}
