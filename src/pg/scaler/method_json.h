/*
 * method_json.h
 *		The options of a method and the parameters of a formula as JSON objects.
 */
#ifndef NORMFREEZE_METHOD_JSON_H
#define NORMFREEZE_METHOD_JSON_H

#include "pg/base/compat.h"

#include "core/scaler/method.h"
#include "lib/stringinfo.h"
#include "pg/base/json_tree.h"

/* Append a JSON array of numbers. */
extern void AppendJsonNumbers(StringInfo out, const double *values, int n);

/* Append the options of a method, or the parameters of a formula and its table, as a JSON object. */
extern void AppendMethodOptions(StringInfo out, const Method *method, const double *values);
extern void AppendParameters(StringInfo out, const Formula *formula, const double *param, const FormulaTable *table);

/* Read what these append.  A key that is missing, unknown or of another type is an error. */
extern void ReadMethodOptions(const JsonNode *options, const Method *method, double *values);
extern void ReadParameters(const JsonNode *parameters, const Formula *formula, double *param, FormulaTable *table);

#endif							/* NORMFREEZE_METHOD_JSON_H */
