/*
 * verify_report.h
 *		The lines of verify(): one for each check, even if data is damaged.
 */
#ifndef NORMFREEZE_VERIFY_REPORT_H
#define NORMFREEZE_VERIFY_REPORT_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "nodes/execnodes.h"
#include "pg/base/sql.h"

/* Where the lines of verify() go. */
typedef struct VerifyReport
{
	ReturnSetInfo *rsinfo;
	const char *subject;		/* written before each detail; NULL for nothing */
} VerifyReport;

/* Add a line: the check, whether it holds, and a detail. */
extern void ReportCheck(const VerifyReport *report, const char *check, bool ok, const char *format,
						...) pg_attribute_printf(4, 5);

/* Run a part of the proof.  If data is damaged, add a line that says so under this check, and return false. */
extern bool AttemptCheck(const VerifyReport *report, const char *check, void (*step) (void *arg), void *arg);

/*
 * Check that a scaler's parameters follow from its profile, as far as the profile determines them.
 * (verify_parameters.c)
 */
extern void VerifyParameters(const VerifyReport *report, const Recipe *recipe, const Profile *profile);

/* Check the whole registry if the id is NULL, else the names of one scaler. (verify_registry.c) */
extern void VerifyRegistry(const VerifyReport *report, SqlArg id);

#endif							/* NORMFREEZE_VERIFY_REPORT_H */
