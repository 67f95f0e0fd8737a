/*
 * evidence.c
 *		Answers to the questions of methods about the values of a feature: from the values
 *		themselves, from a distribution, or from earlier passes.
 */
#include "core/scaler/evidence.h"

#include <math.h>

#include "core/base/memory.h"
#include "core/base/sort.h"
#include "core/exact/moments_stream.h"
#include "core/scaler/power_transform.h"
#include "core/values/histogram_ranks.h"
#include "core/values/most_frequent.h"

#define INTERRUPT_EVERY		4096

bool
QuestionedValue(const Question *question, double x, double *y)
{
	switch (question->kind)
	{
		case ASK_FROM:
			*y = x;
			return x >= question->argument;
		case ASK_YEO_JOHNSON:
			*y = YeoJohnson(x, question->argument);
			return true;
		case ASK_BOX_COX:
			*y = BoxCox(x, question->argument);
			return true;
		case ASK_DISTANCES:
			*y = fabs(x - question->argument);
			return true;
		case ASK_ORDER:
		case ASK_DISTANCE:
		case ASK_MOST_FREQUENT:
		case ASK_YEO_JOHNSON_SUMS:
		case ASK_BOX_COX_SUMS:
			break;
	}
	return false;
}

/* ---- all values, or cells that stand for them ---- */

/* A position in a walk over the values.  Each value comes with the number of times it occurs. */
typedef struct Walk
{
	const Evidence *evidence;
	uint64_t	next;
	uint64_t	total;
	uint32_t	counted;		/* place of the next counted value */
} Walk;

static Walk
StartWalk(const Evidence *evidence)
{
	return (Walk) {evidence, 0, (uint64_t) evidence->moments->count, 0};
}

static bool
NextValue(Walk *walk, double *x, uint64_t *times)
{
	const Evidence *evidence = walk->evidence;

	if (walk->next >= walk->total)
		return false;
	*times = 1;
	if (evidence->store)
		*x = OrderKeyValue(evidence->store->keys[walk->next]);
	else if (evidence->counted)
	{
		const CountedValue *counted = &evidence->counted->values[walk->counted++];

		*x = counted->value;
		*times = counted->times;
	}
	else
		*x = HistogramCellValue(evidence->histogram, walk->next, evidence->moments->min, evidence->moments->max, times);
	walk->next += *times;
	if (walk->next % INTERRUPT_EVERY < *times)
		CoreCheckInterrupts();
	return true;
}

static int
CompareCounted(const void *a, const void *b)
{
	double		x = ((const CountedValue *) a)->value;
	double		y = ((const CountedValue *) b)->value;

	return (x > y) - (x < y);
}

/* Return the value of a rank among values in ascending order. */
static double
RankedCounted(const CountedValue *values, uint32_t length, uint64_t rank)
{
	double		found = 0;
	uint64_t	before = 0;

	for (uint32_t i = 0; i < length && before <= rank; i++)
	{
		found = values[i].value;
		before += values[i].times;
	}
	return found;
}

static double
RankedValue(const Evidence *evidence, uint64_t rank)
{
	if (evidence->store)
		return OrderKeyValue(ValueStoreKey(evidence->store, rank));
	if (evidence->counted)
		return RankedCounted(evidence->counted->values, evidence->counted->length, rank);
	return HistogramOrderStatistic(evidence->histogram, rank, evidence->moments->min, evidence->moments->max);
}

/* Return how many different values a walk comes to at most. */
static size_t
MostSteps(const Evidence *evidence)
{
	return evidence->counted ? evidence->counted->length : 2 * (size_t) evidence->histogram->size + 1;
}

/* Return the distance of a rank; cells are few, so they are sorted. */
static double
RankedCellDistance(const Evidence *evidence, double center, uint64_t rank)
{
	Walk		walk = StartWalk(evidence);
	CountedValue *distances = CoreAlloc(sizeof(CountedValue) * (MostSteps(evidence) + 1));
	uint32_t	n = 0;
	double		x;
	double		found;

	while (NextValue(&walk, &x, &distances[n].times))
		distances[n++].value = fabs(x - center);
	qsort(distances, n, sizeof(CountedValue), CompareCounted);
	found = RankedCounted(distances, n, rank);
	CoreFree(distances);
	return found;
}

static double
RankedDistance(const Evidence *evidence, double center, uint64_t rank)
{
	ValueStore *store = evidence->store;
	uint64_t   *keys;
	double		found;

	if (store == NULL)
		return RankedCellDistance(evidence, center, rank);
	keys = CoreAlloc(sizeof(uint64_t) * store->count);
	for (uint64_t i = 0; i < store->count; i++)
		keys[i] = OrderKey(fabs(OrderKeyValue(store->keys[i]) - center));
	SelectKey(keys, store->count, rank);
	found = OrderKeyValue(keys[rank]);
	CoreFree(keys);
	return found;
}

static double
MostFrequentValue(const Evidence *evidence)
{
	const Moments *moments = evidence->moments;

	if (evidence->store)
		return MostFrequentOfStore(evidence->store);
	return FindMostFrequentRange(evidence->histogram, moments->min, moments->max).low;
}

/* Add a value so many times to the moments of a stream.  It may be infinite. */
static void
AddTimes(Moments *moments, MomentsStream *stream, double y, uint64_t times)
{
	if (times == 1)
		MomentsStreamAdd(stream, y);
	else
		MomentsAddTimes(moments, y, (int64_t) times);
}

static void
FunctionMoments(const Evidence *evidence, const Question *question, Moments *moments)
{
	Walk		walk = StartWalk(evidence);
	MomentsStream stream;
	double		x;
	double		y;
	uint64_t	times;

	MomentsInit(moments);
	MomentsStreamInit(&stream);
	while (NextValue(&walk, &x, &times))
		if (QuestionedValue(question, x, &y))
		{
			AddTimes(moments, &stream, y, times);
		}
	MomentsStreamFinish(&stream, moments);
}

static void
PowerSumsOf(const Evidence *evidence, const Question *question, PowerSums *sums)
{
	Walk		walk = StartWalk(evidence);
	PowerFrame	frame;
	double		x;
	uint64_t	times;

	PowerFrameInit(&frame, PowerFamilyOf(question->kind), question->argument, question->low, question->high);
	while (NextValue(&walk, &x, &times))
		PowerSumsAdd(sums, &frame, x, times);
}

/* ---- passes over a table ---- */

static bool
SameQuestion(const Question *a, const Question *b)
{
	return a->path == b->path && a->kind == b->kind && a->rank == b->rank &&
		DoubleBits(a->argument) == DoubleBits(b->argument);
}

/* Questions are often asked twice in a row, for example because neighbouring percentiles share ranks. */
#define RECENTLY_ASKED	4

static void
NotePending(Inquiry *inquiry, const Question *question)
{
	for (int i = inquiry->npending - 1; i >= 0 && i >= inquiry->npending - RECENTLY_ASKED; i--)
		if (SameQuestion(&inquiry->pending[i], question))
			return;
	if (inquiry->npending == inquiry->pending_capacity)
	{
		inquiry->pending_capacity = inquiry->pending_capacity ? 2 * inquiry->pending_capacity : 8;
		inquiry->pending = inquiry->pending ?
			CoreRealloc(inquiry->pending, sizeof(Question) * inquiry->pending_capacity) :
			CoreAlloc(sizeof(Question) * inquiry->pending_capacity);
	}
	inquiry->pending[inquiry->npending++] = *question;
}

/* Return the slot of a known question, or the empty slot where it belongs. */
static int
QuestionSlot(const Inquiry *inquiry, const Question *question)
{
	uint64_t	hash = (question->rank + 1) * UINT64_C(0x9E3779B97F4A7C15);
	int			slot;

	hash = (hash ^ DoubleBits(question->argument) ^ question->kind) * UINT64_C(0x9E3779B97F4A7C15);
	slot = (int) (hash >> 33) & (inquiry->nslots - 1);
	while (inquiry->slots[slot] >= 0 && !SameQuestion(&inquiry->known[inquiry->slots[slot]], question))
		slot = (slot + 1) & (inquiry->nslots - 1);
	return slot;
}

static bool
RecallAnswer(const Inquiry *inquiry, const Question *question, Answer *answer)
{
	int			slot;

	if (inquiry->nknown == 0)
		return false;
	slot = QuestionSlot(inquiry, question);
	if (inquiry->slots[slot] < 0)
		return false;
	*answer = inquiry->answers[inquiry->slots[slot]];
	return true;
}

static void
GrowKnown(Inquiry *inquiry)
{
	int			capacity = inquiry->known_capacity ? 2 * inquiry->known_capacity : 8;

	inquiry->known = inquiry->known ? CoreRealloc(inquiry->known, sizeof(Question) * capacity) :
		CoreAlloc(sizeof(Question) * capacity);
	inquiry->answers = inquiry->answers ? CoreRealloc(inquiry->answers, sizeof(Answer) * capacity) :
		CoreAlloc(sizeof(Answer) * capacity);
	if (inquiry->slots)
		CoreFree(inquiry->slots);
	inquiry->known_capacity = capacity;
	inquiry->nslots = 2 * capacity;
	inquiry->slots = CoreAlloc(sizeof(int) * inquiry->nslots);
	memset(inquiry->slots, 0xFF, sizeof(int) * inquiry->nslots);
	for (int i = 0; i < inquiry->nknown; i++)
		inquiry->slots[QuestionSlot(inquiry, &inquiry->known[i])] = i;
}

void
InquiryLearn(Inquiry *inquiry, const Question *question, const Answer *answer)
{
	int			slot;

	if (inquiry->nknown == inquiry->known_capacity)
		GrowKnown(inquiry);
	slot = QuestionSlot(inquiry, question);
	if (inquiry->slots[slot] >= 0)
		return;
	inquiry->known[inquiry->nknown] = *question;
	inquiry->answers[inquiry->nknown] = *answer;
	inquiry->slots[slot] = inquiry->nknown++;
}

/* Return the inquiry's own path that is equal to this one. */
static const ValuePath *
PathOfInquiry(Inquiry *inquiry, const ValuePath *path)
{
	ByteWriter	wanted;
	ByteWriter	known;
	ValuePath  *found = NULL;

	WriterInit(&wanted, 64);
	WriterInit(&known, 64);
	PutPath(&wanted, path);
	for (int i = 0; i < inquiry->npaths && found == NULL; i++)
	{
		known.length = 0;
		PutPath(&known, inquiry->paths[i]);
		if (known.length == wanted.length && memcmp(known.data, wanted.data, known.length) == 0)
			found = inquiry->paths[i];
	}
	CoreFree(wanted.data);
	CoreFree(known.data);
	if (found)
		return found;
	if (inquiry->npaths == inquiry->paths_capacity)
	{
		inquiry->paths_capacity = inquiry->paths_capacity ? 2 * inquiry->paths_capacity : 4;
		inquiry->paths = inquiry->paths ?
			CoreRealloc(inquiry->paths, sizeof(ValuePath *) * inquiry->paths_capacity) :
			CoreAlloc(sizeof(ValuePath *) * inquiry->paths_capacity);
	}
	found = CoreAlloc(sizeof(ValuePath));
	*found = *path;
	return inquiry->paths[inquiry->npaths++] = found;
}

/* ---- the end of a path ---- */

static bool
MomentsAtEnd(Evidence *to)
{
	Question	all = {.kind = ASK_FROM, .argument = -INFINITY};
	Answer		answer;

	if (!Ask(to, &all, &answer))
		return false;
	to->moments = answer.moments;
	to->weighted = answer.weighted;
	return true;
}

/* Add a value with its weight.  An infinite one does not count. */
static void
AddWeighted(ValueStore *store, WeightedSums *weighted, double y, double weight)
{
	if (!isfinite(y))
		return;
	WeightedSumsAdd(weighted, y, weight);
	ValueStoreAddWeighted(store, y, weight);
}

bool
EvidenceAtEnd(Evidence *from, const ValuePath *path, Evidence *to)
{
	Walk		walk = StartWalk(from);
	Moments    *moments;
	MomentsStream stream;
	CountedValues *counted = NULL;
	ValueStore *store = NULL;
	WeightedSums *weighted = NULL;
	double		x;
	double		y;
	uint64_t	times;

	memset(to, 0, sizeof(*to));
	if (path->count == 0 || from->moments->count == 0)
	{
		*to = *from;
		return true;
	}
	if (from->range_alone)
	{
		to->range_alone = true;
		to->moments = RangeBehind(from->moments, path->elements, path->count);
		return true;
	}
	if (from->results)
	{
		to->moments = KnownResultsAtEnd(from->results, from->moments, path, &to->weighted, &to->range_alone);
		return true;
	}
	if (from->inquiry)
	{
		to->inquiry = from->inquiry;
		to->path = PathOfInquiry(from->inquiry, path);
		return MomentsAtEnd(to);
	}

	moments = CoreAlloc(sizeof(Moments));
	MomentsInit(moments);
	MomentsStreamInit(&stream);
	if (from->store)
	{
		store = CoreAllocZero(sizeof(ValueStore));
		store->weighted = from->store->weighted;
		ValueStoreReserve(store, from->store->count);
		if (store->weighted)
			weighted = CoreAllocZero(sizeof(WeightedSums));
	}
	else
	{
		counted = CoreAllocZero(sizeof(CountedValues));
		counted->exact = !EvidenceIsOfCells(from);
		counted->values = CoreAlloc(sizeof(CountedValue) * (MostSteps(from) + 1));
	}
	while (NextValue(&walk, &x, &times))
	{
		if (!PathValue(path, x, &y))
			continue;
		AddTimes(moments, &stream, y, times);
		if (weighted)
			AddWeighted(store, weighted, y, from->store->weights[walk.next - 1]);
		else if (store)
			ValueStoreAdd(store, y);
		else if (isfinite(y))
			counted->values[counted->length++] = (CountedValue) {y, times};
	}
	MomentsStreamFinish(&stream, moments);
	if (counted)
		qsort(counted->values, counted->length, sizeof(CountedValue), CompareCounted);
	to->moments = moments;
	to->weighted = weighted;
	to->store = store;
	to->counted = counted;
	return true;
}

/* ---- */

bool
Ask(Evidence *evidence, const Question *asked, Answer *answer)
{
	Question	of_path = *asked;
	const Question *question = &of_path;

	of_path.path = evidence->path;
	memset(answer, 0, sizeof(*answer));
	if (evidence->inquiry)
	{
		if (RecallAnswer(evidence->inquiry, question, answer))
			return true;
		NotePending(evidence->inquiry, question);
		return false;
	}
	if (question->kind == ASK_ORDER)
		answer->value = RankedValue(evidence, question->rank);
	else if (question->kind == ASK_DISTANCE)
		answer->value = RankedDistance(evidence, question->argument, question->rank);
	else if (question->kind == ASK_MOST_FREQUENT)
		answer->value = MostFrequentValue(evidence);
	else if (QuestionIsOfPower(question->kind))
		PowerSumsOf(evidence, question, &answer->power);
	else
	{
		answer->moments = CoreAlloc(sizeof(Moments));
		FunctionMoments(evidence, question, answer->moments);
	}
	return true;
}

void
PrepareForRanks(Evidence *evidence)
{
	if (evidence->store)
		ValueStoreSort(evidence->store);
}
