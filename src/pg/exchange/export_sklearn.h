/*
 * export_sklearn.h
 *		Writing scalers as fitted estimators of scikit-learn, in JSON.
 */
#ifndef NORMFREEZE_EXPORT_SKLEARN_H
#define NORMFREEZE_EXPORT_SKLEARN_H

#include "pg/base/compat.h"

#include "pg/base/json_tree.h"
#include "pg/exchange/export_sklearn_classes.h"

/* The member that carries the scaler. */
#define SKLEARN_ARTIFACT	"normfreeze"

/* Prepare the export of a scaler.  "stored_profile" is its profile, or NULL if it was not kept or may not be read. */
extern void SklearnExportInit(SklearnExport *export, Datum scaler, bytea *stored_profile);

/*
 * Return the estimator as a JSON object, without the scaler that an export carries.  Fails if all features are
 * targets.
 */
extern char *SklearnEstimator(const SklearnExport *export);

/* Return the digest of all numbers and texts of an object, without the member that carries the scaler. */
extern char *SklearnDigest(const JsonNode *root);

/* ---- sklearn_readback.c ---- */

/* Return whether JSON carries the scaler that it was exported from. */
extern bool IsSklearnExport(const JsonNode *root);

/* Return that scaler.  Fails unless the rest is what exporting it writes. */
extern bytea *ScalerFromSklearnExport(const JsonNode *root);

#endif							/* NORMFREEZE_EXPORT_SKLEARN_H */
