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
