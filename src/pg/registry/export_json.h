/*
 * export_json.h
 *		The JSON of versions, which export_name() and import_name() move between databases of
 *		normfreeze.
 */
#ifndef NORMFREEZE_EXPORT_JSON_H
#define NORMFREEZE_EXPORT_JSON_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"
#include "pg/base/digest.h"
#include "pg/registry/registry_rows.h"

/* The database and the name that a row is in, or comes from. */
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

/* One version, with everything that belongs to it. */
typedef struct ExportedVersion
{
	Source		source;
	char	   *name;
	int32		versions;		/* of the whole name */
	int32		log_length;		/* of the whole name */
	VersionRow	row;
	char	   *fingerprint;
	Jsonb	   *scaler_json;	/* when reading; NULL once the value has been made */
	bytea	   *scaler;
	int			nentries;		/* number of entries of the stage log for this version */
	StageEntry *entries;
	int			npurges;
	PurgeNote  *purges;
} ExportedVersion;

/* Return this database as a source. */
extern Source SourceHere(void);

/* Append the JSON of a version, which ReadExportedVersion() reads.  "scaler_json" is the text of its scaler. */
extern void AppendExportedVersion(StringInfo out, const ExportedVersion *exported, const char *scaler_json);

/*
 * Read the JSON of a version strictly: unknown and missing keys are errors, and so is a fingerprint that does
 * not match the content.
 */
extern void ReadExportedVersion(ExportedVersion *exported, Jsonb *jsonb);

/* Return the column "origin" of an imported version, or of an imported entry of the stage log. */
extern Jsonb *OriginOfVersion(const ExportedVersion *exported, bool mirrored);
extern Jsonb *OriginOfEntry(const ExportedVersion *exported, const StageEntry *entry);

#endif							/* NORMFREEZE_EXPORT_JSON_H */
