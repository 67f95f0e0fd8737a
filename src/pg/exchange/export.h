/*
 * export.h
 *		Scalers in the formats of other systems: what writing them has in common.
 *
 * Every export carries the artifact, the scaler's own JSON with its probes, so
 * that it can be verified anywhere and imported again.  An import takes the
 * scaler from the artifact, and the rest must be what exporting that writes.
 */
#ifndef NORMFREEZE_EXPORT_H
#define NORMFREEZE_EXPORT_H

#include "pg/base/compat.h"

#include "core/scaler/transform.h"
#include "pg/scaler/scaler_view.h"

typedef struct Export
{
	const char *format;			/* how errors name it, such as "ONNX" */
	ScalerView	view;
	Recipe		recipe;
	Transform	transform;
	int64		id;
	char	   *fingerprint;	/* in hexadecimal */
	char	   *artifact;		/* the bare scaler as JSON */
} Export;

extern void ExportInit(Export *export, const char *format, Datum scaler);

/* "age", or f3 if features have no names: what a slot's column is called elsewhere */
extern char *ExportName(const Export *export, int slot);

/*
 * The format cannot express this of a slot, such as "formula log1p" or "policy
 * missing: error"; can: what it can express, a list for the hint.
 */
pg_noreturn extern void ExportUnsupported(const Export *export, int slot, const char *what, const char *can);

/* The formulas that are plain arithmetic (formula.h: steps), a list for such hints. */
extern char *ArithmeticFormulas(void);

/* Policies that a format cannot express, a bit for each code (core/scaler/recipe.h). */
typedef struct PolicyLimits
{
	uint32		missing;
	uint32		outside;
	uint32		constant;		/* of features that are constant */
} PolicyLimits;

#define POLICY_BIT(code)	(UINT32_C(1) << (code))

/* Errors out if one of them is a slot's; can: as above. */
extern void ExportCheckPolicies(const Export *export, int slot, const PolicyLimits *limits, const char *can);

/* Where only what a value becomes can be expressed: a policy that is an error cannot. */
extern void ExportRefuseErrors(const Export *export);

/* The scaler of an artifact, checked as any text of a scaler. */
extern bytea *ScalerFromArtifact(const char *artifact);

/* What was imported is not what exporting the scaler it carries writes. */
pg_noreturn extern void DamagedExport(const char *format, const char *detail);

#endif							/* NORMFREEZE_EXPORT_H */
