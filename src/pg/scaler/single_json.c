/*
 * single_json.c
 *		One scaler, which is no set, as JSON with a fixed order of keys.
 *
 * Input takes exactly what output writes, in any order of keys, and compares the result with the
 * fingerprint in the JSON.  So a number that was edited by hand is an error, not another scaler.
 */
#include "pg/scaler/single_json.h"

#include "core/scaler/recipe_steps.h"
#include "core/values/profile.h"
#include "pg/scaler/json_keys.h"
#include "pg/scaler/method_json.h"
#include "pg/scaler/probe_json.h"
#include "pg/scaler/range_json.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_check.h"
#include "pg/scaler/step_json.h"

/* ---- writing ---- */

static void
AppendFeatureJson(StringInfo out, const FeatureRecipe *f)
{
	StepRecipe	last = LastStep(f);
	double		range[2] = {f->lower, f->upper};

	appendStringInfoString(out, "{\"name\": ");
	AppendJsonText(out, f->name);
	appendStringInfoString(out, ", ");
	AppendStepKeys(out, &last);
	appendStringInfoString(out, ", \"range\": ");
	/* of a rule, the ends are also there where both are open or beyond float8 */
	if (RangeIsKnown(f) || FeatureHasRangeRule(f))
		AppendJsonNumbers(out, range, 2);
	else
		appendStringInfoString(out, "null");
	appendStringInfo(out, ", \"constant\": %s, \"target\": %s, \"missing\": \"%s\"",
					 f->constant ? "true" : "false", f->target ? "true" : "false",
					 PolicyCodeToName(missing_policy_names, f->missing));
	if (MissingPolicyImputes(f->missing))
	{
		appendStringInfoString(out, ", \"imputed\": ");
		AppendJsonDouble(out, f->imputed);
	}
	appendStringInfo(out, ", \"outside\": \"%s\", \"if_constant\": \"%s\", \"quantiles\": \"%s\"",
					 PolicyCodeToName(outside_policy_names, f->outside),
					 PolicyCodeToName(constant_policy_names, f->constant_policy),
					 PolicyCodeToName(quantile_source_names, f->quantiles));
	/* rare flags are written only if they are set */
	if (f->shifted)
		appendStringInfo(out, ", \"intercept\": \"%s\"", PolicyCodeToName(intercept_names, f->intercept));
	if (f->global)
		appendStringInfoString(out, ", \"global\": true");
	if (f->imported)
		appendStringInfoString(out, ", \"imported\": true");
	if (f->unfit)
		appendStringInfoString(out, ", \"unfit\": true");
	if (f->nbefore > 0)
	{
		appendStringInfoString(out, ", \"before\": ");
		AppendStepsBefore(out, f);
	}
	AppendDomainRule(out, &f->domain);
	if (f->clips)
	{
		appendStringInfoString(out, ", \"clip\": ");
		AppendJsonNumbers(out, f->clip, 2);
	}
	if (f->dtype != DTYPE_FLOAT64)
		appendStringInfo(out, ", \"dtype\": \"%s\"", PolicyCodeToName(dtype_names, f->dtype));
	AppendRangeRuleKeys(out, &f->range_rule);
	appendStringInfoChar(out, '}');
}

char *
SingleToJson(const ScalerView *view, bool with_probes)
{
	StringInfoData out;
	Recipe		recipe;
	uint8		fingerprint[DIGEST_LENGTH];

	DecodeScalerRecipe(&recipe, view);
	ScalerFingerprint(fingerprint, view);
	initStringInfo(&out);
	/* the id is a string, because it does not fit into 53 bits */
	appendStringInfo(&out, "{\"format\": %d, \"scaler_id\": \"" INT64_FORMAT "\", \"fingerprint\": \"%s\", "
					 "\"named\": %s, \"distribution\": %u, %s\"features\": [",
					 SCALER_FORMAT, FingerprintToId(fingerprint), BytesToHex(fingerprint, DIGEST_LENGTH),
					 recipe.named ? "true" : "false", recipe.distribution,
					 recipe.weighted ? "\"weighted\": true, " : "");
	for (int i = 0; i < recipe.nfeatures; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, ", ");
		AppendFeatureJson(&out, &recipe.features[i]);
	}
	appendStringInfoChar(&out, ']');
	if (view->digest)
		appendStringInfo(&out, ", \"profile_digest\": \"%s\"", BytesToHex(view->digest, DIGEST_LENGTH));
	if (view->profile)
		appendStringInfo(&out, ", \"profile\": \"%s\"", BytesToBase64(view->profile, view->profile_length));
	if (with_probes)
	{
		appendStringInfoString(&out, ", \"probes\": ");
		AppendProbes(&out, &recipe);
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* ---- reading ---- */

static void
ReadFeature(const JsonNode *node, bool named, FeatureRecipe *f)
{
	static const char *const known[] = {
		"name", STEP_KEYS, "range", "constant", "target",
		"missing", "imputed", "outside", "if_constant", "quantiles", "intercept", "global", "imported", "unfit",
		"before", DOMAIN_KEYS, "clip", "dtype", RANGE_RULE_KEYS
	};
	const JsonNode *range_node;
	StepRecipe	last = {0};
	double		range[2] = {-RANGE_UNKNOWN, RANGE_UNKNOWN};

	if (node->type != JSON_NODE_OBJECT)
		InvalidScalerJson("an object is expected in", "features");
	RejectUnknownKeys(node, known, lengthof(known));
	if (named)
		f->name = RequiredMember(node, "name", JSON_NODE_STRING)->text;
	else
		RequiredMember(node, "name", JSON_NODE_NULL);
	ReadStepKeys(node, &last);
	SetLastStep(f, &last);
	range_node = JsonMember(node, "range");
	if (range_node == NULL || range_node->type != JSON_NODE_NULL)
		RequiredInterval(node, "range", range);
	f->lower = range[0];
	f->upper = range[1];
	f->constant = RequiredMember(node, "constant", JSON_NODE_BOOLEAN)->boolean;
	f->target = RequiredMember(node, "target", JSON_NODE_BOOLEAN)->boolean;
	f->missing = RequiredPolicy(node, "missing", missing_policy_names);
	f->outside = RequiredPolicy(node, "outside", outside_policy_names);
	f->constant_policy = RequiredPolicy(node, "if_constant", constant_policy_names);
	f->quantiles = RequiredPolicy(node, "quantiles", quantile_source_names);
	f->shifted = JsonMember(node, "intercept") != NULL;
	if (f->shifted)
		f->intercept = RequiredPolicy(node, "intercept", intercept_names);
	f->global = RareFlag(node, "global");
	f->imported = RareFlag(node, "imported");
	f->unfit = RareFlag(node, "unfit");
	if (JsonMember(node, "before"))
		ReadStepsBefore(RequiredMember(node, "before", JSON_NODE_ARRAY), f);
	ReadDomainRule(node, &f->domain);
	f->clips = JsonMember(node, "clip") != NULL;
	if (f->clips)
		RequiredInterval(node, "clip", f->clip);
	if (JsonMember(node, "dtype"))
		f->dtype = RequiredPolicy(node, "dtype", dtype_names);
	if (JsonMember(node, "dtype") && f->dtype == DTYPE_FLOAT64)
		InvalidScalerJson("what is usual is not written for key", "dtype");
	ReadRangeRuleKeys(node, &f->range_rule);
	if (MissingPolicyImputes(f->missing))
		f->imputed = RequiredNumber(node, "imputed");
	else if (JsonMember(node, "imputed"))
		InvalidScalerJson("nothing is imputed, but there is a key", "imputed");
}

/* Read the recipe.  Fails if the values that it has contradict each other. */
static Recipe
ReadRecipe(const JsonNode *root)
{
	Recipe		recipe = {0};
	const JsonNode *features;
	const char *problem;
	double		distribution;

	recipe.named = RequiredMember(root, "named", JSON_NODE_BOOLEAN)->boolean;
	distribution = RequiredNumber(root, "distribution");
	if (distribution < 0 || distribution > HISTOGRAM_MAX_SIZE || distribution != floor(distribution))
		InvalidScalerJson("a number is out of range for key", "distribution");
	recipe.distribution = (uint32) distribution;
	features = RequiredMember(root, "features", JSON_NODE_ARRAY);
	if (features->nchildren > PROFILE_MAX_FEATURES)
		InvalidScalerJson("too many values for key", "features");
	recipe.nfeatures = features->nchildren;
	recipe.weighted = RareFlag(root, "weighted");
	recipe.features = palloc0(sizeof(FeatureRecipe) * Max(recipe.nfeatures, 1));
	for (int i = 0; i < recipe.nfeatures; i++)
		ReadFeature(features->children[i], recipe.named, &recipe.features[i]);
	problem = RecipeProblem(&recipe);
	if (problem)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid scaler: %s", problem)));
	return recipe;
}

bytea *
SingleFromJson(const JsonNode *root)
{
	static const char *const known[] = {
		"format", "scaler_id", "fingerprint", "named", "distribution", "weighted", "features", "profile_digest",
		"profile", "probes"
	};
	Recipe		recipe;
	uint8	   *profile = NULL;
	size_t		profile_length = 0;
	uint8		digest[DIGEST_LENGTH];
	bool		has_digest;
	bytea	   *scaler;
	ScalerView	view;

	RejectUnknownKeys(root, known, lengthof(known));
	recipe = ReadRecipe(root);
	has_digest = JsonMember(root, "profile_digest") != NULL;
	if (has_digest &&
		!HexToBytes(RequiredMember(root, "profile_digest", JSON_NODE_STRING)->text, digest, DIGEST_LENGTH))
		InvalidScalerJson("64 hexadecimal digits are expected for key", "profile_digest");
	if (JsonMember(root, "profile"))
	{
		const char *text = RequiredMember(root, "profile", JSON_NODE_STRING)->text;

		profile = Base64ToBytes(text, strlen(text), &profile_length);
		if (profile == NULL || !has_digest)
			InvalidScalerJson("malformed base64, or no digest, for key", "profile");
	}

	scaler = MakeScaler(&recipe, has_digest ? digest : NULL, profile, profile_length);
	ViewScaler(&view, VARDATA(scaler), VARSIZE(scaler) - VARHDRSZ);
	CheckStatedIdentity(root, &view);
	CheckUntrustedScaler(&view);
	if (JsonMember(root, "probes"))
		CheckJsonProbes(RequiredMember(root, "probes", JSON_NODE_OBJECT), &recipe);
	return scaler;
}
