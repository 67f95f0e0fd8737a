/*
 * loaded_scaler.c
 *		Scalers that are decoded and ready to be applied.
 */
#include "pg/scaler/loaded_scaler.h"

#include "pg/scaler/scaler_bytes.h"
#include "utils/memutils.h"

static void
LoadRecipe(LoadedScaler *scaler, const ScalerView *view)
{
	DecodeScalerRecipe(&scaler->recipe, view);
	TransformInit(&scaler->transform, &scaler->recipe);
	if (scaler->recipe.named)
	{
		scaler->input_names = palloc(sizeof(char *) * scaler->transform.ninputs);
		for (int i = 0; i < scaler->transform.ninputs; i++)
			scaler->input_names[i] = scaler->transform.slots[i]->name;
	}
}

LoadedScaler *
LoadScalerInto(const ScalerView *view, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	LoadedScaler *scaler = palloc0(sizeof(LoadedScaler));

	ScalerFingerprint(scaler->fingerprint, view);
	scaler->id = FingerprintToId(scaler->fingerprint);
	if (ViewIsSet(view))
	{
		scaler->set = palloc(sizeof(SetRecipe));
		DecodeSetRecipe(scaler->set, view);
	}
	else
		LoadRecipe(scaler, view);
	MemoryContextSwitchTo(old);
	return scaler;
}

LoadedScaler *
LoadScaler(const ScalerView *view, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "normfreeze scaler", ALLOCSET_SMALL_SIZES);
	LoadedScaler *scaler = LoadScalerInto(view, context);

	scaler->context = context;
	scaler->references = 1;
	return scaler;
}

void
ReleaseScaler(LoadedScaler *scaler)
{
	if (--scaler->references == 0)
		MemoryContextDelete(scaler->context);
	else if (scaler->references == 1 && scaler->end_use)
		scaler->end_use(scaler);
}

static void
ReleaseHeld(void *arg)
{
	ReleaseScaler(arg);
}

void
ReleaseWithContext(LoadedScaler *scaler)
{
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

	callback->func = ReleaseHeld;
	callback->arg = scaler;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
}

const FeatureRecipe *
ScalerFeature(LoadedScaler *scaler, const char *name)
{
	const Recipe *recipe = &scaler->recipe;
	int			i;

	if (!recipe->named)
		return NULL;
	if (scaler->features == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(GetMemoryChunkContext(scaler));
		char	  **names = palloc(sizeof(char *) * recipe->nfeatures);
		NameIndex  *features = palloc(sizeof(NameIndex));

		for (i = 0; i < recipe->nfeatures; i++)
			names[i] = recipe->features[i].name;
		*features = MakeNameIndex(names, recipe->nfeatures);
		pfree(names);
		scaler->features = features;
		MemoryContextSwitchTo(old);
	}
	i = NameIndexFind(scaler->features, name);
	return i < 0 ? NULL : &recipe->features[i];
}
