/*
 * range_json.h
 *		The rule of a range in options and in JSON.
 */
#ifndef NORMFREEZE_RANGE_JSON_H
#define NORMFREEZE_RANGE_JSON_H

#include "pg/base/compat.h"

#include "core/scaler/range_rule.h"
#include "pg/base/json_tree.h"

/* What statistics are taken of, by RangeRule.of_all; ends with NULL. */
extern const char *const range_statistics_names[];

/*
 * Read a rule: an object with its name as a key, or an array of two percentiles.
 *
 * Return what is wrong with it as a clause, or NULL.  Member of_all stays.
 */
extern const char *ReadRangeRule(const JsonNode *node, RangeRule *rule);

/* Return a rule as the text of such an object. */
extern char *RangeRuleText(const RangeRule *rule);

/* The keys of a rule in the JSON of a feature.  They are written only if there is a rule. */
#define RANGE_RULE_KEYS		"range_rule", "statistics"

extern void AppendRangeRuleKeys(StringInfo out, const RangeRule *rule);
extern void ReadRangeRuleKeys(const JsonNode *feature, RangeRule *rule);

#endif							/* NORMFREEZE_RANGE_JSON_H */
