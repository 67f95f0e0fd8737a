/*
 * refs.c
 *		What refs mean: name, name@stage, name@v3, name@latest, sha256:<digits>.
 *
 * Fingerprints are looked up as the current user, like ids.  What a name means is looked up as
 * the owner of the registry, so that no privilege on the tables of names and stages is needed,
 * but only for users who may apply scalers.  Calls of normalize() go through apply/ref_cache.c,
 * which keeps the ids.
 */
#include "pg/registry/refs.h"

#include "pg/base/installed.h"
#include "pg/base/sql.h"
#include "pg/base/text.h"
#include "pg/registry/index_rows.h"
#include "pg/registry/stage_names.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define SHORTEST_FINGERPRINT	12	/* in digits */

/* Return whether the current user sees a row with this id. */
static bool
ScalerIsThere(int64 id)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	bool		there = SqlRun("SELECT 1 FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
							   true, SQL_READ, args, lengthof(args)) > 0;

	SqlFinish();
	return there;
}

static int64
ResolveFingerprint(const char *ref, const char *hex)
{
	SqlArg		args[] = {SQL_TEXT_ARG(hex)};
	uint64		found;
	int64		id;

	if (strlen(hex) < SHORTEST_FINGERPRINT || strspn(hex, "0123456789abcdef") != strlen(hex))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid ref \"%s\"", ref),
				 errhint("After sha256: come at least %d lower-case hexadecimal digits of the fingerprint.",
						 SHORTEST_FINGERPRINT)));
	/*
	 * a range, which can use the index: the collation of the column is "C", and "g" sorts after every
	 * hexadecimal digit
	 */
	found = SqlRun("SELECT s.scaler_id FROM normfreeze.scalers AS s "
				   "WHERE s.fingerprint OPERATOR(pg_catalog.>=) $1 "
				   "AND s.fingerprint OPERATOR(pg_catalog.<) ($1 OPERATOR(pg_catalog.||) 'g') LIMIT 2",
				   true, SQL_READ, args, lengthof(args));
	if (found == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no scaler with fingerprint %s", ref),
				 errhint("normfreeze.scalers lists what is there.")));
	if (found > 1)
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_PARAMETER),
				 errmsg("ref \"%s\" is the beginning of several fingerprints", ref),
				 errhint("Give more digits.")));
	id = SqlInt8(0, 1);
	SqlFinish();
	return id;
}

void
UnknownName(const char *name)
{
	/* JSON documents have ids as strings, so an id may come as a text */
	bool		is_number = name[0] != '\0' && strspn(name, "0123456789") == strlen(name);
	bool		is_ref = strchr(name, '@') != NULL;

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("there is no scaler named \"%s\"", name),
			 is_number ? errhint("If it is an id, pass it as a bigint: %s::bigint.", name) :
			 is_ref ? errhint("A name has no \"@\": give it without its stage or version.") :
			 errhint("normfreeze.versions lists the names; normfreeze.freeze() makes one.")));
}

/*
 * Fail unless the caller may read normfreeze.scalers.  Names are looked up as the owner of the registry, but
 * for such callers only.
 */
static void
CheckMayApply(void)
{
	AclResult	allowed = pg_class_aclcheck(RegistryTable("scalers"), GetUserId(), ACL_SELECT);

	if (allowed != ACLCHECK_OK)
		aclcheck_error(allowed, OBJECT_TABLE, "scalers");
}

void
CheckNameIsKnown(const char *name)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name)};
	bool		exists = SqlRun("SELECT 1 FROM normfreeze.versions AS v WHERE v.name " EQ " $1 LIMIT 1",
								true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) > 0;

	SqlFinish();
	if (!exists)
		UnknownName(name);
}

/* Return the id of a version that is not retired, as of a time for stages.  Fails if it is, or does not exist. */
static int64
VersionId(const char *name, int32 version, TimestampTz as_of)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), SQL_ARG(INT4OID, Int32GetDatum(version)),
	SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(as_of))};
	int64		id;

	if (SqlRun("SELECT v.scaler_id, EXISTS (SELECT 1 FROM normfreeze.stage_log AS l "
			   "WHERE l.name " EQ " v.name AND l.version " EQ " v.version "
			   "AND l.action " EQ " 'retire' AND l.at OPERATOR(pg_catalog.<=) $3) "
			   "FROM normfreeze.versions AS v "
			   "WHERE v.name " EQ " $1 AND v.version " EQ " $2",
			   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) == 0)
	{
		SqlFinish();
		CheckNameIsKnown(name);
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("scaler \"%s\" has no version %d", name, version),
				 errhint("normfreeze.versions lists the versions of every name.")));
	}
	id = SqlInt8(0, 1);
	if (SqlBool(0, 2))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("version %d of scaler \"%s\" is retired", version, name),
				 errhint("Promote another version with normfreeze.promote(), or use the id " INT64_FORMAT ", which still applies.", id)));
	SqlFinish();
	return id;
}

static int64
LatestId(const char *name)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name)};
	int64		id = 0;
	bool		found;

	found = SqlRun("SELECT v.scaler_id FROM normfreeze.versions AS v "
				   "WHERE v.name " EQ " $1 AND NOT EXISTS ("
				   "SELECT 1 FROM normfreeze.stage_log AS l "
				   "WHERE l.name " EQ " v.name AND l.version " EQ " v.version "
				   "AND l.action " EQ " 'retire') "
				   "ORDER BY v.version DESC LIMIT 1",
				   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) > 0;
	if (found)
		id = SqlInt8(0, 1);
	SqlFinish();
	if (!found)
	{
		CheckNameIsKnown(name);
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("every version of scaler \"%s\" is retired", name),
				 errhint("Freeze a new one with normfreeze.freeze(); the ids in normfreeze.versions still apply.")));
	}
	return id;
}

/*
 * Return the version in a stage at a time, or 0 if there was none.  *id is set to its id, or to 0 if the
 * version is retired or missing; VersionId() has the errors for that.
 */
static int32
StageVersion(const char *name, const char *stage, TimestampTz as_of, int64 *id)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), SQL_TEXT_ARG(stage),
	SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(as_of))};
	int32		version = 0;

	*id = 0;
	if (SqlRun("SELECT CASE WHEN l.action OPERATOR(pg_catalog.<>) 'demote' THEN l.version END, "
			   "(SELECT v.scaler_id FROM normfreeze.versions AS v "
			   "WHERE v.name " EQ " l.name AND v.version " EQ " l.version AND NOT EXISTS ("
			   "SELECT 1 FROM normfreeze.stage_log AS r "
			   "WHERE r.name " EQ " v.name AND r.version " EQ " v.version "
			   "AND r.action " EQ " 'retire' AND r.at OPERATOR(pg_catalog.<=) $3)) "
			   "FROM normfreeze.stage_log AS l "
			   "WHERE l.name " EQ " $1 AND l.stage " EQ " $2 "
			   "AND l.at OPERATOR(pg_catalog.<=) $3 ORDER BY l.seq DESC LIMIT 1",
			   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) > 0)
	{
		version = SqlInt4(0, 1);
		*id = SqlInt8(0, 2);
	}
	SqlFinish();
	return version;
}

/*
 * Report that no version is in a stage.  The hint proposes promote() only for a known stage, since any other is
 * likely to be misspelt.
 */
pg_noreturn static void
NothingInStage(const char *name, const char *stage)
{
	char	   *stages = StagesOfName(name, SQL_READ);
	char	   *version = quote_literal_cstr(psprintf("%s@v1", name));

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("no version of scaler \"%s\" is in stage \"%s\"", name, stage),
			 stages ? errdetail("It is in %s.", stages) : 0,
			 !StageIsKnown(stage, SQL_READ) ? errhint("Name a stage that it is in, or a version, as in %s.", version) :
			 errhint("Promote one: SELECT normfreeze.promote(%s, 1, %s); or name a version, as in %s.",
					 quote_literal_cstr(name), quote_literal_cstr(stage), version)));
}

/*
 * Do the same by indexes, without a query, in the usual case.  A result of 0 means that the caller must run the
 * queries.
 */

static const IndexQuery entries_of_stage =
{"stage_log", "stage_log_stage_idx", 2, {{"name", TEXTOID}, {"stage", TEXTOID}},
3, {{"version", INT4OID}, {"action", TEXTOID}, {"at", TIMESTAMPTZOID}}};

static const IndexQuery retirements =
{"stage_log", "stage_log_version_idx", 3, {{"name", TEXTOID}, {"version", INT4OID}, {"action", TEXTOID}},
1, {{"at", TIMESTAMPTZOID}}};

static int32
VersionInStageByIndex(Oid owner, Datum name, const char *stage, TimestampTz as_of)
{
	Datum		keys[] = {name, CStringGetTextDatum(stage)};
	IndexRows  *entries = IndexRowsBegin(&entries_of_stage, owner, keys);
	int32		version = 0;

	if (entries == NULL)
		return 0;
	while (IndexRowsNext(entries, BackwardScanDirection))
	{
		if (DatumGetTimestampTz(IndexRowsValue(entries, 2)) > as_of)
			continue;
		if (strcmp(TextDatumGetCString(IndexRowsValue(entries, 1)), "demote") != 0)
			version = DatumGetInt32(IndexRowsValue(entries, 0));
		break;
	}
	IndexRowsEnd(entries);
	return version;
}

static bool
MayBeRetiredByIndex(Oid owner, Datum name, int32 version, TimestampTz as_of)
{
	Datum		keys[] = {name, Int32GetDatum(version), CStringGetTextDatum("retire")};
	IndexRows  *entries = IndexRowsBegin(&retirements, owner, keys);
	bool		retired = entries == NULL;

	while (!retired && IndexRowsNext(entries, ForwardScanDirection))
		retired = DatumGetTimestampTz(IndexRowsValue(entries, 0)) <= as_of;
	if (entries)
		IndexRowsEnd(entries);
	return retired;
}

static int64
StageIdByIndex(const char *name, const char *stage, TimestampTz as_of)
{
	static const IndexQuery query = {"versions", "versions_pkey", 2, {{"name", TEXTOID}, {"version", INT4OID}},
	1, {{"scaler_id", INT8OID}}};
	Oid			owner = RegistryOwner();
	Datum		keys[] = {CStringGetTextDatum(name), 0};
	int32		version = VersionInStageByIndex(owner, keys[0], stage, as_of);
	IndexRows  *rows;
	int64		id = 0;

	if (version == 0 || MayBeRetiredByIndex(owner, keys[0], version, as_of))
		return 0;
	keys[1] = Int32GetDatum(version);
	rows = IndexRowsBegin(&query, owner, keys);
	if (rows == NULL)
		return 0;
	if (IndexRowsNext(rows, ForwardScanDirection))
		id = DatumGetInt64(IndexRowsValue(rows, 0));
	IndexRowsEnd(rows);
	return id;
}

static int64
StageId(const char *name, const char *stage, TimestampTz as_of)
{
	int64		id = StageIdByIndex(name, stage, as_of);
	int32		version;

	if (id != 0)
		return id;
	version = StageVersion(name, stage, as_of, &id);
	if (version == 0)
	{
		CheckNameIsKnown(name);
		if (as_of != DT_NOEND)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("no version of scaler \"%s\" was in stage \"%s\" at %s", name, stage, TimeText(as_of)),
					 errhint("normfreeze.stage_history has what was in which stage from when to when.")));
		NothingInStage(name, stage);
	}
	return id != 0 ? id : VersionId(name, version, as_of);
}

/*
 * Return the id that a text of digits is: a literal without a type, or from JSON, which has ids as strings.
 * Return 0 if it is none.
 *
 * Fails if there is a name with the same digits, since somebody may have frozen it to be taken for the id.
 */
static int64
ResolveDigits(const char *ref)
{
	SqlArg		args[] = {SQL_TEXT_ARG(ref)};
	int64		id;
	bool		named;
	bool		exists;

	if (ref[0] < '1' || ref[0] > '9' || strlen(ref) > 19 || strspn(ref, "0123456789") != strlen(ref))
		return 0;
	errno = 0;
	id = strtoll(ref, NULL, 10);
	if (errno != 0)
		return 0;
	exists = ScalerIsThere(id);
	if (!exists)
		return 0;
	named = SqlRun("SELECT 1 FROM normfreeze.versions AS v WHERE v.name " EQ " $1 LIMIT 1",
				   true, SQL_READ | SQL_AS_OWNER, args, lengthof(args)) > 0;
	SqlFinish();
	if (named)
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_PARAMETER),
				 errmsg("ref \"%s\" is an id, and a name, too", ref),
				 errhint("Write %s::bigint for the id, or %s for the name.", ref,
						 quote_literal_cstr(psprintf("%s@production", ref)))));
	return id;
}

int64
RegistryResolve(const char *ref)
{
	const char *at = strrchr(ref, '@');
	char	   *name;
	const char *what;

	CheckMayApply();
	if (strncmp(ref, "sha256:", 7) == 0)
		return ResolveFingerprint(ref, ref + 7);
	if (at == NULL)
	{
		int64		id = ResolveDigits(ref);

		return id != 0 ? id : StageId(ref, "production", DT_NOEND);
	}

	name = pnstrdup(ref, at - ref);
	what = at + 1;
	if (name[0] == '\0' || what[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid ref \"%s\"", ref),
				 errhint("A ref is name, name@stage, name@v3, name@latest or sha256:<digits>.")));
	if (strcmp(what, "latest") == 0)
		return LatestId(name);
	if (what[0] == 'v' && what[1] != '\0' && strspn(what + 1, "0123456789") == strlen(what + 1))
	{
		int64		version = strtoll(what + 1, NULL, 10);

		if (version < 1 || version > PG_INT32_MAX)
			version = 0;
		return VersionId(name, (int32) version, DT_NOEND);
	}
	return StageId(name, what, DT_NOEND);
}

PG_FUNCTION_INFO_V1(scaler_id_at);
Datum
scaler_id_at(PG_FUNCTION_ARGS)
{
	CheckMayApply();
	PG_RETURN_INT64(StageId(text_to_cstring(PG_GETARG_TEXT_PP(0)),
							text_to_cstring(PG_GETARG_TEXT_PP(1)),
							PG_GETARG_TIMESTAMPTZ(2)));
}
