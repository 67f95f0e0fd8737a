/*
 * sklearn_readback.c
 *		Reading back the scaler that an export to scikit-learn carries, if the rest is what
 *		exporting it writes.
 */
#include "pg/exchange/export_sklearn.h"

#include "pg/exchange/export.h"
#include "pg/exchange/export_sklearn_classes.h"
#include "pg/scaler/scaler_json.h"

bool
IsSklearnExport(const JsonNode *root)
{
	return root->type == JSON_NODE_OBJECT && JsonMember(root, SKLEARN_ARTIFACT) != NULL;
}

/* Return whether a member comes from the profile alone.  An export without the profile does not have it. */
static bool
IsStatistic(const char *key)
{
	static const char *const keys[] = {"mean_", "var_", "n_samples_seen_"};

	for (int i = 0; i < lengthof(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void CheckSame(const JsonNode *found, const JsonNode *expected, const char *key);

/* Fail if an object lacks a member that is expected, or has another one. */
static void
CheckSameMembers(const JsonNode *found, const JsonNode *expected)
{
	for (int i = 0; i < expected->nchildren; i++)
	{
		const char *key = expected->children[i]->key;
		const JsonNode *member = JsonMember(found, key);

		if (member == NULL)
			DamagedExport(SKLEARN " export", psprintf("\"%s\" is missing.", key));
		CheckSame(member, expected->children[i], key);
	}
	for (int i = 0; i < found->nchildren; i++)
	{
		const char *key = found->children[i]->key;

		if (JsonMember(expected, key) == NULL && !IsStatistic(key) && strcmp(key, SKLEARN_ARTIFACT) != 0)
			DamagedExport(SKLEARN " export", psprintf("\"%s\" was added.", key));
	}
}

/* Fail if two values differ.  "key" is the member that they belong to. */
static void
CheckSame(const JsonNode *found, const JsonNode *expected, const char *key)
{
	bool		same = found->type == expected->type;
	double		a;
	double		b;

	CHECK_FOR_INTERRUPTS();
	if (same && expected->type == JSON_NODE_OBJECT)
	{
		CheckSameMembers(found, expected);
		return;
	}
	if (same && expected->type == JSON_NODE_NUMBER)
		same = JsonNumber(found, &a) && JsonNumber(expected, &b) && a == b;
	else if (same && expected->type == JSON_NODE_STRING)
		same = strcmp(found->text, expected->text) == 0;
	else if (same)
		same = found->boolean == expected->boolean && found->nchildren == expected->nchildren;
	if (!same)
		DamagedExport(SKLEARN " export", psprintf("\"%s\" is not what its scaler has.", key));
	for (int i = 0; i < expected->nchildren; i++)
		CheckSame(found->children[i], expected->children[i], key);
}

bytea *
ScalerFromSklearnExport(const JsonNode *root)
{
	const JsonNode *carried = JsonMember(root, SKLEARN_ARTIFACT);
	const JsonNode *artifact = carried->type == JSON_NODE_OBJECT ? JsonMember(carried, "scaler") : NULL;
	const JsonNode *fingerprint;
	const JsonNode *digest;
	SklearnExport expected;
	bytea	   *scaler;

	if (artifact == NULL)
		DamagedExport(SKLEARN " export", "\"" SKLEARN_ARTIFACT "\" has no \"scaler\".");
	scaler = ScalerFromJson(artifact);
	SklearnExportInit(&expected, PointerGetDatum(scaler), NULL);
	fingerprint = JsonMember(carried, "fingerprint");
	if (fingerprint == NULL || fingerprint->type != JSON_NODE_STRING ||
		strcmp(fingerprint->text, expected.base.fingerprint) != 0)
		DamagedExport(SKLEARN " export", "\"fingerprint\" is not that of its scaler.");
	CheckSameMembers(root, JsonParseJsonb(JsonbFromText(SklearnEstimator(&expected)), SKLEARN));
	digest = JsonMember(carried, "digest");
	if (digest == NULL || digest->type != JSON_NODE_STRING || strcmp(digest->text, SklearnDigest(root)) != 0)
		DamagedExport(SKLEARN " export", "\"digest\" is not that of its attributes.");
	return scaler;
}
