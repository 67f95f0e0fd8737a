/*
 * drift_words.c
 *		Drift in words: what a verdict is based on, and a bin with its shares.
 */
#include "pg/drift/drift.h"

/* Return a number with six significant digits. */
static char *
ShortNumber(double value)
{
	return psprintf("%.6g", value);
}

/* Return the range of a bin in words, or the one value that it stands for. */
static char *
BinRange(const DriftBins *bins, int i)
{
	const DriftBin *bin = &bins->bins[i];

	switch (bin->kind)
	{
		case BIN_BELOW:
			return psprintf("below %s", ShortNumber(bin->upper));
		case BIN_ABOVE:
			return psprintf("above %s", ShortNumber(bin->lower));
		case BIN_MISSING:
			return pstrdup("missing");
		case BIN_WITHIN:
			break;
	}
	if (bin->lower == bin->upper)
		return psprintf("= %s", ShortNumber(bin->lower));
	return psprintf("%s <= x %s %s", ShortNumber(bin->lower),
					bins->bins[i + 1].kind == BIN_ABOVE ? "<=" : "<", ShortNumber(bin->upper));
}

char *
DriftBinText(const FeatureDrift *drift, int bin)
{
	const DriftBin *b = &drift->bins.bins[bin];

	return psprintf("%s: %.3g%% -> %.3g%%", BinRange(&drift->bins, bin),
					100.0 * (double) b->reference / (double) drift->reference_rows,
					100.0 * (double) b->live / (double) drift->live_rows);
}

char *
DriftReason(const FeatureDrift *drift, const DriftOptions *options)
{
	char	   *measured;
	bool		proved;

	if (drift->verdict == DRIFT_UNDECIDED)
		return psprintf("too few values for a verdict: " INT64_FORMAT " in the reference, " INT64_FORMAT
						" live; the smaller sample needs " INT64_FORMAT,
						drift->reference_values, drift->live_values, drift->rows_needed);
	if (drift->decided_by < 0)
		return pstrdup("no measure reaches its threshold");
	proved = drift->verdict > DRIFT_NONE;
	measured = psprintf("%s %.4g >= %g", drift_measures[drift->decided_by].name,
						DriftSize(drift, drift->decided_by), drift->threshold);
	return psprintf("%s, %sp-value %s %s %g", measured, proved ? "" : "but not proved: ",
					drift->adjusted_p_value > 0 ? psprintf("%.3g", drift->adjusted_p_value) : "below 1e-300",
					proved ? "<" : ">=", options->alpha);
}
