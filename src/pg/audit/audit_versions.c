/*
 * audit_versions.c
 *		The other frozen scalers that observed values may come from.
 *
 * They are read as the current user.  A scaler that this user may not read is left out without an
 * error.
 */
#include "pg/base/compat.h"

#include "catalog/pg_type.h"
#include "pg/audit/audit_search.h"
#include "pg/base/sql.h"
#include "pg/scaler/scaler_bytes.h"
#include "utils/builtins.h"

#define MOST_OTHERS		256

/*
 * The newest versions of the names of $1, of the newest names if there are many, and the newest of all versions, by
 * indexes: an audit costs the same however many versions there are.  A scaler is as new as its newest version.
 */
#define MOST_NAMES	"16"
#define OTHERS_BY_NAME \
	"WITH own AS MATERIALIZED (SELECT o.name FROM normfreeze.versions AS o WHERE o.scaler_id " EQ " $1 " \
	"ORDER BY o.frozen_at DESC LIMIT " MOST_NAMES "), " \
	"found AS (SELECT v.scaler_id FROM own AS o CROSS JOIN LATERAL (" \
	"SELECT w.scaler_id FROM normfreeze.versions AS w WHERE w.name " EQ " o.name " \
	"AND w.scaler_id OPERATOR(pg_catalog.<>) $1 " \
	"ORDER BY w.version DESC LIMIT $2) AS v " \
	"UNION (SELECT v.scaler_id FROM normfreeze.versions AS v WHERE v.scaler_id OPERATOR(pg_catalog.<>) $1 " \
	"AND v.frozen_at OPERATOR(pg_catalog.>=) '-infinity' AND NOT EXISTS (" \
	"SELECT 1 FROM normfreeze.versions AS w WHERE w.scaler_id " EQ " v.scaler_id " \
	"AND w.frozen_at OPERATOR(pg_catalog.>) v.frozen_at) ORDER BY v.frozen_at DESC, v.scaler_id DESC LIMIT $2)) " \
	"SELECT s.scaler_id, s.scaler, n.name, n.version FROM found AS f " \
	"JOIN normfreeze.scalers AS s ON s.scaler_id " EQ " f.scaler_id " \
	"CROSS JOIN LATERAL (SELECT pg_catalog.max(v.frozen_at) AS frozen_at FROM normfreeze.versions AS v " \
	"WHERE v.scaler_id " EQ " f.scaler_id) AS c " \
	"CROSS JOIN LATERAL (SELECT v.name, v.version, " \
	"v.name " EQ " ANY (ARRAY(SELECT o.name FROM own AS o)) AS same_name " \
	"FROM normfreeze.versions AS v WHERE v.scaler_id " EQ " f.scaler_id " \
	"ORDER BY 3 DESC, v.name, v.version LIMIT 1) AS n " \
	"ORDER BY n.same_name DESC, c.frozen_at DESC, s.scaler_id LIMIT $2"

#define OTHERS_BY_ID \
	"SELECT s.scaler_id, s.scaler, NULL::pg_catalog.text, NULL::pg_catalog.int4 FROM normfreeze.scalers AS s " \
	"WHERE s.scaler_id OPERATOR(pg_catalog.<>) $1 " \
	"AND s.scaler_id OPERATOR(pg_catalog.>=) 0 ORDER BY s.scaler_id LIMIT $2"

/*
 * Return whether a scaler may have been used for the audited features: it shares one feature's name or, if
 * neither has names, has as many inputs.
 */
static bool
HasFeatures(const AuditScaler *scaler, const FrozenScaler *other)
{
	const Recipe *recipe = &other->recipe;
	int			ninputs = 0;

	if (recipe->named != scaler->loaded->recipe.named)
		return false;
	for (int i = 0; i < scaler->n && recipe->named; i++)
		if (NameIndexFind(&other->names, scaler->loaded->input_names[i]) >= 0)
			return true;
	for (int i = 0; i < recipe->nfeatures; i++)
		ninputs += !recipe->features[i].target;
	return !recipe->named && ninputs == scaler->n;
}

/* Add the scaler of a result row to the background, unless it is a set or has none of the features.  */
static void
AddOther(AuditBackground *background, const AuditScaler *scaler, uint64 row)
{
	FrozenScaler *other = &background->others[background->nothers];
	char	   *name = SqlTextOrNull(row, 3);
	ScalerView	view;

	ViewScalerDatum(&view, PointerGetDatum(DatumGetByteaPCopy(SqlScaler(row, 2))));
	if (ViewIsSet(&view))
		return;
	other->id = SqlInt8(row, 1);
	DecodeScalerRecipe(&other->recipe, &view);
	other->names = MakeFeatureIndex(&other->recipe);
	other->label = name ? psprintf("%s@v%d", name, SqlInt4(row, 4)) : NULL;
	if (HasFeatures(scaler, other))
		background->nothers++;
}

void
ReadOtherScalers(AuditBackground *background, const AuditScaler *scaler)
{
	MemoryContext caller = CurrentMemoryContext;
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(scaler->loaded->id)),
	SQL_ARG(INT4OID, Int32GetDatum(MOST_OTHERS + 1))};
	uint64		found;

	if (!MayRead("scalers"))
		return;
	if (MayRead("versions"))
		found = SqlRun(OTHERS_BY_NAME, true, SQL_READ, args, lengthof(args));
	else
		found = SqlRun(OTHERS_BY_ID, true, SQL_READ, args, lengthof(args));
	background->more_others = found > MOST_OTHERS;
	found = Min(found, MOST_OTHERS);
	background->others = MemoryContextAlloc(caller, sizeof(FrozenScaler) * Max(found, 1));
	for (uint64 row = 0; row < found; row++)
	{
		MemoryContext old = MemoryContextSwitchTo(caller);

		CHECK_FOR_INTERRUPTS();
		AddOther(background, scaler, row);
		MemoryContextSwitchTo(old);
	}
	SqlFinish();
}

const FeatureRecipe *
FeatureOfOther(const AuditData *data, int other, int feature)
{
	const FrozenScaler *frozen = &data->background->others[other];
	const Recipe *recipe = &frozen->recipe;
	int			input = 0;

	if (recipe->named)
	{
		int			index = NameIndexFind(&frozen->names, data->recipe.features[feature].name);

		return index < 0 ? NULL : &recipe->features[index];
	}
	for (int i = 0; i < recipe->nfeatures; i++)
		if (!recipe->features[i].target && input++ == feature)
			return &recipe->features[i];
	return NULL;
}

static bool
SameTable(const FormulaTable *a, const FormulaTable *b)
{
	return a->length == b->length &&
		(a->length == 0 || memcmp(a->values, b->values, sizeof(double) * a->length) == 0);
}

bool
BeginAlike(const FeatureRecipe *a, const FeatureRecipe *b)
{
	if (a->nbefore != b->nbefore)
		return false;
	for (int k = 0; k < a->nbefore; k++)
	{
		const StepRecipe *s = &a->before[k];
		const StepRecipe *t = &b->before[k];

		if (s->formula != t->formula || !SameTable(&s->table, &t->table) ||
			memcmp(s->param, t->param, sizeof(double) * s->formula->nparams) != 0)
			return false;
	}
	return true;
}

bool
ClipAlike(const FeatureRecipe *a, const FeatureRecipe *b)
{
	double		of_a[2] = {0, 0};
	double		of_b[2] = {0, 0};

	return FeatureClips(a, &of_a[0], &of_a[1]) == FeatureClips(b, &of_b[0], &of_b[1]) &&
		of_a[0] == of_b[0] && of_a[1] == of_b[1];
}

/* Return whether two features compute the same: formulas and parameters of all steps are equal.  */
bool
SameParameters(const FeatureRecipe *a, const FeatureRecipe *b)
{
	/* ranges by a rule differ, though what is inside may be scaled alike */
	if ((FeatureHasRangeRule(a) || FeatureHasRangeRule(b)) &&
		(a->outside != b->outside || a->lower != b->lower || a->upper != b->upper))
		return false;
	return a->formula == b->formula && SameTable(&a->table, &b->table) &&
		memcmp(a->param, b->param, sizeof(double) * a->formula->nparams) == 0 && BeginAlike(a, b);
}

char *
OtherText(const FrozenScaler *other)
{
	return other->label ? psprintf("%s, scaler_id " INT64_FORMAT, other->label, other->id) :
		psprintf("scaler_id " INT64_FORMAT, other->id);
}
