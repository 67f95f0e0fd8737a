/*
 * import_name.h
 *		The parts of import_name(): the versions of an export, and two ways of writing them.
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
	int32		version;		/* its number in this database */
	int32		nentries;		/* number of entries of the stage log that were written for it */
} Arrival;

/* An entry of the stage log, with its version. */
typedef struct LogArrival
{
	Arrival    *arrival;
	StageEntry *entry;
} LogArrival;

/* An import of one name. */
typedef struct NameImport
{
	char	   *name;			/* the name in this database */
	int			count;
	Arrival    *arrivals;		/* in the order of their numbers in the export */
	Arrival   **by_id;			/* in the order of their ids */
	int			nentries;
	LogArrival *entries;		/* in the order of the exported log */
	int			nlocal;
	VersionRow *local;			/* the versions that the name has in this database */
} NameImport;

/* ---- import_arrivals.c: reading ---- */

/* Read an exported version or an array of them.  Fails for anything else. */
extern void ReadExports(NameImport *import, Jsonb *exported);

/* Bring the versions into their order.  Fails unless they are versions of one name from one place, each once. */
extern void ArrangeExports(NameImport *import);

/* Fail unless all versions of the name are there, with its whole stage log. */
extern void CheckExportIsWhole(const NameImport *import);

/* ---- import_store.c: what both ways of writing need ---- */

/* Store the scalers and sets that are new in this database. */
extern void StoreNewContents(const NameImport *import);

/* Return whether the profile of an arrival is stored. */
extern bool ArrivalHasEvidence(const Arrival *arrival);

/* Write an entry of the stage log.  Fails if the current user may not make this change of the stage here. */
extern void WriteEntry(const NameImport *import, LogArrival *log, StageEntry *entry);

/* ---- import_append.c ---- */

/* Write the versions that are new, and then the new entries of the stage log. */
extern void AppendArrivedVersions(NameImport *import);
extern void AppendArrivedEntries(NameImport *import);

/* ---- import_mirror.c ---- */

/* Write the rows that are missing here.  Fails unless the rows that are here are the first of those that arrive. */
extern void MirrorExport(NameImport *import);

#endif							/* NORMFREEZE_IMPORT_NAME_H */
