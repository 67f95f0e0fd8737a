/*
 * purge_log.h
 *		The log of purged profiles: who purged them, when and why.
 */
#ifndef NORMFREEZE_PURGE_LOG_H
#define NORMFREEZE_PURGE_LOG_H

#include "pg/base/compat.h"

#include "commands/trigger.h"
#include "datatype/timestamp.h"
#include "pg/base/digest.h"

/* An entry of the log. */
typedef struct PurgeRecord
{
	TimestampTz at;
	char	   *by;				/* the session user, who had logged in */
	char	   *reason;
} PurgeRecord;

/*
 * Return whether a profile was purged, and fill in the record unless it is NULL.  "flags" are SQL_READ or
 * SQL_LATEST.
 *
 * The log is read as the owner of the registry, because a role that may know that a profile is missing may know
 * why.
 */
extern bool FindPurge(const uint8 *digest, int flags, PurgeRecord *record);

/* Return the same in words: "on ... by ...: ..."; NULL if the profile was not purged. */
extern char *PurgeText(const uint8 *digest, int flags);

/* Give a notice that a profile, or `count` profiles of a set, were purged before and are not stored. */
extern void NoticeKeptOut(const uint8 *digest, uint64 count);

/*
 * The digest, in hexadecimal, of the profile that purge_profile() is deleting in this session; otherwise NULL.
 *
 * It is a C variable, so that no SQL can set it.
 */
extern const char *purging_profile;

/* Return whether this DELETE on normfreeze.profiles is that of a purge whose log entry exists. */
extern bool PurgeAllowsDelete(TriggerData *trigger);

#endif							/* NORMFREEZE_PURGE_LOG_H */
