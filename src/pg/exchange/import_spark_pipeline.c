/*
 * import_spark_pipeline.c
 *		Importing PipelineModel of Apache Spark ML: models of which each takes the column that another one gives.
 *
 * ImputerModels fill in columns of numbers, a VectorAssembler makes a vector of such columns, and the other models
 * take one vector and give another.  The models that a vector passes become the steps of its features.
 */
#include "pg/exchange/import.h"

#include "miscadmin.h"

/* A column of numbers that an ImputerModel has given. */
typedef struct FilledColumn
{
	const char *name;
	FeatureRecipe feature;		/* named after the column that is filled in */
} FilledColumn;

/* What the stages that have been read give. */
typedef struct SparkColumns
{
	Import	   *whole;
	int			nstages;
	int			nfilled;
	FilledColumn *filled;
	const char *vector;			/* name of the vector that the last stage gives, if it is known */
} SparkColumns;

static const FilledColumn *
FindFilled(const SparkColumns *columns, const char *name)
{
	for (int i = columns->nfilled - 1; i >= 0; i--)
		if (strcmp(columns->filled[i].name, name) == 0)
			return &columns->filled[i];
	return NULL;
}

/* Return the feature that a column of numbers is, with what a stage makes of it. */
static FeatureRecipe
ColumnFeature(const SparkColumns *columns, const FeatureRecipe *feature, const char *label)
{
	const FilledColumn *filled = FindFilled(columns, feature->name);

	return filled ? ImportComposed(columns->whole, &filled->feature, feature, label) : *feature;
}

pg_noreturn static void
RefuseStage(const SparkColumns *columns, const char *label, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot import %s: stage \"%s\" %s", columns->whole->what, label, what),
			 errhint("A scaler fills in missing values of columns, makes one vector of them, and scales it in one or more steps.")));
}

/* Add the columns that an ImputerModel gives. */
static void
AddFilled(SparkColumns *columns, const Import *stage, const char *label)
{
	const JsonNode *names = ImportRequired(stage, "outputCols", JSON_NODE_ARRAY);
	FilledColumn *added;

	if (columns->whole->features)
		RefuseStage(columns, label, "fills in values after a vector was made of them");
	if (names->nchildren != stage->nfeatures)
		ImportInvalid(stage, "outputCols", psprintf("of length %d", names->nchildren),
					  psprintf("as long as \"inputCols\", %d", stage->nfeatures));
	columns->filled = columns->filled ?
		repalloc(columns->filled, sizeof(FilledColumn) * (columns->nfilled + stage->nfeatures)) :
		palloc(sizeof(FilledColumn) * stage->nfeatures);
	added = columns->filled + columns->nfilled;
	for (int i = 0; i < stage->nfeatures; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (names->children[i]->type != JSON_NODE_STRING)
			ImportInvalid(stage, "outputCols", NodeText(names->children[i]), "a name");
		/* a column may be given its own name */
		added[i].feature = ColumnFeature(columns, &stage->features[i], label);
		added[i].name = names->children[i]->text;
	}
	columns->nfilled += stage->nfeatures;
}

/* Take these as the features, which stages may go on to scale. */
static void
TakeFeatures(SparkColumns *columns, FeatureRecipe *features, int n)
{
	Import	   *whole = columns->whole;

	ImportCount(whole, "inputCols", n);
	whole->features = features;
	whole->names = palloc(sizeof(char *) * n);
	for (int i = 0; i < n; i++)
		whole->names[i] = features[i].name;
}

/* Make a vector of columns. */
static void
Assemble(SparkColumns *columns, const Import *stage, const char *label)
{
	if (columns->whole->features)
		RefuseStage(columns, label, "makes a second vector");
	for (int i = 0; i < stage->nfeatures; i++)
	{
		CHECK_FOR_INTERRUPTS();
		stage->features[i] = ColumnFeature(columns, &stage->features[i], label);
	}
	TakeFeatures(columns, stage->features, stage->nfeatures);
}

/* Scale the vector. */
static void
ScaleVector(SparkColumns *columns, const Import *stage, const char *label)
{
	Import	   *whole = columns->whole;
	const char *input = ImportString(stage, "inputCol", NULL);

	if (whole->features == NULL && columns->nfilled > 0)
		RefuseStage(columns, label, "scales a vector before one is made of the columns");
	if (columns->vector && input && strcmp(columns->vector, input) != 0)
		RefuseStage(columns, label, psprintf("takes column \"%s\", and not \"%s\", which the stage before it gives",
											 input, columns->vector));
	if (whole->features)
		ImportAppendStep(whole, stage, label);
	else
	{
		whole->features = stage->features;
		whole->names = stage->names;
		whole->nfeatures = stage->nfeatures;
	}
}

static void ReadStages(SparkColumns *columns, const Import *pipeline);

/* Return whether a stage is of this class. */
static bool
IsClass(const JsonNode *stage, const char *name)
{
	const JsonNode *class = stage->type == JSON_NODE_OBJECT ? JsonMember(stage, "class") : NULL;
	const char *found = class && class->type == JSON_NODE_STRING ? class->text : "";
	const char *dot = strrchr(found, '.');

	found = dot ? dot + 1 : found;
	return strcmp(found, name) == 0 || strcmp(found, psprintf("%sModel", name)) == 0;
}

static void
ReadStage(SparkColumns *columns, const Import *pipeline, const JsonNode *node)
{
	Import	   *whole = columns->whole;
	bool		fills = IsClass(node, "Imputer");
	bool		assembles = IsClass(node, "VectorAssembler");
	bool		scales = !fills && !assembles;
	const char *label = psprintf("%d", ++columns->nstages);
	Import		stage;

	if (IsClass(node, "Pipeline"))
	{
		stage = *pipeline;
		stage.root = node;
		ReadStages(columns, &stage);
		return;
	}
	ImportPartStart(&stage, whole, node, "stage", label, scales ? whole->names : NULL, scales ? whole->nfeatures : 0,
					whole->counted ? whole->counted : "stages");
	ImportPartRead(&stage);
	if (fills)
		AddFilled(columns, &stage, label);
	else if (assembles)
		Assemble(columns, &stage, label);
	else
		ScaleVector(columns, &stage, label);
	if (!fills)
		columns->vector = ImportString(&stage, "outputCol", NULL);
}

/* Read the stages of a pipeline, which must be in the order of "stageUids" if that is there. */
static void
ReadStages(SparkColumns *columns, const Import *pipeline)
{
	const JsonNode *stages = ImportRequired(pipeline, "stages", JSON_NODE_ARRAY);
	const JsonNode *uids = ImportMemberOfType(pipeline, "stageUids", JSON_NODE_ARRAY);

	check_stack_depth();
	if (uids && uids->nchildren != stages->nchildren)
		ImportInvalid(pipeline, "stages", psprintf("of length %d", stages->nchildren),
					  psprintf("as long as \"stageUids\", %d", uids->nchildren));
	for (int i = 0; i < stages->nchildren; i++)
	{
		const JsonNode *stage = stages->children[i];
		const JsonNode *uid = uids && stage->type == JSON_NODE_OBJECT ? JsonMember(stage, "uid") : NULL;

		CHECK_FOR_INTERRUPTS();
		if (uid && uid->type == JSON_NODE_STRING && uids->children[i]->type == JSON_NODE_STRING &&
			strcmp(uid->text, uids->children[i]->text) != 0)
			ImportInvalid(pipeline, psprintf("stages, place %d", i + 1), psprintf("\"%s\"", uid->text),
						  psprintf("\"%s\", as \"stageUids\" has it", uids->children[i]->text));
		ReadStage(columns, pipeline, stage);
	}
}

void
ReadSparkPipeline(Import *import)
{
	SparkColumns columns = {.whole = import};

	ReadStages(&columns, import);
	if (import->features == NULL && columns.nfilled > 0)
	{
		FeatureRecipe *features = palloc(sizeof(FeatureRecipe) * columns.nfilled);

		for (int i = 0; i < columns.nfilled; i++)
			features[i] = columns.filled[i].feature;
		TakeFeatures(&columns, features, columns.nfilled);
	}
	if (import->features == NULL)
		ImportInvalid(import, "stages", "without a model", "a list of at least one");
}
