-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION normfreeze" to load this file. \quit

-- The same objects under any setting.  The script is parsed as a whole before it
-- runs, so what changes how it is read, such as standard_conforming_strings, cannot
-- be set here: no string has a backslash.
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
