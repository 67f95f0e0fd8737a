/*
 * export_sklearn_classes.h
 *		A scaler on its way to scikit-learn, and the estimators that serve its features.
 */
#ifndef NORMFREEZE_EXPORT_SKLEARN_CLASSES_H
#define NORMFREEZE_EXPORT_SKLEARN_CLASSES_H

#include "pg/base/compat.h"

#include "core/values/profile.h"
#include "lib/stringinfo.h"
#include "pg/exchange/export.h"

#define SKLEARN			"scikit-learn"	/* the name that errors use */

/* An export to scikit-learn. */
typedef struct SklearnExport
{
	Export		base;
	Profile    *profile;		/* NULL if it was not kept or may not be read */
} SklearnExport;

/* Adjacent slots that share an estimator, and the step of theirs that is being written. */
typedef struct SklearnRun
{
	const SklearnExport *export;
	const struct SklearnClass *class;	/* of the step */
	int			first;
	int			count;
	int			step;			/* from 0 on */
} SklearnRun;

/*
 * A class of scikit-learn: its name, the parameters that its constructor takes for a feature, and the
 * attributes of a run.
 */
typedef struct SklearnClass
{
	const char *name;
	const Method *method;		/* the method whose parameters it computes */
	bool		clips;
	void		(*params) (StringInfo out, const FeatureRecipe *f);
	void		(*attributes) (StringInfo out, const SklearnRun *run);
} SklearnClass;

/* Return the class whose transform() computes what a step of the slot's feature does.  Fails if there is none. */
extern const SklearnClass *SklearnClassOf(const SklearnExport *export, int slot, int step);

/* Fail if the class of a step cannot follow the policies of the slot's feature. */
extern void SklearnCheckPolicies(const SklearnExport *export, int slot, int step, const SklearnClass *class);

/* Return whether a class gives a DataFrame for a DataFrame, and so passes names on. */
extern bool SklearnPassesNames(const SklearnClass *class);

/* Return the step of a run's i-th slot, as a feature. */
extern const FeatureRecipe *SklearnSlot(const SklearnRun *run, int i);

/* Append a further member of an object: its key. */
extern void SklearnAppendKey(StringInfo out, const char *key);

/* Append a member that is an array with a value for each feature of a run. */
extern void SklearnAppendArray(StringInfo out, const char *key, const SklearnRun *run,
							   double (*value) (const SklearnRun *run, int i));

#endif							/* NORMFREEZE_EXPORT_SKLEARN_CLASSES_H */
