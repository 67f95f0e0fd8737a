/*
 * probe_arrays.c
 *		Probes of all slots as SQL arrays, as the registry stores them.
 */
#include "pg/scaler/probe_arrays.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "core/base/float_bits.h"
#include "core/scaler/probe_values.h"
#include "miscadmin.h"
#include "pg/base/text.h"

ArrayType *
FloatArray(const double *values, const bool *nulls, int ndims, int *dims)
{
	int			n = ndims == 2 ? dims[0] * dims[1] : dims[0];
	int			lower[2] = {1, 1};
	Datum	   *datums = palloc(sizeof(Datum) * (n + 1));

	for (int i = 0; i < n; i++)
		datums[i] = Float8GetDatum(values[i]);
	return construct_md_array(datums, (bool *) nulls, ndims, dims, lower,
							  FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

void
MakeProbeArrays(const Recipe *recipe, ArrayType **inputs, ArrayType **outputs)
{
	Transform	transform;
	Probes		probes;
	int			dims[2];

	TransformInit(&transform, recipe);
	MakeProbes(&probes, &transform);
	dims[0] = probes.nrows;
	dims[1] = probes.nslots;
	*inputs = FloatArray(probes.inputs, probes.input_nulls, 2, dims);
	*outputs = FloatArray(probes.outputs, probes.output_nulls, 2, dims);
}

static int
ProbeValues(ArrayType *array, double **values, bool **nulls)
{
	Datum	   *datums;
	int			n;

	deconstruct_array(array, FLOAT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &datums, nulls, &n);
	*values = palloc(sizeof(double) * (n + 1));
	for (int i = 0; i < n; i++)
		(*values)[i] = (*nulls)[i] ? NAN : DatumGetFloat8(datums[i]);
	return n;
}

static bool
SameBits(double a, bool a_null, double b, bool b_null)
{
	if (a_null || b_null)
		return a_null == b_null;
	return (isnan(a) && isnan(b)) || DoubleBits(a) == DoubleBits(b);
}

char *
ProbeArraysProblem(const Recipe *recipe, ArrayType *inputs, ArrayType *outputs, int *nvalues)
{
	int			nslots = recipe->nfeatures;
	Transform	transform;
	double	   *in;
	double	   *out;
	bool	   *in_nulls;
	bool	   *out_nulls;
	int			n_in = ProbeValues(inputs, &in, &in_nulls);
	int			n_out = ProbeValues(outputs, &out, &out_nulls);
	double	   *y = palloc(sizeof(double) * nslots);
	bool	   *y_nulls = palloc(sizeof(bool) * nslots);

	if (n_in == 0 || n_in != n_out || n_in % nslots != 0)
		return psprintf("%d inputs and %d outputs do not fit %d features", n_in, n_out, nslots);
	*nvalues = n_in;
	TransformInit(&transform, recipe);
	for (int start = 0; start < n_in; start += nslots)
	{
		CHECK_FOR_INTERRUPTS();
		RunProbe(&transform, in + start, in_nulls + start, y, y_nulls);
		for (int slot = 0; slot < nslots; slot++)
			if (!SameBits(out[start + slot], out_nulls[start + slot], y[slot], y_nulls[slot]))
				return psprintf("%s gives %s for the input %s, and gave %s when it was frozen",
								FeatureLabel(transform.slots[slot]->name, slot), FloatText(y[slot]),
								FloatText(in[start + slot]), FloatText(out[start + slot]));
	}
	return NULL;
}
