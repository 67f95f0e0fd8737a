/*
 * normalize_forms.h
 *		The forms of normalize() and denormalize(), by what a scaler is applied to.  They are the
 *		same whether the scaler is named itself or found by a key.
 */
#ifndef NORMFREEZE_NORMALIZE_FORMS_H
#define NORMFREEZE_NORMALIZE_FORMS_H

#include "pg/base/compat.h"

#include "pg/apply/call_site.h"

/* Apply a scaler to the arguments of a call.  They are not NULL unless stated below. */
typedef Datum (*ApplyFunction) (CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse);

/* How argument `arg` of a call names the scaler that is applied. */
typedef Applied *(*LookUpFunction) (CallSite *site, FunctionCallInfo fcinfo, int arg);

static inline Applied *
LookUpByValue(CallSite *site, FunctionCallInfo fcinfo, int arg)
{
	return AppliedByValue(site, PG_GETARG_DATUM(arg));
}

static inline Applied *
LookUpById(CallSite *site, FunctionCallInfo fcinfo, int arg)
{
	return AppliedById(site, PG_GETARG_INT64(arg));
}

static inline Applied *
LookUpByRef(CallSite *site, FunctionCallInfo fcinfo, int arg)
{
	return AppliedByRef(site, PG_GETARG_TEXT_PP(arg));
}

extern Datum ApplyToArray(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse);
extern Datum ApplyToRow(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse);
extern Datum ApplyToJsonb(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse);

/* The columns of a row, after the scaler, the key and the names.  Any column may be NULL. */
extern Datum ApplyToKeyedColumns(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse);

/* A float8 value, which may be NULL, of the feature that argument 2 names. */
extern Datum ApplyToSingle(CallSite *site, Applied *applied, FunctionCallInfo fcinfo, bool inverse);

#endif							/* NORMFREEZE_NORMALIZE_FORMS_H */
