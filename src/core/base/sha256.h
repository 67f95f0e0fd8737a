/*
 * sha256.h
 *		SHA-256 by the processor's own instructions, where it has them.
 *
 * For short messages a library spends more time on preparation than on the digest: OpenSSL looks its algorithm
 * up for each message.  A GROUP BY with 100,000 groups computes as many digests.
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
