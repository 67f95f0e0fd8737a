/*
 * pmml_formulas.h
 *		Formulas as functions of a PMML document.
 */
#ifndef NORMFREEZE_PMML_FORMULAS_H
#define NORMFREEZE_PMML_FORMULAS_H

#include "pg/exchange/export.h"

/* Append the function of a formula, from its steps (core/scaler/formula.h); the last step is outermost. */
extern void AppendFormulaFunction(StringInfo out, const Formula *formula);

/* Return whether a formula has a function in the document. */
extern bool HasPmmlFunction(const Formula *formula);

/* Append a field that is a parameter of a function. */
extern void AppendParameterField(StringInfo out, const char *name);

#endif							/* NORMFREEZE_PMML_FORMULAS_H */
