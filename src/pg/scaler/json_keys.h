/*
 * json_keys.h
 *		Keys of a scaler's JSON, read strictly: what is missing, of another type or unknown is an error.
 */
#ifndef NORMFREEZE_JSON_KEYS_H
#define NORMFREEZE_JSON_KEYS_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "pg/base/json_tree.h"
#include "pg/scaler/scaler_view.h"

pg_noreturn extern void InvalidScalerJson(const char *problem, const char *key);
extern JsonNode *RequiredMember(const JsonNode *object, const char *key, JsonNodeType type);
extern double RequiredNumber(const JsonNode *object, const char *key);

/* Two numbers. */
extern void RequiredInterval(const JsonNode *object, const char *key, double *values);
extern uint8 RequiredPolicy(const JsonNode *object, const char *key, const PolicyName *names);

/* A boolean key that is written only if it is true: return false if it is absent. */
extern bool RareFlag(const JsonNode *object, const char *key);
extern void RejectUnknownKeys(const JsonNode *object, const char *const *known, int nknown);

/* The format that the JSON of a scaler or a set states, one of those that there are. */
extern int	RequiredFormat(const JsonNode *root);

/* Fail unless the fingerprint and id that the JSON states are those of the scaler that was made of it. */
extern void CheckStatedIdentity(const JsonNode *root, const ScalerView *view);

#endif							/* NORMFREEZE_JSON_KEYS_H */
