/*
 * fit_shared.c
 *		What the states of one aggregate share, and the memory they live in.
 */
#include "pg/fit/fit_shared.h"

#include "pg/base/library_version.h"
#include "pg/base/varlena_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#define MOST_BLOCK			(64 * 1024) /* greatest size in which the context of many groups allocates memory */

/* ---- arenas ---- */

/*
 * The memory of all states of one aggregate context, which is a child of that context.
 *
 * An expanded object usually has a context of its own.  But hash aggregation walks all contexts below its own
 * whenever it meets a new group; with one context for each group, that would take quadratic time.  States end
 * with the aggregate context.
 */
typedef struct FitArena
{
	struct FitArena *next;
	MemoryContext parent;
	MemoryContext context;
	char	   *room;			/* memory for what lives as long as the arena */
	size_t		room_size;
	size_t		room_left;
	FitShared  *shared;			/* one for each combination of constant arguments */
} FitArena;

static FitArena *arenas;

static void
ForgetArena(void *arg)
{
	for (FitArena **link = &arenas; *link; link = &(*link)->next)
		if (*link == arg)
		{
			*link = (*link)->next;
			return;
		}
}

static FitArena *
FindArena(MemoryContext parent)
{
	MemoryContext context;
	MemoryContextCallback *callback;
	FitArena   *arena;

	for (arena = arenas; arena; arena = arena->next)
		if (arena->parent == parent)
			return arena;
	context = AllocSetContextCreate(parent, "normfreeze fit states",
									ALLOCSET_SMALL_MINSIZE, ALLOCSET_SMALL_INITSIZE, MOST_BLOCK);
	arena = MemoryContextAllocZero(context, sizeof(FitArena));
	arena->parent = parent;
	arena->context = context;
	callback = MemoryContextAllocZero(context, sizeof(MemoryContextCallback));
	callback->func = ForgetArena;
	callback->arg = arena;
	MemoryContextRegisterResetCallback(context, callback);
	arena->next = arenas;
	arenas = arena;
	return arena;
}

#define MOST_ROOM	4096		/* bytes that are allocated at once */

void *
KeepInArena(FitArena *arena, size_t size)
{
	void	   *memory;

	size = MAXALIGN(size);
	if (size > arena->room_left)
	{
		/* a few groups take little memory, and long rows do not waste what is left of a chunk */
		if (size > MOST_ROOM / 2)
			return MemoryContextAllocHuge(arena->context, size);
		arena->room_size = Min(Max(2 * arena->room_size, size), MOST_ROOM);
		arena->room = MemoryContextAlloc(arena->context, arena->room_size);
		arena->room_left = arena->room_size;
	}
	memory = arena->room;
	arena->room += size;
	arena->room_left -= size;
	return memory;
}

static bool
SameBytes(const bytea *seen, const void *bytes, size_t length)
{
	return VARSIZE_ANY_EXHDR(seen) == length && memcmp(VARDATA_ANY(seen), bytes, length) == 0;
}

bool
FitSharedMatches(const FitShared *shared, const FitArguments *arguments)
{
	const bytea *options = arguments->options;

	if (shared->method_oid != arguments->method || shared->weighted != arguments->weighted ||
		(shared->options_seen == NULL) != (options == NULL) ||
		(shared->selection == NULL) != (arguments->selection == NULL))
		return false;
	if (options && !SameBytes(shared->options_seen, VARDATA_ANY(options), VARSIZE_ANY_EXHDR(options)))
		return false;
	return arguments->selection == NULL ||
		SameBytes(shared->selection, arguments->selection, arguments->selection_length);
}

static FitShared *
NewShared(FitArena *arena, FitStateKind kind, bool weighted)
{
	FitShared  *shared = MemoryContextAllocZero(arena->context, sizeof(FitShared));

	WarnOfOtherVersion();
	shared->context = arena->context;
	shared->arena = arena;
	shared->kind = kind;
	shared->weighted = weighted;
	FeatureBufferInit(&shared->buffer, arena->context);
	shared->next = arena->shared;
	arena->shared = shared;
	return shared;
}

static void
SetSpec(FitShared *shared, const char *method, const char *options)
{
	MemoryContext old = MemoryContextSwitchTo(shared->context);
	JsonNode   *tree;

	shared->method = pstrdup(method);
	shared->options = pstrdup(options);
	tree = shared->options[0] ? JsonParse(shared->options, strlen(shared->options), "options") : NULL;
	shared->spec = ParseFitOptions(shared->method, tree, StateIsOfRows(shared->kind) ? FIT_ROW : FIT_ARRAY);
	MemoryContextSwitchTo(old);
}

/* The same for a profile with options.  States of profiles are merged by what they have, so these are not kept. */
static void
SetProfileSpec(FitShared *shared, char *options, FitInput input)
{
	MemoryContext old = MemoryContextSwitchTo(shared->context);

	options = pstrdup(options);
	shared->spec = ParseProfileOptions(JsonParse(options, strlen(options), "options"), input);
	MemoryContextSwitchTo(old);
}

char *
FitMethodLabel(Oid method)
{
	return DatumGetCString(DirectFunctionCall1(enum_out, ObjectIdGetDatum(method)));
}

char *
FitOptionsText(const bytea *options)
{
	Jsonb	   *jsonb;

	if (options == NULL)
		return "";
	jsonb = DatumGetJsonbP(PointerGetDatum(options));
	/* text of a limited length, or an error */
	JsonParseJsonb(jsonb, "options");
	return JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
}

FitShared *
FindFitShared(MemoryContext aggregate, FitStateKind kind, const FitArguments *arguments, uint64 row_type)
{
	FitArena   *arena = FindArena(aggregate);
	const bytea *options = arguments->options;
	FitShared  *shared;
	MemoryContext old;

	for (shared = arena->shared; shared; shared = shared->next)
		if (shared->kind == kind && shared->row_type == row_type && FitSharedMatches(shared, arguments))
			return shared;

	shared = NewShared(arena, kind, arguments->weighted);
	if (OidIsValid(arguments->method))
		SetSpec(shared, FitMethodLabel(arguments->method), FitOptionsText(options));
	else if (options)
		SetProfileSpec(shared, FitOptionsText(options), row_type != 0 ? FIT_ROW : FIT_ARRAY);
	old = MemoryContextSwitchTo(shared->context);
	shared->method_oid = arguments->method;
	shared->row_type = row_type;
	if (options)
		shared->options_seen = BytesToVarlena(VARDATA_ANY(options), VARSIZE_ANY_EXHDR(options));
	if (arguments->selection)
		shared->selection = BytesToVarlena(arguments->selection, arguments->selection_length);
	MemoryContextSwitchTo(old);
	return shared;
}

FitShared *
NewFitShared(MemoryContext aggregate, FitStateKind kind, bool weighted, const char *method, const char *options)
{
	FitShared  *shared = NewShared(FindArena(aggregate), kind, weighted);

	if (method)
		SetSpec(shared, method, options);
	return shared;
}

FitShared *
FindFitSharedAs(MemoryContext aggregate, const FitShared *from)
{
	FitArena   *arena = FindArena(aggregate);
	FitShared  *shared;

	for (shared = arena->shared; shared; shared = shared->next)
		if (shared->kind == from->kind && shared->weighted == from->weighted &&
			(shared->method != NULL) == (from->method != NULL) &&
			(from->method == NULL ||
			 (strcmp(shared->method, from->method) == 0 && strcmp(shared->options, from->options) == 0)))
			return shared;
	return NewFitShared(aggregate, from->kind, from->weighted, from->method, from->options);
}
