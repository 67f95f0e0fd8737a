/*
 * fit_state.h
 *		What an aggregate has seen: the states of fit(), profile() and merge().
 */
#ifndef NORMFREEZE_FIT_STATE_H
#define NORMFREEZE_FIT_STATE_H

#include "pg/base/compat.h"

#include "pg/fit/fit_shared.h"
#include "utils/expandeddatum.h"

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

/* ---- the same for every row, where it counts ---- */

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
