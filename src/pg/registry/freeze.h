/*
 * freeze.h
 *		Storing a scaler, or a set with its members.
 */
#ifndef NORMFREEZE_FREEZE_H
#define NORMFREEZE_FREEZE_H

#include "pg/base/compat.h"

#include "pg/registry/contents.h"

/* Store a scaler, or a set with its members; its id.  *rows: what it was fitted on, or -1. */
extern int64 StoreScaler(const ScalerView *view, KeepProfile keep, int64 *rows);

/* Is there evidence of a stored scaler, or of all members of a set, and its fallback, that had any? */
extern bool EvidenceIsStored(int64 id, const ScalerView *view);

#endif							/* NORMFREEZE_FREEZE_H */
