/*
 * stage_access.h
 *		Who may change which stage.
 */
#ifndef NORMFREEZE_STAGE_ACCESS_H
#define NORMFREEZE_STAGE_ACCESS_H

#include "pg/base/compat.h"

/* Errors out if the stage has a list of roles and the current user is in none of them. */
extern void CheckMayChangeStage(const char *stage);

/* The same for every stage that has this version now: retiring it takes it from them. */
extern void CheckMayRetire(const char *name, int32 version);

/* With normfreeze.require_second_person: errors out if who is logged in has brought this version here. */
extern void CheckIsSecondPerson(const char *name, int32 version);

#endif							/* NORMFREEZE_STAGE_ACCESS_H */
