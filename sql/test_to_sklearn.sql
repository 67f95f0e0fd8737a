-- Scalers as estimators of scikit-learn, and estimators that are made of others.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE TABLE train (id int, age int, income float8, tenure float8, "a ""quoted""
name */ -- ]]>" float8);
INSERT INTO train VALUES (1, 20, 30000, 1, 4), (2, 30, NULL, 3, 4), (3, 40, 50000, 3.5, 4), (4, 60, 90000, 12, 4);
CREATE FUNCTION fitted(method text, options jsonb DEFAULT '{}') RETURNS normfreeze.scaler LANGUAGE plpgsql AS $$
DECLARE
	result normfreeze.scaler;
BEGIN
	EXECUTE format('SELECT normfreeze.fit(t, %L, %L) FROM train AS t', method, '{"exclude": ["id"]}' || options) INTO result;
	RETURN result;
END $$;
-- without the artifact, whose probes are many numbers
CREATE FUNCTION attributes(exported jsonb) RETURNS jsonb LANGUAGE SQL AS $$ SELECT exported - 'normfreeze' $$;

-- one estimator
SELECT method, options, attributes(normfreeze.to_sklearn(fitted(method, options::jsonb))) FROM (VALUES
	('standard', '{}'), ('standard', '{"with_mean": false, "ddof": 1}'), ('standard', '{"with_std": false}'),
	('standard', '{"with_mean": false, "with_std": false}'), ('minmax', '{"feature_range": [-1, 1], "clip": true}'),
	('maxabs', '{"clip": true}'), ('robust', '{"quantile_range": [10, 90], "unit_variance": true}'),
	('robust', '{"with_centering": false, "with_scaling": false}'), ('quantile', '{"n_quantiles": 3}'), ('identity', '{}'),
	('mad', '{}'), ('mean', '{}'), ('sum', '{}'), ('affine', '{"center": 1, "scale": -2}'),
	('standard', '{"missing": "nan"}'), ('standard', '{"constant": "null", "exclude": ["id", "a \"quoted\"\nname */ -- ]]>"]}')
	) AS v (method, options);
-- weights: the parameters, but no statistics
SELECT attributes(normfreeze.to_sklearn(normfreeze.fit(t, 'standard', '{"columns": ["age"]}', id))) FROM train AS t;
-- a Pipeline, a ColumnTransformer
SELECT attributes(normfreeze.to_sklearn(fitted('maxabs', '{"missing": "mean"}')));
SELECT attributes(normfreeze.to_sklearn(fitted('standard', '{"features": {"income": {"method": "robust", "missing": 7}, "tenure": {"method": "minmax"}}}')));
-- without names; without the target
SELECT attributes(normfreeze.to_sklearn(normfreeze.fit(ARRAY[age, tenure], 'minmax'))) FROM train;
SELECT attributes(normfreeze.to_sklearn(fitted('minmax', '{"target": ["income"]}')));

-- the same scaler comes back, from a value, an id and a ref
SELECT normfreeze.freeze('out', fitted('standard', '{"features": {"income": {"method": "minmax"}}, "missing": "median", "target": "age"}')) AS id \gset
SELECT normfreeze.promote('out', 1) = :id AS promoted;
SELECT normfreeze.from_sklearn(normfreeze.to_sklearn(:id)) = normfreeze.scaler(:id) AS id,
	normfreeze.from_sklearn(normfreeze.to_sklearn('out')) = normfreeze.scaler(:id) AS ref,
	normfreeze.from_sklearn(normfreeze.to_sklearn(normfreeze.scaler(:id))) = normfreeze.scaler(:id) AS value,
	normfreeze.to_sklearn('out@v1') = normfreeze.to_sklearn(:id) AS same,
	normfreeze.to_sklearn(:id)->'normfreeze'->>'fingerprint' = normfreeze.fingerprint(normfreeze.scaler(:id)) AS fingerprint,
	(normfreeze.to_sklearn(:id)->'normfreeze'->'scaler')::normfreeze.scaler = normfreeze.scaler(:id) AS artifact,
	normfreeze.to_sklearn(NULL::bigint) IS NULL AND normfreeze.to_sklearn(NULL::text) IS NULL AS null;
-- of the bare value there are no statistics
SELECT attributes(normfreeze.to_sklearn(normfreeze.bare(fitted('standard'))));
-- a role that may apply a scaler, but not see profiles
CREATE ROLE regress_exporter;
GRANT SELECT ON normfreeze.scalers TO regress_exporter;
SELECT normfreeze.to_sklearn(:id) #> '{transformers_, 1, 1, steps, 1, 1, n_samples_seen_}' AS seen;
SET ROLE regress_exporter;
SELECT normfreeze.to_sklearn(:id) #> '{transformers_, 1, 1, steps, 1, 1, n_samples_seen_}' AS seen,
	normfreeze.from_sklearn(normfreeze.to_sklearn(:id)) = normfreeze.scaler(:id) AS same;
RESET ROLE;
REVOKE SELECT ON normfreeze.scalers FROM regress_exporter;
SET ROLE regress_exporter;
SELECT normfreeze.to_sklearn(:id);
RESET ROLE;
DROP ROLE regress_exporter;

-- refused: what has no counterpart
CREATE FUNCTION attempt(call text, arguments text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	argument text;
	message text;
	detail text;
	hint text;
BEGIN
	FOREACH argument IN ARRAY arguments LOOP
		BEGIN
			EXECUTE format('SELECT %s', replace(call, '$', quote_literal(argument)));
			RETURN NEXT 'NOT REFUSED: ' || argument;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			RETURN NEXT SQLSTATE || ' ' || message || CASE WHEN detail <> '' THEN ' / ' || detail ELSE '' END ||
				CASE WHEN hint <> '' THEN ' / ' || left(hint, 100) ELSE '' END;
		END;
	END LOOP;
END $$;
SELECT attempt('normfreeze.to_sklearn(fitted(split_part($, '' '', 1), substr($, strpos($, '' ''))::jsonb))', ARRAY[
	'l1 {}', 'l2 {}', 'max {}', 'log1p {}', 'log {"domain": "null"}', 'sqrt {"domain": "clip"}', 'sqrt {"domain": "null", "missing": "error"}', 'reciprocal {"domain": "null"}', 'power {}', 'quantile {"output_distribution": "normal"}', 'standard {"multiplier": 2}',
	'standard {"missing": "error"}', 'standard {"outside": "clip"}', 'minmax {"outside": "null"}', 'standard {"constant": "null"}',
	'standard {"features": {"tenure": {"outside": "error"}}}']);
SELECT attempt('normfreeze.to_sklearn(normfreeze.from_spark($))', ARRAY['{"class": "StandardScalerModel", "withMean": false, "mean": [1], "std": [3]}']);
SELECT normfreeze.to_sklearn(normfreeze.by_key('key', fitted('standard')));
SELECT normfreeze.to_sklearn(17);
SELECT normfreeze.to_sklearn('nobody');

-- refused: what was changed
SELECT normfreeze.to_sklearn(fitted('standard')) AS e \gset
SELECT attempt('normfreeze.from_sklearn($)', ARRAY[
	jsonb_set(:'e', '{mean_, 0}', '37'), jsonb_set(:'e', '{var_, 0}', '1'), jsonb_set(:'e', '{n_samples_seen_, 1}', '4'),
	jsonb_set(:'e', '{feature_names_in_, 0}', '"Age"'), jsonb_set(:'e', '{with_mean}', 'false'), jsonb_set(:'e', '{class}', '"RobustScaler"'),
	:'e'::jsonb - 'scale_', :'e'::jsonb || '{"clip": true}', :'e'::jsonb || '{"normfreeze": 5}', :'e'::jsonb #- '{normfreeze, scaler}',
	jsonb_set(:'e', '{normfreeze, fingerprint}', '"00"'), jsonb_set(:'e', '{normfreeze, digest}', '1'), :'e'::jsonb #- '{normfreeze, digest}',
	jsonb_set(:'e', '{normfreeze, scaler, features, 0, parameters, center}', '37'),
	jsonb_set(:'e', '{normfreeze, scaler, probes, outputs, 0, 0}', '0.5')]::text[]);

-- estimators made of others
CREATE FUNCTION composed(s normfreeze.scaler) RETURNS TABLE (feature text, method text, formula text, parameters jsonb, missing text, imputed text)
LANGUAGE SQL AS $$
	SELECT coalesce(f->>'name', '-'), f->>'method', f->>'formula', f->'parameters', f->>'missing', f->>'imputed'
	FROM jsonb_array_elements(s::jsonb->'features') AS f
$$;
-- by name, by position, from the end, by a mask; what passes through, what is dropped, what was never fitted
SELECT (composed(normfreeze.from_sklearn('{"class": "ColumnTransformer", "n_features_in_": 6, "feature_names_in_": ["a", "b", "c", "d", "e", "f"],
	"transformers_": [["s", {"class": "StandardScaler", "mean_": [1, 2], "scale_": [3, 4]}, ["d", "a"]],
		["m", {"min_": [1], "scale_": [5]}, -1], ["r", {"center_": [7], "scale_": [8]}, [false, true, false, false, false, false]],
		["none", {"class": "StandardScaler"}, []], ["gone", "drop", ["c"]], ["remainder", "passthrough", [4]]]}'))).*;
-- a Pipeline in it, and a ColumnTransformer in that; one column
SELECT (composed(normfreeze.from_sklearn('{"class": "sklearn.compose._column_transformer.ColumnTransformer", "feature_names_in_": ["a", "b", "c"],
	"transformers_": [["p", {"class": "Pipeline", "steps": [["i", {"class": "SimpleImputer", "strategy": "mean", "missing_values": "NaN", "statistics_": [1, 2]}],
		["nothing", "passthrough"], ["c", {"transformers_": [["s", {"mean_": [3], "scale_": [4]}, [1]], ["p", "passthrough", 0]], "n_features_in_": 2}]]},
		["c", "a"]], ["n", {"class": "FunctionTransformer", "func": null}, "b"]]}'))).*;
-- a Pipeline as vars() writes it: names come from its first step
SELECT (composed(normfreeze.from_sklearn('{"steps": [["i", {"strategy": "median", "statistics_": [1, -0.0], "feature_names_in_": ["x", "y"]}], ["s", {"max_abs_": [2, 3], "scale_": [2, 3]}], ["none", null]], "memory": null}'))).*;
SELECT (composed(normfreeze.from_sklearn('{"class": "SimpleImputer", "strategy": "most_frequent", "statistics_": [1, 2]}'))).*;
SELECT normfreeze.normalize('{NULL, 5, NaN}'::float8[], normfreeze.from_sklearn('{"class": "ColumnTransformer", "n_features_in_": 3, "transformers_": [
	["a", {"class": "Pipeline", "steps": [["i", {"statistics_": [7]}], ["s", {"mean_": [1], "scale_": [2]}]]}, [0]], ["b", {"mean_": [1, 1], "scale_": [2, 3]}, [1, 2]]]}'));
SELECT attempt('normfreeze.from_sklearn(format(''{"class": "ColumnTransformer", "feature_names_in_": ["a", "b"], "transformers_": %s}'', $)::jsonb)', ARRAY[
	'5', '[]', '[5]', '[["a", "drop"]]', '[[1, "drop", []]]', '[["a", "drop", ["a"]]]', '[["x", "keep", ["a"]]]', '[["x", 5, ["a"]]]', '[["x", {}, ["a"]]]',
	'[["x", {"class": "OneHotEncoder"}, ["a"]]]', '[["x", {"mean_": [1], "scale_": [0]}, ["a"]]]', '[["x", {"mean_": [1, 2], "scale_": [1, 2]}, ["a"]]]',
	'[["x", "passthrough", ["c"]]]', '[["x", "passthrough", [2]]]', '[["x", "passthrough", [-3]]]', '[["x", "passthrough", [0.5]]]', '[["x", "passthrough", null]]',
	'[["x", "passthrough", {"pattern": "a"}]]', '[["x", "passthrough", [true]]]', '[["x", "passthrough", [true, "b"]]]', '[["x", "passthrough", [0, true]]]',
	'[["x", "passthrough", [[0]]]]', '[["x", "passthrough", true]]', '[["x", "passthrough", [0, 0]]]', '[["x", "passthrough", ["a"]], ["y", {"mean_": [1], "scale_": [1]}, [0]]]',
	'[["x", {"class": "Normalizer", "norm": "l2"}, ["a"]], ["y", {"class": "Normalizer", "norm": "l2"}, ["b"]]]',
	'[["x", {"class": "Pipeline", "steps": [["i", {"statistics_": ["NaN"]}]]}, ["a"]]]',
	'[["x", {"class": "Pipeline", "steps": [["i", {"class": "LogisticRegression"}]]}, ["a"]]]']);
SELECT attempt('normfreeze.from_sklearn($)', ARRAY[
	'{"class": "ColumnTransformer", "transformers": []}', '{"transformers_": [["x", "passthrough", [0]]]}', '{"transformers_": [["x", "passthrough", ["a"]]], "n_features_in_": 1}',
	'{"transformers_": [["x", "passthrough", [0]]], "n_features_in_": 2}', '{"transformers_": [["x", "passthrough", [1, 0]]], "n_features_in_": 2}',
	'{"transformers_": [["x", "passthrough", [0]]], "n_features_in_": 1, "transformer_weights": {"x": 2}}', '{"transformers_": [], "n_features_in_": 1000000}',
	'{"steps": [["c", {"transformers_": [["x", "passthrough", [1, 0]]], "n_features_in_": 2}]]}',
	'{"class": "Pipeline"}', '{"steps": []}', '{"steps": [["x", "passthrough"]]}', '{"steps": ["x"]}', '{"steps": [["x", {"mean_": [1], "scale_": [1]}, 1]]}',
	'{"steps": [["x", {"mean_": [1], "scale_": [1]}], ["y", {"statistics_": [1]}]]}',
	'{"steps": [["x", {"statistics_": [1, 2]}], ["y", {"mean_": [1], "scale_": [1]}]]}',
	'{"steps": [["x", {"class": "Normalizer", "norm": "l2", "n_features_in_": 2}], ["y", {"transformers_": [["z", "passthrough", [0]]], "n_features_in_": 2}]]}',
	'{"statistics_": [1], "missing_values": -1}', '{"statistics_": [1], "add_indicator": true}', '{"statistics_": [1], "strategy": "guess"}', '{"statistics_": [null]}']);

DROP TABLE train;
-- a variance beyond float8, which JSON has as a string
CREATE TABLE far (x float8, y float8);
INSERT INTO far VALUES (-1.5e308, 1), (1.5e308, 2), (0, 3);
SELECT method, e->'var_' AS var, normfreeze.from_sklearn(e) = normfreeze.bare(s) AS same,
	normfreeze.normalize('{1e308, 2}'::float8[], normfreeze.from_sklearn(e - 'normfreeze')) = normfreeze.normalize('{1e308, 2}'::float8[], s) AS without
FROM (SELECT 'standard' AS method, normfreeze.fit(ARRAY[x / 1e100, y], 'standard') AS s FROM far) AS f, LATERAL (SELECT normfreeze.to_sklearn(s) AS e OFFSET 0) AS l;
-- columns of type real: what is normalized is the float8 of the real, in generated SQL too
CREATE TABLE reals (a real, b real);
INSERT INTO reals SELECT (i % 997 / 100.0 + 30)::real, (i % 89 / 7.0)::real FROM generate_series(1, 2000) AS i;
CREATE TABLE real_scalers AS SELECT m, s FROM unnest(ARRAY['standard', 'minmax', 'identity', 'max', 'robust']::normfreeze.method[]) AS m, LATERAL (SELECT normfreeze.fit(reals, m) AS s FROM reals) AS f;
\set ECHO none
SELECT format('SELECT %L AS method, count(*) AS rows, bool_and(pg_typeof(q.a) = ''float8''::regtype) AS float8, '
	'count(*) FILTER (WHERE ARRAY[q.a, q.b] IS DISTINCT FROM normfreeze.normalize(reals, s)) AS different '
	'FROM reals CROSS JOIN LATERAL (SELECT %s) AS q, real_scalers WHERE m = %1$L', m, normfreeze.to_sql(s, 'reals')) FROM real_scalers ORDER BY m::text \gexec
\set ECHO all
