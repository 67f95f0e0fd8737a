/*
 * most_frequent_pass.c
 *		A pass of fit_table() that finds the most frequent values of features.
 *
 * Whether values repeat cannot be told in little memory, or only by very many passes.  So the values that can be
 * the most frequent ones are grouped by the server, in parallel, and beyond work_mem on disk.
 */
#include "pg/fit/most_frequent_pass.h"

#include "catalog/pg_type.h"
#include "core/values/most_frequent.h"
#include "pg/base/sql.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/array.h"

static const Question most_frequent = {.kind = ASK_MOST_FREQUENT};

static bool
IsAsked(const Subject *subject)
{
	for (int q = 0; q < subject->inquiry.npending; q++)
		if (subject->inquiry.pending[q].kind == ASK_MOST_FREQUENT)
			return true;
	return false;
}

static void
Learn(Subject *subject, double value)
{
	Answer		answer = {.value = CanonicalZero(value)};

	InquiryLearn(&subject->inquiry, &most_frequent, &answer);
}

/* Return where the most frequent value of a feature must be. */
static MostFrequentRange
RangeOf(const TableFit *fit, const Subject *subject)
{
	const Moments *m = &subject->moments;

	if (fit->profile.histograms)
		return FindMostFrequentRange(&subject->histogram, m->min, m->max);
	return (MostFrequentRange) {m->min, m->max, (uint64) m->count};
}

int
LearnMostFrequentFromCells(TableFit *fit)
{
	int			left = 0;

	for (int i = 0; i < fit->profile.nfeatures; i++)
	{
		Subject    *subject = &fit->subjects->subjects[i];
		MostFrequentRange range;

		CHECK_FOR_INTERRUPTS();
		if (!IsAsked(subject))
			continue;
		range = RangeOf(fit, subject);
		if (range.low == range.high)
			Learn(subject, range.low);
		else
			left++;
	}
	return left;
}

/* Return a scaler that turns a row into the values of the features that are asked about. */
static Datum
MakeReader(const TableFit *fit, const int *asked, int n)
{
	Recipe		recipe = {.nfeatures = n, .named = true};
	const char *problem;

	recipe.features = palloc0(sizeof(FeatureRecipe) * n);
	for (int k = 0; k < n; k++)
	{
		FeatureRecipe *feature = &recipe.features[k];

		feature->name = fit->profile.names[asked[k]];
		feature->method = &method_identity;
		feature->formula = MethodFormula(feature->method, feature->option);
		SetRangeUnknown(feature);
		feature->imported = true;
	}
	problem = RecipeProblem(&recipe);
	if (problem)
		elog(ERROR, "a pass made an unsound scaler: %s", problem);
	return PointerGetDatum(MakeScaler(&recipe, NULL, NULL, 0));
}

static Datum
MakeFloatArray(const double *values, int n)
{
	Datum	   *elements = palloc(sizeof(Datum) * n);

	for (int k = 0; k < n; k++)
		elements[k] = Float8GetDatum(values[k]);
	return PointerGetDatum(construct_array(elements, n, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/*
 * For each feature: the value that occurs most often, of several the least; the number of values; and the least
 * and the greatest of them.  The greatest array is that of the most values and then of the least.
 */
#define ROWS_OF_FEATURES \
	"SELECT g.f, OPERATOR(pg_catalog.-) (pg_catalog.max(ARRAY[g.n::pg_catalog.float8, OPERATOR(pg_catalog.-) g.x]))[2], " \
	"pg_catalog.sum(g.n)::pg_catalog.int8, pg_catalog.min(g.x), pg_catalog.max(g.x) " \
	"FROM (SELECT u.f, u.x, pg_catalog.count(*) AS n FROM %s AS fit_row " \
	"CROSS JOIN LATERAL pg_catalog.unnest(normfreeze.normalize(fit_row.*, $1)) WITH ORDINALITY AS u(x, f) " \
	"WHERE u.x OPERATOR(pg_catalog.>=) ($2)[u.f] AND u.x OPERATOR(pg_catalog.<=) ($3)[u.f] GROUP BY u.f, u.x) AS g GROUP BY g.f"

static double
SqlFloat8(uint64 row, int column)
{
	return DatumGetFloat8(SqlPresent(row, column, FLOAT8OID));
}

bool
RunMostFrequentPass(TableFit *fit)
{
	int			n = fit->profile.nfeatures;
	int			count = 0;
	int		   *asked = palloc(sizeof(int) * n);
	double	   *low = palloc(sizeof(double) * n);
	double	   *high = palloc(sizeof(double) * n);
	uint64	   *expected = palloc(sizeof(uint64) * n);
	double	   *found = palloc(sizeof(double) * n);
	SqlArg		args[3];
	uint64		nrows;
	bool		same;

	for (int i = 0; i < n; i++)
	{
		MostFrequentRange range;

		if (!IsAsked(&fit->subjects->subjects[i]))
			continue;
		range = RangeOf(fit, &fit->subjects->subjects[i]);
		if (range.low == range.high)
			continue;
		asked[count] = i;
		low[count] = range.low;
		high[count] = range.high;
		expected[count++] = range.count;
	}
	args[0] = SQL_ARG(RegistryType("scaler"), MakeReader(fit, asked, count));
	args[1] = SQL_ARG(FLOAT8ARRAYOID, MakeFloatArray(low, count));
	args[2] = SQL_ARG(FLOAT8ARRAYOID, MakeFloatArray(high, count));

	nrows = SqlRun(psprintf(ROWS_OF_FEATURES, fit->rows), false, SQL_PARALLEL, args, lengthof(args));
	same = nrows == (uint64) count;
	for (uint64 r = 0; r < nrows && same; r++)
	{
		int			k = (int) SqlInt8(r, 1) - 1;
		const Moments *m = &fit->subjects->subjects[asked[k]].moments;
		double		least = SqlFloat8(r, 4);
		double		greatest = SqlFloat8(r, 5);

		found[k] = SqlFloat8(r, 2);
		same = (uint64) SqlInt8(r, 3) == expected[k] && (low[k] > m->min || least == m->min) &&
			(high[k] < m->max || greatest == m->max);
	}
	SqlFinish();
	for (int k = 0; k < count && same; k++)
		Learn(&fit->subjects->subjects[asked[k]], found[k]);
	return same;
}
