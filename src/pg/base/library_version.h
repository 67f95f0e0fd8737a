/*
 * library_version.h
 *		Whether the library is of the version that the extension in this database has.
 */
#ifndef NORMFREEZE_LIBRARY_VERSION_H
#define NORMFREEZE_LIBRARY_VERSION_H

#include "pg/base/compat.h"

/*
 * The OID of the extension as pg_extension has it now, InvalidOid if it is not installed.  Warns, once a
 * session for each version, if that is not the library's.
 */
extern Oid	FindExtension(void);

/* For calls that do not look the extension up: the same warning, at the price of one look-up a session. */
extern bool extension_seen;

static inline void
WarnOfOtherVersion(void)
{
	if (unlikely(!extension_seen))
		(void) FindExtension();
}

/* Whether the versions are the same, as of the last look-up; what is to be done if not, NULL if they are. */
extern bool LibraryFits(void);
extern const char *VersionProblem(void);

/*
 * Says in errors of statements of ours that the versions differ, as long as it is pushed: a column or function
 * that is not there has no other cause.  Push it unless LibraryFits().
 */
extern void PushVersionContext(ErrorContextCallback *callback);
extern void PopVersionContext(const ErrorContextCallback *callback);

#endif							/* NORMFREEZE_LIBRARY_VERSION_H */
