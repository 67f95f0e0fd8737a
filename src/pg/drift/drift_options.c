/*
 * drift_options.c
 *		The options of a comparison.
 */
#include "pg/drift/drift.h"

#include "lib/stringinfo.h"
#include "pg/base/json_tree.h"

/* Return the number of an option.  Fails unless it lies within the bounds, and is whole if it must be. */
static double
NumberOption(const JsonNode *node, double least, double greatest, bool whole)
{
	double		value;

	if (!JsonNumber(node, &value) || value < least || value > greatest || (whole && value != floor(value)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\" of a comparison", node->key),
				 errdetail("It must be a%s number from %g to %g.", whole ? " whole" : "", least, greatest)));
	return value;
}

static void
ReadBins(DriftOptions *options, const JsonNode *node)
{
	options->bins = (int) NumberOption(node, 2, DRIFT_MAX_BINS, true);
}

static void
ReadEpsilon(DriftOptions *options, const JsonNode *node)
{
	options->epsilon = NumberOption(node, 1e-12, 0.01, false);
}

static void
ReadAlpha(DriftOptions *options, const JsonNode *node)
{
	options->alpha = NumberOption(node, 1e-12, 0.5, false);
}

/* Read the thresholds of a measure: [moderate, major], where null means never, or null for both. */
static void
ReadMeasure(double *thresholds, const JsonNode *node)
{
	bool		valid = node->type == JSON_NODE_NULL || (node->type == JSON_NODE_ARRAY && node->nchildren == 2);

	thresholds[0] = thresholds[1] = INFINITY;
	for (int i = 0; valid && i < node->nchildren; i++)
		if (node->children[i]->type != JSON_NODE_NULL)
			valid = JsonNumber(node->children[i], &thresholds[i]) && thresholds[i] > 0;
	if (!valid || thresholds[0] > thresholds[1])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid thresholds for measure \"%s\" of a comparison", node->key),
				 errhint("Give two numbers above 0, for moderate and major drift, as in [0.1, 0.25]; null is for never.")));
}

/* Return the names of the measures with thresholds, for a hint. */
static char *
MeasureNames(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < drift_nmeasures; i++)
		if (DriftDecides(i))
			appendStringInfo(&names, "%s%s", names.len ? ", " : "", drift_measures[i].name);
	return names.data;
}

static void
ReadThresholds(DriftOptions *options, const JsonNode *node)
{
	if (node->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"thresholds\" of a comparison must be an object, not %s", JsonTypeName(node))));
	for (int i = 0; i < node->nchildren; i++)
	{
		int			measure = DecidingMeasureByName(node->children[i]->key);

		if (measure < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("measure \"%s\" of a comparison has no thresholds", node->children[i]->key),
					 errhint("Measures with thresholds are %s.", MeasureNames())));
		ReadMeasure(options->threshold[measure], node->children[i]);
	}
}

static void
ReadExcluded(DriftOptions *options, const JsonNode *node)
{
	bool		valid = node->type == JSON_NODE_ARRAY;

	for (int i = 0; valid && i < node->nchildren; i++)
		valid = node->children[i]->type == JSON_NODE_STRING;
	if (!valid)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"exclude\" of a comparison must be an array of names of features")));
	options->nexcluded = node->nchildren;
	options->excluded = palloc(sizeof(char *) * (node->nchildren + 1));
	for (int i = 0; i < node->nchildren; i++)
		options->excluded[i] = node->children[i]->text;
}

static const struct
{
	const char *name;
	void		(*read) (DriftOptions *options, const JsonNode *node);
}			drift_options[] = {
	{"bins", ReadBins},
	{"epsilon", ReadEpsilon},
	{"alpha", ReadAlpha},
	{"thresholds", ReadThresholds},
	{"exclude", ReadExcluded},
};

static void
ReadDriftOption(DriftOptions *options, const JsonNode *node)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < lengthof(drift_options); i++)
	{
		if (strcmp(drift_options[i].name, node->key) == 0)
		{
			drift_options[i].read(options, node);
			return;
		}
		appendStringInfo(&known, "%s%s", i ? ", " : "", drift_options[i].name);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option \"%s\" for a comparison", node->key),
			 errhint("Known options are %s.", known.data)));
}

void
ReadDriftOptions(DriftOptions *options, Jsonb *json)
{
	JsonNode   *tree;

	DriftDefaults(options);
	if (json == NULL)
		return;
	tree = JsonParseJsonb(json, "options");
	if (tree->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the options of a comparison must be an object, not %s", JsonTypeName(tree))));
	for (int i = 0; i < tree->nchildren; i++)
		ReadDriftOption(options, tree->children[i]);
}
