/*
 * value_plan.c
 *		Planning normalize(value, <constant id>, <constant feature>) as arithmetic with constants.
 *
 * The same is done for denormalize(), and for normalize_value(), whose value is converted first.
 * For a feature without policies whose formula is two operations, nothing is left to look up for
 * each row: the call becomes, for example, subtract_divide(value, center, scale), which performs
 * the same operations.
 *
 * As with fold.c, the plan does not outlive the permission to see the scaler, and a plan never
 * contains a scaler that is not committed.
 */
#include "pg/plan/value_plan.h"

#include "catalog/pg_type.h"
#include "core/scaler/inverse_gaps.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "pg/apply/scaler_cache.h"
#include "pg/base/installed.h"
#include "pg/base/settings.h"
#include "pg/plan/plan_dependency.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

/* A function of value_kernels.c, and the parameters of the formula that it takes. */
typedef struct ValueKernel
{
	const char *function;
	int			nparams;
	int			param[2];
} ValueKernel;

/* The operations of a formula and of its inverse. */
typedef struct ValueFormula
{
	const Formula *formula;
	ValueKernel forward;
	ValueKernel inverse;
} ValueFormula;

static const ValueFormula value_formulas[] = {
	{&formula_subtract_divide, {"subtract_divide", 2, {0, 1}}, {"multiply_add", 2, {1, 0}}},
	{&formula_subtract_divide_cast, {"subtract_divide", 2, {0, 1}}, {"multiply_add", 2, {1, 0}}},
	{&formula_multiply_add, {"multiply_add", 2, {0, 1}}, {"subtract_divide", 2, {1, 0}}},
	{&formula_multiply_offset, {"multiply_add", 2, {0, 1}}, {"subtract_divide", 2, {1, 0}}},
	{&formula_divide, {"divide", 1, {0}}, {"multiply", 1, {0}}},
	{&formula_divide_cast, {"divide", 1, {0}}, {"multiply", 1, {0}}},
	{&formula_multiply, {"multiply", 1, {0}}, {"divide", 1, {0}}},
	{&formula_subtract_multiply, {"subtract_multiply", 2, {0, 1}}, {"divide_add", 2, {1, 0}}},
};

static const ValueFormula *
FindValueFormula(const Formula *formula)
{
	for (int i = 0; i < lengthof(value_formulas); i++)
		if (value_formulas[i].formula == formula)
			return &value_formulas[i];
	return NULL;
}

/* Return the operations on the value of a feature; NULL if more than such operations are needed. */
static const ValueKernel *
KernelOf(const FeatureRecipe *feature, bool inverse)
{
	const ValueFormula *formula = FindValueFormula(feature->formula);

	if (formula == NULL)
		return NULL;
	if (inverse)
		return FeatureHasInverse(feature) && FeatureInverseIsPlain(feature) ? &formula->inverse : NULL;
	return FeatureIsPlain(feature) ? &formula->forward : NULL;
}

/* The function that makes a float8 of values of a type, as the columns of a row are converted. */
typedef struct ValueCast
{
	Oid			type;
	Oid			core;			/* a cast of PostgreSQL that does the same */
	const char *function;		/* otherwise a function of value_kernels.c */
	bool		names_feature;	/* its errors need the feature's name */
} ValueCast;

static const ValueCast value_casts[] = {
	{INT2OID, F_FLOAT8_INT2},
	{INT4OID, F_FLOAT8_INT4},
	{INT8OID, F_FLOAT8_INT8},
	{FLOAT4OID, F_FLOAT8_FLOAT4},
	{NUMERICOID, InvalidOid, "value_of_numeric", true},
	{BOOLOID, InvalidOid, "value_of_boolean", false},
};

/* Return a call of one function in place of another, or NULL if the current role may not execute both. */
static Node *
CallInPlaceOf(PlannerInfo *root, Oid function, Oid replacement, List *args)
{
	if (!OidIsValid(replacement) || !MayReplaceFunction(root, function, replacement))
		return NULL;
	return (Node *) makeFuncExpr(replacement, FLOAT8OID, args, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/* Return the value as float8; NULL if it has no such conversion, or the role may not call it. */
static Node *
AsDouble(PlannerInfo *root, Oid function, Node *value, Node *feature)
{
	Oid			type = getBaseType(exprType(value));

	if (type != exprType(value))
		value = (Node *) makeRelabelType((Expr *) value, type, -1, InvalidOid, COERCE_IMPLICIT_CAST);
	if (type == FLOAT8OID)
		return value;
	for (int i = 0; i < lengthof(value_casts); i++)
	{
		const ValueCast *cast = &value_casts[i];
		Oid			types[] = {type, TEXTOID};

		if (cast->type != type)
			continue;
		if (OidIsValid(cast->core))
			return CallInPlaceOf(root, function, cast->core, list_make1(value));
		return CallInPlaceOf(root, function, RegistryFunction(cast->function, types, cast->names_feature ? 2 : 1),
							 cast->names_feature ? list_make2(value, feature) : list_make1(value));
	}
	return NULL;
}

/*
 * Return the arithmetic in place of a call, with the parameters as constants; NULL if the value cannot be converted,
 * or the role may not call a function.
 */
static Node *
Arithmetic(PlannerInfo *root, const FuncExpr *call, const FeatureRecipe *feature, const ValueKernel *kernel)
{
	Oid			types[] = {FLOAT8OID, FLOAT8OID, FLOAT8OID};
	Node	   *value = AsDouble(root, call->funcid, linitial(call->args), lthird(call->args));
	List	   *args = list_make1(value);

	if (value == NULL)
		return NULL;
	for (int k = 0; k < kernel->nparams; k++)
		args = lappend(args, makeConst(FLOAT8OID, -1, InvalidOid, sizeof(float8),
									   Float8GetDatum(feature->param[kernel->param[k]]), false, FLOAT8PASSBYVAL));
	return CallInPlaceOf(root, call->funcid, RegistryFunction(kernel->function, types, kernel->nparams + 1), args);
}

static bool
IsConstantOfType(Node *node, Oid type)
{
	return IsA(node, Const) && ((Const *) node)->consttype == type && !((Const *) node)->constisnull;
}

Node *
PlanValue(PlannerInfo *root, const FuncExpr *call)
{
	LoadedScaler *scaler;
	int64		id;
	const ValueKernel *kernel = NULL;
	Node	   *result = NULL;

	if (!rewrite_calls || list_length(call->args) != 3 || call->funcresulttype != FLOAT8OID ||
		!IsConstantOfType(lsecond(call->args), INT8OID) || !IsConstantOfType(lthird(call->args), TEXTOID))
		return NULL;
	if (!MayUseRegistry(root))
		return NULL;
	id = DatumGetInt64(lsecond_node(Const, call->args)->constvalue);
	scaler = ScalerCacheFind(id);
	if (scaler)
		ReleaseWithContext(scaler);
	if (scaler == NULL || !ScalerIsCommitted(scaler))
		/* the scaler may be committed by the next transaction */
		root->glob->transientPlan = true;
	else if (scaler->set == NULL)
	{
		const FeatureRecipe *feature =
			ScalerFeature(scaler, TextDatumGetCString(lthird_node(Const, call->args)->constvalue));
		bool		inverse = strcmp(get_func_name(call->funcid), "denormalize") == 0;

		if (feature)
			kernel = KernelOf(feature, inverse);
		if (kernel)
			result = Arithmetic(root, call, feature, kernel);
	}
	return result;
}
