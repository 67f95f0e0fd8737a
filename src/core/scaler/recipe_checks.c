/*
 * recipe_checks.c
 *		What may be wrong with a method, its options, and the formula and parameters that belong to it.
 */
#include "core/scaler/recipe_checks.h"

bool
FormulaIsOfMethod(const Formula *formula, const Method *method, const double *option, bool imported)
{
	const Formula *own = MethodFormula(method, option);

	if (imported && own->affine)
		return formula->affine;
	if (imported && formula->stands_for)
		return own == formula->stands_for;
	return formula == own;
}

static const char *
TableProblem(const FormulaTable *table)
{
	if (table->length == 0)
		return "a table is empty";
	for (uint32_t k = 0; k < table->length; k++)
	{
		if (!IsFiniteBits(DoubleBits(table->values[k])))
			return "a quantile is not finite";
		if (k > 0 && table->values[k] < table->values[k - 1])
			return "quantiles are not in ascending order";
	}
	return NULL;
}

const char *
OptionsProblem(const Method *method, const double *values)
{
	const MethodOption *option;
	int			place = 0;

	for (int k = 0; (option = MethodOptionAt(method, k, &place)) != NULL; k++)
		if (MethodOptionProblem(option, &values[place]) != NULL)
			return "an option of a method is out of range";
	return NULL;
}

const char *
ParametersProblem(const Formula *formula, const double *param, const FormulaTable *table, const Method *method,
				  const double *option)
{
	for (int k = 0; k < formula->nparams; k++)
	{
		if (!IsFiniteBits(DoubleBits(param[k])))
			return "a parameter is not finite";
		if (param[k] == 0 && FormulaDividesBy(formula, k))
			return "a scale is zero";
	}
	if (formula->table_name && TableProblem(table) != NULL)
		return TableProblem(table);
	if (formula->table_name && MethodOptionValue(method, option, &option_n_quantiles) != table->length)
		return "the number of quantiles is not the one its options say";
	return NULL;
}
