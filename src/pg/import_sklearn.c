/*
 * import_sklearn.c
 *		Fitted scalers of scikit-learn.
 *
 * The arithmetic is that of sklearn/preprocessing/_data.py, whose fitted
 * attributes are the parameters: scale_ is the divisor as it is applied.
 */
#include "pg/import.h"

#include "core/quantile_map.h"
#include "fmgr.h"
#include "utils/jsonb.h"

/*
 * An attribute that a constructor parameter switches.  It may be there though
 * switched off (StandardScaler(with_mean=False) has mean_), and the parameter
 * may be missing: then the attribute tells.
 */
static const double *
SwitchedNumbers(Import *import, const char *option, const char *key, ImportDemand demand)
{
	if (ImportMember(import, option) == NULL)
		*ImportOption(import, option) = ImportMember(import, key) ? 1 : 0;
	return *ImportOption(import, option) != 0 ? ImportNumbers(import, key, demand) : NULL;
}

/* X -= center; X /= scale */
static FeatureRecipe *
CenterAndScale(Import *import, const double *center, const double *scale,
			   const Formula *centered, const Formula *uncentered)
{
	const double *param[FORMULA_MAX_PARAMS] = {0};
	int			k = 0;

	if (center)
		param[k++] = center;
	param[k] = scale ? scale : ImportConstant(import, 1.0);
	return ImportFormula(import, center ? centered : uncentered, param);
}

/* Is it of a version before this one?  Without a version it is not. */
static bool
VersionIsBefore(const Import *import, int major, int minor)
{
	static const char *const keys[] = {"sklearn_version", "_sklearn_version", "__sklearn_version__"};
	int			its_major;
	int			its_minor;

	for (int i = 0; i < lengthof(keys); i++)
	{
		const char *version = ImportString(import, keys[i], NULL);

		if (version == NULL)
			continue;
		if (sscanf(version, "%d.%d", &its_major, &its_minor) != 2)
			ImportInvalid(import, keys[i], psprintf("\"%s\"", version), "a version such as \"1.9.1\"");
		return its_major < major || (its_major == major && its_minor < minor);
	}
	return false;
}

static void
ReadStandardScaler(Import *import)
{
	bool		old;
	const double *center;
	const double *scale;
	const double *variance;

	ImportMethod(import, "standard");
	center = SwitchedNumbers(import, "with_mean", "mean_", IMPORT_FINITE);
	scale = SwitchedNumbers(import, "with_std", "scale_", IMPORT_NONZERO);
	variance = ImportNumbersIfAny(import, "var_", IMPORT_NOT_NEGATIVE);
	old = VersionIsBefore(import, 1, 8);
	CenterAndScale(import, center, scale,
				   old ? &formula_subtract_divide : &formula_subtract_divide_cast,
				   old ? &formula_divide : &formula_divide_cast);
	for (int i = 0; variance && i < import->nfeatures; i++)
		import->features[i].constant = variance[i] == 0;
}

static const ImportClass sklearn_classes[] = {
	{"StandardScaler", {"mean_", "var_", "scale_"}, ReadStandardScaler},
	{NULL}
};

static const char *const sklearn_containers[] = {"params", "attributes", NULL};
static const char *const sklearn_names[] = {"feature_names_in_", "names", NULL};
static const char *const sklearn_counts[] = {"n_features_in_", NULL};

static const ImportFamily sklearn_family = {
	"a scikit-learn scaler", "", sklearn_containers, sklearn_names, sklearn_counts, sklearn_classes,
	"In Python: json.dumps({\"class\": type(s).__name__, **s.__getstate__()}, "
	"default=lambda v: v.tolist() if hasattr(v, \"tolist\") else vars(v)), for a fitted scaler s.",
	false
};

PG_FUNCTION_INFO_V1(from_sklearn);
Datum
from_sklearn(PG_FUNCTION_ARGS)
{
	return ImportFromJsonb(&sklearn_family, PG_GETARG_JSONB_P(0));
}
