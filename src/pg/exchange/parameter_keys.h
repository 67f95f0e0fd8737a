/*
 * parameter_keys.h
 *		The keys of files of parameters, as the arrangements of parameter_blocks.c read them.
 */
#ifndef NORMFREEZE_PARAMETER_KEYS_H
#define NORMFREEZE_PARAMETER_KEYS_H

#include "pg/exchange/parameter_blocks.h"

/* Return whether a member is to be left out: the caller says so, or it is null. */
extern bool IsIgnored(const ParameterWords *words, const JsonNode *child);

/* Return the role that a part of a key has, where the caller has not said what the whole means. */
extern ParameterRole UsualRole(const ParameterWords *words, const char *key, int length);

/* Return what a member of an object is. */
extern ParameterRole RoleOfChild(const ParameterWords *words, const JsonNode *child);

/* Return a key as errors show it; "outer" is the key of the object that it is in, or NULL. */
extern const char *ShownKey(const char *outer, const char *key);

/* Fail at a member that has no meaning, unless the caller allows such. */
extern void RefuseUnused(const Import *import, const ParameterWords *words, const char *outer, const JsonNode *child);

/* Set a statistic of a block.  Fails if it is there already. */
extern void SetValue(const Import *import, ParameterBlock *block, ParameterRole role, const JsonNode *value,
					 const char *key);

/* Return the members of an object that are not ignored. */
extern const JsonNode **Considered(const ParameterWords *words, const JsonNode *object, int *count);

/* Make so many blocks, which are empty. */
extern ParameterBlock *MakeBlocks(ParameterBlocks *blocks, int count);

#endif							/* NORMFREEZE_PARAMETER_KEYS_H */
