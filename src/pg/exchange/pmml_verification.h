/*
 * pmml_verification.h
 *		The proof that a PMML document carries for whoever evaluates it: PMML's ModelVerification, made of the probes.
 */
#ifndef NORMFREEZE_PMML_VERIFICATION_H
#define NORMFREEZE_PMML_VERIFICATION_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/exchange/export.h"

/*
 * Append the output field "count": how many outputs are missing.
 *
 * Evaluators do not compare an output whose expected value is missing, as the rows of PMML leave it out.  With
 * this number, and all other outputs equal, those are missing that must be.  "derived" begins the names of the
 * fields that the outputs are.
 */
extern void AppendMissingCount(StringInfo out, const Export *export, const char *derived, const char *count);

/*
 * Append ModelVerification with the probes of the scaler.  "normalized" begins the names of the output fields,
 * and "count" is that of AppendMissingCount().
 */
extern void AppendModelVerification(StringInfo out, const Export *export, const char *normalized, const char *count);

#endif							/* NORMFREEZE_PMML_VERIFICATION_H */
