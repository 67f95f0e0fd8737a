/*
 * fit_state.h
 *		The state of an aggregate, for fit(), profile() and merge().
 */
#ifndef NORMFREEZE_FIT_STATE_H
#define NORMFREEZE_FIT_STATE_H

#include "pg/base/compat.h"

#include "pg/fit/fit_shared.h"
#include "pg/fit/subjects.h"
#include "utils/expandeddatum.h"

/* The sums of rows. */
typedef struct FitSums
{
	Profile		profile;
	ValueStore *stores;			/* by feature; NULL without stores */
	size_t		stores_size;	/* in bytes */
	Profile    *results;		/* of shared->known; NULL if there are none */
} FitSums;

/* A flattened state without the stores of its sums, kept between the two calls of flattening. */
typedef struct FitFlat
{
	ByteWriter	writer;
	int64		rows;			/* rows of the state when it was flattened */
} FitFlat;

/*
 * A state.  It keeps its first rows as they are until there are many.  From then on, and if it was read from
 * bytes or merged, it has their sums.
 */
typedef struct FitState
{
	ExpandedObjectHeader header;
	uint32		magic;
	bool		started;		/* there has been a row */
	FitShared  *shared;
	FitSums    *sums;			/* NULL if there are none */
	FirstRows	first;			/* used if there are no sums */
	FitFlat    *flat;			/* NULL if there is none */
} FitState;

/* Start a state with the features of its first row. */
extern void FitStateStart(FitState *state, int nfeatures, char *const *names, uint32 distribution);

/* The same for a state that merges profiles.  It has weights if the given profile does. */
extern void FitStateStartAs(FitState *state, const Profile *profile);

/*
 * Add a row to a started state.  "nulls" may be NULL; the value of a null feature must be NaN.  The weight
 * counts only if the state has weights.
 */
extern void FitStateAddRow(FitState *state, const double *values, const bool *nulls, double weight);

/* Add what another state has seen.  Fails if the two do not have the same arguments and features. */
extern void FitStateMerge(FitState *state, FitState *other);

/* Return the profile of a started state.  It may be changed. */
extern Profile *FitStateProfile(FitState *state);

/*
 * Set *settled to the profile in its settled form, and *held to what is held besides.
 *
 * Both may only be read, and are partly in the current context.  The state keeps its contents, possibly in
 * another form.
 */
extern void FitStateView(FitState *state, Profile *settled, HeldValues *held);

/* ---- fast paths, which are inline ---- */

/*
 * Add a row without a copy.
 *
 * Return where its values may be written, or NULL if this state cannot do that.  FitStateRowWritten() adds the
 * row.
 */
static inline double *
FitStateRowRoom(const FitState *state)
{
	const FitSums *sums = state->sums;

	if (sums == NULL || sums->stores || sums->profile.weighted || state->shared->weighted ||
		!ProfileHasRoom(&sums->profile, 1))
		return NULL;
	return ProfileRowRoom(&sums->profile);
}

static inline void
FitStateRowWritten(FitState *state, const bool *nulls)
{
	FitSums    *sums = state->sums;
	MemoryContext old = MemoryContextSwitchTo(state->header.eoh_context);

	if (sums->results)
		AddResults(sums->results, state->shared->known, ProfileRowRoom(&sums->profile), 1.0);
	ProfileRowWritten(&sums->profile, nulls);
	MemoryContextSwitchTo(old);
}

#endif							/* NORMFREEZE_FIT_STATE_H */
