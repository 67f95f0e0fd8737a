/*
 * known_features.c
 *		The features of a fit whose steps follow from results that are added up as rows come, and their sums.
 */
#include "pg/fit/known_features.h"

#include <math.h>

#include "pg/base/call.h"

KnownFeatures *
FindKnownFeatures(const FitSpec *spec, int nfeatures, char *const *names)
{
	KnownFeatures *known = palloc0(sizeof(KnownFeatures));

	known->features = palloc(sizeof(KnownFeature) * nfeatures);
	for (int i = 0; i < nfeatures; i++)
	{
		const KnownPath *path = &SpecOfFeature(spec, names ? names[i] : NULL)->known;

		if (path->count == 0)
			continue;
		known->features[known->count++] = (KnownFeature) {i, path, known->nresults};
		known->nresults += path->count;
	}
	if (known->count == 0 || known->nresults > PROFILE_MAX_FEATURES)
		return NULL;
	known->row = palloc(sizeof(double) * known->nresults);
	return known;
}

size_t
ResultsSize(const KnownFeatures *known)
{
	return MAXALIGN(sizeof(Profile)) + ProfileSize(known->nresults, 0);
}

Profile *
StartResults(const KnownFeatures *known, bool weighted, void *memory)
{
	Profile    *results = memory;

	ProfileInitAt(results, known->nresults, NULL, 0, (char *) memory + MAXALIGN(sizeof(Profile)));
	if (weighted)
		ProfileUseWeights(results);
	return results;
}

void
AddResults(Profile *results, const KnownFeatures *known, const double *values, double weight)
{
	CheckFloatEnvironment();
	for (int i = 0; i < known->count; i++)
		KnownPathResults(known->features[i].path, values[known->features[i].feature],
						 known->row + known->features[i].first);
	if (results->weighted)
		ProfileAddWeightedRow(results, known->row, NULL, weight);
	else
		ProfileAddRow(results, known->row, NULL);
}

void
AddResultsOfStore(Profile *results, const KnownFeature *known, const ValueStore *store)
{
	int			count = known->path->count;
	double	   *row = palloc(sizeof(double) * count);
	Moments    *moments = results->moments + known->first;

	CheckFloatEnvironment();
	for (uint64 v = 0; v < store->count; v++)
	{
		CHECK_FOR_INTERRUPTS();
		KnownPathResults(known->path, OrderKeyValue(store->keys[v]), row);
		for (int k = 0; k < count; k++)
		{
			MomentsAddTimes(&moments[k], row[k], 1);
			if (results->weighted && isfinite(row[k]))
				WeightedSumsAdd(&results->weighted[known->first + k], row[k], store->weights[v]);
		}
	}
	for (int k = 0; k < count; k++)
		moments[k].nans += results->rows - (int64) store->count;
	pfree(row);
}

const KnownFeature *
KnownFeatureOf(const KnownFeatures *known, int feature)
{
	int			low = 0;
	int			high = known ? known->count : 0;

	while (low < high)
	{
		int			middle = (low + high) / 2;

		if (known->features[middle].feature < feature)
			low = middle + 1;
		else
			high = middle;
	}
	return known && low < known->count && known->features[low].feature == feature ? &known->features[low] : NULL;
}

bool
ResultsAreConsistent(const Profile *results, const KnownFeatures *known, const Profile *profile)
{
	if (results->nfeatures != known->nresults || results->names || results->distribution ||
		results->rows != profile->rows || (results->weighted != NULL) != (profile->weighted != NULL))
		return false;
	for (int i = 0; i < known->count; i++)
	{
		int64		most = profile->moments[known->features[i].feature].count;

		for (int k = 0; k < known->features[i].path->count; k++)
		{
			const Moments *moments = &results->moments[known->features[i].first + k];

			if (moments->count + MomentsInfinite(moments) > most)
				return false;
		}
	}
	return true;
}
