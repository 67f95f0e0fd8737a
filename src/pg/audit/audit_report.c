/*
 * audit_report.c
 *		The function audit_report(): the result of audit() as rows.
 */
#include "pg/base/compat.h"

#include "funcapi.h"
#include "pg/audit/audit_search.h"
#include "pg/base/json_tree.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

typedef enum ReportKind
{
	REPORT_INTEGER,
	/* the kinds below may be null */
	REPORT_BIGINT,
	REPORT_NUMBER,
	REPORT_TEXT
} ReportKind;

/* The columns of audit_report(): for each, the key of a feature in the result of audit().  */
static const struct
{
	const char *key;
	ReportKind	kind;
}			report_columns[] = {
	{"ordinal", REPORT_INTEGER},
	{"feature", REPORT_TEXT},
	{"rows", REPORT_BIGINT},
	{"equal", REPORT_BIGINT},
	{"within_ulps", REPORT_BIGINT},
	{"different", REPORT_BIGINT},
	{"max_ulps", REPORT_BIGINT},
	{"max_deviation", REPORT_NUMBER},
	{"verdict", REPORT_TEXT},
	{"diagnosis", REPORT_TEXT},
	{"detail", REPORT_TEXT},
	{"evidence", REPORT_TEXT},
};

/* Report that an argument is not the result of an audit.  "why" is a clause.  */
pg_noreturn static void
NotAnAudit(const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("this jsonb is not the result of an audit: %s", why),
			 errhint("Pass what the aggregate normfreeze.audit() returns.")));
}

/* Return an integer of the JSON; fail unless it is within the given bounds.  */
static int64
ReadInteger(const JsonNode *node, const char *key, int64 least, int64 greatest)
{
	char	   *end;
	int64		value;

	if (node->type != JSON_NODE_NUMBER)
		NotAnAudit(psprintf("\"%s\" is of type %s, not a number", key, JsonTypeName(node)));
	errno = 0;
	value = strtoll(node->text, &end, 10);
	if (*end != '\0' || errno != 0 || value < least || value > greatest)
		NotAnAudit(psprintf("\"%s\" is out of range", key));
	return value;
}

/* Return a column's value for a feature, and set *isnull.  */
static Datum
ReadColumn(const JsonNode *feature, int column, bool *isnull)
{
	const char *key = report_columns[column].key;
	const JsonNode *node = JsonMember(feature, key);
	double		value;

	if (node == NULL)
		NotAnAudit(psprintf("a feature has no \"%s\"", key));
	*isnull = node->type == JSON_NODE_NULL;
	/* counts are null in an audit without raw values */
	if (*isnull && report_columns[column].kind != REPORT_INTEGER)
		return (Datum) 0;
	switch (report_columns[column].kind)
	{
		case REPORT_INTEGER:
			return Int32GetDatum((int32) ReadInteger(node, key, 1, PROFILE_MAX_FEATURES));
		case REPORT_BIGINT:
			return Int64GetDatum(ReadInteger(node, key, 0, PG_INT64_MAX));
		case REPORT_NUMBER:
			if (node->type != JSON_NODE_NUMBER)
				NotAnAudit(psprintf("\"%s\" is of type %s, not a number", key, JsonTypeName(node)));
			if (!JsonNumber(node, &value))
				NotAnAudit(psprintf("\"%s\" is out of range", key));
			return Float8GetDatum(value);
		case REPORT_TEXT:
			if (node->type != JSON_NODE_STRING)
				NotAnAudit(psprintf("\"%s\" is of type %s, not a string", key, JsonTypeName(node)));
			return CStringGetTextDatum(node->text);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(audit_report);
Datum
audit_report(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	JsonNode   *root = JsonParseJsonb(PG_GETARG_JSONB_P(0), "audit");
	JsonNode   *format;
	JsonNode   *features;

	if (root->type != JSON_NODE_OBJECT)
		NotAnAudit(psprintf("it is of type %s, not an object", JsonTypeName(root)));
	format = JsonMember(root, "audit");
	if (format == NULL)
		NotAnAudit("it has no \"audit\"");
	(void) ReadInteger(format, "audit", AUDIT_FORMAT, AUDIT_FORMAT);
	features = JsonMember(root, "features");
	if (features == NULL || features->type != JSON_NODE_ARRAY)
		NotAnAudit("it has no array \"features\"");

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < features->nchildren; i++)
	{
		Datum		values[lengthof(report_columns)];
		bool		nulls[lengthof(report_columns)];

		CHECK_FOR_INTERRUPTS();
		if (features->children[i]->type != JSON_NODE_OBJECT)
			NotAnAudit(psprintf("a feature is of type %s, not an object", JsonTypeName(features->children[i])));
		for (int c = 0; c < lengthof(report_columns); c++)
			values[c] = ReadColumn(features->children[i], c, &nulls[c]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
