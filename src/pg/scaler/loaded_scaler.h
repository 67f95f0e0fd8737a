/*
 * loaded_scaler.h
 *		Scalers decoded and made ready to be applied.
 */
#ifndef NORMFREEZE_LOADED_SCALER_H
#define NORMFREEZE_LOADED_SCALER_H

#include "pg/base/compat.h"

#include "core/scaler/transform.h"
#include "pg/base/digest.h"
#include "pg/base/name_index.h"
#include "pg/scaler/set_view.h"

typedef struct LoadedScaler
{
	MemoryContext context;		/* NULL for a member: in its call site's */
	int			references;
	bool		committed;		/* is it known to be? */
	int64		id;
	uint8		fingerprint[DIGEST_LENGTH];
	Recipe		recipe;
	Transform	transform;
	char	  **input_names;	/* NULL without names */
	NameIndex  *features;		/* of the recipe, by name, once one has been looked for */
	SetRecipe  *set;			/* of a set of scalers, which has no recipe of its own */
} LoadedScaler;

/* Prepare a scaler in a context of its own below parent, with one reference. */
extern LoadedScaler *LoadScaler(const ScalerView *view, MemoryContext parent);

/* The same within a context, as long as that lives. */
extern LoadedScaler *LoadScalerInto(const ScalerView *view, MemoryContext context);
extern void ReleaseScaler(LoadedScaler *scaler);

/* The feature of this name, NULL if there is none. */
extern const FeatureRecipe *ScalerFeature(LoadedScaler *scaler, const char *name);

#endif							/* NORMFREEZE_LOADED_SCALER_H */
