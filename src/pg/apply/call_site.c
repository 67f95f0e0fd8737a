/*
 * call_site.c
 *		Finding the scaler of a call for each row, with one look-up for each query.
 */
#include "pg/apply/call_site.h"

#include "access/detoast.h"
#include "pg/apply/kept_scalers.h"
#include "pg/apply/ref_cache.h"
#include "pg/apply/value_cache.h"
#include "pg/base/library_version.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

/* A call site with this many ids forgets all of them, and releases their scalers. */
#define LOOKUPS_MAX		1024

typedef struct IdEntry
{
	int64		id;				/* key */
	Applied    *applied;
} IdEntry;

/* Release the session's scaler; a callback of the context that holds the look-ups. */
static void
ReleaseApplied(void *arg)
{
	LoadedScaler *scaler = ((Applied *) arg)->scaler;

	if (scaler)
		ReleaseScaler(scaler);
}

Applied *
MakeApplied(MemoryContext context, LoadedScaler *scaler)
{
	Applied    *applied = MemoryContextAllocZero(context, sizeof(Applied));

	applied->scaler = scaler;
	return applied;
}

CallSite *
MakeCallSite(MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "normfreeze call site", ALLOCSET_SMALL_SIZES);
	CallSite   *site = MemoryContextAllocZero(context, sizeof(CallSite));

	WarnOfOtherVersion();
	site->context = context;
	site->lookups = AllocSetContextCreate(context, "normfreeze look-ups", ALLOCSET_SMALL_SIZES);
	site->current_ref_length = -1;
	FeatureBufferInit(&site->buffer, context);
	return site;
}

CallSite *
GetCallSite(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MakeCallSite(fcinfo->flinfo->fn_mcxt);
	return fcinfo->flinfo->fn_extra;
}

/* Forget every look-up whose token no longer holds. */
static void
StartLookups(CallSite *site)
{
	site->current = NULL;
	site->current_ref_length = -1;
	site->token.valid = false;
	site->by_id = NULL;
	MemoryContextReset(site->lookups);
	site->token = TakeLookupToken();
}

/* Make an Applied in a context.  Its scaler is released when the context is reset or deleted. */
static Applied *
MakeReleased(MemoryContext context)
{
	Applied    *applied = MakeApplied(context, NULL);
	MemoryContextCallback *callback = MemoryContextAllocZero(context, sizeof(MemoryContextCallback));

	callback->func = ReleaseApplied;
	callback->arg = applied;
	MemoryContextRegisterResetCallback(context, callback);
	return applied;
}

static Applied *
MakeLookup(CallSite *site, int64 id)
{
	Applied    *applied = MakeReleased(site->lookups);

	applied->scaler = ScalerCacheGet(id);
	return applied;
}

static void
KeepLookup(CallSite *site, int64 id, Applied *applied)
{
	IdEntry    *entry = hash_search(site->by_id, &id, HASH_ENTER, NULL);

	entry->applied = applied;
}

/* Find an id in the table of a call site.  Most calls have one scaler, so the table is made for the second. */
static Applied *
LookUpId(CallSite *site, int64 id)
{
	IdEntry    *entry;
	Applied    *applied;

	if (site->current && site->current_id == id)
		return site->current;
	if (site->current && site->by_id == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(int64), .entrysize = sizeof(IdEntry), .hcxt = site->lookups};

		site->by_id = hash_create("normfreeze ids", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		KeepLookup(site, site->current_id, site->current);
	}
	entry = site->by_id ? hash_search(site->by_id, &id, HASH_FIND, NULL) : NULL;
	if (entry)
		return entry->applied;
	applied = MakeLookup(site, id);
	if (site->by_id)
		KeepLookup(site, id, applied);
	return applied;
}

/*
 * Return whether a call site is to forget its ids, so that a query over very many of them takes bounded memory: those
 * that it remembers cannot be dropped.
 */
static bool
HasTooManyIds(const CallSite *site)
{
	return site->by_id && (hash_get_num_entries(site->by_id) >= LOOKUPS_MAX || KeptScalersAreTooMany());
}

static Applied *
UseId(CallSite *site, int64 id)
{
	site->current = LookUpId(site, id);
	site->current_id = id;
	return site->current;
}

Applied *
FindById(CallSite *site, int64 id)
{
	bool		holds = LookupTokenHolds(&site->token);

	if (likely(holds && site->current && site->current_id == id))
		return site->current;
	if (!holds || HasTooManyIds(site))
		StartLookups(site);
	site->current_ref_length = -1;
	return UseId(site, id);
}

int64
CallSiteResolve(CallSite *site, const text *ref)
{
	return ResolveRef(VARDATA_ANY(ref), VARSIZE_ANY_EXHDR(ref));
}

Applied *
FindByRef(CallSite *site, const text *ref)
{
	const char *data = VARDATA_ANY(ref);
	int			length = VARSIZE_ANY_EXHDR(ref);
	bool		holds = LookupTokenHolds(&site->token);

	if (likely(holds && site->current_ref_length == length &&
			   memcmp(site->current_ref, data, length) == 0))
		return site->current;
	if (!holds || HasTooManyIds(site))
		StartLookups(site);
	site->current_ref_length = -1;
	UseId(site, ResolveRef(data, length));
	memcpy(site->current_ref, data, length);
	site->current_ref_length = length;
	return site->current;
}

/* ---- the value form ---- */

/*
 * Return how many raw bytes of a scaler decide which scaler it is.
 *
 * Those are all bytes of a compressed value or of a TOAST pointer.  Of a plain value, they are the bytes up to
 * the profile's digest, since the profile after it is not applied.
 */
static Size
DecidingSize(struct varlena *raw)
{
	Size		length;
	const uint8 *data;

	if (VARATT_IS_EXTERNAL(raw) || VARATT_IS_COMPRESSED(raw))
		return VARSIZE_ANY(raw);
	data = (const uint8 *) VARDATA_ANY(raw);
	length = VARSIZE_ANY_EXHDR(raw);
	if (length < SCALER_HEADER_LENGTH)
		return VARSIZE_ANY(raw);
	/* the recipe of a set contains the digest of its members, which need not be compared */
	return Min(length, SCALER_HEADER_LENGTH +
			   (data[0] == SCALER_SET_FORMAT || data[1] == PROFILE_NONE ? 0 : DIGEST_LENGTH) +
			   ((Size) data[2] | (Size) data[3] << 8 | (Size) data[4] << 16 | (Size) data[5] << 24));
}

static bool
IsPlain(struct varlena *raw)
{
	return !VARATT_IS_EXTERNAL(raw) && !VARATT_IS_COMPRESSED(raw);
}

/* Return the deciding bytes of a plain value, which follow its header, whichever form that has. */
static const void *
DecidingBytes(struct varlena *raw)
{
	return IsPlain(raw) ? (const void *) VARDATA_ANY(raw) : (const void *) raw;
}

/*
 * Return whether two values are of the same kind.  Byte 1 says whether a profile follows, which does not
 * decide, or the members of a set, which do.
 */
static bool
SameKind(const uint8 *a, const uint8 *b)
{
	return a[0] == b[0] && (a[0] != SCALER_SET_FORMAT || a[1] == b[1]);
}

static bool
ValueWasSeen(const CallSite *site, struct varlena *raw)
{
	struct varlena *seen = site->value_seen;
	Size		size;

	if (seen == NULL || IsPlain(raw) != IsPlain(seen))
		return false;
	/* a TOAST pointer means the same value only as long as its row exists */
	if (VARATT_IS_EXTERNAL(raw) && !LookupTokenHolds(&site->value_token))
		return false;
	size = DecidingSize(raw);
	if (size != DecidingSize(seen))
		return false;
	if (!IsPlain(raw))
		return memcmp(raw, seen, size) == 0;
	return SameKind(DecidingBytes(raw), DecidingBytes(seen)) &&
		memcmp((const char *) DecidingBytes(raw) + 2, (const char *) DecidingBytes(seen) + 2, size - 2) == 0;
}

/* Return a copy of a set with its members, since each row may use another member. */
static ScalerView *
CopyOfSet(const ScalerView *view)
{
	ScalerView *copy = palloc(sizeof(ScalerView));
	uint8	   *bytes = MemoryContextAllocHuge(CurrentMemoryContext, view->length);

	memcpy(bytes, view->bytes, view->length);
	ViewScaler(copy, bytes, view->length);
	return copy;
}

Applied *
FindByValue(CallSite *site, Datum scaler)
{
	struct varlena *raw = (struct varlena *) DatumGetPointer(scaler);
	MemoryContext context;
	MemoryContext old;
	ScalerView	view;

	if (likely(ValueWasSeen(site, raw)))
		return site->by_value;

	site->value_seen = NULL;
	if (site->by_value)
	{
		MemoryContext previous = GetMemoryChunkContext(site->by_value);

		site->by_value = NULL;
		MemoryContextDelete(previous);
	}

	ViewScalerDatum(&view, scaler);
	context = AllocSetContextCreate(site->context, "normfreeze scaler value", ALLOCSET_SMALL_SIZES);
	if (ViewIsSet(&view))
		site->by_value = MakeApplied(context, LoadScaler(&view, context));
	else
	{
		site->by_value = MakeReleased(context);
		site->by_value->scaler = ValueCacheGet(&view);
	}

	old = MemoryContextSwitchTo(context);
	if (ViewIsSet(&view))
		site->by_value->set_value = CopyOfSet(&view);
	if (IsPlain(raw))
	{
		Size		size = DecidingSize(raw);

		site->value_seen = palloc(VARHDRSZ + size);
		SET_VARSIZE(site->value_seen, VARHDRSZ + size);
		memcpy(VARDATA(site->value_seen), VARDATA_ANY(raw), size);
	}
	else
	{
		site->value_seen = palloc(VARSIZE_ANY(raw));
		memcpy(site->value_seen, raw, VARSIZE_ANY(raw));
		site->value_token = TakeLookupToken();
	}
	MemoryContextSwitchTo(old);
	return site->by_value;
}
