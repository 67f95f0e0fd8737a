/*
 * sql_quantiles.c
 *		The interpolation between quantiles as an expression of SQL.
 */
#include "pg/exchange/sql_quantiles.h"

#include <math.h>

#include "core/scaler/quantile_map.h"
#include "miscadmin.h"
#include "pg/exchange/sql_parameter.h"

bool
SqlSlopesAreFinite(const FormulaTable *table)
{
	int			n = (int) table->length;

	for (int k = 1; k < n; k++)
	{
		double		span = table->values[k] - table->values[k - 1];
		double		rise = ReferenceProbability(k, n) - ReferenceProbability(k - 1, n);

		if (span > 0 && !(isfinite(span) && isfinite(rise / span)))
			return false;
	}
	return true;
}

/* The quantiles of a table without repetitions. */
typedef struct Knots
{
	const double *values;		/* of the table */
	int			n;
	int			count;			/* number of knots */
	int		   *first;			/* by knot: its first and its last place in the table */
	int		   *last;
} Knots;

static void
FindKnots(Knots *knots, const FormulaTable *table)
{
	knots->values = table->values;
	knots->n = (int) table->length;
	knots->count = 0;
	knots->first = palloc(sizeof(int) * knots->n);
	knots->last = palloc(sizeof(int) * knots->n);
	for (int k = 0; k < knots->n; k++)
	{
		if (k == 0 || table->values[k] != table->values[k - 1])
			knots->first[knots->count++] = k;
		knots->last[knots->count - 1] = k;
	}
}

/*
 * Return the interpolation between knots i and i + 1.  Both interpolations of quantile_map.c are the same here:
 * the mirrored one has the same slope, and its negations do not round.
 */
static char *
BetweenKnots(const SqlExport *sql, const Knots *knots, int i, const char *x)
{
	double		x0 = knots->values[knots->first[i]];
	double		x1 = knots->values[knots->first[i + 1]];
	double		p0 = ReferenceProbability(knots->last[i], knots->n);
	double		p1 = ReferenceProbability(knots->first[i + 1], knots->n);
	char	   *slope = SqlParameter(sql, (p1 - p0) / (x1 - x0));
	char	   *half = SqlParameter(sql, 0.5);
	char	   *left = psprintf("((%s * (%s - %s)) + %s)", slope, x, SqlParameter(sql, x0), SqlParameter(sql, p0));
	char	   *right = psprintf("((%s * (%s - %s)) - %s)", slope, SqlParameter(sql, x1), x, SqlParameter(sql, p1));

	return psprintf("(%s * (%s - %s))", half, left, right);
}

/* Append a binary search for x, from knot "from" on and before knot "to". */
static void
AppendKnots(StringInfo out, const SqlExport *sql, const Knots *knots, int from, int to, const char *x)
{
	int			middle = from + (to - from) / 2;
	const char *compared = SqlCompared(sql->dialect, x);
	double		knot;
	char	   *behind;

	CHECK_FOR_INTERRUPTS();
	if (middle > from)
	{
		appendStringInfo(out, "CASE WHEN %s < %s THEN ", compared,
						 SqlParameter(sql, knots->values[knots->first[middle]]));
		AppendKnots(out, sql, knots, from, middle, x);
		appendStringInfoString(out, " ELSE ");
		AppendKnots(out, sql, knots, middle, to, x);
		appendStringInfoString(out, " END");
		return;
	}
	knot = knots->values[knots->first[from]];
	behind = from + 1 < knots->count ? BetweenKnots(sql, knots, from, x) :
		SqlParameter(sql, QuantileToUniform(INFINITY, knots->values, knots->n));
	appendStringInfo(out, "CASE WHEN %s = %s THEN %s ELSE %s END", compared, SqlParameter(sql, knot),
					 SqlParameter(sql, QuantileToUniform(knot, knots->values, knots->n)), behind);
}

char *
SqlQuantileUniform(const SqlExport *sql, const FormulaTable *table, const char *x, const char *missing)
{
	Knots		knots;
	StringInfoData out;

	FindKnots(&knots, table);
	initStringInfo(&out);
	appendStringInfo(&out, "CASE WHEN %s THEN %s WHEN %s < %s THEN %s ELSE ", missing, x,
					 SqlCompared(sql->dialect, x), SqlParameter(sql, knots.values[0]),
					 SqlParameter(sql, QuantileToUniform(-INFINITY, knots.values, knots.n)));
	AppendKnots(&out, sql, &knots, 0, knots.count, x);
	appendStringInfoString(&out, " END");
	return out.data;
}
