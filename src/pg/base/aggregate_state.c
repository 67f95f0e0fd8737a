/*
 * aggregate_state.c
 *		Combining, sending and receiving the state of an aggregate that is of type internal.
 *
 * Its functions may be called by an aggregate only: a state is a pointer, which
 * nobody else can have.  Bytes are read by the query that has written them.
 */
#include "pg/base/aggregate_state.h"

#include "pg/base/call.h"
#include "utils/memutils.h"

Datum
CombineAggregateStates(FunctionCallInfo fcinfo, const AggregateStateKind *kind)
{
	MemoryContext context = AggregateContext(fcinfo);
	void	   *state = AggregateStateArgument(fcinfo, 0);
	void	   *other = AggregateStateArgument(fcinfo, 1);

	if (other)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		if (state == NULL)
			state = kind->make_like(context, other);
		kind->merge(state, other);
		MemoryContextSwitchTo(old);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

bytea *
AggregateStateBytes(const AggregateStateKind *kind, void (*put) (ByteWriter *writer, void *state), void *state)
{
	ByteWriter	writer;

	WriterInit(&writer, 4096);
	PutUint32(&writer, 0);		/* room for the varlena header */
	put(&writer, state);
	if (writer.length > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s does not fit into one value: %zu bytes", kind->content, writer.length),
				 errhint("%s", kind->too_long_hint)));
	SET_VARSIZE(writer.data, writer.length);
	return (bytea *) writer.data;
}

Datum
SerializeAggregateState(FunctionCallInfo fcinfo, const AggregateStateKind *kind)
{
	AggregateContext(fcinfo);
	PG_RETURN_BYTEA_P(AggregateStateBytes(kind, kind->put, PG_GETARG_POINTER(0)));
}

Datum
DeserializeAggregateState(FunctionCallInfo fcinfo, const AggregateStateKind *kind)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	ByteReader	reader;
	void	   *state;

	AggregateContext(fcinfo);
	ReaderInit(&reader, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	state = kind->get(fcinfo, &reader);
	if (reader.failed || BytesLeft(&reader) != 0)
		elog(ERROR, "malformed bytes of %s", kind->content);
	PG_RETURN_POINTER(state);
}
