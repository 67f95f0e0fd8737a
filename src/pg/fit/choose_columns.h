/*
 * choose_columns.h
 *		Choosing the columns of a row that are the features of a fit or of a profile.
 */
#ifndef NORMFREEZE_CHOOSE_COLUMNS_H
#define NORMFREEZE_CHOOSE_COLUMNS_H

#include "pg/base/compat.h"

#include "access/tupdesc.h"
#include "pg/base/names.h"
#include "pg/fit/fit_spec.h"

/*
 * Return the columns that are features: all, or those that the options choose, and the targets.  "spec" is NULL
 * for a profile.
 *
 * Fails if there are none, if option "exclude" names a column that is not there or is there twice, or if options
 * "features" and "target" name something that is not a feature.  Whether the row has the columns of option
 * "columns" is checked when they are bound (RowMapBind()).
 */
extern NameList ChooseColumns(TupleDesc desc, const FitSpec *spec);

/* The end of hints: how the features may be chosen otherwise. */
#define ADVICE_FOR_FIT \
	"Or choose other features: option \"columns\" names them, {\"columns\": \"numeric\"} takes all that are numeric or boolean, \"exclude\" names what to leave out."
#define ADVICE_FOR_PROFILE \
	"Or name the columns to take: normfreeze.profile(s, ARRAY['a', 'b'])."

#endif							/* NORMFREEZE_CHOOSE_COLUMNS_H */
