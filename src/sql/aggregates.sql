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

CREATE AGGREGATE normfreeze.profile(features double precision[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features double precision[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features double precision[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features real[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features real[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features real[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features smallint[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features smallint[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features smallint[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features integer[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features integer[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features integer[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features bigint[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features bigint[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features bigint[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile(features numeric[], weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[], double precision) IS 'what these arrays of features looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile(features numeric[], options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[], jsonb) IS 'what these arrays of features looked like, with options';

CREATE AGGREGATE normfreeze.profile(features numeric[], options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[], jsonb, double precision) IS 'what these arrays of features looked like, with options and a weight for each row';

CREATE AGGREGATE normfreeze.profile("row" record, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, double precision) IS 'what these columns of rows looked like, with a weight for each row';

CREATE AGGREGATE normfreeze.profile("row" record, options jsonb) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, jsonb) IS 'what these columns of rows looked like, with options';

CREATE AGGREGATE normfreeze.profile("row" record, options jsonb, weight double precision) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, jsonb, double precision) IS 'what these columns of rows looked like, with options and a weight for each row';

-- an integer is an id, never a weight, which is double precision

CREATE AGGREGATE normfreeze.profile(features double precision[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(double precision[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features real[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(real[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features smallint[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(smallint[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features integer[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(integer[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features bigint[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(bigint[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile(features numeric[], scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(numeric[], integer) IS 'what the features of this scaler looked like in arrays, by an id of few digits';

CREATE AGGREGATE normfreeze.profile("row" record, scaler_id integer) (
	SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.profile_final,
	COMBINEFUNC = normfreeze.fit_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE normfreeze.profile(record, integer) IS 'what the features of this scaler looked like in rows, by an id of few digits';

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
