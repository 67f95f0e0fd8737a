/*
 * audit_search.h
 *		The search for an explanation of observed values that are not what a scaler computes.
 */
#ifndef NORMFREEZE_AUDIT_SEARCH_H
#define NORMFREEZE_AUDIT_SEARCH_H

#include "pg/base/compat.h"

#include "core/compare/explanation.h"
#include "pg/audit/audit_state.h"
#include "pg/base/name_index.h"
#include "pg/fit/fit.h"
#include "pg/fit/rederive.h"

/* Another frozen scaler, which the caller may read. */
typedef struct FrozenScaler
{
	int64		id;
	char	   *label;			/* churn@v2; NULL: not known */
	Recipe		recipe;
	NameIndex	names;			/* of its features */
} FrozenScaler;

/* What the registry knows besides the scaler itself. */
typedef struct AuditBackground
{
	bool		trained;		/* the profile of the training set is at hand */
	Profile		training;
	int			nothers;
	FrozenScaler *others;
	bool		more_others;	/* than were looked at */
} AuditBackground;

/* The state of an audit laid out for the search: by feature, then by row of the sample. */
typedef struct AuditData
{
	AuditState *state;
	AuditScaler *scaler;
	MemoryContext context;		/* of the whole; each feature is judged in one of its own */
	int			n;				/* features */
	int			nrows;			/* distinct rows of the sample, by hash; the differing ones first */
	int			ndiffering;
	bool		complete;		/* the sample holds all rows */
	uint64	   *count;			/* how many rows were just this one */
	double	  **raw;			/* [feature][row]; NaN if missing */
	double	  **observed;
	double	  **expected;
	bool	  **refused;
	double	  **twice;			/* the scaler applied to its output; NULL until asked for, which formulas of whole
								 * rows do */
	Profile		live;			/* of the raw values, over all rows; settled */
	Profile		expected_values;	/* likewise, but without distributions */
	Profile		observed_values;
	Recipe		recipe;			/* of the inputs alone, in their order */
	Rederivation *rederived;
	const AuditBackground *background;	/* empty if there is nothing to search for */
	int		   *of_training;	/* the feature of the training profile, by input */
} AuditData;

/* ---- hypotheses ---- */

typedef enum HypothesisFamily
{
	/* hypotheses of one family do not contradict each other where the data cannot tell them apart */
	FAMILY_OF_ITS_OWN,
	FAMILY_METHOD,
	FAMILY_FLOAT4,
	FAMILY_ARITHMETIC,
	FAMILY_CLIP,
	FAMILY_MISSING,
	FAMILY_POLICY,
	FAMILY_PARAMETERS,
	FAMILY_ROUNDED,
	FAMILY_ABSENT				/* no value is predicted at all */
} HypothesisFamily;

typedef struct HypothesisList HypothesisList;
typedef struct HypothesisKind HypothesisKind;

struct HypothesisKind
{
	const char *name;			/* the diagnosis */
	HypothesisFamily family;
	bool		fallback;		/* has parameters found from the observed values: only if nothing else fits */
	const char *text;			/* a sentence on the values; details follow it */
	void		(*propose) (HypothesisList *list, const HypothesisKind *kind);
};

typedef struct Score
{
	int			explained;		/* of the rows in question */
	int64		explained_rows; /* the same by the rows that these stand for */
	bool		covers;			/* all rows in question */
	bool		covers_rest;	/* all others too */
	Match		worst;			/* among those in question */
	Match		worst_rest;
	double		largest;		/* deviation, where both are finite */
	double		deviation;		/* root of the mean square */
	bool		measured;		/* did any row give a deviation? */
	bool		telling;		/* the rows that it covers vary: a constant would not have explained them */
	bool		telling_rest;	/* of all rows */
	bool		proved;			/* if it rounds values: enough values prove the rounding */
	bool		clipped;		/* all rows in question are clipped: a greater factor explains them as well */
} Score;

typedef struct Hypothesis
{
	const HypothesisKind *kind;
	const char *detail;
	const double *x;			/* the raw values that went in */
	Explanation explanation;
	const double *predicted;	/* instead: values already computed (formulas of whole rows) */
	int			other;			/* the feature or frozen scaler it is about, or -1 */
	Score		score;
} Hypothesis;

struct HypothesisList
{
	AuditData  *data;
	int			feature;
	const FeatureRecipe *recipe;	/* of the feature */
	const bool *in_question;	/* rows whose values are to be explained */
	bool		single;			/* observed values are float4s */
	bool		nearly_right;	/* but for rounding, the scaler's own output is right */
	int			count;
	int			capacity;
	Hypothesis *hypotheses;
};

extern const HypothesisKind hypothesis_kinds[]; /* ends with a NULL name */

/* The value of a row that a hypothesis predicts; NaN for a missing one. */
extern double Predict(const Hypothesis *hypothesis, int row);

extern void ProposeHypotheses(HypothesisList *list, bool fallbacks);

/* For those who propose. */
extern Hypothesis *AddHypothesis(HypothesisList *list, const HypothesisKind *kind, const FeatureRecipe *recipe,
								 Application application, const char *detail);
extern Hypothesis *AddOwnOutput(HypothesisList *list, const HypothesisKind *kind, const char *detail);
extern bool ListIsOfRows(const HypothesisList *list);
extern bool IsWorthATrial(const HypothesisList *list, const Hypothesis *hypothesis);
extern bool ChangesNothing(const FeatureRecipe *feature);
extern int	CompareDoubles(const void *a, const void *b);

#define LEAST_POINTS	5		/* different raw values: two define a line, only more can confirm it */
extern int	DistinctInQuestion(const HypothesisList *list);

/* The proposers, named by the rows of hypothesis_kinds[]; hypothesis_refits.c */
extern void ProposeRefit(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeSampleDeviation(HypothesisList *list, const HypothesisKind *kind);
extern void ProposePopulationDeviation(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeRanges(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMethods(HypothesisList *list, const HypothesisKind *kind);

/* Return whether the audited rows are those of the training set. */
extern bool IsTrainingData(const HypothesisList *list);
extern bool IsStandard(const FeatureRecipe *feature);

/* The value of option "clip" among those of a method; NULL for a method without it. */
extern double *ClipOption(const Method *method, double *option);

/* NaN without values, or without what tells it. */
extern double ProfileMedian(const Profile *profile, int index, ValueStore *store);

/* hypothesis_values.c */
extern void ProposeFloat4Rounding(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeFloat4Arithmetic(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeFloat4Input(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeFloat8Arithmetic(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeArithmetic(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeClipped(HypothesisList *list, const HypothesisKind *kind);
extern void ProposePolicyIgnored(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingAsMean(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingAsMedian(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingAsZero(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeZeroForMissing(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingReplaced(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeResultsMissing(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeUnits(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeLine(HypothesisList *list, const HypothesisKind *kind);

/* audit_rounding.c */
extern void ProposeRoundedParameters(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeRoundedResults(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeRoundedInput(HypothesisList *list, const HypothesisKind *kind);

/* Return whether there are enough values to rule out chance for a hypothesis that rounds. */
extern bool IsRoundingProved(const HypothesisList *list, const Hypothesis *hypothesis);

/* Up to a limit: versions of the same names first. */
extern void ReadOtherScalers(AuditBackground *background, const AuditScaler *scaler);
extern const FeatureRecipe *FeatureOfOther(const AuditData *data, int other, int feature);
extern char *OtherText(const FrozenScaler *other);
extern bool SameParameters(const FeatureRecipe *a, const FeatureRecipe *b);

/* ---- scores (audit_score.c) ---- */

typedef struct AuditCase
{
	AuditData  *data;
	int			feature;
	const Agreement *agreement;
	bool		single;			/* observed values are compared as float4s */
	Match	   *own;			/* of the scaler's own output, by row */
	Match		own_worst;
	bool	   *in_question;	/* rows that are to be explained */
	int			nquestions;
	int64		question_rows;	/* that these stand for */
	HypothesisList list;
} AuditCase;

/* Hold the scaler's own output against the observed values, and see what is left in question. */
extern void OpenCase(AuditCase *c, AuditData *data, int feature, bool single);
extern double SlackOf(const AuditCase *c, const Hypothesis *hypothesis);
extern void ScoreHypothesis(const AuditCase *c, Hypothesis *hypothesis);
extern void ScoreFrom(AuditCase *c, int first);

/* Is a number of digits what it claims? */
extern bool IsOfDigits(const Hypothesis *hypothesis);

/* ---- findings ---- */

/* A part of the rows, and what explains it. */
typedef struct Component
{
	const char *diagnosis;
	const char *detail;
	double		share;			/* of all rows */
} Component;

#define MAX_COMPONENTS	3
#define MAX_CANDIDATES	5

typedef struct AuditFinding
{
	const char *verdict;
	const char *diagnosis;		/* NULL if equal */
	const char *detail;			/* NULL without one */
	char	   *evidence;
	int			other;			/* as in Hypothesis, of the diagnosis */
	bool		open;			/* unknown, since there are too few different values to prove a candidate */
	int			ncomponents;
	Component	components[MAX_COMPONENTS];
	int			ncandidates;
	Hypothesis	candidates[MAX_CANDIDATES];
	int			in_question;	/* rows of the sample that candidates are to explain */
} AuditFinding;

extern void LayOutAudit(AuditData *data, AuditState *state);
extern void JudgeFeatures(AuditFinding *findings, AuditData *data);

#endif							/* NORMFREEZE_AUDIT_SEARCH_H */
