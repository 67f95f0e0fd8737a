/*
 * numerals.c
 *		Numbers, shares and times as people read them, in HTML.
 */
#include "pg/report/numerals.h"

#include <math.h>

#include "pgtime.h"
#include "utils/timestamp.h"

#define LARGEST_IN_FULL		1e7
#define SMALLEST_IN_FULL	1e-4

static const char *const minus = "&#8722;";

/* Append digits with a separator of thousands: "-12345.5" becomes &#8722;12,345.5 */
static void
AppendGrouped(StringInfo out, const char *digits)
{
	int			whole;

	if (*digits == '-')
	{
		appendStringInfoString(out, minus);
		digits++;
	}
	whole = (int) strspn(digits, "0123456789");
	for (int i = 0; i < whole; i++)
	{
		if (i > 0 && (whole - i) % 3 == 0)
			appendStringInfoChar(out, ',');
		appendStringInfoChar(out, digits[i]);
	}
	appendStringInfoString(out, digits + whole);
}

/* Remove zeros at the end of a fraction. */
static char *
Trimmed(char *digits)
{
	if (strchr(digits, '.'))
	{
		char	   *end = digits + strlen(digits);

		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			end[-1] = '\0';
	}
	return digits;
}

/* Append a number such as 1.234 times 10 to the power of 9. */
static void
AppendScientific(StringInfo out, double x, int digits)
{
	static const int superscript[] = {0x2070, 0xB9, 0xB2, 0xB3, 0x2074, 0x2075, 0x2076, 0x2077, 0x2078, 0x2079};
	char	   *text = psprintf("%.*e", digits - 1, x);
	char	   *e = strchr(text, 'e');

	*e = '\0';
	AppendGrouped(out, Trimmed(text));
	appendStringInfoString(out, "&#8239;&#215;&#8239;10");
	if (e[1] == '-')
		appendStringInfoString(out, "&#8315;");
	for (const char *digit = psprintf("%d", abs(atoi(e + 1))); *digit; digit++)
		appendStringInfo(out, "&#%d;", superscript[*digit - '0']);
}

/* Append an infinity or NaN.  Return false if the number is finite. */
static bool
AppendNotFinite(StringInfo out, double x)
{
	if (isnan(x))
		appendStringInfoString(out, "&#8211;");
	else if (isinf(x))
		appendStringInfo(out, "%s&#8734;", x < 0 ? minus : "");
	return !isfinite(x);
}

void
AppendNumber(StringInfo out, double x)
{
	if (AppendNotFinite(out, x))
		return;
	if (x == 0)
		appendStringInfoChar(out, '0');
	else if (fabs(x) >= LARGEST_IN_FULL || fabs(x) < SMALLEST_IN_FULL)
		AppendScientific(out, x, 4);
	else
	{
		int			decimals = 3 - (int) floor(log10(fabs(x)));

		AppendGrouped(out, Trimmed(psprintf("%.*f", Max(decimals, 0), x)));
	}
}

void
AppendAligned(StringInfo out, double x)
{
	char	   *digits;

	if (!isfinite(x) || fabs(x) >= 1000)
	{
		AppendNumber(out, x);
		return;
	}
	digits = psprintf("%.3f", x);
	AppendGrouped(out, strcmp(digits, "-0.000") == 0 ? digits + 1 : digits);
}

#define SMALLEST_P_VALUE	0.0001

void
AppendPValue(StringInfo out, double p)
{
	if (p < SMALLEST_P_VALUE)
		appendStringInfo(out, "&lt;&#8239;%g", SMALLEST_P_VALUE);
	else
		AppendNumber(out, p);
}

void
AppendTick(StringInfo out, double x, double step)
{
	double		magnitude = Max(fabs(x), step);

	if (AppendNotFinite(out, x))
		return;
	/* a multiple of the step that should be zero, but for rounding */
	if (x == 0 || fabs(x) < step / 1024)
		appendStringInfoChar(out, '0');
	else if (magnitude >= LARGEST_IN_FULL || step < SMALLEST_IN_FULL / 10)
		AppendScientific(out, x, Max(1, Min(15, 2 + (int) floor(log10(magnitude)) - (int) floor(log10(step)))));
	else
		AppendGrouped(out, Trimmed(psprintf("%.*f", Max(0, 1 - (int) floor(log10(step))), x)));
}

void
AppendCount(StringInfo out, int64 n)
{
	AppendGrouped(out, psprintf(INT64_FORMAT, n));
}

void
AppendCountOf(StringInfo out, int64 n, const char *noun)
{
	AppendCount(out, n);
	appendStringInfo(out, " %s%s", noun, n == 1 ? "" : "s");
}

void
AppendShare(StringInfo out, double share)
{
	double		percent = share * 100;

	if (AppendNotFinite(out, percent))
		return;
	if (percent > 0 && percent < 0.1)
		appendStringInfoString(out, "&lt;&#8239;0.1");
	else if (percent > 99.9 && percent < 100)
		appendStringInfoString(out, "&gt;&#8239;99.9");
	else
		AppendGrouped(out, Trimmed(psprintf("%.*f", fabs(percent) < 9.95 || percent > 99 ? 1 : 0, percent)));
	appendStringInfoString(out, "&#8239;%");
}

void
AppendTime(StringInfo out, TimestampTz time)
{
	struct pg_tm tm;
	fsec_t		fraction;

	/* without a time zone, the fields are those of UTC */
	if (TIMESTAMP_NOT_FINITE(time) || timestamp2tm(time, NULL, &tm, &fraction, NULL, NULL) != 0 ||
		tm.tm_year < 1 || tm.tm_year > 9999)
	{
		appendStringInfoString(out, "a time beyond the calendar");
		return;
	}
	appendStringInfo(out, "<time datetime=\"%04d-%02d-%02dT%02d:%02d:%02dZ\">%04d-%02d-%02d %02d:%02d UTC</time>",
					 tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
					 tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min);
}
