/*
 * export_sklearn.h
 *		Scalers as fitted estimators of scikit-learn, in JSON.
 */
#ifndef NORMFREEZE_EXPORT_SKLEARN_H
#define NORMFREEZE_EXPORT_SKLEARN_H

#include "pg/base/compat.h"

#include "pg/base/json_tree.h"

/* Does this JSON carry the scaler that it was exported from? */
extern bool IsSklearnExport(const JsonNode *root);

/* That scaler, if the rest is what exporting it writes. */
extern bytea *ScalerFromSklearnExport(const JsonNode *root);

#endif							/* NORMFREEZE_EXPORT_SKLEARN_H */
