/*
 * to_pmml.h
 *		Writing scalers as PMML documents.
 */
#ifndef NORMFREEZE_TO_PMML_H
#define NORMFREEZE_TO_PMML_H

#include "pg/exchange/export.h"

#define PMML_FORMAT			"PMML"
#define PMML_NAMESPACE		"http://www.dmg.org/PMML-4_4"

/* The extension of the header that has the artifact. */
#define PMML_SCALER_KEY		"normfreeze.scaler"

/*
 * Return the document of a scaler, whose header has this version of normfreeze; with the probes as its
 * verification or without.  Fails if PMML cannot express some formula, policy or name of it.
 */
extern char *ScalerToPmml(const Export *export, const char *version, bool verification);

#endif							/* NORMFREEZE_TO_PMML_H */
