/*
 * init.c
 *		What is done when the library is loaded.
 */
#include "pg/base/compat.h"

#include "commands/extension.h"
#include "pg/base/digest.h"
#include "pg/base/lookup_generation.h"
#include "pg/base/lookup_plan.h"
#include "pg/base/mpfr_library.h"
#include "pg/base/settings.h"
#include "pg/plan/plan_dependency.h"
#include "pg/plan/plan_support.h"
#include "utils/resowner.h"

NORMFREEZE_MODULE_MAGIC("normfreeze", NORMFREEZE_VERSION);

/*
 * Compute a digest, so that OpenSSL looks for its implementation once: sessions inherit what the postmaster has
 * found.
 */
static void
PrepareDigests(void)
{
	ResourceOwner previous = CurrentResourceOwner;
	ResourceOwner owner = ResourceOwnerCreate(NULL, "normfreeze");
	uint8		digest[DIGEST_LENGTH];

	CurrentResourceOwner = owner;
	DigestParts(digest, NULL, 0);
	CurrentResourceOwner = previous;
	ResourceOwnerDelete(owner);
}

void
_PG_init(void)
{
	DefineSettings(PlanSettingChanged);
	LookupGenerationInit();
	PlanSupportInit();
	LookupPlanInit();

	/* report that MPFR cannot be loaded in CREATE EXTENSION or at server start, not only when a value needs it */
	if (creating_extension || process_shared_preload_libraries_in_progress)
		LoadMpfr();
	if (process_shared_preload_libraries_in_progress)
		PrepareDigests();
}
