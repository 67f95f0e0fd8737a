/*
 * init.c
 *		Module magic, settings, and the little that every file needs.
 */
#include "pg/base/normfreeze.h"

#include <limits.h>

#include "pg/apply/plan_support.h"
#include "pg/apply/scaler_cache.h"
#include "utils/builtins.h"
#include "utils/guc.h"

NORMFREEZE_MODULE_MAGIC("normfreeze", NORMFREEZE_VERSION);

bool		report_progress = true;
int			fit_memory_kb = 256 * 1024;
int			member_memory_kb = 256 * 1024;
bool		require_second_person = false;
bool		fold_ids = false;
bool		rewrite_calls = true;

void
_PG_init(void)
{
	DefineCustomIntVariable("normfreeze.fit_memory",
							"Memory that one fit may use to hold values for exact quantiles.",
							"A fit that needs more fails, naming the alternatives: nothing turns approximate by itself.",
							&fit_memory_kb,
							256 * 1024,
							64, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomBoolVariable("normfreeze.progress",
							 "Report each pass of normfreeze.fit_table() as it begins.",
							 NULL,
							 &report_progress,
							 true,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("normfreeze.member_memory",
							"Memory that one call of normalize_by_key() may use to remember members of a set of scalers.",
							"A query over more keys than fit looks some of them up again.",
							&member_memory_kb,
							256 * 1024,
							64, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomBoolVariable("normfreeze.fold_ids",
							 "Plan normalize() by a constant id as normalize() by the scaler itself.",
							 "So that postgres_fdw and Citus can run it where the rows are.",
							 &fold_ids,
							 false,
							 PGC_USERSET, 0,
							 NULL, PlanSettingChanged, NULL);
	DefineCustomBoolVariable("normfreeze.rewrite_calls",
							 "Plan normalize() of rows and of single values as calls that cost less.",
							 "Of the columns of the row, and of arithmetic by a constant id: the results are the same.",
							 &rewrite_calls,
							 true,
							 PGC_USERSET, 0,
							 NULL, PlanSettingChanged, NULL);

	/*
	 * If there is a value already, it is either configured, and takes the
	 * place of the default; or somebody gave it who may not (as an option of
	 * the connection, in place of the configured one), and it is refused
	 * now.  Then the default must not be what was wanted.
	 */
	DefineCustomBoolVariable("normfreeze.require_second_person",
							 "Who has frozen or imported a version may not promote it.",
							 "Persons are told apart by the session user, whatever SET ROLE says.",
							 &require_second_person,
							 GetConfigOption("normfreeze.require_second_person", true, false) != NULL,
							 PGC_SUSET, 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("normfreeze");
	ScalerCacheInit();
	PlanSupportInit();
}

char *
FeatureLabel(const char *name, int position)
{
	return name ? psprintf("\"%s\"", name) : psprintf("feature %d", position + 1);
}

char *
FloatText(double value)
{
	return DatumGetCString(DirectFunctionCall1(float8out, Float8GetDatum(value)));
}

void
ForeignFloatEnvironment(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the floating-point environment of this session is not the default one"),
			 errdetail("Rounding is not to nearest even, or subnormal numbers are flushed to zero."),
			 errhint("Another library loaded into the session has changed it; a new session has the default.")));
}

MemoryContext
AggregateContext(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this function is a part of normfreeze's aggregates and cannot be called by itself")));
	return context;
}
