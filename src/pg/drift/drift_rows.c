/*
 * drift_rows.c
 *		drift(), drift_bins() and drift_ranges(): what a comparison found, as rows.
 */
#include "pg/drift/drift.h"

#include "funcapi.h"
#include "pg/base/columns.h"
#include "pg/base/json_tree.h"
#include "pg/registry/refs.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/range_json.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* Return the name of the i-th compared feature, or NULL. */
static const char *
FeatureName(const DriftResult *result, int i)
{
	return result->names ? result->names[i] : NULL;
}

/*
 * A row of a function's result.  Column k of a list of names is at[k] of the row; what the script of an older
 * version does not have goes where nobody reads it, behind the last column.
 */
typedef struct NamedRow
{
	int		   *at;
	Datum	   *values;
	bool	   *nulls;
} NamedRow;

static NamedRow
MakeNamedRow(TupleDesc desc, const char *const *names, int n)
{
	int			size = desc->natts + 1;
	NamedRow	row = {palloc(sizeof(int) * n), palloc0(sizeof(Datum) * size), palloc(sizeof(bool) * size)};

	memset(row.nulls, true, sizeof(bool) * size);
	for (int k = 0; k < n; k++)
	{
		int			column = FindColumn(desc, names[k]);

		row.at[k] = column >= 0 ? column : desc->natts;
	}
	return row;
}

static void
SetColumn(NamedRow *row, int k, Datum value, bool isnull)
{
	row->values[row->at[k]] = value;
	row->nulls[row->at[k]] = isnull;
}

static void
SetNumber(NamedRow *row, int k, double value)
{
	SetColumn(row, k, Float8GetDatum(value), isnan(value));
}

static void
SetText(NamedRow *row, int k, const char *text)
{
	SetColumn(row, k, text ? CStringGetTextDatum(text) : (Datum) 0, text == NULL);
}

/* The columns of drift(); then come the measures that have one. */
enum
{
	ROW_ORDINAL,
	ROW_FEATURE,
	ROW_VERDICT,
	ROW_DECIDED_BY,
	ROW_THRESHOLD,
	ROW_REFERENCE_ROWS,
	ROW_LIVE_ROWS,
	ROW_WORST_BIN,
	ROW_REASON,
	ROW_OVERALL,
	ROW_COLUMNS
};

static const char *const drift_columns[ROW_COLUMNS] = {
	"ordinal", "feature", "verdict", "decided_by", "threshold", "reference_rows", "live_rows", "worst_bin", "reason", "overall"
};

/* Return the rows of drift(). */
static void
PutDriftRows(ReturnSetInfo *rsinfo, const DriftResult *result, const DriftOptions *options)
{
	const char *names[ROW_COLUMNS + DRIFT_MOST_MEASURES];
	NamedRow	row;

	memcpy(names, drift_columns, sizeof(drift_columns));
	for (int m = 0; m < drift_nmeasures; m++)
		names[ROW_COLUMNS + m] = drift_measures[m].name;
	row = MakeNamedRow(rsinfo->setDesc, names, ROW_COLUMNS + drift_nmeasures);

	for (int i = 0; i < result->nfeatures; i++)
	{
		const FeatureDrift *d = &result->features[i];
		bool		decided = d->verdict > DRIFT_NONE;

		SetColumn(&row, ROW_ORDINAL, Int32GetDatum(result->ordinals[i]), false);
		SetText(&row, ROW_FEATURE, FeatureName(result, i));
		SetText(&row, ROW_VERDICT, drift_verdict_names[d->verdict]);
		SetText(&row, ROW_DECIDED_BY, decided ? drift_measures[d->decided_by].name : NULL);
		SetNumber(&row, ROW_THRESHOLD, decided ? d->threshold : NAN);
		SetColumn(&row, ROW_REFERENCE_ROWS, Int64GetDatum(d->reference_rows), false);
		SetColumn(&row, ROW_LIVE_ROWS, Int64GetDatum(d->live_rows), false);
		for (int m = 0; m < drift_nmeasures; m++)
			if (!drift_measures[m].no_column && !drift_measures[m].of_range)
				SetNumber(&row, ROW_COLUMNS + m, DriftNumber(d, m));
		SetText(&row, ROW_WORST_BIN, d->worst_bin >= 0 ? DriftBinText(d, d->worst_bin) : NULL);
		SetText(&row, ROW_REASON, DriftReason(d, options));
		SetText(&row, ROW_OVERALL, drift_verdict_names[result->overall]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row.values, row.nulls);
	}
}

static const char *const bin_kinds[] = {
	[BIN_BELOW] = "below", [BIN_WITHIN] = "within", [BIN_ABOVE] = "above", [BIN_MISSING] = "missing"
};

/* The columns of drift_bins(). */
enum
{
	BINS_ORDINAL,
	BINS_FEATURE,
	BINS_BIN,
	BINS_KIND,
	BINS_LOWER,
	BINS_UPPER,
	BINS_REFERENCE_ROWS,
	BINS_LIVE_ROWS,
	BINS_COLUMNS
};

static const char *const bins_columns[BINS_COLUMNS] = {
	"ordinal", "feature", "bin", "kind", "lower", "upper", "reference_rows", "live_rows"
};

/* Return the rows of drift_bins(). */
static void
PutBinRows(ReturnSetInfo *rsinfo, const DriftResult *result, const DriftOptions *options)
{
	NamedRow	row = MakeNamedRow(rsinfo->setDesc, bins_columns, BINS_COLUMNS);

	(void) options;
	for (int i = 0; i < result->nfeatures; i++)
		for (int j = 0; j < result->features[i].bins.nbins; j++)
		{
			const DriftBin *bin = &result->features[i].bins.bins[j];

			SetColumn(&row, BINS_ORDINAL, Int32GetDatum(result->ordinals[i]), false);
			SetText(&row, BINS_FEATURE, FeatureName(result, i));
			SetColumn(&row, BINS_BIN, Int32GetDatum(j + 1), false);
			SetText(&row, BINS_KIND, bin_kinds[bin->kind]);
			SetNumber(&row, BINS_LOWER, bin->lower);
			SetNumber(&row, BINS_UPPER, bin->upper);
			SetColumn(&row, BINS_REFERENCE_ROWS, Int64GetDatum((int64) bin->reference), false);
			SetColumn(&row, BINS_LIVE_ROWS, Int64GetDatum((int64) bin->live), false);
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row.values, row.nulls);
		}
}

/* The columns of drift_ranges(). */
enum
{
	RANGES_ORDINAL,
	RANGES_FEATURE,
	RANGES_OUTSIDE,
	RANGES_RULE,
	RANGES_LOWER,
	RANGES_UPPER,
	RANGES_REFERENCE,
	RANGES_LIVE,
	RANGES_COLUMNS
};

static const char *const ranges_columns[RANGES_COLUMNS] = {
	"ordinal", "feature", "outside", "range_rule", "lower", "upper", "reference_outside_range", "live_outside_range"
};

/* Return the rows of drift_ranges(): the features for which a policy acts on values outside of a range. */
static void
PutRangeRows(ReturnSetInfo *rsinfo, const DriftResult *result, const DriftOptions *options)
{
	NamedRow	row = MakeNamedRow(rsinfo->setDesc, ranges_columns, RANGES_COLUMNS);

	(void) options;
	for (int i = 0; i < result->nfeatures; i++)
	{
		const FeatureRecipe *f = &result->recipe.features[result->ordinals[i] - 1];
		bool		by_rule = FeatureHasRangeRule(f);

		if (f->outside == OUTSIDE_KEEP)
			continue;
		SetColumn(&row, RANGES_ORDINAL, Int32GetDatum(result->ordinals[i]), false);
		SetText(&row, RANGES_FEATURE, FeatureName(result, i));
		SetText(&row, RANGES_OUTSIDE, PolicyCodeToName(outside_policy_names, f->outside));
		SetColumn(&row, RANGES_RULE, by_rule ? JsonbPGetDatum(JsonbFromText(RangeRuleText(&f->range_rule))) : 0,
				  !by_rule);
		SetNumber(&row, RANGES_LOWER, f->lower);
		SetNumber(&row, RANGES_UPPER, f->upper);
		SetNumber(&row, RANGES_REFERENCE, result->features[i].reference_outside_range);
		SetNumber(&row, RANGES_LIVE, result->features[i].live_outside_range);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, row.values, row.nulls);
	}
}

/* Fail if an argument is NULL.  A STRICT drift() would return no rows for it, which would look like no drift. */
static void
RefuseNull(FunctionCallInfo fcinfo, int arg, const char *what)
{
	if (PG_ARGISNULL(arg))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the %s to compare is NULL", what),
				 arg > 0 ? errhint("The profile of no rows is NULL.") : 0));
}

void
ProfileArgument(FunctionCallInfo fcinfo, int arg, const char *what, Profile *profile)
{
	bytea	   *bytes;

	RefuseNull(fcinfo, arg, what);
	bytes = PG_GETARG_BYTEA_PP(arg);
	ProfileFromBytes(profile, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
}

typedef void (*PutRows) (ReturnSetInfo *rsinfo, const DriftResult *result, const DriftOptions *options);

/* What argument 0 is. */
typedef enum ReferenceKind
{
	REFERENCE_PROFILE,
	REFERENCE_ID,
	REFERENCE_REF
} ReferenceKind;

/* Compare what the arguments name, and return the rows that "put" makes of it. */
static Datum
DriftRows(FunctionCallInfo fcinfo, ReferenceKind kind, PutRows put)
{
	DriftOptions options;
	DriftResult result;
	Profile		live;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ReadDriftOptions(&options, PG_ARGISNULL(2) ? NULL : PG_GETARG_JSONB_P(2));
	RefuseNull(fcinfo, 0, kind == REFERENCE_PROFILE ? "reference profile" : "scaler");
	ProfileArgument(fcinfo, 1, "live profile", &live);
	if (kind == REFERENCE_PROFILE)
	{
		Profile		reference;

		ProfileArgument(fcinfo, 0, "reference profile", &reference);
		CompareProfiles(&result, &reference, &live, &options);
	}
	else
		DriftOfScaler(&result, kind == REFERENCE_ID ? PG_GETARG_INT64(0) :
					  RegistryResolve(text_to_cstring(PG_GETARG_TEXT_PP(0))), &live, &options);
	put((ReturnSetInfo *) fcinfo->resultinfo, &result, &options);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(drift);
Datum
drift(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_PROFILE, PutDriftRows);
}

PG_FUNCTION_INFO_V1(drift_of_id);
Datum
drift_of_id(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_ID, PutDriftRows);
}

PG_FUNCTION_INFO_V1(drift_of_ref);
Datum
drift_of_ref(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_REF, PutDriftRows);
}

PG_FUNCTION_INFO_V1(drift_bins);
Datum
drift_bins(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_PROFILE, PutBinRows);
}

PG_FUNCTION_INFO_V1(drift_bins_of_id);
Datum
drift_bins_of_id(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_ID, PutBinRows);
}

PG_FUNCTION_INFO_V1(drift_bins_of_ref);
Datum
drift_bins_of_ref(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_REF, PutBinRows);
}

PG_FUNCTION_INFO_V1(drift_ranges_of_id);
Datum
drift_ranges_of_id(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_ID, PutRangeRows);
}

PG_FUNCTION_INFO_V1(drift_ranges_of_ref);
Datum
drift_ranges_of_ref(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, REFERENCE_REF, PutRangeRows);
}
