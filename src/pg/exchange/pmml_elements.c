/*
 * pmml_elements.c
 *		Pieces of XML that PMML documents are made of.
 */
#include "pg/exchange/pmml_elements.h"

#include "pg/base/json_tree.h"

void
AppendQuoted(StringInfo out, const char *text)
{
	appendStringInfoChar(out, '"');
	for (; *text; text++)
	{
		/* the control characters that occur here are tabs and line ends, which a reader would turn into spaces */
		if (strchr("&<>\"", *text) || ((unsigned char) *text < ' '))
			appendStringInfo(out, "&#%d;", *text);
		else
			appendStringInfoChar(out, *text);
	}
	appendStringInfoChar(out, '"');
}

void
OpenElement(StringInfo out, const char *element, const char *attribute, const char *text)
{
	appendStringInfo(out, "<%s %s=", element, attribute);
	AppendQuoted(out, text);
}

void
AppendFieldRef(StringInfo out, const char *field)
{
	OpenElement(out, "FieldRef", "field", field);
	appendStringInfoString(out, "/>");
}

void
AppendConstant(StringInfo out, double value)
{
	appendStringInfoString(out, "<Constant dataType=\"double\">");
	AppendJsonDouble(out, value);
	appendStringInfoString(out, "</Constant>");
}
