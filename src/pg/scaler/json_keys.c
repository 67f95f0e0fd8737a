/*
 * json_keys.c
 *		Reading the keys of a scaler's JSON strictly: a key that is missing, of another type or
 *		unknown is an error.
 */
#include "pg/scaler/json_keys.h"

#include "core/base/float_bits.h"

void
InvalidScalerJson(const char *problem, const char *key)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid scaler: %s \"%s\"", problem, key),
			 strcmp(key, "format") != 0 ? 0 :
			 errhint("Pass the text of a scaler; normfreeze.from_sklearn() and the like read what others have fitted.")));
}

JsonNode *
RequiredMember(const JsonNode *object, const char *key, JsonNodeType type)
{
	JsonNode   *node = JsonMember(object, key);

	if (node == NULL)
		InvalidScalerJson("it lacks the key", key);
	if (node->type != type)
		InvalidScalerJson("wrong type of JSON value for key", key);
	return node;
}

double
RequiredNumber(const JsonNode *object, const char *key)
{
	JsonNode   *node = RequiredMember(object, key, JSON_NODE_NUMBER);
	double		value;

	if (!JsonNumber(node, &value))
		InvalidScalerJson("a number is out of range for key", key);
	return CanonicalZero(value);
}

void
RequiredInterval(const JsonNode *object, const char *key, double *values)
{
	JsonNode   *node = RequiredMember(object, key, JSON_NODE_ARRAY);

	if (!JsonInterval(node, values))
		InvalidScalerJson("two numbers are expected for key", key);
	values[0] = CanonicalZero(values[0]);
	values[1] = CanonicalZero(values[1]);
}

uint8
RequiredPolicy(const JsonNode *object, const char *key, const PolicyName *names)
{
	int			code = PolicyNameToCode(names, RequiredMember(object, key, JSON_NODE_STRING)->text);

	if (code < 0)
		InvalidScalerJson("unknown value for key", key);
	return (uint8) code;
}

bool
RareFlag(const JsonNode *object, const char *key)
{
	if (JsonMember(object, key) == NULL)
		return false;
	if (!RequiredMember(object, key, JSON_NODE_BOOLEAN)->boolean)
		InvalidScalerJson("only true is written for key", key);
	return true;
}

void
RejectUnknownKeys(const JsonNode *object, const char *const *known, int nknown)
{
	for (int i = 0; i < object->nchildren; i++)
	{
		bool		found = false;

		for (int k = 0; k < nknown && !found; k++)
			found = strcmp(object->children[i]->key, known[k]) == 0;
		if (!found)
			InvalidScalerJson("unknown key", object->children[i]->key);
	}
}

int
RequiredFormat(const JsonNode *root)
{
	const char *format;

	if (root->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid scaler: a JSON object is expected, not %s", JsonTypeName(root))));
	format = RequiredMember(root, "format", JSON_NODE_NUMBER)->text;
	if (strcmp(format, CppAsString2(SCALER_FORMAT)) == 0)
		return SCALER_FORMAT;
	if (strcmp(format, CppAsString2(SCALER_SET_FORMAT)) == 0)
		return SCALER_SET_FORMAT;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid scaler: unknown format %s", format),
			 errhint("This version of normfreeze reads formats %d and %d.", SCALER_FORMAT, SCALER_SET_FORMAT)));
}

void
CheckStatedIdentity(const JsonNode *root, const ScalerView *view)
{
	const char *expected = RequiredMember(root, "fingerprint", JSON_NODE_STRING)->text;
	const char *id = RequiredMember(root, "scaler_id", JSON_NODE_STRING)->text;
	uint8		fingerprint[DIGEST_LENGTH];

	ScalerFingerprint(fingerprint, view);
	if (strcmp(expected, BytesToHex(fingerprint, DIGEST_LENGTH)) != 0 ||
		strcmp(id, psprintf(INT64_FORMAT, FingerprintToId(fingerprint))) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("damaged scaler: its fingerprint does not match its content"),
				 errdetail("It says %s (id %s), its content has %s (id " INT64_FORMAT ").",
						   expected, id, BytesToHex(fingerprint, DIGEST_LENGTH), FingerprintToId(fingerprint)),
				 errhint("The text was edited or cut after it was written; fetch it again.")));
}
