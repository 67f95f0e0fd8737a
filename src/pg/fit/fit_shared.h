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

typedef enum FitStateKind
{
	STATE_PROFILE = 0,			/* profile() and merge(): no method */
	STATE_FIT_ARRAY = 1,
	STATE_FIT_ROW = 2,
	STATE_SCAN_ROW = 3			/* fit_table()'s first pass: a fit that keeps no values */
} FitStateKind;

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
	struct FitArena *arena;		/* of all aggregates that run in a context */
	FitStateKind kind;
	bool		weighted;		/* do rows have weights? */

	/* of a fit */
	char	   *method;
	char	   *options;		/* JSON text, or "" */
	Oid			method_oid;		/* as first seen, to recognise it; or InvalidOid */
	bytea	   *options_seen;	/* likewise; NULL: no options, or not seen yet */
	FitSpec    *spec;

	bytea	   *selection;		/* the argument that chose the columns of a profile, or NULL */
	uint64		row_type;		/* of rows as first seen (see RowMap), or the call that has their columns, else 0 */

	/* the features, once a first row has shown them */
	int			nfeatures;		/* 0 before */
	char	  **names;
	uint32		distribution;
	bool	   *stored;			/* whose values are held for exact quantiles; NULL: none's */

	RowMap		map;
	ColumnCall *columns;		/* what the map is for, if it is no row */
	FunctionCallInfo constant_call; /* the same call, if its other arguments are constants, else NULL */
	FeatureBuffer buffer;

	/* blocks of first rows that are to be had again, each with the next one of its size in its first bytes */
	void	   *spare[FIRST_ROWS_BLOCKS];
} FitShared;

/* The constant arguments of an aggregate, as raw bytes. */
typedef struct FitArguments
{
	Oid			method;			/* InvalidOid: a profile */
	bool		weighted;
	const bytea *options;		/* may be NULL */
	const void *selection;		/* likewise */
	size_t		selection_length;
} FitArguments;

/* The same as text: the label of the method, and the options as JSON or "". */
extern char *FitMethodLabel(Oid method);
extern char *FitOptionsText(const bytea *options);

/*
 * The shared part for these arguments and this type of rows (0 for arrays)
 * among the aggregates that run in a context; made if there is none.
 */
extern FitShared *FindFitShared(MemoryContext aggregate, FitStateKind kind,
								const FitArguments *arguments, uint64 row_type);
extern bool FitSharedMatches(const FitShared *shared, const FitArguments *arguments);

/* A new one; without method (NULL) of a profile, else with options as FitOptionsText() gives them. */
extern FitShared *NewFitShared(MemoryContext aggregate, FitStateKind kind, bool weighted,
							   const char *method, const char *options);

/* One in a context for what another one is for; made if there is none. */
extern FitShared *FindFitSharedAs(MemoryContext aggregate, const FitShared *from);

/*
 * Memory that is never freed by itself, without the header of a chunk and
 * its rounding up to a power of two, which of small groups is a third.
 */
extern void *KeepInArena(struct FitArena *arena, size_t size);

#endif							/* NORMFREEZE_FIT_SHARED_H */
