/*
 * verify_report.c
 *		The lines of verify(): one for each check, even if data is damaged.
 */
#include "pg/inspect/verify_report.h"

#include "pg/base/damage.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

void
ReportCheck(const VerifyReport *report, const char *check, bool ok, const char *format, ...)
{
	Datum		values[3];
	bool		nulls[3] = {false, false, false};
	StringInfoData text;
	char	   *detail;

	initStringInfo(&text);
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, format);
		needed = appendStringInfoVA(&text, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&text, needed);
	}
	detail = text.data;
	values[0] = CStringGetTextDatum(check);
	values[1] = BoolGetDatum(ok);
	values[2] = CStringGetTextDatum(report->subject ? psprintf("%s: %s", report->subject, detail) : detail);
	tuplestore_putvalues(report->rsinfo->setResult, report->rsinfo->setDesc, values, nulls);
}

bool
AttemptCheck(const VerifyReport *report, const char *check, void (*step) (void *arg), void *arg)
{
	char	   *damage = DamageFoundBy(step, arg);

	if (damage)
		ReportCheck(report, check, false, "%s", damage);
	return damage == NULL;
}
