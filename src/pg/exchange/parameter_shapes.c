/*
 * parameter_shapes.c
 *		The tables of keys and of shapes in files of parameters.
 *
 * The keys are those that files in public repositories have.  Case, underscores and other signs between words do not
 * matter, nor does a plural.
 */
#include "pg/exchange/parameter_shapes.h"

#include "lib/stringinfo.h"

typedef struct RoleKey
{
	const char *key;
	ParameterRole role;
} RoleKey;

/* The first key of a role is the one that errors name. */
static const RoleKey role_keys[] = {
	{"mean", ROLE_MEAN},
	{"avg", ROLE_MEAN},
	{"average", ROLE_MEAN},
	{"mu", ROLE_MEAN},
	{"imagemean", ROLE_MEAN},
	{"center", ROLE_CENTER},
	{"centre", ROLE_CENTER},
	{"loc", ROLE_CENTER},
	{"location", ROLE_CENTER},
	{"std", ROLE_STD},
	{"stddev", ROLE_STD},
	{"stdev", ROLE_STD},
	{"sd", ROLE_STD},
	{"sigma", ROLE_STD},
	{"standarddeviation", ROLE_STD},
	{"imagestd", ROLE_STD},
	{"scale", ROLE_SCALE},
	{"var", ROLE_VARIANCE},
	{"variance", ROLE_VARIANCE},
	{"median", ROLE_MEDIAN},
	{"med", ROLE_MEDIAN},
	{"50%", ROLE_MEDIAN},
	{"q50", ROLE_MEDIAN},
	{"p50", ROLE_MEDIAN},
	{"iqr", ROLE_IQR},
	{"interquartilerange", ROLE_IQR},
	{"min", ROLE_MIN},
	{"minimum", ROLE_MIN},
	{"minval", ROLE_MIN},
	{"minvalue", ROLE_MIN},
	{"low", ROLE_MIN},
	{"lower", ROLE_MIN},
	{"max", ROLE_MAX},
	{"maximum", ROLE_MAX},
	{"maxval", ROLE_MAX},
	{"maxvalue", ROLE_MAX},
	{"high", ROLE_MAX},
	{"upper", ROLE_MAX},
	{"data_min", ROLE_DATA_MIN},
	{"datamin", ROLE_DATA_MIN},
	{"data_max", ROLE_DATA_MAX},
	{"datamax", ROLE_DATA_MAX},
	{"range", ROLE_RANGE},
	{"datarange", ROLE_RANGE},
	{"q01", ROLE_P01},
	{"p01", ROLE_P01},
	{"p1", ROLE_P01},
	{"1%", ROLE_P01},
	{"q99", ROLE_P99},
	{"p99", ROLE_P99},
	{"99%", ROLE_P99},
	{"q02", ROLE_P02},
	{"p02", ROLE_P02},
	{"p2", ROLE_P02},
	{"2%", ROLE_P02},
	{"q98", ROLE_P98},
	{"p98", ROLE_P98},
	{"98%", ROLE_P98},
	{"q05", ROLE_P05},
	{"q5", ROLE_P05},
	{"p05", ROLE_P05},
	{"p5", ROLE_P05},
	{"5%", ROLE_P05},
	{"q95", ROLE_P95},
	{"p95", ROLE_P95},
	{"95%", ROLE_P95},
	{"q10", ROLE_P10},
	{"p10", ROLE_P10},
	{"10%", ROLE_P10},
	{"q90", ROLE_P90},
	{"p90", ROLE_P90},
	{"90%", ROLE_P90},
	{"q25", ROLE_P25},
	{"p25", ROLE_P25},
	{"25%", ROLE_P25},
	{"q75", ROLE_P75},
	{"p75", ROLE_P75},
	{"75%", ROLE_P75},
	{"q1", ROLE_Q1},
	{"q3", ROLE_Q3},
	{"points", ROLE_POINTS},
	{"linearnorm", ROLE_POINTS},
	{"x0", ROLE_X0},
	{"y0", ROLE_Y0},
	{"x1", ROLE_X1},
	{"y1", ROLE_Y1},
	{"rescale_factor", ROLE_RESCALE},
	{"rescalefactor", ROLE_RESCALE},
	{"do_rescale", ROLE_DO_RESCALE},
	{"dorescale", ROLE_DO_RESCALE},
	{"do_normalize", ROLE_DO_NORMALIZE},
	{"donormalize", ROLE_DO_NORMALIZE},
	{"feature_range", ROLE_FEATURE_RANGE},
	{"featurerange", ROLE_FEATURE_RANGE},
	{"mask", ROLE_MASK},
	{"count", ROLE_COUNT},
	{"n", ROLE_COUNT},
	{"nsample", ROLE_COUNT},
	{"nsamplesseen", ROLE_COUNT},
	{"numsample", ROLE_COUNT},
	{"numtransition", ROLE_COUNT},
	{"numtrajectories", ROLE_COUNT},
	{"n_features", ROLE_FEATURE_COUNT},
	{"nfeature", ROLE_FEATURE_COUNT},
	{"nfeaturesin", ROLE_FEATURE_COUNT},
	{"numfeature", ROLE_FEATURE_COUNT},
	{"featurecount", ROLE_FEATURE_COUNT},
	{"features", ROLE_NAMES},
	{"feature", ROLE_NAMES},
	{"featurename", ROLE_NAMES},
	{"featurenamesin", ROLE_NAMES},
	{"featurecol", ROLE_NAMES},
	{"featurecolumn", ROLE_NAMES},
	{"featureorder", ROLE_NAMES},
	{"name", ROLE_NAMES},
	{"column", ROLE_NAMES},
	{"columnname", ROLE_NAMES},
	{"col", ROLE_NAMES},
	{"variable", ROLE_NAMES},
	{"inputname", ROLE_NAMES},
	{"inputfeature", ROLE_NAMES},
	{"channel", ROLE_NAMES},
	{"channelname", ROLE_NAMES},
};

#define LONGEST_ROLE_KEY	24

static ParameterRole
FindRole(const char *key)
{
	for (int i = 0; i < lengthof(role_keys); i++)
		if (strcmp(role_keys[i].key, key) == 0)
			return role_keys[i].role;
	return ROLE_NONE;
}

ParameterRole
RoleOfKey(const char *key, int length)
{
	char		plain[LONGEST_ROLE_KEY + 1];
	int			n = 0;
	ParameterRole role;

	for (int i = 0; i < length; i++)
	{
		char		c = key[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '%'))
		{
			if (IS_HIGHBIT_SET(c))
				return ROLE_NONE;
			continue;
		}
		if (n == LONGEST_ROLE_KEY)
			return ROLE_NONE;
		plain[n++] = c;
	}
	plain[n] = '\0';
	role = FindRole(plain);
	if (role == ROLE_NONE && n > 1 && plain[n - 1] == 's')
	{
		plain[n - 1] = '\0';
		role = FindRole(plain);
	}
	return role;
}

const char *
RoleName(ParameterRole role)
{
	for (int i = 0; i < lengthof(role_keys); i++)
		if (role_keys[i].role == role)
			return role_keys[i].key;
	return "";
}

/* ---- shapes ---- */

const char *const parameter_shape_names[] = {
	"standard", "robust", "range", "quantiles", "sklearn_range", "points", NULL
};

/*
 * How each shape may be made, the preferred way first.  A center beside a scale is one arithmetic by either name, so it
 * is robust only if that is said.
 */
static const ShapeRoles shape_roles[] = {
	{SHAPE_STANDARD, ROLE_MEAN, ROLE_STD, false, false},
	{SHAPE_STANDARD, ROLE_MEAN, ROLE_SCALE, false, false},
	{SHAPE_STANDARD, ROLE_MEAN, ROLE_VARIANCE, false, false},
	{SHAPE_STANDARD, ROLE_CENTER, ROLE_STD, false, false},
	{SHAPE_STANDARD, ROLE_CENTER, ROLE_SCALE, false, false},
	{SHAPE_ROBUST, ROLE_MEDIAN, ROLE_IQR, false, false},
	{SHAPE_ROBUST, ROLE_MEDIAN, ROLE_SCALE, false, false},
	{SHAPE_ROBUST, ROLE_MEDIAN, ROLE_P25, true, false},
	{SHAPE_ROBUST, ROLE_MEDIAN, ROLE_Q1, true, false},
	{SHAPE_ROBUST, ROLE_CENTER, ROLE_SCALE, false, true},
	{SHAPE_RANGE, ROLE_MIN, ROLE_MAX, true, false},
	{SHAPE_RANGE, ROLE_DATA_MIN, ROLE_DATA_MAX, true, false},
	{SHAPE_RANGE, ROLE_MIN, ROLE_RANGE, false, false},
	{SHAPE_RANGE, ROLE_DATA_MIN, ROLE_RANGE, false, false},
	{SHAPE_QUANTILES, ROLE_P01, ROLE_P99, true, false},
	{SHAPE_QUANTILES, ROLE_Q1, ROLE_P99, true, false},
	{SHAPE_QUANTILES, ROLE_P02, ROLE_P98, true, false},
	{SHAPE_QUANTILES, ROLE_P05, ROLE_P95, true, false},
	{SHAPE_QUANTILES, ROLE_P10, ROLE_P90, true, false},
	{SHAPE_QUANTILES, ROLE_P25, ROLE_P75, true, true},
	{SHAPE_SKLEARN_RANGE, ROLE_MIN, ROLE_SCALE, false, false},
	{SHAPE_POINTS, ROLE_POINTS, ROLE_NONE, false, false},
	{SHAPE_POINTS, ROLE_X0, ROLE_X1, true, false},
};

/* Return the upper quartile that belongs to a lower one, or ROLE_NONE. */
ParameterRole
UpperQuartile(ParameterRole lower)
{
	return lower == ROLE_P25 ? ROLE_P75 : lower == ROLE_Q1 ? ROLE_Q3 : ROLE_NONE;
}

static bool
IsThere(ParameterRole role, const bool *there)
{
	return role == ROLE_NONE || there[role];
}

const ShapeRoles *
FindShapeRoles(ParameterShape shape, const bool *there, bool said)
{
	for (int i = 0; i < lengthof(shape_roles); i++)
	{
		const ShapeRoles *roles = &shape_roles[i];

		if (roles->shape != shape || (roles->said && !said) ||
			!IsThere(roles->first, there) || !IsThere(roles->second, there))
			continue;
		if (shape == SHAPE_ROBUST && roles->is_end && !there[UpperQuartile(roles->second)])
			continue;
		if (roles->first == ROLE_X0 && !(there[ROLE_Y0] && there[ROLE_Y1]))
			continue;
		/* beside a mean, a scale divides */
		if (shape == SHAPE_SKLEARN_RANGE && !said && (there[ROLE_MEAN] || there[ROLE_CENTER] || there[ROLE_MEDIAN]))
			continue;
		return roles;
	}
	return NULL;
}

ParameterShape
FittingShape(const bool *there, ParameterShape *other)
{
	ParameterShape found = SHAPE_NONE;

	*other = SHAPE_NONE;
	for (ParameterShape shape = 0; shape < SHAPE_NONE && *other == SHAPE_NONE; shape++)
		if (FindShapeRoles(shape, there, false))
		{
			if (found == SHAPE_NONE)
				found = shape;
			else
				*other = shape;
		}
	return found;
}

const char *
ShapesText(void)
{
	return "standard has mean and std, scale or variance; robust median and iqr, or 25% and 75%; range min and max; "
		"quantiles q01 and q99 or the like; sklearn_range min and scale; points x0, y0, x1, y1";
}
