-- parameters as they lie in files: shapes, arrangements, options, and what is refused
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE SCHEMA test_from_parameters;
SET search_path = test_from_parameters, normfreeze, public;
SET extra_float_digits = 1;

-- an epsilon in the divisor
SELECT normfreeze.normalize('{12.7,4.2}'::float8[], from_parameters('{"features": ["a","b"], "mean": [12.5,-0.3], "std": [0.1,7.0]}', '{"eps": 1e-6}'));
-- quantiles to [-1, 1], with an epsilon, clipped
SELECT x, normfreeze.normalize(ARRAY[x], from_parameters('{"q01": [-0.4], "q99": [0.3]}', '{"to": [-1,1], "eps": 1e-8, "clip": [-1,1]}'))
FROM unnest('{-0.4, 0.1, 0.3, 0.30000001, 0.9, -7}'::float8[]) AS x;
-- parameters float4, operations float8, results float4
SELECT x, normfreeze.normalize(ARRAY[x::real], s), normfreeze.normalize(ARRAY[x], s), normfreeze.denormalize(normfreeze.normalize(ARRAY[x::real], s), s)
FROM unnest('{6, 7.25, -1.1}'::float8[]) AS x, from_parameters('{"mean": [6.1], "scale": [0.37]}', '{"dtype": "single"}') AS s;

-- one function for what a scaler does, feature by feature
CREATE FUNCTION features(parameters jsonb, options jsonb DEFAULT '{}') RETURNS TABLE (feature text, formula text, options jsonb, range text) AS $$
	SELECT feature, formula, options, min::text || ' to ' || max::text FROM describe(from_parameters($1, $2)) ORDER BY ordinal
$$ LANGUAGE sql;
-- the message of an error, its detail and its hint
CREATE FUNCTION refused(parameters jsonb, options jsonb DEFAULT '{}') RETURNS text AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	RETURN from_parameters(parameters, options)::text;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN sqlstate || ': ' || sqlerrm || coalesce(E'\n  ' || nullif(detail, ''), '') || coalesce(E'\n  ' || nullif(hint, ''), '');
END
$$ LANGUAGE plpgsql;

-- shapes by their keys
SELECT * FROM features('{"mean": [1, 2], "std": [3, 4]}');
SELECT * FROM features('{"mean_": [1, 2], "scale_": [3, 4], "var_": [9, 16], "n_samples_seen_": 7, "n_features_in_": 2, "feature_names_in_": ["a", "b"]}');
SELECT * FROM features('{"mu": 1, "sigma": 3, "names": ["a", "b"]}');
SELECT * FROM features('{"Mean": [1], "StdDev": [3]}');
SELECT * FROM features('{"mean": [1], "variance": [9]}');
SELECT * FROM features('{"median": [1], "iqr": [3]}');
SELECT * FROM features('{"50%": [1], "25%": [0.5], "75%": [3]}');
SELECT * FROM features('{"median": [1], "q1": [0.5], "q3": [3]}');
SELECT * FROM features('{"center": [1], "scale": [3]}');
SELECT * FROM features('{"center": [1], "scale": [3]}', '{"shape": "robust"}');
SELECT * FROM features('{"min": [1, 2], "max": [3, 6]}');
SELECT * FROM features('{"data_min": [1], "data_max": [3], "feature_range": [-1, 1]}');
SELECT * FROM features('{"data_min": [1], "data_range": [3]}', '{"to": [0, 1]}');
SELECT * FROM features('{"q1": [1], "q99": [3]}');
SELECT * FROM features('{"p05": [1], "p95": [3], "min": [0], "max": [9]}', '{"shape": "quantiles"}');
SELECT * FROM features('{"min": [-0.5], "scale": [0.25]}');
SELECT * FROM features('{"min_": [-0.5], "scale_": [0.25], "data_min_": [2], "data_max_": [6], "data_range_": [4], "feature_range": [0, 1]}', '{"shape": "sklearn_range"}');
SELECT * FROM features('{"x0": 0, "y0": -1, "x1": 10, "y1": 1}');
SELECT * FROM features('{"age": [[0, -1], [10, 1]], "size": [[5, 0], [1, 1]]}');
-- statistics beside the shape are the training range, or belong to other shapes
SELECT * FROM features('{"mean": [1], "std": [3], "min": [0], "max": [9], "q01": [0.5], "q99": [8], "mask": [true], "count": [50]}', '{"shape": "standard"}');
SELECT * FROM features('{"mean": [1, 5], "std": [3, 1], "min": [0, 0], "max": [9, 1], "q01": [0.5, 0], "q99": [8, 1], "mask": [true, false]}',
                       '{"shape": "quantiles", "to": [-1, 1], "clip": true, "eps": 1e-8}');

-- arrangements
SELECT * FROM features('{"mean": {"age": 1, "income": 2}, "std": {"income": 4, "age": 3}}');
SELECT * FROM features('{"age": {"mean": 1, "std": 3}, "income": {"mean": 2, "std": 4}}');
SELECT * FROM features('{"age": {"mean": 1, "std": 3}, "income": {"mean": 2, "std": 4}}', '{"names": ["income", "age"]}');
SELECT * FROM features('{"age_mean": 1, "age_std": 3, "income_mean": 2, "income_std": 4}');
SELECT * FROM features('{"meanAge": 1, "stdAge": 3, "meanIncome": 2, "stdIncome": 4}');
SELECT * FROM features('{"obs_mean": [1, 2], "obs_std": [3, 4], "act_mean": 5, "act_std": 6}');
SELECT * FROM features('{"feature_means": [1, 2], "feature_stds": [3, 4], "feature_names": ["a", "b"]}');
SELECT * FROM features('{"feature_means": {"a": 1, "b": 2}, "feature_stds": {"a": 3, "b": 4}}');
SELECT * FROM features('{"state": {"mean": [1, 2], "std": [3, 4]}, "action": {"mean": [5], "std": [6]}}');
SELECT * FROM features('{"state": {"mean": [1, 2], "std": [3, 4]}, "action": {"mean": [5], "std": [6]}}', '{"ignore": ["action"]}');
SELECT * FROM features('{"state": {"mean": [1, 2], "std": [3, 4]}, "action": {"mean": [5], "std": [6]}}', '{"names": ["x", "y", "grip"]}');
SELECT * FROM features('{"norm": {"stats": [{"mean": [1, 2], "std": [3, 4]}]}, "features": ["a", "b"]}', '{"path": ["norm", "stats", 0], "names": "features"}');
SELECT * FROM features('[{"name": "age", "mean": 1, "std": 3}, {"name": "income", "mean": 2, "std": 4}]');
SELECT * FROM features('{"age": [1, 3], "income": [2, 4]}', '{"shape": "standard"}');
SELECT * FROM features('{"range": [1, 3], "income": [2, 4], "speed": [0, 9]}', '{"shape": "range"}');
SELECT * FROM features('[[1, 3], [2, 4], [0, 9]]', '{"shape": "range"}');
SELECT * FROM features('[[1, 2, 0], [3, 4, 9]]', '{"shape": "standard"}');
SELECT * FROM features('{"mean": [[[0.485]], [[0.456]], [[0.406]]], "std": [[0.229, 0.224, 0.225]]}');
SELECT * FROM features('{"mu_x": [1, 2], "s": [3, 4], "note": "of 2024", "version_id": 3}', '{"keys": {"mean": "mu_x", "std": "s"}, "ignore": ["note", "version*"]}');
SELECT * FROM features('{"mean": [1], "std": [3], "note": "of 2024"}', '{"ignore": true}');
SELECT * FROM features('{"feature_means": [1, 2], "feature_stds": [3, 4], "n_features": 2, "n_samples": 100}');
SELECT refused('{"feature_means": [1, 2], "feature_stds": [3, 4], "n_features": 3}');
SELECT * FROM features('{"feature_names": ["a", "b"], "scaler_mean": [1, 2], "scaler_std": [3, 4], "intercept": 5, "max_depth": 6, "labels": ["x"]}', '{"ignore": true}');
-- as they are in public repositories, with other numbers
SELECT * FROM features('{"u_mean": 1, "u_std": 2, "hr_min": 60, "hr_max": 110, "period": 12}', '{"ignore": ["hr_*", "period"]}');
SELECT * FROM features('{"min_values": {"a": 1}, "max_values": {"a": 2}, "mean_values": 3, "std_values": 4}', '{"ignore": ["mean*", "std*"]}');
SELECT * FROM features('{"schema": {"fields": [{"name": "feature"}]}, "data": [{"feature": "weight", "mean": 261.5, "std": 109.5}, {"feature": "log K", "mean": 3.25, "std": 3.5}]}', '{"path": "data"}');
SELECT * FROM features('{"norm_stats": {"state": {"mean": [0.5, 1], "std": [0.25, 2], "q01": [0, 0], "q99": [1, 2]}, "actions": {"mean": [1], "std": [2], "q01": [0], "q99": [1]}}}',
                       '{"path": "norm_stats", "shape": "quantiles", "to": [-1, 1], "eps": 1e-6}');
SELECT * FROM features('{"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true, "image_mean": [0.5], "image_std": [0.25], "size": 224}', '{"ignore": true, "dtype": "float32"}');
SELECT * FROM features('{"media": {"a": 1}, "desvio": {"a": 2}}', '{"keys": {"mean": "media", "std": "desvio"}}');
SELECT * FROM features('{"totensor": 1, "normalize_param": [[0.5, 0.25, 0.5], [0.25, 0.5, 0.25]]}', '{"path": "normalize_param", "shape": "standard"}');
SELECT * FROM features('{"queue": {"J1": {"mean": [0.5, 0.5], "var": [2.5, 2.5], "count": 7.5}}}', '{"path": ["queue", "J1"], "eps": 1e-8, "eps_in": "variance", "clip": [-5, 5]}');

-- epsilons
SELECT eps_in, formula FROM unnest('{scale,floor,zero}'::text[]) AS eps_in,
	features('{"mean": [0, 0, 0], "std": [0, 0.001, 2]}', jsonb_build_object('eps', 0.01, 'eps_in', eps_in)) WITH ORDINALITY AS f;
SELECT formula FROM features('{"mean": [0, 0], "var": [0, 4]}', '{"eps": 0.01, "eps_in": "variance"}');
SELECT formula FROM features('{"mean": [0, 0], "var": [0, 4], "std": [0, 2]}', '{"eps": 0.01, "eps_in": "variance"}');
-- no spread
SELECT formula, options FROM features('{"mean": [7, 0], "std": [0, 2]}', '{"zero": "one"}');
SELECT normfreeze.normalize('{9, 9}'::float8[], s), normfreeze.normalize('{Infinity, NaN}'::float8[], s), normfreeze.denormalize('{0, 1}'::float8[], s)
FROM from_parameters('{"min": [7, 0], "max": [7, 2]}', '{"zero": "result_zero", "to": [-1, 1], "eps": 1e-8}') AS s;
SELECT refused('{"mean": [7, 0], "std": [0, 2]}');
SELECT refused('{"mean": [7, 0], "std": [0, 2]}', '{"zero": "error", "eps": 1e-8}');

-- images: nothing is folded
SELECT * FROM features('{"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "rescale_factor": 0.00392156862745098, "do_rescale": true, "do_normalize": true, "size": {"height": 224}, "resample": 2}',
                       '{"ignore": ["size", "resample"]}');
SELECT normfreeze.normalize('{13, 128, 255}'::float8[], s), normfreeze.normalize('{13, 128, 255}'::real[], s), normfreeze.denormalize(normfreeze.normalize('{13, 128, 255}'::float8[], s), s)
FROM from_parameters('{"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "rescale_factor": 0.00392156862745098}', '{"dtype": "transformers"}') AS s;
SELECT formula FROM features('{"image_mean": [0.5], "image_std": [0.5], "rescale_factor": 0.00392156862745098, "do_normalize": false}');
SELECT formula FROM features('{"image_mean": [0.5], "image_std": [0.5], "rescale_factor": 0.00392156862745098, "do_rescale": false}');

-- everything in float4
SELECT x, normfreeze.normalize(ARRAY[x], s), normfreeze.denormalize(ARRAY[x], s)
FROM unnest('{6, 7.25, -1.1, 1e300, NaN, NULL}'::float8[]) AS x, from_parameters('{"mean": [6.1], "scale": [0.37]}', '{"dtype": "float32", "clip": [-10.1, 10.1]}') AS s;
SELECT x, normfreeze.normalize(ARRAY[x], s) FROM unnest('{0.1, 0.7, 5, -5}'::float8[]) AS x,
	from_parameters('{"min": [0.1], "max": [0.7]}', '{"dtype": "float32", "to": [-1, 1], "eps": 1e-8, "clip_input": true}') AS s;
-- clipping of values and of results
SELECT x, normfreeze.normalize(ARRAY[x], s) FROM unnest('{-1, 3, 9}'::float8[]) AS x, from_parameters('{"min": [0], "max": [4]}', '{"clip_input": true}') AS s;
SELECT x, normfreeze.normalize(ARRAY[x], s) FROM unnest('{-1, 3, 9}'::float8[]) AS x, from_parameters('{"mean": [0], "std": [4]}', '{"clip_input": [0, 8], "clip": [0.1, 1]}') AS s;

-- steps before: nothing is fitted to values, and the range that the file says is of their results
SELECT * FROM features('{"mean": [1, 2], "std": [3, 4], "min": [0, 0], "max": [9, 9]}', '{"before": "log1p", "names": ["a", "b"], "shape": "standard"}');
SELECT x, normfreeze.normalize(ARRAY[x], s) FROM unnest('{0, 1, 100.5, -0.5}'::float8[]) AS x,
	from_parameters('{"mean": [1.5], "std": [0.75]}', '{"before": ["log1p"], "eps": 1e-8, "clip": [-2, 2]}') AS s;
SELECT x, normfreeze.normalize(ARRAY[x], s), normfreeze.normalize(ARRAY[x::real], s) FROM unnest('{1, 100, 1000}'::float8[]) AS x,
	from_parameters('{"min": [0], "max": [3]}', '{"before": [{"method": "affine", "center": 0.1, "scale": 0.3}, {"method": "log10", "domain": "null"}], "dtype": "float32", "clip_input": [0, 100]}') AS s;
SELECT normfreeze.normalize(ARRAY[-3::float8], s) AS is_null FROM from_parameters('{"mean": [1], "std": [3]}', '{"before": {"method": "sqrt", "domain": "null"}}') AS s;
SELECT normfreeze.normalize('{-3, -3}'::float8[], s) FROM from_parameters('{"mean": [1, 2], "std": [3, 1], "mask": [false, true]}', '{"before": "sqrt"}') AS s;
SELECT s::text::scaler::text = s::text AS same FROM from_parameters('{"mean": [1], "std": [3]}', '{"before": ["log1p", "cbrt"], "dtype": "single", "clip": [-1, 1]}') AS s;

-- the text of a scaler comes back, with its id; what is usual is not in it
SELECT s::text::scaler::text = s::text AS same, s::text LIKE '%"dtype": "float32"%' AS dtype, s::text LIKE '%"clip": [-1, 1]%' AS clip
FROM from_parameters('{"mean": [0.5], "std": [0.25]}', '{"dtype": "float32", "clip": [-1, 1]}') AS s;
SELECT id_of(from_parameters('{"mean": [0.5], "std": [0.25]}', '{"dtype": "float64"}')) = id_of(from_parameters('{"center": [0.5], "scale": [0.25]}')) AS same;

-- other ways to see and to apply it
SELECT normfreeze.freeze('parameters', from_parameters('{"a": {"mean": 6.1, "std": 0.37}, "b": {"mean": 2, "std": 3}}', '{"dtype": "float32", "clip": [-20, 20.5]}')) AS single \gset
SELECT normfreeze.freeze('parameters', from_parameters('{"a": {"mean": 6.1, "std": 0.37}, "b": {"mean": 2, "std": 3}}', '{"clip": [-20, 20.5]}')) AS double \gset
CREATE TABLE rows AS SELECT 5 + i * 0.37::float8 AS a, i * 11.1::float8 AS b FROM generate_series(1, 40) AS i;
SELECT x.* FROM rows AS r, normfreeze.explain(r, :single) AS x WHERE r.b IN (11.1, 77.7);
SELECT count(*), count(DISTINCT n.v = ARRAY[normfreeze.normalize_value(r.a, :single, 'a'::text), normfreeze.normalize_value(r.b, :single, 'b'::text)]) AS ways
FROM rows AS r, LATERAL (SELECT normfreeze.normalize(r, :single)) AS n (v);
EXPLAIN (VERBOSE, COSTS OFF) SELECT normfreeze.normalize_value(a, :double, 'a'::text), normfreeze.normalize_value(b, :single, 'b'::text) FROM rows;
SELECT * FROM normfreeze.diff(:single, :double);
SELECT "check", ok FROM normfreeze.verify(:single) WHERE NOT ok;
SELECT 'SELECT count(*), count(*) FILTER (WHERE x.a IS DISTINCT FROM normfreeze.normalize_value(x.raw, ' || :single || ', ''a''::text)) AS unequal FROM (SELECT r.a AS raw, ' ||
	normfreeze.to_sql(:single::bigint, 'r') || E'\n FROM rows AS r) AS x' AS query \gset
:query;
SELECT length(normfreeze.to_sql(:single::bigint, 'r')) < 8000 AS short;
SELECT normfreeze.to_sql(:single::bigint, 'r', 'sqlite');
SELECT normfreeze.to_sklearn(:single::bigint);
SELECT normfreeze.to_sklearn(:double::bigint);
SELECT (normfreeze.to_sklearn(from_parameters('{"min": [-0.5], "scale": [0.25]}', '{"clip": [0, 1]}'))) - 'normfreeze' AS sklearn;
SELECT a.* FROM (SELECT normfreeze.audit(r, n.v, :single) AS j FROM rows AS r, LATERAL (SELECT ARRAY[(r.a - 6.1) / 0.37, least((r.b - 2) / 3, 20.5)]) AS n (v)) AS q,
	LATERAL (SELECT f ->> 'feature' AS feature, f -> 'diagnosis' AS diagnosis FROM jsonb_array_elements(q.j::jsonb -> 'features') AS f) AS a;

-- refused
SELECT refused('{"mean": [1], "std": [3], "min": [0], "max": [9]}');
SELECT refused('{"mean": [1], "std": [3], "min": [0]}');
SELECT refused('{"mean": [1], "std": [3], "foo": [0]}');
SELECT refused('{"mean": [1], "std": [3], "foo": {"a": 1}}');
SELECT refused('{"mean": [1, 2], "std": [3, 4, 5]}');
SELECT refused('{"mean": [1, 2], "std": [3, 4], "features": ["a", "b", "c"]}');
SELECT refused('{"mean": [1, 2], "std": [3, 4], "features": ["a", "a"]}');
SELECT refused('{"mean": [1, 2]}');
SELECT refused('{"mean": [1, 2], "std": ["3", 4]}');
SELECT refused('{"mean": [1, "NaN"], "std": [3, 4]}');
SELECT refused('{"mean": [1, 2], "std": [3, "inf"]}');
SELECT refused('{"mean": [1, 2], "std": [3, null]}');
SELECT refused('{"mean": [1, 2], "std": null}');
SELECT refused('{"mean": [1, 2], "std": [3, -4]}');
SELECT refused('{"mean": [1, 2], "std": [3, 1e400]}');
SELECT refused('{"a": {"mean": 0, "std": 1}, "n": [2, 1]}', '{"names": "n"}');
SELECT refused('{"a_std": {"x": 1}, "a_mean": [1]}');
SELECT refused('{"a_std": {}, "a_mean": [1]}', '{"ignore": ["b*"]}');
SELECT refused('{"mean": [1, 2], "std": [3, 1e300]}', '{"dtype": "float32"}');
SELECT refused('{"mean": [[1, 2], [3, 4]], "std": [3, 4]}');
SELECT refused('{"mean": [], "std": []}');
SELECT refused('{"min": [1, 2], "max": [3, 0]}');
SELECT refused('{"mean": {"a": 1, "b": 2}, "std": {"a": 3}}');
SELECT refused('{"mean": {"a": 1, "b": 2}, "std": {"a": 3, "c": 3}}');
SELECT refused('{"a": {"mean": 1, "std": 2}, "b": {"mean": 1}}');
SELECT refused('{"a": {"mean": 1, "std": 2}, "b": {"mean": 1, "std": 3, "unit": "m"}}');
SELECT refused('{"a": {"mean": 1, "std": 2}, "version": 2}');
SELECT refused('{"a": {"mean": 1, "std": 2}, "b": {"mean": 2, "std": 3}}', '{"names": ["a", "c"]}');
SELECT refused('{"a": {"mean": 1, "std": 2}, "b": {"mean": 2, "std": 3}}', '{"names": ["a"]}');
SELECT refused('{"mean": 1, "std": 2}', '{"names": []}');
SELECT refused('{"a": {"mean": 1, "std": 2}, "b": {"mean": 2, "std": 3}}', '{"names": ["a", "a"]}');
SELECT refused('{"min": {"mean": 1, "std": 2}, "max": {"mean": 2, "std": 3}}');
SELECT refused('{"mean_min": 1, "std_min": 2}');
SELECT refused('{"u_mean": 1, "u_std": 2, "hr_min": 60, "hr_max": 110}');
SELECT refused('{"mean_u": 1, "std_u": 2, "mean_hr": 60, "var_hr": 110}');
SELECT refused('{"means": {"a": 1}, "stds": {"a": 2}, "columns_of_table": ["a"]}');
SELECT refused('{"min_values": {"a": 1}, "max_values": {"a": 2}, "mean_values": 3, "std_values": 4}');
SELECT refused('{"age": [1, 3], "income": [2, 4]}');
SELECT refused('[[1, 3], [2, 4]]', '{"shape": "standard"}');
SELECT refused('[1, 2, 3]');
SELECT refused('7');
SELECT refused('{}');
SELECT refused('[]');
SELECT refused('{"mean": [1], "avg": [1], "std": [3]}');
SELECT refused('{"std": [1], "min": [3]}', '{"shape": "sklearn_range"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"path": "stats"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"names": "columns"}');
SELECT refused('{"mean": [1], "std": [3], "n_features": 2}');
SELECT refused('{"mean": [1], "std": [3], "count": 0}');
SELECT refused('{"mean": [1, 2], "std": [3, 4], "mask": [true, 7]}');
SELECT refused('{"x0": 1, "y0": 0, "x1": 1, "y1": 1}');
SELECT refused('{"min": [0], "scale": [0]}');
SELECT refused('{"mean": [1], "std": [3]}', '{"epsilon": 1e-8}');
SELECT refused('{"mean": [1], "std": [3]}', '{"eps": -1}');
SELECT refused('{"mean": [1], "std": [3]}', '{"eps_in": "floor"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"eps": 1e-8, "eps_in": "variance"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"eps": 1e-8, "eps_in": "divisor"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"to": [0, 1]}');
SELECT refused('{"min": [1], "max": [3]}', '{"to": [1, 0]}');
SELECT refused('{"min": [1], "scale": [3]}', '{"eps": 1e-8}');
SELECT refused('{"mean": [1], "std": [3]}', '{"clip": true}');
SELECT refused('{"mean": [1], "std": [3]}', '{"clip": [3, 1]}');
SELECT refused('{"mean": [1], "std": [3]}', '{"clip_input": true}');
SELECT refused('{"mean": [1], "std": [3]}', '{"mask": [true, false]}');
SELECT refused('{"mean": [1], "std": [3]}', '{"dtype": "float16"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"dtype": "transformers"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"shape": "zscore"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": "standard"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": ["log1p", {"method": "quantile"}]}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": "l2"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": "ln"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": []}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": null}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": [7]}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": {"method": "log", "domain": "clip"}}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": {"method": "log", "base": 2}}');
SELECT refused('{"mean": [1], "std": [3]}', '{"before": {"method": "affine", "scale": 1e-60}, "dtype": "float32"}');
SELECT refused('{"mean": [1], "std": [3]}', ('{"before": [' || repeat('"cbrt", ', 15) || '"sqrt"]}')::jsonb);
SELECT refused('{"min": [1], "max": [3]}', '{"before": "log1p", "clip_input": true}');
SELECT refused('{"mean": [1], "std": [3]}', '{"keys": {"deviation": "std"}}');
SELECT refused('{"mean": [1], "std": [3]}', '{"ignore": "std"}');
SELECT refused('{"mean": [1], "std": [3]}', '{"ignore": ["*"]}');
SELECT replace(from_parameters('{"mean": [0.1], "std": [3]}', '{"dtype": "float32"}')::text, '"center": 0.10000000149011612', '"center": 0.1')::scaler;
SELECT replace(from_parameters('{"mean": [0.1], "std": [3]}', '{"clip": [0, 1]}')::text, '"clip": [0, 1]', '"clip": [1, 0]')::scaler;
SELECT replace(from_parameters('{"mean": [0.1], "std": [3]}')::text, '"imported": true', '"imported": true, "dtype": "float64"')::scaler;
SELECT replace(from_parameters('{"mean": [0.1], "std": [3]}')::text, '"imported": true', '"imported": true, "dtype": "float16"')::scaler;
SELECT refused('{"mean": [1], "std": [3]}', '[]');
SELECT refused(('{"mean": ' || repeat('[', 40) || '1' || repeat(']', 40) || ', "std": [1]}')::jsonb);
SELECT from_parameters(NULL) IS NULL AS is_null;
SET client_min_messages = warning;
DROP SCHEMA test_from_parameters CASCADE;
