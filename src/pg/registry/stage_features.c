/*
 * stage_features.c
 *		Comparing the features of two frozen scalers, before promote() replaces one by the other.
 *
 * Queries by a stage's name pass the columns of the version in the stage, and read results by
 * their positions.  A version with other features would make them fail, or return values of other
 * features without an error.
 */
#include "pg/registry/stage_features.h"

#include "catalog/pg_type.h"
#include "core/scaler/recipe.h"
#include "pg/base/sql.h"
#include "pg/registry/registry.h"
#include "pg/scaler/scaler_bytes.h"
#include "pg/scaler/scaler_view.h"
#include "pg/scaler/set_view.h"

#define MAX_NAMES_SHOWN	10

typedef struct Side
{
	SetFeatures features;
	bool		is_set;
	int		   *by_name;		/* positions in the order of names */
	int		   *common;			/* by position: the position of the same name on the other side, or -1 */
} Side;

/*
 * Read the features of a stored scaler, as the owner of the registry, because a role that may promote need not
 * be able to apply scalers.
 */
static void
ReadSide(int64 id, Side *side)
{
	SqlArg		args[] = {SQL_ARG(INT8OID, Int64GetDatum(id))};
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext old;
	bytea	   *scaler;
	ScalerView	view;

	if (SqlRun("SELECT s.scaler FROM normfreeze.scalers AS s WHERE s.scaler_id " EQ " $1",
			   true, SQL_LATEST | SQL_AS_OWNER, args, lengthof(args)) == 0)
		UnknownScaler(id);
	old = MemoryContextSwitchTo(caller);
	scaler = DatumGetByteaPCopy(SqlScaler(0, 1));
	MemoryContextSwitchTo(old);
	SqlFinish();

	ViewScalerDatum(&view, PointerGetDatum(scaler));
	side->is_set = ViewIsSet(&view);
	if (side->is_set)
	{
		SetRecipe	set;

		DecodeSetRecipe(&set, &view);
		side->features = set.features;
	}
	else
	{
		Recipe		recipe;

		DecodeScalerRecipe(&recipe, &view);
		FeaturesOfRecipe(&side->features, &recipe);
	}
}

static int
ComparePositions(const void *a, const void *b, void *names)
{
	return strcmp(((char **) names)[*(const int *) a], ((char **) names)[*(const int *) b]);
}

static void
SortNames(Side *side)
{
	side->by_name = palloc(sizeof(int) * side->features.count);
	side->common = palloc(sizeof(int) * side->features.count);
	for (int i = 0; i < side->features.count; i++)
	{
		side->by_name[i] = i;
		side->common[i] = -1;
	}
	qsort_arg(side->by_name, side->features.count, sizeof(int), ComparePositions, side->features.names);
}

/* Match the features of both sides, by merging their lists in the order of names. */
static void
MatchNames(Side *a, Side *b)
{
	int			i = 0;
	int			j = 0;

	SortNames(a);
	SortNames(b);
	while (i < a->features.count && j < b->features.count)
	{
		int			left = a->by_name[i];
		int			right = b->by_name[j];
		int			order = strcmp(a->features.names[left], b->features.names[right]);

		if (order == 0)
		{
			a->common[left] = right;
			b->common[right] = left;
		}
		i += order <= 0;
		j += order >= 0;
	}
}

/* ---- differences of single features ---- */

typedef bool (*FeatureTest) (const Side *side, const Side *other, int i);

static bool
IsAbsentThere(const Side *side, const Side *other, int i)
{
	return side->common[i] < 0;
}

/*
 * Return whether both sides have a feature, but some other feature precedes it on one side and follows it on
 * the other.
 */
static bool
IsMoved(const Side *side, const Side *other, int i)
{
	int			previous = i - 1;

	if (side->common[i] < 0)
		return false;
	while (previous >= 0 && side->common[previous] < 0)
		previous--;
	return previous >= 0 && side->common[previous] > side->common[i];
}

static bool
BecameTarget(const Side *side, const Side *other, int i)
{
	return side->common[i] >= 0 && side->features.target[i] && !other->features.target[side->common[i]];
}

static bool
BecameInput(const Side *side, const Side *other, int i)
{
	return side->common[i] >= 0 && !side->features.target[i] && other->features.target[side->common[i]];
}

/* Append a sentence such as: Added: "a", "b" and 3 more. */
static void
AppendFeatureList(StringInfo out, const char *what, const Side *side, const Side *other, FeatureTest test)
{
	int			found = 0;

	for (int i = 0; i < side->features.count; i++)
	{
		if (!test(side, other, i))
			continue;
		if (found++ == 0)
			appendStringInfo(out, "%s%s: ", out->len ? "  " : "", what);
		if (found <= MAX_NAMES_SHOWN)
			appendStringInfo(out, "%s\"%s\"", found > 1 ? ", " : "", side->features.names[i]);
	}
	if (found > MAX_NAMES_SHOWN)
		appendStringInfo(out, " and %d more", found - MAX_NAMES_SHOWN);
	if (found > 0)
		appendStringInfoChar(out, '.');
}

char *
FeatureChanges(int64 old_id, int64 new_id)
{
	Side		before;
	Side		after;
	StringInfoData out;

	ReadSide(old_id, &before);
	ReadSide(new_id, &after);
	if (before.is_set == after.is_set && SameFeatures(&before.features, &after.features))
		return NULL;
	initStringInfo(&out);
	if (before.is_set != after.is_set)
		appendStringInfo(&out, "It is %s, and the one there is %s.",
						 after.is_set ? "a set of scalers by key" : "one scaler",
						 before.is_set ? "a set of scalers by key" : "one scaler");
	if (before.features.names && after.features.names)
	{
		MatchNames(&before, &after);
		AppendFeatureList(&out, "Added", &after, &before, IsAbsentThere);
		AppendFeatureList(&out, "Removed", &before, &after, IsAbsentThere);
		AppendFeatureList(&out, "Moved", &after, &before, IsMoved);
		AppendFeatureList(&out, "Targets from now on", &after, &before, BecameTarget);
		AppendFeatureList(&out, "No more targets", &after, &before, BecameInput);
	}
	else if (!SameFeatures(&before.features, &after.features))
		appendStringInfo(&out, "%sIt has %d features %s names, the one there has %d %s.", out.len ? "  " : "",
						 after.features.count, after.features.names ? "with" : "without",
						 before.features.count, before.features.names ? "with names" : "without");
	return out.data;
}
