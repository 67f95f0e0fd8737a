/*
 * normalize.c
 *		The functions normalize() and denormalize() of arrays, rows and jsonb.
 *
 * What a scaler is applied to (array, row, jsonb; value: normalize_value.c) and how it is named
 * (value, id, ref; key: normalize_by_key.c) are independent.  The SQL-callable functions at the
 * end are the combinations.
 */
#include "pg/apply/normalize_forms.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "core/scaler/inverse_gaps.h"
#include "pg/apply/call_site.h"
#include "pg/apply/refusals.h"
#include "pg/base/call.h"
#include "pg/base/json_tree.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* ---- building results ---- */

/* Allocate a one-dimensional array without NULLs, whose elements the caller sets. */
static ArrayType *
NewArray(int n, Oid element_type, int element_size)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + (Size) n * element_size;
	ArrayType  *array = palloc(size);

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->dataoffset = 0;
	array->elemtype = element_type;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	return array;
}

static bool
AnyNull(const bool *nulls, int n)
{
	for (int i = 0; i < n; i++)
		if (nulls[i])
			return true;
	return false;
}

/* Return an array of values, some of which are NULL. */
static ArrayType *
ArrayWithNulls(const void *values, const bool *nulls, int n, Oid element_type, int element_size)
{
	Datum	   *datums = palloc(sizeof(Datum) * n);
	bool	   *isnull = palloc(sizeof(bool) * n);
	int			dims[1] = {n};
	int			lower[1] = {1};
	char		align = element_size == 8 ? TYPALIGN_DOUBLE : TYPALIGN_INT;
	bool		by_value = element_size == 8 ? FLOAT8PASSBYVAL : true;

	for (int i = 0; i < n; i++)
	{
		isnull[i] = nulls[i];
		datums[i] = element_size == 8 ? Float8GetDatum(((const double *) values)[i]) :
			Float4GetDatum(((const float *) values)[i]);
	}
	return construct_md_array(datums, isnull, 1, dims, lower, element_type, element_size, by_value, align);
}

/*
 * Set those results to NULL that denormalize() returns as NULL, for any value or because there is no inverse of this
 * one.  The results are y, of x: float4 if "single".
 */
static void
NullInverse(FeatureBuffer *buffer, const LoadedScaler *scaler, const void *x, void *y, bool single)
{
	const Transform *transform = &scaler->transform;
	int			n = transform->ninputs;
	TransformResult outcome;
	int			slot;

	FeatureBufferReserve(buffer, n);
	if (!buffer->any_null)
		memset(buffer->nulls, 0, sizeof(bool) * n);
	outcome = single ? TransformSettleSingle(transform, 0, n, x, y, buffer->nulls, &slot) :
		TransformSettleDouble(transform, 0, n, x, y, buffer->nulls, &slot);
	if (outcome != TRANSFORM_OK)
		CheckInverted(scaler, outcome, slot, single ? ((const float *) x)[slot] : ((const double *) x)[slot], single);
	for (slot = 0; slot < n; slot++)
		buffer->nulls[slot] = buffer->nulls[slot] || TransformInverseIsNull(transform, slot);
	buffer->any_null = AnyNull(buffer->nulls, n);
}

/* ---- arrays ---- */

static Datum
ApplyToDoubles(CallSite *site, const LoadedScaler *scaler, ArrayType *array, bool inverse)
{
	const Transform *transform = &scaler->transform;
	int			n = FeatureArrayLength(array);
	const double *x;
	ArrayType  *result;
	double	   *y;
	TransformResult outcome;
	int			slot;

	CheckCount(scaler, n);
	if (inverse)
		CheckHasInverse(scaler, scaler->transform.not_invertible);
	x = ReadFeatureArray(array, n, &site->buffer);
	result = NewArray(n, FLOAT8OID, sizeof(double));
	y = (double *) ARR_DATA_PTR(result);

	if (inverse)
	{
		TransformInverseDouble(transform, 0, n, x, y);
		if (!transform->inverse_plain || transform->inverse_gaps)
			NullInverse(&site->buffer, scaler, x, y, false);
	}
	else if (transform->plain)
		TransformPlainDouble(transform, x, y);
	else
	{
		FeatureBuffer *buffer = &site->buffer;

		FeatureBufferReserve(buffer, n);
		if (x != buffer->values)
		{
			memcpy(buffer->values, x, sizeof(double) * n);
			memset(buffer->nulls, 0, sizeof(bool) * n);
		}
		outcome = TransformDouble(transform, 0, n, buffer->values, buffer->nulls, y, &slot);
		CheckTransformed(scaler, outcome, slot, buffer->values[slot]);
		buffer->any_null = AnyNull(buffer->nulls, n);
	}
	if (site->buffer.any_null)
		result = ArrayWithNulls(y, site->buffer.nulls, n, FLOAT8OID, sizeof(double));
	PG_RETURN_ARRAYTYPE_P(result);
}

/* For real[], every step is rounded to float4, and so is the result. */
static Datum
ApplyToSingles(CallSite *site, const LoadedScaler *scaler, ArrayType *array, bool inverse)
{
	const Transform *transform = &scaler->transform;
	int			n = FeatureArrayLength(array);
	FeatureBuffer *buffer = &site->buffer;
	const float *x = (const float *) ARR_DATA_PTR(array);
	ArrayType  *result;
	float	   *y;
	TransformResult outcome;
	int			slot;

	CheckCount(scaler, n);
	if (inverse)
		CheckHasInverse(scaler, scaler->transform.not_invertible);
	result = NewArray(n, FLOAT4OID, sizeof(float));
	y = (float *) ARR_DATA_PTR(result);
	buffer->any_null = false;

	if (ARR_HASNULL(array) || !(inverse || transform->plain))
	{
		const double *values = ReadFeatureArray(array, n, buffer);

		if (n > site->singles_capacity)
		{
			site->singles = MemoryContextAlloc(site->context, sizeof(float) * n);
			site->singles_capacity = n;
		}
		for (int i = 0; i < n; i++)
			site->singles[i] = (float) values[i];	/* it was a float4 before, so this is exact */
		x = site->singles;
	}

	if (inverse)
	{
		TransformInverseSingle(transform, 0, n, x, y);
		if (!transform->inverse_plain || transform->inverse_gaps)
			NullInverse(buffer, scaler, x, y, true);
	}
	else if (transform->plain)
		TransformPlainSingle(transform, x, y);
	else
	{
		outcome = TransformSingle(transform, 0, n, site->singles, buffer->nulls, y, &slot);
		CheckTransformed(scaler, outcome, slot, site->singles[slot]);
		buffer->any_null = AnyNull(buffer->nulls, n);
	}
	if (buffer->any_null)
		result = ArrayWithNulls(y, buffer->nulls, n, FLOAT4OID, sizeof(float));
	PG_RETURN_ARRAYTYPE_P(result);
}

Datum
ApplyToArray(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);

	CheckFloatEnvironment();
	if (ARR_ELEMTYPE(array) == FLOAT4OID)
	{
		if (unlikely(!site->array_checked))
		{
			WarnOfRoundedArray(fcinfo, 0);
			site->array_checked = true;
		}
		return ApplyToSingles(site, applied->scaler, array, inverse);
	}
	return ApplyToDoubles(site, applied->scaler, array, inverse);
}

/* ---- rows and jsonb ---- */

/* Transform what is in the buffer.  The result is in y, and its NULLs in the buffer. */
static void
TransformBuffer(CallSite *site, const LoadedScaler *scaler, double *y, bool inverse)
{
	const Transform *transform = &scaler->transform;
	FeatureBuffer *buffer = &site->buffer;
	TransformResult outcome;
	int			slot;

	if (inverse)
	{
		CheckHasInverse(scaler, scaler->transform.not_invertible);
		TransformInverseDouble(transform, 0, transform->ninputs, buffer->values, y);
		if (!transform->inverse_plain || transform->inverse_gaps)
			NullInverse(buffer, scaler, buffer->values, y, false);
	}
	else if (transform->plain)
		TransformPlainDouble(transform, buffer->values, y);
	else
	{
		outcome = TransformDouble(transform, 0, transform->ninputs, buffer->values, buffer->nulls, y, &slot);
		CheckTransformed(scaler, outcome, slot, buffer->values[slot]);
		buffer->any_null = AnyNull(buffer->nulls, transform->ninputs);
	}
}

/* Return what is in the buffer, transformed, as an array. */
static Datum
ArrayOfBuffer(CallSite *site, const LoadedScaler *scaler, bool inverse)
{
	int			n = scaler->transform.ninputs;
	ArrayType  *result = NewArray(n, FLOAT8OID, sizeof(double));
	double	   *y = (double *) ARR_DATA_PTR(result);

	TransformBuffer(site, scaler, y, inverse);
	if (site->buffer.any_null)
		result = ArrayWithNulls(y, site->buffer.nulls, n, FLOAT8OID, sizeof(double));
	PG_RETURN_ARRAYTYPE_P(result);
}

Datum
ApplyToRow(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	const LoadedScaler *scaler = applied->scaler;

	CheckFloatEnvironment();
	if (unlikely(!RowMapMatches(&applied->map, row)))
	{
		CheckNamed(scaler, "a row");
		RowMapInit(&applied->map, GetMemoryChunkContext(applied), row, fcinfo, 0);
		RowMapBind(&applied->map, scaler->transform.ninputs, scaler->input_names, NULL);
	}
	ReadFeatureRow(&applied->map, row, &site->buffer);
	return ArrayOfBuffer(site, scaler, inverse);
}

/* Apply a scaler to the columns of a row, which are the arguments from "first" on. */
static pg_attribute_always_inline Datum
ApplyToColumnsFrom(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, int first, bool inverse)
{
	const LoadedScaler *scaler = applied->scaler;

	CheckFloatEnvironment();
	site->columns = FindColumnCall(fcinfo, first, site->columns, site->context);
	if (unlikely(applied->map.identifier == 0))
	{
		CheckNamed(scaler, "a row");
		RowMapInitDesc(&applied->map, GetMemoryChunkContext(applied), site->columns->desc);
		RowMapBind(&applied->map, scaler->transform.ninputs, scaler->input_names, NULL);
	}
	ReadFeatureColumns(&applied->map, site->columns, &site->buffer);
	return ArrayOfBuffer(site, scaler, inverse);
}

static Datum
ApplyToColumns(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	return ApplyToColumnsFrom(site, applied, fcinfo, 2, inverse);
}

/* The same by key, which is argument 1. */
Datum
ApplyToKeyedColumns(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	return ApplyToColumnsFrom(site, applied, fcinfo, 3, inverse);
}

Datum
ApplyToJsonb(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	const LoadedScaler *scaler = applied->scaler;
	int			n = scaler->transform.ninputs;
	double	   *y = palloc(sizeof(double) * n);
	StringInfoData out;

	CheckFloatEnvironment();
	CheckNamed(scaler, "jsonb members");
	if (unlikely(!applied->jsonb_checked))
	{
		CheckJsonbOfRow(fcinfo, 0, n, scaler->input_names);
		applied->jsonb_checked = true;
	}
	ReadFeatureJsonb(PG_GETARG_JSONB_P(0), n, scaler->input_names, &site->buffer);
	TransformBuffer(site, scaler, y, inverse);

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		AppendJsonString(&out, scaler->input_names[i]);
		appendStringInfoChar(&out, ':');
		if (site->buffer.nulls[i])
			appendStringInfoString(&out, "null");
		else if (isfinite(y[i]))
			AppendJsonDouble(&out, y[i]);
		else
			/* as to_jsonb() writes these */
			appendStringInfoString(&out, isnan(y[i]) ? "\"NaN\"" : (y[i] > 0 ? "\"Infinity\"" : "\"-Infinity\""));
	}
	appendStringInfoChar(&out, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* ---- the SQL-callable functions ---- */

/* These are STRICT. */
static pg_attribute_always_inline Datum
Apply(FunctionCallInfo fcinfo, ApplyFunction apply, LookUpFunction look_up, bool inverse)
{
	CallSite   *site = GetCallSite(fcinfo);

	return apply(site, look_up(site, fcinfo, 1), fcinfo, inverse);
}

SQL_FUNCTION(normalize_array_by_value, Apply(fcinfo, ApplyToArray, LookUpByValue, false))
SQL_FUNCTION(normalize_array_by_id, Apply(fcinfo, ApplyToArray, LookUpById, false))
SQL_FUNCTION(normalize_array_by_ref, Apply(fcinfo, ApplyToArray, LookUpByRef, false))
SQL_FUNCTION(denormalize_array_by_value, Apply(fcinfo, ApplyToArray, LookUpByValue, true))
SQL_FUNCTION(denormalize_array_by_id, Apply(fcinfo, ApplyToArray, LookUpById, true))
SQL_FUNCTION(denormalize_array_by_ref, Apply(fcinfo, ApplyToArray, LookUpByRef, true))

SQL_FUNCTION(normalize_row_by_value, Apply(fcinfo, ApplyToRow, LookUpByValue, false))
SQL_FUNCTION(normalize_row_by_id, Apply(fcinfo, ApplyToRow, LookUpById, false))
SQL_FUNCTION(normalize_row_by_ref, Apply(fcinfo, ApplyToRow, LookUpByRef, false))
SQL_FUNCTION(denormalize_row_by_value, Apply(fcinfo, ApplyToRow, LookUpByValue, true))
SQL_FUNCTION(denormalize_row_by_id, Apply(fcinfo, ApplyToRow, LookUpById, true))
SQL_FUNCTION(denormalize_row_by_ref, Apply(fcinfo, ApplyToRow, LookUpByRef, true))

SQL_FUNCTION(normalize_jsonb_by_value, Apply(fcinfo, ApplyToJsonb, LookUpByValue, false))
SQL_FUNCTION(normalize_jsonb_by_id, Apply(fcinfo, ApplyToJsonb, LookUpById, false))
SQL_FUNCTION(normalize_jsonb_by_ref, Apply(fcinfo, ApplyToJsonb, LookUpByRef, false))
SQL_FUNCTION(denormalize_jsonb_by_value, Apply(fcinfo, ApplyToJsonb, LookUpByValue, true))
SQL_FUNCTION(denormalize_jsonb_by_id, Apply(fcinfo, ApplyToJsonb, LookUpById, true))
SQL_FUNCTION(denormalize_jsonb_by_ref, Apply(fcinfo, ApplyToJsonb, LookUpByRef, true))

/* The planner turns a row into its columns, any of which may be NULL. */
static pg_attribute_always_inline Datum
ApplyColumns(FunctionCallInfo fcinfo, LookUpFunction look_up, bool inverse)
{
	CallSite   *site;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	site = GetCallSite(fcinfo);
	return ApplyToColumns(site, look_up(site, fcinfo, 0), fcinfo, inverse);
}

SQL_FUNCTION(normalize_columns_by_value, ApplyColumns(fcinfo, LookUpByValue, false))
SQL_FUNCTION(normalize_columns_by_id, ApplyColumns(fcinfo, LookUpById, false))
SQL_FUNCTION(normalize_columns_by_ref, ApplyColumns(fcinfo, LookUpByRef, false))
SQL_FUNCTION(denormalize_columns_by_value, ApplyColumns(fcinfo, LookUpByValue, true))
SQL_FUNCTION(denormalize_columns_by_id, ApplyColumns(fcinfo, LookUpById, true))
SQL_FUNCTION(denormalize_columns_by_ref, ApplyColumns(fcinfo, LookUpByRef, true))

PG_FUNCTION_INFO_V1(scaler_id);
Datum
scaler_id(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(CallSiteResolve(GetCallSite(fcinfo), PG_GETARG_TEXT_PP(0)));
}
