/*
 * described.c
 *		A scaler and everything that is known about it, in words and in numbers.
 */
#include "pg/inspect/described.h"

#include <math.h>
#include "pg/registry/registry.h"
#include "pg/scaler/range_json.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/step_json.h"
#include "pg/scaler/method_json.h"
#include "utils/builtins.h"

void
DescribeView(Described *described, const ScalerView *view, bytea *stored_profile)
{
	uint8		fingerprint[DIGEST_LENGTH];

	memset(described, 0, sizeof(*described));
	ScalerFingerprint(fingerprint, view);
	described->id = FingerprintToId(fingerprint);
	described->digest = view->digest ? BytesToHex(view->digest, DIGEST_LENGTH) : pstrdup("none");
	DecodeScalerRecipe(&described->recipe, view);
	described->has_profile =
		DecodeScalerProfile(&described->profile, view, stored_profile, described->recipe.nfeatures);
}

void
DescribeId(Described *described, int64 id)
{
	bytea	   *scaler = RegistryScaler(id);
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	DescribeView(described, &view, RegistryVisibleProfile(view.digest));
}

Datum
RecipeOptionsJsonb(const FeatureRecipe *f)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendMethodOptions(&out, f->method, f->option);
	if (f->nbefore > 0 || f->domain.policy != DOMAIN_KEEP)
	{
		/* further keys of the same object */
		out.data[--out.len] = '\0';
		appendStringInfo(&out, "%s\"before\": %s", out.len > 1 ? ", " : "", StepsText(f));
		AppendDomainRule(&out, &f->domain);
		appendStringInfoChar(&out, '}');
	}
	/* beside the options of the method: what holds for its results, whatever the method is */
	if (f->clips || f->dtype != DTYPE_FLOAT64)
		out.data[--out.len] = '\0';
	if (f->clips)
	{
		appendStringInfo(&out, "%s\"clip\": ", out.len > 1 ? ", " : "");
		AppendJsonNumbers(&out, f->clip, 2);
	}
	if (f->dtype != DTYPE_FLOAT64)
		appendStringInfo(&out, "%s\"dtype\": \"%s\"", out.len > 1 ? ", " : "", PolicyCodeToName(dtype_names, f->dtype));
	if (f->clips || f->dtype != DTYPE_FLOAT64)
		appendStringInfoChar(&out, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

Datum
ParametersJsonb(const FeatureRecipe *f)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendParameters(&out, f->formula, f->param, &f->table);
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

bool
FindParameter(const FeatureRecipe *f, const char *name, double *value)
{
	for (int k = 0; k < f->formula->nparams; k++)
		if (strcmp(f->formula->param_names[k], name) == 0)
		{
			*value = f->param[k];
			return true;
		}
	return false;
}

char *
DoubleText(double value)
{
	StringInfoData out;

	initStringInfo(&out);
	if (isnan(value))
		appendStringInfoString(&out, "NaN");
	else if (isinf(value))
		appendStringInfoString(&out, value > 0 ? "Infinity" : "-Infinity");
	else
		AppendJsonDouble(&out, value);
	return out.data;
}

/* Return the text of a formula with its parameters, and with "inner" in place of x. */
static char *
FormulaOf(const FeatureRecipe *f, const char *p, const char *inner)
{
	StringInfoData out;

	initStringInfo(&out);
	while (*p)
	{
		size_t		word = strspn(p, "abcdefghijklmnopqrstuvwxyz_");
		char	   *name = pnstrdup(p, word);
		double		value;

		if (word == 0)
			appendStringInfoChar(&out, *p++);
		else if (strcmp(name, "x") == 0)
			appendStringInfoString(&out, inner);
		else if (FindParameter(f, name, &value))
			appendStringInfo(&out, value < 0 ? "(%s)" : "%s", DoubleText(value));
		else
			appendStringInfoString(&out, name);
		p += word;
	}
	return out.data;
}

char *
FormulaText(const FeatureRecipe *f)
{
	char	   *text = "x";

	if (FeatureInverseIsNull(f))
		return pstrdup("NULL");
	for (int i = 0; i < f->nbefore; i++)
	{
		const StepRecipe *step = &f->before[i];
		FeatureRecipe shown = {.formula = step->formula};

		memcpy(shown.param, step->param, sizeof(shown.param));
		text = FormulaOf(&shown, step->formula->forward_text, text);
		if (step->formula->affine && step->formula != &formula_identity)
			text = psprintf("(%s)", text);
	}
	text = FormulaOf(f, f->formula->forward_text, text);
	if (f->dtype == DTYPE_SINGLE)
		return psprintf("float4(%s)", text);
	return f->dtype == DTYPE_FLOAT32 ? psprintf("%s in float4", text) : text;
}

/* Return a range in words. */
static char *
RangeText(const FeatureRecipe *f)
{
	if (f->range_rule.open_low)
		return psprintf("up to %s", DoubleText(f->upper));
	if (f->range_rule.open_high)
		return psprintf("from %s on", DoubleText(f->lower));
	return psprintf("%s to %s", DoubleText(f->lower), DoubleText(f->upper));
}

char *
OutsideText(const FeatureRecipe *f)
{
	const char *policy = PolicyCodeToName(outside_policy_names, f->outside);

	if (!FeatureHasRangeRule(f))
		return pstrdup(policy);
	return psprintf("%s (%s by %s, statistics of %s)", policy, RangeText(f), RangeRuleText(&f->range_rule),
					f->range_rule.of_all ? "all" : "what is inside");
}

char *
MethodsText(const FeatureRecipe *f)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int k = 0; k < f->nbefore; k++)
		appendStringInfo(&out, "%s, ", f->before[k].method->name);
	appendStringInfoString(&out, f->method->name);
	return out.data;
}

char *
StepsText(const FeatureRecipe *f)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendStepsBefore(&out, f);
	return out.data;
}

char *
MissingText(const FeatureRecipe *f)
{
	if (!MissingPolicyImputes(f->missing))
		return pstrdup(PolicyCodeToName(missing_policy_names, f->missing));
	return psprintf("%s (%s)", PolicyCodeToName(missing_policy_names, f->missing), DoubleText(f->imputed));
}
