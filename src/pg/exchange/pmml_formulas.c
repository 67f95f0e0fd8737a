/*
 * pmml_formulas.c
 *		Formulas as functions of a PMML document.
 *
 * The type of a function's result rounds to float4: that of the formula where the last step does, that of function
 * "float4" before.
 */
#include "pg/exchange/pmml_formulas.h"

#include "core/scaler/dtype.h"
#include "pg/exchange/pmml_elements.h"

#define ROUNDING	"float4"

const char *
PmmlFormulaFunction(const FeatureRecipe *feature)
{
	char		steps[MOST_STEP_LETTERS];

	if (!FeatureSteps(feature, steps) || steps[0] == '\0')
		return NULL;
	/* a name of PMML's own would be that of its function */
	return psprintf("%s%s", feature->formula == &formula_sqrt ? "square_root" : feature->formula->name,
					DtypeSuffix(feature->dtype));
}

void
AppendParameterField(StringInfo out, const char *name)
{
	OpenElement(out, "ParameterField", "name", name);
	appendStringInfoString(out, " " PMML_CONTINUOUS "/>");
}

static const char *
FieldRef(const char *field)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendFieldRef(&out, field);
	return out.data;
}

/* Append the function of a feature's formula; the last step is outermost. */
static void
AppendFormulaFunction(StringInfo out, const FeatureRecipe *feature)
{
	const Formula *formula = feature->formula;
	char		steps[MOST_STEP_LETTERS];
	const char *body = FieldRef("x");
	bool		rounds = false;

	FeatureSteps(feature, steps);
	for (const char *step = steps; *step; step++)
	{
		rounds = *step == 'f';
		if (*step == 'q')
			/* a missing value passes through operators, but JPMML refuses it here */
			body = psprintf("<Apply function=\"if\"><Apply function=\"isNotMissing\">%s</Apply>"
							"<Apply function=\"sqrt\">%s</Apply></Apply>", body, body);
		else if (*step == 's')
			body = psprintf("<Apply function=\"*\">%s%s</Apply>", body, body);
		else if (*step == 'r')
			body = psprintf("<Apply function=\"/\"><Constant dataType=\"double\">1</Constant>%s</Apply>", body);
		else if (!rounds)
		{
			body = psprintf("<Apply function=\"%c\">%s%s</Apply>", *step, body,
							FieldRef(formula->param_names[step[1] - 'a']));
			step++;
		}
		else if (step[1])
			body = psprintf("<Apply function=\"" ROUNDING "\">%s</Apply>", body);
	}
	OpenElement(out, "DefineFunction", "name", PmmlFormulaFunction(feature));
	appendStringInfo(out, " optype=\"continuous\" dataType=\"%s\">", rounds ? "float" : "double");
	AppendParameterField(out, "x");
	for (int k = 0; k < formula->nparams; k++)
		AppendParameterField(out, formula->param_names[k]);
	appendStringInfo(out, "%s</DefineFunction>\n", body);
}

/* Return whether a formula rounds before its last step. */
static bool
RoundsBetween(const FeatureRecipe *feature)
{
	char		steps[MOST_STEP_LETTERS];
	const char *rounding = FeatureSteps(feature, steps) ? strchr(steps, 'f') : NULL;

	return rounding && rounding[1];
}

/* Return the first step of any feature with this formula in this type, or NULL. */
static const FeatureRecipe *
StepWithFormula(const Export *export, const Formula *formula, uint8 dtype)
{
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		for (int step = 0; step < ExportStepCount(export, slot); step++)
		{
			const FeatureRecipe *feature = ExportStep(export, slot, step);

			if (feature->formula == formula && feature->dtype == dtype)
				return feature;
		}
	return NULL;
}

static bool
AnyRoundsBetween(const Export *export)
{
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		for (int step = 0; step < ExportStepCount(export, slot); step++)
			if (RoundsBetween(ExportStep(export, slot, step)))
				return true;
	return false;
}

void
AppendFormulaFunctions(StringInfo out, const Export *export)
{
	const Formula *formula;

	if (AnyRoundsBetween(export))
	{
		appendStringInfoString(out, "<DefineFunction name=\"" ROUNDING "\" optype=\"continuous\" dataType=\"float\">");
		AppendParameterField(out, "x");
		appendStringInfo(out, "%s</DefineFunction>\n", FieldRef("x"));
	}
	for (int i = 0; (formula = FormulaByIndex(i / NDTYPES)) != NULL; i++)
	{
		const FeatureRecipe *feature = StepWithFormula(export, formula, i % NDTYPES);

		if (feature && PmmlFormulaFunction(feature))
			AppendFormulaFunction(out, feature);
	}
}
