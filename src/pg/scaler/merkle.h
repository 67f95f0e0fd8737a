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
#define MERKLE_MAX_PATH		(32 * DIGEST_LENGTH)	/* bytes of an audit path */

typedef struct MerkleTree
{
	int			nlevels;
	uint32		count[MERKLE_MAX_LEVELS];
	uint8	   *level[MERKLE_MAX_LEVELS];	/* the leaves first, the root last */
} MerkleTree;

extern void MerkleLeaf(uint8 *leaf, const char *key, size_t key_length, const uint8 *fingerprint);

/* The tree over count > 0 leaves, which it keeps referring to. */
extern void MerkleBuild(MerkleTree *tree, uint8 *leaves, uint32 count);
extern const uint8 *MerkleRoot(const MerkleTree *tree);

/* The audit path of a leaf, of at most MERKLE_MAX_PATH bytes; its length in bytes. */
extern size_t MerklePath(const MerkleTree *tree, uint32 position, uint8 *path);

/* Return whether the path leads from this leaf, at this position among count leaves, to the root. */
extern bool MerklePathLeadsTo(const uint8 *root, uint32 count, uint32 position, const uint8 *leaf,
							  const uint8 *path, size_t path_length);

#endif							/* NORMFREEZE_MERKLE_H */
