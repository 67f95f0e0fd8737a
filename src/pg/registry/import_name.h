/*
 * import_name.h
 *		The parts of import_name(): the versions of an export, and the ways of writing them.
 */
#ifndef NORMFREEZE_IMPORT_NAME_H
#define NORMFREEZE_IMPORT_NAME_H

#include "pg/base/compat.h"

#include "pg/registry/export_json.h"
#include "pg/registry/registry_rows.h"

/* One version of the export, and the version that it becomes here. */
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

/* Read an exported version, or an array of them; anything else is an error. */
extern void ReadExports(NameImport *import, Jsonb *exported);

/* In whatever order they come, they must be versions of one name from one place, each once. */
extern void ArrangeExports(NameImport *import);

/* Errors out unless all versions of the name are there, with their whole log. */
extern void CheckExportIsWhole(const NameImport *import);

/* ---- import_store.c: what both ways of writing do ---- */

/* Scalers and sets of those arrivals that are new. */
extern void StoreNewContents(const NameImport *import);
extern bool ArrivalHasEvidence(const Arrival *arrival);

/* Write an entry of the stage log; an error if the current user may not make this change of the stage here. */
extern void WriteEntry(const NameImport *import, LogArrival *log, StageEntry *entry);

/* ---- import_append.c ---- */

extern void AppendArrivedVersions(NameImport *import);
extern void AppendArrivedEntries(NameImport *import);

/* ---- import_mirror.c ---- */

/* The rows that are here must be the first of those that arrive, or it is an error; writes the others. */
extern void MirrorExport(NameImport *import);

#endif							/* NORMFREEZE_IMPORT_NAME_H */
