/*
 * init.c
 *		What runs when the library is loaded.
 */
#include "pg/base/compat.h"

#include "fmgr.h"
#include "pg/base/lookup_generation.h"
#include "pg/base/settings.h"
#include "pg/plan/plan_dependency.h"
#include "pg/plan/plan_support.h"

NORMFREEZE_MODULE_MAGIC("normfreeze", NORMFREEZE_VERSION);

void
_PG_init(void)
{
	DefineSettings(PlanSettingChanged);
	LookupGenerationInit();
	PlanSupportInit();
}
