/*
 * html.h
 *		Text of others on a page of HTML: nothing in it can become markup.
 *
 * What is written is ASCII in every encoding: other characters are numeric
 * references.  So the page says UTF-8 and is right, wherever it was saved.
 */
#ifndef NORMFREEZE_HTML_H
#define NORMFREEZE_HTML_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"

/* As the text of an element. */
extern void HtmlText(StringInfo out, const char *text);

/* The same for names, whose direction of writing must not leave them: in an element <bdi>. */
extern void HtmlName(StringInfo out, const char *text);

/* The same for notes and whatever else has no limit: of a long one, the beginning. */
extern void HtmlExcerpt(StringInfo out, const char *text);

/* As the value of an attribute in double quotes, or where no element may be: controls of direction are replaced. */
extern void HtmlAttribute(StringInfo out, const char *text);

#endif							/* NORMFREEZE_HTML_H */
