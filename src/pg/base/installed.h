/*
 * installed.h
 *		Finding objects of the installed extension by name, with a check that they are its members.
 */
#ifndef NORMFREEZE_INSTALLED_H
#define NORMFREEZE_INSTALLED_H

#include "pg/base/compat.h"

#include "nodes/parsenodes.h"

/*
 * The schema normfreeze, a table or view in it, a type.  An object of that
 * name that is no member of the installed extension is an error, as is one
 * that is not there.
 */
extern Oid	RegistrySchema(void);
extern Oid	RegistryTable(const char *name);
extern Oid	RegistryType(const char *name);

/* A table, locked against changes until the end of the transaction. */
extern Oid	LockRegistryTable(const char *name);

/* A function with these types of arguments, InvalidOid if there is none. */
extern Oid	RegistryFunction(const char *name, const Oid *types, int ntypes);

/* The owner of the registry's tables. */
extern Oid	RegistryOwner(void);

/* Return whether the current user has SELECT on a table or view of the registry. */
extern bool MayRead(const char *name);

/*
 * Lock every relation in the schema normfreeze that a parsed statement names,
 * and check that it is a member of the extension, as every function and type
 * of ours must be.  Until the end of the transaction nobody else can put
 * other objects in their place.  The relations are the caller's business, and
 * not looked at, unless the statement is a text of ours.
 */
extern void LockInstalled(Node *statement, bool ours);

#endif							/* NORMFREEZE_INSTALLED_H */
