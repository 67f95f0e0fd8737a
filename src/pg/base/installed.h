/*
 * installed.h
 *		Finding objects of the installed extension by name, and checking that they are its members.
 */
#ifndef NORMFREEZE_INSTALLED_H
#define NORMFREEZE_INSTALLED_H

#include "pg/base/compat.h"

#include "nodes/parsenodes.h"

/*
 * Return the schema normfreeze, or a table, view or type in it.  Fails if there is none, or if it is not a
 * member of the installed extension.
 */
extern Oid	RegistrySchema(void);
extern Oid	RegistryTable(const char *name);
extern Oid	RegistryType(const char *name);

/* Return a table, locked against changes until the end of the transaction. */
extern Oid	LockRegistryTable(const char *name);

/*
 * Return the function with these argument types, or InvalidOid.  Fails if any function of this name in the schema
 * is not a member of the installed extension.
 */
extern Oid	RegistryFunction(const char *name, const Oid *types, int ntypes);

/* Return the owner of the registry's tables. */
extern Oid	RegistryOwner(void);

/* Return whether there is a table of this name: a database that is not updated lacks those of later versions. */
extern bool RegistryHas(const char *name);

/* Return whether the current user has SELECT on a table or view of the registry. */
extern bool MayRead(const char *name);

/*
 * Lock every relation in the schema normfreeze that a parsed statement names, and check that it is a member of
 * the extension; functions and types in that schema must be members as well.
 *
 * Until the end of the transaction nobody else can put other objects in their place.  Relations are the
 * caller's responsibility, and not checked, unless the statement is a text of ours ("ours").
 */
extern void LockInstalled(Node *statement, bool ours);

#endif							/* NORMFREEZE_INSTALLED_H */
