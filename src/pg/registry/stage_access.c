/*
 * stage_access.c
 *		Who may change which stage: allow_stage(), disallow_stage(), and the second person (setting
 *		normfreeze.require_second_person).
 *
 * A stage without entries in normfreeze.stage_access_log is open to everyone who may call
 * promote().  Its first entry closes it to all other roles, for good: a list that has become
 * empty admits nobody.
 *
 * Roles are recorded by name, because a dump is restored in clusters where roles have other OIDs.
 * A name that no role has admits nobody.
 */
#include "pg/registry/stage_access.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/base/settings.h"
#include "pg/base/sql.h"
#include "pg/registry/patient_lock.h"
#include "pg/registry/registry_rows.h"
#include "pg/registry/stage_names.h"
#include "pg/registry/write_checks.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* the name that PostgreSQL reserves for everybody */
#define EVERYBODY	"public"

/* ---- the list of a stage ---- */

static bool
AdmitsCurrentUser(const char *role)
{
	Oid			oid;

	if (strcmp(role, EVERYBODY) == 0)
		return true;
	oid = get_role_oid(role, true);
	return OidIsValid(oid) && has_privs_of_role(GetUserId(), oid);
}

/* The last entry of each role in a stage. */
#define ROLES_OF_STAGE \
	"SELECT DISTINCT ON (l.role) l.role, l.action " EQ " 'allow' " \
	"FROM normfreeze.stage_access_log AS l WHERE l.stage " EQ " $1 ORDER BY l.role, l.seq DESC"

#define MAX_ROLES_SHOWN	10

/*
 * Fail unless the current user is a member of a role on the list of a stage, which is the result of the last
 * query.
 */
static void
CheckList(const char *stage, uint64 nroles)
{
	StringInfoData listed;
	int			shown = 0;

	initStringInfo(&listed);
	for (uint64 i = 0; i < nroles; i++)
	{
		if (!SqlBool(i, 2))
			continue;
		if (AdmitsCurrentUser(SqlText(i, 1)))
			return;
		if (shown++ < MAX_ROLES_SHOWN)
			appendStringInfo(&listed, "%s\"%s\"", shown > 1 ? ", " : "", SqlText(i, 1));
	}
	if (shown > MAX_ROLES_SHOWN)
		appendStringInfo(&listed, " and %d more", shown - MAX_ROLES_SHOWN);
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("role \"%s\" may not change stage \"%s\"", CurrentUserName(), stage),
			 shown > 0 ? errdetail("The stage admits %s.", listed.data) :
			 errdetail("The stage has a list of roles, and all were withdrawn."),
			 errhint("Become a member of a role on the list, or have normfreeze.allow_stage() called.")));
}

void
CheckMayChangeStage(const char *stage)
{
	SqlArg		args[] = {SQL_TEXT_ARG(stage)};
	uint64		nroles;

	/* a superuser is a member of every role, but an empty list would refuse even a superuser */
	if (superuser())
		return;
	/* the list must not change between this check and the commit of the change of the stage that relies on it */
	ShareKey("stage_access_log", stage, strlen(stage));
	nroles = SqlRun(ROLES_OF_STAGE, true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args));
	if (nroles > 0)
		CheckList(stage, nroles);
	SqlFinish();
}

void
CheckMayRetire(const char *name, int32 version)
{
	int			count;
	StageNow   *stages = ReadStagesNow(name, SQL_LATEST | SQL_AS_OWNER, &count);

	for (int i = 0; i < count; i++)
		if (stages[i].version == version)
			CheckMayChangeStage(stages[i].stage);
}

/* ---- the second person ---- */

/*
 * A person is a session user, since SET ROLE and SECURITY DEFINER change the current user.  The first person of
 * an imported version is the one who imported it here, because what an export says of others cannot be proved;
 * those whom the export names are excluded, too.
 */
void
CheckIsSecondPerson(const char *name, int32 version)
{
	SqlArg		args[] = {
		SQL_TEXT_ARG(name),
		SQL_ARG(INT4OID, Int32GetDatum(version)),
		SQL_TEXT_ARG(SessionUserName()),
	};
	bool		same;

	if (!require_second_person)
		return;
	same = SqlRun("SELECT 1 FROM normfreeze.versions AS v "
				  "WHERE v.name " EQ " $1 AND v.version " EQ " $2 "
				  "AND (v.frozen_session_user " EQ " $3 OR pg_catalog.jsonb_path_exists(v.origin, "
				  "'$.**.frozen_session_user ? (@ == $person)'::pg_catalog.jsonpath, "
				  "pg_catalog.jsonb_build_object('person', $3)) OR pg_catalog.jsonb_path_exists(v.origin, "
				  "'$.**.mirrored_session_user ? (@ == $person)'::pg_catalog.jsonpath, "
				  "pg_catalog.jsonb_build_object('person', $3)))",
				  true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0;
	SqlFinish();
	if (same)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("\"%s\" has frozen or imported version %d of scaler \"%s\", and may not put it into a stage",
						SessionUserName(), version, name),
				 errdetail("Setting normfreeze.require_second_person is on: the one who promotes is another session user."),
				 errhint("Have another person call normfreeze.promote().")));
}

/* ---- allow_stage() and disallow_stage() ---- */

typedef enum Listed
{
	NEVER_LISTED,
	WITHDRAWN,
	ALLOWED
} Listed;

static Listed
StateOfRole(const char *stage, const char *role)
{
	SqlArg		args[] = {SQL_TEXT_ARG(stage), SQL_TEXT_ARG(role)};
	Listed		state = NEVER_LISTED;

	if (SqlRun("SELECT l.action " EQ " 'allow' FROM normfreeze.stage_access_log AS l "
			   "WHERE l.stage " EQ " $1 AND l.role " EQ " $2 ORDER BY l.seq DESC LIMIT 1",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0)
		state = SqlBool(0, 1) ? ALLOWED : WITHDRAWN;
	SqlFinish();
	return state;
}

static void
AppendToAccessLog(const char *stage, const char *role, const char *action, const char *note)
{
	SqlArg		args[] = {
		SQL_TEXT_ARG(stage),
		SQL_TEXT_ARG(role),
		SQL_TEXT_ARG(action),
		SQL_ARG(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp())),
		SQL_TEXT_ARG(CurrentUserName()),
		SQL_TEXT_ARG(SessionUserName()),
		SQL_TEXT_ARG(note),
		SQL_NULL_ARG(INT4OID),
	};

	args[7] = SQL_ARG(INT4OID,
					  Int32GetDatum(NextNumber("SELECT pg_catalog.max(l.seq) FROM normfreeze.stage_access_log AS l "
											   "WHERE l.stage " EQ " $1", args[0])));
	SqlAppend("stage_access_log",
			  "INSERT INTO normfreeze.stage_access_log (stage, role, action, at, changed_by, changed_session_user, note, seq) "
			  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			  args, lengthof(args));
}

/*
 * Lock the list of a stage, for which all transactions that have changed the stage must have ended.
 * Nobody queues behind this one: changes of the stage go on.
 */
static void
LockList(const char *stage)
{
	Patience	patience = {0};
	LOCKTAG		tag;

	RegistryLockTag(&tag, "stage_access_log", LockNumber(stage, strlen(stage)), 0);
	while (!TryLock(&tag, ExclusiveLock))
		if (!WaitPatiently(&patience))
			ereport(ERROR,
					(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
					 errmsg("a transaction that has not ended has changed stage \"%s\", or who may change it", stage),
					 errdetail("It is: %s.", HoldersOfLock(&tag, ExclusiveLock)),
					 errhint(HINT_OF_PATIENCE)));
}

static void
BeginChange(FunctionCallInfo fcinfo, const char *function, char **stage, char **role)
{
	CheckWriteCall(fcinfo, function, 2);
	*stage = text_to_cstring(PG_GETARG_TEXT_PP(0));
	*role = text_to_cstring(PG_GETARG_TEXT_PP(1));
	CheckStageName(*stage);
	LockList(*stage);
}

PG_FUNCTION_INFO_V1(allow_stage);
Datum
allow_stage(PG_FUNCTION_ARGS)
{
	char	   *stage;
	char	   *role;
	bool		change;

	BeginChange(fcinfo, "normfreeze.allow_stage()", &stage, &role);
	if (strcmp(role, EVERYBODY) != 0)
		get_role_oid(role, false);
	if (PG_ARGISNULL(3) || !PG_GETARG_BOOL(3))
		CheckStageIsKnown(stage);
	change = StateOfRole(stage, role) != ALLOWED;
	if (change)
		AppendToAccessLog(stage, role, "allow", PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)));
	PG_RETURN_BOOL(change);
}

/*
 * A role that no longer exists can still be withdrawn.  A role that is not on the list is an error,
 * since its name may be misspelt.
 */
PG_FUNCTION_INFO_V1(disallow_stage);
Datum
disallow_stage(PG_FUNCTION_ARGS)
{
	char	   *stage;
	char	   *role;
	Listed		state;

	BeginChange(fcinfo, "normfreeze.disallow_stage()", &stage, &role);
	state = StateOfRole(stage, role);
	if (state == NEVER_LISTED)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("role \"%s\" is not on the list of stage \"%s\"", role, stage),
				 errhint("normfreeze.stage_access has the lists; normfreeze.allow_stage() closes a stage to all that are not on its list.")));
	if (state == ALLOWED)
		AppendToAccessLog(stage, role, "disallow", PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)));
	PG_RETURN_BOOL(state == ALLOWED);
}
