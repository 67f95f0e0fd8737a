/*
 * drift_log.c
 *		The function record_drift(), which adds an entry to the log of drift.
 *
 * The log of a scaler is append-only and numbered without gaps, under a lock on the scaler.  An
 * entry holds the result of drift() for every feature, and the options with all defaults filled
 * in, so that its meaning does not change when defaults do.
 */
#include "pg/base/compat.h"

#include "pg/base/call.h"
#include "pg/base/json_tree.h"
#include "pg/base/sql.h"
#include "pg/drift/drift.h"
#include "pg/drift/drift_notify.h"
#include "pg/registry/evidence_locks.h"
#include "pg/registry/refs.h"
#include "pg/registry/registry_rows.h"
#include "pg/registry/write_checks.h"
#include "pg/scaler/profile_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#define MAX_LABEL	200			/* in bytes */

/* ---- an entry's JSON ---- */

static void
AppendFeatureDriftJson(StringInfo out, const DriftResult *result, int i, const DriftOptions *options)
{
	const FeatureDrift *f = &result->features[i];
	bool		decided = f->verdict > DRIFT_NONE;

	appendStringInfo(out, "{\"ordinal\": %d", result->ordinals[i]);
	AppendJsonTextMember(out, "feature", result->names ? result->names[i] : NULL);
	AppendJsonTextMember(out, "verdict", drift_verdict_names[f->verdict]);
	AppendJsonTextMember(out, "decided_by", decided ? drift_measures[f->decided_by].name : NULL);
	AppendJsonValueMember(out, "threshold", f->threshold, !decided);
	appendStringInfo(out, ", \"reference_rows\": " INT64_FORMAT ", \"live_rows\": " INT64_FORMAT,
					 (int64) f->reference_rows, (int64) f->live_rows);
	for (int m = 0; m < drift_nmeasures; m++)
		if (!drift_measures[m].no_column && !(drift_measures[m].of_range && isnan(DriftNumber(f, m))))
			AppendJsonValueMember(out, drift_measures[m].name, DriftNumber(f, m), isnan(DriftNumber(f, m)));
	AppendJsonTextMember(out, "worst_bin", f->worst_bin >= 0 ? DriftBinText(f, f->worst_bin) : NULL);
	AppendJsonTextMember(out, "reason", DriftReason(f, options));
	appendStringInfoChar(out, '}');
}

static Datum
JsonbDatum(const char *json)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}

/* Return the results of all features as a jsonb array. */
static Datum
FeaturesJsonb(const DriftResult *result, const DriftOptions *options)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < result->nfeatures; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoString(&out, ", ");
		AppendFeatureDriftJson(&out, result, i, options);
	}
	appendStringInfoChar(&out, ']');
	return JsonbDatum(out.data);
}

/* Return the options as drift() reads them, with all defaults filled in.  A measure that never decides is null. */
static Datum
DriftOptionsJsonb(const DriftOptions *options)
{
	StringInfoData out;
	bool		first = true;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"bins\": %d", options->bins);
	AppendJsonValueMember(&out, "epsilon", options->epsilon, false);
	AppendJsonValueMember(&out, "alpha", options->alpha, false);
	appendStringInfoString(&out, ", \"thresholds\": {");
	for (int m = 0; m < drift_nmeasures; m++)
	{
		const double *threshold = options->threshold[m];

		if (!DriftDecides(m))
			continue;
		appendStringInfo(&out, "%s\"%s\": ", first ? "" : ", ", drift_measures[m].name);
		first = false;
		if (isinf(threshold[0]) && isinf(threshold[1]))
			appendStringInfoString(&out, "null");
		else
		{
			appendStringInfoChar(&out, '[');
			AppendJsonValue(&out, threshold[0], isinf(threshold[0]));
			appendStringInfoString(&out, ", ");
			AppendJsonValue(&out, threshold[1], isinf(threshold[1]));
			appendStringInfoChar(&out, ']');
		}
	}
	appendStringInfoChar(&out, '}');
	for (int i = 0; i < options->nexcluded; i++)
	{
		appendStringInfoString(&out, i == 0 ? ", \"exclude\": [" : ", ");
		AppendJsonString(&out, options->excluded[i]);
	}
	appendStringInfoString(&out, options->nexcluded > 0 ? "]}" : "}");
	return JsonbDatum(out.data);
}

/* ---- the log of a scaler ---- */

/* Return the verdict of the last entry that has one, or DRIFT_UNDECIDED. */
static DriftVerdict
LastVerdict(int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	DriftVerdict verdict = DRIFT_UNDECIDED;

	if (SqlRun("SELECT l.verdict FROM normfreeze.drift_log AS l "
			   "WHERE l.scaler_id " EQ " $1 AND l.verdict IS NOT NULL ORDER BY l.seq DESC LIMIT 1",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0)
		verdict = DriftVerdictByName(SqlTextOrNull(0, 1));
	SqlFinish();
	return verdict;
}

/* The newest entry of scaler $1 with a label; the condition is that of drift_log_label_idx. */
#define NEWEST_WITH(label) \
	"SELECT l.verdict, l.live_digest " EQ " $3 AND l.options " EQ " $4 " \
	"FROM normfreeze.drift_log AS l WHERE l.scaler_id " EQ " $1 AND " label " ORDER BY l.seq DESC LIMIT 1"

/*
 * Return whether the newest entry with this label is the same check, and set its verdict.
 *
 * A job that is run again must not count twice.  Older entries do not matter: a return to an earlier state
 * under the same label is a new entry.
 */
static bool
IsRecorded(int64 id, const char *label, const char *digest, Datum options, DriftVerdict *verdict)
{
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(id)),
		SQL_TEXT_ARG(label),
		SQL_TEXT_ARG(digest),
		SQL_ARG(JSONBOID, options),
	};
	bool		same = false;

	if (SqlRun(label ? NEWEST_WITH("pg_catalog.\"left\"(l.label, 200) COLLATE pg_catalog.\"C\" " EQ
								   " pg_catalog.\"left\"($2, 200) AND l.label " EQ " $2") :
			   NEWEST_WITH("pg_catalog.\"left\"(l.label, 200) COLLATE pg_catalog.\"C\" IS NULL AND $2 IS NULL"),
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0)
	{
		*verdict = DriftVerdictByName(SqlTextOrNull(0, 1));
		same = SqlBool(0, 2);
	}
	SqlFinish();
	return same;
}

/* Insert an entry. */
static void
InsertDriftEntry(int64 id, int32 seq, const char *label, const DriftResult *result, int64 live_rows,
				 Datum features, Datum options, const char *digest)
{
	const char *verdict = drift_verdict_names[result->overall];
	int64		reference_rows = result->nfeatures > 0 ? result->features[0].reference_rows : 0;
	SqlArg		args[] = {
		SQL_ARG(INT8OID, Int64GetDatum(id)),
		SQL_ARG(INT4OID, Int32GetDatum(seq)),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp())),
		SQL_TEXT_ARG(label),
		SQL_TEXT_ARG(CurrentUserName()),
		SQL_TEXT_ARG(SessionUserName()),
		SQL_ARG(INT8OID, Int64GetDatum(reference_rows)),
		SQL_ARG(INT8OID, Int64GetDatum(live_rows)),
		SQL_TEXT_ARG(verdict),
		SQL_ARG(JSONBOID, features),
		SQL_ARG(JSONBOID, options),
		SQL_TEXT_ARG(digest),
	};

	SqlAppend("drift_log",
			  "INSERT INTO normfreeze.drift_log (scaler_id, seq, at, label, recorded_by, recorded_session_user, "
			  "reference_rows, live_rows, verdict, features, options, live_digest) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
			  args, lengthof(args));
}

/* ---- record_drift ---- */

static void
CheckArguments(FunctionCallInfo fcinfo)
{
	CheckWriteCall(fcinfo, "normfreeze.record_drift()", 1);
	CheckFloatEnvironment();
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("there is no live profile to record"),
				 errdetail("The argument is NULL, as normfreeze.profile() and normfreeze.merge() are over no rows."),
				 errhint("Look at what should have filled the window that is watched.")));
}

/* Return the label, or NULL without one.  Fails if it is too long. */
static char *
LabelArgument(FunctionCallInfo fcinfo)
{
	char	   *label;

	if (PG_ARGISNULL(2))
		return NULL;
	label = text_to_cstring(PG_GETARG_TEXT_PP(2));
	if (strlen(label) > MAX_LABEL)
		ereport(ERROR,
				(errcode(ERRCODE_STRING_DATA_RIGHT_TRUNCATION),
				 errmsg("the label of a drift entry has %zu bytes, and may have %d", strlen(label), MAX_LABEL),
				 errhint("A label names the window that was watched, such as 2026-11-21.")));
	return label;
}

/* Fail if the scaler's profile was purged.  The purge may still have been running when the profile was read. */
static void
CheckIsNotPurged(int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	bool		purged = SqlRun("SELECT 1 FROM normfreeze.purge_log AS p WHERE p.scaler_id " EQ " $1 LIMIT 1",
								true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	if (purged)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the profile of scaler " INT64_FORMAT " was purged, and nothing more is recorded of it", id),
				 errhint("normfreeze.purge_log says by whom, and why.")));
}

/* Compare, and insert an entry unless it repeats the newest one; return its verdict. */
static Datum
RecordDrift(FunctionCallInfo fcinfo, int64 id)
{
	char	   *label = LabelArgument(fcinfo);
	bytea	   *live_bytes = PG_GETARG_BYTEA_PP(1);
	Profile		live;
	uint8		digest[DIGEST_LENGTH];
	char	   *hex;
	DriftOptions options;
	Datum		options_json;
	DriftResult result;
	DriftVerdict verdict;

	ReadDriftOptions(&options, PG_ARGISNULL(3) ? NULL : PG_GETARG_JSONB_P(3));
	options_json = DriftOptionsJsonb(&options);
	ProfileDigest(digest, VARDATA_ANY(live_bytes), VARSIZE_ANY_EXHDR(live_bytes));
	hex = BytesToHex(digest, DIGEST_LENGTH);
	ProfileFromBytes(&live, VARDATA_ANY(live_bytes), VARSIZE_ANY_EXHDR(live_bytes));
	/* taken even if nothing will be written; a user who may not see the scaler learns nothing from that */
	RelyOnEvidenceOfScaler(id);
	DriftOfScaler(&result, id, &live, &options);
	CheckIsNotPurged(id);

	LockKey("drift_log", &id, sizeof(id));
	if (!IsRecorded(id, label, hex, options_json, &verdict))
	{
		DriftVerdict before = LastVerdict(id);
		int32		seq = NextNumber("SELECT pg_catalog.max(l.seq) FROM normfreeze.drift_log AS l "
									 "WHERE l.scaler_id " EQ " $1", SQL_ARG(INT8OID, Int64GetDatum(id)));
		Datum		features = FeaturesJsonb(&result, &options);

		verdict = result.overall;
		InsertDriftEntry(id, seq, label, &result, live.rows, features, options_json, hex);
		if (verdict > DRIFT_NONE && verdict > before)
			NotifyDrift(id, seq, label, verdict, before, features);
	}
	if (drift_verdict_names[verdict] == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(drift_verdict_names[verdict]));
}

PG_FUNCTION_INFO_V1(record_drift_of_id);
Datum
record_drift_of_id(PG_FUNCTION_ARGS)
{
	CheckArguments(fcinfo);
	return RecordDrift(fcinfo, PG_GETARG_INT64(0));
}

PG_FUNCTION_INFO_V1(record_drift_of_ref);
Datum
record_drift_of_ref(PG_FUNCTION_ARGS)
{
	CheckArguments(fcinfo);
	return RecordDrift(fcinfo, RegistryResolve(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
