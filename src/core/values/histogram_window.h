/*
 * histogram_window.h
 *		Where the window of a histogram is.
 */
#ifndef NORMFREEZE_CORE_HISTOGRAM_WINDOW_H
#define NORMFREEZE_CORE_HISTOGRAM_WINDOW_H

#include "core/values/histogram.h"

/*
 * Place the window where most of the values seen so far are, which are `rows`
 * at most; one that few values have missed stays where it is.  To be called
 * before WINDOW_COUNTER_ROWS values have been added since the last time.
 */
extern void HistogramPlaceWindow(Histogram *histogram, int64_t rows);

#endif							/* NORMFREEZE_CORE_HISTOGRAM_WINDOW_H */
