--
-- Features that no parameters can be derived for: without values, with values
-- that their method cannot be fitted to, with infinities.
--
\set VERBOSITY default
\set SHOW_CONTEXT errors
CREATE TABLE sensors (shop text, day int, temperature float8, humidity float8, light real);
INSERT INTO sensors
	SELECT shop, day, 20 + (day * n * 7) % 5 * 1.5, CASE WHEN shop <> 'south' THEN 40 + day END, n * day
	FROM (VALUES ('north', 1), ('south', 2), ('west', 3)) AS s (shop, n), generate_series(1, 12) AS day;

-- ---- what a fit says ----

-- the group is named, sorted and hashed, in a parallel plan and behind HAVING
SET enable_hashagg = off;
SELECT shop, normfreeze.fit(ARRAY[temperature, humidity], 'standard', '{"names": ["temperature", "humidity"]}') FROM sensors GROUP BY shop;
SELECT normfreeze.fit(ARRAY[temperature, humidity], 'standard') FROM sensors GROUP BY shop HAVING count(humidity) > 0;
SET enable_hashagg = on;
SET enable_sort = off;
SELECT normfreeze.fit(ARRAY[humidity], 'standard') FROM sensors WHERE day % 2 = 0 OR shop <> 'south' GROUP BY shop, day % 2 = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT shop, normfreeze.fit(ARRAY[humidity], 'standard') FROM sensors GROUP BY shop;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET enable_sort;
SELECT normfreeze.fit(ARRAY[temperature], 'standard') FILTER (WHERE day > 12 OR shop <> 'south') FROM sensors GROUP BY shop ORDER BY shop;
SELECT normfreeze.fit(ARRAY[humidity], 'standard') FROM sensors GROUP BY GROUPING SETS ((shop), (day));
SELECT normfreeze.fit(ARRAY[humidity], 'standard') FROM sensors WHERE shop = 'south';
SELECT normfreeze.fit(ARRAY[humidity], 'standard') FROM sensors WHERE shop IN ('south', '') GROUP BY ARRAY[shop], repeat(shop, 1000);

-- ---- what it may be told ----

SELECT normfreeze.fit(s, 'standard', '{"columns": ["temperature", "humidity"], "empty": "zero"}') FROM sensors s;
SELECT normfreeze.fit(s, 'standard', '{"columns": ["temperature", "humidity"], "unfit": null}') FROM sensors s;
SELECT normfreeze.fit(s, 'standard', '{"columns": ["temperature", "humidity"], "infinite": "keep"}') FROM sensors s;

-- a set of all shops: NULL where nothing is known, or values as they are
SELECT normfreeze.freeze('sensors', normfreeze.by_key(shop, s)) AS by_shop FROM (
	SELECT shop, normfreeze.fit(s, 'standard', '{"exclude": ["shop", "day"], "empty": "null"}') AS s FROM sensors s GROUP BY shop) f \gset
-- which ones have none
SELECT m.key, d.feature, d.center, d.scale, d.formula, d.if_constant, d.is_constant, d.is_unfit, d.n, d.min, d.max, d.mean, d.std
	FROM normfreeze.members AS m, normfreeze.describe(normfreeze.member(m.set_id, m.key)) AS d WHERE m.set_id = :by_shop AND d.is_unfit;
SELECT s.shop, normfreeze.normalize_by_key(s, :by_shop, shop) AS by_row FROM sensors s WHERE day = 5 ORDER BY 1;
SELECT normfreeze.normalize_by_key(ARRAY[20, 50, 3], :by_shop, 'south'), normfreeze.normalize_by_key(ARRAY[20, 50, 3]::real[], :by_shop, 'south');
SELECT * FROM normfreeze.verify(:by_shop);

-- ---- one scaler, each policy ----

CREATE TABLE south AS SELECT temperature, humidity, light FROM sensors WHERE shop = 'south';
CREATE TABLE unfit (policy text, scaler normfreeze.scaler);
INSERT INTO unfit
	SELECT policy, normfreeze.fit(s, 'standard', jsonb_build_object('empty', policy)) FROM south s, (VALUES ('null'), ('unit')) AS p (policy) GROUP BY policy;
SELECT policy, normfreeze.normalize(ARRAY[20.5, 50, 2], scaler), normfreeze.normalize(ARRAY[20.5, 50, 2]::real[], scaler),
	normfreeze.normalize('{"temperature": 20.5, "humidity": 50, "light": null}'::jsonb, scaler), normfreeze.normalize(50, scaler, 'humidity')
	FROM unfit ORDER BY policy;
SELECT policy, normfreeze.normalize(s, scaler) FROM unfit, (SELECT 20.5 AS temperature, NULL::float8 AS humidity, 2 AS light) s ORDER BY policy;
SELECT policy, normfreeze.denormalize(ARRAY[0, 0.5, NULL], scaler), normfreeze.denormalize(ARRAY[0, 0.5, 0]::real[], scaler),
	normfreeze.denormalize('{"temperature": 0, "humidity": 0.5, "light": null}'::jsonb, scaler), normfreeze.denormalize(0.5, scaler, 'humidity')
	FROM unfit ORDER BY policy;
SELECT policy, normfreeze.denormalize(s, scaler) FROM unfit, (SELECT 0 AS temperature, 0.5 AS humidity, 0 AS light) s ORDER BY policy;
-- text, and what comes of it
SELECT policy, scaler::text::normfreeze.scaler = scaler AS same, scaler::jsonb->'features'->1 AS humidity FROM unfit ORDER BY policy;
SELECT replace(scaler::text, '"unfit": true', '"unfit": false')::normfreeze.scaler FROM unfit WHERE policy = 'unit';
SELECT replace(scaler::text, '"constant": true, "target": false, "missing": "keep", "outside": "keep", "if_constant": "unit", "quantiles": "none", "unfit": true',
	'"constant": false, "target": false, "missing": "keep", "outside": "keep", "if_constant": "unit", "quantiles": "none", "unfit": true')::normfreeze.scaler FROM unfit WHERE policy = 'unit';
-- the registry: parameters, probes, what was done, what differs, drift, a page
SELECT normfreeze.freeze('unit', (SELECT scaler FROM unfit WHERE policy = 'unit')) AS unit, normfreeze.freeze('null', (SELECT scaler FROM unfit WHERE policy = 'null')) AS null \gset
SELECT 'unit' AS of, * FROM normfreeze.verify(:unit) UNION ALL SELECT 'null', * FROM normfreeze.verify(:null);
SELECT 'unit' AS of, e.* FROM normfreeze.explain((SELECT s FROM (SELECT 20.5 AS temperature, 50 AS humidity, NULL::int AS light) s), :unit) e
UNION ALL SELECT 'null', e.* FROM normfreeze.explain((SELECT s FROM (SELECT 20.5 AS temperature, 50 AS humidity, NULL::int AS light) s), :null) e;
SELECT feature, what, old, new FROM normfreeze.diff(:unit, :null);
SELECT feature, verdict, reason FROM normfreeze.drift(:unit, (SELECT normfreeze.profile(s, :unit) FROM sensors s WHERE shop = 'west'));
SELECT normfreeze.report(:null) ~ 'Without parameters';
SELECT normfreeze.audit(ARRAY[temperature, humidity, light], normfreeze.normalize(ARRAY[temperature, humidity, light], :null), :null)->>'verdict' FROM sensors;
SELECT * FROM normfreeze.probes(:null) LIMIT 2;
-- elsewhere
SELECT normfreeze.to_sql(:unit, 'postgresql'), normfreeze.to_sql(:null, 'postgresql');
SELECT length(normfreeze.to_pmml(:unit)::text) > 0, length(normfreeze.to_pmml(:null)::text) > 0;
SELECT normfreeze.to_sklearn(:unit)->>'class';
SELECT normfreeze.to_sklearn(:null) - 'normfreeze' AS json, normfreeze.id_of(normfreeze.from_sklearn(normfreeze.to_sklearn(:null))) = :null AS same,
	normfreeze.normalize('{20.5, 50, 2}'::float8[], normfreeze.from_sklearn(normfreeze.to_sklearn(:null) - 'normfreeze')) AS read;

-- where no feature is empty, no option leaves a trace
SELECT normfreeze.id_of(normfreeze.fit(s, 'standard', '{"columns": ["temperature"], "empty": "null", "unfit": "unit", "infinite": "skip"}')) =
	normfreeze.id_of(normfreeze.fit(s, 'standard', '{"columns": ["temperature"]}')) FROM south s;

-- ---- where nothing is derived, nothing needs to be said ----

CREATE TABLE nothing (x float8);
INSERT INTO nothing VALUES (NULL), ('NaN'), (NULL);
SELECT m.method, m.options, normfreeze.normalize(ARRAY[5.0], normfreeze.fit(n, m.method::normfreeze.method, m.options)) FROM nothing n, (VALUES
	('identity', '{}'::jsonb), ('identity', '{"missing": 3}'), ('affine', '{"center": 1, "scale": 2}'), ('log1p', '{}'), ('l2', '{"missing": "zero"}'),
	('standard', '{"with_mean": false, "with_std": false}'), ('robust', '{"with_centering": false, "with_scaling": false}'),
	('mad', '{"with_centering": false, "with_scaling": false}'), ('identity', '{"empty": "null"}')) AS m (method, options)
	GROUP BY m.method, m.options ORDER BY 1, 2;
SELECT normfreeze.fit(n, 'identity', '{"missing": "mean"}') FROM nothing n;
SELECT normfreeze.fit(n, 'identity', '{"outside": "clip"}') FROM nothing n;
SELECT normfreeze.fit(n, 'identity', '{"intercept": "mean"}') FROM nothing n;
-- every method, in the aggregate and in passes; a statistic to impute is missing too, a constant is not
SELECT m.method, normfreeze.normalize(ARRAY[5.0], a.scaler) AS unit, normfreeze.normalize(ARRAY[NULL::float8], a.scaler) AS missing, a.scaler = t.scaler AS same, p.scaler = a.scaler AS of_profile
	FROM unnest(enum_range(NULL::normfreeze.method)) AS m (method),
	LATERAL (SELECT normfreeze.fit(n, m.method, '{"empty": "unit", "missing": "median", "outside": "error", "exclude": []}') AS scaler FROM nothing n) a,
	LATERAL (SELECT normfreeze.fit_table('nothing', m.method, '{"empty": "unit", "missing": "median", "outside": "error"}') AS scaler) t,
	LATERAL (SELECT normfreeze.fit(normfreeze.profile(n), m.method, '{"empty": "unit", "missing": "median", "outside": "error"}') AS scaler FROM nothing n) p;
SELECT normfreeze.normalize(ARRAY[NULL::float8], normfreeze.fit(n, 'standard', '{"empty": "unit", "missing": 7}')) FROM nothing n;
-- global features have the parameters of the others; alone they have none
SELECT normfreeze.normalize(ARRAY[1.0, 5], normfreeze.fit(ARRAY[x, y], 'minmax', '{"global": true}')) FROM (VALUES (NULL::float8, 0), (NULL, 10)) AS v (x, y);
SELECT normfreeze.fit(ARRAY[x, y], 'minmax', '{"global": true}') FROM (VALUES (NULL::float8, NULL::float8), (NULL, NULL)) AS v (x, y);

-- ---- values that a method cannot be fitted to ----

CREATE TABLE hard (kind text, x float8);
INSERT INTO hard VALUES ('few', 1), ('few', 2), ('few', 4), ('zero', 0), ('zero', 1), ('zero', 3), ('same', 3), ('same', 3),
	('wide', -1.7e308), ('wide', 1.7e308), ('infinite', 1), ('infinite', 'Infinity'), ('infinite', 4), ('all infinite', '-Infinity');
-- of a single key, some versions of PostgreSQL make no GROUP BY
SELECT normfreeze.fit(ARRAY[x], 'quantile', '{"n_quantiles": 5}') FROM hard WHERE kind IN ('few', '') GROUP BY kind;
SELECT normfreeze.fit(ARRAY[x], 'power', '{"method": "box-cox"}') FROM hard WHERE kind IN ('zero', '') GROUP BY kind;
SELECT normfreeze.fit(ARRAY[x], 'power', '{"method": "box-cox"}') FROM hard WHERE kind IN ('same', '') GROUP BY kind;
SELECT normfreeze.fit(ARRAY[x], 'minmax') FROM hard WHERE kind IN ('wide', '') GROUP BY kind;
SELECT normfreeze.fit(ARRAY[x], 'standard') FROM hard WHERE kind IN ('infinite', '') GROUP BY kind;
SELECT normfreeze.fit(ARRAY[x], 'standard', '{"constant": "error"}') FROM hard WHERE kind IN ('same', '') GROUP BY kind;
-- each hint does what it says
SELECT kind, normfreeze.normalize(ARRAY[2.0], normfreeze.fit(ARRAY[x], 'quantile', '{"max_quantiles": 5}')) FROM hard WHERE kind NOT LIKE '%infinite' GROUP BY kind ORDER BY 1;
SELECT kind, normfreeze.normalize(ARRAY[2.0], normfreeze.fit(ARRAY[x], 'standard', '{"infinite": "skip"}')) FROM hard WHERE kind = 'infinite' GROUP BY kind ORDER BY 1;
SELECT normfreeze.fit(ARRAY[x], 'standard', '{"infinite": "skip"}') FROM hard WHERE kind = 'all infinite';
SELECT m.method, m.options, kind, round((normfreeze.normalize(ARRAY[2.0], normfreeze.fit(ARRAY[x], m.method::normfreeze.method, m.options || '{"unfit": "null"}')))[1]::numeric, 3) FROM hard,
	(VALUES ('quantile', '{"n_quantiles": 3}'::jsonb), ('power', '{"method": "box-cox", "standardize": false}'), ('minmax', '{}'), ('log1p', '{"infinite": "skip", "empty": "unit"}')) AS m (method, options)
	GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
-- verify() finds that they have none, and says so of what has some
SELECT normfreeze.freeze('hard', normfreeze.by_key(kind, s)) AS hard FROM (
	SELECT kind, normfreeze.fit(ARRAY[x], 'power', '{"method": "box-cox", "unfit": "unit", "outside": "clip"}') AS s FROM hard GROUP BY kind) f \gset
SELECT m.key, v.* FROM normfreeze.members m, normfreeze.verify(m.scaler_id) v WHERE m.set_id = :hard AND v."check" = 'parameters' ORDER BY 1;
SELECT m.key, normfreeze.normalize(ARRAY[2.0], m.scaler_id), normfreeze.normalize(ARRAY[1e9], m.scaler_id) FROM normfreeze.members m WHERE m.set_id = :hard AND m.key <> 'few' ORDER BY 1;

-- n_quantiles and max_quantiles: the same number is the same scaler
SELECT normfreeze.id_of(normfreeze.fit(ARRAY[x], 'quantile', '{"max_quantiles": 2}')) = normfreeze.id_of(normfreeze.fit(ARRAY[x], 'quantile', '{"n_quantiles": 2}')),
	normfreeze.id_of(normfreeze.fit(ARRAY[x], 'quantile', '{"max_quantiles": 20}')) = normfreeze.id_of(normfreeze.fit(ARRAY[x], 'quantile'))
	FROM hard WHERE kind = 'few';
SELECT normfreeze.fit(ARRAY[x], 'quantile', '{"max_quantiles": 2, "n_quantiles": 2}') FROM hard;
SELECT normfreeze.fit(ARRAY[x], 'quantile', '{"max_quantiles": 0}') FROM hard;
SELECT normfreeze.fit(ARRAY[x], 'standard', '{"max_quantiles": 2}') FROM hard;
-- infinities in passes
CREATE TABLE infinite AS SELECT x FROM hard WHERE kind = 'infinite' UNION ALL SELECT i FROM generate_series(1, 3000) i;
SELECT m.method, normfreeze.fit_table('infinite', m.method, '{"infinite": "skip", "distribution": 16}') = (SELECT normfreeze.fit(i, m.method, '{"infinite": "skip", "distribution": 16}') FROM infinite i) AS same
	FROM unnest('{standard,robust,mad,meanabs,quantile,power}'::normfreeze.method[]) AS m (method);
-- weights: rows of no weight do not count
SELECT normfreeze.fit(ARRAY[x], 'standard', '{}', 0) FROM hard;
SELECT normfreeze.normalize(ARRAY[2.0], normfreeze.fit(ARRAY[x, NULL], 'standard', '{"empty": "null", "infinite": "skip"}', 2)) FROM hard WHERE kind = 'infinite';
SELECT normfreeze.normalize(ARRAY[2.0, 3.0], normfreeze.fit(ARRAY[x, NULL], 'standard', '{"empty": "null", "infinite": "skip"}', 2)) FROM hard WHERE kind = 'infinite';

-- ---- scikit-learn's scalers of columns of NaN: NaN for every value there, NULL here ----

SELECT j->>'class' AS class, normfreeze.normalize('{3, 5}'::float8[], s), normfreeze.normalize('{3, 5}'::real[], s), normfreeze.denormalize('{3, 5}'::float8[], s),
	s::jsonb #>> '{features, 1, unfit}' AS unfit
	FROM (VALUES ('{"class": "StandardScaler", "mean_": [1, "NaN"], "scale_": [2, "NaN"], "var_": [4, "NaN"], "n_samples_seen_": [3, 0]}'::jsonb),
	('{"class": "StandardScaler", "mean_": [1, null], "scale_": null}'),
	('{"class": "MinMaxScaler", "min_": [1, "NaN"], "scale_": [2, "NaN"], "data_min_": [4, "NaN"], "data_max_": [5, "NaN"], "feature_range": [0, 1], "clip": true}'),
	('{"class": "MaxAbsScaler", "max_abs_": [1, "NaN"], "scale_": [2, "NaN"], "clip": false}'),
	('{"class": "RobustScaler", "center_": [1, "NaN"], "scale_": [2, "NaN"]}'),
	('{"class": "QuantileTransformer", "quantiles_": [[1, "NaN"], [2, "NaN"]], "output_distribution": "uniform"}')) AS v (j), normfreeze.from_sklearn(j) s;
SELECT normfreeze.from_sklearn('{"mean_": [1, 2], "scale_": [2, 3], "var_": [4, "NaN"]}');
SELECT normfreeze.from_sklearn('{"quantiles_": [[1, "NaN"], [2, 2]], "output_distribution": "uniform"}');
SELECT normfreeze.from_sklearn('{"lambdas_": [1, "NaN"], "method": "yeo-johnson", "standardize": false}');
-- an imputer leaves such a column out
SELECT normfreeze.feature_names(normfreeze.from_sklearn('{"class": "Pipeline", "feature_names_in_": ["a", "b", "c"], "steps": [
	["impute", {"class": "SimpleImputer", "strategy": "mean", "statistics_": [1, "NaN", 3]}], ["scale", {"class": "StandardScaler", "mean_": [1, 2], "scale_": [2, 3]}]]}'));
SELECT normfreeze.from_sklearn('{"class": "SimpleImputer", "strategy": "mean", "statistics_": ["NaN"]}');
-- filled in after that, it would no longer be NULL
SELECT normfreeze.from_sklearn('{"class": "Pipeline", "steps": [["scale", {"class": "StandardScaler", "mean_": ["NaN"], "scale_": ["NaN"]}],
	["impute", {"class": "SimpleImputer", "strategy": "mean", "statistics_": [7]}]]}');

DROP TABLE sensors, south, unfit, nothing, hard, infinite;
