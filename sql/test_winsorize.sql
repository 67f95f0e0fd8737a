--
-- Ranges by a rule: values outside are clipped (winsorized), dropped (trimmed) or refused, and statistics are those
-- of what is inside, or of all values.
--
\set VERBOSITY default
\set SHOW_CONTEXT never
SET normfreeze.progress = off;
CREATE SCHEMA test_winsorize;
SET search_path = test_winsorize, public;
CREATE TABLE fares AS
	SELECT n AS ride, CASE WHEN n % 97 = 0 THEN 5000.5 WHEN n % 101 = 0 THEN -77 WHEN n % 53 <> 0 THEN 4 + n * 7919 % 541 / 10.0 END::float8 AS fare,
		n * 31 % 17 AS items, n % 10 = 0 AS night, (n * 37 % 89)::real / 8 AS km
	FROM generate_series(1, 600) AS n;

CREATE VIEW rules AS
	SELECT * FROM (VALUES ('percentiles', '[2, 95]'), ('percentiles', '{"percentiles": [2.5, 90]}'), ('right', '[null, 95]'), ('left', '{"percentiles": [5, null]}'),
		('fraction', '{"fraction": 0.05}'), ('fractions', '{"fraction": [0.1, 0.01]}'), ('fraction left', '{"fraction": [0.05, null]}'),
		('deviations', '{"deviations": 1.5}'), ('sample', '{"deviations": 2, "ddof": 1, "tail": "right"}'),
		('mad', '{"mad": 3}'), ('raw mad', '{"mad": 2, "factor": 1, "tail": "left"}'), ('iqr', '{"iqr": 0.5}'), ('iqr', '{"iqr": 1.5, "tail": "both"}')) AS r (name, rule);

CREATE FUNCTION options(rule text, outside text, statistics text, more text DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS
	$$ SELECT jsonb_build_object('columns', '["fare"]'::jsonb, 'outside', outside, 'range', rule::jsonb, 'statistics', statistics) || more::jsonb $$;

-- ---- the range ----

SELECT r.rule, d.if_outside, d.min, d.max
	FROM rules AS r, LATERAL (SELECT normfreeze.fit(f, 'identity', options(r.rule, 'clip', 'all')) AS s FROM fares AS f) AS f, normfreeze.describe(f.s) AS d;

-- by SQL: percentile_cont() interpolates otherwise, up to rounding
SELECT bool_and(abs((s::text::jsonb #>> '{features,0,range,0}')::float8 - p[1]) < 1e-12 AND abs((s::text::jsonb #>> '{features,0,range,1}')::float8 - p[2]) < 1e-9) AS equal
	FROM (SELECT normfreeze.fit(f, 'identity', '{"columns": ["fare"], "outside": "clip", "range": [2, 95]}') AS s,
		percentile_cont('{0.02,0.95}'::float8[]) WITHIN GROUP (ORDER BY fare) AS p FROM fares AS f) AS f;
-- Oracle's lcut and rcut: of N values, number 1 + floor(N * q) and number N - floor(N * q)
SELECT s::text::jsonb #>> '{features,0,range}' = jsonb_build_array(v[1 + floor(n * 0.05)::int], v[n - floor(n * 0.05)::int])::text AS equal
	FROM (SELECT normfreeze.fit(f, 'identity', '{"columns": ["fare"], "outside": "clip", "range": {"fraction": 0.05}}') AS s,
		array_agg(fare ORDER BY fare) FILTER (WHERE fare IS NOT NULL) AS v, count(fare)::int AS n FROM fares AS f) AS f;

-- ---- statistics of what is inside are those of a table without the rest, for every method ----

CREATE TABLE fits AS
	SELECT m.method, r.rule, o.outside, normfreeze.fit_table('fares', m.method::normfreeze.method, options(r.rule, o.outside, 'inside', m.more)) AS scaler
	FROM (VALUES ('standard', '{}'), ('standard', '{"ddof": 1}'), ('minmax', '{}'), ('maxabs', '{}'), ('robust', '{"quantile_range": [10, 80]}'), ('mad', '{}'), ('meanabs', '{}'), ('sum', '{}'), ('quantile', '{"n_quantiles": 9}'), ('power', '{}'), ('identity', '{}'),
			('standard', '{"intercept": "min", "multiplier": 2}')) AS m (method, more),
		rules AS r, (VALUES ('clip'), ('null')) AS o (outside)
	WHERE r.rule IN ('[2, 95]', '[null, 95]', '{"fraction": [0.1, 0.01]}', '{"mad": 3}') AND (m.method <> 'power' OR r.name = 'percentiles');

CREATE FUNCTION as_table(scaler normfreeze.scaler, outside text, method text, options jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	range jsonb := scaler::text::jsonb #> '{features,0,range}';
	result jsonb;
BEGIN
	CREATE TEMP TABLE inside ON COMMIT DROP AS
		SELECT CASE WHEN outside = 'clip' AND fare IS NOT NULL THEN least(greatest(fare, (range ->> 0)::float8), (range ->> 1)::float8)
			WHEN fare >= (range ->> 0)::float8 AND fare <= (range ->> 1)::float8 THEN fare END AS fare FROM fares;
	SELECT normfreeze.fit(i, method::normfreeze.method, options)::text::jsonb #> '{features,0}' INTO result FROM inside AS i;
	DROP TABLE inside;
	RETURN result;
END $$;

-- the options of a row are those of its scaler
SELECT count(*), bool_and(f.scaler::text::jsonb #> '{features,0,parameters}' = t.feature -> 'parameters') AS same_parameters,
		bool_and(f.scaler::text::jsonb #> '{features,0,constant}' = t.feature -> 'constant') AS same_constant
	FROM fits AS f, LATERAL (SELECT as_table(f.scaler, f.outside, f.method, (f.scaler::text::jsonb #> '{features,0,options}') ||
		CASE WHEN f.scaler::text LIKE '%intercept%' THEN '{"intercept": "min", "multiplier": 2}' ELSE '{}' END::jsonb) AS feature) AS t;

-- ---- one id, whatever the way: aggregate, parallel workers, passes in little memory, a profile that tells ----

SET normfreeze.fit_memory = '64kB';
SELECT count(*), count(DISTINCT method) AS methods, bool_and(normfreeze.id_of(scaler) = normfreeze.id_of(again)) AS same
	FROM (SELECT f.*, normfreeze.fit_table('fares', method::normfreeze.method, options(rule, outside, 'inside',
			((scaler::text::jsonb #> '{features,0,options}') || CASE WHEN scaler::text LIKE '%intercept%' THEN '{"intercept": "min", "multiplier": 2}' ELSE '{}' END::jsonb)::text)) AS again
		FROM fits AS f WHERE rule = '[2, 95]' AND method NOT IN ('power', 'identity')) AS f;
RESET normfreeze.fit_memory;
SELECT count(*), bool_and(normfreeze.id_of(scaler) = normfreeze.id_of(again)) AS same
	FROM (SELECT f.scaler, (SELECT normfreeze.fit(r, method::normfreeze.method, o.options) FROM fares AS r) AS again
		FROM fits AS f, LATERAL (SELECT options(rule, outside, 'inside', ((scaler::text::jsonb #> '{features,0,options}') ||
			CASE WHEN scaler::text LIKE '%intercept%' THEN '{"intercept": "min", "multiplier": 2}' ELSE '{}' END::jsonb)::text) OFFSET 0) AS o (options)) AS f;
CREATE TABLE many AS SELECT items, km FROM fares, generate_series(1, 40);
ALTER TABLE many SET (parallel_workers = 2);
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT normfreeze.fit(m, 'robust', '{"outside": "clip", "range": [10, 80]}') AS workers, normfreeze.profile(m) AS profile FROM many AS m \gset
SET max_parallel_workers_per_gather = 0;
SELECT normfreeze.id_of(normfreeze.fit(m, 'robust', '{"outside": "clip", "range": [10, 80]}')) = normfreeze.id_of(:'workers') AS same FROM many AS m;
SELECT normfreeze.id_of(normfreeze.fit(:'profile'::normfreeze.profile, 'robust', '{"outside": "clip", "range": [10, 80]}')) = normfreeze.id_of(:'workers') AS same;
SELECT normfreeze.id_of(normfreeze.fit(normfreeze.merge(p), 'robust', '{"outside": "clip", "range": [10, 80]}')) = normfreeze.id_of(:'workers') AS same
	FROM (SELECT normfreeze.profile(m) AS p FROM many AS m GROUP BY items % 3) AS p;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- a profile that does not tell, and one whose cells may stand for values; deviations and statistics of all need moments alone
SELECT normfreeze.profile(f) AS cells FROM (SELECT fare + ride / 1000.0 AS fare FROM fares) AS f \gset
SELECT normfreeze.fit(:'cells'::normfreeze.profile, 'standard', '{"outside": "clip", "range": [2, 95]}');
SELECT normfreeze.fit(:'cells'::normfreeze.profile, 'standard', '{"outside": "clip", "range": {"deviations": 2}}');
SELECT d.if_outside, d.formula FROM normfreeze.describe(normfreeze.fit(:'cells'::normfreeze.profile, 'standard', '{"outside": "clip", "range": [2, 95], "quantiles": "histogram"}')) AS d;
SELECT d.if_outside, d.formula FROM normfreeze.describe(normfreeze.fit(:'cells'::normfreeze.profile, 'standard', '{"outside": "clip", "range": {"deviations": 2}, "statistics": "all"}')) AS d;

-- ---- values ----

SELECT normfreeze.freeze('winsorized', normfreeze.fit(f, 'standard', '{"outside": "clip", "range": {"iqr": 0.5}, "columns": ["fare", "items"]}')) AS clipped,
	normfreeze.freeze('trimmed', normfreeze.fit(f, 'standard', '{"outside": "null", "range": {"iqr": 0.5}, "columns": ["fare", "items"], "missing": "mean"}')) AS trimmed,
	normfreeze.freeze('refusing', normfreeze.fit(f, 'standard', '{"outside": "error", "range": [null, 95], "columns": ["fare", "items"]}')) AS refusing FROM fares AS f \gset
SELECT v.fare, normfreeze.normalize(ARRAY[fare, 8], :clipped) AS clipped, normfreeze.normalize(ARRAY[fare, 8], :trimmed) AS trimmed, normfreeze.normalize(fare, :clipped, 'fare') AS one
	FROM (VALUES (-1e300::float8), (-30), (20), (60), (5000), ('Infinity'), ('-Infinity'), (NULL), ('NaN')) AS v (fare);
SELECT normfreeze.normalize(ARRAY[-1e300, -5], :refusing), normfreeze.normalize(ARRAY[57, 8], :refusing);
SELECT normfreeze.normalize(ARRAY[57.9, 8], :refusing);
SELECT normfreeze.normalize('{-Infinity,8}'::float8[], :refusing);
SELECT * FROM normfreeze.explain((SELECT v FROM (SELECT 5000 AS fare, 3 AS items) AS v), :clipped);
-- an imputed value is that of all values, and not held against the range
SELECT (s::text::jsonb #>> '{features,0,imputed}')::float8 = d.mean AS of_all FROM normfreeze.scaler(:trimmed) AS s, normfreeze.describe(:trimmed) AS d WHERE d.ordinal = 1;

-- ---- what is written and read ----

SELECT s::text::jsonb #> '{features,0}' FROM normfreeze.scaler(:refusing) AS s;
SELECT count(*), bool_and(normfreeze.id_of(f.scaler::text::normfreeze.scaler) = normfreeze.id_of(f.scaler)) AS same FROM fits AS f;
SELECT replace(s::text, '[null, 95]', '[null, 94]')::normfreeze.scaler IS NULL FROM normfreeze.scaler(:refusing) AS s;
SELECT replace(s::text, '"statistics": "inside"', '"statistics": "outside"')::normfreeze.scaler IS NULL FROM normfreeze.scaler(:refusing) AS s;
SELECT replace(s::text, '"range_rule": {"percentiles": [null, 95]}, ', '')::normfreeze.scaler IS NULL FROM normfreeze.scaler(:refusing) AS s;
SELECT replace(s::text, '[null, 95]', '[99, 95]')::normfreeze.scaler IS NULL FROM normfreeze.scaler(:refusing) AS s;
SELECT replace(s::text, '"outside": "error"', '"outside": "keep"')::normfreeze.scaler IS NULL FROM normfreeze.scaler(:refusing) AS s;

SELECT feature, what, old, new FROM normfreeze.diff(:clipped, :trimmed) WHERE what LIKE '%range%' OR what IN ('outside', 'statistics', 'min', 'max');
SELECT feature, what, old, new FROM normfreeze.diff(:clipped, :refusing) WHERE what LIKE '%range%' OR what IN ('outside', 'statistics', 'min', 'max');
SELECT "check", ok, detail FROM normfreeze.verify(:clipped) WHERE "check" = 'parameters';
SELECT "check", ok, detail FROM normfreeze.verify(:refusing) WHERE "check" = 'parameters';
SELECT regexp_replace(normfreeze.to_sql(:clipped, 'fares'), '\n/\*.*', '');
SELECT regexp_replace(normfreeze.to_sql(:trimmed, 'fares'), '\n/\*.*', '');
SELECT regexp_replace(normfreeze.to_sql(:refusing, 'fares', 'duckdb'), '\n/\*.*', '');

-- ---- drift ----

SELECT normfreeze.profile(f, :clipped) AS live FROM (SELECT fare * 1.5 AS fare, items FROM fares) AS f \gset
SELECT * FROM normfreeze.drift_ranges(:clipped, :'live');
SELECT feature, outside, lower, upper FROM normfreeze.drift_ranges('refusing@v1', :'live', '{"exclude": ["items"]}');
SELECT normfreeze.record_drift(:clipped, :'live');
SELECT feature, reference_outside_range, live_outside_range FROM normfreeze.drift_history WHERE scaler_id = :clipped;
SELECT * FROM normfreeze.drift_ranges(:clipped, NULL);
SELECT normfreeze.freeze('kept', normfreeze.fit(f, 'standard', '{"columns": ["fare"]}')) AS kept FROM fares AS f \gset
SELECT * FROM normfreeze.drift_ranges(:kept, :'live');

-- ---- audit ----

CREATE VIEW pieces AS SELECT items AS pieces FROM fares;
SELECT normfreeze.freeze('pieces', normfreeze.fit(f, 'standard', '{"outside": "clip", "range": [10, 90], "columns": ["pieces"]}')) AS pieces FROM pieces AS f \gset
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[pieces]::float8[], normfreeze.normalize(ARRAY[pieces]::float8[], :pieces), :pieces) FROM pieces)) AS r;
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[pieces]::float8[], ARRAY[(pieces - d.center) / d.scale], :pieces)
	FROM pieces, normfreeze.describe(:pieces) AS d)) AS r;
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[pieces]::float8[], normfreeze.normalize(ARRAY[pieces]::float8[], o.s), :pieces)
	FROM pieces, (SELECT normfreeze.fit(f, 'standard', '{"columns": ["pieces"]}') AS s FROM pieces AS f) AS o)) AS r;
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[pieces]::float8[], normfreeze.normalize(ARRAY[pieces]::float8[], o.s), :pieces)
	FROM pieces, (SELECT normfreeze.fit(f, 'standard', '{"columns": ["pieces"], "outside": "clip", "range": [5, 95]}') AS s FROM pieces AS f) AS o)) AS r;
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[pieces]::float8[], normfreeze.normalize(ARRAY[pieces]::float8[], o.s), :pieces)
	FROM pieces, (SELECT normfreeze.fit(f, 'standard', '{"columns": ["pieces"], "outside": "clip", "range": [10, 90], "statistics": "all"}') AS s FROM pieces AS f) AS o)) AS r;

-- ---- in front of steps: the range is of raw values, and steps are fitted to what it leaves ----

CREATE VIEW staged AS
	SELECT t.steps, o.outside, s.statistics, normfreeze.fit(f, 'standard', jsonb_build_object('columns', '["fare"]'::jsonb, 'outside', o.outside, 'range', '[2, 95]'::jsonb,
		'statistics', s.statistics, 'steps', t.steps::jsonb, 'domain', 'null')) AS scaler
	FROM (VALUES ('["log1p", "standard"]'), ('[{"method": "minmax", "clip": true}, "quantile", "robust"]')) AS t (steps), (VALUES ('clip'), ('null')) AS o (outside),
		(VALUES ('inside'), ('all')) AS s (statistics), fares AS f GROUP BY 1, 2, 3;
SELECT s.steps, s.outside, s.statistics, d.options ? 'before' AS has_steps, d.if_outside,
		normfreeze.id_of(s.scaler) = normfreeze.id_of(normfreeze.fit_table('fares', 'standard', jsonb_build_object('columns', '["fare"]'::jsonb, 'outside', s.outside, 'range', '[2, 95]'::jsonb,
			'statistics', s.statistics, 'steps', s.steps::jsonb, 'domain', 'null'))) AS in_passes,
		normfreeze.id_of(s.scaler::text::normfreeze.scaler) = normfreeze.id_of(s.scaler) AS as_text
	FROM staged AS s, normfreeze.describe(s.scaler) AS d ORDER BY s.steps COLLATE "C", 2, 3;
-- the same steps of a table that has only what is inside
SELECT s.steps, s.outside, f.feature -> 'before' = i.feature -> 'before' AND f.feature -> 'parameters' = i.feature -> 'parameters' AS same
	FROM staged AS s, LATERAL (SELECT s.scaler::text::jsonb #> '{features,0}' AS feature) AS f,
		LATERAL (SELECT normfreeze.fit(t, 'standard', jsonb_build_object('steps', s.steps::jsonb, 'domain', 'null'))::text::jsonb #> '{features,0}' AS feature
			FROM (SELECT CASE WHEN s.outside = 'clip' AND fare IS NOT NULL THEN least(greatest(fare, (f.feature #> '{range,0}')::float8), (f.feature #> '{range,1}')::float8)
				WHEN fare BETWEEN (f.feature #> '{range,0}')::float8 AND (f.feature #> '{range,1}')::float8 THEN fare END AS fare FROM fares) AS t) AS i
	WHERE s.statistics = 'inside' ORDER BY s.steps COLLATE "C", 2;
SELECT normfreeze.freeze('staged', scaler) AS staged FROM staged WHERE outside = 'clip' AND statistics = 'inside' AND steps LIKE '%log1p%' \gset
SELECT v, normfreeze.normalize(ARRAY[v], :staged), normfreeze.denormalize(normfreeze.normalize(ARRAY[v], :staged), :staged)
	FROM (VALUES (-77::float8), (20), (5000.5), (NULL)) AS v (v);
SELECT "check", ok, detail FROM normfreeze.verify(:staged) WHERE "check" = 'parameters';
SELECT * FROM normfreeze.drift_ranges(:staged, (SELECT normfreeze.profile(f, :staged) FROM fares AS f));
SELECT r.diagnosis, r.detail FROM normfreeze.audit_report((SELECT normfreeze.audit(ARRAY[fare], normfreeze.normalize(ARRAY[fare], o.s), :staged)
	FROM fares, (SELECT normfreeze.fit(f, 'standard', '{"columns": ["fare"], "steps": ["log1p", "standard"], "domain": "null"}') AS s FROM fares AS f) AS o)) AS r;

-- ---- feature-engine's Winsorizer ----

CREATE FUNCTION winsorizer(more text, method text DEFAULT 'iqr', tail text DEFAULT 'both') RETURNS jsonb LANGUAGE sql IMMUTABLE AS
	$$ SELECT jsonb_build_object('class', 'Winsorizer', 'capping_method', method, 'tail', tail, 'fold', 'auto', 'add_indicators', false, 'missing_values', 'raise',
		'feature_names_in_', '["a", "b"]'::jsonb, 'n_features_in_', 2, 'variables_', '["a"]'::jsonb) || more::jsonb $$;
SELECT m.method, m.tail, d.feature, d.formula, d.if_outside, normfreeze.normalize(ARRAY[-9, -9], s), normfreeze.normalize(ARRAY[9, 9], s),
		normfreeze.id_of(s::text::normfreeze.scaler) = normfreeze.id_of(s) AS as_text
	FROM (VALUES ('gaussian', 'both', '{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": -2.5}}'), ('iqr', 'right', '{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {}}'),
		('quantiles', 'left', '{"left_tail_caps_": {"a": -2.5}, "fold_": 0.1}'), ('mad', 'both', '{"fold": 2, "right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 4}}')) AS m (method, tail, more),
		LATERAL normfreeze.from_sklearn(winsorizer(more, method, tail)) AS s, normfreeze.describe(s) AS d;
CREATE FUNCTION pipeline(VARIADIC steps jsonb[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
	$$ SELECT jsonb_build_object('class', 'Pipeline', 'steps', jsonb_agg(jsonb_build_array('step ' || n, s))) FROM unnest(steps) WITH ORDINALITY AS s (s, n) $$;
SELECT winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": -2.5}}') AS winsorizer, '{"class": "StandardScaler", "mean_": [1, 2], "scale_": [2, 4]}' AS standard,
	'{"class": "MinMaxScaler", "min_": [1, 2], "scale_": [0.5, 4], "clip": true, "feature_range": [0, 1]}' AS minmax,
	'{"class": "SimpleImputer", "strategy": "mean", "statistics_": [100, 7]}' AS imputer \gset
SELECT d.feature, d.formula, d.if_missing, d.if_outside, d.options ? 'before' AS has_steps FROM (VALUES (1, normfreeze.from_sklearn(pipeline(:'winsorizer', :'standard'))),
	(2, normfreeze.from_sklearn(pipeline(:'imputer', :'winsorizer', :'standard', :'minmax'))), (3, normfreeze.from_sklearn(pipeline(:'winsorizer', :'imputer')))) AS p (n, s),
	normfreeze.describe(s) AS d ORDER BY n, d.ordinal;
SELECT normfreeze.normalize(ARRAY[v, v], normfreeze.from_sklearn(pipeline(:'imputer', :'winsorizer', :'standard', :'minmax'))) FROM (VALUES (-9), (1), (9), (NULL)) AS v (v);
SELECT normfreeze.from_sklearn(pipeline(:'standard', :'winsorizer'));
SELECT normfreeze.from_sklearn(pipeline(:'winsorizer', :'winsorizer'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 5}}'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"c": 1}}'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {}}'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": "NaN"}, "left_tail_caps_": {"a": 1}}'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}}'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 1}}', 'iqr', 'right'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 1}, "fold_": -1}'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 1}, "fold_": 0.6}', 'quantiles'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 1}, "add_indicators": true}'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 1}}', 'zscore'));
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 1}}') - 'feature_names_in_');
SELECT normfreeze.from_sklearn(winsorizer('{"right_tail_caps_": {"a": 4}, "left_tail_caps_": {"a": 1}}') - 'tail');

-- ---- features of several kinds, global ones, weights ----

SELECT d.feature, d.formula, d.if_outside FROM normfreeze.describe((SELECT normfreeze.fit(f, 'minmax',
	'{"outside": "clip", "range": [5, 95], "exclude": ["ride"], "features": {"night": {"outside": "keep"}, "km": {"range": "training"}, "items": {"range": {"mad": 1}}}}') FROM fares AS f)) AS d;
SELECT d.feature, d.formula, d.if_outside FROM normfreeze.describe((SELECT normfreeze.fit(f, 'standard',
	'{"outside": "clip", "range": [5, 95], "global": true, "columns": ["fare", "items", "km"], "features": {"km": {"range": [1, 99]}}}') FROM fares AS f)) AS d;
-- the global ones are those of one column
SELECT d.formula, d.if_outside FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": [5, 95]}')
	FROM (SELECT fare AS v FROM fares UNION ALL SELECT items FROM fares) AS v)) AS d;
SELECT normfreeze.freeze('global', normfreeze.fit(f, 'standard', '{"outside": "clip", "range": [5, 95], "global": true, "columns": ["night", "items"], "intercept": "mean"}')) AS global
	FROM fares AS f \gset
SELECT "check", ok, detail FROM normfreeze.verify(:global) WHERE "check" = 'parameters';
SELECT d.formula, d.if_outside FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[fare], 'standard', '{"outside": "clip", "range": {"deviations": 2}, "statistics": "all"}', items) FROM fares)) AS d;
SELECT d.formula, d.if_outside FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[fare], 'standard', '{"outside": "clip", "range": {"deviations": 2}, "statistics": "all"}')
	FROM fares, generate_series(1, items))) AS d;
SELECT normfreeze.fit(ARRAY[fare], 'standard', '{"outside": "clip", "range": [1, 99], "statistics": "all"}', items) FROM fares;
SELECT normfreeze.fit(ARRAY[fare], 'standard', '{"outside": "clip", "range": {"deviations": 2, "ddof": 1}, "statistics": "all"}', items) FROM fares;

-- ---- bad input ----

SELECT normfreeze.fit(f, 'standard', '{"columns": ["fare"], "range": [1, 99]}') FROM fares AS f;
SELECT normfreeze.fit(f, 'standard', '{"columns": ["fare"], "outside": "clip", "statistics": "inside"}') FROM fares AS f;
SELECT normfreeze.fit(f, 'standard', '{"columns": ["fare"], "outside": "clip", "range": [1, 99], "statistics": "some"}') FROM fares AS f;
CREATE FUNCTION refused(rule text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	PERFORM normfreeze.fit(f, 'standard', jsonb_build_object('columns', '["fare"]'::jsonb, 'outside', 'clip', 'range', rule::jsonb)) FROM fares AS f;
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT rule, refused(rule) FROM (VALUES ('[99, 1]'), ('[1, 1]'), ('[1]'), ('[1, 99, 100]'), ('[-1, 99]'), ('[1, 101]'), ('["1", 99]'), ('[null, null]'), ('[1, 1e400]'),
	('{}'), ('5'), ('"iqr"'), ('true'), ('null'), ('{"iqr": 0}'), ('{"iqr": -1}'), ('{"iqr": "1"}'), ('{"iqr": 1, "mad": 1}'), ('{"iqr": 1, "tail": "up"}'), ('{"iqr": 1, "tail": 1}'),
	('{"iqr": 1, "factor": 2}'), ('{"deviations": 3, "ddof": 2}'), ('{"deviations": 3, "ddof": 0.5}'), ('{"deviations": null}'), ('{"mad": 3, "factor": 0}'), ('{"mad": 1e301}'),
	('{"fraction": 0.5}'), ('{"fraction": [0.1, 0.9]}'), ('{"fraction": 0.1, "tail": "left"}'), ('{"percentiles": 5}'), ('{"winsor": 1}'),
	('{"mad": 1e300}'), ('{"iqr": 1e-300}'), ('[0, 100]')) AS r (rule);
-- nothing to scale: equal values, or none
SELECT normfreeze.fit(f, 'standard', '{"columns": ["night"], "outside": "clip", "range": [5, 80]}') FROM fares AS f;
SELECT normfreeze.fit(f, 'standard', '{"columns": ["night"], "outside": "clip", "range": {"mad": 3}}') FROM fares AS f;
SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "null", "range": {"deviations": 0.5}}') FROM (VALUES (1), (-1)) AS v (v);
SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "null", "range": [40, 60]}') FROM (VALUES (1), (-1)) AS v (v);
SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": [10, 20]}') FROM (VALUES (1.7e308), (-1.7e308)) AS v (v);
SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": {"iqr": 1}}') FROM (VALUES (1.7e308), (-1.7e308)) AS v (v);
SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": [1, 99]}') FROM (VALUES (NULL::float8), ('NaN')) AS v (v);
SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": [1, 99]}') FROM (VALUES (1::float8), ('Infinity')) AS v (v);
SELECT d.formula, d.if_outside, d.is_unfit FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "null", "range": {"deviations": 0.5}, "unfit": "null"}') FROM (VALUES (1), (-1)) AS v (v))) AS d;
SELECT d.formula, d.if_outside, d.is_unfit FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": {"mad": 3}, "unfit": "unit"}') FROM (VALUES (1), (1), (1), (4)) AS v (v))) AS d;
SELECT d.formula, d.if_outside, d.is_unfit FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": {"iqr": 1}, "unfit": "unit"}') FROM (VALUES (1.7e308), (-1.7e308)) AS v (v))) AS d;
-- one value, and values that are all equal, are a range
SELECT d.formula, d.if_outside, d.is_constant FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[v], 'standard', '{"outside": "clip", "range": {"deviations": 3, "ddof": 1}}') FROM (VALUES (7)) AS v (v))) AS d;
SELECT d.formula, d.if_outside, d.is_constant FROM normfreeze.describe((SELECT normfreeze.fit(ARRAY[v], 'minmax', '{"outside": "clip", "range": {"mad": 3}}') FROM (VALUES (7), (7), (7)) AS v (v))) AS d;
-- a range whose ends are beyond float8, or open and beyond it, has the limits of float8
SELECT d.if_outside, (s::text::jsonb #>> '{features,0,range,0}')::float8 AS low, (s::text::jsonb #>> '{features,0,range,1}')::float8 AS high, normfreeze.id_of(s::text::normfreeze.scaler) = normfreeze.id_of(s) AS as_text
	FROM (VALUES ('both'), ('right')) AS t (tail), LATERAL (SELECT normfreeze.fit(ARRAY[v], 'identity', jsonb_build_object('outside', 'clip', 'range', jsonb_build_object('deviations', 1e10, 'tail', tail))) AS s
		FROM (VALUES (1e300), (-1e300)) AS v (v)) AS f, normfreeze.describe(f.s) AS d;

SET client_min_messages = warning;
DROP SCHEMA test_winsorize CASCADE;
