/*
 * parameter_flat.h
 *		Parameters whose keys have a feature and a statistic in one.
 */
#ifndef NORMFREEZE_PARAMETER_FLAT_H
#define NORMFREEZE_PARAMETER_FLAT_H

#include "pg/exchange/parameter_blocks.h"

/*
 * Read the members of an object as such keys.  Return false if they are none.  Fails if each may be taken apart in two
 * ways.
 */
extern bool ReadFlat(const Import *import, const ParameterWords *words, const JsonNode *const *children, int count,
					 ParameterBlocks *result);

/* Return whether a key has a feature and a statistic in one. */
extern bool IsFlatKey(const ParameterWords *words, const JsonNode *child);

/* Fail if all keys are such, but not all features have the same statistics. */
extern void RefuseMixedFlat(const Import *import, const ParameterWords *words, const JsonNode *const *children,
							int count);

#endif							/* NORMFREEZE_PARAMETER_FLAT_H */
