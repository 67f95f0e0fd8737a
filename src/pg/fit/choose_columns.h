/*
 * choose_columns.h
 *		Which columns of a row are the features of a fit, or of a profile.
 */
#ifndef NORMFREEZE_CHOOSE_COLUMNS_H
#define NORMFREEZE_CHOOSE_COLUMNS_H

#include "pg/base/compat.h"

#include "access/tupdesc.h"
#include "pg/base/names.h"
#include "pg/fit/fit_spec.h"

/*
 * Which columns are the features of a fit, or of a profile (spec is NULL): all,
 * or those that its options choose, and its targets.  A name that options
 * mention and no column has, or several, is an error.
 */
extern NameList ChooseColumns(TupleDesc desc, const FitSpec *spec);

/* The end of hints: how to choose the features otherwise. */
#define ADVICE_FOR_FIT \
	"Or choose other features: option \"columns\" names them, {\"columns\": \"numeric\"} takes all that are numeric or boolean, \"exclude\" names what to leave out."
#define ADVICE_FOR_PROFILE \
	"Or name the columns to take: normfreeze.profile(s, ARRAY['a', 'b'])."

#endif							/* NORMFREEZE_CHOOSE_COLUMNS_H */
