/*
 * subject_fit.h
 *		Deriving the parameters of a subject: those of its method, or of each of its steps.
 */
#ifndef NORMFREEZE_SUBJECT_FIT_H
#define NORMFREEZE_SUBJECT_FIT_H

#include "pg/base/compat.h"

#include "core/scaler/derive_steps.h"
#include "core/scaler/ranged_derive.h"
#include "pg/fit/subjects.h"

/* What was derived for a subject. */
typedef struct SubjectFit
{
	DeriveResult result;
	int			step;			/* the step whose parameters these are, or that has none: the last one, unless there
								 * is a problem */
	double		option[METHOD_MAX_VALUES];
	Derived		derived;
	bool		reached_last;	/* the method of the last step has been asked */
	double		last_option[METHOD_MAX_VALUES]; /* options of the last step, also if the problem is an earlier one */
	const Moments *moments;		/* of the values in front of that step */
	bool		range_alone;	/* of which no more than number and range are known */
	double		undefined;		/* a value for which its formula is not defined, if that is the problem */
	int			nbefore;
	StepRecipe *before;
	DomainRule	domain;			/* of the last step */
	DerivedRange range;			/* by the rule of the spec */
} SubjectFit;

/*
 * Derive the parameters of a subject from its moments and from evidence, which is NULL if the subject has no values
 * or its spec needs no more than moments.
 */
extern void DeriveSubject(const Subject *subject, Evidence *evidence, SubjectFit *fit);

/* Fail because of a subject whose parameters cannot be derived.  "label" names a feature, and "moments" are its own. */
pg_noreturn extern void RefuseSubject(const Subject *subject, const SubjectFit *fit, DeriveResult why,
									  const Moments *moments, const char *label);

#endif							/* NORMFREEZE_SUBJECT_FIT_H */
