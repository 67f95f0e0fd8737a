/*
 * damage.c
 *		Turning the errors of damaged data into text, so that verify() can report them and continue.
 */
#include "pg/base/damage.h"

#include "access/xact.h"
#include "utils/resowner.h"

/*
 * Return whether an error is one of storage or decoding.  Internal errors are among them: a damaged header of a
 * value can request any amount of memory.
 */
static bool
IsOfDamage(int sqlstate)
{
	static const int categories[] = {
		ERRCODE_INTERNAL_ERROR, /* XX: also ERRCODE_DATA_CORRUPTED and ERRCODE_INDEX_CORRUPTED */
		ERRCODE_SYSTEM_ERROR,	/* 58: a file that cannot be read */
		ERRCODE_DATA_EXCEPTION, /* 22: for example, bytes that are not text */
	};
	static const int states[] = {
		/* names of features that are not valid */
		ERRCODE_INVALID_NAME, ERRCODE_NAME_TOO_LONG, ERRCODE_DUPLICATE_COLUMN,
	};

	for (int i = 0; i < lengthof(categories); i++)
		if (ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_TO_CATEGORY(categories[i]))
			return true;
	for (int i = 0; i < lengthof(states); i++)
		if (sqlstate == states[i])
			return true;
	return false;
}

char *
DamageFoundBy(void (*step) (void *arg), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	char	   *volatile message = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		step(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();

		/* before rethrowing as well: with the subtransaction left open, the transaction would need a ROLLBACK */
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (!IsOfDamage(error->sqlerrcode))
			ReThrowError(error);
		message = error->message ? error->message : "damaged data";
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return message;
}
