/*
 * pass_answers.h
 *		One pass over rows that answers the questions of many methods.
 */
#ifndef NORMFREEZE_CORE_PASS_ANSWERS_H
#define NORMFREEZE_CORE_PASS_ANSWERS_H

#include "core/base/bytes.h"
#include "core/exact/moments_stream.h"
#include "core/scaler/evidence.h"
#include "core/values/profile.h"
#include "core/values/selection.h"

/* What a pass does for some features together. */
typedef struct GatherTask
{
	int			nmembers;
	int		   *members;		/* features */
	Question	question;		/* whose moments or sums; or of what kind and argument the ranks are */
	Selection  *selection;		/* of ranks; NULL for others */
} GatherTask;

typedef struct GatherPlan
{
	int			nfeatures;
	char	  **names;
	int			ntasks;
	GatherTask *tasks;
} GatherPlan;

/* What a pass has found for a task. */
typedef struct GatherResult
{
	Moments		moments;
	MomentsStream *stream;		/* moments not yet in there; NULL once finished */
	PowerFrame *frame;			/* of sums; NULL for others */
	PowerSums	power;
	uint64_t   *counters;		/* of SELECT_COUNT */
	uint64_t   *keys;			/* of SELECT_COLLECT */
	uint64_t	nkeys;
	uint64_t	capacity;
} GatherResult;

typedef struct Gathered
{
	const GatherPlan *plan;
	uint64_t	nkeys;			/* of all results */
	Profile		seen;			/* moments of all features: they show whether the rows are those of other passes */
	GatherResult *results;
} Gathered;

/*
 * All that a plan's other end needs of it, as bytes.  Anybody can call the
 * aggregate, so plans are checked; results travel between our own processes.
 */
extern void EncodeGatherPlan(ByteWriter *writer, const GatherPlan *plan);
extern bool DecodeGatherPlan(GatherPlan *plan, ByteReader *reader);

/*
 * How many counters or keys a plan with so many intervals in all may keep in
 * this memory: a few for each interval, however little it is.
 */
extern uint64_t GatherWords(uint64_t memory, uint64_t intervals);
extern uint64_t PlannedIntervals(const GatherPlan *plan);
extern uint64_t PlannedCounters(const GatherPlan *plan);

extern void GatheredInit(Gathered *gathered, const GatherPlan *plan);
extern void GatheredAddRow(Gathered *gathered, const double *values);
extern void GatheredMerge(Gathered *gathered, Gathered *other);

/* Finishes the streams, too. */
extern void EncodeGathered(ByteWriter *writer, Gathered *gathered);
extern bool DecodeGathered(Gathered *gathered, const GatherPlan *plan, ByteReader *reader);

#endif							/* NORMFREEZE_CORE_PASS_ANSWERS_H */
