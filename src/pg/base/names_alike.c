/*
 * names_alike.c
 *		Finding a name that looks like one that was not found, for hints.
 *
 * Names are compared byte for byte.  An accented letter may be one character or two (Unicode
 * normal forms C and D; macOS uses D for file names), and looks the same either way.  Such names
 * are shown as U&"..." literals.
 */
#include "pg/base/names_alike.h"

#include "catalog/pg_collation.h"
#include "common/unicode_norm.h"
#include "mb/pg_wchar.h"
#include "utils/formatting.h"

/* Return the characters of a name in normal form C; NULL if the encoding is not UTF-8. */
static pg_wchar *
NormalForm(const char *name)
{
	int			length = strlen(name);
	pg_wchar   *characters;

	if (GetDatabaseEncoding() != PG_UTF8)
		return NULL;
	characters = palloc(sizeof(pg_wchar) * (length + 1));
	pg_mb2wchar_with_len(name, characters, length);
	return unicode_normalize(UNICODE_NFC, characters);
}

static bool
SameCharacters(const char *a, const char *b)
{
	const pg_wchar *x = NormalForm(a);
	const pg_wchar *y = NormalForm(b);

	if (x == NULL || y == NULL)
		return strcmp(a, b) == 0;
	while (*x && *x == *y)
	{
		x++;
		y++;
	}
	return *x == *y;
}

/* Return a name as an SQL identifier that shows its characters. */
static char *
EscapedName(const char *name)
{
	int			length = strlen(name);
	pg_wchar   *characters = palloc(sizeof(pg_wchar) * (length + 1));
	int			count = pg_mb2wchar_with_len(name, characters, length);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "U&\"");
	for (int i = 0; i < count; i++)
	{
		if (characters[i] > 0xFFFF)
			appendStringInfo(&out, "\\+%06X", (unsigned int) characters[i]);
		else if (characters[i] > 0x7E)
			appendStringInfo(&out, "\\%04X", (unsigned int) characters[i]);
		else
		{
			if (characters[i] == '\\' || characters[i] == '"')
				appendStringInfoChar(&out, (char) characters[i]);
			appendStringInfoChar(&out, (char) characters[i]);
		}
	}
	appendStringInfoChar(&out, '"');
	return out.data;
}

static char *
Lower(const char *name)
{
	return str_tolower(name, strlen(name), DEFAULT_COLLATION_OID);
}

/* Longer names are not compared, because normalizing may take quadratic time. */
#define LONGEST_NAME	(4 * NAMEDATALEN)

char *
NameAlike(const char *wanted, int nnames, char *const *names)
{
	char	   *lower;

	if (strlen(wanted) > LONGEST_NAME)
		return "";
	lower = Lower(wanted);
	for (int i = 0; i < nnames; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (strlen(names[i]) > LONGEST_NAME)
			continue;
		if (SameCharacters(wanted, names[i]))
			return psprintf("There is %s, which is %s in another Unicode normal form: bring names to one form, as normalize(name, NFC) does.  ",
							EscapedName(names[i]), EscapedName(wanted));
		if (SameCharacters(lower, Lower(names[i])))
			return psprintf("There is \"%s\", which differs in case.  ", names[i]);
	}
	return "";
}
