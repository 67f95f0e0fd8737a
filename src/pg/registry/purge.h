/*
 * purge.h
 *		Profiles that are gone for good: who removed them, when and why.
 */
#ifndef NORMFREEZE_PURGE_H
#define NORMFREEZE_PURGE_H

#include "pg/base/compat.h"

#include "commands/trigger.h"
#include "datatype/timestamp.h"
#include "pg/base/digest.h"

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

/* Until the end of the transaction, no profile is purged: for whoever stores one, or a scaler that has one, or what one says. */
extern void LockOutPurges(void);

/* Say that a profile, or so many of a set, are kept out. */
extern void NoticeKeptOut(const uint8 *digest, uint64 count);

/* Is this DELETE of normfreeze.profiles the one that a purge has logged? */
extern bool PurgeAllowsDelete(TriggerData *trigger);

#endif							/* NORMFREEZE_PURGE_H */
