/*
 * float_bits.h
 *		IEEE 754 binary64 seen as bits, and the floating-point environment.
 *
 * A finite double is M * 2^(max(E,1) - 1075) with biased exponent E and a
 * 53-bit significand M.
 */
#ifndef NORMFREEZE_CORE_FLOAT_BITS_H
#define NORMFREEZE_CORE_FLOAT_BITS_H

#include <fenv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

typedef unsigned __int128 uint128_t;
typedef __int128 int128_t;

#define SIGN_BIT			UINT64_C(0x8000000000000000)
#define MAGNITUDE_MASK		UINT64_C(0x7FFFFFFFFFFFFFFF)
#define FRACTION_MASK		UINT64_C(0x000FFFFFFFFFFFFF)
#define HIDDEN_BIT			UINT64_C(0x0010000000000000)
#define INFINITY_BITS		UINT64_C(0x7FF0000000000000)

/* Convert a double to its bits, and back. */
static inline uint64_t
DoubleBits(double x)
{
	uint64_t	bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static inline double
BitsDouble(uint64_t bits)
{
	double		x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/*
 * Return 0 for -0, and any other value as it is.  Both zeros count as one value, so statistics do not
 * depend on which came first.
 */
static inline double
CanonicalZero(double x)
{
	return (DoubleBits(x) << 1) == 0 ? 0.0 : x;
}

/* Return whether bits are those of a finite number. */
static inline bool
IsFiniteBits(uint64_t bits)
{
	return (bits & MAGNITUDE_MASK) < INFINITY_BITS;
}

/* Tests on bits hold whatever the compiler assumes about NaN. */
static inline bool
IsNaNBits(uint64_t bits)
{
	return (bits & MAGNITUDE_MASK) > INFINITY_BITS;
}

/*
 * Convert a finite double to an unsigned key that sorts as the doubles do, and back. (The usual flip of the
 * sign, as in radix sorts of floats.)
 */
static inline uint64_t
OrderKey(double x)
{
	uint64_t	bits = DoubleBits(CanonicalZero(x));

	return bits ^ ((uint64_t) ((int64_t) bits >> 63) | SIGN_BIT);
}

static inline double
OrderKeyValue(uint64_t key)
{
	return BitsDouble((key & SIGN_BIT) ? key ^ SIGN_BIT : ~key);
}

/*
 * Return whether rounding is to nearest even, and subnormals are neither flushed nor read as zero.
 *
 * Another library in the process, such as one linked with -ffast-math, may have changed that, and results would
 * have other bits.
 */
static inline bool
FloatEnvironmentIsDefault(void)
{
#if defined(__SSE2__)
	/* MXCSR: bits 13-14 rounding control, 15 flush to zero, 6 denormals are zero */
	return (_mm_getcsr() & 0xE040) == 0;
#elif defined(__aarch64__)
	uint64_t	fpcr;

	/* FPCR: bits 22-23 rounding mode, 24 flush to zero, 0 and 1 its variants */
	__asm__ __volatile__("mrs %0, fpcr" : "=r"(fpcr));
	return (fpcr & UINT64_C(0x1C00003)) == 0;
#else
	return fegetround() == FE_TONEAREST;
#endif
}

#endif							/* NORMFREEZE_CORE_FLOAT_BITS_H */
