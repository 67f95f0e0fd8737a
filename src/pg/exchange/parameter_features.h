/*
 * parameter_features.h
 *		A feature's formula, from its statistics in a file of parameters.
 */
#ifndef NORMFREEZE_PARAMETER_FEATURES_H
#define NORMFREEZE_PARAMETER_FEATURES_H

#include "pg/exchange/parameter_options.h"

/* What has been read. */
typedef struct Parameters
{
	Import		import;
	ParameterOptions options;
	ParameterBlocks blocks;
	ParameterShape shape;
	bool		rescales;		/* values are multiplied by rescale_factor first */
	bool		normalizes;		/* and then scaled */
} Parameters;

/* Return which statistics there are, for errors. */
extern const char *StatisticsText(const bool *there);

/* Read feature i of a block, which is number "place" among all. */
extern void ReadParameterFeature(const Parameters *p, const ParameterBlock *block, const ShapeRoles *roles, int i,
								 int place);

/* Fail at a statistic that no part of the shape is, unless the caller has decided for the shape. */
extern void RefuseUnusedStatistics(const Parameters *p, const ParameterBlock *block, const ShapeRoles *roles);

#endif							/* NORMFREEZE_PARAMETER_FEATURES_H */
