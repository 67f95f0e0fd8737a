-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION normfreeze" to load this file. \quit

-- The same objects under any setting.  The script is parsed as a whole before it
-- runs, so what changes how it is read, such as standard_conforming_strings, cannot
-- be set here: no string has a backslash.  What is set lasts until the end of the
-- transaction, so epilogue.sql sets it back.
SELECT pg_catalog.set_config('normfreeze_script.' OPERATOR(pg_catalog.||) s.name, pg_catalog.current_setting(s.name), true)
FROM pg_catalog.unnest('{default_table_access_method,default_tablespace,transform_null_equals,quote_all_identifiers}'::pg_catalog.text[]) AS s (name);
SET LOCAL default_table_access_method = heap;
SET LOCAL default_tablespace = '';
SET LOCAL transform_null_equals = off;
SET LOCAL quote_all_identifiers = off;

CREATE SCHEMA normfreeze;
COMMENT ON SCHEMA normfreeze IS 'frozen, versioned, bit-reproducible feature scaling';
GRANT USAGE ON SCHEMA normfreeze TO PUBLIC;

-- a session that has loaded the library of another version stops here
CREATE FUNCTION normfreeze.require_library(version text) RETURNS void
	AS 'MODULE_PATHNAME', 'require_library' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.require_library(text) IS 'fail if the library of this session is older than this version';
REVOKE EXECUTE ON FUNCTION normfreeze.require_library(text) FROM PUBLIC;
SELECT normfreeze.require_library('@VERSION@');

CREATE FUNCTION normfreeze.grant_to_owner(privileges text) RETURNS void
	AS 'MODULE_PATHNAME', 'grant_to_owner' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.grant_to_owner(text) IS 'grant to the owner of the extension, in a script that updates it';
REVOKE EXECUTE ON FUNCTION normfreeze.grant_to_owner(text) FROM PUBLIC;

CREATE FUNCTION normfreeze.give_to_owner() RETURNS void
	AS 'MODULE_PATHNAME', 'give_to_owner' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.give_to_owner() IS 'give what a script of the extension has made to the owner of the registry, and the event trigger to the bootstrap superuser';
REVOKE EXECUTE ON FUNCTION normfreeze.give_to_owner() FROM PUBLIC;
