/*
 * call_site.h
 *		What one call of normalize() in one query remembers between rows.
 */
#ifndef NORMFREEZE_CALL_SITE_H
#define NORMFREEZE_CALL_SITE_H

#include "pg/compat.h"

#include "pg/features.h"
#include "pg/scaler_cache.h"

/* One scaler as this call site uses it. */
typedef struct Applied
{
	LoadedScaler *scaler;
	RowMap		map;
	char	   *feature_name;	/* the value form's last feature, and its slot */
	int			feature_slot;
} Applied;

typedef struct CallSite
{
	MemoryContext context;		/* lives as long as the FmgrInfo */
	MemoryContext lookups;		/* what the token covers, in a context to reset */
	LookupToken token;
	Applied    *current;		/* what the last row used */
	int64		current_id;
	char		current_ref[512];
	int			current_ref_length; /* -1: none */
	HTAB	   *by_id;			/* scalers of this query, once there are several */
	HTAB	   *by_ref;

	Applied    *by_value;		/* the value form's last scaler */
	struct varlena *value_seen; /* its bytes, as far as they decide */
	LookupToken value_token;

	FeatureBuffer buffer;
	float	   *singles;		/* buffer.capacity floats */
	int			singles_capacity;
} CallSite;

extern CallSite *GetCallSite(FunctionCallInfo fcinfo);

/* The scaler in argument `arg`: an id, a ref, or the value itself. */
extern Applied *AppliedById(CallSite *site, int64 id);
extern Applied *AppliedByRef(CallSite *site, const text *ref);
extern Applied *AppliedByValue(CallSite *site, Datum scaler);

/* The id that a ref means now, remembered as by normalize(). */
extern int64 CallSiteResolve(CallSite *site, const text *ref);

#endif							/* NORMFREEZE_CALL_SITE_H */
