-- option "clip" of a fit: the results of any method that shifts and scales, in a range
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE SCHEMA test_clip;
SET search_path = test_clip, normfreeze, public;
SET extra_float_digits = 1;
SET parallel_setup_cost = 0;
CREATE TABLE rows AS SELECT i % 7 + 0.5::float8 AS a, (i * 37 % 101)::int AS b, CASE WHEN i % 9 > 0 THEN sqrt(i + 1) END AS c, 3::float8 AS same FROM generate_series(1, 300) AS i;

CREATE FUNCTION clipped(s scaler) RETURNS TABLE (feature text, formula text, options jsonb) AS $$
	SELECT feature, formula, options FROM describe(s) ORDER BY ordinal
$$ LANGUAGE sql;
-- every method whose formula shifts and scales
SELECT method, bool_and(least(greatest(plain[1], -0.5), 0.75) = y[1]) AS same, count(DISTINCT y[1]) AS results, max((q.s::text::scaler = q.s)::int) AS text
FROM (VALUES ('standard'), ('minmax'), ('maxabs'), ('robust'), ('identity'), ('mad'), ('meanabs'), ('midrange'), ('mean'), ('sum'), ('decimal'), ('affine')) AS m (method),
	LATERAL (SELECT normfreeze.fit(ARRAY[a, b], method::method, '{"clip": [-0.5, 0.75]}') AS s, normfreeze.fit(ARRAY[a, b], method::method) AS p FROM rows) AS q,
	LATERAL (SELECT normfreeze.normalize(ARRAY[a, b]::float8[], q.s) AS y, normfreeze.normalize(ARRAY[a, b]::float8[], q.p) AS plain FROM rows) AS r GROUP BY method ORDER BY method;
-- for each feature, with what a method calls so itself, and after steps
SELECT * FROM clipped((SELECT normfreeze.fit(r, 'standard', '{"columns": ["a", "b", "c"], "clip": [-3, 3], "features": {"a": {"clip": [0, 1]}, "b": {"clip": false}}}') FROM rows AS r));
SELECT * FROM clipped((SELECT normfreeze.fit(r, 'minmax', '{"columns": ["a", "b", "c"], "clip": true, "features": {"a": {"clip": [0, 0.5]}, "b": {"clip": false}, "c": {"feature_range": [-1, 1]}}}') FROM rows AS r));
SELECT * FROM clipped((SELECT normfreeze.fit(r, 'minmax', '{"columns": ["a", "b"], "clip": [0, 0.5], "features": {"a": {"clip": true}}}') FROM rows AS r));
SELECT x, normfreeze.normalize(ARRAY[x], s) FROM unnest('{0, 3, 1000, NULL, NaN, Infinity}'::float8[]) AS x,
	(SELECT normfreeze.fit(ARRAY[a], 'standard', '{"steps": ["log1p", {"method": "minmax", "clip": true}], "clip": [0.25, 0.75]}') AS s FROM rows) AS q;
-- what could not be fitted, and what does not vary
SELECT normfreeze.normalize('{7, 7}'::float8[], s), normfreeze.normalize('{7, 7}'::real[], s) FROM (SELECT normfreeze.fit(ARRAY[same, CASE WHEN same < 0 THEN same END], 'meanabs', '{"clip": [-2, 2], "unfit": "unit"}') AS s FROM rows) AS q;
SELECT normfreeze.normalize('{7}'::float8[], s) FROM (SELECT normfreeze.fit(ARRAY[CASE WHEN same < 0 THEN same END], 'minmax', '{"clip": [-2, 2], "unfit": "null"}') AS s FROM rows) AS q;

-- one scaler, whichever way it is fitted, and other versions of it
SELECT count(DISTINCT id_of(s)) AS ids, bool_and(s::text LIKE '%"clip": [-2, 1.5]%') AS clip FROM (
	SELECT normfreeze.fit(r, 'robust', '{"columns": ["a", "b", "c"], "clip": [-2, 1.5]}') AS s FROM rows AS r
	UNION ALL SELECT normfreeze.fit(normfreeze.profile(r, '{a,b,c}'::text[]), 'robust', '{"clip": [-2, 1.5]}') FROM rows AS r
	UNION ALL SELECT normfreeze.fit_table('rows', 'robust', '{"columns": ["a", "b", "c"], "clip": [-2, 1.5]}')) AS q;
SELECT normfreeze.freeze('results_clipped', s) AS frozen FROM (SELECT normfreeze.fit(r, 'standard', '{"columns": ["a", "b"], "clip": [-1.25, 1.25]}') AS s FROM rows AS r) AS q \gset

-- audit: results that were not clipped, or clipped to another range
CREATE VIEW plain AS SELECT normfreeze.fit(r, 'standard', '{"columns": ["a", "b"]}') AS s FROM rows AS r;
CREATE FUNCTION bounded(x float8[], low numeric, high numeric) RETURNS float8[] AS $$
	SELECT array_agg(greatest(low::float8, least(high::float8, v)) ORDER BY i) FROM unnest(x) WITH ORDINALITY AS u (v, i)
$$ LANGUAGE sql;
SELECT o.done, r.feature, r.diagnosis, r.detail FROM (VALUES (1, 'as frozen', -1.25, 1.25), (2, 'not clipped', NULL, NULL), (3, 'to a wider range', -1.4, 1.4),
		(4, 'to a narrower one', -1, 1), (5, 'wider at one end', -1.25, 1.5), (6, 'at one end alone', NULL, 1.25)) AS o (n, done, low, high),
	LATERAL normfreeze.audit_report((SELECT normfreeze.audit(r, bounded(normfreeze.normalize(r, p.s), o.low, o.high), :frozen) FROM rows AS r, plain AS p)) AS r
	ORDER BY o.n, r.ordinal;
SELECT o.done, r.feature, r.diagnosis, r.detail FROM (VALUES (1, 'not clipped', NULL, NULL), (2, 'to a wider range', -1.4, 1.4)) AS o (n, done, low, high),
	LATERAL normfreeze.audit_report((SELECT normfreeze.audit(r, CASE WHEN r.c < 12 OR r.c IS NULL THEN normfreeze.normalize(r, :frozen) ELSE bounded(normfreeze.normalize(r, p.s), o.low, o.high) END, :frozen)
		FROM rows AS r, plain AS p)) AS r ORDER BY o.n, r.ordinal;
-- real[]
SELECT r.feature, r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[a, b]::real[], bounded(normfreeze.normalize(ARRAY[a, b]::real[], p.s)::float8[], -1.5, 1.5)::real[], :frozen)
	FROM rows AS r, plain AS p)) AS r;
-- the range of a method's own option, and another policy beside
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[b]::float8[], bounded(ARRAY[b / 50.0]::float8[], 0, 1.5), s)
	FROM rows, (SELECT normfreeze.fit(ARRAY[b], 'minmax', '{"clip": true}') AS s FROM rows WHERE b <= 50) AS f)) AS r;
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[c], normfreeze.normalize(ARRAY[c], f.plain), f.s)
	FROM rows, (SELECT normfreeze.fit(ARRAY[c], 'standard', '{"clip": [-1, 1], "missing": "mean"}') AS s, normfreeze.fit(ARRAY[c], 'standard') AS plain FROM rows) AS f)) AS r;
-- who fitted it anew forgot the clip, too
SELECT o.options, o.least, r.diagnosis, r.detail FROM (VALUES (1, '{"ddof": 1}', 1), (2, '{}', 9), (3, '{"ddof": 1}', 9)) AS o (n, options, least),
	(SELECT normfreeze.fit(ARRAY[c], 'standard', '{"clip": [-1.25, 1.25]}') AS s FROM rows WHERE c >= 1) AS f,
	LATERAL (SELECT normfreeze.fit(ARRAY[c], 'standard', o.options::jsonb) AS s FROM rows WHERE c >= o.least) AS again,
	LATERAL normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[c], normfreeze.normalize(ARRAY[c], again.s), f.s) FROM rows WHERE c >= o.least)) AS r ORDER BY o.n;
-- another version that clips otherwise
SELECT normfreeze.freeze('results_clipped', s) AS plain FROM (SELECT normfreeze.fit(r, 'standard', '{"columns": ["a", "b"]}') AS s FROM rows AS r) AS q \gset
SELECT r.feature, r.diagnosis, r.detail LIKE 'results_clipped@v2, %' AS which FROM normfreeze.audit_report((SELECT normfreeze.audit(r, normfreeze.normalize(r, :plain), :frozen) FROM rows AS r)) AS r;

-- drift is of raw values: it says the same as without clipping, also where no clipped result differs
SELECT count(*) AS rows, count(*) FILTER (WHERE normfreeze.normalize(ARRAY[a + 20, b + 300], :frozen) = normfreeze.normalize(ARRAY[a + 40, b + 900], :frozen)) AS equal FROM rows;
CREATE TABLE live AS SELECT normfreeze.profile(ARRAY[a + 20, b + 300], :frozen) AS moved, normfreeze.profile(ARRAY[a + 40, b + 900], :frozen) AS further FROM rows;
SELECT feature, verdict, round(mean_shift::numeric, 3) AS mean_shift, outside FROM live, normfreeze.drift(:frozen, moved)
UNION ALL SELECT feature, verdict, round(mean_shift::numeric, 3), outside FROM live, normfreeze.drift(:frozen, further);
SELECT count(*) AS rows, count(DISTINCT d) AS distinct FROM (
	SELECT normfreeze.drift(:frozen, moved)::text FROM live UNION ALL SELECT normfreeze.drift(:plain, moved)::text FROM live) AS q (d);

SELECT "check", ok FROM normfreeze.verify(:frozen) WHERE NOT ok;
SELECT feature, what, old, new FROM normfreeze.diff(:frozen, :plain);
SELECT x.* FROM rows AS r, normfreeze.explain(r, :frozen) AS x WHERE r.b = 37 LIMIT 2;
SELECT count(*), count(*) FILTER (WHERE NOT (x.y = x.z)) AS unequal FROM (SELECT normfreeze.normalize(r, :frozen) AS y,
	ARRAY[normfreeze.normalize_value(r.a, :frozen, 'a'::text), normfreeze.normalize_value(r.b, :frozen, 'b'::text)] AS z FROM rows AS r) AS x;
SELECT 'SELECT count(*), count(*) FILTER (WHERE x.a IS DISTINCT FROM normfreeze.normalize_value(x.raw, ' || :frozen || ', ''a''::text)) AS unequal FROM (SELECT r.a AS raw, ' ||
	normfreeze.to_sql(:frozen::bigint, 'r') || E'\n FROM rows AS r) AS x' AS query \gset
:query;

-- refused
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT normfreeze.fit(ARRAY[a], 'quantile', '{"clip": [0, 1]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'l2', '{"clip": [0, 1]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'log1p', '{"clip": [0, 1]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"clip": true}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"clip": [1, 0]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"clip": [1]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"clip": [0, "inf"]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"clip": null}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'minmax', '{"clip": "yes"}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"steps": ["log1p", {"method": "minmax", "clip": [0, 1]}]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"steps": ["log1p", {"method": "standard", "clip": [0, 1]}]}') FROM rows;
SELECT normfreeze.fit(ARRAY[a], 'standard', '{"steps": ["standard", "log1p"], "clip": [0, 1]}') FROM rows;
SET client_min_messages = warning;
DROP SCHEMA test_clip CASCADE;
