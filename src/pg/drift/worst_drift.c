/*
 * worst_drift.c
 *		worst_drift(): of the features of an entry of drift_log the one with the worst verdict.
 *
 * A CHECK constraint and views call it.  As a function in SQL it would be a statement of its own, which auto_explain
 * logs with its parameter: what was found of the data.
 */
#include "pg/base/compat.h"

#include <math.h>

#include "pg/base/json_values.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

typedef struct Finding
{
	int			rank;			/* of the verdict: the worst is 0 */
	bool		has_psi;
	double		psi;
} Finding;

static const char *const verdicts[] = {"major", "moderate", "none"};

static JsonbValue *
FeatureMember(const JsonbValue *feature, const char *key)
{
	if (feature->type != jbvBinary || !JsonContainerIsObject(feature->val.binary.data))
		return NULL;
	return getKeyJsonValueFromContainer(feature->val.binary.data, key, strlen(key), NULL);
}

/* Of an element that is no object, or has no such members: after all that have. */
static Finding
ReadFinding(const JsonbValue *feature)
{
	Finding		finding = {.rank = lengthof(verdicts)};
	JsonbValue *verdict = FeatureMember(feature, "verdict");
	JsonbValue *psi = FeatureMember(feature, "psi");

	for (int i = 0; verdict && i < lengthof(verdicts); i++)
		if (JsonbStringIs(verdict, verdicts[i]))
			finding.rank = i;
	finding.has_psi = psi && JsonbFloat8(psi, &finding.psi);
	return finding;
}

/* By verdict; then the greater PSI, of which NaN is the greatest, as it is to PostgreSQL. */
static bool
IsWorse(const Finding *one, const Finding *other)
{
	if (one->rank != other->rank)
		return one->rank < other->rank;
	if (!one->has_psi || !other->has_psi)
		return one->has_psi && !other->has_psi;
	return !isnan(other->psi) && (isnan(one->psi) || one->psi > other->psi);
}

PG_FUNCTION_INFO_V1(worst_drift);
Datum
worst_drift(PG_FUNCTION_ARGS)
{
	Jsonb	   *features = PG_GETARG_JSONB_P(0);
	JsonbValue *worst = NULL;
	Finding		worst_finding;

	if (!JB_ROOT_IS_ARRAY(features) || JB_ROOT_IS_SCALAR(features))
		PG_RETURN_NULL();
	for (uint32 i = 0; i < JB_ROOT_COUNT(features); i++)
	{
		JsonbValue *feature = getIthJsonbValueFromContainer(&features->root, i);
		Finding		finding = ReadFinding(feature);

		CHECK_FOR_INTERRUPTS();
		if (worst == NULL || IsWorse(&finding, &worst_finding))
		{
			worst = feature;
			worst_finding = finding;
		}
	}
	if (worst == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(JsonbValueToJsonb(worst));
}
