/*
 * profile_format.h
 *		The canonical bytes of a profile.
 */
#ifndef NORMFREEZE_CORE_PROFILE_FORMAT_H
#define NORMFREEZE_CORE_PROFILE_FORMAT_H

#include "core/base/bytes.h"
#include "core/values/profile.h"

/*
 * All numbers little-endian; "varint" is unsigned LEB128 in its shortest form.
 *
 *	byte		format, 1
 *	byte		flags: 1 = features have names, 2 = rows have weights
 *	varint		number of features
 *	varint		histogram size, 0 without distribution
 *	varint		rows
 *	per feature:
 *		string		name (varint length, bytes), if features have names
 *		5 varints	count, nulls, nans, positive and negative infinities
 *		if count > 0:
 *			2 float8	min, max
 *			2 sums		values, squares: byte nlimbs; if any, byte lowest
 *						limb and nlimbs uint64, canonical (exact_sum.h)
 *			if rows have weights:
 *				3 sums		weights, weighted values, weighted squares
 *			if there is a distribution:
 *				byte		relative level
 *				varint		linear level + 1074
 *				varint		zeros
 *				2 x cells	negative, then positive: varint number of cells,
 *							then per cell, by magnitude, varint distance of
 *							its index from the cell before (the first: from
 *							-1) and varint count, both less one
 *
 * The bytes are a function of the multiset of rows alone: equal profiles have
 * equal bytes, and decoding accepts nothing that encoding would not write.
 */
#define PROFILE_FORMAT	1

/* Write and read a sum in its canonical form, for other formats as well.  Limbs above max_limb are malformed. */
extern void PutSum(ByteWriter *writer, const ExactSum *sum);
extern bool GetSum(ByteReader *reader, ExactSum *sum, int max_limb);

/* The same for the three sums of a feature with weights. */
extern void PutWeightedSums(ByteWriter *writer, const WeightedSums *sums);
extern bool GetWeightedSums(ByteReader *reader, WeightedSums *sums);

/* Write a settled profile. */
extern void EncodeProfile(ByteWriter *writer, const Profile *settled);

/* Read a profile.  Return NULL if successful, else what is wrong with the bytes. */
extern const char *DecodeProfile(Profile *profile, ByteReader *reader);

/*
 * The same for bytes that are nothing but a profile.  They must be exactly those that EncodeProfile() writes for
 * it; then it is settled.
 */
extern const char *DecodeProfileBytes(Profile *profile, const void *data, size_t length);

#endif							/* NORMFREEZE_CORE_PROFILE_FORMAT_H */
