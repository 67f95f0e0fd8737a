-- probes(), probes in JSON, verify_output()
\pset format unaligned
SET search_path = pg_catalog;
CREATE SCHEMA test_probes;
CREATE TABLE test_probes.t AS
  SELECT i AS id, (i * 7 % 13)::float8 AS a, (i * i % 17) / 3::float8 AS "b ""q""", i::float8 AS price FROM generate_series(1, 50) AS i;

SELECT normfreeze.freeze('test_probes', normfreeze.fit(t, 'standard', '{"exclude": ["id"], "target": ["price"],
  "features": {"b \"q\"": {"method": "minmax", "missing": "mean", "outside": "clip"}}}')) AS x FROM test_probes.t \gset
SELECT * FROM normfreeze.probes(:x);
SELECT count(*), bool_and(normfreeze.normalize(inputs, :x) = outputs) FROM normfreeze.probes(:x) WHERE probe < 9;
SELECT p.inputs = q.inputs AND p.outputs = q.outputs AS same
FROM normfreeze.probes(:x) AS p JOIN normfreeze.probes(normfreeze.scaler(:x)) AS q USING (probe) WHERE probe < 9;

-- row norms are of whole rows; a policy that refuses missing values has none
SELECT probe, inputs, outputs
FROM normfreeze.probes((SELECT normfreeze.fit(s, 'l2') FROM (SELECT a, price FROM test_probes.t) AS s)) WHERE probe IN (2, 9);
SELECT probe, inputs, outputs
FROM normfreeze.probes((SELECT normfreeze.fit(s, 'minmax', '{"missing": "error", "outside": "error"}')
                        FROM (SELECT a, price FROM test_probes.t) AS s)) WHERE probe IN (3, 8, 9);
SELECT probe, inputs, outputs
FROM normfreeze.probes((SELECT normfreeze.fit(s, 'log1p', '{"missing": "nan"}') FROM (SELECT a FROM test_probes.t) AS s)) WHERE probe IN (3, 5, 9);

-- in JSON they are checked, by number and not by text, and may be left out
CREATE FUNCTION test_probes.edited(path text[], value jsonb) RETURNS boolean LANGUAGE sql
  AS $$ SELECT pg_catalog.jsonb_set(normfreeze.scaler(normfreeze.scaler_id('test_probes@latest'))::jsonb, path, value)::normfreeze.scaler IS NOT NULL $$;
SELECT (normfreeze.scaler(:x)::jsonb - 'probes')::normfreeze.scaler = normfreeze.scaler(:x) AS without,
       normfreeze.scaler(:x)::jsonb::normfreeze.scaler = normfreeze.scaler(:x) AS by_jsonb,
       normfreeze.scaler(:x)::text::normfreeze.scaler = normfreeze.scaler(:x) AS by_text;
SELECT jsonb_path_query(normfreeze.scaler(:x)::jsonb, '$.probes.outputs[8]');
SELECT test_probes.edited('{probes,outputs,1,0}', '1.0');
SELECT test_probes.edited('{probes,outputs,1,0}', '1.0000000000000002');
SELECT test_probes.edited('{probes,outputs,8,0}', '0');
SELECT test_probes.edited('{probes,inputs,3,1}', '"NaN"');
SELECT test_probes.edited('{probes,inputs,3,1}', '"nan"');
SELECT test_probes.edited('{probes,inputs,3}', '[1]');
SELECT test_probes.edited('{probes,inputs,3}', '1');
SELECT test_probes.edited('{probes,inputs}', '[]');
SELECT test_probes.edited('{probes}', '{"inputs": [], "outputs": [], "more": 1}');
SELECT test_probes.edited('{probes}', '{"inputs": []}');
SELECT test_probes.edited('{probes}', '{"inputs": [], "outputs": []}');
SELECT test_probes.edited('{probes}', '[]');

-- verify_output
SELECT * FROM normfreeze.verify_output(:x, (SELECT array_agg(inputs) FROM normfreeze.probes(:x)), (SELECT array_agg(outputs) FROM normfreeze.probes(:x)));
SELECT ok, count(*) FROM normfreeze.verify_output(normfreeze.scaler(:x), '{1, 2}', normfreeze.normalize('{1, 2}'::float8[], :x)) GROUP BY ok;
SELECT * FROM normfreeze.verify_output(:x, '{{1, 2}, {3, NULL}, {NaN, 4}}', '{{-1.3769810612197944, 0.37500000000000006}, {-0.8390978341808120, 0.51}, {NULL, Infinity}}');
SELECT * FROM normfreeze.verify_output(:x, '{{1, 2}, {3, 4}}', normfreeze.normalize('{1, 2}'::float8[], :x)::real[]::float8[] || ARRAY[normfreeze.normalize('{3, 4}'::float8[], :x)::real[]::float8[]]);
SELECT * FROM normfreeze.verify_output((SELECT normfreeze.fit(v, 'identity') FROM (VALUES ('{1}'::float8[])) AS s (v)), '{0}', '{-0}');
SELECT * FROM normfreeze.verify_output((SELECT normfreeze.fit(v, 'identity', '{"missing": "error"}') FROM (VALUES ('{1}'::float8[])) AS s (v)), '{{0}, {NULL}}', '{{0}, {NaN}}');
SELECT * FROM normfreeze.verify_output(:x, '{1, 2}', '{1}');
SELECT * FROM normfreeze.verify_output(:x, '{{1, 2}}', '{{1, 2}, {3, 4}}');
SELECT * FROM normfreeze.verify_output(:x, '{{{1, 2}}}', '{1, 2}');
SELECT * FROM normfreeze.verify_output(:x, '{}', '{}');
SELECT * FROM normfreeze.verify_output(:x, NULL, '{1, 2}');
SELECT * FROM normfreeze.verify_output(:x, '{1, 2}', NULL);
SELECT * FROM normfreeze.verify_output(NULL::bigint, '{1, 2}', '{1, 2}');
SELECT * FROM normfreeze.verify_output(17, '{1, 2}', '{1, 2}');
SELECT * FROM normfreeze.probes(17);

-- a set has none of its own
SELECT normfreeze.probes(normfreeze.by_key(k, s)) FROM (SELECT 'k' || id % 2 AS k, normfreeze.fit(t, 'standard', '{"columns": ["a"]}') AS s FROM test_probes.t GROUP BY 1) AS g;
SELECT jsonb_path_exists(normfreeze.by_key(k, s)::jsonb, 'strict $.**.probes') AS any_probes
FROM (SELECT 'k' || id % 2 AS k, normfreeze.fit(t, 'standard', '{"columns": ["a"]}') AS s FROM test_probes.t GROUP BY 1) AS g;

SET client_min_messages = warning;
DROP SCHEMA test_probes CASCADE;
