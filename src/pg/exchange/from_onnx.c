/*
 * from_onnx.c
 *		The function from_onnx(): reads the scaler that a model of to_onnx() carries, or that the graph of
 *		another's model is.
 */
#include "pg/exchange/onnx_graph.h"
#include "pg/exchange/to_onnx.h"

#include "mb/pg_wchar.h"

/* Return whether a model is another's: it carries no scaler, says that it is of something else, and has a graph. */
static bool
IsOfOthers(const OnnxModel *model)
{
	return OnnxMetadataValue(model, ONNX_SCALER_KEY) == NULL && model->graph && model->graph->n_node > 0 &&
		(model->producer_name == NULL || strcmp(model->producer_name, ONNX_PRODUCER) != 0);
}

/* Return the artifact, converted from UTF-8 to the encoding of the server.  Fails if the model has none. */
static char *
OnnxArtifact(const OnnxModel *model)
{
	char	  **value = OnnxMetadataValue(model, ONNX_SCALER_KEY);

	if (value == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the ONNX model carries no scaler: its metadata has no \"%s\"", ONNX_SCALER_KEY),
				 errhint("Only models of to_onnx() carry one. Of other models, those that are made of scalers alone are "
						 "read; for the estimator that a model was converted from there is from_sklearn().")));
	return pg_any_to_server(*value, strlen(*value), PG_UTF8);
}

PG_FUNCTION_INFO_V1(from_onnx);
Datum
from_onnx(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	size_t		length = VARSIZE_ANY_EXHDR(bytes);
	OnnxModel  *given = OnnxUnpack(VARDATA_ANY(bytes), length);
	bytea	   *scaler;
	const char *difference;
	OnnxModel  *expected;
	Export		export;

	if (IsOfOthers(given))
		PG_RETURN_BYTEA_P(ScalerFromOnnxGraph(given));
	scaler = ScalerFromArtifact(OnnxArtifact(given));
	/* bytes that are no part of the message, such as those after a NUL in a text, or a field that is set twice */
	if (onnx__model_proto__get_packed_size(given) != length)
		DamagedExport(ONNX_FORMAT, "It has bytes that are no part of its content.");
	ExportInit(&export, ONNX_FORMAT, PointerGetDatum(scaler));
	expected = ScalerToOnnx(&export);

	/* these may be of another version of normfreeze; the artifact has been checked by itself */
	expected->producer_version = given->producer_version;
	*OnnxMetadataValue(expected, ONNX_SCALER_KEY) = *OnnxMetadataValue(given, ONNX_SCALER_KEY);
	difference = OnnxDifference(given, expected);
	if (difference)
		DamagedExport(ONNX_FORMAT, difference);
	PG_RETURN_BYTEA_P(scaler);
}
