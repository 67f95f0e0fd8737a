/*
 * power_transform.h
 *		The transformations of Box and Cox and of Yeo and Johnson.
 */
#ifndef NORMFREEZE_CORE_POWER_TRANSFORM_H
#define NORMFREEZE_CORE_POWER_TRANSFORM_H

/* Transform a float8 value, and invert that.  The "Widened" forms have a float32 lambda. */
extern double YeoJohnson(double x, double lambda);
extern double YeoJohnsonInverse(double y, double lambda);
extern double YeoJohnsonWidened(double x, float lambda);
extern double YeoJohnsonInverseWidened(double y, float lambda);
extern double BoxCox(double x, double lambda);
extern double BoxCoxInverse(double y, double lambda);

/* The same for float4 values and a float64 lambda, as scikit-learn computes them. */
extern float YeoJohnsonSingle(float x, double lambda);
extern float YeoJohnsonInverseSingle(float y, double lambda);
extern float BoxCoxSingle(float x, double lambda);
extern float BoxCoxInverseSingle(float y, double lambda);

/* The same for a float32 lambda, with every step in float4. */
extern float YeoJohnsonCast(float x, float lambda);
extern float YeoJohnsonInverseCast(float y, float lambda);

#endif							/* NORMFREEZE_CORE_POWER_TRANSFORM_H */
