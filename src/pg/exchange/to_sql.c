/*
 * to_sql.c
 *		The function to_sql(): a SELECT list that computes in another system what normalize() does.
 *
 * An expression is built from the inside out, as core/scaler/transform.c applies a recipe: the
 * column as double precision, the policies, the formula, clipping.  Every operation is in
 * parentheses, so that none is reordered.  NaN is tested before anything is compared, because
 * some systems take it for the largest number.
 */
#include "pg/exchange/to_sql.h"

#include <math.h>

#include "miscadmin.h"
#include "pg/base/json_tree.h"
#include "pg/base/text.h"
#include "pg/exchange/sql_arithmetic.h"
#include "pg/exchange/sql_parameter.h"
#include "pg/exchange/sql_quantiles.h"
#include "pg/scaler/probe_json.h"
#include "utils/builtins.h"

/*
 * Every feature divides by the largest of all features, so the text grows with the square of their number.
 * SQLite's functions take up to 127 arguments.
 */
#define NORM_MOST_FEATURES	100

/*
 * An expression mentions its argument several times where it clips or interpolates, so that of a sequence of steps
 * may grow with their power.  No system reads statements that are longer.
 */
#define STEPS_MOST_BYTES	(32 * 1024 * 1024)

/* ---- what can be expressed ---- */

static bool
FormulaHasSql(const SqlDialect *dialect, const Formula *formula)
{
	if (formula->steps)
		return (dialect->single || strchr(formula->steps, 'f') == NULL) &&
			(dialect->root || strchr(formula->steps, 'q') == NULL);
	return formula == &formula_norm_max || formula == &formula_quantile_uniform;
}

static char *
WhatHasSql(const SqlDialect *dialect)
{
	StringInfoData list;
	const Formula *formula;

	initStringInfo(&list);
	appendStringInfoString(&list, "the formulas ");
	for (int i = 0; (formula = FormulaByIndex(i)) != NULL; i++)
		if (FormulaHasSql(dialect, formula))
			appendStringInfo(&list, "%s%s", i ? ", " : "", formula->name);
	appendStringInfo(&list, " (norm_max of up to %d features); missing: keep, %sa number or statistic%s; "
					 "outside: keep, clip, null%s; domain: clip, null%s",
					 NORM_MOST_FEATURES, dialect->is_nan ? "nan, " : "", dialect->raise ? ", error" : "",
					 dialect->raise ? ", error" : "", dialect->raise ? ", error" : "");
	return list.data;
}

static void
Refuse(const SqlExport *sql, int slot, const char *what)
{
	ExportUnsupported(&sql->export, slot, what, sql->can);
}

static int
GroupSize(const Transform *transform, const Formula *formula)
{
	for (int g = 0; g < transform->ngroups; g++)
		if (transform->groups[g].formula == formula)
			return transform->groups[g].count;
	return 0;
}

static void
CheckStep(const SqlExport *sql, int slot, int step)
{
	const Transform *transform = &sql->export.transform;
	const FeatureRecipe *feature = ExportStep(&sql->export, slot, step);
	const char *name = feature->formula->name;

	if (!FormulaHasSql(sql->dialect, feature->formula))
		ExportUnsupportedFormula(&sql->export, slot, step, sql->can);
	if (feature->dtype != DTYPE_FLOAT64 && !(sql->dialect->single && feature->formula->steps))
		Refuse(sql, slot, psprintf("formula %s in %s", name, PolicyCodeToName(dtype_names, feature->dtype)));
	if (FormulaIsOfRows(feature->formula) && GroupSize(transform, feature->formula) > NORM_MOST_FEATURES)
		Refuse(sql, slot, psprintf("formula %s of %d features", name, GroupSize(transform, feature->formula)));
	if (feature->formula == &formula_quantile_uniform && !SqlSlopesAreFinite(&feature->table))
		Refuse(sql, slot, ExportOfStep(&sql->export, slot, step, "quantiles with a slope or distance beyond float8"));
}

static void
CheckSlot(const SqlExport *sql, int slot)
{
	const SqlDialect *dialect = sql->dialect;
	const PolicyLimits limits = {
		(dialect->is_nan ? 0 : POLICY_BIT(MISSING_NAN)) | (dialect->raise ? 0 : POLICY_BIT(MISSING_ERROR)),
		dialect->raise ? 0 : POLICY_BIT(OUTSIDE_ERROR),
		.domain = dialect->raise ? 0 : POLICY_BIT(DOMAIN_ERROR),
	};

	for (int step = 0; step < ExportStepCount(&sql->export, slot); step++)
		CheckStep(sql, slot, step);
	if (dialect->not_in_names && strstr(ExportName(&sql->export, slot), dialect->not_in_names))
		Refuse(sql, slot, psprintf("\"%s\" in the name", dialect->not_in_names));
	if (dialect->name_most && strlen(ExportName(&sql->export, slot)) > dialect->name_most)
		Refuse(sql, slot, psprintf("a name of more than %d bytes", dialect->name_most));
	ExportCheckPolicies(&sql->export, slot, &limits, sql->can);
}

void
SqlExportInit(SqlExport *sql, Datum scaler, const char *dialect)
{
	memset(sql, 0, sizeof(*sql));
	sql->dialect = SqlDialectByName(dialect);
	sql->can = WhatHasSql(sql->dialect);
	ExportInit(&sql->export, psprintf("SQL for %s", dialect), scaler);
	for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
		CheckSlot(sql, slot);
	CheckSqlNames(sql);
}

/* ---- policies ---- */

char *
SqlLabel(const SqlExport *sql, int slot)
{
	const char *name = sql->export.transform.slots[slot]->name;
	char	   *label = psprintf("feature %d%s%s", slot + 1, name ? ", " : "", name ? name : "");

	for (char *p = label; *p; p++)
		if (!IS_HIGHBIT_SET(*p) && !isalnum((unsigned char) *p) && !strchr(" _-.,", *p))
			*p = '_';
	return label;
}

static char *
Raise(const SqlExport *sql, int slot, const char *what)
{
	return SqlApply(sql->dialect->raise, sql->columns[slot],
					psprintf("normfreeze: %s, %s", SqlLabel(sql, slot), what));
}

static char *
IsMissing(const SqlExport *sql, const char *x)
{
	return sql->dialect->is_nan ? psprintf("%s IS NULL OR %s", x, SqlIsNaN(sql->dialect, x)) :
		psprintf("%s IS NULL", x);
}

static void
AppendArm(StringInfo arms, const char *condition, const char *result)
{
	appendStringInfo(arms, " WHEN %s THEN %s", condition, result);
}

/*
 * Return a feature's value with the policies before the formula applied.
 *
 * If "null_result", the feature is NULL whatever its value is, and only the errors of policies are left.
 */
static char *
Prepared(const SqlExport *sql, int slot, bool null_result)
{
	const FeatureRecipe *feature = sql->export.transform.slots[slot];
	const char *x = sql->columns[slot];
	bool		ranged = feature->outside != OUTSIDE_KEEP;
	char	   *below = ranged ? SqlIsBelow(sql, x, "<", feature->lower) : NULL;
	char	   *above = ranged ? SqlIsAbove(sql, x, feature->upper) : NULL;
	StringInfoData arms;

	initStringInfo(&arms);
	if (feature->missing == MISSING_ERROR)
		AppendArm(&arms, IsMissing(sql, x), Raise(sql, slot, "is missing"));
	else if (MissingPolicyImputes(feature->missing) && !null_result)
		AppendArm(&arms, IsMissing(sql, x), SqlParameter(sql, feature->imputed));
	else if (feature->missing == MISSING_NAN && !null_result)
		AppendArm(&arms, psprintf("%s IS NULL", x), SqlParameter(sql, NAN));

	if (feature->outside == OUTSIDE_ERROR)
		AppendArm(&arms, psprintf("%s OR %s", below, above),
				  Raise(sql, slot, psprintf("is outside the %s", FeatureHasRangeRule(feature) ? "range" : "training range")));
	else if (feature->outside == OUTSIDE_NULL && !null_result)
		AppendArm(&arms, psprintf("%s OR %s", below, above), SqlNull(sql->dialect));
	else if (feature->outside == OUTSIDE_CLIP && !null_result)
	{
		AppendArm(&arms, below, SqlParameter(sql, feature->lower));
		AppendArm(&arms, above, SqlParameter(sql, feature->upper));
	}
	if (null_result)
		x = SqlNull(sql->dialect);
	return arms.len ? psprintf("CASE%s ELSE %s END", arms.data, x) : pstrdup(x);
}

/* Append one half of the arms below: for values on one side of the domain. */
static void
AppendDomainArm(StringInfo arms, const SqlExport *sql, int slot, int step, const char *condition, double clipped)
{
	const FeatureRecipe *feature = ExportStep(&sql->export, slot, step);
	char	   *outside = psprintf("is outside the domain of %s", feature->formula->name);

	AppendArm(arms, condition, feature->domain.policy == DOMAIN_ERROR ?
			  Raise(sql, slot, ExportOfStep(&sql->export, slot, step, outside)) :
			  feature->domain.policy == DOMAIN_CLIP ? SqlParameter(sql, clipped) : SqlNull(sql->dialect));
}

/* Return what the formula of a step is given for x, a value to which everything before it has been applied. */
static char *
Defined(const SqlExport *sql, int slot, int step, char *x, bool null_result)
{
	const FeatureRecipe *feature = ExportStep(&sql->export, slot, step);
	const FormulaDomain *domain = feature->formula->domain;
	const DomainRule *rule = &feature->domain;
	StringInfoData arms;

	if (rule->policy == DOMAIN_KEEP || (null_result && rule->policy != DOMAIN_ERROR))
		return x;
	initStringInfo(&arms);
	if (isfinite(domain->low))
		AppendDomainArm(&arms, sql, slot, step, SqlIsBelow(sql, x, domain->low_open ? "<=" : "<", domain->low),
						rule->low);
	if (domain->without_zero)
		AppendDomainArm(&arms, sql, slot, step,
						psprintf("%s = %s", SqlCompared(sql->dialect, x), SqlParameter(sql, 0)), rule->low);
	return psprintf("CASE%s ELSE %s END", arms.data, null_result ? Prepared(sql, slot, true) : x);
}

/* ---- formulas ---- */

static bool
NeverMissing(const FeatureRecipe *feature)
{
	return (feature->missing == MISSING_ERROR || MissingPolicyImputes(feature->missing)) &&
		feature->outside != OUTSIDE_NULL;
}

/* Return the largest |x| of all features that share the formula, without missing ones; 1 instead of 0. */
static char *
LargestOfRow(SqlExport *sql)
{
	const Transform *transform = &sql->export.transform;
	StringInfoData list;
	char	   *largest;
	int			count = 0;

	if (sql->largest)
		return sql->largest;
	initStringInfo(&list);
	for (int slot = 0; slot < transform->ninputs; slot++)
	{
		const FeatureRecipe *feature = transform->slots[slot];
		char	   *x;

		if (feature->formula != &formula_norm_max)
			continue;
		x = Prepared(sql, slot, false);
		appendStringInfoString(&list, count++ ? ", " : "");
		if (NeverMissing(feature))
			appendStringInfo(&list, "abs(%s)", x);
		else
			appendStringInfo(&list, "CASE WHEN %s THEN %s ELSE abs(%s) END",
							 IsMissing(sql, x), SqlParameter(sql, 0), x);
	}
	/* with one argument, SQLite's max() is an aggregate */
	largest = psprintf("%s(%s)", count > 1 ? sql->dialect->greatest : "", list.data);
	sql->largest = psprintf("coalesce(nullif(%s, %s), %s)", SqlCompared(sql->dialect, largest),
							SqlParameter(sql, 0), SqlParameter(sql, 1));
	return sql->largest;
}

static char *
Transformed(SqlExport *sql, const FeatureRecipe *feature, char *x)
{
	if (feature->formula->steps)
		return SqlSteps(sql, feature, x);
	if (feature->formula == &formula_norm_max)
		return SqlApply(sql->dialect->divide, x, LargestOfRow(sql));
	return SqlQuantileUniform(sql, &feature->table, x, IsMissing(sql, x));
}

/* Fail if the expression of a step would be too long for an argument x. */
static void
CheckStepLength(const SqlExport *sql, int slot, int step, const char *x)
{
	const FeatureRecipe *feature = ExportStep(&sql->export, slot, step);
	size_t		mentions = 32 + 8 * (size_t) feature->table.length;

	if (sql->export.steps[slot] && strlen(x) > STEPS_MOST_BYTES / mentions)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the SQL of %s would have more than %d MB in step %d of %d",
						FeatureLabel(sql->export.transform.slots[slot]->name, slot), STEPS_MOST_BYTES / (1024 * 1024),
						step + 1, ExportStepCount(&sql->export, slot)),
				 errhint("A step that clips or has quantiles mentions the step before it several times: let fewer of them do so, or take fewer quantiles.")));
}

/* Return what x, a value with the policies applied, becomes before a step. */
static char *
BeforeStep(SqlExport *sql, int slot, int step, char *x)
{
	for (int i = 0; i < step; i++)
	{
		const FeatureRecipe *feature = ExportStep(&sql->export, slot, i);

		CheckStepLength(sql, slot, i, x);
		x = SqlClipped(sql, feature, Transformed(sql, feature, Defined(sql, slot, i, x, false)));
	}
	return x;
}

/* Return the expression of a feature that is NULL for every value, but for those that a policy refuses. */
static char *
NullExpression(SqlExport *sql, int slot)
{
	int			step = ExportStepCount(&sql->export, slot) - 1;

	while (step >= 0 && ExportStep(&sql->export, slot, step)->domain.policy != DOMAIN_ERROR)
		step--;
	if (step < 0)
		return Prepared(sql, slot, true);
	return Defined(sql, slot, step, BeforeStep(sql, slot, step, Prepared(sql, slot, false)), true);
}

char *
SqlExpression(SqlExport *sql, int slot)
{
	const FeatureRecipe *feature = sql->export.transform.slots[slot];

	if (FeatureIsNull(feature))
		return NullExpression(sql, slot);
	/* everything up to the result of the last step */
	return BeforeStep(sql, slot, ExportStepCount(&sql->export, slot), Prepared(sql, slot, false));
}

/* ---- the list ---- */

static char *
Column(const SqlExport *sql, const char *qualifier, int slot)
{
	StringInfoData column;

	initStringInfo(&column);
	appendStringInfoString(&column, qualifier);
	AppendSqlName(&column, sql->dialect, ExportName(&sql->export, slot));
	return SqlApply(sql->booleans && sql->booleans[slot] ? sql->dialect->boolean : sql->dialect->real,
					column.data, NULL);
}

void
SqlExportColumns(SqlExport *sql, const char *relation)
{
	int			n = sql->export.transform.ninputs;
	char	   *qualifier = SqlQualifier(sql->dialect, relation);

	if (sql->dialect->needs_relation && *qualifier == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("SQL for %s needs the relation that has the columns", sql->dialect->name),
				 errhint("An unqualified name is there the alias in the list, not the column; name the relation as it is in FROM.")));
	sql->columns = palloc(sizeof(char *) * (n + 1));
	for (int slot = 0; slot < n; slot++)
		sql->columns[slot] = Column(sql, qualifier, slot);
	if (GroupSize(&sql->export.transform, &formula_norm_max) > 0)
		LargestOfRow(sql);
}

void
AppendSqlList(StringInfo out, SqlExport *sql, const char *relation)
{
	int			n = sql->export.transform.ninputs;
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "normfreeze expression", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer;

	SqlExportColumns(sql, relation);
	for (int slot = 0; slot < n; slot++)
	{
		CHECK_FOR_INTERRUPTS();
		outer = MemoryContextSwitchTo(scratch);
		appendStringInfo(out, "%s%s AS ", slot ? ",\n" : "", SqlExpression(sql, slot));
		AppendSqlName(out, sql->dialect, ExportName(&sql->export, slot));
		MemoryContextSwitchTo(outer);
		MemoryContextReset(scratch);
		if (sql->export.nsteps > 1 && out->len > STEPS_MOST_BYTES)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the SQL of %d features would have more than %d MB", n, STEPS_MOST_BYTES / (1024 * 1024)),
					 errhint("Fit scalers of fewer features, or of steps that clip less often or have fewer quantiles.")));
	}
	MemoryContextDelete(scratch);
}

void
AppendSqlIdentity(StringInfo out, const SqlExport *sql, bool with_probes)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfo(&json, "{\"scaler_id\": \"" INT64_FORMAT "\", \"fingerprint\": \"%s\", \"dialect\": \"%s\"",
					 sql->export.id, sql->export.fingerprint, sql->dialect->name);
	if (with_probes)
	{
		appendStringInfoString(&json, ", \"features\": [");
		for (int slot = 0; slot < sql->export.transform.ninputs; slot++)
		{
			appendStringInfoString(&json, slot ? ", " : "");
			AppendJsonString(&json, ExportName(&sql->export, slot));
		}
		appendStringInfoString(&json, "], \"probes\": ");
		AppendProbes(&json, &sql->export.recipe);
	}
	appendStringInfoChar(&json, '}');
	AppendSqlComment(out, sql->dialect, json.data);
}

text *
SqlListWithIdentity(SqlExport *sql, const char *relation)
{
	StringInfoData out;

	initStringInfo(&out);
	AppendSqlList(&out, sql, relation);
	appendStringInfoChar(&out, '\n');
	AppendSqlIdentity(&out, sql, true);
	return cstring_to_text_with_len(out.data, out.len);
}

PG_FUNCTION_INFO_V1(to_sql);
Datum
to_sql(PG_FUNCTION_ARGS)
{
	SqlExport	sql;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	SqlExportInit(&sql, PG_GETARG_DATUM(0), text_to_cstring(PG_GETARG_TEXT_PP(2)));
	PG_RETURN_TEXT_P(SqlListWithIdentity(&sql, PG_ARGISNULL(1) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(1))));
}
