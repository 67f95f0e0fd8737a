-- audit(raw, observed, scaler), audit(observed, scaler), audit_report(): what happened to values
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
SET search_path = pg_catalog;
SET extra_float_digits = 0;
CREATE SCHEMA test_audit;
CREATE TABLE test_audit.t AS
	SELECT i AS id, 20 + i * 37 % 61 AS age, 1000 + i * 7919 % 90001 / 7.0::float8 AS "in""come'--*/", (i * 131 % 997) / 31.0::float8 AS tenure,
		i * 11::float8 AS price
	FROM generate_series(1, 400) AS i;
SELECT normfreeze.freeze('test_audit', normfreeze.fit(t, 'standard', '{"exclude": ["id"], "target": ["price"]}')) AS id
	FROM test_audit.t WHERE t.id <= 300 \gset
CREATE TABLE test_audit.scored AS
	SELECT t.*, normfreeze.normalize(t, :id) AS n, ARRAY[age, "in""come'--*/", tenure]::float8[] AS raw FROM test_audit.t;

-- right: by row and by array, by id and by value
SELECT verdict, summary, features = 3 AS three FROM (SELECT a->>'verdict' AS verdict, a->>'summary' AS summary, jsonb_array_length(a->'features') AS features
	FROM (SELECT normfreeze.audit(s, n, :id) AS a FROM test_audit.scored AS s) AS q) AS r;
SELECT count(DISTINCT a) FROM (
	SELECT normfreeze.audit(s, n, :id) AS a FROM test_audit.scored AS s
	UNION ALL SELECT normfreeze.audit(raw, n, :id) FROM test_audit.scored
	UNION ALL SELECT normfreeze.audit(raw, n, normfreeze.scaler(:id)) FROM test_audit.scored
	UNION ALL SELECT normfreeze.audit(raw, n, normfreeze.scaler(:id) ORDER BY id DESC) FROM test_audit.scored) AS q;
-- digits that are lost on the way, as in this cast, make a difference
SELECT r.feature, r.diagnosis, r.evidence FROM normfreeze.audit_report((SELECT normfreeze.audit(raw::numeric[], n, :id) FROM test_audit.scored)) AS r;
SELECT a - 'fingerprint' - 'scaler_id' - 'features', a->'features'->1 FROM (SELECT normfreeze.audit(raw, n, :id) AS a FROM test_audit.scored) AS q;

-- wrong: each fault by name
CREATE FUNCTION test_audit.shown(audit jsonb) RETURNS TABLE (verdict text, summary text, findings text) LANGUAGE sql
	AS $$ SELECT audit->>'verdict', audit->>'summary', string_agg(concat_ws(', ', r.feature, r.verdict, r.diagnosis, r.detail, r.equal, r.within_ulps, r.different), E'\n' ORDER BY ordinal)
		FROM normfreeze.audit_report(audit) AS r $$;
SELECT (test_audit.shown(normfreeze.audit(raw, raw, :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(n, :id), :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.denormalize(raw, :id), :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, n::real[], :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[n[3], n[2], n[1]], :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(ARRAY[raw[3], raw[2], raw[1]], :id), :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(ARRAY[raw[1] * 1000, raw[2] / 12, raw[3] * 1.8 + 32], :id), :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[greatest(least(n[1], 1), -1), least(n[2], 1.25), n[3]], :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(s.raw, normfreeze.normalize(s.raw, f.again), :id))).*
	FROM test_audit.scored AS s, (SELECT normfreeze.fit(raw, 'standard') AS again FROM test_audit.scored) AS f;
SELECT (test_audit.shown(normfreeze.audit(s.raw, normfreeze.normalize(s.raw, f.again), :id))).*
	FROM test_audit.scored AS s, (SELECT normfreeze.fit(raw, 'standard', '{"ddof": 1}') AS again FROM test_audit.scored WHERE id <= 300) AS f;
SELECT (test_audit.shown(normfreeze.audit(s.raw, normfreeze.normalize(s.raw, f.again), :id))).*
	FROM test_audit.scored AS s, (SELECT normfreeze.fit(raw, 'minmax') AS again FROM test_audit.scored WHERE id <= 300) AS f;
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[(n[1] + 3) * 2, n[2], id], :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[(raw[1] - 50.107) / 17.597, (raw[2] - 7413.82) / 3709.30, n[3]], :id))).* FROM test_audit.scored;
-- rounded: the results, what went in, and both as text
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[round(n[1]::numeric, 4), round(n[2]::numeric, 2), trunc(n[3]::numeric, 1)], :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(ARRAY[raw[1], round(raw[2]), floor(raw[3] * 10) / 10], :id), :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[to_char(n[1], '9.99EEEE')::float8, n[2]::numeric, n[3]], :id))).* FROM test_audit.scored;
-- a few rows may be near rounded ones by chance
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[round(n[1]), round(n[2]), round(n[3])], :id))).* FROM test_audit.scored WHERE id < 6;
-- a coding of two or three values is no rounding, however many rows have it; nor are a few labels, or one value and its maximum
SELECT normfreeze.audit(x, ARRAY[CASE WHEN x[1] = 1 THEN 2 ELSE 0 END, CASE WHEN x[2] = 2 THEN 2 ELSE x[2] - 1 END, floor(x[3]), x[4]]::float8[], s)->>'summary' AS summary FROM
	(SELECT ARRAY[(i % 5 = 0)::int, i % 3, (i * i) / 160000.0, i]::float8[] AS x FROM generate_series(1, 400) AS i) AS q,
	(SELECT normfreeze.fit(ARRAY[(i % 5 = 0)::int, i % 3, (i * i) / 160000.0, i]::float8[], 'standard',
		'{"names": ["two", "three", "share", "id"], "features": {"share": {"method": "identity"}, "id": {"method": "identity"}}}') AS s FROM generate_series(1, 400) AS i) AS f;
SELECT normfreeze.audit(ARRAY[x], ARRAY[label], s)->>'summary' AS summary FROM (VALUES (0.1::float8, 0::float8), (0.3, 0), (0.8, 2), (0.9, 2), (0.7, 2)) AS v (x, label),
	(SELECT normfreeze.fit('{0}'::float8[], 'affine', '{"center": 0, "scale": 0.5}') AS s) AS f;
SELECT normfreeze.audit(x, ARRAY[CASE WHEN x[1] = 1 THEN 0 ELSE 2 END]::float8[], s)->>'summary' AS summary FROM (SELECT ARRAY[1 + (i % 15 < 7)::int]::float8[] AS x FROM generate_series(1, 300) AS i) AS v,
	(SELECT normfreeze.fit(ARRAY[1 + (i % 15 < 7)::int]::float8[], 'standard') AS s FROM generate_series(1, 300) AS i) AS f;
-- nor is a sign a mixture of two roundings
SELECT normfreeze.audit(ARRAY[x], ARRAY[sign(x)], s)->>'summary' AS summary FROM (SELECT sin(i) AS x FROM generate_series(1, 400) AS i) AS v, (SELECT normfreeze.fit('{0}'::float8[], 'identity') AS s) AS f;
-- the results that were rounded, not the parameters, though these come near
SELECT normfreeze.audit(ARRAY[i], ARRAY[round(i - 50.107421, 2)]::float8[], s)->>'summary' AS results, normfreeze.audit(ARRAY[i], ARRAY[i - 50.11::float8], s)->>'summary' AS parameters
	FROM generate_series(18, 79) AS i, (SELECT normfreeze.fit('{0}'::float8[], 'affine', '{"center": 50.107421, "scale": 1}') AS s) AS f;
-- what numeric loses of great numbers is not their decimals
SELECT normfreeze.audit(ARRAY[x], ARRAY[x]::numeric[], s)->>'summary' AS summary FROM (SELECT exp(40 + i / 100.0::float8) AS x FROM generate_series(1, 400) AS i) AS v, (SELECT normfreeze.fit('{0}'::float8[], 'identity') AS s) AS f;
-- rounded, and then stored as float4
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[round(n[1]::numeric, 2), round(n[2]::numeric, 3), n[3]]::real[], :id))).summary FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw::real[], ARRAY[round(m[1]::numeric, 2), round(m[2]::numeric, 3), m[3]]::real[], :id))).summary FROM test_audit.scored, LATERAL normfreeze.normalize(raw::real[], :id) AS m;
-- a flag of which one value is what the scaler makes of it; deviations of any magnitude
SELECT normfreeze.audit(x, x, s)->>'summary' AS summary FROM (SELECT ARRAY[i % 2]::float8[] AS x FROM generate_series(1, 300) AS i) AS v,
	(SELECT normfreeze.fit(ARRAY[i % 2]::float8[], 'standard') AS s FROM generate_series(1, 300) AS i) AS f;
SELECT c->>'diagnosis' AS candidate, ((c->>'rms_deviation')::float8 / 10::float8 ^ e)::real AS rms, ((c->>'largest_deviation')::float8 / 10::float8 ^ e)::real AS largest FROM generate_series(-200, 200, 200) AS e, (SELECT normfreeze.fit('{0}'::float8[], 'identity') AS s) AS f,
	LATERAL (SELECT normfreeze.audit(ARRAY[i * 10::float8 ^ e]::float8[], ARRAY[(i + CASE WHEN i % 2 = 0 THEN 0.25 ELSE 0.125 END) * 10::float8 ^ e]::float8[], s) AS a FROM generate_series(1, 100) AS i) AS q,
	jsonb_array_elements(a->'features'->0->'candidates') AS c WHERE c->>'diagnosis' = 'not_applied' ORDER BY e;
-- rows in another order
SELECT (test_audit.shown(normfreeze.audit(a.raw, b.n, :id))).* FROM test_audit.scored AS a JOIN test_audit.scored AS b ON b.id = a.id % 400 + 1;
-- of the rows, a part; with the shares of the parts
SELECT (test_audit.shown(normfreeze.audit(raw, CASE WHEN id > 300 THEN raw ELSE n END, :id))).* FROM test_audit.scored;
SELECT jsonb_path_query_array(a, '$.features[*].parts') FROM (SELECT normfreeze.audit(raw, CASE WHEN id > 300 THEN raw WHEN id > 200 THEN normfreeze.normalize(n, :id) ELSE n END, :id) AS a
	FROM test_audit.scored) AS q;
-- too little to prove anything
SELECT (test_audit.shown(normfreeze.audit(raw, CASE WHEN id = 7 THEN raw ELSE n END, :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, ARRAY[7, 8, 9]::float8[], :id))).* FROM test_audit.scored WHERE id = 1;
-- more than one explanation, and nothing to tell them apart; unless other features do
SELECT normfreeze.fit(ARRAY[x, x - 8, x % 2], 'mean') AS centered FROM generate_series(0, 16) AS x \gset
SELECT (test_audit.shown(normfreeze.audit(ARRAY[x, x - 8, x % 2], ARRAY[x - 16, x - 8, x % 2 - 8.0::float8 / 17], :'centered'::normfreeze.scaler))).* FROM generate_series(0, 16) AS x;
SELECT (test_audit.shown(normfreeze.audit(ARRAY[x, x - 8, x % 2], ARRAY[x - 16, x - 8, x % 2 - 8.0::float8 / 17 - 8.0::float8 / 17], :'centered'::normfreeze.scaler))).* FROM generate_series(0, 16) AS x;
-- quantiles are exact while the values fit into memory, and near it beyond
SELECT normfreeze.fit(ARRAY[sqrt(i)], 'robust') AS robust FROM generate_series(1, 20000) AS i \gset
SELECT normfreeze.fit(ARRAY[sqrt(i)], 'robust') AS again FROM generate_series(1, 30000) AS i \gset
SELECT (test_audit.shown(normfreeze.audit(ARRAY[sqrt(i)], normfreeze.normalize(ARRAY[sqrt(i)], :'again'::normfreeze.scaler), :'robust'::normfreeze.scaler))).* FROM generate_series(1, 30000) AS i;
SET normfreeze.fit_memory = '64kB';
SELECT a->'features'->0->>'diagnosis' AS diagnosis, c->>'diagnosis' AS candidate, c->>'detail' AS detail, c->'explained' AS explained, c->'of' AS of, (c->>'rms_deviation')::float8 < 0.001 AS near
	FROM (SELECT normfreeze.audit(ARRAY[sqrt(i)], normfreeze.normalize(ARRAY[sqrt(i)], :'again'::normfreeze.scaler), :'robust'::normfreeze.scaler) AS a FROM generate_series(1, 30000) AS i) AS q,
	jsonb_array_elements(a->'features'->0->'candidates') AS c WHERE c->>'diagnosis' = 'refitted';
RESET normfreeze.fit_memory;
-- as a window
SELECT id, a->'rows' AS rows, a->'summary' AS summary FROM (SELECT id, normfreeze.audit(raw, CASE WHEN id > 397 THEN raw ELSE n END, :id) OVER (ORDER BY id) AS a FROM test_audit.scored) AS w
	WHERE id IN (1, 397, 400);
-- what happens to few rows in one feature is found, though another differs in all
SELECT (test_audit.shown(normfreeze.audit(f, CASE WHEN f[1] % 5000 = 3 THEN f ELSE ARRAY[f[1] - 10000.5, f[2]] END, s))).summary
	FROM (SELECT ARRAY[i, i * i]::numeric[] AS f FROM generate_series(1, 20000) AS i) AS q, (SELECT normfreeze.fit(ARRAY[i, i * i]::float8[], 'mean') AS s FROM generate_series(1::int8, 20000) AS i) AS r;
-- groups are audits of their own; so are scalers
SELECT g, r.* FROM (SELECT id % 2 AS g, normfreeze.audit(raw, CASE WHEN id % 2 = 0 THEN raw ELSE n END, :id) AS a FROM test_audit.scored GROUP BY 1) AS q,
	test_audit.shown(a) AS r ORDER BY g;

-- missing values: NULL and NaN are both missing; what takes their place is found out
CREATE TABLE test_audit.holes AS SELECT id, ARRAY[CASE WHEN id % 5 > 0 THEN raw[1] END, CASE WHEN id % 7 > 0 THEN raw[2] ELSE 'NaN' END, raw[3]] AS raw FROM test_audit.scored;
SELECT f->'equal', f->'both_missing', f->'null_for_nan' FROM (SELECT normfreeze.audit(raw, array_replace(normfreeze.normalize(raw, :id), NULL, 'NaN'), :id) AS a FROM test_audit.holes) AS q,
	jsonb_array_elements(a->'features') AS f;
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(array_replace(array_replace(raw, NULL, 0), 'NaN', 0), :id), :id))).* FROM test_audit.holes;
SELECT (test_audit.shown(normfreeze.audit(raw, array_replace(array_replace(normfreeze.normalize(raw, :id), NULL, 0), 'NaN', 0), :id))).* FROM test_audit.holes;
SELECT (test_audit.shown(normfreeze.audit(raw, array_replace(array_replace(normfreeze.normalize(raw, :id), NULL, -9), 'NaN', -9), :id))).* FROM test_audit.holes;
SELECT f->'missing_for_value', f->'diagnosis' FROM (SELECT normfreeze.audit(raw, CASE WHEN id % 4 > 0 THEN n ELSE '{NULL,NULL,NULL}' END, :id) AS a FROM test_audit.scored) AS q,
	jsonb_array_elements(a->'features') AS f;

SELECT a.f->>'diagnosis' AS diagnosis, a.f->'parts' AS parts, a.f->>'evidence' AS evidence FROM (SELECT normfreeze.audit(raw, ARRAY[round(coalesce(n[1], 0)::numeric, 3), n[2], n[3]], :id)->'features'->0 AS f
	FROM test_audit.holes, LATERAL normfreeze.normalize(raw, :id) AS n) AS a;

-- policies of the scaler that were not followed
SELECT normfreeze.fit(raw, 'minmax', '{"missing": "mean", "outside": "clip"}') AS policies FROM test_audit.scored WHERE id <= 300 \gset
SELECT (test_audit.shown(normfreeze.audit(h.raw, normfreeze.normalize(h.raw, f.plain), :'policies'::normfreeze.scaler))).*
	FROM test_audit.holes AS h, (SELECT normfreeze.fit(raw, 'minmax') AS plain FROM test_audit.scored WHERE id <= 300) AS f;
SELECT normfreeze.fit(raw, 'minmax', '{"outside": "error"}') AS strict FROM test_audit.scored WHERE id <= 100 \gset
SELECT f->'different', f->'refused', f->'diagnosis', f->'detail' FROM (SELECT normfreeze.audit(s.raw, normfreeze.normalize(s.raw, p.plain), :'strict'::normfreeze.scaler) AS a
	FROM test_audit.scored AS s, (SELECT normfreeze.fit(raw, 'minmax') AS plain FROM test_audit.scored WHERE id <= 100) AS p) AS q, jsonb_array_elements(a->'features') AS f;

-- another version of the name; without the right to read the names, by id
SELECT normfreeze.freeze('test_audit', normfreeze.fit(t, 'standard', '{"exclude": ["id"], "target": ["price"]}')) AS second FROM test_audit.t WHERE t.id <= 200 \gset
SELECT replace(summary, :'second', '<id>') FROM (SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(raw, :second), :id))).* FROM test_audit.scored) AS q;
CREATE ROLE test_audit_reader;
GRANT USAGE ON SCHEMA test_audit TO test_audit_reader;
GRANT SELECT ON test_audit.scored TO test_audit_reader;
GRANT EXECUTE ON FUNCTION test_audit.shown(jsonb) TO test_audit_reader;
SET ROLE test_audit_reader;
SELECT normfreeze.audit(raw, n, :id) FROM test_audit.scored;
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO test_audit_reader;
SET ROLE test_audit_reader;
SELECT replace(summary, :'second', '<id>') FROM (SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(raw, :second), :id))).* FROM test_audit.scored) AS q;
-- nor the profile: what needs it is not found, and is not guessed
SELECT summary FROM (SELECT (test_audit.shown(normfreeze.audit(s.raw, normfreeze.normalize(s.raw, f.again), :id))).*
	FROM test_audit.scored AS s, (SELECT normfreeze.fit(raw, 'standard', '{"ddof": 1}') AS again FROM test_audit.scored WHERE id <= 300) AS f) AS q;
SELECT a->'features'->0->>'evidence' FROM (SELECT normfreeze.audit(n, :id) AS a FROM test_audit.scored) AS q;
RESET ROLE;
REVOKE SELECT ON normfreeze.scalers FROM test_audit_reader;

-- float4 on both sides is the arithmetic of float4
SELECT (test_audit.shown(normfreeze.audit(raw::real[], normfreeze.normalize(raw::real[], :id), :id))).verdict FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw::real[], normfreeze.normalize(raw::real[]::float8[], :id)::real[], :id))).* FROM test_audit.scored;
-- formulas of whole rows
SELECT normfreeze.fit(raw, 'l2') AS norms FROM test_audit.scored \gset
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(raw, :'norms'::normfreeze.scaler), :'norms'::normfreeze.scaler))).verdict FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, raw, :'norms'::normfreeze.scaler))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, normfreeze.normalize(raw, :'norms'::normfreeze.scaler)::real[], :'norms'::normfreeze.scaler))).* FROM test_audit.scored;
SELECT a->'features'->0->>'evidence' FROM (SELECT normfreeze.audit(raw, :'norms'::normfreeze.scaler) AS a FROM test_audit.scored) AS q;
-- and those that are not lines
SELECT normfreeze.fit(raw, 'power') AS power FROM test_audit.scored WHERE id <= 300 \gset
SELECT (test_audit.shown(normfreeze.audit(s.raw, normfreeze.normalize(s.raw, f.again), :'power'::normfreeze.scaler))).*
	FROM test_audit.scored AS s, (SELECT normfreeze.fit(raw, 'power') AS again FROM test_audit.scored) AS f;

-- without raw values
SELECT (test_audit.shown(normfreeze.audit(n, :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(raw, :id))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(s, :id))).summary FROM test_audit.scored AS s;
SELECT (test_audit.shown(normfreeze.audit(normfreeze.normalize(n, :id), normfreeze.scaler(:id)))).* FROM test_audit.scored;
SELECT (test_audit.shown(normfreeze.audit(ARRAY[17.5, random(), NULL], :id))).verdict FROM test_audit.scored;
SELECT a - 'fingerprint' - 'scaler_id' - 'features', a->'features'->1 FROM (SELECT normfreeze.audit(n, :id) AS a FROM test_audit.scored) AS q;
SELECT r.evidence FROM normfreeze.audit_report((SELECT normfreeze.audit(n, :id) FROM test_audit.scored WHERE id < 20)) AS r WHERE ordinal = 1;
SELECT r.evidence FROM normfreeze.audit_report((SELECT normfreeze.audit(n, normfreeze.bare(:'policies'::normfreeze.scaler)) FROM test_audit.scored)) AS r WHERE ordinal = 1;

-- bad input
SELECT normfreeze.audit(raw, n, :id) FROM test_audit.scored WHERE false;
SELECT normfreeze.audit(n, :id) FROM test_audit.scored WHERE false;
SELECT normfreeze.audit(raw, n, NULL::bigint) FROM test_audit.scored;
SELECT normfreeze.audit(raw, n, 17) FROM test_audit.scored;
SELECT normfreeze.audit(NULL::float8[], n, :id) FROM test_audit.scored;
SELECT normfreeze.audit(raw, NULL::float8[], :id) FROM test_audit.scored;
SELECT normfreeze.audit(NULL::float8[], :id) FROM test_audit.scored;
SELECT normfreeze.audit(raw[1:2], n, :id) FROM test_audit.scored;
SELECT normfreeze.audit(raw, n || 1.0::float8, :id) FROM test_audit.scored;
SELECT normfreeze.audit('{}'::float8[], :id) FROM test_audit.scored;
SELECT normfreeze.audit(ARRAY[raw], n, :id) FROM test_audit.scored;
SELECT normfreeze.audit(raw::text[], n, :id) FROM test_audit.scored;
SELECT normfreeze.audit('{1,2,3}', '{1,2,3}', :id);
SELECT normfreeze.audit(id, n, :id) FROM test_audit.scored;
SELECT normfreeze.audit(ROW(1, 2, 3), n, :id) FROM test_audit.scored;
SELECT normfreeze.audit(q, n, :id) FROM (SELECT age, n FROM test_audit.scored) AS q;
SELECT normfreeze.audit(s, n, :'policies'::normfreeze.scaler) FROM test_audit.scored AS s;
SELECT normfreeze.audit(raw, n, CASE WHEN id % 2 = 0 THEN :id ELSE :second END) FROM test_audit.scored;
SELECT normfreeze.audit(n, CASE WHEN id % 2 = 0 THEN :id ELSE :second END) FROM test_audit.scored;
SELECT normfreeze.audit(s.raw, s.n, f.by_key) FROM test_audit.scored AS s, (SELECT normfreeze.by_key('k', normfreeze.scaler(:id)) AS by_key) AS f;
SELECT * FROM normfreeze.audit_report('[]');
SELECT * FROM normfreeze.audit_report('{}');
SELECT * FROM normfreeze.audit_report('{"audit": 2, "features": []}');
SELECT * FROM normfreeze.audit_report('{"audit": "1", "features": []}');
SELECT * FROM normfreeze.audit_report('{"audit": 1}');
SELECT * FROM normfreeze.audit_report('{"audit": 1, "features": [1]}');
SELECT * FROM normfreeze.audit_report('{"audit": 1, "features": [{"ordinal": 1}]}');
SELECT * FROM normfreeze.audit_report('{"audit": 1, "features": [{"ordinal": 0}]}');
SELECT * FROM normfreeze.audit_report('{"audit": 1, "features": [{"ordinal": 1, "feature": 7}]}');
SELECT * FROM normfreeze.audit_report('{"audit": 1, "features": [{"ordinal": 1, "feature": "x", "rows": 1e30}]}');
SELECT * FROM normfreeze.audit_report('{"audit": 1, "features": [{"ordinal": 1, "feature": "x", "rows": 1, "equal": 1, "within_ulps": 0, "different": 0, "max_ulps": 0, "max_deviation": 1e400}]}');
SELECT * FROM normfreeze.audit_report(NULL);

-- what one value proves: nothing, and other columns may settle it
CREATE TABLE test_audit.audit_hard AS
  SELECT i AS id, (i % 5)::float8 AS few, (i * 37 % 101) / 7.0::float8 + CASE WHEN i > 580 THEN 3 ELSE 0 END AS many, 7::float8 AS constant,
         CASE WHEN i % 20 = 0 THEN i * 17 % 61 END::float8 AS rare, CASE WHEN i % 23 = 0 THEN i * 13 % 59 END::float8 AS rarer
  FROM generate_series(1, 600) AS i;
CREATE FUNCTION test_audit.audit_hard(method text, options jsonb, done text) RETURNS TABLE (ordinal int, diagnosis text, detail text) LANGUAGE plpgsql AS $$
DECLARE
  id bigint;
BEGIN
  SELECT normfreeze.freeze('audit hard', normfreeze.fit(ARRAY[few, many, constant, rare, rarer], method::normfreeze.method, options)) INTO id
    FROM test_audit.audit_hard WHERE audit_hard.id <= 400;
  RETURN QUERY EXECUTE format($q$
    SELECT ordinal, diagnosis, regexp_replace(detail, 'scaler_id .*', 'scaler_id') FROM normfreeze.audit_report((
      SELECT normfreeze.audit(x, %s, %s) FROM (SELECT ARRAY[few, many, constant, rare, rarer] AS x FROM test_audit.audit_hard WHERE id > 300) AS h,
        LATERAL (SELECT normfreeze.normalize(x, %2$s) AS n) AS right_ones,
        (SELECT normfreeze.fit(ARRAY[few, many, constant, rare, rarer], %L, %L) AS again FROM test_audit.audit_hard WHERE id > 300) AS f)) $q$,
    replace(done, '$id', id::text), id, method, options);
END $$;
SELECT * FROM test_audit.audit_hard('standard', '{}', 'array_fill(0::float8, ''{5}'')');
SELECT * FROM test_audit.audit_hard('standard', '{}', 'x');
SELECT * FROM test_audit.audit_hard('standard', '{}', 'normfreeze.normalize(n, $id)');
SELECT * FROM test_audit.audit_hard('standard', '{}', 'ARRAY[n[1], n[2], n[3], n[5], n[4]]');
-- where all that is large is clipped, a threshold would have done as well as a factor, unless other columns tell
SELECT * FROM test_audit.audit_hard('minmax', '{"clip": true}', 'normfreeze.normalize(ARRAY[x[1] * 1000, x[2], x[3], x[4], x[5]], $id)');
SELECT * FROM test_audit.audit_hard('minmax', '{"clip": true}', 'normfreeze.normalize(ARRAY[x[1] * 60, x[2] / 60, x[3], x[4] / 60, x[5] / 60], $id)');
SELECT feature, diagnosis, detail FROM normfreeze.audit_report((SELECT normfreeze.audit(x, normfreeze.normalize(ARRAY[x[1] * 1000, x[2] * 1000], s), s) FROM
	(SELECT ARRAY[i % 5, sqrt(i)]::float8[] AS x FROM generate_series(1, 100) AS i) AS q, (SELECT normfreeze.fit(ARRAY[i % 5, sqrt(i)]::float8[], 'standard',
		'{"names": ["few", "many"], "features": {"few": {"method": "minmax", "clip": true}}}') AS s FROM generate_series(1, 100) AS i) AS f));
SELECT normfreeze.audit(ARRAY[x], ARRAY[(x > 0)::int], s)->'features'->0->>'diagnosis' AS quantile FROM (SELECT (i % 50)::float8 AS x FROM generate_series(1, 300) AS i) AS q,
	(SELECT normfreeze.fit(ARRAY[i % 50]::float8[], 'quantile') AS s FROM generate_series(1, 300) AS i) AS f;
-- the scaler's options are kept by what is done in its place
SELECT * FROM test_audit.audit_hard('minmax', '{"clip": true}', 'normfreeze.normalize(x, (SELECT normfreeze.fit(ARRAY[few, many, constant, rare, rarer],
  ''minmax'', ''{"feature_range": [-1, 1], "clip": true}'') FROM test_audit.audit_hard WHERE id <= 400))');
SELECT * FROM test_audit.audit_hard('robust', '{"missing": "median"}', 'normfreeze.normalize(x, again)');
SELECT * FROM test_audit.audit_hard('l2', '{}', 'ARRAY[n[2], n[1], n[3], coalesce(n[4], 0), n[5]]');
-- one wrong value at the end is not clipping
SELECT * FROM test_audit.audit_hard('standard', '{}', 'ARRAY[n[1], CASE WHEN x[2] > 16.9 THEN 2.3123 ELSE n[2] END, n[3], n[4], n[5]]');
SELECT * FROM test_audit.audit_hard('standard', '{}', 'ARRAY[n[1], least(n[2], 1.7), n[3], n[4], n[5]]');
-- a function of extreme parameters: rounding does not reach the values themselves
CREATE TABLE test_audit.audit_extreme AS SELECT ARRAY[1000 + (i * 37 % 101) / 7.0::float8] AS x FROM generate_series(1, 400) AS i;
SELECT normfreeze.freeze('audit extreme', normfreeze.fit(x, 'power')) AS extreme FROM test_audit.audit_extreme \gset
SELECT normfreeze.audit(x, ARRAY[0::float8], :extreme)->'features'->0->>'diagnosis' AS zeros FROM test_audit.audit_extreme;

SET client_min_messages = warning;
REVOKE ALL ON SCHEMA test_audit FROM test_audit_reader;
DROP SCHEMA test_audit CASCADE;
DROP ROLE test_audit_reader;
