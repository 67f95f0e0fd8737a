/*
 * to_sql_check.c
 *		The function to_sql_check(): a statement that runs a scaler's SQL over its probes.
 *
 * The probes are in the statement, and the list is that of to_sql().  So whoever can run a SELECT
 * can see whether the other system computes what we do.
 *
 * Outputs are compared by value, and zeros also by their sign if the system shows it.  A row is
 * left out if the system has no number for one of its outputs or raises an error on the way to
 * it; the statement says how many are.
 */
#include "pg/exchange/to_sql_set.h"

#include <math.h>

#include "core/scaler/probe_values.h"
#include "core/scaler/quantile_map.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define PROBES_TABLE	"normfreeze_probes"

/* Return a name such as this one for a column beside those of the features, which no feature has in any dialect. */
static char *
ColumnBeside(const SqlExport *sql, const char *wanted)
{
	int			n = sql->export.transform.ninputs;
	char	  **keys = palloc(sizeof(char *) * (n + 1));
	char	   *name = pstrdup(wanted);
	int			number = 0;

	for (int slot = 0; slot < n; slot++)
		keys[slot] = SqlNameKey(sql->dialect, ExportName(&sql->export, slot));
	/* numbered, because a name that is only made longer may be cut off to one that is taken */
	for (int slot = 0; slot < n;)
		if (pg_strcasecmp(keys[slot++], name) == 0)
		{
			CHECK_FOR_INTERRUPTS();
			name = psprintf("%s_%d", wanted, ++number);
			slot = 0;
		}
	return name;
}

/* Return whether some step of a formula's arithmetic leaves the range of float8. */
static bool
LeavesRange(const SqlDialect *dialect, const FeatureRecipe *feature, double x)
{
	if (feature->formula->steps == NULL || !isfinite(x))
		return false;
	for (const char *step = feature->formula->steps; *step && *step != 'f'; step++)
	{
		double		operand = StepStandsAlone(*step) ? 1 : feature->param[step[1] - 'a'];
		double		before = x;

		x = StepResult(*step, x, operand);
		if (isinf(x))
			return dialect->refuses_overflow;
		if (dialect->refuses_underflow && x == 0 && before != 0 && operand != 0 && *step != '+' && *step != '-')
			return true;
		if (!StepStandsAlone(*step))
			step++;
	}
	return false;
}

/*
 * Return whether a product in the interpolation between two quantiles is too small for float8. (to_sql.c:
 * BetweenKnots)
 */
static bool
LosesProduct(const FormulaTable *table, double x)
{
	int			n = (int) table->length;

	for (int k = 0; k + 1 < n; k++)
	{
		double		low = table->values[k];
		double		high = table->values[k + 1];
		double		slope;

		if (!(low < x && x < high))
			continue;
		slope = (ReferenceProbability(k + 1, n) - ReferenceProbability(k, n)) / (high - low);
		return slope * (x - low) == 0 || slope * (high - x) == 0;
	}
	return false;
}

/*
 * Return whether the dialect can compute all steps of a slot for x, a value that the policies have left.  No rule of
 * a domain refuses it.
 */
static bool
ValueHasSql(const SqlExport *sql, int slot, double x)
{
	const FeatureRecipe *feature = sql->export.transform.slots[slot];
	bool		null = false;

	for (int i = 0; i < ExportStepCount(&sql->export, slot) && !isnan(x); i++)
	{
		const FeatureRecipe *step = ExportStep(&sql->export, slot, i);

		ApplyDomainRule(step->formula, &step->domain, &x, &null, false);
		if (null)
			break;
		if (LeavesRange(sql->dialect, step, x))
			return false;
		if (sql->dialect->refuses_underflow && step->formula == &formula_quantile_uniform &&
			LosesProduct(&step->table, x))
			return false;
		if (i < feature->nbefore)
			x = ApplyStep(&feature->before[i], x, false);
	}
	return true;
}

/* Return whether the dialect can compute this row. */
static bool
RowHasSql(const SqlExport *sql, const Probes *probes, int row)
{
	for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
	{
		const FeatureRecipe *feature = sql->export.transform.slots[slot];
		int			at = row * probes->nslots + slot;
		double		x = probes->inputs[at];
		bool		null = probes->input_nulls[at];
		double		prepared;

		if (sql->dialect->is_nan == NULL && !probes->output_nulls[at] && isnan(probes->outputs[at]))
			return false;
		prepared = x;
		if (TransformPrepare(&sql->export.transform, slot, &prepared, &null) != TRANSFORM_OK)
			return false;
		null = probes->input_nulls[at];
		FeatureApplyPolicies(feature, &x, &null);
		if (!null && !ValueHasSql(sql, slot, x))
			return false;
		/* the quotient of a norm may underflow */
		if (sql->dialect->refuses_underflow && FormulaIsOfRows(feature->formula) &&
			!null && x != 0 && probes->outputs[at] == 0)
			return false;
	}
	return true;
}

/* What is checked: probes, and of a set the key that each of them is for. */
typedef struct Check
{
	SqlExport  *sql;			/* of a set, that of its first key */
	SqlSet	   *set;			/* NULL for a single scaler */
	Probes		probes;
	char	  **keys;			/* by row, for a set */
	bool	   *asked;			/* by row: the dialect can compute it */
	char	   *probe_column;
	char	   *key_column;
} Check;

static void
AppendInputs(StringInfo out, const Check *check, int row)
{
	const SqlExport *sql = check->sql;
	const Probes *probes = &check->probes;

	appendStringInfo(out, "SELECT '%d' AS ", row + 1);
	AppendSqlName(out, sql->dialect, check->probe_column);
	if (check->set)
	{
		appendStringInfo(out, ", %s AS ", SqlString(sql->dialect, check->keys[row]));
		AppendSqlName(out, sql->dialect, check->key_column);
	}
	for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
	{
		int			at = row * probes->nslots + slot;

		appendStringInfo(out, ", %s AS ", probes->input_nulls[at] ? SqlNull(sql->dialect) :
						 SqlNumber(sql->dialect, probes->inputs[at]));
		AppendSqlName(out, sql->dialect, ExportName(&sql->export, slot));
	}
}

/* What is expected of an output, which decides how it is tested. */
typedef enum Expected
{
	EXPECT_NUMBER,
	EXPECT_ZERO,				/* a zero whose sign is tested */
	EXPECT_MINUS_ZERO,
	EXPECT_NAN,
	EXPECT_NULL
} Expected;

static Expected
WhatToExpect(const SqlDialect *dialect, double value, bool null)
{
	if (null)
		return EXPECT_NULL;
	if (isnan(value))
		return EXPECT_NAN;
	if (value == 0 && dialect->sign_bit)
		return signbit(value) ? EXPECT_MINUS_ZERO : EXPECT_ZERO;
	return EXPECT_NUMBER;
}

/* Return a condition for the probes of which one thing is expected; NULL if there are none. */
static char *
ProbesThatExpect(const SqlExport *sql, const Probes *probes, const bool *asked, int slot, Expected what,
				 const char *probe)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int row = 0; row < probes->nrows; row++)
	{
		int			at = row * probes->nslots + slot;

		if (asked[row] && WhatToExpect(sql->dialect, probes->outputs[at], probes->output_nulls[at]) == what)
			appendStringInfo(&list, "%s'%d'", list.len ? ", " : "", row + 1);
	}
	return list.len ? psprintf("%s IN (%s)", probe, list.data) : NULL;
}

/*
 * Append the test of a feature: WHEN its output is not that of the probe THEN the feature.
 *
 * The output is named as few times as possible, because some systems put its expression in place of each
 * mention.
 */
static void
AppendComparison(StringInfo out, const SqlExport *sql, const Probes *probes, const bool *asked, int slot,
				 const char *probe)
{
	const SqlDialect *dialect = sql->dialect;
	StringInfoData column;
	StringInfoData numbers;
	char	   *where;

	initStringInfo(&column);
	AppendSqlName(&column, dialect, ExportName(&sql->export, slot));
	appendStringInfoString(out, "\n WHEN CASE");
	if ((where = ProbesThatExpect(sql, probes, asked, slot, EXPECT_NULL, probe)) != NULL)
		appendStringInfo(out, " WHEN %s THEN %s IS NOT NULL", where, column.data);
	appendStringInfo(out, " WHEN %s IS NULL THEN %s IS NOT NULL", column.data, probe);
	if ((where = ProbesThatExpect(sql, probes, asked, slot, EXPECT_NAN, probe)) != NULL)
		appendStringInfo(out, " WHEN %s THEN NOT (%s)", where, SqlApply(dialect->is_nan, column.data, NULL));
	if ((where = ProbesThatExpect(sql, probes, asked, slot, EXPECT_ZERO, probe)) != NULL)
		appendStringInfo(out, " WHEN %s AND %s THEN %s IS NOT NULL", where,
						 SqlApply(dialect->sign_bit, column.data, NULL), probe);
	if ((where = ProbesThatExpect(sql, probes, asked, slot, EXPECT_MINUS_ZERO, probe)) != NULL)
		appendStringInfo(out, " WHEN %s AND NOT (%s) THEN %s IS NOT NULL", where,
						 SqlApply(dialect->sign_bit, column.data, NULL), probe);
	initStringInfo(&numbers);
	for (int row = 0; row < probes->nrows; row++)
	{
		int			at = row * probes->nslots + slot;

		if (asked[row] && !probes->output_nulls[at] && !isnan(probes->outputs[at]))
			appendStringInfo(&numbers, " WHEN '%d' THEN %s", row + 1, SqlNumber(dialect, probes->outputs[at]));
	}
	if (numbers.len)
		appendStringInfo(out, " ELSE %s <> CASE %s%s END", SqlCompared(dialect, column.data), probe, numbers.data);
	appendStringInfo(out, " END THEN '%s'", SqlLabel(sql, slot));
}

static void
AppendCheck(StringInfo out, Check *check)
{
	SqlExport  *sql = check->sql;
	const Probes *probes = &check->probes;
	StringInfoData probe;
	StringInfoData key;
	int			nasked = 0;

	for (int row = 0; row < probes->nrows; row++)
		nasked += check->asked[row];
	if (nasked == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s cannot compute any of the %d probes of the scaler", sql->dialect->name, probes->nrows),
				 errhint("Each of them leaves the range of float8, or gives NaN, where this system has no such result.")));
	check->probe_column = ColumnBeside(sql, "probe");
	check->key_column = ColumnBeside(sql, "probe_key");
	initStringInfo(&probe);
	AppendSqlName(&probe, sql->dialect, check->probe_column);
	initStringInfo(&key);
	AppendSqlName(&key, sql->dialect, check->key_column);

	appendStringInfoString(out, "WITH " PROBES_TABLE " AS (");
	for (int row = 0, n = 0; row < probes->nrows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!check->asked[row])
			continue;
		appendStringInfoString(out, n++ ? "\n UNION ALL " : "\n ");
		AppendInputs(out, check, row);
		appendStringInfoString(out, sql->dialect->from_nothing ? sql->dialect->from_nothing : "");
	}
	appendStringInfo(out, "\n), normfreeze_outputs AS (\nSELECT %s,\n", probe.data);
	if (check->set)
		AppendSqlSetList(out, check->set, PROBES_TABLE, SqlApply(sql->dialect->key, key.data, NULL));
	else
	{
		AppendSqlList(out, sql, PROBES_TABLE);
		appendStringInfoString(out, "\nFROM " PROBES_TABLE);
	}
	appendStringInfo(out, "\n), normfreeze_differences AS (\nSELECT %s AS probe, CASE", probe.data);
	for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
	{
		CHECK_FOR_INTERRUPTS();
		AppendComparison(out, sql, probes, check->asked, slot, probe.data);
	}
	appendStringInfo(out, "\n END AS feature FROM normfreeze_outputs\n)\n"
					 "SELECT count(feature) = 0 AS agrees, count(*) AS probes, %d AS left_out,"
					 " min(%s) AS first_difference\n"
					 "FROM normfreeze_differences\n", probes->nrows - nasked,
					 SqlApply(sql->dialect->message ? sql->dialect->message : "'probe ' || $1 || ', ' || $2", "probe", "feature"));
	if (check->set)
		AppendSqlSetIdentity(out, check->set, NULL);
	else
		AppendSqlIdentity(out, sql, false);
}

/* ---- what is asked ---- */

static void
MakeCheck(Check *check, SqlExport *sql)
{
	*check = (Check) {.sql = sql};
	MakeProbes(&check->probes, &sql->export.transform);
	check->asked = palloc(sizeof(bool) * check->probes.nrows);
	for (int row = 0; row < check->probes.nrows; row++)
		check->asked[row] = RowHasSql(sql, &check->probes, row);
}

/* SQLite takes up to 500 SELECTs in a UNION ALL. */
#define MOST_SET_ROWS	400

/* Add a row of the check of one key to that of a set. */
static void
AddRow(Check *check, const Check *one, int row, char *key)
{
	Probes	   *all = &check->probes;
	const Probes *probes = &one->probes;
	size_t		n = probes->nslots;
	size_t		to = all->nrows * n;
	size_t		from = row * n;

	memcpy(all->inputs + to, probes->inputs + from, sizeof(double) * n);
	memcpy(all->input_nulls + to, probes->input_nulls + from, sizeof(bool) * n);
	memcpy(all->outputs + to, probes->outputs + from, sizeof(double) * n);
	memcpy(all->output_nulls + to, probes->output_nulls + from, sizeof(bool) * n);
	check->asked[all->nrows] = one->asked[row];
	check->keys[all->nrows++] = key;
}

/* Return a key that the set does not have: one that is longer than any of its keys before it. */
static char *
OtherKey(const SqlSet *set)
{
	return psprintf("%s, and no other key", set->keys[set->recipe.nmembers - 1]);
}

/*
 * Make the check of a set: of as many keys as there is room for, evenly among all, as many probes as there is room
 * for; and of another key, if that is no error.
 */
static void
MakeSetCheck(Check *check, SqlSet *set)
{
	uint32		nmembers = set->recipe.nmembers;
	uint32		nkeys = Min(nmembers, MOST_SET_ROWS);
	int			nslots = set->first.export.transform.ninputs;
	size_t		room;

	*check = (Check) {.sql = &set->first, .set = set};
	for (uint32 k = 0; k <= nkeys; k++)
	{
		uint32		member = k < nkeys ? (uint32) ((uint64) k * nmembers / nkeys) : nmembers;
		SqlExport	sql;
		Check		one;
		int			nrows;

		CHECK_FOR_INTERRUPTS();
		if (member == nmembers && set->recipe.unseen == UNSEEN_ERROR)
			break;
		SqlExportInit(&sql, set->scalers[member == nmembers && set->recipe.unseen == UNSEEN_NULL ? 0 : member],
					  set->dialect->name);
		MakeCheck(&one, &sql);
		if (k == 0)
		{
			room = MOST_SET_ROWS + 2 * one.probes.nrows;
			nslots = one.probes.nslots;
			check->probes = (Probes) {.nslots = nslots};
			check->probes.inputs = palloc(sizeof(double) * room * nslots);
			check->probes.input_nulls = palloc(sizeof(bool) * room * nslots);
			check->probes.outputs = palloc(sizeof(double) * room * nslots);
			check->probes.output_nulls = palloc(sizeof(bool) * room * nslots);
			check->keys = palloc(sizeof(char *) * room);
			check->asked = palloc(sizeof(bool) * room);
		}
		nrows = Max(1, Min(one.probes.nrows, (int) (MOST_SET_ROWS / nkeys)));
		for (int row = 0; row < nrows; row++)
		{
			/* with few rows a key, each has others */
			int			which = (int) ((k * nrows + row) % one.probes.nrows);

			if (member == nmembers && set->recipe.unseen == UNSEEN_NULL)
			{
				one.asked[which] = true;
				for (int slot = 0; slot < nslots; slot++)
				{
					one.probes.output_nulls[which * nslots + slot] = true;
					one.probes.outputs[which * nslots + slot] = NAN;
				}
			}
			AddRow(check, &one, which, member == nmembers ? OtherKey(set) : set->keys[member]);
		}
	}
}

static Datum
CheckOf(Datum scaler, const char *dialect)
{
	Check		check;
	ScalerView	view;
	SqlExport	sql;
	SqlSet		set;
	StringInfoData out;

	ViewScalerDatum(&view, scaler);
	initStringInfo(&out);
	if (ViewIsSet(&view))
	{
		SqlSetInit(&set, scaler, dialect);
		MakeSetCheck(&check, &set);
	}
	else
	{
		SqlExportInit(&sql, scaler, dialect);
		MakeCheck(&check, &sql);
	}
	AppendCheck(&out, &check);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

PG_FUNCTION_INFO_V1(to_sql_check);
Datum
to_sql_check(PG_FUNCTION_ARGS)
{
	return CheckOf(PG_GETARG_DATUM(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
}

PG_FUNCTION_INFO_V1(to_sql_check_id);
Datum
to_sql_check_id(PG_FUNCTION_ARGS)
{
	return CheckOf(PointerGetDatum(ScalerWithMembers(PG_GETARG_INT64(0))), text_to_cstring(PG_GETARG_TEXT_PP(1)));
}
