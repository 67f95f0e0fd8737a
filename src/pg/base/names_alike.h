/*
 * names_alike.h
 *		Finding a name that looks like one that was not found, for hints.
 */
#ifndef NORMFREEZE_NAMES_ALIKE_H
#define NORMFREEZE_NAMES_ALIKE_H

#include "pg/base/compat.h"

/*
 * Return a sentence, to begin a hint with, on the first name that differs from the wanted one only in case or
 * Unicode normal form; an empty string if there is none.
 */
extern char *NameAlike(const char *wanted, int nnames, char *const *names);

#endif							/* NORMFREEZE_NAMES_ALIKE_H */
