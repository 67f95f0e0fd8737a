/*
 * html.h
 *		Writing foreign text into a page of HTML, so that nothing in it can become markup.
 *
 * The output is ASCII in every encoding; other characters become numeric references.  So the page
 * can declare UTF-8, and that is right wherever it is saved.
 */
#ifndef NORMFREEZE_HTML_H
#define NORMFREEZE_HTML_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"

/* Append text as the content of an element. */
extern void HtmlText(StringInfo out, const char *text);

/* Append a name in an element <bdi>, so that its direction of writing does not affect the text around it. */
extern void HtmlName(StringInfo out, const char *text);

/* Append text without a limit of length, such as a note, likewise.  Only the beginning of a long one is shown. */
extern void HtmlExcerpt(StringInfo out, const char *text);

/*
 * Append text as the value of an attribute in double quotes, or where there may be no element.  Controls of
 * direction are replaced.
 */
extern void HtmlAttribute(StringInfo out, const char *text);

#endif							/* NORMFREEZE_HTML_H */
