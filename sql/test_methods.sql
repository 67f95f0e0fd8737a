-- every method with its options, inverse, policies and bad input
\set VERBOSITY terse
SET extra_float_digits = 1;

CREATE TABLE m (a float8, b float8, c float8);
INSERT INTO m VALUES (1, 10, -4), (2, 20, -2), (3, 40, 0), (5, 80, 2), (9, 160, 4), (NULL, 320, 6);

CREATE FUNCTION params(method normfreeze.method, options jsonb DEFAULT '{}')
RETURNS TABLE (feature text, formula text, parameters jsonb, constant boolean) LANGUAGE sql AS $$
	SELECT d.feature, d.formula, d.parameters, d.is_constant
	FROM normfreeze.describe((SELECT normfreeze.fit(m, method, options) FROM m)) AS d ORDER BY d.ordinal
$$;
-- there and back, and what the text form keeps of it
CREATE FUNCTION round_trip(method normfreeze.method, options jsonb DEFAULT '{}')
RETURNS TABLE (normalized float8[], back float8[], same boolean) LANGUAGE sql AS $$
	WITH s AS (SELECT normfreeze.fit(m, method, options) AS s FROM m)
	SELECT normfreeze.normalize(m, s), normfreeze.denormalize(normfreeze.normalize(m, s), s),
		normfreeze.normalize(m, s::text::normfreeze.scaler) = normfreeze.normalize(m, s)
		AND normfreeze.id_of(s::text::normfreeze.scaler) = normfreeze.id_of(s)
	FROM m, s ORDER BY m.b LIMIT 2
$$;

-- location and scale
SELECT * FROM params('mad');
SELECT * FROM params('mad', '{"factor": 1, "with_centering": false}');
SELECT * FROM params('meanabs');
SELECT * FROM params('midrange');
SELECT * FROM params('mean');
SELECT * FROM params('sum', '{"columns": ["a", "b"]}');
SELECT * FROM params('decimal');
SELECT * FROM params('affine', '{"center": 1, "features": {"b": {"center": 100, "scale": 50}}}');
SELECT * FROM round_trip('mad');
SELECT * FROM round_trip('meanabs');
SELECT * FROM round_trip('decimal');
SELECT * FROM round_trip('affine', '{"scale": 4}');

-- transformations
SELECT * FROM params('log1p', '{"columns": ["a", "b"]}');
SELECT * FROM round_trip('log1p', '{"columns": ["a", "b"]}');
SELECT * FROM params('quantile', '{"n_quantiles": 3}');
SELECT * FROM params('quantile', '{"columns": ["a"], "output_distribution": "normal"}');
SELECT * FROM round_trip('quantile');
SELECT * FROM round_trip('quantile', '{"output_distribution": "normal"}');
SELECT feature, round((parameters->>'lambda')::numeric, 5) AS lambda, constant FROM params('power');
SELECT feature, round((parameters->>'lambda')::numeric, 5) AS lambda FROM params('power', '{"method": "box-cox", "columns": ["a", "b"]}');
SELECT feature, formula LIKE '%yeo_johnson%' AS yeo_johnson FROM params('standard',
	'{"features": {"a": {"method": "box-cox"}, "b": {"method": "yeo-johnson"}, "c": {"method": "power", "standardize": false}}}');
SELECT array_agg(round(x::numeric, 12)) FROM round_trip('power'), unnest(back) AS x;
SELECT bool_and(same) FROM round_trip('power', '{"method": "box-cox", "standardize": false, "columns": ["a", "b"]}');

-- norms of rows: missing values are left out, a row of zeros stays
SELECT normfreeze.normalize(m, s) FROM m, (SELECT normfreeze.fit(m, 'l1') AS s FROM m) AS f ORDER BY b;
SELECT normfreeze.normalize(v, s) FROM (SELECT normfreeze.fit(ARRAY[a, b], 'l2') AS s FROM m) AS f,
	(VALUES ('{3,4}'::float8[]), ('{0,0}'), ('{-3e200,4e200}'), ('{3e-320,4e-320}'), ('{Infinity,1}'), ('{NaN,5}')) AS w (v);
SELECT normfreeze.normalize(v, s) FROM (SELECT normfreeze.fit(ARRAY[a, b], 'max') AS s FROM m) AS f,
	(VALUES ('{3,-4}'::float4[]), ('{0,0}')) AS w (v);
SELECT normfreeze.normalize(m, s) FROM m, (SELECT normfreeze.fit(m, 'l1', '{"features": {"b": {"method": "minmax"}}}') AS s FROM m) AS f ORDER BY b LIMIT 1;
SELECT normfreeze.normalize(v, s) FROM (SELECT normfreeze.fit(ARRAY[a, b], 'l1', '{"outside": "null"}') AS s FROM m) AS f,
	(VALUES ('{100,20}'::float8[]), (ARRAY[NULL, 20])) AS w (v);
SELECT normfreeze.denormalize(m, s) FROM m, (SELECT normfreeze.fit(m, 'l2') AS s FROM m) AS f;
SELECT normfreeze.normalize(1, s, 'a') FROM (SELECT normfreeze.fit(m, 'l2') AS s FROM m) AS f;
SELECT normfreeze.denormalize(1, s, 'b') FROM (SELECT normfreeze.fit(m, 'l2', '{"features": {"b": {"method": "minmax"}}}') AS s FROM m) AS f;

-- one location and scale for all features
SELECT * FROM params('standard', '{"global": true}');
SELECT * FROM params('robust', '{"global": true, "features": {"b": {"global": false}}}');
SELECT * FROM params('minmax', '{"features": {"a": {"global": true}, "c": {"global": true}}}');
SELECT bool_and(same) FROM round_trip('affine', '{"global": true, "center": 1}');

SELECT * FROM params('meanabs', '{"global": true, "features": {"b": {"quantiles": "histogram"}}}');
SELECT * FROM params('quantile', '{"global": true, "columns": ["b", "c"], "features": {"c": {"n_quantiles": 6}}}');
SELECT * FROM params('quantile', '{"global": true, "columns": ["b", "c"], "features": {"c": {"n_quantiles": 12}}}');

-- cells tell no side of the mean, but a distance
SELECT parameters->'center' AS center, (parameters->>'scale')::float8 BETWEEN 0.05 AND 3 AS near, is_constant FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[v],
	'meanabs', '{"quantiles": "histogram", "distribution": 16}') FROM (SELECT 100 - greatest(i - 100000, 0)::float8 AS v FROM generate_series(1, 100099) AS i) AS t));
SELECT normfreeze.fit(ARRAY[a * 1e-50], 'mad', '{"factor": 1e-300}') FROM m;

-- intercept and multiplier
SELECT * FROM params('midrange', '{"intercept": 1, "multiplier": 10}');
SELECT * FROM params('minmax', '{"intercept": "-min", "features": {"c": {"intercept": "mean", "multiplier": -1}}}');
SELECT * FROM round_trip('standard', '{"intercept": "mean", "multiplier": 2}');
SELECT * FROM params('quantile', '{"intercept": 1}');
SELECT * FROM params('standard', '{"multiplier": 0}');
SELECT * FROM params('minmax', '{"multiplier": 2, "clip": true}');
SELECT * FROM params('minmax', '{"multiplier": 2, "feature_range": [-1, 1]}');
SELECT * FROM params('standard', '{"intercept": "median"}');

-- weights
SELECT center, scale, mean, std FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[a, b], 'standard', '{}', w)
	FROM (VALUES (1::float8, 10::float8, 1::float8), (2, 20, 2), (4, 40, 3), (1000, 1000, 0)) AS v (a, b, w)));
SELECT center, scale FROM normfreeze.describe((SELECT normfreeze.fit(m, 'standard', '{"columns": ["a"]}', 1) FROM m))
UNION ALL SELECT center, scale FROM normfreeze.describe((SELECT normfreeze.fit(m, 'standard', '{"columns": ["a"]}') FROM m));
SELECT normfreeze.id_of(s) = normfreeze.id_of(s::text::normfreeze.scaler) AS same, s::jsonb->'weighted' AS weighted
	FROM (SELECT normfreeze.fit(m, 'mean', NULL, b) AS s FROM m) AS f;
-- profiles of weighted fits merge and are fitted anew as one
WITH p AS (SELECT normfreeze.profile_of(normfreeze.fit(m, 'standard', '{}', b)) AS p FROM m GROUP BY b > 50)
SELECT normfreeze.fit(normfreeze.merge(p), 'standard') = (SELECT normfreeze.fit(m, 'standard', '{}', b) FROM m) AS same FROM p;
SELECT normfreeze.merge(p) FROM (SELECT normfreeze.profile_of(normfreeze.fit(ARRAY[a], 'standard', '{}', b)) AS p FROM m
	UNION ALL SELECT normfreeze.profile(ARRAY[a]) FROM m) AS f;
SELECT normfreeze.fit(m, 'standard', '{}', a) FROM m;
SELECT normfreeze.fit(m, 'standard', '{}', -b) FROM m;
SELECT normfreeze.fit(m, 'standard', '{}', 'NaN') FROM m;
SELECT normfreeze.fit(m, 'standard', '{}', 0) FROM m;
SELECT normfreeze.fit(m, 'robust', '{}', b) FROM m;
SELECT normfreeze.fit(m, 'standard', '{"missing": "median"}', b) FROM m;
SELECT normfreeze.fit(m, 'standard', '{"ddof": 1}', b) FROM m;

-- policies go with every method
SELECT normfreeze.normalize(v, s, 'b') FROM (SELECT normfreeze.fit(m, 'quantile', '{"outside": "null", "missing": "median"}') AS s FROM m) AS f,
	(VALUES (0::float8), (80), (NULL), (1000)) AS w (v);
SELECT normfreeze.normalize(v, s, 'a') FROM (SELECT normfreeze.fit(m, 'log1p', '{"columns": ["a"], "outside": "clip", "missing": "max"}') AS s FROM m) AS f,
	(VALUES (-5::float8), (9), (NULL), (1000)) AS w (v);
-- logit takes what lies between 0 and 1
SELECT method, normfreeze.normalize(CASE method WHEN 'logit' THEN '{0.5}' ELSE '{5}' END::float8[], normfreeze.fit(CASE method WHEN 'logit' THEN '{0.7}' ELSE '{7}' END::float8[], method)) FROM unnest(enum_range(NULL::normfreeze.method)) AS method GROUP BY method ORDER BY method;
SELECT normfreeze.normalize('{0.25}'::float8[], s) AS y, count(*) FROM (SELECT normfreeze.fit('{0.5}'::float8[], method, '{"constant": "null"}') AS s
	FROM unnest(enum_range(NULL::normfreeze.method)) AS method GROUP BY method) AS f GROUP BY y;

-- bad input
SELECT * FROM params('power', '{"method": "box-cox"}');
SELECT * FROM params('log1p', '{"columns": ["c"]}');
SELECT normfreeze.fit(ARRAY[7::float8], 'power', '{"method": "box-cox"}') FROM m;
SELECT * FROM params('power', '{"method": "log"}');
SELECT * FROM params('quantile', '{"n_quantiles": 7}');
SELECT * FROM params('quantile', '{"n_quantiles": 6}');
SELECT * FROM params('quantile', '{"n_quantiles": 0}');
SELECT * FROM params('quantile', '{"n_quantiles": 1.5}');
SELECT * FROM params('quantile', '{"output_distribution": "cauchy"}');
SELECT * FROM params('mad', '{"factor": 0}');
SELECT * FROM params('standard', '{"center": 1}');
SELECT * FROM params('affine', '{"scale": 0}');
SELECT * FROM params('standard', '{"global": 1}');
SELECT normfreeze.fit(ARRAY[1e308, x], 'midrange') IS NOT NULL FROM (VALUES (-1.7e308::float8), (1.7e308)) AS v (x) GROUP BY ();
SELECT normfreeze.fit(ARRAY[x], 'decimal') FROM (VALUES (1.5e308::float8)) AS v (x);
SELECT normfreeze.fit(ARRAY[x], 'sum') FROM (VALUES (1.5e308::float8), (1.5e308)) AS v (x);

-- the passes of fit_table() end where the aggregate does
SET normfreeze.progress = off;
CREATE TABLE n AS SELECT i, (i * 7919 % 1000)::float8 AS x, exp((i * 104729 % 997) / 100.0)::float8 AS y, nullif(i % 3, 0)::float8 AS z
	FROM generate_series(1, 3000) AS i;
SELECT method, options, normfreeze.id_of(normfreeze.fit_table('n', method, options)) = normfreeze.id_of((SELECT normfreeze.fit(n, method, options) FROM n)) AS same
FROM (VALUES ('robust'::normfreeze.method, '{}'::jsonb), ('robust', '{"global": true, "distribution": false}'), ('mad', '{}'),
	('mad', '{"distribution": false}'), ('meanabs', '{"distribution": 64}'), ('quantile', '{"n_quantiles": 50, "distribution": 16}'),
	('quantile', '{"distribution": false, "output_distribution": "normal"}'), ('power', '{"columns": ["y", "z"]}'),
	('power', '{"columns": ["y"], "method": "box-cox", "standardize": false}'), ('standard', '{"missing": "median", "distribution": 16}'),
	('robust', '{"quantiles": "histogram"}'), ('standard', '{}')) AS v (method, options);
SET normfreeze.progress = on;
SELECT normfreeze.fit_table('n', 'mad', '{"columns": ["x"], "distribution": 16}') IS NOT NULL AS fitted;
SET normfreeze.progress = off;
CREATE VIEW restless AS SELECT i, random() AS x FROM n;
SELECT normfreeze.fit_table('restless', 'quantile', '{"columns": ["x"], "n_quantiles": 1000, "distribution": 16}') IS NOT NULL;
SELECT normfreeze.fit_table('restless', 'meanabs', '{"columns": ["x"]}') IS NOT NULL;
SET normfreeze.progress = on;
CREATE TABLE empty (x float8);
SELECT normfreeze.fit_table('empty', 'robust');
INSERT INTO empty VALUES ('Infinity'), (1);
SELECT normfreeze.fit_table('empty', 'robust');
-- anybody can call gather(): unknown steps, too many bits, ranges in disorder, features beyond the last
SELECT normfreeze.gather(n, 'nonsense') FROM n;
SELECT normfreeze.gather(n, '\x0101780101000000000000000000000040010000000000000000ffffffffffffffff') FROM n;
SELECT normfreeze.gather(n, '\x0101780101000000000000000000000703010000000000000000ffffffffffffffff') FROM n;
SELECT normfreeze.gather(n, '\x010178010100000000000000000000003d01000000000000f0bfffffffffffffffff') FROM n;
SELECT normfreeze.gather(n, '\x010178010100000000000000000000000801ffffffffffffffff0000000000000000') FROM n;
SELECT normfreeze.gather(n, '\x0101780101050200000000000000000000') FROM n;
-- sound: the moments of x from 0 on, or of its logarithms; the final function may be called but once
SELECT max(length(g)) > 0 AS gathered FROM (SELECT normfreeze.gather(n, ('\x01017801010002' || repeat('00', 8))::bytea) OVER (ORDER BY i ROWS 3 PRECEDING) AS g FROM n) AS w;
SELECT normfreeze.gather(n, (CASE WHEN i % 2 = 0 THEN '\x01017801010002' ELSE '\x01017801010003' END || repeat('00', 8))::bytea) IS NOT NULL AS gathered FROM n WHERE i < 3;

-- a frozen scaler of each method verifies
SELECT normfreeze.freeze('method ' || method, normfreeze.fit(m, method, CASE method WHEN 'logit' THEN '{"columns": ["a", "b"], "domain": "null"}' ELSE '{"columns": ["a", "b"]}' END::jsonb)) IS NOT NULL AS frozen
	FROM m, unnest(enum_range(NULL::normfreeze.method)) AS method GROUP BY method ORDER BY method;
SELECT bool_and(ok) FROM normfreeze.verify();
SELECT DISTINCT detail FROM normfreeze.versions AS v, normfreeze.verify(v.scaler_id) WHERE v.name LIKE 'method %' AND "check" = 'parameters' ORDER BY 1;
SELECT feature, raw, action, normalized FROM m, normfreeze.explain(m, normfreeze.scaler_id('method l2@v1')) WHERE b = 10;

DROP VIEW restless;
DROP TABLE n, empty;
DROP FUNCTION params, round_trip;
DROP TABLE m;
