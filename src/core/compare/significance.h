/*
 * significance.h
 *		How likely a difference between two samples is if nothing has changed.
 *
 * Every p-value errs to the safe side where it errs: too large, never too
 * small, but for the chi-squared test, whose bins must be full enough.
 */
#ifndef NORMFREEZE_CORE_SIGNIFICANCE_H
#define NORMFREEZE_CORE_SIGNIFICANCE_H

#include <stdint.h>

/*
 * Two-sample Kolmogorov-Smirnov, two-sided: the chance that two distribution
 * functions of n and m values are somewhere at least distance / (n m) apart.
 */
extern double KolmogorovSmirnovProbability(unsigned __int128 distance, uint64_t n, uint64_t m);

/* Are two samples' counts in bins of one distribution?  Bins too thin for the test are joined. */
extern double HomogeneityProbability(const uint64_t *a, const uint64_t *b, int nbins);

/* The chance of at least k of m further values outside the range of n values. */
extern double OutsideProbability(uint64_t k, uint64_t m, uint64_t n);

/* Fisher's exact test: a of n against b of m; twice the smaller tail. */
extern double FisherProbability(uint64_t a, uint64_t n, uint64_t b, uint64_t m);

/* The chance that a chi-squared variable exceeds x. */
extern double ChiSquaredTail(double x, int degrees);

/* Holm's correction, in place, of the p-values of n hypotheses. */
extern void AdjustProbabilities(double *p, int n);

#endif							/* NORMFREEZE_CORE_SIGNIFICANCE_H */
