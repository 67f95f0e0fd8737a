/*
 * value_path.h
 *		What happens to a value of a fit before a method sees it: ranges that clip or drop values, and earlier steps.
 */
#ifndef NORMFREEZE_CORE_VALUE_PATH_H
#define NORMFREEZE_CORE_VALUE_PATH_H

#include "core/base/bytes.h"
#include "core/scaler/domain.h"

/* What an element does.  Codes are in plans of passes, which live as long as a query. */
typedef enum PathElementKind
{
	PATH_CLIP = 0,				/* to [low, high] */
	PATH_DROP = 1,				/* values outside of [low, high] */
	PATH_DROP_UNDEFINED = 2,	/* values for which the formula is not defined */
	PATH_CLIP_UNDEFINED = 3,	/* such values, to [low, high] */
	PATH_STEP = 4				/* apply the formula, and clip the result to [low, high] */
} PathElementKind;

/* One element of a path.  Without a range, low and high are infinite. */
typedef struct PathElement
{
	PathElementKind kind;
	double		low;
	double		high;
	const Formula *formula;
	double		param[FORMULA_MAX_PARAMS];
	FormulaTable table;			/* of a formula with a table */
} PathElement;

#define PATH_MOST_ELEMENTS	64

/* The elements of a path, in their order. */
typedef struct ValuePath
{
	int			count;
	PathElement elements[PATH_MOST_ELEMENTS];
} ValuePath;

/* Add an element to the end of a path, which has room for what a feature may have. */
extern void PathAddRange(ValuePath *path, PathElementKind kind, double low, double high);
extern void PathAddDropUndefined(ValuePath *path, const Formula *formula);
extern void PathAddClipUndefined(ValuePath *path, const Formula *formula, double low, double high);
extern void PathAddStep(ValuePath *path, const Formula *formula, const double *param, const FormulaTable *table,
						double low, double high);

/* Let one element happen to a value.  Return false if it drops the value. */
extern bool PathElementValue(const PathElement *element, double *x);

/* Set *y to what a finite value has become at the end of a path.  Return false if it was dropped. */
extern bool PathValue(const ValuePath *path, double x, double *y);

/* Write a path; NULL is an empty one. */
extern void PutPath(ByteWriter *writer, const ValuePath *path);

/*
 * Read a path; NULL for an empty one.
 *
 * Anybody can make plans of passes, so paths are checked: reader->failed is set for one that cannot be applied.
 */
extern ValuePath *GetPath(ByteReader *reader);

#endif							/* NORMFREEZE_CORE_VALUE_PATH_H */
