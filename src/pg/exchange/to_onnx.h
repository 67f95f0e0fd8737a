/*
 * to_onnx.h
 *		Scalers as ONNX models.
 */
#ifndef NORMFREEZE_TO_ONNX_H
#define NORMFREEZE_TO_ONNX_H

#include "pg/exchange/export.h"
#include "pg/exchange/onnx_model.h"

#define ONNX_FORMAT			"ONNX"

/* the key of the artifact in the metadata */
#define ONNX_SCALER_KEY		"normfreeze.scaler"

extern OnnxModel *ScalerToOnnx(const Export *export);

#endif							/* NORMFREEZE_TO_ONNX_H */
