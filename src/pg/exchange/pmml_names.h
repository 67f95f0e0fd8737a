/*
 * pmml_names.h
 *		The names of the fields of a PMML document.
 */
#ifndef NORMFREEZE_PMML_NAMES_H
#define NORMFREEZE_PMML_NAMES_H

#include "pg/exchange/export.h"

/* The names of fields: prefixes that no feature's name begins with. */
typedef struct PmmlNames
{
	const char *derived;		/* of results */
	const char *normalized;		/* of outputs */
	const char *norm;			/* the whole name */
	const char *count;			/* the whole name */
	const char *step;			/* of results of steps before the last one */
} PmmlNames;

/* Return such names. */
extern PmmlNames FindPmmlNames(const Export *export);

/* Return the name of the field of a step's result. */
extern char *PmmlStepField(const PmmlNames *names, const Export *export, int slot, int step);

/*
 * Fail if a name has a character that XML 1.0 cannot represent even as a reference: most control characters,
 * U+FFFE and U+FFFF.
 */
extern void CheckPmmlName(const Export *export, int slot);

#endif							/* NORMFREEZE_PMML_NAMES_H */
