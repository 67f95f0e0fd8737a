/*
 * fit_options.h
 *		The options of a fit that are not in the table of methods.
 */
#ifndef NORMFREEZE_FIT_OPTIONS_H
#define NORMFREEZE_FIT_OPTIONS_H

#include "pg/base/compat.h"

#include "pg/fit/fit_spec.h"

#define BIT_ARRAY	1
#define BIT_ROW		2
#define BIT_PROFILE	4

/* Reads the value of an option into the fit or into one feature.  Fails if it is not valid. */
typedef void (*ReadOption) (FitSpec *spec, FeatureSpec *feature, const JsonNode *value);

/* An option: one row of the table in fit_options.c. */
typedef struct FitOption
{
	const char *name;
	int			inputs;			/* the kinds of input that it applies to, by InputBit() */
	bool		per_feature;	/* allowed inside "features" as well */
	ReadOption	read;			/* NULL for "features", which is read last, and "steps", which is read first */
	const MethodOption *beside; /* only for methods with this option; NULL for all methods */
	bool		given;			/* only for methods whose parameters are options */
	bool		of_profile;		/* an option of profile(), too */
} FitOption;

extern const FitOption fit_options[];	/* ends with a NULL name */

/* Return whether an option applies to a method. */
extern bool OptionIsOfMethod(const FitOption *option, const Method *method);

/* Return the bit of a kind of input in FitOption.inputs. */
extern int	InputBit(FitInput input);

/* Report that the value of an option is not valid.  "expected" completes the sentence "It must be ...". */
pg_noreturn extern void BadOption(const JsonNode *value, const char *expected);

/* Return the place of a value among the choices of its option, which end with NULL.  Fails as BadOption() otherwise. */
extern int	ReadOneOf(const JsonNode *value, const char *const *choices, const char *expected);

#endif							/* NORMFREEZE_FIT_OPTIONS_H */
