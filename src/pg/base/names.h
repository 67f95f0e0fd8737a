/*
 * names.h
 *		Lists of names of features.
 */
#ifndef NORMFREEZE_NAMES_H
#define NORMFREEZE_NAMES_H

#include "pg/base/compat.h"

typedef struct NameList
{
	int			count;
	char	  **names;
} NameList;

/* Fail unless the names are not empty, not too long, and distinct. */
extern void CheckFeatureNames(char *const *names, int nfeatures);

/* A list of names from a text[] argument; a NULL in it is an error that says what the list is. */
extern NameList NameListFromArray(Datum array, const char *what);

#endif							/* NORMFREEZE_NAMES_H */
