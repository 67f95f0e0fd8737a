/*
 * keyed.c
 *		Finding the scaler of a key, row after row.
 *
 * The session keeps members of frozen sets (member_cache.c).  Keys that are not there are looked
 * up when a call site first meets them, and are then found in a hash table. member_memory limits
 * the size of that table; beyond it, the call site forgets all keys and starts again.
 */
#include "pg/apply/keyed.h"

#include "common/hashfn.h"
#include "pg/apply/member_cache.h"
#include "pg/base/varlena_type.h"
#include "pg/registry/members.h"
#include "utils/memutils.h"

typedef struct KeyBytes
{
	const char *data;
	uint32		length;
} KeyBytes;

typedef struct KnownKey
{
	KeyBytes	key;
	LoadedScaler *scaler;		/* NULL if the result is NULL */
	uint32		hash;
	char		status;
} KnownKey;

#define SH_PREFIX known
#define SH_ELEMENT_TYPE KnownKey
#define SH_KEY_TYPE KeyBytes
#define SH_KEY key
#define SH_HASH_KEY(table, key) hash_bytes((const unsigned char *) (key).data, (int) (key).length)
#define SH_EQUAL(table, a, b) ((a).length == (b).length && memcmp((a).data, (b).data, (a).length) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(table, entry) (entry)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"
#include "pg/base/settings.h"

/* What a call site knows of the members of one set. */
typedef struct KeyedSet
{
	Applied    *applied;		/* for the member of the current row */
	uint64		lookups;		/* for a frozen set: the SessionLookups(), or 0 if nothing is shared */
	MemoryContext context;		/* contains the rest once it is needed; reset when it is full */
	known_hash *known;			/* keys that the session does not keep */
	LoadedScaler *fallback;		/* NULL until it is needed */
	SetMember  *members;		/* of a set value, in the order of keys */
	SetMember	fallback_value;
} KeyedSet;

/* ---- sets ---- */

static Applied *
RequireSet(Applied *applied)
{
	if (unlikely(applied->scaler->set == NULL))
		KeyWithoutSet(applied->scaler->id);
	return applied;
}

Applied *
SetById(CallSite *site, int64 id)
{
	return RequireSet(FindById(site, id));
}

Applied *
SetByRef(CallSite *site, const text *ref)
{
	return RequireSet(FindByRef(site, ref));
}

Applied *
SetByValue(CallSite *site, Datum scaler)
{
	Applied    *set = RequireSet(FindByValue(site, scaler));

	if (unlikely(set->set_value->members == NULL))
		CheckHasMembers(set->set_value);
	return set;
}

/* ---- the members of a set value ---- */

static void
IndexMembers(KeyedSet *keyed, const Applied *set)
{
	const SetRecipe *recipe = set->scaler->set;
	SetReader	reader;

	/* a member takes at least two bytes, so that a forged number cannot make us allocate much */
	if (recipe->nmembers > set->set_value->members_length / 2)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid set of scalers: %s", "it ends too early")));
	keyed->members = MemoryContextAllocHuge(GetMemoryChunkContext(keyed), sizeof(SetMember) * recipe->nmembers);
	SetReaderInit(&reader, set->set_value, recipe);
	keyed->fallback_value = reader.fallback;
	for (uint32 i = 0; i < recipe->nmembers; i++)
		SetReaderNext(&reader, &keyed->members[i]);
}

static const SetMember *
FindMember(const SetMember *members, uint32 count, const char *key, size_t length)
{
	SetMember	wanted = {.key = key, .key_length = length};
	uint32		low = 0;
	uint32		high = count;

	while (low < high)
	{
		uint32		middle = low + (high - low) / 2;
		const SetMember *member = &members[middle];
		int			order = CompareSetKeys(&wanted, member);

		if (order == 0)
			return member;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static LoadedScaler *
LoadMemberValue(const LoadedScaler *set, const SetMember *member, MemoryContext context)
{
	ScalerView	view;
	LoadedScaler *scaler;

	ViewScaler(&view, member->scaler, member->scaler_length);
	scaler = LoadScalerInto(&view, context);
	if (scaler->set || !RecipeHasFeatures(&scaler->recipe, &set->set->features))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid set of scalers: %s", "one of its members has other features")));
	return scaler;
}

/* ---- keys ---- */

static void
ForgetKeys(KeyedSet *keyed)
{
	if (keyed->context == NULL)
		keyed->context =
			GenerationContextCreate(GetMemoryChunkContext(keyed), "normfreeze members", ALLOCSET_DEFAULT_SIZES);
	else
		MemoryContextReset(keyed->context);
	keyed->known = known_create(keyed->context, 64, NULL);
	keyed->fallback = NULL;
	/* it pointed to a name within a member */
	keyed->applied->feature_name = NULL;
}

static KeyedSet *
StartKeyed(Applied *set)
{
	MemoryContext parent = GetMemoryChunkContext(set);
	KeyedSet   *keyed = MemoryContextAllocZero(parent, sizeof(KeyedSet));

	keyed->applied = MakeApplied(parent, NULL);
	if (set->set_value)
		IndexMembers(keyed, set);
	else
		keyed->lookups = SessionLookups();
	if (keyed->lookups != 0)
		UseMemberCache(parent);
	set->keyed = keyed;
	return keyed;
}

#define REFUSAL_HINT \
	"It was made to refuse keys that it does not have; by_key(key, scaler, 'null') and " \
	"by_key(key, scaler, fallback) make other sets."

pg_noreturn static void
RefuseKey(const LoadedScaler *set, const char *key, size_t length)
{
	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("the key for scaler " INT64_FORMAT " is NULL", set->id),
				 errhint(REFUSAL_HINT)));
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("scaler " INT64_FORMAT " has no key \"%s\"", set->id, KeyLabel(key, length)),
			 errhint(REFUSAL_HINT)));
}

/* Apply the policy of the set to a key that it does not have: return its fallback, return NULL, or fail. */
static LoadedScaler *
ScalerOfUnseen(KeyedSet *keyed, const Applied *set, const char *key, size_t length)
{
	switch ((UnseenPolicy) set->scaler->set->unseen)
	{
		case UNSEEN_ERROR:
			RefuseKey(set->scaler, key, length);
		case UNSEEN_NULL:
			return NULL;
		case UNSEEN_FALLBACK:
			if (keyed->context == NULL)
				ForgetKeys(keyed);
			if (keyed->fallback == NULL)
				keyed->fallback = set->set_value ?
					LoadMemberValue(set->scaler, &keyed->fallback_value, keyed->context) :
					LoadStoredFallback(set->scaler, keyed->context);
			return keyed->fallback;
	}
	pg_unreachable();
}

/* Return whether a set can have a key of this length.  Other keys need no look-up. */
static inline bool
IsPossibleKey(size_t length)
{
	return length > 0 && length <= SET_MAX_KEY;
}

static LoadedScaler *
ScalerOfKey(KeyedSet *keyed, const Applied *set, const char *key, size_t length)
{
	LoadedScaler *scaler = NULL;

	if (IsPossibleKey(length))
	{
		if (set->set_value)
		{
			const SetMember *member = FindMember(keyed->members, set->scaler->set->nmembers, key, length);

			if (member)
				scaler = LoadMemberValue(set->scaler, member, keyed->context);
		}
		else
			scaler = LoadStoredMember(set->scaler, key, length, keyed->context);
	}
	return scaler ? scaler : ScalerOfUnseen(keyed, set, key, length);
}

static KnownKey *
LearnKey(KeyedSet *keyed, const Applied *set, KeyBytes key)
{
	LoadedScaler *scaler;
	KnownKey   *entry;
	char	   *copy;
	bool		found;

	if (keyed->context == NULL || MemoryContextMemAllocated(keyed->context, false) > (Size) member_memory_kb * 1024)
		ForgetKeys(keyed);
	scaler = ScalerOfKey(keyed, set, key.data, key.length);
	copy = MemoryContextAlloc(keyed->context, Max(key.length, 1));
	memcpy(copy, key.data, key.length);
	key.data = copy;
	entry = known_insert(keyed->known, key, &found);
	entry->scaler = scaler;
	return entry;
}

Applied *
AppliedByKey(Applied *set, const text *key)
{
	KeyedSet   *keyed = set->keyed ? set->keyed : StartKeyed(set);
	LoadedScaler *scaler;

	if (key == NULL)
		scaler = ScalerOfUnseen(keyed, set, NULL, 0);
	else
	{
		KeyBytes	bytes = {VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)};
		KnownKey   *known = keyed->known ? known_lookup(keyed->known, bytes) : NULL;

		if (known)
			scaler = known->scaler;
		else if (keyed->lookups == 0 || !IsPossibleKey(bytes.length) ||
				 !MemberCacheGet(set->scaler, bytes.data, bytes.length, keyed->lookups, &scaler))
			scaler = LearnKey(keyed, set, bytes)->scaler;
		else if (scaler == NULL)
			scaler = ScalerOfUnseen(keyed, set, bytes.data, bytes.length);
	}
	if (scaler == NULL)
		return NULL;
	keyed->applied->scaler = scaler;
	return keyed->applied;
}

/* ---- one member ---- */

/* Return the id of the scaler that a frozen set has for a key. */
PG_FUNCTION_INFO_V1(member_id);
Datum
member_id(PG_FUNCTION_ARGS)
{
	Applied    *member;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	member = AppliedByKey(SetById(GetCallSite(fcinfo), PG_GETARG_INT64(0)),
						  PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1));
	if (member == NULL)
		PG_RETURN_NULL();
	PG_RETURN_INT64(member->scaler->id);
}

/* Return the scaler that a set value has for a key, with its profile if the set has it. */
PG_FUNCTION_INFO_V1(member_scaler);
Datum
member_scaler(PG_FUNCTION_ARGS)
{
	Applied    *set;
	const text *key;
	ScalerView	view;
	SetReader	reader;
	SetMember	member;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = SetByValue(GetCallSite(fcinfo), PG_GETARG_DATUM(0));
	key = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
	if (AppliedByKey(set, key) == NULL)
		PG_RETURN_NULL();

	/*
	 * a call site takes a value with profiles for the same as one without, since they are applied alike; here
	 * the difference matters
	 */
	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	SetReaderInit(&reader, &view, set->scaler->set);
	for (uint32 i = 0; key && i < set->scaler->set->nmembers; i++)
	{
		SetReaderNext(&reader, &member);
		if (member.key_length == VARSIZE_ANY_EXHDR(key) && memcmp(member.key, VARDATA_ANY(key), member.key_length) == 0)
			PG_RETURN_BYTEA_P(BytesToVarlena(member.scaler, member.scaler_length));
	}
	PG_RETURN_BYTEA_P(BytesToVarlena(reader.fallback.scaler, reader.fallback.scaler_length));
}
