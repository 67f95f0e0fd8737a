/*
 * histogram_window.h
 *		Placing the window of a histogram.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_WINDOW_H
#define NORMFREEZE_CORE_HISTOGRAM_WINDOW_H

#include "core/values/histogram.h"

/*
 * Place the window where most of the values seen so far are.
 *
 * "rows" is an upper bound of their number.  A window that few values have missed stays where it is.  To be
 * called again before WINDOW_COUNTER_ROWS more values have been added.
 */
extern void HistogramPlaceWindow(Histogram *histogram, int64_t rows);

#endif							/* NORMFREEZE_CORE_HISTOGRAM_WINDOW_H */
