/*
 * row_results.h
 *		Planning several columns that are elements of one normalize(row, scaler) with a single call.
 */
#ifndef NORMFREEZE_ROW_RESULTS_H
#define NORMFREEZE_ROW_RESULTS_H

#include "pg/base/compat.h"

#include "nodes/parsenodes.h"

/* Share such calls everywhere in a query whose planning has not begun. */
extern void ShareRowResults(Query *query);

#endif							/* NORMFREEZE_ROW_RESULTS_H */
