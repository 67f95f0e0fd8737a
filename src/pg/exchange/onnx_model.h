/*
 * onnx_model.h
 *		Building, writing and reading ONNX models.
 *
 * The messages are those of the project's own schema (third_party/onnx), the
 * wire format is protobuf-c's.
 */
#ifndef NORMFREEZE_ONNX_MODEL_H
#define NORMFREEZE_ONNX_MODEL_H

#include "pg/base/compat.h"

#include "onnx.pb-c.h"

typedef Onnx__ModelProto OnnxModel;
typedef Onnx__NodeProto OnnxNode;

/* A model with an empty graph. */
extern OnnxModel *MakeOnnxModel(const char *graph_name, const char *doc);
extern void OnnxMetadata(OnnxModel *model, const char *key, const char *value);

/* The one input and the one output: float8 tensors of any number of rows. */
extern void OnnxInput(OnnxModel *model, const char *name, int width);
extern void OnnxOutput(OnnxModel *model, const char *name, int width);

/* Constants: one-dimensional tensors.  They return their name. */
extern const char *OnnxDoubles(OnnxModel *model, const char *name, const double *values, int n);
extern const char *OnnxIntegers(OnnxModel *model, const char *name, const int64 *values, int n);
extern const char *OnnxBooleans(OnnxModel *model, const char *name, const bool *values, int n);

/* A node of an operator; its inputs end with NULL.  Its one output is named after the operator. */
extern OnnxNode *OnnxAddNode(OnnxModel *model, const char *operator, const char *input, ...);
extern void OnnxAttribute(OnnxNode *node, const char *name, int64 value);
extern void OnnxAttributeList(OnnxNode *node, const char *name, int64 value);

/* The same, if it is only the output that matters. */
#define OnnxApply(...)	(OnnxAddNode(__VA_ARGS__)->output[0])

/* As bytes.  Errors out if they are not those of a model. */
extern bytea *OnnxPack(const OnnxModel *model);
extern OnnxModel *OnnxUnpack(const void *bytes, size_t length);

/* The place of a key's value, or NULL. */
extern char **OnnxMetadataValue(const OnnxModel *model, const char *key);

/*
 * NULL if they are the same message, else what differs.  Whether fields come in
 * another order in their bytes does not matter, anything else does.
 */
extern const char *OnnxDifference(const OnnxModel *given, const OnnxModel *expected);

#endif							/* NORMFREEZE_ONNX_MODEL_H */
