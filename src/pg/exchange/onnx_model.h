/*
 * onnx_model.h
 *		Building, writing and reading ONNX models.
 *
 * The messages are those of ONNX's own schema (third_party/onnx); protobuf-c reads and writes
 * them.
 */
#ifndef NORMFREEZE_ONNX_MODEL_H
#define NORMFREEZE_ONNX_MODEL_H

#include "pg/base/compat.h"

#include "onnx.pb-c.h"

/* The producer that our models name. */
#define ONNX_PRODUCER	"normfreeze"

typedef Onnx__ModelProto OnnxModel;
typedef Onnx__NodeProto OnnxNode;

/* Return a model with an empty graph. */
extern OnnxModel *MakeOnnxModel(const char *graph_name, const char *doc);

/* Add an entry to the metadata. */
extern void OnnxMetadata(OnnxModel *model, const char *key, const char *value);

/* Set the only input and the only output: float8 tensors of any number of rows. */
extern void OnnxInput(OnnxModel *model, const char *name, int width);
extern void OnnxOutput(OnnxModel *model, const char *name, int width);

/* Add a constant, a one-dimensional tensor, and return its name. */
extern const char *OnnxDoubles(OnnxModel *model, const char *name, const double *values, int n);
extern const char *OnnxIntegers(OnnxModel *model, const char *name, const int64 *values, int n);
extern const char *OnnxBooleans(OnnxModel *model, const char *name, const bool *values, int n);

/* Add a node of an operator.  The inputs end with NULL.  The only output is named after the operator. */
extern OnnxNode *OnnxAddNode(OnnxModel *model, const char *operator, const char *input, ...);

/* Set an attribute of a node: an integer, or a list of one integer. */
extern void OnnxAttribute(OnnxNode *node, const char *name, int64 value);
extern void OnnxAttributeList(OnnxNode *node, const char *name, int64 value);

/* Add a node likewise, and return the name of its output. */
#define OnnxApply(...)	(OnnxAddNode(__VA_ARGS__)->output[0])

/* Return the bytes of a model.  Fails if they are too many for one value. */
extern bytea *OnnxPack(const OnnxModel *model);

/* Return the model in these bytes.  Fails if they are not those of a model. */
extern OnnxModel *OnnxUnpack(const void *bytes, size_t length);

/* Return where the value of a metadata key is, or NULL if there is no such key. */
extern char **OnnxMetadataValue(const OnnxModel *model, const char *key);

/*
 * Return NULL if two models are the same message, else what differs.
 *
 * The order of fields in the bytes does not matter; any other difference does.
 */
extern const char *OnnxDifference(const OnnxModel *given, const OnnxModel *expected);

#endif							/* NORMFREEZE_ONNX_MODEL_H */
