/*
 * fit_weights.h
 *		What a fit of rows with weights refuses.
 */
#ifndef NORMFREEZE_FIT_WEIGHTS_H
#define NORMFREEZE_FIT_WEIGHTS_H

#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"

/* Fail if the methods or policies of any feature are not there with weights.  "names" may be NULL. */
extern void CheckAllTakeWeights(const FitSpec *spec, int nfeatures, char *const *names);

#endif							/* NORMFREEZE_FIT_WEIGHTS_H */
