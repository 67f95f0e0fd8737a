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
