/*
 * fit_state_datum.h
 *		The SQL type normfreeze.fit_state: the transition type of our aggregates.
 */
#ifndef NORMFREEZE_FIT_STATE_DATUM_H
#define NORMFREEZE_FIT_STATE_DATUM_H

#include "pg/base/compat.h"

#include "pg/fit/fit_state.h"

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
 *		byte	plus 1 if values are held, plus 2 if there are results
 *		if there are results: varint length of their profile, and this profile
 *		if values are held, per feature that needs them: varint count, uint64
 *				order keys and, if rows have weights, as many float8
 *
 * Results are those of features whose steps follow from them (known_features.h).  A state that lacks them was
 * written before there were any: it holds the values of these features instead.
 *
 * It is not `internal`, which parallel plans and pg_dump could live with but
 * Citus would not: it pulls all rows to its coordinator then.
 */
#define FIT_STATE_FORMAT	1
#define FIT_STATE_WEIGHTED	16
#define FIT_STATE_STORES	1
#define FIT_STATE_RESULTS	2
#define FIT_STATE_MAGIC		0x6E66666D	/* of an expanded object */

/* Make a state of no rows. */
extern FitState *FitStateCreate(FitShared *shared);

/*
 * Return the state in a datum: itself if it is expanded, which only the aggregate that owns it may change, else a
 * new one in the context.
 */
extern FitState *FitStateRead(Datum datum, MemoryContext context);

/* Return whether a datum is the aggregate's own state, which may be changed in place. */
extern bool FitStateIsWritable(Datum datum);

/* Make a state of the aggregate's own from what another one has seen. */
extern FitState *FitStateCopy(FitState *state, MemoryContext aggregate);

/* Return a state as a datum that may be changed in place. */
extern Datum FitStateDatum(FitState *state);

/* Return the state of a running aggregate; NULL unless it may be changed in place. */
static inline FitState *
FitStateInPlace(Datum datum)
{
	void	   *pointer = DatumGetPointer(datum);
	ExpandedObjectHeader *header;

	if (!VARATT_IS_EXTERNAL_EXPANDED_RW(pointer))
		return NULL;
	/* as DatumGetEOHP() does */
	memcpy(&header, VARDATA_EXTERNAL(pointer), sizeof(header));
	return ((FitState *) header)->magic == FIT_STATE_MAGIC ? (FitState *) header : NULL;
}

#endif							/* NORMFREEZE_FIT_STATE_DATUM_H */
