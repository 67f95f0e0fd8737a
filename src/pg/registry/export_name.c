/*
 * export_name.c
 *		The function export_name(): the versions of a name as JSON, for import_name() in another
 *		database of normfreeze.
 *
 * Everything is read as the caller, so nothing is exported that the caller may not SELECT.
 */
#include "pg/base/compat.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/sql.h"
#include "pg/registry/export_json.h"
#include "pg/registry/refs.h"
#include "pg/registry/registry.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_json.h"
#include "pg/scaler/scaler_set.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* ---- content with its evidence ---- */

/*
 * Return a scaler with its profile, in the current context; the scaler itself without evidence or if the profile is
 * not stored.  Fails if the profile was changed.
 */
static bytea *
WithProfile(bytea *scaler, bool evidence)
{
	ScalerView	view;
	Recipe		recipe;
	bytea	   *profile;
	uint8		digest[DIGEST_LENGTH];

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	if (!evidence || view.kind != PROFILE_BY_DIGEST)
		return scaler;
	profile = RegistryProfile(view.digest);
	if (profile == NULL)
		return scaler;
	ProfileDigest(digest, VARDATA(profile), VARSIZE(profile) - VARHDRSZ);
	if (memcmp(digest, view.digest, DIGEST_LENGTH) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("the profile %s was changed after it was stored", BytesToHex(view.digest, DIGEST_LENGTH)),
				 errhint("See normfreeze.verify(); restore the row from a backup, or export without it: evidence => false.")));
	DecodeScalerRecipe(&recipe, &view);
	return MakeScaler(&recipe, view.digest, VARDATA(profile), VARSIZE(profile) - VARHDRSZ);
}

static void
KeepInMember(SetMember *member, bytea *scaler, MemoryContext context)
{
	uint8	   *bytes = MemoryContextAlloc(context, VARSIZE(scaler) - VARHDRSZ);

	member->scaler_length = VARSIZE(scaler) - VARHDRSZ;
	memcpy(bytes, VARDATA(scaler), member->scaler_length);
	member->scaler = bytes;
}

typedef struct SetBuilder
{
	MemoryContext context;		/* contains the members */
	MemoryContext scratch;		/* used for one member after another */
	SetMember  *members;
	uint32		count;
	size_t		bytes;
} SetBuilder;

/* The greatest size of a jsonb.  Base64 and JSON make the text longer still. */
#define MOST_BYTES	JENTRY_OFFLENMASK

pg_noreturn static void
TooLarge(const char *name, int32 version)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("version %d of scaler \"%s\" is larger than a jsonb value may be", version, name),
			 errdetail("The limit of PostgreSQL is %d bytes.", MOST_BYTES),
			 errhint("Export without profiles: evidence => false; or move the registry by pg_dump or by replication.")));
}

/* Read up to a thousand members with keys greater than *after.  Return their number. */
static uint64
CollectMembers(SetBuilder *builder, int64 id, uint32 limit, bool evidence, text **after)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id)), SQL_ARG(TEXTOID, PointerGetDatum(*after))};
	uint64		n = SqlRun("SELECT m.key, m.scaler_id FROM normfreeze.members AS m "
						   "WHERE m.set_id " EQ " $1 AND m.key OPERATOR(pg_catalog.>) $2 "
						   "ORDER BY m.set_id, m.key LIMIT 1000", true, SQL_READ, args, lengthof(args));
	int64	   *ids = MemoryContextAlloc(builder->context, sizeof(int64) * (n + 1));
	uint32		first = builder->count;

	for (uint64 i = 0; i < n && builder->count < limit; i++)
	{
		text	   *key = DatumGetTextPP(SqlPresent(i, 1, TEXTOID));
		SetMember  *member = &builder->members[builder->count++];
		char	   *bytes = MemoryContextAlloc(builder->context, VARSIZE_ANY_EXHDR(key));

		member->key_length = VARSIZE_ANY_EXHDR(key);
		memcpy(bytes, VARDATA_ANY(key), member->key_length);
		member->key = bytes;
		ids[i] = SqlInt8(i, 2);
	}
	SqlFinish();
	for (uint32 i = first; i < builder->count; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(builder->scratch);

		CHECK_FOR_INTERRUPTS();
		KeepInMember(&builder->members[i], WithProfile(RegistryScaler(ids[i - first]), evidence), builder->context);
		builder->bytes += builder->members[i].key_length + builder->members[i].scaler_length;
		MemoryContextSwitchTo(old);
		MemoryContextReset(builder->scratch);
	}
	pfree(ids);
	if (n > 0 && builder->count > first)
	{
		SetMember  *last = &builder->members[builder->count - 1];

		*after = cstring_to_text_with_len(last->key, last->key_length);
	}
	return builder->count - first;
}

/*
 * Return a set with its members and their profiles, as by_key() made it.  Fails if it is too large, or is not what
 * was frozen.
 */
static bytea *
WholeSet(const ExportedVersion *exported, const ScalerView *bare, bool evidence)
{
	SetBuilder	builder = {.context = CurrentMemoryContext};
	SetRecipe	set;
	SetMember	fallback = {0};
	text	   *after = cstring_to_text("");
	bytea	   *whole;
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	DecodeSetRecipe(&set, bare);
	builder.scratch = AllocSetContextCreate(builder.context, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	builder.members = MemoryContextAllocHuge(builder.context, sizeof(SetMember) * (Size) set.nmembers);
	while (builder.count < set.nmembers &&
		   CollectMembers(&builder, exported->row.scaler_id, set.nmembers, evidence, &after) > 0)
		if (builder.bytes > MOST_BYTES)
			TooLarge(exported->name, exported->row.version);
	if (set.unseen == UNSEEN_FALLBACK)
		KeepInMember(&fallback, WithProfile(RegistryScaler(FingerprintToId(set.fallback)), evidence), builder.context);
	whole = MakeSet(builder.members, builder.count, &set.features, set.unseen,
					set.unseen == UNSEEN_FALLBACK ? &fallback : NULL);
	ViewScalerDatum(&view, PointerGetDatum(whole));
	ScalerFingerprint(fingerprint, &view);
	if (FingerprintToId(fingerprint) != exported->row.scaler_id)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("scaler " INT64_FORMAT " was changed after it was frozen", exported->row.scaler_id),
				 errdetail("%u of its %u keys are there, with the fingerprint %s.", builder.count, set.nmembers,
						   BytesToHex(fingerprint, DIGEST_LENGTH)),
				 errhint("See normfreeze.verify(" INT64_FORMAT "); restore the rows from a backup.",
						 exported->row.scaler_id)));
	return whole;
}

static bytea *
WholeScaler(const ExportedVersion *exported, bool evidence)
{
	bytea	   *bare = RegistryScaler(exported->row.scaler_id);
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(bare));
	return ViewIsSet(&view) ? WholeSet(exported, &view, evidence) : WithProfile(bare, evidence);
}

/* ---- one version ---- */

static int
CompareByVersion(const void *a, const void *b)
{
	const StageEntry *left = a;
	const StageEntry *right = b;

	if (left->version != right->version)
		return (left->version > right->version) - (left->version < right->version);
	return (left->seq > right->seq) - (left->seq < right->seq);
}

/* Set the entries of one version, in the order of the log, which is sorted by versions; *at advances behind them. */
static void
EntriesOfVersion(ExportedVersion *exported, StageEntry *log, int length, int *at)
{
	while (*at < length && log[*at].version < exported->row.version)
		(*at)++;
	exported->entries = log + *at;
	exported->nentries = 0;
	for (; *at < length && log[*at].version == exported->row.version; (*at)++)
		exported->nentries++;
}

/*
 * Read the purges of a version's profiles, as far as the caller may see them: one for each call of
 * purge_profile().
 */
static void
ReadPurgeNotes(ExportedVersion *exported)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(exported->row.scaler_id))};
	uint64		n;

	if (!MayRead("purge_log"))
		return;
	/* by the profile as well, because the log does not name scalers that were frozen after the purge */
	n = SqlRun("SELECT p.at, p.purged_by, p.purged_session_user, p.reason, pg_catalog.count(DISTINCT p.digest)::pg_catalog.int4 "
			   "FROM (SELECT o.* FROM normfreeze.purge_log AS o WHERE o.scaler_id " EQ " $1 "
			   "UNION SELECT o.* FROM normfreeze.purge_log AS o "
			   "WHERE o.digest " EQ " (SELECT normfreeze.digest_of(s.scaler) FROM normfreeze.scalers AS s "
			   "WHERE s.scaler_id " EQ " $1)) AS p "
			   "GROUP BY p.at, p.purged_by, p.purged_session_user, p.reason ORDER BY p.at, p.reason",
			   true, SQL_READ, args, lengthof(args));
	old = MemoryContextSwitchTo(caller);
	exported->npurges = (int) n;
	exported->purges = palloc(sizeof(PurgeNote) * (n + 1));
	for (uint64 i = 0; i < n; i++)
		exported->purges[i] = (PurgeNote) {.at = DatumGetTimestampTz(SqlPresent(i, 1, TIMESTAMPTZOID)),
										   .purged_by = pstrdup(SqlText(i, 2)),
										   .purged_session_user = pstrdup(SqlText(i, 3)),
										   .reason = pstrdup(SqlText(i, 4)),
										   .profiles = SqlInt4(i, 5)};
	MemoryContextSwitchTo(old);
	SqlFinish();
}

static Datum
ExportToJsonb(ExportedVersion *exported, bool evidence)
{
	bytea	   *scaler = WholeScaler(exported, evidence);
	MemoryContext context = CurrentMemoryContext;
	volatile Datum result = (Datum) 0;
	ScalerView	view;
	uint8		fingerprint[DIGEST_LENGTH];

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	ScalerFingerprint(fingerprint, &view);
	exported->fingerprint = BytesToHex(fingerprint, DIGEST_LENGTH);

	/* strings, jsonb and its parts have different limits; reaching any of them is the same error here */
	PG_TRY();
	{
		StringInfoData out;

		initStringInfo(&out);
		AppendExportedVersion(&out, exported, ScalerToJson(&view, true));
		result = DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		if (geterrcode() != ERRCODE_PROGRAM_LIMIT_EXCEEDED)
			PG_RE_THROW();
		FlushErrorState();
		TooLarge(exported->name, exported->row.version);
	}
	PG_END_TRY();
	return result;
}

PG_FUNCTION_INFO_V1(export_name);
Datum
export_name(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		evidence = PG_ARGISNULL(1) || PG_GETARG_BOOL(1);
	Source		source = SourceHere();
	MemoryContext scratch;
	VersionRow *versions;
	StageEntry *log;
	char	   *name;
	int			nversions;
	int			length;
	int			at = 0;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the name to export must not be NULL")));
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	versions = ReadVersions(name, SQL_READ, ALL_ROWS, &nversions);
	if (nversions == 0)
		UnknownName(name);
	log = ReadStageEntries(name, SQL_READ, ALL_ROWS, &length);
	if (length > 0)
		qsort(log, length, sizeof(StageEntry), CompareByVersion);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze export", ALLOCSET_DEFAULT_SIZES);
	for (int i = 0; i < nversions; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(scratch);
		ExportedVersion exported = {
			.source = source,
			.name = name,
			.versions = nversions,
			.log_length = length,
			.row = versions[i],
		};
		Datum		value;
		bool		isnull = false;

		CHECK_FOR_INTERRUPTS();
		EntriesOfVersion(&exported, log, length, &at);
		ReadPurgeNotes(&exported);
		value = ExportToJsonb(&exported, evidence);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, &value, &isnull);
		MemoryContextSwitchTo(old);
		MemoryContextReset(scratch);
	}
	return (Datum) 0;
}
