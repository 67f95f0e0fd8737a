/*
 * kept_scalers.c
 *		What the session keeps of decoded scalers: no more than normfreeze.scaler_cache_size, those used last.
 *
 * scaler_cache.c finds scalers by id and value_cache.c by value; what both have found is in one list, in the order of
 * use.  A scaler takes what its memory context has allocated, and sizeof(its entry) beside that.  What a query
 * uses stays until it is released, also beyond the setting; there it goes with the release.
 */
#include "pg/apply/kept_scalers.h"

#include "pg/base/settings.h"
#include "utils/memutils.h"

/* What an entry takes beside the scaler: its table's element with the link and bucket of a dynahash. */
#define ENTRY_BYTES		((Size) 128)

static MemoryContext kept_context;
static dlist_head kept_scalers = DLIST_STATIC_INIT(kept_scalers);	/* the one used last is the head */
static Size kept_bytes;

MemoryContext
KeptScalersContext(void)
{
	if (kept_context == NULL)
		kept_context = AllocSetContextCreate(CacheMemoryContext, "normfreeze kept scalers", ALLOCSET_DEFAULT_SIZES);
	return kept_context;
}

bool
KeptScalersAreTooMany(void)
{
	return kept_bytes > (Size) scaler_cache_kb * 1024;
}

/* A scaler may have grown since: the first look for a feature by its name makes an index of the names. */
static void
Measure(KeptScaler *kept)
{
	Size		bytes = MemoryContextMemAllocated(kept->scaler->context, true) + ENTRY_BYTES;

	kept_bytes = kept_bytes - kept->bytes + bytes;
	kept->bytes = bytes;
}

/*
 * Drop scalers that no query uses, the one used longest ago first, until others of that many bytes have room.
 * Those in use are passed over once.
 */
static void
MakeRoom(Size wanted)
{
	dlist_node *passed = NULL;

	while (kept_bytes + wanted > (Size) scaler_cache_kb * 1024 && !dlist_is_empty(&kept_scalers))
	{
		KeptScaler *oldest = dlist_tail_element(KeptScaler, node, &kept_scalers);

		if (&oldest->node == passed)
			break;
		if (oldest->scaler->references == 1)
			DropKeptScaler(oldest);
		else
		{
			if (passed == NULL)
				passed = &oldest->node;
			dlist_move_head(&kept_scalers, &oldest->node);
		}
	}
}

/* The last query that used a scaler has released it. */
static void
EndQueryUse(LoadedScaler *scaler)
{
	Measure(scaler->kept);
	if (KeptScalersAreTooMany())
		DropKeptScaler(scaler->kept);
}

void
KeepScaler(KeptScaler *kept, LoadedScaler *scaler, void (*forget) (KeptScaler *kept))
{
	MemoryContextSetParent(scaler->context, KeptScalersContext());
	kept->scaler = scaler;
	kept->forget = forget;
	kept->bytes = 0;
	MakeRoom(MemoryContextMemAllocated(scaler->context, true) + ENTRY_BYTES);
	dlist_push_head(&kept_scalers, &kept->node);
	Measure(kept);
	scaler->kept = kept;
	scaler->end_use = EndQueryUse;
}

void
UseKeptScaler(KeptScaler *kept)
{
	dlist_move_head(&kept_scalers, &kept->node);
	Measure(kept);
	/* the setting may have been lowered */
	if (unlikely(KeptScalersAreTooMany()))
	{
		kept->scaler->references++;
		MakeRoom(0);
		kept->scaler->references--;
	}
}

void
DropKeptScaler(KeptScaler *kept)
{
	LoadedScaler *scaler = kept->scaler;

	dlist_delete(&kept->node);
	kept_bytes -= kept->bytes;
	scaler->kept = NULL;
	scaler->end_use = NULL;
	kept->forget(kept);
	ReleaseScaler(scaler);
}
