/*
 * describe_weights.c
 *		describe_weights(): the weighted statistics of a profile, feature by feature.
 *
 * They are not columns of describe(), whose result views may depend on.
 */
#include "pg/inspect/described.h"

#include "funcapi.h"
#include "pg/inspect/row_builder.h"
#include "pg/scaler/profile_type.h"

/* Return a row for each feature.  The statistics are NULL without a profile, weights or values. */
static Datum
DescribeWeights(FunctionCallInfo fcinfo, int nfeatures, char *(*name) (const void *, int), const void *of,
				const Profile *profile)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < nfeatures; i++)
	{
		const WeightedSums *sums = profile && profile->weighted ? &profile->weighted[i] : NULL;
		bool		known = sums != NULL && profile->moments[i].count > 0;
		RowBuilder	row = {.n = 0};

		CHECK_FOR_INTERRUPTS();
		AddDatum(&row, Int32GetDatum(i + 1), false);
		AddText(&row, name(of, i));
		AddDouble(&row, sums ? WeightedTotal(sums) : 0, sums != NULL);
		AddDouble(&row, known ? WeightedMean(sums) : 0, known);
		AddDouble(&row, known ? WeightedDeviation(sums) : 0, known);
		AddDouble(&row, known ? WeightedVariance(sums) : 0, known);
		PutRow(rsinfo, &row);
	}
	return (Datum) 0;
}

static char *
NameInRecipe(const void *recipe, int i)
{
	return ((const Recipe *) recipe)->features[i].name;
}

static char *
NameInProfile(const void *arg, int i)
{
	const Profile *profile = arg;

	return profile->names ? profile->names[i] : NULL;
}

static Datum
DescribeWeightsOf(FunctionCallInfo fcinfo, const Described *described)
{
	return DescribeWeights(fcinfo, described->recipe.nfeatures, NameInRecipe, &described->recipe,
						   described->has_profile ? &described->profile : NULL);
}

PG_FUNCTION_INFO_V1(describe_weights_scaler);
Datum
describe_weights_scaler(PG_FUNCTION_ARGS)
{
	Described	described;
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	DescribeView(&described, &view, NULL);
	return DescribeWeightsOf(fcinfo, &described);
}

PG_FUNCTION_INFO_V1(describe_weights_id);
Datum
describe_weights_id(PG_FUNCTION_ARGS)
{
	Described	described;

	DescribeId(&described, PG_GETARG_INT64(0));
	return DescribeWeightsOf(fcinfo, &described);
}

PG_FUNCTION_INFO_V1(describe_weights_profile);
Datum
describe_weights_profile(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Profile		profile;

	ProfileFromBytes(&profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	return DescribeWeights(fcinfo, profile.nfeatures, NameInProfile, &profile, &profile);
}
