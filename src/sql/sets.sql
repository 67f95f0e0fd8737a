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
