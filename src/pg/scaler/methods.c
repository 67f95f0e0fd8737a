/*
 * methods.c
 *		The function methods(): the tables of methods and formulas in src/core/scaler, as JSON.
 *
 * It is for tools that know methods and formulas themselves, such as the Python package and the
 * macros for dbt, so that they can be checked against the server.
 */
#include "pg/base/compat.h"

#include "core/scaler/method.h"
#include "pg/base/json_tree.h"
#include "utils/jsonb.h"

static void
AppendBooleanMember(StringInfo out, const char *key, bool value)
{
	appendStringInfo(out, ", \"%s\": %s", key, value ? "true" : "false");
}

/* ---- options ---- */

static const char *const kind_names[] = {
	[OPTION_BOOLEAN] = "boolean",
	[OPTION_INTEGER] = "integer",
	[OPTION_NUMBER] = "number",
	[OPTION_INTERVAL] = "interval",
	[OPTION_CHOICE] = "choice",
};

/* Append the default as a user would give it; null if it depends on the data. */
static void
AppendDefault(StringInfo out, const MethodOption *option)
{
	const double *value = option->defaults;

	appendStringInfoString(out, ", \"default\": ");
	if (MethodOptionProblem(option, value) != NULL)
		appendStringInfoString(out, "null");
	else if (option->kind == OPTION_BOOLEAN)
		appendStringInfoString(out, *value != 0 ? "true" : "false");
	else if (option->kind == OPTION_CHOICE)
		AppendJsonString(out, option->choices[(int) *value]);
	else if (option->kind == OPTION_INTERVAL)
	{
		appendStringInfoChar(out, '[');
		AppendJsonDouble(out, value[0]);
		appendStringInfoString(out, ", ");
		AppendJsonDouble(out, value[1]);
		appendStringInfoChar(out, ']');
	}
	else
		AppendJsonDouble(out, *value);
}

static void
AppendMethodOption(StringInfo out, const MethodOption *option)
{
	appendStringInfoString(out, "{\"name\": ");
	AppendJsonString(out, option->name);
	AppendJsonTextMember(out, "kind", kind_names[option->kind]);
	AppendDefault(out, option);
	if (option->kind == OPTION_CHOICE)
	{
		appendStringInfoString(out, ", \"choices\": [");
		for (int i = 0; option->choices[i]; i++)
		{
			appendStringInfoString(out, i ? ", " : "");
			AppendJsonString(out, option->choices[i]);
		}
		appendStringInfoChar(out, ']');
	}
	else if (option->kind != OPTION_BOOLEAN)
	{
		AppendJsonValueMember(out, "least", option->least, false);
		AppendJsonValueMember(out, "greatest", option->greatest, false);
	}
	if (option->kind == OPTION_INTERVAL)
		AppendBooleanMember(out, "may_be_empty", !option->strict);
	appendStringInfoChar(out, '}');
}

/* ---- methods ---- */

static void
AppendMethodJson(StringInfo out, const Method *method)
{
	const MethodOption *option;
	int			place = 0;

	appendStringInfoString(out, "{\"name\": ");
	AppendJsonString(out, method->name);
	appendStringInfo(out, ", \"code\": %d, \"formulas\": [", method->code);
	AppendJsonString(out, method->formula->name);
	if (method->chooser)
	{
		appendStringInfoString(out, ", ");
		AppendJsonString(out, method->chosen->name);
	}
	appendStringInfoChar(out, ']');
	AppendJsonTextMember(out, "chosen_by", method->chooser ? method->chooser->name : NULL);
	appendStringInfoString(out, ", \"options\": [");
	for (int i = 0; (option = MethodOptionAt(method, i, &place)) != NULL; i++)
	{
		appendStringInfoString(out, i ? ", " : "");
		AppendMethodOption(out, option);
	}
	appendStringInfoChar(out, ']');
	AppendBooleanMember(out, "needs_values", method->needs_values);
	AppendBooleanMember(out, "takes_weights", method->takes_weights);
	AppendBooleanMember(out, "takes_intercept", method->location_scale != NULL);
	AppendBooleanMember(out, "given", method->given);
	appendStringInfoChar(out, '}');
}

/* ---- formulas ---- */

static const char *
NameOfStep(char step)
{
	return step == 'q' ? "sqrt" : step == 's' ? "square" : step == 'r' ? "reciprocal" : "float4";
}

/* Append the steps of a formula, such as ["-center", "/scale"]; null if it is not a sequence of steps. */
static void
AppendStepsJson(StringInfo out, const Formula *formula)
{
	const char *step = formula->steps;

	if (step == NULL)
	{
		appendStringInfoString(out, "null");
		return;
	}
	appendStringInfoChar(out, '[');
	while (*step)
	{
		appendStringInfoString(out, step == formula->steps ? "" : ", ");
		if (StepStandsAlone(*step))
			AppendJsonString(out, NameOfStep(*step++));
		else
		{
			AppendJsonString(out, psprintf("%c%s", step[0], formula->param_names[step[1] - 'a']));
			step += 2;
		}
	}
	appendStringInfoChar(out, ']');
}

static void
AppendFormulaJson(StringInfo out, const Formula *formula)
{
	appendStringInfoString(out, "{\"name\": ");
	AppendJsonString(out, formula->name);
	appendStringInfo(out, ", \"code\": %d", formula->code);
	AppendJsonTextMember(out, "text", formula->forward_text);
	appendStringInfoString(out, ", \"steps\": ");
	AppendStepsJson(out, formula);
	appendStringInfoString(out, ", \"parameters\": [");
	for (int k = 0; k < formula->nparams; k++)
	{
		appendStringInfoString(out, k ? ", " : "");
		AppendJsonString(out, formula->param_names[k]);
	}
	appendStringInfoChar(out, ']');
	AppendJsonTextMember(out, "table", formula->table_name);
	AppendBooleanMember(out, "affine", formula->affine);
	AppendBooleanMember(out, "of_rows", FormulaIsOfRows(formula));
	AppendBooleanMember(out, "inverse", formula->inverse != NULL);
	AppendJsonTextMember(out, "stands_for", formula->stands_for ? formula->stands_for->name : NULL);
	appendStringInfoChar(out, '}');
}

/* ---- the whole ---- */

PG_FUNCTION_INFO_V1(methods);
Datum
methods(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"methods\": [");
	for (int i = 0; MethodByIndex(i); i++)
	{
		appendStringInfoString(&out, i ? ", " : "");
		AppendMethodJson(&out, MethodByIndex(i));
	}
	appendStringInfoString(&out, "], \"formulas\": [");
	for (int i = 0; FormulaByIndex(i); i++)
	{
		appendStringInfoString(&out, i ? ", " : "");
		AppendFormulaJson(&out, FormulaByIndex(i));
	}
	appendStringInfoString(&out, "]}");
	return JsonbPGetDatum(JsonbFromText(out.data));
}
