/*
 * freeze.h
 *		Storing a scaler, or a set with its members.
 */
#ifndef NORMFREEZE_FREEZE_H
#define NORMFREEZE_FREEZE_H

#include "pg/base/compat.h"

#include "pg/registry/contents.h"

/* Is there evidence of a stored scaler, or of all members of a set, and its fallback, that had any? */
extern bool EvidenceIsStored(int64 id, const ScalerView *view);

#endif							/* NORMFREEZE_FREEZE_H */
