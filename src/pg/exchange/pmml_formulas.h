/*
 * pmml_formulas.h
 *		Formulas as functions of a PMML document.
 */
#ifndef NORMFREEZE_PMML_FORMULAS_H
#define NORMFREEZE_PMML_FORMULAS_H

#include "pg/exchange/export.h"

/* Return the name of the function that computes a feature's formula; NULL if it needs none, or has none. */
extern const char *PmmlFormulaFunction(const FeatureRecipe *feature);

/* Append the functions of all formulas that a scaler uses. */
extern void AppendFormulaFunctions(StringInfo out, const Export *export);

/* Append a field that is a parameter of a function. */
extern void AppendParameterField(StringInfo out, const char *name);

#endif							/* NORMFREEZE_PMML_FORMULAS_H */
