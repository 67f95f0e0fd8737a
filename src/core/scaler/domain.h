/*
 * domain.h
 *		The values for which a formula is defined, and what becomes of others.
 */
#ifndef NORMFREEZE_CORE_DOMAIN_H
#define NORMFREEZE_CORE_DOMAIN_H

#include "core/base/bytes.h"
#include "core/scaler/formula.h"

/* What becomes of a value for which a formula is not defined.  Codes are in recipes, and never change. */
typedef enum DomainPolicy
{
	DOMAIN_KEEP = 0,			/* what the formula gives, mostly NaN */
	DOMAIN_ERROR = 1,
	DOMAIN_NULL = 2,
	DOMAIN_CLIP = 3				/* it becomes the nearest training value for which the formula is defined */
} DomainPolicy;

/* The policy of one formula of a feature. */
typedef struct DomainRule
{
	uint8_t		policy;			/* DomainPolicy */
	double		low;			/* the range to which DOMAIN_CLIP clips; otherwise both are 0 */
	double		high;
} DomainRule;

/* Return whether a formula is defined for a value.  A formula without a domain is defined for all. */
static inline bool
InDomain(const Formula *formula, double x)
{
	const FormulaDomain *domain = formula->domain;

	return domain == NULL ||
		((domain->low_open ? x > domain->low : x >= domain->low) &&
		 (domain->high_open ? x < domain->high : x <= domain->high) && !(domain->without_zero && x == 0));
}

/* Return whether a formula is defined for all numbers from "low" to "high". */
static inline bool
RangeInDomain(const Formula *formula, double low, double high)
{
	return InDomain(formula, low) && InDomain(formula, high) &&
		!(formula->domain && formula->domain->without_zero && low < 0 && high > 0);
}

/* Return the float4 nearest to a number of the domain that is in the domain, too. */
extern float NearestInDomain(const Formula *formula, double x);

/*
 * Apply a rule to a value that is not missing; "single" if the formula is computed in float4.
 *
 * A value outside of the domain is replaced, or becomes missing: then *x is NaN and *null is set.  Return false if
 * the rule refuses it.
 */
static inline bool
ApplyDomainRule(const Formula *formula, const DomainRule *rule, double *x, bool *null, bool single)
{
	if (rule->policy == DOMAIN_KEEP || InDomain(formula, *x))
		return true;
	if (rule->policy == DOMAIN_ERROR)
		return false;
	if (rule->policy == DOMAIN_CLIP)
	{
		*x = *x < rule->low ? rule->low : rule->high;
		if (single)
			*x = NearestInDomain(formula, *x);
	}
	else
	{
		*null = true;
		*x = __builtin_nan("");
	}
	return true;
}

/* Write a rule, and read it: a byte with the policy, and 2 float8 with the range if it clips. */
extern void PutDomainRule(ByteWriter *writer, const DomainRule *rule);
extern void GetDomainRule(ByteReader *reader, DomainRule *rule);

/* Return what is wrong with the domain rule of a formula, or NULL. */
extern const char *DomainRuleProblem(const Formula *formula, const DomainRule *rule);

#endif							/* NORMFREEZE_CORE_DOMAIN_H */
