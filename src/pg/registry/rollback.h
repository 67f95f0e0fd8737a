/*
 * rollback.h
 *		The version to which a rollback goes.
 */
#ifndef NORMFREEZE_ROLLBACK_H
#define NORMFREEZE_ROLLBACK_H

#include "pg/base/compat.h"

/*
 * Return the version to which a rollback goes, or 0 if there is none: the uppermost that is not retired and, unless
 * the stage is demoted, not the one at the top of a stack.
 *
 * The promotions of a stage form this stack: promote() pushes a version, and rollback() pops those above the version
 * it returns to, so two rollbacks go back two versions.  A rollback after a demotion restores the demoted version.  A
 * promotion after a demotion begins a new stack.
 */
extern int32 VersionBelow(const char *name, const char *stage);

#endif							/* NORMFREEZE_ROLLBACK_H */
