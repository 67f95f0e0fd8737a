/*
 * compat.h
 *		The differences between the versions of PostgreSQL that we support.  No other file tests
 *		PG_VERSION_NUM for what can be said here.
 */
#ifndef NORMFREEZE_COMPAT_H
#define NORMFREEZE_COMPAT_H

#include "postgres.h"

#include <math.h>

#if PG_VERSION_NUM < 150000
#error "normfreeze requires PostgreSQL 15 or later"
#endif

/*
 * The library is built with hidden visibility, so whatever the server looks up by name must be declared
 * visible. fmgr.h does so since version 16.
 */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

#include "common/jsonapi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/memutils.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM < 160000
extern PGDLLEXPORT void _PG_init(void);

#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(funcname) \
extern PGDLLEXPORT Datum funcname(PG_FUNCTION_ARGS); \
extern PGDLLEXPORT const Pg_finfo_record *CppConcat(pg_finfo_, funcname)(void); \
const Pg_finfo_record * \
CppConcat(pg_finfo_, funcname)(void) \
{ \
	static const Pg_finfo_record my_finfo = {1}; \
	return &my_finfo; \
} \
extern int no_such_variable
#endif

/* The local transaction id moved in 17. */
#if PG_VERSION_NUM >= 170000
#define CurrentLocalTransactionId() (MyProc->vxid.lxid)
#else
#define CurrentLocalTransactionId() (MyProc->lxid)
#endif

/* Semantic actions of the JSON parser return a result since 16: return JSON_ACTION_OK, which is nothing before. */
#if PG_VERSION_NUM >= 160000
#define JSON_ACTION			static JsonParseErrorType
#define JSON_ACTION_OK		JSON_SUCCESS
#else
#define JSON_ACTION			static void
#define JSON_ACTION_OK
#endif

/* The lexer's constructor takes the context to use since version 17. */
static inline JsonLexContext *
MakeJsonLexContext(char *json, int length, int encoding)
{
#if PG_VERSION_NUM >= 170000
	return makeJsonLexContextCstringLen(NULL, json, length, encoding, true);
#else
	return makeJsonLexContextCstringLen(json, length, encoding, true);
#endif
}

/* One function tests the privileges on all kinds of objects since version 16. */
#if PG_VERSION_NUM >= 160000
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#define SchemaAclCheck(schema, role, mode)		object_aclcheck(NamespaceRelationId, schema, role, mode)
#define FunctionAclCheck(function, role, mode)	object_aclcheck(ProcedureRelationId, function, role, mode)
#define OwnsExtension(extension, role)			object_ownercheck(ExtensionRelationId, extension, role)
#else
#define SchemaAclCheck(schema, role, mode)		pg_namespace_aclcheck(schema, role, mode)
#define FunctionAclCheck(function, role, mode)	pg_proc_aclcheck(function, role, mode)
#define OwnsExtension(extension, role)			pg_extension_ownercheck(extension, role)
#endif

/* get_database_name() moved to another header in 19. */
#if PG_VERSION_NUM >= 190000
#include "utils/lsyscache.h"
#else
#include "commands/dbcommands.h"
#endif

/* The planner is told about EXPLAIN since version 19. */
#if PG_VERSION_NUM >= 190000
#define PLANNER_PARAMETERS \
	Query *parse, const char *query_string, int cursor_options, ParamListInfo params, ExplainState *es
#define PLANNER_ARGUMENTS	parse, query_string, cursor_options, params, es
#else
#define PLANNER_PARAMETERS	Query *parse, const char *query_string, int cursor_options, ParamListInfo params
#define PLANNER_ARGUMENTS	parse, query_string, cursor_options, params
#endif

/* Callbacks of system caches get the cache as an enum since version 19. */
#if PG_VERSION_NUM >= 190000
#define SYSCACHE_ID		SysCacheIdentifier
#else
#define SYSCACHE_ID		int
#endif

/* Version 18 asks whether a primary key that is deferrable counts, too. */
#if PG_VERSION_NUM >= 180000
#define PrimaryKeyIndex(relation)	RelationGetPrimaryKeyIndex(relation, false)
#else
#define PrimaryKeyIndex(relation)	RelationGetPrimaryKeyIndex(relation)
#endif

/* A prefix of a declaration since version 18, an attribute after it before. */
#ifndef pg_noreturn
#define pg_noreturn __attribute__((noreturn))
#endif

/* A magic block with name and version exists since version 18. */
#ifdef PG_MODULE_MAGIC_EXT
#define NORMFREEZE_MODULE_MAGIC(name_, version_) \
	PG_MODULE_MAGIC_EXT(.name = name_, .version = version_)
#else
#define NORMFREEZE_MODULE_MAGIC(name_, version_) PG_MODULE_MAGIC
#endif

#endif							/* NORMFREEZE_COMPAT_H */
