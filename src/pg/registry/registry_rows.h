/*
 * registry_rows.h
 *		Rows of normfreeze.versions and normfreeze.stage_log, read and appended.
 */
#ifndef NORMFREEZE_REGISTRY_ROWS_H
#define NORMFREEZE_REGISTRY_ROWS_H

#include "pg/base/compat.h"

#include "datatype/timestamp.h"
#include "pg/base/sql.h"
#include "utils/jsonb.h"

typedef struct VersionRow
{
	int32		version;
	int64		scaler_id;
	TimestampTz frozen_at;
	char	   *frozen_by;		/* current user */
	char	   *frozen_session_user;
	char	   *note;			/* NULL: none */
	Jsonb	   *metadata;
	int64		row_count;		/* negative: not known */
	char	   *server_version;
	char	   *extension_version;
	Jsonb	   *origin;			/* NULL: frozen here */
	bool		evidence;		/* here: it does not travel */
} VersionRow;

typedef struct StageEntry
{
	int32		seq;
	char	   *stage;			/* NULL: retired */
	int32		version;
	char	   *action;
	TimestampTz at;
	char	   *changed_by;
	char	   *changed_session_user;
	char	   *note;
	Jsonb	   *origin;
} StageEntry;

/* What an entry does. */
typedef struct StageAction
{
	const char *name;
	bool		of_stage;		/* or of the version alone */
	bool		enters;			/* the stage has the version from then on */
} StageAction;

/* NULL: there is none of this name. */
extern const StageAction *FindStageAction(const char *name);

/* Set the columns that say who writes a row, when, and with which versions of the server and the extension. */
extern void StampVersion(VersionRow *row);
extern void StampStageEntry(StageEntry *entry);

/* Under the lock of the name: the numbers that come next, and the state of a stage (0: none). */
/* Return one more than the number that the query returns, which is the greatest number of $1; 1 if that is NULL. */
extern int32 NextNumber(const char *greatest, SqlArg of);
extern int32 NextVersion(const char *name);
extern int32 NextSeq(const char *name);
extern int32 CurrentVersion(const char *name, const char *stage);

extern void InsertVersion(const char *name, const VersionRow *row);
extern void InsertStageEntry(const char *name, const StageEntry *entry);

/* All rows of a name in the order of their numbers; flags are those of SqlRun(). */
extern VersionRow *ReadVersions(const char *name, int flags, int *count);
extern StageEntry *ReadStageEntries(const char *name, int flags, int *count);

#endif							/* NORMFREEZE_REGISTRY_ROWS_H */
