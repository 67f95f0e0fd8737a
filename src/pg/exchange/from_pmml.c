/*
 * from_pmml.c
 *		The function from_pmml(): reads the scaler that a document of to_pmml() carries.
 *
 * Documents are read by PostgreSQL's own xpath(), so a server without libxml reports that, and
 * libxml loads no external entities. xpath() takes and gives UTF-8, whatever the encoding of the
 * server is.
 */
#include "pg/exchange/to_pmml.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/xml.h"

/*
 * Return the document for xpath().  Unless the server's encoding is UTF-8, it is ASCII with references for all
 * other characters.
 */
static xmltype *
ReadableDocument(xmltype *document)
{
	char	   *text;
	StringInfoData out;

	if (GetDatabaseEncoding() == PG_UTF8)
		return document;
	text = text_to_cstring(document);
	initStringInfo(&out);
	for (char *p = pg_server_to_any(text, strlen(text), PG_UTF8); *p; p += pg_encoding_mblen(PG_UTF8, p))
	{
		if (IS_HIGHBIT_SET(*p))
			appendStringInfo(&out, "&#%u;", (unsigned int) utf8_to_unicode((unsigned char *) p));
		else
			appendStringInfoChar(&out, *p);
	}
	return cstring_to_text_with_len(out.data, out.len);
}

/*
 * Return the only result of a path in a document, as xpath() writes it, or NULL.  The prefix p stands for the
 * namespace of PMML.
 */
static char *
PathResult(xmltype *document, const char *path)
{
	Datum		names[2] = {CStringGetTextDatum("p"), CStringGetTextDatum(PMML_NAMESPACE)};
	int			dims[2] = {1, 2};
	int			lower[2] = {1, 1};
	ArrayType  *namespaces = construct_md_array(names, NULL, 2, dims, lower, TEXTOID, -1, false, TYPALIGN_INT);
	Datum		found;
	Datum	   *results;
	int			count;

	/* libxml cannot be interrupted, and reads the whole document each time */
	CHECK_FOR_INTERRUPTS();
	found = DirectFunctionCall3(xpath, CStringGetTextDatum(path), XmlPGetDatum(document), PointerGetDatum(namespaces));
	deconstruct_array(DatumGetArrayTypeP(found), XMLOID, -1, false, TYPALIGN_INT, &results, NULL, &count);
	return count == 1 ? TextDatumGetCString(results[0]) : NULL;
}

/*
 * Replace the references that escape_xml() wrote, in place.  Needed because xpath() returns the value of an
 * attribute as XML.
 */
static void
Unescape(char *text)
{
	static const struct
	{
		const char *entity;
		char		character;
	}			entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&#x0d;", '\r'}};
	char	   *out = text;

	for (char *p = text; *p; out++)
	{
		*out = *p++;
		for (int i = 0; *out == '&' && i < lengthof(entities); i++)
			if (strncmp(p - 1, entities[i].entity, strlen(entities[i].entity)) == 0)
			{
				p += strlen(entities[i].entity) - 1;
				*out = entities[i].character;
				break;
			}
	}
	*out = '\0';
}

/* Return the value of the only attribute at a path, in the encoding of the server, or NULL. */
static char *
AttributeValue(xmltype *document, const char *path)
{
	char	   *value = PathResult(document, path);

	if (value == NULL)
		return NULL;
	Unescape(value);
	return pg_any_to_server(value, strlen(value), PG_UTF8);
}

/*
 * Return a document as libxml writes it, without white space between elements.
 *
 * That is all that stands between a > and the next <, since both are escaped in texts.
 */
static char *
Canonical(xmltype *document)
{
	char	   *text = PathResult(document, "/*");
	char	   *out = text;

	for (char *p = text; *p;)
	{
		size_t		spaces = p > text && p[-1] == '>' ? strspn(p, " \t\r\n") : 0;

		if (p[spaces] == '<')
			p += spaces;
		*out++ = *p++;
	}
	*out = '\0';
	return text;
}

#define SHOWN_BEFORE	30
#define SHOWN			60

/*
 * Return the beginning of what libxml wrote, quoted and in the encoding of the server.  "from" must point to
 * the beginning of a character.
 */
static char *
Shown(const char *from)
{
	int			length = pg_encoding_mbcliplen(PG_UTF8, from, strlen(from), SHOWN);

	return quote_literal_cstr(pg_any_to_server(pnstrdup(from, length), length, PG_UTF8));
}

/* Return a sentence on where two texts begin to differ. */
static char *
FirstDifference(const char *given, const char *expected)
{
	int			at = 0;

	while (given[at] && given[at] == expected[at])
		at++;
	at = Max(at - SHOWN_BEFORE, 0);
	while (at > 0 && IS_HIGHBIT_SET(given[at]))
		at--;
	return psprintf("It has %s where %s is expected.", Shown(given + at), Shown(expected + at));
}

static char *
PmmlArtifact(xmltype *document)
{
	char	   *artifact = AttributeValue(document, "/p:PMML/p:Header/p:Extension[@name='" PMML_SCALER_KEY "']/@value");

	if (artifact == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the PMML document carries no scaler: its header has no extension \"%s\"", PMML_SCALER_KEY),
				 errhint("Only documents of to_pmml() carry one. For the estimator that a document was converted from, "
						 "there is from_sklearn().")));
	return artifact;
}

PG_FUNCTION_INFO_V1(from_pmml);
Datum
from_pmml(PG_FUNCTION_ARGS)
{
	xmltype    *document = ReadableDocument(PG_GETARG_XML_P(0));
	char	   *artifact;
	char	   *version;
	char	   *given;
	char	   *expected;
	bool		verified;
	bytea	   *scaler;
	Export		export;

	/* documents with a document type are refused, since its entities might grow without end */
	if (strstr(text_to_cstring(document), "<!DOCTYPE"))
		DamagedExport(PMML_FORMAT, "It has a document type.");
	artifact = PmmlArtifact(document);
	scaler = ScalerFromArtifact(artifact);
	ExportInit(&export, PMML_FORMAT, PointerGetDatum(scaler));

	/* these may be of another version of normfreeze; the artifact has been checked by itself */
	export.artifact = artifact;
	version = AttributeValue(document, "/p:PMML/p:Header/p:Application/@version");
	verified = PathResult(document, "/p:PMML/p:RegressionModel/p:ModelVerification/p:VerificationFields") != NULL;
	expected = ScalerToPmml(&export, version ? version : "", verified);
	given = Canonical(document);
	expected = Canonical(ReadableDocument(cstring_to_text(expected)));
	if (strcmp(given, expected) != 0)
		DamagedExport(PMML_FORMAT, FirstDifference(given, expected));
	PG_RETURN_BYTEA_P(scaler);
}
