/*
 * set_json.c
 *		Writing sets of scalers as JSON, and reading that.
 */
#include "pg/scaler/set_json.h"

#include "core/values/profile.h"
#include "miscadmin.h"
#include "pg/scaler/json_keys.h"
#include "pg/scaler/scaler_check.h"
#include "pg/scaler/scaler_set.h"
#include "pg/scaler/set_view.h"
#include "pg/scaler/single_json.h"
#include "utils/memutils.h"

/* ---- writing ---- */

static void
AppendSetFeatures(StringInfo out, const SetFeatures *features)
{
	appendStringInfo(out, ", \"named\": %s, \"features\": [", features->names ? "true" : "false");
	for (int i = 0; i < features->count; i++)
	{
		appendStringInfoString(out, i ? ", {\"name\": " : "{\"name\": ");
		if (features->names)
			AppendJsonString(out, features->names[i]);
		else
			appendStringInfoString(out, "null");
		appendStringInfo(out, ", \"target\": %s}", features->target[i] ? "true" : "false");
	}
	appendStringInfoChar(out, ']');
}

static void
AppendMemberScaler(StringInfo out, const SetMember *member)
{
	ScalerView	view;

	ViewScaler(&view, member->scaler, member->scaler_length);
	appendStringInfoString(out, SingleToJson(&view, false));
}

static void
AppendMembers(StringInfo out, const ScalerView *view, const SetRecipe *recipe)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	SetReader	reader;

	SetReaderInit(&reader, view, recipe);
	if (reader.fallback.scaler)
	{
		appendStringInfoString(out, ", \"fallback\": ");
		AppendMemberScaler(out, &reader.fallback);
	}
	appendStringInfoString(out, ", \"members\": [");
	for (uint32 i = 0; i < recipe->nmembers; i++)
	{
		SetMember	member;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(scratch);
		SetReaderNext(&reader, &member);
		appendStringInfoString(out, i ? ", {\"key\": " : "{\"key\": ");
		AppendJsonString(out, pnstrdup(member.key, member.key_length));
		appendStringInfoString(out, ", \"scaler\": ");
		AppendMemberScaler(out, &member);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

char *
SetToJson(const ScalerView *view)
{
	StringInfoData out;
	SetRecipe	recipe;
	uint8		fingerprint[DIGEST_LENGTH];

	DecodeSetRecipe(&recipe, view);
	ScalerFingerprint(fingerprint, view);
	initStringInfo(&out);
	appendStringInfo(&out, "{\"format\": %d, \"scaler_id\": \"" INT64_FORMAT "\", \"fingerprint\": \"%s\", \"unseen\": \"%s\"",
					 SCALER_SET_FORMAT, FingerprintToId(fingerprint), BytesToHex(fingerprint, DIGEST_LENGTH),
					 PolicyCodeToName(unseen_policy_names, recipe.unseen));
	if (recipe.unseen == UNSEEN_FALLBACK)
		appendStringInfo(&out, ", \"fallback_fingerprint\": \"%s\"", BytesToHex(recipe.fallback, DIGEST_LENGTH));
	AppendSetFeatures(&out, &recipe.features);
	appendStringInfo(&out, ", \"keys\": %u, \"root\": \"%s\"", recipe.nmembers, BytesToHex(recipe.root, DIGEST_LENGTH));
	if (view->members)
		AppendMembers(&out, view, &recipe);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* ---- reading ---- */

static void
RequiredDigest(const JsonNode *root, const char *key, uint8 *digest)
{
	if (!HexToBytes(RequiredMember(root, key, JSON_NODE_STRING)->text, digest, DIGEST_LENGTH))
		InvalidScalerJson("64 hexadecimal digits are expected for key", key);
}

static void
ReadSetFeatures(const JsonNode *root, SetFeatures *features)
{
	static const char *const known[] = {"name", "target"};
	bool		named = RequiredMember(root, "named", JSON_NODE_BOOLEAN)->boolean;
	const JsonNode *nodes = RequiredMember(root, "features", JSON_NODE_ARRAY);

	features->count = nodes->nchildren;
	if (features->count < 1 || features->count > PROFILE_MAX_FEATURES)
		InvalidScalerJson("too few or too many values for key", "features");
	features->names = named ? palloc(sizeof(char *) * features->count) : NULL;
	features->target = palloc(sizeof(bool) * features->count);
	for (int i = 0; i < features->count; i++)
	{
		const JsonNode *node = nodes->children[i];

		if (node->type != JSON_NODE_OBJECT)
			InvalidScalerJson("an object is expected in", "features");
		RejectUnknownKeys(node, known, lengthof(known));
		if (named)
			features->names[i] = RequiredMember(node, "name", JSON_NODE_STRING)->text;
		else
			RequiredMember(node, "name", JSON_NODE_NULL);
		features->target[i] = RequiredMember(node, "target", JSON_NODE_BOOLEAN)->boolean;
	}
}

static void
ReadMemberScaler(const JsonNode *object, const char *key, MemoryContext scratch, SetMember *member)
{
	const JsonNode *node = RequiredMember(object, key, JSON_NODE_OBJECT);
	MemoryContext old;
	bytea	   *scaler;
	uint8	   *bytes;

	if (RequiredFormat(node) == SCALER_SET_FORMAT)
		InvalidSet("one of its members is a set itself");
	old = MemoryContextSwitchTo(scratch);
	scaler = SingleFromJson(node);
	MemoryContextSwitchTo(old);
	member->scaler_length = VARSIZE(scaler) - VARHDRSZ;
	bytes = palloc(member->scaler_length);
	memcpy(bytes, VARDATA(scaler), member->scaler_length);
	member->scaler = bytes;
	MemoryContextReset(scratch);
}

/* Read the complete set.  Whether its members are in order and sound is checked later, in its bytes. */
static bytea *
ReadMembers(const JsonNode *root, const SetRecipe *recipe)
{
	static const char *const known[] = {"key", "scaler"};
	const JsonNode *nodes = RequiredMember(root, "members", JSON_NODE_ARRAY);
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	SetMember  *members;
	SetMember	fallback;

	if (nodes->nchildren != recipe->nmembers)
		InvalidScalerJson("another number than \"keys\" says for key", "members");
	members = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(SetMember) * recipe->nmembers);
	if (recipe->unseen == UNSEEN_FALLBACK)
		ReadMemberScaler(root, "fallback", scratch, &fallback);
	for (int i = 0; i < nodes->nchildren; i++)
	{
		const JsonNode *node = nodes->children[i];

		CHECK_FOR_INTERRUPTS();
		if (node->type != JSON_NODE_OBJECT)
			InvalidScalerJson("an object is expected in", "members");
		RejectUnknownKeys(node, known, lengthof(known));
		members[i].key = RequiredMember(node, "key", JSON_NODE_STRING)->text;
		members[i].key_length = strlen(members[i].key);
		ReadMemberScaler(node, "scaler", scratch, &members[i]);
	}
	return MakeSet(members, recipe->nmembers, &recipe->features, recipe->unseen,
				   recipe->unseen == UNSEEN_FALLBACK ? &fallback : NULL);
}

bytea *
SetFromJson(const JsonNode *root)
{
	static const char *const known[] = {
		"format", "scaler_id", "fingerprint", "unseen", "fallback_fingerprint", "fallback", "named", "features",
		"keys", "root", "members"
	};
	SetRecipe	recipe = {0};
	double		keys;
	bytea	   *set;
	ScalerView	view;

	RejectUnknownKeys(root, known, lengthof(known));
	recipe.unseen = RequiredPolicy(root, "unseen", unseen_policy_names);
	if (recipe.unseen == UNSEEN_FALLBACK)
		RequiredDigest(root, "fallback_fingerprint", recipe.fallback);
	else if (JsonMember(root, "fallback") || JsonMember(root, "fallback_fingerprint"))
		InvalidScalerJson("there is a fallback, but another policy in key", "unseen");
	ReadSetFeatures(root, &recipe.features);
	keys = RequiredNumber(root, "keys");
	if (keys < 1 || keys > PG_INT32_MAX || keys != floor(keys))
		InvalidScalerJson("a number is out of range for key", "keys");
	recipe.nmembers = (uint32) keys;
	RequiredDigest(root, "root", recipe.root);

	if (JsonMember(root, "members"))
	{
		SetRecipe	made;

		set = ReadMembers(root, &recipe);
		ViewScaler(&view, VARDATA(set), VARSIZE(set) - VARHDRSZ);
		DecodeSetRecipe(&made, &view);
		if (memcmp(made.root, recipe.root, DIGEST_LENGTH) != 0)
			InvalidScalerJson("the members do not have the digest in key", "root");
		if (memcmp(made.fallback, recipe.fallback, DIGEST_LENGTH) != 0)
			InvalidScalerJson("the fallback does not have the digest in key", "fallback_fingerprint");
	}
	else
	{
		if (JsonMember(root, "fallback"))
			InvalidScalerJson("there is a fallback, but without the key", "members");
		set = MakeBareSetOfRecipe(&recipe);
		ViewScaler(&view, VARDATA(set), VARSIZE(set) - VARHDRSZ);
	}
	CheckStatedIdentity(root, &view);
	CheckUntrustedScaler(&view);
	return set;
}
