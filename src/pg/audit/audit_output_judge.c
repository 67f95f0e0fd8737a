/*
 * audit_output_judge.c
 *		Deciding which reading brings values nearest to the training set.
 */
#include "pg/audit/audit_output_judge.h"

#include "core/compare/likeness.h"
#include "core/values/histogram_ranks.h"

/*
 * The greatest distance between distribution functions that counts as near, and how much farther all other
 * readings must be.
 */
#define NEAR			0.25
#define APART			0.25

/*
 * Where only the training range is known: the least share of the values within it, and the least share of its
 * width that they span.
 */
#define MOST_INSIDE		0.95
#define LEAST_WIDTH		0.1

void
ReadTrainingOfOutput(OutputAudit *audit)
{
	const ScalerView *view = &audit->scaler->view;

	audit->trained = ReadTrainingProfile(&audit->training, audit->scaler);
	if (!audit->trained)
		audit->why_not = view->digest
			? "the profile of the training set was not kept, was purged, or is not for the current user to read"
			: "the scaler was imported, and has no profile of a training set";
	else if (audit->training.histograms == NULL)
	{
		audit->trained = false;
		audit->why_not = "the profile of the training set has no distribution";
	}
}

/* Return by how much a value may lie outside a range.  Rounding, even to float4, moves values by less.  */
static double
SlackOfRange(double min, double max)
{
	return 1e-6 * (max - min) + 1e-9 * fmax(fabs(min), fabs(max));
}

/* Set the distances of all readings of input i from feature t of the training profile.  */
static void
MeasureByProfile(const OutputAudit *audit, OutputFinding *finding, int i, int t)
{
	const Moments *m = &audit->training.moments[t];

	for (int k = 0; k < NREADINGS; k++)
		finding->distance[k] = DistanceAtLeast(m, &audit->training.histograms[t], &audit->raw[k].moments[i],
											   &audit->raw[k].histograms[i], SlackOfRange(m->min, m->max));
}

/*
 * Return 0 if enough of the values lie in the training range and they span enough of it, else 1; NaN without
 * values.
 */
static double
DistanceFromRange(const FeatureRecipe *feature, const Profile *raw, int i)
{
	const Moments *m = &raw->moments[i];
	double		slack = SlackOfRange(feature->lower, feature->upper);
	uint64		inside = 0;
	HistogramCell *cells;
	uint32		ncells;

	if (m->count == 0)
		return NAN;
	if (m->max - m->min < LEAST_WIDTH * (feature->upper - feature->lower))
		return 1.0;
	cells = palloc(sizeof(HistogramCell) * (raw->histograms[i].ncells + 1));
	ncells = HistogramFoldedCells(&raw->histograms[i], raw->histograms[i].relative_level,
								  raw->histograms[i].linear_level, cells);
	for (uint32 c = 0; c < ncells; c++)
		if (cells[c].high >= feature->lower - slack && cells[c].low <= feature->upper + slack)
			inside += cells[c].count;
	pfree(cells);
	return (double) inside >= MOST_INSIDE * (double) m->count ? 0.0 : 1.0;
}

/* Set the distances of all readings of input i from the training range of the feature.  */
static void
MeasureByRange(const OutputAudit *audit, OutputFinding *finding, const FeatureRecipe *feature, int i)
{
	for (int k = 0; k < NREADINGS; k++)
		finding->distance[k] = DistanceFromRange(feature, &audit->raw[k], i);
}

/* Find the nearest reading and the next; -1 if there is none.  */
static void
FindNearest(const OutputFinding *finding, int *nearest, int *next)
{
	*nearest = *next = -1;
	for (int k = 0; k < NREADINGS; k++)
	{
		if (isnan(finding->distance[k]))
			continue;
		if (*nearest < 0 || finding->distance[k] < finding->distance[*nearest])
		{
			*next = *nearest;
			*nearest = k;
		}
		else if (*next < 0 || finding->distance[k] < finding->distance[*next])
			*next = k;
	}
}

static void
Unknown(OutputFinding *finding, char *evidence)
{
	finding->verdict = finding->diagnosis = "unknown";
	finding->evidence = evidence;
}

/* Return the evidence for the nearest reading, in words.  "next" is -1 if there is no other reading.  */
static char *
LooksLike(const OutputFinding *finding, int nearest, int next)
{
	const char *text = readings[nearest].text;

	if (finding->basis == BASIS_RANGE)
		return psprintf("looks like %s, by the training range alone: only so do the values lie in it, and span it",
						text);
	if (next < 0)
		return psprintf("looks like %s: then the raw values are at a distance of %.3f from the training set", text,
						finding->distance[nearest]);
	return psprintf("looks like %s: then the raw values are at a distance of %.3f from the training set, "
					"and with any other reading of %.3f or more",
					text, finding->distance[nearest], finding->distance[next]);
}

/*
 * Set verdict, diagnosis and evidence from the distances.
 *
 * The arguments are the numbers of values that were seen and that the training set has: if both are few, chance
 * alone makes a distance.
 */
static void
Judge(OutputFinding *finding, int64 values, int64 trained_values)
{
	int			nearest;
	int			next;

	FindNearest(finding, &nearest, &next);
	if (nearest < 0 || values == 0)
		Unknown(finding, pstrdup("there are no values, or none in the training set"));
	else if (finding->basis == BASIS_PROFILE && DistanceByChance(values, trained_values) > NEAR)
		Unknown(finding, psprintf("too few values to tell: " INT64_FORMAT ", and " INT64_FORMAT " in the training set; "
								  "by chance alone their distance may be %.3f", values, trained_values,
								  DistanceByChance(values, trained_values)));
	else if (finding->distance[nearest] > NEAR)
		Unknown(finding, finding->basis == BASIS_RANGE
				? pstrdup("looks like nothing that is known: by no reading do the values lie in the training range and span it")
				: psprintf("looks like nothing that is known: the nearest reading (%s) gives raw values at a distance of %.3f "
						   "from the training set, more than %.2f: other parameters, or other data",
						   readings[nearest].text, finding->distance[nearest], NEAR));
	else if (next >= 0 && finding->distance[next] < finding->distance[nearest] + APART)
		Unknown(finding, psprintf("cannot tell: it looks like %s, and about as much like %s",
								  readings[nearest].text, readings[next].text));
	else
	{
		finding->verdict = nearest == READING_APPLIED ? "consistent" : "inconsistent";
		finding->diagnosis = nearest == READING_APPLIED ? NULL : readings[nearest].name;
		finding->evidence = LooksLike(finding, nearest, next);
	}
}

void
JudgeOutput(const OutputAudit *audit, OutputFinding *finding, int i)
{
	const LoadedScaler *loaded = audit->scaler->loaded;
	const FeatureRecipe *feature = loaded->transform.slots[i];
	int			t = (int) (feature - loaded->recipe.features);
	int64		values = audit->raw[READING_APPLIED].moments[i].count;

	memset(finding, 0, sizeof(*finding));
	for (int k = 0; k < NREADINGS; k++)
		finding->distance[k] = NAN;
	finding->missing = MomentsMissing(&audit->raw[READING_APPLIED].moments[i]);
	finding->basis = BASIS_NOTHING;
	if (!FeatureHasReadings(feature))
		Unknown(finding, psprintf("the formula of this feature (%s) has no inverse", feature->formula->forward_text));
	else if (audit->trained)
	{
		finding->basis = BASIS_PROFILE;
		MeasureByProfile(audit, finding, i, t);
		Judge(finding, values, audit->training.moments[t].count);
	}
	else if (RangeIsKnown(feature) && feature->lower < feature->upper)
	{
		finding->basis = BASIS_RANGE;
		MeasureByRange(audit, finding, feature, i);
		Judge(finding, values, 0);
		finding->evidence = psprintf("%s (%s)", finding->evidence, audit->why_not);
	}
	else
		Unknown(finding, psprintf("there is nothing to compare with: %s, and its range is not known", audit->why_not));
}
