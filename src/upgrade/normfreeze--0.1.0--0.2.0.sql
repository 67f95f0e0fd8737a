-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION normfreeze UPDATE TO '0.2.0'" to load this file. \quit

-- What src/sql/prologue.sql says of these holds here.
SET LOCAL default_table_access_method = heap;
SET LOCAL default_tablespace = '';
SET LOCAL transform_null_equals = off;
SET LOCAL quote_all_identifiers = off;
