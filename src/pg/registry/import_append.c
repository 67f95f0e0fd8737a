/*
 * import_append.c
 *		The function import_name() without mirror: versions get numbers of this database, and record
 *		their origin.
 */
#include "pg/registry/import_name.h"

#include "miscadmin.h"
#include "pg/base/sql.h"
#include "pg/base/text.h"
#include "pg/registry/export_json.h"
#include "utils/builtins.h"

static int
CompareScalerIds(const void *a, const void *b)
{
	int64		left = ((const VersionRow *) a)->scaler_id;
	int64		right = ((const VersionRow *) b)->scaler_id;

	return (left > right) - (left < right);
}

static void
FindVersionsHere(NameImport *import)
{
	if (import->nlocal > 0)
		qsort(import->local, import->nlocal, sizeof(VersionRow), CompareScalerIds);
	for (int i = 0; i < import->count; i++)
	{
		Arrival    *arrival = &import->arrivals[i];
		VersionRow	key = {.scaler_id = arrival->exported.row.scaler_id};
		VersionRow *local = import->nlocal == 0 ? NULL :
			bsearch(&key, import->local, import->nlocal, sizeof(VersionRow), CompareScalerIds);

		CHECK_FOR_INTERRUPTS();
		if (local)
			arrival->version = local->version;
		arrival->is_new = arrival->version == 0;
	}
}

void
AppendArrivedVersions(NameImport *import)
{
	FindVersionsHere(import);
	StoreNewContents(import);
	for (int i = 0; i < import->count; i++)
	{
		Arrival    *arrival = &import->arrivals[i];
		VersionRow	row = arrival->exported.row;

		CHECK_FOR_INTERRUPTS();
		if (!arrival->is_new)
			continue;
		row.version = arrival->version = NextVersion(import->name);
		row.origin = OriginOfVersion(&arrival->exported, false);
		row.evidence = ArrivalHasEvidence(arrival);
		StampVersion(&row);
		InsertVersion(import->name, &row);
	}
}

/*
 * The entries of the stage log that are here already: imported before, possibly by way of other databases, or
 * made here and now coming back.
 *
 * An entry is identified by its number and its time, or by those of the entry that it came from.  Identifiers
 * of databases do not serve, since pg_upgrade changes them.
 */
typedef struct KnownEntries
{
	char	  **keys;
	Size		count;
	Size		room;
} KnownEntries;

static void
AddKnown(KnownEntries *known, char *key)
{
	if (known->count == known->room)
	{
		known->room = known->room * 2 + 64;
		known->keys = known->keys ? repalloc_huge(known->keys, sizeof(char *) * known->room) :
			MemoryContextAllocHuge(CurrentMemoryContext, sizeof(char *) * known->room);
	}
	known->keys[known->count++] = key;
}

static int
CompareKnown(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Return the key of an origin, or NULL if it has none.  Any JSON is possible here, depending on the exporter. */
static char *
KeyOfOrigin(JsonbContainer *origin)
{
	JsonbValue	room[2];
	JsonbValue *seq = getKeyJsonValueFromContainer(origin, "seq", 3, &room[0]);
	JsonbValue *at = getKeyJsonValueFromContainer(origin, "at", 2, &room[1]);

	char	   *number;
	char	   *key = NULL;

	if (seq == NULL || seq->type != jbvNumeric || at == NULL || at->type != jbvString)
		return NULL;
	number = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(seq->val.numeric)));
	/* an int4 has ten digits at most, while a numeric may have a hundred thousand */
	if (strlen(number) <= 10)
		key = psprintf("%s %.*s", number, at->val.string.len, at->val.string.val);
	pfree(number);
	return key;
}

/* Collect the keys of an entry and of all entries that it came from. */
static void
AddEntryKeys(KnownEntries *known, const StageEntry *entry)
{
	JsonbContainer *origin = entry->origin ? &entry->origin->root : NULL;

	AddKnown(known, psprintf("%d %s", entry->seq, TimeText(entry->at)));
	while (origin && JsonContainerIsObject(origin))
	{
		JsonbValue	room;
		JsonbValue *earlier = getKeyJsonValueFromContainer(origin, "origin", 6, &room);
		char	   *key = KeyOfOrigin(origin);

		if (key)
			AddKnown(known, key);
		origin = earlier && earlier->type == jbvBinary ? earlier->val.binary.data : NULL;
	}
}

static void
FindKnownEntries(const NameImport *import, KnownEntries *known)
{
	int			length;
	StageEntry *log = ReadStageEntries(import->name, SQL_LATEST | SQL_AS_OWNER, ALL_ROWS, &length);

	for (int i = 0; i < length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AddEntryKeys(known, &log[i]);
	}
	if (known->count > 0)
		qsort(known->keys, known->count, sizeof(char *), CompareKnown);
}

static bool
EntryIsKnown(const KnownEntries *known, const StageEntry *entry)
{
	KnownEntries own = {0};

	if (known->count == 0)
		return false;
	AddEntryKeys(&own, entry);
	for (Size i = 0; i < own.count; i++)
		if (bsearch(&own.keys[i], known->keys, known->count, sizeof(char *), CompareKnown))
			return true;
	return false;
}

void
AppendArrivedEntries(NameImport *import)
{
	KnownEntries known = {0};

	FindKnownEntries(import, &known);
	for (int i = 0; i < import->nentries; i++)
	{
		LogArrival *log = &import->entries[i];
		StageEntry	entry = *log->entry;

		CHECK_FOR_INTERRUPTS();
		if (EntryIsKnown(&known, log->entry))
			continue;
		entry.origin = OriginOfEntry(&log->arrival->exported, log->entry);
		entry.version = log->arrival->version;
		entry.seq = NextSeq(import->name);
		StampStageEntry(&entry);
		WriteEntry(import, log, &entry);
	}
}
