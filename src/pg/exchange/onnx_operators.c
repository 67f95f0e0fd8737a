/*
 * onnx_operators.c
 *		The operators of ONNX graphs that scalers are made of: what each takes, and what it does to the columns.
 */
#include "pg/exchange/onnx_graph.h"

#include "pg/base/text.h"

/* Return the latest value of a name.  Fails if it is not known, as that of a node that comes later. */
static OnnxTensor *
FindTensor(const OnnxGraph *graph, const OnnxNode *node, const char *name)
{
	CHECK_FOR_INTERRUPTS();
	for (int i = graph->ntensors - 1; i >= 0; i--)
		if (strcmp(graph->tensors[i]->name, name) == 0)
			return graph->tensors[i];
	OnnxRefuse(graph, node, psprintf("takes \"%s\", which is no output of a node before it", OnnxText(name)));
}

/* Take a column of a tensor for a node.  Fails if another one has it. */
static OnnxColumn *
TakeColumn(const OnnxGraph *graph, const OnnxNode *node, OnnxTensor *tensor, int i)
{
	OnnxColumn *column = tensor->columns ? tensor->columns[i] : NULL;

	if (column == NULL)
		OnnxRefuse(graph, node, psprintf("takes column %d of \"%s\", which goes to node \"%s\" already; a scaler has one "
										 "output for each feature", i + 1, OnnxText(tensor->name), tensor->taken_by));
	tensor->columns[i] = NULL;
	tensor->taken_by = OnnxNodeLabel(node);
	if (--tensor->left == 0)
	{
		pfree(tensor->columns);
		tensor->columns = NULL;
	}
	return column;
}

/* Return an input of a node; its number was checked before. */
static const char *
InputOf(const OnnxGraph *graph, const OnnxNode *node, size_t i)
{
	if (i >= node->n_input)
		OnnxRefuse(graph, node, "has too few inputs");
	return node->input[i];
}

/* Return the output of a node, which has the columns of one of its inputs. */
static OnnxTensor *
SameColumns(OnnxGraph *graph, const OnnxNode *node, const char *input)
{
	OnnxTensor *from = FindTensor(graph, node, input);
	OnnxTensor *to = OnnxAddTensor(graph, node->output[0], from->width);

	for (int i = 0; i < from->width; i++)
		to->columns[i] = TakeColumn(graph, node, from, i);
	return to;
}

static void
ApplyIdentity(OnnxGraph *graph, const OnnxNode *node)
{
	SameColumns(graph, node, InputOf(graph, node, 0));
}

static void
ApplyCast(OnnxGraph *graph, const OnnxNode *node)
{
	const Onnx__AttributeProto *to = OnnxAttributeOf(node, "to");
	OnnxTensor *tensor = SameColumns(graph, node, InputOf(graph, node, 0));

	for (int i = 0; i < tensor->width; i++)
		OnnxCast(graph, node, tensor->columns[i], to ? (int) to->i : 0);
}

/* Return the type of the columns of a tensor, which is one. */
static int
TypeOf(const OnnxGraph *graph, const OnnxNode *node, const OnnxTensor *tensor)
{
	for (int i = 1; i < tensor->width; i++)
		if (tensor->columns[i]->type != tensor->columns[0]->type)
			OnnxRefuse(graph, node, "takes columns of several types");
	return tensor->columns[0]->type;
}

/* Apply an operation with a number for each column. */
static void
OperateAll(OnnxGraph *graph, const OnnxNode *node, OnnxTensor *tensor, char operation, const double *numbers,
		   bool alone)
{
	for (int i = 0; i < tensor->width; i++)
		OnnxOperate(graph, node, tensor->columns[i], operation, numbers[i], alone);
}

static void
ApplyArithmetic(OnnxGraph *graph, const OnnxNode *node)
{
	char		operation = node->op_type[0] == 'A' ? '+' : node->op_type[0] == 'S' ? '-' :
		node->op_type[0] == 'M' ? '*' : '/';
	bool		swapped = strchr("+*", operation) && OnnxIsConstant(graph, InputOf(graph, node, 0));
	const char *constant = InputOf(graph, node, swapped ? 0 : 1);
	OnnxTensor *tensor;

	if (!OnnxIsConstant(graph, constant))
		OnnxRefuse(graph, node, "computes with two values that are not constant");
	tensor = SameColumns(graph, node, InputOf(graph, node, swapped ? 1 : 0));
	OperateAll(graph, node, tensor, operation,
			   OnnxNumbers(graph, node, constant, TypeOf(graph, node, tensor), tensor->width), tensor->width == 1);
}

/* static_cast<float>((x - offset) * scale), in float or double like the input, which may be integers */
static void
ApplyScaler(OnnxGraph *graph, const OnnxNode *node)
{
	OnnxTensor *tensor = SameColumns(graph, node, InputOf(graph, node, 0));
	int			type = TypeOf(graph, node, tensor);
	const double *offset = OnnxFloats(graph, node, "offset", tensor->width);
	const double *scale = OnnxFloats(graph, node, "scale", tensor->width);

	for (int i = 0; i < tensor->width && type != ONNX_DOUBLE; i++)
		OnnxCast(graph, node, tensor->columns[i], ONNX_FLOAT);
	OperateAll(graph, node, tensor, '-', offset, false);
	OperateAll(graph, node, tensor, '*', scale, false);
	for (int i = 0; i < tensor->width; i++)
	{
		OnnxCast(graph, node, tensor->columns[i], ONNX_FLOAT);
		tensor->columns[i]->pending = 0;
	}
}

static void
ApplyImputer(OnnxGraph *graph, const OnnxNode *node)
{
	const Onnx__AttributeProto *replaced = OnnxAttributeOf(node, "replaced_value_float");
	OnnxTensor *tensor = SameColumns(graph, node, InputOf(graph, node, 0));
	const double *numbers = OnnxFloats(graph, node, "imputed_value_floats", tensor->width);

	if (replaced == NULL || !isnan(replaced->f))
		OnnxRefuse(graph, node, psprintf("fills in where a value is %s; a scaler fills in where it is NULL or NaN",
										 FloatText(replaced ? replaced->f : 0)));
	for (int i = 0; i < tensor->width; i++)
		OnnxImpute(graph, node, tensor->columns[i], numbers[i]);
}

/* A bound may be left out; then it is the least or the largest number of the type. */
static double
ClipBound(const OnnxGraph *graph, const OnnxNode *node, size_t input, int type, double otherwise)
{
	if (input >= node->n_input || node->input[input][0] == '\0')
		return otherwise;
	return OnnxNumbers(graph, node, node->input[input], type, 1)[0];
}

static void
ApplyClip(OnnxGraph *graph, const OnnxNode *node)
{
	OnnxTensor *tensor = SameColumns(graph, node, InputOf(graph, node, 0));
	int			type = TypeOf(graph, node, tensor);
	double		largest = type == ONNX_FLOAT ? FLT_MAX : DBL_MAX;
	double		low = ClipBound(graph, node, 1, type, -largest);
	double		high = ClipBound(graph, node, 2, type, largest);

	for (int i = 0; i < tensor->width; i++)
		OnnxClip(graph, node, tensor->columns[i], low, high);
}

/* Fail unless an axis is that of columns. */
static void
CheckAxis(const OnnxGraph *graph, const OnnxNode *node)
{
	const Onnx__AttributeProto *axis = OnnxAttributeOf(node, "axis");

	if (axis == NULL || (axis->i != 1 && axis->i != -1))
		OnnxRefuse(graph, node, "is not along the axis of columns");
}

/* Put the columns of several values side by side. */
static OnnxTensor *
SideBySide(OnnxGraph *graph, const OnnxNode *node)
{
	int64		width = 0;
	int			n = 0;
	OnnxTensor *to;

	/* each column is taken once, so there are no more than the inputs have */
	for (size_t i = 0; i < node->n_input; i++)
		width += FindTensor(graph, node, node->input[i])->width;
	if (width > graph->import.ninputs)
		OnnxRefuse(graph, node, psprintf("has %lld columns, of %d that the inputs have; a scaler has one output for each "
										 "feature", (long long) width, graph->import.ninputs));
	to = OnnxAddTensor(graph, node->output[0], (int) width);
	for (size_t i = 0; i < node->n_input; i++)
	{
		OnnxTensor *from = FindTensor(graph, node, node->input[i]);

		for (int k = 0; k < from->width; k++)
			to->columns[n++] = TakeColumn(graph, node, from, k);
	}
	return to;
}

static void
ApplyConcat(OnnxGraph *graph, const OnnxNode *node)
{
	CheckAxis(graph, node);
	InputOf(graph, node, 0);
	TypeOf(graph, node, SideBySide(graph, node));
}

/* the same for single columns, cast to float */
static void
ApplyFeatureVectorizer(OnnxGraph *graph, const OnnxNode *node)
{
	OnnxTensor *tensor;

	InputOf(graph, node, 0);
	tensor = SideBySide(graph, node);
	for (int i = 0; i < tensor->width; i++)
		OnnxCast(graph, node, tensor->columns[i], ONNX_FLOAT);
}

static void
ApplySelection(OnnxGraph *graph, const OnnxNode *node)
{
	OnnxTensor *from = FindTensor(graph, node, InputOf(graph, node, 0));
	int			n;
	const int64 *positions = OnnxPositions(graph, node, InputOf(graph, node, 1), &n);
	OnnxTensor *to;

	if (strcmp(node->op_type, "Gather") == 0)
		CheckAxis(graph, node);
	if (n > from->width)
		OnnxRefuse(graph, node, psprintf("takes %d columns of %d", n, from->width));
	to = OnnxAddTensor(graph, node->output[0], n);
	for (int i = 0; i < n; i++)
	{
		if (positions[i] < 0 || positions[i] >= from->width)
			OnnxRefuse(graph, node, psprintf("takes column %lld of %d", (long long) positions[i] + 1, from->width));
		to->columns[i] = TakeColumn(graph, node, from, (int) positions[i]);
	}
}

typedef struct OnnxOperator
{
	const char *name;
	bool		of_ml;			/* of domain ai.onnx.ml */
	void		(*read) (OnnxGraph *graph, const OnnxNode *node);
	const char *attributes[2];	/* all that a node may have */
} OnnxOperator;

static const OnnxOperator operators[] = {
	{"Add", false, ApplyArithmetic},
	{"ArrayFeatureExtractor", true, ApplySelection},
	{"Cast", false, ApplyCast, {"to", "saturate"}},
	{"Clip", false, ApplyClip},
	{"Concat", false, ApplyConcat, {"axis"}},
	{"Div", false, ApplyArithmetic},
	{"FeatureVectorizer", true, ApplyFeatureVectorizer, {"inputdimensions"}},
	{"Gather", false, ApplySelection, {"axis"}},
	{"Identity", false, ApplyIdentity},
	{"Imputer", true, ApplyImputer, {"imputed_value_floats", "replaced_value_float"}},
	{"Mul", false, ApplyArithmetic},
	{"Scaler", true, ApplyScaler, {"offset", "scale"}},
	{"Sub", false, ApplyArithmetic},
};

/* Operators of scalers that have no bits of their own, and why. */
static const struct
{
	const char *name;
	const char *problem;
}			refused[] = {
	{"Exp", "is a function of the platform, which no scaler has: its last bits differ"},
	{"Log", "is a function of the platform, which no scaler has: its last bits differ"},
	{"Normalizer", "divides by a norm, whose sum each runtime takes in an order of its own"},
	{"Pow", "is a function of the platform, which no scaler has: its last bits differ"},
	{"ReduceL1", "is part of a norm, whose sum each runtime takes in an order of its own"},
	{"ReduceL2", "is part of a norm, whose sum each runtime takes in an order of its own"},
	{"ReduceSumSquare", "is part of a norm, whose sum each runtime takes in an order of its own"},
};

void
OnnxRefuseOperators(const OnnxGraph *graph)
{
	for (size_t k = 0; k < graph->graph->n_node; k++)
	{
		const OnnxNode *node = graph->graph->node[k];

		CHECK_FOR_INTERRUPTS();
		if (node->op_type == NULL)
			OnnxRefuseModel(graph, "a node has no operator", NULL);
		for (int i = 0; i < lengthof(refused); i++)
			if (strcmp(refused[i].name, node->op_type) == 0)
				OnnxRefuse(graph, node, refused[i].problem);
	}
}

/* Return whether an operator may have an attribute. */
static bool
HasAttribute(const OnnxOperator *operator, const char *name)
{
	for (int i = 0; i < lengthof(operator->attributes) && operator->attributes[i]; i++)
		if (strcmp(operator->attributes[i], name) == 0)
			return true;
	return false;
}

static const OnnxOperator *
FindOperator(const OnnxGraph *graph, const OnnxNode *node)
{
	const char *domain = node->domain ? node->domain : "";
	bool		of_ml = strcmp(domain, "ai.onnx.ml") == 0;
	bool		known = of_ml || *domain == '\0' || strcmp(domain, "ai.onnx") == 0;
	StringInfoData list;

	for (int i = 0; known && i < lengthof(operators); i++)
		if (strcmp(operators[i].name, node->op_type) == 0 && operators[i].of_ml == of_ml)
			return &operators[i];
	initStringInfo(&list);
	for (int i = 0; i < lengthof(operators); i++)
		appendStringInfo(&list, "%s%s", i ? ", " : "", operators[i].name);
	OnnxRefuse(graph, node, psprintf("is none of %s", list.data));
}

void
OnnxReadNode(OnnxGraph *graph, const OnnxNode *node)
{
	const OnnxOperator *operator = FindOperator(graph, node);

	for (size_t i = 0; i < node->n_attribute; i++)
	{
		const char *name = node->attribute[i]->name ? node->attribute[i]->name : "";

		if (!HasAttribute(operator, name))
			OnnxRefuse(graph, node, psprintf("has attribute \"%s\", which is not known here", OnnxText(name)));
	}
	if (node->n_output != 1)
		OnnxRefuse(graph, node, psprintf("has %zu outputs", node->n_output));
	operator->read(graph, node);
}
