/*
 * drift_options.c
 *		The options of a comparison.
 */
#include "pg/drift.h"

#include "pg/json_tree.h"
#include "pg/normfreeze.h"

typedef struct DriftOption
{
	const char *name;
	double		least;
	double		greatest;
	void		(*set) (DriftOptions *options, double value);
} DriftOption;

static void
SetBins(DriftOptions *options, double value)
{
	options->bins = (int) value;
}

static void
SetEpsilon(DriftOptions *options, double value)
{
	options->epsilon = value;
}

static void
SetAlpha(DriftOptions *options, double value)
{
	options->alpha = value;
}

static const DriftOption drift_options[] = {
	{"bins", 2, DRIFT_MAX_BINS, SetBins},
	{"epsilon", 1e-12, 0.01, SetEpsilon},
	{"alpha", 1e-12, 0.5, SetAlpha},
};

static void
ReadNumber(DriftOptions *options, const DriftOption *option, const JsonNode *node)
{
	double		value;

	if (!JsonNumber(node, &value) || value < option->least || value > option->greatest ||
		(option->set == SetBins && value != floor(value)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for option \"%s\" of a comparison", option->name),
				 errdetail("It must be a%s number from %g to %g.", option->set == SetBins ? " whole" : "",
						   option->least, option->greatest)));
	option->set(options, value);
}

/* [moderate, major], either of them null for never; or null for both */
static void
ReadThresholds(double *thresholds, const JsonNode *node)
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

static void
ReadMeasures(DriftOptions *options, const JsonNode *node)
{
	if (node->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"thresholds\" of a comparison must be an object, not %s", JsonTypeName(node))));
	for (int i = 0; i < node->nchildren; i++)
	{
		int			measure = 0;

		while (measure < DRIFT_MEASURES && strcmp(drift_measures[measure].name, node->children[i]->key) != 0)
			measure++;
		if (measure == DRIFT_MEASURES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("no verdict goes by measure \"%s\"", node->children[i]->key),
					 errhint("Measures with thresholds are missing, outside, mean_shift, variance_ratio, psi.")));
		ReadThresholds(options->threshold[measure], node->children[i]);
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

/* What is an option by itself; the other ones are numbers. */
static const struct
{
	const char *name;
	void		(*read) (DriftOptions *options, const JsonNode *node);
} drift_structures[] = {
	{"thresholds", ReadMeasures},
	{"exclude", ReadExcluded},
};

static bool
ReadStructure(DriftOptions *options, const JsonNode *node)
{
	for (int i = 0; i < lengthof(drift_structures); i++)
		if (strcmp(drift_structures[i].name, node->key) == 0)
		{
			drift_structures[i].read(options, node);
			return true;
		}
	return false;
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
	{
		const JsonNode *node = tree->children[i];
		int			option = 0;

		if (ReadStructure(options, node))
			continue;
		while (option < lengthof(drift_options) && strcmp(drift_options[option].name, node->key) != 0)
			option++;
		if (option == lengthof(drift_options))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown option \"%s\" of a comparison", node->key),
					 errhint("Known options are bins, epsilon, alpha, thresholds, exclude.")));
		ReadNumber(options, &drift_options[option], node);
	}
}
