/*
 * freeze.c
 *		The function freeze(): it locks the name (LockScalerName() in write_checks.c), stores content
 *		and profile unless they are there, and appends the next version.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "core/values/profile.h"
#include "core/values/profile_format.h"
#include "pg/base/call.h"
#include "pg/base/sql.h"
#include "pg/registry/evidence_locks.h"
#include "pg/registry/freeze.h"
#include "pg/registry/members.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry_rows.h"
#include "pg/registry/write_checks.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_check.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

bool
EvidenceIsStored(int64 id, const ScalerView *view)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id)), FallbackArg(view)};
	bool		stored;

	/* OFFSET 0 keeps the planner from calling digest_of() for every scaler before the join */
	SqlRun("SELECT pg_catalog.bool_and(EXISTS (SELECT 1 FROM normfreeze.profiles AS p WHERE p.digest " EQ " d.digest)) "
		   "FROM (SELECT normfreeze.digest_of(s.scaler) AS digest FROM ("
		   "SELECT $1 AS scaler_id UNION ALL SELECT $2 UNION ALL SELECT m.scaler_id FROM normfreeze.members AS m "
		   "WHERE m.set_id " EQ " $1) AS c "
		   "JOIN normfreeze.scalers AS s ON s.scaler_id " EQ " c.scaler_id OFFSET 0) AS d WHERE d.digest IS NOT NULL",
		   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	stored = SqlBool(0, 1);		/* bool_and() is NULL over no rows; then no scaler has a digest, and the result is
								 * false */
	SqlFinish();
	return stored;
}

static bool
VersionExists(const char *name, int64 id)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), SQL_ARG(INT8OID, Int64GetDatum(id))};
	bool		exists = SqlRun("SELECT 1 FROM normfreeze.versions AS v "
								"WHERE v.name " EQ " $1 AND v.scaler_id " EQ " $2",
								true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	return exists;
}

/* Store a scaler that is no set.  Return the number of rows that it was fitted on, or -1 if that is not known. */
static int64
StoreSingle(int64 id, const char *fingerprint, const ScalerView *view, KeepProfile keep)
{
	Recipe		recipe;
	ByteReader	reader;
	Profile		profile;

	bool		kept = true;

	if (view->kind == PROFILE_BY_DIGEST && keep == KEEP_REQUIRED && !ProfileIsStored(view->digest))
	{
		if (!FindPurge(view->digest, SQL_LATEST, NULL))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("the profile of this bare scaler is not stored here"),
					 errhint("Freeze the scaler with its profile, or without evidence: keep_profile => false.")));
		kept = false;
	}
	DecodeScalerRecipe(&recipe, view);
	/* profiles before contents, the order of StoreContents(), so that two freezes cannot deadlock */
	if (view->profile && keep != KEEP_NOTHING)
		kept = StoreProfile(view);
	if (!kept)
		NoticeKeptOut(view->digest, 1);
	StoreContent(id, fingerprint, view, &recipe);
	if (view->profile == NULL)
		return -1;
	ReaderInit(&reader, view->profile, view->profile_length);
	return DecodeProfile(&profile, &reader) == NULL ? profile.rows : -1;
}

/*
 * Store a scaler or a set with its members, and return its id.  Sets *rows to the number of rows that it was
 * fitted on, or -1.
 */
static int64
StoreScaler(const ScalerView *view, KeepProfile keep, int64 *rows)
{
	uint8		fingerprint[DIGEST_LENGTH];
	char	   *hex;
	int64		id;

	ScalerFingerprint(fingerprint, view);
	hex = BytesToHex(fingerprint, DIGEST_LENGTH);
	id = FingerprintToId(fingerprint);
	if (!ViewIsSet(view))
	{
		RelyOnEvidence(view->digest);
		*rows = StoreSingle(id, hex, view, keep);
	}
	else
	{
		ContentList members = {0};

		AddContents(&members, view);
		RelyOnEvidenceOf(&members);
		if (!StoreContents(&members, keep, rows))
			*rows = -1;
		StoreSet(id, hex, view);
	}
	return id;
}

/* Fail unless metadata is a JSON object.  Readers look up keys in it, and import_name() accepts nothing else. */
static void
CheckMetadata(Jsonb *metadata)
{
	if (!JB_ROOT_IS_OBJECT(metadata))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("metadata must be a JSON object, not %s",
						JB_ROOT_IS_SCALAR(metadata) ? "a single value" : "an array"),
				 errhint("For example: {\"owner\": \"risk team\"}.")));
}

PG_FUNCTION_INFO_V1(freeze);
Datum
freeze(PG_FUNCTION_ARGS)
{
	char	   *name;
	ScalerView	view;
	bool		keep_profile = PG_ARGISNULL(4) || PG_GETARG_BOOL(4);
	int64		rows;
	int64		id;

	CheckMayWrite("normfreeze.freeze()");
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the %s to freeze must not be NULL", PG_ARGISNULL(0) ? "name" : "scaler")));
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	CheckScalerName(name);
	if (!PG_ARGISNULL(3))
		CheckMetadata(PG_GETARG_JSONB_P(3));
	CheckFloatEnvironment();
	ViewScalerDatum(&view, PG_GETARG_DATUM(1));
	CheckUntrustedScaler(&view);

	/* until commit: NextVersion() below must see every version of the name, so that numbers have no gap */
	LockScalerName(name);
	id = StoreScaler(&view, keep_profile ? KEEP_REQUIRED : KEEP_NOTHING, &rows);
	if (!VersionExists(name, id))
	{
		VersionRow	row = {
			.version = NextVersion(name),
			.scaler_id = id,
			.note = PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)),
			.metadata = PG_ARGISNULL(3) ? DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"))) :
			PG_GETARG_JSONB_P(3),
			.row_count = rows,
			.evidence = EvidenceIsStored(id, &view),
		};

		StampVersion(&row);
		InsertVersion(name, &row);
	}
	PG_RETURN_INT64(id);
}
