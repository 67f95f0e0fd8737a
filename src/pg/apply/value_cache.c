/*
 * value_cache.c
 *		Scaler values that are ready to be applied, kept for the session.
 *
 * Each execution of a generated column or a prepared statement passes the same value again.  The
 * cache compares all bytes that determine the result; a checksum only finds the slot.  An entry
 * is a pure function of these bytes, so a user gets nothing from it but what the own value
 * contains.
 */
#include "pg/apply/value_cache.h"

#include "pg/apply/kept_scalers.h"
#include "port/pg_crc32c.h"
#include "utils/hsearch.h"

typedef struct ValueEntry
{
	uint64		place;			/* key */
	const uint8 *bytes;			/* of the value, in the scaler's context */
	Size		length;
	KeptScaler	kept;
} ValueEntry;

static HTAB *values;
static ValueEntry *latest;		/* what was found last, or NULL */

/*
 * Return the place of a value by CRC-32C, for which most processors have an instruction.  A value with a
 * thousand features has 68 kB.
 */
static uint64
PlaceOf(const uint8 *bytes, Size length)
{
	pg_crc32c	crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, bytes, length);
	FIN_CRC32C(crc);
	return (uint64) length << 32 | crc;
}

static void
ForgetValue(KeptScaler *kept)
{
	ValueEntry *entry = (ValueEntry *) ((char *) kept - offsetof(ValueEntry, kept));

	if (latest == entry)
		latest = NULL;
	hash_search(values, &entry->place, HASH_REMOVE, NULL);
}

static bool
IsValue(const ValueEntry *entry, const uint8 *bytes, Size length)
{
	return entry && entry->length == length && memcmp(entry->bytes, bytes, length) == 0;
}

static LoadedScaler *
Found(ValueEntry *entry)
{
	latest = entry;
	UseKeptScaler(&entry->kept);
	entry->kept.scaler->references++;	/* the caller's */
	return entry->kept.scaler;
}

/*
 * See value_cache.h.  The bytes that decide are the length of the recipe, the recipe and the profile's digest,
 * which follow each other.
 */
LoadedScaler *
ValueCacheGet(const ScalerView *view)
{
	const uint8 *bytes = view->bytes + 2;
	Size		length = SCALER_HEADER_LENGTH - 2 + view->recipe_length + (view->digest ? DIGEST_LENGTH : 0);
	uint64		place;
	ValueEntry *entry;
	LoadedScaler *scaler;
	uint8	   *copy;

	if (values == NULL)
	{
		HASHCTL		control = {
			.keysize = sizeof(uint64), .entrysize = sizeof(ValueEntry), .hcxt = KeptScalersContext()
		};

		values = hash_create("normfreeze values", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	if (IsValue(latest, bytes, length))
		return Found(latest);
	place = PlaceOf(bytes, length);
	entry = hash_search(values, &place, HASH_FIND, NULL);
	if (IsValue(entry, bytes, length))
		return Found(entry);

	/* an error while loading must not leave anything behind */
	scaler = LoadScaler(view, CurrentMemoryContext);
	copy = MemoryContextAlloc(scaler->context, length);
	memcpy(copy, bytes, length);
	if (entry)
		DropKeptScaler(&entry->kept);
	entry = hash_search(values, &place, HASH_ENTER, NULL);
	entry->bytes = copy;
	entry->length = length;
	KeepScaler(&entry->kept, scaler, ForgetValue);
	return Found(entry);
}
