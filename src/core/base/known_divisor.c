/*
 * known_divisor.c
 *		Quotients by divisors that are known in advance, without dividing.
 *
 * With r the reciprocal of b, rounded to nearest,
 *		q = a r,  rest = a - q b,  a / b = q + rest r,
 * one multiplication and two fused multiply-adds, each rounded to nearest,
 * give the correctly rounded quotient (Brisebarre, Muller and Raina,
 * "Accelerating correctly rounded floating-point division when the divisor is
 * known in advance", IEEE Transactions on Computers, 2004) as long as nothing
 * over- or underflows.  CPUs divide eight doubles in 16 cycles and do this in 2.
 *
 * Values outside of [LEAST, MOST] are divided.  So are infinity, NaN, and -0, whose sign the last step would
 * lose.
 */
#include "core/base/known_divisor.h"

#include <math.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Quotients then are within 2^-901 and 2^901, and rests multiples of 2^-606, or 0. */
#define LEAST				0x1p-500
#define MOST				0x1p500
#define LEAST_DIVISOR		0x1p-400
#define MOST_DIVISOR		0x1p400

double
DivisorReciprocal(double divisor)
{
	return fabs(divisor) >= LEAST_DIVISOR && fabs(divisor) <= MOST_DIVISOR ? 1.0 / divisor : NAN;
}

#if defined(__x86_64__)

typedef void (*DivideFunction) (const double *x, double *y, const double *center, const double *divisor,
								const double *reciprocal, int n);

#define AVX512	__attribute__((target("avx512f,avx512dq")))
#define AVX2	__attribute__((target("avx2,fma")))

AVX512 static inline void
DivideEight(const double *x, double *y, const double *center, const double *divisor, const double *reciprocal,
			__mmask8 present)
{
	__m512d		a = _mm512_maskz_loadu_pd(present, x);
	__m512d		b = _mm512_maskz_loadu_pd(present, divisor);
	__m512d		r = _mm512_maskz_loadu_pd(present, reciprocal);
	__m512d		q;
	__m512i		magnitude;
	__mmask8	bad;

	if (center)
		a = _mm512_sub_pd(a, _mm512_maskz_loadu_pd(present, center));
	q = _mm512_mul_pd(a, r);
	q = _mm512_fmadd_pd(_mm512_fnmadd_pd(q, b, a), r, q);

	/* a zero is good, but -0 is not */
	magnitude = _mm512_and_si512(_mm512_castpd_si512(a), _mm512_set1_epi64(MAGNITUDE_MASK));
	bad = _mm512_mask_cmpgt_epu64_mask(_mm512_test_epi64_mask(_mm512_castpd_si512(a), _mm512_castpd_si512(a)),
									   _mm512_sub_epi64(magnitude, _mm512_castpd_si512(_mm512_set1_pd(LEAST))),
									   _mm512_sub_epi64(_mm512_castpd_si512(_mm512_set1_pd(MOST)),
														_mm512_castpd_si512(_mm512_set1_pd(LEAST))));
	if (__builtin_expect(bad != 0, 0))
		q = _mm512_div_pd(a, b);
	_mm512_mask_storeu_pd(y, present, q);
}

AVX512 static void
DivideAvx512(const double *x, double *y, const double *center, const double *divisor, const double *reciprocal, int n)
{
	int			i;

	for (i = 0; i + 8 <= n; i += 8)
		DivideEight(x + i, y + i, center ? center + i : NULL, divisor + i, reciprocal + i, 0xFF);
	if (i < n)
		DivideEight(x + i, y + i, center ? center + i : NULL, divisor + i, reciprocal + i,
					(__mmask8) ((1u << (n - i)) - 1));
}

AVX2 static void
DivideAvx2(const double *x, double *y, const double *center, const double *divisor, const double *reciprocal, int n)
{
	int			i;

	for (i = 0; i + 4 <= n; i += 4)
	{
		__m256d		a = _mm256_loadu_pd(x + i);
		__m256d		b = _mm256_loadu_pd(divisor + i);
		__m256d		r = _mm256_loadu_pd(reciprocal + i);
		__m256d		q;
		__m256d		magnitude;
		__m256d		good;

		if (center)
			a = _mm256_sub_pd(a, _mm256_loadu_pd(center + i));
		q = _mm256_mul_pd(a, r);
		q = _mm256_fmadd_pd(_mm256_fnmadd_pd(q, b, a), r, q);

		magnitude = _mm256_andnot_pd(_mm256_set1_pd(-0.0), a);
		good = _mm256_and_pd(_mm256_cmp_pd(magnitude, _mm256_set1_pd(LEAST), _CMP_GE_OQ),
							 _mm256_cmp_pd(magnitude, _mm256_set1_pd(MOST), _CMP_LE_OQ));
		good =
			_mm256_or_pd(good, _mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_castpd_si256(a), _mm256_setzero_si256())));
		if (__builtin_expect(_mm256_movemask_pd(good) != 0xF, 0))
			q = _mm256_div_pd(a, b);
		_mm256_storeu_pd(y + i, q);
	}
	for (; i < n; i++)
		y[i] = (center ? x[i] - center[i] : x[i]) / divisor[i];
}

static DivideFunction divide;
static bool chosen;

bool
DivisionUseKernel(const char *name)
{
	bool		found = true;

	__builtin_cpu_init();
	if (strcmp(name, "avx512") == 0 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
		divide = DivideAvx512;
	else if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		divide = DivideAvx2;
	else if (strcmp(name, "portable") == 0)
		divide = NULL;
	else
		found = false;
	chosen = chosen || found;
	return found;
}

bool
DivideByKnown(const double *x, double *y, const double *center, const double *divisor, const double *reciprocal, int n)
{
	if (__builtin_expect(!chosen, 0))
		(void) (DivisionUseKernel("avx512") || DivisionUseKernel("avx2") || DivisionUseKernel("portable"));
	if (divide == NULL)
		return false;
	divide(x, y, center, divisor, reciprocal, n);
	return true;
}

#else							/* !__x86_64__ */

bool
DivisionUseKernel(const char *name)
{
	return strcmp(name, "portable") == 0;
}

bool
DivideByKnown(const double *x, double *y, const double *center, const double *divisor, const double *reciprocal, int n)
{
	(void) x, (void) y, (void) center, (void) divisor, (void) reciprocal, (void) n;
	return false;
}

#endif
