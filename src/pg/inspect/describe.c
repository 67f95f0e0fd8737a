/*
 * describe.c
 *		describe(): a scaler, or a profile, feature by feature.
 */
#include "pg/inspect/described.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "pg/base/installed.h"
#include "pg/fit/subjects.h"
#include "pg/inspect/row_builder.h"
#include "pg/scaler/profile_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

static const double described_quantiles[] = {1, 5, 25, 50, 75, 95, 99};

/* Add the columns of quantiles; they are NULL without a distribution. */
static void
AddQuantiles(RowBuilder *row, const Profile *profile, int i)
{
	Datum		values[lengthof(described_quantiles)];
	Evidence	evidence;

	if (profile == NULL || profile->histograms == NULL || profile->moments[i].count == 0)
	{
		AddDatum(row, (Datum) 0, true);
		return;
	}
	evidence = EvidenceFromHistogram(profile, i);
	for (int q = 0; q < lengthof(described_quantiles); q++)
		values[q] = Float8GetDatum(EvidencePercentile(&evidence, described_quantiles[q]));
	AddDatum(row, PointerGetDatum(construct_array(values, lengthof(described_quantiles), FLOAT8OID, 8,
												  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)), false);
}

/* Add the least and the greatest training value.  The recipe has them unless its range is by a rule. */
static void
AddTrainingRange(RowBuilder *row, const FeatureRecipe *f, const Moments *moments)
{
	double		lower = f->lower;
	double		upper = f->upper;
	bool		known = RangeIsKnown(f);

	if (FeatureHasRangeRule(f))
	{
		known = moments && moments->count > 0;
		lower = known ? moments->min : 0;
		upper = known ? moments->max : 0;
	}
	AddDouble(row, lower, known);
	AddDouble(row, upper, known);
}

static Datum
MethodDatum(const Method *method)
{
	return DirectFunctionCall2(enum_in, CStringGetDatum(method->name), ObjectIdGetDatum(RegistryType("method")));
}

/* Return the rows of describe(): one for each feature of a scaler or of a profile. */
static Datum
Describe(FunctionCallInfo fcinfo, const Described *described)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < described->recipe.nfeatures; i++)
	{
		const FeatureRecipe *f = &described->recipe.features[i];
		const Profile *profile = described->has_profile ? &described->profile : NULL;
		const Moments *m = profile ? &profile->moments[i] : NULL;
		RowBuilder	row = {.n = 0};
		double		center;
		double		scale = 0;
		double		offset = 0;
		bool		scaled;
		bool		shifted;
		int			ddof = (int) MethodOptionValue(f->method, f->option, &option_ddof);

		CHECK_FOR_INTERRUPTS();
		AddDatum(&row, Int32GetDatum(i + 1), false);
		AddText(&row, f->name);
		AddDatum(&row, MethodDatum(f->method), false);
		scaled = FindParameter(f, "scale", &scale);
		shifted = FindParameter(f, "offset", &offset);
		/* a formula that only divides scales around zero */
		if (!FindParameter(f, "center", &center))
			center = 0;
		AddDouble(&row, center, scaled && !shifted);
		AddDouble(&row, scale, scaled);
		AddDouble(&row, offset, shifted);
		AddText(&row, FormulaText(f));
		AddDatum(&row, RecipeOptionsJsonb(f), false);
		AddText(&row, MissingText(f));
		AddText(&row, OutsideText(f));
		AddText(&row, PolicyCodeToName(constant_policy_names, f->constant_policy));
		AddDatum(&row, BoolGetDatum(f->constant), false);
		AddDatum(&row, BoolGetDatum(f->target), false);
		AddDatum(&row, BoolGetDatum(f->unfit), false);
		AddInt8(&row, m ? m->count : 0, m != NULL);
		AddInt8(&row, m ? MomentsMissing(m) : 0, m != NULL);
		AddInt8(&row, m ? m->nulls : 0, m != NULL);
		AddInt8(&row, m ? m->nans : 0, m != NULL);
		AddTrainingRange(&row, f, m);
		AddDouble(&row, m ? MomentsMean(m) : 0, m != NULL && m->count > 0);
		AddDouble(&row, m ? MomentsDeviation(m, ddof) : 0, m != NULL && m->count > ddof);
		AddDouble(&row, m ? MomentsVariance(m, ddof) : 0, m != NULL && m->count > ddof);
		AddQuantiles(&row, profile, i);
		AddDatum(&row, ParametersJsonb(f), false);
		PutRow(rsinfo, &row);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(describe_scaler);
Datum
describe_scaler(PG_FUNCTION_ARGS)
{
	Described	described;
	ScalerView	view;

	ViewScalerDatum(&view, PG_GETARG_DATUM(0));
	DescribeView(&described, &view, NULL);
	return Describe(fcinfo, &described);
}

PG_FUNCTION_INFO_V1(describe_id);
Datum
describe_id(PG_FUNCTION_ARGS)
{
	Described	described;

	DescribeId(&described, PG_GETARG_INT64(0));
	return Describe(fcinfo, &described);
}

/* Describe a profile: the statistics of each feature.  The columns about a scaler are NULL. */
PG_FUNCTION_INFO_V1(describe_profile);
Datum
describe_profile(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Profile		profile;

	ProfileFromBytes(&profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < profile.nfeatures; i++)
	{
		const Moments *m = &profile.moments[i];
		bool		known = m->count > 0;
		RowBuilder	row = {.n = 0};

		AddDatum(&row, Int32GetDatum(i + 1), false);
		AddText(&row, profile.names ? profile.names[i] : NULL);
		AddInt8(&row, m->count, true);
		AddInt8(&row, m->nulls, true);
		AddInt8(&row, m->nans, true);
		AddInt8(&row, MomentsInfinite(m), true);
		AddDouble(&row, m->min, known);
		AddDouble(&row, m->max, known);
		AddDouble(&row, MomentsMean(m), known);
		AddDouble(&row, MomentsDeviation(m, 0), known);
		AddDouble(&row, MomentsVariance(m, 0), known);
		AddQuantiles(&row, &profile, i);
		PutRow(rsinfo, &row);
	}
	return (Datum) 0;
}
