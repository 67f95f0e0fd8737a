/*
 * import_database.c
 *		Importing scalers of other databases, from what these report about them.
 *
 * Their servers are closed source.  The formulas are those of the vendors' documents and clients;
 * docs/reference/importing.md cites them.
 */
#include "pg/exchange/import.h"


#include "fmgr.h"
#include "pg/base/text.h"

/* ---- one row for each feature ---- */

/* Return the objects of an array, one for each feature.  The member "name_key" has the name of the feature. */
static const JsonNode **
FindRows(Import *import, const char *key, const char *name_key)
{
	const JsonNode *array = ImportRequired(import, key, JSON_NODE_ARRAY);
	const JsonNode **rows = palloc(sizeof(JsonNode *) * (array->nchildren + 1));
	JsonNode	names = {.type = JSON_NODE_ARRAY};

	ImportCount(import, key, array->nchildren);
	names.children = palloc(sizeof(JsonNode *) * import->nfeatures);
	for (int i = 0; i < import->nfeatures; i++)
	{
		const JsonNode *row = rows[i] = array->children[i];
		JsonNode   *name;

		if (row->type != JSON_NODE_OBJECT)
			ImportInvalidOf(import, key, i, psprintf("JSON %s", JsonTypeName(row)), "an object");
		name = JsonMember(row, name_key);
		if (name == NULL)
			ImportMissing(import, name_key);
		names.children[names.nchildren++] = name;
	}
	ImportNames(import, &names, name_key);
	return rows;
}

/* Fail if a row has any other member than these. */
static void
CheckRows(const Import *import, const JsonNode **rows, const char *const *members)
{
	for (int i = 0; i < import->nfeatures; i++)
		ImportRefuseOthers(import, rows[i], &members, 1);
}

/*
 * Return one member of every row, or the fallback for rows without it.  A fallback of NaN makes such rows an
 * error.
 */
static double *
RowNumbers(Import *import, const JsonNode **rows, const char *key, double fallback, ImportDemand demand)
{
	double	   *values = ImportConstant(import, fallback);

	for (int i = 0; i < import->nfeatures; i++)
	{
		const JsonNode *node = JsonMember(rows[i], key);

		if (node && node->type != JSON_NODE_NULL)
			values[i] = ImportValue(import, node, key, i, demand);
		else if (isnan(fallback))
			ImportInvalidOf(import, key, i, "missing or null", "a finite number");
	}
	return values;
}

static double *
RequiredRowNumbers(Import *import, const JsonNode **rows, const char *key, ImportDemand demand)
{
	return RowNumbers(import, rows, key, NAN, demand);
}

/* Return max - min by feature, rounded once. */
static double *
Widths(const Import *import, const double *low, const double *high, const char *high_key, const char *low_key)
{
	double	   *widths = ImportConstant(import, 0);

	for (int i = 0; i < import->nfeatures; i++)
	{
		if (!(high[i] > low[i]))
			ImportInvalidOf(import, high_key, i, FloatText(high[i]),
							psprintf("above \"%s\", %s", low_key, FloatText(low[i])));
		widths[i] = high[i] - low[i];
	}
	return widths;
}

/* ---- Vertica ---- */

/*
 * A method of Vertica: (x - a) / b, as VerticaPy computes it from the same attributes
 * (verticapy/machine_learning/memmodel/preprocessing.py).
 *
 * The stored mad is the divisor; the factor 1.4826 is not applied to it.
 */
typedef struct VerticaMethod
{
	const Method *method;
	const char *center;
	const char *scale;
} VerticaMethod;

static const VerticaMethod vertica_methods[] = {
	{&method_standard, "avg", "std_dev"},
	{&method_mad, "median", "mad"},
	{&method_minmax, "min", "max"},
};

static const VerticaMethod *
FindVerticaMethod(const Import *import, const JsonNode *row)
{
	static const char *const names[] = {"zscore", "robust_zscore", "minmax", NULL};
	int			i = ImportChoice(import, "method", names, -1);

	if (i >= 0)
		return &vertica_methods[i];
	for (i = 0; i < lengthof(vertica_methods); i++)
		if (JsonMember(row, vertica_methods[i].scale))
			return &vertica_methods[i];
	ImportMissing(import, "method");
}

static void
ReadVertica(Import *import)
{
	const JsonNode **rows = FindRows(import, "details", "column_name");
	const VerticaMethod *method = FindVerticaMethod(import, rows[0]);
	bool		minmax = method->method == &method_minmax;
	const double *center = RequiredRowNumbers(import, rows, method->center, IMPORT_FINITE);
	const double *scale = RequiredRowNumbers(import, rows, method->scale, minmax ? IMPORT_FINITE : IMPORT_NONZERO);
	const double *high = scale;

	CheckRows(import, rows, (const char *const[]) {"column_name", method->center, method->scale, NULL});
	if (minmax)
		scale = Widths(import, center, high, method->scale, method->center);
	import->method = method->method;
	MethodDefaults(import->method, import->option);
	ImportFormula(import, &formula_subtract_divide, (const double *[]) {center, scale});
	if (minmax)
		ImportRange(import, "min", center, "max", high);
}

/* ---- Teradata ---- */

/* The methods of TD_ScaleFit that correspond to ours. */
static const char *const teradata_methods[] = {
	"STD", "USTD", "RANGE", "RESCALE", "MAXABS", "MEAN", "MIDRANGE", "SUM", NULL
};
static const Method *const teradata_ours[] = {
	&method_standard, &method_standard, &method_minmax, &method_minmax, &method_maxabs, &method_mean, &method_midrange,
	&method_sum
};
static const char *const teradata_missing[] = {"KEEP", "ZERO", "LOCATION", NULL};
static const uint8 teradata_policies[] = {MISSING_KEEP, MISSING_ZERO, MISSING_CONSTANT};

#define ROW_KIND	"TD_STATTYPE_SCLFIT"
#define MISSING_KIND	"missvalue_"

/*
 * The statistics in the output table of TD_ScaleFit.  Its arguments, such as missvalue_KEEP, are rows of the
 * table as well.
 */
static const char *const teradata_statistics[] = {
	"location", "scale", "multiplier", "intercept", "min", "max", "sum", "count", "null", "avg", "variance", "ustd",
	"std", NULL
};
static const char *const teradata_arguments[] = {
	MISSING_KIND, "globalscale_", "unusedattributes_", "ScaleMethodNumberMapping", NULL
};

static bool
IsArgument(const char *kind)
{
	for (const char *const *argument = teradata_arguments; *argument; argument++)
		if (strncmp(kind, *argument, strlen(*argument)) == 0)
			return true;
	return false;
}

/* Return what MissValue was: as the import tells it, or as the kind of one of the table's rows tells it. */
static int
TeradataMissing(const Import *import, const JsonNode *statistics)
{
	int			told = ImportChoice(import, "miss_value", teradata_missing, -1);

	for (int r = 0; statistics && r < statistics->nchildren; r++)
	{
		const char *kind = JsonMember(statistics->children[r], ROW_KIND)->text;
		int			found;

		if (strncmp(kind, MISSING_KIND, strlen(MISSING_KIND)) != 0)
			continue;
		found = ChoiceIndex(teradata_missing, kind + strlen(MISSING_KIND));
		if (found < 0)
			ImportInvalid(import, ROW_KIND, psprintf("\"%s\"", kind),
						  MISSING_KIND "KEEP, " MISSING_KIND "ZERO or " MISSING_KIND "LOCATION");
		if (told >= 0 && told != found)
			ImportInvalid(import, "miss_value", teradata_missing[told],
						  psprintf("%s, as the table says", teradata_missing[found]));
		told = found;
	}
	return Max(told, 0);
}

/*
 * Return an object for each feature.  The output table of TD_ScaleFit has a row for each statistic and a column
 * for each feature.
 */
static JsonNode *
TurnStatistics(const Import *import, const JsonNode *statistics)
{
	JsonNode   *columns = palloc0(sizeof(JsonNode));
	bool		first;

	columns->type = JSON_NODE_OBJECT;
	for (int r = 0; r < statistics->nchildren; r++)
	{
		const JsonNode *row = statistics->children[r];
		const JsonNode *kind = row->type == JSON_NODE_OBJECT ? JsonMember(row, ROW_KIND) : NULL;

		if (kind == NULL || kind->type != JSON_NODE_STRING)
			ImportInvalid(import, "statistics", "something else", "an array of objects with \"" ROW_KIND "\"");
		CHECK_FOR_INTERRUPTS();
		if (IsArgument(kind->text))
			continue;
		first = columns->children == NULL;
		if (first)
		{
			CheckFeatureCount(row->nchildren - 1);
			columns->children = palloc(sizeof(JsonNode *) * row->nchildren);
		}
		for (int c = 0, position = 0; c < row->nchildren; c++)
		{
			JsonNode   *value;
			JsonNode   *column = NULL;

			if (row->children[c] == kind)
				continue;
			/* jsonb sorts its keys, so a column is usually at the same place in all rows */
			if (position < columns->nchildren && strcmp(columns->children[position]->key, row->children[c]->key) == 0)
				column = columns->children[position];
			position++;
			value = palloc(sizeof(JsonNode));
			*value = *row->children[c];
			value->key = kind->text;
			if (column == NULL)
			{
				if (!first)
					ImportInvalid(import, "statistics", "an array of rows with different columns",
								  "the same columns in each");
				column = palloc0(sizeof(JsonNode));
				column->type = JSON_NODE_OBJECT;
				column->key = row->children[c]->key;
				column->children = palloc(sizeof(JsonNode *) * statistics->nchildren);
				columns->children[columns->nchildren++] = column;
			}
			column->children[column->nchildren++] = value;
		}
	}
	return columns;
}

/* Return the columns in the order that the import gives, or else in that of jsonb. */
static const JsonNode **
OrderColumns(Import *import, const JsonNode *columns)
{
	const JsonNode **ordered = palloc(sizeof(JsonNode *) * (columns->nchildren + 1));

	ImportCount(import, "columns", columns->nchildren);
	if (import->names == NULL)
	{
		import->names = palloc(sizeof(char *) * columns->nchildren);
		for (int i = 0; i < columns->nchildren; i++)
			import->names[i] = columns->children[i]->key;
	}
	for (int i = 0; i < columns->nchildren; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ordered[i] = strcmp(columns->children[i]->key, import->names[i]) == 0 ? columns->children[i] :
			JsonMember(columns, import->names[i]);
		if (ordered[i] == NULL)
			ImportMissing(import, import->names[i]);
		if (ordered[i]->type != JSON_NODE_OBJECT)
			ImportInvalidOf(import, "columns", i, psprintf("JSON %s", JsonTypeName(ordered[i])), "an object");
	}
	return ordered;
}

static void
ReadTeradata(Import *import)
{
	const JsonNode *statistics = ImportMember(import, "statistics");
	const JsonNode *columns = statistics ?
		TurnStatistics(import, ImportRequired(import, "statistics", JSON_NODE_ARRAY)) :
		ImportRequired(import, "columns", JSON_NODE_OBJECT);
	const JsonNode **rows = OrderColumns(import, columns);
	int			method = ImportChoice(import, "scale_method", teradata_methods, -1);
	int			missing = TeradataMissing(import, statistics);
	const double *location = RowNumbers(import, rows, "location", NAN, IMPORT_FINITE);
	const double *scale = RowNumbers(import, rows, "scale", NAN, IMPORT_NONZERO);
	const double *multiplier = RowNumbers(import, rows, "multiplier", 1.0, IMPORT_FINITE);
	const double *intercept = RowNumbers(import, rows, "intercept", 0.0, IMPORT_FINITE);

	if (statistics && ImportMember(import, "columns"))
		ImportInvalid(import, "columns", "given besides \"statistics\"", "left out");
	CheckRows(import, rows, teradata_statistics);
	import->method = method >= 0 ? teradata_ours[method] : &method_affine;
	MethodDefaults(import->method, import->option);
	if (method >= 0 && strcmp(teradata_methods[method], "USTD") == 0)
		*ImportOption(import, "ddof") = 1;
	ImportFormula(import, &formula_scale_shift, (const double *[]) {location, scale, multiplier, intercept});
	for (int i = 0; i < import->nfeatures; i++)
	{
		import->features[i].missing = teradata_policies[missing];
		import->features[i].imputed = teradata_policies[missing] == MISSING_CONSTANT ? location[i] : 0.0;
	}
}

/* ---- BigQuery ---- */

/* The columns of ML.FEATURE_INFO. */
static const char *const feature_info[] = {
	"input", "min", "max", "mean", "median", "stddev", "category_count", "null_count", "dimension", NULL
};
static const char *const bigquery_scalers[] = {"standard", "min_max", "max_abs", NULL};

static void
ReadBigQuery(Import *import)
{
	const JsonNode **rows = FindRows(import, "features", "input");
	int			scaler = ImportChoice(import, "scaler", bigquery_scalers, -1);
	const double *low;
	const double *high;
	const double *scale;

	CheckRows(import, rows, feature_info);
	if (scaler < 0)
		ImportMissing(import, "scaler");
	low = RequiredRowNumbers(import, rows, "min", IMPORT_FINITE);
	high = RequiredRowNumbers(import, rows, "max", IMPORT_FINITE);
	if (scaler == 0)
	{
		const double *mean = RequiredRowNumbers(import, rows, "mean", IMPORT_FINITE);

		ImportMethod(import, &method_standard);
		*ImportOption(import, "ddof") = 1;	/* as in the example of ML.STANDARD_SCALER's documentation */
		scale = RequiredRowNumbers(import, rows, "stddev", IMPORT_NONZERO);
		ImportFormula(import, &formula_subtract_divide, (const double *[]) {mean, scale});
	}
	else if (scaler == 1)
	{
		ImportMethod(import, &method_minmax);
		scale = Widths(import, low, high, "max", "min");
		ImportFormula(import, &formula_subtract_divide, (const double *[]) {low, scale});
	}
	else
	{
		double	   *largest = ImportConstant(import, 0);

		for (int i = 0; i < import->nfeatures; i++)
			largest[i] = fmax(fabs(low[i]), fabs(high[i]));
		scale = largest;
		ImportMethod(import, &method_maxabs);
		ImportFormula(import, &formula_divide, &scale);
	}
	ImportRange(import, "min", low, "max", high);
	/* ML.MIN_MAX_SCALER caps its output at 0 and 1 */
	for (int i = 0; scaler == 1 && i < import->nfeatures; i++)
		import->features[i].outside = OUTSIDE_CLIP;
}

/* ---- SQL ---- */

static const char *const no_keys[] = {NULL};
static const char *const teradata_names[] = {"names", NULL};
static const char *const vertica_members[] = {"method", "details", NULL};
static const char *const teradata_members[] = {"columns", "statistics", "scale_method", "miss_value", NULL};
static const char *const bigquery_members[] = {"scaler", "features", NULL};
static const ImportClass vertica_classes[] = {{"normalization", {NULL}, ReadVertica, vertica_members}, {NULL}};
static const ImportClass teradata_classes[] = {{"TD_ScaleFit", {NULL}, ReadTeradata, teradata_members}, {NULL}};
static const ImportClass bigquery_classes[] = {{"scaler", {NULL}, ReadBigQuery, bigquery_members}, {NULL}};

static const ImportFamily vertica_family = {
	"a Vertica normalization model", "", no_keys, no_keys, no_keys, NULL, vertica_classes,
	"Pass {\"method\": \"zscore\", \"details\": [...]} with the rows that GET_MODEL_ATTRIBUTE returns for attribute \"details\".",
	true
};
static const ImportFamily teradata_family = {
	"a TD_ScaleFit table", "", no_keys, teradata_names, no_keys, NULL, teradata_classes,
	"Pass {\"columns\": {\"age\": {\"location\": 38.5, \"scale\": 12.25}, ...}}, or the rows of the table as \"statistics\".",
	true
};
static const ImportFamily bigquery_family = {
	"a BigQuery scaler", "", no_keys, no_keys, no_keys, NULL, bigquery_classes,
	"Pass {\"scaler\": \"standard\", \"features\": [...]} with the rows of ML.FEATURE_INFO.",
	true
};

PG_FUNCTION_INFO_V1(from_vertica);
Datum
from_vertica(PG_FUNCTION_ARGS)
{
	return ImportFromJsonb(&vertica_family, PG_GETARG_JSONB_P(0));
}

PG_FUNCTION_INFO_V1(from_teradata);
Datum
from_teradata(PG_FUNCTION_ARGS)
{
	return ImportFromJsonb(&teradata_family, PG_GETARG_JSONB_P(0));
}

PG_FUNCTION_INFO_V1(from_bigquery);
Datum
from_bigquery(PG_FUNCTION_ARGS)
{
	return ImportFromJsonb(&bigquery_family, PG_GETARG_JSONB_P(0));
}
