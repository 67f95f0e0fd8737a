/*
 * sort.c
 *		Introsort and introselect (D.  Musser, 1997) of uint64 keys; few keys are sorted by their
 *		digits.
 *
 * PostgreSQL's sort template would serve, but the core does not depend on PostgreSQL. libc's
 * qsort() calls a function for each comparison, which takes most of the time if keys are
 * integers.
 */
#include "core/base/sort.h"

#include "core/base/memory.h"

#include <stdbool.h>
#include <string.h>

#define INSERTION_SORT_LIMIT	16
#define FEW_KEYS_BITS			10
#define FEW_KEYS				(1 << FEW_KEYS_BITS)	/* number of keys that are sorted by their digits */
#define BUCKETS_PER_KEY			4	/* at most; with more buckets, fewer keys are left to insertion sort */

static void
InsertionSort(uint64_t *keys, size_t n)
{
	for (size_t i = 1; i < n; i++)
	{
		uint64_t	key = keys[i];
		size_t		j = i;

		for (; j > 0 && keys[j - 1] > key; j--)
			keys[j] = keys[j - 1];
		keys[j] = key;
	}
}

/*
 * Sort at most INSERTION_SORT_LIMIT keys by rank: a key's place is the number of keys that are less.  This
 * takes more comparisons than insertion sort but half the time, because no comparison is a branch that could be
 * mispredicted.
 */
static void
RankSort(uint64_t *keys, size_t n)
{
	uint64_t	sorted[INSERTION_SORT_LIMIT];

	for (size_t i = 0; i < n; i++)
	{
		uint64_t	key = keys[i];
		size_t		rank = 0;

		/* of equal keys, the first comes first */
		for (size_t j = 0; j < i; j++)
			rank += keys[j] <= key;
		for (size_t j = i + 1; j < n; j++)
			rank += keys[j] < key;
		sorted[rank] = key;
	}
	memcpy(keys, sorted, sizeof(uint64_t) * n);
}

/*
 * Sort at most FEW_KEYS keys by the digit that tells the most of them apart: the leading bits of their distance
 * from the least one, as many as make a few buckets for each key.  Buckets with many keys are sorted in the same
 * way; insertion sort completes the nearly sorted result.  Each round takes more than four bits off the range,
 * so there are at most 16 rounds whatever the keys are.  No comparison is a branch that could be mispredicted.
 */
static void
SpreadKeys(uint64_t *keys, size_t n, uint64_t *room)
{
	uint64_t	low = keys[0];
	uint64_t	high = keys[0];
	uint16_t	end[FEW_KEYS * BUCKETS_PER_KEY];
	size_t		first = 0;
	size_t		nbuckets;
	int			shift = 0;

	for (size_t i = 1; i < n; i++)
	{
		low = keys[i] < low ? keys[i] : low;
		high = keys[i] > high ? keys[i] : high;
	}
	if (low == high)
		return;
	while ((high - low) >> shift >= BUCKETS_PER_KEY * n)
		shift++;
	nbuckets = (size_t) ((high - low) >> shift) + 1;
	memset(end, 0, sizeof(uint16_t) * nbuckets);

	for (size_t i = 0; i < n; i++)
		end[(keys[i] - low) >> shift]++;
	for (size_t b = 0, before = 0; b < nbuckets; b++)
	{
		size_t		count = end[b];

		end[b] = (uint16_t) before;
		before += count;
	}
	for (size_t i = 0; i < n; i++)
		room[end[(keys[i] - low) >> shift]++] = keys[i];
	memcpy(keys, room, sizeof(uint64_t) * n);
	if (shift == 0)
		return;
	for (size_t b = 0; b < nbuckets; first = end[b++])
		if (end[b] - first > INSERTION_SORT_LIMIT)
			SpreadKeys(keys + first, end[b] - first, room);
	InsertionSort(keys, n);
}

static void
SortFewKeys(uint64_t *keys, size_t n)
{
	uint64_t	room[FEW_KEYS];

	if (n <= INSERTION_SORT_LIMIT)
		RankSort(keys, n);
	else
		SpreadKeys(keys, n, room);
}

static void
SiftDown(uint64_t *keys, size_t root, size_t n)
{
	uint64_t	key = keys[root];

	for (size_t child; (child = 2 * root + 1) < n; root = child)
	{
		if (child + 1 < n && keys[child + 1] > keys[child])
			child++;
		if (keys[child] <= key)
			break;
		keys[root] = keys[child];
	}
	keys[root] = key;
}

static void
HeapSort(uint64_t *keys, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		SiftDown(keys, i, n);
	for (size_t i = n; i-- > 1;)
	{
		uint64_t	key = keys[0];

		keys[0] = keys[i];
		keys[i] = key;
		SiftDown(keys, 0, i);
	}
}

static inline uint64_t
MedianOfThree(uint64_t a, uint64_t b, uint64_t c)
{
	if (a < b)
		return b < c ? b : (a < c ? c : a);
	return a < c ? a : (b < c ? c : b);
}

#define INTERRUPT_SIZE	(1 << 16)	/* number of keys that take about a millisecond */

/* Partition keys by a pivot (Hoare): keys[0..*left) <= pivot <= keys[*right..n), *left >= 1, *right < n. */
static void
Partition(uint64_t *keys, size_t n, size_t *left, size_t *right)
{
	uint64_t	pivot = MedianOfThree(keys[0], keys[n / 2], keys[n - 1]);
	ptrdiff_t	i = 0;
	ptrdiff_t	j = (ptrdiff_t) n - 1;

	if (n > INTERRUPT_SIZE)
		CoreCheckInterrupts();
	while (i <= j)
	{
		while (keys[i] < pivot)
			i++;
		while (keys[j] > pivot)
			j--;
		if (i <= j)
		{
			uint64_t	key = keys[i];

			keys[i++] = keys[j];
			keys[j--] = key;
		}
	}
	*left = (size_t) (j + 1);
	*right = (size_t) i;
}

static int
DepthLimit(size_t n)
{
	int			depth = 0;

	for (; n > 1; n >>= 1)
		depth += 2;
	return depth;
}

static void
SortRange(uint64_t *keys, size_t n, int depth)
{
	while (n > FEW_KEYS)
	{
		size_t		left;
		size_t		right;

		if (depth-- == 0)
		{
			HeapSort(keys, n);
			return;
		}
		Partition(keys, n, &left, &right);
		if (left < n - right)
		{
			SortRange(keys, left, depth);
			keys += right;
			n -= right;
		}
		else
		{
			SortRange(keys + right, n - right, depth);
			n = left;
		}
	}
	SortFewKeys(keys, n);
}

void
SortKeys(uint64_t *keys, size_t n)
{
	SortRange(keys, n, DepthLimit(n));
}

void
SelectKey(uint64_t *keys, size_t n, size_t k)
{
	int			depth = DepthLimit(n);

	while (n > INSERTION_SORT_LIMIT)
	{
		size_t		left;
		size_t		right;

		if (depth-- == 0)
		{
			HeapSort(keys, n);
			return;
		}
		Partition(keys, n, &left, &right);
		if (k < left)
			n = left;
		else if (k >= right)
		{
			keys += right;
			n -= right;
			k -= right;
		}
		else
			return;
	}
	InsertionSort(keys, n);
}
