/*
 * value_call.h
 *		What a call of normalize(value, ...) remembers between rows.
 */
#ifndef NORMFREEZE_VALUE_CALL_H
#define NORMFREEZE_VALUE_CALL_H

#include "pg/base/compat.h"

#include "pg/apply/call_site.h"

/*
 * What a call remembers.
 *
 * A query over a thousand named columns has a thousand such calls, each of which runs once for each row.  So
 * this is one cache line; what the calls of a query share, the token, is elsewhere.
 */
typedef struct ValueCall
{
	const LookupToken *token;	/* the kernel is valid while it holds; NULL if there is no kernel */
	SlotKernel	kernel;
	ValueConversion conversion; /* of a value that is not a float8; NULL if it is, or if that is not known yet */
	CallSite   *site;			/* NULL while the kernel is all that is needed */
} ValueCall;

/* Return what a call remembers, or make it, with its call site once that is needed. */
extern ValueCall *GetValueCall(FunctionCallInfo fcinfo);
extern CallSite *ValueCallSite(ValueCall *call, FunctionCallInfo fcinfo);

/* Keep the kernel of this call, which has been found, for as long as the token of its look-up holds. */
extern void ValueCallKeep(ValueCall *call, FunctionCallInfo fcinfo, const Applied *applied);

/* The token of a scaler value that is a constant, which always holds. */
extern const LookupToken constant_value_token;

/* Return whether the kernel is valid. */
static inline bool
ValueCallHolds(const ValueCall *call)
{
	return call->token && (call->token == &constant_value_token || LookupTokenHolds(call->token));
}

#endif							/* NORMFREEZE_VALUE_CALL_H */
