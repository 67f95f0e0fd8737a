/*
 * by_key.c
 *		The aggregate by_key(), which makes a set of scalers, and the functions that return the
 *		members of a set value.
 */
#include "pg/base/compat.h"

#include "funcapi.h"
#include "pg/base/call.h"
#include "pg/base/varlena_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_set.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

/* ---- the aggregate ---- */

/* The state of by_key().  It is of type internal, because its rows are the few groups of a GROUP BY, not the data. */
typedef struct ByKeyState
{
	MemoryContext context;
	MemoryContext data;			/* contains the bytes of members, without rounding up their sizes */
	MemoryContext scratch;
	SetMember  *members;		/* in the order of the rows */
	uint32		count;
	uint32		capacity;
	size_t		bytes;
	SetFeatures features;		/* those of the first member */
	UnseenPolicy unseen;
	SetMember	fallback;		/* its scaler is NULL if there is none */
} ByKeyState;

#define MIN_MEMBERS		64

static ByKeyState *
MakeByKeyState(MemoryContext context)
{
	ByKeyState *state = MemoryContextAllocZero(context, sizeof(ByKeyState));

	state->context = context;
	state->data = GenerationContextCreate(context, "normfreeze members", ALLOCSET_DEFAULT_SIZES);
	state->scratch = AllocSetContextCreate(context, "normfreeze by_key", ALLOCSET_DEFAULT_SIZES);
	state->capacity = MIN_MEMBERS;
	state->members = MemoryContextAlloc(context, sizeof(SetMember) * state->capacity);
	return state;
}

static void
CheckKey(const text *key)
{
	int			length = VARSIZE_ANY_EXHDR(key);

	if (length == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the key of a scaler must not be empty")));
	if (length > SET_MAX_KEY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the key of a scaler has %d bytes, more than %d", length, SET_MAX_KEY),
				 errdetail("It begins with \"%s\".", KeyLabel(VARDATA_ANY(key), length))));
}

/* Return the names of features, such as: "age", "income"; or their number if they have none. */
static char *
FeaturesLabel(const SetFeatures *features)
{
	StringInfoData out;

	if (features->names == NULL)
		return psprintf("%d feature%s without names", features->count, features->count == 1 ? "" : "s");
	initStringInfo(&out);
	for (int i = 0; i < features->count; i++)
		appendStringInfo(&out, "%s\"%s\"%s", i ? ", " : "", features->names[i], features->target[i] ? " (target)" : "");
	return out.data;
}

/* Set *features to those of a scaler, in the current context; fail for a set.  "what" names it in errors. */
static void
FeaturesOfScaler(SetFeatures *features, const SetMember *member, const char *what)
{
	ScalerView	view;
	Recipe		recipe;

	ViewScaler(&view, member->scaler, member->scaler_length);
	if (ViewIsSet(&view))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("%s is a set of scalers itself", what),
				 errhint("Combine the keys of both levels into one.")));
	DecodeScalerRecipe(&recipe, &view);
	FeaturesOfRecipe(features, &recipe);
}

static void
CheckSameFeatures(const SetFeatures *features, const SetMember *first, const SetFeatures *others, const char *what)
{
	if (!SameFeatures(features, others))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s has other features than the scaler of key \"%s\"",
						what, KeyLabel(first->key, first->key_length)),
				 errdetail("It has %s, and that one %s.", FeaturesLabel(others), FeaturesLabel(features)),
				 errhint("All scalers of a set are fitted with the same features, in the same order.")));
}

static void
CheckRoom(const ByKeyState *state)
{
	if (state->bytes > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the set of scalers would take %zu bytes, more than a value may have", state->bytes),
				 errdetail("It has %u keys so far.", state->count),
				 errhint("Fit with {\"distribution\": false}; or give by_key() the scalers without their profiles, by "
						 "normfreeze.bare(), and freeze the set with keep_profile => false.")));
}

/* Add the key and the scaler in arguments 1 and 2. */
static void
AddKeyedMember(ByKeyState *state, FunctionCallInfo fcinfo)
{
	text	   *key;
	bytea	   *scaler;
	SetMember	member;
	SetFeatures features;
	MemoryContext old;
	char	   *bytes;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the key of a scaler must not be NULL"),
				 errhint("Leave the rows without a key out, or give them one by coalesce().")));
	key = PG_GETARG_TEXT_PP(1);
	CheckKey(key);
	member.key = VARDATA_ANY(key);
	member.key_length = VARSIZE_ANY_EXHDR(key);
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the scaler of key \"%s\" must not be NULL", KeyLabel(member.key, member.key_length))));
	scaler = PG_GETARG_BYTEA_PP(2);
	member.scaler = (uint8 *) VARDATA_ANY(scaler);
	member.scaler_length = VARSIZE_ANY_EXHDR(scaler);

	old = MemoryContextSwitchTo(state->count == 0 ? state->context : state->scratch);
	FeaturesOfScaler(&features, &member, psprintf("the scaler of key \"%s\"", KeyLabel(member.key, member.key_length)));
	if (state->count == 0)
		state->features = features;
	else
		CheckSameFeatures(&state->features, &state->members[0], &features,
						  psprintf("the scaler of key \"%s\"", KeyLabel(member.key, member.key_length)));
	MemoryContextSwitchTo(old);
	MemoryContextReset(state->scratch);

	state->bytes += member.key_length + member.scaler_length;
	CheckRoom(state);
	if (state->count == state->capacity)
	{
		state->capacity *= 2;
		state->members = repalloc_huge(state->members, sizeof(SetMember) * state->capacity);
	}
	bytes = MemoryContextAlloc(state->data, member.key_length + member.scaler_length);
	memcpy(bytes, member.key, member.key_length);
	memcpy(bytes + member.key_length, member.scaler, member.scaler_length);
	member.key = bytes;
	member.scaler = (uint8 *) bytes + member.key_length;
	state->members[state->count++] = member;
}

/* by_key(key, scaler) and by_key(key, scaler, unseen) */
PG_FUNCTION_INFO_V1(by_key_transition);
Datum
by_key_transition(PG_FUNCTION_ARGS)
{
	MemoryContext context = AggregateContext(fcinfo);
	ByKeyState *state = PG_ARGISNULL(0) ? NULL : (ByKeyState *) PG_GETARG_POINTER(0);
	UnseenPolicy unseen = UNSEEN_ERROR;

	if (PG_NARGS() > 3)
	{
		int			code = PG_ARGISNULL(3) ? -1 : PolicyNameToCode(unseen_policy_names,
																   text_to_cstring(PG_GETARG_TEXT_PP(3)));

		if (code < 0 || code == UNSEEN_FALLBACK)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid policy for keys that a set does not have: %s",
							PG_ARGISNULL(3) ? "NULL" : psprintf("\"%s\"", text_to_cstring(PG_GETARG_TEXT_PP(3)))),
					 errhint("It is 'error' or 'null', or a scaler for all such keys.")));
		unseen = code;
	}
	if (state == NULL)
	{
		state = MakeByKeyState(context);
		state->unseen = unseen;
	}
	else if (state->unseen != unseen)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the policy for keys that a set does not have differs between rows")));
	AddKeyedMember(state, fcinfo);
	PG_RETURN_POINTER(state);
}

static void
KeepFallback(ByKeyState *state, const bytea *fallback)
{
	size_t		length = VARSIZE_ANY_EXHDR(fallback);
	uint8	   *bytes;

	if (state->fallback.scaler)
	{
		if (state->fallback.scaler_length != length ||
			memcmp(state->fallback.scaler, VARDATA_ANY(fallback), length) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the fallback of a set differs between rows"),
					 errhint("Fit it once, in a subquery of its own.")));
		return;
	}
	bytes = MemoryContextAlloc(state->context, length);
	memcpy(bytes, VARDATA_ANY(fallback), length);
	state->fallback.scaler = bytes;
	state->fallback.scaler_length = length;
	state->bytes += length;
}

/* by_key(key, scaler, fallback) */
PG_FUNCTION_INFO_V1(by_key_fallback_transition);
Datum
by_key_fallback_transition(PG_FUNCTION_ARGS)
{
	MemoryContext context = AggregateContext(fcinfo);
	ByKeyState *state = PG_ARGISNULL(0) ? NULL : (ByKeyState *) PG_GETARG_POINTER(0);

	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the fallback of a set must not be NULL"),
				 errhint("For NULL as the result of a key that the set does not have, pass 'null'.")));
	if (state == NULL)
	{
		state = MakeByKeyState(context);
		state->unseen = UNSEEN_FALLBACK;
	}
	KeepFallback(state, PG_GETARG_BYTEA_PP(3));
	AddKeyedMember(state, fcinfo);
	if (state->count == 1)
	{
		SetFeatures features;

		FeaturesOfScaler(&features, &state->fallback, "the fallback");
		CheckSameFeatures(&state->features, &state->members[0], &features, "the fallback");
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(by_key_final);
Datum
by_key_final(PG_FUNCTION_ARGS)
{
	ByKeyState *state;
	SetMember  *members;

	AggregateContext(fcinfo);
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("there are no scalers to make a set of"),
				 errhint("The query that fits has no rows, or the FILTER or WHERE clause leaves nothing.")));
	state = (ByKeyState *) PG_GETARG_POINTER(0);
	/* a copy is sorted, because the state may be used further in a window */
	members = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(SetMember) * state->count);
	memcpy(members, state->members, sizeof(SetMember) * state->count);
	PG_RETURN_BYTEA_P(MakeSet(members, state->count, &state->features, state->unseen,
							  state->fallback.scaler ? &state->fallback : NULL));
}

/* ---- looking into a set value ---- */

/* Return the members of a set, one in each row.  Fails for a bare set, which does not contain them. */
PG_FUNCTION_INFO_V1(members_of);
Datum
members_of(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext scratch;
	MemoryContext old;
	ScalerView	view;
	SetRecipe	recipe;
	SetReader	reader;

	InitMaterializedSRF(fcinfo, 0);
	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	CheckIsSet(&view);
	CheckHasMembers(&view);
	DecodeSetRecipe(&recipe, &view);
	SetReaderInit(&reader, &view, &recipe);
	scratch = AllocSetContextCreate(CurrentMemoryContext, "normfreeze member", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(scratch);
	for (uint32 i = 0; i < recipe.nmembers; i++)
	{
		SetMember	member;
		Datum		values[2];
		bool		nulls[2] = {false, false};

		CHECK_FOR_INTERRUPTS();
		SetReaderNext(&reader, &member);
		values[0] = PointerGetDatum(cstring_to_text_with_len(member.key, member.key_length));
		values[1] = PointerGetDatum(BytesToVarlena(member.scaler, member.scaler_length));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return (Datum) 0;
}
