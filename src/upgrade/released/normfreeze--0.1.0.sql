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

-- methods

CREATE TYPE normfreeze.method AS ENUM (
	'standard', 'minmax', 'maxabs', 'robust', 'mad', 'meanabs', 'midrange', 'mean', 'sum',
	'decimal', 'quantile', 'power', 'log1p', 'l1', 'l2', 'max', 'affine', 'identity'
);
COMMENT ON TYPE normfreeze.method IS 'how features are scaled';

-- the label of a method is never changed, so the cast is immutable
CREATE FUNCTION normfreeze.method(name text) RETURNS normfreeze.method
	AS 'MODULE_PATHNAME', 'method' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.method(text) IS 'the method of this name';
CREATE CAST (text AS normfreeze.method) WITH FUNCTION normfreeze.method(text) AS IMPLICIT;
CREATE CAST (varchar AS normfreeze.method) WITH FUNCTION normfreeze.method(text) AS IMPLICIT;

CREATE FUNCTION normfreeze.methods() RETURNS jsonb
	AS 'MODULE_PATHNAME', 'methods' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.methods() IS 'the methods with their options, and the formulas with their parameters and steps';

-- type profile

CREATE TYPE normfreeze.profile;

CREATE FUNCTION normfreeze.profile_in(cstring) RETURNS normfreeze.profile
	AS 'MODULE_PATHNAME', 'profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_in(cstring) IS 'I/O';

CREATE FUNCTION normfreeze.profile_out(normfreeze.profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_out(normfreeze.profile) IS 'I/O';

CREATE FUNCTION normfreeze.profile_recv(internal) RETURNS normfreeze.profile
	AS 'MODULE_PATHNAME', 'profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_recv(internal) IS 'I/O';

CREATE FUNCTION normfreeze.profile_send(normfreeze.profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_send(normfreeze.profile) IS 'I/O';

CREATE TYPE normfreeze.profile (
	INPUT = normfreeze.profile_in,
	OUTPUT = normfreeze.profile_out,
	RECEIVE = normfreeze.profile_recv,
	SEND = normfreeze.profile_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE normfreeze.profile IS 'what a set of rows looked like, exactly, whatever their order';

-- type scaler

CREATE TYPE normfreeze.scaler;

CREATE FUNCTION normfreeze.scaler_in(cstring) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'scaler_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_in(cstring) IS 'I/O';

CREATE FUNCTION normfreeze.scaler_out(normfreeze.scaler) RETURNS cstring
	AS 'MODULE_PATHNAME', 'scaler_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_out(normfreeze.scaler) IS 'I/O';

CREATE FUNCTION normfreeze.scaler_recv(internal) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'scaler_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_recv(internal) IS 'I/O';

CREATE FUNCTION normfreeze.scaler_send(normfreeze.scaler) RETURNS bytea
	AS 'MODULE_PATHNAME', 'scaler_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_send(normfreeze.scaler) IS 'I/O';

CREATE TYPE normfreeze.scaler (
	INPUT = normfreeze.scaler_in,
	OUTPUT = normfreeze.scaler_out,
	RECEIVE = normfreeze.scaler_recv,
	SEND = normfreeze.scaler_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE normfreeze.scaler IS 'what to do to a row: methods, parameters, names and policies';

-- type fit_state

CREATE TYPE normfreeze.fit_state;

CREATE FUNCTION normfreeze.fit_state_in(cstring) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fit_state_in(cstring) IS 'I/O';

CREATE FUNCTION normfreeze.fit_state_out(normfreeze.fit_state) RETURNS cstring
	AS 'MODULE_PATHNAME', 'fit_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fit_state_out(normfreeze.fit_state) IS 'I/O';

CREATE FUNCTION normfreeze.fit_state_recv(internal) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fit_state_recv(internal) IS 'I/O';

CREATE FUNCTION normfreeze.fit_state_send(normfreeze.fit_state) RETURNS bytea
	AS 'MODULE_PATHNAME', 'fit_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fit_state_send(normfreeze.fit_state) IS 'I/O';

CREATE TYPE normfreeze.fit_state (
	INPUT = normfreeze.fit_state_in,
	OUTPUT = normfreeze.fit_state_out,
	RECEIVE = normfreeze.fit_state_recv,
	SEND = normfreeze.fit_state_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE normfreeze.fit_state IS 'the transition state of fit(), profile() and merge()';

-- comparison of profiles: equal values have equal canonical bytes; the operators are
-- in pg_catalog, so that they are found whatever search_path is

CREATE FUNCTION normfreeze.profile_eq(normfreeze.profile, normfreeze.profile) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_eq(normfreeze.profile, normfreeze.profile) IS 'implementation of = operator';

CREATE FUNCTION normfreeze.profile_ne(normfreeze.profile, normfreeze.profile) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_ne(normfreeze.profile, normfreeze.profile) IS 'implementation of <> operator';

CREATE FUNCTION normfreeze.profile_lt(normfreeze.profile, normfreeze.profile) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_lt(normfreeze.profile, normfreeze.profile) IS 'implementation of < operator';

CREATE FUNCTION normfreeze.profile_le(normfreeze.profile, normfreeze.profile) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_le(normfreeze.profile, normfreeze.profile) IS 'implementation of <= operator';

CREATE FUNCTION normfreeze.profile_gt(normfreeze.profile, normfreeze.profile) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_gt(normfreeze.profile, normfreeze.profile) IS 'implementation of > operator';

CREATE FUNCTION normfreeze.profile_ge(normfreeze.profile, normfreeze.profile) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_ge(normfreeze.profile, normfreeze.profile) IS 'implementation of >= operator';

CREATE FUNCTION normfreeze.profile_cmp(normfreeze.profile, normfreeze.profile) RETURNS integer
	AS 'MODULE_PATHNAME', 'value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_cmp(normfreeze.profile, normfreeze.profile) IS 'less-equal-greater';

CREATE FUNCTION normfreeze.profile_hash(normfreeze.profile) RETURNS integer
	AS 'MODULE_PATHNAME', 'value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_hash(normfreeze.profile) IS 'hash';

CREATE FUNCTION normfreeze.profile_hash_extended(normfreeze.profile, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_hash_extended(normfreeze.profile, bigint) IS 'hash';

CREATE OPERATOR pg_catalog.= (
	FUNCTION = normfreeze.profile_eq, LEFTARG = normfreeze.profile, RIGHTARG = normfreeze.profile,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR pg_catalog.<> (
	FUNCTION = normfreeze.profile_ne, LEFTARG = normfreeze.profile, RIGHTARG = normfreeze.profile,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);

CREATE OPERATOR pg_catalog.< (
	FUNCTION = normfreeze.profile_lt, LEFTARG = normfreeze.profile, RIGHTARG = normfreeze.profile,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);

CREATE OPERATOR pg_catalog.<= (
	FUNCTION = normfreeze.profile_le, LEFTARG = normfreeze.profile, RIGHTARG = normfreeze.profile,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);

CREATE OPERATOR pg_catalog.> (
	FUNCTION = normfreeze.profile_gt, LEFTARG = normfreeze.profile, RIGHTARG = normfreeze.profile,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);

CREATE OPERATOR pg_catalog.>= (
	FUNCTION = normfreeze.profile_ge, LEFTARG = normfreeze.profile, RIGHTARG = normfreeze.profile,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);

CREATE OPERATOR CLASS normfreeze.profile_ops DEFAULT FOR TYPE normfreeze.profile USING btree AS
	OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
	FUNCTION 1 normfreeze.profile_cmp(normfreeze.profile, normfreeze.profile);

CREATE OPERATOR CLASS normfreeze.profile_hash_ops DEFAULT FOR TYPE normfreeze.profile USING hash AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 normfreeze.profile_hash(normfreeze.profile),
	FUNCTION 2 normfreeze.profile_hash_extended(normfreeze.profile, bigint);

-- comparison of scalers: equal values have equal canonical bytes; the operators are
-- in pg_catalog, so that they are found whatever search_path is

CREATE FUNCTION normfreeze.scaler_eq(normfreeze.scaler, normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_eq(normfreeze.scaler, normfreeze.scaler) IS 'implementation of = operator';

CREATE FUNCTION normfreeze.scaler_ne(normfreeze.scaler, normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_ne(normfreeze.scaler, normfreeze.scaler) IS 'implementation of <> operator';

CREATE FUNCTION normfreeze.scaler_lt(normfreeze.scaler, normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_lt(normfreeze.scaler, normfreeze.scaler) IS 'implementation of < operator';

CREATE FUNCTION normfreeze.scaler_le(normfreeze.scaler, normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_le(normfreeze.scaler, normfreeze.scaler) IS 'implementation of <= operator';

CREATE FUNCTION normfreeze.scaler_gt(normfreeze.scaler, normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_gt(normfreeze.scaler, normfreeze.scaler) IS 'implementation of > operator';

CREATE FUNCTION normfreeze.scaler_ge(normfreeze.scaler, normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_ge(normfreeze.scaler, normfreeze.scaler) IS 'implementation of >= operator';

CREATE FUNCTION normfreeze.scaler_cmp(normfreeze.scaler, normfreeze.scaler) RETURNS integer
	AS 'MODULE_PATHNAME', 'value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_cmp(normfreeze.scaler, normfreeze.scaler) IS 'less-equal-greater';

CREATE FUNCTION normfreeze.scaler_hash(normfreeze.scaler) RETURNS integer
	AS 'MODULE_PATHNAME', 'value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_hash(normfreeze.scaler) IS 'hash';

CREATE FUNCTION normfreeze.scaler_hash_extended(normfreeze.scaler, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_hash_extended(normfreeze.scaler, bigint) IS 'hash';

CREATE OPERATOR pg_catalog.= (
	FUNCTION = normfreeze.scaler_eq, LEFTARG = normfreeze.scaler, RIGHTARG = normfreeze.scaler,
	COMMUTATOR = OPERATOR(pg_catalog.=), NEGATOR = OPERATOR(pg_catalog.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR pg_catalog.<> (
	FUNCTION = normfreeze.scaler_ne, LEFTARG = normfreeze.scaler, RIGHTARG = normfreeze.scaler,
	COMMUTATOR = OPERATOR(pg_catalog.<>), NEGATOR = OPERATOR(pg_catalog.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);

CREATE OPERATOR pg_catalog.< (
	FUNCTION = normfreeze.scaler_lt, LEFTARG = normfreeze.scaler, RIGHTARG = normfreeze.scaler,
	COMMUTATOR = OPERATOR(pg_catalog.>), NEGATOR = OPERATOR(pg_catalog.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);

CREATE OPERATOR pg_catalog.<= (
	FUNCTION = normfreeze.scaler_le, LEFTARG = normfreeze.scaler, RIGHTARG = normfreeze.scaler,
	COMMUTATOR = OPERATOR(pg_catalog.>=), NEGATOR = OPERATOR(pg_catalog.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);

CREATE OPERATOR pg_catalog.> (
	FUNCTION = normfreeze.scaler_gt, LEFTARG = normfreeze.scaler, RIGHTARG = normfreeze.scaler,
	COMMUTATOR = OPERATOR(pg_catalog.<), NEGATOR = OPERATOR(pg_catalog.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);

CREATE OPERATOR pg_catalog.>= (
	FUNCTION = normfreeze.scaler_ge, LEFTARG = normfreeze.scaler, RIGHTARG = normfreeze.scaler,
	COMMUTATOR = OPERATOR(pg_catalog.<=), NEGATOR = OPERATOR(pg_catalog.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);

CREATE OPERATOR CLASS normfreeze.scaler_ops DEFAULT FOR TYPE normfreeze.scaler USING btree AS
	OPERATOR 1 pg_catalog.<, OPERATOR 2 pg_catalog.<=, OPERATOR 3 pg_catalog.=,
	OPERATOR 4 pg_catalog.>=, OPERATOR 5 pg_catalog.>,
	FUNCTION 1 normfreeze.scaler_cmp(normfreeze.scaler, normfreeze.scaler);

CREATE OPERATOR CLASS normfreeze.scaler_hash_ops DEFAULT FOR TYPE normfreeze.scaler USING hash AS
	OPERATOR 1 pg_catalog.=,
	FUNCTION 1 normfreeze.scaler_hash(normfreeze.scaler),
	FUNCTION 2 normfreeze.scaler_hash_extended(normfreeze.scaler, bigint);

-- scalers and profiles as values

CREATE FUNCTION normfreeze.scaler_to_jsonb(normfreeze.scaler) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'scaler_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_to_jsonb(normfreeze.scaler) IS 'a scaler as jsonb, as its text is JSON';

CREATE FUNCTION normfreeze.jsonb_to_scaler(jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'jsonb_to_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.jsonb_to_scaler(jsonb) IS 'the scaler that jsonb describes; a wrong fingerprint is an error';

CREATE CAST (normfreeze.scaler AS jsonb) WITH FUNCTION normfreeze.scaler_to_jsonb(normfreeze.scaler);
CREATE CAST (jsonb AS normfreeze.scaler) WITH FUNCTION normfreeze.jsonb_to_scaler(jsonb);

CREATE FUNCTION normfreeze.fingerprint(scaler normfreeze.scaler) RETURNS text
	AS 'MODULE_PATHNAME', 'fingerprint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fingerprint(normfreeze.scaler) IS 'SHA-256 of what a scaler is, with or without its profile at hand';

CREATE FUNCTION normfreeze.id_of(scaler normfreeze.scaler) RETURNS bigint
	AS 'MODULE_PATHNAME', 'id_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.id_of(normfreeze.scaler) IS 'the scaler_id a scaler has wherever it is frozen: the first 63 bits of its fingerprint';

CREATE FUNCTION normfreeze.bare(scaler normfreeze.scaler) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'bare' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.bare(normfreeze.scaler) IS 'the scaler without its profile, but with the same identity';

CREATE FUNCTION normfreeze.profile_of(scaler normfreeze.scaler) RETURNS normfreeze.profile
	AS 'MODULE_PATHNAME', 'profile_of_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_of(normfreeze.scaler) IS 'the profile inside a scaler; NULL if it is bare';

CREATE FUNCTION normfreeze.profile_digest(profile normfreeze.profile) RETURNS text
	AS 'MODULE_PATHNAME', 'profile_digest' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_digest(normfreeze.profile) IS 'SHA-256 by which scalers and normfreeze.profiles know a profile';

CREATE FUNCTION normfreeze.feature_names(scaler normfreeze.scaler) RETURNS text[]
	AS 'MODULE_PATHNAME', 'feature_names_of_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.feature_names(normfreeze.scaler) IS 'the features that normalize() asks for, in the order of its results; NULL if they have no names';

-- transition, combine and final functions

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[]) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[]) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[]) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[]) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[]) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[]) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[]) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[]) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[]) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[]) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[]) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[]) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, text[]) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_chosen_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, text[]) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, bigint) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, text) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], bigint) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], text) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], bigint) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], text) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], bigint) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], text) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], bigint) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], text) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], bigint) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], text) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], bigint) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], text) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.merge_transition(normfreeze.fit_state, normfreeze.profile) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'merge_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.merge_transition(normfreeze.fit_state, normfreeze.profile) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, double precision[], normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, double precision[], normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, double precision[], normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, double precision[], normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, real[], normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, real[], normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, real[], normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, real[], normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, smallint[], normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, smallint[], normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, smallint[], normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, smallint[], normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, integer[], normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, integer[], normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, integer[], normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, integer[], normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, bigint[], normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, bigint[], normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, bigint[], normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, bigint[], normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, numeric[], normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, numeric[], normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, numeric[], normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, numeric[], normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, record, normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, record, normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, record, normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, record, normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, double precision[], normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, double precision[], normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, real[], normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, real[], normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, smallint[], normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, smallint[], normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, integer[], normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, integer[], normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, bigint[], normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, bigint[], normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, numeric[], normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_array_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, numeric[], normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.fit_state_combine(normfreeze.fit_state, normfreeze.fit_state) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_state_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_state_combine(normfreeze.fit_state, normfreeze.fit_state) IS 'aggregate combine function';

CREATE FUNCTION normfreeze.profile_final(normfreeze.fit_state) RETURNS normfreeze.profile
	AS 'MODULE_PATHNAME', 'profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_final(normfreeze.fit_state) IS 'aggregate final function';

CREATE FUNCTION normfreeze.fit_final(normfreeze.fit_state) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fit_final(normfreeze.fit_state) IS 'aggregate final function';

-- aggregates

CREATE AGGREGATE normfreeze.profile(features double precision[]) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[]) IS 'what these arrays of features looked like';

CREATE AGGREGATE normfreeze.profile(features real[]) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[]) IS 'what these arrays of features looked like';

CREATE AGGREGATE normfreeze.profile(features smallint[]) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[]) IS 'what these arrays of features looked like';

CREATE AGGREGATE normfreeze.profile(features integer[]) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[]) IS 'what these arrays of features looked like';

CREATE AGGREGATE normfreeze.profile(features bigint[]) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[]) IS 'what these arrays of features looked like';

CREATE AGGREGATE normfreeze.profile(features numeric[]) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[]) IS 'what these arrays of features looked like';

CREATE AGGREGATE normfreeze.profile("row" record) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record) IS 'what these columns of rows looked like';

CREATE AGGREGATE normfreeze.profile("row" record, columns text[]) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, text[]) IS 'what these columns of rows looked like';

CREATE AGGREGATE normfreeze.profile("row" record, scaler_id bigint) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, bigint) IS 'what the features of this scaler looked like in rows';

CREATE AGGREGATE normfreeze.profile("row" record, ref text) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, text) IS 'what the features of this scaler looked like in rows';

CREATE AGGREGATE normfreeze.profile(features double precision[], scaler_id bigint) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[], bigint) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features double precision[], ref text) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[], text) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features real[], scaler_id bigint) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[], bigint) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features real[], ref text) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[], text) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features smallint[], scaler_id bigint) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[], bigint) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features smallint[], ref text) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[], text) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features integer[], scaler_id bigint) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[], bigint) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features integer[], ref text) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[], text) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features bigint[], scaler_id bigint) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[], bigint) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features bigint[], ref text) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[], text) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features numeric[], scaler_id bigint) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[], bigint) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.profile(features numeric[], ref text) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[], text) IS 'what the features of this scaler looked like in arrays';

CREATE AGGREGATE normfreeze.merge(profile normfreeze.profile) (
	SFUNC = normfreeze.merge_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.merge(normfreeze.profile) IS 'the profile of all rows of several profiles, exactly';

CREATE AGGREGATE normfreeze.fit(features double precision[], method normfreeze.method) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(double precision[], normfreeze.method) IS 'fit a scaler to arrays of features';

CREATE AGGREGATE normfreeze.fit(features double precision[], method normfreeze.method, options jsonb) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(double precision[], normfreeze.method, jsonb) IS 'fit a scaler to arrays of features, with options';

CREATE AGGREGATE normfreeze.fit(features real[], method normfreeze.method) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(real[], normfreeze.method) IS 'fit a scaler to arrays of features';

CREATE AGGREGATE normfreeze.fit(features real[], method normfreeze.method, options jsonb) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(real[], normfreeze.method, jsonb) IS 'fit a scaler to arrays of features, with options';

CREATE AGGREGATE normfreeze.fit(features smallint[], method normfreeze.method) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(smallint[], normfreeze.method) IS 'fit a scaler to arrays of features';

CREATE AGGREGATE normfreeze.fit(features smallint[], method normfreeze.method, options jsonb) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(smallint[], normfreeze.method, jsonb) IS 'fit a scaler to arrays of features, with options';

CREATE AGGREGATE normfreeze.fit(features integer[], method normfreeze.method) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(integer[], normfreeze.method) IS 'fit a scaler to arrays of features';

CREATE AGGREGATE normfreeze.fit(features integer[], method normfreeze.method, options jsonb) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(integer[], normfreeze.method, jsonb) IS 'fit a scaler to arrays of features, with options';

CREATE AGGREGATE normfreeze.fit(features bigint[], method normfreeze.method) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(bigint[], normfreeze.method) IS 'fit a scaler to arrays of features';

CREATE AGGREGATE normfreeze.fit(features bigint[], method normfreeze.method, options jsonb) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(bigint[], normfreeze.method, jsonb) IS 'fit a scaler to arrays of features, with options';

CREATE AGGREGATE normfreeze.fit(features numeric[], method normfreeze.method) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(numeric[], normfreeze.method) IS 'fit a scaler to arrays of features';

CREATE AGGREGATE normfreeze.fit(features numeric[], method normfreeze.method, options jsonb) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(numeric[], normfreeze.method, jsonb) IS 'fit a scaler to arrays of features, with options';

CREATE AGGREGATE normfreeze.fit("row" record, method normfreeze.method) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(record, normfreeze.method) IS 'fit a scaler to columns of rows';

CREATE AGGREGATE normfreeze.fit("row" record, method normfreeze.method, options jsonb) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(record, normfreeze.method, jsonb) IS 'fit a scaler to columns of rows, with options';

CREATE AGGREGATE normfreeze.fit(features double precision[], method normfreeze.method, options jsonb, weight double precision) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(double precision[], normfreeze.method, jsonb, double precision) IS 'fit a scaler to arrays of features with a weight for each row, with options';

CREATE AGGREGATE normfreeze.fit(features real[], method normfreeze.method, options jsonb, weight double precision) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(real[], normfreeze.method, jsonb, double precision) IS 'fit a scaler to arrays of features with a weight for each row, with options';

CREATE AGGREGATE normfreeze.fit(features smallint[], method normfreeze.method, options jsonb, weight double precision) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(smallint[], normfreeze.method, jsonb, double precision) IS 'fit a scaler to arrays of features with a weight for each row, with options';

CREATE AGGREGATE normfreeze.fit(features integer[], method normfreeze.method, options jsonb, weight double precision) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(integer[], normfreeze.method, jsonb, double precision) IS 'fit a scaler to arrays of features with a weight for each row, with options';

CREATE AGGREGATE normfreeze.fit(features bigint[], method normfreeze.method, options jsonb, weight double precision) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(bigint[], normfreeze.method, jsonb, double precision) IS 'fit a scaler to arrays of features with a weight for each row, with options';

CREATE AGGREGATE normfreeze.fit(features numeric[], method normfreeze.method, options jsonb, weight double precision) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(numeric[], normfreeze.method, jsonb, double precision) IS 'fit a scaler to arrays of features with a weight for each row, with options';

CREATE AGGREGATE normfreeze.fit("row" record, method normfreeze.method, options jsonb, weight double precision) (
	SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit(record, normfreeze.method, jsonb, double precision) IS 'fit a scaler to columns of rows with a weight for each row, with options';

CREATE FUNCTION normfreeze.fit(profile normfreeze.profile, method normfreeze.method) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_profile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fit(normfreeze.profile, normfreeze.method) IS 'fit a scaler to a profile';

CREATE FUNCTION normfreeze.fit(profile normfreeze.profile, method normfreeze.method, options jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_profile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.fit(normfreeze.profile, normfreeze.method, jsonb) IS 'fit a scaler to a profile, with options';

-- the passes of fit_table()

CREATE FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method, jsonb) IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.scan(record, normfreeze.method) (
	SFUNC = normfreeze.scan_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan(record, normfreeze.method) IS 'the first pass of fit_table(): the profile that the fit has';

CREATE AGGREGATE normfreeze.scan(record, normfreeze.method, jsonb) (
	SFUNC = normfreeze.scan_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan(record, normfreeze.method, jsonb) IS 'the first pass of fit_table(): the profile that the fit has';

CREATE FUNCTION normfreeze.gather_transition(internal, record, bytea) RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_transition(internal, record, bytea) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.gather_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_combine(internal, internal) IS 'aggregate combine function';

CREATE FUNCTION normfreeze.gather_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'gather_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.gather_serialize(internal) IS 'aggregate serialization function';

CREATE FUNCTION normfreeze.gather_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.gather_deserialize(bytea, internal) IS 'aggregate deserialization function';

CREATE FUNCTION normfreeze.gather_final(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'gather_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.gather_final(internal) IS 'aggregate final function';

CREATE AGGREGATE normfreeze.gather(record, bytea) (
	SFUNC = normfreeze.gather_transition, STYPE = internal, FINALFUNC = normfreeze.gather_final,
	COMBINEFUNC = normfreeze.gather_combine, SERIALFUNC = normfreeze.gather_serialize,
	DESERIALFUNC = normfreeze.gather_deserialize, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.gather(record, bytea) IS 'a later pass of fit_table(): what its plan asks for';

CREATE FUNCTION normfreeze.fit_table(relation regclass, method normfreeze.method) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_table' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION normfreeze.fit_table(regclass, normfreeze.method) IS 'fit a scaler to a table or view, in parallel even inside freeze()';

CREATE FUNCTION normfreeze.fit_table(relation regclass, method normfreeze.method, options jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_table' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION normfreeze.fit_table(regclass, normfreeze.method, jsonb) IS 'fit a scaler to a table or view, in parallel even inside freeze(), with options';

-- scalers of other systems

CREATE FUNCTION normfreeze.from_sklearn(fitted jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_sklearn' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_sklearn(jsonb) IS 'a fitted scaler of scikit-learn, with its arithmetic';

CREATE FUNCTION normfreeze.from_spark(model jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_spark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_spark(jsonb) IS 'a model of Apache Spark ML, with its arithmetic';

CREATE FUNCTION normfreeze.from_onnx_scaler(node jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_onnx_scaler' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_onnx_scaler(jsonb) IS 'a node of ONNX operator Scaler, with its arithmetic';

CREATE FUNCTION normfreeze.from_batchnorm(mean double precision[], var double precision[], weight double precision[] DEFAULT NULL, bias double precision[] DEFAULT NULL, eps double precision DEFAULT 1e-5, names text[] DEFAULT NULL, formula text DEFAULT 'stable') RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_batchnorm_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_batchnorm(double precision[], double precision[], double precision[], double precision[], double precision, text[], text) IS 'batch normalization in evaluation, computed in float8';

CREATE FUNCTION normfreeze.from_batchnorm(mean real[], var real[], weight real[] DEFAULT NULL, bias real[] DEFAULT NULL, eps double precision DEFAULT 1e-5, names text[] DEFAULT NULL, formula text DEFAULT 'stable') RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_batchnorm_float4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_batchnorm(real[], real[], real[], real[], double precision, text[], text) IS 'batch normalization in evaluation, computed in float4';

CREATE FUNCTION normfreeze.from_vertica(model jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_vertica' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_vertica(jsonb) IS 'a normalization model of Vertica, by its documented formula';

CREATE FUNCTION normfreeze.from_teradata(fit jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_teradata' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_teradata(jsonb) IS 'a TD_ScaleFit table of Teradata, by its documented formula';

CREATE FUNCTION normfreeze.from_bigquery(info jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_bigquery' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_bigquery(jsonb) IS 'a scaler of BigQuery ML from ML.FEATURE_INFO, by its documented behaviour';

-- the registry

CREATE FUNCTION normfreeze.is_content(scaler_id bigint, fingerprint text, scaler normfreeze.scaler) RETURNS boolean
	AS 'MODULE_PATHNAME', 'is_content' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.is_content(bigint, text, normfreeze.scaler) IS 'true for a bare scaler under its own id and fingerprint';

CREATE TABLE normfreeze.scalers (
	scaler_id bigint NOT NULL,
	fingerprint text COLLATE "C" NOT NULL,
	scaler normfreeze.scaler NOT NULL,
	probe_inputs double precision[] NOT NULL,
	probe_outputs double precision[] NOT NULL,
	CONSTRAINT scalers_pkey PRIMARY KEY (scaler_id),
	CONSTRAINT scalers_fingerprint_key UNIQUE (fingerprint),
	CONSTRAINT scalers_content CHECK (normfreeze.is_content(scaler_id, fingerprint, scaler))
);
COMMENT ON TABLE normfreeze.scalers IS 'frozen scalers by content: each stored once, whatever its names, and never changed';
COMMENT ON COLUMN normfreeze.scalers.scaler_id IS 'the first 63 bits of the fingerprint';
COMMENT ON COLUMN normfreeze.scalers.fingerprint IS 'SHA-256 of the recipe and of the digest of the profile';
COMMENT ON COLUMN normfreeze.scalers.scaler IS 'the scaler, bare';
COMMENT ON COLUMN normfreeze.scalers.probe_inputs IS 'inputs derived from the recipe, a row for each probe';
COMMENT ON COLUMN normfreeze.scalers.probe_outputs IS 'what the scaler made of them when it was frozen';

CREATE TABLE normfreeze.profiles (
	digest text COLLATE "C" NOT NULL,
	profile normfreeze.profile NOT NULL,
	CONSTRAINT profiles_pkey PRIMARY KEY (digest),
	CONSTRAINT profiles_content CHECK (digest OPERATOR(pg_catalog.=) normfreeze.profile_digest(profile))
);
-- or ANALYZE would copy small profiles into pg_statistic, where purge_profile() does not reach them
ALTER TABLE normfreeze.profiles ALTER COLUMN profile SET STATISTICS 0;
COMMENT ON TABLE normfreeze.profiles IS 'the evidence: what scalers were fitted on';
COMMENT ON COLUMN normfreeze.profiles.digest IS 'normfreeze.profile_digest(profile), which the scaler holds too';

CREATE TABLE normfreeze.versions (
	name text COLLATE "C" NOT NULL,
	version integer NOT NULL,
	scaler_id bigint NOT NULL,
	frozen_at timestamptz NOT NULL,
	frozen_by text NOT NULL,
	frozen_session_user text NOT NULL,
	note text,
	metadata jsonb NOT NULL,
	row_count bigint,
	server_version text NOT NULL,
	extension_version text NOT NULL,
	origin jsonb,
	evidence boolean NOT NULL DEFAULT false,
	CONSTRAINT versions_pkey PRIMARY KEY (name, version),
	CONSTRAINT versions_scaler_id_key UNIQUE (name, scaler_id),
	CONSTRAINT versions_version CHECK (version OPERATOR(pg_catalog.>) 0),
	CONSTRAINT versions_name CHECK (
		pg_catalog.octet_length(name) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(name) OPERATOR(pg_catalog.<=) 200
		AND pg_catalog.strpos(name, '@') OPERATOR(pg_catalog.=) 0
		AND NOT pg_catalog.starts_with(name, 'sha256:'))
);
COMMENT ON TABLE normfreeze.versions IS 'names and local version numbers of frozen scalers, with who froze them, when and why';
COMMENT ON COLUMN normfreeze.versions.version IS '1, 2, 3, ... for each name, in this database';
COMMENT ON COLUMN normfreeze.versions.frozen_by IS 'the current user, whose privileges froze it';
COMMENT ON COLUMN normfreeze.versions.frozen_session_user IS 'the session user, who was logged in';
COMMENT ON COLUMN normfreeze.versions.row_count IS 'rows the scaler was fitted on, if that is known';
COMMENT ON COLUMN normfreeze.versions.server_version IS 'PostgreSQL version of the server that froze it';
COMMENT ON COLUMN normfreeze.versions.extension_version IS 'normfreeze version that froze it';
COMMENT ON COLUMN normfreeze.versions.origin IS 'of an imported version: database, name and number there, who froze it there, and when';
COMMENT ON COLUMN normfreeze.versions.evidence IS 'whether its profile, or that of every member and the fallback, was stored here when this row was written';
CREATE INDEX versions_scaler_id_idx ON normfreeze.versions (scaler_id);

CREATE TABLE normfreeze.stage_log (
	name text COLLATE "C" NOT NULL,
	seq integer NOT NULL,
	stage text COLLATE "C",
	version integer NOT NULL,
	action text COLLATE "C" NOT NULL,
	at timestamptz NOT NULL,
	changed_by text NOT NULL,
	changed_session_user text NOT NULL,
	note text,
	origin jsonb,
	CONSTRAINT stage_log_pkey PRIMARY KEY (name, seq),
	CONSTRAINT stage_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT stage_log_action CHECK (
		(action OPERATOR(pg_catalog.=) 'retire' AND stage IS NULL)
		OR (action OPERATOR(pg_catalog.=) 'promote' AND stage IS NOT NULL)
		OR (action OPERATOR(pg_catalog.=) 'rollback' AND stage IS NOT NULL)
		OR (action OPERATOR(pg_catalog.=) 'demote' AND stage IS NOT NULL)),
	CONSTRAINT stage_log_stage CHECK (
		pg_catalog.octet_length(stage) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(stage) OPERATOR(pg_catalog.<=) 200
		AND pg_catalog.strpos(stage, '@') OPERATOR(pg_catalog.=) 0
		AND stage OPERATOR(pg_catalog.<>) 'latest'
		AND stage OPERATOR(pg_catalog.!~) '^v[0-9]+$')
);
COMMENT ON TABLE normfreeze.stage_log IS 'which version of a name entered or left which stage when: the last entry of a stage is its state';
COMMENT ON COLUMN normfreeze.stage_log.seq IS '1, 2, 3, ... for each name';
COMMENT ON COLUMN normfreeze.stage_log.stage IS 'NULL where a version is retired';
COMMENT ON COLUMN normfreeze.stage_log.version IS 'the version that entered the stage; where it was demoted, the one that left it';
COMMENT ON COLUMN normfreeze.stage_log.changed_by IS 'the current user, whose privileges allowed it';
COMMENT ON COLUMN normfreeze.stage_log.changed_session_user IS 'the session user, who was logged in';
COMMENT ON COLUMN normfreeze.stage_log.origin IS 'of an imported entry: database, name and number there, who made it there, and when';
CREATE INDEX stage_log_stage_idx ON normfreeze.stage_log (name, stage, seq);

CREATE TABLE normfreeze.members (
	set_id bigint NOT NULL,
	key text COLLATE "C" NOT NULL,
	position integer NOT NULL,
	scaler_id bigint NOT NULL,
	proof bytea NOT NULL,
	CONSTRAINT members_pkey PRIMARY KEY (set_id, key),
	CONSTRAINT members_position_key UNIQUE (set_id, position),
	CONSTRAINT members_key CHECK (
		pg_catalog.octet_length(key) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(key) OPERATOR(pg_catalog.<=) 1024),
	CONSTRAINT members_position CHECK (position OPERATOR(pg_catalog.>) 0),
	CONSTRAINT members_proof CHECK (
		pg_catalog.octet_length(proof) OPERATOR(pg_catalog.%) 32 OPERATOR(pg_catalog.=) 0
		AND pg_catalog.octet_length(proof) OPERATOR(pg_catalog.<=) 1024)
);
COMMENT ON TABLE normfreeze.members IS 'the scalers of sets, by key; a set itself, with the digest of its members, is in normfreeze.scalers';
CREATE INDEX members_scaler_id_idx ON normfreeze.members (scaler_id);
COMMENT ON COLUMN normfreeze.members.set_id IS 'the scaler_id of the set';
COMMENT ON COLUMN normfreeze.members.position IS '1, 2, 3, ... in the order of the keys of a set';
COMMENT ON COLUMN normfreeze.members.scaler_id IS 'the scaler of the key';
COMMENT ON COLUMN normfreeze.members.proof IS 'audit path from the key and its scaler to the digest in the set';

CREATE TABLE normfreeze.stage_access_log (
	stage text COLLATE "C" NOT NULL,
	seq integer NOT NULL,
	role text COLLATE "C" NOT NULL,
	action text COLLATE "C" NOT NULL,
	at timestamptz NOT NULL,
	changed_by text NOT NULL,
	changed_session_user text NOT NULL,
	note text,
	CONSTRAINT stage_access_log_pkey PRIMARY KEY (stage, seq),
	CONSTRAINT stage_access_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT stage_access_log_role CHECK (role OPERATOR(pg_catalog.<>) ''),
	CONSTRAINT stage_access_log_action CHECK (
		(action OPERATOR(pg_catalog.=) 'allow') OR (action OPERATOR(pg_catalog.=) 'disallow'))
);
COMMENT ON TABLE normfreeze.stage_access_log IS 'which roles may change a stage: the last entry of a stage and role is their state';
COMMENT ON COLUMN normfreeze.stage_access_log.seq IS '1, 2, 3, ... for each stage';
COMMENT ON COLUMN normfreeze.stage_access_log.role IS 'by name, since a dump is restored where roles have other OIDs; public is everybody';

-- No foreign keys between these tables: pg_restore --jobs loads the tables of an extension in
-- any order, and with their constraints in force.  verify() reports what refers to nothing.

SELECT pg_catalog.pg_extension_config_dump('normfreeze.scalers', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.profiles', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.versions', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.stage_log', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.members', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.stage_access_log', '');

-- immutability: no UPDATE, DELETE or TRUNCATE, also under session_replication_role = replica

CREATE FUNCTION normfreeze.refuse_change() RETURNS trigger
	AS 'MODULE_PATHNAME', 'refuse_change' LANGUAGE C;
COMMENT ON FUNCTION normfreeze.refuse_change() IS 'trigger function that refuses every change of the registry';

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.scalers
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.scalers
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.scalers ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.scalers ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.profiles
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.profiles
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.versions
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.versions
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.stage_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.stage_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.stage_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.stage_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.members
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.members
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.members ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.members ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.stage_access_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.stage_access_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.stage_access_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.stage_access_log ENABLE ALWAYS TRIGGER refuse_truncate;

-- with no search_path every name but those of pg_catalog is qualified, whoever asks
CREATE FUNCTION normfreeze.constraint_definition(oid) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = ''
	AS $$ SELECT pg_catalog.pg_get_constraintdef($1) $$;
COMMENT ON FUNCTION normfreeze.constraint_definition(oid) IS 'the definition of a constraint, as view guards compares it';

CREATE VIEW normfreeze.guards AS
	SELECT g.relname OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) g.tgname AS guard,
		COALESCE((
			SELECT t.tgenabled OPERATOR(pg_catalog.=) 'A' AND t.tgqual IS NULL
				AND t.tgtype OPERATOR(pg_catalog.=) g.tgtype AND t.tgnargs OPERATOR(pg_catalog.=) 0
				AND t.tgattr::pg_catalog.text OPERATOR(pg_catalog.=) ''
			FROM pg_catalog.pg_trigger AS t
			WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid AND t.tgname OPERATOR(pg_catalog.=) g.tgname
				AND t.tgfoid OPERATOR(pg_catalog.=) 'normfreeze.refuse_change()'::pg_catalog.regprocedure
		), false) AS in_force
	-- tgtype: 27 is BEFORE UPDATE OR DELETE FOR EACH ROW, 34 is BEFORE TRUNCATE FOR EACH STATEMENT
	FROM (VALUES
		('scalers', 'refuse_change', 27), ('scalers', 'refuse_truncate', 34),
		('profiles', 'refuse_change', 27), ('profiles', 'refuse_truncate', 34),
		('versions', 'refuse_change', 27), ('versions', 'refuse_truncate', 34),
		('stage_log', 'refuse_change', 27), ('stage_log', 'refuse_truncate', 34),
		('members', 'refuse_change', 27), ('members', 'refuse_truncate', 34),
		('stage_access_log', 'refuse_change', 27), ('stage_access_log', 'refuse_truncate', 34),
		('drift_log', 'refuse_change', 27), ('drift_log', 'refuse_truncate', 34),
		('use_log', 'refuse_change', 27), ('use_log', 'refuse_truncate', 34),
		('purge_log', 'refuse_change', 27), ('purge_log', 'refuse_truncate', 34)
	) AS g (relname, tgname, tgtype)
	LEFT JOIN pg_catalog.pg_class AS c ON c.relname OPERATOR(pg_catalog.=) g.relname
		AND c.relnamespace OPERATOR(pg_catalog.=) 'normfreeze'::pg_catalog.regnamespace
	UNION ALL
	SELECT k.relname OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) k.conname,
		COALESCE((
			SELECT x.convalidated AND normfreeze.constraint_definition(x.oid) OPERATOR(pg_catalog.=) k.definition
			FROM pg_catalog.pg_constraint AS x
			WHERE x.conrelid OPERATOR(pg_catalog.=) c.oid AND x.conname OPERATOR(pg_catalog.=) k.conname
		), false)
	FROM (VALUES
		('scalers', 'scalers_fingerprint_key', 'UNIQUE (fingerprint)'),
		('scalers', 'scalers_pkey', 'PRIMARY KEY (scaler_id)'),
		('scalers', 'scalers_content', 'CHECK (normfreeze.is_content(scaler_id, fingerprint, scaler))'),
		('profiles', 'profiles_pkey', 'PRIMARY KEY (digest)'),
		('profiles', 'profiles_content', 'CHECK ((digest = normfreeze.profile_digest(profile)))'),
		('versions', 'versions_scaler_id_key', 'UNIQUE (name, scaler_id)'),
		('versions', 'versions_pkey', 'PRIMARY KEY (name, version)'),
		('versions', 'versions_name',
			'CHECK (((octet_length(name) > 0) AND (octet_length(name) <= 200) AND (strpos(name, ''@''::text) = 0) AND (NOT starts_with(name, ''sha256:''::text))))'),
		('versions', 'versions_version', 'CHECK ((version > 0))'),
		('stage_log', 'stage_log_pkey', 'PRIMARY KEY (name, seq)'),
		('stage_log', 'stage_log_action',
			'CHECK ((((action = ''retire''::text) AND (stage IS NULL)) OR ((action = ''promote''::text) AND (stage IS NOT NULL)) OR ((action = ''rollback''::text) AND (stage IS NOT NULL)) OR ((action = ''demote''::text) AND (stage IS NOT NULL))))'),
		('stage_log', 'stage_log_seq', 'CHECK ((seq > 0))'),
		('stage_log', 'stage_log_stage',
			'CHECK (((octet_length(stage) > 0) AND (octet_length(stage) <= 200) AND (strpos(stage, ''@''::text) = 0) AND (stage <> ''latest''::text) AND (stage !~ ''^v[0-9]+$''::text)))'),
		('members', 'members_pkey', 'PRIMARY KEY (set_id, key)'),
		('members', 'members_position_key', 'UNIQUE (set_id, "position")'),
		('members', 'members_key', 'CHECK (((octet_length(key) > 0) AND (octet_length(key) <= 1024)))'),
		('members', 'members_position', 'CHECK (("position" > 0))'),
		('members', 'members_proof', 'CHECK ((((octet_length(proof) % 32) = 0) AND (octet_length(proof) <= 1024)))'),
		('stage_access_log', 'stage_access_log_pkey', 'PRIMARY KEY (stage, seq)'),
		('stage_access_log', 'stage_access_log_seq', 'CHECK ((seq > 0))'),
		('stage_access_log', 'stage_access_log_role', 'CHECK ((role <> ''''::text))'),
		('stage_access_log', 'stage_access_log_action', 'CHECK (((action = ''allow''::text) OR (action = ''disallow''::text)))'),
		('drift_log', 'drift_log_pkey', 'PRIMARY KEY (scaler_id, seq)'),
		('drift_log', 'drift_log_seq', 'CHECK ((seq > 0))'),
		('drift_log', 'drift_log_features', 'CHECK ((jsonb_typeof(features) = ''array''::text))'),
		('drift_log', 'drift_log_known_verdict',
			'CHECK (((verdict = ''none''::text) OR (verdict = ''moderate''::text) OR (verdict = ''major''::text)))'),
		('drift_log', 'drift_log_verdict',
			'CHECK ((NOT (verdict IS DISTINCT FROM (normfreeze.worst_drift(features) ->> ''verdict''::text))))'),
		('drift_log', 'drift_log_live_digest', 'CHECK ((live_digest ~ ''^[0-9a-f]{64}$''::text))'),
		('use_log', 'use_log_pkey', 'PRIMARY KEY (scaler_id, seq)'),
		('use_log', 'use_log_seq', 'CHECK ((seq > 0))'),
		('use_log', 'use_log_consumer', 'CHECK (((octet_length(consumer) > 0) AND (octet_length(consumer) <= 200)))'),
		('use_log', 'use_log_kind', 'CHECK (((octet_length(kind) > 0) AND (octet_length(kind) <= 200)))'),
		('purge_log', 'purge_log_pkey', 'PRIMARY KEY (digest, seq)'),
		('purge_log', 'purge_log_seq', 'CHECK ((seq > 0))'),
		('purge_log', 'purge_log_digest', 'CHECK ((digest ~ ''^[0-9a-f]{64}$''::text))'),
		('purge_log', 'purge_log_reason', 'CHECK ((reason <> ''''::text))')
	) AS k (relname, conname, definition)
	LEFT JOIN pg_catalog.pg_class AS c ON c.relname OPERATOR(pg_catalog.=) k.relname
		AND c.relnamespace OPERATOR(pg_catalog.=) 'normfreeze'::pg_catalog.regnamespace
	UNION ALL
	-- relhasrules would stay true after DROP RULE, until VACUUM
	SELECT c.relname OPERATOR(pg_catalog.||) ' without rules',
		NOT EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid)
	FROM pg_catalog.pg_class AS c
	WHERE c.relnamespace OPERATOR(pg_catalog.=) 'normfreeze'::pg_catalog.regnamespace
		AND c.relkind OPERATOR(pg_catalog.=) 'r';
COMMENT ON VIEW normfreeze.guards IS 'the triggers and constraints that keep the registry immutable, and whether each is in force';

CREATE VIEW normfreeze.stages AS
	SELECT l.name, l.stage, l.version, v.scaler_id, l.at AS since, l.changed_by, l.note,
		EXISTS (
			SELECT 1 FROM normfreeze.stage_log AS r
			WHERE r.name OPERATOR(pg_catalog.=) l.name AND r.version OPERATOR(pg_catalog.=) l.version
				AND r.action OPERATOR(pg_catalog.=) 'retire'
		) AS retired
	FROM (SELECT DISTINCT ON (e.name, e.stage)
			e.name, e.stage, e.version, e.action, e.at, e.changed_by, e.note
		FROM normfreeze.stage_log AS e
		WHERE e.stage IS NOT NULL
		ORDER BY e.name, e.stage, e.seq DESC) AS l
	LEFT JOIN normfreeze.versions AS v
		ON v.name OPERATOR(pg_catalog.=) l.name AND v.version OPERATOR(pg_catalog.=) l.version
	WHERE l.action OPERATOR(pg_catalog.<>) 'demote'
	ORDER BY l.name, l.stage;
COMMENT ON VIEW normfreeze.stages IS 'the version that each stage of each name has now';

-- An entry is in force from its time until the first time of a later entry: what scaler_id(name,
-- stage, as_of) gives, also where a clock was set back between two entries, or they are of one moment.
CREATE VIEW normfreeze.stage_history AS
	SELECT h.name, h.stage, h.version, v.scaler_id, h.valid_from, h.valid_to,
		h.changed_by AS by, h.changed_session_user AS by_session_user, h.action, h.note, h.seq,
		(SELECT pg_catalog.min(r.at) FROM normfreeze.stage_log AS r
			WHERE r.name OPERATOR(pg_catalog.=) h.name AND r.version OPERATOR(pg_catalog.=) h.version
				AND r.action OPERATOR(pg_catalog.=) 'retire') AS retired_at
	FROM (SELECT l.name, l.stage, l.version, l.at AS valid_from, l.changed_by, l.changed_session_user,
			l.action, l.note, l.seq,
			pg_catalog.min(l.at) OVER (PARTITION BY l.name, l.stage ORDER BY l.seq
				ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS valid_to
		FROM normfreeze.stage_log AS l WHERE l.stage IS NOT NULL) AS h
	LEFT JOIN normfreeze.versions AS v
		ON v.name OPERATOR(pg_catalog.=) h.name AND v.version OPERATOR(pg_catalog.=) h.version
	WHERE h.action OPERATOR(pg_catalog.<>) 'demote'
		AND (h.valid_to IS NULL OR h.valid_from OPERATOR(pg_catalog.<) h.valid_to);
COMMENT ON VIEW normfreeze.stage_history IS 'which version each stage of each name had from when to when, without overlaps, and with gaps only where it was demoted';

CREATE VIEW normfreeze.stage_access AS
	SELECT a.stage, a.role, a.since, a.changed_by, a.changed_session_user, a.note,
		a.role OPERATOR(pg_catalog.=) 'public' OR EXISTS (
			SELECT 1 FROM pg_catalog.pg_roles AS r WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) a.role
		) AS role_exists
	FROM (SELECT DISTINCT ON (l.stage, l.role)
			l.stage, l.role, l.action, l.at AS since, l.changed_by, l.changed_session_user, l.note
		FROM normfreeze.stage_access_log AS l
		ORDER BY l.stage, l.role, l.seq DESC) AS a
	WHERE a.action OPERATOR(pg_catalog.=) 'allow';
COMMENT ON VIEW normfreeze.stage_access IS 'the roles that each stage with a list admits now';

-- functions of the registry

CREATE FUNCTION normfreeze.freeze(name text, scaler normfreeze.scaler, note text DEFAULT NULL, metadata jsonb DEFAULT '{}', keep_profile boolean DEFAULT true) RETURNS bigint
	AS 'MODULE_PATHNAME', 'freeze' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) IS 'store a scaler as the next version of a name, unless the name has it already; returns its scaler_id';

CREATE FUNCTION normfreeze.scaler(scaler_id bigint) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'scaler' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler(bigint) IS 'the frozen scaler of an id, bare';

CREATE FUNCTION normfreeze.scaler_id(ref text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scaler_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_id(text) IS 'the id that a ref means now: name, name@stage, name@v3, name@latest or sha256:<digits>';

CREATE FUNCTION normfreeze.scaler(ref text) RETURNS normfreeze.scaler
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.scaler(normfreeze.scaler_id(ref));
COMMENT ON FUNCTION normfreeze.scaler(text) IS 'the frozen scaler that a ref means, bare';

CREATE FUNCTION normfreeze.scaler_id(name text, stage text, as_of timestamptz) RETURNS bigint
	AS 'MODULE_PATHNAME', 'scaler_id_at' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.scaler_id(text, text, timestamptz) IS 'the id that a stage of a name had at a time';

CREATE FUNCTION normfreeze.profile_of(scaler_id bigint) RETURNS normfreeze.profile
	AS 'MODULE_PATHNAME', 'profile_of' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.profile_of(bigint) IS 'the profile a frozen scaler was fitted on; NULL if it was not kept';

CREATE FUNCTION normfreeze.profile_of(ref text) RETURNS normfreeze.profile
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.profile_of(normfreeze.scaler_id(ref));
COMMENT ON FUNCTION normfreeze.profile_of(text) IS 'the profile that the frozen scaler of a ref was fitted on; NULL if it was not kept';

CREATE FUNCTION normfreeze.feature_names(scaler_id bigint) RETURNS text[]
	AS 'MODULE_PATHNAME', 'feature_names_of_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.feature_names(bigint) IS 'the features that normalize() asks for, in the order of its results; NULL if they have no names';

CREATE FUNCTION normfreeze.feature_names(ref text) RETURNS text[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.feature_names(normfreeze.scaler_id(ref));
COMMENT ON FUNCTION normfreeze.feature_names(text) IS 'the same by a ref';

CREATE FUNCTION normfreeze.promote(name text, version integer, stage text DEFAULT 'production', note text DEFAULT NULL, force boolean DEFAULT false, new_stage boolean DEFAULT false) RETURNS bigint
	AS 'MODULE_PATHNAME', 'promote_version' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) IS 'make a version the one that a stage has; returns its scaler_id';

CREATE FUNCTION normfreeze.promote(name text, version smallint, stage text DEFAULT 'production', note text DEFAULT NULL, force boolean DEFAULT false, new_stage boolean DEFAULT false) RETURNS bigint
	AS 'MODULE_PATHNAME', 'promote_small_version' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) IS 'make a version the one that a stage has; returns its scaler_id';

CREATE FUNCTION normfreeze.promote(name text, scaler_id bigint, stage text DEFAULT 'production', note text DEFAULT NULL, force boolean DEFAULT false, new_stage boolean DEFAULT false) RETURNS bigint
	AS 'MODULE_PATHNAME', 'promote_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) IS 'make a scaler of this name the one that a stage has; returns its scaler_id';

CREATE FUNCTION normfreeze.rollback(name text, stage text DEFAULT 'production', note text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'rollback_stage' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.rollback(text, text, text) IS 'go back to the version that a stage had before; returns its scaler_id';

CREATE FUNCTION normfreeze.demote(name text, stage text, note text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'demote' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.demote(text, text, text) IS 'end a stage of a name, which has no version from then on; returns the scaler_id of the one that it had';

CREATE FUNCTION normfreeze.retire(name text, version integer, note text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'retire' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.retire(text, integer, text) IS 'make a version unreachable by name; its id still applies';

CREATE FUNCTION normfreeze.allow_stage(stage text, role text, note text DEFAULT NULL, new_stage boolean DEFAULT false) RETURNS boolean
	AS 'MODULE_PATHNAME', 'allow_stage' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) IS 'admit a role to a stage, which from then on is closed to all others; true if that changed anything';

CREATE FUNCTION normfreeze.disallow_stage(stage text, role text, note text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'disallow_stage' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.disallow_stage(text, text, text) IS 'withdraw what allow_stage() gave; true if that changed anything';

CREATE FUNCTION normfreeze.describe(scaler normfreeze.scaler) RETURNS TABLE (
	ordinal integer, feature text, method normfreeze.method,
	center double precision, scale double precision, "offset" double precision, formula text, options jsonb,
	if_missing text, if_outside text, if_constant text, is_constant boolean, is_target boolean, is_unfit boolean,
	n bigint, missing bigint, nulls bigint, nans bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[], parameters jsonb
)
	AS 'MODULE_PATHNAME', 'describe_scaler' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe(normfreeze.scaler) IS 'the features of a scaler: parameters, options and what they were fitted on';

CREATE FUNCTION normfreeze.describe(scaler_id bigint) RETURNS TABLE (
	ordinal integer, feature text, method normfreeze.method,
	center double precision, scale double precision, "offset" double precision, formula text, options jsonb,
	if_missing text, if_outside text, if_constant text, is_constant boolean, is_target boolean, is_unfit boolean,
	n bigint, missing bigint, nulls bigint, nans bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[], parameters jsonb
)
	AS 'MODULE_PATHNAME', 'describe_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe(bigint) IS 'the features of a frozen scaler: parameters, options and what they were fitted on';

CREATE FUNCTION normfreeze.describe(ref text) RETURNS TABLE (
	ordinal integer, feature text, method normfreeze.method,
	center double precision, scale double precision, "offset" double precision, formula text, options jsonb,
	if_missing text, if_outside text, if_constant text, is_constant boolean, is_target boolean, is_unfit boolean,
	n bigint, missing bigint, nulls bigint, nans bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[], parameters jsonb
)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.describe(normfreeze.scaler_id(ref));
	END;
COMMENT ON FUNCTION normfreeze.describe(text) IS 'the features of the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.describe(profile normfreeze.profile) RETURNS TABLE (
	ordinal integer, feature text, n bigint, nulls bigint, nans bigint, infinite bigint,
	min double precision, max double precision, mean double precision, std double precision,
	variance double precision, quantiles double precision[]
)
	AS 'MODULE_PATHNAME', 'describe_profile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.describe(normfreeze.profile) IS 'the statistics of each feature of a profile';

CREATE FUNCTION normfreeze.explain("row" record, scaler_id bigint) RETURNS TABLE (feature text, raw double precision, action text, formula text, normalized double precision)
	AS 'MODULE_PATHNAME', 'explain_row' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.explain(record, bigint) IS 'what normalize() does to each feature of a row, and why';

CREATE FUNCTION normfreeze.explain("row" record, ref text) RETURNS TABLE (feature text, raw double precision, action text, formula text, normalized double precision)
	AS 'MODULE_PATHNAME', 'explain_row_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.explain(record, text) IS 'the same by a ref';

CREATE FUNCTION normfreeze.diff(old_id bigint, new_id bigint) RETURNS TABLE (feature text, what text, old text, new text, shift double precision)
	AS 'MODULE_PATHNAME', 'diff' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.diff(bigint, bigint) IS 'what differs between two frozen scalers; shifts are in the old one''s deviations';

CREATE FUNCTION normfreeze.diff(old_ref text, new_ref text) RETURNS TABLE (feature text, what text, old text, new text, shift double precision)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.diff(normfreeze.scaler_id(old_ref), normfreeze.scaler_id(new_ref));
	END;
COMMENT ON FUNCTION normfreeze.diff(text, text) IS 'what differs between the frozen scalers that two refs mean';

CREATE FUNCTION normfreeze.diff(name text, old_version integer, new_version integer) RETURNS TABLE (feature text, what text, old text, new text, shift double precision)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.diff(
			normfreeze.scaler_id(pg_catalog.format('%s@v%s', name, old_version)), normfreeze.scaler_id(pg_catalog.format('%s@v%s', name, new_version)));
	END;
COMMENT ON FUNCTION normfreeze.diff(text, integer, integer) IS 'what differs between two versions of a name';

CREATE FUNCTION normfreeze.select_list(scaler_id bigint, alias text, prefix text DEFAULT '', passthrough text[] DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'select_list' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.select_list(bigint, text, text, text[]) IS 'a SELECT list with a named column for each normalized feature of the rows of alias';

CREATE FUNCTION normfreeze.select_list(ref text, alias text, prefix text DEFAULT '', passthrough text[] DEFAULT '{}') RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN normfreeze.select_list(normfreeze.scaler_id(ref), alias, prefix, passthrough);
COMMENT ON FUNCTION normfreeze.select_list(text, text, text, text[]) IS 'the same by a ref';

CREATE FUNCTION normfreeze.view_query(relation regclass, scaler_id bigint, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS text
	AS 'MODULE_PATHNAME', 'view_query_by_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.view_query(regclass, bigint, text[], text, text) IS 'a query of a relation with its features normalized, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.create_view(name text, relation regclass, scaler_id bigint, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id', replace boolean DEFAULT false) RETURNS regclass
	AS 'MODULE_PATHNAME', 'create_view_by_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.create_view(text, regclass, bigint, text[], text, text, boolean) IS 'create a view of a relation with its features normalized, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.view_query(relation regclass, ref text, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS text
	AS 'MODULE_PATHNAME', 'view_query_by_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.view_query(regclass, text, text[], text, text) IS 'a query of a relation with its features normalized, by the frozen scaler that a ref means, whichever that is';

CREATE FUNCTION normfreeze.create_view(name text, relation regclass, ref text, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id', replace boolean DEFAULT false) RETURNS regclass
	AS 'MODULE_PATHNAME', 'create_view_by_ref' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.create_view(text, regclass, text, text[], text, text, boolean) IS 'create a view of a relation with its features normalized, by the frozen scaler that a ref means, whichever that is';

-- in FROM, with a column definition list

CREATE FUNCTION normfreeze.normalize_table_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'normalize_table_support' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_table_support(internal) IS 'planner support function of normalize_table';

CREATE FUNCTION normfreeze.normalize_table(relation regclass, scaler_id bigint, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'normalize_table_by_id' LANGUAGE C STABLE PARALLEL RESTRICTED
	SUPPORT normfreeze.normalize_table_support;
COMMENT ON FUNCTION normfreeze.normalize_table(regclass, bigint, text[], text, text) IS 'in FROM: a relation with its features normalized, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize_table(relation regclass, ref text, passthrough text[] DEFAULT NULL, prefix text DEFAULT '',
		scaler_id_column text DEFAULT 'scaler_id') RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'normalize_table_by_ref' LANGUAGE C STABLE PARALLEL RESTRICTED
	SUPPORT normfreeze.normalize_table_support;
COMMENT ON FUNCTION normfreeze.normalize_table(regclass, text, text[], text, text) IS 'in FROM: a relation with its features normalized, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.verify(scaler_id bigint) RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_id' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.verify(bigint) IS 'prove that a frozen scaler is what was frozen and computes what it computed';

CREATE FUNCTION normfreeze.verify(ref text) RETURNS TABLE ("check" text, ok boolean, detail text)
	LANGUAGE sql STABLE STRICT PARALLEL RESTRICTED
	BEGIN ATOMIC
		SELECT * FROM normfreeze.verify(normfreeze.scaler_id(ref));
	END;
COMMENT ON FUNCTION normfreeze.verify(text) IS 'prove that the frozen scaler that a ref means is what was frozen';

CREATE FUNCTION normfreeze.verify() RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_all' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.verify() IS 'prove that every frozen scaler is what was frozen and computes what it computed';

-- between environments

CREATE FUNCTION normfreeze.export_name(name text, evidence boolean DEFAULT true) RETURNS SETOF jsonb
	AS 'MODULE_PATHNAME', 'export_name' LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION normfreeze.export_name(text, boolean) IS 'the versions of a name with content, evidence and stage log, to be imported elsewhere';

CREATE FUNCTION normfreeze.import_name(exported jsonb, name text DEFAULT NULL, stages boolean DEFAULT false, mirror boolean DEFAULT false)
	RETURNS TABLE (version integer, scaler_id bigint, action text, stage_entries integer)
	AS 'MODULE_PATHNAME', 'import_name' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 10;
COMMENT ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) IS 'append the versions that export_name() gave elsewhere, or mirror them exactly';

-- proof that two sides agree

CREATE FUNCTION normfreeze.probes(scaler normfreeze.scaler)
	RETURNS TABLE (probe integer, inputs double precision[], outputs double precision[])
	AS 'MODULE_PATHNAME', 'probes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 9;
COMMENT ON FUNCTION normfreeze.probes(normfreeze.scaler) IS 'rows of inputs, and what normalize() makes of them: for other implementations to be compared with';

CREATE FUNCTION normfreeze.probes(scaler_id bigint)
	RETURNS TABLE (probe integer, inputs double precision[], outputs double precision[])
	AS 'MODULE_PATHNAME', 'probes_of_id' LANGUAGE C STABLE STRICT PARALLEL SAFE ROWS 9;
COMMENT ON FUNCTION normfreeze.probes(bigint) IS 'rows of inputs, and what normalize() makes of them by the frozen scaler of an id';

CREATE FUNCTION normfreeze.probes(ref text) RETURNS TABLE (probe integer, inputs double precision[], outputs double precision[])
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 9
	BEGIN ATOMIC
		SELECT * FROM normfreeze.probes(normfreeze.scaler_id(ref));
	END;
COMMENT ON FUNCTION normfreeze.probes(text) IS 'the same by a ref';

CREATE FUNCTION normfreeze.verify_output(scaler normfreeze.scaler, inputs double precision[], outputs double precision[])
	RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_output' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.verify_output(normfreeze.scaler, double precision[], double precision[]) IS 'are these outputs what a scaler makes of the inputs, bit for bit? a row for each feature';

CREATE FUNCTION normfreeze.verify_output(scaler_id bigint, inputs double precision[], outputs double precision[])
	RETURNS TABLE ("check" text, ok boolean, detail text)
	AS 'MODULE_PATHNAME', 'verify_output_of_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.verify_output(bigint, double precision[], double precision[]) IS 'are these outputs what the frozen scaler of an id makes of the inputs, bit for bit? a row for each feature';

CREATE FUNCTION normfreeze.verify_output(ref text, inputs double precision[], outputs double precision[]) RETURNS TABLE ("check" text, ok boolean, detail text)
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.verify_output(normfreeze.scaler_id(ref), inputs, outputs);
	END;
COMMENT ON FUNCTION normfreeze.verify_output(text, double precision[], double precision[]) IS 'the same by a ref';

-- audit: do observed values come from a scaler?

CREATE FUNCTION normfreeze.audit_transition(internal, "any", "any", bigint) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_transition(internal, "any", "any", bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.audit_transition(internal, "any", "any", text) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_ref_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_transition(internal, "any", "any", text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.audit_transition(internal, "any", "any", normfreeze.scaler) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_value_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_transition(internal, "any", "any", normfreeze.scaler) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.audit_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_combine' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_combine(internal, internal) IS 'aggregate combine function';

CREATE FUNCTION normfreeze.audit_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'audit_serialize' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_serialize(internal) IS 'aggregate serialization function';

CREATE FUNCTION normfreeze.audit_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_deserialize' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_deserialize(bytea, internal) IS 'aggregate deserialization function';

CREATE FUNCTION normfreeze.audit_final(internal) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'audit_final' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_final(internal) IS 'aggregate final function';

CREATE AGGREGATE normfreeze.audit(raw "any", observed "any", scaler_id bigint) (
	SFUNC = normfreeze.audit_transition, STYPE = internal, FINALFUNC = normfreeze.audit_final,
	COMBINEFUNC = normfreeze.audit_combine, SERIALFUNC = normfreeze.audit_serialize,
	DESERIALFUNC = normfreeze.audit_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit("any", "any", bigint) IS 'compare observed values with what the frozen scaler of an id makes of the raw ones, and say what happened where they differ';

CREATE AGGREGATE normfreeze.audit(raw "any", observed "any", ref text) (
	SFUNC = normfreeze.audit_transition, STYPE = internal, FINALFUNC = normfreeze.audit_final,
	COMBINEFUNC = normfreeze.audit_combine, SERIALFUNC = normfreeze.audit_serialize,
	DESERIALFUNC = normfreeze.audit_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit("any", "any", text) IS 'compare observed values with what the frozen scaler that a ref means makes of the raw ones, and say what happened where they differ';

CREATE AGGREGATE normfreeze.audit(raw "any", observed "any", scaler normfreeze.scaler) (
	SFUNC = normfreeze.audit_transition, STYPE = internal, FINALFUNC = normfreeze.audit_final,
	COMBINEFUNC = normfreeze.audit_combine, SERIALFUNC = normfreeze.audit_serialize,
	DESERIALFUNC = normfreeze.audit_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit("any", "any", normfreeze.scaler) IS 'compare observed values with what a scaler makes of the raw ones, and say what happened where they differ';

CREATE FUNCTION normfreeze.audit_output_transition(internal, "any", bigint) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_transition(internal, "any", bigint) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.audit_output_transition(internal, "any", text) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_ref_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_transition(internal, "any", text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.audit_output_transition(internal, "any", normfreeze.scaler) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_value_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_transition(internal, "any", normfreeze.scaler) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.audit_output_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_combine' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_combine(internal, internal) IS 'aggregate combine function';

CREATE FUNCTION normfreeze.audit_output_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'audit_output_serialize' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_serialize(internal) IS 'aggregate serialization function';

CREATE FUNCTION normfreeze.audit_output_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_deserialize' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_deserialize(bytea, internal) IS 'aggregate deserialization function';

CREATE FUNCTION normfreeze.audit_output_final(internal) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'audit_output_final' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_final(internal) IS 'aggregate final function';

CREATE AGGREGATE normfreeze.audit(observed "any", scaler_id bigint) (
	SFUNC = normfreeze.audit_output_transition, STYPE = internal, FINALFUNC = normfreeze.audit_output_final,
	COMBINEFUNC = normfreeze.audit_output_combine, SERIALFUNC = normfreeze.audit_output_serialize,
	DESERIALFUNC = normfreeze.audit_output_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit("any", bigint) IS 'compare observed values with the output that the frozen scaler of an id would have, without the raw ones';

CREATE AGGREGATE normfreeze.audit(observed "any", ref text) (
	SFUNC = normfreeze.audit_output_transition, STYPE = internal, FINALFUNC = normfreeze.audit_output_final,
	COMBINEFUNC = normfreeze.audit_output_combine, SERIALFUNC = normfreeze.audit_output_serialize,
	DESERIALFUNC = normfreeze.audit_output_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit("any", text) IS 'compare observed values with the output that the frozen scaler that a ref means would have, without the raw ones';

CREATE AGGREGATE normfreeze.audit(observed "any", scaler normfreeze.scaler) (
	SFUNC = normfreeze.audit_output_transition, STYPE = internal, FINALFUNC = normfreeze.audit_output_final,
	COMBINEFUNC = normfreeze.audit_output_combine, SERIALFUNC = normfreeze.audit_output_serialize,
	DESERIALFUNC = normfreeze.audit_output_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit("any", normfreeze.scaler) IS 'compare observed values with the output that a scaler would have, without the raw ones';

CREATE FUNCTION normfreeze.audit_report(audit jsonb) RETURNS TABLE (
	ordinal integer, feature text, rows bigint, equal bigint, within_ulps bigint, different bigint,
	max_ulps bigint, max_deviation double precision, verdict text, diagnosis text, detail text, evidence text
)
	AS 'MODULE_PATHNAME', 'audit_report' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_report(jsonb) IS 'the result of an audit as a table, a row for each feature';

-- exports: scikit-learn

CREATE FUNCTION normfreeze.to_sklearn(scaler normfreeze.scaler) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'to_sklearn' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sklearn(normfreeze.scaler) IS 'a scaler as a fitted estimator of scikit-learn that computes the same bits';

CREATE FUNCTION normfreeze.to_sklearn(scaler_id bigint) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'to_sklearn_of_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sklearn(bigint) IS 'the frozen scaler of an id as a fitted estimator of scikit-learn that computes the same bits';

CREATE FUNCTION normfreeze.to_sklearn(ref text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'to_sklearn_of_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sklearn(text) IS 'the frozen scaler that a ref means as a fitted estimator of scikit-learn that computes the same bits';

-- exports: ONNX and PMML

CREATE FUNCTION normfreeze.to_onnx(scaler normfreeze.scaler) RETURNS bytea
	AS 'MODULE_PATHNAME', 'to_onnx' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_onnx(normfreeze.scaler) IS 'an ONNX model that computes what normalize() does';

CREATE FUNCTION normfreeze.to_onnx(scaler_id bigint) RETURNS bytea
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_onnx(normfreeze.scaler(scaler_id));
COMMENT ON FUNCTION normfreeze.to_onnx(bigint) IS 'an ONNX model that computes what normalize() does by the frozen scaler of an id';

CREATE FUNCTION normfreeze.to_onnx(ref text) RETURNS bytea
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_onnx(normfreeze.scaler(normfreeze.scaler_id(ref)));
COMMENT ON FUNCTION normfreeze.to_onnx(text) IS 'an ONNX model that computes what normalize() does by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.from_onnx(model bytea) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_onnx' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_onnx(bytea) IS 'the scaler that an ONNX model of to_onnx() carries, if the model is still what that writes';

CREATE FUNCTION normfreeze.to_pmml(scaler normfreeze.scaler) RETURNS xml
	AS 'MODULE_PATHNAME', 'to_pmml' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_pmml(normfreeze.scaler) IS 'a PMML document whose outputs are what normalize() gives';

CREATE FUNCTION normfreeze.to_pmml(scaler_id bigint) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(scaler_id));
COMMENT ON FUNCTION normfreeze.to_pmml(bigint) IS 'a PMML document whose outputs are what normalize() gives by the frozen scaler of an id';

CREATE FUNCTION normfreeze.to_pmml(ref text) RETURNS xml
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.to_pmml(normfreeze.scaler(normfreeze.scaler_id(ref)));
COMMENT ON FUNCTION normfreeze.to_pmml(text) IS 'a PMML document whose outputs are what normalize() gives by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.from_pmml(document xml) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'from_pmml' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.from_pmml(xml) IS 'the scaler that a PMML document of to_pmml() carries, if the document is still what that writes';

-- normalize and denormalize

CREATE FUNCTION normfreeze.normalize(features double precision[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(double precision[], normfreeze.scaler) IS 'normalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.normalize(features double precision[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(double precision[], bigint) IS 'normalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(features double precision[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(double precision[], text) IS 'normalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize(features real[], scaler normfreeze.scaler) RETURNS real[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(real[], normfreeze.scaler) IS 'normalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.normalize(features real[], scaler_id bigint) RETURNS real[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(real[], bigint) IS 'normalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(features real[], ref text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(real[], text) IS 'normalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize(features smallint[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(smallint[], normfreeze.scaler) IS 'normalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.normalize(features smallint[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(smallint[], bigint) IS 'normalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(features smallint[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(smallint[], text) IS 'normalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize(features integer[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(integer[], normfreeze.scaler) IS 'normalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.normalize(features integer[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(integer[], bigint) IS 'normalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(features integer[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(integer[], text) IS 'normalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize(features bigint[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(bigint[], normfreeze.scaler) IS 'normalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.normalize(features bigint[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(bigint[], bigint) IS 'normalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(features bigint[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(bigint[], text) IS 'normalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize(features numeric[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(numeric[], normfreeze.scaler) IS 'normalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.normalize(features numeric[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(numeric[], bigint) IS 'normalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(features numeric[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(numeric[], text) IS 'normalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize("row" record, scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_row_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(record, normfreeze.scaler) IS 'normalize the features of a row, by name, by a scaler value';

CREATE FUNCTION normfreeze.normalize("row" record, scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_row_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(record, bigint) IS 'normalize the features of a row, by name, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize("row" record, ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_row_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(record, text) IS 'normalize the features of a row, by name, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize(object jsonb, scaler normfreeze.scaler) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'normalize_jsonb_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(jsonb, normfreeze.scaler) IS 'normalize the features of a jsonb object, by name, by a scaler value';

CREATE FUNCTION normfreeze.normalize(object jsonb, scaler_id bigint) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'normalize_jsonb_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(jsonb, bigint) IS 'normalize the features of a jsonb object, by name, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(object jsonb, ref text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'normalize_jsonb_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(jsonb, text) IS 'normalize the features of a jsonb object, by name, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize(value double precision, scaler normfreeze.scaler, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_single_by_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(double precision, normfreeze.scaler, text) IS 'normalize one value of a feature, by a scaler value';

CREATE FUNCTION normfreeze.normalize(value double precision, scaler_id bigint, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_single_by_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(double precision, bigint, text) IS 'normalize one value of a feature, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize(value double precision, ref text, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_single_by_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize(double precision, text, text) IS 'normalize one value of a feature, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.normalize_value(value "any", scaler normfreeze.scaler, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_any_by_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_value("any", normfreeze.scaler, text) IS 'normalize one value of any type that a feature may have, by a scaler value';

CREATE FUNCTION normfreeze.normalize_value(value "any", scaler_id bigint, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_any_by_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_value("any", bigint, text) IS 'normalize one value of any type that a feature may have, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.normalize_value(value "any", ref text, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_any_by_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_value("any", text, text) IS 'normalize one value of any type that a feature may have, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(features double precision[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(double precision[], normfreeze.scaler) IS 'denormalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(features double precision[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(double precision[], bigint) IS 'denormalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(features double precision[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(double precision[], text) IS 'denormalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(features real[], scaler normfreeze.scaler) RETURNS real[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(real[], normfreeze.scaler) IS 'denormalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(features real[], scaler_id bigint) RETURNS real[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(real[], bigint) IS 'denormalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(features real[], ref text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(real[], text) IS 'denormalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(features smallint[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(smallint[], normfreeze.scaler) IS 'denormalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(features smallint[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(smallint[], bigint) IS 'denormalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(features smallint[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(smallint[], text) IS 'denormalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(features integer[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(integer[], normfreeze.scaler) IS 'denormalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(features integer[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(integer[], bigint) IS 'denormalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(features integer[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(integer[], text) IS 'denormalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(features bigint[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(bigint[], normfreeze.scaler) IS 'denormalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(features bigint[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(bigint[], bigint) IS 'denormalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(features bigint[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(bigint[], text) IS 'denormalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(features numeric[], scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(numeric[], normfreeze.scaler) IS 'denormalize an array of features, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(features numeric[], scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(numeric[], bigint) IS 'denormalize an array of features, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(features numeric[], ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(numeric[], text) IS 'denormalize an array of features, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize("row" record, scaler normfreeze.scaler) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_row_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(record, normfreeze.scaler) IS 'denormalize the features of a row, by name, by a scaler value';

CREATE FUNCTION normfreeze.denormalize("row" record, scaler_id bigint) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_row_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(record, bigint) IS 'denormalize the features of a row, by name, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize("row" record, ref text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_row_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(record, text) IS 'denormalize the features of a row, by name, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(object jsonb, scaler normfreeze.scaler) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'denormalize_jsonb_by_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(jsonb, normfreeze.scaler) IS 'denormalize the features of a jsonb object, by name, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(object jsonb, scaler_id bigint) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'denormalize_jsonb_by_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(jsonb, bigint) IS 'denormalize the features of a jsonb object, by name, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(object jsonb, ref text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'denormalize_jsonb_by_ref' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(jsonb, text) IS 'denormalize the features of a jsonb object, by name, by the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.denormalize(value double precision, scaler normfreeze.scaler, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'denormalize_single_by_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(double precision, normfreeze.scaler, text) IS 'denormalize one value of a feature, by a scaler value';

CREATE FUNCTION normfreeze.denormalize(value double precision, scaler_id bigint, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'denormalize_single_by_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(double precision, bigint, text) IS 'denormalize one value of a feature, by the frozen scaler of an id';

CREATE FUNCTION normfreeze.denormalize(value double precision, ref text, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'denormalize_single_by_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize(double precision, text, text) IS 'denormalize one value of a feature, by the frozen scaler that a ref means';

-- planner support functions, and which functions have them

CREATE FUNCTION normfreeze.normalize_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'normalize_support' LANGUAGE C STRICT;
COMMENT ON FUNCTION normfreeze.normalize_support(internal) IS 'planner support: normalize() and denormalize() become calls that cost less, or calls by the scaler itself';

CREATE FUNCTION normfreeze.freeze_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'freeze_support' LANGUAGE C STRICT;
COMMENT ON FUNCTION normfreeze.freeze_support(internal) IS 'planner support: what freeze() and others are given is planned as a fit of columns in the first query of a session, too';

ALTER FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.fingerprint(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.id_of(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.bare(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.profile_of(normfreeze.scaler) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.profile_digest(normfreeze.profile) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.fit(normfreeze.profile, normfreeze.method) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.fit(normfreeze.profile, normfreeze.method, jsonb) SUPPORT normfreeze.freeze_support;
ALTER FUNCTION normfreeze.normalize(double precision[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(real[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(smallint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(integer[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(bigint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(numeric[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(record, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(jsonb, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(double precision, bigint, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize_value("any", bigint, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(double precision[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(real[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(smallint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(integer[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(bigint[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(numeric[], bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(record, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(jsonb, bigint) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(double precision, bigint, text) SUPPORT normfreeze.normalize_support;

-- scalers by key: sets of scalers, one for each key

CREATE FUNCTION normfreeze.by_key_transition(internal, text, normfreeze.scaler) RETURNS internal
	AS 'MODULE_PATHNAME', 'by_key_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.by_key_transition(internal, text, normfreeze.scaler) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.by_key_transition(internal, text, normfreeze.scaler, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'by_key_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.by_key_transition(internal, text, normfreeze.scaler, text) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.by_key_transition(internal, text, normfreeze.scaler, normfreeze.scaler) RETURNS internal
	AS 'MODULE_PATHNAME', 'by_key_fallback_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.by_key_transition(internal, text, normfreeze.scaler, normfreeze.scaler) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.by_key_final(internal) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'by_key_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.by_key_final(internal) IS 'aggregate final function';

CREATE AGGREGATE normfreeze.by_key(key text, scaler normfreeze.scaler) (
	SFUNC = normfreeze.by_key_transition, STYPE = internal, FINALFUNC = normfreeze.by_key_final, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.by_key(text, normfreeze.scaler) IS 'a set of scalers, one for each key; another key is an error';

CREATE AGGREGATE normfreeze.by_key(key text, scaler normfreeze.scaler, unseen text) (
	SFUNC = normfreeze.by_key_transition, STYPE = internal, FINALFUNC = normfreeze.by_key_final, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.by_key(text, normfreeze.scaler, text) IS 'a set of scalers, one for each key; another key is an error or gives NULL';

CREATE AGGREGATE normfreeze.by_key(key text, scaler normfreeze.scaler, fallback normfreeze.scaler) (
	SFUNC = normfreeze.by_key_transition, STYPE = internal, FINALFUNC = normfreeze.by_key_final, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.by_key(text, normfreeze.scaler, normfreeze.scaler) IS 'a set of scalers, one for each key, and one for all other keys';

CREATE FUNCTION normfreeze.members_of(scaler normfreeze.scaler) RETURNS TABLE (key text, scaler normfreeze.scaler)
	AS 'MODULE_PATHNAME', 'members_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION normfreeze.members_of(normfreeze.scaler) IS 'the keys of a set of scalers, and their scalers';

CREATE FUNCTION normfreeze.member(scaler normfreeze.scaler, key text) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'member_scaler' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.member(normfreeze.scaler, text) IS 'the scaler that a set has for a key';

CREATE FUNCTION normfreeze.member(scaler_id bigint, key text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'member_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.member(bigint, text) IS 'the id of the scaler that a frozen set has for a key';

CREATE FUNCTION normfreeze.member(ref text, key text) RETURNS bigint
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	RETURN normfreeze.member(normfreeze.scaler_id(ref), key);
COMMENT ON FUNCTION normfreeze.member(text, text) IS 'the same by the ref of a set';

-- normalize and denormalize by key

CREATE FUNCTION normfreeze.normalize_by_key(features double precision[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(double precision[], normfreeze.scaler, text) IS 'normalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features double precision[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(double precision[], bigint, text) IS 'normalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features double precision[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(double precision[], text, text) IS 'normalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features real[], scaler normfreeze.scaler, key text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(real[], normfreeze.scaler, text) IS 'normalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features real[], scaler_id bigint, key text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(real[], bigint, text) IS 'normalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features real[], ref text, key text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(real[], text, text) IS 'normalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features smallint[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(smallint[], normfreeze.scaler, text) IS 'normalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features smallint[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(smallint[], bigint, text) IS 'normalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features smallint[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(smallint[], text, text) IS 'normalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features integer[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(integer[], normfreeze.scaler, text) IS 'normalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features integer[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(integer[], bigint, text) IS 'normalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features integer[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(integer[], text, text) IS 'normalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features bigint[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(bigint[], normfreeze.scaler, text) IS 'normalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features bigint[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(bigint[], bigint, text) IS 'normalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features bigint[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(bigint[], text, text) IS 'normalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features numeric[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(numeric[], normfreeze.scaler, text) IS 'normalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features numeric[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(numeric[], bigint, text) IS 'normalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(features numeric[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(numeric[], text, text) IS 'normalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key("row" record, scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_row_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(record, normfreeze.scaler, text) IS 'normalize the features of a row, by name, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key("row" record, scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_row_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(record, bigint, text) IS 'normalize the features of a row, by name, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key("row" record, ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_row_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(record, text, text) IS 'normalize the features of a row, by name, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(object jsonb, scaler normfreeze.scaler, key text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'normalize_jsonb_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(jsonb, normfreeze.scaler, text) IS 'normalize the features of a jsonb object, by name, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(object jsonb, scaler_id bigint, key text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'normalize_jsonb_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(jsonb, bigint, text) IS 'normalize the features of a jsonb object, by name, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(object jsonb, ref text, key text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'normalize_jsonb_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(jsonb, text, text) IS 'normalize the features of a jsonb object, by name, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(value double precision, scaler normfreeze.scaler, feature text, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_single_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(double precision, normfreeze.scaler, text, text) IS 'normalize one value of a feature, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(value double precision, scaler_id bigint, feature text, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_single_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(double precision, bigint, text, text) IS 'normalize one value of a feature, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.normalize_by_key(value double precision, ref text, feature text, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'normalize_single_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key(double precision, text, text, text) IS 'normalize one value of a feature, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features double precision[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(double precision[], normfreeze.scaler, text) IS 'denormalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features double precision[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(double precision[], bigint, text) IS 'denormalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features double precision[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(double precision[], text, text) IS 'denormalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features real[], scaler normfreeze.scaler, key text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(real[], normfreeze.scaler, text) IS 'denormalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features real[], scaler_id bigint, key text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(real[], bigint, text) IS 'denormalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features real[], ref text, key text) RETURNS real[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(real[], text, text) IS 'denormalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features smallint[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(smallint[], normfreeze.scaler, text) IS 'denormalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features smallint[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(smallint[], bigint, text) IS 'denormalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features smallint[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(smallint[], text, text) IS 'denormalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features integer[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(integer[], normfreeze.scaler, text) IS 'denormalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features integer[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(integer[], bigint, text) IS 'denormalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features integer[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(integer[], text, text) IS 'denormalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features bigint[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(bigint[], normfreeze.scaler, text) IS 'denormalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features bigint[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(bigint[], bigint, text) IS 'denormalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features bigint[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(bigint[], text, text) IS 'denormalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features numeric[], scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(numeric[], normfreeze.scaler, text) IS 'denormalize an array of features, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features numeric[], scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(numeric[], bigint, text) IS 'denormalize an array of features, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(features numeric[], ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_array_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(numeric[], text, text) IS 'denormalize an array of features, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key("row" record, scaler normfreeze.scaler, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_row_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(record, normfreeze.scaler, text) IS 'denormalize the features of a row, by name, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key("row" record, scaler_id bigint, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_row_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(record, bigint, text) IS 'denormalize the features of a row, by name, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key("row" record, ref text, key text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_row_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(record, text, text) IS 'denormalize the features of a row, by name, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(object jsonb, scaler normfreeze.scaler, key text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'denormalize_jsonb_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(jsonb, normfreeze.scaler, text) IS 'denormalize the features of a jsonb object, by name, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(object jsonb, scaler_id bigint, key text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'denormalize_jsonb_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(jsonb, bigint, text) IS 'denormalize the features of a jsonb object, by name, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(object jsonb, ref text, key text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'denormalize_jsonb_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(jsonb, text, text) IS 'denormalize the features of a jsonb object, by name, by the frozen set that a ref means, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(value double precision, scaler normfreeze.scaler, feature text, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'denormalize_single_by_value_and_key' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(double precision, normfreeze.scaler, text, text) IS 'denormalize one value of a feature, by a set value, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(value double precision, scaler_id bigint, feature text, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'denormalize_single_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(double precision, bigint, text, text) IS 'denormalize one value of a feature, by the frozen set of an id, with the scaler of a key';

CREATE FUNCTION normfreeze.denormalize_by_key(value double precision, ref text, feature text, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'denormalize_single_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key(double precision, text, text, text) IS 'denormalize one value of a feature, by the frozen set that a ref means, with the scaler of a key';

-- the operations of formulas: what the planner makes of normalize() of one value by a constant id

CREATE FUNCTION normfreeze.subtract_divide(value double precision, center double precision, scale double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_subtract_divide' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.subtract_divide(double precision, double precision, double precision) IS '(value - center) / scale, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.subtract_multiply(value double precision, center double precision, factor double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_subtract_multiply' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.subtract_multiply(double precision, double precision, double precision) IS '(value - center) * factor, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.multiply_add(value double precision, factor double precision, "offset" double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_multiply_add' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.multiply_add(double precision, double precision, double precision) IS 'value * factor + offset, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.divide_add(value double precision, divisor double precision, "offset" double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_divide_add' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.divide_add(double precision, double precision, double precision) IS 'value / divisor + offset, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.divide(value double precision, divisor double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_divide' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.divide(double precision, double precision) IS 'value / divisor, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.multiply(value double precision, factor double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_multiply' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.multiply(double precision, double precision) IS 'value * factor, without an error of overflow: what the planner makes of normalize() or denormalize()';

CREATE FUNCTION normfreeze.value_of_numeric(value numeric, feature text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_of_numeric' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.value_of_numeric(numeric, text) IS 'a value as normalize() of a row reads it: what the planner makes of normalize_value()';

CREATE FUNCTION normfreeze.value_of_boolean(value boolean) RETURNS double precision
	AS 'MODULE_PATHNAME', 'value_of_boolean' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.value_of_boolean(boolean) IS 'a value as normalize() of a row reads it: what the planner makes of normalize_value()';

-- normalize and denormalize the columns of a row: what the planner makes of a row

CREATE FUNCTION normfreeze.column_share(internal, VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'column_share' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.column_share(internal, "any") IS 'some columns of a row that has many: what the planner makes of it';

-- aggregates of rows, of their columns: what the planner makes of them

CREATE FUNCTION normfreeze.fit_columns_transition(normfreeze.fit_state, record, normfreeze.method, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_columns_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_columns_transition(normfreeze.fit_state, record, normfreeze.method, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.fit_columns("row" record, method normfreeze.method, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.fit_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit_columns(record, normfreeze.method, text[], "any") IS 'the columns of rows: what the planner makes of fit()';

CREATE FUNCTION normfreeze.fit_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_columns_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.fit_columns("row" record, method normfreeze.method, options jsonb, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.fit_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit_columns(record, normfreeze.method, jsonb, text[], "any") IS 'the columns of rows: what the planner makes of fit()';

CREATE FUNCTION normfreeze.fit_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'fit_columns_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.fit_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.fit_columns("row" record, method normfreeze.method, options jsonb, weight double precision, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.fit_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.fit_columns(record, normfreeze.method, jsonb, double precision, text[], "any") IS 'the columns of rows: what the planner makes of fit()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, text[], text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_chosen_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, text[], text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, chosen text[], names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, text[], text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, bigint, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_scaler_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, bigint, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, scaler_id bigint, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, bigint, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, text, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_ref_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, text, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, ref text, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, text, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.audit_columns_transition(internal, record, "any", bigint, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_columns_transition(internal, record, "any", bigint, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.audit_columns(raw record, observed "any", scaler_id bigint, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.audit_columns_transition, STYPE = internal, FINALFUNC = normfreeze.audit_final,
	COMBINEFUNC = normfreeze.audit_combine, SERIALFUNC = normfreeze.audit_serialize,
	DESERIALFUNC = normfreeze.audit_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit_columns(record, "any", bigint, text[], "any") IS 'the columns of rows: what the planner makes of audit()';

CREATE FUNCTION normfreeze.audit_output_columns_transition(internal, record, bigint, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_columns_transition(internal, record, bigint, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.audit_columns(observed record, scaler_id bigint, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.audit_output_columns_transition, STYPE = internal, FINALFUNC = normfreeze.audit_output_final,
	COMBINEFUNC = normfreeze.audit_output_combine, SERIALFUNC = normfreeze.audit_output_serialize,
	DESERIALFUNC = normfreeze.audit_output_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit_columns(record, bigint, text[], "any") IS 'the columns of rows: what the planner makes of audit()';

CREATE FUNCTION normfreeze.audit_columns_transition(internal, record, "any", text, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_ref_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_columns_transition(internal, record, "any", text, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.audit_columns(raw record, observed "any", ref text, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.audit_columns_transition, STYPE = internal, FINALFUNC = normfreeze.audit_final,
	COMBINEFUNC = normfreeze.audit_combine, SERIALFUNC = normfreeze.audit_serialize,
	DESERIALFUNC = normfreeze.audit_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit_columns(record, "any", text, text[], "any") IS 'the columns of rows: what the planner makes of audit()';

CREATE FUNCTION normfreeze.audit_output_columns_transition(internal, record, text, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_ref_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_columns_transition(internal, record, text, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.audit_columns(observed record, ref text, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.audit_output_columns_transition, STYPE = internal, FINALFUNC = normfreeze.audit_output_final,
	COMBINEFUNC = normfreeze.audit_output_combine, SERIALFUNC = normfreeze.audit_output_serialize,
	DESERIALFUNC = normfreeze.audit_output_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit_columns(record, text, text[], "any") IS 'the columns of rows: what the planner makes of audit()';

CREATE FUNCTION normfreeze.audit_columns_transition(internal, record, "any", normfreeze.scaler, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_value_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_columns_transition(internal, record, "any", normfreeze.scaler, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.audit_columns(raw record, observed "any", scaler normfreeze.scaler, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.audit_columns_transition, STYPE = internal, FINALFUNC = normfreeze.audit_final,
	COMBINEFUNC = normfreeze.audit_combine, SERIALFUNC = normfreeze.audit_serialize,
	DESERIALFUNC = normfreeze.audit_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit_columns(record, "any", normfreeze.scaler, text[], "any") IS 'the columns of rows: what the planner makes of audit()';

CREATE FUNCTION normfreeze.audit_output_columns_transition(internal, record, normfreeze.scaler, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'audit_output_value_transition' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.audit_output_columns_transition(internal, record, normfreeze.scaler, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.audit_columns(observed record, scaler normfreeze.scaler, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.audit_output_columns_transition, STYPE = internal, FINALFUNC = normfreeze.audit_output_final,
	COMBINEFUNC = normfreeze.audit_output_combine, SERIALFUNC = normfreeze.audit_output_serialize,
	DESERIALFUNC = normfreeze.audit_output_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.audit_columns(record, normfreeze.scaler, text[], "any") IS 'the columns of rows: what the planner makes of audit()';

CREATE FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_columns_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.scan_columns("row" record, method normfreeze.method, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.scan_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan_columns(record, normfreeze.method, text[], "any") IS 'the columns of rows: what the planner makes of scan()';

CREATE FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_columns_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.scan_columns("row" record, method normfreeze.method, options jsonb, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.scan_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan_columns(record, normfreeze.method, jsonb, text[], "any") IS 'the columns of rows: what the planner makes of scan()';

CREATE FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_columns_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.gather_columns(record, bytea, text[], VARIADIC "any") (
	SFUNC = normfreeze.gather_columns_transition, STYPE = internal, FINALFUNC = normfreeze.gather_final,
	COMBINEFUNC = normfreeze.gather_combine, SERIALFUNC = normfreeze.gather_serialize,
	DESERIALFUNC = normfreeze.gather_deserialize, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.gather_columns(record, bytea, text[], "any") IS 'the columns of rows: what the planner makes of gather()';

CREATE FUNCTION normfreeze.normalize_columns(scaler normfreeze.scaler, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_columns_by_value' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_columns(normfreeze.scaler, text[], "any") IS 'normalize the columns of a row, by a scaler value: what the planner makes of normalize()';

CREATE FUNCTION normfreeze.normalize_columns(scaler_id bigint, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_columns_by_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_columns(bigint, text[], "any") IS 'normalize the columns of a row, by the frozen scaler of an id: what the planner makes of normalize()';

CREATE FUNCTION normfreeze.normalize_columns(ref text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_columns_by_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_columns(text, text[], "any") IS 'normalize the columns of a row, by the frozen scaler that a ref means: what the planner makes of normalize()';

CREATE FUNCTION normfreeze.normalize_by_key_columns(scaler normfreeze.scaler, key text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_columns_by_value_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key_columns(normfreeze.scaler, text, text[], "any") IS 'normalize the columns of a row, by a scaler value for a key: what the planner makes of normalize_by_key()';

CREATE FUNCTION normfreeze.normalize_by_key_columns(scaler_id bigint, key text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_columns_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key_columns(bigint, text, text[], "any") IS 'normalize the columns of a row, by the frozen scaler of an id for a key: what the planner makes of normalize_by_key()';

CREATE FUNCTION normfreeze.normalize_by_key_columns(ref text, key text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'normalize_columns_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.normalize_by_key_columns(text, text, text[], "any") IS 'normalize the columns of a row, by the frozen scaler that a ref means for a key: what the planner makes of normalize_by_key()';

CREATE FUNCTION normfreeze.denormalize_columns(scaler normfreeze.scaler, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_columns_by_value' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_columns(normfreeze.scaler, text[], "any") IS 'denormalize the columns of a row, by a scaler value: what the planner makes of denormalize()';

CREATE FUNCTION normfreeze.denormalize_columns(scaler_id bigint, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_columns_by_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_columns(bigint, text[], "any") IS 'denormalize the columns of a row, by the frozen scaler of an id: what the planner makes of denormalize()';

CREATE FUNCTION normfreeze.denormalize_columns(ref text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_columns_by_ref' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_columns(text, text[], "any") IS 'denormalize the columns of a row, by the frozen scaler that a ref means: what the planner makes of denormalize()';

CREATE FUNCTION normfreeze.denormalize_by_key_columns(scaler normfreeze.scaler, key text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_columns_by_value_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key_columns(normfreeze.scaler, text, text[], "any") IS 'denormalize the columns of a row, by a scaler value for a key: what the planner makes of denormalize_by_key()';

CREATE FUNCTION normfreeze.denormalize_by_key_columns(scaler_id bigint, key text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_columns_by_id_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key_columns(bigint, text, text[], "any") IS 'denormalize the columns of a row, by the frozen scaler of an id for a key: what the planner makes of denormalize_by_key()';

CREATE FUNCTION normfreeze.denormalize_by_key_columns(ref text, key text, names text[], VARIADIC columns "any") RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'denormalize_columns_by_ref_and_key' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.denormalize_by_key_columns(text, text, text[], "any") IS 'denormalize the columns of a row, by the frozen scaler that a ref means for a key: what the planner makes of denormalize_by_key()';

ALTER FUNCTION normfreeze.normalize(record, normfreeze.scaler) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize(record, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize_by_key(record, normfreeze.scaler, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize_by_key(record, bigint, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.normalize_by_key(record, text, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(record, normfreeze.scaler) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize(record, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize_by_key(record, normfreeze.scaler, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize_by_key(record, bigint, text) SUPPORT normfreeze.normalize_support;
ALTER FUNCTION normfreeze.denormalize_by_key(record, text, text) SUPPORT normfreeze.normalize_support;

-- scalers as SQL of other systems

CREATE FUNCTION normfreeze.to_sql(scaler normfreeze.scaler, relation text, dialect text DEFAULT 'postgres') RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql(normfreeze.scaler, text, text) IS 'a SELECT list for another system''s SQL that computes what a scaler does';

CREATE FUNCTION normfreeze.to_sql(scaler_id bigint, relation text, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(scaler_id), relation, dialect);
COMMENT ON FUNCTION normfreeze.to_sql(bigint, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen scaler of an id does';

CREATE FUNCTION normfreeze.to_sql(ref text, relation text, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(normfreeze.scaler_id(ref)), relation, dialect);
COMMENT ON FUNCTION normfreeze.to_sql(text, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen scaler that a ref means does';

CREATE FUNCTION normfreeze.to_sql_check(scaler normfreeze.scaler, dialect text DEFAULT 'postgres') RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_check' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql_check(normfreeze.scaler, text) IS 'a statement for another system that shows whether it computes what a scaler does';

CREATE FUNCTION normfreeze.to_sql_check(scaler_id bigint, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql_check(normfreeze.scaler(scaler_id), dialect);
COMMENT ON FUNCTION normfreeze.to_sql_check(bigint, text) IS 'a statement for another system that shows whether it computes what the frozen scaler of an id does';

CREATE FUNCTION normfreeze.to_sql_check(ref text, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql_check(normfreeze.scaler(normfreeze.scaler_id(ref)), dialect);
COMMENT ON FUNCTION normfreeze.to_sql_check(text, text) IS 'a statement for another system that shows whether it computes what the frozen scaler that a ref means does';

-- drift

CREATE FUNCTION normfreeze.drift(reference normfreeze.profile, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, verdict text, decided_by text, threshold double precision,
	reference_rows bigint, live_rows bigint, reference_missing double precision, live_missing double precision,
	mean_shift double precision, variance_ratio double precision, outside double precision,
	psi double precision, jensen_shannon double precision, hellinger double precision,
	wasserstein double precision, ks double precision, ks_p_value double precision, cell_mass double precision,
	p_value double precision, worst_bin text, reason text, overall text
)
	AS 'MODULE_PATHNAME', 'drift' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift(normfreeze.profile, normfreeze.profile, jsonb) IS 'how far the values of each feature have moved from one profile to another';

CREATE FUNCTION normfreeze.drift(scaler_id bigint, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, verdict text, decided_by text, threshold double precision,
	reference_rows bigint, live_rows bigint, reference_missing double precision, live_missing double precision,
	mean_shift double precision, variance_ratio double precision, outside double precision,
	psi double precision, jensen_shannon double precision, hellinger double precision,
	wasserstein double precision, ks double precision, ks_p_value double precision, cell_mass double precision,
	p_value double precision, worst_bin text, reason text, overall text
)
	AS 'MODULE_PATHNAME', 'drift_of_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift(bigint, normfreeze.profile, jsonb) IS 'how far the values of each feature have moved since the frozen scaler of an id was fitted';

CREATE FUNCTION normfreeze.drift(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, verdict text, decided_by text, threshold double precision,
	reference_rows bigint, live_rows bigint, reference_missing double precision, live_missing double precision,
	mean_shift double precision, variance_ratio double precision, outside double precision,
	psi double precision, jensen_shannon double precision, hellinger double precision,
	wasserstein double precision, ks double precision, ks_p_value double precision, cell_mass double precision,
	p_value double precision, worst_bin text, reason text, overall text
)
	LANGUAGE SQL STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.drift(normfreeze.scaler_id(ref), live, options);
	END;
COMMENT ON FUNCTION normfreeze.drift(text, normfreeze.profile, jsonb) IS 'how far the values of each feature have moved since the frozen scaler that a ref means was fitted';

CREATE FUNCTION normfreeze.drift_bins(reference normfreeze.profile, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, bin integer, kind text, lower double precision, upper double precision,
	reference_rows bigint, live_rows bigint
)
	AS 'MODULE_PATHNAME', 'drift_bins' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift_bins(normfreeze.profile, normfreeze.profile, jsonb) IS 'the bins that drift() compares, with their counts, from one profile to another';

CREATE FUNCTION normfreeze.drift_bins(scaler_id bigint, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, bin integer, kind text, lower double precision, upper double precision,
	reference_rows bigint, live_rows bigint
)
	AS 'MODULE_PATHNAME', 'drift_bins_of_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.drift_bins(bigint, normfreeze.profile, jsonb) IS 'the bins that drift() compares, with their counts, since the frozen scaler of an id was fitted';

CREATE FUNCTION normfreeze.drift_bins(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS TABLE (
	ordinal integer, feature text, bin integer, kind text, lower double precision, upper double precision,
	reference_rows bigint, live_rows bigint
)
	LANGUAGE SQL STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT * FROM normfreeze.drift_bins(normfreeze.scaler_id(ref), live, options);
	END;
COMMENT ON FUNCTION normfreeze.drift_bins(text, normfreeze.profile, jsonb) IS 'the bins that drift() compares, with their counts, since the frozen scaler that a ref means was fitted';

-- monitoring: drift as it was recorded

-- of equal verdicts that of the greatest PSI, then the first; view drift_state and the NOTIFY of record_drift() show it
-- what views read in jsonb, which may hold anything

CREATE FUNCTION normfreeze.json_float8(object jsonb, key text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'json_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.json_float8(jsonb, text) IS 'the number of a key, or "Infinity", "-Infinity" or "NaN"; NULL if it is none';

CREATE FUNCTION normfreeze.json_bigint(object jsonb, key text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'json_bigint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.json_bigint(jsonb, text) IS 'the whole number of a key; NULL if it is none';

CREATE FUNCTION normfreeze.json_time(object jsonb, key text) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'json_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.json_time(jsonb, text) IS 'the time of a key, in UTC as exports write it; NULL if it is none';

CREATE FUNCTION normfreeze.worst_drift(features jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN (SELECT f.value FROM pg_catalog.jsonb_array_elements(features) WITH ORDINALITY AS f (value, place)
		ORDER BY pg_catalog.array_position(ARRAY['major', 'moderate', 'none'], f.value OPERATOR(pg_catalog.->>) 'verdict'),
			normfreeze.json_float8(f.value, 'psi') DESC NULLS LAST, f.place
		LIMIT 1);
COMMENT ON FUNCTION normfreeze.worst_drift(jsonb) IS 'of the features of an entry of drift_log the one with the worst verdict';

CREATE TABLE normfreeze.drift_log (
	scaler_id bigint NOT NULL,
	seq integer NOT NULL,
	at timestamptz NOT NULL,
	label text,
	recorded_by text NOT NULL,
	recorded_session_user text NOT NULL,
	reference_rows bigint NOT NULL,
	live_rows bigint NOT NULL,
	verdict text COLLATE "C",
	features jsonb NOT NULL,
	options jsonb NOT NULL,
	live_digest text COLLATE "C" NOT NULL,
	CONSTRAINT drift_log_pkey PRIMARY KEY (scaler_id, seq),
	CONSTRAINT drift_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT drift_log_features CHECK (pg_catalog.jsonb_typeof(features) OPERATOR(pg_catalog.=) 'array'),
	CONSTRAINT drift_log_known_verdict CHECK (
		(verdict OPERATOR(pg_catalog.=) 'none') OR (verdict OPERATOR(pg_catalog.=) 'moderate') OR (verdict OPERATOR(pg_catalog.=) 'major')),
	CONSTRAINT drift_log_verdict CHECK (
		verdict IS NOT DISTINCT FROM (normfreeze.worst_drift(features) OPERATOR(pg_catalog.->>) 'verdict')),
	CONSTRAINT drift_log_live_digest CHECK (live_digest OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$')
);
COMMENT ON TABLE normfreeze.drift_log IS 'what drift() said of live profiles: the entries of record_drift(), never changed';
COMMENT ON COLUMN normfreeze.drift_log.seq IS '1, 2, 3, ... for each scaler';
COMMENT ON COLUMN normfreeze.drift_log.label IS 'what was watched, such as a day';
COMMENT ON COLUMN normfreeze.drift_log.recorded_by IS 'the current user, whose privileges recorded it';
COMMENT ON COLUMN normfreeze.drift_log.recorded_session_user IS 'the session user, who was logged in';
COMMENT ON COLUMN normfreeze.drift_log.verdict IS 'the worst of the features; NULL where there were too few rows to tell';
COMMENT ON COLUMN normfreeze.drift_log.features IS 'an array of objects with the columns of drift(), one for each feature';
COMMENT ON COLUMN normfreeze.drift_log.options IS 'those of drift(), with all defaults of then';
COMMENT ON COLUMN normfreeze.drift_log.live_digest IS 'normfreeze.profile_digest() of the live profile';

SELECT pg_catalog.pg_extension_config_dump('normfreeze.drift_log', '');

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.drift_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.drift_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.drift_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.drift_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE FUNCTION normfreeze.record_drift(scaler_id bigint, live normfreeze.profile, label text DEFAULT NULL, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'record_drift_of_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.record_drift(bigint, normfreeze.profile, text, jsonb) IS 'append to drift_log what drift() says of a live profile, unless it is the newest entry of the label; returns the verdict';

CREATE FUNCTION normfreeze.record_drift(ref text, live normfreeze.profile, label text DEFAULT NULL, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'record_drift_of_ref' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.record_drift(text, normfreeze.profile, text, jsonb) IS 'the same for the scaler that a ref means now';

CREATE VIEW normfreeze.drift_state AS
	-- a set by key is its members: those that are watched
	SELECT s.name, s.version, c.scaler_id, e.verdict, p.verdict AS previous, e.label, e.at,
		CASE WHEN pg_catalog.isfinite(e.at) THEN pg_catalog.now() OPERATOR(pg_catalog.-) e.at END AS age,
		COALESCE(e.worst OPERATOR(pg_catalog.->>) 'feature',
			'feature ' OPERATOR(pg_catalog.||) (e.worst OPERATOR(pg_catalog.->>) 'ordinal')) AS feature,
		CASE WHEN e.seq IS NULL THEN 'never recorded' ELSE e.worst OPERATOR(pg_catalog.->>) 'reason' END AS reason,
		e.reference_rows, e.live_rows, e.seq, m.key
	FROM normfreeze.stages AS s
	LEFT JOIN normfreeze.members AS m ON m.set_id OPERATOR(pg_catalog.=) s.scaler_id
	CROSS JOIN LATERAL (SELECT COALESCE(m.scaler_id, s.scaler_id) AS scaler_id) AS c
	LEFT JOIN LATERAL (
		SELECT l.seq, l.at, l.label, l.verdict, l.reference_rows, l.live_rows, normfreeze.worst_drift(l.features) AS worst
		FROM normfreeze.drift_log AS l WHERE l.scaler_id OPERATOR(pg_catalog.=) c.scaler_id
		ORDER BY l.seq DESC LIMIT 1) AS e ON true
	LEFT JOIN LATERAL (
		SELECT l.verdict FROM normfreeze.drift_log AS l
		WHERE l.scaler_id OPERATOR(pg_catalog.=) c.scaler_id AND l.seq OPERATOR(pg_catalog.<) e.seq AND l.verdict IS NOT NULL
		ORDER BY l.seq DESC LIMIT 1) AS p ON true
	WHERE s.stage OPERATOR(pg_catalog.=) 'production' AND NOT s.retired
		AND (m.key IS NULL OR e.seq IS NOT NULL);
COMMENT ON VIEW normfreeze.drift_state IS 'the newest entry of drift_log of every scaler that is in production now, or that there is none; of a set by key, those of its members';

CREATE VIEW normfreeze.drift_history AS
	SELECT l.scaler_id, l.seq, l.at, l.label, l.verdict AS overall,
		CASE WHEN f.ordinal OPERATOR(pg_catalog.>=) -2147483648 AND f.ordinal OPERATOR(pg_catalog.<=) 2147483647
			THEN f.ordinal::pg_catalog.int4 END AS ordinal,
		f.value OPERATOR(pg_catalog.->>) 'feature' AS feature,
		f.value OPERATOR(pg_catalog.->>) 'verdict' AS verdict,
		f.value OPERATOR(pg_catalog.->>) 'decided_by' AS decided_by,
		normfreeze.json_float8(f.value, 'threshold') AS threshold,
		normfreeze.json_bigint(f.value, 'reference_rows') AS reference_rows,
		normfreeze.json_bigint(f.value, 'live_rows') AS live_rows,
		normfreeze.json_float8(f.value, 'reference_missing') AS reference_missing,
		normfreeze.json_float8(f.value, 'live_missing') AS live_missing,
		normfreeze.json_float8(f.value, 'mean_shift') AS mean_shift,
		normfreeze.json_float8(f.value, 'variance_ratio') AS variance_ratio,
		normfreeze.json_float8(f.value, 'outside') AS outside,
		normfreeze.json_float8(f.value, 'psi') AS psi,
		normfreeze.json_float8(f.value, 'jensen_shannon') AS jensen_shannon,
		normfreeze.json_float8(f.value, 'hellinger') AS hellinger,
		normfreeze.json_float8(f.value, 'wasserstein') AS wasserstein,
		normfreeze.json_float8(f.value, 'ks') AS ks,
		normfreeze.json_float8(f.value, 'ks_p_value') AS ks_p_value,
		normfreeze.json_float8(f.value, 'cell_mass') AS cell_mass,
		normfreeze.json_float8(f.value, 'p_value') AS p_value,
		f.value OPERATOR(pg_catalog.->>) 'worst_bin' AS worst_bin,
		f.value OPERATOR(pg_catalog.->>) 'reason' AS reason
	FROM normfreeze.drift_log AS l
	-- an element that is no object is a row, too
	CROSS JOIN LATERAL (
		SELECT e.value, normfreeze.json_bigint(e.value, 'ordinal') AS ordinal
		FROM pg_catalog.jsonb_array_elements(
			CASE pg_catalog.jsonb_typeof(l.features) WHEN 'array' THEN l.features ELSE '[]' END) AS e (value)) AS f;
COMMENT ON VIEW normfreeze.drift_history IS 'drift_log as a row for each feature of each entry, for plots';

REVOKE EXECUTE ON FUNCTION normfreeze.record_drift(bigint, normfreeze.profile, text, jsonb) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.record_drift(text, normfreeze.profile, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.record_drift(bigint, normfreeze.profile, text, jsonb) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.record_drift(text, normfreeze.profile, text, jsonb) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.drift_log TO @extowner@ WITH GRANT OPTION;
GRANT SELECT ON normfreeze.drift_state, normfreeze.drift_history TO @extowner@ WITH GRANT OPTION;

-- lineage and privacy: who used which scaler, what happened to a name, and profiles that are gone

CREATE FUNCTION normfreeze.digest_of(scaler normfreeze.scaler) RETURNS text
	AS 'MODULE_PATHNAME', 'digest_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.digest_of(normfreeze.scaler) IS 'the digest of the profile that a scaler was fitted on, which is a part of its identity; NULL if there was none';

CREATE TABLE normfreeze.use_log (
	scaler_id bigint NOT NULL,
	seq integer NOT NULL,
	consumer text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	note text,
	at timestamptz NOT NULL,
	registered_by text NOT NULL,
	registered_session_user text NOT NULL,
	CONSTRAINT use_log_pkey PRIMARY KEY (scaler_id, seq),
	CONSTRAINT use_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT use_log_consumer CHECK (
		pg_catalog.octet_length(consumer) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(consumer) OPERATOR(pg_catalog.<=) 200),
	CONSTRAINT use_log_kind CHECK (
		pg_catalog.octet_length(kind) OPERATOR(pg_catalog.>) 0
		AND pg_catalog.octet_length(kind) OPERATOR(pg_catalog.<=) 200)
);
CREATE INDEX use_log_consumer_idx ON normfreeze.use_log (consumer, kind);
COMMENT ON TABLE normfreeze.use_log IS 'who uses which scaler, since when: the entries of register_use(), never changed';
COMMENT ON COLUMN normfreeze.use_log.seq IS '1, 2, 3, ... for each scaler';
COMMENT ON COLUMN normfreeze.use_log.consumer IS 'what uses it: the name of a model, a table, a service';
COMMENT ON COLUMN normfreeze.use_log.registered_by IS 'the current user, whose privileges allowed it';
COMMENT ON COLUMN normfreeze.use_log.registered_session_user IS 'the session user, who was logged in';

CREATE TABLE normfreeze.purge_log (
	digest text COLLATE "C" NOT NULL,
	seq integer NOT NULL,
	scaler_id bigint NOT NULL,
	reason text NOT NULL,
	at timestamptz NOT NULL,
	purged_by text NOT NULL,
	purged_session_user text NOT NULL,
	CONSTRAINT purge_log_pkey PRIMARY KEY (digest, seq),
	CONSTRAINT purge_log_seq CHECK (seq OPERATOR(pg_catalog.>) 0),
	CONSTRAINT purge_log_digest CHECK (digest OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$'),
	CONSTRAINT purge_log_reason CHECK (reason OPERATOR(pg_catalog.<>) '')
);
CREATE INDEX purge_log_scaler_id_idx ON normfreeze.purge_log (scaler_id);
COMMENT ON TABLE normfreeze.purge_log IS 'profiles that were purged, are not stored and not stored again: an entry for each scaler that had one';
COMMENT ON COLUMN normfreeze.purge_log.digest IS 'normfreeze.profile_digest() of the profile that is gone';
COMMENT ON COLUMN normfreeze.purge_log.seq IS '1, 2, 3, ... for each profile';
COMMENT ON COLUMN normfreeze.purge_log.scaler_id IS 'a scaler that was fitted on it, or a set with one';
COMMENT ON COLUMN normfreeze.purge_log.purged_by IS 'the current user, whose privileges allowed it';
COMMENT ON COLUMN normfreeze.purge_log.purged_session_user IS 'the session user, who was logged in';

SELECT pg_catalog.pg_extension_config_dump('normfreeze.use_log', '');
SELECT pg_catalog.pg_extension_config_dump('normfreeze.purge_log', '');

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.use_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.use_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.use_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.use_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON normfreeze.purge_log
	FOR EACH ROW EXECUTE FUNCTION normfreeze.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON normfreeze.purge_log
	FOR EACH STATEMENT EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.purge_log ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE normfreeze.purge_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE FUNCTION normfreeze.register_use(scaler_id bigint, consumer text, kind text, note text DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'register_use_of_id' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.register_use(bigint, text, text, text) IS 'append to use_log that a consumer uses a scaler, unless that is so already; returns the number of the entry';

CREATE FUNCTION normfreeze.register_use(ref text, consumer text, kind text, note text DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'register_use_of_ref' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.register_use(text, text, text, text) IS 'the same for the scaler that a ref means now';

CREATE FUNCTION normfreeze.purge_profile(scaler_id bigint, reason text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'purge_profile' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.purge_profile(bigint, text) IS 'remove the profile of a frozen scaler, or of all members of a set, for good; returns how many frozen scalers had it';

CREATE VIEW normfreeze.named_scalers AS
	SELECT v.name, v.version, NULL::pg_catalog.text COLLATE "C" AS key, v.scaler_id, v.scaler_id AS version_id, v.frozen_at, v.evidence
	FROM normfreeze.versions AS v
	UNION ALL
	SELECT v.name, v.version, m.key, m.scaler_id, v.scaler_id, v.frozen_at, v.evidence
	FROM normfreeze.versions AS v
	JOIN normfreeze.members AS m ON m.set_id OPERATOR(pg_catalog.=) v.scaler_id;
COMMENT ON VIEW normfreeze.named_scalers IS 'every scaler that a name leads to: its versions, and of versions that are sets the scaler of each key';

CREATE VIEW normfreeze.uses AS
	SELECT u.consumer, u.kind, u.name, u.version, u.key, u.scaler_id, u.since, u.registered_by, u.registered_session_user, u.note,
		ARRAY(SELECT s.stage FROM normfreeze.stages AS s
			WHERE s.name OPERATOR(pg_catalog.=) u.name AND s.version OPERATOR(pg_catalog.=) u.version ORDER BY s.stage) AS stages,
		EXISTS (SELECT 1 FROM normfreeze.stage_log AS r
			WHERE r.name OPERATOR(pg_catalog.=) u.name AND r.version OPERATOR(pg_catalog.=) u.version
				AND r.action OPERATOR(pg_catalog.=) 'retire') AS retired
	FROM (SELECT DISTINCT ON (l.consumer, l.kind, n.name, n.key)
			l.consumer, l.kind, n.name, n.version, n.key, l.scaler_id, l.at AS since,
			l.registered_by, l.registered_session_user, l.note
		FROM normfreeze.use_log AS l
		JOIN normfreeze.named_scalers AS n ON n.scaler_id OPERATOR(pg_catalog.=) l.scaler_id
		ORDER BY l.consumer, l.kind, n.name, n.key, l.at DESC, l.seq DESC, n.version DESC) AS u;
COMMENT ON VIEW normfreeze.uses IS 'the version of each name that each consumer uses now, and whether it is in a stage or retired';

-- step orders what is of one moment
CREATE VIEW normfreeze.events AS
	SELECT v.name, v.frozen_at AS at, 'frozen' AS event, v.version, NULL::pg_catalog.text COLLATE "C" AS key, v.scaler_id,
		NULL::pg_catalog.text COLLATE "C" AS stage, NULL::pg_catalog.text COLLATE "C" AS consumer,
		v.frozen_by AS who, v.frozen_session_user AS who_session_user, v.note AS detail, 1 AS step, v.version AS seq
	FROM normfreeze.versions AS v
	WHERE v.origin IS NULL OR v.origin OPERATOR(pg_catalog.?) 'mirrored_at'
	UNION ALL
	SELECT v.name,
		-- of a mirrored row the columns are those of the other side; what is no time is none of ours
		COALESCE(normfreeze.json_time(v.origin, 'mirrored_at'), v.frozen_at),
		'imported', v.version, NULL, v.scaler_id, NULL, NULL,
		COALESCE(v.origin OPERATOR(pg_catalog.->>) 'mirrored_by', v.frozen_by),
		COALESCE(v.origin OPERATOR(pg_catalog.->>) 'mirrored_session_user', v.frozen_session_user),
		pg_catalog.format('from version %s of "%s" in database "%s"', v.origin OPERATOR(pg_catalog.->>) 'version',
			v.origin OPERATOR(pg_catalog.->>) 'name', v.origin OPERATOR(pg_catalog.->>) 'database')
			OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) v.note, ''),
		2, v.version
	FROM normfreeze.versions AS v
	WHERE v.origin IS NOT NULL
	UNION ALL
	SELECT l.name, l.at,
		CASE l.action WHEN 'promote' THEN 'promoted' WHEN 'rollback' THEN 'rolled back' WHEN 'demote' THEN 'demoted' ELSE 'retired' END,
		l.version, NULL, v.scaler_id, l.stage, NULL, l.changed_by, l.changed_session_user,
		CASE WHEN l.origin IS NULL THEN l.note
			ELSE pg_catalog.format('imported from "%s" in database "%s"', l.origin OPERATOR(pg_catalog.->>) 'name',
				l.origin OPERATOR(pg_catalog.->>) 'database')
				OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) l.note, '') END,
		3, l.seq
	FROM normfreeze.stage_log AS l
	LEFT JOIN normfreeze.versions AS v
		ON v.name OPERATOR(pg_catalog.=) l.name AND v.version OPERATOR(pg_catalog.=) l.version
	UNION ALL
	SELECT u.name, u.at, 'used', u.version, u.key, u.scaler_id, NULL, u.consumer, u.registered_by, u.registered_session_user,
		u.kind COLLATE pg_catalog."default" OPERATOR(pg_catalog.||)
			CASE WHEN u.before OPERATOR(pg_catalog.<>) u.version
				THEN pg_catalog.format('; it used version %s before', u.before) ELSE '' END
			OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) u.note, ''),
		4, u.seq
	FROM (SELECT n.name, l.at, n.version, n.key, l.scaler_id, l.consumer, l.kind, l.note, l.registered_by, l.registered_session_user, l.seq,
			pg_catalog.lag(n.version) OVER (PARTITION BY n.name, n.key, l.consumer, l.kind
				ORDER BY l.at, l.scaler_id, l.seq, n.version) AS before
		FROM normfreeze.use_log AS l
		JOIN normfreeze.named_scalers AS n ON n.scaler_id OPERATOR(pg_catalog.=) l.scaler_id) AS u
	UNION ALL
	SELECT n.name, l.at, 'drift', n.version, n.key, l.scaler_id, NULL, NULL, l.recorded_by, l.recorded_session_user,
		pg_catalog.format('%s, %s rows', COALESCE(l.verdict, 'too few rows to tell') COLLATE pg_catalog."default", l.live_rows)
			OPERATOR(pg_catalog.||) COALESCE('; ' OPERATOR(pg_catalog.||) l.label, ''),
		5, l.seq
	FROM normfreeze.drift_log AS l
	JOIN normfreeze.named_scalers AS n ON n.scaler_id OPERATOR(pg_catalog.=) l.scaler_id
	UNION ALL
	-- a set has an entry for each of its profiles
	SELECT v.name, l.at, 'purged', v.version, NULL, l.scaler_id, NULL, NULL, l.purged_by, l.purged_session_user,
		CASE WHEN l.profiles OPERATOR(pg_catalog.>) 1 THEN pg_catalog.format('%s profiles; ', l.profiles) ELSE '' END
			OPERATOR(pg_catalog.||) l.reason,
		6, 1
	FROM (SELECT p.scaler_id, p.at, p.purged_by, p.purged_session_user, p.reason, pg_catalog.count(*) AS profiles
		FROM normfreeze.purge_log AS p
		GROUP BY p.scaler_id, p.at, p.purged_by, p.purged_session_user, p.reason) AS l
	JOIN normfreeze.versions AS v ON v.scaler_id OPERATOR(pg_catalog.=) l.scaler_id;
COMMENT ON VIEW normfreeze.events IS 'what happened to every name: versions, stages, consumers, drift and purges';

CREATE FUNCTION normfreeze.lineage(name text) RETURNS TABLE (
	at timestamptz, event text, version integer, scaler_id bigint, stage text, key text, consumer text,
	who text, who_session_user text, detail text
)
	AS 'MODULE_PATHNAME', 'lineage' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.lineage(text) IS 'what happened to a name, in the order of time: versions, stages, consumers, drift and purges';

-- an entry of the stage log is in force until the first time of a later one, as in scaler_id(name, stage, as_of)
CREATE FUNCTION normfreeze.stage_as_of(scaler_id bigint, at timestamptz) RETURNS TABLE (
	name text, version integer, key text, state text, stage text, since timestamptz, until timestamptz,
	rolled_back_at timestamptz, demoted_at timestamptz, retired_at timestamptz
)
	-- not STRICT, so that it becomes a part of the query that calls it
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
	BEGIN ATOMIC
		SELECT n.name, n.version, n.key,
			CASE WHEN r.retired_at OPERATOR(pg_catalog.<=) stage_as_of.at THEN 'retired'
				WHEN l.stage IS NOT NULL THEN 'in stage'
				WHEN n.frozen_at OPERATOR(pg_catalog.>) stage_as_of.at THEN 'not frozen yet'
				ELSE 'in no stage' END,
			l.stage, l.at,
			(SELECT pg_catalog.min(e.at) FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.stage OPERATOR(pg_catalog.=) l.stage
					AND e.seq OPERATOR(pg_catalog.>) l.seq),
			(SELECT pg_catalog.min(e.at) FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.stage OPERATOR(pg_catalog.=) l.stage
					AND e.seq OPERATOR(pg_catalog.>) l.seq AND e.action OPERATOR(pg_catalog.=) 'rollback'
					AND n.version OPERATOR(pg_catalog.=) (
						SELECT CASE WHEN b.action OPERATOR(pg_catalog.<>) 'demote' THEN b.version END FROM normfreeze.stage_log AS b
						WHERE b.name OPERATOR(pg_catalog.=) e.name AND b.stage OPERATOR(pg_catalog.=) e.stage
							AND b.seq OPERATOR(pg_catalog.<) e.seq ORDER BY b.seq DESC LIMIT 1)),
			(SELECT pg_catalog.min(e.at) FROM normfreeze.stage_log AS e
				WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.stage OPERATOR(pg_catalog.=) l.stage
					AND e.version OPERATOR(pg_catalog.=) n.version
					AND e.seq OPERATOR(pg_catalog.>) l.seq AND e.action OPERATOR(pg_catalog.=) 'demote'),
			r.retired_at
		FROM normfreeze.named_scalers AS n
		LEFT JOIN LATERAL (
			SELECT pg_catalog.min(e.at) AS retired_at FROM normfreeze.stage_log AS e
			WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.version OPERATOR(pg_catalog.=) n.version
				AND e.action OPERATOR(pg_catalog.=) 'retire') AS r ON true
		LEFT JOIN LATERAL (
			SELECT e.stage, e.seq, e.at FROM normfreeze.stage_log AS e
			WHERE e.name OPERATOR(pg_catalog.=) n.name AND e.version OPERATOR(pg_catalog.=) n.version
				AND e.stage IS NOT NULL AND e.action OPERATOR(pg_catalog.<>) 'demote' AND e.at OPERATOR(pg_catalog.<=) stage_as_of.at
				AND NOT EXISTS (SELECT 1 FROM normfreeze.stage_log AS o
					WHERE o.name OPERATOR(pg_catalog.=) e.name AND o.stage OPERATOR(pg_catalog.=) e.stage
						AND o.seq OPERATOR(pg_catalog.>) e.seq AND o.at OPERATOR(pg_catalog.<=) stage_as_of.at)) AS l ON true
		WHERE n.scaler_id OPERATOR(pg_catalog.=) stage_as_of.scaler_id AND stage_as_of.at IS NOT NULL
		ORDER BY n.name, n.version, n.key, l.stage;
	END;
COMMENT ON FUNCTION normfreeze.stage_as_of(bigint, timestamptz) IS 'in which stages of which names a scaler was at a time, whether it was retired, and what became of it';

CREATE FUNCTION normfreeze.stage_as_of(ref text, at timestamptz) RETURNS TABLE (
	name text, version integer, key text, state text, stage text, since timestamptz, until timestamptz,
	rolled_back_at timestamptz, demoted_at timestamptz, retired_at timestamptz
)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
	BEGIN ATOMIC
		SELECT * FROM normfreeze.stage_as_of(normfreeze.scaler_id(stage_as_of.ref), stage_as_of.at);
	END;
COMMENT ON FUNCTION normfreeze.stage_as_of(text, timestamptz) IS 'the same by a ref';

REVOKE EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.register_use(text, text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.purge_profile(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.register_use(text, text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.purge_profile(bigint, text) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.use_log, normfreeze.purge_log TO @extowner@ WITH GRANT OPTION;
GRANT SELECT ON normfreeze.named_scalers, normfreeze.uses, normfreeze.events TO @extowner@ WITH GRANT OPTION;

-- report

CREATE FUNCTION normfreeze.report(scaler_id bigint) RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_id' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(bigint) IS 'a page of HTML about the frozen scaler of an id';

CREATE FUNCTION normfreeze.report(ref text) RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_ref' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(text) IS 'a page of HTML about the frozen scaler that a ref means';

CREATE FUNCTION normfreeze.report(scaler_id bigint, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_id' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(bigint, normfreeze.profile, jsonb) IS 'a page of HTML about the frozen scaler of an id, and how far live values have moved from those it was fitted on';

CREATE FUNCTION normfreeze.report(ref text, live normfreeze.profile, options jsonb DEFAULT '{}') RETURNS text
	AS 'MODULE_PATHNAME', 'report_of_ref' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.report(text, normfreeze.profile, jsonb) IS 'a page of HTML about the frozen scaler that a ref means, and how far live values have moved from those it was fitted on';

-- privileges: what writes or shows the registry is for the installing user to hand out

REVOKE EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.rollback(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.demote(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.retire(text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.rollback(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.demote(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.retire(text, integer, text) TO @extowner@ WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.disallow_stage(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.disallow_stage(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.scalers, normfreeze.profiles, normfreeze.versions, normfreeze.stage_log,
		normfreeze.members, normfreeze.stage_access_log
	TO @extowner@ WITH GRANT OPTION;
-- for foreign keys of tables that say which scaler their rows are of
GRANT REFERENCES ON normfreeze.scalers, normfreeze.versions TO @extowner@ WITH GRANT OPTION;
GRANT SELECT ON normfreeze.guards, normfreeze.stages, normfreeze.stage_history, normfreeze.stage_access TO @extowner@ WITH GRANT OPTION;

