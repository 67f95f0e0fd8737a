/*
 * stage_names.h
 *		Which stages there are.
 */
#ifndef NORMFREEZE_STAGE_NAMES_H
#define NORMFREEZE_STAGE_NAMES_H

#include "pg/base/compat.h"

/*
 * A stage is known if every database has it (production and staging), or a
 * name has a version in it now, or a role is admitted to it.  flags: SQL_READ
 * or SQL_LATEST, as in SqlRun().
 */
extern bool StageIsKnown(const char *stage, int flags);

/* Errors out if a stage is not known, which is how a misspelt one, or a note in its place, looks. */
extern void CheckStageIsKnown(const char *stage);

/* A NOTICE of the stages of a name that were not known before its entry first_seq: for entries that come by import. */
extern void NoticeNewStages(const char *name, int32 first_seq);

/* The stages that a name has now, as "production", "staging"; NULL if there are none. */
extern char *StagesOfName(const char *name, int flags);

#endif							/* NORMFREEZE_STAGE_NAMES_H */
