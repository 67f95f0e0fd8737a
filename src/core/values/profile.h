/*
 * profile.h
 *		The profile of a set of rows: exact statistics of each feature, which are mergeable and do
 *		not depend on the order of rows.
 */
#ifndef NORMFREEZE_CORE_PROFILE_H
#define NORMFREEZE_CORE_PROFILE_H

#include "core/exact/levels.h"
#include "core/exact/moments.h"
#include "core/exact/weighted.h"
#include "core/values/histogram_rows.h"

/* A profile.  ProfileSettle() brings it into the form in which it can be read. */
typedef struct Profile
{
	int			nfeatures;
	char	  **names;			/* NULL if features have no names */
	uint32_t	distribution;	/* histogram size; 0 without histograms */
	int64_t		rows;
	Moments    *moments;
	Histogram  *histograms;		/* NULL without histograms */
	WeightedSums *weighted;		/* NULL if rows have no weights */

	/* the fast path, on which the canonical bytes do not depend */
	void	   *levels_chunk;	/* memory for the levels */
	LevelBlock *levels;			/* within levels_chunk, on a cache line; NULL until there are enough rows */
	int			level_rows;		/* number of rows in the levels */
	HistogramLanes *lanes;		/* NULL until there are windows */
	int64_t		window_rows;	/* number of rows at which histogram windows are placed next */
	double	   *waiting;		/* rows to be added together, of LevelRowWidth() numbers each; NULL without levels */
	bool	   *waiting_nulls;	/* as many flags */
	void	   *waiting_chunk;	/* memory of both; NULL while only one row can wait */
	int			most_waiting;
	int			nwaiting;
	bool		null_waits;		/* if false, waiting_nulls is not set */
} Profile;

#define PROFILE_MAX_FEATURES	16384
#define PROFILE_MAX_NAME		1024

/* Start a profile of no rows.  "distribution" is the size of its histograms, 0 for none. */
extern void ProfileInit(Profile *profile, int nfeatures, char **names, uint32_t distribution);

/* The same in memory of the caller, of this size. */
extern size_t ProfileSize(int nfeatures, uint32_t distribution);
extern void ProfileInitAt(Profile *profile, int nfeatures, char **names, uint32_t distribution, void *memory);

/*
 * Return the size of the levels' memory, and have a profile use such memory of the caller.  Otherwise a profile
 * allocates it when it needs it.
 */
extern size_t ProfileLevelsSize(int nfeatures);
extern void ProfileKeepLevelsAt(Profile *profile, void *memory);

/* Add a row.  "nulls" may be NULL; the value of a null feature must be NaN. */
extern void ProfileAddRow(Profile *profile, const double *values, const bool *nulls);

/* Add the rows that wait.  For ProfileRowWritten(), and before a profile is read or merged. */
extern void ProfileAddWaiting(Profile *profile);

/*
 * Add a row without a copy.
 *
 * ProfileRowRoom() returns where its values may be written, or NULL until there are enough rows.
 * ProfileRowWritten() adds the row; "nulls" may be NULL.
 */
static inline double *
ProfileRowRoom(const Profile *profile)
{
	return profile->waiting ? profile->waiting + profile->nwaiting * LevelRowWidth(profile->nfeatures) : NULL;
}

extern void ProfileNullsWait(Profile *profile, const bool *nulls);

static inline void
ProfileRowWritten(Profile *profile, const bool *nulls)
{
	if (nulls)
		ProfileNullsWait(profile, nulls);
	profile->rows++;
	if (++profile->nwaiting == profile->most_waiting)
		ProfileAddWaiting(profile);
}

/* Make the profile one of rows with weights: positive, finite, and used by the weighted sums alone. */
extern void ProfileUseWeights(Profile *profile);
extern void ProfileAddWeightedRow(Profile *profile, const double *values, const bool *nulls, double weight);

/* Return whether two profiles describe the same features with the same kind of distribution, and so can be merged. */
extern bool ProfilesAreCompatible(const Profile *a, const Profile *b);

/*
 * Return whether the profile can count so many more rows.
 *
 * Callers that add rows or merge check this first.  No other counter of a profile exceeds that of its rows, so
 * none of them needs a check.
 */
static inline bool
ProfileHasRoom(const Profile *profile, int64_t more)
{
	return profile->rows <= INT64_MAX - more;
}

/* Add the rows of another profile, which must be compatible. */
extern void ProfileMerge(Profile *profile, const Profile *other);

/* Bring levels and histograms into their canonical form. */
extern void ProfileSettle(Profile *profile);

/* Make a settled copy that shares the names.  The source stays as it is. */
extern void ProfileCopySettled(Profile *target, const Profile *source);

#endif							/* NORMFREEZE_CORE_PROFILE_H */
