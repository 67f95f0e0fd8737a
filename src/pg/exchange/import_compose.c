/*
 * import_compose.c
 *		Importing ColumnTransformer and Pipeline of scikit-learn: estimators made of others, each of
 *		which is read by its own class.
 *
 * A scaler has one output for each feature.  So each column must go to one transformer.  The scalers that it
 * passes in a Pipeline become the steps of one feature.  A SimpleImputer before them becomes the policy for
 * missing values, and a Winsorizer that for values outside of a range.  Outputs come in the order in which
 * scikit-learn gives them (sklearn/compose/_column_transformer.py).
 */
#include "pg/exchange/import.h"

/*
 * Return the i-th entry of a list of parts, [name, estimator] or [name, estimator, columns].  "length" is how
 * many of these it must have.
 */
static const JsonNode *
PartEntry(const Import *whole, const char *key, const JsonNode *list, int i, int length)
{
	const JsonNode *entry = list->children[i];

	if (entry->type != JSON_NODE_ARRAY || entry->nchildren != length || entry->children[0]->type != JSON_NODE_STRING)
		ImportInvalid(whole, key, psprintf("%s in place %d", NodeText(entry), i + 1),
					  length == 2 ? "a list of [name, estimator]" : "a list of [name, estimator, columns]");
	return entry;
}

/* ---- ColumnTransformer ---- */

typedef struct TransformerColumns
{
	const Import *whole;
	const char *label;			/* name of the transformer */
	int			ninputs;		/* number of inputs of the whole */
	int			count;
	int		   *positions;
} TransformerColumns;

static void
InvalidColumns(const TransformerColumns *columns, const JsonNode *node)
{
	ImportInvalid(columns->whole, psprintf("columns of %s", columns->label), NodeText(node),
				  psprintf("names, positions below %d, or a mask of %d", columns->ninputs, columns->ninputs));
}

static int
PositionByName(const TransformerColumns *columns, const char *name)
{
	const Import *whole = columns->whole;

	CHECK_FOR_INTERRUPTS();
	if (whole->names == NULL)
		ImportMissing(whole, whole->family->name_keys[0]);
	for (int i = 0; i < columns->ninputs; i++)
		if (strcmp(whole->names[i], name) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot import %s: transformer \"%s\" takes column \"%s\", which \"%s\" does not have",
					whole->what, columns->label, name, whole->family->name_keys[0])));
}

/* Return the column of a position.  Negative positions count from the end. */
static int
PositionByNumber(const TransformerColumns *columns, const JsonNode *node)
{
	double		position;

	if (!JsonNumber(node, &position) || position != floor(position) ||
		position < -columns->ninputs || position >= columns->ninputs)
		InvalidColumns(columns, node);
	return (int) position + (position < 0 ? columns->ninputs : 0);
}

static void
AddColumn(TransformerColumns *columns, const JsonNode *node, int place)
{
	if (node->type == JSON_NODE_STRING)
		columns->positions[columns->count++] = PositionByName(columns, node->text);
	else if (node->type == JSON_NODE_NUMBER)
		columns->positions[columns->count++] = PositionByNumber(columns, node);
	else if (node->type != JSON_NODE_BOOLEAN || place < 0)
		InvalidColumns(columns, node);
	else if (node->boolean)
		columns->positions[columns->count++] = place;
}

/* Read one column or a list of columns, given by names, by positions or as a mask over all. */
static void
ReadTransformerColumns(TransformerColumns *columns, const JsonNode *node)
{
	bool		list = node->type == JSON_NODE_ARRAY;
	bool		mask = list && node->nchildren > 0 && node->children[0]->type == JSON_NODE_BOOLEAN;

	columns->positions = palloc(sizeof(int) * (list ? node->nchildren + 1 : 1));
	if (mask && node->nchildren != columns->ninputs)
		ImportInvalid(columns->whole, psprintf("columns of %s", columns->label),
					  psprintf("a mask of %d", node->nchildren), psprintf("a mask of %d", columns->ninputs));
	for (int i = 0; list && i < node->nchildren; i++)
	{
		if ((node->children[i]->type == JSON_NODE_BOOLEAN) != mask)
			InvalidColumns(columns, node->children[i]);
		AddColumn(columns, node->children[i], i);
	}
	if (!list)
		AddColumn(columns, node, -1);
}

/* Return the names of the columns, or NULL. */
static char **
NamesOfColumns(const TransformerColumns *columns)
{
	char	  **names;

	if (columns->whole->names == NULL)
		return NULL;
	names = palloc(sizeof(char *) * columns->count);
	for (int i = 0; i < columns->count; i++)
		names[i] = columns->whole->names[columns->positions[i]];
	return names;
}

/* What a ColumnTransformer gives, as far as it has been read. */
typedef struct Outputs
{
	int			count;
	FeatureRecipe *features;
	int		   *inputs;
	const char **taken;			/* by input: the transformer that takes it */
	uint64		norms;
} Outputs;

static void
AddOutput(Outputs *outputs, const Import *whole, const char *label, const FeatureRecipe *feature, int input)
{
	if (outputs->taken[input])
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: column %s goes to transformer \"%s\" and to \"%s\"", whole->what,
						whole->names ? psprintf("\"%s\"", whole->names[input]) : psprintf("%d", input),
						outputs->taken[input], label),
				 errhint("A scaler has one output for each feature: fit one ColumnTransformer for each.")));
	outputs->taken[input] = label;
	outputs->features[outputs->count] = *feature;
	outputs->features[outputs->count].name = whole->names ? whole->names[input] : NULL;
	outputs->inputs[outputs->count++] = input;
}

static void
ReadTransformer(Import *whole, Outputs *outputs, const JsonNode *entry)
{
	const JsonNode *estimator = entry->children[1];
	TransformerColumns columns = {whole, entry->children[0]->text, whole->nfeatures};
	Import		part;

	if (estimator->type == JSON_NODE_STRING && strcmp(estimator->text, "drop") == 0)
		return;
	ReadTransformerColumns(&columns, entry->children[2]);
	/* without columns, a transformer was never fitted */
	if (columns.count == 0)
		return;
	ImportPartStart(&part, whole, estimator, "transformer", columns.label, NamesOfColumns(&columns),
					columns.count, "columns");
	ImportPartRead(&part);
	ImportCheckOneNorm(whole, outputs->norms, &part);
	outputs->norms |= ImportNormsOf(part.features, part.nfeatures);
	for (int i = 0; i < part.nfeatures; i++)
		AddOutput(outputs, whole, columns.label, &part.features[i], columns.positions[ImportInputOf(&part, i)]);
}

/* Set the features to the outputs, and their names in this order. */
static void
SetOutputs(Import *whole, const Outputs *outputs)
{
	char	  **names = whole->names ? palloc(sizeof(char *) * outputs->count) : NULL;

	for (int i = 0; names && i < outputs->count; i++)
		names[i] = outputs->features[i].name;
	whole->ninputs = whole->nfeatures;
	whole->names = names;
	whole->nfeatures = outputs->count;
	whole->features = outputs->features;
	whole->inputs = outputs->inputs;
}

void
ReadColumnTransformer(Import *whole)
{
	const JsonNode *list = ImportRequired(whole, "transformers_", JSON_NODE_ARRAY);
	Outputs		outputs = {0};

	ImportRequireCount(whole);
	if (ImportMember(whole, "transformer_weights"))
		ImportInvalid(whole, "transformer_weights", "set", "null: a weight would be one more multiplication");
	outputs.features = palloc(sizeof(FeatureRecipe) * whole->nfeatures);
	outputs.inputs = palloc(sizeof(int) * whole->nfeatures);
	outputs.taken = palloc0(sizeof(char *) * whole->nfeatures);
	for (int i = 0; i < list->nchildren; i++)
		ReadTransformer(whole, &outputs, PartEntry(whole, "transformers_", list, i, 3));
	if (outputs.count == 0)
		ImportInvalid(whole, "transformers_", "without outputs", "a list of transformers that keep some columns");
	SetOutputs(whole, &outputs);
}

/* ---- Pipeline ---- */

static bool
HasTables(const Import *import)
{
	for (int i = 0; i < import->nfeatures; i++)
	{
		const FeatureRecipe *feature = &import->features[i];

		if (feature->formula->table_name)
			return true;
		for (int k = 0; k < feature->nbefore; k++)
			if (feature->before[k].formula->table_name)
				return true;
	}
	return false;
}

/* Take the features from the first step, unless the pipeline names them. */
static void
SetFirstStep(Import *whole, const Import *step)
{
	whole->features = step->features;
	whole->inputs = step->inputs;
	whole->ninputs = step->ninputs;
	whole->names = step->names;
	whole->nfeatures = step->nfeatures;
}

void
ReadPipeline(Import *whole)
{
	const JsonNode *steps = ImportRequired(whole, "steps", JSON_NODE_ARRAY);

	for (int i = 0; i < steps->nchildren; i++)
	{
		const JsonNode *entry = PartEntry(whole, "steps", steps, i, 2);
		const char *label = entry->children[0]->text;
		bool		first = whole->features == NULL;
		MemoryContext old = CurrentMemoryContext;
		MemoryContext context;
		Import		step;

		CHECK_FOR_INTERRUPTS();
		if (entry->children[1]->type == JSON_NODE_NULL ||
			(entry->children[1]->type == JSON_NODE_STRING && strcmp(entry->children[1]->text, "passthrough") == 0))
			continue;
		/* each step is read in a context of its own, so that many steps take little more memory than one */
		context = AllocSetContextCreate(old, "normfreeze step", ALLOCSET_DEFAULT_SIZES);
		MemoryContextSwitchTo(context);
		ImportPartStart(&step, whole, entry->children[1], "step", label, first ? whole->names : NULL, whole->nfeatures,
						first ? whole->counted : "steps");
		ImportPartRead(&step);
		MemoryContextSwitchTo(old);
		if (first)
			SetFirstStep(whole, &step);
		else
			ImportAppendStep(whole, &step, label);
		/* tables stay in the step's context; they are no longer than its text */
		if (!first && !HasTables(&step))
			MemoryContextDelete(context);
	}
	if (whole->features == NULL)
		ImportInvalid(whole, "steps", "without an estimator", "a list of at least one");
}
