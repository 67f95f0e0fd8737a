/*
 * from_pmml.c
 *		The scaler that a PMML document of to_pmml() carries.
 *
 * PostgreSQL's own xpath() reads documents, so that a server without libxml
 * says so, and libxml finds no external entities.
 */
#include "pg/to_pmml.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/xml.h"

/* The one result of a path in a document, as xpath() writes it, or NULL; p is the prefix of PMML. */
static char *
PathResult(xmltype *document, const char *path)
{
	Datum		names[2] = {CStringGetTextDatum("p"), CStringGetTextDatum(PMML_NAMESPACE)};
	int			dims[2] = {1, 2};
	int			lower[2] = {1, 1};
	ArrayType  *namespaces = construct_md_array(names, NULL, 2, dims, lower, TEXTOID, -1, false, TYPALIGN_INT);
	Datum		found = DirectFunctionCall3(xpath, CStringGetTextDatum(path), XmlPGetDatum(document),
											PointerGetDatum(namespaces));
	Datum	   *results;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(found), XMLOID, -1, false, TYPALIGN_INT, &results, NULL, &count);
	return count == 1 ? TextDatumGetCString(results[0]) : NULL;
}

/* What escape_xml() wrote, in place: xpath() gives the value of an attribute as XML. */
static char *
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
	return text;
}

/*
 * A document as libxml writes it, without white space between elements, which
 * is all that there is between a > and a <: in texts both are escaped.
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

/* Where two texts begin to differ, shown. */
static char *
FirstDifference(const char *given, const char *expected)
{
	int			at = 0;

	while (given[at] && given[at] == expected[at])
		at++;
	/* some context, from the beginning of a character */
	at = Max(at - 30, 0);
	while (at > 0 && IS_HIGHBIT_SET(given[at]))
		at--;
	return psprintf("It has %s where %s is expected.",
					quote_literal_cstr(pnstrdup(given + at, pg_mbcliplen(given + at, strlen(given + at), 60))),
					quote_literal_cstr(pnstrdup(expected + at, pg_mbcliplen(expected + at, strlen(expected + at), 60))));
}

static char *
PmmlArtifact(xmltype *document)
{
	char	   *escaped = PathResult(document, "/p:PMML/p:Header/p:Extension[@name='" PMML_SCALER_KEY "']/@value");

	if (escaped == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the PMML document carries no scaler: its header has no extension \"%s\"", PMML_SCALER_KEY),
				 errhint("Only documents of to_pmml() carry one. For the estimator that a document was converted from, "
						 "there is from_sklearn().")));
	return Unescape(escaped);
}

PG_FUNCTION_INFO_V1(from_pmml);
Datum
from_pmml(PG_FUNCTION_ARGS)
{
	xmltype    *document = PG_GETARG_XML_P(0);
	char	   *artifact;
	char	   *version;
	char	   *given;
	char	   *expected;
	bytea	   *scaler;
	Export		export;

	/* nor is a document type looked at, with entities that might grow without end */
	if (strstr(text_to_cstring(document), "<!DOCTYPE"))
		DamagedExport(PMML_FORMAT, "It has a document type.");
	artifact = PmmlArtifact(document);
	scaler = ScalerFromArtifact(artifact);
	ExportInit(&export, PMML_FORMAT, PointerGetDatum(scaler));

	/* these may be of another version: the artifact has been checked by itself */
	export.artifact = artifact;
	version = PathResult(document, "/p:PMML/p:Header/p:Application/@version");
	expected = ScalerToPmml(&export, version ? Unescape(version) : "");
	given = Canonical(document);
	expected = Canonical(cstring_to_text(expected));
	if (strcmp(given, expected) != 0)
		DamagedExport(PMML_FORMAT, FirstDifference(given, expected));
	PG_RETURN_BYTEA_P(scaler);
}
