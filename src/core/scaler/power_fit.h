/*
 * power_fit.h
 *		The lambda of a power transformation, by maximum likelihood.
 */
#ifndef NORMFREEZE_CORE_POWER_FIT_H
#define NORMFREEZE_CORE_POWER_FIT_H

#include "core/scaler/evidence.h"

/* Whether there is a lambda and, if not, the reason. */
typedef enum LambdaOutcome
{
	LAMBDA_FOUND,
	LAMBDA_PENDING,				/* questions are pending */
	LAMBDA_OVERFLOWS,			/* maximum likelihood asks for a lambda that transforms values beyond float8 */
	LAMBDA_COLLAPSES			/* or for one with which float8 does not tell them apart */
} LambdaOutcome;

/* The result of fitting a lambda. */
typedef struct LambdaFit
{
	LambdaOutcome outcome;
	double		lambda;			/* of maximum likelihood; if it overflows, the bound that it is beyond */
	double		step;			/* largest step of values transformed by it in float8, in their deviations */
} LambdaFit;

/* The largest such step that counts as telling values apart. */
#define POWER_LARGEST_STEP	0x1p-20

/*
 * Fit lambda.  The feature must not be constant, and for Box and Cox it must be positive.
 *
 * If "bounded", a lambda that overflows or collapses is replaced by the nearest one that does not, if there is
 * one.
 */
extern LambdaFit FitLambda(Evidence *evidence, PowerFamily family, bool bounded);

/*
 * Return whether two lambdas differ by no more than the error of a search that compares rounded likelihoods,
 * since the likelihood is flat at its maximum.
 */
extern bool LambdasAreAlike(PowerFamily family, const Moments *moments, double a, double b);

#endif							/* NORMFREEZE_CORE_POWER_FIT_H */
