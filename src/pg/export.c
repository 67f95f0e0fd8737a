/*
 * export.c
 *		What the exports share.
 */
#include "pg/export.h"

#include "lib/stringinfo.h"
#include "pg/json_tree.h"
#include "pg/normfreeze.h"
#include "pg/scaler_json.h"

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
