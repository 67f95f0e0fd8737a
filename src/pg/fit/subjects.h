/*
 * subjects.h
 *		What parameters are derived for: features, and sets of global ones.
 */
#ifndef NORMFREEZE_SUBJECTS_H
#define NORMFREEZE_SUBJECTS_H

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

/* Those of a fit, with no inquiry made yet. */
extern Subjects *MakeSubjects(const FitSpec *spec, const Profile *settled);

/* A subject without members (of which `members` has room for all), and one member more. */
extern void StartSubject(Subject *subject, const FeatureSpec *spec, const Profile *settled, int *members);
extern void SubjectAddMember(Subject *subject, const Profile *settled, int i);

/* Return whether two global features share their parameters. */
extern bool SameMethod(const Method *method_a, const double *option_a, uint8 quantiles_a,
					   const Method *method_b, const double *option_b, uint8 quantiles_b);

/* All values of a subject, given those of each feature. */
extern ValueStore *StoreOfSubject(const Subject *subject, ValueStore *stores);

/* Return the source of answers for a subject's method; an error, which names its first feature, if there is none. */
extern Evidence FindEvidence(Subject *subject, const Profile *settled, ValueStore *stores, bool gathered);

/* Evidence of one feature from its distribution alone. */
extern Evidence EvidenceFromHistogram(const Profile *settled, int index);

/* What errors call a feature. */
extern char *LabelOf(const Profile *settled, int i);

#endif							/* NORMFREEZE_SUBJECTS_H */
