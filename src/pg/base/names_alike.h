/*
 * names_alike.h
 *		A name that is not there, and one that looks like it.
 */
#ifndef NORMFREEZE_NAMES_ALIKE_H
#define NORMFREEZE_NAMES_ALIKE_H

#include "pg/base/compat.h"

/*
 * A sentence about the first of the names that is the wanted one but for case
 * or Unicode normal form, to begin a hint with; "" if there is none.
 */
extern char *NameAlike(const char *wanted, int nnames, char *const *names);

#endif							/* NORMFREEZE_NAMES_ALIKE_H */
