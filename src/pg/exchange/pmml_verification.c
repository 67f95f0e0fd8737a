/*
 * pmml_verification.c
 *		ModelVerification of a PMML document, made of the probes.
 *
 * A value agrees if it is within the proportion "precision" of the expected one, boundaries included, or if
 * both are within "zeroThreshold" of 0 (https://dmg.org/pmml/v4-4-1/ModelVerification.html).  With 0 for both
 * only an equal number does.
 */
#include "pg/exchange/pmml_verification.h"

#include <math.h>

#include "core/scaler/probe_values.h"
#include "miscadmin.h"
#include "pg/base/json_tree.h"
#include "pg/exchange/pmml_elements.h"

/* The columns of the table of probes; the names of fields need not be names of XML elements. */
#define INPUT_COLUMN	"x%d"
#define OUTPUT_COLUMN	"y%d"
#define COUNT_COLUMN	"missing"
#define LONGEST_COLUMN	32

void
AppendMissingCount(StringInfo out, const Export *export, const char *derived, const char *count)
{
	OpenElement(out, "OutputField", "name", count);
	appendStringInfoString(out, " optype=\"continuous\" dataType=\"integer\" feature=\"transformedValue\" "
						   "isFinalResult=\"false\"><Apply function=\"sum\">");
	for (int slot = 0; slot < export->transform.ninputs; slot++)
	{
		appendStringInfoString(out, "<Apply function=\"if\"><Apply function=\"isMissing\">");
		AppendFieldRef(out, psprintf("%s%s", derived, ExportName(export, slot)));
		appendStringInfoString(out, "</Apply><Constant dataType=\"integer\">1</Constant>"
							   "<Constant dataType=\"integer\">0</Constant></Apply>");
	}
	appendStringInfoString(out, "</Apply></OutputField>\n");
}

static void
AppendVerificationField(StringInfo out, const char *field, const char *column)
{
	OpenElement(out, "VerificationField", "field", field);
	appendStringInfo(out, " column=\"%s\" precision=\"0\" zeroThreshold=\"0\"/>\n", column);
}

/* Append a value of a row.  Return whether it is missing, which is what PMML has for NaN, too. */
static bool
AppendProbeValue(StringInfo out, const char *column, double value, bool isnull)
{
	if (isnull || isnan(value))
		return true;
	appendStringInfo(out, "<%s>", column);
	if (isfinite(value))
		AppendJsonDouble(out, value);
	else
		appendStringInfoString(out, value > 0 ? "INF" : "-INF");
	appendStringInfo(out, "</%s>", column);
	return false;
}

/* Append the row of one probe: the inputs, and what the scaler makes of them. */
static void
AppendRow(StringInfo out, const Export *export, const double *inputs, const bool *input_nulls)
{
	int			ninputs = export->transform.ninputs;
	double	   *outputs = palloc(sizeof(double) * export->recipe.nfeatures);
	bool	   *output_nulls = palloc(sizeof(bool) * export->recipe.nfeatures);
	char		column[LONGEST_COLUMN];
	int			missing = 0;

	CHECK_FOR_INTERRUPTS();
	RunProbe(&export->transform, inputs, input_nulls, outputs, output_nulls);
	appendStringInfoString(out, "<row>");
	for (int slot = 0; slot < ninputs; slot++)
	{
		snprintf(column, sizeof(column), INPUT_COLUMN, slot + 1);
		AppendProbeValue(out, column, inputs[slot], input_nulls[slot]);
	}
	for (int slot = 0; slot < ninputs; slot++)
	{
		snprintf(column, sizeof(column), OUTPUT_COLUMN, slot + 1);
		if (AppendProbeValue(out, column, outputs[slot], output_nulls[slot]))
			missing++;
	}
	appendStringInfo(out, "<" COUNT_COLUMN ">%d</" COUNT_COLUMN "></row>\n", missing);
	pfree(outputs);
	pfree(output_nulls);
}

/* The ends of a range, and their neighbors outside of it. */
#define NBOUNDS		4

static double
RangeBound(const FeatureRecipe *feature, int which)
{
	double		bounds[NBOUNDS] = {
		feature->lower, nextafter(feature->lower, -INFINITY), feature->upper, nextafter(feature->upper, INFINITY)
	};

	return bounds[which];
}

static bool
HasRanges(const Export *export)
{
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		if (export->transform.slots[slot]->outside != OUTSIDE_KEEP)
			return true;
	return false;
}

/*
 * Append rows with the ends of ranges.
 *
 * Needed because probes are seldom near them, and an end beyond which a value becomes missing shows nowhere else.
 */
static void
AppendBoundRows(StringInfo out, const Export *export, const Probes *probes)
{
	double	   *inputs = palloc(sizeof(double) * probes->nslots);
	bool	   *input_nulls = palloc0(sizeof(bool) * probes->nslots);

	memcpy(inputs, probes->inputs, sizeof(double) * probes->nslots);
	for (int which = 0; which < NBOUNDS; which++)
	{
		for (int slot = 0; slot < export->transform.ninputs; slot++)
			if (export->transform.slots[slot]->outside != OUTSIDE_KEEP)
				inputs[slot] = RangeBound(export->transform.slots[slot], which);
		AppendRow(out, export, inputs, input_nulls);
	}
}

static void
AppendVerificationFields(StringInfo out, const Export *export, const char *normalized, const char *count)
{
	appendStringInfoString(out, "<VerificationFields>\n");
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		AppendVerificationField(out, ExportName(export, slot), psprintf(INPUT_COLUMN, slot + 1));
	for (int slot = 0; slot < export->transform.ninputs; slot++)
		AppendVerificationField(out, psprintf("%s%s", normalized, ExportName(export, slot)),
								psprintf(OUTPUT_COLUMN, slot + 1));
	AppendVerificationField(out, count, COUNT_COLUMN);
	appendStringInfoString(out, "</VerificationFields>\n");
}

void
AppendModelVerification(StringInfo out, const Export *export, const char *normalized, const char *count)
{
	bool		has_ranges = HasRanges(export);
	Probes		probes;

	MakeProbes(&probes, &export->transform);
	appendStringInfo(out, "<ModelVerification recordCount=\"%d\" fieldCount=\"%d\">\n",
					 probes.nrows + (has_ranges ? NBOUNDS : 0), 2 * export->transform.ninputs + 1);
	AppendVerificationFields(out, export, normalized, count);
	appendStringInfoString(out, "<InlineTable>\n");
	for (int row = 0; row < probes.nrows; row++)
		AppendRow(out, export, probes.inputs + row * probes.nslots, probes.input_nulls + row * probes.nslots);
	if (has_ranges)
		AppendBoundRows(out, export, &probes);
	appendStringInfoString(out, "</InlineTable>\n</ModelVerification>\n");
}
