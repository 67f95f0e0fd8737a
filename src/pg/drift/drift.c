/*
 * drift.c
 *		drift() and drift_bins(): how the values of each feature differ from those that a scaler was fitted on.
 *
 * The measures are computed in core/compare/feature_drift.c.
 */
#include "pg/drift/drift.h"

#include "funcapi.h"
#include "pg/base/call.h"
#include "pg/base/columns.h"
#include "pg/base/name_index.h"
#include "pg/base/names_alike.h"
#include "pg/base/sql.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry.h"
#include "pg/scaler/profile_type.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_view.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* ---- which feature is which ---- */

/* Check that a profile can be compared: it must have distributions and rows.  "which" names it in errors. */
static void
CheckCanCompare(const Profile *profile, const char *which)
{
	if (profile->distribution == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the %s profile has no distribution", which),
				 errdetail("It was made with option \"distribution\" off."),
				 errhint("normfreeze.describe() compares means and deviations.")));
	if (profile->rows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("the %s profile has no rows", which)));
}

/* Return the names of a profile's features for an error, the first few of many. */
static char *
SomeNames(const Profile *profile)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < profile->nfeatures && i < 20; i++)
		appendStringInfo(&names, "%s\"%s\"", i ? ", " : "", profile->names[i]);
	if (profile->nfeatures > 20)
		appendStringInfoString(&names, ", ...");
	return names.data;
}

/* Return whether option "exclude" names feature i. */
static bool
IsExcluded(const Profile *reference, int i, const NameIndex *excluded)
{
	return reference->names && NameIndexFind(excluded, reference->names[i]) >= 0;
}

/* Fail if option "exclude" names a feature that does not exist: a misspelt name would silently exclude nothing. */
static void
CheckExcluded(const Profile *reference, const DriftOptions *options, const NameIndex *excluded)
{
	int			n = 0;
	NameIndex	features;

	if (options->nexcluded == 0)
		return;
	if (reference->names == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("option \"exclude\" of a comparison names features, and those of the reference profile have no names"),
				 errhint("Select from the result by ordinal.")));
	features = MakeNameIndex(reference->names, reference->nfeatures);
	for (int i = 0; i < options->nexcluded; i++)
		if (NameIndexFind(&features, options->excluded[i]) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the reference profile has no feature \"%s\" to exclude", options->excluded[i]),
					 errdetail("It has %s.", SomeNames(reference)),
					 errhint("%sNames are compared exactly, case included.",
							 NameAlike(options->excluded[i], reference->nfeatures, reference->names))));
	for (int i = 0; i < reference->nfeatures; i++)
		n += IsExcluded(reference, i, excluded);
	if (n == reference->nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("all %d features are excluded from the comparison", n),
				 errhint("A comparison of nothing would read like no drift.")));
}

/* Find the live feature of each feature of the reference; -1 if it is excluded, or is a target and missing. */
static int *
MatchFeatures(const Profile *reference, const Profile *live, const Recipe *recipe, const NameIndex *excluded)
{
	int		   *match = palloc(sizeof(int) * reference->nfeatures);
	NameIndex	features = MakeNameIndex(live->names, live->names ? live->nfeatures : 0);

	if ((reference->names == NULL) != (live->names == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the features of the %s profile have names, those of the %s profile have none",
						reference->names ? "reference" : "live", reference->names ? "live" : "reference"),
				 errhint("Make both of rows, or both of arrays; normfreeze.profile(features, scaler_id) gives arrays the names of a scaler.")));
	if (reference->names == NULL && reference->nfeatures != live->nfeatures)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the live profile has %d features, the reference has %d", live->nfeatures,
						reference->nfeatures),
				 errhint("Features without names are matched by their order.")));
	for (int i = 0; i < reference->nfeatures; i++)
	{
		/* usually the columns are the same, in the same order */
		if (reference->names == NULL || (i < live->nfeatures && strcmp(reference->names[i], live->names[i]) == 0))
			match[i] = i;
		else
			match[i] = NameIndexFind(&features, reference->names[i]);
		if (IsExcluded(reference, i, excluded))
			match[i] = -1;
		else if (match[i] < 0 && !(recipe && recipe->features[i].target))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the live profile has no feature \"%s\"", reference->names[i]),
					 errdetail("It has %s.", SomeNames(live)),
					 errhint("%snormfreeze.profile(row, scaler_id) takes the columns that a scaler asks for; option \"exclude\" leaves features out.",
							 live->names ? NameAlike(reference->names[i], live->nfeatures, live->names) : "")));
	}
	return match;
}

/* Compare two profiles, which must have distributions.  The recipe, which tells targets, may be NULL. */
static void
MeasureFeatures(DriftResult *result, const Profile *reference, const Profile *live, const Recipe *recipe,
				const DriftOptions *options)
{
	NameIndex	excluded = MakeNameIndex(options->excluded, options->nexcluded);
	int		   *match;
	int			n = 0;

	CheckFloatEnvironment();
	CheckCanCompare(reference, "reference");
	CheckCanCompare(live, "live");
	CheckExcluded(reference, options, &excluded);
	match = MatchFeatures(reference, live, recipe, &excluded);
	result->ordinals = palloc(sizeof(int) * reference->nfeatures);
	result->names = reference->names ? palloc(sizeof(char *) * reference->nfeatures) : NULL;
	result->features = palloc_extended(sizeof(FeatureDrift) * reference->nfeatures, MCXT_ALLOC_HUGE);
	for (int i = 0; i < reference->nfeatures; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (match[i] < 0)
			continue;
		result->ordinals[n] = i + 1;
		if (result->names)
			result->names[n] = reference->names[i];
		MeasureDrift(&result->features[n++], &reference->moments[i], &reference->histograms[i],
					 &live->moments[match[i]], &live->histograms[match[i]], options);
	}
	result->nfeatures = n;
	result->overall = JudgeDrift(result->features, n, options);
}

/* Compare two profiles of which neither has targets. */
static void
CompareProfiles(DriftResult *result, const Profile *reference, const Profile *live, const DriftOptions *options)
{
	MeasureFeatures(result, reference, live, NULL, options);
}

/* Return why there is no profile with a digest, as the detail of an error.  The digest may be NULL. */
static char *
WhyNoProfile(const uint8 *digest)
{
	char	   *purged;

	if (digest == NULL)
		return "It was imported, so it has no profile.";
	purged = PurgeText(digest, SQL_READ);
	return purged ? psprintf("It was purged %s", purged) : "It was frozen without its profile.";
}

/* Read the profile that a scaler was fitted on, and its recipe.  Fails if there is none, and for a set of scalers. */
static void
ReferenceProfile(Profile *reference, Recipe *recipe, int64 id)
{
	bytea	   *scaler = RegistryScaler(id);
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	DecodeScalerRecipe(recipe, &view);
	if (!DecodeScalerProfile(reference, &view, view.digest ? RegistryProfile(view.digest) : NULL, recipe->nfeatures))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("there is no profile of scaler " INT64_FORMAT " to compare with", id),
				 errdetail("%s", WhyNoProfile(view.digest)),
				 errhint("Compare with a profile that you keep: normfreeze.drift(profile, profile).")));
}

void
DriftOfScaler(DriftResult *result, int64 id, const Profile *live, const DriftOptions *options)
{
	Profile		reference;
	Recipe		recipe;

	ReferenceProfile(&reference, &recipe, id);
	MeasureFeatures(result, &reference, live, &recipe, options);
}

/* ---- SQL ---- */

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
	"ordinal", "feature", "verdict", "decided_by", "threshold", "reference_rows", "live_rows", "worst_bin", "reason",
	"overall"
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
			if (!drift_measures[m].no_column)
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

/* Compare what the arguments name, by id or by profile, and return the rows that "put" makes of it. */
static Datum
DriftRows(FunctionCallInfo fcinfo, bool by_id, PutRows put)
{
	DriftOptions options;
	DriftResult result;
	Profile		live;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	ReadDriftOptions(&options, PG_ARGISNULL(2) ? NULL : PG_GETARG_JSONB_P(2));
	RefuseNull(fcinfo, 0, by_id ? "scaler" : "reference profile");
	ProfileArgument(fcinfo, 1, "live profile", &live);
	if (by_id)
		DriftOfScaler(&result, PG_GETARG_INT64(0), &live, &options);
	else
	{
		Profile		reference;

		ProfileArgument(fcinfo, 0, "reference profile", &reference);
		CompareProfiles(&result, &reference, &live, &options);
	}
	put((ReturnSetInfo *) fcinfo->resultinfo, &result, &options);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(drift);
Datum
drift(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, false, PutDriftRows);
}

PG_FUNCTION_INFO_V1(drift_of_id);
Datum
drift_of_id(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, true, PutDriftRows);
}

PG_FUNCTION_INFO_V1(drift_bins);
Datum
drift_bins(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, false, PutBinRows);
}

PG_FUNCTION_INFO_V1(drift_bins_of_id);
Datum
drift_bins_of_id(PG_FUNCTION_ARGS)
{
	return DriftRows(fcinfo, true, PutBinRows);
}
