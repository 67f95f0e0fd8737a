/*
 * profile_type.h
 *		The SQL type normfreeze.profile: a varlena of canonical bytes.
 */
#ifndef NORMFREEZE_PROFILE_TYPE_H
#define NORMFREEZE_PROFILE_TYPE_H

#include "pg/base/compat.h"

#include "core/values/profile.h"
#include "core/values/profile_format.h"

/* Append the bytes of a settled profile.  Fails if they are more than a value may have. */
extern void PutProfile(ByteWriter *writer, const Profile *settled);

/* Return a settled profile as a datum. */
extern bytea *ProfileToVarlena(const Profile *settled);

/* Decode the bytes of a datum of this type, in the current context.  Fails if they are malformed. */
extern void ProfileFromBytes(Profile *profile, const void *data, size_t length);

/* Decode bytes from outside, which are checked completely.  "what" names them in errors. */
extern void ProfileFromUntrustedBytes(Profile *profile, const void *data, size_t length, const char *what);

/*
 * Fail unless the profiles can be merged: they have the same features, and together no more rows than
 * a profile can count.
 */
extern void CheckMayMerge(const Profile *a, const Profile *b);

/* Fail unless a profile that was merged from others can count so many more rows. */
extern void CheckHasRoom(const Profile *profile, int64 more);

/* Compute the digest of a profile's bytes. */
extern void ProfileDigest(uint8 *digest, const void *data, size_t length);

#endif							/* NORMFREEZE_PROFILE_TYPE_H */
