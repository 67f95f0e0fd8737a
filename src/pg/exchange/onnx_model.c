/*
 * onnx_model.c
 *		Building, writing and reading ONNX models.
 */
#include "pg/exchange/onnx_model.h"

#include <stdarg.h>

#include "core/base/bytes.h"
#include "mb/pg_wchar.h"

/* A version of 2020, which old runtimes can read.  Up to opset 17, ReduceMax has its axes as an attribute. */
#define IR_VERSION		ONNX__VERSION__IR_VERSION_2020_5_8
#define OPSET_VERSION	12

/* Make a message in the current context.  "init" is protobuf-c's initializer. */
#define MESSAGE(type, init) \
	((type *) memcpy(palloc(sizeof(type)), &(type) init, sizeof(type)))

/* Append to a repeated field of a message.  "item" may be any expression, the message must be a variable. */
#define ADD(message, field, item) \
	((message)->field = Grown((message)->field, (message)->n_##field, sizeof(*(message)->field)), \
	 (message)->field[(message)->n_##field++] = (item))

/* Return an array with room for one more item.  Arrays have a power of two for their size. */
static void *
Grown(void *array, size_t n, size_t item_size)
{
	if (n == 0)
		return palloc(item_size);
	if ((n & (n - 1)) != 0)
		return array;
	return repalloc(array, item_size * n * 2);
}

/* Return a text in UTF-8, as protobuf requires. */
static char *
Utf8(const char *text)
{
	return pstrdup(pg_server_to_any(text, strlen(text), PG_UTF8));
}

OnnxModel *
MakeOnnxModel(const char *graph_name, const char *doc)
{
	OnnxModel  *model = MESSAGE(OnnxModel, ONNX__MODEL_PROTO__INIT);
	Onnx__OperatorSetIdProto *opset = MESSAGE(Onnx__OperatorSetIdProto, ONNX__OPERATOR_SET_ID_PROTO__INIT);

	model->has_ir_version = true;
	model->ir_version = IR_VERSION;
	opset->domain = pstrdup("");
	opset->has_version = true;
	opset->version = OPSET_VERSION;
	ADD(model, opset_import, opset);
	model->producer_name = pstrdup(ONNX_PRODUCER);
	model->producer_version = pstrdup(NORMFREEZE_VERSION);
	model->doc_string = Utf8(doc);
	model->graph = MESSAGE(Onnx__GraphProto, ONNX__GRAPH_PROTO__INIT);
	model->graph->name = Utf8(graph_name);
	return model;
}

void
OnnxMetadata(OnnxModel *model, const char *key, const char *value)
{
	Onnx__StringStringEntryProto *entry = MESSAGE(Onnx__StringStringEntryProto, ONNX__STRING_STRING_ENTRY_PROTO__INIT);

	entry->key = pstrdup(key);
	entry->value = Utf8(value);
	ADD(model, metadata_props, entry);
}

/* ---- types ---- */

static Onnx__TensorShapeProto__Dimension *
Dimension(void)
{
	return MESSAGE(Onnx__TensorShapeProto__Dimension, ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT);
}

/* Return an input or output with this name and the type double[N, width]. */
static Onnx__ValueInfoProto *
Rows(const char *name, int width)
{
	Onnx__ValueInfoProto *info = MESSAGE(Onnx__ValueInfoProto, ONNX__VALUE_INFO_PROTO__INIT);
	Onnx__TypeProto__Tensor *tensor = MESSAGE(Onnx__TypeProto__Tensor, ONNX__TYPE_PROTO__TENSOR__INIT);
	Onnx__TensorShapeProto__Dimension *rows = Dimension();
	Onnx__TensorShapeProto__Dimension *columns = Dimension();

	rows->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
	rows->dim_param = pstrdup("N");
	columns->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
	columns->dim_value = width;
	tensor->has_elem_type = true;
	tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
	tensor->shape = MESSAGE(Onnx__TensorShapeProto, ONNX__TENSOR_SHAPE_PROTO__INIT);
	ADD(tensor->shape, dim, rows);
	ADD(tensor->shape, dim, columns);
	info->name = pstrdup(name);
	info->type = MESSAGE(Onnx__TypeProto, ONNX__TYPE_PROTO__INIT);
	info->type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
	info->type->tensor_type = tensor;
	return info;
}

void
OnnxInput(OnnxModel *model, const char *name, int width)
{
	ADD(model->graph, input, Rows(name, width));
}

void
OnnxOutput(OnnxModel *model, const char *name, int width)
{
	ADD(model->graph, output, Rows(name, width));
}

/* ---- constants ---- */

static const char *
Constant(OnnxModel *model, const char *name, int data_type, const ByteWriter *data, int n)
{
	Onnx__TensorProto *tensor = MESSAGE(Onnx__TensorProto, ONNX__TENSOR_PROTO__INIT);

	tensor->name = pstrdup(name);
	tensor->has_data_type = true;
	tensor->data_type = data_type;
	ADD(tensor, dims, n);
	tensor->has_raw_data = true;
	tensor->raw_data.data = data->data;
	tensor->raw_data.len = data->length;
	ADD(model->graph, initializer, tensor);
	return tensor->name;
}

const char *
OnnxDoubles(OnnxModel *model, const char *name, const double *values, int n)
{
	ByteWriter	data;

	WriterInit(&data, sizeof(double) * n);
	for (int i = 0; i < n; i++)
		PutDouble(&data, values[i]);
	return Constant(model, name, ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE, &data, n);
}

const char *
OnnxIntegers(OnnxModel *model, const char *name, const int64 *values, int n)
{
	ByteWriter	data;

	WriterInit(&data, sizeof(int64) * n);
	for (int i = 0; i < n; i++)
		PutUint64(&data, (uint64) values[i]);
	return Constant(model, name, ONNX__TENSOR_PROTO__DATA_TYPE__INT64, &data, n);
}

const char *
OnnxBooleans(OnnxModel *model, const char *name, const bool *values, int n)
{
	ByteWriter	data;

	WriterInit(&data, n);
	for (int i = 0; i < n; i++)
		PutByte(&data, values[i] ? 1 : 0);
	return Constant(model, name, ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, &data, n);
}

/* ---- nodes ---- */

OnnxNode *
OnnxAddNode(OnnxModel *model, const char *operator, const char *input, ...)
{
	OnnxNode   *node = MESSAGE(OnnxNode, ONNX__NODE_PROTO__INIT);
	va_list		more;

	va_start(more, input);
	for (; input; input = va_arg(more, const char *))
		ADD(node, input, pstrdup(input));
	va_end(more);
	node->op_type = pstrdup(operator);
	node->name = psprintf("%s_%zu", operator, model->graph->n_node + 1);
	ADD(node, output, psprintf("%s_output", node->name));
	ADD(model->graph, node, node);
	return node;
}

static Onnx__AttributeProto *
AddAttribute(OnnxNode *node, const char *name, Onnx__AttributeProto__AttributeType type)
{
	Onnx__AttributeProto *attribute = MESSAGE(Onnx__AttributeProto, ONNX__ATTRIBUTE_PROTO__INIT);

	attribute->name = pstrdup(name);
	attribute->has_type = true;
	attribute->type = type;
	ADD(node, attribute, attribute);
	return attribute;
}

void
OnnxAttribute(OnnxNode *node, const char *name, int64 value)
{
	Onnx__AttributeProto *attribute = AddAttribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

	attribute->has_i = true;
	attribute->i = value;
}

void
OnnxAttributeList(OnnxNode *node, const char *name, int64 value)
{
	Onnx__AttributeProto *attribute = AddAttribute(node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

	ADD(attribute, ints, value);
}

/* ---- bytes ---- */

bytea *
OnnxPack(const OnnxModel *model)
{
	size_t		length = onnx__model_proto__get_packed_size(model);
	bytea	   *result;

	if (length > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the ONNX model would take %zu bytes, more than a value may have", length)));
	result = palloc(VARHDRSZ + length);
	SET_VARSIZE(result, VARHDRSZ + length);
	onnx__model_proto__pack(model, (uint8 *) VARDATA(result));
	return result;
}

/*
 * The memory that reading may use for each byte.
 *
 * Two bytes can be a message that takes hundreds, and messages can be nested as deeply as there are bytes.  But
 * what we write is mostly long texts and constants, in a few hundred messages.
 */
#define MEMORY_PER_BYTE	4
#define MEMORY_AT_LEAST	(1024 * 1024)

typedef struct Budget
{
	size_t		left;
} Budget;

/* Allocate within the budget.  Beyond it there is no memory, and protobuf-c gives up. */
static void *
BudgetAlloc(void *data, size_t size)
{
	Budget	   *budget = data;

	CHECK_FOR_INTERRUPTS();
	if (size > budget->left || stack_is_too_deep())
		return NULL;
	budget->left -= size;
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(size, 1));
}

static void
BudgetFree(void *data, void *pointer)
{
	if (pointer)
		pfree(pointer);
}

OnnxModel *
OnnxUnpack(const void *bytes, size_t length)
{
	Budget		budget = {length * MEMORY_PER_BYTE + MEMORY_AT_LEAST};
	ProtobufCAllocator allocator = {BudgetAlloc, BudgetFree, &budget};
	OnnxModel  *model = onnx__model_proto__unpack(&allocator, length, bytes);

	if (model == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid ONNX model: its %zu bytes cannot be read", length),
				 errhint("Pass all bytes of the file.")));
	return model;
}

char **
OnnxMetadataValue(const OnnxModel *model, const char *key)
{
	for (size_t i = 0; i < model->n_metadata_props; i++)
	{
		Onnx__StringStringEntryProto *entry = model->metadata_props[i];

		if (entry->key && entry->value && strcmp(entry->key, key) == 0)
			return &entry->value;
	}
	return NULL;
}

/* ---- comparison ---- */

/* Return whether two messages have the same bytes. */
static bool
IsSame(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
	size_t		length = protobuf_c_message_get_packed_size(a);
	uint8	   *bytes;
	bool		same;

	if (protobuf_c_message_get_packed_size(b) != length)
		return false;
	bytes = MemoryContextAllocHuge(CurrentMemoryContext, 2 * length + 1);
	protobuf_c_message_pack(a, bytes);
	protobuf_c_message_pack(b, bytes + length);
	same = memcmp(bytes, bytes + length, length) == 0;
	pfree(bytes);
	return same;
}

/* Return which of two lists of messages differs, or NULL. */
static const char *
ListDifference(const char *what, size_t n_given, void *given, size_t n_expected, void *expected)
{
	ProtobufCMessage **a = given;
	ProtobufCMessage **b = expected;

	if (n_given != n_expected)
		return psprintf("It has %zu entries of %s instead of %zu.", n_given, what, n_expected);
	for (size_t i = 0; i < n_given; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!IsSame(a[i], b[i]))
			return psprintf("Entry %zu of %s is another one.", i + 1, what);
	}
	return NULL;
}

#define LIST_DIFFERENCE(a, b, field) \
	ListDifference(#field, (a)->n_##field, (a)->field, (b)->n_##field, (b)->field)

const char *
OnnxDifference(const OnnxModel *given, const OnnxModel *expected)
{
	const Onnx__GraphProto *a = given->graph;
	const Onnx__GraphProto *b = expected->graph;
	const char *problem;

	if (a == NULL)
		return "It has no graph.";
	if ((problem = LIST_DIFFERENCE(given, expected, metadata_props)) != NULL ||
		(problem = LIST_DIFFERENCE(a, b, initializer)) != NULL ||
		(problem = LIST_DIFFERENCE(a, b, node)) != NULL ||
		(problem = LIST_DIFFERENCE(a, b, input)) != NULL ||
		(problem = LIST_DIFFERENCE(a, b, output)) != NULL)
		return problem;
	if (!IsSame(&a->base, &b->base))
		return "Something else of its graph differs.";
	if (!IsSame(&given->base, &expected->base))
		return "Something beside its graph differs.";
	return NULL;
}
