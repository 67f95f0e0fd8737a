/*
 * lookup_plan.c
 *		Planning look-ups in the registry: by index, whatever the statistics.
 *
 * A plan that is kept for the session may be made while the registry is empty, and then serve while it grows to
 * millions of rows: nothing invalidates it before the tables are analyzed, and within one transaction nothing
 * can be.  So the planner is told, while it plans a look-up, that every table of the registry is large and that
 * nothing is known of its values, and that reading it whole, by itself or by an index without a condition on its first
 * column, costs more than anything.  Then a condition on one more column of an index is always worth having, and
 * the plan depends on nothing but the query and the indexes.  Other tables, which policies and triggers may
 * read, are planned as they are.
 */
#include "pg/base/lookup_plan.h"

#include "catalog/pg_am.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/plancat.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
#include "pg/base/installed.h"
#include "utils/guc.h"
#include "utils/index_selfuncs.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

/* what the planner is told of a table: a million rows, ten on a page, and indexes of three levels */
#define LOOKUP_ROWS			1000000
#define LOOKUP_PAGES		100000
#define LOOKUP_INDEX_PAGES	10000
#define LOOKUP_TREE_HEIGHT	2

/*
 * Without statistics, it takes a value of a column for one of 200: a join of four such tables has 10^14 rows.
 * Reading a table whole costs more than that, not just what the planner adds for what is forbidden (10^10).
 */
#define COST_OF_WHOLE		1.0e20

/* the text of the look-up that is about to be planned, and whether it is being planned */
static const char *lookup;
static bool planning_lookup;

static planner_hook_type previous_planner;
static get_relation_stats_hook_type previous_relation_stats;
static set_rel_pathlist_hook_type previous_rel_pathlist;

void
PlanAsLookup(const char *query)
{
	lookup = query;
}

/*
 * Switch off what would read tables whole, and JIT, because a plan whose costs are those of large tables would be
 * compiled, which takes seconds.  Return the level of settings to go back to.
 */
static int
ForbidScans(void)
{
	static const char *const settings[] = {
		"enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashjoin", "enable_mergejoin", "enable_material",
		"enable_memoize", "enable_hashagg", "jit"
	};
	int			level = NewGUCNestLevel();

	for (int i = 0; i < lengthof(settings); i++)
		(void) set_config_option(settings[i], "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

static PlannedStmt *
NextPlanner(PLANNER_PARAMETERS)
{
	return previous_planner ? previous_planner(PLANNER_ARGUMENTS) : standard_planner(PLANNER_ARGUMENTS);
}

static PlannedStmt *
PlanMarked(bool as_lookup, PLANNER_PARAMETERS)
{
	bool		outer = planning_lookup;
	PlannedStmt *plan;

	planning_lookup = as_lookup;
	PG_TRY();
	{
		plan = NextPlanner(PLANNER_ARGUMENTS);
	}
	PG_FINALLY();
	{
		planning_lookup = outer;
	}
	PG_END_TRY();
	return plan;
}

static PlannedStmt *
PlanLookup(PLANNER_PARAMETERS)
{
	PlannedStmt *plan;
	int			level;

	if (lookup && query_string == lookup)
	{
		level = ForbidScans();
		plan = PlanMarked(true, PLANNER_ARGUMENTS);
		AtEOXact_GUC(true, level);	/* after an error the end of the (sub)transaction does it */
		return plan;
	}
	/* a function that is evaluated while a look-up is planned may have queries of its own planned */
	return planning_lookup ? PlanMarked(false, PLANNER_ARGUMENTS) : NextPlanner(PLANNER_ARGUMENTS);
}

static bool
IsRegistryTable(Oid relation)
{
	return get_rel_namespace(relation) == RegistrySchema();
}

static bool
HasCondition(const IndexPath *path, int column)
{
	ListCell   *cell;

	foreach(cell, path->indexclauses)
	{
		if (lfirst_node(IndexClause, cell)->indexcol == column)
			return true;
	}
	return false;
}

/* An index is to be read from one place to another, not whole. */
static void
LookupIndexCost(PlannerInfo *root, IndexPath *path, double loop_count, Cost *startup, Cost *total,
				Selectivity *selectivity, double *correlation, double *pages)
{
	btcostestimate(root, path, loop_count, startup, total, selectivity, correlation, pages);
	if (!HasCondition(path, 0))
	{
		*startup += COST_OF_WHOLE;
		*total += COST_OF_WHOLE;
	}
}

static void
ShowAsLarge(RelOptInfo *rel)
{
	ListCell   *cell;

	rel->tuples = LOOKUP_ROWS;
	rel->pages = LOOKUP_PAGES;
	rel->allvisfrac = 0;
	rel->statlist = NIL;
	foreach(cell, rel->indexlist)
	{
		IndexOptInfo *index = lfirst_node(IndexOptInfo, cell);

		if (index->relam != BTREE_AM_OID || index->indpred != NIL)
			continue;
		index->tuples = LOOKUP_ROWS;
		index->pages = LOOKUP_INDEX_PAGES;
		index->tree_height = LOOKUP_TREE_HEIGHT;
		index->amcostestimate = LookupIndexCost;
	}
}

#if PG_VERSION_NUM >= 190000
static build_simple_rel_hook_type previous_relation_info;

static void
LookupRelationInfo(PlannerInfo *root, RelOptInfo *rel, RangeTblEntry *rte)
{
	if (previous_relation_info)
		previous_relation_info(root, rel, rte);
	if (planning_lookup && rte->rtekind == RTE_RELATION && IsRegistryTable(rte->relid))
		ShowAsLarge(rel);
}

#define relation_info_hook	build_simple_rel_hook
#else
static get_relation_info_hook_type previous_relation_info;

static void
LookupRelationInfo(PlannerInfo *root, Oid relation, bool inherited, RelOptInfo *rel)
{
	if (previous_relation_info)
		previous_relation_info(root, relation, inherited, rel);
	if (planning_lookup && IsRegistryTable(relation))
		ShowAsLarge(rel);
}

#define relation_info_hook	get_relation_info_hook
#endif

/* Nothing is known of a column: true, and no tuple of statistics. */
static bool
LookupRelationStats(PlannerInfo *root, RangeTblEntry *rte, AttrNumber attribute, VariableStatData *statistics)
{
	if (planning_lookup && rte->rtekind == RTE_RELATION && IsRegistryTable(rte->relid))
	{
		statistics->statsTuple = NULL;
		return true;
	}
	return previous_relation_stats && previous_relation_stats(root, rte, attribute, statistics);
}

static void
LookupPaths(PlannerInfo *root, RelOptInfo *rel, Index index, RangeTblEntry *rte)
{
	ListCell   *cell;

	if (previous_rel_pathlist)
		previous_rel_pathlist(root, rel, index, rte);
	if (!planning_lookup || rte->rtekind != RTE_RELATION || !IsRegistryTable(rte->relid))
		return;
	foreach(cell, rel->pathlist)
	{
		Path	   *path = (Path *) lfirst(cell);

		if (path->pathtype == T_SeqScan)
			path->total_cost += COST_OF_WHOLE;
	}
}

void
LookupPlanInit(void)
{
	previous_planner = planner_hook;
	planner_hook = PlanLookup;
	previous_relation_info = relation_info_hook;
	relation_info_hook = LookupRelationInfo;
	previous_relation_stats = get_relation_stats_hook;
	get_relation_stats_hook = LookupRelationStats;
	previous_rel_pathlist = set_rel_pathlist_hook;
	set_rel_pathlist_hook = LookupPaths;
}
