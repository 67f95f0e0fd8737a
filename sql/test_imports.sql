-- Scalers of other systems: what they become, and what is refused.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE FUNCTION show(s normfreeze.scaler) RETURNS TABLE (feature text, method text, options jsonb, formula text, parameters jsonb, range text, constant bool)
LANGUAGE SQL AS $$
	SELECT coalesce(f->>'name', '-'), f->>'method', f->'options', f->>'formula', f->'parameters', f->>'range', (f->>'constant')::bool
	FROM jsonb_array_elements(s::jsonb->'features') AS f
$$;

-- scikit-learn
CREATE TABLE t (class text PRIMARY KEY, fitted jsonb);
INSERT INTO t VALUES
	('standard', '{"class": "StandardScaler", "with_mean": true, "with_std": true, "copy": true, "feature_names_in_": ["a", "b"], "n_features_in_": 2, "n_samples_seen_": 9, "mean_": [1, 2.5], "var_": [4, 0], "scale_": [2, 1], "_sklearn_version": "1.9.1"}'),
	('standard 1.7', '{"mean_": [1, 2.5], "scale_": [2, 1], "sklearn_version": "1.7.2"}'),
	('standard without mean', '{"params": {"with_mean": false}, "attributes": {"mean_": [1, 2.5], "scale_": [2, 1]}}'),
	('standard without both', '{"class": "StandardScaler", "mean_": null, "scale_": null, "n_features_in_": 2}'),
	('minmax', '{"feature_range": [-1, 1], "clip": true, "min_": [-1, 0.5], "scale_": [0.25, 2], "data_min_": [0, 3], "data_max_": [8, 3]}'),
	('maxabs', '{"max_abs_": [4, 0], "scale_": [4, 1]}'),
	('robust', '{"with_centering": false, "center_": null, "scale_": [4, 1], "quantile_range": [10.0, 90.0]}'),
	('quantile', '{"output_distribution": "normal", "n_quantiles": 1000, "references_": [0, 0.5, 1], "quantiles_": [[1, 2], [3, 2], [7, 2]]}'),
	('power', '{"method": "yeo-johnson", "lambdas_": [0.5, 1.5], "standardize": true, "_scaler": {"mean_": [1, 2], "scale_": [1, 3]}}'),
	('power float32', '{"method": "yeo-johnson", "lambdas_": [0.5, 1.5], "standardize": false, "dtype": "float32"}'),
	('box-cox', '{"class": "sklearn.preprocessing._data.PowerTransformer", "method": "box-cox", "standardize": false, "lambdas_": [0.5, 0]}'),
	('normalizer', '{"class": "Normalizer", "norm": "max", "n_features_in_": 2}'),
	('log1p', '{"class": "FunctionTransformer", "func": "log1p", "names": ["a", "b"]}'),
	('asinh', '{"class": "FunctionTransformer", "func": "np.arcsinh", "names": ["a", "b"]}'),
	('log2', '{"class": "FunctionTransformer", "func": {"__qualname__": "log2"}, "names": ["a", "b"]}'),
	('reciprocal', '{"class": "FunctionTransformer", "func": "<ufunc ''reciprocal''>", "names": ["a", "b"]}');
SELECT class, (show(normfreeze.from_sklearn(fitted))).* FROM t ORDER BY class;
SELECT class, (s::text)::normfreeze.scaler = s AS text, normfreeze.profile_of(s) IS NULL AS no_profile,
	normfreeze.normalize(ARRAY[2, 3]::float8[], s) AS float8, normfreeze.normalize('{2, 3}'::real[], s) AS float4
FROM (SELECT class, normfreeze.from_sklearn(fitted) AS s FROM t) AS q ORDER BY class;
-- frozen, it is as any other
SELECT normfreeze.freeze('imported', normfreeze.from_sklearn(fitted)) AS id FROM t WHERE class = 'standard' \gset
SELECT normfreeze.freeze('imported', normfreeze.from_sklearn(jsonb_set(fitted, '{mean_, 0}', '1.5'))) AS id2 FROM t WHERE class = 'standard' \gset
SELECT normfreeze.normalize(q, :id) AS row, normfreeze.normalize(to_jsonb(q), :id) AS jsonb, normfreeze.normalize(3, :id, 'a') AS value,
	normfreeze.denormalize(normfreeze.normalize(q, :id), :id) AS back FROM (SELECT 3 AS b, 2 AS a) AS q;
SELECT feature, method, center, scale, parameters FROM normfreeze.describe(:id);
SELECT * FROM normfreeze.verify(:id);
SELECT * FROM normfreeze.diff(:id, :id2);

-- Spark
SELECT (show(normfreeze.from_spark(model))).* FROM (VALUES
	('{"class": "org.apache.spark.ml.feature.StandardScalerModel", "paramMap": {"withMean": true}, "defaultParamMap": {"withMean": false, "withStd": true}, "mean": [1, 2], "std": [3, 0], "columns": ["a", "b"]}'::jsonb),
	('{"class": "StandardScaler", "withMean": false, "mean": [1, 2], "std": [3, 0]}'),
	('{"originalMin": [1, 2], "originalMax": [4, 2], "min": -1}'),
	('{"originalMin": [1, 2], "originalMax": [4, 2], "min": -1, "sparkVersion": "2.4.8"}'),
	('{"maxAbs": [3, 0]}'),
	('{"median": [1, 2], "range": [3, 0], "withCentering": true, "lower": 0.1, "upper": 0.9}'),
	('{"class": "Normalizer", "p": "Infinity", "n_features": 1}')) AS m (model);
-- a constant feature gives 0 of StandardScaler, the middle of MinMaxScaler
SELECT normfreeze.normalize('{5, -7}'::float8[], normfreeze.from_spark('{"mean": [1, 2], "std": [3, 0], "withMean": true}')) AS standard,
	normfreeze.normalize('{5, -7}'::float8[], normfreeze.from_spark('{"originalMin": [1, 2], "originalMax": [4, 2], "max": 3}')) AS minmax;
SELECT normfreeze.denormalize('{5, -7}'::float8[], normfreeze.from_spark('{"std": [3, 0]}'));

-- vectors as its files have them, dense and sparse
SELECT normfreeze.from_spark('{"class": "org.apache.spark.ml.feature.RobustScalerModel", "timestamp": 1795907625887, "sparkVersion": "4.3.0", "uid": "RobustScaler_1",
	"paramMap": {"inputCol": "v", "outputCol": "o", "withCentering": true}, "defaultParamMap": {"lower": 0.25, "outputCol": "o", "relativeError": 0.001, "upper": 0.75, "withCentering": false, "withScaling": true},
	"range": {"type": 0, "size": 3, "indices": [1], "values": [2.5]}, "median": {"type": 1, "size": null, "indices": null, "values": [2, 7, 0]}}') =
	normfreeze.from_spark('{"withCentering": true, "range": [0, 2.5, 0], "median": [2, 7, 0]}') AS same;
SELECT (show(normfreeze.from_spark(model))).* FROM (VALUES ('{"class": "Normalizer", "paramMap": {"p": "Inf"}, "n_features": 1}'::jsonb),
	('{"class": "Normalizer", "p": 1, "n_features": 1}'), ('{"class": "Normalizer", "n_features": 1}')) AS m (model);
-- its norms are sums from left to right, which overflow and underflow, and of which a NaN makes all NaN
SELECT p, row, normfreeze.normalize(row, normfreeze.from_spark(jsonb_build_object('class', 'Normalizer', 'p', p, 'n_features', 3))) AS normalize
FROM (VALUES ('1'::jsonb), ('2'), ('"Inf"')) AS n (p), (VALUES (ARRAY[0.1, 0.2, 0.3]::float8[]), ('{1e200, 1e200, 0}'), ('{1e-200, 1e-200, 0}'), ('{NaN, 4, 0}'), ('{NULL, 4, 0}'), ('{0, 0, 0}'), ('{Infinity, 1, 0}')) AS r (row) ORDER BY p, row;
SELECT normfreeze.normalize('{3, 4}'::real[], normfreeze.from_spark('{"p": 2, "n_features": 2}')) AS float4;
-- an infinite value of a constant feature gives the middle, too
SELECT normfreeze.normalize('{Infinity, -Infinity, NaN}'::float8[], normfreeze.from_spark('{"originalMin": [2, 2, 2], "originalMax": [2, 2, 2]}'));
-- what an Imputer fills in
SELECT d.feature, d.method, d.if_missing FROM normfreeze.describe(normfreeze.from_spark('{"class": "ImputerModel", "paramMap": {"inputCols": ["b", "a"], "outputCols": ["y", "x"], "strategy": "median"},
	"defaultParamMap": {"missingValue": "NaN", "relativeError": 0.001, "strategy": "mean"}, "surrogateDF": {"a": 2.0, "b": 5.0}}')) AS d;

-- ONNX, whose numbers are floats and whose output is one
SELECT (show(normfreeze.from_onnx_scaler('{"offset": [0.1, 16777217], "scale": [0.3, 1e-3], "names": ["a", "b"]}'))).*;
SELECT normfreeze.normalize('{1, 2}'::float8[], normfreeze.from_onnx_scaler('{"offset": [0.1], "scale": [0.3], "n_features": 2}'));

-- batch normalization
SELECT f, type, (show(s)).* FROM unnest(ARRAY['stable', 'contiguous', 'contiguous_fma']) AS f, LATERAL (VALUES
	('float8', normfreeze.from_batchnorm('{0.5}'::float8[], '{3}', '{0.7}', '{0.2}', names => '{a}', formula => f)),
	('float4', normfreeze.from_batchnorm('{0.5}'::real[], '{3}', '{0.7}', '{0.2}', names => '{a}', formula => f))) AS v (type, s);
SELECT (show(normfreeze.from_batchnorm('{1, 2}'::float8[], '{3, 0}', eps => 0.25))).*;
SELECT normfreeze.from_batchnorm(NULL::float8[], '{1}') IS NULL AS null;

-- databases
SELECT (show(normfreeze.from_vertica(model))).* FROM (VALUES
	('{"method": "zscore", "details": [{"column_name": "a", "avg": 1, "std_dev": "2.5"}]}'::jsonb),
	('{"details": [{"column_name": "a", "median": 1, "mad": 2}]}'),
	('{"details": [{"column_name": "a", "min": 1, "max": 3}, {"column_name": "b", "min": 0.1, "max": 0.3}]}')) AS m (model);
SELECT (show(s)).*, s::jsonb #>> '{features, 0, missing}' AS missing FROM (SELECT normfreeze.from_teradata(model) AS s FROM (VALUES
	('{"columns": {"income": {"location": 1, "scale": 2, "multiplier": 3, "intercept": 4}, "age": {"location": 5, "scale": 6}}, "names": ["income", "age"]}'::jsonb),
	('{"scale_method": "USTD", "miss_value": "LOCATION", "statistics": [{"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "scale", "a": 2}, {"TD_STATTYPE_SCLFIT": "count", "a": 9}]}')) AS m (model)) AS q;
SELECT (show(normfreeze.from_bigquery(jsonb_build_object('scaler', scaler, 'features', '[{"input": "a", "min": "-3", "max": "1", "mean": "-1", "stddev": "2"}]'::jsonb)))).*
FROM unnest(ARRAY['standard', 'min_max', 'max_abs']) AS scaler;
SELECT normfreeze.normalize(ARRAY[x]::float8[], normfreeze.from_bigquery('{"scaler": "min_max", "features": [{"input": "a", "min": -3, "max": 1}]}'))
FROM unnest(ARRAY[-4, -1, 'Infinity']::float8[]) AS x;

-- the same without underscores, and only where no other member could be meant
SELECT normfreeze.from_sklearn('{"class": "StandardScaler", "mean": [48.7], "scale": [11.4], "n_features_in": 1}') =
	normfreeze.from_sklearn('{"with_mean": true, "with_std": true, "mean_": [48.7], "scale_": [11.4], "n_features_in_": 1}') AS same;
SELECT class, normfreeze.from_sklearn(replace(regexp_replace(fitted::text, '([a-z])_"(?=:)', '\1"', 'g'), '"min":', '"min_":')::jsonb) =
	normfreeze.from_sklearn(fitted) AS same FROM t ORDER BY class;
-- what TD_ScaleFit was told is in its table
SELECT model->>'miss_value' AS miss_value, normfreeze.from_teradata(model)::jsonb #>> '{features, 0, missing}' AS missing FROM (VALUES
	('{"statistics": [{"TD_STATTYPE_SCLFIT": "missvalue_ZERO", "a": null}, {"TD_STATTYPE_SCLFIT": "globalscale_false", "a": null}, {"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "scale", "a": 2}]}'::jsonb),
	('{"miss_value": "LOCATION", "statistics": [{"TD_STATTYPE_SCLFIT": "scale", "a": 2}, {"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "missvalue_LOCATION", "a": null}]}')) AS m (model);

-- refused
\set VERBOSITY default
CREATE FUNCTION refused(call text, arguments text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	argument text;
	message text;
	hint text;
BEGIN
	FOREACH argument IN ARRAY arguments LOOP
		BEGIN
			EXECUTE format('SELECT normfreeze.%s', replace(call, '$', quote_literal(argument)));
			RETURN NEXT 'NOT REFUSED: ' || argument;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
			RETURN NEXT SQLSTATE || ' ' || message || CASE WHEN hint <> '' THEN ' / ' || left(hint, 60) ELSE '' END;
		END;
	END LOOP;
END $$;
SELECT refused('from_sklearn($)', ARRAY[
	'[]', '"x"', '{}', '{"class": "KBinsDiscretizer"}', '{"class": 5}', '{"class": "StandardScaler"}',
	'{"class": "StandardScaler", "mean_": [1], "scale_": null, "with_std": true}',
	'{"mean_": [1], "scale_": [0]}', '{"mean_": ["NaN"], "scale_": [1]}', '{"mean_": [1, null], "scale_": [1, 1]}',
	'{"mean_": ["Infinity"], "scale_": [1]}', '{"mean_": ["1.5"], "scale_": [1]}', '{"mean_": [1e400], "scale_": [1]}',
	'{"mean_": [1, 2], "scale_": [1]}', '{"mean_": [1], "scale_": [1], "n_features_in_": 2}', '{"mean_": [1], "scale_": [1], "n_features_in_": 1.5}',
	'{"mean_": [], "scale_": []}', '{"mean_": 1, "scale_": [1]}', '{"mean_": [1], "scale_": [1], "var_": [-1]}',
	'{"mean_": [1], "scale_": [1], "with_mean": 1}', '{"mean_": [1], "scale_": [1], "sklearn_version": "new"}',
	'{"mean_": [1, 2], "scale_": [1, 2], "feature_names_in_": ["a", "a"]}', '{"mean_": [1], "scale_": [1], "feature_names_in_": [3]}',
	'{"mean_": [1], "scale_": [1], "feature_names_in_": [""]}', '{"mean_": [1], "scale_": [1], "feature_names_in_": ["a", "b"]}',
	'{"min_": [0], "scale_": [1], "feature_range": [1, 0]}', '{"min_": [0], "scale_": [1], "feature_range": 1}',
	'{"min_": [0], "scale_": [1], "data_min_": [2], "data_max_": [1]}',
	'{"output_distribution": "uniform", "quantiles_": []}', '{"output_distribution": "uniform", "quantiles_": [1, 2]}', '{"output_distribution": "uniform", "quantiles_": [[1, 2], [3]]}', '{"output_distribution": "uniform", "quantiles_": [[1], ["NaN"]]}', '{"output_distribution": "uniform", "quantiles_": [[2], [1]]}',
	'{"output_distribution": "uniform", "quantiles_": [[1], [2]], "references_": [0]}', '{"output_distribution": "uniform", "quantiles_": [[1], [2]], "references_": [0, 0.5]}',
	'{"quantiles_": [[1], [2]], "output_distribution": "gauss"}',
	'{"method": "yeo-johnson", "lambdas_": ["NaN"], "standardize": false}', '{"method": "yeo-johnson", "lambdas_": [1], "standardize": true}', '{"method": "yeo-johnson", "lambdas_": [1], "_scaler": {"mean_": [1, 2], "scale_": [1, 2]}}',
	'{"method": "yeo-johnson", "standardize": false, "lambdas_": [1], "dtype": "float16"}', '{"lambdas_": [1], "standardize": false, "method": "log"}',
	'{"class": "Normalizer", "norm": "l2"}', '{"class": "Normalizer", "norm": "l3", "n_features_in_": 2}',
	'{"func": {"__qualname__": "sin"}, "n_features_in_": 1}', '{"func": "numpy.sin", "n_features_in_": 1}', '{"func": "<ufunc ''log", "n_features_in_": 1}']);
SELECT refused('from_spark($)', ARRAY[
	'{"class": "PCAModel"}', '{"mean": [1], "withMean": true}', '{"std": [-1]}', '{"std": [1e-310]}', '{"originalMin": [2], "originalMax": [1]}', '{"originalMin": [1], "originalMax": [2], "min": 1}',
	'{"originalMin": [1], "originalMax": [2], "version": "x"}', '{"class": "Normalizer", "p": 3, "n_features": 1}', '{"class": "Normalizer", "p": 1}']);
SELECT refused('from_onnx_scaler($)', ARRAY[
	'{}', '{"offset": [1], "scale": [1, 2]}', '{"offset": [1], "scale": [1e39]}', '{"offset": [1, 2], "scale": [1, 2], "n_features": 3}', '{"offset": [], "scale": []}']);
SELECT refused('from_batchnorm($::float8[], ''{1, 2}'')', ARRAY['{1}', '{1, NULL}', '{1, NaN}', '{}', '{{1, 2}}']);
SELECT refused('from_batchnorm(''{1}''::float8[], $::float8[], eps => 0)', ARRAY['{0}', '{-1}', '{Infinity}']);
SELECT refused('from_batchnorm(''{1}''::real[], ''{1}'', eps => $)', ARRAY['-1', 'NaN', '1e300']);
SELECT refused('from_batchnorm(''{1}''::real[], ''{1}'', names => $)', ARRAY['{a,b}', '{NULL}']);
SELECT refused('from_batchnorm(''{1}''::real[], ''{1}'', formula => $)', ARRAY['fused']);
SELECT refused('from_batchnorm(''{1}''::real[], ''{1e-30}'', ''{1e38}'', eps => $, formula => ''contiguous'')', ARRAY['0']);
SELECT refused('from_vertica($)', ARRAY[
	'{}', '{"details": []}', '{"details": [5]}', '{"details": [{"avg": 1}]}', '{"details": [{"column_name": "a"}]}', '{"details": [{"column_name": "a", "std_dev": 1}]}',
	'{"details": [{"column_name": "a", "avg": 1, "std_dev": 0}]}', '{"details": [{"column_name": "a", "min": 1, "max": 1}]}',
	'{"details": [{"column_name": "a", "avg": "x", "std_dev": 1}]}', '{"method": "z", "details": [{"column_name": "a"}]}']);
SELECT refused('from_teradata($)', ARRAY[
	'{}', '{"columns": {}}', '{"columns": {"": {"location": 1, "scale": 1}}}', '{"columns": {"a": 1}}', '{"columns": {"a": {"location": 1}}}', '{"columns": {"a": {"location": 1, "scale": 0}}}',
	'{"columns": {"a": {"location": 1, "scale": 1}}, "names": ["b"]}', '{"columns": {"a": {"location": 1, "scale": 1}}, "miss_value": "OMIT"}',
	'{"statistics": [5]}', '{"statistics": []}', '{"statistics": [{"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "scale", "b": 1}]}']);
SELECT refused('from_bigquery($)', ARRAY[
	'{}', '{"features": [{"input": "a", "min": 1, "max": 2}]}', '{"scaler": "robust", "features": [{"input": "a"}]}',
	'{"scaler": "standard", "features": [{"input": "a", "min": 2, "max": 1, "mean": 1, "stddev": 1}]}', '{"scaler": "max_abs", "features": [{"input": "a", "min": 0, "max": 0}]}']);
-- an absent attribute says nothing, and nothing is ignored
SELECT refused('from_sklearn($)', ARRAY[
	'{"class": "StandardScaler", "n_features_in_": 1}', '{"class": "StandardScaler", "mean_": [1], "n_features_in_": 1}', '{"class": "StandardScaler", "scale_": [1]}',
	'{"class": "StandardScaler", "mean_": [1], "std_": [1]}', '{"class": "StandardScaler", "mean": [1], "std": [1]}',
	'{"class": "RobustScaler", "median": [1], "iqr": [1], "n_features_in_": 1}', '{"class": "RobustScaler", "scale_": [1]}', '{"class": "RobustScaler", "n_features_in_": 1}',
	'{"class": "MinMaxScaler", "min": [1], "scale": [1]}', '{"class": "MinMaxScaler", "min_": [1], "scale_": [1], "max": [2]}',
	'{"mean_": [1], "mean": [2], "scale_": [1]}', '{"mean_": [1], "scale_": [1], "eps": 1e-5}', '{"mean_": [1], "scale_": [1], "clip": true}', '{"mean_": [1], "scale_": [1], "ddof": 1}',
	'{"attributes": {"mean_": [1], "scale_": [1]}, "params": {"with_meen": false}}', '{"mean_": [1], "scale_": [1], "params": 5}', '{"mean_": [1], "scale_": [1], "": 5}',
	'{"class": "MaxAbsScaler", "scale_": [1], "feature_range": [0, 1]}',
	'{"lambdas_": [1], "method": "yeo-johnson"}', '{"lambdas_": [1], "standardize": false}', '{"lambdas_": [1], "method": "yeo-johnson", "_scaler": {"mean_": [1], "scale_": [1], "eps": 0}}',
	'{"quantiles_": [[1], [2]]}', '{"class": "Normalizer", "n_features_in_": 1}', '{"class": "Normalizer", "norm": "l2", "p": 1, "n_features_in_": 1}',
	'{"class": "FunctionTransformer", "n_features_in_": 1}', '{"class": "FunctionTransformer", "func": "log1p", "kw_args": {"where": 1}, "n_features_in_": 1}',
	'{"statistics_": [1], "indicators": 1}', '{"steps": [["s", {"mean_": [1], "scale_": [1]}]], "mean_": [1]}']);
SELECT refused('from_spark($)', ARRAY[
	'{"class": "StandardScaler", "mean": [1], "std": [1]}', '{"class": "RobustScaler", "median": [1], "range": [1]}', '{"withMean": true, "mean": [1], "std": [1], "eps": 1}',
	'{"paramMap": {"withStdd": false}, "std": [1]}', '{"maxAbs": [1], "clip": true}', '{"originalMin": [1], "originalMax": [2], "feature_range": [0, 2]}', '{"class": "Normalizer", "norm": "l1", "n_features": 1}']);
SELECT refused('from_onnx_scaler($)', ARRAY['{"offset": [1], "scale": [1], "eps": 1}', '{"class": "Normalizer", "offset": [1], "scale": [1]}']);
SELECT refused('from_vertica($)', ARRAY['{"details": [{"column_name": "a", "avg": 1, "std_dev": 1, "min": 1}]}', '{"clip": true, "details": [{"column_name": "a", "avg": 1, "std_dev": 1}]}']);
SELECT refused('from_teradata($)', ARRAY[
	'{"columns": {"a": {"location": 1, "scale": 1, "multplier": 2}}}', '{"global": true, "columns": {"a": {"location": 1, "scale": 1}}}',
	'{"columns": {"a": {"location": 1, "scale": 1}}, "statistics": [{"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "scale", "a": 2}]}',
	'{"miss_value": "KEEP", "statistics": [{"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "scale", "a": 2}, {"TD_STATTYPE_SCLFIT": "missvalue_ZERO", "a": null}]}',
	'{"statistics": [{"TD_STATTYPE_SCLFIT": "location", "a": 1}, {"TD_STATTYPE_SCLFIT": "missvalue_FIVE", "a": null}, {"TD_STATTYPE_SCLFIT": "scale", "a": 2}]}']);
SELECT refused('from_bigquery($)', ARRAY['{"scaler": "max_abs", "clip": true, "features": [{"input": "a", "min": 1, "max": 2}]}', '{"scaler": "max_abs", "features": [{"input": "a", "min": 1, "max": 2, "scale": 3}]}']);
SELECT refused('from_spark($)', ARRAY[
	'{"class": "Normalizer", "p": 3, "n_features": 1}', '{"class": "Normalizer", "p": "-Inf", "n_features": 1}',
	'{"maxAbs": {"type": 1}}', '{"maxAbs": {"values": [1]}}', '{"maxAbs": {"type": 2, "values": [1]}}', '{"maxAbs": {"type": 0, "values": [1]}}',
	'{"maxAbs": {"type": 0, "size": 2, "indices": [2], "values": [1]}}', '{"maxAbs": {"type": 0, "size": 2, "indices": [1, 0], "values": [1, 2]}}',
	'{"maxAbs": {"type": 0, "size": 2, "indices": [0, 1], "values": [1]}}', '{"maxAbs": {"type": 0, "size": 2147483647, "indices": [], "values": []}}', '{"maxAbs": {"type": 0, "size": 0, "indices": [], "values": []}}',
	'{"maxAbs": {"type": 0, "size": 1e300, "indices": [], "values": []}}', '{"maxAbs": {"type": 1, "values": [1], "more": 1}}', '{"maxAbs": {"type": 1, "values": ["x"]}}',
	'{"surrogateDF": {"a": 1}}', '{"surrogateDF": {"a": 1}, "inputCols": ["b"]}', '{"surrogateDF": {"a": 1}, "inputCols": ["a", "b"]}', '{"surrogateDF": {"a": 1}, "inputCols": ["a"], "missingValue": -1}',
	'{"surrogateDF": {"a": "NaN"}, "inputCols": ["a"]}', '{"surrogateDF": [{"a": 1}], "inputCols": ["a"]}']);
SELECT refused('from_sklearn($)', ARRAY['{"mean_": {"type": 1, "values": [1]}, "scale_": [1]}']);

-- several scalers in a row are the steps of one feature
CREATE TABLE sequences (name text PRIMARY KEY, s normfreeze.scaler);
INSERT INTO sequences SELECT name, normfreeze.from_sklearn(fitted::jsonb) FROM (VALUES
	('standard, minmax', '{"steps": [["a", {"mean_": [1, 2], "scale_": [2, 4], "var_": [4, 0]}],
		["b", {"class": "MinMaxScaler", "feature_range": [0, 1], "clip": false, "min_": [0.5, 0.25], "scale_": [0.3, 2], "data_min_": [-2, 0], "data_max_": [2, 1]}]]}'),
	('minmax clip, standard', '{"steps": [["a", {"class": "MinMaxScaler", "feature_range": [0, 1], "clip": true, "min_": [0, 0], "scale_": [0.125, 0.25], "data_min_": [0, 0], "data_max_": [8, 4]}],
		["b", {"mean_": [0.5, 0.5], "scale_": [0.25, 0.5]}]]}'),
	('imputer, log1p, standard', '{"steps": [["i", {"strategy": "median", "statistics_": [3, 7], "feature_names_in_": ["x", "y"]}], ["nothing", "passthrough"],
		["l", {"class": "FunctionTransformer", "func": "numpy.log1p", "n_features_in_": 2}], ["s", {"mean_": [1, 1], "scale_": [2, 0.5]}]]}'),
	('nested, with tables', '{"steps": [["p", {"steps": [["i", {"statistics_": [3, 7], "strategy": "constant"}], ["r", {"center_": [1, 1], "scale_": [2, 2]}]]}],
		["q", {"steps": [["t", {"quantiles_": [[-1, -1], [0, 1], [4, 4]], "output_distribution": "uniform"}], ["m", {"max_abs_": [1, 1], "scale_": [0.5, 0.25]}]]}]]}'),
	('columns', '{"class": "ColumnTransformer", "feature_names_in_": ["id", "x", "y"], "transformers_": [
		["p", {"steps": [["l", {"class": "FunctionTransformer", "func": "log1p", "n_features_in_": 1}], ["s", {"mean_": [1], "scale_": [2]}]]}, ["y"]],
		["q", {"mean_": [1], "scale_": [2]}, ["x"]], ["none", "drop", ["id"]]]}'),
	('by columns', '{"feature_names_in_": ["x", "y"], "steps": [["s", {"mean_": [1, 2], "scale_": [2, 4]}],
		["c", {"class": "ColumnTransformer", "n_features_in_": 2, "transformers_": [["m", {"max_abs_": [2], "scale_": [2]}, [1]], ["p", "passthrough", [0]]]}]]}'),
	('no values', '{"steps": [["a", {"mean_": [1, "NaN"], "scale_": [2, "NaN"]}], ["b", {"max_abs_": [3, "NaN"], "scale_": [3, "NaN"]}]]}'),
	('no values behind', '{"steps": [["a", {"class": "FunctionTransformer", "func": "log1p", "n_features_in_": 2}], ["b", {"mean_": [1, "NaN"], "scale_": [2, "NaN"]}]]}')) AS v (name, fitted);
SELECT name, d.feature, d.method, d.formula, d.if_missing, d.value->'range' AS range
FROM sequences, ROWS FROM (normfreeze.describe(s), jsonb_array_elements(s::jsonb->'features')) WITH ORDINALITY AS d ORDER BY name, d.ordinality;
SELECT name, (s::text)::normfreeze.scaler = s AS text, normfreeze.normalize('{9, NULL}'::float8[], s) AS float8, normfreeze.normalize('{9, NaN}'::real[], s) AS float4
FROM sequences WHERE NOT normfreeze.feature_names(s) && '{x}' OR normfreeze.feature_names(s) IS NULL ORDER BY name;
-- what each of the steps alone gives, one after the other; -1 and below are not refused, as scikit-learn does not
SELECT v, normfreeze.normalize(ARRAY[v, v], s) = normfreeze.normalize(normfreeze.normalize(ARRAY[v, v],
	normfreeze.from_sklearn('{"class": "FunctionTransformer", "func": "log1p", "n_features_in_": 2}')), normfreeze.from_sklearn('{"mean_": [1, 3], "scale_": [2, 0.7]}')) AS same,
	normfreeze.normalize(ARRAY[v, v], s), normfreeze.denormalize(normfreeze.normalize(ARRAY[v, v], s), s) AS back
FROM unnest('{0, 6.3, -1, -2, NaN, NULL}'::float8[]) AS v, normfreeze.from_sklearn('{"steps": [
	["l", {"class": "FunctionTransformer", "func": "log1p", "n_features_in_": 2}], ["s", {"mean_": [1, 3], "scale_": [2, 0.7]}]]}') AS s;
SELECT s::jsonb->'features'->0->'before' AS before FROM sequences WHERE name = 'minmax clip, standard';
SELECT normfreeze.freeze('sequence', s) AS sequence FROM sequences WHERE name = 'imputer, log1p, standard' \gset
SELECT normfreeze.normalize(q, :sequence) FROM (VALUES (NULL::float8, 6.3), (3, 7)) AS q (x, y);
SELECT count(*) > 0 AS checks, bool_and(ok) AS ok FROM normfreeze.verify('sequence@v1');
CREATE FUNCTION step_of(n int) RETURNS jsonb LANGUAGE SQL AS
$$ SELECT jsonb_build_object('steps', jsonb_agg(jsonb_build_array('s' || i, jsonb '{"mean_": [1], "scale_": [2]}'))) FROM generate_series(1, n) AS i $$;
SELECT normfreeze.normalize('{65537}'::float8[], normfreeze.from_sklearn(step_of(16)));
SELECT normfreeze.from_sklearn(step_of(17));
SELECT normfreeze.from_sklearn(jsonb_build_object('steps', jsonb_build_array(jsonb_build_array('p', step_of(9)), jsonb_build_array('q', step_of(8)))));
SELECT refused('from_sklearn($)', ARRAY[
	'{"steps": [["a", {"mean_": [1], "scale_": [2]}], ["b", {"class": "Normalizer", "norm": "l2", "n_features_in_": 1}]]}',
	'{"steps": [["a", {"class": "Normalizer", "norm": "max", "n_features_in_": 1}], ["b", {"mean_": [1], "scale_": [2]}]]}',
	'{"steps": [["a", {"mean_": [1], "scale_": [2]}], ["b", {"statistics_": [1]}]]}',
	'{"steps": [["a", {"mean_": [1], "scale_": [2]}], ["b", {"steps": [["i", {"statistics_": [1]}], ["s", {"mean_": [1], "scale_": [2]}]]}]]}',
	'{"steps": [["a", {"mean_": [1, 2], "scale_": [2, 3]}], ["b", {"mean_": [1], "scale_": [2]}]]}',
	'{"steps": [["a", {"mean_": [1], "scale_": [2]}], ["b", {"max_abs_": [0], "scale_": [0]}]]}',
	'{"steps": [["a", {"mean_": [1], "scale_": [2]}], ["b", {"class": "KBinsDiscretizer"}]]}']);

-- nested too deeply
SELECT normfreeze.from_sklearn((repeat('[', 200) || repeat(']', 200))::jsonb);
