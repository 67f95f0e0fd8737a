/*
 * settings.h
 *		The settings normfreeze.*
 */
#ifndef NORMFREEZE_SETTINGS_H
#define NORMFREEZE_SETTINGS_H

#include "pg/base/compat.h"

#include "utils/guc.h"

/* The settings; docs/reference/settings.md says what they mean. */
extern int	fit_memory_kb;
extern bool report_progress;
extern int	member_memory_kb;
extern int	scaler_cache_kb;
extern bool require_second_person;
extern bool fold_ids;
extern bool rewrite_calls;
extern bool allow_removal;

/*
 * Define all settings.  "planning_changed" is called when a setting changes that decides what calls become in
 * plans.
 */
extern void DefineSettings(GucBoolAssignHook planning_changed);

#endif							/* NORMFREEZE_SETTINGS_H */
