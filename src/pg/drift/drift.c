/*
 * drift.c
 *		How the values of each feature differ from those that a scaler was fitted on.
 *
 * The measures are computed in core/compare/feature_drift.c.
 */
#include "pg/drift/drift.h"

#include "pg/base/call.h"
#include "pg/base/name_index.h"
#include "pg/base/names_alike.h"
#include "pg/base/sql.h"
#include "pg/registry/purge_log.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_view.h"
#include "utils/builtins.h"

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
				 errmsg("all features are excluded from the comparison"),
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
				 errmsg_plural("the live profile has %d feature, the reference has %d",
							   "the live profile has %d features, the reference has %d",
							   live->nfeatures, live->nfeatures, reference->nfeatures),
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

/* Set *range to the range outside of which a policy acts, and return it; NULL if none does, or there is no recipe. */
static const ActiveRange *
RangeOfFeature(const Recipe *recipe, int i, ActiveRange *range)
{
	if (recipe == NULL || recipe->features[i].outside == OUTSIDE_KEEP)
		return NULL;
	range->low = recipe->features[i].lower;
	range->high = recipe->features[i].upper;
	return range;
}

/* Compare two profiles, which must have distributions.  The recipe, which tells targets and ranges, may be NULL. */
static void
MeasureFeatures(DriftResult *result, const Profile *reference, const Profile *live, const Recipe *recipe,
				const DriftOptions *options)
{
	NameIndex	excluded = MakeNameIndex(options->excluded, options->nexcluded);
	int		   *match;
	ActiveRange range;
	int			n = 0;

	CheckFloatEnvironment();
	CheckCanCompare(reference, "reference");
	CheckCanCompare(live, "live");
	if (live->weighted)
		ereport(NOTICE,
				(errmsg("weights do not count in drift: every row of the live profile counts once"),
				 errhint("normfreeze.describe_weights() has the weighted mean and deviation of both profiles.")));
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
					 &live->moments[match[i]], &live->histograms[match[i]],
					 RangeOfFeature(recipe, i, &range), options);
	}
	result->nfeatures = n;
	result->overall = JudgeDrift(result->features, n, options);
}

void
CompareProfiles(DriftResult *result, const Profile *reference, const Profile *live, const DriftOptions *options)
{
	memset(&result->recipe, 0, sizeof(result->recipe));
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

	ReferenceProfile(&reference, &result->recipe, id);
	MeasureFeatures(result, &reference, live, &result->recipe, options);
}
