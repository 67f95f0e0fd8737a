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

typedef void (*ReadOption) (FitSpec *spec, FeatureSpec *feature, const JsonNode *value);

typedef struct FitOption
{
	const char *name;
	int			inputs;			/* for which kinds of input */
	bool		per_feature;	/* also inside "features" */
	ReadOption	read;			/* NULL for "features", which is read after all others */
	const MethodOption *beside; /* only for methods with this option, if not NULL */
	bool		given;			/* only for methods whose parameters options give */
} FitOption;

extern const FitOption fit_options[];	/* ends with a NULL name */

extern bool OptionIsOfMethod(const FitOption *option, const Method *method);

/* The bit of FitOption.inputs. */
extern int	InputBit(FitInput input);

/* expected completes "It must be ..." */
pg_noreturn extern void BadOption(const JsonNode *value, const char *expected);

#endif							/* NORMFREEZE_FIT_OPTIONS_H */
