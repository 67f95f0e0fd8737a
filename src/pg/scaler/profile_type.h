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

/* The same for bytes from outside, which are checked completely. */
extern void ProfileFromUntrustedBytes(Profile *profile, const void *data, size_t length, const char *what);

/* Errors out unless the features agree, saying how they differ. */
/*
 * Fail unless the profiles can be merged: they have the same features, and together no more rows than
 * a profile can count.
 */
extern void CheckMayMerge(const Profile *a, const Profile *b);

/* Fail unless a profile that was merged from others can count so many more rows. */
extern void CheckHasRoom(const Profile *profile, int64 more);

extern void ProfileDigest(uint8 *digest, const void *data, size_t length);

#endif							/* NORMFREEZE_PROFILE_TYPE_H */
