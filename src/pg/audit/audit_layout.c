/*
 * audit_layout.c
 *		Laying out the state of an audit for the search: sampled rows by feature, and what the
 *		registry knows.
 */
#include "pg/base/compat.h"

#include "miscadmin.h"
#include "pg/audit/audit_search.h"

/* ---- rows ---- */

/* Rows of one or more samples.  */
typedef struct SampledRows
{
	const SampledRow **rows;
	int			count;
} SampledRows;

/* Append the rows of a sample.  */
static void
CollectRows(SampledRows *all, const RowSample *sample)
{
	for (int s = 0; s < sample->nrows; s++)
		all->rows[all->count++] = SampledRowAt(sample, s);
}

static int
CompareRowPointers(const void *a, const void *b, void *width)
{
	return CompareSampledRows(*(const SampledRow *const *) a, *(const SampledRow *const *) b, *(const int *) width);
}

/*
 * Sort rows by hash, and keep one of each.  A row that differs may be in several samples, with its full count in
 * each.
 */
static void
DropRepeatedRows(SampledRows *all, int width)
{
	int			kept = 0;

	qsort_arg(all->rows, all->count, sizeof(SampledRow *), CompareRowPointers, &width);
	for (int s = 0; s < all->count; s++)
		if (kept == 0 || CompareSampledRows(all->rows[kept - 1], all->rows[s], width) != 0)
			all->rows[kept++] = all->rows[s];
	all->count = kept;
}

/*
 * Collect the sampled rows: those that differ, by hash, then those that do not.  Sets data->ndiffering and
 * data->complete.
 */
static SampledRows
GatherSamples(AuditData *data, AuditState *state)
{
	SampledRows all = {0};
	RowSample	differing;
	RowSample	agreeing;
	RowSample  *by_feature = palloc(sizeof(RowSample) * data->n);
	int			most;

	RowSampleCopySettled(&differing, &state->differing);
	RowSampleCopySettled(&agreeing, &state->agreeing);
	most = differing.nrows + agreeing.nrows;
	for (int i = 0; state->by_feature && i < data->n; i++)
	{
		RowSampleCopySettled(&by_feature[i], &state->by_feature[i]);
		most += by_feature[i].nrows;
	}
	all.rows = palloc(sizeof(SampledRow *) * Max(most, 1));
	CollectRows(&all, &differing);
	for (int i = 0; state->by_feature && i < data->n; i++)
		CollectRows(&all, &by_feature[i]);
	DropRepeatedRows(&all, differing.width);
	data->ndiffering = all.count;
	CollectRows(&all, &agreeing);
	data->complete = !differing.full && !agreeing.full;
	return all;
}

/* Fill in raw, observed and expected values by feature and row.  */
static void
LayOutRows(AuditData *data, const SampledRows *all)
{
	int			n = data->n;
	double	   *row = palloc(sizeof(double) * n);
	double	   *expected = palloc(sizeof(double) * n);
	bool	   *nulls = palloc(sizeof(bool) * n);
	OutputKind *kinds = palloc(sizeof(OutputKind) * n);

	for (int r = 0; r < all->count; r++)
	{
		const SampledRow *sampled = all->rows[r];

		CHECK_FOR_INTERRUPTS();
		data->count[r] = sampled->count;
		for (int i = 0; i < n; i++)
		{
			row[i] = BitsDouble(sampled->words[i]);
			nulls[i] = AuditRowNull(sampled->words, n, i);
			data->raw[i][r] = row[i];
			data->observed[i][r] = BitsDouble(sampled->words[n + i]);
		}
		AuditExpect(data->scaler, data->state->single, row, nulls, expected, kinds);
		for (int i = 0; i < n; i++)
		{
			data->expected[i][r] = expected[i];
			data->refused[i][r] = kinds[i] == OUTPUT_REFUSED;
		}
	}
}

/*
 * Make a recipe of the scaler's inputs alone, in the order of normalize(), and note their places in the
 * training profile.
 */
static void
LayOutRecipe(AuditData *data)
{
	const LoadedScaler *loaded = data->scaler->loaded;

	data->recipe = loaded->recipe;
	data->recipe.nfeatures = data->n;
	data->recipe.features = palloc(sizeof(FeatureRecipe) * data->n);
	data->of_training = palloc(sizeof(int) * data->n);
	for (int i = 0; i < data->n; i++)
	{
		data->recipe.features[i] = *loaded->transform.slots[i];
		data->of_training[i] = (int) (loaded->transform.slots[i] - loaded->recipe.features);
	}
}

/* Return what the registry knows.  It is read once for all groups of a query.  */
static const AuditBackground *
ReadBackground(AuditScaler *scaler)
{
	if (scaler->background == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(scaler->context);
		AuditBackground *background = palloc0(sizeof(AuditBackground));

		background->trained = ReadTrainingProfile(&background->training, scaler);
		ReadOtherScalers(background, scaler);
		scaler->background = background;
		MemoryContextSwitchTo(old);
	}
	return scaler->background;
}

void
LayOutAudit(AuditData *data, AuditState *state)
{
	SampledRows all;

	memset(data, 0, sizeof(*data));
	data->state = state;
	data->scaler = state->scaler;
	data->context = CurrentMemoryContext;
	data->n = state->scaler->n;
	all = GatherSamples(data, state);
	data->nrows = all.count;
	data->count = palloc(sizeof(uint64) * Max(data->nrows, 1));
	data->raw = palloc(sizeof(double *) * data->n);
	data->observed = palloc(sizeof(double *) * data->n);
	data->expected = palloc(sizeof(double *) * data->n);
	data->refused = palloc(sizeof(bool *) * data->n);
	for (int i = 0; i < data->n; i++)
	{
		data->raw[i] = palloc(sizeof(double) * Max(data->nrows, 1));
		data->observed[i] = palloc(sizeof(double) * Max(data->nrows, 1));
		data->expected[i] = palloc(sizeof(double) * Max(data->nrows, 1));
		data->refused[i] = palloc(sizeof(bool) * Max(data->nrows, 1));
	}
	LayOutRows(data, &all);
	LayOutRecipe(data);
	if (data->ndiffering == 0)
	{
		/* no row differs, so there is nothing to search for */
		data->background = palloc0(sizeof(AuditBackground));
		return;
	}
	ProfileCopySettled(&data->live, &state->raw);
	ProfileCopySettled(&data->expected_values, &state->expected);
	ProfileCopySettled(&data->observed_values, &state->observed);
	data->background = ReadBackground(data->scaler);
}
