/*
 * parameter_shapes.h
 *		What the keys of files of parameters mean, and which of them together make a scaler.
 */
#ifndef NORMFREEZE_PARAMETER_SHAPES_H
#define NORMFREEZE_PARAMETER_SHAPES_H

#include "pg/base/compat.h"

/* What a number in such a file is. */
typedef enum ParameterRole
{
	ROLE_MEAN,
	ROLE_CENTER,
	ROLE_STD,
	ROLE_SCALE,					/* what divides, or beside a minimum what multiplies */
	ROLE_VARIANCE,
	ROLE_MEDIAN,
	ROLE_IQR,
	ROLE_MIN,
	ROLE_MAX,
	ROLE_DATA_MIN,
	ROLE_DATA_MAX,
	ROLE_RANGE,
	ROLE_P01,
	ROLE_P99,
	ROLE_P02,
	ROLE_P98,
	ROLE_P05,
	ROLE_P95,
	ROLE_P10,
	ROLE_P90,
	ROLE_P25,
	ROLE_P75,
	ROLE_Q1,					/* 1 or 25 percent, which the key beside it tells */
	ROLE_Q3,
	ROLE_POINTS,
	ROLE_X0,
	ROLE_Y0,
	ROLE_X1,
	ROLE_Y1,
	ROLE_RESCALE,
	/* from here on: no parameters */
	ROLE_DO_RESCALE,
	ROLE_DO_NORMALIZE,
	ROLE_FEATURE_RANGE,
	ROLE_MASK,
	ROLE_COUNT,
	ROLE_FEATURE_COUNT,
	ROLE_NAMES,					/* a list of names; of one feature, its name */
	ROLE_NONE
} ParameterRole;

#define NROLES	((int) ROLE_NONE)

/* Return the role of a key, however its words are joined; ROLE_NONE if it has none. */
extern ParameterRole RoleOfKey(const char *key, int length);

/* Return a key that has the role, for errors. */
extern const char *RoleName(ParameterRole role);

/* A way to scale. */
typedef enum ParameterShape
{
	SHAPE_STANDARD,
	SHAPE_ROBUST,
	SHAPE_RANGE,
	SHAPE_QUANTILES,
	SHAPE_SKLEARN_RANGE,
	SHAPE_POINTS,
	SHAPE_NONE
} ParameterShape;

extern const char *const parameter_shape_names[];	/* in the order of the codes; ends with NULL */

/* Which roles a shape takes.  Those that it does not need are ROLE_NONE. */
typedef struct ShapeRoles
{
	ParameterShape shape;
	ParameterRole first;		/* what is subtracted, or the lower end */
	ParameterRole second;		/* what divides, or the upper end */
	bool		is_end;			/* "second" is an end, not a width */
	bool		said;			/* only if the shape is said */
} ShapeRoles;

/*
 * Return how a shape is made of the roles that there are, or NULL if it is not.  "said" is whether the shape is
 * required by the caller.
 */
extern const ShapeRoles *FindShapeRoles(ParameterShape shape, const bool *there, bool said);

/* Return the upper quartile that belongs to a lower one; ROLE_NONE for another role. */
extern ParameterRole UpperQuartile(ParameterRole lower);

/* Return the only shape that fits; SHAPE_NONE if none does.  If two do, set *other to the second one. */
extern ParameterShape FittingShape(const bool *there, ParameterShape *other);

/* Return what each shape needs, in a sentence. */
extern const char *ShapesText(void);

#endif							/* NORMFREEZE_PARAMETER_SHAPES_H */
