/*
 * value_call.c
 *		What a call of normalize(value, ...) remembers between rows.
 *
 * Columns that are normalized by name are many calls with constants.  They find the same scaler
 * by the same token, and share that.
 */
#include "pg/apply/value_call.h"

#include "pg/base/library_version.h"
#include "utils/memutils.h"

const LookupToken constant_value_token;

/* The token that was shared last, and the memory context of the calls that it is in; NULL if that context is gone. */
static LookupToken *shared_token;
static MemoryContext shared_context;

ValueCall *
GetValueCall(FunctionCallInfo fcinfo)
{
	FmgrInfo   *function = fcinfo->flinfo;

	if (function->fn_extra == NULL)
	{
		WarnOfOtherVersion();
		function->fn_extra = MemoryContextAllocZero(function->fn_mcxt, sizeof(ValueCall));
	}
	return function->fn_extra;
}

CallSite *
ValueCallSite(ValueCall *call, FunctionCallInfo fcinfo)
{
	if (call->site == NULL)
	{
		call->site = MakeCallSite(fcinfo->flinfo->fn_mcxt);
		call->site->lasting = call->token != NULL;
	}
	call->token = NULL;
	return call->site;
}

static void
ForgetShared(void *arg)
{
	if (shared_context == arg)
		shared_context = NULL;
}

static void
ShareToken(MemoryContext context, const LookupToken *token)
{
	MemoryContextCallback *callback = MemoryContextAllocZero(context, sizeof(MemoryContextCallback));

	callback->func = ForgetShared;
	callback->arg = context;
	shared_token = MemoryContextAlloc(context, sizeof(LookupToken));
	*shared_token = *token;
	MemoryContextRegisterResetCallback(context, callback);
	shared_context = context;
}

/* Return a token equal to this one, which holds, in memory that lives as long as the calls. */
static const LookupToken *
SharedToken(MemoryContext context, const LookupToken *token)
{
	if (shared_context != context || !LookupTokenHolds(shared_token))
		ShareToken(context, token);
	return shared_token;
}

void
ValueCallKeep(ValueCall *call, FunctionCallInfo fcinfo, const Applied *applied)
{
	CallSite   *site = call->site;

	if (applied == site->by_value)
		call->token = &constant_value_token;
	else if (!LookupTokenHolds(&site->token))
		return;
	else if (site->lasting || call->kernel.scalar == NULL)
		call->token = &site->token;
	else
		call->token = SharedToken(fcinfo->flinfo->fn_mcxt, &site->token);

	/* the kernel is complete, and another look-up is unlikely */
	if (call->kernel.scalar && !site->lasting)
	{
		MemoryContextDelete(site->context);
		call->site = NULL;
	}
}
