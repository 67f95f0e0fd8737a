/*
 * moments_stream.h
 *		The exact moments of one long stream of values.
 */
#ifndef NORMFREEZE_CORE_MOMENTS_STREAM_H
#define NORMFREEZE_CORE_MOMENTS_STREAM_H

#include "core/exact/levels.h"

/*
 * Values are dealt to the lanes of one block of level accumulators, as if
 * they were eight features side by side.
 */
typedef struct MomentsStream
{
	Moments		lanes[LEVEL_LANES];
	double		row[LEVEL_LANES];
	int			fill;
	int			level_rows;
	int			direct_rows;	/* rows until the block is set up */
	void	   *chunk;
	LevelBlock *block;
} MomentsStream;

extern void MomentsStreamInit(MomentsStream *stream);
extern void MomentsStreamFlushRow(MomentsStream *stream);

static inline void
MomentsStreamAdd(MomentsStream *stream, double x)
{
	stream->row[stream->fill++] = x;
	if (stream->fill == LEVEL_LANES)
		MomentsStreamFlushRow(stream);
}

/* Adds what the stream has seen to the moments, and frees the stream. */
extern void MomentsStreamFinish(MomentsStream *stream, Moments *moments);

#endif							/* NORMFREEZE_CORE_MOMENTS_STREAM_H */
