/*
 * sha256.c
 *		SHA-256 (FIPS 180-4) by the SHA extensions of x86; see sha256.h.
 *
 * How the instructions lay out the state and schedule the message: Gulley,
 * Gopal, Yap, Feghali, Guilford and Wolrich, "Intel SHA Extensions", 2013.
 */
#include "core/base/sha256.h"

#include <string.h>

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

bool
Sha256IsSupported(void)
{
	static int	supported = -1;

	if (supported < 0)
	{
		unsigned	a;
		unsigned	b;
		unsigned	c;
		unsigned	d;

		supported = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSSE3) && (c & bit_SSE4_1) &&
			__get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
	}
	return supported == 1;
}

__attribute__((target("ssse3,sse4.1,sha"))) static void
AddBlocks(uint32_t *state, const uint8_t *data, size_t nblocks)
{
	const		__m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i		dcba = _mm_loadu_si128((const __m128i *) state);
	__m128i		hgfe = _mm_loadu_si128((const __m128i *) (state + 4));
	__m128i		cdab = _mm_shuffle_epi32(dcba, 0xB1);
	__m128i		efgh = _mm_shuffle_epi32(hgfe, 0x1B);
	__m128i		abef = _mm_alignr_epi8(cdab, efgh, 8);
	__m128i		cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
	__m128i		feba;
	__m128i		dchg;

	for (; nblocks > 0; nblocks--, data += SHA256_BLOCK)
	{
		__m128i		abef_before = abef;
		__m128i		cdgh_before = cdgh;
		__m128i		w[4];

		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *) data + i), big_endian);
		/* four rounds at a time, by words i to i + 3 of the schedule, which take the place of those 16 before */
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++)
		{
			__m128i		next = w[i & 3];
			__m128i		sum;

			if (i >= 4)
			{
				__m128i		last = w[(i + 3) & 3];

				next = _mm_sha256msg1_epu32(next, w[(i + 1) & 3]);
				next = _mm_add_epi32(next, _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
				next = _mm_sha256msg2_epu32(next, last);
				w[i & 3] = next;
			}
			sum = _mm_add_epi32(next, _mm_loadu_si128((const __m128i *) round_constants + i));
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	feba = _mm_shuffle_epi32(abef, 0x1B);
	dchg = _mm_shuffle_epi32(cdgh, 0xB1);
	_mm_storeu_si128((__m128i *) state, _mm_blend_epi16(feba, dchg, 0xF0));
	_mm_storeu_si128((__m128i *) (state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool
Sha256IsSupported(void)
{
	return false;
}

static void
AddBlocks(uint32_t *state, const uint8_t *data, size_t nblocks)
{
	(void) state;
	(void) data;
	(void) nblocks;
}

#endif							/* __x86_64__ */

void
Sha256Start(Sha256 *sha)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
	};

	memcpy(sha->state, start, sizeof(start));
	sha->length = 0;
}

void
Sha256Add(Sha256 *sha, const void *data, size_t length)
{
	const uint8_t *from = data;
	size_t		held = sha->length % SHA256_BLOCK;

	if (length == 0)
		return;
	sha->length += length;
	if (held > 0)
	{
		size_t		room = SHA256_BLOCK - held;
		size_t		taken = length < room ? length : room;

		memcpy(sha->block + held, from, taken);
		if (taken < room)
			return;
		AddBlocks(sha->state, sha->block, 1);
		from += taken;
		length -= taken;
	}
	AddBlocks(sha->state, from, length / SHA256_BLOCK);
	memcpy(sha->block, from + length / SHA256_BLOCK * SHA256_BLOCK, length % SHA256_BLOCK);
}

void
Sha256Finish(Sha256 *sha, uint8_t *digest)
{
	uint64_t	bits = sha->length * 8;
	size_t		held = sha->length % SHA256_BLOCK;
	uint8_t		last[2 * SHA256_BLOCK] = {0};
	size_t		length = held < SHA256_BLOCK - 8 ? SHA256_BLOCK : 2 * SHA256_BLOCK;

	memcpy(last, sha->block, held);
	last[held] = 0x80;
	for (int i = 0; i < 8; i++)
		last[length - 1 - i] = (uint8_t) (bits >> (8 * i));
	AddBlocks(sha->state, last, length / SHA256_BLOCK);
	for (int i = 0; i < SHA256_LENGTH; i++)
		digest[i] = (uint8_t) (sha->state[i / 4] >> (24 - 8 * (i % 4)));
}
