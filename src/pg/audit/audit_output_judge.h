/*
 * audit_output_judge.h
 *		Which reading brings values nearest to the training set.
 */
#ifndef NORMFREEZE_AUDIT_OUTPUT_JUDGE_H
#define NORMFREEZE_AUDIT_OUTPUT_JUDGE_H

#include "pg/audit/audit_readings.h"
#include "pg/audit/audit_state.h"

/* What the values of a feature are compared with. */
typedef enum Basis
{
	BASIS_PROFILE,
	BASIS_RANGE,				/* the least and greatest training value are all that is known */
	BASIS_NOTHING
} Basis;

typedef struct OutputFinding
{
	Basis		basis;
	const char *verdict;		/* consistent, inconsistent, unknown */
	const char *diagnosis;		/* NULL if consistent */
	char	   *evidence;
	double		distance[NREADINGS];	/* NaN where there is none */
	int64_t		missing;
} OutputFinding;

typedef struct OutputAudit
{
	AuditScaler *scaler;
	Profile		raw[NREADINGS]; /* by reading: what the raw values would have been; settled */
	bool		trained;		/* there is a training set to compare with */
	Profile		training;		/* with distribution */
	const char *why_not;		/* there is none */
} OutputAudit;

/* Set what the values are compared with: the profile of the scaler's training set, if it is there and to be read. */
extern void ReadTrainingOfOutput(OutputAudit *audit);

/* What the values of the i-th feature look like, once the raw profiles are settled and the training set is read. */
extern void JudgeOutput(const OutputAudit *audit, OutputFinding *finding, int i);

#endif							/* NORMFREEZE_AUDIT_OUTPUT_JUDGE_H */
