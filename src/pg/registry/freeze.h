/*
 * freeze.h
 *		freeze(): storing a scaler, or a set with its members, as a version of a name.
 *
 *		What all writers of the registry share is elsewhere: write_checks.c has locks and checks of names,
 *		contents.c stores content, registry_rows.c appends rows.
 */
#ifndef NORMFREEZE_FREEZE_H
#define NORMFREEZE_FREEZE_H

#include "pg/base/compat.h"

#include "pg/registry/contents.h"

/*
 * Return whether the registry has the profile that a stored scaler was fitted on; for a set, those of
 * all its members and of the fallback that were fitted on one.
 */
extern bool EvidenceIsStored(int64 id, const ScalerView *view);

#endif							/* NORMFREEZE_FREEZE_H */
