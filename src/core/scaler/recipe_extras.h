/*
 * recipe_extras.h
 *		What a feature of a recipe may have besides the bytes of format 1, and its bytes in format 2.
 *
 * A recipe is written in format 2 if one of its features has an extra, and in format 1 otherwise, so that what
 * was frozen before there were extras keeps its bytes and its id.
 *
 *	bit 1, steps before the last one:
 *		varint		their number
 *		per step:	byte method, byte formula, byte flags (1 = constant, 2 = imported), option values, parameters
 *					and table as those of a feature, domain rule
 *	bit 2, clipping of results: 2 float8, the range
 *	bit 4, the rule of the range of policy "outside" (range_rule.h):
 *		byte		kind
 *		byte		flags: 1 = open below, 2 = open above, 4 = statistics are of all values
 *		2 float8	its numbers
 *	bit 8, the type of the arithmetic: byte Dtype
 *	bit 16, the domain rule of the last step (domain.h)
 */
#ifndef NORMFREEZE_CORE_RECIPE_EXTRAS_H
#define NORMFREEZE_CORE_RECIPE_EXTRAS_H

#include "core/scaler/recipe.h"

/* Return whether any feature has an extra, so that the recipe needs format 2. */
extern bool RecipeHasExtras(const Recipe *recipe);

/* Write the extras of a feature. */
extern void PutExtras(ByteWriter *writer, const FeatureRecipe *feature);

/* Read them.  Return what is wrong with the bytes, or NULL. */
extern const char *GetExtras(ByteReader *reader, FeatureRecipe *feature);

/* Return what is wrong with the extras of a feature, or NULL. */
extern const char *ExtrasProblem(const FeatureRecipe *feature);

#endif							/* NORMFREEZE_CORE_RECIPE_EXTRAS_H */
