/*
 * key_columns.h
 *		Noticing columns that tell rows apart and were taken for features by accident.
 */
#ifndef NORMFREEZE_KEY_COLUMNS_H
#define NORMFREEZE_KEY_COLUMNS_H

#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"

/*
 * Give a notice if features that nobody named are a primary key of the relation, or unique in it.  Nothing is
 * said if the fit names its columns.
 */
extern void NoticeKeyColumns(Oid relation, const FitSpec *spec, int nfeatures, char *const *names);

#endif							/* NORMFREEZE_KEY_COLUMNS_H */
