/*
 * lookup_generation.c
 *		A counter that invalidations advance.  Results of look-ups are kept as long as it stays the
 *		same.
 */
#include "pg/base/lookup_generation.h"

#include "access/xact.h"
#include "utils/inval.h"
#include "utils/syscache.h"

uint64		lookup_generation;

/* A relation may have changed, and with it its privileges and policies. */
static void
RelationChanged(Datum arg, Oid relation)
{
	lookup_generation++;
}

/* A role, a membership, a schema, a type or a function may have changed. */
static void
CatalogChanged(Datum arg, SYSCACHE_ID cacheid, uint32 hashvalue)
{
	lookup_generation++;
}

static void
SubtransactionEnded(SubXactEvent event, SubTransactionId id, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		lookup_generation++;
}

void
LookupGenerationInit(void)
{
	CacheRegisterRelcacheCallback(RelationChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, CatalogChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, CatalogChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, CatalogChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(TYPEOID, CatalogChanged, (Datum) 0);
	CacheRegisterSyscacheCallback(PROCOID, CatalogChanged, (Datum) 0);
	RegisterSubXactCallback(SubtransactionEnded, NULL);
}
