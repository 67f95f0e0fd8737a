/*
 * export_json.h
 *		A version of a name as JSON, as it travels between databases.
 */
#ifndef NORMFREEZE_EXPORT_JSON_H
#define NORMFREEZE_EXPORT_JSON_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/base/digest.h"
#include "pg/registry/registry_rows.h"

/* Where a row is, or comes from. */
typedef struct Source
{
	char	   *system_identifier;
	char	   *database;
} Source;

/* Profiles of a version that were purged in one call. */
typedef struct PurgeNote
{
	TimestampTz at;
	char	   *purged_by;
	char	   *purged_session_user;
	char	   *reason;
	int32		profiles;
} PurgeNote;

/* One version with all that belongs to it. */
typedef struct ExportedVersion
{
	Source		source;
	char	   *name;
	int32		versions;		/* of the whole name */
	int32		log_length;		/* likewise */
	VersionRow	row;
	char	   *fingerprint;
	Jsonb	   *scaler_json;	/* when reading; NULL once the value is made */
	bytea	   *scaler;
	int			nentries;		/* of the stage log, those of this version */
	StageEntry *entries;
	int			npurges;
	PurgeNote  *purges;
} ExportedVersion;

/* This database. */
extern Source SourceHere(void);

/* scaler_json is the text of the scaler; the result is in the same words as ReadExportedVersion() reads. */
extern void AppendExportedVersion(StringInfo out, const ExportedVersion *exported, const char *scaler_json);

/* Read strictly, and check that the content is the one it says. */
extern void ReadExportedVersion(ExportedVersion *exported, Jsonb *jsonb);

/* What a row here says of where it came from. */
extern Jsonb *OriginOfVersion(const ExportedVersion *exported, bool mirrored);
extern Jsonb *OriginOfEntry(const ExportedVersion *exported, const StageEntry *entry);

#endif							/* NORMFREEZE_EXPORT_JSON_H */
