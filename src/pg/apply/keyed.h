/*
 * keyed.h
 *		Finding the scaler of a key in a set, row after row.
 */
#ifndef NORMFREEZE_KEYED_H
#define NORMFREEZE_KEYED_H

#include "pg/apply/call_site.h"

/* Find the set of an id, a ref or a value.  Fails for a scaler that is not a set. */
extern Applied *SetById(CallSite *site, int64 id);
extern Applied *SetByRef(CallSite *site, const text *ref);
extern Applied *SetByValue(CallSite *site, Datum scaler);

/*
 * Return what a set applies for a key: the key's scaler, or the fallback; NULL if its policy for other keys is
 * to give NULL.  A NULL key counts as one that the set does not have.  The result is valid until the next call
 * for the same set.
 */
extern Applied *AppliedByKey(Applied *set, const text *key);

#endif							/* NORMFREEZE_KEYED_H */
