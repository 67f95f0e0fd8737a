/*
 * quantile_map.h
 *		Mapping a feature's quantiles to a uniform or normal distribution, and back.
 */
#ifndef NORMFREEZE_CORE_QUANTILE_MAP_H
#define NORMFREEZE_CORE_QUANTILE_MAP_H

/*
 * Map a value by n ascending quantiles, which belong to n evenly spaced probabilities from 0 to 1, and invert
 * that.
 */
extern double QuantileToUniform(double x, const double *quantiles, int n);
extern double UniformToQuantile(double p, const double *quantiles, int n);
extern double QuantileToNormal(double x, const double *quantiles, int n);
extern double NormalToQuantile(double z, const double *quantiles, int n);
extern float QuantileToUniformSingle(float x, const double *quantiles, int n);
extern float UniformToQuantileSingle(float p, const double *quantiles, int n);
extern float QuantileToNormalSingle(float x, const double *quantiles, int n);
extern float NormalToQuantileSingle(float z, const double *quantiles, int n);

/* Return numpy.linspace(0, 1, n)[k]. */
extern double ReferenceProbability(int k, int n);

#endif							/* NORMFREEZE_CORE_QUANTILE_MAP_H */
