/*
 * row_results.h
 *		Planning several columns of one normalize(row, scaler) with one call.
 */
#ifndef NORMFREEZE_ROW_RESULTS_H
#define NORMFREEZE_ROW_RESULTS_H

#include "pg/base/compat.h"

#include "nodes/parsenodes.h"

/* Everywhere in a query that nobody has begun to plan yet. */
extern void ShareRowResults(Query *query);

#endif							/* NORMFREEZE_ROW_RESULTS_H */
