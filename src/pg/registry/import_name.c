/*
 * import_name.c
 *		import_name(): versions that export_name() gave elsewhere.
 *
 * All input is read and every content verified before the first row is
 * written.  Appending makes versions of this database's own numbers, which
 * record their origin; mirroring makes the rows of the other side, or none.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/call.h"
#include "pg/base/sql.h"
#include "pg/base/text.h"
#include "pg/registry/export_json.h"
#include "pg/registry/freeze.h"
#include "pg/registry/members.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/stage_access.h"
#include "pg/registry/stage_names.h"
#include "pg/registry/write_guard.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

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

typedef struct Import
{
	char	   *name;			/* here */
	int			count;
	Arrival    *arrivals;		/* in the order of versions there */
	Arrival   **by_id;			/* in the order of ids */
	int			nentries;
	LogArrival *entries;		/* in the order of the log there */
	int			nlocal;
	VersionRow *local;			/* the versions of the name that are here */
} Import;

/* ---- reading ---- */

static void
ReadExports(Import *import, Jsonb *exported)
{
	bool		array = JB_ROOT_IS_ARRAY(exported) && !JB_ROOT_IS_SCALAR(exported);

	if (!array && !JB_ROOT_IS_OBJECT(exported))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an exported version, or an array of them, is expected"),
				 errhint("Pass what normfreeze.export_name() gave, or jsonb_agg() of it.")));
	import->count = array ? JsonContainerSize(&exported->root) : 1;
	if (import->count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("there are no versions to import"),
				 errhint("Pass what normfreeze.export_name() gave, or jsonb_agg() of it.")));
	import->arrivals = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Arrival) * (Size) import->count);
	for (int i = 0; i < import->count; i++)
	{
		Jsonb	   *one = exported;

		CHECK_FOR_INTERRUPTS();
		if (array)
		{
			one = JsonbValueToJsonb(getIthJsonbValueFromContainer(&exported->root, i));
			if (!JB_ROOT_IS_OBJECT(one))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("element %d of the array is not an exported version", i + 1),
						 errhint("Pass what normfreeze.export_name() gave, or jsonb_agg() of it.")));
		}
		import->arrivals[i] = (Arrival) {0};
		ReadExportedVersion(&import->arrivals[i].exported, one);
		if (array)
			pfree(one);
	}
}

static int
CompareArrivals(const void *a, const void *b)
{
	int32		left = ((const Arrival *) a)->exported.row.version;
	int32		right = ((const Arrival *) b)->exported.row.version;

	return (left > right) - (left < right);
}

static int
CompareIds(const void *a, const void *b)
{
	int64		left = (*(Arrival *const *) a)->exported.row.scaler_id;
	int64		right = (*(Arrival *const *) b)->exported.row.scaler_id;

	return (left > right) - (left < right);
}

static int
CompareSeqs(const void *a, const void *b)
{
	int32		left = ((const LogArrival *) a)->entry->seq;
	int32		right = ((const LogArrival *) b)->entry->seq;

	return (left > right) - (left < right);
}

static bool
SameOrigin(const ExportedVersion *a, const ExportedVersion *b)
{
	return strcmp(a->name, b->name) == 0 &&
		strcmp(a->source.system_identifier, b->source.system_identifier) == 0 &&
		strcmp(a->source.database, b->source.database) == 0;
}

pg_noreturn static void
InvalidExports(char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("these are not the versions of one export: %s", problem),
			 errhint("Import one export of one name in one call.")));
}

/* No version of one name can have the content of another. */
static void
CheckContentsDiffer(Import *import)
{
	Arrival   **by_id = import->by_id;

	for (int i = 0; i < import->count; i++)
		by_id[i] = &import->arrivals[i];
	qsort(by_id, import->count, sizeof(Arrival *), CompareIds);
	for (int i = 1; i < import->count; i++)
		if (by_id[i]->exported.row.scaler_id == by_id[i - 1]->exported.row.scaler_id)
			InvalidExports(psprintf("scaler " INT64_FORMAT " is there as version %d and as version %d",
									by_id[i]->exported.row.scaler_id, by_id[i - 1]->exported.row.version,
									by_id[i]->exported.row.version));
}

static void
CollectEntries(Import *import)
{
	Size		total = 0;

	for (int i = 0; i < import->count; i++)
		total += import->arrivals[i].exported.nentries;
	if (total > PG_INT32_MAX)
		InvalidExports("there are too many entries of the stage log");
	import->entries = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(LogArrival) * (total + 1));
	for (int i = 0; i < import->count; i++)
		for (int e = 0; e < import->arrivals[i].exported.nentries; e++)
			import->entries[import->nentries++] =
				(LogArrival) {&import->arrivals[i], &import->arrivals[i].exported.entries[e]};
	qsort(import->entries, import->nentries, sizeof(LogArrival), CompareSeqs);
	for (int i = 1; i < import->nentries; i++)
		if (import->entries[i].entry->seq == import->entries[i - 1].entry->seq)
			InvalidExports(psprintf("entry %d of the stage log is there twice", import->entries[i].entry->seq));
}

/* In whatever order they come, they must be versions of one name from one place, each once. */
static void
ArrangeExports(Import *import)
{
	const ExportedVersion *first = &import->arrivals[0].exported;

	qsort(import->arrivals, import->count, sizeof(Arrival), CompareArrivals);
	for (int i = 1; i < import->count; i++)
	{
		const ExportedVersion *exported = &import->arrivals[i].exported;

		if (!SameOrigin(first, exported))
			InvalidExports(psprintf("\"%s\" of database \"%s\" and \"%s\" of database \"%s\"",
									first->name, first->source.database, exported->name, exported->source.database));
		if (exported->row.version == import->arrivals[i - 1].exported.row.version)
			InvalidExports(psprintf("version %d is there twice", exported->row.version));
	}
	import->by_id = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Arrival *) * (Size) import->count);
	CheckContentsDiffer(import);
	CollectEntries(import);
}

pg_noreturn static void
ExportIsPart(const ExportedVersion *exported, char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the export of scaler \"%s\" is not whole: %s", exported->name, problem),
			 errhint("A mirror and stages take all that normfreeze.export_name() gave in one call: jsonb_agg() of it.")));
}

/* Parts of a log, one version after the other, would leave stages in states that they never had. */
static void
CheckExportIsWhole(const Import *import)
{
	for (int i = 0; i < import->count; i++)
	{
		const ExportedVersion *exported = &import->arrivals[i].exported;

		if (exported->versions != import->count || exported->row.version != i + 1)
			ExportIsPart(exported, psprintf("%d of its %d versions are given", import->count, exported->versions));
		if (exported->log_length != import->nentries)
			ExportIsPart(exported, psprintf("%d of the %d entries of its stage log are given", import->nentries,
											exported->log_length));
	}
	for (int i = 0; i < import->nentries; i++)
		if (import->entries[i].entry->seq != i + 1)
			ExportIsPart(&import->arrivals[0].exported, psprintf("entry %d of its stage log is missing", i + 1));
}

/* ---- writing ---- */

/* All scalers, members too, and then the sets: each kind in an order that all imports and freezes keep to. */
static void
StoreNewContents(const Import *import)
{
	ContentList contents = {0};
	ScalerView	view;
	int64		ignored;

	LockOutPurges();
	for (int i = 0; i < import->count; i++)
	{
		if (!import->arrivals[i].is_new)
			continue;
		ViewScalerDatum(&view, PointerGetDatum(import->arrivals[i].exported.scaler));
		AddContents(&contents, &view);
	}
	StoreContents(&contents, KEEP_WHAT_IS_THERE, &ignored);
	for (int i = 0; i < import->count; i++)
	{
		const ExportedVersion *exported = &import->by_id[i]->exported;

		CHECK_FOR_INTERRUPTS();
		if (!import->by_id[i]->is_new)
			continue;
		ViewScalerDatum(&view, PointerGetDatum(exported->scaler));
		if (ViewIsSet(&view))
			StoreSet(exported->row.scaler_id, exported->fingerprint, &view);
	}
}

static bool
ArrivalHasEvidence(const Arrival *arrival)
{
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(arrival->exported.scaler));
	return EvidenceIsStored(arrival->exported.row.scaler_id, &view);
}

/* An entry takes effect here: so it needs what promote(), rollback(), demote() and retire() need here. */
static void
WriteEntry(const Import *import, LogArrival *log, StageEntry *entry)
{
	if (entry->stage == NULL)
		CheckMayRetire(import->name, entry->version);
	else
	{
		CheckStageName(entry->stage);
		CheckMayChangeStage(entry->stage);
		if (FindStageAction(entry->action)->enters)
			CheckIsSecondPerson(import->name, entry->version);
	}
	InsertStageEntry(import->name, entry);
	log->arrival->nentries++;
}

/* ---- appending ---- */

static void
FindVersionsHere(Import *import)
{
	for (int i = 0; i < import->count; i++)
	{
		Arrival    *arrival = &import->arrivals[i];

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < import->nlocal && arrival->version == 0; k++)
			if (import->local[k].scaler_id == arrival->exported.row.scaler_id)
				arrival->version = import->local[k].version;
		arrival->is_new = arrival->version == 0;
	}
}

static void
AppendVersions(Import *import)
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
 * Which entries are here already?  One that was imported before, over
 * whatever other databases; and one that was made here and comes back.  Each
 * is known by its number and its microsecond, or by those of the entry that
 * it came from: databases change their identifiers, as by pg_upgrade.
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

/* The key of an origin, which is anything that an exporter wrote; NULL if it has none. */
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
	/* the longest int4 has ten digits, a numeric may have a hundred thousand */
	if (strlen(number) <= 10)
		key = psprintf("%s %.*s", number, at->val.string.len, at->val.string.val);
	pfree(number);
	return key;
}

/* The keys of an entry, and of all entries that it came from. */
static void
AddKeys(KnownEntries *known, const StageEntry *entry)
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
FindKnownEntries(const Import *import, KnownEntries *known)
{
	int			length;
	StageEntry *log = ReadStageEntries(import->name, SQL_LATEST | SQL_AS_OWNER, &length);

	for (int i = 0; i < length; i++)
	{
		CHECK_FOR_INTERRUPTS();
		AddKeys(known, &log[i]);
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
	AddKeys(&own, entry);
	for (Size i = 0; i < own.count; i++)
		if (bsearch(&own.keys[i], known->keys, known->count, sizeof(char *), CompareKnown))
			return true;
	return false;
}

/*
 * A log may lead through versions that are retired here, but not to one: a
 * retired version is not promoted again, by no way.
 */
static void
CheckNothingRetiredIsPromoted(const Import *import, int32 first_seq)
{
	SqlArg		args[] = {SQL_TEXT_ARG(import->name), SQL_ARG(INT4OID, Int32GetDatum(first_seq))};

	if (SqlRun("SELECT l.version, l.stage FROM normfreeze.stage_log AS l "
			   "WHERE l.name OPERATOR(pg_catalog.=) $1 AND l.seq OPERATOR(pg_catalog.>=) $2 AND l.stage IS NOT NULL "
			   "AND l.action OPERATOR(pg_catalog.<>) 'demote' "
			   "AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS n WHERE n.name OPERATOR(pg_catalog.=) l.name "
			   "AND n.stage OPERATOR(pg_catalog.=) l.stage AND n.seq OPERATOR(pg_catalog.>) l.seq) "
			   "AND EXISTS (SELECT 1 FROM normfreeze.stage_log AS r WHERE r.name OPERATOR(pg_catalog.=) l.name "
			   "AND r.version OPERATOR(pg_catalog.=) l.version AND r.action OPERATOR(pg_catalog.=) 'retire' "
			   "AND r.seq OPERATOR(pg_catalog.<) l.seq) ORDER BY l.seq LIMIT 1",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("version %d of scaler \"%s\" is retired", SqlInt4(0, 1), import->name),
				 errdetail("The imported entries of the stage log would put it into stage \"%s\".", SqlText(0, 2)),
				 errhint("Promote another version there, and export again; or import without stages, and promote here.")));
	SqlFinish();
}

static void
AppendEntries(Import *import)
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

/* ---- mirroring ---- */

typedef struct Fact
{
	const char *what;
	char	   *value;			/* NULL: none */
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

/* The rows of a mirror are those that are here already, or we fail naming the first that is not. */
static void
CheckFacts(const Import *import, const char *row, int32 number, const Fact *here, const Fact *there, int nfacts)
{
	for (int i = 0; i < nfacts; i++)
	{
		if (here[i].value == there[i].value ||
			(here[i].value && there[i].value && strcmp(here[i].value, there[i].value) == 0))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("cannot mirror scaler \"%s\": %s %d differs in its %s", import->name, row, number, here[i].what),
				 errdetail("Here it is %s, in the export %s.", Quoted(here[i].value), Quoted(there[i].value)),
				 errhint("Mirror into a name of its own, or import without mirror, which appends what is new.")));
	}
}

pg_noreturn static void
CannotMirror(const Import *import, char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("cannot mirror scaler \"%s\": %s", import->name, problem),
			 errhint("%s", hint)));
}

static void
CheckNothingMoreIsHere(const Import *import, const char *row, int here, int there)
{
	if (here > there)
		CannotMirror(import, psprintf("%s %d is here, and not in the export", row, there + 1),
					 "Export it again where it was changed last, or import without mirror, which appends what is new.");
}

static void
CheckVersionsArePrefix(const Import *import)
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
CheckLogIsPrefix(const Import *import, const StageEntry *local, int nlocal)
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

/* The numbers here must be 1, 2, 3, ..., or positions would not be numbers. */
static void
CheckNumbersHere(const Import *import, const StageEntry *log, int length)
{
	const char *hint = "See normfreeze.verify(): rows of the registry are missing here.";

	for (int i = 0; i < import->nlocal; i++)
		if (import->local[i].version != i + 1)
			CannotMirror(import, psprintf("version %d is missing here", i + 1), hint);
	for (int i = 0; i < length; i++)
		if (log[i].seq != i + 1)
			CannotMirror(import, psprintf("entry %d of the stage log is missing here", i + 1), hint);
}

static void
Mirror(Import *import)
{
	int			length;
	StageEntry *log = ReadStageEntries(import->name, SQL_LATEST | SQL_AS_OWNER, &length);

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

/* ---- SQL ---- */

static void
ReportArrivals(const Import *import, const char *action, ReturnSetInfo *rsinfo)
{
	for (int i = 0; i < import->count; i++)
	{
		const Arrival *arrival = &import->arrivals[i];
		bool		nulls[4] = {false, false, false, false};
		Datum		values[4] = {
			Int32GetDatum(arrival->version),
			Int64GetDatum(arrival->exported.row.scaler_id),
			CStringGetTextDatum(arrival->is_new ? action : "unchanged"),
			Int32GetDatum(arrival->nentries),
		};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(import_name);
Datum
import_name(PG_FUNCTION_ARGS)
{
	Import		import = {0};
	bool		stages = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	bool		mirror = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	int32		first_seq;

	CheckMayWrite("normfreeze.import_name()");
	CheckFloatEnvironment();
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the versions to import must not be NULL"),
				 errhint("jsonb_agg() of no rows is NULL; pass what normfreeze.export_name() gave.")));
	InitMaterializedSRF(fcinfo, 0);
	ReadExports(&import, PG_GETARG_JSONB_P(0));
	ArrangeExports(&import);
	import.name = PG_ARGISNULL(1) ? import.arrivals[0].exported.name : text_to_cstring(PG_GETARG_TEXT_PP(1));
	CheckScalerName(import.name);
	if (stages || mirror)
		CheckExportIsWhole(&import);

	LockScalerName(import.name);
	import.local = ReadVersions(import.name, SQL_LATEST | SQL_AS_OWNER, &import.nlocal);
	first_seq = NextSeq(import.name);
	if (mirror)
		Mirror(&import);
	else
	{
		AppendVersions(&import);
		if (stages)
			AppendEntries(&import);
	}
	CheckNothingRetiredIsPromoted(&import, first_seq);
	NoticeNewStages(import.name, first_seq);
	ReportArrivals(&import, mirror ? "mirrored" : "imported", (ReturnSetInfo *) fcinfo->resultinfo);
	return (Datum) 0;
}
