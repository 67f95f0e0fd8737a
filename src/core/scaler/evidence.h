/*
 * evidence.h
 *		The questions that a method asks about the values of a feature, and the sources of answers.
 *
 * When a method derives its parameters, it has the moments.  It asks for everything else: order
 * statistics, and moments of transformed values.  There are three sources of answers.  The values
 * themselves and a distribution answer at once.  An inquiry, which passes over a table serve,
 * answers what earlier passes have found and notes other questions as pending.  Then the
 * parameters cannot be derived yet, and are derived anew after the next pass.  So each method is
 * one algorithm, however the values are read.
 */
#ifndef NORMFREEZE_CORE_EVIDENCE_H
#define NORMFREEZE_CORE_EVIDENCE_H

#include "core/exact/moments.h"
#include "core/exact/weighted.h"
#include "core/scaler/known_path.h"
#include "core/scaler/power_likelihood.h"
#include "core/scaler/value_path.h"
#include "core/values/histogram.h"
#include "core/values/value_store.h"

/* What is asked. */
typedef enum QuestionKind
{
	ASK_ORDER,					/* the value of a rank (from 0) */
	ASK_DISTANCE,				/* the rounded |x - argument| of a rank */
	ASK_MOST_FREQUENT,			/* the least of the values that occur most often */
	/* from here on: the moments of a function of the values */
	ASK_FROM,					/* x itself, for x >= argument */
	ASK_YEO_JOHNSON,			/* by lambda = argument */
	ASK_BOX_COX,
	ASK_DISTANCES,				/* rounded |x - argument| */
	/* from here on: the sums of power_likelihood.h for the exponent "argument" and values in [low, high] */
	ASK_YEO_JOHNSON_SUMS,
	ASK_BOX_COX_SUMS
} QuestionKind;

#define LAST_QUESTION_KIND	ASK_BOX_COX_SUMS

/*
 * A question of a method about the values of a feature: as they are (path is NULL), or as they are at the end of
 * a path.  An inquiry has one path for equal ones, so that equal questions have the same.
 */
typedef struct Question
{
	const ValuePath *path;
	QuestionKind kind;
	uint64_t	rank;
	double		argument;
	double		low;
	double		high;
} Question;

/* The answer to a question; its kind says which member is set. */
typedef struct Answer
{
	double		value;			/* for a rank, or the most frequent value */
	Moments    *moments;		/* for a function of the values */
	WeightedSums *weighted;		/* beside the moments, in passes over values with weights; else NULL */
	PowerSums	power;			/* for a power transformation */
} Answer;

/* What passes over a table have found out about one feature, and what they must find out. */
typedef struct Inquiry
{
	int			nknown;
	int			known_capacity;
	Question   *known;
	Answer	   *answers;
	int			nslots;			/* a power of two, at least twice nknown */
	int		   *slots;			/* hash table of indexes into "known"; -1 for an empty slot */
	int			npending;
	int			pending_capacity;
	Question   *pending;
	int			npaths;
	int			paths_capacity;
	ValuePath **paths;
} Inquiry;

/* A value, and how many values it stands for. */
typedef struct CountedValue
{
	double		value;
	uint64_t	times;
} CountedValue;

/* Values in ascending order. */
typedef struct CountedValues
{
	bool		exact;			/* none stands for values that differ */
	uint32_t	length;
	CountedValue *values;
} CountedValues;

/* The source of answers for one feature. */
typedef struct Evidence
{
	const Moments *moments;
	const WeightedSums *weighted;	/* NULL without weights, and where range_alone is known */
	ValueStore *store;			/* all values, whose order changes; NULL without them */
	const Histogram *histogram; /* otherwise a canonical histogram, whose cells stand for the values; NULL without it */
	const CountedValues *counted;	/* otherwise what cells have become at the end of a path; NULL without it */
	Inquiry    *inquiry;		/* otherwise what passes over a table have found */
	const KnownResults *results;	/* otherwise what values have become behind elements that were known: no question
									 * can be asked */
	bool		range_alone;	/* otherwise nothing but the number of values and their range: no question can be
								 * asked */
	const ValuePath *path;		/* for an inquiry, the path at whose end the values are; NULL for values as they are */
	bool		has_zero;		/* without all of these: whether there is known to be a zero among the values */
} Evidence;

/* Return whether a question is about a rank, or about the sums of a power transformation. */
static inline bool
QuestionIsOfRank(QuestionKind kind)
{
	return kind <= ASK_DISTANCE;
}

static inline bool
QuestionIsOfPower(QuestionKind kind)
{
	return kind >= ASK_YEO_JOHNSON_SUMS;
}

static inline PowerFamily
PowerFamilyOf(QuestionKind kind)
{
	return kind == ASK_BOX_COX_SUMS ? POWER_BOX_COX : POWER_YEO_JOHNSON;
}

/* Return whether there is more than moments. */
static inline bool
EvidenceHasValues(const Evidence *evidence)
{
	return evidence->store || evidence->counted || evidence->histogram || evidence->inquiry || evidence->results;
}

/* Return whether answers come from cells, each of which stands for several values. */
static inline bool
EvidenceIsOfCells(const Evidence *evidence)
{
	if (evidence->store)
		return false;
	return evidence->counted ? !evidence->counted->exact :
		evidence->histogram && !HistogramIsExact(evidence->histogram);
}

/* Return whether questions are pending.  What was derived is of no use then. */
static inline bool
EvidenceIsPending(const Evidence *evidence)
{
	return evidence && evidence->inquiry && evidence->inquiry->npending > 0;
}

/*
 * Set *to to the evidence on what the values of "from" have become at the end of a path.
 *
 * "from" is evidence on values as they are; the path may end before *to does.  Return false if a question is pending:
 * its moments are not known then.
 */
extern bool EvidenceAtEnd(Evidence *from, const ValuePath *path, Evidence *to);

/*
 * Answer a question.  Return false if the answer is not known yet; the question is then noted as pending.
 *
 * A histogram says which value is most frequent only if it is exact.
 */
extern bool Ask(Evidence *evidence, const Question *question, Answer *answer);

/* Announce that very many ranks will be asked for, so that the values are sorted once. */
extern void PrepareForRanks(Evidence *evidence);

/* Set *y to the value whose moments a question asks for.  Return false for a value that is left out. */
extern bool QuestionedValue(const Question *question, double x, double *y);

/* Remember the answer to a pending question. */
extern void InquiryLearn(Inquiry *inquiry, const Question *question, const Answer *answer);

#endif							/* NORMFREEZE_CORE_EVIDENCE_H */
