/*
 * export.c
 *		What the exports share.
 */
#include "pg/exchange/export.h"

#include "core/scaler/recipe_steps.h"
#include "lib/stringinfo.h"
#include "pg/base/call.h"
#include "pg/base/json_tree.h"
#include "pg/base/text.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_check.h"
#include "pg/scaler/scaler_json.h"

static void
FindSteps(Export *export)
{
	export->nsteps = 1;
	export->steps = palloc0(sizeof(FeatureRecipe *) * (export->recipe.nfeatures + 1));
	for (int slot = 0; slot < export->recipe.nfeatures; slot++)
	{
		int			count = ExportStepCount(export, slot);

		if (count == 1)
			continue;
		if (slot < export->transform.ninputs && export->transform.slots[slot]->dtype != DTYPE_FLOAT64)
			ExportUnsupported(export, slot, "several steps in float4", "several steps in float8");
		export->steps[slot] = palloc(sizeof(FeatureRecipe) * count);
		for (int i = 0; i < count; i++)
			export->steps[slot][i] = FeatureOfStep(export->transform.slots[slot], i);
		if (slot < export->transform.ninputs)
			export->nsteps = Max(export->nsteps, count);
	}
}

void
ExportInit(Export *export, const char *format, Datum scaler)
{
	uint8		fingerprint[DIGEST_LENGTH];
	ScalerView	bare;

	CheckFloatEnvironment();
	export->format = format;
	ViewScalerDatum(&export->view, scaler);
	DecodeScalerRecipe(&export->recipe, &export->view);
	TransformInit(&export->transform, &export->recipe);
	ScalerFingerprint(fingerprint, &export->view);
	export->id = FingerprintToId(fingerprint);
	export->fingerprint = BytesToHex(fingerprint, DIGEST_LENGTH);
	ViewScalerDatum(&bare, PointerGetDatum(MakeBareScaler(&export->view)));
	export->artifact = ScalerToJson(&bare, true);
	FindSteps(export);
}

char *
ExportName(const Export *export, int slot)
{
	const char *name = export->transform.slots[slot]->name;

	return name ? pstrdup(name) : psprintf("f%d", slot + 1);
}

void
ExportUnsupported(const Export *export, int slot, const char *what, const char *can)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s cannot express %s of %s", export->format, what,
					FeatureLabel(export->transform.slots[slot]->name, slot)),
			 errhint("It can express: %s.", can)));
}

char *
ExportOfStep(const Export *export, int slot, int step, const char *what)
{
	int			count = ExportStepCount(export, slot);

	return count == 1 ? pstrdup(what) : psprintf("%s (step %d of %d)", what, step + 1, count);
}

/* Return whether a formula has a function that other systems have, too, but round otherwise. */
static bool
IsRoundedFunction(const Formula *formula)
{
	return formula->steps == NULL && !FormulaIsOfRows(formula) && formula != &formula_quantile_uniform &&
		formula != &formula_fused_multiply_add;
}

void
ExportUnsupportedFormula(const Export *export, int slot, int step, const char *can)
{
	const Formula *formula = ExportStep(export, slot, step)->formula;
	char	   *what = ExportOfStep(export, slot, step, psprintf("formula %s", formula->name));

	if (!IsRoundedFunction(formula))
		ExportUnsupported(export, slot, what, can);
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s cannot express %s of %s", export->format, what,
					FeatureLabel(export->transform.slots[slot]->name, slot)),
			 errdetail("Functions such as logarithms are not correctly rounded there: the last bits of results would differ."),
			 errhint("It can express: %s.", can)));
}

char *
ArithmeticFormulas(void)
{
	StringInfoData list;
	const Formula *formula;

	initStringInfo(&list);
	for (int i = 0; (formula = FormulaByIndex(i)) != NULL; i++)
		if (formula->steps)
			appendStringInfo(&list, "%s%s", list.len ? ", " : "", formula->name);
	return list.data;
}

static void
CheckPolicy(const Export *export, int slot, const char *key, const PolicyName *names, uint8 code, uint32 limits,
			const char *can)
{
	if (limits & POLICY_BIT(code))
		ExportUnsupported(export, slot, psprintf("policy %s: %s", key, PolicyCodeToName(names, code)), can);
}

void
ExportCheckPolicies(const Export *export, int slot, const PolicyLimits *limits, const char *can)
{
	const FeatureRecipe *f = export->transform.slots[slot];

	CheckPolicy(export, slot, "missing", missing_policy_names, f->missing, limits->missing, can);
	CheckPolicy(export, slot, "outside", outside_policy_names, f->outside, limits->outside, can);
	for (int i = 0; i < ExportStepCount(export, slot); i++)
	{
		uint8		code = ExportStep(export, slot, i)->domain.policy;
		char	   *what = psprintf("policy domain: %s", PolicyCodeToName(domain_policy_names, code));

		if (limits->domain & POLICY_BIT(code))
			ExportUnsupported(export, slot, ExportOfStep(export, slot, i, what), can);
	}
	if (f->constant)
		CheckPolicy(export, slot, f->unfit ? "unfit" : "constant", constant_policy_names, f->constant_policy,
					limits->constant, can);
}

void
ExportRefuseErrors(const Export *export)
{
	static const PolicyLimits limits = {
		POLICY_BIT(MISSING_ERROR), POLICY_BIT(OUTSIDE_ERROR), .domain = POLICY_BIT(DOMAIN_ERROR)
	};

	for (int slot = 0; slot < export->transform.ninputs; slot++)
		ExportCheckPolicies(export, slot, &limits,
							"missing: keep, nan, and values to impute; outside: keep, clip, null; domain: clip, null");
}

bytea *
ScalerFromArtifact(const char *artifact)
{
	return ScalerFromJson(JsonParse(pstrdup(artifact), strlen(artifact), "scaler"));
}

void
DamagedExport(const char *format, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("damaged %s: it is not what its scaler is exported as", format),
			 errdetail("%s", detail),
			 errhint("It was edited or cut after it was written; export the scaler again.")));
}
