/*
 * sha256.h
 *		SHA-256 by the processor's own instructions, where it has them.
 *
 * For short messages a library spends more time on preparation than on the digest: OpenSSL looks its algorithm up
 * for each message.  A fit computes several digests, most of them of some hundred bytes, so a GROUP BY with 20,000
 * groups of 10 rows takes 15 to 20 % longer by pg_cryptohash (PostgreSQL 15, OpenSSL 3.0, medians of nine pairs).
 * A digest of 32 bytes takes 0.27 us here and 2.4 us there, of 2,000 bytes 6.4 and 9.4 us; of 64 kB 0.20 and 0.15
 * ms, and 10 MB take the same time.  pg/base/digest.c is the only caller, and uses pg_cryptohash where there are
 * no such instructions.  Digests tell contents apart and find damage; no secret depends on this code.
 */
#ifndef NORMFREEZE_CORE_SHA256_H
#define NORMFREEZE_CORE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_LENGTH	32
#define SHA256_BLOCK	64

/* A digest that is being computed. */
typedef struct Sha256
{
	uint32_t	state[8];
	uint64_t	length;			/* number of bytes so far */
	uint8_t		block[SHA256_BLOCK];	/* the last bytes, which do not fill a block yet */
} Sha256;

/* Return whether this processor has the instructions.  If not, no other function of this file may be called. */
extern bool Sha256IsSupported(void);

/* Start a digest, add bytes to it, and set "digest" to its 32 bytes. */
extern void Sha256Start(Sha256 *sha);
extern void Sha256Add(Sha256 *sha, const void *data, size_t length);
extern void Sha256Finish(Sha256 *sha, uint8_t *digest);

#endif							/* NORMFREEZE_CORE_SHA256_H */
