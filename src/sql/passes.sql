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

CREATE FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_row_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision) IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.scan(record, normfreeze.method, jsonb, double precision) (
	SFUNC = normfreeze.scan_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan(record, normfreeze.method, jsonb, double precision) IS 'the first pass of fit_table(): the profile that the fit has, with a weight for each row';

CREATE FUNCTION normfreeze.gather_transition(internal, record, bytea) RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_transition(internal, record, bytea) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.gather_transition(internal, record, bytea, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_transition(internal, record, bytea, double precision) IS 'aggregate transition function';

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

CREATE AGGREGATE normfreeze.gather(record, bytea, double precision) (
	SFUNC = normfreeze.gather_transition, STYPE = internal, FINALFUNC = normfreeze.gather_final,
	COMBINEFUNC = normfreeze.gather_combine, SERIALFUNC = normfreeze.gather_serialize,
	DESERIALFUNC = normfreeze.gather_deserialize, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.gather(record, bytea, double precision) IS 'a later pass of fit_table(): what its plan asks for, with a weight for each row';

CREATE FUNCTION normfreeze.fit_table(relation regclass, method normfreeze.method) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_table' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION normfreeze.fit_table(regclass, normfreeze.method) IS 'fit a scaler to a table or view, in parallel even inside freeze()';

CREATE FUNCTION normfreeze.fit_table(relation regclass, method normfreeze.method, options jsonb) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_table' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION normfreeze.fit_table(regclass, normfreeze.method, jsonb) IS 'fit a scaler to a table or view, in parallel even inside freeze(), with options';

CREATE FUNCTION normfreeze.fit_table(relation regclass, method normfreeze.method, options jsonb, weight text) RETURNS normfreeze.scaler
	AS 'MODULE_PATHNAME', 'fit_table_weight' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION normfreeze.fit_table(regclass, normfreeze.method, jsonb, text) IS 'fit a scaler to a table or view, in parallel even inside freeze(), with options and a column of weights';
