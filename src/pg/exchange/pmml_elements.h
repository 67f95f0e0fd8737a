/*
 * pmml_elements.h
 *		Pieces of XML that PMML documents are made of.
 */
#ifndef NORMFREEZE_PMML_ELEMENTS_H
#define NORMFREEZE_PMML_ELEMENTS_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"

/* The attributes of a field or function of double precision. */
#define PMML_CONTINUOUS		"optype=\"continuous\" dataType=\"double\""

/* Append a text as the value of an attribute.  PostgreSQL's escape_xml() is for content only. */
extern void AppendQuoted(StringInfo out, const char *text);

/* Append <element attribute="text", to be continued. */
extern void OpenElement(StringInfo out, const char *element, const char *attribute, const char *text);

extern void AppendFieldRef(StringInfo out, const char *field);
extern void AppendConstant(StringInfo out, double value);

#endif							/* NORMFREEZE_PMML_ELEMENTS_H */
