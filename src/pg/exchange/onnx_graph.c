/*
 * onnx_graph.c
 *		An ONNX graph that is read: its values, what its nodes say by attributes and constants, and errors about it.
 */
#include "pg/exchange/onnx_graph.h"

#include "core/base/bytes.h"
#include "mb/pg_wchar.h"
#include "pg/base/text.h"

const char *
OnnxText(const char *text)
{
	return pg_any_to_server(text, strlen(text), PG_UTF8);
}

const char *
OnnxNodeLabel(const OnnxNode *node)
{
	if (node->name && *node->name)
		return OnnxText(node->name);
	return node->n_output > 0 ? OnnxText(node->output[0]) : "";
}

void
OnnxRefuse(const OnnxGraph *graph, const OnnxNode *node, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot import %s: node \"%s\", of operator %s, %s", graph->import.what, OnnxNodeLabel(node),
					OnnxText(node->op_type), problem),
			 errhint("Import the estimator that the model was made of, by from_sklearn().")));
}

void
OnnxRefuseModel(const OnnxGraph *graph, const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot import %s: %s", graph->import.what, problem),
			 errhint("%s", hint ? hint : "Import the estimator that the model was made of, by from_sklearn().")));
}

OnnxTensor *
OnnxAddTensor(OnnxGraph *graph, const char *name, int width)
{
	OnnxTensor *tensor = palloc0(sizeof(OnnxTensor));

	tensor->name = name;
	tensor->width = tensor->left = width;
	tensor->columns = palloc0(sizeof(OnnxColumn *) * width);
	graph->tensors[graph->ntensors++] = tensor;
	return tensor;
}

const Onnx__AttributeProto *
OnnxAttributeOf(const OnnxNode *node, const char *name)
{
	for (size_t i = 0; i < node->n_attribute; i++)
		if (node->attribute[i]->name && strcmp(node->attribute[i]->name, name) == 0)
			return node->attribute[i];
	return NULL;
}

/* ---- constants ---- */

static const Onnx__TensorProto *
FindConstant(const OnnxGraph *graph, const char *name)
{
	CHECK_FOR_INTERRUPTS();
	for (size_t i = 0; i < graph->graph->n_initializer; i++)
	{
		const Onnx__TensorProto *tensor = graph->graph->initializer[i];

		if (tensor->name && strcmp(tensor->name, name) == 0)
			return tensor;
	}
	return NULL;
}

bool
OnnxIsConstant(const OnnxGraph *graph, const char *name)
{
	return FindConstant(graph, name) != NULL;
}

/* Return the number of elements, which all are along the last dimension.  Fails for another shape. */
static int
ConstantLength(const OnnxGraph *graph, const OnnxNode *node, const Onnx__TensorProto *tensor)
{
	int64		length = 1;

	for (size_t i = 0; i < tensor->n_dims; i++)
	{
		bool		last = i + 1 == tensor->n_dims;

		if (tensor->dims[i] < 1 || tensor->dims[i] > INT_MAX || (!last && tensor->dims[i] != 1))
			OnnxRefuse(graph, node, "has a constant that is not one number for each column");
		length = tensor->dims[i];
	}
	return (int) length;
}

/* Return the elements of a constant as numbers, whether they are bytes or a list.  Fails if it has not as many. */
static double *
ConstantNumbers(const OnnxGraph *graph, const OnnxNode *node, const Onnx__TensorProto *tensor, int length)
{
	size_t		size = tensor->data_type == ONNX_FLOAT ? sizeof(float) : sizeof(double);
	size_t		listed = tensor->data_type == ONNX_FLOAT ? tensor->n_float_data :
		tensor->data_type == ONNX_DOUBLE ? tensor->n_double_data : tensor->n_int64_data;
	double	   *values;

	if (tensor->has_raw_data ? tensor->raw_data.len != size * length : listed != (size_t) length)
		OnnxRefuse(graph, node, "has a constant whose shape is not that of its numbers");
	values = palloc(sizeof(double) * length);
	for (int i = 0; i < length; i++)
	{
		if (tensor->data_type == ONNX_FLOAT)
		{
			union
			{
				uint32		bits;
				float		value;
			}			single = {.value = tensor->has_raw_data ? 0 : tensor->float_data[i]};

			if (tensor->has_raw_data)
				single.bits = (uint32) tensor->raw_data.data[4 * i] | (uint32) tensor->raw_data.data[4 * i + 1] << 8 |
					(uint32) tensor->raw_data.data[4 * i + 2] << 16 | (uint32) tensor->raw_data.data[4 * i + 3] << 24;
			values[i] = single.value;
		}
		else if (tensor->has_raw_data)
		{
			ByteReader	reader;

			ReaderInit(&reader, tensor->raw_data.data + size * i, size);
			values[i] = tensor->data_type == ONNX_DOUBLE ? GetDouble(&reader) : (double) (int64) GetUint64(&reader);
		}
		else
			values[i] = tensor->data_type == ONNX_DOUBLE ? tensor->double_data[i] : (double) tensor->int64_data[i];
	}
	return values;
}

/* Return the numbers of a constant, and how many it has. */
static double *
ConstantOf(const OnnxGraph *graph, const OnnxNode *node, const char *name, int type, int *length)
{
	const Onnx__TensorProto *tensor = FindConstant(graph, name);

	if (tensor == NULL)
		OnnxRefuse(graph, node, psprintf("needs \"%s\" to be a constant", OnnxText(name)));
	if (tensor->data_type != type || tensor->has_data_location || tensor->n_external_data > 0)
		OnnxRefuse(graph, node, psprintf("has \"%s\", a constant of another type than its values have, or outside of "
										 "the model", OnnxText(name)));
	*length = ConstantLength(graph, node, tensor);
	return ConstantNumbers(graph, node, tensor, *length);
}

/* Return numbers for each column, given as many or one.  Fails for one that is not finite. */
static double *
ForColumns(const OnnxGraph *graph, const OnnxNode *node, double *values, int length, int width)
{
	double	   *result = palloc(sizeof(double) * width);

	if (length != width && length != 1)
		OnnxRefuse(graph, node, psprintf("has %d numbers for %d columns", length, width));
	for (int i = 0; i < width; i++)
	{
		result[i] = values[length == 1 ? 0 : i];
		if (!isfinite(result[i]))
			OnnxRefuse(graph, node, psprintf("has %s among its numbers", FloatText(result[i])));
	}
	return result;
}

double *
OnnxNumbers(const OnnxGraph *graph, const OnnxNode *node, const char *name, int type, int width)
{
	int			length;
	double	   *values = ConstantOf(graph, node, name, type, &length);

	return ForColumns(graph, node, values, length, width);
}

int64 *
OnnxPositions(const OnnxGraph *graph, const OnnxNode *node, const char *name, int *n)
{
	double	   *values = ConstantOf(graph, node, name, ONNX_INT64, n);
	int64	   *positions = palloc(sizeof(int64) * *n);

	for (int i = 0; i < *n; i++)
		positions[i] = (int64) values[i];
	return positions;
}

double *
OnnxFloats(const OnnxGraph *graph, const OnnxNode *node, const char *name, int width)
{
	const Onnx__AttributeProto *attribute = OnnxAttributeOf(node, name);
	double	   *values;

	if (attribute == NULL || attribute->n_floats == 0 || attribute->n_floats > INT_MAX)
		OnnxRefuse(graph, node, psprintf("has no \"%s\"", name));
	values = palloc(sizeof(double) * attribute->n_floats);
	for (size_t i = 0; i < attribute->n_floats; i++)
		values[i] = attribute->floats[i];
	return ForColumns(graph, node, values, (int) attribute->n_floats, width);
}
