/*
 * replication.h
 *		Who applies what another server has written.
 */
#ifndef NORMFREEZE_REPLICATION_H
#define NORMFREEZE_REPLICATION_H

#include "pg/base/compat.h"

/*
 * Return whether this process applies the changes of a publisher, in their order: a worker of PostgreSQL's logical
 * replication, or of pglogical.  No SQL makes a session one.
 */
extern bool IsReplicationWorker(void);

#endif							/* NORMFREEZE_REPLICATION_H */
