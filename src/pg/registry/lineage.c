/*
 * lineage.c
 *		The function lineage(): the events of a name, in the order of time.
 */
#include "pg/base/compat.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "pg/base/sql.h"
#include "pg/registry/refs.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#define LINEAGE_COLUMNS	10

/* The events.  Those of the same time are in the order in which they must have happened. */
#define LINEAGE \
	"SELECT e.at, e.event, e.version, e.scaler_id, e.stage, e.key, e.consumer, e.who, e.who_session_user, e.detail " \
	"FROM normfreeze.events AS e WHERE e.name " EQ " $1 " \
	"ORDER BY e.at, e.step, e.seq, e.version, e.key, e.consumer, e.scaler_id"

PG_FUNCTION_INFO_V1(lineage);
Datum
lineage(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	SqlArg		args[] = {SQL_TEXT_ARG(name)};
	ReturnSetInfo *rsinfo;
	uint64		n;

	InitMaterializedSRF(fcinfo, 0);
	rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	n = SqlRun(LINEAGE, true, SQL_READ, args, lengthof(args));
	if (n == 0)
		UnknownName(name);
	for (uint64 i = 0; i < n; i++)
	{
		Datum		values[LINEAGE_COLUMNS];
		bool		nulls[LINEAGE_COLUMNS];

		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < LINEAGE_COLUMNS; k++)
			values[k] = SqlValue(i, k + 1, TupleDescAttr(rsinfo->setDesc, k)->atttypid, &nulls[k]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	SqlFinish();
	return (Datum) 0;
}
