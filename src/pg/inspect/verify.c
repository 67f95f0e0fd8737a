/*
 * verify.c
 *		The function verify(): proof that a frozen scaler is what was frozen.
 */
#include "pg/inspect/verify_report.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/call.h"
#include "pg/base/sql.h"
#include "pg/registry/members.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry.h"
#include "pg/scaler/probe_arrays.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_check.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"

/* A row of normfreeze.scalers as it is stored.  Values may be TOAST pointers to data that is gone. */
typedef struct StoredScaler
{
	int64		id;
	Datum		fingerprint;
	Datum		scaler;
	Datum		inputs;
	Datum		outputs;
} StoredScaler;

/* Check that the stored probes are those that the recipe gives now. */
static void
CheckProbes(const VerifyReport *report, const Recipe *recipe, const StoredScaler *stored)
{
	int			nvalues;
	char	   *problem = ProbeArraysProblem(recipe, DatumGetArrayTypeP(stored->inputs),
											 DatumGetArrayTypeP(stored->outputs), &nvalues);

	if (problem)
		ReportCheck(report, "probes", false, "%s", problem);
	else
		ReportCheck(report, "probes", true, "%d values reproduced bit for bit", nvalues);
}

/* Return whether a profile was stored when this scaler was frozen, under a name or as a member of a set. */
static bool
EvidenceWasKept(int64 id)
{
	SqlArg		arg = SQL_ARG(INT8OID, Int64GetDatum(id));
	bool		kept = SqlRun("SELECT 1 FROM normfreeze.named_scalers AS n "
							  "WHERE n.scaler_id " EQ " $1 AND n.evidence LIMIT 1",
							  true, SQL_READ | SQL_AS_OWNER, &arg, 1) > 0;

	SqlFinish();
	return kept;
}

/* Check why a profile is missing: purge_profile() is the only legitimate reason, and logs it. */
static void
CheckMissingProfile(const VerifyReport *report, int64 id, const char *purged)
{
	if (purged)
		ReportCheck(report, "profile", true, "purged %s", purged);
	else if (EvidenceWasKept(id))
		ReportCheck(report, "profile", false,
					"missing: it was stored when the scaler was frozen, and no purge is logged");
	else
		ReportCheck(report, "profile", true, "not kept: the parameters cannot be derived anew");
}

/*
 * Check that the profile is there and that it is the one the scaler was fitted on.  Return false if there is
 * none to check further.
 */
static bool
CheckProfile(const VerifyReport *report, int64 id, const ScalerView *view, const Recipe *recipe, Profile *profile)
{
	bytea	   *stored;
	uint8		digest[DIGEST_LENGTH];
	const char *problem;
	char	   *purged;

	if (view->digest == NULL)
	{
		ReportCheck(report, "profile", true, "the scaler was made without a profile");
		return false;
	}
	purged = PurgeText(view->digest, SQL_READ);
	stored = RegistryProfile(view->digest);
	if (stored == NULL)
	{
		CheckMissingProfile(report, id, purged);
		return false;
	}
	if (purged)
	{
		ReportCheck(report, "profile", false, "it is stored, though it was purged %s", purged);
		return false;
	}
	ProfileDigest(digest, VARDATA(stored), VARSIZE(stored) - VARHDRSZ);
	if (memcmp(digest, view->digest, DIGEST_LENGTH) != 0)
	{
		ReportCheck(report, "profile", false, "its content has the digest %s", BytesToHex(digest, DIGEST_LENGTH));
		return false;
	}
	problem = DecodeProfileBytes(profile, VARDATA(stored), VARSIZE(stored) - VARHDRSZ);
	if (problem || profile->nfeatures != recipe->nfeatures || (profile->weighted != NULL) != recipe->weighted)
	{
		ReportCheck(report, "profile", false, "%s", problem ? problem : "it describes other features");
		return false;
	}
	ReportCheck(report, "profile", true, INT64_FORMAT " rows, %d features, digest matches", profile->rows,
				profile->nfeatures);
	return true;
}

/* Check that the content has the fingerprint and the id under which it is stored. */
static void
CheckIdentity(const VerifyReport *report, const StoredScaler *stored, const ScalerView *view)
{
	uint8		fingerprint[DIGEST_LENGTH];
	char	   *hex;

	ScalerFingerprint(fingerprint, view);
	hex = BytesToHex(fingerprint, DIGEST_LENGTH);
	if (FingerprintToId(fingerprint) != stored->id || strcmp(hex, TextDatumGetCString(stored->fingerprint)) != 0)
		ReportCheck(report, "content", false, "it was changed: its fingerprint is %s (id " INT64_FORMAT ")",
					hex, FingerprintToId(fingerprint));
	else
		ReportCheck(report, "content", true, "fingerprint and id match the content");
}

/*
 * Return whether the profile of a set's fallback is missing without a purge.  No key leads to the fallback, so
 * the set's own entry tells that the profile was kept.
 */
static bool
FallbackLacksEvidence(int64 id, const ScalerView *view)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id)), FallbackArg(view)};
	bool		lacks = SqlRun("SELECT 1 FROM normfreeze.versions AS v, (SELECT normfreeze.digest_of(s.scaler) AS digest "
							   "FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $2) AS d "
							   "WHERE v.scaler_id " EQ " $1 AND v.evidence AND d.digest IS NOT NULL "
							   "AND NOT EXISTS (SELECT 1 FROM normfreeze.profiles AS p WHERE p.digest " EQ " d.digest) "
							   "AND NOT EXISTS (SELECT 1 FROM normfreeze.purge_log AS l WHERE l.digest " EQ " d.digest) "
							   "LIMIT 1",
							   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	return lacks;
}

/* Return a copy of a column of the query result, in the given context. */
static Datum
CopyStored(uint64 row, int column, Oid type, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Datum		value = datumCopy(SqlPresent(row, column, type), false, -1);

	MemoryContextSwitchTo(old);
	return value;
}

/*
 * Read the stored row of a scaler, copied to the current context.  Values behind TOAST pointers stay there, so
 * that reading damaged ones can be reported.
 *
 * Return false if there is no row.
 */
static bool
ReadStored(StoredScaler *stored, const char *query, SqlArg arg)
{
	MemoryContext caller = CurrentMemoryContext;
	bool		found = SqlRun(query, true, SQL_READ, &arg, 1) > 0;

	if (found)
	{
		stored->id = SqlInt8(0, 1);
		stored->fingerprint = CopyStored(0, 2, TEXTOID, caller);
		stored->scaler = CopyStored(0, 3, RegistryType("scaler"), caller);
		stored->inputs = CopyStored(0, 4, FLOAT8ARRAYOID, caller);
		stored->outputs = CopyStored(0, 5, FLOAT8ARRAYOID, caller);
	}
	SqlFinish();
	return found;
}

/* One scaler, and what the checks of its parts have found. */
typedef struct Verification
{
	const VerifyReport *report;
	const char *query;			/* that reads its row */
	SqlArg		arg;
	bool		found;
	StoredScaler stored;
	ScalerView	view;
	Recipe		recipe;			/* not set for a set of scalers */
} Verification;

static void
ReadStoredRow(void *arg)
{
	Verification *v = arg;

	v->found = ReadStored(&v->stored, v->query, v->arg);
}

static void
VerifyContent(void *arg)
{
	Verification *v = arg;

	/* detoasted here, for the steps that follow */
	ViewScalerDatum(&v->view, PointerGetDatum(DatumGetByteaP(v->stored.scaler)));
	CheckUntrustedScaler(&v->view);
	if (!ViewIsSet(&v->view))
		DecodeScalerRecipe(&v->recipe, &v->view);
	CheckIdentity(v->report, &v->stored, &v->view);
}

static void
VerifyEvidence(void *arg)
{
	Verification *v = arg;
	Profile		profile;

	if (CheckProfile(v->report, v->stored.id, &v->view, &v->recipe, &profile))
		VerifyParameters(v->report, &v->recipe, &profile);
}

static void
VerifyProbes(void *arg)
{
	Verification *v = arg;

	CheckProbes(v->report, &v->recipe, &v->stored);
}

/* Check that the members of a set are there.  They are scalers of their own, and verified as such. */
static void
VerifyMembers(void *arg)
{
	Verification *v = arg;
	SetRecipe	set;
	char	   *problem;

	DecodeSetRecipe(&set, &v->view);
	problem = StoredMembersProblem(v->stored.id, &set);
	if (problem)
		ReportCheck(v->report, "members", false, "%s", problem);
	else if (FallbackLacksEvidence(v->stored.id, &v->view))
		ReportCheck(v->report, "members", false, "the profile of the fallback is missing: it was stored when the set was frozen, and no purge is logged");
	else
		ReportCheck(v->report, "members", true, "%u keys and their scalers match the digest", set.nmembers);
}

/* Verify one scaler: its row, then its content, profile, probes and members as far as each can be read. */
static void
VerifyScaler(Verification *v)
{
	if (!AttemptCheck(v->report, "content", VerifyContent, v))
		return;
	if (ViewIsSet(&v->view))
		AttemptCheck(v->report, "members", VerifyMembers, v);
	else
	{
		AttemptCheck(v->report, "profile", VerifyEvidence, v);
		AttemptCheck(v->report, "probes", VerifyProbes, v);
	}
}

PG_FUNCTION_INFO_V1(verify_id);
Datum
verify_id(PG_FUNCTION_ARGS)
{
	VerifyReport report = {NULL, NULL};
	int64		id = PG_GETARG_INT64(0);
	Verification v = {
		.report = &report,
		.query = "SELECT s.scaler_id, s.fingerprint, s.scaler, s.probe_inputs, s.probe_outputs "
		"FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
		.arg = SQL_ARG(INT8OID, Int64GetDatum(id)),
	};

	CheckFloatEnvironment();
	InitMaterializedSRF(fcinfo, 0);
	report.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	if (AttemptCheck(&report, "content", ReadStoredRow, &v))
	{
		if (!v.found)
			UnknownScaler(id);
		VerifyScaler(&v);
	}
	VerifyRegistry(&report, v.arg);
	return (Datum) 0;
}

/* Verify all scalers, in the order of their ids. */
PG_FUNCTION_INFO_V1(verify_all);
Datum
verify_all(PG_FUNCTION_ARGS)
{
	VerifyReport report = {NULL, NULL};
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze verify", ALLOCSET_DEFAULT_SIZES);
	int64		after = PG_INT64_MIN;
	bool		goes_on = true;

	CheckFloatEnvironment();
	InitMaterializedSRF(fcinfo, 0);
	report.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	while (goes_on)
	{
		MemoryContext old = MemoryContextSwitchTo(scratch);
		Verification v = {
			.report = &report,
			.query = "SELECT s.scaler_id, s.fingerprint, s.scaler, s.probe_inputs, s.probe_outputs "
			"FROM normfreeze.scalers AS s WHERE s.scaler_id OPERATOR(pg_catalog.>) $1 "
			"ORDER BY s.scaler_id LIMIT 1",
			.arg = SQL_ARG(INT8OID, Int64GetDatum(after)),
		};

		CHECK_FOR_INTERRUPTS();
		/* if not even the id can be read, the scaler before it tells which row is damaged */
		report.subject = after == PG_INT64_MIN ? "scalers" : psprintf("scalers after " INT64_FORMAT, after);
		goes_on = AttemptCheck(&report, "content", ReadStoredRow, &v) && v.found;
		if (goes_on)
		{
			after = v.stored.id;
			report.subject = psprintf("scaler " INT64_FORMAT, after);
			VerifyScaler(&v);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(scratch);
	}
	report.subject = NULL;
	VerifyRegistry(&report, SQL_NULL_ARG(INT8OID));
	return (Datum) 0;
}
