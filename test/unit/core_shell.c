/*
 * core_shell.c
 *		A line-oriented shell around the core, for test/unit/run.py.
 *
 * Reads commands from standard input and answers each with lines of
 * hexadecimal bits.  Built with ASan and UBSan, without PostgreSQL.
 */
#include <fenv.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/sha256.h"
#include "core/compare/feature_drift.h"
#include "core/base/known_divisor.h"
#include "core/base/memory.h"
#include "core/scaler/method.h"
#include "core/exact/moments_stream.h"
#include "core/values/first_rows.h"
#include "core/values/profile_format.h"
#include "core/scaler/row_norm.h"
#include "core/compare/significance.h"
#include "core/base/sort.h"
#include "core/exact/weighted.h"
#include "core/base/elementary.h"

static double
ReadValue(bool *null)
{
	char		word[32];

	if (scanf("%31s", word) != 1)
		exit(2);
	*null = strcmp(word, "null") == 0;
	return *null ? NAN : BitsDouble(strtoull(word, NULL, 16));
}

static void
PrintHex(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		printf("%02x", bytes[i]);
	printf("\n");
}

static void
SetEnvironment(const char *name)
{
	fesetround(strcmp(name, "upward") == 0 ? FE_UPWARD : FE_TONEAREST);
#if defined(__SSE2__)
	_mm_setcsr((_mm_getcsr() & ~0x8040u) | (strcmp(name, "flush") == 0 ? 0x8040u : 0));
#endif
}

static void
FreeProfile(Profile *profile, bool names)
{
	for (int i = 0; i < profile->nfeatures; i++)
	{
		if (profile->moments[i].sum.limbs)
			free(profile->moments[i].sum.limbs);
		if (profile->moments[i].squares.limbs)
			free(profile->moments[i].squares.limbs);
		if (profile->histograms)
			HistogramFree(&profile->histograms[i]);
		if (names && profile->names)
			free(profile->names[i]);
	}
	if (names && profile->names)
		free(profile->names);
	free(profile->moments);
	free(profile->histograms);
	free(profile->levels_chunk);
	free(profile->waiting_chunk);
	free(profile->lanes);
}

static bool
SameNumbers(const Moments *a, const Moments *b)
{
	return DoubleBits(MomentsMean(a)) == DoubleBits(MomentsMean(b)) &&
		DoubleBits(MomentsDeviation(a, 0)) == DoubleBits(MomentsDeviation(b, 0)) &&
		DoubleBits(MomentsDeviation(a, 1)) == DoubleBits(MomentsDeviation(b, 1));
}

/* Do the rows, added up at once, have the same bytes, and give the same numbers?  Frees them. */
static bool
FirstRowsHaveBytes(FirstRows *rows, const Profile *settled, const ByteWriter *expected)
{
	Profile		view;
	ByteWriter	writer;
	bool		same;

	FirstRowsProfile(rows, settled->nfeatures, NULL, settled->distribution, &view);
	WriterInit(&writer, 64);
	EncodeProfile(&writer, &view);
	same = writer.length == expected->length && memcmp(writer.data, expected->data, writer.length) == 0;
	for (int i = 0; i < view.nfeatures; i++)
		same = same && SameNumbers(&view.moments[i], &settled->moments[i]);
	free(writer.data);
	free(view.moments);
	for (int block = 0; block < FIRST_ROWS_BLOCKS; block++)
		free(rows->block[block]);
	return same;
}

/*
 * profile <kernel> <environment> <size> <features> <rows> <shards> <roundtrip> <values...>
 *
 * Rows go to shards in turn; the shards are merged, by way of their bytes if
 * roundtrip is 1.  Answers: the bytes, then for each feature its statistics.
 */
static void
CommandProfile(void)
{
	char		kernel[16];
	char		environment[16];
	unsigned	size;
	int			nfeatures;
	int			nrows;
	int			nshards;
	int			roundtrip;
	Profile    *shards;
	double	   *row;
	bool	   *nulls;
	ByteWriter	writer;
	Profile		settled;
	Profile		decoded;
	FirstRows	first = {0};
	const char *problem;

	if (scanf("%15s %15s %u %d %d %d %d", kernel, environment, &size, &nfeatures, &nrows, &nshards, &roundtrip) != 7)
		exit(2);
	if (!LevelsUseKernel(kernel) || !HistogramUseKernel(kernel))
		exit(2);
	SetEnvironment(environment);
	shards = CoreAlloc(sizeof(Profile) * nshards);
	row = CoreAlloc(sizeof(double) * nfeatures);
	nulls = CoreAlloc(sizeof(bool) * nfeatures);
	for (int s = 0; s < nshards; s++)
		ProfileInit(&shards[s], nfeatures, NULL, size);
	first.width = nfeatures;
	for (int block = 0; block < FIRST_ROWS_BLOCKS && nrows <= FIRST_ROWS; block++)
		first.block[block] = CoreAlloc(sizeof(uint64_t) * nfeatures * FirstRowsInBlock(block));
	for (int r = 0; r < nrows; r++)
	{
		bool		any = false;

		for (int i = 0; i < nfeatures; i++)
		{
			row[i] = ReadValue(&nulls[i]);
			any = any || nulls[i];
		}
		ProfileAddRow(&shards[r % nshards], row, any ? nulls : NULL);
		if (nrows <= FIRST_ROWS)
			FirstRowsAdd(&first, row, any ? nulls : NULL, nfeatures, 1.0);
	}
	for (int s = 1; s < nshards; s++)
	{
		if (roundtrip)
		{
			Profile		copy;

			ProfileCopySettled(&copy, &shards[s]);
			WriterInit(&writer, 64);
			EncodeProfile(&writer, &copy);
			FreeProfile(&copy, false);
			problem = DecodeProfileBytes(&copy, writer.data, writer.length);
			if (problem)
				printf("shard: %s\n", problem);
			ProfileMerge(&shards[0], &copy);
			FreeProfile(&copy, true);
			free(writer.data);
		}
		else
			ProfileMerge(&shards[0], &shards[s]);
	}

	ProfileCopySettled(&settled, &shards[0]);
	WriterInit(&writer, 64);
	EncodeProfile(&writer, &settled);
	PrintHex(writer.data, writer.length);
	problem = DecodeProfileBytes(&decoded, writer.data, writer.length);
	if (problem == NULL && nrows <= FIRST_ROWS && !FirstRowsHaveBytes(&first, &settled, &writer))
		problem = "added up at once, its rows have other bytes";
	printf("%s\n", problem ? problem : "ok");
	for (int i = 0; i < nfeatures; i++)
	{
		const Moments *m = &settled.moments[i];

		printf("%016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64 "\n",
			   DoubleBits(MomentsMean(m)),
			   DoubleBits(MomentsVariance(m, 0)), DoubleBits(MomentsVariance(m, 1)),
			   DoubleBits(MomentsDeviation(m, 0)), DoubleBits(MomentsDeviation(m, 1)));
	}
	SetEnvironment("default");
	FreeProfile(&decoded, true);
	FreeProfile(&settled, false);
	for (int s = 0; s < nshards; s++)
		FreeProfile(&shards[s], false);
	free(writer.data);
	free(shards);
	free(row);
	free(nulls);
}

/* sha256 <bytes> <step>: the digest of so many bytes 0, 1, 2, ..., added by so many; "none" where there are no instructions */
static void
CommandSha256(void)
{
	unsigned	length;
	unsigned	step;
	uint8_t	   *bytes;
	uint8_t		digest[SHA256_LENGTH];
	Sha256		sha;

	if (scanf("%u %u", &length, &step) != 2)
		exit(2);
	if (!Sha256IsSupported())
	{
		printf("none\n");
		return;
	}
	bytes = CoreAlloc(length + 1);
	for (unsigned i = 0; i < length; i++)
		bytes[i] = (uint8_t) i;
	Sha256Start(&sha);
	for (unsigned i = 0; i < length; i += step)
		Sha256Add(&sha, bytes + i, length - i < step ? length - i : step);
	Sha256Finish(&sha, digest);
	PrintHex(digest, SHA256_LENGTH);
	free(bytes);
}

/* kernel <name>: does this CPU have it? */
static void
CommandKernel(void)
{
	char		name[16];

	if (scanf("%15s", name) != 1)
		exit(2);
	printf("%s\n", LevelsUseKernel(name) && HistogramUseKernel(name) && DivisionUseKernel(name) ? "yes" : "no");
}

/* percentile <n> <values...> <nq> <q...>: medians and percentiles, exact */
static void
CommandPercentile(void)
{
	int			n;
	int			nq;
	ValueStore	store = {0};
	Evidence	evidence = {0};
	Moments		moments = {0};
	bool		null;

	if (scanf("%d", &n) != 1)
		exit(2);
	for (int i = 0; i < n; i++)
		ValueStoreAdd(&store, ReadValue(&null));
	evidence.store = &store;
	evidence.moments = &moments;
	moments.count = (int64_t) store.count;
	printf("%016" PRIx64, DoubleBits(EvidenceMedian(&evidence)));
	if (scanf("%d", &nq) != 1)
		exit(2);
	for (int i = 0; i < nq; i++)
		printf(" %016" PRIx64, DoubleBits(EvidencePercentile(&evidence, ReadValue(&null))));
	printf("\n");
	free(store.keys);
}

/* normal <p> */
static void
CommandNormal(void)
{
	bool		null;

	printf("%016" PRIx64 "\n", DoubleBits(NormalQuantile(ReadValue(&null))));
}

/* sort <n> <keys...>: sorted, then the middle one as selected */
static void
CommandSort(void)
{
	int			n;
	uint64_t   *keys;
	uint64_t   *copy;

	if (scanf("%d", &n) != 1)
		exit(2);
	keys = CoreAlloc(sizeof(uint64_t) * n);
	copy = CoreAlloc(sizeof(uint64_t) * n);
	for (int i = 0; i < n; i++)
		if (scanf("%" SCNx64, &keys[i]) != 1)
			exit(2);
	memcpy(copy, keys, sizeof(uint64_t) * n);
	SortKeys(keys, n);
	SelectKey(copy, n, n / 2);
	printf("%016" PRIx64, copy[n / 2]);
	for (int i = 0; i < n; i++)
		printf(" %016" PRIx64, keys[i]);
	printf("\n");
	free(keys);
	free(copy);
}

/* decode <hex bytes>: what is wrong with them, or ok */
static void
CommandDecode(void)
{
	static char text[1 << 20];
	size_t		length;
	uint8_t    *bytes;
	Profile		profile;
	const char *problem;

	if (scanf("%1048575s", text) != 1)
		exit(2);
	length = strlen(text) / 2;
	bytes = CoreAlloc(length);
	for (size_t i = 0; i < length; i++)
	{
		char		digits[3] = {text[2 * i], text[2 * i + 1], '\0'};

		bytes[i] = (uint8_t) strtoul(digits, NULL, 16);
	}
	problem = DecodeProfileBytes(&profile, bytes, length);
	printf("%s\n", problem ? problem : "ok");
	free(bytes);
	/* a rejected profile is only partly there: PostgreSQL's contexts free it, we leak it */
	if (problem == NULL)
		FreeProfile(&profile, true);
}

/* ---- sums ---- */

static int
ReadCount(void)
{
	int			n;

	if (scanf("%d", &n) != 1)
		exit(2);
	return n;
}

static double *
ReadValues(int n)
{
	double	   *values = CoreAlloc(sizeof(double) * n);
	bool		null;

	for (int i = 0; i < n; i++)
		values[i] = ReadValue(&null);
	return values;
}

static void
PrintDouble(double x)
{
	printf(" %016" PRIx64, DoubleBits(x));
}

/* The canonical limbs: how many, the weight of the lowest, then they. */
static void
PrintSum(const ExactSum *sum)
{
	ExactSum	view = ExactSumCanonicalView(sum);

	printf(" %d %d", view.nlimbs, view.lowest);
	for (int i = 0; i < view.nlimbs; i++)
		printf(" %016" PRIx64, view.limbs[i]);
}

static void
PrintMoments(Moments *moments)
{
	printf("%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, moments->count, moments->nans,
		   moments->positive_infinities, moments->negative_infinities);
	PrintDouble(moments->min);
	PrintDouble(moments->max);
	PrintSum(&moments->sum);
	PrintSum(&moments->squares);
	printf("\n");
	MomentsFree(moments);
}

/* products <n> <factors> <values...>: the sum of n products, each of so many factors */
static void
CommandProducts(void)
{
	int			n = ReadCount();
	int			factors = ReadCount();
	ExactSum	sum = {0};

	for (int i = 0; i < n; i++)
	{
		double	   *values = ReadValues(factors);
		uint64_t	bits[3] = {0};

		for (int f = 0; f < factors; f++)
			bits[f] = DoubleBits(values[f]);
		ExactSumAddProduct(&sum, bits, factors);
		free(values);
	}
	PrintSum(&sum);
	printf("\n");
	free(sum.limbs);
}

static void
FreeWeighted(WeightedSums *sums)
{
	free(sums->weights.limbs);
	free(sums->values.limbs);
	free(sums->squares.limbs);
}

/* weighted <n> <value weight...>: sum, mean, deviation, variance, sum of weights; dealt to two shards, which are merged */
static void
CommandWeighted(void)
{
	int			n = ReadCount();
	double	   *values = ReadValues(2 * n);
	WeightedSums sums[2] = {{{0}}, {{0}}};
	double		min = INFINITY;
	double		max = -INFINITY;

	for (int i = 0; i < n; i++)
	{
		WeightedSumsAdd(&sums[i % 2], values[2 * i], values[2 * i + 1]);
		min = fmin(min, values[2 * i]);
		max = fmax(max, values[2 * i]);
	}
	WeightedSumsMerge(&sums[0], &sums[1]);
	printf("%d", WeightedSumsAreConsistent(&sums[0], min, max));
	PrintDouble(WeightedSum(&sums[0]));
	PrintDouble(WeightedMean(&sums[0]));
	PrintDouble(WeightedDeviation(&sums[0]));
	PrintDouble(WeightedVariance(&sums[0]));
	PrintDouble(WeightedTotal(&sums[0]));
	printf("\n");
	FreeWeighted(&sums[0]);
	FreeWeighted(&sums[1]);
	free(values);
}

/* norms <n> <values...>: l1, l2, max; then of the values as float4 */
static void
CommandNorms(void)
{
	int			n = ReadCount();
	double	   *values = ReadValues(n);
	float	   *singles = CoreAlloc(sizeof(float) * n);

	for (int i = 0; i < n; i++)
		singles[i] = (float) values[i];
	PrintDouble(NormL1(values, n));
	PrintDouble(NormL2(values, n));
	PrintDouble(NormMax(values, n));
	PrintDouble((double) NormL1Single(singles, n));
	PrintDouble((double) NormL2Single(singles, n));
	PrintDouble((double) NormMaxSingle(singles, n));
	printf("\n");
	free(values);
	free(singles);
}

/* times <n> <value count...>: the moments of values that occur so often */
static void
CommandTimes(void)
{
	int			n = ReadCount();
	Moments		moments;

	MomentsInit(&moments);
	for (int i = 0; i < n; i++)
	{
		bool		null;
		double		x = ReadValue(&null);
		int64_t		times;

		if (scanf("%" SCNd64, &times) != 1)
			exit(2);
		MomentsAddTimes(&moments, x, times);
	}
	PrintMoments(&moments);
}

/* stream <kernel> <environment> <n> <values...>: their moments */
static void
CommandStream(void)
{
	char		kernel[16];
	char		environment[16];
	int			n;
	double	   *values;
	MomentsStream stream;
	Moments		moments;

	if (scanf("%15s %15s", kernel, environment) != 2 || !LevelsUseKernel(kernel))
		exit(2);
	n = ReadCount();
	values = ReadValues(n);
	SetEnvironment(environment);
	MomentsInit(&moments);
	MomentsStreamInit(&stream);
	for (int i = 0; i < n; i++)
		MomentsStreamAdd(&stream, values[i]);
	MomentsStreamFinish(&stream, &moments);
	SetEnvironment("default");
	PrintMoments(&moments);
	free(values);
}

/*
 * divide <kernel> <centered> <n> <values...> <divisors...> <centers...>: the quotients, by the kernel where
 * all divisors allow it (then "known" comes first) and by dividing otherwise
 */
static void
CommandDivide(void)
{
	char		kernel[16];
	int			centered;
	int			n;
	double	   *x;
	double	   *divisor;
	double	   *center;
	double	   *reciprocal;
	double	   *y;
	bool		known = true;

	if (scanf("%15s %d", kernel, &centered) != 2 || !DivisionUseKernel(kernel))
		exit(2);
	n = ReadCount();
	x = ReadValues(n);
	divisor = ReadValues(n);
	center = centered ? ReadValues(n) : NULL;
	reciprocal = CoreAlloc(sizeof(double) * n);
	y = CoreAlloc(sizeof(double) * n);
	for (int i = 0; i < n; i++)
	{
		reciprocal[i] = DivisorReciprocal(divisor[i]);
		known = known && !isnan(reciprocal[i]);
	}
	known = known && DivideByKnown(x, y, center, divisor, reciprocal, n);
	for (int i = 0; !known && i < n; i++)
		y[i] = (centered ? x[i] - center[i] : x[i]) / divisor[i];
	printf("%s ", known ? "known" : "divided");
	for (int i = 0; i < n; i++)
		PrintDouble(y[i]);
	printf("\n");
	free(x);
	free(divisor);
	free(center);
	free(reciprocal);
	free(y);
}

/* distance <n> <values...>: the least float8 not below the mean, and the mean distance from the mean */
static void
CommandDistance(void)
{
	int			n = ReadCount();
	double	   *values = ReadValues(n);
	Moments		all;
	Moments		from;
	double		ceiling;

	MomentsInit(&all);
	MomentsInit(&from);
	for (int i = 0; i < n; i++)
		MomentsAddFinite(&all, DoubleBits(values[i]));
	ceiling = MomentsMeanCeiling(&all);
	for (int i = 0; i < n; i++)
		if (values[i] >= ceiling)
			MomentsAddFinite(&from, DoubleBits(values[i]));
	PrintDouble(ceiling);
	PrintDouble(MomentsMeanDistance(&all, &from));
	printf("\n");
	MomentsFree(&all);
	MomentsFree(&from);
	free(values);
}

/* ---- drift ---- */

static void
ReadProfile(Profile *settled, unsigned size, int nfeatures)
{
	int			nrows = ReadCount();
	Profile		profile;
	double	   *row = CoreAlloc(sizeof(double) * nfeatures);
	bool	   *nulls = CoreAlloc(sizeof(bool) * nfeatures);

	ProfileInit(&profile, nfeatures, NULL, size);
	for (int r = 0; r < nrows; r++)
	{
		for (int i = 0; i < nfeatures; i++)
			row[i] = ReadValue(&nulls[i]);
		ProfileAddRow(&profile, row, nulls);
	}
	ProfileCopySettled(settled, &profile);
	FreeProfile(&profile, false);
	free(row);
	free(nulls);
}

static void
PrintCells(const Histogram *reference, const Histogram *live)
{
	CommonCells common;

	FoldToCommonCells(&common, reference, live);
	printf("%d", common.ncells);
	for (int i = 0; i < common.ncells; i++)
	{
		PrintDouble(common.cells[i].lower);
		PrintDouble(common.cells[i].upper);
		printf(" %" PRIu64 " %" PRIu64, common.cells[i].reference, common.cells[i].live);
	}
	printf("\n");
	free(common.cells);
}

static void
PrintDrift(const FeatureDrift *drift)
{
	printf("%d", drift->bins.nbins);
	for (int i = 0; i < drift->bins.nbins; i++)
	{
		const DriftBin *bin = &drift->bins.bins[i];

		printf(" %d", bin->kind);
		PrintDouble(bin->lower);
		PrintDouble(bin->upper);
		printf(" %" PRIu64 " %" PRIu64, bin->reference, bin->live);
	}
	printf("\n%d %d %d %" PRId64, drift->worst_bin, drift->verdict, drift->decided_by, drift->rows_needed);
	PrintDouble(drift->threshold);
	PrintDouble(drift->p_value);
	for (int i = 0; i < drift_nmeasures; i++)
	{
		printf(" %s", drift_measures[i].name);
		PrintDouble(DriftNumber(drift, i));
	}
	printf("\n");
}

/*
 * drift <size> <live size> <bins> <measures> <features> <rows> <values...> <live rows> <values...>
 *
 * Measures are the bits of those that decide, by their place in drift_measures[].  Answers three lines a feature: common
 * cells, bins, numbers; then the overall verdict.
 */
static void
CommandDrift(void)
{
	unsigned	size = (unsigned) ReadCount();
	unsigned	live_size = (unsigned) ReadCount();
	DriftOptions options;
	int			measures;
	int			nfeatures;
	Profile		reference;
	Profile		live;
	FeatureDrift *drifts;
	DriftVerdict overall;

	DriftDefaults(&options);
	options.bins = ReadCount();
	measures = ReadCount();
	for (int i = 0; i < drift_nmeasures; i++)
		if (!DriftDecides(i) || (measures >> i & 1) == 0)
			options.threshold[i][0] = options.threshold[i][1] = INFINITY;
	nfeatures = ReadCount();
	ReadProfile(&reference, size, nfeatures);
	ReadProfile(&live, live_size, nfeatures);
	drifts = CoreAlloc(sizeof(FeatureDrift) * nfeatures);
	for (int i = 0; i < nfeatures; i++)
		MeasureDrift(&drifts[i], &reference.moments[i], &reference.histograms[i],
					 &live.moments[i], &live.histograms[i], NULL, &options);
	overall = JudgeDrift(drifts, nfeatures, &options);
	for (int i = 0; i < nfeatures; i++)
	{
		PrintCells(&reference.histograms[i], &live.histograms[i]);
		PrintDrift(&drifts[i]);
		free(drifts[i].bins.bins);
	}
	printf("%d\n", overall);
	free(drifts);
	FreeProfile(&reference, false);
	FreeProfile(&live, false);
}

static uint64_t
ReadNumber(void)
{
	uint64_t	n;

	if (scanf("%" SCNu64, &n) != 1)
		exit(2);
	return n;
}

static void
PrintProbability(double p)
{
	printf("%016" PRIx64 "\n", DoubleBits(p));
}

/* ks <n> <m> <distance's high and low 64 bits> */
static void
CommandKolmogorovSmirnov(void)
{
	uint64_t	n = ReadNumber();
	uint64_t	m = ReadNumber();
	uint128_t	high = ReadNumber();

	PrintProbability(KolmogorovSmirnovProbability(high << 64 | ReadNumber(), n, m));
}

/* chisquared <degrees> <x> */
static void
CommandChiSquared(void)
{
	int			degrees = ReadCount();
	bool		null;

	PrintProbability(ChiSquaredTail(ReadValue(&null), degrees));
}

/* homogeneity <bins> <counts of one sample, then of the other> */
static void
CommandHomogeneity(void)
{
	int			nbins = ReadCount();
	uint64_t   *counts = CoreAlloc(sizeof(uint64_t) * 2 * nbins);

	for (int i = 0; i < 2 * nbins; i++)
		counts[i] = ReadNumber();
	PrintProbability(HomogeneityProbability(counts, counts + nbins, nbins));
	free(counts);
}

/* outside <k> <m> <n> */
static void
CommandOutside(void)
{
	uint64_t	k = ReadNumber();
	uint64_t	m = ReadNumber();

	PrintProbability(OutsideProbability(k, m, ReadNumber()));
}

/* fisher <a> <n> <b> <m> */
static void
CommandFisher(void)
{
	uint64_t	a = ReadNumber();
	uint64_t	n = ReadNumber();
	uint64_t	b = ReadNumber();

	PrintProbability(FisherProbability(a, n, b, ReadNumber()));
}

/* holm <n> <p-values...>: corrected */
static void
CommandHolm(void)
{
	int			n = ReadCount();
	double	   *p = ReadValues(n);

	AdjustProbabilities(p, n);
	for (int i = 0; i < n; i++)
		PrintDouble(p[i]);
	printf("\n");
	free(p);
}

int
main(void)
{
	static const struct
	{
		const char *name;
		void		(*run) (void);
	}			commands[] = {
		{"profile", CommandProfile},
		{"kernel", CommandKernel},
		{"sha256", CommandSha256},
		{"percentile", CommandPercentile},
		{"normal", CommandNormal},
		{"sort", CommandSort},
		{"decode", CommandDecode},
		{"products", CommandProducts},
		{"weighted", CommandWeighted},
		{"norms", CommandNorms},
		{"times", CommandTimes},
		{"stream", CommandStream},
		{"divide", CommandDivide},
		{"distance", CommandDistance},
		{"drift", CommandDrift},
		{"ks", CommandKolmogorovSmirnov},
		{"chisquared", CommandChiSquared},
		{"homogeneity", CommandHomogeneity},
		{"outside", CommandOutside},
		{"fisher", CommandFisher},
		{"holm", CommandHolm},
	};
	char		word[32];

	while (scanf("%31s", word) == 1)
	{
		for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
			if (strcmp(word, commands[i].name) == 0)
				commands[i].run();
		fflush(stdout);
	}
	return 0;
}
