/*
 * range_json.c
 *		The rule of a range in options and in JSON.
 *
 * {"percentiles": [1, 99]} has a number for each end, and null for an open one.  {"mad": 3, "factor": 1, "tail":
 * "right"} has one number for both, may have an option beside it, and a tail if the other end is open.
 */
#include "pg/scaler/range_json.h"

#include "pg/scaler/json_keys.h"

const char *const range_statistics_names[] = {"inside", "all", NULL};

static const char *const tail_names[] = {"both", "left", "right", NULL};

/* ---- reading ---- */

static const char *
ReadPair(const RangeRuleKind *kind, const JsonNode *value, RangeRule *rule)
{
	if (kind->kind == RANGE_FRACTION && JsonNumber(value, &rule->number[0]))
	{
		rule->number[1] = rule->number[0];
		return NULL;
	}
	if (value->type != JSON_NODE_ARRAY || value->nchildren != 2)
		return psprintf("\"%s\" is not an array of two numbers, or null for an end that is open", kind->name);
	for (int k = 0; k < 2; k++)
	{
		if (value->children[k]->type == JSON_NODE_NULL)
			*(k == 0 ? &rule->open_low : &rule->open_high) = true;
		else if (!JsonNumber(value->children[k], &rule->number[k]))
			return psprintf("\"%s\" is not an array of two numbers, or null for an end that is open", kind->name);
	}
	return NULL;
}

/* Read a member that is not the one with the rule's name. */
static const char *
ReadBeside(const RangeRuleKind *kind, const JsonNode *member, RangeRule *rule)
{
	if (kind->beside && strcmp(member->key, kind->beside->name) == 0)
		return JsonNumber(member, &rule->number[1]) ? NULL : psprintf("\"%s\" is not a number", member->key);
	if (!kind->is_pair && strcmp(member->key, "tail") == 0)
	{
		int			tail = member->type == JSON_NODE_STRING ? ChoiceIndex(tail_names, member->text) : -1;

		if (tail < 0)
			return "\"tail\" is not \"both\", \"left\" or \"right\"";
		rule->open_low = tail == 2;
		rule->open_high = tail == 1;
		return NULL;
	}
	return psprintf("\"%s\" does not belong to \"%s\"", member->key, kind->name);
}

static const RangeRuleKind *
KindInObject(const JsonNode *node, const JsonNode **value)
{
	for (const RangeRuleKind *kind = range_rule_kinds; kind->name; kind++)
		if ((*value = JsonMember(node, kind->name)) != NULL)
			return kind;
	return NULL;
}

const char *
ReadRangeRule(const JsonNode *node, RangeRule *rule)
{
	bool		is_array = node->type == JSON_NODE_ARRAY;
	const JsonNode *value = node;
	const RangeRuleKind *kind = &range_rule_kinds[0];
	const char *problem = NULL;

	if (!is_array)
		kind = node->type == JSON_NODE_OBJECT ? KindInObject(node, &value) : NULL;
	if (kind == NULL)
		return "there is no rule in it";
	*rule = (RangeRule) {.kind = kind->kind, .of_all = rule->of_all};
	if (kind->beside)
		rule->number[1] = kind->beside->defaults[0];
	if (kind->is_pair)
		problem = ReadPair(kind, value, rule);
	else if (!JsonNumber(value, &rule->number[0]))
		problem = psprintf("\"%s\" is not a number", kind->name);
	for (int c = 0; problem == NULL && !is_array && c < node->nchildren; c++)
		if (node->children[c] != value)
			problem = ReadBeside(kind, node->children[c], rule);
	for (int k = 0; k < 2; k++)
		rule->number[k] = CanonicalZero(rule->number[k]);
	return problem ? problem : RangeRuleProblem(rule);
}

/* ---- writing ---- */

static void
AppendEnd(StringInfo out, bool open, double number)
{
	if (open)
		appendStringInfoString(out, "null");
	else
		AppendJsonDouble(out, number);
}

static void
AppendRangeRule(StringInfo out, const RangeRule *rule)
{
	const RangeRuleKind *kind = RangeKindOf(rule);

	appendStringInfo(out, "{\"%s\": ", kind->name);
	if (kind->is_pair)
	{
		appendStringInfoChar(out, '[');
		AppendEnd(out, rule->open_low, rule->number[0]);
		appendStringInfoString(out, ", ");
		AppendEnd(out, rule->open_high, rule->number[1]);
		appendStringInfoString(out, "]}");
		return;
	}
	AppendJsonDouble(out, rule->number[0]);
	if (kind->beside)
	{
		appendStringInfo(out, ", \"%s\": ", kind->beside->name);
		AppendJsonDouble(out, rule->number[1]);
	}
	appendStringInfo(out, ", \"tail\": \"%s\"}", tail_names[rule->open_high ? 1 : rule->open_low ? 2 : 0]);
}

char *
RangeRuleText(const RangeRule *rule)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendRangeRule(&out, rule);
	return out.data;
}

void
AppendRangeRuleKeys(StringInfo out, const RangeRule *rule)
{
	if (rule->kind == RANGE_OF_TRAINING)
		return;
	appendStringInfoString(out, ", \"range_rule\": ");
	AppendRangeRule(out, rule);
	appendStringInfo(out, ", \"statistics\": \"%s\"", range_statistics_names[rule->of_all]);
}

void
ReadRangeRuleKeys(const JsonNode *feature, RangeRule *rule)
{
	const JsonNode *node = JsonMember(feature, "range_rule");
	const char *problem;
	int			statistics;

	if (node == NULL)
	{
		if (JsonMember(feature, "statistics"))
			InvalidScalerJson("there is no rule for a range, but there is a key", "statistics");
		return;
	}
	problem = ReadRangeRule(node, rule);
	if (problem)
		InvalidScalerJson(problem, "range_rule");
	statistics = ChoiceIndex(range_statistics_names, RequiredMember(feature, "statistics", JSON_NODE_STRING)->text);
	if (statistics < 0)
		InvalidScalerJson("unknown value for key", "statistics");
	rule->of_all = statistics == 1;
}
