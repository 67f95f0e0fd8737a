/*
 * fit_state.h
 *		The SQL type normfreeze.fit_state: the transition type of our aggregates.
 */
#ifndef NORMFREEZE_FIT_STATE_H
#define NORMFREEZE_FIT_STATE_H

#include "pg/base/compat.h"

#include "core/values/first_rows.h"
#include "pg/apply/column_call.h"
#include "pg/base/features.h"
#include "pg/fit/fit_spec.h"
#include "utils/expandeddatum.h"

typedef enum FitStateKind
{
	STATE_PROFILE = 0,			/* profile() and merge(): no method */
	STATE_FIT_ARRAY = 1,
	STATE_FIT_ROW = 2,
	STATE_SCAN_ROW = 3			/* fit_table()'s first pass: a fit that keeps no values */
} FitStateKind;

static inline bool
StateIsOfRows(FitStateKind kind)
{
	return kind == STATE_FIT_ROW || kind == STATE_SCAN_ROW;
}

/*
 * While an aggregate runs, a state is an expanded object (see
 * utils/expandeddatum.h), changed in place.  Between processes it is flat:
 *
 *	byte		format, 1
 *	byte		kind, plus 16 if rows have weights
 *	if it is a fit:
 *		string	label of the method
 *		string	options as JSON text, empty if there are none
 *	byte		1 if there is a profile: if any row was seen
 *	if so:
 *		varint	length of the profile, and the profile
 *		byte	1 if values are held for exact quantiles
 *		if so, per feature that needs them: varint count, uint64 order keys
 *
 * It is not `internal`, which parallel plans and pg_dump could live with but
 * Citus would not: it pulls all rows to its coordinator then.
 */
#define FIT_STATE_FORMAT	1
#define FIT_STATE_WEIGHTED	16
#define FIT_STATE_MAGIC		0x6E66666D	/* of the expanded object */

/*
 * What the states of all groups of one aggregate share: its constant
 * arguments, and how its rows are read.
 */
typedef struct FitShared
{
	struct FitShared *next;
	MemoryContext context;
	struct FitArena *arena;		/* of all aggregates that run in a context */
	FitStateKind kind;
	bool		weighted;		/* do rows have weights? */

	/* of a fit */
	char	   *method;
	char	   *options;		/* JSON text, or "" */
	Oid			method_oid;		/* as first seen, to recognise it; or InvalidOid */
	bytea	   *options_seen;	/* likewise; NULL: no options, or not seen yet */
	FitSpec    *spec;

	bytea	   *selection;		/* the argument that chose the columns of a profile, or NULL */
	uint64		row_type;		/* of rows as first seen (see RowMap), or the call that has their columns, else 0 */

	/* the features, once a first row has shown them */
	int			nfeatures;		/* 0 before */
	char	  **names;
	uint32		distribution;
	bool	   *stored;			/* whose values are held for exact quantiles; NULL: none's */

	RowMap		map;
	ColumnCall *columns;		/* what the map is for, if it is no row */
	FunctionCallInfo constant_call; /* the same call, if its other arguments are constants, else NULL */
	FeatureBuffer buffer;

	/* blocks of first rows that are to be had again, each with the next one of its size in its first bytes */
	void	   *spare[FIRST_ROWS_BLOCKS];
} FitShared;

/* What rows add up to. */
typedef struct FitSums
{
	Profile		profile;
	ValueStore *stores;			/* by feature, or NULL */
	size_t		stores_size;	/* bytes */
} FitSums;

/* All but the stores of FitSums, between the two calls of flattening. */
typedef struct FitFlat
{
	ByteWriter	writer;
	int64		rows;			/* that it has */
} FitFlat;

/*
 * A state holds its first rows as they are, until there are many.  Then, and if it was read from bytes or
 * merged, it holds their sums.
 */
typedef struct FitState
{
	ExpandedObjectHeader header;
	uint32		magic;
	bool		started;		/* has there been a row? */
	FitShared  *shared;
	FitSums    *sums;			/* or NULL */
	FirstRows	first;			/* if there are no sums */
	FitFlat    *flat;			/* or NULL */
} FitState;

/* The constant arguments of an aggregate, as raw bytes. */
typedef struct FitArguments
{
	Oid			method;			/* InvalidOid: a profile */
	bool		weighted;
	const bytea *options;		/* may be NULL */
	const void *selection;		/* likewise */
	size_t		selection_length;
} FitArguments;

/* The same as text: the label of the method, and the options as JSON or "". */
extern char *FitMethodLabel(Oid method);
extern char *FitOptionsText(const bytea *options);

/*
 * The shared part for these arguments and this type of rows (0 for arrays)
 * among the aggregates that run in a context; made if there is none.
 */
extern FitShared *FindFitShared(MemoryContext aggregate, FitStateKind kind,
								const FitArguments *arguments, uint64 row_type);
extern bool FitSharedMatches(const FitShared *shared, const FitArguments *arguments);

extern FitState *FitStateCreate(FitShared *shared);

/* Start a state with the features of its first row. */
extern void FitStateStart(FitState *state, int nfeatures, char *const *names, uint32 distribution);

/* The same for a state that merges profiles: its own has weights if the given one has. */
extern void FitStateStartAs(FitState *state, const Profile *profile);
extern void FitStateAddRow(FitState *state, const double *values, const bool *nulls, double weight);

extern void FitStateMerge(FitState *state, FitState *other);

/* Return the profile of a started state, which may be changed. */
extern Profile *FitStateProfile(FitState *state);

/*
 * The same settled, to be read only, partly in the current context; the state
 * has seen what it had, in whatever form (stores is NULL if it has none).
 */
extern void FitStateView(FitState *state, Profile *settled, ValueStore **stores);

/* Return the state in a datum, to read it, or (if it is the aggregate's own) to change it. */
extern FitState *FitStateRead(Datum datum, MemoryContext context);
extern bool FitStateIsWritable(Datum datum);
extern FitState *FitStateCopy(FitState *state, MemoryContext aggregate);
extern Datum FitStateDatum(FitState *state);

/* ---- the same for every row, where it counts ---- */

/* The state of an aggregate that is running, NULL if it is none to change in place. */
static inline FitState *
FitStateInPlace(Datum datum)
{
	void	   *pointer = DatumGetPointer(datum);
	ExpandedObjectHeader *header;

	if (!VARATT_IS_EXTERNAL_EXPANDED_RW(pointer))
		return NULL;
	/* as DatumGetEOHP() */
	memcpy(&header, VARDATA_EXTERNAL(pointer), sizeof(header));
	return ((FitState *) header)->magic == FIT_STATE_MAGIC ? (FitState *) header : NULL;
}

/*
 * FitStateAddRow() without a copy: where the values of a row may be written,
 * which is added when FitStateRowWritten() is called; NULL if it cannot be so.
 */
static inline double *
FitStateRowRoom(const FitState *state)
{
	const FitSums *sums = state->sums;

	if (sums == NULL || sums->stores || sums->profile.weighted || state->shared->weighted || !ProfileHasRoom(&sums->profile, 1))
		return NULL;
	return ProfileRowRoom(&sums->profile);
}

static inline void
FitStateRowWritten(FitState *state, const bool *nulls)
{
	MemoryContext old = MemoryContextSwitchTo(state->header.eoh_context);

	ProfileRowWritten(&state->sums->profile, nulls);
	MemoryContextSwitchTo(old);
}

#endif							/* NORMFREEZE_FIT_STATE_H */
