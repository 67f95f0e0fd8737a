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

/* Fail if a stage is not known: it may be misspelt, or be a note in the place of the stage. */
extern void CheckStageIsKnown(const char *stage);

/*
 * Give a notice of the stages of a name that were not known before its entry first_seq.  For imported
 * entries, for which there is no error.
 */
extern void NoticeNewStages(const char *name, int32 first_seq);

/* The stages that a name has now, as "production", "staging"; NULL if there are none. */
extern char *StagesOfName(const char *name, int flags);

#endif							/* NORMFREEZE_STAGE_NAMES_H */
