/*
 * histogram_rows.c
 *		Adding rows to histograms, eight features at a time if the CPU can.
 *
 * All arithmetic is on integers.  The vector path counts in the same slots as HistogramAdd(), and
 * values without a slot take the same slow path.
 */
#include "core/values/histogram_rows.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void
HistogramLanesInit(HistogramLanes *lanes, const Histogram *histograms, int n)
{
	memset(lanes, 0, sizeof(HistogramLanes) * HistogramLanesCount(n));
	for (int i = 0; i < n; i++)
	{
		HistogramLanes *block = &lanes[i / HISTOGRAM_LANES];
		int			lane = i % HISTOGRAM_LANES;
		HistogramWindow *window = histograms[i].window;

		if (window == NULL)
			continue;
		block->relative_level[lane] = window->relative_level;
		block->linear_offset[lane] = window->linear_offset;
		block->relative_base[lane] = window->relative_base;
		block->linear_base[lane] = window->linear_base;
		block->nslots[lane] = window->nslots;
		block->counters[lane] = window->counters;
	}
}

static inline void
AddOneByOne(Histogram *histograms, const double *rows, int nrows, size_t width, int n)
{
	for (int i = 0; i < n; i++)
		for (int r = 0; r < nrows; r++)
			HistogramAdd(&histograms[i], rows[r * width + i]);
}

#if defined(__x86_64__)

/* The same with BMI2, whose shifts by a variable take a third of the work. */
__attribute__((target("bmi2"))) static void
AddOneByOneBmi2(Histogram *histograms, const double *rows, int nrows, size_t width, int n)
{
	AddOneByOne(histograms, rows, nrows, width, n);
}

__attribute__((target("avx512f,avx512dq"))) static void
AddRowsAvx512(Histogram *histograms, const HistogramLanes *lanes, const double *rows, int nrows, size_t width, int n)
{
	const __m512i one = _mm512_set1_epi64(1);

	for (int first = 0; first < n; first += HISTOGRAM_LANES)
	{
		const HistogramLanes *block = &lanes[first / HISTOGRAM_LANES];
		int			nlanes = n - first < HISTOGRAM_LANES ? n - first : HISTOGRAM_LANES;
		__mmask8	present = (__mmask8) ((1u << nlanes) - 1);
		__m512i		level = _mm512_loadu_si512(block->relative_level);
		__m512i		offset = _mm512_loadu_si512(block->linear_offset);
		__m512i		relative_base = _mm512_loadu_si512(block->relative_base);
		__m512i		linear_base = _mm512_loadu_si512(block->linear_base);
		__m512i		nslots = _mm512_loadu_si512(block->nslots);

		for (int r = 0; r < nrows; r++)
		{
			const double *values = rows + r * width + first;
			__m512i		bits = _mm512_castpd_si512(_mm512_loadu_pd(values));
			__m512i		magnitude = _mm512_and_si512(bits, _mm512_set1_epi64(MAGNITUDE_MASK));
			__m512i		exponent = _mm512_srli_epi64(magnitude, 52);
			__m512i		shift = _mm512_sub_epi64(offset, exponent);
			__m512i		significand;
			__m512i		relative_bin;
			__m512i		linear_bin;
			__m512i		slot;
			__mmask8	linear = _mm512_cmplt_epi64_mask(shift, level);
			__mmask8	counted;
			uint64_t	index[HISTOGRAM_LANES];

			significand = _mm512_or_si512(_mm512_and_si512(magnitude, _mm512_set1_epi64(FRACTION_MASK)),
										  _mm512_set1_epi64(HIDDEN_BIT));
			relative_bin = _mm512_sub_epi64(_mm512_srlv_epi64(magnitude, level), relative_base);
			linear_bin = _mm512_sub_epi64(_mm512_srlv_epi64(significand, shift), linear_base);
			slot = _mm512_mask_mov_epi64(relative_bin, linear, linear_bin);
			counted = _mm512_cmplt_epu64_mask(slot, nslots) &
				_mm512_cmplt_epu64_mask(_mm512_sub_epi64(exponent, one), _mm512_set1_epi64(2046)) &
				_mm512_cmpge_epi64_mask(shift, _mm512_setzero_si512()) & present;
			slot = _mm512_mask_add_epi64(slot, linear, slot, nslots);
			slot = _mm512_mask_add_epi64(slot, _mm512_movepi64_mask(bits), slot, _mm512_slli_epi64(nslots, 1));
			_mm512_storeu_si512(index, slot);

			if (__builtin_expect(counted == 0xFF, 1))
#pragma GCC unroll 8
				for (int i = 0; i < HISTOGRAM_LANES; i++)
					block->counters[i][index[i]]++;
			else
				for (int i = 0; i < nlanes; i++)
				{
					if (counted & (1u << i))
						block->counters[i][index[i]]++;
					else
						HistogramAddSlow(&histograms[first + i], DoubleBits(values[i]));
				}
		}
	}
}

#endif							/* __x86_64__ */

typedef enum RowKernel
{
	KERNEL_UNKNOWN,
	KERNEL_PORTABLE,
	KERNEL_BMI2,
	KERNEL_AVX512
} RowKernel;

static RowKernel kernel = KERNEL_UNKNOWN;

bool
HistogramUseKernel(const char *name)
{
	RowKernel	chosen = KERNEL_UNKNOWN;

#if defined(__x86_64__)
	__builtin_cpu_init();
	if (strcmp(name, "avx512") == 0 &&
		__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
		chosen = KERNEL_AVX512;
	if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("bmi2"))
		chosen = KERNEL_BMI2;
#endif
	if (strcmp(name, "portable") == 0)
		chosen = KERNEL_PORTABLE;
	if (chosen != KERNEL_UNKNOWN)
		kernel = chosen;
	return chosen != KERNEL_UNKNOWN;
}

void
HistogramAddRows(Histogram *histograms, const HistogramLanes *lanes, const double *rows, int nrows, size_t width, int n)
{
	if (kernel == KERNEL_UNKNOWN)
		(void) (HistogramUseKernel("avx512") || HistogramUseKernel("avx2") || HistogramUseKernel("portable"));
#if defined(__x86_64__)
	if (lanes && kernel == KERNEL_AVX512)
		AddRowsAvx512(histograms, lanes, rows, nrows, width, n);
	else if (kernel >= KERNEL_BMI2)
		AddOneByOneBmi2(histograms, rows, nrows, width, n);
	else
#endif
		AddOneByOne(histograms, rows, nrows, width, n);
}
