/*
 * feature_names.c
 *		The function feature_names(): the names of a scaler's features.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "pg/apply/call_site.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/array.h"
#include "utils/builtins.h"

static Datum
FeatureNamesArray(FunctionCallInfo fcinfo, const Recipe *recipe)
{
	Datum	   *names = palloc(sizeof(Datum) * recipe->nfeatures);
	int			n = 0;

	if (!recipe->named)
		PG_RETURN_NULL();
	for (int i = 0; i < recipe->nfeatures; i++)
		if (!recipe->features[i].target)
			names[n++] = CStringGetTextDatum(recipe->features[i].name);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Return the names of a set's features; all its members have the same. */
static Datum
FeatureNamesOfSet(FunctionCallInfo fcinfo, const SetFeatures *features)
{
	Datum	   *names = palloc(sizeof(Datum) * features->count);
	int			n = 0;

	if (features->names == NULL)
		PG_RETURN_NULL();
	for (int i = 0; i < features->count; i++)
		if (!features->target[i])
			names[n++] = CStringGetTextDatum(features->names[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(feature_names_of_scaler);
Datum
feature_names_of_scaler(PG_FUNCTION_ARGS)
{
	ScalerView	view;
	Recipe		recipe;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	if (ViewIsSet(&view))
	{
		SetRecipe	set;

		DecodeSetRecipe(&set, &view);
		return FeatureNamesOfSet(fcinfo, &set.features);
	}
	DecodeScalerRecipe(&recipe, &view);
	return FeatureNamesArray(fcinfo, &recipe);
}

PG_FUNCTION_INFO_V1(feature_names_of_id);
Datum
feature_names_of_id(PG_FUNCTION_ARGS)
{
	Applied    *applied = FindById(GetCallSite(fcinfo), PG_GETARG_INT64(0));

	if (applied->scaler->set)
		return FeatureNamesOfSet(fcinfo, &applied->scaler->set->features);
	return FeatureNamesArray(fcinfo, &applied->scaler->recipe);
}
