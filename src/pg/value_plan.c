/*
 * value_plan.c
 *		Planning normalize(value, <constant id>, <constant feature>) as arithmetic with constants.
 *
 * Of a feature without policies, whose formula is two operations, nothing is
 * left to be looked up for each row: the call becomes, say,
 * subtract_divide(value, center, scale), which performs the same operations.
 * As with fold.c, the plan lives no longer than the permission to see the
 * scaler, and a scaler is in no plan before it is committed.
 */
#include "pg/value_plan.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "pg/installed.h"
#include "pg/normfreeze.h"
#include "pg/plan_support.h"
#include "pg/scaler_cache.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

/* A function of value_kernels.c, and which parameters of the formula it takes. */
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

/* The operations on the value of a feature, NULL if it takes more than operations. */
static const ValueKernel *
KernelOf(const LoadedScaler *scaler, const FeatureRecipe *feature, bool inverse)
{
	const ValueFormula *formula = FindValueFormula(feature->formula);

	if (formula == NULL)
		return NULL;
	if (inverse)
		return FormulaHasInverse(feature->formula, feature->param) && !FeatureInverseIsNull(feature) ?
			&formula->inverse : NULL;
	return FeatureIsPlain(feature) ? &formula->forward : NULL;
}

static Node *
Arithmetic(PlannerInfo *root, Oid function, Node *value, const FeatureRecipe *feature, const ValueKernel *kernel)
{
	Oid			types[] = {FLOAT8OID, FLOAT8OID, FLOAT8OID};
	Oid			arithmetic = RegistryFunction(kernel->function, types, kernel->nparams + 1);
	List	   *args = list_make1(value);

	if (!OidIsValid(arithmetic) || !MayReplaceFunction(root, function, arithmetic))
		return NULL;
	for (int k = 0; k < kernel->nparams; k++)
		args = lappend(args, makeConst(FLOAT8OID, -1, InvalidOid, sizeof(float8),
									   Float8GetDatum(feature->param[kernel->param[k]]), false, FLOAT8PASSBYVAL));
	return (Node *) makeFuncExpr(arithmetic, FLOAT8OID, args, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

static bool
IsConstant(Node *node, Oid type)
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
		!IsConstant(lsecond(call->args), INT8OID) || !IsConstant(lthird(call->args), TEXTOID))
		return NULL;
	if (!MayUseRegistry(root))
		return NULL;
	id = DatumGetInt64(lsecond_node(Const, call->args)->constvalue);
	scaler = ScalerCacheFind(id);
	if (scaler == NULL || !ScalerIsCommitted(scaler))
		/* perhaps it is committed by the next transaction */
		root->glob->transientPlan = true;
	else if (scaler->set == NULL && scaler->recipe.named)
	{
		int			i = RecipeFindFeature(&scaler->recipe, TextDatumGetCString(lthird_node(Const, call->args)->constvalue));
		bool		inverse = strcmp(get_func_name(call->funcid), "denormalize") == 0;

		if (i >= 0)
			kernel = KernelOf(scaler, &scaler->recipe.features[i], inverse);
		if (kernel)
			result = Arithmetic(root, call->funcid, linitial(call->args), &scaler->recipe.features[i], kernel);
	}
	if (scaler)
		ScalerCacheRelease(scaler);
	return result;
}
