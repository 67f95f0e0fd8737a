/*
 * call_site.h
 *		What one call of normalize() in one query remembers between rows.
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
	bool		jsonb_checked;	/* by CheckJsonbOfRow() */
	char	   *feature_name;	/* the value form's last feature, and its slot */
	int			feature_slot;
	struct KeyedSet *keyed;		/* of a set: what is known of its members (pg/apply/keyed.h) */
	ScalerView *set_value;		/* of a set in the value form: a copy of it */
} Applied;

typedef struct CallSite
{
	MemoryContext context;		/* lives as long as the FmgrInfo */
	LookupToken token;
	MemoryContext lookups;		/* what the token covers, in a context to reset */
	Applied    *current;		/* what the last row used */
	int64		current_id;
	char		current_ref[512];
	int			current_ref_length; /* -1: none */
	HTAB	   *by_id;			/* scalers of this query, once there are several */

	Applied    *by_value;		/* the value form's last scaler */
	struct varlena *value_seen; /* its bytes, as far as they decide */
	LookupToken value_token;

	bool		lasting;		/* of one value: a token of this call has ceased to hold */
	bool		array_checked;	/* by WarnOfRoundedArray() */
	ColumnCall *columns;		/* of a call with columns */
	FeatureBuffer buffer;
	float	   *singles;		/* buffer.capacity floats */
	int			singles_capacity;
} CallSite;

extern CallSite *GetCallSite(FunctionCallInfo fcinfo);
extern CallSite *MakeCallSite(MemoryContext parent);

/* Find the scaler of an id, of a ref, or of the value itself.  It may be a set. */
extern Applied *FindById(CallSite *site, int64 id);
extern Applied *FindByRef(CallSite *site, const text *ref);
extern Applied *FindByValue(CallSite *site, Datum scaler);

/* The same for calls without a key, for which a set is an error. */
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

extern Applied *MakeApplied(MemoryContext context, LoadedScaler *scaler);

/* Return the id that a ref means now.  It is remembered as by normalize(). */
extern int64 CallSiteResolve(CallSite *site, const text *ref);

#endif							/* NORMFREEZE_CALL_SITE_H */
