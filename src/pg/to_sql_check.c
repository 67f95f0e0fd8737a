/*
 * to_sql_check.c
 *		to_sql_check(): a statement that runs a scaler's SQL over its probes.
 *
 * The probes are in the statement, and the list is that of to_sql(): whoever
 * can run a SELECT can see whether the other system computes what we do.
 * Outputs are compared by value, and zeros by their sign where the system
 * shows it.  A system that has no number for an output, or that raises an
 * error on the way to it, cannot be asked about that row: it is left out, and
 * the statement says how many are.
 */
#include "pg/to_sql.h"

#include <math.h>

#include "core/probes.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define PROBES_TABLE	"normfreeze_probes"

/* A column beside those of the features, called as none of them is in any dialect. */
static char *
ProbeColumn(const SqlExport *sql)
{
	char	   *name = pstrdup("probe");
	int			slot = 0;

	while (slot < sql->export.transform.ninputs)
		if (pg_strcasecmp(ExportName(&sql->export, slot++), name) == 0)
		{
			name = psprintf("%s_", name);
			slot = 0;
		}
	return name;
}

/* Does a formula's arithmetic, as far as it is such, leave the range of float8 on the way? */
static bool
LeavesRange(const SqlDialect *dialect, const FeatureRecipe *feature, double x)
{
	if (feature->formula->steps == NULL || !isfinite(x))
		return false;
	for (const char *step = feature->formula->steps; *step && *step != 'f'; step += 2)
	{
		double		operand = feature->param[step[1] - 'a'];
		double		before = x;

		x = *step == '-' ? x - operand : *step == '+' ? x + operand : *step == '*' ? x * operand : x / operand;
		if (isinf(x))
			return dialect->refuses_overflow;
		if (dialect->refuses_underflow && x == 0 && before != 0 && operand != 0 && (*step == '*' || *step == '/'))
			return true;
	}
	return false;
}

/* Can the dialect be asked about this row? */
static bool
RowHasSql(const SqlExport *sql, const Probes *probes, int row)
{
	for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
	{
		const FeatureRecipe *feature = sql->export.transform.slots[slot];
		int			at = row * probes->nslots + slot;
		double		x = probes->inputs[at];
		bool		null = probes->input_nulls[at];

		if (sql->dialect->is_nan == NULL && !probes->output_nulls[at] && isnan(probes->outputs[at]))
			return false;
		if (TransformPrepare(&sql->export.transform, slot, &x, &null) != TRANSFORM_OK)
			return false;
		if (!null && LeavesRange(sql->dialect, feature, x))
			return false;
	}
	return true;
}

static void
AppendInputs(StringInfo out, const SqlExport *sql, const Probes *probes, int row, const char *probe_column)
{
	appendStringInfo(out, "SELECT '%d' AS ", row + 1);
	AppendSqlName(out, sql->dialect, probe_column);
	for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
	{
		int			at = row * probes->nslots + slot;

		appendStringInfo(out, ", %s AS ", probes->input_nulls[at] ? SqlNull(sql->dialect) :
						 SqlNumber(sql->dialect, probes->inputs[at]));
		AppendSqlName(out, sql->dialect, ExportName(&sql->export, slot));
	}
}

/* A condition that is true or false, never NULL: the output is not the expected one. */
static char *
Differs(const SqlDialect *dialect, const char *y, double expected, bool null)
{
	if (null)
		return psprintf("%s IS NOT NULL", y);
	if (isnan(expected))
		return psprintf("%s IS NULL OR NOT (%s)", y, SqlApply(dialect->is_nan, y, NULL));
	if (expected == 0 && dialect->sign_bit)
		return psprintf("%s IS NULL OR %s <> %s OR %s(%s)", y, y, SqlNumber(dialect, 0),
						signbit(expected) ? "NOT " : "", SqlApply(dialect->sign_bit, y, NULL));
	return psprintf("%s IS NULL OR %s <> %s", y, y, SqlNumber(dialect, expected));
}

/* WHEN the output of a feature is not that of its probe THEN the feature */
static void
AppendComparison(StringInfo out, const SqlExport *sql, const Probes *probes, const bool *asked, int slot,
				 const char *probe_name)
{
	StringInfoData column;

	initStringInfo(&column);
	AppendSqlName(&column, sql->dialect, ExportName(&sql->export, slot));
	appendStringInfo(out, "\n WHEN CASE %s", probe_name);
	for (int row = 0; row < probes->nrows; row++)
	{
		int			at = row * probes->nslots + slot;

		if (asked[row])
			appendStringInfo(out, " WHEN '%d' THEN %s", row + 1,
							 Differs(sql->dialect, column.data, probes->outputs[at], probes->output_nulls[at]));
	}
	appendStringInfo(out, " END THEN '%s'", SqlLabel(sql, slot));
}

static void
AppendCheck(StringInfo out, SqlExport *sql)
{
	Probes		probes;
	StringInfoData probe;
	char	   *probe_column = ProbeColumn(sql);
	bool	   *asked;
	int			nasked = 0;

	MakeProbes(&probes, &sql->export.transform);
	asked = palloc(sizeof(bool) * probes.nrows);
	for (int row = 0; row < probes.nrows; row++)
		nasked += asked[row] = RowHasSql(sql, &probes, row);
	initStringInfo(&probe);
	AppendSqlName(&probe, sql->dialect, probe_column);

	appendStringInfoString(out, "WITH " PROBES_TABLE " AS (");
	for (int row = 0, n = 0; row < probes.nrows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!asked[row])
			continue;
		appendStringInfoString(out, n++ ? "\n UNION ALL " : "\n ");
		AppendInputs(out, sql, &probes, row, probe_column);
	}
	appendStringInfo(out, "\n), normfreeze_outputs AS (\nSELECT %s,\n", probe.data);
	AppendSqlList(out, sql, PROBES_TABLE);
	appendStringInfo(out, "\nFROM " PROBES_TABLE "\n), normfreeze_differences AS (\nSELECT %s AS probe, CASE", probe.data);
	for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
	{
		CHECK_FOR_INTERRUPTS();
		AppendComparison(out, sql, &probes, asked, slot, probe.data);
	}
	appendStringInfo(out, "\n END AS feature FROM normfreeze_outputs\n)\n"
					 "SELECT count(feature) = 0 AS agrees, count(*) AS probes, %d AS left_out,"
					 " min('probe ' || probe || ', ' || feature) AS first_difference\n"
					 "FROM normfreeze_differences\n", probes.nrows - nasked);
	AppendSqlIdentity(out, sql, false);
	if (nasked == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s cannot compute any of the %d probes of the scaler", sql->dialect->name, probes.nrows),
				 errhint("Each of them leaves the range of float8, or gives NaN, where this system has no such result.")));
}

PG_FUNCTION_INFO_V1(to_sql_check);
Datum
to_sql_check(PG_FUNCTION_ARGS)
{
	SqlExport	sql;
	StringInfoData out;

	SqlExportInit(&sql, PG_GETARG_DATUM(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	initStringInfo(&out);
	AppendCheck(&out, &sql);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
