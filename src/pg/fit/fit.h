/*
 * fit.h
 *		Making a scaler from a profile and the options of a fit.
 */
#ifndef NORMFREEZE_FIT_H
#define NORMFREEZE_FIT_H

#include "pg/base/compat.h"

#include "core/values/profile.h"
#include "pg/fit/fit_spec.h"

/*
 * A subject is what parameters are derived for: a feature, or a set of global features taken together.  The
 * features come first.
 */
typedef struct Subject
{
	int			nmembers;
	int		   *members;		/* features */
	const FeatureSpec *spec;
	bool		bounded;		/* do the specs of all members say so? */
	Moments		moments;
	WeightedSums weighted;
	Histogram	histogram;
	Inquiry		inquiry;		/* what passes over a table have found out */
} Subject;

typedef struct Subjects
{
	int			count;
	Subject    *subjects;
	int		   *of_feature;		/* the subject of a feature's parameters */
} Subjects;

pg_noreturn extern void NoRowsToFit(void);

extern Subjects *MakeSubjects(const FitSpec *spec, const Profile *settled);

/*
 * Fit every feature of a settled profile.  Values come from the stores (whose
 * order changes), if there are any; else, if the passes of fit_table() gather
 * them, from the inquiries of the subjects; else from the distribution, as
 * far as the options or its exactness allow.  NULL if inquiries are pending.
 */
extern bytea *FitProfile(const FitSpec *spec, const Profile *settled, ValueStore *stores, Subjects *gathered);

/* Evidence of one feature from its distribution alone. */
extern Evidence EvidenceFromHistogram(const Profile *settled, int index);

/*
 * Derive one feature's parameters anew; for verify() and audit().  Returns
 * false if the profile cannot tell (values from a distribution that is not
 * exact) and there are no stores (may be NULL) that hold the values.  *done,
 * at first NULL, keeps what was derived for all global features of a kind.
 *
 * With own_lambda not NULL, a lambda of method power that is near enough to the
 * one derived stays, and the rest follows from it, for earlier versions
 * searched by the rounded height of the likelihood; *own_lambda tells whether
 * it differs.
 */
typedef struct Rederivation Rederivation;

extern bool RederiveFeature(const Recipe *recipe, const Profile *settled, ValueStore *stores, int index,
							bool *own_lambda, Rederivation **done, FeatureRecipe *derived);

#endif							/* NORMFREEZE_FIT_H */
