/*
 * significance.h
 *		Statistical tests: the probability of a difference between two samples if both have the same
 *		distribution.
 *
 * A p-value that is not exact is too large, never too small.  The exception is the chi-squared
 * test, which is an approximation if its bins are full enough.
 */
#ifndef NORMFREEZE_CORE_SIGNIFICANCE_H
#define NORMFREEZE_CORE_SIGNIFICANCE_H

#include <stdint.h>

/*
 * Return the two-sided p-value of the two-sample Kolmogorov-Smirnov test: the probability that the distribution
 * functions of n and m values are somewhere at least distance / (n m) apart.
 */
extern double KolmogorovSmirnovProbability(unsigned __int128 distance, uint64_t n, uint64_t m);

/*
 * Return the p-value of the hypothesis that the counts a and b in the same bins come from one distribution.
 * Bins that are too thin for the test are joined.
 */
extern double HomogeneityProbability(const uint64_t *a, const uint64_t *b, int nbins);

/* Return the probability that at least k of m further values lie outside of the range of n values. */
extern double OutsideProbability(uint64_t k, uint64_t m, uint64_t n);

/* Return the p-value of Fisher's exact test of a of n against b of m: twice the smaller tail. */
extern double FisherProbability(uint64_t a, uint64_t n, uint64_t b, uint64_t m);

/* Return the probability that a chi-squared variable exceeds x. */
extern double ChiSquaredTail(double x, int degrees);

/* Correct the p-values of n hypotheses in place, by Holm's method. */
extern void AdjustProbabilities(double *p, int n);

#endif							/* NORMFREEZE_CORE_SIGNIFICANCE_H */
