-- A feature may be a sequence of steps, each fitted to the exact results of those before it
CREATE SCHEMA steps;
SET search_path = steps, public;
CREATE TABLE t AS
SELECT i AS id, ((i * 37) % 200) / 8.0::float8 AS income, ((i * 91) % 177)::float8 / 4 - 10 AS balance, sqrt(i::float8) AS age
  FROM generate_series(1, 400) i;
UPDATE t SET income = NULL WHERE id % 50 = 0;

-- plain arithmetic, step by step: the same bits as scalers of one step each, applied one after the other
WITH first AS (SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"]}') AS s FROM t),
     between AS (SELECT id, income, (normfreeze.normalize(t, s))[1] AS z FROM t, first),
     second AS (SELECT normfreeze.fit(ARRAY[z], 'minmax', '{"feature_range": [-1, 1]}') AS s FROM between),
     both_steps AS (SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"],
         "steps": ["standard", {"method": "minmax", "feature_range": [-1, 1]}]}') AS s FROM t)
SELECT bool_and(normfreeze.normalize(ARRAY[z], second.s) IS NOT DISTINCT FROM normfreeze.normalize(ARRAY[income], both_steps.s)) AS same
  FROM between, second, both_steps;

-- one id, whatever the way: the aggregate, passes over the table, an exact profile
CREATE TABLE kinds(label text, options jsonb);
INSERT INTO kinds VALUES
 ('logarithm', '{"columns": ["income", "age"], "steps": ["log1p", "standard"]}'),
 ('power', '{"columns": ["balance"], "steps": [{"method": "power"}, {"method": "minmax", "feature_range": [-1, 1], "clip": true}]}'),
 ('four', '{"columns": ["balance", "income"], "steps": ["yeo-johnson", "robust", {"method": "quantile", "n_quantiles": 20}, "mad"]}'),
 ('mixed', '{"columns": ["balance", "income", "age"], "features": {"balance": {"steps": [{"method": "affine", "center": -11, "scale": 2}, "box-cox"]},
            "age": {"steps": ["midrange", "meanabs"]}}}'),
 ('undefined', '{"columns": ["balance", "income"], "domain": "null", "missing": "median", "steps": ["log1p", "standard"]}'),
 ('clipped', '{"columns": ["balance", "income"], "domain": "clip", "steps": [{"method": "log1p"}, "maxabs"]}'),
 ('all as one', '{"columns": ["income", "age"], "global": true, "distribution": 1000, "steps": ["log1p", "robust"]}');
CREATE TABLE fitted AS
SELECT label, normfreeze.freeze('steps_' || replace(label, ' ', '_'), s) AS id, s
  FROM kinds, LATERAL (SELECT normfreeze.fit(t, 'standard', options) AS s FROM t) f;
SELECT label,
       normfreeze.fit_table('t', 'standard', options) = s AS by_passes,
       normfreeze.fit(normfreeze.profile_of(id), 'standard', options - 'columns' - 'distribution') = s AS from_profile,
       s::text::normfreeze.scaler = s AS as_text
  FROM kinds JOIN fitted USING (label) ORDER BY label;
SELECT k.label, v."check", v.ok, v.detail
  FROM fitted k, LATERAL normfreeze.verify(k.id) v
 WHERE v."check" IN ('parameters', 'probes') OR NOT v.ok ORDER BY k.label, v."check";

-- passes, in earnest: more different values than a distribution has cells
CREATE TABLE many AS
SELECT i AS id, ((i * 7919) % 3001)::float8 / 7 AS income, sin(i) * 30 AS balance, sqrt(i::float8) AS age FROM generate_series(1, 3000) i;
SELECT label, normfreeze.fit_table('many', 'standard', options) = normfreeze.fit(many, 'standard', options) AS by_passes
  FROM kinds, many WHERE label <> 'mixed' GROUP BY label, options ORDER BY label;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT normfreeze.fit_table('many', 'standard', options) = normfreeze.fit(many, 'standard', options) AS in_parallel
  FROM kinds, many WHERE label = 'four' GROUP BY options;
RESET max_parallel_workers_per_gather; RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;

-- back again
SELECT k.label, max(abs(b.x - o.x)) < 1e-9 AS back
  FROM fitted k, t,
       LATERAL unnest(normfreeze.denormalize(normfreeze.normalize(t, k.s), k.s), normfreeze.feature_names(k.s)) AS b(x, feature),
       LATERAL (SELECT (to_jsonb(t) ->> b.feature)::float8 AS x) o
 WHERE k.label IN ('logarithm', 'mixed', 'power') AND b.x IS NOT NULL AND o.x IS NOT NULL GROUP BY 1 ORDER BY 1;

-- every form of input
\set s 'normfreeze.scaler(''steps_logarithm@latest''::text)'
SELECT normfreeze.normalize(ARRAY[7.0, 2.0], :s), normfreeze.normalize(ARRAY[7.0, 2.0]::real[], :s),
       normfreeze.normalize('{"income": 7, "age": 2}'::jsonb, :s), normfreeze.normalize(7.0, :s, 'income');

-- what is described
SELECT feature, method, options -> 'before' AS before, formula FROM normfreeze.describe(normfreeze.scaler_id('steps_undefined@latest'));
SELECT e.* FROM (SELECT NULL::float8 AS balance, 3.5 AS income UNION ALL SELECT -4, 3.5) r, normfreeze.explain(r, 'steps_undefined@latest') e;
SELECT e.* FROM (SELECT -4 AS balance, 3.5 AS income) r, normfreeze.explain(r, 'steps_clipped@latest') e;
SELECT feature, what, old, new FROM normfreeze.diff(normfreeze.scaler_id('steps_undefined@latest'), normfreeze.scaler_id('steps_clipped@latest'))
 WHERE what IN ('method', 'options', 'steps before', 'domain');

-- audit: a step that was left out or came in the other order, with the scaler's own parameters or fitted that way
CREATE TABLE audited AS SELECT id, income AS wage FROM t;
CREATE TABLE sequences AS
SELECT kind, normfreeze.freeze('steps_audited_' || kind, normfreeze.fit(t, 'standard', jsonb_build_object('columns', array['wage'], 'steps', steps))) AS id
  FROM audited t, (VALUES ('two', '["log1p", "standard"]'::jsonb), ('three', '["log1p", "standard", {"method": "quantile", "n_quantiles": 50}]'),
                  ('given', '[{"method": "affine", "center": -1, "scale": 2}, "box-cox"]')) v(kind, steps) GROUP BY kind, steps;
CREATE TABLE faults(kind text, n int, fault text, steps jsonb);
INSERT INTO faults VALUES
 ('two', 1, 'nothing', '["log1p", "standard"]'),
 ('two', 2, 'no logarithm, fitted so', '["standard"]'),
 ('two', 3, 'no scaling', '["log1p"]'),
 ('two', 4, 'another method', '["log1p", "minmax"]'),
 ('two', 5, 'another method without the logarithm', '[{"method": "affine", "center": 3.75, "scale": 8.5}]'),
 ('three', 1, 'nothing', '["log1p", "standard", {"method": "quantile", "n_quantiles": 50}]'),
 ('three', 2, 'no quantiles', '["log1p", "standard"]'),
 ('three', 3, 'no logarithm, fitted so', '["standard", {"method": "quantile", "n_quantiles": 50}]'),
 ('three', 4, 'the first two in the other order, fitted so', '["standard", {"method": "log1p", "domain": "null"}, {"method": "quantile", "n_quantiles": 50}]'),
 ('given', 1, 'in the other order, fitted so', '[{"method": "box-cox", "domain": "null"}, {"method": "affine", "center": -1, "scale": 2}]'),
 ('given', 2, 'nothing given', '[{"method": "box-cox", "domain": "null"}]');
CREATE TABLE observed AS
SELECT f.kind, n, fault, t.id, wage, (normfreeze.normalize(t, s))[1] AS y
  FROM faults f, LATERAL (SELECT normfreeze.fit(t, 'standard', jsonb_build_object('columns', array['wage'], 'steps', steps)) AS s FROM audited t
                           WHERE f.kind <> 'given' OR wage > 0) g, audited t WHERE f.kind <> 'given' OR wage > 0;
INSERT INTO observed
SELECT kind, 6, 'no logarithm, own parameters', t.id, wage, (wage - center) / scale FROM audited t, sequences s, normfreeze.describe(s.id) WHERE kind = 'two'
UNION ALL
SELECT kind, 7, 'in the other order, own parameters', t.id, wage, (normfreeze.normalize(ARRAY[(wage - center) / scale], l.s))[1]
  FROM audited t, sequences s, normfreeze.describe(s.id), (SELECT normfreeze.fit(t, 'log1p', '{"columns": ["wage"]}') AS s FROM audited t) l WHERE kind = 'two'
UNION ALL
SELECT kind, 8, 'no logarithm, fitted to some of them', t.id, wage, (wage - avg(wage) FILTER (WHERE t.id <= 123) OVER ()) / stddev_pop(wage) FILTER (WHERE t.id <= 123) OVER ()
  FROM audited t, sequences s WHERE kind = 'two'
UNION ALL
SELECT kind, 9, 'no scaling in a third', o.id, wage, CASE WHEN o.id % 3 = 0 THEN o.y ELSE r.y END
  FROM observed o JOIN observed r USING (kind, id, wage) WHERE kind = 'two' AND o.n = 3 AND r.n = 1;
SELECT kind, fault, r.verdict, r.diagnosis, r.detail
  FROM (SELECT o.kind, n, fault, normfreeze.audit(ARRAY[wage], ARRAY[y], q.id) AS found
          FROM observed o JOIN sequences q ON q.kind = o.kind GROUP BY o.kind, n, fault, q.id) a, normfreeze.audit_report(found) r ORDER BY kind DESC, n;

-- the same where the profile does not hold the values, of the training set and of other rows, and results that were not clipped either
SELECT normfreeze.freeze('steps_of_many', normfreeze.fit(m, 'standard', '{"columns": ["income"], "steps": ["log1p", "standard"], "clip": [-1.5, 1]}')) AS many FROM many AS m \gset
SELECT f.fault, r.diagnosis, r.detail
  FROM (VALUES (1, 'no logarithm', '{"steps": ["standard"], "clip": [-1.5, 1]}', 0), (2, 'in the other order, not clipped', '{"steps": ["standard", "log1p"], "domain": "null"}', 0),
               (3, 'no logarithm, not clipped', '{"steps": ["standard"]}', 0), (4, 'no scaling, not clipped', '{"steps": ["log1p"]}', 0),
               (5, 'fitted to some rows', '{"steps": ["log1p", "standard"], "clip": [-1.5, 1]}', 900), (6, 'and not clipped', '{"steps": ["log1p", "standard"]}', 900)) AS f(n, fault, options, after),
       LATERAL (SELECT normfreeze.fit(ARRAY[income], 'standard', options::jsonb) AS s FROM many WHERE id > after) AS again,
       LATERAL normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[income], normfreeze.normalize(ARRAY[income], again.s), :many) FROM many WHERE id > after)) AS r ORDER BY f.n;

-- a single step is the method itself; null takes steps away that would be inherited
SELECT normfreeze.fit(t, 'robust', '{"columns": ["income"], "steps": ["standard"]}') = normfreeze.fit(t, 'standard', '{"columns": ["income"]}') AS same FROM t;
SELECT f.feature, f.formula FROM normfreeze.describe((SELECT normfreeze.fit(t, 'midrange', '{"columns": ["income", "age"], "steps": ["log1p", "standard"],
  "features": {"age": {"steps": null}}}') FROM t)) f;

-- infinities that are skipped are not results of steps
CREATE TABLE infinite AS SELECT CASE WHEN i % 10 = 0 THEN 'Infinity'::float8 ELSE i END AS x FROM generate_series(1, 50) i;
SELECT (normfreeze.fit(i, 'standard', '{"steps": ["log1p", "standard"], "infinite": "skip"}'))::jsonb #> '{features,0,parameters}' =
       (normfreeze.fit(i, 'standard', '{"steps": ["log1p", "standard"]}') FILTER (WHERE x < 'Infinity'))::jsonb #> '{features,0,parameters}' AS skipped,
       normfreeze.fit_table('infinite', 'standard', '{"steps": ["log1p", "standard"], "infinite": "skip", "distribution": false}') =
       normfreeze.fit(i, 'standard', '{"steps": ["log1p", "standard"], "infinite": "skip", "distribution": false}') AS by_passes
  FROM infinite i;
-- global features of a single step are fitted together with those of its method
SELECT count(DISTINCT parameters) AS shared FROM normfreeze.describe((SELECT normfreeze.fit(t, 'standard', '{"columns": ["income", "age"], "global": true,
  "features": {"age": {"steps": ["standard"]}}}') FROM t));

-- of a profile that does not hold the values: where later steps need no more than the range
CREATE TABLE ranged AS SELECT ARRAY[exp(sin(i) * 3), i / 7.0]::float8[] AS x FROM generate_series(1, 9000) AS i;
SELECT options ->> 'steps' AS steps, normfreeze.id_of(normfreeze.fit(p, 'standard', options)) = normfreeze.id_of((SELECT normfreeze.fit(x, 'standard', options) FROM ranged)) AS same_id,
       normfreeze.freeze('range', normfreeze.fit(p, 'standard', options)) IS NOT NULL AS frozen
  FROM (SELECT normfreeze.profile(x) AS p FROM ranged) AS m,
       unnest(ARRAY['{"steps": ["standard", "minmax"]}', '{"steps": ["log1p", {"method": "minmax", "feature_range": [-1, 1], "clip": true}, "maxabs"]}',
                    '{"steps": ["log", "midrange", "decimal"]}', '{"steps": [{"method": "affine", "scale": -3}, "minmax", "sqrt"], "global": true}',
                    '{"steps": ["log", "maxabs"], "outside": "clip", "range": {"deviations": 2}}', '{"steps": ["minmax"], "outside": "clip", "range": {"deviations": 1}}',
                    '{"steps": ["standard", "minmax"], "outside": "null", "range": {"deviations": 1}, "statistics": "all", "clip": [0.25, 0.75]}']::jsonb[]) WITH ORDINALITY AS o(options, n)
  ORDER BY n;
SELECT count(DISTINCT v.scaler_id) AS scalers, bool_and(c.ok) AS verified, count(*) FILTER (WHERE c."check" = 'parameters') AS derived_again
  FROM normfreeze.versions AS v, normfreeze.verify(v.scaler_id) AS c WHERE v.name = 'range';
SELECT normfreeze.id_of(normfreeze.fit(p, 'standard', o)) = normfreeze.id_of((SELECT normfreeze.fit(x, 'standard', o || '{"distribution": false}') FROM ranged)) AS without_distribution
  FROM (SELECT normfreeze.profile(x, '{"distribution": false}'::jsonb) AS p FROM ranged) AS m, (VALUES ('{"steps": ["log1p", "minmax"]}'::jsonb)) AS v(o);

-- features without parameters are verified, though they do not keep steps, domain and range
CREATE TABLE unfit AS SELECT normfreeze.freeze('unfit', normfreeze.fit(ARRAY[x], o.method::normfreeze.method, o.options::jsonb || jsonb_build_object('unfit', u))) AS id
  FROM unnest('{-9, 0}'::float8[]) AS x, unnest(ARRAY['null', 'unit']) AS u, (VALUES ('standard', '{"steps": ["log", "standard"]}'), ('standard', '{"steps": ["standard", "sqrt"]}'),
       ('log', '{}'), ('log', '{"domain": "clip"}'), ('reciprocal', '{}'), ('standard', '{"outside": "null", "range": [49, 51]}'),
       ('minmax', '{"global": true, "steps": ["log", "minmax"], "domain": "null"}')) AS o(method, options) GROUP BY u, o.method, o.options;
SELECT count(*) AS checks, bool_and(c.ok) AS verified, count(*) FILTER (WHERE c.detail LIKE '%does not tell') AS untold
  FROM (SELECT DISTINCT id FROM unfit) AS u, normfreeze.verify(u.id) AS c, normfreeze.describe(u.id) AS d WHERE c."check" = 'parameters' AND d.is_unfit;

-- such a fit holds no values
SET normfreeze.fit_memory = '64kB';
SELECT normfreeze.id_of(normfreeze.fit(x, 'standard', '{"steps": ["log1p", "minmax"]}')) =
       (SELECT normfreeze.id_of(normfreeze.fit(p, 'standard', '{"steps": ["log1p", "minmax"]}')) FROM (SELECT normfreeze.profile(x) AS p FROM ranged) AS m) AS held_none FROM ranged;
RESET normfreeze.fit_memory;

-- weights: those of whole numbers are rows that repeat, so parameters are equal; states of workers hold them too
CREATE TABLE counted AS SELECT ARRAY[exp(sin(i) * 3), i / 7.0 - 20, CASE WHEN i % 9 > 0 THEN cos(i) END]::float8[] AS x, ((i * i) % 5)::float8 AS times FROM generate_series(1, 400) AS i;
CREATE FUNCTION parameters_of(s normfreeze.scaler) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', d.parameters, d.formula, d.if_outside, d.is_constant), E'\n') FROM normfreeze.describe(s) AS d $$;
SELECT o.options, parameters_of((SELECT normfreeze.fit(x, 'standard', o.options::jsonb, times) FROM counted)) =
                  parameters_of((SELECT normfreeze.fit(x, 'standard', o.options::jsonb) FROM counted, generate_series(1, times::int))) AS same
  FROM unnest(ARRAY['{"steps": ["standard", "minmax", "standard"]}', '{"steps": ["cbrt", "standard"]}', '{"steps": ["standard", "square", "mean"], "global": true}',
                    '{"steps": ["log", "standard"], "domain": "null"}', '{"steps": ["sqrt", "sum"], "domain": "clip"}', '{"steps": ["standard", {"method": "minmax", "clip": true}]}',
                    '{"steps": ["asinh", "standard"], "missing": "mean", "outside": "clip", "range": {"deviations": 1}}',
                    '{"outside": "null", "range": {"deviations": 1}, "intercept": "mean"}']) WITH ORDINALITY AS o(options, n) ORDER BY o.n;
SELECT normfreeze.fit(x, 'standard', '{"steps": ["square", "standard"]}', times)::text =
       (SELECT normfreeze.fit(x, 'standard', '{"steps": ["square", "standard"]}', times)::text FROM (SELECT * FROM counted ORDER BY x DESC) AS c) AS any_order,
       normfreeze.id_of(normfreeze.fit(normfreeze.profile(x, times), 'standard', '{"steps": ["standard", "minmax"]}')) =
       normfreeze.id_of(normfreeze.fit(x, 'standard', '{"steps": ["standard", "minmax"]}', times)) AS of_profile FROM counted;

CREATE TABLE workers AS SELECT ARRAY[sin(i), i]::float8[] AS x, (1 + i % 7)::float8 AS times FROM generate_series(1, 20000) AS i;
SELECT normfreeze.id_of(normfreeze.fit(x, 'standard', '{"steps": ["standard", "cbrt", "standard"], "missing": "mean"}', times)) AS alone FROM workers \gset
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT normfreeze.id_of(normfreeze.fit(x, 'standard', '{"steps": ["standard", "cbrt", "standard"], "missing": "mean"}', times)) = :alone AS in_workers FROM workers;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;
-- fit_table() by a column of weights, which is no feature: in passes as the aggregate, in whatever plan
SET normfreeze.progress = off;
CREATE TABLE rows_counted AS SELECT x[1] AS a, x[2]::numeric AS "b b", x[3] AS fit_row, times::int AS "W" FROM counted;
CREATE FUNCTION table_by_weight(options jsonb) RETURNS boolean LANGUAGE sql AS $$
  SELECT normfreeze.fit_table('rows_counted', 'standard', options, 'W')::text =
         (SELECT normfreeze.fit(c, 'standard', CASE WHEN jsonb_typeof(options->'columns') = 'array' THEN '{}' ELSE '{"exclude": ["W"]}'::jsonb END || options, "W")::text FROM rows_counted AS c) $$;
SELECT o.options, table_by_weight(o.options::jsonb) AS same
  FROM unnest(ARRAY['{}', '{"columns": "numeric"}', '{"columns": ["a", "W"]}', '{"columns": ["fit_row"], "steps": ["cbrt", "standard"]}', '{"steps": ["standard", "minmax", "standard"]}',
                    '{"steps": ["standard", "square", "mean"], "global": true, "distribution": false}', '{"steps": ["log", "standard"], "domain": "null", "exclude": ["a", "W"]}',
                    '{"steps": ["sqrt", "sum"], "domain": "clip"}', '{"steps": ["asinh", "standard"], "missing": "mean", "outside": "clip", "range": {"deviations": 1}}',
                    '{"outside": "null", "range": {"deviations": 1}, "intercept": "mean"}']) WITH ORDINALITY AS o(options, n) ORDER BY o.n;
CREATE TABLE worker_rows AS SELECT x[1] AS f1, x[2] AS f2, times AS f3 FROM workers;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT (SELECT array_agg(d::text) FROM normfreeze.describe(normfreeze.fit_table('worker_rows', 'standard', '{"steps": ["standard", "cbrt", "standard"], "missing": "mean"}', 'f3')) AS d) =
       (SELECT array_agg(d::text) FROM normfreeze.describe((
         SELECT normfreeze.fit(x, 'standard', '{"steps": ["standard", "cbrt", "standard"], "missing": "mean", "names": ["f1", "f2"]}', times) FROM workers)) AS d) AS in_passes;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;

-- nor does one whose first steps are known before any value is: their results are added up as rows come; the same bits as in passes, which a median beside it asks for
CREATE TABLE added AS SELECT exp(sin(i) * 3) AS a, CASE WHEN i % 9 > 0 THEN i % 100 - 20.5 END AS b, cos(i) AS c, i % 3 AS k, (1 + i % 7)::float8 AS times FROM generate_series(1, 9000) AS i;
CREATE FUNCTION without_c(s normfreeze.scaler) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', d.feature, d.parameters, d.options, d.formula, d.is_constant), E'\n') FROM normfreeze.describe(s) AS d WHERE feature <> 'c' $$;
CREATE TABLE known AS SELECT * FROM unnest(ARRAY['{"steps": ["cbrt", "standard"]}', '{"steps": ["log1p", "standard", "minmax"], "domain": "null"}', '{"steps": ["sqrt", "asinh", "mean"], "domain": "null", "missing": "mean"}',
  '{"steps": ["reciprocal", "standard"]}', '{"steps": ["square", "log", "midrange"]}', '{"steps": [{"method": "affine", "center": -100, "scale": -2}, "expm1", "sum"], "global": true}', '{"steps": ["log"], "domain": "null"}',
  '{"steps": ["asinh", "standard"], "outside": "clip", "range": {"deviations": 1}, "statistics": "all"}', '{"steps": ["log", "standard"]}']::jsonb[]) WITH ORDINALITY AS o(options, n);
CREATE FUNCTION error_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text; BEGIN EXECUTE query INTO result; RETURN result; EXCEPTION WHEN data_exception THEN RETURN sqlerrm; END $$;
SET normfreeze.progress = off; SET normfreeze.fit_memory = '64kB';
SELECT n, options -> 'steps' AS steps, substring(error_of(format('SELECT without_c(normfreeze.fit(added, ''standard'', %L)) FROM added', options || '{"columns": ["a", "b"]}')), '.* step .*') AS error,
       error_of(format('SELECT without_c(normfreeze.fit(added, ''standard'', %L)) FROM added', options || '{"columns": ["a", "b"]}')) =
       error_of(format('SELECT without_c(normfreeze.fit_table(''added'', ''standard'', %L))', options || '{"columns": ["a", "b", "c"], "features": {"c": {"method": "robust", "global": false}}}')) AS same
  FROM known ORDER BY n;
CREATE TABLE ids AS SELECT n, k, normfreeze.id_of(normfreeze.fit(ARRAY[a, b], 'standard', options)) AS id, normfreeze.id_of(normfreeze.fit(ARRAY[a, b], 'standard', options, times)) AS weighted
  FROM known, added WHERE n <> 9 GROUP BY GROUPING SETS ((n, k), (n));
CREATE AGGREGATE state_of(float8[], normfreeze.method, jsonb) (SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state);
CREATE AGGREGATE state_of(float8[], normfreeze.method, jsonb, float8) (SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state);
CREATE AGGREGATE together(normfreeze.fit_state) (SFUNC = normfreeze.fit_state_combine, STYPE = normfreeze.fit_state, FINALFUNC = normfreeze.fit_final);
SELECT bool_and(id = normfreeze.id_of(plain)) AS by_text_of_states, bool_and(weighted = normfreeze.id_of(with_weights)) AS with_weights
  FROM (SELECT n, together(plain::text::normfreeze.fit_state) AS plain, together(with_weights::text::normfreeze.fit_state) AS with_weights
          FROM (SELECT n, state_of(ARRAY[a, b], 'standard', options) AS plain, state_of(ARRAY[a, b], 'standard', options, times) AS with_weights
                  FROM known, added WHERE n <> 9 GROUP BY n, k, b IS NULL AND a > 1) AS s GROUP BY n) AS t JOIN ids USING (n) WHERE k IS NULL;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT bool_and(id = same_id) AS in_groups FROM (SELECT n, k, normfreeze.id_of(normfreeze.fit(ARRAY[a, b], 'standard', options)) AS same_id
  FROM (SELECT * FROM added ORDER BY c) AS a, known WHERE n IN (1, 3, 6) GROUP BY n, k) AS g JOIN ids USING (n, k);
SELECT normfreeze.id_of(normfreeze.fit(ARRAY[a, b], 'standard', '{"steps": ["cbrt", "standard"]}')) = (SELECT id FROM ids WHERE n = 1 AND k IS NULL) AS in_workers FROM added;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET normfreeze.fit_memory; RESET normfreeze.progress;
-- states that were written before, which hold the values
SELECT normfreeze.fit_final('fit_state:41e8353111935ff5:AQEIc3RhbmRhcmR2eyJuYW1lcyI6IFsiYSIsICJiIl0sICJzdGVwcyI6IFsibG9nMXAiLCAic3RhbmRhcmQiXSwgImZlYXR1cmVzIjogeyJhIjogeyJtaXNzaW5nIjogIm1lZGlhbiJ9fSwgImRpc3RyaWJ1dGlvbiI6IGZhbHNlfQFbAQECAAMBYQMAAAAAAAAAAAAA8D8AAAAAAAAWQAEQAAAAAAAAJgABIQAAAACEAgAAAWICAQAAAAAAAAAAAABAAAAAAAAAHUABEAAAAAAAACUAASEAAAAAiQMAAAEDAAAAAAAA8L8AAAAAAAAIwAAAAAAAABbAAgAAAAAAAADAAAAAAAAAHcA=')::text = normfreeze.fit(x, 'standard', '{"steps": ["log1p", "standard"], "distribution": false, "features": {"a": {"missing": "median"}}, "names": ["a", "b"]}')::text AS same,
       normfreeze.fit_final('fit_state:f09e4d86669b7c08:AREIc3RhbmRhcmRIeyJzdGVwcyI6IFsic3FydCIsICJzdGFuZGFyZCJdLCAiZG9tYWluIjogIm51bGwiLCAiZGlzdHJpYnV0aW9uIjogZmFsc2V9AZMBAQICAAMDAAAAAAAAAAAAABbAAAAAAAAACEABEAAAAAAAAPr/ASEAAAAAhAIAAAEQAAAAAAAAEgABIQAAAAAQAAAAATIAAHALAAAAAAIBAAAAAAAAAAAAAEAAAAAAAAAdQAEQAAAAAAAAJQABIQAAAACJAwAAARAAAAAAAAAMAAEhAAAAALQAAAABMgAAJA8AAAAAAQMAAAAAAADwvwAAAAAAAAjA////////6T8AAAAAAAAAQAAAAAAAAPg/AAAAAAAA8D8CAAAAAAAAAMAAAAAAAAAdwAAAAAAAAABAAAAAAAAA8D8=')::text = normfreeze.fit(y, 'standard', '{"steps": ["sqrt", "standard"], "domain": "null", "distribution": false}', w)::text AS weighted
  FROM (VALUES (ARRAY[1.0, 2], ARRAY[1.0, 2], 2.0), (ARRAY[3.0, NULL], ARRAY[3.0, NULL], 1.5), (ARRAY[5.5, 7.25], ARRAY[-5.5, 7.25], 1)) AS v(x, y, w);

-- refused
\set VERBOSITY default
SELECT normfreeze.fit(normfreeze.profile(x, times), 'standard', '{"steps": ["minmax", "standard"]}') FROM counted;
SELECT normfreeze.fit(x, 'standard', '{"steps": ["power", "standard"]}', times) FROM counted;
SELECT normfreeze.fit(x, 'standard', '{"steps": [{"method": "standard", "ddof": 1}, "standard"]}', times) FROM counted;
SELECT normfreeze.fit(x, 'standard', '{"steps": ["minmax", "standard"], "quantiles": "histogram"}', times) FROM counted;
SET normfreeze.fit_memory = '64kB';
SELECT normfreeze.fit(ARRAY[i], 'standard', '{"steps": ["minmax", "standard"]}', 2.0) FROM generate_series(1, 9000) AS i;
RESET normfreeze.fit_memory;
SELECT normfreeze.fit(x, 'quantile', '{}', times) FROM workers;
SELECT normfreeze.fit_table('rows_counted', 'standard', '{"features": {"a": {"missing": "median"}}}', 'W');
SELECT normfreeze.fit_table('rows_counted', 'standard', NULL, 'w');
SELECT normfreeze.fit_table('rows_counted', 'standard', '{}', NULL);
CREATE VIEW by_odd_weights AS SELECT a, a > 0 AS yes, a::text AS text, nullif("W", 4) AS "null", -("W" / 4) AS negative, 'nan'::float8 AS nan, 0.0 AS nothing, random() AS luck FROM rows_counted;
SELECT normfreeze.fit_table('by_odd_weights', 'standard', '{"columns": ["a"]}', 'yes');
SELECT normfreeze.fit_table('by_odd_weights', 'standard', '{"columns": ["a"]}', 'text');
SELECT normfreeze.fit_table('by_odd_weights', 'standard', '{"columns": ["a"]}', 'null');
SELECT normfreeze.fit_table('by_odd_weights', 'standard', '{"columns": ["a"]}', 'negative');
SELECT normfreeze.fit_table('by_odd_weights', 'standard', '{"columns": ["a"], "steps": ["standard", "standard"]}', 'nan');
SELECT normfreeze.fit_table('by_odd_weights', 'standard', '{"columns": ["a"], "steps": ["standard", "standard"]}', 'nothing');
SELECT normfreeze.fit_table('by_odd_weights', 'standard', '{"columns": ["a"], "steps": ["standard", "standard"]}', 'luck');
SELECT normfreeze.fit(normfreeze.profile(x), 'standard', '{"steps": ["standard", "log1p"]}') FROM ranged;
SELECT normfreeze.fit(normfreeze.profile(x), 'standard', '{"steps": ["minmax", "reciprocal", "minmax"]}') FROM ranged;
SELECT normfreeze.fit(normfreeze.profile(x), 'standard', '{"steps": ["log", "maxabs"], "outside": "null", "range": {"deviations": 2}}') FROM ranged;
SELECT normfreeze.fit(normfreeze.profile(x), 'standard', '{"steps": ["standard", "minmax"], "outside": "clip", "range": {"deviations": 2}}') FROM ranged;
SELECT normfreeze.fit(normfreeze.profile(x), 'standard', '{"steps": ["log", {"method": "minmax"}], "domain": "null"}') FROM ranged;
SELECT normfreeze.fit(normfreeze.profile(x), 'standard', '{"steps": [{"method": "affine", "scale": 1e-308}, "minmax"]}') FROM ranged;
SELECT normfreeze.normalize(ARRAY[-3.0, 2.0], :s);
SELECT normfreeze.fit(t, 'standard', '{"columns": ["balance"], "steps": ["log1p", "standard"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["balance"], "steps": ["minmax", "box-cox"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": []}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": "log1p"}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": [7]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": [{"with_mean": true}]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", "standardize"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["l2", "standard"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", {"method": "standard", "missing": "mean"}]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": [{"method": "affine", "centre": 1}, "standard"]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": [{"method": "power", "power": "box-cox"}]}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", "standard"], "with_mean": false}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["quantile", "standard"], "max_quantiles": 9}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", "affine"], "center": 9}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "features": {"income": {"method": "standard", "steps": ["log1p"]}}}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", "standard"], "intercept": 3}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", "standard"], "missing": -2}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", "standard"], "domain": "zero"}') FROM t;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["age"], "steps": ["log1p", "standard"], "constant": "error"}') FROM t WHERE id = 5;
SELECT normfreeze.fit(t, 'standard', '{"columns": ["income"], "steps": ["log1p", "standard"]}') FROM t WHERE false;
SELECT normfreeze.fit(normfreeze.profile(ARRAY[i]::float8[]), 'standard', '{"steps": ["log1p", "standard"]}') FROM generate_series(1, 9000) i;
SELECT length(normfreeze.fit(normfreeze.profile(ARRAY[i]::float8[]), 'standard', '{"steps": ["log1p", "standard"], "quantiles": "histogram"}')::text) > 0 AS of_cells
  FROM generate_series(1, 9000) i;
SELECT normfreeze.fit(ARRAY[x], 'standard', '{"steps": [{"method": "affine", "scale": 1e-300}, "standard"]}') FROM (VALUES (1e10), (2.0)) v(x);
SELECT (jsonb_set(:s::jsonb, '{features,0,before}', '[]'))::text::normfreeze.scaler;
SELECT (jsonb_set(:s::jsonb, '{features,0,before,0,method}', '"standard"'))::text::normfreeze.scaler;
SELECT (jsonb_set(:s::jsonb, '{features,0,before,0,domain}', '"keep"'))::text::normfreeze.scaler;
SELECT (:s::jsonb #- '{features,0,before}')::text::normfreeze.scaler;
DROP SCHEMA steps CASCADE;
