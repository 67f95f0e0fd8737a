/*
 * onnx_policies.h
 *		A scaler on its way to an ONNX model, and the nodes before and after its formulas.
 */
#ifndef NORMFREEZE_ONNX_POLICIES_H
#define NORMFREEZE_ONNX_POLICIES_H

#include "pg/exchange/export.h"
#include "pg/exchange/onnx_model.h"

/* A model that is being built.  Names of values are those of the model's graph. */
typedef struct OnnxExport
{
	const Export *export;
	OnnxModel  *model;
	int			n;				/* number of columns */
	int			step;			/* the step that is being added, from 0 on, or ALL_STEPS */
} OnnxExport;

#define ALL_STEPS		(-1)

/* Return what is applied to a column in the step that is being added, or the whole feature. */
extern const FeatureRecipe *OnnxSlot(const OnnxExport *onnx, int slot);

/* Return the name of a constant, which is that of the step if there are several. */
extern const char *OnnxConstantName(const OnnxExport *onnx, const char *name);

/* Add a constant, and return its name. */
extern const char *OnnxConstants(const OnnxExport *onnx, const char *name, const double *values, int n);

/*
 * Add the policies for values as they come.  Imputed values are not compared with the training range, and a value
 * that this range made NaN is not imputed.
 */
extern const char *OnnxAddPolicies(const OnnxExport *onnx, const char *raw);

/* Add what the formulas of a step are given instead of values for which they are not defined. */
extern const char *OnnxAddDomains(const OnnxExport *onnx, const char *x);

/* Add the clipping of a step's results. */
extern const char *OnnxAddClipping(const OnnxExport *onnx, const char *y);

/* Add NaN for features that are NULL for every value. */
extern const char *OnnxAddNulls(const OnnxExport *onnx, const char *y);

#endif							/* NORMFREEZE_ONNX_POLICIES_H */
