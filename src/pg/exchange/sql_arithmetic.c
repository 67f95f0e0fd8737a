/*
 * sql_arithmetic.c
 *		The arithmetic of a feature as SQL: the steps of its formula, and the clipping of its results.
 *
 * An expression that uses its argument several times, such as a rounding, writes it as often.  Where roundings are
 * nested, so that the text would grow by a power, the argument is named in a subquery instead.
 */
#include "pg/exchange/sql_arithmetic.h"

#include "core/scaler/dtype.h"
#include "pg/exchange/sql_parameter.h"

#define NAMED	"nf_row.nf_value"

/* Return an expression of NAMED as one of x. */
static char *
OfNamed(const char *expression, const char *x)
{
	return psprintf("(SELECT %s FROM (SELECT %s AS nf_value) AS nf_row)", expression, x);
}

/* Return whether a feature rounds to float4 more than once, so that arguments are named. */
static bool
NamesArguments(const SqlDialect *dialect, const FeatureRecipe *feature)
{
	return dialect->names_arguments &&
		(feature->dtype == DTYPE_FLOAT32 || feature->formula == &formula_rescale_subtract_divide_single);
}

char *
SqlIsNaN(const SqlDialect *dialect, const char *x)
{
	return SqlApply(dialect->is_nan, x, NULL);
}

char *
SqlIsAbove(const SqlExport *sql, const char *x, double bound)
{
	char	   *above = psprintf("%s > %s", SqlCompared(sql->dialect, x), SqlParameter(sql, bound));

	if (sql->dialect->is_nan == NULL || sql->dialect->nan_is_least)
		return above;
	return psprintf("%s AND NOT (%s)", above, SqlIsNaN(sql->dialect, x));
}

char *
SqlIsBelow(const SqlExport *sql, const char *x, const char *less, double bound)
{
	char	   *below = psprintf("%s %s %s", SqlCompared(sql->dialect, x), less, SqlParameter(sql, bound));

	return sql->dialect->nan_is_least ? psprintf("%s AND NOT (%s)", below, SqlIsNaN(sql->dialect, x)) : below;
}

char *
SqlSteps(const SqlExport *sql, const FeatureRecipe *feature, const char *x)
{
	const SqlDialect *dialect = sql->dialect;
	char		steps[MOST_STEP_LETTERS];
	bool		named = NamesArguments(dialect, feature);
	char	   *y = pstrdup(x);

	FeatureSteps(feature, steps);
	for (const char *step = steps; *step; step++)
	{
		if (*step == 'q')
			y = SqlApply(dialect->root, y, NULL);
		else if (*step == 's')
			y = psprintf("(%s * %s)", y, y);
		else if (*step == 'r')
			y = SqlApply(dialect->divide, SqlParameter(sql, 1), y);
		else if (*step == 'f')
			y = named ? OfNamed(SqlApply(dialect->single, NAMED, NULL), y) : SqlApply(dialect->single, y, NULL);
		else
		{
			const char *operand = SqlParameter(sql, feature->param[step[1] - 'a']);

			y = *step == '/' ? SqlApply(dialect->divide, y, operand) : psprintf("(%s %c %s)", y, *step, operand);
			step++;
		}
	}
	return y;
}

char *
SqlClipped(const SqlExport *sql, const FeatureRecipe *feature, const char *y)
{
	const char *of = NamesArguments(sql->dialect, feature) ? NAMED : y;
	double		low;
	double		high;
	char	   *clipped;

	if (!FeatureClips(feature, &low, &high))
		return pstrdup(y);
	clipped = psprintf("CASE WHEN %s THEN %s WHEN %s THEN %s ELSE %s END",
					   SqlIsBelow(sql, of, "<", low), SqlParameter(sql, low), SqlIsAbove(sql, of, high),
					   SqlParameter(sql, high), of);
	return of == y ? clipped : OfNamed(clipped, y);
}
