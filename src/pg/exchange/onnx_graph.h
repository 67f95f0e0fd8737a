/*
 * onnx_graph.h
 *		The columns of an ONNX graph on their way from its inputs to its output, and what its nodes say.
 */
#ifndef NORMFREEZE_ONNX_GRAPH_H
#define NORMFREEZE_ONNX_GRAPH_H

#include "pg/exchange/import.h"
#include "pg/exchange/onnx_model.h"

#define ONNX_FLOAT		ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
#define ONNX_DOUBLE		ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE
#define ONNX_INT64		ONNX__TENSOR_PROTO__DATA_TYPE__INT64
#define ONNX_INT32		ONNX__TENSOR_PROTO__DATA_TYPE__INT32

/* A column of the model's inputs, and what was applied to it so far. */
typedef struct OnnxColumn
{
	FeatureRecipe feature;
	int			input;			/* its place among the columns of all inputs */
	int			origin;			/* the type of the input */
	int			type;			/* the type that it has now */
	char		pending;		/* the operation that another one can follow in the same formula: - or *, or 0 */
	bool		narrowed;		/* its steps gave float8, which were rounded to float4 */
} OnnxColumn;

/* A value of the graph: a tensor of rows with these columns. */
typedef struct OnnxTensor
{
	const char *name;
	int			width;
	OnnxColumn **columns;		/* a NULL was taken by a node; the list is NULL if all were */
	int			left;			/* how many were not taken */
	const char *taken_by;		/* the last node that took some; NULL if none did */
} OnnxTensor;

/* A model on its way to a scaler. */
typedef struct OnnxGraph
{
	Import		import;
	const Onnx__GraphProto *graph;
	OnnxTensor **tensors;		/* inputs of the graph, then outputs of nodes */
	int			ntensors;
} OnnxGraph;

/* Return the scaler that a graph is.  Fails for a graph that is none. */
extern bytea *ScalerFromOnnxGraph(const OnnxModel *model);

/* ---- onnx_graph.c: what a graph and its nodes say ---- */

/* Return a text of the model as the server has texts. */
extern const char *OnnxText(const char *text);

/* Return the name that errors use for a node. */
extern const char *OnnxNodeLabel(const OnnxNode *node);

/* Fail because of a node.  "problem" completes "node X, of operator Y, ...". */
pg_noreturn extern void OnnxRefuse(const OnnxGraph *graph, const OnnxNode *node, const char *problem);

/* Fail because of the whole model.  "hint" may be NULL. */
pg_noreturn extern void OnnxRefuseModel(const OnnxGraph *graph, const char *problem, const char *hint);

/* Add a value of the graph, with room for its columns. */
extern OnnxTensor *OnnxAddTensor(OnnxGraph *graph, const char *name, int width);

/* Return an attribute of a node, or NULL. */
extern const Onnx__AttributeProto *OnnxAttributeOf(const OnnxNode *node, const char *name);

/* Return whether an input of a node is a constant. */
extern bool OnnxIsConstant(const OnnxGraph *graph, const char *name);

/*
 * Return the numbers of a constant of this type: as many as there are columns, or one, which is for all of them.
 * Fails if they are not finite.
 */
extern double *OnnxNumbers(const OnnxGraph *graph, const OnnxNode *node, const char *name, int type, int width);

/* Return the integers of a constant, and their number. */
extern int64 *OnnxPositions(const OnnxGraph *graph, const OnnxNode *node, const char *name, int *n);

/* Return a list of float4 that is an attribute of a node, as numbers for each column. */
extern double *OnnxFloats(const OnnxGraph *graph, const OnnxNode *node, const char *name, int width);

/* ---- onnx_columns.c: what operators do to a column ---- */

/*
 * Apply an operation, one of + - * and /, with a number.  "alone": the number is the only one of its constant.
 *
 * Fails for a number by which a result cannot be computed as onnxruntime does.
 */
extern void OnnxOperate(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, char operation, double number,
						bool alone);

/* Convert a column to a type. */
extern void OnnxCast(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, int type);

/* Clip a column's values. */
extern void OnnxClip(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, double low, double high);

/* Fill in a number for missing values. */
extern void OnnxImpute(OnnxGraph *graph, const OnnxNode *node, OnnxColumn *column, double number);

/* Return the feature that a column is in the end. */
extern FeatureRecipe OnnxFeature(OnnxGraph *graph, const OnnxColumn *column);

/* ---- onnx_operators.c ---- */

/* Apply a node to the columns that it takes.  Fails for one that no scaler can be. */
extern void OnnxReadNode(OnnxGraph *graph, const OnnxNode *node);

/* Fail if the graph has an operator without bits of its own, whatever stands before it. */
extern void OnnxRefuseOperators(const OnnxGraph *graph);

#endif							/* NORMFREEZE_ONNX_GRAPH_H */
