/*
 * replication.c
 *		Who applies what another server has written.
 */
#include "pg/registry/replication.h"

#include "postmaster/bgworker.h"
#include "replication/logicalworker.h"

bool
IsReplicationWorker(void)
{
	/* pglogical_worker.c of pglogical 2.4 starts its workers so */
	return IsLogicalWorker() || (MyBgworkerEntry && strcmp(MyBgworkerEntry->bgw_library_name, "pglogical") == 0);
}
