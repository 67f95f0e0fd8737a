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
