/*
 * normalize_by_key.c
 *		normalize() and denormalize() by the member of a set that a key has.
 */
#include "pg/apply/normalize_forms.h"

#include "pg/apply/call_site.h"
#include "pg/apply/keyed.h"

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
