/*
 * moments_stream.c
 *		The exact moments of one long stream of values.
 */
#include "core/exact/moments_stream.h"

#include "core/base/memory.h"

#define DIRECT_ROWS		4		/* the first rows show where the window of the levels must lie */
#define CACHE_LINE		64

void
MomentsStreamInit(MomentsStream *stream)
{
	memset(stream, 0, sizeof(*stream));
	for (int i = 0; i < LEVEL_LANES; i++)
		MomentsInit(&stream->lanes[i]);
}

static void
AddDirectly(MomentsStream *stream, int n)
{
	for (int i = 0; i < n; i++)
	{
		uint64_t	bits = DoubleBits(stream->row[i]);

		if (IsFiniteBits(bits))
			MomentsAddFinite(&stream->lanes[i], bits);
		else
			MomentsAddMissingOrInfinite(&stream->lanes[i], bits, false);
	}
}

static void
StreamFlushLevels(MomentsStream *stream)
{
	if (stream->level_rows > 0)
		LevelsFlush(stream->block, stream->lanes, LEVEL_LANES, stream->level_rows);
	stream->level_rows = 0;
}

void
MomentsStreamFlushRow(MomentsStream *stream)
{
	stream->fill = 0;
	if (stream->direct_rows < DIRECT_ROWS || !LevelsAreSupported() || !FloatEnvironmentIsDefault())
	{
		StreamFlushLevels(stream);
		AddDirectly(stream, LEVEL_LANES);
		stream->direct_rows++;
		return;
	}
	if (stream->block == NULL)
	{
		stream->chunk = CoreAlloc(sizeof(LevelBlock) + CACHE_LINE);
		stream->block = (LevelBlock *) (((uintptr_t) stream->chunk + CACHE_LINE - 1) & ~(uintptr_t) (CACHE_LINE - 1));
		LevelsInit(stream->block, stream->lanes, LEVEL_LANES);
	}
	LevelsAddRows(stream->block, stream->lanes, stream->row, NULL, 1, LEVEL_LANES);
	if (++stream->level_rows == LEVEL_FLUSH_ROWS)
		StreamFlushLevels(stream);
}

void
MomentsStreamFinish(MomentsStream *stream, Moments *moments)
{
	StreamFlushLevels(stream);
	AddDirectly(stream, stream->fill);
	for (int i = 0; i < LEVEL_LANES; i++)
	{
		MomentsMerge(moments, &stream->lanes[i]);
		MomentsFree(&stream->lanes[i]);
	}
	if (stream->chunk)
		CoreFree(stream->chunk);
}
