/*
 * audit_search.h
 *		The search for an explanation of observed values that differ from what a scaler computes.
 */
#ifndef NORMFREEZE_AUDIT_SEARCH_H
#define NORMFREEZE_AUDIT_SEARCH_H

#include "pg/base/compat.h"

#include "core/compare/explanation.h"
#include "pg/audit/audit_state.h"
#include "pg/base/name_index.h"
#include "pg/fit/fit.h"
#include "pg/fit/rederive.h"

/* Another frozen scaler that the current user may read. */
typedef struct FrozenScaler
{
	int64		id;
	char	   *label;			/* such as churn@v2; NULL if its name is not known */
	Recipe		recipe;
	NameIndex	names;			/* of its features */
} FrozenScaler;

/* What the registry knows besides the scaler itself. */
typedef struct AuditBackground
{
	bool		trained;		/* training is set */
	Profile		training;
	int			nothers;
	FrozenScaler *others;
	bool		more_others;	/* there are more than were read */
} AuditBackground;

/* The state of an audit, laid out for the search by feature and by row of the sample. */
typedef struct AuditData
{
	AuditState *state;
	AuditScaler *scaler;
	MemoryContext context;		/* of all of this; each feature is judged in a context of its own */
	int			n;				/* number of inputs */
	int			nrows;			/* number of distinct sampled rows, those that differ first, by hash */
	int			ndiffering;
	bool		complete;		/* the sample holds all rows */
	uint64	   *count;			/* how many rows are equal to this one */
	double	  **raw;			/* [feature][row]; NaN if missing */
	double	  **observed;
	double	  **expected;
	bool	  **refused;
	double	  **twice;			/* the scaler's output for its own output; NULL until asked for, and only for formulas
								 * of whole rows */
	Profile		live;			/* profile of the raw values over all rows, settled */
	Profile		expected_values;	/* likewise, without distributions */
	Profile		observed_values;
	Recipe		recipe;			/* the inputs alone, in their order */
	Rederivation *rederived;
	const AuditBackground *background;	/* has nothing in it if no row differs */
	int		   *of_training;	/* by input: its feature in the training profile */
} AuditData;

/* ---- hypotheses ---- */

/* Hypotheses of one family do not contradict each other where the data cannot tell them apart. */
typedef enum HypothesisFamily
{
	FAMILY_OF_ITS_OWN,
	FAMILY_METHOD,
	FAMILY_FLOAT4,
	FAMILY_ARITHMETIC,
	FAMILY_CLIP,
	FAMILY_MISSING,
	FAMILY_POLICY,
	FAMILY_PARAMETERS,
	FAMILY_ROUNDED,
	FAMILY_ABSENT				/* predicts that there is no value */
} HypothesisFamily;

typedef struct HypothesisList HypothesisList;
typedef struct HypothesisKind HypothesisKind;

/* One row of the table of hypotheses. */
struct HypothesisKind
{
	const char *name;			/* the diagnosis */
	HypothesisFamily family;
	bool		fallback;		/* its parameters are found from the observed values, so it is tried only if nothing
								 * else explains them */
	const char *text;			/* a sentence on the values, which the detail follows */
	void		(*propose) (HypothesisList *list, const HypothesisKind *kind);
	bool		fits;			/* its features are the scaler's, fitted differently */
};

/* How well a hypothesis explains the rows. */
typedef struct Score
{
	int			explained;		/* number of sampled rows in question that it explains */
	int64		explained_rows; /* number of rows that these stand for */
	bool		covers;			/* it explains all rows in question */
	bool		covers_rest;	/* it explains all other rows, too */
	Match		worst;			/* worst match among the rows in question */
	Match		worst_rest;
	double		largest;		/* largest deviation, where both values are finite */
	double		deviation;		/* root of the mean square of the deviations */
	bool		measured;		/* there is a row with a deviation */
	bool		telling;		/* the rows in question vary enough: a constant would not explain them */
	bool		telling_rest;	/* the same for all rows */
	bool		proved;			/* a rounding is proved by enough values; true for all else */
	bool		clipped;		/* all rows in question are clipped, so that a greater factor would explain them as
								 * well */
} Score;

/* One way in which the observed values of a feature may have come about. */
typedef struct Hypothesis
{
	const HypothesisKind *kind;
	const char *detail;
	const double *x;			/* the raw values that went in, by row */
	Explanation explanation;
	const double *predicted;	/* instead of recipe and x: values computed already, for formulas of whole rows */
	int			other;			/* the feature or frozen scaler that it is about, or -1 */
	Score		score;
} Hypothesis;

/* The hypotheses on one feature. */
struct HypothesisList
{
	AuditData  *data;
	int			feature;
	const FeatureRecipe *recipe;	/* of the feature */
	const bool *in_question;	/* by row: its value is to be explained */
	bool		single;			/* observed values are compared as float4s */
	bool		nearly_right;	/* the scaler's own output is right up to rounding */
	int			count;
	int			capacity;
	Hypothesis *hypotheses;
};

extern const HypothesisKind hypothesis_kinds[]; /* ends with a NULL name */

/* Return the value that a hypothesis predicts for a row; NaN if it is missing. */
extern double Predict(const Hypothesis *hypothesis, int row);

/* Add the hypotheses of all kinds that are fallbacks, or of all that are not. */
extern void ProposeHypotheses(HypothesisList *list, bool fallbacks);

/*
 * Add a hypothesis by which the recipe was applied in some way; see ExplanationInit().  The detail may be NULL.
 *
 * The result is valid until the next hypothesis is added.
 */
extern Hypothesis *AddHypothesis(HypothesisList *list, const HypothesisKind *kind, const FeatureRecipe *recipe,
								 Application application, const char *detail);

/* Add a hypothesis by which something happened to the scaler's own output. */
extern Hypothesis *AddOwnOutput(HypothesisList *list, const HypothesisKind *kind, const char *detail);

/* Return whether the feature's formula takes whole rows, as row norms do. */
extern bool ListIsOfRows(const HypothesisList *list);

/* Return whether a hypothesis comes near any of the first few values in question, and so deserves to be scored. */
extern bool IsWorthATrial(const HypothesisList *list, const Hypothesis *hypothesis);

/*
 * Return whether an affine formula is the identity.  Such a hypothesis is the diagnosis "not_applied"; for the last of
 * several steps, "missing_step".
 */
extern bool ChangesNothing(const FeatureRecipe *feature);

/* Compare two doubles, for qsort(). */
extern int	CompareDoubles(const void *a, const void *b);

#define LEAST_POINTS	5		/* least number of distinct raw values: two define a line, and only more can confirm
								 * it */

/* Return the number of distinct finite raw values in question. */
extern int	DistinctInQuestion(const HypothesisList *list);

/*
 * The proposers, which hypothesis_kinds[] names: each adds the hypotheses of a kind that are possible for the
 * feature, or none.  In hypothesis_refits.c:
 */
extern void ProposeRefit(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeSampleDeviation(HypothesisList *list, const HypothesisKind *kind);
extern void ProposePopulationDeviation(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeRanges(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMethods(HypothesisList *list, const HypothesisKind *kind);

/*
 * Return whether the audited raw values of this feature are those that the scaler was fitted on: their exact
 * moments are equal.
 */
extern bool IsTrainingData(const HypothesisList *list);

/*
 * Return a feature as a fit to one feature's profile makes it, by the methods and options it has; NULL if the
 * profile does not tell.
 *
 * Policies stay, and so does the range unless it is by a rule; nothing is fitted to other features together with it.
 * The store may be NULL.
 */
extern FeatureRecipe *FitOne(const FeatureRecipe *asked, const Profile *profile, int index, ValueStore *store);

/*
 * Return the feature as a fit by some method to one feature's profile makes it; NULL if it cannot be fitted.
 *
 * The policies are those of "like", and so is the rule of its range.  The store may be NULL if neither the method nor
 * the rule needs values.
 */
extern FeatureRecipe *FitVariant(const FeatureRecipe *like, const Method *method, const double *option, uint8 quantiles,
								 const Profile *profile, int index, ValueStore *store);

/*
 * Keep the scaler's own value for missing ones, which was computed from all values; the profile has no exact
 * quantiles.
 */
extern void KeepImputed(FeatureRecipe *derived, const FeatureRecipe *own);

/* Return whether a feature is divided by a standard deviation, and has no intercept or multiplier. */
extern bool IsStandard(const FeatureRecipe *feature);

/* Return the place of option "clip" among a method's options, or NULL for a method without it. */
extern double *ClipOption(const Method *method, double *option);

/*
 * Return the median of a feature's values, from the store if it is not NULL, else from the profile's histogram.
 *
 * NaN if there are no values, or neither a store nor a histogram.
 */
extern double ProfileMedian(const Profile *profile, int index, ValueStore *store);

/* In hypothesis_steps.c: */
extern void ProposeMissingStep(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeSwappedSteps(HypothesisList *list, const HypothesisKind *kind);

/* In hypothesis_ranges.c: */
extern void ProposeNotWinsorized(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeOtherRules(HypothesisList *list, const HypothesisKind *kind);

/* In hypothesis_clips.c: */
extern void ProposeClipped(HypothesisList *list, const HypothesisKind *kind);

/* Return a feature whose results are not clipped. */
extern FeatureRecipe *WithoutClip(const FeatureRecipe *own);

/* Return the bounds of clipped results in words.  One of them may be infinite. */
extern char *BoundsText(double low, double high);

/* In hypothesis_values.c: */
extern void ProposeFloat4Rounding(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeFloat4Arithmetic(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeFloat4Input(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeFloat8Arithmetic(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeArithmetic(HypothesisList *list, const HypothesisKind *kind);
extern void ProposePolicyIgnored(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingAsMean(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingAsMedian(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingAsZero(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeZeroForMissing(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeMissingReplaced(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeResultsMissing(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeUnits(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeLine(HypothesisList *list, const HypothesisKind *kind);

/* In audit_rounding.c: */
extern void ProposeRoundedParameters(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeRoundedResults(HypothesisList *list, const HypothesisKind *kind);
extern void ProposeRoundedInput(HypothesisList *list, const HypothesisKind *kind);

/* Return false if a hypothesis rounds values or parameters and there are too few values to rule out chance. */
extern bool IsRoundingProved(const HypothesisList *list, const Hypothesis *hypothesis);

/*
 * Read the other frozen scalers that the current user may read and that share features with this one.
 *
 * There is a limit on their number; scalers frozen under the same names come first.
 */
extern void ReadOtherScalers(AuditBackground *background, const AuditScaler *scaler);

/* Return what another scaler has for a feature, matched by name or, without names, by place; NULL if it has none. */
extern const FeatureRecipe *FeatureOfOther(const AuditData *data, int other, int feature);

/* Return the name and the id of another scaler, in words. */
extern char *OtherText(const FrozenScaler *other);
extern bool SameParameters(const FeatureRecipe *a, const FeatureRecipe *b);

/* Return whether results are clipped to the same range, or not at all. */
extern bool ClipAlike(const FeatureRecipe *a, const FeatureRecipe *b);

/* Return whether the steps before the last one compute the same. */
extern bool BeginAlike(const FeatureRecipe *a, const FeatureRecipe *b);

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

/*
 * Compare the scaler's own output with the observed values of a feature, and set which rows are in question.
 *
 * If "single", values are compared as float4s.
 */
extern void OpenCase(AuditCase *c, AuditData *data, int feature, bool single);

/* Return the deviation that rounding alone may cause in the values that a hypothesis predicts. */
extern double SlackOf(const AuditCase *c, const Hypothesis *hypothesis);

/* Compare what a hypothesis predicts with the observed values, and set its score. */
extern void ScoreHypothesis(const AuditCase *c, Hypothesis *hypothesis);

/*
 * Score the hypotheses from the first on.  Those that fail a trial by a few rows keep a score that explains
 * nothing.
 */
extern void ScoreFrom(AuditCase *c, int first);

/* Return whether a hypothesis is about a number of digits. */
extern bool IsOfDigits(const Hypothesis *hypothesis);

/* ---- findings ---- */

/* A part of the rows, and its diagnosis. */
typedef struct Component
{
	const char *diagnosis;
	const char *detail;
	double		share;			/* of all rows */
} Component;

#define MAX_COMPONENTS	3
#define MAX_CANDIDATES	5

/* What an audit found on one feature. */
typedef struct AuditFinding
{
	const char *verdict;
	const char *diagnosis;		/* NULL if the values are equal */
	const char *detail;			/* NULL if there is none */
	char	   *evidence;
	int			other;			/* as in Hypothesis, for the diagnosis */
	bool		open;			/* too few different values to prove a candidate */
	int			ncomponents;
	Component	components[MAX_COMPONENTS];
	int			ncandidates;
	Hypothesis	candidates[MAX_CANDIDATES];
	int			in_question;	/* number of sampled rows that the candidates are to explain */
} AuditFinding;

/* Lay out the state of an audit for JudgeFeatures().  Reads the registry if any row differs. */
extern void LayOutAudit(AuditData *data, AuditState *state);

/* Fill in the findings of all features. */
extern void JudgeFeatures(AuditFinding *findings, AuditData *data);

#endif							/* NORMFREEZE_AUDIT_SEARCH_H */
