/*
 * profile_type.h
 *		The SQL type normfreeze.profile: a varlena of canonical bytes.
 */
#ifndef NORMFREEZE_PROFILE_TYPE_H
#define NORMFREEZE_PROFILE_TYPE_H

#include "pg/base/compat.h"

#include "core/values/profile.h"
#include "core/values/profile_format.h"

/* Append the bytes of a settled profile; an error if they are more than a value may have. */
extern void PutProfile(ByteWriter *writer, const Profile *settled);

/* A datum from a settled profile. */
extern bytea *ProfileToVarlena(const Profile *settled);

/* The profile in a datum that came from this type, decoded in the current context. */
extern void ProfileFromBytes(Profile *profile, const void *data, size_t length);

/* The same for bytes from outside: everything is checked. */
extern void ProfileFromUntrustedBytes(Profile *profile, const void *data, size_t length, const char *what);

/* Errors out unless the features agree, saying how they differ. */
/* Can they be merged: the same features, and no more rows than can be counted? */
extern void CheckMayMerge(const Profile *a, const Profile *b);

/* Can a profile that was made of others take a row more? */
extern void CheckHasRoom(const Profile *profile, int64 more);

extern void ProfileDigest(uint8 *digest, const void *data, size_t length);

#endif							/* NORMFREEZE_PROFILE_TYPE_H */
