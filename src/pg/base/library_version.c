/*
 * library_version.c
 *		Whether the library is of the version that the extension in this database has.
 *
 * It is not between the installation of new files and ALTER EXTENSION normfreeze UPDATE, and in a session that
 * has loaded an earlier library.  The library serves the functions of every release; a session is told all the same.
 */
#include "pg/base/library_version.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/parallel.h"
#include "access/table.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

#define VERSION_LENGTH	64

bool		extension_seen;

/* The version of the extension as last seen, if it is another one than ours; else "". */
static char other_version[VERSION_LENGTH];
static char warned_of[VERSION_LENGTH];

/* The three numbers of a version, so that they compare as one; -1 if it is none of ours. */
static int64
VersionNumber(const char *version)
{
	int			major;
	int			minor;
	int			patch;
	int			end = 0;

	if (sscanf(version, "%5d.%5d.%5d%n", &major, &minor, &patch, &end) != 3 || version[end] != '\0' ||
		major < 0 || minor < 0 || patch < 0)
		return -1;
	return ((int64) major * 100000 + minor) * 100000 + patch;
}

static bool
LibraryIsOlder(const char *than)
{
	return VersionNumber(NORMFREEZE_VERSION) < VersionNumber(than);
}

/* What to do where the extension is of this other version. */
static const char *
RemedyOfVersion(const char *version)
{
	return LibraryIsOlder(version)
		? "Connect again, and restart the server where it preloads normfreeze; else install the files of that version on this server."
		: "ALTER EXTENSION normfreeze UPDATE.";
}

/* A parallel worker leaves it to the session. */
static void
NoteVersion(const char *version)
{
	bool		same = strcmp(version, NORMFREEZE_VERSION) == 0;

	snprintf(other_version, sizeof(other_version), "%s", same ? "" : version);
	if (same || IsParallelWorker() || strcmp(warned_of, other_version) == 0)
		return;
	snprintf(warned_of, sizeof(warned_of), "%s", other_version);
	ereport(WARNING,
			(errmsg("library \"normfreeze\" is of version %s, the extension in this database of version %s",
					NORMFREEZE_VERSION, version),
			 errhint("%s", RemedyOfVersion(version))));
}

Oid
FindExtension(void)
{
	Relation	extensions = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	Oid			extension = InvalidOid;
	char	   *version = NULL;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum("normfreeze"));
	/* of few rows, so that opening its index would cost a session more than reading them */
	scan = systable_beginscan(extensions, InvalidOid, false, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		value = heap_getattr(tuple, Anum_pg_extension_extversion, RelationGetDescr(extensions), &isnull);

		extension = ((Form_pg_extension) GETSTRUCT(tuple))->oid;
		if (!isnull)
			version = TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(extensions, AccessShareLock);

	/* while a script of ours runs, the version in the catalog is ahead of the objects */
	if (version && !creating_extension)
	{
		extension_seen = true;
		NoteVersion(version);
		pfree(version);
	}
	return extension;
}

bool
LibraryFits(void)
{
	return other_version[0] == '\0';
}

const char *
VersionProblem(void)
{
	if (LibraryFits())
		return NULL;
	return psprintf("the library is of version %s, the extension in this database of version %s: %s",
					NORMFREEZE_VERSION, other_version, RemedyOfVersion(other_version));
}

/* ---- errors ---- */

static void
VersionContext(void *arg)
{
	int			code = geterrcode();

	if (code == ERRCODE_UNDEFINED_COLUMN || code == ERRCODE_UNDEFINED_TABLE || code == ERRCODE_UNDEFINED_FUNCTION ||
		code == ERRCODE_UNDEFINED_OBJECT || code == ERRCODE_DATATYPE_MISMATCH)
		errhint("%s", RemedyOfVersion(other_version));
	errcontext("library \"normfreeze\" of version %s with the extension of version %s", NORMFREEZE_VERSION,
			   other_version);
}

void
PushVersionContext(ErrorContextCallback *callback)
{
	callback->callback = VersionContext;
	callback->arg = NULL;
	callback->previous = error_context_stack;
	error_context_stack = callback;
}

void
PopVersionContext(const ErrorContextCallback *callback)
{
	error_context_stack = callback->previous;
}

/* ---- scripts ---- */

/*
 * Scripts of the extension call it first, with their version: a session that loaded an older library would make
 * functions that this library has otherwise, or not at all.
 */
PG_FUNCTION_INFO_V1(require_library);
Datum
require_library(PG_FUNCTION_ARGS)
{
	const char *version = text_to_cstring(PG_GETARG_TEXT_PP(0));

	if (LibraryIsOlder(version))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("library \"normfreeze\" of this session is of version %s, and version %s of the extension needs at least its own",
						NORMFREEZE_VERSION, version),
				 errhint("%s", RemedyOfVersion(version))));
	PG_RETURN_VOID();
}
