/*
 * row_norm.h
 *		Norms of rows.
 */
#ifndef NORMFREEZE_CORE_ROW_NORM_H
#define NORMFREEZE_CORE_ROW_NORM_H

/*
 * Return the exact norm of n values, rounded once.  NaN values are left out.  A norm of zero becomes 1, a
 * divisor that changes nothing.
 */
extern double NormL1(const double *x, int n);
extern double NormL2(const double *x, int n);
extern double NormMax(const double *x, int n);
extern float NormL1Single(const float *x, int n);
extern float NormL2Single(const float *x, int n);
extern float NormMaxSingle(const float *x, int n);

/*
 * Return a norm as Apache Spark computes it (mllib/linalg/Vectors.scala: norm): each addition is rounded, from
 * left to right.  It may overflow or underflow, and a NaN makes it NaN.
 */
extern double NormL1InOrder(const double *x, int n);
extern double NormL2InOrder(const double *x, int n);
extern float NormL1InOrderSingle(const float *x, int n);
extern float NormL2InOrderSingle(const float *x, int n);

#endif							/* NORMFREEZE_CORE_ROW_NORM_H */
