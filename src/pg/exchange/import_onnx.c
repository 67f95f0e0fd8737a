/*
 * import_onnx.c
 *		Importing ONNX models of scalers that others wrote, such as those of skl2onnx: each node of the graph is
 *		applied to the columns that it is given.
 *
 * What a scaler computes is what the operators compute by their definition, operation by operation, which is what
 * onnxruntime does.  So a graph is taken whoever wrote it and whatever it was made of, if each column
 * of its inputs goes one way to its output.
 */
#include "pg/exchange/onnx_graph.h"


static const char *const no_keys[] = {NULL};

static const ImportFamily onnx_model_family = {
	"an ONNX model", "", no_keys, no_keys, no_keys, NULL, NULL, NULL, false, false, false
};

/* Return the number of columns of an input, and its type. */
static int
InputColumns(const OnnxGraph *graph, const Onnx__ValueInfoProto *info, int *type)
{
	const Onnx__TypeProto *kind = info->type;
	const Onnx__TypeProto__Tensor *tensor =
		kind && kind->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ? kind->tensor_type : NULL;
	const Onnx__TensorShapeProto *shape = tensor ? tensor->shape : NULL;

	*type = tensor ? tensor->elem_type : 0;
	if (*type != ONNX_FLOAT && *type != ONNX_DOUBLE && *type != ONNX_INT64 && *type != ONNX_INT32)
		OnnxRefuseModel(graph, psprintf("input \"%s\" is no tensor of float, double or integers", OnnxText(info->name)),
						NULL);
	if (shape == NULL || shape->n_dim != 2 ||
		shape->dim[1]->value_case != ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE ||
		shape->dim[1]->dim_value < 1)
		OnnxRefuseModel(graph, psprintf("input \"%s\" does not say how many columns it has", OnnxText(info->name)),
						"Convert the estimator with a type of input that has their number, such as FloatTensorType([None, 3]).");
	CheckFeatureCount((int) Min(shape->dim[1]->dim_value, INT_MAX));
	return (int) shape->dim[1]->dim_value;
}

/* Read the inputs.  Several of one column each are the names of features. */
static void
ReadInputs(OnnxGraph *graph)
{
	Import	   *import = &graph->import;
	bool		named = true;
	int			ninputs = 0;
	int			count = 0;

	for (size_t i = 0; i < graph->graph->n_input; i++)
	{
		const Onnx__ValueInfoProto *info = graph->graph->input[i];
		OnnxTensor *tensor;
		int			type;

		/* models of old versions list constants among their inputs */
		if (info->name == NULL || OnnxIsConstant(graph, info->name))
			continue;
		tensor = OnnxAddTensor(graph, info->name, InputColumns(graph, info, &type));
		for (int k = 0; k < tensor->width; k++)
		{
			OnnxColumn *column = palloc0(sizeof(OnnxColumn));

			column->feature.method = &method_identity;
			MethodDefaults(&method_identity, column->feature.option);
			column->feature.formula = &formula_identity;
			SetRangeUnknown(&column->feature);
			column->feature.imported = true;
			column->input = import->ninputs + k;
			column->origin = column->type = type;
			tensor->columns[k] = column;
		}
		import->ninputs += tensor->width;
		CheckFeatureCount(import->ninputs);
		named = named && tensor->width == 1;
		ninputs++;
	}
	if (ninputs == 0)
		OnnxRefuseModel(graph, "it has no input", NULL);
	if (!named || ninputs == 1)
		return;
	import->names = palloc(sizeof(char *) * ninputs);
	for (int i = 0; i < graph->ntensors; i++)
		import->names[count++] = pstrdup(OnnxText(graph->tensors[i]->name));
}

/* Make the features of the columns of the output. */
static void
ReadOutput(OnnxGraph *graph)
{
	Import	   *import = &graph->import;
	OnnxTensor *output = NULL;
	char	  **names;
	bool		in_order;

	if (graph->graph->n_output == 1 && graph->graph->output[0]->name)
		for (int i = 0; i < graph->ntensors; i++)
			if (strcmp(graph->tensors[i]->name, graph->graph->output[0]->name) == 0)
				output = graph->tensors[i];
	if (output == NULL || output->taken_by)
		OnnxRefuseModel(graph, "it does not have one output, which no node takes", NULL);
	in_order = output->width == import->ninputs;
	import->nfeatures = output->width;
	import->features = palloc(sizeof(FeatureRecipe) * output->width);
	names = palloc(sizeof(char *) * output->width);
	for (int i = 0; i < output->width; i++)
	{
		int			input = output->columns[i]->input;

		import->features[i] = OnnxFeature(graph, output->columns[i]);
		names[i] = import->names ? import->names[input] : NULL;
		import->features[i].name = names[i];
		in_order = in_order && input == i;
	}
	if (import->names)
		import->names = names;
	else if (!in_order)
		OnnxRefuseModel(graph, "it changes the order of its columns or drops some, and they have no names",
						"Convert the estimator with an input for each column: initial_types=[(name, FloatTensorType([None, 1])) "
						"for name in columns].");
}

bytea *
ScalerFromOnnxGraph(const OnnxModel *model)
{
	OnnxGraph	graph = {.graph = model->graph};

	ImportStart(&graph.import, &onnx_model_family);
	ImportMethod(&graph.import, &method_affine);
	if (model->n_functions > 0 || model->n_training_info > 0 || graph.graph->n_sparse_initializer > 0)
		OnnxRefuseModel(&graph, "it has functions, sparse constants or something to train", NULL);
	OnnxRefuseOperators(&graph);
	graph.tensors = palloc(sizeof(OnnxTensor *) * (graph.graph->n_input + graph.graph->n_node));
	ReadInputs(&graph);
	for (size_t i = 0; i < graph.graph->n_node; i++)
	{
		CHECK_FOR_INTERRUPTS();
		OnnxReadNode(&graph, graph.graph->node[i]);
	}
	ReadOutput(&graph);
	return ImportFinish(&graph.import);
}
