/*
 * archive_log.h
 *		The log of archived entries: what is gone from drift_log and use_log, and its proof.
 */
#ifndef NORMFREEZE_ARCHIVE_LOG_H
#define NORMFREEZE_ARCHIVE_LOG_H

#include "pg/base/compat.h"

#include "commands/trigger.h"
#include "pg/base/digest.h"

/* Entries of the log of a scaler, by their numbers. */
typedef struct ArchivedRange
{
	const char *log;			/* NULL: none */
	int64		scaler_id;
	int32		first;
	int32		last;
} ArchivedRange;

/* Those that are being removed in this session.  It is a C variable so that no SQL can set it. */
extern ArchivedRange archiving;

/* Return whether this DELETE is of an entry that is being archived, or was on the publisher of a replica. */
extern bool ArchiveAllowsDelete(TriggerData *trigger);

/* Go on with the digest of a chain of entries: it becomes that of itself and the entry, in UTF-8. */
extern void ExtendArchiveDigest(uint8 *digest, const char *entry, int length);

#endif							/* NORMFREEZE_ARCHIVE_LOG_H */
