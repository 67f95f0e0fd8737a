/*
 * verify_report.h
 *		What verify() returns: a line for each check.
 */
#ifndef NORMFREEZE_VERIFY_REPORT_H
#define NORMFREEZE_VERIFY_REPORT_H

#include "pg/base/compat.h"

#include "core/scaler/recipe.h"
#include "core/values/profile.h"
#include "nodes/execnodes.h"
#include "pg/base/sql.h"

typedef struct VerifyReport
{
	ReturnSetInfo *rsinfo;
	const char *subject;		/* in front of details; NULL for none */
} VerifyReport;

/* A line: the check, whether it holds, and details. */
extern void ReportCheck(const VerifyReport *report, const char *check, bool ok, const char *format, ...) pg_attribute_printf(4, 5);

/* Run a part of the proof.  That data is damaged is a line of the report under this check, and false. */
extern bool AttemptCheck(const VerifyReport *report, const char *check, void (*step) (void *arg), void *arg);

/* verify_parameters.c: check that the parameters follow from the profile, as far as it determines them */
extern void VerifyParameters(const VerifyReport *report, const Recipe *recipe, const Profile *profile);

/* verify_registry.c: the whole registry, if id is NULL, or the names of this scaler */
extern void VerifyRegistry(const VerifyReport *report, SqlArg id);

#endif							/* NORMFREEZE_VERIFY_REPORT_H */
