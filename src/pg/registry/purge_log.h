/*
 * purge_log.h
 *		Profiles that are gone for good: who removed them, when and why.
 */
#ifndef NORMFREEZE_PURGE_LOG_H
#define NORMFREEZE_PURGE_LOG_H

#include "pg/base/compat.h"

#include "commands/trigger.h"
#include "datatype/timestamp.h"
#include "pg/base/digest.h"
#include "storage/lockdefs.h"

typedef struct PurgeRecord
{
	TimestampTz at;
	char	   *by;				/* the session user, who was logged in */
	char	   *reason;
} PurgeRecord;

/*
 * Was the profile purged?  Asked as the owner of the registry: who may know
 * that a profile is not there may know why.  flags: SQL_READ or SQL_LATEST.
 */
extern bool FindPurge(const uint8 *digest, int flags, PurgeRecord *record);

/* The same in words: "on ... by ...: ..."; NULL if it was not purged. */
extern char *PurgeText(const uint8 *digest, int flags);

/*
 * One lock for all profiles: purges are rare, and a set may have more
 * profiles than there is room for locks.
 */
extern void LockPurges(LOCKMODE mode);

/* Until the end of the transaction, no profile is purged: for whoever stores one, or a scaler that has one, or what one says. */
extern void LockOutPurges(void);

/* Say that a profile, or so many of a set, are kept out. */
extern void NoticeKeptOut(const uint8 *digest, uint64 count);

/* The digest of the profile that this session is deleting, in hexadecimal, else NULL: no SQL can set it. */
extern const char *purging_profile;

/* Is this DELETE of normfreeze.profiles the one that a purge has logged? */
extern bool PurgeAllowsDelete(TriggerData *trigger);

#endif							/* NORMFREEZE_PURGE_LOG_H */
