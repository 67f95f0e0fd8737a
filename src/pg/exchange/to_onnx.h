/*
 * to_onnx.h
 *		Writing scalers as ONNX models.
 */
#ifndef NORMFREEZE_TO_ONNX_H
#define NORMFREEZE_TO_ONNX_H

#include "pg/exchange/export.h"
#include "pg/exchange/onnx_model.h"

#define ONNX_FORMAT			"ONNX"

/* The metadata key of the artifact. */
#define ONNX_SCALER_KEY		"normfreeze.scaler"

/* Return the model of a scaler.  Fails if ONNX cannot express some formula or policy of it. */
extern OnnxModel *ScalerToOnnx(const Export *export);

#endif							/* NORMFREEZE_TO_ONNX_H */
