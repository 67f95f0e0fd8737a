/*
 * most_frequent_pass.h
 *		A pass of fit_table() that finds the most frequent values of features.
 */
#ifndef NORMFREEZE_MOST_FREQUENT_PASS_H
#define NORMFREEZE_MOST_FREQUENT_PASS_H

#include "pg/base/compat.h"

#include "pg/fit/pass_plan.h"

/*
 * Answer what is asked about most frequent values and follows from the distributions.  Return how many features
 * need a pass.
 */
extern int	LearnMostFrequentFromCells(TableFit *fit);

/* Run such a pass, and answer.  Return false if the rows are not those of the first pass. */
extern bool RunMostFrequentPass(TableFit *fit);

#endif							/* NORMFREEZE_MOST_FREQUENT_PASS_H */
