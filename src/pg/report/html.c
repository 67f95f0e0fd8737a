/*
 * html.c
 *		Escaping of text for HTML.
 */
#include "pg/report/html.h"

#include "core/base/memory.h"
#include "mb/pg_wchar.h"

#define REPLACEMENT		0xFFFD
#define MAX_EXCERPT		2000	/* in bytes */

/*
 * Return the next character of UTF-8.  Bytes that are not UTF-8 are replaced one by one; they occur only in
 * databases of encoding SQL_ASCII, whose text may be any bytes.
 */
static pg_wchar
NextCharacter(const unsigned char **text)
{
	static const unsigned char least[] = {0x00, 0xC0, 0xE0, 0xF0};	/* by number of bytes, the least first byte */
	const unsigned char *s = *text;
	int			length = lengthof(least);

	while (length > 1 && s[0] < least[length - 1])
		length--;
	if ((length == 1 && s[0] >= 0x80) || strnlen((const char *) s, length) < length || !pg_utf8_islegal(s, length))
	{
		*text = s + 1;
		return REPLACEMENT;
	}
	*text = s + length;
	return utf8_to_unicode(s);
}

/*
 * Return a character in place of one that a document cannot contain: control characters become their pictures,
 * noncharacters the replacement character.  See
 * https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state
 */
static pg_wchar
Printable(pg_wchar c)
{
	if (c < 0x20 && c != '\t' && c != '\n')
		return 0x2400 + c;
	if (c == 0x7F)
		return 0x2421;
	if ((c > 0x7F && c < 0xA0) || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE)
		return REPLACEMENT;
	return c;
}

/*
 * Return whether a character controls the direction of writing (embeddings, overrides, isolates and marks):
 * https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
static bool
ControlsDirection(pg_wchar c)
{
	return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

/*
 * Return whether a character would end the isolate that element <bdi> makes.  *depth counts the isolates within
 * the text.
 */
static bool
LeavesIsolate(pg_wchar c, int *depth)
{
	if (c >= 0x2066 && c <= 0x2068)
		(*depth)++;
	else if (c == 0x2069)
		return --(*depth) < 0;
	return c == 0x2029;			/* the end of a paragraph ends all isolates */
}

static void
AppendCharacter(StringInfo out, pg_wchar c)
{
	if (c >= 0x20 && c < 0x7F && strchr("&<>\"'`", (int) c) == NULL)
		appendStringInfoCharMacro(out, (char) c);
	else
		appendStringInfo(out, "&#%u;", (unsigned) c);
}

/*
 * Append text with its special characters escaped; without "keep_direction", control characters of direction
 * are replaced.
 */
static void
AppendEscaped(StringInfo out, const char *text, bool keep_direction)
{
	/* the encoding of SQL_ASCII text is unknown, so it is not converted */
	const char *utf8 = GetDatabaseEncoding() == PG_SQL_ASCII ? text : CoreTextToUtf8(text);
	const unsigned char *s = (const unsigned char *) utf8;
	int			depth = 0;

	while (*s)
	{
		pg_wchar	c = Printable(NextCharacter(&s));

		if (keep_direction ? LeavesIsolate(c, &depth) : ControlsDirection(c))
		{
			c = REPLACEMENT;
			depth = Max(depth, 0);
		}
		AppendCharacter(out, c);
	}
}

void
HtmlText(StringInfo out, const char *text)
{
	AppendEscaped(out, text, true);
}

void
HtmlName(StringInfo out, const char *text)
{
	appendStringInfoString(out, "<bdi>");
	AppendEscaped(out, text, true);
	appendStringInfoString(out, "</bdi>");
}

void
HtmlExcerpt(StringInfo out, const char *text)
{
	size_t		length = strlen(text);

	if (length <= MAX_EXCERPT)
	{
		HtmlName(out, text);
		return;
	}
	HtmlName(out, pnstrdup(text, pg_mbcliplen(text, (int) length, MAX_EXCERPT)));
	appendStringInfo(out, "&#8230; (%zu bytes in all)", length);
}

void
HtmlAttribute(StringInfo out, const char *text)
{
	AppendEscaped(out, text, false);
}
