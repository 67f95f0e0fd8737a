/*
 * normalize_by_key.c
 *		The functions normalize() and denormalize() by the member that a set has for a key.
 */
#include "pg/apply/normalize_forms.h"

#include "pg/apply/call_site.h"
#include "pg/apply/keyed.h"
#include "pg/base/call.h"

/* The context of errors in applying a member, which name the scaler but not the key. */
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

/* Apply the member for the key in argument "key_arg". */
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

static Applied *
LookUpSetByValue(CallSite *site, FunctionCallInfo fcinfo, int arg)
{
	return SetByValue(site, PG_GETARG_DATUM(arg));
}

static Applied *
LookUpSetById(CallSite *site, FunctionCallInfo fcinfo, int arg)
{
	return SetById(site, PG_GETARG_INT64(arg));
}

static Applied *
LookUpSetByRef(CallSite *site, FunctionCallInfo fcinfo, int arg)
{
	return SetByRef(site, PG_GETARG_TEXT_PP(arg));
}

/*
 * These functions are not STRICT: a NULL key is one that the set does not have, for which it has a policy.
 * NULL features and a NULL scaler give NULL.
 */
static pg_attribute_always_inline Datum
ApplyByKey(FunctionCallInfo fcinfo, ApplyFunction apply, LookUpFunction look_up, bool inverse)
{
	CallSite   *site;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	site = GetCallSite(fcinfo);
	return ApplyMember(site, look_up(site, fcinfo, 1), apply, fcinfo, 2, inverse);
}

/* The scaler comes first, then key and names, and columns at the end. */
static pg_attribute_always_inline Datum
ApplyColumnsByKey(FunctionCallInfo fcinfo, LookUpFunction look_up, bool inverse)
{
	CallSite   *site;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	site = GetCallSite(fcinfo);
	return ApplyMember(site, look_up(site, fcinfo, 0), ApplyToKeyedColumns, fcinfo, 1, inverse);
}

/* Of one value, which may be NULL, argument 2 names the feature. */
static pg_attribute_always_inline Datum
ApplySingleByKey(FunctionCallInfo fcinfo, LookUpFunction look_up, bool inverse)
{
	CallSite   *site;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	site = GetCallSite(fcinfo);
	return ApplyMember(site, look_up(site, fcinfo, 1), ApplyToSingle, fcinfo, 3, inverse);
}

SQL_FUNCTION(normalize_array_by_value_and_key, ApplyByKey(fcinfo, ApplyToArray, LookUpSetByValue, false))
SQL_FUNCTION(normalize_array_by_id_and_key, ApplyByKey(fcinfo, ApplyToArray, LookUpSetById, false))
SQL_FUNCTION(normalize_array_by_ref_and_key, ApplyByKey(fcinfo, ApplyToArray, LookUpSetByRef, false))
SQL_FUNCTION(denormalize_array_by_value_and_key, ApplyByKey(fcinfo, ApplyToArray, LookUpSetByValue, true))
SQL_FUNCTION(denormalize_array_by_id_and_key, ApplyByKey(fcinfo, ApplyToArray, LookUpSetById, true))
SQL_FUNCTION(denormalize_array_by_ref_and_key, ApplyByKey(fcinfo, ApplyToArray, LookUpSetByRef, true))

SQL_FUNCTION(normalize_row_by_value_and_key, ApplyByKey(fcinfo, ApplyToRow, LookUpSetByValue, false))
SQL_FUNCTION(normalize_row_by_id_and_key, ApplyByKey(fcinfo, ApplyToRow, LookUpSetById, false))
SQL_FUNCTION(normalize_row_by_ref_and_key, ApplyByKey(fcinfo, ApplyToRow, LookUpSetByRef, false))
SQL_FUNCTION(denormalize_row_by_value_and_key, ApplyByKey(fcinfo, ApplyToRow, LookUpSetByValue, true))
SQL_FUNCTION(denormalize_row_by_id_and_key, ApplyByKey(fcinfo, ApplyToRow, LookUpSetById, true))
SQL_FUNCTION(denormalize_row_by_ref_and_key, ApplyByKey(fcinfo, ApplyToRow, LookUpSetByRef, true))

SQL_FUNCTION(normalize_jsonb_by_value_and_key, ApplyByKey(fcinfo, ApplyToJsonb, LookUpSetByValue, false))
SQL_FUNCTION(normalize_jsonb_by_id_and_key, ApplyByKey(fcinfo, ApplyToJsonb, LookUpSetById, false))
SQL_FUNCTION(normalize_jsonb_by_ref_and_key, ApplyByKey(fcinfo, ApplyToJsonb, LookUpSetByRef, false))
SQL_FUNCTION(denormalize_jsonb_by_value_and_key, ApplyByKey(fcinfo, ApplyToJsonb, LookUpSetByValue, true))
SQL_FUNCTION(denormalize_jsonb_by_id_and_key, ApplyByKey(fcinfo, ApplyToJsonb, LookUpSetById, true))
SQL_FUNCTION(denormalize_jsonb_by_ref_and_key, ApplyByKey(fcinfo, ApplyToJsonb, LookUpSetByRef, true))

SQL_FUNCTION(normalize_columns_by_value_and_key, ApplyColumnsByKey(fcinfo, LookUpSetByValue, false))
SQL_FUNCTION(normalize_columns_by_id_and_key, ApplyColumnsByKey(fcinfo, LookUpSetById, false))
SQL_FUNCTION(normalize_columns_by_ref_and_key, ApplyColumnsByKey(fcinfo, LookUpSetByRef, false))
SQL_FUNCTION(denormalize_columns_by_value_and_key, ApplyColumnsByKey(fcinfo, LookUpSetByValue, true))
SQL_FUNCTION(denormalize_columns_by_id_and_key, ApplyColumnsByKey(fcinfo, LookUpSetById, true))
SQL_FUNCTION(denormalize_columns_by_ref_and_key, ApplyColumnsByKey(fcinfo, LookUpSetByRef, true))

SQL_FUNCTION(normalize_single_by_value_and_key, ApplySingleByKey(fcinfo, LookUpSetByValue, false))
SQL_FUNCTION(normalize_single_by_id_and_key, ApplySingleByKey(fcinfo, LookUpSetById, false))
SQL_FUNCTION(normalize_single_by_ref_and_key, ApplySingleByKey(fcinfo, LookUpSetByRef, false))
SQL_FUNCTION(denormalize_single_by_value_and_key, ApplySingleByKey(fcinfo, LookUpSetByValue, true))
SQL_FUNCTION(denormalize_single_by_id_and_key, ApplySingleByKey(fcinfo, LookUpSetById, true))
SQL_FUNCTION(denormalize_single_by_ref_and_key, ApplySingleByKey(fcinfo, LookUpSetByRef, true))
