/*
 * explain.c
 *		The function explain(): what a scaler does to each value of a row.
 */
#include "pg/inspect/described.h"

#include <math.h>
#include "funcapi.h"
#include "pg/apply/call_site.h"
#include "pg/base/call.h"
#include "pg/inspect/row_builder.h"
#include "pg/registry/refs.h"
#include "utils/builtins.h"

/*
 * Return in one word what was done to a feature's value.
 *
 * "null" is whether the result is NULL, and "unclipped" what the last formula gave.
 */
static const char *
ActionText(const FeatureRecipe *f, TransformResult result, double raw, bool raw_null, bool null, double y,
		   double unclipped)
{
	double		x = raw;
	bool		policy_null = raw_null;

	if (result == TRANSFORM_MISSING)
		return "missing, refused";
	if (result == TRANSFORM_OUTSIDE)
		return "outside, refused";
	if (result == TRANSFORM_DOMAIN)
		return "undefined, refused";
	if (raw_null || isnan(raw))
		return MissingPolicyImputes(f->missing) ? "imputed" : "missing";
	FeatureApplyPolicies(f, &x, &policy_null);
	if (f->unfit && (!null || FeatureIsNull(f)))
		return x != raw ? "clipped" : "unfit";
	if (null && FeatureIsNull(f))
		return "constant";
	if (null)
		return policy_null ? "outside" : "undefined";
	if (x != raw || !FeatureIsDefinedFor(f, x) || (y != unclipped && !isnan(y)))
		return "clipped";
	return f->constant ? "constant" : "scaled";
}

/* Return the rows of explain(): one for each value of the row. */
static Datum
Explain(FunctionCallInfo fcinfo, int64 id)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HeapTupleHeader tuple = PG_GETARG_HEAPTUPLEHEADER(0);
	const LoadedScaler *scaler = AppliedById(GetCallSite(fcinfo), id)->scaler;
	const Transform *transform = &scaler->transform;
	int			n = transform->ninputs;
	RowMap		map = {0};
	FeatureBuffer buffer;
	double	   *raw;
	bool	   *raw_null;
	double	   *unclipped;
	double	   *y;
	TransformResult *results;

	CheckFloatEnvironment();
	if (!scaler->recipe.named)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names to match a row by", scaler->id),
				 errhint("Fit with option \"names\".")));
	InitMaterializedSRF(fcinfo, 0);
	FeatureBufferInit(&buffer, CurrentMemoryContext);
	RowMapInit(&map, CurrentMemoryContext, tuple, fcinfo, 0);
	RowMapBind(&map, n, scaler->input_names, NULL);
	ReadFeatureRow(&map, tuple, &buffer);

	raw = palloc(sizeof(double) * n);
	raw_null = palloc(sizeof(bool) * n);
	unclipped = palloc(sizeof(double) * n);
	y = palloc(sizeof(double) * n);
	results = palloc(sizeof(TransformResult) * n);
	memcpy(raw, buffer.values, sizeof(double) * n);
	memcpy(raw_null, buffer.nulls, sizeof(bool) * n);
	/* first the policies, value by value, then the formulas of whole rows */
	for (int slot = 0; slot < n; slot++)
	{
		results[slot] = TransformPrepare(transform, slot, &buffer.values[slot], &buffer.nulls[slot]);
		if (results[slot] != TRANSFORM_OK)
			buffer.values[slot] = NAN;
	}
	TransformPlainDouble(transform, buffer.values, unclipped);

	for (int slot = 0; slot < n; slot++)
	{
		const FeatureRecipe *f = transform->slots[slot];
		bool		null = buffer.nulls[slot];
		RowBuilder	row = {.n = 0};

		y[slot] = TransformFinish(transform, slot, unclipped[slot], &null);
		AddText(&row, f->name);
		AddDouble(&row, raw[slot], !raw_null[slot]);
		AddText(&row, ActionText(f, results[slot], raw[slot], raw_null[slot], null, y[slot], unclipped[slot]));
		AddText(&row, FormulaText(f));
		AddDouble(&row, y[slot], results[slot] == TRANSFORM_OK && !null);
		PutRow(rsinfo, &row);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(explain_row);
Datum
explain_row(PG_FUNCTION_ARGS)
{
	return Explain(fcinfo, PG_GETARG_INT64(1));
}

PG_FUNCTION_INFO_V1(explain_row_by_ref);
Datum
explain_row_by_ref(PG_FUNCTION_ARGS)
{
	return Explain(fcinfo, RegistryResolve(text_to_cstring(PG_GETARG_TEXT_PP(1))));
}
