/*
 * export.c
 *		What the exports share.
 */
#include "pg/exchange/export.h"

#include "lib/stringinfo.h"
#include "pg/base/call.h"
#include "pg/base/json_tree.h"
#include "pg/base/text.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_check.h"
#include "pg/scaler/scaler_json.h"

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
	for (int slot = 0; slot < export->recipe.nfeatures; slot++)
		if (export->transform.slots[slot]->nbefore > 0)
			ExportUnsupported(export, slot, "several steps", "features of one step");
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
	CheckPolicy(export, slot, "domain", domain_policy_names, f->domain.policy, limits->domain, can);
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
