/*
 * loaded_scaler.h
 *		Scalers that are decoded and ready to be applied.
 */
#ifndef NORMFREEZE_LOADED_SCALER_H
#define NORMFREEZE_LOADED_SCALER_H

#include "pg/base/compat.h"

#include "core/scaler/transform.h"
#include "pg/base/digest.h"
#include "pg/base/name_index.h"
#include "pg/scaler/set_view.h"

/* A scaler that is ready to be applied.  A set of scalers has members instead of a recipe. */
typedef struct LoadedScaler
{
	MemoryContext context;		/* NULL if LoadScalerInto() has made it */
	int			references;
	bool		committed;		/* it is known to be committed */
	int64		id;
	uint8		fingerprint[DIGEST_LENGTH];
	Recipe		recipe;
	Transform	transform;
	char	  **input_names;	/* NULL if features have no names */
	NameIndex  *features;		/* of the recipe by name; NULL until one is looked for */
	SetRecipe  *set;			/* NULL unless this is a set of scalers, which has no recipe of its own */
	struct KeptScaler *kept;	/* by the session, which then has one of the references; NULL: it is not kept */
	void		(*end_use) (struct LoadedScaler *scaler);	/* called when that reference is the only one left */
} LoadedScaler;

/* Prepare a scaler in a context of its own below "parent", with one reference. */
extern LoadedScaler *LoadScaler(const ScalerView *view, MemoryContext parent);

/* Prepare a scaler within a context, for as long as that exists. */
extern LoadedScaler *LoadScalerInto(const ScalerView *view, MemoryContext context);

/* Give up a reference; the last one frees the scaler. */
extern void ReleaseScaler(LoadedScaler *scaler);

/*
 * Have a reference returned when the current memory context is reset, also by an error.  The scaler's context must not
 * be below it.
 */
extern void ReleaseWithContext(LoadedScaler *scaler);

/* Return the feature with a name, or NULL. */
extern const FeatureRecipe *ScalerFeature(LoadedScaler *scaler, const char *name);

#endif							/* NORMFREEZE_LOADED_SCALER_H */
