/*
 * profile_format.c
 *		Writing and reading the canonical bytes of profiles; profile_format.h has the layout.
 */
#include "core/values/profile_format.h"

#include "core/base/memory.h"
#include "core/values/cell_numbering.h"

#define FLAG_NAMES		1
#define FLAG_WEIGHTS	2

/* ---- writing ---- */

void
PutSum(ByteWriter *writer, const ExactSum *sum)
{
	ExactSum	view = ExactSumCanonicalView(sum);

	PutByte(writer, (uint8_t) view.nlimbs);
	if (view.nlimbs > 0)
		PutByte(writer, (uint8_t) view.lowest);
	for (int i = 0; i < view.nlimbs; i++)
		PutUint64(writer, view.limbs[i]);
}

void
PutWeightedSums(ByteWriter *writer, const WeightedSums *sums)
{
	PutSum(writer, &sums->weights);
	PutSum(writer, &sums->values);
	PutSum(writer, &sums->squares);
}

/* Write the cells.  They are in the order of labels: negative ones come first, by falling magnitude. */
static void
PutCells(ByteWriter *writer, const Histogram *h)
{
	CellNumbering numbering = HistogramNumberCells(h->relative_level, h->linear_level);
	uint32_t	nnegative = 0;

	while (nnegative < h->ncells && (h->labels[nnegative] & SIGN_BIT) == 0)
		nnegative++;
	for (int sign = 1; sign >= 0; sign--)
	{
		uint32_t	ncells = sign ? nnegative : h->ncells - nnegative;
		uint64_t	next = 0;

		PutVarint(writer, ncells);
		for (uint32_t i = 0; i < ncells; i++)
		{
			uint32_t	cell = sign ? nnegative - 1 - i : nnegative + i;
			uint64_t	label = h->labels[cell];
			uint64_t	index = HistogramCellIndex(&numbering, (sign ? ~label : label) & MAGNITUDE_MASK);

			PutVarint(writer, index - next);
			PutVarint(writer, h->counts[cell] - 1);
			next = index + 1;
		}
	}
}

void
EncodeProfile(ByteWriter *writer, const Profile *settled)
{
	PutByte(writer, PROFILE_FORMAT);
	PutByte(writer, (settled->names ? FLAG_NAMES : 0) | (settled->weighted ? FLAG_WEIGHTS : 0));
	PutVarint(writer, (uint64_t) settled->nfeatures);
	PutVarint(writer, settled->distribution);
	PutVarint(writer, (uint64_t) settled->rows);
	for (int i = 0; i < settled->nfeatures; i++)
	{
		const Moments *m = &settled->moments[i];

		if (settled->names)
			PutString(writer, settled->names[i]);
		PutVarint(writer, (uint64_t) m->count);
		PutVarint(writer, (uint64_t) m->nulls);
		PutVarint(writer, (uint64_t) m->nans);
		PutVarint(writer, (uint64_t) m->positive_infinities);
		PutVarint(writer, (uint64_t) m->negative_infinities);
		if (m->count == 0)
			continue;
		PutDouble(writer, m->min);
		PutDouble(writer, m->max);
		PutSum(writer, &m->sum);
		PutSum(writer, &m->squares);
		if (settled->weighted)
			PutWeightedSums(writer, &settled->weighted[i]);
		if (settled->distribution)
		{
			const Histogram *h = &settled->histograms[i];

			PutByte(writer, (uint8_t) h->relative_level);
			PutVarint(writer, (uint64_t) (h->linear_level - LINEAR_LEVEL_MIN));
			PutVarint(writer, h->zeros);
			PutCells(writer, h);
		}
	}
}

/* ---- reading ---- */

bool
GetSum(ByteReader *reader, ExactSum *sum, int max_limb)
{
	int			nlimbs = GetByte(reader);
	ExactSum	view;

	memset(sum, 0, sizeof(*sum));
	if (nlimbs == 0)
		return !reader->failed;
	sum->lowest = GetByte(reader);
	if (reader->failed || sum->lowest + nlimbs - 1 > max_limb || BytesLeft(reader) < (size_t) nlimbs * 8)
		return false;
	/* one limb more than canonical, because accumulators keep a guard on top */
	sum->limbs = CoreAlloc(sizeof(uint64_t) * (nlimbs + 1));
	for (int i = 0; i < nlimbs; i++)
		sum->limbs[i] = GetUint64(reader);
	sum->limbs[nlimbs] = (uint64_t) ((int64_t) sum->limbs[nlimbs - 1] >> 63);
	sum->nlimbs = (int16_t) (nlimbs + 1);
	view = ExactSumCanonicalView(sum);
	return view.nlimbs == nlimbs && view.lowest == sum->lowest;
}

bool
GetWeightedSums(ByteReader *reader, WeightedSums *sums)
{
	return GetSum(reader, &sums->weights, SUM_MAX_LIMB) && GetSum(reader, &sums->values, SQUARES_MAX_LIMB) &&
		GetSum(reader, &sums->squares, TRIPLES_MAX_LIMB);
}

static bool
GetCells(ByteReader *reader, Histogram *h, bool negative)
{
	CellNumbering numbering = HistogramNumberCells(h->relative_level, h->linear_level);
	uint64_t	ncells = GetVarint(reader);
	uint32_t	base = h->ncells;
	uint64_t	next = 0;

	/* each cell takes at least two bytes, so that a hostile count cannot make us allocate much */
	if (reader->failed || ncells > BytesLeft(reader) / 2 || ncells + base > 2 * (uint64_t) h->size)
		return false;
	for (uint64_t i = 0; i < ncells; i++)
	{
		uint64_t	distance = GetVarint(reader);
		uint64_t	count = GetVarint(reader);
		uint32_t	cell = base + (uint32_t) (negative ? ncells - 1 - i : i);
		uint64_t	magnitude;

		if (reader->failed || distance >= INFINITY_BITS || count >= INT64_MAX)
			return false;
		magnitude = HistogramCellMagnitude(&numbering, next + distance);
		if (magnitude >= INFINITY_BITS)
			return false;
		h->labels[cell] = negative ? ~(magnitude | SIGN_BIT) : magnitude | SIGN_BIT;
		h->counts[cell] = count + 1;
		next += distance + 1;
	}
	h->ncells += (uint32_t) ncells;
	return true;
}

static bool
GetHistogram(ByteReader *reader, Histogram *h, const Moments *m)
{
	uint8_t		relative_level = GetByte(reader);
	uint64_t	linear_level = GetVarint(reader);
	uint64_t	zeros = GetVarint(reader);
	uint64_t	total;
	size_t		capacity;

	if (reader->failed || relative_level > RELATIVE_LEVEL_MAX ||
		linear_level > LINEAR_LEVEL_MAX - LINEAR_LEVEL_MIN || zeros > (uint64_t) m->count)
		return false;
	h->relative_level = relative_level;
	h->linear_level = (int16_t) ((int) linear_level + LINEAR_LEVEL_MIN);
	h->zeros = zeros;
	/* no more than the remaining bytes could hold */
	capacity = BytesLeft(reader) / 2 < 2 * (size_t) h->size ? BytesLeft(reader) / 2 : 2 * (size_t) h->size;
	h->labels = CoreAlloc(sizeof(uint64_t) * (capacity + 1));
	h->counts = CoreAlloc(sizeof(uint64_t) * (capacity + 1));
	if (!GetCells(reader, h, true) || !GetCells(reader, h, false))
		return false;
	total = zeros;
	for (uint32_t i = 0; i < h->ncells; i++)
	{
		if (h->counts[i] > (uint64_t) m->count - total)
			return false;
		total += h->counts[i];
	}
	return total == (uint64_t) m->count;
}

static const char *
GetFeature(Profile *profile, int i, ByteReader *reader)
{
	Moments    *m = &profile->moments[i];
	int64_t		total = 0;
	int64_t    *counters[] = {&m->count, &m->nulls, &m->nans, &m->positive_infinities, &m->negative_infinities};

	for (int c = 0; c < 5; c++)
	{
		uint64_t	value = GetVarint(reader);

		if (value > (uint64_t) (profile->rows - total))
			return "a feature's counts exceed the number of rows";
		*counters[c] = (int64_t) value;
		total += *counters[c];
	}
	if (total != profile->rows)
		return "a feature's counts do not add up to the number of rows";
	if (m->count == 0)
		return NULL;
	m->min = GetDouble(reader);
	m->max = GetDouble(reader);
	if (DoubleBits(m->min) == SIGN_BIT || DoubleBits(m->max) == SIGN_BIT)
		return "negative zero is not canonical";
	if (!GetSum(reader, &m->sum, SUM_MAX_LIMB) || !GetSum(reader, &m->squares, SQUARES_MAX_LIMB))
		return "a sum is malformed";
	if (!MomentsAreConsistent(m))
		return "a feature's sums contradict its count and range";
	if (profile->weighted)
	{
		WeightedSums *sums = &profile->weighted[i];

		if (!GetWeightedSums(reader, sums))
			return "a weighted sum is malformed";
		if (!WeightedSumsAreConsistent(sums, m->min, m->max))
			return "a feature's weighted sums contradict its range";
	}
	if (profile->distribution && !GetHistogram(reader, &profile->histograms[i], m))
		return "a distribution is malformed";
	return NULL;
}

const char *
DecodeProfile(Profile *profile, ByteReader *reader)
{
	uint8_t		format = GetByte(reader);
	uint8_t		flags = GetByte(reader);
	uint64_t	nfeatures = GetVarint(reader);
	uint64_t	distribution = GetVarint(reader);
	uint64_t	rows = GetVarint(reader);
	char	  **names = NULL;

	if (reader->failed)
		return "it ends too early";
	if (format != PROFILE_FORMAT)
		return "unknown format";
	if (flags & ~(FLAG_NAMES | FLAG_WEIGHTS))
		return "unknown flags";
	if (nfeatures == 0 || nfeatures > PROFILE_MAX_FEATURES || nfeatures > BytesLeft(reader))
		return "impossible number of features";
	if (distribution != 0 && (distribution < HISTOGRAM_MIN_SIZE || distribution > HISTOGRAM_MAX_SIZE))
		return "impossible distribution size";
	if (rows > INT64_MAX)
		return "impossible number of rows";

	if (flags & FLAG_NAMES)
		names = CoreAllocZero(sizeof(char *) * nfeatures);
	ProfileInit(profile, (int) nfeatures, names, (uint32_t) distribution);
	if (flags & FLAG_WEIGHTS)
		ProfileUseWeights(profile);
	profile->rows = (int64_t) rows;
	profile->window_rows = ProfileHasRoom(profile, 1) ? profile->rows + 1 : profile->rows;
	for (int i = 0; i < profile->nfeatures; i++)
	{
		const char *problem;

		if (names)
			names[i] = GetString(reader, PROFILE_MAX_NAME);
		problem = GetFeature(profile, i, reader);
		if (reader->failed)
			return "it ends too early";
		if (problem)
			return problem;
	}
	return NULL;
}

/* Decode a whole value; its levels, too, must be those that encoding would choose. */
const char *
DecodeProfileBytes(Profile *profile, const void *data, size_t length)
{
	ByteReader	reader;
	const char *problem;
	ByteWriter	writer;
	bool		canonical;

	ReaderInit(&reader, data, length);
	problem = DecodeProfile(profile, &reader);
	if (problem)
		return problem;
	if (BytesLeft(&reader) != 0)
		return "it is followed by extra bytes";
	ProfileSettle(profile);
	WriterInit(&writer, length);
	EncodeProfile(&writer, profile);
	canonical = writer.length == length && memcmp(writer.data, data, length) == 0;
	CoreFree(writer.data);
	return canonical ? NULL : "it is not in canonical form";
}
