/*
 * scaler_view.c
 *		The parts of a scaler's bytes, and the fingerprint (SHA-256) and id that follow from them.
 */
#include "pg/scaler/scaler_view.h"

#include "core/base/bytes.h"

void
InvalidScaler(const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid scaler: %s", problem)));
}

/* Take bytes apart.  Return what is wrong with them, or NULL. */
static const char *
TakeApart(ScalerView *view, const void *bytes, size_t length)
{
	ByteReader	reader;
	uint8		kind;

	memset(view, 0, sizeof(*view));
	view->bytes = bytes;
	view->length = length;
	ReaderInit(&reader, bytes, length);
	view->format = GetByte(&reader);
	if (view->format != SCALER_FORMAT && view->format != SCALER_SET_FORMAT)
		return "unknown format";
	kind = GetByte(&reader);
	if (kind > (ViewIsSet(view) ? (uint8) SET_WITH_MEMBERS : (uint8) PROFILE_INCLUDED))
		return ViewIsSet(view) ? "unknown kind of set" : "unknown kind of profile";
	view->recipe_length = GetUint32(&reader);
	view->recipe = GetBytes(&reader, view->recipe_length);
	if (ViewIsSet(view))
	{
		if (kind == SET_WITH_MEMBERS)
		{
			view->members_length = BytesLeft(&reader);
			view->members = GetBytes(&reader, view->members_length);
		}
		kind = PROFILE_NONE;
	}
	view->kind = kind;
	if (kind != PROFILE_NONE)
		view->digest = GetBytes(&reader, DIGEST_LENGTH);
	if (kind == PROFILE_INCLUDED)
	{
		view->profile_length = BytesLeft(&reader);
		view->profile = GetBytes(&reader, view->profile_length);
	}
	if (reader.failed)
		return "it ends too early";
	if (BytesLeft(&reader) > 0)
		return "it is followed by extra bytes";
	return NULL;
}

void
ViewScaler(ScalerView *view, const void *bytes, size_t length)
{
	const char *problem = TakeApart(view, bytes, length);

	if (problem)
		InvalidScaler(problem);
}

bool
TryViewScaler(ScalerView *view, const void *bytes, size_t length)
{
	return TakeApart(view, bytes, length) == NULL;
}

void
ViewScalerDatum(ScalerView *view, Datum datum)
{
	bytea	   *value = DatumGetByteaPP(datum);

	ViewScaler(view, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* ---- identity ---- */

void
ScalerFingerprint(uint8 *fingerprint, const ScalerView *view)
{
	static const uint8 zeros[DIGEST_LENGTH] = {0};
	uint8		header[5] = {view->format};
	DigestPart	parts[] = {
		{"normfreeze-scaler", 17},
		{header, sizeof(header)},
		{view->recipe, view->recipe_length},
		{view->digest ? view->digest : zeros, DIGEST_LENGTH},
	};

	for (int i = 0; i < 4; i++)
		header[1 + i] = (uint8) (view->recipe_length >> (8 * i));
	DigestParts(fingerprint, parts, lengthof(parts));
}

/*
 * Make the id of a scaler: the first 63 bits of its fingerprint, which are a positive bigint and
 * unique for all practical purposes.
 */
int64
FingerprintToId(const uint8 *fingerprint)
{
	uint64		bits = 0;

	for (int i = 0; i < 8; i++)
		bits = bits << 8 | fingerprint[i];
	return (int64) (bits >> 1);
}

/* ---- sets and other scalers ---- */

static int64
IdOfView(const ScalerView *view)
{
	uint8		fingerprint[DIGEST_LENGTH];

	ScalerFingerprint(fingerprint, view);
	return FingerprintToId(fingerprint);
}

void
SetWithoutKey(int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("scaler " INT64_FORMAT " is a set of scalers by key, and there is no key", id),
			 errhint("normfreeze.normalize_by_key() and denormalize_by_key() take a key; for all else name one member: "
					 "normfreeze.member(" INT64_FORMAT ", key).", id)));
}

void
KeyWithoutSet(int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("scaler " INT64_FORMAT " is not a set of scalers by key, and there is a key", id),
			 errhint("normfreeze.normalize() applies it; normfreeze.by_key() makes sets.")));
}

void
CheckIsSet(const ScalerView *view)
{
	if (!ViewIsSet(view))
		KeyWithoutSet(IdOfView(view));
}

void
CheckIsNoSet(const ScalerView *view)
{
	if (ViewIsSet(view))
		SetWithoutKey(IdOfView(view));
}

void
CheckHasMembers(const ScalerView *view)
{
	if (view->members == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the members of scaler " INT64_FORMAT ", a bare set, are not in the value", IdOfView(view)),
				 errhint("Where the set is frozen, use its id: normfreeze.members has its keys.")));
}
