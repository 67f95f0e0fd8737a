/*
 * create_view.h
 *		Queries of a relation with its features normalized.
 */
#ifndef NORMFREEZE_CREATE_VIEW_H
#define NORMFREEZE_CREATE_VIEW_H

#include "pg/base/compat.h"

#include "pg/apply/scaler_cache.h"
#include "utils/rel.h"

/* What a query applies. */
typedef struct ViewSource
{
	const LoadedScaler *scaler;
	char	   *scaler_sql;		/* as an argument of functions */
	char	   *id_sql;			/* as an expression for its id */
	bool		by_ref;
} ViewSource;

/* Make the source of a query from a scaler: by its id, or by a ref that the query follows. */
extern ViewSource MakeSourceById(const LoadedScaler *scaler, int64 id);
extern ViewSource MakeSourceByRef(const LoadedScaler *scaler, const char *ref);

/* The aliases of the relation, and of what normalize() makes of its row. */
#define ALIAS		"s"
#define ROW_RESULT	"r.n"

/*
 * Open a table, view or other relation with rows.  Fails for other kinds.
 *
 * It stays locked until the end of the transaction, so that its columns do not change.
 */
extern Relation OpenRelationOfRows(Oid oid);

/*
 * Return SELECT list FROM relation.  If "of_row", the row is normalized beside it, for expressions of the list
 * that need that.
 */
extern char *QueryOfRelation(const char *list, Relation relation, const ViewSource *source, bool of_row);

#endif							/* NORMFREEZE_CREATE_VIEW_H */
