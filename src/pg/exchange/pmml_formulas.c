/*
 * pmml_formulas.c
 *		Formulas as functions of a PMML document.
 *
 * Rounding to float4 is done by the type of the function, and so can only be the last step.
 */
#include "pg/exchange/pmml_formulas.h"

#include "pg/exchange/pmml_elements.h"

void
AppendParameterField(StringInfo out, const char *name)
{
	OpenElement(out, "ParameterField", "name", name);
	appendStringInfoString(out, " " PMML_CONTINUOUS "/>");
}

void
AppendFormulaFunction(StringInfo out, const Formula *formula)
{
	int			length = strlen(formula->steps);
	bool		rounds = length > 0 && formula->steps[length - 1] == 'f';
	int			operations = length - (rounds ? 1 : 0);
	StringInfoData body;

	OpenElement(out, "DefineFunction", "name", formula->name);
	appendStringInfo(out, " optype=\"continuous\" dataType=\"%s\">", rounds ? "float" : "double");
	AppendParameterField(out, "x");
	for (int k = 0; k < formula->nparams; k++)
		AppendParameterField(out, formula->param_names[k]);
	initStringInfo(&body);
	AppendFieldRef(&body, "x");
	for (int i = 0; i < operations; i++)
	{
		char		step = formula->steps[i];
		char	   *inner = body.data;

		initStringInfo(&body);
		if (step == 'q')
			appendStringInfo(&body, "<Apply function=\"sqrt\">%s", inner);
		else if (step == 's')
			appendStringInfo(&body, "<Apply function=\"*\">%s%s", inner, inner);
		else if (step == 'r')
			appendStringInfo(&body, "<Apply function=\"/\"><Constant dataType=\"double\">1</Constant>%s", inner);
		else
		{
			appendStringInfo(&body, "<Apply function=\"%c\">%s", step, inner);
			AppendFieldRef(&body, formula->param_names[formula->steps[++i] - 'a']);
		}
		appendStringInfoString(&body, "</Apply>");
	}
	appendStringInfoString(out, body.data);
	appendStringInfoString(out, "</DefineFunction>\n");
}

bool
HasPmmlFunction(const Formula *formula)
{
	return formula->steps && formula->steps[0];
}
