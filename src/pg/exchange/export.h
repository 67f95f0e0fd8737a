/*
 * export.h
 *		What writing scalers in the formats of other systems has in common.
 *
 * Every export carries the artifact: the scaler's own JSON with its probes.  So an export can be
 * verified anywhere, and imported again.  An import takes the scaler from the artifact, and the
 * rest must be what exporting that scaler writes.
 */
#ifndef NORMFREEZE_EXPORT_H
#define NORMFREEZE_EXPORT_H

#include "pg/base/compat.h"

#include "core/scaler/transform.h"
#include "pg/scaler/scaler_view.h"

/* A scaler on its way into another format. */
typedef struct Export
{
	const char *format;			/* the name that errors use, such as "ONNX" */
	ScalerView	view;
	Recipe		recipe;
	Transform	transform;
	int			nsteps;			/* of the input that has most */
	FeatureRecipe **steps;		/* by slot: its steps (core/scaler/recipe_steps.h), if it has several */
	int64		id;
	char	   *fingerprint;	/* in hexadecimal digits */
	char	   *artifact;		/* the scaler as JSON, without its profile */
} Export;

/* Prepare the export of a scaler.  Fails for a set of scalers. */
extern void ExportInit(Export *export, const char *format, Datum scaler);

/* Return the number of steps of a slot, and one of them as a feature by itself, from 0 on. */
static inline int
ExportStepCount(const Export *export, int slot)
{
	return export->transform.slots[slot]->nbefore + 1;
}

static inline const FeatureRecipe *
ExportStep(const Export *export, int slot, int step)
{
	return export->steps[slot] ? &export->steps[slot][step] : export->transform.slots[slot];
}

/*
 * Return the name of a slot's column in the other system: that of the feature, or such as f3 if features have
 * no names.
 */
extern char *ExportName(const Export *export, int slot);

/*
 * Report that a format cannot express something of a slot, such as "formula log1p" or "policy missing: error".
 *
 * "can" lists what it can express, for the hint.
 */
pg_noreturn extern void ExportUnsupported(const Export *export, int slot, const char *what, const char *can);

/* The same about the formula of a step. */
pg_noreturn extern void ExportUnsupportedFormula(const Export *export, int slot, int step, const char *can);

/* Return what an error is about, and with several steps of which of them, such as: formula log1p (step 1 of 2). */
extern char *ExportOfStep(const Export *export, int slot, int step, const char *what);

/* Return a list of the formulas that are plain arithmetic (formula.h: steps), for such hints. */
extern char *ArithmeticFormulas(void);

/* The policies that a format cannot express, a bit for each code (core/scaler/recipe.h). */
typedef struct PolicyLimits
{
	uint32		missing;
	uint32		outside;
	uint32		constant;		/* for constant features */
	uint32		domain;
} PolicyLimits;

#define POLICY_BIT(code)	(UINT32_C(1) << (code))

/* Fail if a slot, or for policies of domains one of its steps, has one of these policies.  "can" is as above. */
extern void ExportCheckPolicies(const Export *export, int slot, const PolicyLimits *limits, const char *can);

/*
 * Fail if any slot has a policy that raises an error.  For formats that can only express which value a value
 * becomes.
 */
extern void ExportRefuseErrors(const Export *export);

/* Return the scaler of an artifact.  It is checked like any text of a scaler. */
extern bytea *ScalerFromArtifact(const char *artifact);

/* Report that an import is not what exporting the scaler it carries writes.  "detail" is a sentence. */
pg_noreturn extern void DamagedExport(const char *format, const char *detail);

#endif							/* NORMFREEZE_EXPORT_H */
