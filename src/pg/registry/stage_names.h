/*
 * stage_names.h
 *		Which stages exist.
 */
#ifndef NORMFREEZE_STAGE_NAMES_H
#define NORMFREEZE_STAGE_NAMES_H

#include "pg/base/compat.h"

/*
 * Return whether a stage is known: every database has it (production and staging), or a name has a version in
 * it now, or a role is admitted to it.
 *
 * "flags" are SQL_READ or SQL_LATEST, as for SqlRun().
 */
extern bool StageIsKnown(const char *stage, int flags);

/* Fail if a stage is not known.  It may be misspelt, or be a note in place of the stage. */
extern void CheckStageIsKnown(const char *stage);

/*
 * Give a notice of the stages of a name that were not known before its entry "first_seq".  For imported
 * entries, for which an unknown stage is no error.
 */
extern void NoticeNewStages(const char *name, int32 first_seq);

/* Return the stages that a name has now, such as: "production", "staging".  NULL if there are none. */
extern char *StagesOfName(const char *name, int flags);

typedef struct StageNow
{
	char	   *stage;
	int32		version;
} StageNow;

/* Return the stages that a name has now, and their versions, in the order of the entries that put them there. */
extern StageNow *ReadStagesNow(const char *name, int flags, int *count);

#endif							/* NORMFREEZE_STAGE_NAMES_H */
