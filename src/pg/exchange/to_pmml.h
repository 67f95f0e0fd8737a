/*
 * to_pmml.h
 *		Scalers as PMML documents.
 */
#ifndef NORMFREEZE_TO_PMML_H
#define NORMFREEZE_TO_PMML_H

#include "pg/exchange/export.h"

#define PMML_FORMAT			"PMML"
#define PMML_NAMESPACE		"http://www.dmg.org/PMML-4_4"

/* the extension of the header that has the artifact */
#define PMML_SCALER_KEY		"normfreeze.scaler"

/* version: that of normfreeze in the header */
extern char *ScalerToPmml(const Export *export, const char *version);

#endif							/* NORMFREEZE_TO_PMML_H */
