/*
 * export_json.c
 *		The JSON of versions, which export_name() and import_name() move between databases of
 *		normfreeze. (pg/exchange is for other systems.)
 *
 * The fingerprint proves the content.  The rest cannot be proved: who froze it and when, and the
 * stage log, are what the exporting database says.
 */
#include "pg/registry/export_json.h"

#include "access/xlog.h"
#include "miscadmin.h"
#include "pg/base/text.h"
#include "pg/registry/json_fields.h"
#include "pg/scaler/scaler_json.h"

#define EXPORT_FORMAT	1

Source
SourceHere(void)
{
	return (Source) {psprintf(UINT64_FORMAT, GetSystemIdentifier()), get_database_name(MyDatabaseId)};
}

/* ---- the keys ---- */

/* A version, with the members that its JSON has in addition. */
typedef struct Envelope
{
	ExportedVersion exported;
	int32		format;
	Jsonb	   *source;
	Jsonb	   *log;
	Jsonb	   *purges;
} Envelope;

#define OF_EXPORT(member)	offsetof(Envelope, exported.member)
#define OF_VERSION(member)	offsetof(Envelope, exported.row.member)
#define OF_ENTRY(member)	offsetof(StageEntry, member)

static const JsonField envelope_fields[] = {
	{"export_format", FIELD_NUMBER, false, offsetof(Envelope, format)},
	{"source", FIELD_OBJECT, false, offsetof(Envelope, source)},
	{"name", FIELD_TEXT, false, OF_EXPORT(name)},
	{"versions", FIELD_NUMBER, false, OF_EXPORT(versions)},
	{"log_length", FIELD_NUMBER, false, OF_EXPORT(log_length)},
	{"version", FIELD_NUMBER, false, OF_VERSION(version)},
	{"scaler_id", FIELD_ID, false, OF_VERSION(scaler_id)},
	{"fingerprint", FIELD_TEXT, false, OF_EXPORT(fingerprint)},
	{"frozen_at", FIELD_TIME, false, OF_VERSION(frozen_at)},
	{"frozen_by", FIELD_TEXT, false, OF_VERSION(frozen_by)},
	{"frozen_session_user", FIELD_TEXT, false, OF_VERSION(frozen_session_user)},
	{"note", FIELD_TEXT, true, OF_VERSION(note)},
	{"metadata", FIELD_OBJECT, false, OF_VERSION(metadata)},
	{"row_count", FIELD_LONG, true, OF_VERSION(row_count)},
	{"server_version", FIELD_TEXT, false, OF_VERSION(server_version)},
	{"extension_version", FIELD_TEXT, false, OF_VERSION(extension_version)},
	{"origin", FIELD_OBJECT, true, OF_VERSION(origin)},
	{"stage_log", FIELD_ARRAY, false, offsetof(Envelope, log)},
	{"purges", FIELD_ARRAY, false, offsetof(Envelope, purges)},
	{"scaler", FIELD_OBJECT, false, OF_EXPORT(scaler_json)},
};

static const JsonField source_fields[] = {
	{"system_identifier", FIELD_TEXT, false, offsetof(Source, system_identifier)},
	{"database", FIELD_TEXT, false, offsetof(Source, database)},
};

static const JsonField entry_fields[] = {
	{"seq", FIELD_NUMBER, false, OF_ENTRY(seq)},
	{"stage", FIELD_TEXT, true, OF_ENTRY(stage)},
	{"action", FIELD_TEXT, false, OF_ENTRY(action)},
	{"at", FIELD_TIME, false, OF_ENTRY(at)},
	{"changed_by", FIELD_TEXT, false, OF_ENTRY(changed_by)},
	{"changed_session_user", FIELD_TEXT, false, OF_ENTRY(changed_session_user)},
	{"note", FIELD_TEXT, true, OF_ENTRY(note)},
	{"origin", FIELD_OBJECT, true, OF_ENTRY(origin)},
};

#define OF_PURGE(member)	offsetof(PurgeNote, member)

static const JsonField purge_fields[] = {
	{"at", FIELD_TIME, false, OF_PURGE(at)},
	{"purged_by", FIELD_TEXT, false, OF_PURGE(purged_by)},
	{"purged_session_user", FIELD_TEXT, false, OF_PURGE(purged_session_user)},
	{"reason", FIELD_TEXT, false, OF_PURGE(reason)},
	{"profiles", FIELD_NUMBER, false, OF_PURGE(profiles)},
};

/* ---- writing ---- */

static Jsonb *
LogToJsonb(const ExportedVersion *exported)
{
	return ArrayToJsonb(entry_fields, lengthof(entry_fields), exported->entries, sizeof(StageEntry),
						exported->nentries);
}

static Jsonb *
PurgesToJsonb(const ExportedVersion *exported)
{
	return ArrayToJsonb(purge_fields, lengthof(purge_fields), exported->purges, sizeof(PurgeNote), exported->npurges);
}

static Jsonb *
SourceToJsonb(const Source *source)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	AppendFields(&out, source_fields, lengthof(source_fields), source);
	appendStringInfoChar(&out, '}');
	return JsonbFromText(out.data);
}

void
AppendExportedVersion(StringInfo out, const ExportedVersion *exported, const char *scaler_json)
{
	Envelope	envelope = {*exported, EXPORT_FORMAT, SourceToJsonb(&exported->source), LogToJsonb(exported),
	PurgesToJsonb(exported)};

	appendStringInfoChar(out, '{');
	/* all fields but the last, which is the scaler; its text is given */
	AppendFields(out, envelope_fields, lengthof(envelope_fields) - 1, &envelope);
	appendStringInfo(out, ", \"scaler\": %s}", scaler_json);
}

/* ---- reading ---- */

static void
CheckEntry(const StageEntry *entry)
{
	const StageAction *action = FindStageAction(entry->action);

	if (entry->seq < 1)
		InvalidExport("a number is out of range for key", "seq");
	if (action == NULL)
		InvalidExport("unknown value for key", "action");
	if (action->of_stage != (entry->stage != NULL))
		InvalidExport(entry->stage ? "no stage is expected with action" : "a stage is expected with action",
					  entry->action);
}

static void
ReadLog(ExportedVersion *exported, Jsonb *log)
{
	exported->nentries = JsonContainerSize(&log->root);
	exported->entries =
		MemoryContextAllocHuge(CurrentMemoryContext, sizeof(StageEntry) * ((Size) exported->nentries + 1));
	for (int i = 0; i < exported->nentries; i++)
	{
		StageEntry *entry = &exported->entries[i];
		JsonbValue *value = getIthJsonbValueFromContainer(&log->root, i);

		CHECK_FOR_INTERRUPTS();
		ReadFields(&ReadContainer(value, false, "stage_log")->root, entry_fields, lengthof(entry_fields), entry);
		entry->version = exported->row.version;
		CheckEntry(entry);
	}
}

static void
ReadPurges(ExportedVersion *exported, Jsonb *purges)
{
	exported->npurges = JsonContainerSize(&purges->root);
	exported->purges = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(PurgeNote) * ((Size) exported->npurges + 1));
	for (int i = 0; i < exported->npurges; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(&purges->root, i);

		CHECK_FOR_INTERRUPTS();
		ReadFields(&ReadContainer(value, false, "purges")->root, purge_fields, lengthof(purge_fields),
				   &exported->purges[i]);
	}
}

static void
ReadExportedScaler(ExportedVersion *exported)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(caller, "normfreeze import", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);
	bytea	   *scaler = ScalerFromJson(JsonParseJsonb(exported->scaler_json, "scaler"));
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	MemoryContextSwitchTo(caller);
	exported->scaler = MemoryContextAllocHuge(caller, VARSIZE(scaler));
	memcpy(exported->scaler, scaler, VARSIZE(scaler));
	MemoryContextSwitchTo(old);
	ViewScalerDatum(&view, PointerGetDatum(exported->scaler));
	ScalerFingerprint(fingerprint, &view);
	if (strcmp(BytesToHex(fingerprint, DIGEST_LENGTH), exported->fingerprint) != 0 ||
		FingerprintToId(fingerprint) != exported->row.scaler_id)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("damaged export: version %d of scaler \"%s\" does not have the content it says",
						exported->row.version, exported->name),
				 errdetail("It says %s (id " INT64_FORMAT "), its content has %s (id " INT64_FORMAT ").",
						   exported->fingerprint, exported->row.scaler_id,
						   BytesToHex(fingerprint, DIGEST_LENGTH), FingerprintToId(fingerprint)),
				 errhint("It was edited after it was written; export it again.")));
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
	pfree(exported->scaler_json);
	exported->scaler_json = NULL;
}

/* Check the format first, since another format may have other keys. */
static void
CheckFormat(Jsonb *jsonb)
{
	static const JsonField format = {"export_format", FIELD_NUMBER, false, 0};
	JsonbValue	room;
	JsonbValue *value = getKeyJsonValueFromContainer(&jsonb->root, format.key, strlen(format.key), &room);
	int32		number;

	if (value == NULL)
		InvalidExport("it lacks the key", format.key);
	ReadField(&format, value, (char *) &number);
	if (number != EXPORT_FORMAT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid export of a version: unknown format %d", number),
				 errhint("This version of normfreeze reads format %d.", EXPORT_FORMAT)));
}

void
ReadExportedVersion(ExportedVersion *exported, Jsonb *jsonb)
{
	Envelope	envelope = {0};

	CheckFormat(jsonb);
	ReadFields(&jsonb->root, envelope_fields, lengthof(envelope_fields), &envelope);
	*exported = envelope.exported;
	if (exported->row.version < 1)
		InvalidExport("a number is out of range for key", "version");
	ReadFields(&envelope.source->root, source_fields, lengthof(source_fields), &exported->source);
	ReadLog(exported, envelope.log);
	ReadPurges(exported, envelope.purges);
	ReadExportedScaler(exported);
}

/* ---- origins ---- */

/* Start an origin: {"system_identifier": ..., "database": ..., "name": ..., to be continued. */
static void
StartOrigin(StringInfo out, const ExportedVersion *exported)
{
	initStringInfo(out);
	appendStringInfoChar(out, '{');
	AppendFields(out, source_fields, lengthof(source_fields), &exported->source);
	AppendJsonTextMember(out, "name", exported->name);
}

static Jsonb *
FinishOrigin(StringInfo out, Jsonb *earlier)
{
	if (earlier)
		appendStringInfo(out, ", \"origin\": %s", JsonbToCString(NULL, &earlier->root, VARSIZE(earlier)));
	appendStringInfoChar(out, '}');
	return JsonbFromText(out->data);
}

Jsonb *
OriginOfVersion(const ExportedVersion *exported, bool mirrored)
{
	const VersionRow *row = &exported->row;
	StringInfoData out;

	StartOrigin(&out, exported);
	appendStringInfo(&out, ", \"version\": %d", row->version);
	AppendJsonTextMember(&out, "frozen_at", TimeText(row->frozen_at));
	AppendJsonTextMember(&out, "frozen_by", row->frozen_by);
	AppendJsonTextMember(&out, "frozen_session_user", row->frozen_session_user);
	AppendJsonTextMember(&out, "server_version", row->server_version);
	AppendJsonTextMember(&out, "extension_version", row->extension_version);
	if (exported->npurges > 0)
		appendStringInfo(&out, ", \"purges\": %s", JsonbToCString(NULL, &PurgesToJsonb(exported)->root, 0));
	/* a mirrored row has the columns of the exporting side, so its origin records who wrote it here */
	if (mirrored)
	{
		VersionRow	here;

		StampVersion(&here);
		AppendJsonTextMember(&out, "mirrored_at", TimeText(here.frozen_at));
		AppendJsonTextMember(&out, "mirrored_by", here.frozen_by);
		AppendJsonTextMember(&out, "mirrored_session_user", here.frozen_session_user);
	}
	return FinishOrigin(&out, row->origin);
}

Jsonb *
OriginOfEntry(const ExportedVersion *exported, const StageEntry *entry)
{
	StringInfoData out;

	StartOrigin(&out, exported);
	appendStringInfo(&out, ", \"seq\": %d", entry->seq);
	AppendJsonTextMember(&out, "at", TimeText(entry->at));
	AppendJsonTextMember(&out, "changed_by", entry->changed_by);
	AppendJsonTextMember(&out, "changed_session_user", entry->changed_session_user);
	return FinishOrigin(&out, entry->origin);
}
