-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION normfreeze UPDATE TO '0.2.0'" to load this file. \quit

-- What src/sql/prologue.sql says of these holds here.
SET LOCAL default_table_access_method = heap;
SET LOCAL default_tablespace = '';
SET LOCAL transform_null_equals = off;
SET LOCAL quote_all_identifiers = off;

CREATE FUNCTION normfreeze.require_library(version text) RETURNS void
	AS 'MODULE_PATHNAME', 'require_library' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.require_library(text) IS 'fail if the library of this session is older than this version';
REVOKE EXECUTE ON FUNCTION normfreeze.require_library(text) FROM PUBLIC;
SELECT normfreeze.require_library('0.2.0');
