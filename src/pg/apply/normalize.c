/*
 * normalize.c
 *		normalize() and denormalize() in all their forms.
 *
 * What is applied to (array, row, jsonb, value) and how the scaler is named
 * (value, id, ref) are independent; the SQL-callable functions at the end are
 * their combinations.
 */
#include "pg/base/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "nodes/primnodes.h"
#include "pg/apply/call_site.h"
#include "pg/apply/keyed.h"
#include "pg/apply/value_call.h"
#include "pg/base/call.h"
#include "pg/base/json_tree.h"
#include "pg/base/names_alike.h"
#include "pg/base/text.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

/* ---- checks ---- */

static void
CheckCount(const LoadedScaler *scaler, int n)
{
	if (unlikely(n != scaler->transform.ninputs))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("scaler " INT64_FORMAT " expects %d features, the array has %d",
						scaler->id, scaler->transform.ninputs, n),
				 scaler->recipe.named ?
				 errhint("SELECT normfreeze.feature_names(" INT64_FORMAT ") lists them in their order.", scaler->id) : 0));
}

static void
CheckNamed(const LoadedScaler *scaler, const char *what)
{
	if (unlikely(!scaler->recipe.named))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("scaler " INT64_FORMAT " was fitted on arrays, and its features have no names to match %s by",
						scaler->id, what),
				 errhint("Pass an array, or fit with option \"names\".")));
}

/* Refuse to denormalize this feature; NULL if all that were asked for have an inverse. */
static void
CheckHasInverse(const LoadedScaler *scaler, const FeatureRecipe *feature)
{
	if (likely(feature == NULL))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s of scaler " INT64_FORMAT " cannot be denormalized",
					FeatureLabel(feature->name, (int) (feature - scaler->recipe.features)), scaler->id),
			 feature->formula->inverse ? errdetail("It was multiplied by zero.") :
			 errdetail("Method %s divides by a norm of each row, which the result does not hold.", feature->method->name)));
}

/* Fail if this slot needs the other features of its row. */
static void
CheckIsNotOfRow(const LoadedScaler *scaler, int slot)
{
	const FeatureRecipe *feature = scaler->transform.slots[slot];

	if (likely(!TransformIsOfRow(&scaler->transform, slot)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s of scaler " INT64_FORMAT " needs the other features of its row",
					FeatureLabel(feature->name, (int) (feature - scaler->recipe.features)), scaler->id),
			 errhint("Method %s divides by a norm of the row: pass the row, a jsonb object or an array.", feature->method->name)));
}

static void
CheckTransformed(const LoadedScaler *scaler, TransformResult result, int slot, double value)
{
	const FeatureRecipe *feature;
	char	   *label;

	if (likely(result == TRANSFORM_OK))
		return;
	feature = scaler->transform.slots[slot];
	label = FeatureLabel(feature->name, (int) (feature - scaler->recipe.features));
	if (result == TRANSFORM_MISSING)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is missing, which scaler " INT64_FORMAT " refuses", label, scaler->id),
				 errhint("It was fitted with {\"missing\": \"error\"}.")));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is %s, outside the training range of scaler " INT64_FORMAT,
					label, FloatText(value), scaler->id),
			 errdetail("The range is %s to %s.",
					   FloatText(feature->lower),
					   FloatText(feature->upper)),
			 errhint("It was fitted with {\"outside\": \"error\"}.")));
}

/* ---- building results ---- */

/* Allocate a one-dimensional array without NULLs.  The caller sets its elements. */
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

/* The same with NULLs, from separate values. */
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

/* Set the results to NULL that denormalize() has as NULL whatever the value. */
static void
NullInverse(FeatureBuffer *buffer, const Transform *transform)
{
	FeatureBufferReserve(buffer, transform->ninputs);
	if (!buffer->any_null)
		memset(buffer->nulls, 0, sizeof(bool) * transform->ninputs);
	for (int slot = 0; slot < transform->ninputs; slot++)
		buffer->nulls[slot] = buffer->nulls[slot] || TransformInverseIsNull(transform, slot);
	buffer->any_null = AnyNull(buffer->nulls, transform->ninputs);
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
		if (!transform->inverse_plain)
			NullInverse(&site->buffer, transform);
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

/* float4[]: every step is rounded to float4, and so is the result. */
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
			site->singles[i] = (float) values[i];	/* it was a float4 before */
		x = site->singles;
	}

	if (inverse)
	{
		TransformInverseSingle(transform, 0, n, x, y);
		if (!transform->inverse_plain)
			NullInverse(buffer, transform);
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

static Datum
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

/* Transform what is in the buffer; the result is in y, its nulls in the buffer. */
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
		if (!transform->inverse_plain)
			NullInverse(buffer, transform);
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

/* The array of what is in the buffer, transformed. */
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

static Datum
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

/* The same for the columns of a row, which are the arguments from `first` on. */
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
static Datum
ApplyToKeyedColumns(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	return ApplyToColumnsFrom(site, applied, fcinfo, 3, inverse);
}

static Datum
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
			/* as to_jsonb() writes them */
			appendStringInfoString(&out, isnan(y[i]) ? "\"NaN\"" : (y[i] > 0 ? "\"Infinity\"" : "\"-Infinity\""));
	}
	appendStringInfoChar(&out, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* ---- one value ---- */

static int
FindSlot(Applied *applied, const text *name)
{
	LoadedScaler *scaler = applied->scaler;
	int			length = VARSIZE_ANY_EXHDR(name);
	char	   *wanted;
	const FeatureRecipe *feature;

	if (applied->feature_name && (int) strlen(applied->feature_name) == length &&
		memcmp(applied->feature_name, VARDATA_ANY(name), length) == 0)
		return applied->feature_slot;

	CheckNamed(scaler, "a single value");
	wanted = text_to_cstring(name);
	feature = ScalerFeature(scaler, wanted);
	if (feature == NULL)
	{
		char	  **names = palloc(sizeof(char *) * scaler->recipe.nfeatures);

		for (int i = 0; i < scaler->recipe.nfeatures; i++)
			names[i] = scaler->recipe.features[i].name;
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("scaler " INT64_FORMAT " has no feature \"%s\"", scaler->id, wanted),
				 errhint("%sSELECT * FROM normfreeze.describe(" INT64_FORMAT ") lists its features.",
						 NameAlike(wanted, scaler->recipe.nfeatures, names), scaler->id)));
	}
	applied->feature_slot = TransformSlot(&scaler->transform, feature);
	applied->feature_name = feature->name;
	return applied->feature_slot;
}

static Datum
ApplyToValue(Applied *applied, FunctionCallInfo fcinfo, double x, bool null, bool inverse)
{
	const Transform *transform = &applied->scaler->transform;
	double		y;
	int			slot = FindSlot(applied, PG_GETARG_TEXT_PP(2));
	TransformResult outcome;
	int			bad;

	CheckFloatEnvironment();
	if (inverse)
	{
		CheckHasInverse(applied->scaler, TransformSlotHasInverse(transform, slot) ? NULL : transform->slots[slot]);
		TransformInverseDouble(transform, slot, 1, &x, &y);
		null = null || TransformInverseIsNull(transform, slot);
	}
	else
	{
		CheckIsNotOfRow(applied->scaler, slot);
		outcome = TransformDouble(transform, slot, 1, &x, &null, &y, &bad);
		CheckTransformed(applied->scaler, outcome, bad, x);
	}
	if (null)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(y);
}

/* ---- the SQL-callable functions ---- */

#define APPLY_FUNCTION(name, apply, lookup, inverse) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	CallSite   *site = GetCallSite(fcinfo); \
\
	return apply(site, lookup, fcinfo, inverse); \
}

#define APPLY_FUNCTIONS(what, apply) \
	APPLY_FUNCTION(normalize_##what##_by_value, apply, AppliedByValue(site, PG_GETARG_DATUM(1)), false) \
	APPLY_FUNCTION(normalize_##what##_by_id, apply, AppliedById(site, PG_GETARG_INT64(1)), false) \
	APPLY_FUNCTION(normalize_##what##_by_ref, apply, AppliedByRef(site, PG_GETARG_TEXT_PP(1)), false) \
	APPLY_FUNCTION(denormalize_##what##_by_value, apply, AppliedByValue(site, PG_GETARG_DATUM(1)), true) \
	APPLY_FUNCTION(denormalize_##what##_by_id, apply, AppliedById(site, PG_GETARG_INT64(1)), true) \
	APPLY_FUNCTION(denormalize_##what##_by_ref, apply, AppliedByRef(site, PG_GETARG_TEXT_PP(1)), true)

APPLY_FUNCTIONS(array, ApplyToArray)
APPLY_FUNCTIONS(row, ApplyToRow)
APPLY_FUNCTIONS(jsonb, ApplyToJsonb)

/* What the planner makes of a row are its columns, any of which may be NULL. */
#define APPLY_COLUMNS_FUNCTION(name, lookup, inverse) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	CallSite   *site; \
\
	if (PG_ARGISNULL(0)) \
		PG_RETURN_NULL(); \
	site = GetCallSite(fcinfo); \
	return ApplyToColumns(site, lookup, fcinfo, inverse); \
}

APPLY_COLUMNS_FUNCTION(normalize_columns_by_value, AppliedByValue(site, PG_GETARG_DATUM(0)), false)
APPLY_COLUMNS_FUNCTION(normalize_columns_by_id, AppliedById(site, PG_GETARG_INT64(0)), false)
APPLY_COLUMNS_FUNCTION(normalize_columns_by_ref, AppliedByRef(site, PG_GETARG_TEXT_PP(0)), false)
APPLY_COLUMNS_FUNCTION(denormalize_columns_by_value, AppliedByValue(site, PG_GETARG_DATUM(0)), true)
APPLY_COLUMNS_FUNCTION(denormalize_columns_by_id, AppliedById(site, PG_GETARG_INT64(0)), true)
APPLY_COLUMNS_FUNCTION(denormalize_columns_by_ref, AppliedByRef(site, PG_GETARG_TEXT_PP(0)), true)

/* The value of a call: a float8, or (any) of one of the types that a row's columns may have. */
static pg_attribute_always_inline double
ValueArgument(const ValueCall *call, FunctionCallInfo fcinfo, bool any)
{
	double		value;

	if (!any || call->conversion == NULL)
		return PG_GETARG_FLOAT8(0);
	value = call->conversion(PG_GETARG_DATUM(0));
	if (unlikely(isinf(value)))
		value = ConvertValue(call->conversion, PG_GETARG_DATUM(0), text_to_cstring(PG_GETARG_TEXT_PP(2)));
	return value;
}

static void
CheckValueType(ValueCall *call, FunctionCallInfo fcinfo, const char *feature)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 0);

	/* NULL itself has no type, and is a missing value of any */
	if (type != FLOAT8OID && getBaseType(type) != FLOAT8OID && !(type == UNKNOWNOID && PG_ARGISNULL(0)))
		call->conversion = FindConversion(type, feature);
}

static Datum
ApplyLookedUpToValue(ValueCall *call, Applied *applied, FunctionCallInfo fcinfo, bool any, bool inverse)
{
	bool		null = PG_ARGISNULL(0);

	(void) FindSlot(applied, PG_GETARG_TEXT_PP(2));
	if (any && call->conversion == NULL)
		CheckValueType(call, fcinfo, applied->feature_name);
	return ApplyToValue(applied, fcinfo, null ? NAN : ValueArgument(call, fcinfo, any), null, inverse);
}

static bool
IsConstantArgument(FunctionCallInfo fcinfo, int argument)
{
	Node	   *call = fcinfo->flinfo->fn_expr;

	return call && IsA(call, FuncExpr) && IsA(list_nth(((FuncExpr *) call)->args, argument), Const);
}

/* If the scaler and the feature of the call are constants, keep the kernel for the next rows. */
static void
KeepConstants(ValueCall *call, FunctionCallInfo fcinfo, const Applied *applied, bool inverse)
{
	if (IsConstantArgument(fcinfo, 1) && IsConstantArgument(fcinfo, 2) &&
		TransformSlotKernel(&applied->scaler->transform, applied->feature_slot, inverse, &call->kernel))
		ValueCallKeep(call, fcinfo, applied);
}

/*
 * The forms of one value are not STRICT: a NULL value is a missing one, about
 * which the scaler has a policy, as in a row.  A NULL scaler or feature gives
 * NULL.
 */
#define APPLY_VALUE_FUNCTION(name, lookup, any, inverse) \
static pg_noinline Datum \
name##_looked_up(PG_FUNCTION_ARGS) \
{ \
	ValueCall  *call; \
	CallSite   *site; \
	Applied    *applied; \
	Datum		result; \
\
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) \
		PG_RETURN_NULL(); \
	call = GetValueCall(fcinfo); \
	site = ValueCallSite(call, fcinfo); \
	applied = lookup; \
	result = ApplyLookedUpToValue(call, applied, fcinfo, any, inverse); \
	KeepConstants(call, fcinfo, applied, inverse); \
	return result; \
} \
\
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	const ValueCall *call = fcinfo->flinfo->fn_extra; \
\
	if (unlikely(!call || !ValueCallHolds(call))) \
		return name##_looked_up(fcinfo); \
	if (PG_ARGISNULL(0)) \
		PG_RETURN_NULL(); \
	CheckFloatEnvironment(); \
	PG_RETURN_FLOAT8(ApplySlotKernel(&call->kernel, ValueArgument(call, fcinfo, any))); \
}

APPLY_VALUE_FUNCTION(normalize_single_by_value, AppliedByValue(site, PG_GETARG_DATUM(1)), false, false)
APPLY_VALUE_FUNCTION(normalize_single_by_id, AppliedById(site, PG_GETARG_INT64(1)), false, false)
APPLY_VALUE_FUNCTION(normalize_single_by_ref, AppliedByRef(site, PG_GETARG_TEXT_PP(1)), false, false)
APPLY_VALUE_FUNCTION(normalize_any_by_value, AppliedByValue(site, PG_GETARG_DATUM(1)), true, false)
APPLY_VALUE_FUNCTION(normalize_any_by_id, AppliedById(site, PG_GETARG_INT64(1)), true, false)
APPLY_VALUE_FUNCTION(normalize_any_by_ref, AppliedByRef(site, PG_GETARG_TEXT_PP(1)), true, false)
APPLY_VALUE_FUNCTION(denormalize_single_by_value, AppliedByValue(site, PG_GETARG_DATUM(1)), false, true)
APPLY_VALUE_FUNCTION(denormalize_single_by_id, AppliedById(site, PG_GETARG_INT64(1)), false, true)
APPLY_VALUE_FUNCTION(denormalize_single_by_ref, AppliedByRef(site, PG_GETARG_TEXT_PP(1)), false, true)

/* ---- by key ---- */

/* The context of errors of a member, which name the scaler but not the key. */
typedef struct KeyContext
{
	int64		set_id;
	const text *key;
} KeyContext;

static void
ShowKey(void *arg)
{
	const KeyContext *context = arg;

	if (context->key)
		errcontext("key \"%s\" of scaler " INT64_FORMAT,
				   KeyLabel(VARDATA_ANY(context->key), VARSIZE_ANY_EXHDR(context->key)), context->set_id);
	else
		errcontext("key NULL of scaler " INT64_FORMAT, context->set_id);
}

typedef Datum (*ApplyFunction) (CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse);

static Datum
ApplyToSingle(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	return ApplyToValue(applied, fcinfo, PG_ARGISNULL(0) ? NAN : PG_GETARG_FLOAT8(0), PG_ARGISNULL(0), inverse);
}

/* Apply the member of the key in argument `key_arg`. */
static pg_attribute_always_inline Datum
ApplyMember(CallSite *site, Applied *set, ApplyFunction apply, FunctionCallInfo fcinfo, int key_arg, bool inverse)
{
	const text *key = PG_ARGISNULL(key_arg) ? NULL : PG_GETARG_TEXT_PP(key_arg);
	Applied    *member = AppliedByKey(set, key);
	KeyContext	context = {set->scaler->id, key};
	ErrorContextCallback callback = {error_context_stack, ShowKey, &context};
	Datum		result;

	if (member == NULL)
		PG_RETURN_NULL();
	error_context_stack = &callback;
	result = apply(site, member, fcinfo, inverse);
	error_context_stack = callback.previous;
	return result;
}

/*
 * Not STRICT: a NULL key is one that was never seen, about which the set has
 * a policy.  NULL features, as a NULL scaler, give NULL.
 */
#define KEYED_FUNCTION(name, apply, lookup, key_arg, nothing, inverse) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	CallSite   *site; \
\
	if (nothing) \
		PG_RETURN_NULL(); \
	site = GetCallSite(fcinfo); \
	return ApplyMember(site, lookup, apply, fcinfo, key_arg, inverse); \
}

#define KEYED_FUNCTIONS(what, apply, scaler_arg, key_arg, nothing) \
	KEYED_FUNCTION(normalize_##what##_by_value_and_key, apply, SetByValue(site, PG_GETARG_DATUM(scaler_arg)), key_arg, nothing, false) \
	KEYED_FUNCTION(normalize_##what##_by_id_and_key, apply, SetById(site, PG_GETARG_INT64(scaler_arg)), key_arg, nothing, false) \
	KEYED_FUNCTION(normalize_##what##_by_ref_and_key, apply, SetByRef(site, PG_GETARG_TEXT_PP(scaler_arg)), key_arg, nothing, false) \
	KEYED_FUNCTION(denormalize_##what##_by_value_and_key, apply, SetByValue(site, PG_GETARG_DATUM(scaler_arg)), key_arg, nothing, true) \
	KEYED_FUNCTION(denormalize_##what##_by_id_and_key, apply, SetById(site, PG_GETARG_INT64(scaler_arg)), key_arg, nothing, true) \
	KEYED_FUNCTION(denormalize_##what##_by_ref_and_key, apply, SetByRef(site, PG_GETARG_TEXT_PP(scaler_arg)), key_arg, nothing, true)

KEYED_FUNCTIONS(array, ApplyToArray, 1, 2, PG_ARGISNULL(0) || PG_ARGISNULL(1))
KEYED_FUNCTIONS(row, ApplyToRow, 1, 2, PG_ARGISNULL(0) || PG_ARGISNULL(1))
KEYED_FUNCTIONS(jsonb, ApplyToJsonb, 1, 2, PG_ARGISNULL(0) || PG_ARGISNULL(1))
KEYED_FUNCTIONS(columns, ApplyToKeyedColumns, 0, 1, PG_ARGISNULL(0))
KEYED_FUNCTIONS(single, ApplyToSingle, 1, 3, PG_ARGISNULL(1) || PG_ARGISNULL(2))

PG_FUNCTION_INFO_V1(scaler_id);
Datum
scaler_id(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(CallSiteResolve(GetCallSite(fcinfo), PG_GETARG_TEXT_PP(0)));
}
