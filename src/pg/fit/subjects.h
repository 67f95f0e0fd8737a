/*
 * subjects.h
 *		What parameters are derived for: features, and sets of global features.
 */
#ifndef NORMFREEZE_SUBJECTS_H
#define NORMFREEZE_SUBJECTS_H

#include "pg/base/compat.h"

#include "core/values/profile.h"
#include "pg/fit/known_features.h"

/*
 * A subject is what parameters are derived for: a feature, or a set of global features that are taken together.
 * Features come first.
 */
typedef struct Subject
{
	int			nmembers;
	int		   *members;		/* the features of a set */
	const FeatureSpec *spec;
	bool		bounded;		/* the specs of all members ask for it */
	Moments		moments;
	bool		weights;		/* whether there are weights */
	WeightedSums weighted;
	Histogram	histogram;
	Inquiry		inquiry;		/* what passes over a table have found out */
} Subject;

/* All subjects of a fit. */
typedef struct Subjects
{
	int			count;
	Subject    *subjects;
	int		   *of_feature;		/* by feature: the subject that its parameters are those of */
} Subjects;

/* What a state holds of the values besides their profile. */
typedef struct HeldValues
{
	ValueStore *stores;			/* by feature; NULL without values */
	const KnownFeatures *known; /* features that have results; NULL without any */
	const Profile *results;
} HeldValues;

/* What is known of the values that are fitted. */
typedef struct FitSource
{
	const Profile *settled;
	const HeldValues *held;
	bool		gathered;		/* what else is needed, passes over a table find out */
} FitSource;

/* Make the subjects of a fit.  Nothing has been asked yet. */
extern Subjects *MakeSubjects(const FitSpec *spec, const Profile *settled);

/* Start a subject without members, for all of which "members" has room, and add a member. */
extern void StartSubject(Subject *subject, const FeatureSpec *spec, const Profile *settled, int *members);
extern void SubjectAddMember(Subject *subject, const Profile *settled, int i);

/* Return whether two global features share their parameters. */
extern bool SameMethod(const Method *method_a, const double *option_a, uint8 quantiles_a,
					   const Method *method_b, const double *option_b, uint8 quantiles_b);

/* Return whether two specs ask for the same steps before the last one, and the same domains. */
extern bool SameSteps(const FeatureSpec *a, const FeatureSpec *b);

/* Return whether their ranges are the same, and so are the statistics of what is inside. */
extern bool SameRange(const RangeRule *rule_a, uint8 outside_a, const RangeRule *rule_b, uint8 outside_b);

/* Return the values of a subject, given those of each feature. */
extern ValueStore *StoreOfSubject(const Subject *subject, ValueStore *stores);

/* Return the source of answers for a subject's method.  Fails, naming its first feature, if there is none. */
extern Evidence FindEvidence(Subject *subject, const FitSource *source);

/* The same for the steps of a subject, which may do with the range of the values, or with results. */
extern Evidence FindEvidenceForSteps(Subject *subject, const FitSource *source);

/* The same for what needs exact evidence, whatever the subject's option "quantiles" is. */
extern Evidence FindExactEvidence(Subject *subject, const FitSource *source);

/* Return the evidence on one feature that its distribution gives. */
extern Evidence EvidenceFromHistogram(const Profile *settled, int index);

/* Return the name of a feature in errors. */
extern char *LabelOf(const Profile *settled, int i);

#endif							/* NORMFREEZE_SUBJECTS_H */
