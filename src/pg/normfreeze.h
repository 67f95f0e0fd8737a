/*
 * normfreeze.h
 *		What the files of src/pg share.
 */
#ifndef NORMFREEZE_H
#define NORMFREEZE_H

#include "pg/compat.h"

/* settings, defined in normfreeze.c */
extern int	fit_memory_kb;

/* "age" in quotes, or feature 3: how messages name a feature */
extern char *FeatureLabel(const char *name, int position);

/* errors out unless the floating-point environment is the default one */
extern void CheckFloatEnvironment(void);

#endif							/* NORMFREEZE_H */
