/*
 * import_mirror.c
 *		The function import_name() with mirror: it makes rows equal to those of the exporting
 *		database, or fails.
 */
#include "pg/registry/import_name.h"

#include "miscadmin.h"
#include "pg/base/sql.h"
#include "pg/base/text.h"
#include "pg/registry/export_json.h"

typedef struct Fact
{
	const char *what;
	char	   *value;			/* NULL if there is none */
} Fact;

static char *
JsonbText(Jsonb *jsonb)
{
	return jsonb ? JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)) : NULL;
}

#define VERSION_FACTS	9

static void
FactsOfVersion(const VersionRow *row, Fact *facts)
{
	Fact		found[VERSION_FACTS] = {
		{"scaler_id", psprintf(INT64_FORMAT, row->scaler_id)},
		{"frozen_at", TimeText(row->frozen_at)},
		{"frozen_by", row->frozen_by},
		{"frozen_session_user", row->frozen_session_user},
		{"note", row->note},
		{"metadata", JsonbText(row->metadata)},
		{"row_count", row->row_count < 0 ? NULL : psprintf(INT64_FORMAT, row->row_count)},
		{"server_version", row->server_version},
		{"extension_version", row->extension_version},
	};

	memcpy(facts, found, sizeof(found));
}

#define ENTRY_FACTS	7

static void
FactsOfEntry(const StageEntry *entry, Fact *facts)
{
	Fact		found[ENTRY_FACTS] = {
		{"stage", entry->stage},
		{"version", psprintf("%d", entry->version)},
		{"action", entry->action},
		{"at", TimeText(entry->at)},
		{"changed_by", entry->changed_by},
		{"changed_session_user", entry->changed_session_user},
		{"note", entry->note},
	};

	memcpy(facts, found, sizeof(found));
}

static char *
Quoted(const char *value)
{
	return value ? psprintf("\"%s\"", value) : "none";
}

/* Fail unless the rows that are here equal the exported ones.  The error names the first that does not. */
static void
CheckFacts(const NameImport *import, const char *row, int32 number, const Fact *here, const Fact *there, int nfacts)
{
	for (int i = 0; i < nfacts; i++)
	{
		if (here[i].value == there[i].value ||
			(here[i].value && there[i].value && strcmp(here[i].value, there[i].value) == 0))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("cannot mirror scaler \"%s\": %s %d differs in its %s", import->name, row, number,
						here[i].what),
				 errdetail("Here it is %s, in the export %s.", Quoted(here[i].value), Quoted(there[i].value)),
				 errhint("Mirror into a name of its own, or import without mirror, which appends what is new.")));
	}
}

pg_noreturn static void
CannotMirror(const NameImport *import, char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("cannot mirror scaler \"%s\": %s", import->name, problem),
			 errhint("%s", hint)));
}

static void
CheckNothingMoreIsHere(const NameImport *import, const char *row, int here, int there)
{
	if (here > there)
		CannotMirror(import, psprintf("%s %d is here, and not in the export", row, there + 1),
					 "Export it again where it was changed last, or import without mirror, which appends what is new.");
}

static void
CheckVersionsArePrefix(const NameImport *import)
{
	for (int i = 0; i < Min(import->nlocal, import->count); i++)
	{
		Fact		here[VERSION_FACTS];
		Fact		there[VERSION_FACTS];

		FactsOfVersion(&import->local[i], here);
		FactsOfVersion(&import->arrivals[i].exported.row, there);
		CheckFacts(import, "version", i + 1, here, there, VERSION_FACTS);
	}
	CheckNothingMoreIsHere(import, "version", import->nlocal, import->count);
}

static void
CheckLogIsPrefix(const NameImport *import, const StageEntry *local, int nlocal)
{
	for (int i = 0; i < Min(nlocal, import->nentries); i++)
	{
		Fact		here[ENTRY_FACTS];
		Fact		there[ENTRY_FACTS];

		FactsOfEntry(&local[i], here);
		FactsOfEntry(import->entries[i].entry, there);
		CheckFacts(import, "stage log entry", i + 1, here, there, ENTRY_FACTS);
	}
	CheckNothingMoreIsHere(import, "stage log entry", nlocal, import->nentries);
}

/* Fail unless the numbers of the rows here are 1, 2, 3, ..., since the code below takes positions for numbers. */
static void
CheckNumbersHere(const NameImport *import, const StageEntry *log, int length)
{
	const char *hint = "See normfreeze.verify(): rows of the registry are missing here.";

	for (int i = 0; i < import->nlocal; i++)
		if (import->local[i].version != i + 1)
			CannotMirror(import, psprintf("version %d is missing here", i + 1), hint);
	for (int i = 0; i < length; i++)
		if (log[i].seq != i + 1)
			CannotMirror(import, psprintf("entry %d of the stage log is missing here", i + 1), hint);
}

void
MirrorExport(NameImport *import)
{
	int			length;
	StageEntry *log = ReadStageEntries(import->name, SQL_LATEST | SQL_AS_OWNER, ALL_ROWS, &length);

	CheckNumbersHere(import, log, length);
	CheckVersionsArePrefix(import);
	CheckLogIsPrefix(import, log, length);
	for (int i = 0; i < import->count; i++)
	{
		import->arrivals[i].version = i + 1;
		import->arrivals[i].is_new = i >= import->nlocal;
	}
	StoreNewContents(import);
	for (int i = import->nlocal; i < import->count; i++)
	{
		Arrival    *arrival = &import->arrivals[i];
		VersionRow	row = arrival->exported.row;

		CHECK_FOR_INTERRUPTS();
		row.origin = OriginOfVersion(&arrival->exported, true);
		row.evidence = ArrivalHasEvidence(arrival);
		InsertVersion(import->name, &row);
	}
	for (int i = length; i < import->nentries; i++)
	{
		LogArrival *arrival = &import->entries[i];
		StageEntry	entry = *arrival->entry;

		CHECK_FOR_INTERRUPTS();
		entry.origin = OriginOfEntry(&arrival->arrival->exported, arrival->entry);
		WriteEntry(import, arrival, &entry);
	}
}
