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
