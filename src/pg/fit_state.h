/*
 * fit_state.h
 *		The SQL type normfreeze.fit_state: the transition type of our aggregates.
 */
#ifndef NORMFREEZE_FIT_STATE_H
#define NORMFREEZE_FIT_STATE_H

#include "pg/compat.h"

#include "core/profile.h"
#include "pg/features.h"
#include "pg/options.h"
#include "utils/expandeddatum.h"

typedef enum FitStateKind
{
	STATE_PROFILE = 0,			/* profile() and merge(): no method */
	STATE_FIT_ARRAY = 1,
	STATE_FIT_ROW = 2
} FitStateKind;

/*
 * While an aggregate runs, its state is an expanded object (see
 * utils/expandeddatum.h) in a memory context of its own under the
 * aggregate's, changed in place.  Between processes it is flat:
 *
 *	byte		format, 1
 *	byte		kind
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

typedef struct FitState
{
	ExpandedObjectHeader header;
	uint32		magic;
	FitStateKind kind;

	/* of a fit */
	char	   *method;
	char	   *options;		/* JSON text, or "" */
	Oid			method_oid;		/* as first seen, to recognise it; or InvalidOid */
	bytea	   *options_seen;	/* likewise; NULL: no options, or not seen yet */
	FitSpec    *spec;

	bool		started;
	Profile		profile;
	ValueStore *stores;			/* by feature, or NULL */
	bool	   *stored;			/* which features have one */
	size_t		stores_size;	/* bytes */

	/* for reading rows */
	FeatureBuffer buffer;
	RowMap		map;
	bytea	   *selection;		/* the argument that chose the columns of a profile */

	/* for flattening */
	ByteWriter	flat;			/* all but the stores, once computed */
} FitState;

extern FitState *FitStateCreate(MemoryContext parent, FitStateKind kind);
extern void FitStateSetFit(FitState *state, const char *method, const char *options);

/* The first row is here: these are the features. */
extern void FitStateStart(FitState *state, int nfeatures, char *const *names, uint32 distribution);
extern void FitStateAddRow(FitState *state, const double *values, const bool *nulls);
extern void FitStateMerge(FitState *state, const FitState *other);

/* From a datum: to read, or (for an aggregate's own state) to change. */
extern FitState *FitStateRead(Datum datum, MemoryContext parent);
extern bool FitStateIsWritable(Datum datum);
extern Datum FitStateDatum(FitState *state);

#endif							/* NORMFREEZE_FIT_STATE_H */
