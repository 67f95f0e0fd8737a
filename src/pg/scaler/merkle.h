/*
 * merkle.h
 *		A Merkle tree over the members of a set of scalers.
 *
 * The tree of RFC 6962: leaves are told from nodes by their first byte, a
 * level of odd length passes its last node on unchanged.  Positions are
 * counted from 0 here.
 *
 *	leaf	SHA-256(0x00 || varint key length || key in UTF-8 || fingerprint)
 *	node	SHA-256(0x01 || left || right)
 */
#ifndef NORMFREEZE_MERKLE_H
#define NORMFREEZE_MERKLE_H

#include "pg/base/compat.h"

#include "pg/base/digest.h"

#define MERKLE_MAX_LEVELS	33
#define MERKLE_MAX_PATH		(32 * DIGEST_LENGTH)	/* greatest length of an audit path, in bytes */

/* A tree. */
typedef struct MerkleTree
{
	int			nlevels;
	uint32		count[MERKLE_MAX_LEVELS];
	uint8	   *level[MERKLE_MAX_LEVELS];	/* the leaves first, the root last */
} MerkleTree;

/* Compute a leaf. */
extern void MerkleLeaf(uint8 *leaf, const char *key, size_t key_length, const uint8 *fingerprint);

/* Build the tree over count > 0 leaves, to which it refers. */
extern void MerkleBuild(MerkleTree *tree, uint8 *leaves, uint32 count);

/* Return the root of a tree. */
extern const uint8 *MerkleRoot(const MerkleTree *tree);

/* Write the audit path of a leaf, of at most MERKLE_MAX_PATH bytes, and return its length. */
extern size_t MerklePath(const MerkleTree *tree, uint32 position, uint8 *path);

/* Return whether a path leads to the root from this leaf, at this position among "count" leaves. */
extern bool MerklePathLeadsTo(const uint8 *root, uint32 count, uint32 position, const uint8 *leaf,
							  const uint8 *path, size_t path_length);

#endif							/* NORMFREEZE_MERKLE_H */
