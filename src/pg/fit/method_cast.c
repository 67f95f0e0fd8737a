/*
 * method_cast.c
 *		The method of a fit as text, which is what drivers and variables of PL/pgSQL have.
 *
 * This is an implicit cast.  There is no fit(..., text) beside fit(..., method), because an
 * untyped 'standard' would then become text, whose collation keeps postgres_fdw from running the
 * aggregate where the rows are.
 */
#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* What a call has cast last, since it is called for each row. */
typedef struct MethodCast
{
	const Method *method;
	Datum		value;
} MethodCast;

PG_FUNCTION_INFO_V1(method);
Datum
method(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	MethodCast *cast = fcinfo->flinfo->fn_extra;

	if (cast == NULL)
		cast = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(MethodCast));
	if (cast->method == NULL || VARSIZE_ANY_EXHDR(name) != strlen(cast->method->name) ||
		memcmp(VARDATA_ANY(name), cast->method->name, VARSIZE_ANY_EXHDR(name)) != 0)
	{
		cast->method = FindMethod(text_to_cstring(name));
		cast->value = DirectFunctionCall2(enum_in, CStringGetDatum(cast->method->name),
										  ObjectIdGetDatum(get_func_rettype(fcinfo->flinfo->fn_oid)));
	}
	PG_RETURN_DATUM(cast->value);
}
