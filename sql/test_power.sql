\set ECHO queries
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
-- values far from 0 for their spread: the lambda of the exact likelihood, by 60 digits -3.18976620019110
CREATE TABLE kelvin AS SELECT unnest('{277,279,285,279,282,284,288,280,283,285}'::float8[]) AS k;
CREATE FUNCTION lambda(s normfreeze.scaler) RETURNS numeric LANGUAGE sql RETURN
	(SELECT round((parameters ->> 'lambda')::numeric, 9) FROM normfreeze.describe(s) LIMIT 1);
SELECT lambda(s), count(DISTINCT k) AS inputs, count(DISTINCT normfreeze.normalize(ARRAY[k], s)) AS results,
	max(abs((normfreeze.denormalize(normfreeze.normalize(ARRAY[k], s), s))[1] - k)) < 1e-5 AS back
FROM kelvin, (SELECT normfreeze.fit(ARRAY[k], method, options) AS s, options FROM kelvin,
	(VALUES ('power'::normfreeze.method, '{}'::jsonb), ('power', '{"method": "box-cox"}')) AS v (method, options)
	GROUP BY method, options) AS f GROUP BY s, options ORDER BY options;

SET normfreeze.progress = off;
-- 10,000 latencies about 200 ms, skewed: float8 does not tell them apart, and the fit says so
CREATE TABLE latencies AS
	SELECT i AS id, round((190 + 8 * (-ln(1 - (i - 0.5) / 10000)) ^ 1.7)::numeric, 4)::float8 AS ms FROM generate_series(1, 10000) AS i;
SELECT normfreeze.fit(l, 'power', '{"columns": ["ms"]}') FROM latencies AS l;
SELECT normfreeze.fit_table('latencies', 'power', '{"columns": ["ms"]}');
SELECT normfreeze.fit(l, 'power', '{"columns": ["ms"], "method": "box-cox"}') FROM latencies AS l;
-- what the hint says
CREATE VIEW shifted AS SELECT ms - 190 AS ms FROM latencies;
SELECT lambda(s), count(DISTINCT ms) = count(DISTINCT normfreeze.normalize(ms, s, 'ms')) AS told_apart,
	max(abs(normfreeze.denormalize(normfreeze.normalize(ms, s, 'ms'), s, 'ms') - ms)) < 1e-9 AS back
FROM shifted, (SELECT normfreeze.fit(v, 'power') AS s FROM shifted AS v) AS f GROUP BY s;
SELECT lambda(s) AS bounded, count(DISTINCT ms) = count(DISTINCT normfreeze.normalize(ms, s, 'ms')) AS told_apart
FROM latencies, (SELECT normfreeze.fit(l, 'power', '{"columns": ["ms"], "lambda": "bounded"}') AS s FROM latencies AS l) AS f GROUP BY s;
-- towards what overflows: crowded at the upper end
SELECT normfreeze.fit(ARRAY[400000 - ms], 'power') FROM latencies;
SELECT lambda(s) AS bounded FROM (SELECT normfreeze.fit(ARRAY[400000 - ms], 'power', '{"lambda": "bounded"}') AS s FROM latencies) AS f;
SELECT lambda(s) FROM (SELECT normfreeze.fit(ARRAY[400000 - ms - 399810], 'power') AS s FROM latencies) AS f;
-- by features, and together: all must agree to a bound
SELECT feature, round((parameters ->> 'lambda')::numeric, 6) AS lambda FROM normfreeze.describe((
	SELECT normfreeze.fit(l, 'power', '{"features": {"ms": {"lambda": "bounded"}}}') FROM latencies AS l));
SELECT normfreeze.fit(ARRAY[ms, ms], 'power', '{"names": ["a", "b"], "global": true, "features": {"a": {"lambda": "bounded"}}}') FROM latencies;
SELECT lambda(normfreeze.fit(ARRAY[ms, ms], 'power', '{"names": ["a", "b"], "global": true, "lambda": "bounded"}')) FROM latencies;
SELECT normfreeze.fit(ARRAY[ms], 'power', '{"lambda": 0.5}') FROM latencies;
SELECT normfreeze.fit(ARRAY[ms], 'standard', '{"lambda": "exact"}') FROM latencies;

-- passes give the aggregate's scaler, bit for bit, in any order and plan, and there are few
SELECT o ->> 'method' AS method, count(DISTINCT id) AS ids FROM (VALUES ('{"method": "yeo-johnson"}'::jsonb), ('{"method": "box-cox"}')) AS v (o),
	LATERAL (SELECT o || '{"columns": ["ms"], "distribution": 16, "lambda": "bounded"}' AS options) AS w,
	LATERAL (SELECT normfreeze.id_of(normfreeze.fit_table('latencies', 'power', options)) UNION ALL
		SELECT normfreeze.id_of(normfreeze.fit(l, 'power', options ORDER BY md5(id::text))) FROM latencies AS l UNION ALL
		SELECT normfreeze.id_of(normfreeze.fit(l, 'power', options)) FROM latencies AS l) AS f (id) GROUP BY 1 ORDER BY 1;
SET normfreeze.progress = on;
SELECT lambda(normfreeze.fit_table('shifted', 'power'));
RESET normfreeze.progress;

-- verify: a lambda that an earlier version found by the rounded height of the likelihood, where that served and where not
BEGIN;
CREATE TEMP TABLE earlier AS SELECT 'near' AS name, $scaler${"format": 1, "scaler_id": "2074734858479534660", "fingerprint": "3995e0b905960489790bc0b97b59a244988909e19e2dc29c282eba560f293d4a", "named": false, "distribution": 512, "features": [{"name": null, "method": "power", "options": {"method": "yeo-johnson", "standardize": true}, "formula": "yeo_johnson", "parameters": {"lambda": -0.11055796669599953, "center": 1.475356085180775, "scale": 0.5467904434503814}, "range": [1, 13], "constant": false, "target": false, "missing": "keep", "outside": "keep", "if_constant": "unit", "quantiles": "exact"}], "profile_digest": "f85698938386d9ff0ead89972bd0c9e9e82886b7ecff49e06a7455126f4fa1c4", "profile": "AQABgAQGBgAAAAAAAAAAAADwPwAAAAAAACpAARAAAAAAAACAAAEhAAAAAAARAAAAAAAABoCAgICAgID4PwD/////////BwD/////////AwD/////////BQD/////////BQD/////////BAA=", "probes": {"inputs": [[4.005850415736358], [8.862783780896086], [1.6638298844254908], [5.2404943921742175], [0.11520085707001781], [4.009122234274952], [4.34510192813112], [2929.0078537837126], [null]], "outputs": [[-4.060872087007877e-16], [0.9999999999999992], [-1.0000000000000009], [0.33333333333333376], [-2.4999999999999996], [0.0009999999999992341], [0.09999999999999976], [7.000000000000001], [null]]}}$scaler$::normfreeze.scaler AS s
	UNION ALL SELECT 'rounding noise', $scaler${"format": 1, "scaler_id": "603703588723347917", "fingerprint": "10c1926e46f7a39b0a974e26e29d144baa888679a61ab266bde0813ca517b2a6", "named": false, "distribution": 512, "features": [{"name": null, "method": "power", "options": {"method": "yeo-johnson", "standardize": true}, "formula": "yeo_johnson", "parameters": {"lambda": -6.123188256871963, "center": 0.16331361343948783, "scale": 8.326672684688674e-18}, "range": [277, 288], "constant": false, "target": false, "missing": "keep", "outside": "keep", "if_constant": "unit", "quantiles": "exact"}], "profile_digest": "724c26221be4ab500cf61002a2c63925b131de6e77a1ef48156ea66d156782d5", "profile": "AQABgAQKCgAAAAAAAAAAAFBxQAAAAAAAAHJAARAAAAAAAAAYLAEhAAAAAKBzwgAAAAAACICAgICAgNS4QAD///////8HAf///////wMA////////BwD///////8DAP///////wMA////////AwH///////8LAA==", "probes": {"inputs": [[280.6831793767726], [280.6831793767726], [280.6831793767726], [280.6831793767726], [275.8777728205604], [280.6831793767726], [280.6831793767726], [299.96709321511696], [null]], "outputs": [[0], [0], [0], [0], [-3.3333333333333335], [0], [0], [6.666666666666667], [null]]}}$scaler$;
CREATE TEMP TABLE frozen AS SELECT name, normfreeze.freeze('earlier ' || name, s) AS id FROM earlier
	UNION ALL SELECT 'kelvin', normfreeze.freeze('kelvin', normfreeze.fit(ARRAY[k], 'power')) FROM kelvin
	UNION ALL SELECT 'bounded', normfreeze.freeze('bounded', normfreeze.fit(ARRAY[k + 1e5], 'power', '{"lambda": "bounded"}')) FROM kelvin
	UNION ALL SELECT 'unfit', normfreeze.freeze('unfit', normfreeze.fit(ARRAY[k + 1e5], 'power', '{"unfit": "null"}')) FROM kelvin;
SELECT name, v.ok, v.detail FROM frozen, normfreeze.verify(id) AS v WHERE v."check" = 'parameters' ORDER BY name;
SELECT normfreeze.normalize('{100280}'::float8[], id) AS unfit FROM frozen WHERE name = 'unfit';
ROLLBACK;
-- no lambda helps where values are closer than their logarithms in float8: only shifting does
SELECT normfreeze.fit(ARRAY[1e9 + k * 1e-6], 'power', '{"lambda": "bounded"}') FROM kelvin;
SELECT lambda(s) FROM (SELECT normfreeze.fit(ARRAY[1e9 + k * 1e-6 - 1000000000.000277], 'power') AS s FROM kelvin) AS f;
-- what no shift helps: values of a size that leaves no room for powers
SELECT normfreeze.fit(ARRAY[x * 1e300], 'power') FROM generate_series(1, 100) AS x;
SELECT normfreeze.fit(ARRAY[x * -1e300], 'power') FROM generate_series(1, 100) AS x;
SELECT normfreeze.fit(ARRAY[x * 1e-300], 'power') FROM generate_series(1, 100) AS x;
SELECT lambda(normfreeze.fit(ARRAY[x * 1e300 / 1e302], 'power')), lambda(normfreeze.fit(ARRAY[x * -1e300 / 1e302], 'power')),
	lambda(normfreeze.fit(ARRAY[x * 1e-300 / 1e-298], 'power')), lambda(normfreeze.fit(ARRAY[x * 1e300], 'power', '{"lambda": "bounded"}')) FROM generate_series(1, 100) AS x;
DROP VIEW shifted;
DROP TABLE latencies, kelvin;
DROP FUNCTION lambda;
