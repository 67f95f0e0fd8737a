/*
 * method_json.c
 *		The options of a method and the parameters of a formula as JSON objects.
 */
#include "pg/scaler/method_json.h"

#include "pg/scaler/json_keys.h"

/* ---- writing ---- */

void
AppendJsonNumbers(StringInfo out, const double *values, int n)
{
	appendStringInfoChar(out, '[');
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(out, ", ");
		AppendJsonDouble(out, values[i]);
	}
	appendStringInfoChar(out, ']');
}

void
AppendMethodOptions(StringInfo out, const Method *method, const double *values)
{
	const MethodOption *option;
	int			place = 0;

	appendStringInfoString(out, "{");
	for (int i = 0; (option = MethodOptionAt(method, i, &place)) != NULL; i++)
	{
		const double *value = values + place;

		appendStringInfo(out, "%s\"%s\": ", i ? ", " : "", option->name);
		switch (option->kind)
		{
			case OPTION_BOOLEAN:
				appendStringInfoString(out, *value != 0 ? "true" : "false");
				break;
			case OPTION_INTEGER:
			case OPTION_NUMBER:
				AppendJsonDouble(out, *value);
				break;
			case OPTION_CHOICE:
				AppendJsonString(out, option->choices[(int) *value]);
				break;
			case OPTION_INTERVAL:
				AppendJsonNumbers(out, value, 2);
				break;
		}
	}
	appendStringInfoString(out, "}");
}

void
AppendParameters(StringInfo out, const Formula *formula, const double *param, const FormulaTable *table)
{
	appendStringInfoChar(out, '{');
	for (int k = 0; k < formula->nparams; k++)
	{
		appendStringInfo(out, "%s\"%s\": ", k ? ", " : "", formula->param_names[k]);
		AppendJsonDouble(out, param[k]);
	}
	if (formula->table_name)
	{
		appendStringInfo(out, "%s\"%s\": ", formula->nparams ? ", " : "", formula->table_name);
		AppendJsonNumbers(out, table->values, (int) table->length);
	}
	appendStringInfoString(out, "}");
}

/* ---- reading ---- */

static double
RequiredChoice(const JsonNode *options, const MethodOption *option)
{
	const char *text = RequiredMember(options, option->name, JSON_NODE_STRING)->text;
	int			index = ChoiceIndex(option->choices, text);

	if (index < 0)
		InvalidScalerJson("unknown value for key", option->name);
	return index;
}

void
ReadParameters(const JsonNode *parameters, const Formula *formula, double *param, FormulaTable *table)
{
	const char *known[FORMULA_MAX_PARAMS + 1];
	int			nknown = 0;
	const JsonNode *values;

	for (int k = 0; k < formula->nparams; k++)
	{
		param[k] = RequiredNumber(parameters, formula->param_names[k]);
		known[nknown++] = formula->param_names[k];
	}
	if (formula->table_name)
	{
		known[nknown++] = formula->table_name;
		values = RequiredMember(parameters, formula->table_name, JSON_NODE_ARRAY);
		table->length = (uint32) values->nchildren;
		table->values = palloc(sizeof(double) * (values->nchildren + 1));
		for (int k = 0; k < values->nchildren; k++)
		{
			if (!JsonNumber(values->children[k], &table->values[k]))
				InvalidScalerJson("numbers are expected for key", formula->table_name);
			table->values[k] = CanonicalZero(table->values[k]);
		}
	}
	RejectUnknownKeys(parameters, known, nknown);
}

void
ReadMethodOptions(const JsonNode *options, const Method *method, double *values)
{
	const char *known[METHOD_MAX_OPTIONS];
	int			nknown = 0;
	const MethodOption *option;
	int			place = 0;

	for (int i = 0; (option = MethodOptionAt(method, i, &place)) != NULL; i++)
	{
		double	   *value = values + place;

		known[nknown++] = option->name;
		switch (option->kind)
		{
			case OPTION_BOOLEAN:
				*value = RequiredMember(options, option->name, JSON_NODE_BOOLEAN)->boolean ? 1 : 0;
				break;
			case OPTION_INTEGER:
			case OPTION_NUMBER:
				*value = RequiredNumber(options, option->name);
				break;
			case OPTION_CHOICE:
				*value = RequiredChoice(options, option);
				break;
			case OPTION_INTERVAL:
				RequiredInterval(options, option->name, value);
				break;
		}
	}
	RejectUnknownKeys(options, known, nknown);
}
