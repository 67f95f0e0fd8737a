/*
 * write_checks.c
 *		The checks and locks with which every function that writes to the registry begins.
 *
 * LockScalerName() is the lock that freeze(), promote() and others hold while they add to a name.
 */
#include "pg/registry/write_checks.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "pg/base/installed.h"
#include "pg/registry/registry.h"
#include "storage/lmgr.h"

/* ---- names and texts ---- */

pg_noreturn static void
InvalidName(const char *what, const char *name, const char *rule)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_NAME),
			 errmsg("invalid name for a %s: \"%s\"", what, name),
			 errhint("%s", rule)));
}

/* See write_checks.h.  These are the rules of the tables' CHECK constraints. */
void
CheckScalerName(const char *name)
{
	if (name[0] == '\0' || strlen(name) > REGISTRY_MAX_NAME || strchr(name, '@') ||
		strncmp(name, "sha256:", 7) == 0)
		InvalidName("scaler", name, "A name has 1 to 200 bytes, no \"@\", and does not begin with \"sha256:\".");
}

void
CheckStageName(const char *stage)
{
	bool		like_version = stage[0] == 'v' && stage[1] != '\0' &&
		strspn(stage + 1, "0123456789") == strlen(stage + 1);

	if (stage[0] == '\0' || strlen(stage) > REGISTRY_MAX_NAME || strchr(stage, '@') ||
		strcmp(stage, "latest") == 0 || like_version)
		InvalidName("stage", stage, "A stage has 1 to 200 bytes, no \"@\", and is neither \"latest\" nor like \"v3\".");
}

void
CheckTextLength(const char *what, const char *text)
{
	if (text && strlen(text) > REGISTRY_MAX_TEXT)
		ereport(ERROR,
				(errcode(ERRCODE_STRING_DATA_RIGHT_TRUNCATION),
				 errmsg("the %s has %zu bytes, and may have %d", what, strlen(text), REGISTRY_MAX_TEXT),
				 errhint("It can never be removed again; keep the document elsewhere, and say where.")));
}

/* ---- locks ---- */

uint32
LockNumber(const void *key, size_t length)
{
	return DatumGetUInt32(hash_any(key, (int) length));
}

/*
 * Take a lock on an object of our own table's class.  Unlike an advisory lock, it cannot collide with locks of
 * users.
 */
static void
LockKeyInMode(const char *table, const void *key, size_t length, LOCKMODE mode)
{
	LockDatabaseObject(RegistryTable(table), LockNumber(key, length), 0, mode);
}

void
LockKey(const char *table, const void *key, size_t length)
{
	LockKeyInMode(table, key, length, ExclusiveLock);
}

void
ShareKey(const char *table, const void *key, size_t length)
{
	LockKeyInMode(table, key, length, ShareLock);
}

void
LockScalerName(const char *name)
{
	LockKey("versions", name, strlen(name));
}

/* ---- calls, and who makes them ---- */

void
CheckMayWrite(const char *function)
{
	PreventCommandIfReadOnly(function);
	PreventCommandDuringRecovery(function);
	PreventCommandIfParallelMode(function);
}

void
CheckWriteCall(FunctionCallInfo fcinfo, const char *function, int nrequired)
{
	CheckMayWrite(function);
	for (int i = 0; i < nrequired; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument %d of %s must not be NULL", i + 1, function)));
}

char *
CurrentUserName(void)
{
	return GetUserNameFromId(GetUserId(), false);
}

/*
 * The session user does not change within a session, except by a superuser.  The current user does, by SET ROLE
 * or SECURITY DEFINER.
 */
char *
SessionUserName(void)
{
	return GetUserNameFromId(GetSessionUserId(), false);
}
