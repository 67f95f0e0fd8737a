/*
 * key_columns.h
 *		Columns that tell rows apart, taken for features by accident.
 */
#ifndef NORMFREEZE_KEY_COLUMNS_H
#define NORMFREEZE_KEY_COLUMNS_H

#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"

/*
 * A notice if features that nobody named are a primary key of the relation, or
 * unique in it.  Silent where the fit names its columns.
 */
extern void NoticeKeyColumns(Oid relation, const FitSpec *spec, int nfeatures, char *const *names);

#endif							/* NORMFREEZE_KEY_COLUMNS_H */
