/*
 * domain_text.h
 *		The values for which a formula is defined, in words.
 */
#ifndef NORMFREEZE_DOMAIN_TEXT_H
#define NORMFREEZE_DOMAIN_TEXT_H

#include "pg/base/compat.h"

#include "core/scaler/domain.h"

/* Return what follows "values", such as "above 0 and below 1" or "other than 0". */
extern char *DomainText(const FormulaDomain *domain);

#endif							/* NORMFREEZE_DOMAIN_TEXT_H */
