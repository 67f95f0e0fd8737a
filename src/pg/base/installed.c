/*
 * installed.c
 *		Finding objects of the installed extension by name, and checking that they are its members.
 *
 * The name alone does not suffice.  A role that may drop the extension may then create a schema
 * normfreeze of its own, even while a statement of ours is running.  So an object that is found
 * by name must be recorded in pg_depend as a member of the extension.
 *
 * An object keeps its OID for life.  If its name changes or it is dropped, invalidations tell us.
 * So what was found is remembered until the next invalidation (LookupGeneration).
 */
#include "pg/base/installed.h"

#include "access/htup_details.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "pg/base/library_version.h"
#include "pg/base/lookup_generation.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#define OURS	"normfreeze"	/* the name of the extension, and of its schema */

/* ---- what was found ---- */

typedef struct FoundKey
{
	Oid			catalog;
	NameData	name;
} FoundKey;

typedef struct FoundObject
{
	FoundKey	key;
	Oid			object;
} FoundObject;

static HTAB *found_objects;
static uint64 found_generation;

static FoundKey
KeyOf(Oid catalog, const char *name)
{
	FoundKey	key;

	memset(&key, 0, sizeof(key));
	key.catalog = catalog;
	namestrcpy(&key.name, name);
	return key;
}

/* Return what is remembered of an object; InvalidOid if it must be looked up. */
static Oid
RecallObject(Oid catalog, const char *name)
{
	FoundKey	key = KeyOf(catalog, name);
	FoundObject *found;

	if (found_objects == NULL || found_generation != LookupGeneration())
		return InvalidOid;
	found = hash_search(found_objects, &key, HASH_FIND, NULL);
	return found ? found->object : InvalidOid;
}

/* Remember an object.  "generation" is that from before it was looked up. */
static void
Remember(Oid catalog, const char *name, Oid object, uint64 generation)
{
	FoundKey	key = KeyOf(catalog, name);
	FoundObject *found;

	if (found_objects && found_generation != generation)
	{
		hash_destroy(found_objects);
		found_objects = NULL;
	}
	if (found_objects == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(FoundKey), .entrysize = sizeof(FoundObject)};

		found_objects = hash_create("normfreeze objects", 32, &control, HASH_ELEM | HASH_BLOBS);
	}
	found_generation = generation;
	found = hash_search(found_objects, &key, HASH_ENTER, NULL);
	found->object = object;
}

/* ---- membership ---- */

pg_noreturn static void
NotInstalled(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("extension \"%s\" is not installed in this database", OURS),
			 errhint("CREATE EXTENSION normfreeze.")));
}

static Oid
InstalledExtension(void)
{
	uint64		generation = LookupGeneration();
	Oid			extension = RecallObject(ExtensionRelationId, OURS);

	if (OidIsValid(extension))
		return extension;
	extension = FindExtension();
	if (!OidIsValid(extension))
		NotInstalled();
	Remember(ExtensionRelationId, OURS, extension, generation);
	return extension;
}

static bool
IsMember(Oid catalog, Oid object)
{
	return getExtensionOfObject(catalog, object) == InstalledExtension();
}

pg_noreturn static void
NoMember(const char *kind, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("%s %s does not belong to extension \"%s\"", kind, name, OURS),
			 errdetail("It bears the name of an object of the extension, and is not used in its place."),
			 errhint("If it was taken out of the extension, ALTER EXTENSION normfreeze ADD %s puts it back.", kind)));
}

Oid
RegistrySchema(void)
{
	uint64		generation = LookupGeneration();
	Oid			schema = RecallObject(NamespaceRelationId, OURS);

	if (OidIsValid(schema))
		return schema;
	(void) InstalledExtension();
	schema = get_namespace_oid(OURS, false);
	if (!IsMember(NamespaceRelationId, schema))
		NoMember("schema", OURS);
	Remember(NamespaceRelationId, OURS, schema, generation);
	return schema;
}

Oid
RegistryTable(const char *name)
{
	uint64		generation = LookupGeneration();
	Oid			table = RecallObject(RelationRelationId, name);

	if (OidIsValid(table))
		return table;
	table = get_relname_relid(name, RegistrySchema());
	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table normfreeze.%s does not exist", name),
				 errhint("Is the extension installed in this database, in the version of the library?  "
						 "ALTER EXTENSION normfreeze UPDATE.")));
	if (!IsMember(RelationRelationId, table))
		NoMember(get_rel_relkind(table) == RELKIND_VIEW ? "view" : "table", psprintf("normfreeze.%s", name));
	Remember(RelationRelationId, name, table, generation);
	return table;
}

bool
RegistryHas(const char *name)
{
	return OidIsValid(get_relname_relid(name, RegistrySchema()));
}

Oid
RegistryType(const char *name)
{
	uint64		generation = LookupGeneration();
	Oid			type = RecallObject(TypeRelationId, name);

	if (OidIsValid(type))
		return type;
	type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name), ObjectIdGetDatum(RegistrySchema()));
	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type normfreeze.%s does not exist", name),
				 errhint("Is the extension installed in this database, in the version of the library?  "
						 "ALTER EXTENSION normfreeze UPDATE.")));
	if (!IsMember(TypeRelationId, type))
		NoMember("type", psprintf("normfreeze.%s", name));
	Remember(TypeRelationId, name, type, generation);
	return type;
}

/* Check every function with a name, since the arguments decide which of them is called. */
static void
CheckFunctions(const char *name)
{
	uint64		generation = LookupGeneration();
	Oid			schema = RegistrySchema();
	CatCList   *list;
	Oid			foreign = InvalidOid;
	Oid			ours = InvalidOid;

	if (OidIsValid(RecallObject(ProcedureRelationId, name)))
		return;
	list = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(name));
	for (int i = 0; i < list->n_members; i++)
	{
		Form_pg_proc form = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		if (form->pronamespace != schema)
			continue;
		if (IsMember(ProcedureRelationId, form->oid))
			ours = form->oid;
		else
			foreign = form->oid;
	}
	ReleaseSysCacheList(list);
	if (OidIsValid(foreign))
		NoMember("function", psprintf("normfreeze.%s", name));
	if (OidIsValid(ours))
		Remember(ProcedureRelationId, name, ours, generation);
}

Oid
RegistryFunction(const char *name, const Oid *types, int ntypes)
{
	CheckFunctions(name);
	return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
						   PointerGetDatum(buildoidvector(types, ntypes)), ObjectIdGetDatum(RegistrySchema()));
}

/* ---- statements ---- */

/* Return the name within our schema that a list of names is; NULL if it is in another schema. */
static const char *
NameOfOurs(const List *names)
{
	if (list_length(names) != 2 || strcmp(strVal(linitial(names)), OURS) != 0)
		return NULL;
	return strVal(lsecond(names));
}

/*
 * See installed.h.  The name is looked up again once the table is locked: while we waited for the lock, it may
 * have come to mean another table.
 */
Oid
LockRegistryTable(const char *name)
{
	Oid			table;

	do
	{
		table = RegistryTable(name);
		LockRelationOid(table, AccessShareLock);
	} while (RegistryTable(name) != table);
	return table;
}

static bool
LockNames(Node *node, void *context)
{
	const bool *ours = context;
	const char *name;

	if (node == NULL)
		return false;
	if (IsA(node, RangeVar))
	{
		const RangeVar *range = (const RangeVar *) node;

		if (*ours && range->schemaname && strcmp(range->schemaname, OURS) == 0)
			(void) LockRegistryTable(range->relname);
	}
	else if (IsA(node, ViewStmt))
		return LockNames(((ViewStmt *) node)->query, context);
	else if (IsA(node, FuncCall) && (name = NameOfOurs(((FuncCall *) node)->funcname)) != NULL)
	{
		/* while a table of the extension is locked, nobody else can drop its members */
		(void) LockRegistryTable("scalers");
		CheckFunctions(name);
	}
	else if (IsA(node, TypeName) && (name = NameOfOurs(((TypeName *) node)->names)) != NULL)
		(void) RegistryType(name);
	return raw_expression_tree_walker(node, LockNames, context);
}

void
LockInstalled(Node *statement, bool ours)
{
	(void) LockNames(statement, &ours);
}

/* ---- privileges ---- */

Oid
RegistryOwner(void)
{
	Oid			table = RegistryTable("scalers");
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", table);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

bool
MayRead(const char *name)
{
	return pg_class_aclcheck(RegistryTable(name), GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}
