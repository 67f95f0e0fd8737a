/*
 * json_keys.h
 *		Reading the keys of a scaler's JSON strictly: a key that is missing, of another type or
 *		unknown is an error.
 */
#ifndef NORMFREEZE_JSON_KEYS_H
#define NORMFREEZE_JSON_KEYS_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

/* Report what is wrong with a key. */
pg_noreturn extern void InvalidScalerJson(const char *problem, const char *key);

/* Return a member of an object, or its number.  Fails if it is missing or of another type. */
extern JsonNode *RequiredMember(const JsonNode *object, const char *key, JsonNodeType type);
extern double RequiredNumber(const JsonNode *object, const char *key);

/* Read a member that is an array of two numbers. */
extern void RequiredInterval(const JsonNode *object, const char *key, double *values);

/* Return the code of the policy that a member names. */
extern uint8 RequiredPolicy(const JsonNode *object, const char *key, const PolicyName *names);

/* A boolean key that is written only if it is true: return false if it is absent. */
extern bool RareFlag(const JsonNode *object, const char *key);

/* Fail if an object has another key than these. */
extern void RejectUnknownKeys(const JsonNode *object, const char *const *known, int nknown);

/*
 * Return the format that the JSON of a scaler or a set states.  Fails for a format that this version does not
 * know.
 */
extern int	RequiredFormat(const JsonNode *root);

/* Fail unless the fingerprint and id that the JSON states are those of the scaler that was made of it. */
extern void CheckStatedIdentity(const JsonNode *root, const ScalerView *view);

#endif							/* NORMFREEZE_JSON_KEYS_H */
