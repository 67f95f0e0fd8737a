/*
 * export_sklearn.h
 *		Scalers as fitted estimators of scikit-learn, in JSON.
 */
#ifndef NORMFREEZE_EXPORT_SKLEARN_H
#define NORMFREEZE_EXPORT_SKLEARN_H

#include "pg/base/compat.h"

#include "pg/base/json_tree.h"
#include "pg/exchange/export_sklearn_classes.h"

/* The member that carries the scaler. */
#define SKLEARN_ARTIFACT	"normfreeze"

/* A scaler, with the profile that is stored of it; NULL if that is not to be seen. */
extern void SklearnExportInit(SklearnExport *export, Datum scaler, bytea *stored_profile);

/* The estimator alone, an object. */
extern char *SklearnEstimator(const SklearnExport *export);

/* Of an object's every number and text, but for what it carries. */
extern char *SklearnDigest(const JsonNode *root);

/* ---- sklearn_readback.c ---- */

/* Return whether this JSON carries the scaler that it was exported from. */
extern bool IsSklearnExport(const JsonNode *root);

/* That scaler, if the rest is what exporting it writes. */
extern bytea *ScalerFromSklearnExport(const JsonNode *root);

#endif							/* NORMFREEZE_EXPORT_SKLEARN_H */
