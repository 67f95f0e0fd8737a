/*
 * stage_access.h
 *		Who may change which stage.
 */
#ifndef NORMFREEZE_STAGE_ACCESS_H
#define NORMFREEZE_STAGE_ACCESS_H

#include "pg/base/compat.h"

/* Fail if the stage has a list of roles, and the current user is not a member of any of them. */
extern void CheckMayChangeStage(const char *stage);

/* Check the same for every stage that has this version now, since retire() removes it from them. */
extern void CheckMayRetire(const char *name, int32 version);

/* If normfreeze.require_second_person is on, fail if the session user has frozen or imported this version. */
extern void CheckIsSecondPerson(const char *name, int32 version);

#endif							/* NORMFREEZE_STAGE_ACCESS_H */
