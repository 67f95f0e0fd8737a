/*
 * power_fit.h
 *		The lambda of a power transformation, by maximum likelihood.
 */
#ifndef NORMFREEZE_CORE_POWER_FIT_H
#define NORMFREEZE_CORE_POWER_FIT_H

#include "core/scaler/evidence.h"

typedef enum LambdaOutcome
{
	LAMBDA_FOUND,
	LAMBDA_PENDING,				/* evidence is still to be gathered */
	LAMBDA_OVERFLOWS,			/* the likelihood wants one by which values leave float8 */
	LAMBDA_COLLAPSES			/* or one by which float8 does not tell them apart */
} LambdaOutcome;

typedef struct LambdaFit
{
	LambdaOutcome outcome;
	double		lambda;			/* of the likelihood; the bound that it is beyond, if it overflows */
	double		step;			/* of the values transformed by it in float8, in their deviations */
} LambdaFit;

/* The largest such step that counts as telling values apart. */
#define POWER_LARGEST_STEP	0x1p-20

/*
 * The feature must not be constant, and for Box and Cox positive.  If bounded,
 * a lambda that overflows or collapses is replaced by the one nearest to it
 * that does not, where there is one.
 */
extern LambdaFit FitLambda(Evidence *evidence, PowerFamily family, bool bounded);

/*
 * Return whether two lambdas differ by no more than the error of a search that compares rounded
 * likelihoods: the likelihood is flat at its maximum.
 */
extern bool LambdasAreAlike(PowerFamily family, const Moments *moments, double a, double b);

#endif							/* NORMFREEZE_CORE_POWER_FIT_H */
