/*
 * digest.h
 *		SHA-256 and the text forms of bytes, from PostgreSQL's own common/.
 */
#ifndef NORMFREEZE_DIGEST_H
#define NORMFREEZE_DIGEST_H

#include "postgres.h"

#define DIGEST_LENGTH		32
#define DIGEST_HEX_LENGTH	64

typedef struct DigestPart
{
	const void *data;
	size_t		length;
} DigestPart;

/* SHA-256 of the parts, one after the other */
extern void DigestParts(uint8 *digest, const DigestPart *parts, int nparts);

extern char *BytesToHex(const uint8 *bytes, int length);

/* false, with bytes undefined, unless hex consists of exactly 2 * length lower-case hexadecimal digits */
extern bool HexToBytes(const char *hex, uint8 *bytes, int length);

extern char *BytesToBase64(const uint8 *bytes, size_t length);

/* NULL if malformed */
extern uint8 *Base64ToBytes(const char *text, size_t text_length, size_t *length);

/*
 * The text form of a binary value: kind:digest:base64.  The first 16 digits of the digest guard against damage
 * in transit.
 */
extern char *BytesToArmor(const char *kind, const uint8 *bytes, size_t length);
extern uint8 *ArmorToBytes(const char *kind, const char *text, size_t *length);

#endif							/* NORMFREEZE_DIGEST_H */
