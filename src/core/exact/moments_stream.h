/*
 * moments_stream.h
 *		The exact moments of one long stream of values.
 */
#ifndef NORMFREEZE_CORE_MOMENTS_STREAM_H
#define NORMFREEZE_CORE_MOMENTS_STREAM_H

#include "core/exact/levels.h"

/*
 * The moments of a stream.  Values are dealt to the lanes of one block of level accumulators, as if they were
 * eight features side by side.
 */
typedef struct MomentsStream
{
	Moments		lanes[LEVEL_LANES];
	double		row[LEVEL_LANES];
	int			fill;
	int			level_rows;
	int			direct_rows;	/* number of rows until the block is set up */
	void	   *chunk;
	LevelBlock *block;
} MomentsStream;

/* Start a stream. */
extern void MomentsStreamInit(MomentsStream *stream);

/* Add the row of eight values that is full.  Called by MomentsStreamAdd(). */
extern void MomentsStreamFlushRow(MomentsStream *stream);

/* Add a value, which may be missing or infinite. */
static inline void
MomentsStreamAdd(MomentsStream *stream, double x)
{
	stream->row[stream->fill++] = x;
	if (stream->fill == LEVEL_LANES)
		MomentsStreamFlushRow(stream);
}

/* Add what the stream has seen to the moments, and free the stream. */
extern void MomentsStreamFinish(MomentsStream *stream, Moments *moments);

#endif							/* NORMFREEZE_CORE_MOMENTS_STREAM_H */
