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

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, integer, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, integer, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, scaler_id integer, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, integer, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, double precision, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, weight double precision, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, double precision, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, options jsonb, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, jsonb, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

CREATE FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, double precision, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_columns_options_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_columns_transition(normfreeze.fit_state, record, jsonb, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.profile_columns("row" record, options jsonb, weight double precision, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.profile_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile_columns(record, jsonb, double precision, text[], "any") IS 'the columns of rows: what the planner makes of profile()';

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

CREATE FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision, text[], VARIADIC "any") RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'scan_columns_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.scan_columns_transition(normfreeze.fit_state, record, normfreeze.method, jsonb, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.scan_columns("row" record, method normfreeze.method, options jsonb, weight double precision, names text[], VARIADIC columns "any") (
	SFUNC = normfreeze.scan_columns_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.scan_columns(record, normfreeze.method, jsonb, double precision, text[], "any") IS 'the columns of rows: what the planner makes of scan()';

CREATE FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_columns_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.gather_columns(record, bytea, text[], VARIADIC "any") (
	SFUNC = normfreeze.gather_columns_transition, STYPE = internal, FINALFUNC = normfreeze.gather_final,
	COMBINEFUNC = normfreeze.gather_combine, SERIALFUNC = normfreeze.gather_serialize,
	DESERIALFUNC = normfreeze.gather_deserialize, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.gather_columns(record, bytea, text[], "any") IS 'the columns of rows: what the planner makes of gather()';

CREATE FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, double precision, text[], VARIADIC "any") RETURNS internal
	AS 'MODULE_PATHNAME', 'gather_columns_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.gather_columns_transition(internal, record, bytea, double precision, text[], "any") IS 'aggregate transition function';

CREATE AGGREGATE normfreeze.gather_columns(record, bytea, double precision, text[], VARIADIC "any") (
	SFUNC = normfreeze.gather_columns_transition, STYPE = internal, FINALFUNC = normfreeze.gather_final,
	COMBINEFUNC = normfreeze.gather_combine, SERIALFUNC = normfreeze.gather_serialize,
	DESERIALFUNC = normfreeze.gather_deserialize, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.gather_columns(record, bytea, double precision, text[], "any") IS 'the columns of rows: what the planner makes of gather()';

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
