/*
 * import.h
 *		What reading scalers of other systems has in common.
 *
 * A family is what one SQL function imports.  It has classes, each of which reads its parameters
 * into arrays with a value for each feature.
 */
#ifndef NORMFREEZE_IMPORT_H
#define NORMFREEZE_IMPORT_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"

typedef struct Import Import;

/* One class of a family.  Lists end with NULL. */
typedef struct ImportClass
{
	const char *name;
	const char *telltales[3];	/* members that tell this class from the others, if objects name no class */
	void		(*read) (Import *import);
	const char *const *members; /* all members that it may have, whether read or not; any other is an error */
	const char *bare;			/* a name without underscore that could be that of several members, or NULL */
	bool		takes_nan;		/* NaN stands for the parameters of a feature that had no values */
} ImportClass;

/* What one SQL function imports. */
typedef struct ImportFamily
{
	const char *title;			/* the name that errors use until the class is known */
	const char *suffix;			/* what class names may end with in addition */
	const char *const *containers;	/* objects whose members count as members of the root */
	const char *const *name_keys;
	const char *const *count_keys;
	const char *const *members; /* further members that every class may have */
	const ImportClass *classes; /* the classes; a NULL name ends the list */
	const char *hint;
	bool		numeric_strings;	/* numbers may be written as strings */
	bool		vectors;		/* a list of numbers may be a vector of Spark */
	bool		underscores;	/* "mean_" may be written "mean", and "_private" is ignored */
} ImportFamily;

/* An import, and what has been read so far. */
struct Import
{
	const ImportFamily *family;
	const ImportClass *class;	/* NULL until it is known */
	const char *what;			/* the name that errors use: that of the class, or the family's title */
	const char *part;			/* the part that this is, such as transformer "num"; NULL for the whole */
	const JsonNode *root;
	int			nfeatures;		/* 0 until it is known */
	const char *counted;		/* the member that told it */
	char	  **names;			/* NULL without names */
	const Method *method;
	double		option[METHOD_MAX_VALUES];
	FeatureRecipe *features;
	int		   *inputs;			/* by feature: the input that it is of; NULL if the features are the inputs, in order */
	int			ninputs;		/* the number of inputs, if that is not NULL */
	const char **nan_keys;		/* by feature, in a class that takes NaN: a member that has NaN for it, or NULL */
	bool	   *has_numbers;	/* by feature: some member has a number for it; NULL in other classes */
};

/* What every value of an array must be. */
typedef enum ImportDemand
{
	IMPORT_FINITE,
	IMPORT_NONZERO,
	IMPORT_NOT_NEGATIVE,
	IMPORT_SPREAD				/* only whether it is zero matters; it may be too large for float8 */
} ImportDemand;

/* ---- import.c: the scaler ---- */

/* Return the scaler that a jsonb object describes.  This is all that an import from JSON does. */
extern Datum ImportFromJsonb(const ImportFamily *family, Jsonb *jsonb);

/* The same from a parsed object. */
extern Datum ImportFromTree(const ImportFamily *family, const JsonNode *root);

/*
 * Read an object by its class: its features, their names and their inputs.  Fails for a class or a member that is
 * not known, and for a value that has no meaning here.
 */
extern void ImportObject(Import *import);

/* Fail if what a class has read cannot be a scaler. */
extern void ImportCheck(const Import *import);

/* Start an import that is not from JSON, and finish it: return its scaler. */
extern void ImportStart(Import *import, const ImportFamily *family);
extern bytea *ImportFinish(Import *import);

/* Set the method, and its options that the import has under the same names. */
extern void ImportMethod(Import *import, const Method *method);

/* Return the value of an option of the method, to be set. */
extern double *ImportOption(Import *import, const char *name);

/* Make the features, without parameters.  Fails if their number is not known. */
extern FeatureRecipe *ImportFeatures(Import *import);

/* Make the features with a formula and its parameters: an array for each parameter. */
extern FeatureRecipe *ImportFormula(Import *import, const Formula *formula, const double *const *param);

/* Set the training ranges.  A feature whose range has no width is constant.  The keys are for errors. */
extern void ImportRange(Import *import, const char *low_key, const double *low,
						const char *high_key, const double *high);

/* Set training ranges from -largest to largest. */
extern void ImportRangeAroundZero(Import *import, const double *largest);

/* ---- import_members.c: members of the object, and errors ---- */

/* Return a member of the import; NULL if there is none or it is null. */
extern const JsonNode *ImportMember(const Import *import, const char *key);

/*
 * Return the member as an object of this class would have it: by its name or the one without underscore.  It may be
 * a JSON null.  NULL if there is none; an error if there are both.
 */
extern const JsonNode *ImportFindMember(const Import *import, const ImportClass *class, const char *key);

/* Return whether there is such a member, even a null. */
extern bool ImportMentions(const Import *import, const char *key);

/* Fail at a member of an object that is in none of the lists.  It would be ignored without a word. */
extern void ImportRefuseOthers(const Import *import, const JsonNode *object,
							   const char *const *const *lists, int nlists);

/* Return a member; NULL if there is none.  Fails if it has another type. */
extern const JsonNode *ImportMemberOfType(const Import *import, const char *key, JsonNodeType type);

/* Return a member.  Fails if there is none, or it has another type. */
extern const JsonNode *ImportRequired(const Import *import, const char *key, JsonNodeType type);

/* Return the boolean, number or text of a member, or the fallback if there is none.  A fallback text may be NULL. */
extern bool ImportBoolean(const Import *import, const char *key, bool fallback);
extern double ImportNumber(const Import *import, const char *key, double fallback);

extern const char *ImportString(const Import *import, const char *key, const char *fallback);

/*
 * Return the place of a member's text in a list of choices, or the fallback if there is no such member.  Fails for
 * any other text.
 */
extern int	ImportChoice(const Import *import, const char *key, const char *const *choices, int fallback);

/*
 * Set *value to the number that a JSON value is, or that a string stands for: NaN, an infinity or, in a family
 * with numeric_strings, any number.  Return false for anything else.
 */
extern bool ImportNodeNumber(const Import *import, const JsonNode *node, double *value);

/* Return a JSON value for errors, such as: the string "abc". */
extern const char *NodeText(const JsonNode *node);

/* Add the family's hint, if it has one.  To be used within ereport(). */
extern int	ImportFamilyHint(const Import *import);

/* Report that a member is missing. */
pg_noreturn extern void ImportMissing(const Import *import, const char *key);

/* Report that a member is one thing, and must be another. */
pg_noreturn extern void ImportInvalid(const Import *import, const char *key, const char *is, const char *must_be);

/* The same for the value of feature i. */
pg_noreturn extern void ImportInvalidOf(const Import *import, const char *key, int i, const char *is,
										const char *must_be);

/* ---- import_numbers.c: how many features, and a value for each ---- */

/* Fail if a scaler may not have so many features. */
extern void CheckFeatureCount(int count);

/* Set the number of features.  Fails if another member has told another number, or if a scaler cannot have it. */
extern void ImportCount(Import *import, const char *key, int count);

/* Fail if the number of features is not known. */
extern void ImportRequireCount(const Import *import);

/* Set the names of the features, and so their number. */
extern void ImportNames(Import *import, const JsonNode *array, const char *key);

/*
 * Return an array with a value for each feature, from a member of some object.  Sets the number of features if
 * it was not known.
 */
extern double *ImportNumbersIn(Import *import, const JsonNode *object, const char *key, ImportDemand demand);

/* The same from a member of the import; fails if there is none. */
extern double *ImportNumbers(Import *import, const char *key, ImportDemand demand);

/* The same; NULL if there is no such member. */
extern double *ImportNumbersIfAny(Import *import, const char *key, ImportDemand demand);

/* Return a value as the one of feature i.  Fails if it is not what is demanded. */
extern double ImportValue(const Import *import, const JsonNode *node, const char *key, int i, ImportDemand demand);

/*
 * Fail if a number is not what is demanded.  In a class that takes NaN, note in nan_keys or has_numbers what there
 * is for feature i.
 */
extern void ImportCheckValue(const Import *import, double value, const char *key, int i, ImportDemand demand);

/* Return an array with the same value for each feature. */
extern double *ImportConstant(const Import *import, double value);

/* ---- import_steps.c: scalers made of scalers ---- */

/* Start reading a part of an import.  "n" is the number of its inputs, or 0 if that is not known. */
extern void ImportPartStart(Import *part, const Import *whole, const JsonNode *node, const char *kind,
							const char *label, char **names, int n, const char *counted);

/* Read a part by its class.  "passthrough" leaves all values as they are. */
extern void ImportPartRead(Import *part);

/* Return the input that feature i is of. */
extern int	ImportInputOf(const Import *import, int i);

/* Return the formulas of whole rows that features have, a bit for each code. */
extern uint64 ImportNormsOf(const FeatureRecipe *features, int n);

/*
 * Fail if a part has a norm that the features before it have, too.  All features of a scaler with one such
 * formula share one norm.
 */
extern void ImportCheckOneNorm(const Import *whole, uint64 norms, const Import *part);

/*
 * Return what a later step makes of what an earlier step gives, for one feature.  Fails for what is no sequence.
 * "label" is the later step's, for errors.
 */
extern FeatureRecipe ImportComposed(const Import *whole, const FeatureRecipe *earlier, const FeatureRecipe *later,
									const char *label);

/* Put a step behind what has been read so far. */
extern void ImportAppendStep(Import *whole, const Import *step, const char *label);

/* ---- import_spark_pipeline.c ---- */

/* The reader of PipelineModel. */
extern void ReadSparkPipeline(Import *import);

/* ---- import_compose.c: scalers made of scalers, in scikit-learn's words ---- */

/* Readers of the classes that are made of other classes. */
extern void ReadColumnTransformer(Import *import);
extern void ReadPipeline(Import *import);

/* ---- import_winsorizer.c: feature-engine's Winsorizer ---- */

extern const char *const winsorizer_members[];
extern void ReadWinsorizer(Import *import);

/* Fail if a step of a Pipeline clips values, and an earlier one has done that or scaled them. */
extern void CheckClipsFirst(const Import *whole, const FeatureRecipe *earlier, bool scales, const char *label);

/*
 * Set the range of a feature, and what becomes of values outside, to those of an earlier step.
 *
 * The training range of a later one is that of the values that it got.
 */
extern void TakeRange(FeatureRecipe *feature, const FeatureRecipe *earlier);

#endif							/* NORMFREEZE_IMPORT_H */
