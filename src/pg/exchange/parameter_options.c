/*
 * parameter_options.c
 *		Reading the options of from_parameters(), a row of the table each.
 */
#include "pg/exchange/parameter_options.h"

#include "pg/exchange/parameter_before.h"
#include "pg/fit/fit_options.h"

static void
SetPathOption(const JsonNode *value, ParameterOptions *options)
{
	double		number;

	if (value->type != JSON_NODE_STRING && value->type != JSON_NODE_ARRAY)
		BadOption(value, "a key, or an array of keys and positions");
	for (int i = 0; i < value->nchildren; i++)
		if (value->children[i]->type != JSON_NODE_STRING &&
			!(JsonNumber(value->children[i], &number) && number == floor(number) && number >= 0 && number < INT_MAX))
			BadOption(value, "a key, or an array of keys and positions from 0 on");
	options->path = value;
}

static NameList
ReadStrings(const JsonNode *value, const char *expected)
{
	NameList	list = {0, palloc(sizeof(char *) * Max(value->nchildren, 1))};

	if (value->type != JSON_NODE_ARRAY)
		BadOption(value, expected);
	for (int i = 0; i < value->nchildren; i++)
	{
		if (value->children[i]->type != JSON_NODE_STRING)
			BadOption(value, expected);
		list.names[list.count++] = value->children[i]->text;
	}
	return list;
}

static void
SetIgnoreOption(const JsonNode *value, ParameterOptions *options)
{
	if (value->type == JSON_NODE_BOOLEAN)
		options->words.ignores_rest = value->boolean;
	else
		options->words.ignore = ReadStrings(value, "an array of keys, in which * stands for any text, "
											"or true for whatever is used for nothing");
}

static void
SetKeysOption(const JsonNode *value, ParameterOptions *options)
{
	if (value->type != JSON_NODE_OBJECT)
		BadOption(value, "an object such as {\"mean\": \"mu\", \"std\": \"s\"}");
	for (int i = 0; i < value->nchildren; i++)
	{
		const JsonNode *child = value->children[i];
		ParameterRole role = RoleOfKey(child->key, strlen(child->key));

		if (role == ROLE_NONE || role == ROLE_NAMES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"keys\" has \"%s\", which is no statistic", child->key),
					 errhint("It says what a statistic is called in the file, as in {\"keys\": {\"std\": \"%s\"}}.",
							 child->key)));
		if (child->type != JSON_NODE_STRING)
			BadOption(child, "the key that the statistic has, a string");
		options->words.key[role] = child->text;
	}
}

static void
SetNamesOption(const JsonNode *value, ParameterOptions *options)
{
	if (value->type == JSON_NODE_STRING)
		options->words.names_key = value->text;
	else
	{
		ReadStrings(value, "an array of names, or the key of one");
		options->names = value;
	}
}

static void
SetShapeOption(const JsonNode *value, ParameterOptions *options)
{
	options->words.shape = ReadOneOf(value, parameter_shape_names,
									 "\"standard\", \"robust\", \"range\", \"quantiles\", \"sklearn_range\" or \"points\"");
}

static void
SetEpsilonOption(const JsonNode *value, ParameterOptions *options)
{
	if (!JsonNumber(value, &options->rule.epsilon) || options->rule.epsilon < 0)
		BadOption(value, "a number not below zero");
	options->has_epsilon = true;
}

static void
SetEpsilonPlaceOption(const JsonNode *value, ParameterOptions *options)
{
	static const char *const places[] = {"scale", "variance", "floor", "zero", NULL};

	options->rule.place = EPSILON_SCALE + ReadOneOf(value, places, "\"scale\", \"variance\", \"floor\" or \"zero\"");
}

static void
SetZeroOption(const JsonNode *value, ParameterOptions *options)
{
	static const char *const choices[] = {"error", "one", "result_zero", NULL};

	options->rule.zero = ZERO_ERROR + ReadOneOf(value, choices, "\"error\", \"one\" or \"result_zero\"");
}

static void
ReadTwoNumbers(const JsonNode *value, double *interval, const char *expected)
{
	if (!JsonInterval(value, interval) || interval[0] > interval[1])
		BadOption(value, expected);
}

static void
SetToOption(const JsonNode *value, ParameterOptions *options)
{
	ReadTwoNumbers(value, options->to, "an array of two numbers in ascending order, such as [-1, 1]");
	if (options->to[0] == options->to[1])
		BadOption(value, "an array of two different numbers in ascending order, such as [-1, 1]");
	options->has_to = true;
}

static void
SetClipOption(const JsonNode *value, ParameterOptions *options)
{
	if (value->type == JSON_NODE_BOOLEAN)
		options->clips_to = value->boolean;
	else
	{
		ReadTwoNumbers(value, options->clip, "an array of two numbers in ascending order, such as [-1, 1], "
					   "or true for the range of \"to\"");
		options->clips = true;
	}
}

static void
SetClipInputOption(const JsonNode *value, ParameterOptions *options)
{
	if (value->type == JSON_NODE_BOOLEAN)
		options->clips_input = value->boolean;
	else
	{
		ReadTwoNumbers(value, options->input_range, "true for the range that the parameters say, "
					   "or an array of two numbers in ascending order");
		options->clips_input = options->has_input_range = true;
	}
}

static void
SetMaskOption(const JsonNode *value, ParameterOptions *options)
{
	if (value->type != JSON_NODE_ARRAY)
		BadOption(value, "an array with true or false for each feature");
	options->mask = value;
}

static void
SetDtypeOption(const JsonNode *value, ParameterOptions *options)
{
	static const char *const choices[] = {"float64", "float32", "single", "transformers", NULL};
	int			choice = ReadOneOf(value, choices, "\"float64\", \"float32\", \"single\" or \"transformers\"");

	options->single_after_rescale = choice == 3;
	options->dtype = choice == 3 ? DTYPE_FLOAT64 : DTYPE_FLOAT64 + choice;
	options->rule.single = choice == 1 || choice == 3;
}

/* Its steps are read last: their parameters have the dtype. */
static void
SetBeforeOption(const JsonNode *value, ParameterOptions *options)
{
	options->before_value = value;
}

static const struct
{
	const char *name;
	void		(*read) (const JsonNode *value, ParameterOptions *options);
}			parameter_options[] = {
	{"path", SetPathOption},
	{"keys", SetKeysOption},
	{"names", SetNamesOption},
	{"ignore", SetIgnoreOption},
	{"shape", SetShapeOption},
	{"eps", SetEpsilonOption},
	{"eps_in", SetEpsilonPlaceOption},
	{"zero", SetZeroOption},
	{"to", SetToOption},
	{"clip", SetClipOption},
	{"clip_input", SetClipInputOption},
	{"mask", SetMaskOption},
	{"dtype", SetDtypeOption},
	{"before", SetBeforeOption},
};

static void
RefuseOption(const JsonNode *value)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < lengthof(parameter_options); i++)
		appendStringInfo(&known, "%s\"%s\"", i ? ", " : "", parameter_options[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option \"%s\" for parameters", value->key),
			 errhint("The options are: %s.", known.data)));
}

void
ReadParameterOptions(const JsonNode *node, ParameterOptions *options)
{
	memset(options, 0, sizeof(*options));
	options->words.shape = SHAPE_NONE;
	if (node->type != JSON_NODE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options must be a JSON object, not %s", JsonTypeName(node))));
	for (int i = 0; i < node->nchildren; i++)
	{
		const JsonNode *value = node->children[i];
		int			k = 0;

		while (k < lengthof(parameter_options) && strcmp(parameter_options[k].name, value->key) != 0)
			k++;
		if (k == lengthof(parameter_options))
			RefuseOption(value);
		parameter_options[k].read(value, options);
	}
	if (options->rule.place != EPSILON_NONE && !options->has_epsilon)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"eps_in\" needs option \"eps\"")));
	if (options->has_epsilon && options->rule.place == EPSILON_NONE)
		options->rule.place = EPSILON_SCALE;
	if (options->before_value)
		ReadBefore(options->before_value, options);
}
