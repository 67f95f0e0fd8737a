/*
 * domain_text.c
 *		The values for which a formula is defined, in words.
 */
#include "pg/scaler/domain_text.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "pg/base/text.h"

char *
DomainText(const FormulaDomain *domain)
{
	StringInfoData text;

	initStringInfo(&text);
	if (isfinite(domain->low))
		appendStringInfo(&text, "%s %s", domain->low_open ? "above" : "of at least", FloatText(domain->low));
	if (isfinite(domain->high))
		appendStringInfo(&text, "%s%s %s", text.len ? " and " : "", domain->high_open ? "below" : "of at most",
						 FloatText(domain->high));
	if (domain->without_zero)
		appendStringInfo(&text, "%sother than 0", text.len ? " and " : "");
	return text.data;
}
