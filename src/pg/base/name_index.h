/*
 * name_index.h
 *		Finding one of many names.
 */
#ifndef NORMFREEZE_NAME_INDEX_H
#define NORMFREEZE_NAME_INDEX_H

#include "core/scaler/recipe.h"
#include "pg/base/compat.h"

/* Names in the order of their bytes. */
typedef struct NameIndex
{
	int			count;
	struct IndexedName *entries;
} NameIndex;

/* The names themselves are not copied. */
extern NameIndex MakeNameIndex(char *const *names, int count);

/* An index of the features of a recipe by name; an empty one if they have no names. */
extern NameIndex MakeFeatureIndex(const Recipe *recipe);

/* The position in the array, of the first one if there are several; -1 if there is none. */
extern int	NameIndexFind(const NameIndex *index, const char *name);

#endif							/* NORMFREEZE_NAME_INDEX_H */
