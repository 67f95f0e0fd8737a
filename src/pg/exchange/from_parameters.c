/*
 * from_parameters.c
 *		The function from_parameters(): a scaler of parameters as they lie in files, computed as the code beside such
 *		files does.
 *
 * parameter_blocks.c finds the statistics of each feature, parameter_shapes.c says which of them make a scaler,
 * parameter_features.c makes its formula.
 */
#include "pg/exchange/parameter_features.h"

#include "fmgr.h"
#include "pg/base/text.h"

static const char *const no_keys[] = {NULL};
static const char *const name_keys[] = {"names", NULL};
static const char *const count_keys[] = {"n_features", NULL};

static const ImportFamily parameters_family = {
	"parameters", "", no_keys, name_keys, count_keys, NULL, NULL,
	"Option \"path\" says where in the document they are, as in {\"path\": [\"scaler\", \"input\"]}.",
	false, false, false
};

/* ---- finding them ---- */

/* Return step i of option "path", a key or a position; NULL behind the last one. */
static const JsonNode *
PathStep(const Parameters *p, int i)
{
	const JsonNode *path = p->options.path;
	int			length = path == NULL ? 0 : path->type == JSON_NODE_STRING ? 1 : path->nchildren;

	if (i >= length)
		return NULL;
	return path->type == JSON_NODE_STRING ? path : path->children[i];
}

/* Return what a step leads to; NULL if that is nothing. */
static const JsonNode *
FollowStep(const JsonNode *node, const JsonNode *step)
{
	double		position;

	if (node->type == JSON_NODE_OBJECT)
		return JsonMember(node, step->text);
	if (node->type == JSON_NODE_ARRAY && JsonNumber(step, &position) && position < node->nchildren)
		return node->children[(int) position];
	return NULL;
}

/* Return what option "path" leads to. */
static const JsonNode *
FollowPath(const Parameters *p, const JsonNode *node)
{
	const JsonNode *step;

	for (int i = 0; (step = PathStep(p, i)) != NULL; i++)
	{
		const JsonNode *next = FollowStep(node, step);

		if (next == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: option \"path\" leads nowhere: there is no \"%s\"", p->import.what,
							step->text),
					 errdetail("Step %d of it meets %s.", i + 1, NodeText(node))));
		node = next;
	}
	return node;
}

/* Return the list of names beside the parameters, or on the way to them; NULL if there is none. */
static const JsonNode *
NamesOnPath(const Parameters *p, const JsonNode *root)
{
	const char *key = p->options.words.names_key;
	const JsonNode *found = NULL;
	const JsonNode *node = root;

	if (key == NULL)
		return NULL;
	for (int i = 0; node; i++)
	{
		const JsonNode *names = node->type == JSON_NODE_OBJECT ? JsonMember(node, key) : NULL;
		const JsonNode *step = PathStep(p, i);

		found = names ? names : found;
		node = step ? FollowStep(node, step) : NULL;
	}
	if (found == NULL || found->type != JSON_NODE_ARRAY)
		ImportInvalid(&p->import, key, found ? NodeText(found) : "missing", "an array of names, as option \"names\" says");
	return found;
}

/* ---- names ---- */

typedef struct NamedBlock
{
	const char *name;
	int			place;
} NamedBlock;

static int
CompareNamedBlocks(const void *a, const void *b)
{
	return strcmp(((const NamedBlock *) a)->name, ((const NamedBlock *) b)->name);
}

/* Put blocks, each of which is a feature with a name, into the order of names, which must have each of them. */
static void
OrderBlocks(Parameters *p, const JsonNode *names)
{
	ParameterBlocks *blocks = &p->blocks;
	int			n = blocks->count;
	NamedBlock *index = palloc(sizeof(NamedBlock) * n);
	ParameterBlock *ordered = palloc(sizeof(ParameterBlock) * n);
	bool	   *taken = palloc0(sizeof(bool) * n);

	for (int b = 0; b < n; b++)
		index[b] = (NamedBlock) {blocks->blocks[b].name, b};
	qsort(index, n, sizeof(NamedBlock), CompareNamedBlocks);
	for (int i = 0; i < names->nchildren; i++)
	{
		const JsonNode *name = names->children[i];
		NamedBlock	wanted = {name->text, 0};
		NamedBlock *found;

		CHECK_FOR_INTERRUPTS();
		if (name->type != JSON_NODE_STRING)
			ImportInvalidOf(&p->import, "names", i, NodeText(name), "a string");
		found = bsearch(&wanted, index, n, sizeof(NamedBlock), CompareNamedBlocks);
		if (found == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("cannot import %s: there is no feature \"%s\", which is among the names", p->import.what,
							wanted.name)));
		if (taken[found->place])
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("feature \"%s\" is named twice", found->name)));
		taken[found->place] = true;
		ordered[i] = blocks->blocks[found->place];
	}
	for (int b = 0; b < n && !p->options.words.ignores_rest; b++)
		if (!taken[b])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: \"%s\" is used for nothing: it is not among the names",
							p->import.what, blocks->blocks[b].name),
					 errhint("Add it to the names, or name it in option \"ignore\".")));
	blocks->blocks = ordered;
	blocks->count = names->nchildren;
}

/* Count the features, and give them their names: those of a list, or those of the blocks. */
static void
NameParameters(Parameters *p, const JsonNode *names)
{
	Import	   *import = &p->import;
	ParameterBlocks *blocks = &p->blocks;
	bool		named = blocks->blocks[0].name != NULL;
	bool		lists = false;
	const char *counted = "its keys";
	int			total = 0;

	for (int b = 0; b < blocks->count; b++)
	{
		lists = lists || blocks->blocks[b].length_key;
		if (blocks->count == 1 && blocks->blocks[b].length_key)
			counted = blocks->blocks[b].length_key;
	}
	if (names && names->nchildren == 0)
		ImportInvalid(import, "names", "empty", "of at least one feature");
	if (names && named && !lists)
	{
		OrderBlocks(p, names);
		names = NULL;
	}
	/* single numbers are for all features, if a list of names tells how many there are */
	if (names && blocks->count == 1 && !lists)
		blocks->blocks[0].length = names->nchildren;
	for (int b = 0; b < blocks->count; b++)
	{
		total += blocks->blocks[b].length;
		CheckFeatureCount(total);
	}
	ImportCount(import, counted, total);
	if (names)
		ImportNames(import, names, "names");
	else if (named && !(lists && blocks->count == 1))
	{
		int			at = 0;

		import->names = palloc(sizeof(char *) * total);
		for (int b = 0; b < blocks->count; b++)
			for (int i = 0; i < blocks->blocks[b].length; i++)
				import->names[at++] = blocks->blocks[b].length_key ? psprintf("%s[%d]", blocks->blocks[b].name, i) :
					pstrdup(blocks->blocks[b].name);
	}
}

/* ---- what is no parameter ---- */

/* Return a switch that is not of a feature; true if it is not there. */
static bool
Switch(const Parameters *p, ParameterRole role)
{
	const JsonNode *node = p->blocks.blocks[0].value[role];

	if (node && node->type != JSON_NODE_BOOLEAN)
		ImportInvalid(&p->import, p->blocks.blocks[0].key[role], NodeText(node), "true or false");
	return node == NULL || node->boolean;
}

/* Check the numbers of values and of features that a file says. */
static void
CheckCounts(const Parameters *p)
{
	for (int b = 0; b < p->blocks.count; b++)
	{
		const ParameterBlock *block = &p->blocks.blocks[b];
		const JsonNode *node = block->value[ROLE_FEATURE_COUNT];
		double		count;

		if (node && (!JsonNumber(node, &count) || count != block->length))
			ImportInvalid(&p->import, block->key[ROLE_FEATURE_COUNT], NodeText(node),
						  psprintf("%d, as many as there are", block->length));
		node = block->value[ROLE_COUNT];
		if (node && node->type == JSON_NODE_ARRAY && node->nchildren == 1)
			node = node->children[0];
		if (node && node->type != JSON_NODE_ARRAY && (!JsonNumber(node, &count) || count < 1))
			ImportInvalid(&p->import, block->key[ROLE_COUNT], NodeText(node), "a number of values, at least 1");
	}
}

/* ---- the shape ---- */

static void
FindShape(Parameters *p)
{
	bool		there[NROLES] = {false};
	ParameterShape other;

	for (int b = 0; b < p->blocks.count; b++)
		for (int role = 0; role < NROLES; role++)
			there[role] = there[role] || p->blocks.blocks[b].value[role];
	p->shape = p->options.words.shape;
	if (p->shape != SHAPE_NONE)
	{
		if (FindShapeRoles(p->shape, there, true) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: shape \"%s\" needs other statistics", p->import.what,
							parameter_shape_names[p->shape]),
					 errdetail("There are: %s.", StatisticsText(there)),
					 errhint("Each shape has its own: %s. Say with option \"keys\" what they are called.",
							 ShapesText())));
		return;
	}
	p->shape = FittingShape(there, &other);
	if (p->shape == SHAPE_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: its keys make no shape", p->import.what),
				 errdetail("There are: %s.", StatisticsText(there)),
				 errhint("Each shape has its own: %s. Say with option \"keys\" what they are called, "
						 "or with \"path\" where they are.", ShapesText())));
	if (other != SHAPE_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: its keys make shape \"%s\" and shape \"%s\"", p->import.what,
						parameter_shape_names[p->shape], parameter_shape_names[other]),
				 errdetail("There are: %s.", StatisticsText(there)),
				 errhint("Say which with option \"shape\", as in {\"shape\": \"%s\"}.",
						 parameter_shape_names[p->shape])));
}

/* Fail at an option that the shape does not take. */
static void
CheckOptionsOfShape(const Parameters *p)
{
	const ParameterOptions *options = &p->options;
	bool		divides = p->shape <= SHAPE_QUANTILES;
	bool		ends = p->shape == SHAPE_RANGE || p->shape == SHAPE_QUANTILES;
	const char *option = NULL;

	if (options->has_epsilon && !divides)
		option = "eps";
	else if (options->rule.place == EPSILON_VARIANCE && p->shape != SHAPE_STANDARD)
		option = "eps_in";
	else if (options->rule.zero != ZERO_UNSAID && !divides)
		option = "zero";
	else if (options->has_to && !ends)
		option = "to";
	if (option)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" does not apply to shape \"%s\"", option, parameter_shape_names[p->shape])));
	if (options->single_after_rescale && !p->rescales)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"dtype\" is \"transformers\", but nothing is rescaled"),
				 errhint("It is for image processors with a \"rescale_factor\"; without one they compute in \"float32\".")));
	if (options->clips_to && !ends)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"clip\" is true, but shape \"%s\" has no range to clip to",
						parameter_shape_names[p->shape]),
				 errhint("Give the range, as in {\"clip\": [-5, 5]}.")));
	if (options->mask && options->mask->nchildren != p->import.nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg_plural("option \"mask\" has %d element, and must have %d",
							   "option \"mask\" has %d elements, and must have %d",
							   options->mask->nchildren, options->mask->nchildren, p->import.nfeatures)));
}

/* Set what a file says about a range of results, unless an option does. */
static void
ReadFeatureRange(Parameters *p)
{
	ParameterOptions *options = &p->options;
	const ParameterBlock *block = &p->blocks.blocks[0];
	const JsonNode *node = block->value[ROLE_FEATURE_RANGE];

	if (node && p->shape == SHAPE_RANGE && !options->has_to)
	{
		if (!JsonInterval(node, options->to) || options->to[0] >= options->to[1])
			ImportInvalid(&p->import, block->key[ROLE_FEATURE_RANGE], NodeText(node),
						  "an array of two numbers in ascending order");
		options->has_to = true;
	}
	if (options->clips_to)
	{
		options->clips = true;
		options->clip[0] = options->has_to ? options->to[0] : 0;
		options->clip[1] = options->has_to ? options->to[1] : 1;
	}
}

static void
ReadParameterFeatures(Parameters *p)
{
	int			place = 0;

	ImportMethod(&p->import, &method_affine);
	ImportFeatures(&p->import);
	for (int b = 0; b < p->blocks.count; b++)
	{
		const ParameterBlock *block = &p->blocks.blocks[b];
		bool		there[NROLES];
		const ShapeRoles *roles;

		for (int role = 0; role < NROLES; role++)
			there[role] = block->value[role] != NULL;
		roles = FindShapeRoles(p->shape, there, p->options.words.shape != SHAPE_NONE);
		if (roles == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: %s lacks a statistic that others have", p->import.what,
							FeatureLabel(block->name, place)),
					 errdetail("It has: %s.", StatisticsText(there)),
					 errhint("Each shape has its own: %s.", ShapesText())));
		RefuseUnusedStatistics(p, block, roles);
		for (int i = 0; i < block->length; i++)
		{
			CHECK_FOR_INTERRUPTS();
			ReadParameterFeature(p, block, roles, i, place++);
		}
	}
}

PG_FUNCTION_INFO_V1(from_parameters);
Datum
from_parameters(PG_FUNCTION_ARGS)
{
	Parameters	p;
	const JsonNode *root = JsonParseJsonb(PG_GETARG_JSONB_P(0), parameters_family.title);
	const JsonNode *names;

	ImportStart(&p.import, &parameters_family);
	ReadParameterOptions(JsonParseJsonb(PG_GETARG_JSONB_P(1), "options"), &p.options);
	names = NamesOnPath(&p, root);
	ReadParameterBlocks(&p.import, &p.options.words, FollowPath(&p, root), &p.blocks);
	NameParameters(&p, p.options.names ? p.options.names : names ? names : p.blocks.names);
	CheckCounts(&p);
	FindShape(&p);
	p.rescales = p.blocks.blocks[0].value[ROLE_RESCALE] && Switch(&p, ROLE_DO_RESCALE);
	p.normalizes = Switch(&p, ROLE_DO_NORMALIZE);
	CheckOptionsOfShape(&p);
	ReadFeatureRange(&p);
	ReadParameterFeatures(&p);
	PG_RETURN_BYTEA_P(ImportFinish(&p.import));
}
