/*
 * divisor.c
 *		What divides, from a spread and an epsilon.
 *
 * The operations are those of the code that stands beside such files: an epsilon keeps the divisor from zero, in one
 * place or another (normalization layers of networks in the variance, most others in the deviation).
 */
#include "core/scaler/divisor.h"

#include <math.h>

double
SpreadDivisor(const DivisorRule *rule, double spread)
{
	double		epsilon = RoundOperation(rule, rule->epsilon);

	if (spread == 0 && rule->zero != ZERO_UNSAID)
		return rule->zero == ZERO_ERROR ? 0 : 1;
	switch (rule->place)
	{
		case EPSILON_NONE:
			break;
		case EPSILON_SCALE:
			return RoundOperation(rule, spread + epsilon);
		case EPSILON_VARIANCE:
			return RoundOperation(rule, sqrt(RoundOperation(rule, spread + epsilon)));
		case EPSILON_FLOOR:
			return spread > epsilon ? spread : epsilon;
		case EPSILON_ZERO:
			return spread == 0 ? epsilon : spread;
	}
	return spread;
}
