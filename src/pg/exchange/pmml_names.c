/*
 * pmml_names.c
 *		The names of the fields of a PMML document.
 */
#include "pg/exchange/pmml_names.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

/* Return a prefix that no feature's name begins with: it has more underscores than any of them. */
static char *
FreePrefix(const Export *export, const char *prefix)
{
	size_t		length = strlen(prefix);
	size_t		underscores = 0;
	StringInfoData result;

	for (int slot = 0; slot < export->transform.ninputs; slot++)
	{
		const char *name = ExportName(export, slot);

		if (strncmp(name, prefix, length) == 0)
			underscores = Max(underscores, strspn(name + length, "_") + 1);
	}
	initStringInfo(&result);
	appendStringInfoString(&result, prefix);
	while (underscores-- > 0)
		appendStringInfoChar(&result, '_');
	return result.data;
}

void
CheckPmmlName(const Export *export, int slot)
{
	const char *name = ExportName(export, slot);
	char	   *what = NULL;

	for (const char *p = name; *p && what == NULL; p++)
	{
		if ((unsigned char) *p < ' ' && !strchr("\t\n\r", *p))
			what = psprintf("character U+%04X in the name", (unsigned char) *p);
		else if (GetDatabaseEncoding() == PG_UTF8 && strncmp(p, "\xEF\xBF", 2) == 0 &&
				 ((unsigned char) p[2] == 0xBE || (unsigned char) p[2] == 0xBF))
			what = psprintf("character U+FF%s in the name", (unsigned char) p[2] == 0xBE ? "FE" : "FF");
	}
	if (what)
		ExportUnsupported(export, slot, what, "names of characters that XML 1.0 allows");
}

PmmlNames
FindPmmlNames(const Export *export)
{
	return (PmmlNames) {
						.derived = FreePrefix(export, "normalize:"),
						.normalized = FreePrefix(export, "normalized_"),
						.norm = FreePrefix(export, "norm_max"),
						.count = FreePrefix(export, "missing_outputs"),
						.step = FreePrefix(export, "step"),
		};
}

char *
PmmlStepField(const PmmlNames *names, const Export *export, int slot, int step)
{
	const char *name = ExportName(export, slot);

	return step == ExportStepCount(export, slot) - 1 ? psprintf("%s%s", names->derived, name) :
		psprintf("%s%d:%s", names->step, step + 1, name);
}
