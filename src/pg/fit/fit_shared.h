/*
 * fit_shared.h
 *		What the states of one aggregate share.
 */
#ifndef NORMFREEZE_FIT_SHARED_H
#define NORMFREEZE_FIT_SHARED_H

#include "pg/base/compat.h"

#include "core/values/first_rows.h"
#include "pg/apply/column_call.h"
#include "pg/base/features.h"
#include "pg/fit/fit_spec.h"
#include "pg/fit/known_features.h"

/* Which aggregate a state belongs to. */
typedef enum FitStateKind
{
	STATE_PROFILE = 0,			/* profile() and merge(), without a method */
	STATE_FIT_ARRAY = 1,
	STATE_FIT_ROW = 2,
	STATE_SCAN_ROW = 3			/* the first pass of fit_table(): a fit that keeps no values */
} FitStateKind;

/* Return whether the rows of such states are composite values, not arrays or profiles. */
static inline bool
StateIsOfRows(FitStateKind kind)
{
	return kind == STATE_FIT_ROW || kind == STATE_SCAN_ROW;
}

/*
 * What the states of all groups of one aggregate share: its constant
 * arguments, and how its rows are read.
 */
typedef struct FitShared
{
	struct FitShared *next;
	MemoryContext context;
	struct FitArena *arena;		/* memory of all aggregates that run in a context */
	FitStateKind kind;
	bool		weighted;		/* rows have weights */

	/* for a fit: */
	char	   *method;
	char	   *options;		/* JSON text, or an empty string */
	Oid			method_oid;		/* as first seen, to recognize it; InvalidOid if not yet */
	bytea	   *options_seen;	/* likewise; NULL if there are no options, or not yet */
	FitSpec    *spec;			/* of a profile with options, too, until it is merged */

	bytea	   *selection;		/* the argument that chose the columns of a profile, or NULL */
	uint64		row_type;		/* the type of rows as first seen (see RowMap), or the call that has their columns; 0
								 * for arrays */

	/* the features, once a first row has told them: */
	int			nfeatures;		/* 0 until then */
	char	  **names;
	uint32		distribution;
	bool	   *stored;			/* by feature: its values are kept for exact quantiles; NULL if no feature's are */
	KnownFeatures *known;		/* the features whose steps follow from results; NULL if no feature's do */

	RowMap		map;
	ColumnCall *columns;		/* what the map is for, if rows are columns */
	FunctionCallInfo constant_call; /* the same call if its other arguments are constants, else NULL */
	FeatureBuffer buffer;

	/* free blocks of first rows, each of which begins with a pointer to the next one of its size */
	void	   *spare[FIRST_ROWS_BLOCKS];
} FitShared;

/* The constant arguments of an aggregate, as raw bytes. */
typedef struct FitArguments
{
	Oid			method;			/* InvalidOid for a profile */
	bool		weighted;
	const bytea *options;		/* may be NULL */
	const void *selection;		/* may be NULL */
	size_t		selection_length;
} FitArguments;

/* Return the arguments as text: the label of the method, and the options as JSON or an empty string. */
extern char *FitMethodLabel(Oid method);
extern char *FitOptionsText(const bytea *options);

/*
 * Return the shared part for these arguments and this type of rows (0 for arrays), among the aggregates that
 * run in a context.  It is made if there is none.
 */
extern FitShared *FindFitShared(MemoryContext aggregate, FitStateKind kind,
								const FitArguments *arguments, uint64 row_type);

/* Return whether the shared part is for these arguments. */
extern bool FitSharedMatches(const FitShared *shared, const FitArguments *arguments);

/*
 * Make a shared part: of a profile if the method is NULL, else of a fit, with options as FitOptionsText()
 * returns them.
 */
extern FitShared *NewFitShared(MemoryContext aggregate, FitStateKind kind, bool weighted,
							   const char *method, const char *options);

/* Return the shared part in a context for the same arguments as another one.  It is made if there is none. */
extern FitShared *FindFitSharedAs(MemoryContext aggregate, const FitShared *from);

/*
 * Return memory that is freed with the arena only.
 *
 * It has no chunk header and is not rounded up to a power of two, which would take a third more for small
 * groups.
 */
extern void *KeepInArena(struct FitArena *arena, size_t size);

#endif							/* NORMFREEZE_FIT_SHARED_H */
