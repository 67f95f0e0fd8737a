/*
 * audit_output_judge.h
 *		Deciding which reading brings values nearest to the training set.
 */
#ifndef NORMFREEZE_AUDIT_OUTPUT_JUDGE_H
#define NORMFREEZE_AUDIT_OUTPUT_JUDGE_H

#include "pg/audit/audit_readings.h"
#include "pg/audit/audit_state.h"

/* What the values of a feature are compared with.  */
typedef enum Basis
{
	BASIS_PROFILE,
	BASIS_RANGE,				/* nothing is known but the least and greatest training value */
	BASIS_NOTHING
} Basis;

/* What an audit without raw values found on a feature.  */
typedef struct OutputFinding
{
	Basis		basis;
	const char *verdict;		/* consistent, inconsistent, unknown */
	const char *diagnosis;		/* NULL if consistent */
	char	   *evidence;
	double		distance[NREADINGS];	/* by reading; NaN if it could not be measured */
	int64_t		missing;
} OutputFinding;

/* An audit without raw values, laid out for its findings.  */
typedef struct OutputAudit
{
	AuditScaler *scaler;
	Profile		raw[NREADINGS]; /* by reading: what the raw values would have been; settled */
	bool		trained;		/* training is set */
	Profile		training;		/* has distributions */
	const char *why_not;		/* why trained is false; a clause */
} OutputAudit;

/*
 * Read the profile of the scaler's training set, or set why_not if it was not kept or may not be read by the
 * current user.
 */
extern void ReadTrainingOfOutput(OutputAudit *audit);

/* Fill in the finding of the i-th input.  The raw profiles must be settled, and the training set read.  */
extern void JudgeOutput(const OutputAudit *audit, OutputFinding *finding, int i);

#endif							/* NORMFREEZE_AUDIT_OUTPUT_JUDGE_H */
