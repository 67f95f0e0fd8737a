/*
 * recipe_checks.h
 *		What may be wrong with a method, its options, and the formula and parameters that belong to it.
 */
#ifndef NORMFREEZE_CORE_RECIPE_CHECKS_H
#define NORMFREEZE_CORE_RECIPE_CHECKS_H

#include "core/scaler/method.h"

/* Return whether a formula may be that of a method with these options; "imported": its parameters were given. */
extern bool FormulaIsOfMethod(const Formula *formula, const Method *method, const double *option, bool imported);

/* Return what is wrong with the options of a method, or NULL. */
extern const char *OptionsProblem(const Method *method, const double *option);

/* Return what is wrong with the parameters and the table of a formula of this method, or NULL. */
extern const char *ParametersProblem(const Formula *formula, const double *param, const FormulaTable *table,
									 const Method *method, const double *option);

#endif							/* NORMFREEZE_CORE_RECIPE_CHECKS_H */
