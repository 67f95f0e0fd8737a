/*
 * varlena_type.h
 *		What our types have in common: their values are canonical bytes.
 */
#ifndef NORMFREEZE_VARLENA_TYPE_H
#define NORMFREEZE_VARLENA_TYPE_H

#include "pg/base/compat.h"

#include "lib/stringinfo.h"

/* Return bytes as a varlena. */
extern bytea *BytesToVarlena(const void *bytes, size_t length);

/*
 * The binary form of a value: the first 8 bytes of the content's SHA-256, then the content.  Receiving fails if
 * the content does not match; "type" is the name of the type in the error.
 */
extern const uint8 *ReceiveChecked(StringInfo message, const char *type, size_t *length);
extern bytea *SendChecked(const uint8 *bytes, size_t length);

#endif							/* NORMFREEZE_VARLENA_TYPE_H */
