/*
 * parameter_before.h
 *		The steps that are applied to a value before parameters from a file are.
 */
#ifndef NORMFREEZE_PARAMETER_BEFORE_H
#define NORMFREEZE_PARAMETER_BEFORE_H

#include "pg/exchange/parameter_options.h"

/*
 * Set the steps of the options from the value of option "before": a step, or an array of steps, as a fit takes them.
 * The dtype has been read.  Fails for a step whose parameters only values could give.
 */
extern void ReadBefore(const JsonNode *value, ParameterOptions *options);

#endif							/* NORMFREEZE_PARAMETER_BEFORE_H */
