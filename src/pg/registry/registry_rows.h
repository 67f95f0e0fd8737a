/*
 * registry_rows.h
 *		Reading and appending rows of normfreeze.versions and normfreeze.stage_log.
 */
#ifndef NORMFREEZE_REGISTRY_ROWS_H
#define NORMFREEZE_REGISTRY_ROWS_H

#include "pg/base/compat.h"

#include "datatype/timestamp.h"
#include "pg/base/sql.h"
#include "utils/jsonb.h"

/* A row of normfreeze.versions. */
typedef struct VersionRow
{
	int32		version;
	int64		scaler_id;
	TimestampTz frozen_at;
	char	   *frozen_by;		/* the current user */
	char	   *frozen_session_user;
	char	   *note;			/* NULL if there is none */
	Jsonb	   *metadata;
	int64		row_count;		/* negative if it is not known */
	char	   *server_version;
	char	   *extension_version;
	Jsonb	   *origin;			/* NULL if it was frozen here */
	bool		evidence;		/* about this database; it is not exported */
} VersionRow;

/* A row of normfreeze.stage_log. */
typedef struct StageEntry
{
	int32		seq;
	char	   *stage;			/* NULL if the version was retired */
	int32		version;
	char	   *action;
	TimestampTz at;
	char	   *changed_by;
	char	   *changed_session_user;
	char	   *note;
	Jsonb	   *origin;
} StageEntry;

/* What an entry of the stage log does. */
typedef struct StageAction
{
	const char *name;
	bool		of_stage;		/* about a stage, not about the version alone */
	bool		enters;			/* the stage has the version from then on */
} StageAction;

/* Return the action with a name, or NULL. */
extern const StageAction *FindStageAction(const char *name);

/* Set the columns that say who writes a row, when, and with which versions of the server and the extension. */
extern void StampVersion(VersionRow *row);
extern void StampStageEntry(StageEntry *entry);

/*
 * Return one more than the greatest number of $1, which the query returns; 1 if that is NULL.  Must be called
 * under a lock on $1.
 */
extern int32 NextNumber(const char *greatest, SqlArg of);

/*
 * Return the next number of a version or an entry, and the version in a stage (0 if there is none).  Must be
 * called under the lock of the name.
 */
extern int32 NextVersion(const char *name);
extern int32 NextSeq(const char *name);
extern int32 CurrentVersion(const char *name, const char *stage);

/* Append a row. */
extern void InsertVersion(const char *name, const VersionRow *row);
extern void InsertStageEntry(const char *name, const StageEntry *entry);

/*
 * Read the last rows of a name up to a number, so many at most, in the order of their numbers.  "flags" are those
 * of SqlRun().
 */
extern VersionRow *ReadVersions(const char *name, int flags, int32 last, int32 most, int *count);
extern StageEntry *ReadStageEntries(const char *name, int flags, int32 last, int32 most, int *count);

/* All rows of a name, as last and most. */
#define ALL_ROWS	PG_INT32_MAX, PG_INT32_MAX

#endif							/* NORMFREEZE_REGISTRY_ROWS_H */
