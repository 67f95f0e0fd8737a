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
