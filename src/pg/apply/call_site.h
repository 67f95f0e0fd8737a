/*
 * call_site.h
 *		What one call of normalize() in a query remembers between rows.
 */
#ifndef NORMFREEZE_CALL_SITE_H
#define NORMFREEZE_CALL_SITE_H

#include "pg/base/compat.h"

#include "pg/apply/column_call.h"
#include "pg/apply/scaler_cache.h"
#include "pg/base/features.h"

/* One scaler as this call site uses it. */
typedef struct Applied
{
	LoadedScaler *scaler;
	RowMap		map;
	bool		jsonb_checked;	/* CheckJsonbOfRow() has been called */
	char	   *feature_name;	/* in the form by value, the last feature and its slot */
	int			feature_slot;
	struct KeyedSet *keyed;		/* for a set: what is known of its members (pg/apply/keyed.h) */
	ScalerView *set_value;		/* for a set in the form by value: a copy of it */
} Applied;

/* What a call remembers. */
typedef struct CallSite
{
	MemoryContext context;		/* lives as long as the FmgrInfo */
	LookupToken token;
	MemoryContext lookups;		/* holds what the token covers, and is reset with it */
	Applied    *current;		/* what the last row used */
	int64		current_id;
	char		current_ref[512];
	int			current_ref_length; /* -1 if there is none */
	HTAB	   *by_id;			/* scalers of this query, if there are several */

	Applied    *by_value;		/* in the form by value, the last scaler */
	struct varlena *value_seen; /* its deciding bytes */
	LookupToken value_token;

	bool		lasting;		/* for single values: a token of this call has ceased to hold */
	bool		array_checked;	/* WarnOfRoundedArray() has been called */
	ColumnCall *columns;		/* for a call with columns */
	FeatureBuffer buffer;
	float	   *singles;		/* room for buffer.capacity floats */
	int			singles_capacity;
} CallSite;

/* Return what this call remembers, or make it. */
extern CallSite *GetCallSite(FunctionCallInfo fcinfo);

/* Make what a call remembers, in a context below "parent". */
extern CallSite *MakeCallSite(MemoryContext parent);

/* Find the scaler of an id, a ref or a value.  It may be a set.  Fails if there is none. */
extern Applied *FindById(CallSite *site, int64 id);
extern Applied *FindByRef(CallSite *site, const text *ref);
extern Applied *FindByValue(CallSite *site, Datum scaler);

/* The same for calls without a key.  Fails for a set. */
static inline Applied *
AppliedWithoutKey(Applied *applied)
{
	if (unlikely(applied->scaler->set))
		SetWithoutKey(applied->scaler->id);
	return applied;
}

static inline Applied *
AppliedById(CallSite *site, int64 id)
{
	return AppliedWithoutKey(FindById(site, id));
}

static inline Applied *
AppliedByRef(CallSite *site, const text *ref)
{
	return AppliedWithoutKey(FindByRef(site, ref));
}

static inline Applied *
AppliedByValue(CallSite *site, Datum scaler)
{
	return AppliedWithoutKey(FindByValue(site, scaler));
}

/* Prepare a scaler for a call site, in a context. */
extern Applied *MakeApplied(MemoryContext context, LoadedScaler *scaler);

/* Return the id that a ref means now.  It is remembered, as by normalize(). */
extern int64 CallSiteResolve(CallSite *site, const text *ref);

#endif							/* NORMFREEZE_CALL_SITE_H */
