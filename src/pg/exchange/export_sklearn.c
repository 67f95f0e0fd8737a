/*
 * export_sklearn.c
 *		Writing scalers as fitted estimators of scikit-learn, in JSON.
 *
 * Adjacent features of one kind share an estimator.  Several kinds make a ColumnTransformer,
 * which keeps the order of outputs.  An imputed value makes a Pipeline with a SimpleImputer, and so do
 * several steps, each of which is a scaler.
 */
#include "pg/exchange/export_sklearn.h"

#include "core/values/profile.h"
#include "pg/exchange/export.h"
#include "pg/exchange/export_sklearn_classes.h"
#include "pg/registry/refs.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/builtins.h"

/* ---- estimators ---- */

static const FeatureRecipe *
WholeFeature(const SklearnRun *run, int i)
{
	return run->export->base.transform.slots[run->first + i];
}

static void
AppendFeatureNamesIn(StringInfo out, const SklearnRun *run)
{
	if (run->export->base.recipe.named)
	{
		SklearnAppendKey(out, "feature_names_in_");
		for (int i = 0; i < run->count; i++)
		{
			appendStringInfoString(out, i ? ", " : "[");
			AppendJsonString(out, WholeFeature(run, i)->name);
		}
		appendStringInfoChar(out, ']');
	}
	appendStringInfo(out, ", \"n_features_in_\": %d", run->count);
}

static const char *
ImputerStrategy(const FeatureRecipe *f)
{
	/* the others are numbers that no strategy of it finds */
	bool		has = f->missing == MISSING_MEAN || f->missing == MISSING_MEDIAN || f->missing == MISSING_MOST_FREQUENT;

	return has ? PolicyCodeToName(missing_policy_names, f->missing) : "constant";
}

static double
ImputedValue(const SklearnRun *run, int i)
{
	return WholeFeature(run, i)->imputed;
}

/* Append a SimpleImputer with the values that are imputed. */
static void
AppendImputer(StringInfo out, const SklearnRun *run)
{
	appendStringInfo(out, "{\"class\": \"SimpleImputer\", \"missing_values\": \"NaN\", \"strategy\": \"%s\", "
					 "\"add_indicator\": false", ImputerStrategy(WholeFeature(run, 0)));
	SklearnAppendArray(out, "statistics_", run, ImputedValue);
	AppendFeatureNamesIn(out, run);
	appendStringInfoChar(out, '}');
}

static bool
RunImputes(const SklearnRun *run)
{
	return MissingPolicyImputes(WholeFeature(run, 0)->missing);
}

/* Append the scaler of a run.  It has no names where it gets an array from what comes before it. */
static void
AppendScaler(StringInfo out, const SklearnRun *run, bool named)
{
	appendStringInfo(out, "{\"class\": \"%s\"", run->class->name);
	run->class->params(out, SklearnSlot(run, 0));
	run->class->attributes(out, run);
	if (named)
		AppendFeatureNamesIn(out, run);
	else
		appendStringInfo(out, ", \"n_features_in_\": %d", run->count);
	appendStringInfoChar(out, '}');
}

/* Append the estimator of a run: a scaler, or a Pipeline of an imputer, if there is one, and a scaler for each step. */
static void
AppendEstimator(StringInfo out, const SklearnRun *run)
{
	int			nsteps = ExportStepCount(&run->export->base, run->first);
	bool		named = !RunImputes(run);

	if (nsteps == 1 && named)
	{
		AppendScaler(out, run, named);
		return;
	}
	appendStringInfoString(out, "{\"class\": \"Pipeline\", \"steps\": [");
	if (RunImputes(run))
	{
		appendStringInfoString(out, "[\"imputer\", ");
		AppendImputer(out, run);
		appendStringInfoString(out, "], ");
	}
	for (int step = 0; step < nsteps; step++)
	{
		SklearnRun	scaler = *run;

		scaler.step = step;
		scaler.class = SklearnClassOf(run->export, run->first, step);
		appendStringInfo(out, "%s[\"%s\", ", step ? ", " : "", nsteps == 1 ? "scaler" : psprintf("step%d", step + 1));
		AppendScaler(out, &scaler, named);
		appendStringInfoChar(out, ']');
		named = named && SklearnPassesNames(scaler.class);
	}
	appendStringInfoString(out, "]}");
}

/* Return what all features that share an estimator must have in common, as text.  Fails for what has no estimator. */
static char *
KindOf(const SklearnExport *export, int slot)
{
	const FeatureRecipe *f = export->base.transform.slots[slot];
	StringInfoData kind;

	initStringInfo(&kind);
	appendStringInfoString(&kind, MissingPolicyImputes(f->missing) ? ImputerStrategy(f) : "");
	for (int step = 0; step < ExportStepCount(&export->base, slot); step++)
	{
		const SklearnClass *class = SklearnClassOf(export, slot, step);

		appendStringInfo(&kind, " %s", class->name);
		class->params(&kind, ExportStep(&export->base, slot, step));
	}
	for (int step = 0; step < ExportStepCount(&export->base, slot); step++)
		SklearnCheckPolicies(export, slot, step, SklearnClassOf(export, slot, step));
	return kind.data;
}

/* Divide the slots into runs of adjacent features that share an estimator. */
static SklearnRun *
MakeRuns(const SklearnExport *export, int *nruns)
{
	int			n = export->base.transform.ninputs;
	SklearnRun *runs = palloc(sizeof(SklearnRun) * Max(n, 1));
	char	   *previous = NULL;

	*nruns = 0;
	for (int slot = 0; slot < n; slot++)
	{
		char	   *kind = KindOf(export, slot);

		CHECK_FOR_INTERRUPTS();
		if (previous && strcmp(kind, previous) == 0)
			runs[*nruns - 1].count++;
		else
			runs[(*nruns)++] = (SklearnRun) {export, SklearnClassOf(export, slot, 0), slot, 1};
		previous = kind;
	}
	return runs;
}

/*
 * Append a ColumnTransformer.  Its columns are positions, which serve arrays and, with names, also DataFrames,
 * whose columns are looked up by name.
 */
static void
AppendColumnTransformer(StringInfo out, const SklearnRun *runs, int nruns)
{
	SklearnRun	all = {.export = runs->export, .count = runs->export->base.transform.ninputs};

	appendStringInfoString(out, "{\"class\": \"ColumnTransformer\", \"remainder\": \"drop\", \"transformers_\": [");
	for (int k = 0; k < nruns; k++)
	{
		bool		sequence = ExportStepCount(&runs[k].export->base, runs[k].first) > 1;

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(out, "%s[\"%s-%d\", ", k ? ", " : "", sequence ? "steps" : runs[k].class->name, k + 1);
		AppendEstimator(out, &runs[k]);
		for (int i = 0; i < runs[k].count; i++)
			appendStringInfo(out, ", %s%d", i ? "" : "[", runs[k].first + i);
		appendStringInfoString(out, "]]");
	}
	appendStringInfoChar(out, ']');
	AppendFeatureNamesIn(out, &all);
	appendStringInfoChar(out, '}');
}

/* ---- the whole ---- */

/*
 * Append every number and text of a tree, for a digest of them.  The member "without", which carries the
 * digest, is left out.
 */
static void
AppendTree(StringInfo out, const JsonNode *node, const char *without)
{
	double		value;

	CHECK_FOR_INTERRUPTS();
	if (JsonNumber(node, &value))
		AppendJsonDouble(out, value);
	else if (node->type == JSON_NODE_STRING || node->type == JSON_NODE_NUMBER)
		AppendJsonString(out, node->text);
	else
		appendStringInfoString(out, node->type == JSON_NODE_BOOLEAN && node->boolean ? "true" : JsonTypeName(node));
	appendStringInfoChar(out, '(');
	for (int i = 0; i < node->nchildren; i++)
	{
		const JsonNode *child = node->children[i];

		if (without && child->key && strcmp(child->key, without) == 0)
			continue;
		if (child->key)
			AppendJsonString(out, child->key);
		AppendTree(out, child, NULL);
		appendStringInfoChar(out, ',');
	}
	appendStringInfoChar(out, ')');
}

char *
SklearnDigest(const JsonNode *root)
{
	uint8		digest[DIGEST_LENGTH];
	StringInfoData text;

	initStringInfo(&text);
	AppendTree(&text, root, SKLEARN_ARTIFACT);
	DigestParts(digest, &(DigestPart) {text.data, text.len}, 1);
	return BytesToHex(digest, DIGEST_LENGTH);
}

void
SklearnExportInit(SklearnExport *export, Datum scaler, bytea *stored_profile)
{
	const ScalerView *view = &export->base.view;

	ExportInit(&export->base, SKLEARN, scaler);
	export->profile = palloc(sizeof(Profile));
	if (!DecodeScalerProfile(export->profile, view, stored_profile, export->base.recipe.nfeatures))
		export->profile = NULL;
}

char *
SklearnEstimator(const SklearnExport *export)
{
	StringInfoData out;
	int			nruns;
	SklearnRun *runs = MakeRuns(export, &nruns);

	initStringInfo(&out);
	if (nruns == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("scaler " INT64_FORMAT " has targets alone, and nothing to export to %s",
						export->base.id, SKLEARN)));
	if (nruns == 1)
		AppendEstimator(&out, &runs[0]);
	else
		AppendColumnTransformer(&out, runs, nruns);
	return out.data;
}

static Datum
ScalerToSklearn(Datum scaler, bytea *stored_profile)
{
	SklearnExport export;
	StringInfoData out;
	char	   *estimator;
	char	   *digest;

	SklearnExportInit(&export, scaler, stored_profile);
	estimator = SklearnEstimator(&export);
	/* the digest is of what will be read, since jsonb has an order of keys of its own */
	digest = SklearnDigest(JsonParseJsonb(JsonbFromText(estimator), SKLEARN));
	initStringInfo(&out);
	appendBinaryStringInfo(&out, estimator, strlen(estimator) - 1);
	appendStringInfo(&out, ", \"" SKLEARN_ARTIFACT "\": {\"fingerprint\": \"%s\", \"digest\": \"%s\", \"scaler\": %s}}",
					 export.base.fingerprint, digest, export.base.artifact);
	return JsonbPGetDatum(JsonbFromText(out.data));
}

PG_FUNCTION_INFO_V1(to_sklearn);
Datum
to_sklearn(PG_FUNCTION_ARGS)
{
	return ScalerToSklearn(PG_GETARG_DATUM(0), NULL);
}

static Datum
FrozenToSklearn(int64 id)
{
	bytea	   *scaler = RegistryScaler(id);
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	return ScalerToSklearn(PointerGetDatum(scaler), RegistryVisibleProfile(view.digest));
}

PG_FUNCTION_INFO_V1(to_sklearn_of_id);
Datum
to_sklearn_of_id(PG_FUNCTION_ARGS)
{
	return FrozenToSklearn(PG_GETARG_INT64(0));
}

PG_FUNCTION_INFO_V1(to_sklearn_of_ref);
Datum
to_sklearn_of_ref(PG_FUNCTION_ARGS)
{
	return FrozenToSklearn(RegistryResolve(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
