-- Values that are the result of none have no inverse: an error or a policy, never NaN by accident
CREATE SCHEMA gaps; SET search_path TO gaps;
CREATE TABLE v AS SELECT (i / 10.0)::float8 AS a FROM generate_series(1, 50) AS i;
SELECT normfreeze.freeze('sq', normfreeze.fit(v, 'square')) AS sq FROM v \gset
SELECT normfreeze.denormalize(4, :sq, 'a');
SELECT normfreeze.denormalize(-4, :sq, 'a');
SELECT normfreeze.denormalize('{-4}'::float8[], :sq);
SELECT normfreeze.denormalize('{-4}'::real[], :sq);
SELECT normfreeze.denormalize('{"a": -4}'::jsonb, :sq);
SELECT normfreeze.denormalize(x, :sq) FROM (SELECT -4::float8 AS a) AS x;
SELECT normfreeze.denormalize('{NULL}'::float8[], :sq), normfreeze.denormalize('{NaN}'::float8[], :sq), normfreeze.denormalize('{Infinity}'::float8[], :sq);
SELECT normfreeze.denormalize(-1.5, (SELECT normfreeze.fit(v, 'expm1') FROM v), 'a');
SELECT normfreeze.denormalize(-1, (SELECT normfreeze.fit(v, 'expm1') FROM v), 'a');
SELECT normfreeze.denormalize('{-7, 2}'::float8[], (SELECT normfreeze.fit(ARRAY[a, -a], 'standard', '{"steps": ["square", "standard"]}') FROM v));
SELECT normfreeze.denormalize('{-7, 2}'::real[], (SELECT normfreeze.fit(ARRAY[a, -a], 'standard', '{"steps": ["square", "standard"]}') FROM v));
SELECT normfreeze.denormalize(-70, (SELECT normfreeze.fit(v, 'power', '{"method": "box-cox"}') FROM v), 'a') AS alone;
SELECT normfreeze.denormalize(-70, (SELECT normfreeze.fit(v, 'power', '{"method": "box-cox", "domain": "null"}') FROM v), 'a') AS as_null;
SELECT normfreeze.denormalize('{-7,7}'::float8[], (SELECT normfreeze.fit(ARRAY[a, a], 'power', '{"method": "box-cox", "domain": "clip"}') FROM v)) AS clipped;
SELECT normfreeze.denormalize(-70, (SELECT normfreeze.fit(v, 'power', '{"method": "box-cox", "domain": "error"}') FROM v), 'a');
-- what comes near 0 without end is 0: with a lambda below 0, too
SELECT y, normfreeze.denormalize(y, f.s, 'a') AS box_cox, normfreeze.denormalize(ARRAY[y]::real[], f.s) AS single, normfreeze.denormalize(y, l.s, 'a') AS log
  FROM unnest('{-Infinity, -700, Infinity}'::float8[]) AS y, (SELECT normfreeze.fit(ARRAY[1 / a], 'power', '{"method": "box-cox", "standardize": false, "domain": "null", "names": ["a"]}') AS s FROM v) AS f,
       (SELECT normfreeze.fit(v, 'log') AS s FROM v) AS l;
SELECT normfreeze.denormalize(-7, (SELECT normfreeze.fit(v, 'standard', '{"steps": ["cbrt", {"method": "box-cox", "domain": "null"}, "standard"]}') FROM v), 'a') AS as_null;
SELECT normfreeze.denormalize(-70, (SELECT normfreeze.fit(v, 'power') FROM v), 'a') AS alone;
SELECT normfreeze.denormalize(-7, (SELECT normfreeze.fit(v, 'standard', '{"steps": ["log", "yeo-johnson", {"method": "affine", "scale": 1e-3}]}') FROM v), 'a');
DROP SCHEMA gaps CASCADE;
