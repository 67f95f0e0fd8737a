/*
 * elementary.c
 *		What correct rounding costs: each function against libm's.
 *
 * cc -O2 -ffp-contract=off -std=gnu11 -Isrc bench/elementary.c \
 *	src/core/base/{elementary,elementary_bases,cube_root,hyperbolic,logistic}.c \
 *	src/core/base/{normal_probability,normal_quantile,by_mpfr}.c -lmpfr -lgmp -lm -o build/elementary
 *
 * Arguments are as features have them.  The functions take turns, and the
 * best of many rounds counts, so that a busy machine disturbs both alike.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "core/base/elementary.h"
#include "core/scaler/quantile.h"

#define COUNT	20000
#define ROUNDS	30

static double normal[COUNT];
static double lognormal[COUNT];
static double exponent[COUNT];
static double uniform[COUNT];
static volatile double sink;

static double
Uniform(void)
{
	static uint64_t state = 20261121;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return ((state >> 11) + 0.5) * 0x1p-53;
}

static double
Seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

#define BEST(best, call) \
	do { \
		double		start = Seconds(); \
		double		sum = 0.0; \
		double		spent; \
		for (int i = 0; i < COUNT; i++) \
			sum += (call); \
		spent = (Seconds() - start) / COUNT * 1e9; \
		sink = sum; \
		if (spent < (best)) \
			(best) = spent; \
	} while (0)

#define COMPARE(name, ours, theirs) \
	do { \
		double		a = 1e9; \
		double		b = 1e9; \
		for (int round = 0; round < ROUNDS; round++) \
		{ \
			BEST(a, ours); \
			BEST(b, theirs); \
		} \
		printf("%-28s %6.1f ns   libm %6.1f ns   ratio %.2f\n", name, a, b, a / b); \
	} while (0)

#define ALONE(name, ours) \
	do { \
		double		a = 1e9; \
		for (int round = 0; round < ROUNDS; round++) \
			BEST(a, ours); \
		printf("%-28s %6.1f ns\n", name, a); \
	} while (0)

int
main(void)
{
	for (int i = 0; i < COUNT; i++)
	{
		double		radius = sqrt(-2.0 * log(Uniform()));

		uniform[i] = Uniform();
		normal[i] = radius * cos(6.283185307179586 * uniform[i]);
		lognormal[i] = exp(radius * sin(6.283185307179586 * uniform[i]));
		exponent[i] = -2.0 + 5.0 * Uniform();
	}
	COMPARE("log, lognormal", RoundedLog(lognormal[i]), log(lognormal[i]));
	COMPARE("log, 1e5 lognormal", RoundedLog(1e5 * lognormal[i]), log(1e5 * lognormal[i]));
	COMPARE("log1p, lognormal", RoundedLog1p(lognormal[i]), log1p(lognormal[i]));
	COMPARE("log1p, small", RoundedLog1p(1e-3 * normal[i]), log1p(1e-3 * normal[i]));
	COMPARE("exp, normal", RoundedExp(normal[i]), exp(normal[i]));
	COMPARE("expm1, normal", RoundedExpm1(normal[i]), expm1(normal[i]));
	COMPARE("expm1, small", RoundedExpm1(1e-3 * normal[i]), expm1(1e-3 * normal[i]));
	COMPARE("pow, lognormal, -2 to 3", RoundedPow(lognormal[i], exponent[i]), pow(lognormal[i], exponent[i]));
	COMPARE("pow, 1e5 lognormal, 0.3", RoundedPow(1e5 * lognormal[i], 0.3), pow(1e5 * lognormal[i], 0.3));
	COMPARE("log2, 1e5 lognormal", RoundedLog2(1e5 * lognormal[i]), log2(1e5 * lognormal[i]));
	COMPARE("log10, 1e5 lognormal", RoundedLog10(1e5 * lognormal[i]), log10(1e5 * lognormal[i]));
	COMPARE("exp2, normal", RoundedExp2(normal[i]), exp2(normal[i]));
	COMPARE("exp10, normal", RoundedExp10(normal[i]), pow(10.0, normal[i]));
	COMPARE("cbrt, 1e5 lognormal", RoundedCbrt(1e5 * lognormal[i]), cbrt(1e5 * lognormal[i]));
	COMPARE("cube, normal", RoundedCube(normal[i]), pow(normal[i], 3.0));
	COMPARE("asinh, normal", RoundedAsinh(normal[i]), asinh(normal[i]));
	COMPARE("asinh, 1e5 lognormal", RoundedAsinh(1e5 * lognormal[i]), asinh(1e5 * lognormal[i]));
	COMPARE("sinh, normal", RoundedSinh(normal[i]), sinh(normal[i]));
	COMPARE("logit, uniform", RoundedLogit(uniform[i]), log(uniform[i] / (1.0 - uniform[i])));
	COMPARE("expit, normal", RoundedExpit(normal[i]), 1.0 / (1.0 + exp(-normal[i])));
	COMPARE("log1pf", RoundedLog1pSingle(lognormal[i]), log1pf(lognormal[i]));
	COMPARE("expm1f", RoundedExpm1Single(normal[i]), expm1f(normal[i]));
	COMPARE("powf", RoundedPowSingle(lognormal[i], exponent[i]), powf(lognormal[i], exponent[i]));
	COMPARE("normal probability (erfc)", NormalProbability(normal[i]),
			0.5 * erfc(normal[i] * -0.70710678118654752));
	ALONE("normal quantile", NormalQuantile(uniform[i]));
	return 0;
}
