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

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], jsonb, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_weight_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, double precision) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb, double precision) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_options_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, jsonb, double precision) IS 'aggregate transition function';

-- an integer is an id, never a weight, which is double precision

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, double precision[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, real[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, smallint[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, integer[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, bigint[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_array_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, numeric[], integer) IS 'aggregate transition function';

CREATE FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, integer) RETURNS normfreeze.fit_state
	AS 'MODULE_PATHNAME', 'profile_row_integer_transition' LANGUAGE C STABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION normfreeze.profile_transition(normfreeze.fit_state, record, integer) IS 'aggregate transition function';

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
