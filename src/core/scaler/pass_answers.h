/*
 * pass_answers.h
 *		One pass over rows, which answers the questions of many methods.
 */
#ifndef NORMFREEZE_CORE_PASS_ANSWERS_H
#define NORMFREEZE_CORE_PASS_ANSWERS_H

#include "core/base/bytes.h"
#include "core/exact/moments_stream.h"
#include "core/scaler/evidence.h"
#include "core/values/profile.h"
#include "core/values/selection.h"

/* What a pass finds out about some features together. */
typedef struct GatherTask
{
	int			nmembers;
	int		   *members;		/* features */
	Question	question;		/* whose moments or sums are asked for; for ranks, their kind and argument */
	Selection  *selection;		/* for ranks; NULL for other questions */
} GatherTask;

/* All that a pass finds out. */
typedef struct GatherPlan
{
	int			nfeatures;
	char	  **names;
	int			ntasks;
	GatherTask *tasks;
} GatherPlan;

/* What a pass has found for one task. */
typedef struct GatherResult
{
	Moments		moments;
	WeightedSums *weighted;		/* beside the moments, if rows have weights; else NULL */
	MomentsStream *stream;		/* of moments that are not added yet; NULL once finished */
	PowerFrame *frame;			/* for sums; NULL for other questions */
	PowerSums	power;
	uint64_t   *counters;		/* for SELECT_COUNT */
	uint64_t   *keys;			/* for SELECT_COLLECT */
	uint64_t	nkeys;
	uint64_t	capacity;
} GatherResult;

/* What a pass has found. */
typedef struct Gathered
{
	const GatherPlan *plan;
	uint64_t	nkeys;			/* in all results */
	Profile		seen;			/* moments and weights of all features, which show whether the rows are those of the
								 * other passes */
	GatherResult *results;
} Gathered;

/*
 * Write a plan, and read it: all that the aggregate needs to know of it.
 *
 * Anybody can call the aggregate, so plans are checked; DecodeGatherPlan() returns false for one that is
 * malformed.
 */
extern void EncodeGatherPlan(ByteWriter *writer, const GatherPlan *plan);
extern bool DecodeGatherPlan(GatherPlan *plan, ByteReader *reader);

/*
 * Return how many counters and keys together a plan with so many intervals in all may keep in this memory.  They
 * are a few for each interval, however little memory there is.
 */
extern uint64_t GatherWords(uint64_t memory, uint64_t intervals);

/* Return how many intervals a plan has, and how many counters it needs. */
extern uint64_t PlannedIntervals(const GatherPlan *plan);
extern uint64_t PlannedCounters(const GatherPlan *plan);

/*
 * Start a pass, add a row to it, and add what another process has found.  The weight of a row counts only if rows
 * have weights.
 */
extern void GatheredInit(Gathered *gathered, const GatherPlan *plan, bool weighted);
extern void GatheredAddRow(Gathered *gathered, const double *values, double weight);
extern void GatheredMerge(Gathered *gathered, Gathered *other);

/*
 * Write what a pass has found, and read it.  Writing finishes the streams.
 *
 * Results travel between our own processes, so only their form is checked: DecodeGathered() returns false if the
 * bytes do not fit the plan.
 */
extern void EncodeGathered(ByteWriter *writer, Gathered *gathered);
extern bool DecodeGathered(Gathered *gathered, const GatherPlan *plan, bool weighted, ByteReader *reader);

#endif							/* NORMFREEZE_CORE_PASS_ANSWERS_H */
