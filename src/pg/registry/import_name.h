/*
 * import_name.h
 *		Versions that arrive from another database, and what becomes of them.
 */
#ifndef NORMFREEZE_IMPORT_NAME_H
#define NORMFREEZE_IMPORT_NAME_H

#include "pg/base/compat.h"

#include "pg/registry/export_json.h"
#include "pg/registry/registry_rows.h"

/* One version of the export, and what becomes of it here. */
typedef struct Arrival
{
	ExportedVersion exported;
	bool		is_new;
	int32		version;		/* its number here */
	int32		nentries;		/* entries of the stage log that were written */
} Arrival;

/* An entry of the stage log, with its version. */
typedef struct LogArrival
{
	Arrival    *arrival;
	StageEntry *entry;
} LogArrival;

typedef struct NameImport
{
	char	   *name;			/* here */
	int			count;
	Arrival    *arrivals;		/* in the order of versions there */
	Arrival   **by_id;			/* in the order of ids */
	int			nentries;
	LogArrival *entries;		/* in the order of the log there */
	int			nlocal;
	VersionRow *local;			/* the versions of the name that are here */
} NameImport;

/* ---- import_arrivals.c: reading ---- */

/* An exported version, or an array of them; an error if that is not what it is. */
extern void ReadExports(NameImport *import, Jsonb *exported);

/* In whatever order they come, they must be versions of one name from one place, each once. */
extern void ArrangeExports(NameImport *import);

/* Errors out unless all versions of the name are there, with their whole log. */
extern void CheckExportIsWhole(const NameImport *import);

/* ---- import_store.c: what both ways of writing do ---- */

/* Scalers and sets of those arrivals that are new. */
extern void StoreNewContents(const NameImport *import);
extern bool ArrivalHasEvidence(const Arrival *arrival);

/* An entry of the stage log; an error if the current user may not do here what it says. */
extern void WriteEntry(const NameImport *import, LogArrival *log, StageEntry *entry);

/* ---- import_append.c ---- */

extern void AppendVersions(NameImport *import);
extern void AppendEntries(NameImport *import);

/* ---- import_mirror.c ---- */

/* The rows that are here must be the first of those that arrive, or it is an error; writes the others. */
extern void MirrorExport(NameImport *import);

#endif							/* NORMFREEZE_IMPORT_NAME_H */
