/*
 * onnx_policies.c
 *		What an ONNX model does before and after formulas: policies for missing values, ranges and domains, and
 *		clipping.
 */
#include "pg/exchange/onnx_policies.h"

/* Return a number of a slot's feature; a SlotTest returns whether something holds for it. */
typedef double (*SlotNumber) (const FeatureRecipe *feature);
typedef bool (*SlotTest) (const FeatureRecipe *feature);

const FeatureRecipe *
OnnxSlot(const OnnxExport *onnx, int slot)
{
	static const FeatureRecipe nothing = {.method = &method_identity, .formula = &formula_identity};

	if (onnx->step == ALL_STEPS)
		return onnx->export->transform.slots[slot];
	return onnx->step < ExportStepCount(onnx->export, slot) ? ExportStep(onnx->export, slot, onnx->step) : &nothing;
}

const char *
OnnxConstantName(const OnnxExport *onnx, const char *name)
{
	return onnx->export->nsteps == 1 || onnx->step == ALL_STEPS ? name : psprintf("step%d.%s", onnx->step + 1, name);
}

const char *
OnnxConstants(const OnnxExport *onnx, const char *name, const double *values, int n)
{
	return OnnxDoubles(onnx->model, OnnxConstantName(onnx, name), values, n);
}

static bool
AnySlot(const OnnxExport *onnx, SlotTest test)
{
	for (int i = 0; i < onnx->n; i++)
		if (test(OnnxSlot(onnx, i)))
			return true;
	return false;
}

/* Add a constant with a number for each column, and return its name. */
static const char *
ColumnNumbers(const OnnxExport *onnx, const char *name, SlotNumber number)
{
	double	   *values = palloc(sizeof(double) * onnx->n);

	for (int i = 0; i < onnx->n; i++)
		values[i] = number(OnnxSlot(onnx, i));
	return OnnxConstants(onnx, name, values, onnx->n);
}

/* ---- policies before the formula ---- */

static bool
HasOutside(const FeatureRecipe *feature)
{
	return feature->outside != OUTSIDE_KEEP;
}

static double
LeastInside(const FeatureRecipe *feature)
{
	return HasOutside(feature) ? feature->lower : -INFINITY;
}

static double
MostInside(const FeatureRecipe *feature)
{
	return HasOutside(feature) ? feature->upper : INFINITY;
}

static double
IfBelow(const FeatureRecipe *feature)
{
	return feature->outside == OUTSIDE_CLIP ? feature->lower : NAN;
}

static double
IfAbove(const FeatureRecipe *feature)
{
	return feature->outside == OUTSIDE_CLIP ? feature->upper : NAN;
}

static bool
FeatureImputes(const FeatureRecipe *feature)
{
	return MissingPolicyImputes(feature->missing);
}

static double
IfMissing(const FeatureRecipe *feature)
{
	return FeatureImputes(feature) ? feature->imputed : NAN;
}

/* What the domains of formulas exclude: values below a bound, and zero. NaN is not below and equals nothing. */
static bool
HasDomainRule(const FeatureRecipe *feature)
{
	return feature->domain.policy != DOMAIN_KEEP;
}

static double
LeastDefined(const FeatureRecipe *feature)
{
	return HasDomainRule(feature) ? feature->formula->domain->low : -INFINITY;
}

static bool
IsNotForZero(const FeatureRecipe *feature)
{
	return HasDomainRule(feature) && feature->formula->domain->without_zero;
}

static double
ExcludedZero(const FeatureRecipe *feature)
{
	return IsNotForZero(feature) ? 0 : NAN;
}

static double
IfUndefined(const FeatureRecipe *feature)
{
	return feature->domain.policy == DOMAIN_CLIP ? feature->domain.low : NAN;
}

/*
 * Add the policies for values as they come.  Imputed values are not compared with the training range, and a value
 * that this range made NaN is not imputed.
 */
const char *
OnnxAddPolicies(const OnnxExport *onnx, const char *raw)
{
	OnnxModel  *model = onnx->model;
	const char *x = raw;

	if (AnySlot(onnx, HasOutside))
	{
		const char *below = OnnxApply(model, "Less", raw, ColumnNumbers(onnx, "range.lower", LeastInside), NULL);
		const char *above = OnnxApply(model, "Greater", raw, ColumnNumbers(onnx, "range.upper", MostInside), NULL);

		x = OnnxApply(model, "Where", below, ColumnNumbers(onnx, "below.value", IfBelow), x, NULL);
		x = OnnxApply(model, "Where", above, ColumnNumbers(onnx, "above.value", IfAbove), x, NULL);
	}
	if (AnySlot(onnx, FeatureImputes))
		x = OnnxApply(model, "Where", OnnxApply(model, "IsNaN", raw, NULL),
					  ColumnNumbers(onnx, "missing.value", IfMissing), x, NULL);
	return x;
}

/* Add what a formula is given instead of values for which it is not defined. */
const char *
OnnxAddDomains(const OnnxExport *onnx, const char *x)
{
	OnnxModel  *model = onnx->model;

	if (AnySlot(onnx, HasDomainRule))
	{
		const char *value = ColumnNumbers(onnx, "undefined.value", IfUndefined);

		const char *test = OnnxApply(model, "Less", x, ColumnNumbers(onnx, "domain.low", LeastDefined), NULL);

		x = OnnxApply(model, "Where", test, value, x, NULL);
		if (AnySlot(onnx, IsNotForZero))
		{
			test = OnnxApply(model, "Equal", x, ColumnNumbers(onnx, "domain.zero", ExcludedZero), NULL);
			x = OnnxApply(model, "Where", test, value, x, NULL);
		}
	}
	return x;
}

/* ---- policies after it ---- */

static bool
Clips(const FeatureRecipe *feature)
{
	double		low;
	double		high;

	return FeatureClips(feature, &low, &high);
}

static double
ClipLow(const FeatureRecipe *feature)
{
	double		low;
	double		high;

	return FeatureClips(feature, &low, &high) ? low : -INFINITY;
}

static double
ClipHigh(const FeatureRecipe *feature)
{
	double		low;
	double		high;

	return FeatureClips(feature, &low, &high) ? high : INFINITY;
}

const char *
OnnxAddClipping(const OnnxExport *onnx, const char *y)
{
	OnnxModel  *model = onnx->model;

	if (AnySlot(onnx, Clips))
	{
		/* NaN is on neither side of a bound, and -0 is not below a bound of 0 */
		const char *low = ColumnNumbers(onnx, "clip.low", ClipLow);
		const char *high = ColumnNumbers(onnx, "clip.high", ClipHigh);

		y = OnnxApply(model, "Where", OnnxApply(model, "Less", y, low, NULL), low, y, NULL);
		y = OnnxApply(model, "Where", OnnxApply(model, "Greater", y, high, NULL), high, y, NULL);
	}
	return y;
}

/* Add NULL for features that are NULL for every value. */
const char *
OnnxAddNulls(const OnnxExport *onnx, const char *y)
{
	OnnxModel  *model = onnx->model;

	if (AnySlot(onnx, FeatureIsNull))
	{
		bool	   *flags = palloc(sizeof(bool) * onnx->n);

		for (int i = 0; i < onnx->n; i++)
			flags[i] = FeatureIsNull(OnnxSlot(onnx, i));
		y = OnnxApply(model, "Where", OnnxBooleans(model, "constant.is_null", flags, onnx->n),
					  OnnxDoubles(model, "constant.value", (const double[]) {NAN}, 1), y, NULL);
	}
	return y;
}
