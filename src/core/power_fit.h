/*
 * power_fit.h
 *		The lambda of a power transformation, by maximum likelihood.
 */
#ifndef NORMFREEZE_CORE_POWER_FIT_H
#define NORMFREEZE_CORE_POWER_FIT_H

#include "core/evidence.h"

/*
 * kind is ASK_YEO_JOHNSON or ASK_BOX_COX; the feature must not be constant,
 * and for Box and Cox positive.  False if evidence is still to be gathered.
 * NaN if no lambda gives the transformed values a deviation within float8.
 */
extern bool FitLambda(Evidence *evidence, QuestionKind kind, double *lambda);

#endif							/* NORMFREEZE_CORE_POWER_FIT_H */
