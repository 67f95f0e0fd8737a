/*
 * normalize_value.c
 *		The functions normalize() and denormalize() of one value, whose feature is named.
 */
#include "pg/apply/normalize_forms.h"

#include <math.h>

#include "core/scaler/inverse_gaps.h"
#include "nodes/primnodes.h"
#include "pg/apply/call_site.h"
#include "pg/apply/refusals.h"
#include "pg/apply/value_call.h"
#include "pg/base/call.h"
#include "pg/base/names_alike.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static int
FindNamedSlot(Applied *applied, const text *name)
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
	int			slot = FindNamedSlot(applied, PG_GETARG_TEXT_PP(2));
	TransformResult outcome;
	int			bad;

	CheckFloatEnvironment();
	if (inverse)
	{
		CheckHasInverse(applied->scaler, TransformSlotHasInverse(transform, slot) ? NULL : transform->slots[slot]);
		TransformInverseDouble(transform, slot, 1, &x, &y);
		null = null || TransformInverseIsNull(transform, slot);
		outcome = null ? TRANSFORM_OK : TransformSettleDouble(transform, slot, 1, &x, &y, &null, &bad);
		if (outcome != TRANSFORM_OK)
			CheckInverted(applied->scaler, outcome, bad, x, false);
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

Datum
ApplyToSingle(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse)
{
	return ApplyToValue(applied, fcinfo, PG_ARGISNULL(0) ? NAN : PG_GETARG_FLOAT8(0), PG_ARGISNULL(0), inverse);
}

/* Return the value of a call: a float8 or, if "any", of a type that a row's columns may have. */
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

	/* NULL has no type of its own, and is a missing value of any type */
	if (type != FLOAT8OID && getBaseType(type) != FLOAT8OID && !(type == UNKNOWNOID && PG_ARGISNULL(0)))
		call->conversion = FindConversion(type, feature);
}

static Datum
ApplyLookedUpToValue(ValueCall *call, Applied *applied, FunctionCallInfo fcinfo, bool any, bool inverse)
{
	bool		null = PG_ARGISNULL(0);

	(void) FindNamedSlot(applied, PG_GETARG_TEXT_PP(2));
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

/* Keep the kernel for the next rows if the scaler and the feature of the call are constants. */
static void
KeepConstants(ValueCall *call, FunctionCallInfo fcinfo, const Applied *applied, bool inverse)
{
	if (IsConstantArgument(fcinfo, 1) && IsConstantArgument(fcinfo, 2) &&
		TransformSlotKernel(&applied->scaler->transform, applied->feature_slot, inverse, &call->kernel))
		ValueCallKeep(call, fcinfo, applied);
}

/* Look up the scaler; keep the kernel for the next rows, if it is the same for them. */
static pg_noinline Datum
LookUpAndApply(FunctionCallInfo fcinfo, LookUpFunction look_up, bool any, bool inverse)
{
	ValueCall  *call;
	Applied    *applied;
	Datum		result;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	call = GetValueCall(fcinfo);
	applied = look_up(ValueCallSite(call, fcinfo), fcinfo, 1);
	result = ApplyLookedUpToValue(call, applied, fcinfo, any, inverse);
	KeepConstants(call, fcinfo, applied, inverse);
	return result;
}

/*
 * These functions are not STRICT: a NULL value is a missing one, for which the scaler has a policy, as in a
 * row.  A NULL scaler or feature gives NULL.
 */
static pg_attribute_always_inline Datum
ApplyValue(FunctionCallInfo fcinfo, LookUpFunction look_up, bool any, bool inverse)
{
	const ValueCall *call = fcinfo->flinfo->fn_extra;

	if (unlikely(!call || !ValueCallHolds(call)))
		return LookUpAndApply(fcinfo, look_up, any, inverse);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	CheckFloatEnvironment();
	PG_RETURN_FLOAT8(ApplySlotKernel(&call->kernel, ValueArgument(call, fcinfo, any)));
}

SQL_FUNCTION(normalize_single_by_value, ApplyValue(fcinfo, LookUpByValue, false, false))
SQL_FUNCTION(normalize_single_by_id, ApplyValue(fcinfo, LookUpById, false, false))
SQL_FUNCTION(normalize_single_by_ref, ApplyValue(fcinfo, LookUpByRef, false, false))
SQL_FUNCTION(normalize_any_by_value, ApplyValue(fcinfo, LookUpByValue, true, false))
SQL_FUNCTION(normalize_any_by_id, ApplyValue(fcinfo, LookUpById, true, false))
SQL_FUNCTION(normalize_any_by_ref, ApplyValue(fcinfo, LookUpByRef, true, false))
SQL_FUNCTION(denormalize_single_by_value, ApplyValue(fcinfo, LookUpByValue, false, true))
SQL_FUNCTION(denormalize_single_by_id, ApplyValue(fcinfo, LookUpById, false, true))
SQL_FUNCTION(denormalize_single_by_ref, ApplyValue(fcinfo, LookUpByRef, false, true))
