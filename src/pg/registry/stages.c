/*
 * stages.c
 *		The functions promote(), rollback(), demote() and retire(): entries of the stage log.
 *
 * The log of a name is append-only and numbered without gaps, under the lock of the name.  The
 * state of a stage is its last entry.
 */
#include "pg/base/compat.h"

#include "access/xact.h"
#include "pg/base/sql.h"
#include "pg/registry/refs.h"
#include "pg/registry/registry.h"
#include "pg/registry/registry_rows.h"
#include "pg/registry/rollback.h"
#include "pg/registry/stage_access.h"
#include "pg/registry/stage_features.h"
#include "pg/registry/stage_names.h"
#include "pg/registry/write_checks.h"
#include "utils/builtins.h"

typedef struct Version
{
	int32		version;		/* 0 if there is none */
	int64		scaler_id;
	bool		retired;
} Version;

#define SELECT_VERSION \
	"SELECT v.version, v.scaler_id, EXISTS (SELECT 1 FROM normfreeze.stage_log AS l " \
	"WHERE l.name " EQ " v.name AND l.version " EQ " v.version " \
	"AND l.action " EQ " 'retire') " \
	"FROM normfreeze.versions AS v WHERE v.name " EQ " $1 "

static Version
ReadVersion(const char *name, const char *query, SqlArg key)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), key};
	Version		version = {0};

	if (SqlRun(query, true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0)
	{
		version.version = SqlInt4(0, 1);
		version.scaler_id = SqlInt8(0, 2);
		version.retired = SqlBool(0, 3);
	}
	SqlFinish();
	return version;
}

#define BY_NUMBER	SELECT_VERSION "AND v.version " EQ " $2"

static Version
FindVersionByNumber(const char *name, int32 number)
{
	Version		version = ReadVersion(name, BY_NUMBER, SQL_ARG(INT4OID, Int32GetDatum(number)));

	if (version.version == 0)
	{
		CheckNameIsKnown(name);
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no version %d of a scaler named \"%s\"", number, name),
				 errhint("normfreeze.versions lists the versions of every name.")));
	}
	return version;
}

static Version
FindVersionById(const char *name, int64 id)
{
	Version		version = ReadVersion(name, SELECT_VERSION "AND v.scaler_id " EQ " $2",
									  SQL_ARG(INT8OID, Int64GetDatum(id)));

	if (version.version == 0)
	{
		int64		meant = IdOfSameDouble(id);

		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("scaler " INT64_FORMAT " is not a version of a scaler named \"%s\"", id, name),
				 meant ? errhint("%s", HintOfSameDouble(meant)) :
				 id > 0 && id <= PG_INT32_MAX ?
				 errhint("If it is the number of a version, pass it as an integer: %d::int.", (int) id) :
				 errhint("Freeze it under that name first.")));
	}
	return version;
}

/*
 * Fail if a version is not visible to the snapshot of a REPEATABLE READ transaction.  Its own queries would see
 * an entry for a version that does not exist.
 */
static void
CheckVersionIsVisible(const char *name, int32 version)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), SQL_ARG(INT4OID, Int32GetDatum(version))};
	bool		visible;

	if (!IsolationUsesXactSnapshot())
		return;
	visible = SqlRun("SELECT 1 FROM normfreeze.versions AS v WHERE v.name " EQ " $1 "
					 "AND v.version " EQ " $2",
					 true, SQL_WRITE | SQL_AS_OWNER, args, lengthof(args)) > 0;
	SqlFinish();
	if (!visible)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("version %d of scaler \"%s\" was frozen after this transaction began", version, name),
				 errhint("Try the transaction again.")));
}

static void
AppendToLog(const char *name, char *stage, int32 version, char *action, char *note)
{
	StageEntry	entry = {.seq = NextSeq(name), .stage = stage, .version = version, .action = action, .note = note};

	CheckVersionIsVisible(name, version);
	StampStageEntry(&entry);
	InsertStageEntry(name, &entry);
}

static char *
OptionalText(FunctionCallInfo fcinfo, int arg)
{
	return PG_ARGISNULL(arg) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(arg));
}

/* Return the name in argument 0, which is about to be changed.  Takes its lock. */
static char *
NameToChange(FunctionCallInfo fcinfo, const char *function, int nrequired)
{
	char	   *name;

	CheckWriteCall(fcinfo, function, nrequired);
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	LockScalerName(name);
	return name;
}

/*
 * Fail if the version has other features than the one that it would replace in the stage, unless the caller
 * forces it.
 */
static void
CheckKeepsFeatures(const char *name, Version version, const char *stage, int32 current)
{
	char	   *changes = FeatureChanges(FindVersionByNumber(name, current).scaler_id, version.scaler_id);

	if (changes)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("version %d of scaler \"%s\" has other features than version %d, which is in stage \"%s\"",
						version.version, name, current, stage),
				 errdetail("%s", changes),
				 errhint("Once the queries of this stage are ready for it, promote with force => true.")));
}

static Datum
Promote(const char *name, Version version, FunctionCallInfo fcinfo)
{
	char	   *stage = text_to_cstring(PG_GETARG_TEXT_PP(2));
	bool		force = !PG_ARGISNULL(4) && PG_GETARG_BOOL(4);
	bool		new_stage = !PG_ARGISNULL(5) && PG_GETARG_BOOL(5);
	int32		current;

	CheckStageName(stage);
	CheckMayChangeStage(stage);
	if (version.retired)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("version %d of scaler \"%s\" is retired", version.version, name),
				 errhint("A retired version is not promoted again; its id " INT64_FORMAT " still applies.",
						 version.scaler_id)));
	current = CurrentVersion(name, stage);
	if (current != version.version)
	{
		if (current == 0 && !new_stage)
			CheckStageIsKnown(stage);
		CheckIsSecondPerson(name, version.version);
		if (current != 0 && !force)
			CheckKeepsFeatures(name, version, stage, current);
		AppendToLog(name, stage, version.version, "promote", OptionalText(fcinfo, 3));
	}
	PG_RETURN_INT64(version.scaler_id);
}

static Datum
PromoteVersion(FunctionCallInfo fcinfo, int32 number)
{
	char	   *name = NameToChange(fcinfo, "normfreeze.promote()", 3);

	return Promote(name, FindVersionByNumber(name, number), fcinfo);
}

PG_FUNCTION_INFO_V1(promote_version);
Datum
promote_version(PG_FUNCTION_ARGS)
{
	return PromoteVersion(fcinfo, PG_GETARG_INT32(1));
}

/* For drivers that send a small number as smallint. */
PG_FUNCTION_INFO_V1(promote_small_version);
Datum
promote_small_version(PG_FUNCTION_ARGS)
{
	return PromoteVersion(fcinfo, PG_GETARG_INT16(1));
}

PG_FUNCTION_INFO_V1(promote_id);
Datum
promote_id(PG_FUNCTION_ARGS)
{
	char	   *name = NameToChange(fcinfo, "normfreeze.promote()", 3);

	return Promote(name, FindVersionById(name, PG_GETARG_INT64(1)), fcinfo);
}

PG_FUNCTION_INFO_V1(rollback_stage);
Datum
rollback_stage(PG_FUNCTION_ARGS)
{
	char	   *name = NameToChange(fcinfo, "normfreeze.rollback()", 2);
	char	   *stage = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char	   *stages;
	int32		below;

	CheckMayChangeStage(stage);
	below = VersionBelow(name, stage);
	if (below == 0)
	{
		CheckNameIsKnown(name);
		stages = StagesOfName(name, SQL_LATEST);
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("scaler \"%s\" has no earlier version in stage \"%s\" to go back to", name, stage),
				 stages ? errdetail("It is in %s.", stages) : 0,
				 errhint("normfreeze.stage_log has the history; normfreeze.promote() chooses any version.")));
	}
	AppendToLog(name, stage, below, "rollback", OptionalText(fcinfo, 2));
	PG_RETURN_INT64(FindVersionByNumber(name, below).scaler_id);
}

/* Return the version that a stage had when it was demoted; 0 if it was not demoted, or has a version again. */
static int32
DemotedVersion(const char *name, const char *stage)
{
	SqlArg		args[] = {SQL_TEXT_ARG(name), SQL_TEXT_ARG(stage)};
	int32		version = SqlRun("SELECT CASE WHEN l.action " EQ " 'demote' THEN l.version END "
								 "FROM normfreeze.stage_log AS l "
								 "WHERE l.name " EQ " $1 AND l.stage " EQ " $2 "
								 "ORDER BY l.seq DESC LIMIT 1",
								 true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0 ? SqlInt4(0, 1) : 0;

	SqlFinish();
	return version;
}

PG_FUNCTION_INFO_V1(demote);
Datum
demote(PG_FUNCTION_ARGS)
{
	char	   *name = NameToChange(fcinfo, "normfreeze.demote()", 2);
	char	   *stage = text_to_cstring(PG_GETARG_TEXT_PP(1));
	int32		version = CurrentVersion(name, stage);
	Version		found;

	CheckMayChangeStage(stage);
	if (version != 0)
		AppendToLog(name, stage, version, "demote", OptionalText(fcinfo, 2));
	else
		version = DemotedVersion(name, stage);
	if (version == 0)
	{
		char	   *stages = StagesOfName(name, SQL_LATEST);

		CheckNameIsKnown(name);
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("no version of scaler \"%s\" is in stage \"%s\"", name, stage),
				 stages ? errdetail("It is in %s.", stages) : 0,
				 errhint("normfreeze.stages has the stages of every name.")));
	}
	/* a stage can be demoted even if the row of its version is missing */
	found = ReadVersion(name, BY_NUMBER, SQL_ARG(INT4OID, Int32GetDatum(version)));
	if (found.version == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(found.scaler_id);
}

PG_FUNCTION_INFO_V1(retire);
Datum
retire(PG_FUNCTION_ARGS)
{
	char	   *name = NameToChange(fcinfo, "normfreeze.retire()", 2);
	Version		version = FindVersionByNumber(name, PG_GETARG_INT32(1));

	if (!version.retired)
	{
		CheckMayRetire(name, version.version);
		AppendToLog(name, NULL, version.version, "retire", OptionalText(fcinfo, 2));
	}
	PG_RETURN_INT64(version.scaler_id);
}
