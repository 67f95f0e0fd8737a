/*
 * probes.c
 *		The function probes(): inputs and outputs by which any implementation of a scaler can be
 *		checked.
 */
#include "pg/base/compat.h"

#include "core/scaler/probe_values.h"
#include "funcapi.h"
#include "pg/base/call.h"
#include "pg/registry/registry.h"
#include "pg/scaler/probe_arrays.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/tuplestore.h"

static Datum
ProbeRows(FunctionCallInfo fcinfo, Datum scaler)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ScalerView	view;
	Recipe		recipe;
	Transform	transform;
	Probes		probes;

	CheckFloatEnvironment();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ViewScalerDatum(&view, scaler);
	DecodeScalerRecipe(&recipe, &view);
	TransformInit(&transform, &recipe);
	MakeProbes(&probes, &transform);
	for (int row = 0; row < probes.nrows; row++)
	{
		int			start = row * probes.nslots;
		Datum		values[3] = {
			Int32GetDatum(row + 1),
			PointerGetDatum(FloatArray(probes.inputs + start, probes.input_nulls + start, 1, &transform.ninputs)),
			PointerGetDatum(FloatArray(probes.outputs + start, probes.output_nulls + start, 1, &transform.ninputs)),
		};
		bool		nulls[3] = {false};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(probes);
Datum
probes(PG_FUNCTION_ARGS)
{
	return ProbeRows(fcinfo, PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(probes_of_id);
Datum
probes_of_id(PG_FUNCTION_ARGS)
{
	return ProbeRows(fcinfo, PointerGetDatum(RegistryScaler(PG_GETARG_INT64(0))));
}
