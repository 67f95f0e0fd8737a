/*
 * lookup_generation.h
 *		A counter that invalidations advance, for results of look-ups that are kept.
 */
#ifndef NORMFREEZE_LOOKUP_GENERATION_H
#define NORMFREEZE_LOOKUP_GENERATION_H

#include "pg/base/compat.h"

extern void LookupGenerationInit(void);

/* Advances whenever privileges, rows or what a name means may have changed under a look-up. */
extern uint64 lookup_generation;

static inline uint64
LookupGeneration(void)
{
	return lookup_generation;
}

#endif							/* NORMFREEZE_LOOKUP_GENERATION_H */
