/*
 * aggregate_state.h
 *		Combining, sending and receiving the state of an aggregate that is of type internal.
 */
#ifndef NORMFREEZE_AGGREGATE_STATE_H
#define NORMFREEZE_AGGREGATE_STATE_H

#include "pg/base/compat.h"

#include "core/base/bytes.h"
#include "fmgr.h"

/* What differs between the states of two aggregates. */
typedef struct AggregateStateKind
{
	/* Return a state without rows, in this memory context, of the scaler or plan that another state is of. */
	void	   *(*make_like) (MemoryContext context, void *other);

	/*
	 * Add what another state has seen; an error unless it is of the same scaler or plan.  The current memory context is
	 * the aggregate's.
	 */
	void		(*merge) (void *state, void *other);

	void		(*put) (ByteWriter *writer, void *state);

	/*
	 * Return the state that put() wrote, in the current memory context.  A state that is too short need not be noticed:
	 * the reader has failed then.
	 */
	void	   *(*get) (FunctionCallInfo fcinfo, ByteReader *reader);

	const char *content;		/* for messages: what its bytes hold */
	const char *too_long_hint;	/* what to do if they do not fit into one value */
} AggregateStateKind;

/* Return argument arg as a state, NULL if it is NULL. */
static inline void *
AggregateStateArgument(FunctionCallInfo fcinfo, int arg)
{
	return PG_ARGISNULL(arg) ? NULL : PG_GETARG_POINTER(arg);
}

/* The bodies of an aggregate's combine, serialization and deserialization function. */
extern Datum CombineAggregateStates(FunctionCallInfo fcinfo, const AggregateStateKind *kind);
extern Datum SerializeAggregateState(FunctionCallInfo fcinfo, const AggregateStateKind *kind);
extern Datum DeserializeAggregateState(FunctionCallInfo fcinfo, const AggregateStateKind *kind);

/* Return what a function writes about a state as bytea; an error if it does not fit into one value. */
extern bytea *AggregateStateBytes(const AggregateStateKind *kind, void (*put) (ByteWriter *writer, void *state),
								  void *state);

#endif							/* NORMFREEZE_AGGREGATE_STATE_H */
