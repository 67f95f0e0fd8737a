/*
 * to_pmml.c
 *		Writing a scaler as a PMML 4.4 document.
 *
 * Each formula and each policy is a function of the document, which derived fields apply to the
 * features.  A document must have a model, so there is a regression without predictors, whose
 * outputs are the derived fields.
 *
 * All content is in attributes and in the text of constants, so white space between elements
 * means nothing.
 */
#include "pg/exchange/to_pmml.h"

#include "lib/stringinfo.h"
#include "pg/exchange/pmml_elements.h"
#include "pg/exchange/pmml_formulas.h"
#include "pg/exchange/pmml_names.h"
#include "pg/exchange/pmml_verification.h"
#include "utils/builtins.h"
#include "utils/xml.h"

#define MISSING_VALUE	"<Constant dataType=\"double\" missing=\"true\"/>"

/* ---- functions of the document ---- */

/*
 * A policy as the parameters and the body of a function.
 *
 * A comparison with a missing value is an error, and an if without a second branch gives a missing value.
 */
typedef struct PolicyFunction
{
	const char *name;
	const char *params[3];
	const char *body;
} PolicyFunction;

#define REF(field)				"<FieldRef field=\"" field "\"/>"
#define APPLY(function, ...)	"<Apply function=\"" function "\">" __VA_ARGS__ "</Apply>"
#define ZERO					"<Constant dataType=\"double\">0</Constant>"
#define IF_THERE(x, then)		APPLY("if", APPLY("isNotMissing", REF(x)) then)

static const PolicyFunction clip_function = {
	"clip", {"x", "low", "high"},
	IF_THERE("x", APPLY("if", APPLY("lessThan", REF("x") REF("low")) REF("low")
						APPLY("if", APPLY("greaterThan", REF("x") REF("high")) REF("high") REF("x"))))
};

static const PolicyFunction within_function = {
	"within", {"x", "low", "high"},
	IF_THERE("x", APPLY("if", APPLY("and", APPLY("greaterOrEqual", REF("x") REF("low"))
									APPLY("lessOrEqual", REF("x") REF("high"))) REF("x")))
};

/* tests the raw value, so that a value which other policies made missing is not imputed */
static const PolicyFunction impute_function = {
	"impute", {"raw", "value", "x"},
	APPLY("if", APPLY("isMissing", REF("raw")) REF("value") REF("x"))
};

/* for formulas that are not defined for all values; the value in place of these may be missing */
static const PolicyFunction from_zero_function = {
	"from_zero", {"x", "value"},
	IF_THERE("x", APPLY("if", APPLY("lessThan", REF("x") ZERO) REF("value") REF("x")))
};

static const PolicyFunction other_than_zero_function = {
	"other_than_zero", {"x", "value"},
	IF_THERE("x", APPLY("if", APPLY("equal", REF("x") ZERO) REF("value") REF("x")))
};

/* for norms; a missing value has no magnitude */
static const PolicyFunction magnitude_function = {
	"magnitude", {"x"},
	IF_THERE("x", APPLY("abs", REF("x")))
};

/* a row of zeros stays as it is; a row without values has no norm */
static const PolicyFunction divide_by_norm_function = {
	"divide_by_norm", {"x", "norm"},
	IF_THERE("x", APPLY("if", APPLY("equal", REF("norm") ZERO)
						REF("x") APPLY("/", REF("x") REF("norm"))))
};

/* Return whether a feature needs a function that clips, before the formula or after it. */
static bool
UsesClip(const FeatureRecipe *feature)
{
	double		low;
	double		high;

	return feature->outside == OUTSIDE_CLIP || FeatureClips(feature, &low, &high);
}

static bool
UsesWithin(const FeatureRecipe *feature)
{
	return feature->outside == OUTSIDE_NULL;
}

static bool
UsesImpute(const FeatureRecipe *feature)
{
	return MissingPolicyImputes(feature->missing);
}

/* The formulas that are exported have no other domains. */
static bool
UsesFromZero(const FeatureRecipe *feature)
{
	return feature->domain.policy != DOMAIN_KEEP && !feature->formula->domain->without_zero;
}

static bool
UsesOtherThanZero(const FeatureRecipe *feature)
{
	return feature->domain.policy != DOMAIN_KEEP && feature->formula->domain->without_zero;
}

static bool
UsesNormMax(const FeatureRecipe *feature)
{
	return feature->formula == &formula_norm_max;
}

/* The functions, and which features need them. */
static const struct
{
	const PolicyFunction *function;
	bool		(*is_used) (const FeatureRecipe *feature);
}			policy_functions[] = {
	{&clip_function, UsesClip},
	{&within_function, UsesWithin},
	{&impute_function, UsesImpute},
	{&from_zero_function, UsesFromZero},
	{&other_than_zero_function, UsesOtherThanZero},
	{&magnitude_function, UsesNormMax},
	{&divide_by_norm_function, UsesNormMax},
};

static void
AppendPolicyFunction(StringInfo out, const PolicyFunction *function)
{
	OpenElement(out, "DefineFunction", "name", function->name);
	appendStringInfoString(out, " " PMML_CONTINUOUS ">");
	for (int i = 0; i < lengthof(function->params) && function->params[i]; i++)
		AppendParameterField(out, function->params[i]);
	appendStringInfo(out, "%s</DefineFunction>\n", function->body);
}

/* Return whether something holds for any step of any feature; "formula" stands for its test if it is not NULL. */
static bool
AnyStep(const Export *export, const Formula *formula, bool (*test) (const FeatureRecipe *feature))
{
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		for (int step = 0; step < ExportStepCount(export, slot); step++)
		{
			const FeatureRecipe *feature = ExportStep(export, slot, step);

			if (formula ? feature->formula == formula : test(feature))
				return true;
		}
	return false;
}

static bool
IsUsed(const Export *export, const Formula *formula)
{
	return AnyStep(export, formula, NULL);
}

static void
AppendFunctions(StringInfo out, const Export *export)
{
	AppendFormulaFunctions(out, export);
	for (int i = 0; i < lengthof(policy_functions); i++)
		if (AnyStep(export, NULL, policy_functions[i].is_used))
			AppendPolicyFunction(out, policy_functions[i].function);
}

/* ---- derived fields ---- */

/* Append <Apply function="...">, to be closed. */
static void
OpenApply(StringInfo out, const char *function)
{
	appendStringInfo(out, "<Apply function=\"%s\">", function);
}

/* Append the value that the first formula takes, with the policies before it applied. */
static void
AppendPrepared(StringInfo out, const Export *export, int slot)
{
	const FeatureRecipe *feature = export->transform.slots[slot];
	const char *name = ExportName(export, slot);

	if (UsesImpute(feature))
	{
		OpenApply(out, impute_function.name);
		AppendFieldRef(out, name);
		AppendConstant(out, feature->imputed);
	}
	if (feature->outside != OUTSIDE_KEEP)
	{
		OpenApply(out, feature->outside == OUTSIDE_CLIP ? clip_function.name : within_function.name);
		AppendFieldRef(out, name);
		AppendConstant(out, feature->lower);
		AppendConstant(out, feature->upper);
		appendStringInfoString(out, "</Apply>");
	}
	else
		AppendFieldRef(out, name);
	if (UsesImpute(feature))
		appendStringInfoString(out, "</Apply>");
}

/* Append the value that a step takes. */
static void
AppendBeforeStep(StringInfo out, const Export *export, int slot, int step, const PmmlNames *names)
{
	if (step == 0)
		AppendPrepared(out, export, slot);
	else
		AppendFieldRef(out, PmmlStepField(names, export, slot, step - 1));
}

static void
AppendTransformed(StringInfo out, const Export *export, int slot, int step, const PmmlNames *names)
{
	const FeatureRecipe *feature = ExportStep(export, slot, step);
	bool		is_norm = UsesNormMax(feature);
	const char *function = is_norm ? divide_by_norm_function.name : PmmlFormulaFunction(feature);

	if (function)
		OpenApply(out, function);
	if (feature->domain.policy == DOMAIN_KEEP)
		AppendBeforeStep(out, export, slot, step, names);
	else
	{
		OpenApply(out, UsesFromZero(feature) ? from_zero_function.name : other_than_zero_function.name);
		AppendBeforeStep(out, export, slot, step, names);
		if (feature->domain.policy == DOMAIN_CLIP)
			AppendConstant(out, feature->domain.low);
		else
			appendStringInfoString(out, MISSING_VALUE);
		appendStringInfoString(out, "</Apply>");
	}
	if (is_norm)
		AppendFieldRef(out, names->norm);
	for (int k = 0; k < feature->formula->nparams; k++)
		AppendConstant(out, feature->param[k]);
	if (function)
		appendStringInfoString(out, "</Apply>");
}

/* Append the result of a step. */
static void
AppendResult(StringInfo out, const Export *export, int slot, int step, const PmmlNames *names)
{
	const FeatureRecipe *feature = ExportStep(export, slot, step);
	double		low;
	double		high;

	if (FeatureIsNull(feature))
		appendStringInfoString(out, MISSING_VALUE);
	else if (FeatureClips(feature, &low, &high))
	{
		OpenApply(out, clip_function.name);
		AppendTransformed(out, export, slot, step, names);
		AppendConstant(out, low);
		AppendConstant(out, high);
		appendStringInfoString(out, "</Apply>");
	}
	else
		AppendTransformed(out, export, slot, step, names);
}

static void
OpenDerivedField(StringInfo out, const char *name)
{
	OpenElement(out, "DerivedField", "name", name);
	appendStringInfoString(out, " " PMML_CONTINUOUS ">");
}

/* Append the field with the largest magnitude of the features that share formula norm_max. */
static void
AppendNorm(StringInfo out, const Export *export, const char *norm)
{
	OpenDerivedField(out, norm);
	OpenApply(out, "max");
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		if (UsesNormMax(export->transform.slots[slot]))
		{
			OpenApply(out, magnitude_function.name);
			AppendPrepared(out, export, slot);
			appendStringInfoString(out, "</Apply>");
		}
	appendStringInfoString(out, "</Apply></DerivedField>\n");
}

/* ---- what can be expressed ---- */

/*
 * Fail if PMML cannot express a slot's formula with the same bits.
 *
 * PMML defines neither the rounding of logarithms and powers nor the order of sums, and has no fused
 * multiply-add.
 */
static void
CheckPmmlFormula(const Export *export, int slot, int step)
{
	const Formula *formula = ExportStep(export, slot, step)->formula;

	if (formula->steps == NULL && formula != &formula_norm_max)
		ExportUnsupportedFormula(export, slot, step,
								 psprintf("the formulas %s, %s", ArithmeticFormulas(), formula_norm_max.name));
}

static void
CheckExport(const Export *export)
{
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		for (int step = 0; step < ExportStepCount(export, slot); step++)
			CheckPmmlFormula(export, slot, step);
	ExportRefuseErrors(export);
	/* targets are written in the artifact only */
	for (int slot = 0; slot < export->recipe.nfeatures; slot++)
		CheckPmmlName(export, slot);
}

/* ---- the document ---- */

static void
AppendPmmlHeader(StringInfo out, const Export *export, const char *version)
{
	char	   *id = psprintf(INT64_FORMAT, export->id);
	const char *extensions[][2] = {
		{"normfreeze.scaler_id", id},
		{"normfreeze.fingerprint", export->fingerprint},
		{PMML_SCALER_KEY, export->artifact},
	};

	appendStringInfo(out, "<Header description=\"normalize() by scaler %s of normfreeze\">\n", id);
	for (int i = 0; i < lengthof(extensions); i++)
	{
		OpenElement(out, "Extension", "name", extensions[i][0]);
		appendStringInfoString(out, " value=");
		AppendQuoted(out, extensions[i][1]);
		appendStringInfoString(out, "/>\n");
	}
	OpenElement(out, "Application name=\"normfreeze\"", "version", version);
	appendStringInfoString(out, "/>\n</Header>\n");
}

/* Append an element for each feature.  "prefix" is that of the name in it. */
static void
AppendForEach(StringInfo out, const Export *export, const char *element, const char *prefix, const char *rest)
{
	for (int slot = 0; slot < export->transform.ninputs; slot++)
	{
		OpenElement(out, element, "name", psprintf("%s%s", prefix, ExportName(export, slot)));
		appendStringInfo(out, " %s/>\n", rest);
	}
}

char *
ScalerToPmml(const Export *export, const char *version, bool verification)
{
	const PmmlNames names = FindPmmlNames(export);
	StringInfoData out;

	CheckExport(export);
	initStringInfo(&out);
	appendStringInfoString(&out, "<PMML xmlns=\"" PMML_NAMESPACE "\" version=\"4.4\">\n");
	AppendPmmlHeader(&out, export, version);
	appendStringInfoString(&out, "<DataDictionary>\n");
	AppendForEach(&out, export, "DataField", "", PMML_CONTINUOUS);
	appendStringInfoString(&out, "</DataDictionary>\n<TransformationDictionary>\n");
	AppendFunctions(&out, export);
	if (IsUsed(export, &formula_norm_max))
		AppendNorm(&out, export, names.norm);
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		for (int step = 0; step < ExportStepCount(export, slot); step++)
		{
			CHECK_FOR_INTERRUPTS();
			OpenDerivedField(&out, PmmlStepField(&names, export, slot, step));
			AppendResult(&out, export, slot, step, &names);
			appendStringInfoString(&out, "</DerivedField>\n");
		}
	appendStringInfoString(&out, "</TransformationDictionary>\n"
						   "<RegressionModel modelName=\"normfreeze\" functionName=\"regression\">\n<MiningSchema>\n");
	/* infinite values are treated like any other value */
	AppendForEach(&out, export, "MiningField", "", "invalidValueTreatment=\"asIs\"");
	appendStringInfoString(&out, "</MiningSchema>\n<Output>\n");
	for (int slot = 0; slot < export->transform.ninputs; slot++)
	{
		OpenElement(&out, "OutputField", "name", psprintf("%s%s", names.normalized, ExportName(export, slot)));
		appendStringInfoString(&out, " " PMML_CONTINUOUS " feature=\"transformedValue\">");
		AppendFieldRef(&out, psprintf("%s%s", names.derived, ExportName(export, slot)));
		appendStringInfoString(&out, "</OutputField>\n");
	}
	if (verification)
		AppendMissingCount(&out, export, names.derived, names.count);
	appendStringInfoString(&out, "</Output>\n<RegressionTable intercept=\"0\"/>\n");
	if (verification)
		AppendModelVerification(&out, export, names.normalized, names.count);
	appendStringInfoString(&out, "</RegressionModel>\n</PMML>");
	return out.data;
}

static Datum
PmmlDatum(Datum scaler, bool verification)
{
	Export		export;

	ExportInit(&export, PMML_FORMAT, scaler);
	PG_RETURN_XML_P(cstring_to_text(ScalerToPmml(&export, NORMFREEZE_VERSION, verification)));
}

PG_FUNCTION_INFO_V1(to_pmml);
Datum
to_pmml(PG_FUNCTION_ARGS)
{
	return PmmlDatum(PG_GETARG_DATUM(0), false);
}

PG_FUNCTION_INFO_V1(to_pmml_verified);
Datum
to_pmml_verified(PG_FUNCTION_ARGS)
{
	return PmmlDatum(PG_GETARG_DATUM(0), PG_GETARG_BOOL(1));
}
