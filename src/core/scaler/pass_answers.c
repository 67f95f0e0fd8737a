/*
 * pass_answers.c
 *		One pass over rows, which answers the questions of many methods.
 */
#include "core/scaler/pass_answers.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/values/profile_format.h"

#define KEYS_INITIAL	64
#define KIND_HAS_PATH	0x80	/* added to the kind of a question in the bytes of a plan */
#define LEAST_WORDS		64		/* for each interval, since intervals that are only halved take too many passes */

/*
 * One process may use this part of the memory in a pass.  The leader also holds what workers send to it, as
 * bytes and as values.
 */
#define MEMORY_SHARE	32

/* ---- plans ---- */

void
EncodeGatherPlan(ByteWriter *writer, const GatherPlan *plan)
{
	PutVarint(writer, (uint64_t) plan->nfeatures);
	for (int i = 0; i < plan->nfeatures; i++)
		PutString(writer, plan->names[i]);
	PutVarint(writer, (uint64_t) plan->ntasks);
	for (int t = 0; t < plan->ntasks; t++)
	{
		const GatherTask *task = &plan->tasks[t];

		PutVarint(writer, (uint64_t) task->nmembers);
		for (int m = 0; m < task->nmembers; m++)
			PutVarint(writer, (uint64_t) task->members[m]);
		PutByte(writer, (uint8_t) task->question.kind | (task->question.path ? KIND_HAS_PATH : 0));
		PutDouble(writer, task->question.argument);
		if (task->question.path)
			PutPath(writer, task->question.path);
		if (QuestionIsOfPower(task->question.kind))
		{
			PutDouble(writer, task->question.low);
			PutDouble(writer, task->question.high);
		}
		if (task->selection == NULL)
			continue;
		PutByte(writer, (uint8_t) task->selection->step);
		PutByte(writer, (uint8_t) task->selection->bits);
		PutVarint(writer, (uint64_t) task->selection->nintervals);
		for (int i = 0; i < task->selection->nintervals; i++)
		{
			PutUint64(writer, task->selection->intervals[i].low);
			PutUint64(writer, task->selection->intervals[i].high);
		}
	}
}

static bool
GetSelection(Selection *selection, ByteReader *reader)
{
	uint64_t	nintervals;
	uint8_t		step = GetByte(reader);

	selection->step = step;
	selection->bits = GetByte(reader);
	nintervals = GetVarint(reader);
	if (reader->failed || nintervals == 0 || nintervals > BytesLeft(reader) / 16 ||
		(step == SELECT_COUNT ? selection->bits < 1 || selection->bits > SELECT_MOST_BITS :
		 step != SELECT_COLLECT || selection->bits != 0))
		return false;
	selection->nintervals = (int) nintervals;
	selection->intervals = CoreAllocZero(sizeof(KeyRange) * nintervals);
	for (int i = 0; i < selection->nintervals; i++)
	{
		KeyRange   *range = &selection->intervals[i];

		range->low = GetUint64(reader);
		range->high = GetUint64(reader);
		if (range->low > range->high || (i > 0 && range->low <= range[-1].high))
			return false;
	}
	return true;
}

/* Read the range of values for which a frame is made; return false if none can be (see power_likelihood.h). */
static bool
GetPowerRange(Question *question, ByteReader *reader)
{
	question->low = GetDouble(reader);
	question->high = GetDouble(reader);
	return !reader->failed &&
		PowerCanBeTried(PowerFamilyOf(question->kind), question->argument, question->low, question->high);
}

static bool
GetTask(GatherTask *task, int nfeatures, ByteReader *reader)
{
	uint64_t	nmembers = GetVarint(reader);
	uint8_t		kind;

	if (reader->failed || nmembers == 0 || nmembers > (uint64_t) nfeatures)
		return false;
	task->nmembers = (int) nmembers;
	task->members = CoreAlloc(sizeof(int) * nmembers);
	for (int m = 0; m < task->nmembers; m++)
	{
		uint64_t	member = GetVarint(reader);

		if (member >= (uint64_t) nfeatures)
			return false;
		task->members[m] = (int) member;
	}
	kind = GetByte(reader);
	task->question.argument = GetDouble(reader);
	if (kind & KIND_HAS_PATH)
		task->question.path = GetPath(reader);
	kind &= ~KIND_HAS_PATH;
	if (reader->failed || kind > LAST_QUESTION_KIND || kind == ASK_MOST_FREQUENT)
		return false;
	task->question.kind = kind;
	if (QuestionIsOfPower(task->question.kind))
		return GetPowerRange(&task->question, reader);
	if (!QuestionIsOfRank(task->question.kind))
		return true;
	task->selection = CoreAllocZero(sizeof(Selection));
	return GetSelection(task->selection, reader);
}

bool
DecodeGatherPlan(GatherPlan *plan, ByteReader *reader)
{
	uint64_t	nfeatures = GetVarint(reader);
	uint64_t	ntasks;

	memset(plan, 0, sizeof(*plan));
	if (reader->failed || nfeatures == 0 || nfeatures > PROFILE_MAX_FEATURES || nfeatures > BytesLeft(reader))
		return false;
	plan->nfeatures = (int) nfeatures;
	plan->names = CoreAllocZero(sizeof(char *) * nfeatures);
	for (int i = 0; i < plan->nfeatures; i++)
		plan->names[i] = GetString(reader, PROFILE_MAX_NAME);
	ntasks = GetVarint(reader);
	if (reader->failed || ntasks > BytesLeft(reader))
		return false;
	plan->ntasks = (int) ntasks;
	plan->tasks = CoreAllocZero(sizeof(GatherTask) * (ntasks + 1));
	for (int t = 0; t < plan->ntasks; t++)
		if (!GetTask(&plan->tasks[t], plan->nfeatures, reader))
			return false;
	return !reader->failed && BytesLeft(reader) == 0;
}

/* ---- gathering ---- */

static uint64_t
CounterCount(const Selection *selection)
{
	return (uint64_t) selection->nintervals << selection->bits;
}

uint64_t
GatherWords(uint64_t memory, uint64_t intervals)
{
	uint64_t	words = memory / MEMORY_SHARE / sizeof(uint64_t);

	return words > intervals * LEAST_WORDS ? words : intervals * LEAST_WORDS;
}

uint64_t
PlannedIntervals(const GatherPlan *plan)
{
	uint64_t	intervals = 0;

	for (int t = 0; t < plan->ntasks; t++)
		if (plan->tasks[t].selection)
			intervals += plan->tasks[t].selection->nintervals;
	return intervals;
}

uint64_t
PlannedCounters(const GatherPlan *plan)
{
	uint64_t	counters = 0;

	for (int t = 0; t < plan->ntasks; t++)
		if (plan->tasks[t].selection && plan->tasks[t].selection->step == SELECT_COUNT)
			counters += CounterCount(plan->tasks[t].selection);
	return counters;
}

void
GatheredInit(Gathered *gathered, const GatherPlan *plan, bool weighted)
{
	gathered->plan = plan;
	gathered->nkeys = 0;
	ProfileInit(&gathered->seen, plan->nfeatures, plan->names, 0);
	if (weighted)
		ProfileUseWeights(&gathered->seen);
	gathered->results = CoreAllocZero(sizeof(GatherResult) * (plan->ntasks + 1));
	for (int t = 0; t < plan->ntasks; t++)
	{
		GatherResult *result = &gathered->results[t];
		const Selection *selection = plan->tasks[t].selection;
		const Question *question = &plan->tasks[t].question;

		MomentsInit(&result->moments);
		if (QuestionIsOfPower(question->kind))
		{
			result->frame = CoreAlloc(sizeof(PowerFrame));
			PowerFrameInit(result->frame, PowerFamilyOf(question->kind), question->argument, question->low,
						   question->high);
		}
		else if (selection == NULL)
		{
			result->stream = CoreAlloc(sizeof(MomentsStream));
			MomentsStreamInit(result->stream);
			if (weighted)
				result->weighted = CoreAllocZero(sizeof(WeightedSums));
		}
		else if (selection->step == SELECT_COUNT)
			result->counters = CoreAllocZero(sizeof(uint64_t) * CounterCount(selection));
	}
}

static void
AddCandidateKeys(Gathered *gathered, GatherResult *result, const uint64_t *keys, uint64_t n)
{
	gathered->nkeys += n;
	if (n > result->capacity - result->nkeys)
	{
		if (result->capacity == 0)
			result->capacity = KEYS_INITIAL;
		while (n > result->capacity - result->nkeys)
			result->capacity += result->capacity / 2;
		result->keys = result->keys ? CoreRealloc(result->keys, sizeof(uint64_t) * result->capacity) :
			CoreAlloc(sizeof(uint64_t) * result->capacity);
	}
	if (n > 0)
		memcpy(result->keys + result->nkeys, keys, sizeof(uint64_t) * n);
	result->nkeys += n;
}

static void
AddKey(Gathered *gathered, GatherResult *result, const Selection *selection, uint64_t key)
{
	int			i = SelectionFind(selection->intervals, selection->nintervals, key);
	const KeyRange *interval = &selection->intervals[i];

	if (i < 0)
		return;
	if (selection->step == SELECT_COLLECT)
		AddCandidateKeys(gathered, result, &key, 1);
	else
		result->counters[((uint64_t) i << selection->bits) +
						 ((key - interval->low) >> SelectionShift(interval, selection->bits))]++;
}

static void
AddValue(Gathered *gathered, const GatherTask *task, GatherResult *result, double x, double weight)
{
	double		y;

	if (task->question.path)
	{
		if (!PathValue(task->question.path, x, &x))
			return;
		/* a result beyond float8 has no rank, and is counted by the sums alone */
		if (!IsFiniteBits(DoubleBits(x)) && (result->frame || task->selection))
			return;
	}
	if (result->frame)
		PowerSumsAdd(&result->power, result->frame, x, 1);
	else if (task->selection)
		AddKey(gathered, result, task->selection,
			   OrderKey(task->question.kind == ASK_DISTANCE ? fabs(x - task->question.argument) : x));
	else if (QuestionedValue(&task->question, x, &y))
	{
		MomentsStreamAdd(result->stream, y);
		if (result->weighted && IsFiniteBits(DoubleBits(y)))
			WeightedSumsAdd(result->weighted, y, weight);
	}
}

void
GatheredAddRow(Gathered *gathered, const double *values, double weight)
{
	const GatherPlan *plan = gathered->plan;

	if (gathered->seen.weighted)
		ProfileAddWeightedRow(&gathered->seen, values, NULL, weight);
	else
		ProfileAddRow(&gathered->seen, values, NULL);
	for (int t = 0; t < plan->ntasks; t++)
	{
		const GatherTask *task = &plan->tasks[t];

		for (int m = 0; m < task->nmembers; m++)
			if (IsFiniteBits(DoubleBits(values[task->members[m]])))
				AddValue(gathered, task, &gathered->results[t], values[task->members[m]], weight);
	}
}

static void
FinishStream(GatherResult *result)
{
	if (result->stream == NULL)
		return;
	MomentsStreamFinish(result->stream, &result->moments);
	CoreFree(result->stream);
	result->stream = NULL;
}

void
GatheredMerge(Gathered *gathered, Gathered *other)
{
	const GatherPlan *plan = gathered->plan;

	ProfileMerge(&gathered->seen, &other->seen);
	for (int t = 0; t < plan->ntasks; t++)
	{
		const Selection *selection = plan->tasks[t].selection;
		GatherResult *result = &gathered->results[t];
		GatherResult *more = &other->results[t];

		FinishStream(more);
		MomentsMerge(&result->moments, &more->moments);
		if (result->weighted)
			WeightedSumsMerge(result->weighted, more->weighted);
		PowerSumsMerge(&result->power, &more->power);
		if (selection && selection->step == SELECT_COUNT)
			for (uint64_t c = 0; c < CounterCount(selection); c++)
				result->counters[c] += more->counters[c];
		AddCandidateKeys(gathered, result, more->keys, more->nkeys);
	}
}

/* ---- results as bytes ---- */

static void
PutMoments(ByteWriter *writer, const Moments *moments)
{
	PutVarint(writer, (uint64_t) moments->count);
	PutVarint(writer, (uint64_t) moments->nans);
	PutVarint(writer, (uint64_t) moments->positive_infinities);
	PutVarint(writer, (uint64_t) moments->negative_infinities);
	PutDouble(writer, moments->min);
	PutDouble(writer, moments->max);
	PutSum(writer, &moments->sum);
	PutSum(writer, &moments->squares);
}

static bool
GetMoments(ByteReader *reader, Moments *moments)
{
	moments->count = (int64_t) GetVarint(reader);
	moments->nans = (int64_t) GetVarint(reader);
	moments->positive_infinities = (int64_t) GetVarint(reader);
	moments->negative_infinities = (int64_t) GetVarint(reader);
	moments->min = GetDouble(reader);
	moments->max = GetDouble(reader);
	return GetSum(reader, &moments->sum, SUM_MAX_LIMB) && GetSum(reader, &moments->squares, SQUARES_MAX_LIMB);
}

/* Write words as they are in memory, for other processes of the same server. */
static void
PutWords(ByteWriter *writer, const uint64_t *words, uint64_t n)
{
	PutBytes(writer, words, sizeof(uint64_t) * n);
}

static bool
GetWords(ByteReader *reader, uint64_t *words, uint64_t n)
{
	const uint8_t *bytes = GetBytes(reader, sizeof(uint64_t) * n);

	if (bytes && n > 0)
		memcpy(words, bytes, sizeof(uint64_t) * n);
	return bytes != NULL || n == 0;
}

void
EncodeGathered(ByteWriter *writer, Gathered *gathered)
{
	const GatherPlan *plan = gathered->plan;

	ProfileSettle(&gathered->seen);
	PutVarint(writer, (uint64_t) gathered->seen.rows);
	for (int i = 0; i < plan->nfeatures; i++)
	{
		PutMoments(writer, &gathered->seen.moments[i]);
		if (gathered->seen.weighted)
			PutWeightedSums(writer, &gathered->seen.weighted[i]);
	}
	for (int t = 0; t < plan->ntasks; t++)
	{
		const Selection *selection = plan->tasks[t].selection;
		GatherResult *result = &gathered->results[t];

		if (result->frame)
			PutBytes(writer, &result->power, sizeof(PowerSums));
		else if (selection == NULL)
		{
			FinishStream(result);
			PutMoments(writer, &result->moments);
			if (result->weighted)
				PutWeightedSums(writer, result->weighted);
		}
		else if (selection->step == SELECT_COUNT)
			PutWords(writer, result->counters, CounterCount(selection));
		else
		{
			PutVarint(writer, result->nkeys);
			PutWords(writer, result->keys, result->nkeys);
		}
	}
}

bool
DecodeGathered(Gathered *gathered, const GatherPlan *plan, bool weighted, ByteReader *reader)
{
	GatheredInit(gathered, plan, weighted);
	gathered->seen.rows = (int64_t) GetVarint(reader);
	for (int i = 0; i < plan->nfeatures; i++)
		if (!GetMoments(reader, &gathered->seen.moments[i]) ||
			(weighted && !GetWeightedSums(reader, &gathered->seen.weighted[i])))
			return false;
	for (int t = 0; t < plan->ntasks; t++)
	{
		const Selection *selection = plan->tasks[t].selection;
		GatherResult *result = &gathered->results[t];

		if (result->frame)
		{
			const uint8_t *bytes = GetBytes(reader, sizeof(PowerSums));

			if (bytes == NULL)
				return false;
			memcpy(&result->power, bytes, sizeof(PowerSums));
		}
		else if (selection == NULL)
		{
			FinishStream(result);
			if (!GetMoments(reader, &result->moments) ||
				(weighted && !GetWeightedSums(reader, result->weighted)))
				return false;
		}
		else if (selection->step == SELECT_COUNT)
		{
			if (!GetWords(reader, result->counters, CounterCount(selection)))
				return false;
		}
		else
		{
			uint64_t	nkeys = GetVarint(reader);

			if (nkeys > BytesLeft(reader) / sizeof(uint64_t))
				return false;
			result->capacity = result->nkeys = nkeys;
			gathered->nkeys += nkeys;
			result->keys = CoreAlloc(sizeof(uint64_t) * (nkeys + 1));
			if (!GetWords(reader, result->keys, nkeys))
				return false;
		}
	}
	return !reader->failed && BytesLeft(reader) == 0;
}
