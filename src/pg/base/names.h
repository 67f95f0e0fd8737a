/*
 * names.h
 *		Lists of names of features.
 */
#ifndef NORMFREEZE_NAMES_H
#define NORMFREEZE_NAMES_H

#include "pg/base/compat.h"

/* A list of names. */
typedef struct NameList
{
	int			count;
	char	  **names;
} NameList;

/* Fail unless all names are distinct, not empty and not too long. */
extern void CheckFeatureNames(char *const *names, int nfeatures);

/* Return the names in a text[] argument.  Fails if one is NULL; "what" says in the error what the list is. */
extern NameList NameListFromArray(Datum array, const char *what);

#endif							/* NORMFREEZE_NAMES_H */
