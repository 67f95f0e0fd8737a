/*
 * name_index.h
 *		Finding a name among many.
 */
#ifndef NORMFREEZE_NAME_INDEX_H
#define NORMFREEZE_NAME_INDEX_H

#include "core/scaler/recipe.h"
#include "pg/base/compat.h"

/* Names in the order of their bytes.  The names themselves are not copied. */
typedef struct NameIndex
{
	int			count;
	struct IndexedName *entries;
} NameIndex;

/* Make an index of names. */
extern NameIndex MakeNameIndex(char *const *names, int count);

/* An index of the features of a recipe by name; an empty one if they have no names. */
extern NameIndex MakeFeatureIndex(const Recipe *recipe);

/* Return the position of a name in the array, the first one if there are several; -1 if there is none. */
extern int	NameIndexFind(const NameIndex *index, const char *name);

#endif							/* NORMFREEZE_NAME_INDEX_H */
