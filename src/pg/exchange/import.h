/*
 * import.h
 *		Scalers of other systems: what reading them has in common.
 *
 * A family is what one SQL function imports; it has classes, each of which
 * reads its parameters into arrays with a value for each feature.
 */
#ifndef NORMFREEZE_IMPORT_H
#define NORMFREEZE_IMPORT_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"

typedef struct Import Import;

/* Lists end with NULL. */
typedef struct ImportClass
{
	const char *name;
	const char *telltales[3];	/* without a class, a member that only this one has */
	void		(*read) (Import *import);
	const char *const *members; /* all that it may have, read or not; any other is an error */
	const char *bare;			/* a name that could be that of several members without their underscore, or NULL */
	bool		takes_nan;		/* NaN stands for what a feature without values was not given */
} ImportClass;

typedef struct ImportFamily
{
	const char *title;			/* what errors name before the class is known */
	const char *suffix;			/* what class names may end with besides */
	const char *const *containers;	/* objects whose members count as the root's */
	const char *const *name_keys;
	const char *const *count_keys;
	const char *const *members; /* further ones that every class may have */
	const ImportClass *classes; /* ends with a NULL name */
	const char *hint;
	bool		numeric_strings;	/* are numbers written as strings? */
	bool		vectors;		/* a list of numbers may be a vector of Spark */
	bool		underscores;	/* "mean_" may be written "mean", and "_private" is ignored */
} ImportFamily;

struct Import
{
	const ImportFamily *family;
	const ImportClass *class;	/* NULL while it is not known */
	const char *what;			/* how errors name it: the class, or the family's title */
	const char *part;			/* what it is a part of, such as transformer "num"; NULL of the whole */
	const JsonNode *root;
	int			nfeatures;		/* 0 while it is not known */
	const char *counted;		/* the member that told it */
	char	  **names;			/* NULL without */
	const Method *method;
	double		option[METHOD_MAX_VALUES];
	FeatureRecipe *features;
	int		   *inputs;			/* which input each feature is of; NULL: in order, all of them */
	int			ninputs;		/* how many inputs there were, if those are not NULL */
	const char **nan_keys;		/* of a class that takes NaN: where a feature has one, */
	bool	   *has_numbers;	/* and whether it has a number anywhere; else NULL */
};

/* What every value of an array must be. */
typedef enum ImportDemand
{
	IMPORT_FINITE,
	IMPORT_NONZERO,
	IMPORT_NOT_NEGATIVE,
	IMPORT_SPREAD				/* of which only zero matters: it may be beyond float8 */
} ImportDemand;

/* ---- import.c: the scaler ---- */

/* The whole of an import from JSON. */
extern Datum ImportFromJsonb(const ImportFamily *family, Jsonb *jsonb);
extern Datum ImportFromTree(const ImportFamily *family, const JsonNode *root);

/* What is read of an object by its class: features, their names and inputs. */
extern void ImportObject(Import *import);

/* Errors out if what one class gave is not usable. */
extern void ImportCheck(const Import *import);

/* The beginning and the end of one that is not from JSON. */
extern void ImportStart(Import *import, const ImportFamily *family);
extern bytea *ImportFinish(Import *import);

/* The method, with those of its options that the import has by the same name. */
extern void ImportMethod(Import *import, const Method *method);
extern double *ImportOption(Import *import, const char *name);

/* The features themselves, imported, without parameters yet; their number must be known. */
extern FeatureRecipe *ImportFeatures(Import *import);

/* the same with a formula and its parameters, one array for each */
extern FeatureRecipe *ImportFormula(Import *import, const Formula *formula, const double *const *param);

/* The training ranges, if they are known; a feature without width is constant. */
extern void ImportRange(Import *import, const char *low_key, const double *low,
						const char *high_key, const double *high);
extern void ImportRangeAroundZero(Import *import, const double *largest);

/* ---- import_members.c: members of the object, and errors ---- */

/* A member that is not null, or NULL. */
extern const JsonNode *ImportMember(const Import *import, const char *key);

/* the same, as it would be found in an object of this class; may be a null */
extern const JsonNode *ImportFindMember(const Import *import, const ImportClass *class, const char *key);

/* Is there such a member, even a null? */
extern bool ImportMentions(const Import *import, const char *key);

/* Errors out at a member of an object that is in none of the lists: it would be used for nothing. */
extern void ImportRefuseOthers(const Import *import, const JsonNode *object, const char *const *const *lists, int nlists);

/* NULL without the member; an error if it has another type. */
extern const JsonNode *ImportMemberOfType(const Import *import, const char *key, JsonNodeType type);
extern const JsonNode *ImportRequired(const Import *import, const char *key, JsonNodeType type);
extern bool ImportBoolean(const Import *import, const char *key, bool fallback);
extern double ImportNumber(const Import *import, const char *key, double fallback);

/* fallback may be NULL */
extern const char *ImportString(const Import *import, const char *key, const char *fallback);

/* the index of the member's text in the list */
extern int	ImportChoice(const Import *import, const char *key, const char *const *choices, int fallback);

/* The number that a JSON value is or names, NaN and infinities among them; false if it is none. */
extern bool ImportNodeNumber(const Import *import, const JsonNode *node, double *value);

/* what a JSON value is, for errors */
extern const char *NodeText(const JsonNode *node);

/* For ereport(): the family's hint, if it has one. */
extern int	ImportFamilyHint(const Import *import);

pg_noreturn extern void ImportMissing(const Import *import, const char *key);
pg_noreturn extern void ImportInvalid(const Import *import, const char *key, const char *is, const char *must_be);
pg_noreturn extern void ImportInvalidOf(const Import *import, const char *key, int i, const char *is, const char *must_be);

/* ---- import_numbers.c: how many features, and a value for each ---- */

/* Errors out if a scaler cannot have so many features. */
extern void CheckFeatureCount(int count);

/* Errors out if the number of features is known to be another one. */
extern void ImportCount(Import *import, const char *key, int count);
extern void ImportRequireCount(const Import *import);
extern void ImportNames(Import *import, const JsonNode *array, const char *key);

/* Arrays with a value for each feature; the member of an object, or anywhere in the import. */
extern double *ImportNumbersIn(Import *import, const JsonNode *object, const char *key, ImportDemand demand);
extern double *ImportNumbers(Import *import, const char *key, ImportDemand demand);
extern double *ImportNumbersIfAny(Import *import, const char *key, ImportDemand demand);

/* One value of feature i. */
extern double ImportValue(const Import *import, const JsonNode *node, const char *key, int i, ImportDemand demand);
extern void ImportCheckValue(const Import *import, double value, const char *key, int i, ImportDemand demand);
extern double *ImportConstant(const Import *import, double value);

/* ---- import_compose.c: scalers made of scalers, in scikit-learn's words ---- */

extern void ReadColumnTransformer(Import *import);
extern void ReadPipeline(Import *import);

#endif							/* NORMFREEZE_IMPORT_H */
