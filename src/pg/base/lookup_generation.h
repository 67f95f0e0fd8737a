/*
 * lookup_generation.h
 *		A counter that invalidations advance.  Results of look-ups are kept as long as it stays the
 *		same.
 */
#ifndef NORMFREEZE_LOOKUP_GENERATION_H
#define NORMFREEZE_LOOKUP_GENERATION_H

#include "pg/base/compat.h"

/* Register the callbacks.  To be called once, when the library is loaded. */
extern void LookupGenerationInit(void);

/* Advances whenever privileges, rows, or the meaning of a name may have changed since a look-up. */
extern uint64 lookup_generation;

/* Return the counter, after invalidations that are pending. */
static inline uint64
LookupGeneration(void)
{
	return lookup_generation;
}

#endif							/* NORMFREEZE_LOOKUP_GENERATION_H */
