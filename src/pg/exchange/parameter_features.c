/*
 * parameter_features.c
 *		A feature's formula from its statistics, a reader for each shape.
 *
 * Nothing is folded: each operation of the code beside such files is one of the formula, and what is computed of the
 * parameters alone, such as a width or s + eps, is rounded as there.
 */
#include "pg/exchange/parameter_features.h"

#include "pg/base/text.h"

const char *
StatisticsText(const bool *there)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int role = 0; role < NROLES; role++)
		if (there[role])
			appendStringInfo(&list, "%s\"%s\"", list.len ? ", " : "", RoleName(role));
	return list.len ? list.data : "none";
}

/* Return whether a shape made in this way has a use for a statistic of a block. */
static bool
Uses(const ShapeRoles *roles, ParameterRole role, const ParameterBlock *block)
{
	if (role == roles->first || role == roles->second || role > ROLE_RESCALE)
		return true;
	switch (roles->shape)
	{
		case SHAPE_STANDARD:
			if (role == ROLE_VARIANCE || role == ROLE_RESCALE)
				return true;
			break;
		case SHAPE_ROBUST:
			if (roles->is_end && role == UpperQuartile(roles->second))
				return true;
			break;
		case SHAPE_RANGE:
			return role == ROLE_RANGE;
		case SHAPE_QUANTILES:
			break;
		case SHAPE_SKLEARN_RANGE:
			return role == ROLE_DATA_MIN || role == ROLE_DATA_MAX || role == ROLE_RANGE;
		case SHAPE_POINTS:
			return role >= ROLE_X0 && role <= ROLE_Y1;
		case SHAPE_NONE:
			break;
	}
	/* the range of the training values, if both ends are there */
	if (role == ROLE_MIN || role == ROLE_MAX)
		return block->value[ROLE_MIN] && block->value[ROLE_MAX];
	return (role == ROLE_DATA_MIN || role == ROLE_DATA_MAX) &&
		block->value[ROLE_DATA_MIN] && block->value[ROLE_DATA_MAX];
}

void
RefuseUnusedStatistics(const Parameters *p, const ParameterBlock *block, const ShapeRoles *roles)
{
	if (p->options.words.shape != SHAPE_NONE || p->options.words.ignores_rest)
		return;
	for (int role = 0; role < NROLES; role++)
		if (block->value[role] && !Uses(roles, role, block))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cannot import %s: \"%s\" is used for nothing by shape \"%s\"", p->import.what,
							block->key[role], parameter_shape_names[roles->shape]),
					 errhint("Say that this is the shape with {\"shape\": \"%s\"}, or name the key in option \"ignore\".",
							 parameter_shape_names[roles->shape])));
}

/* ---- numbers ---- */

/* A feature that is being read. */
typedef struct Feature
{
	const Parameters *p;
	const ParameterBlock *block;
	int			within;			/* its place in the block */
	int			place;			/* its place among all */
	FeatureRecipe *recipe;
} Feature;

static bool
Has(const Feature *feature, ParameterRole role)
{
	return feature->block->value[role] != NULL;
}

/* Return a number, rounded to float4 if parameters are. */
static double
StatisticNumber(const Feature *feature, ParameterRole role, ImportDemand demand)
{
	const Import *import = &feature->p->import;
	const JsonNode *node = BlockValue(feature->block, role, feature->within);
	double		value;

	if (node == NULL)
		ImportInvalidOf(import, RoleName(role), feature->place, "missing", "a finite number");
	value = RoundParameter(&feature->p->options,
						   ImportValue(import, node, feature->block->key[role], feature->place, demand));
	if (isinf(value))
		ImportInvalidOf(import, feature->block->key[role], feature->place, NodeText(node), "within float4");
	return value;
}

static void
RefuseOrder(const Feature *feature, ParameterRole low, double a, ParameterRole high, double b)
{
	ImportInvalidOf(&feature->p->import, feature->block->key[high], feature->place, FloatText(b),
					psprintf("at least \"%s\", %s", feature->block->key[low], FloatText(a)));
}

/* Return the width between two ends. */
static double
Width(const Feature *feature, ParameterRole low, ParameterRole high, double *a)
{
	double		b = StatisticNumber(feature, high, IMPORT_FINITE);

	*a = StatisticNumber(feature, low, IMPORT_FINITE);
	if (b < *a)
		RefuseOrder(feature, low, *a, high, b);
	return RoundOperation(&feature->p->options.rule, b - *a);
}

/* Set parameter k, what divides; "key" is that of the spread. */
static void
SetDivisor(const Feature *feature, int k, double spread, ParameterRole key)
{
	const DivisorRule *rule = &feature->p->options.rule;
	FeatureRecipe *f = feature->recipe;

	f->param[k] = SpreadDivisor(rule, spread);
	f->constant = spread == 0;
	if (f->param[k] == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: %s would be divided by 0, its \"%s\"", feature->p->import.what,
						FeatureLabel(f->name, feature->place), feature->block->key[key]),
				 errhint("Say what the code beside the file does: {\"zero\": \"one\"} divides by 1, {\"zero\": \"result_zero\"} "
						 "gives 0, {\"eps\": 1e-8} is added to what divides.")));
	if (spread == 0 && rule->zero == ZERO_RESULT_ZERO)
		FeatureSetClip(f, 0, 0);
}

/* Set the range of the training values, if both ends are known. */
static void
SetRange(const Feature *feature, ParameterRole low, ParameterRole high)
{
	FeatureRecipe *f = feature->recipe;

	if (!Has(feature, low) || !Has(feature, high))
		return;
	f->lower = StatisticNumber(feature, low, IMPORT_FINITE);
	f->upper = StatisticNumber(feature, high, IMPORT_FINITE);
	if (f->upper < f->lower)
		RefuseOrder(feature, low, f->lower, high, f->upper);
}

/* ---- shapes ---- */

/* (x * factor - center) / scale, as image processors compute it. */
static void
SetRescaled(const Feature *feature, double center, double spread, ParameterRole key)
{
	FeatureRecipe *f = feature->recipe;
	bool		single = feature->p->options.single_after_rescale;

	if (!feature->p->normalizes)
	{
		f->formula = single ? &formula_multiply_single : &formula_multiply;
		f->param[0] = StatisticNumber(feature, ROLE_RESCALE, IMPORT_FINITE);
		return;
	}
	f->formula = single ? &formula_rescale_subtract_divide_single : &formula_rescale_subtract_divide;
	f->param[0] = single ? (float) center : center;
	SetDivisor(feature, 1, single ? (float) spread : spread, key);
	f->param[2] = StatisticNumber(feature, ROLE_RESCALE, IMPORT_FINITE);
}

static void
SetCenterAndSpread(const Feature *feature, double center, double spread, ParameterRole key)
{
	feature->recipe->formula = &formula_subtract_divide;
	feature->recipe->param[0] = center;
	SetDivisor(feature, 1, spread, key);
}

/* After a division, multiply and add: to the range [low, high]. */
static void
SetTarget(const Feature *feature, double low, double high)
{
	const ParameterOptions *options = &feature->p->options;

	low = RoundParameter(options, low);
	feature->recipe->formula = &formula_scale_shift;
	feature->recipe->param[2] = RoundOperation(&options->rule, RoundParameter(options, high) - low);
	feature->recipe->param[3] = low;
}

static void
ReadStandard(const Feature *feature, const ShapeRoles *roles)
{
	const DivisorRule *rule = &feature->p->options.rule;
	double		center = StatisticNumber(feature, roles->first, IMPORT_FINITE);
	ParameterRole key = rule->place == EPSILON_VARIANCE ? ROLE_VARIANCE : roles->second;
	double		spread;

	if (!Has(feature, key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"eps_in\" is \"variance\", but there is no variance",
						feature->p->import.what),
				 errhint("If the epsilon is added to \"%s\", say {\"eps_in\": \"scale\"}; "
						 "if \"%s\" is a variance, say {\"keys\": {\"var\": \"%s\"}}.",
						 feature->block->key[roles->second], feature->block->key[roles->second],
						 feature->block->key[roles->second])));
	spread = StatisticNumber(feature, key, IMPORT_NOT_NEGATIVE);
	if (key == ROLE_VARIANCE && rule->place != EPSILON_VARIANCE)
		spread = RoundOperation(rule, sqrt(spread));
	if (feature->p->rescales)
		SetRescaled(feature, center, spread, key);
	else
		SetCenterAndSpread(feature, center, spread, key);
	SetRange(feature, ROLE_DATA_MIN, ROLE_DATA_MAX);
	SetRange(feature, ROLE_MIN, ROLE_MAX);
}

static void
ReadRobust(const Feature *feature, const ShapeRoles *roles)
{
	double		center = StatisticNumber(feature, roles->first, IMPORT_FINITE);
	double		low;
	double		spread = roles->is_end ? Width(feature, roles->second, UpperQuartile(roles->second), &low) :
		StatisticNumber(feature, roles->second, IMPORT_NOT_NEGATIVE);

	SetCenterAndSpread(feature, center, spread, roles->second);
	SetRange(feature, ROLE_MIN, ROLE_MAX);
}

static void
ReadEnds(const Feature *feature, const ShapeRoles *roles)
{
	const ParameterOptions *options = &feature->p->options;
	double		low;
	double		spread;

	if (roles->is_end)
		spread = Width(feature, roles->first, roles->second, &low);
	else
	{
		low = StatisticNumber(feature, roles->first, IMPORT_FINITE);
		spread = StatisticNumber(feature, roles->second, IMPORT_NOT_NEGATIVE);
	}
	SetCenterAndSpread(feature, low, spread, roles->second);
	/* a result that is always 0 is that of the center alone */
	if (options->has_to && !(options->to[0] == 0 && options->to[1] == 1) && !feature->recipe->clips)
		SetTarget(feature, options->to[0], options->to[1]);
	if (roles->shape == SHAPE_QUANTILES && !options->clips_input)
		SetRange(feature, ROLE_MIN, ROLE_MAX);
	else if (roles->is_end)
		SetRange(feature, roles->first, roles->second);
}

static void
ReadSklearnRange(const Feature *feature, const ShapeRoles *roles)
{
	FeatureRecipe *f = feature->recipe;

	f->formula = &formula_multiply_add;
	f->param[0] = StatisticNumber(feature, roles->second, IMPORT_NONZERO);
	f->param[1] = StatisticNumber(feature, roles->first, IMPORT_FINITE);
	SetRange(feature, ROLE_DATA_MIN, ROLE_DATA_MAX);
	f->constant = RangeIsKnown(f) && f->lower == f->upper;
}

/* Return number k of point i of a feature. */
static double
PointNumber(const Feature *feature, int i, int k)
{
	static const ParameterRole roles[2][2] = {{ROLE_X0, ROLE_Y0}, {ROLE_X1, ROLE_Y1}};
	const Import *import = &feature->p->import;
	const char *key = feature->block->key[ROLE_POINTS];
	const JsonNode *node;

	if (!Has(feature, ROLE_POINTS))
		return StatisticNumber(feature, roles[i][k], IMPORT_FINITE);
	node = BlockValue(feature->block, ROLE_POINTS, feature->within);
	if (node->type != JSON_NODE_ARRAY || node->nchildren != 2 || node->children[i]->type != JSON_NODE_ARRAY ||
		node->children[i]->nchildren != 2)
		ImportInvalidOf(import, key, feature->place, NodeText(node), "two points, as in [[x0, y0], [x1, y1]]");
	return RoundParameter(&feature->p->options,
						  ImportValue(import, node->children[i]->children[k], key, feature->place, IMPORT_FINITE));
}

/* As PMML's NormContinuous: y0 + (x - x0) / (x1 - x0) * (y1 - y0). */
static void
ReadPoints(const Feature *feature, const ShapeRoles *roles)
{
	const DivisorRule *rule = &feature->p->options.rule;
	FeatureRecipe *f = feature->recipe;
	double		x0 = PointNumber(feature, 0, 0);
	double		x1 = PointNumber(feature, 1, 0);

	if (x0 == x1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: both points of %s are at %s", feature->p->import.what,
						FeatureLabel(f->name, feature->place), FloatText(x0))));
	f->param[0] = x0;
	f->param[1] = RoundOperation(rule, x1 - x0);
	SetTarget(feature, PointNumber(feature, 0, 1), PointNumber(feature, 1, 1));
	f->lower = Min(x0, x1);
	f->upper = Max(x0, x1);
}

static void (*const shape_readers[]) (const Feature *feature, const ShapeRoles *roles) =
{
	[SHAPE_STANDARD] = ReadStandard,
		[SHAPE_ROBUST] = ReadRobust,
		[SHAPE_RANGE] = ReadEnds,
		[SHAPE_QUANTILES] = ReadEnds,
		[SHAPE_SKLEARN_RANGE] = ReadSklearnRange,
		[SHAPE_POINTS] = ReadPoints,
};

/* ---- what holds for all shapes ---- */

/* Return whether a feature is to be scaled: it is, unless a mask says otherwise. */
static bool
IsScaled(const Feature *feature)
{
	const JsonNode *mask = feature->p->options.mask;
	const JsonNode *node = mask ? mask->children[feature->place] :
		BlockValue(feature->block, ROLE_MASK, feature->within);
	double		value;

	if (node == NULL)
		return true;
	if (node->type == JSON_NODE_BOOLEAN)
		return node->boolean;
	if (!JsonNumber(node, &value) || (value != 0 && value != 1))
		ImportInvalidOf(&feature->p->import, "mask", feature->place, NodeText(node), "true or false");
	return value == 1;
}

/* Set the clipping of results and of values. */
static void
SetClipping(const Feature *feature)
{
	const ParameterOptions *options = &feature->p->options;
	FeatureRecipe *f = feature->recipe;

	if (options->clips && !f->clips)
		FeatureSetClip(f, RoundParameter(options, options->clip[0]), RoundParameter(options, options->clip[1]));
	if (!options->clips_input)
		return;
	if (options->has_input_range)
	{
		f->lower = RoundParameter(options, options->input_range[0]);
		f->upper = RoundParameter(options, options->input_range[1]);
	}
	if (!RangeIsKnown(f))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot import %s: \"clip_input\" needs a range, and %s has none", feature->p->import.what,
						FeatureLabel(f->name, feature->place)),
				 errdetail(f->nbefore > 0 ? "What the parameters say is the range after the steps of option \"before\"." :
						   "The parameters say none."),
				 errhint("Give the bounds, as in {\"clip_input\": [0, 255]}.")));
	f->outside = OUTSIDE_CLIP;
}

void
ReadParameterFeature(const Parameters *p, const ParameterBlock *block, const ShapeRoles *roles, int i, int place)
{
	FeatureRecipe *f = &p->import.features[place];
	Feature		feature = {p, block, i, place, f};

	f->dtype = p->options.dtype;
	if (!IsScaled(&feature))
	{
		f->formula = &formula_identity;
		return;
	}
	shape_readers[roles->shape] (&feature, roles);
	f->nbefore = p->options.nbefore;
	f->before = p->options.before;
	/* the range that a file says is of what the steps before have made of values */
	if (f->nbefore > 0)
		SetRangeUnknown(f);
	SetClipping(&feature);
	for (int k = 0; k < f->formula->nparams; k++)
		f->param[k] = CanonicalZero(f->param[k]);
	f->lower = CanonicalZero(f->lower);
	f->upper = CanonicalZero(f->upper);
}
