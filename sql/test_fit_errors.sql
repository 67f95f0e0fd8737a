-- What fitting refuses, and in which words.
\set VERBOSITY default
CREATE TABLE t (a int, b float8, c text);
INSERT INTO t VALUES (1, 1.5, 'x'), (2, 2.5, 'y'), (3, 'Infinity', 'z');
CREATE FUNCTION fit_b(method normfreeze.method, options jsonb) RETURNS bigint LANGUAGE SQL AS $$
	SELECT normfreeze.id_of(normfreeze.fit(t, method, options)) FROM t WHERE a < 3
$$;

SELECT normfreeze.fit(t, 'standard') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a", "c"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a", "nope"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a", "a"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": []}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"exclude": ["nope"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"exclude": ["a", "b", "c"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a"], "exclude": ["c"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a", "b"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a"]}') FROM t WHERE false;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a"], "target": ["a"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["a"], "features": {"z": {}}}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"names": ["a"]}') FROM t;
SELECT normfreeze.fit(ROW(a, b), 'standard') FROM t;
SELECT normfreeze.fit(ARRAY[a, b], 'standard', '{"columns": ["a"]}') FROM t;
SELECT normfreeze.fit(ARRAY[a, b], 'standard', '{"names": ["a"]}') FROM t;
SELECT normfreeze.fit(ARRAY[a, b], 'standard', '{"names": ["a", ""]}') FROM t;
SELECT normfreeze.fit(ARRAY[a, b], 'standard', '{"target": "b"}') FROM t;
SELECT normfreeze.fit(CASE a WHEN 1 THEN ARRAY[1, 2] ELSE ARRAY[1, 2, 3] END, 'standard') FROM t;
SELECT normfreeze.fit(ARRAY[ARRAY[a, b]], 'standard') FROM t;
SELECT normfreeze.fit('{}'::float8[], 'standard') FROM t;
SELECT normfreeze.fit(ARRAY[NULL, a]::float8[], 'standard') FROM t;
\set VERBOSITY terse
SELECT normfreeze.fit(ARRAY[c], 'standard') FROM t;
\set VERBOSITY default

-- options
SELECT fit_b('standard', '{"columns": ["b"], "ddoff": 1}');
SELECT fit_b('robust', '{"columns": ["b"], "ddof": 1}');
SELECT fit_b('standard', '{"columns": ["b"], "ddof": 2}');
SELECT fit_b('standard', '{"columns": ["b"], "ddof": 0.5}');
SELECT fit_b('standard', '{"columns": ["b"], "with_mean": "yes"}');
SELECT fit_b('minmax', '{"columns": ["b"], "feature_range": [1, 1]}');
SELECT fit_b('minmax', '{"columns": ["b"], "feature_range": [0, 1, 2]}');
SELECT fit_b('robust', '{"columns": ["b"], "quantile_range": [75, 25]}');
SELECT fit_b('robust', '{"columns": ["b"], "quantile_range": [0, 101]}');
SELECT fit_b('robust', '{"columns": ["b"], "quantile_range": [0, 100], "unit_variance": true}');
SELECT fit_b('standard', '{"columns": ["b"], "missing": "drop"}');
SELECT fit_b('standard', '{"columns": ["b"], "outside": 3}');
SELECT fit_b('standard', '{"columns": ["b"], "constant": null}');
SELECT fit_b('standard', '{"columns": ["b"], "quantiles": "approximate"}');
SELECT fit_b('robust', '{"columns": ["b"], "quantiles": "histogram", "distribution": false}');
SELECT fit_b('standard', '{"columns": ["b"], "distribution": 7}');
SELECT fit_b('standard', '{"columns": "b"}');
SELECT fit_b('standard', '{"columns": [1]}');
SELECT fit_b('standard', '{"columns": ["b"], "features": {"b": {"method": "nope"}}}');
SELECT fit_b('standard', '{"columns": ["b"], "features": {"b": {"columns": ["a"]}}}');
SELECT fit_b('standard', '{"columns": ["b"], "features": ["b"]}');
SELECT fit_b('standard', '[]');
SELECT fit_b('quantile', '{"columns": ["b"]}');
SELECT normfreeze.fit(t, NULL, '{"columns": ["a"]}') FROM t;
SELECT normfreeze.fit(ARRAY[a], CASE a WHEN 1 THEN 'standard' ELSE 'minmax' END::normfreeze.method) FROM t;
SELECT normfreeze.fit(ARRAY[a], 'minmax', CASE a WHEN 1 THEN '{}' ELSE '{"clip": true}' END::jsonb) FROM t;
SELECT normfreeze.fit(normfreeze.profile(ARRAY[a]), 'minmax', '{"columns": ["a"]}') FROM t;
SELECT normfreeze.fit(ARRAY[5], 'standard', '{"constant": "error"}') FROM t;
SELECT normfreeze.fit(ARRAY[5], 'standard', '{"ddof": 1}') IS NOT NULL AS constant_is_fine FROM t WHERE a = 1;
SELECT normfreeze.fit(ARRAY[x], 'minmax') FROM unnest('{1e308,-1e308}'::float8[]) AS x;
SELECT normfreeze.fit(ARRAY[x], 'minmax') FROM unnest('{0,5e-324}'::float8[]) AS x;
SELECT normfreeze.fit(ARRAY[x], 'standard') IS NOT NULL AS fine FROM unnest('{1e308,-1e308}'::float8[]) AS x;
SELECT normfreeze.fit_transition(NULL, ARRAY[1.5::float8], 'standard'::normfreeze.method);

-- exact quantiles stay within their memory
SET normfreeze.fit_memory = '64kB';
SELECT normfreeze.fit(ARRAY[x, x], 'robust') FROM generate_series(1, 10000) AS x;
SELECT normfreeze.fit(ARRAY[x, x], 'robust', '{"quantiles": "histogram"}') IS NOT NULL AS fitted FROM generate_series(1, 10000) AS x;
RESET normfreeze.fit_memory;

-- profiles
SELECT normfreeze.merge(p) FROM (SELECT normfreeze.profile(ARRAY[1, 2]) AS p UNION ALL SELECT normfreeze.profile(ARRAY[1])) AS q;
SELECT normfreeze.merge(p) FROM (SELECT normfreeze.profile(t, ARRAY['a']) AS p FROM t UNION ALL SELECT normfreeze.profile(t, ARRAY['b']) FROM t) AS q;
SELECT normfreeze.profile(t, NULL::text[]) FROM t;
SELECT normfreeze.profile(t, ARRAY['a', NULL]) FROM t;
SELECT normfreeze.profile(t, CASE a WHEN 1 THEN ARRAY['a'] ELSE ARRAY['b'] END) FROM t;
SELECT normfreeze.fit_table('pg_class', 'standard', '{"columns": ["oid"]}');
SELECT normfreeze.fit_table('t', 'standard', '{"columns": ["a"]}') IS NOT NULL AS fitted;
DROP TABLE t CASCADE;
-- PostgreSQL knows no named arguments of aggregates, and says so
SELECT normfreeze.fit(t, 'standard', options => '{"columns": ["a"]}') FROM (SELECT 1 AS a) AS t;
SELECT normfreeze.profile(t, columns => ARRAY['a']) FROM (SELECT 1 AS a) AS t;
SELECT normfreeze.fit(features => ARRAY[1.5], method => 'standard');
SELECT normfreeze.fit((SELECT normfreeze.profile(t) FROM (SELECT g AS a FROM generate_series(1, 3) AS g) AS t), 'standard', options => '{"ddof": 1}') IS NOT NULL AS a_function_knows_them;
