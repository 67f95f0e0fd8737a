/*
 * digest.h
 *		SHA-256 and the text forms of bytes, by PostgreSQL's own src/common.
 */
#ifndef NORMFREEZE_DIGEST_H
#define NORMFREEZE_DIGEST_H

#include "postgres.h"

#define DIGEST_LENGTH		32
#define DIGEST_HEX_LENGTH	64

/* One of the parts that are digested one after the other. */
typedef struct DigestPart
{
	const void *data;
	size_t		length;
} DigestPart;

/* Set "digest" to the SHA-256 of the parts, one after the other. */
extern void DigestParts(uint8 *digest, const DigestPart *parts, int nparts);

/* Return bytes as lower-case hexadecimal digits. */
extern char *BytesToHex(const uint8 *bytes, int length);

/*
 * Convert hexadecimal digits to bytes.  Return false, with "bytes" undefined, unless there are exactly 2 *
 * length lower-case digits.
 */
extern bool HexToBytes(const char *hex, uint8 *bytes, int length);

/* Return bytes in base64. */
extern char *BytesToBase64(const uint8 *bytes, size_t length);

/* Convert base64 to bytes.  Return NULL if it is malformed. */
extern uint8 *Base64ToBytes(const char *text, size_t text_length, size_t *length);

/*
 * Convert a binary value to its text form, kind:digest:base64, and back.  The first 16 digits of the digest
 * guard against damage in transit, which is an error.
 */
extern char *BytesToArmor(const char *kind, const uint8 *bytes, size_t length);
extern uint8 *ArmorToBytes(const char *kind, const char *text, size_t *length);

#endif							/* NORMFREEZE_DIGEST_H */
