/*
 * evidence.h
 *		The questions that a method asks about the values of a feature, and the sources of answers.
 *
 * Moments are at hand when a method derives its parameters.  It asks for everything else (order statistics,
 * moments of transformed values).  There are three sources of answers.  The values themselves and a
 * distribution answer at once.  An inquiry, which passes over a table serve, answers what earlier passes have
 * found, and notes the other questions as pending: then the parameters cannot be derived yet, and are derived
 * anew after the next pass.  So each method is one algorithm, however the values are read.
 */
#ifndef NORMFREEZE_CORE_EVIDENCE_H
#define NORMFREEZE_CORE_EVIDENCE_H

#include "core/exact/moments.h"
#include "core/scaler/power_likelihood.h"
#include "core/values/histogram.h"
#include "core/values/value_store.h"

typedef enum QuestionKind
{
	ASK_ORDER,					/* the value of a rank, from 0 */
	ASK_DISTANCE,				/* of |x - argument|, rounded, the one of a rank */
	/* from here on: the moments of a function of the values */
	ASK_FROM,					/* x itself where x >= argument */
	ASK_YEO_JOHNSON,			/* by lambda = argument */
	ASK_BOX_COX,
	ASK_DISTANCES,				/* |x - argument|, rounded */
	/* from here on: the sums of power_likelihood.h, by the exponent = argument, for values in [low, high] */
	ASK_YEO_JOHNSON_SUMS,
	ASK_BOX_COX_SUMS
} QuestionKind;

#define LAST_QUESTION_KIND	ASK_BOX_COX_SUMS

typedef struct Question
{
	QuestionKind kind;
	uint64_t	rank;
	double		argument;
	double		low;
	double		high;
} Question;

typedef struct Answer
{
	double		value;			/* of a rank */
	Moments    *moments;		/* of a function of the values */
	PowerSums	power;			/* of a power transformation */
} Answer;

/* What passes over a table have found out about one feature, and must find out. */
typedef struct Inquiry
{
	int			nknown;
	int			known_capacity;
	Question   *known;
	Answer	   *answers;
	int			nslots;			/* a power of two, at least twice nknown */
	int		   *slots;			/* hash table of indexes into known, -1 where empty */
	int			npending;
	int			pending_capacity;
	Question   *pending;
} Inquiry;

typedef struct Evidence
{
	const Moments *moments;
	ValueStore *store;			/* if not NULL: all values, whose order changes */
	const Histogram *histogram; /* else, if not NULL: canonical; its cells stand for the values */
	Inquiry    *inquiry;		/* else */
} Evidence;

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

/* Return whether answers come from cells, each of which stands for several values. */
static inline bool
EvidenceIsOfCells(const Evidence *evidence)
{
	return evidence->store == NULL && evidence->histogram && !HistogramIsExact(evidence->histogram);
}

/* Answer a question; false if the answer is not known yet, and the question has been noted as pending. */
extern bool Ask(Evidence *evidence, const Question *question, Answer *answer);

/* Announce that very many ranks are about to be asked for, so that the values are sorted once. */
extern void PrepareForRanks(Evidence *evidence);

/* The value whose moments a question asks for; false for a value that is left out. */
extern bool QuestionedValue(const Question *question, double x, double *y);

/* Remember the answer to a pending question. */
extern void InquiryLearn(Inquiry *inquiry, const Question *question, const Answer *answer);

#endif							/* NORMFREEZE_CORE_EVIDENCE_H */
