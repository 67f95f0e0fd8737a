/*
 * domain.c
 *		The rule for values for which a formula is not defined: its bytes, checks, and its range in float4.
 */
#include "core/scaler/domain.h"

#include <math.h>

#include "core/scaler/recipe_bytes.h"

void
PutDomainRule(ByteWriter *writer, const DomainRule *rule)
{
	PutByte(writer, rule->policy);
	if (rule->policy != DOMAIN_CLIP)
		return;
	PutCanonicalDouble(writer, rule->low);
	PutCanonicalDouble(writer, rule->high);
}

void
GetDomainRule(ByteReader *reader, DomainRule *rule)
{
	rule->policy = GetByte(reader);
	if (rule->policy != DOMAIN_CLIP)
		return;
	rule->low = GetCanonicalDouble(reader);
	rule->high = GetCanonicalDouble(reader);
}

const char *
DomainRuleProblem(const Formula *formula, const DomainRule *rule)
{
	if (rule->policy > DOMAIN_CLIP)
		return "unknown policy";
	if (rule->policy != DOMAIN_KEEP && formula->domain == NULL)
		return "a formula that is defined for all numbers has a domain";
	if (rule->policy == DOMAIN_CLIP &&
		(!IsFiniteBits(DoubleBits(rule->low)) || !IsFiniteBits(DoubleBits(rule->high)) || rule->low > rule->high ||
		 !InDomain(formula, rule->low) || !InDomain(formula, rule->high)))
		return "the range of a domain is not one";
	return NULL;
}

float
NearestInDomain(const Formula *formula, double x)
{
	float		nearest = (float) x;

	/* rounded onto an end that does not belong to the domain: x lies on the side where it does */
	return InDomain(formula, nearest) ? nearest : nextafterf(nearest, x > nearest ? INFINITY : -INFINITY);
}
