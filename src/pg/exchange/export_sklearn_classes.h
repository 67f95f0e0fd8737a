/*
 * export_sklearn_classes.h
 *		A scaler on its way to scikit-learn: which estimator serves which features.
 */
#ifndef NORMFREEZE_EXPORT_SKLEARN_CLASSES_H
#define NORMFREEZE_EXPORT_SKLEARN_CLASSES_H

#include "pg/base/compat.h"

#include "core/values/profile.h"
#include "lib/stringinfo.h"
#include "pg/exchange/export.h"

#define SKLEARN			"scikit-learn"	/* what errors call it */

typedef struct SklearnExport
{
	Export		base;
	Profile    *profile;		/* NULL if it is not at hand */
} SklearnExport;

/* Adjacent slots that one estimator serves. */
typedef struct SklearnRun
{
	const SklearnExport *export;
	const struct SklearnClass *class;
	int			first;
	int			count;
} SklearnRun;

/* What scikit-learn calls a class, its constructor's parameters of one feature and the attributes of a run. */
typedef struct SklearnClass
{
	const char *name;
	const Method *method;		/* that computes the same parameters */
	bool		clips;
	void		(*params) (StringInfo out, const FeatureRecipe *f);
	void		(*attributes) (StringInfo out, const SklearnRun *run);
} SklearnClass;

/* The class whose transform() computes what the slot's feature does; an error if there is none. */
extern const SklearnClass *SklearnClassOf(const SklearnExport *export, int slot);

/* Errors out if the class cannot follow the policies of the slot's feature. */
extern void SklearnCheckPolicies(const SklearnExport *export, int slot, const SklearnClass *class);

/* The feature of a run's i-th slot. */
extern const FeatureRecipe *SklearnSlot(const SklearnRun *run, int i);

/* Further members of an object; of an array, a value for each feature of the run. */
extern void SklearnAppendKey(StringInfo out, const char *key);
extern void SklearnAppendArray(StringInfo out, const char *key, const SklearnRun *run,
							   double (*value) (const SklearnRun *run, int i));

#endif							/* NORMFREEZE_EXPORT_SKLEARN_CLASSES_H */
