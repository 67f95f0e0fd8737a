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


/* ---- parts ---- */

/* Start reading a part of an import.  "n" is the number of its inputs, or 0 if that is not known. */
static void
PartStart(Import *part, const Import *whole, const JsonNode *node, const char *kind, const char *label,
		  char **names, int n, const char *counted)
{
	memset(part, 0, sizeof(*part));
	part->family = whole->family;
	part->part = psprintf("%s \"%s\" of %s", kind, label, whole->what);
	part->what = part->part;
	part->root = node;
	part->names = names;
	part->nfeatures = n;
	part->counted = n > 0 ? counted : NULL;
}

/* Read a part by its class.  "passthrough" leaves all values as they are. */
static void
PartRead(Import *part)
{
	if (part->root->type == JSON_NODE_STRING && strcmp(part->root->text, "passthrough") == 0)
	{
		ImportMethod(part, &method_identity);
		ImportFeatures(part);
	}
	else
		ImportObject(part);
	ImportCheck(part);
}

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

static int
InputOf(const Import *import, int i)
{
	return import->inputs ? import->inputs[i] : i;
}

/* Return the formulas of whole rows that features have, a bit for each code. */
static uint64
NormsOf(const FeatureRecipe *features, int n)
{
	uint64		norms = 0;

	for (int i = 0; i < n; i++)
		if (FormulaIsOfRows(features[i].formula))
			norms |= UINT64CONST(1) << features[i].formula->code;
	return norms;
}

/*
 * Fail if a part has a norm that the features before it have, too.  All features of a scaler with one such
 * formula share one norm.
 */
static void
CheckOneNorm(const Import *whole, uint64 norms, const Import *part)
{
	if (norms & NormsOf(part->features, part->nfeatures))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: two of its estimators divide by norms of the same kind", whole->what),
				 errdetail("The second one is %s.", part->part),
				 errhint("A scaler has one norm of a kind for each row: make one scaler for each.")));
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
	PartStart(&part, whole, estimator, "transformer", columns.label, NamesOfColumns(&columns),
			  columns.count, "columns");
	PartRead(&part);
	CheckOneNorm(whole, outputs->norms, &part);
	outputs->norms |= NormsOf(part.features, part.nfeatures);
	for (int i = 0; i < part.nfeatures; i++)
		AddOutput(outputs, whole, columns.label, &part.features[i], columns.positions[InputOf(&part, i)]);
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

/* Return whether a feature leaves all values that are not missing as they are. */
static bool
IsIdentity(const FeatureRecipe *feature)
{
	return feature->formula == &formula_identity && feature->nbefore == 0 && !FeatureIsNull(feature);
}

/* Return the last step of a feature as one that others come after. */
static StepRecipe
LastStep(const FeatureRecipe *feature)
{
	StepRecipe	step = {0};

	step.method = feature->method;
	memcpy(step.option, feature->option, sizeof(step.option));
	step.formula = feature->formula;
	memcpy(step.param, feature->param, sizeof(step.param));
	step.table = feature->table;
	step.domain = feature->domain;
	step.constant = feature->constant;
	step.imported = feature->imported;
	return step;
}

/* Set the steps of a feature to those of an earlier one, and those that it has itself. */
static void
PutStepsBefore(FeatureRecipe *feature, const FeatureRecipe *earlier)
{
	int			nown = feature->nbefore;
	int			nbefore = earlier->nbefore + 1 + nown;
	StepRecipe *before = palloc(sizeof(StepRecipe) * nbefore);

	for (int i = 0; i < earlier->nbefore; i++)
		before[i] = earlier->before[i];
	before[earlier->nbefore] = LastStep(earlier);
	for (int i = 0; i < nown; i++)
		before[earlier->nbefore + 1 + i] = feature->before[i];
	/* no other feature has the steps of the earlier one */
	if (earlier->nbefore > 0)
		pfree(earlier->before);
	feature->before = before;
	feature->nbefore = nbefore;
}

/* Fail unless what a later step does to values can be a step after an earlier one that scales. */
static void
CheckSequence(const Import *whole, const FeatureRecipe *earlier, const FeatureRecipe *later, const char *label)
{
	if (MissingPolicyImputes(later->missing))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: step \"%s\" fills in values after one that scales", whole->what, label),
				 errhint("A scaler fills in missing values before its first step: put the SimpleImputer first.")));
	if (IsIdentity(later))
		return;
	if (FormulaIsOfRows(earlier->formula) || FormulaIsOfRows(later->formula))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: step \"%s\" makes a sequence with method \"%s\", which needs whole rows",
						whole->what, label,
						FormulaIsOfRows(earlier->formula) ? earlier->method->name : later->method->name),
				 errhint("Make one scaler of the Normalizer, and one of the other steps.")));
	if (earlier->nbefore + later->nbefore + 2 > RECIPE_MOST_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("cannot import %s: step \"%s\" is more than the %d steps that a feature can have", whole->what,
						label, RECIPE_MOST_STEPS)));
}

/* Return what a later step makes of what an earlier step gives, for one feature. */
static FeatureRecipe
Composed(const Import *whole, const FeatureRecipe *earlier, const FeatureRecipe *later, const char *label)
{
	FeatureRecipe result = *later;

	if (later->outside != OUTSIDE_KEEP)
		CheckClipsFirst(whole, earlier, !IsIdentity(earlier), label);
	if (!IsIdentity(earlier))
	{
		CheckSequence(whole, earlier, later, label);
		/* of a column without values, every step gives what a missing value gives */
		if (IsIdentity(later) || FeatureIsNull(earlier))
			result = *earlier;
		else if (!FeatureIsNull(later))
		{
			PutStepsBefore(&result, earlier);
			TakeRange(&result, earlier);
		}
	}
	else if (later->nbefore > 0)
	{
		/* the memory of a later step does not last */
		result.before = palloc(sizeof(StepRecipe) * later->nbefore);
		memcpy(result.before, later->before, sizeof(StepRecipe) * later->nbefore);
	}
	if (earlier->outside != OUTSIDE_KEEP)
		TakeRange(&result, earlier);
	/* the later step gets what the earlier one fills in */
	if (MissingPolicyImputes(earlier->missing))
	{
		result.missing = earlier->missing;
		result.imputed = later->outside == OUTSIDE_CLIP ?
			fmin(fmax(earlier->imputed, later->lower), later->upper) : earlier->imputed;
	}
	result.name = earlier->name;
	return result;
}

/* Fail if a step drops features after a norm, which is of all of them. */
static void
CheckNormIsWhole(const Import *whole, const Import *step)
{
	if (NormsOf(whole->features, whole->nfeatures) != 0 && step->nfeatures != whole->nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import %s: a norm is of %d features, and %s keeps %d of them", whole->what,
						whole->nfeatures, step->part, step->nfeatures)));
}

/* Add a step to the pipeline that has been read so far. */
static void
AppendStep(Import *whole, const Import *step, const char *label)
{
	int			n = step->nfeatures;
	FeatureRecipe *features;
	int		   *inputs;
	char	  **names;

	CheckNormIsWhole(whole, step);
	CheckOneNorm(whole, NormsOf(whole->features, whole->nfeatures), step);
	if (step->inputs == NULL)
	{
		for (int i = 0; i < n; i++)
			whole->features[i] = Composed(whole, &whole->features[i], &step->features[i], label);
		return;
	}
	features = palloc(sizeof(FeatureRecipe) * n);
	inputs = palloc(sizeof(int) * n);
	names = whole->names ? palloc(sizeof(char *) * n) : NULL;
	if (whole->inputs == NULL)
		whole->ninputs = whole->nfeatures;
	for (int i = 0; i < n; i++)
	{
		int			from = InputOf(step, i);

		features[i] = Composed(whole, &whole->features[from], &step->features[i], label);
		inputs[i] = InputOf(whole, from);
		if (names)
			names[i] = whole->names[from];
	}
	pfree(whole->features);
	whole->features = features;
	whole->inputs = inputs;
	whole->names = names;
	whole->nfeatures = n;
}

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
		PartStart(&step, whole, entry->children[1], "step", label, first ? whole->names : NULL, whole->nfeatures,
				  first ? whole->counted : "steps");
		PartRead(&step);
		MemoryContextSwitchTo(old);
		if (first)
			SetFirstStep(whole, &step);
		else
			AppendStep(whole, &step, label);
		/* tables stay in the step's context; they are no longer than its text */
		if (!first && !HasTables(&step))
			MemoryContextDelete(context);
	}
	if (whole->features == NULL)
		ImportInvalid(whole, "steps", "without an estimator", "a list of at least one");
}
