/*
 * step_json.c
 *		The steps of a feature as JSON: what they compute, and what becomes of values for which a formula is not
 *		defined.
 */
#include "pg/scaler/step_json.h"

#include "pg/scaler/json_keys.h"
#include "pg/scaler/method_json.h"

/* ---- the domain ---- */

void
AppendDomainRule(StringInfo out, const DomainRule *rule)
{
	double		range[2] = {rule->low, rule->high};

	if (rule->policy == DOMAIN_KEEP)
		return;
	appendStringInfo(out, ", \"domain\": \"%s\"", PolicyCodeToName(domain_policy_names, rule->policy));
	if (rule->policy != DOMAIN_CLIP)
		return;
	appendStringInfoString(out, ", \"domain_range\": ");
	AppendJsonNumbers(out, range, 2);
}

void
ReadDomainRule(const JsonNode *object, DomainRule *rule)
{
	double		range[2];

	if (JsonMember(object, "domain"))
		rule->policy = RequiredPolicy(object, "domain", domain_policy_names);
	/* what is not written is not read, either */
	if (JsonMember(object, "domain") && rule->policy == DOMAIN_KEEP)
		InvalidScalerJson("unknown value for key", "domain");
	if (rule->policy == DOMAIN_CLIP)
	{
		RequiredInterval(object, "domain_range", range);
		rule->low = range[0];
		rule->high = range[1];
	}
	else if (JsonMember(object, "domain_range"))
		InvalidScalerJson("nothing is clipped, but there is a key", "domain_range");
}

/* ---- steps ---- */

void
AppendStepKeys(StringInfo out, const StepRecipe *step)
{
	appendStringInfo(out, "\"method\": \"%s\", \"options\": ", step->method->name);
	AppendMethodOptions(out, step->method, step->option);
	appendStringInfo(out, ", \"formula\": \"%s\", \"parameters\": ", step->formula->name);
	AppendParameters(out, step->formula, step->param, &step->table);
}

void
ReadStepKeys(const JsonNode *object, StepRecipe *step)
{
	step->method = MethodByName(RequiredMember(object, "method", JSON_NODE_STRING)->text);
	if (step->method == NULL)
		InvalidScalerJson("unknown method", JsonMember(object, "method")->text);
	ReadMethodOptions(RequiredMember(object, "options", JSON_NODE_OBJECT), step->method, step->option);
	step->formula = FormulaByName(RequiredMember(object, "formula", JSON_NODE_STRING)->text);
	if (step->formula == NULL)
		InvalidScalerJson("unknown formula", JsonMember(object, "formula")->text);
	ReadParameters(RequiredMember(object, "parameters", JSON_NODE_OBJECT), step->formula, step->param, &step->table);
}

void
AppendStepsBefore(StringInfo out, const FeatureRecipe *feature)
{
	appendStringInfoChar(out, '[');
	for (int i = 0; i < feature->nbefore; i++)
	{
		const StepRecipe *step = &feature->before[i];

		appendStringInfoString(out, i > 0 ? ", {" : "{");
		AppendStepKeys(out, step);
		AppendDomainRule(out, &step->domain);
		if (step->constant)
			appendStringInfoString(out, ", \"constant\": true");
		if (step->imported)
			appendStringInfoString(out, ", \"imported\": true");
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

static void
ReadStep(const JsonNode *node, StepRecipe *step)
{
	static const char *const known[] = {
		STEP_KEYS, DOMAIN_KEYS, "constant", "imported"
	};

	if (node->type != JSON_NODE_OBJECT)
		InvalidScalerJson("an object is expected in", "before");
	RejectUnknownKeys(node, known, lengthof(known));
	ReadStepKeys(node, step);
	ReadDomainRule(node, &step->domain);
	step->constant = RareFlag(node, "constant");
	step->imported = RareFlag(node, "imported");
}

void
ReadStepsBefore(const JsonNode *steps, FeatureRecipe *feature)
{
	if (steps->nchildren == 0 || steps->nchildren > RECIPE_MOST_STEPS - 1)
		InvalidScalerJson("an impossible number of steps for key", "before");
	feature->nbefore = steps->nchildren;
	feature->before = palloc0(sizeof(StepRecipe) * steps->nchildren);
	for (int i = 0; i < steps->nchildren; i++)
		ReadStep(steps->children[i], &feature->before[i]);
}
