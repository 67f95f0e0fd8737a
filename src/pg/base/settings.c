/*
 * settings.c
 *		The settings normfreeze.*: their defaults, limits and descriptions.
 */
#include "pg/base/settings.h"

#include <limits.h>

bool		report_progress = true;
int			fit_memory_kb = 256 * 1024;
int			member_memory_kb = 256 * 1024;
int			scaler_cache_kb = 32 * 1024;
bool		require_second_person = false;
bool		fold_ids = false;
bool		rewrite_calls = true;
bool		allow_removal = false;

void
DefineSettings(GucBoolAssignHook planning_changed)
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
							"A query over more keys than fit looks some of them up again; a sixteenth is kept between queries.",
							&member_memory_kb,
							256 * 1024,
							64, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomIntVariable("normfreeze.scaler_cache_size",
							"Memory that a session may use to keep scalers that its queries have used.",
							"Beyond it those that were used longest ago are read and decoded again when they are needed.",
							&scaler_cache_kb,
							32 * 1024,
							64, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomBoolVariable("normfreeze.fold_ids",
							 "Plan normalize() by a constant id as normalize() by the scaler itself.",
							 "So that postgres_fdw and Citus can run it where the rows are.",
							 &fold_ids,
							 false,
							 PGC_USERSET, 0,
							 NULL, planning_changed, NULL);
	DefineCustomBoolVariable("normfreeze.rewrite_calls",
							 "Plan normalize() of rows and of single values as calls that cost less.",
							 "Of the columns of the row, and of arithmetic by a constant id: the results are the same.",
							 &rewrite_calls,
							 true,
							 PGC_USERSET, 0,
							 NULL, planning_changed, NULL);
	DefineCustomBoolVariable("normfreeze.allow_removal",
							 "DROP EXTENSION normfreeze and DROP OWNED of its owner need not say CASCADE.",
							 "Without it they are refused while there are frozen scalers.",
							 &allow_removal,
							 false,
							 PGC_USERSET, 0,
							 NULL, NULL, NULL);

	/*
	 * The default must be the safe value.
	 *
	 * A setting may have a value before it is defined.  A configured value then replaces the default here.  But
	 * if an option of the connection has replaced the configured value, and the user may not set this setting,
	 * that value is rejected here, and the default applies.
	 */
	DefineCustomBoolVariable("normfreeze.require_second_person",
							 "Who has frozen or imported a version may not promote it.",
							 "Persons are told apart by the session user, whatever SET ROLE says.",
							 &require_second_person,
							 GetConfigOption("normfreeze.require_second_person", true, false) != NULL,
							 PGC_SUSET, 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("normfreeze");
}
