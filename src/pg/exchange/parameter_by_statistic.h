/*
 * parameter_by_statistic.h
 *		Parameters that are arranged as objects with a value for each feature.
 */
#ifndef NORMFREEZE_PARAMETER_BY_STATISTIC_H
#define NORMFREEZE_PARAMETER_BY_STATISTIC_H

#include "pg/exchange/parameter_blocks.h"

/* One of the statistics that are given. */
typedef struct GivenStatistic
{
	ParameterRole role;
	const JsonNode *object;
} GivenStatistic;

/* Make a block for each feature.  Fails unless all statistics are of the same features. */
extern void ReadByStatistic(const Import *import, const ParameterWords *words, const GivenStatistic *statistics,
							int nstatistics, ParameterBlocks *blocks);

#endif							/* NORMFREEZE_PARAMETER_BY_STATISTIC_H */
