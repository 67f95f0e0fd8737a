--
-- profile() with options and with weights.
--
\set VERBOSITY default
\set SHOW_CONTEXT errors
CREATE SCHEMA profile_options_test;
SET search_path = profile_options_test;
CREATE TABLE visits AS
	SELECT i AS id, (i * 7919) % 1009 / 8.0::float8 AS length, (i % 31)::int AS pages, CASE WHEN i % 9 > 0 THEN i * 1.5::real END AS price,
		'x' || i AS who, (i % 5) * 0.5::float8 AS weight, i % 5 AS small
	FROM generate_series(1, 3000) AS i;

-- a profile is that of a fit with the same options and weights, for every kind of input
\set options '{"exclude": ["id", "who", "weight", "small"], "distribution": 64}'
SELECT normfreeze.profile(v, :'options'::jsonb) = normfreeze.profile_of(normfreeze.fit(v, 'standard', :'options')) AS options,
	normfreeze.profile(v, :'options', weight) = normfreeze.profile_of(normfreeze.fit(v, 'standard', :'options', weight)) AS both,
	normfreeze.profile(v, '{"columns": ["pages", "length"]}'::jsonb) = normfreeze.profile(v, ARRAY['pages', 'length']) AS columns,
	normfreeze.profile(v, '{"columns": "numeric"}'::jsonb) = normfreeze.profile_of(normfreeze.fit(v, 'standard', '{"columns": "numeric"}')) AS numeric,
	normfreeze.profile(v, '{"columns": ["pages"], "distribution": false}'::jsonb) = normfreeze.profile_of(normfreeze.fit(v, 'mean', '{"columns": ["pages"], "distribution": false}')) AS off
FROM visits v;
SELECT normfreeze.profile(s, weight) = normfreeze.profile_of(normfreeze.fit(s, 'standard', NULL, weight)) AS row_weight,
	normfreeze.profile(ARRAY[s.length, s.pages], weight) = normfreeze.profile_of(normfreeze.fit(ARRAY[s.length, s.pages], 'standard', NULL, weight)) AS array_weight,
	normfreeze.profile(ARRAY[s.length, s.pages], '{"names": ["length", "pages"]}', weight) = normfreeze.profile(s, weight) AS names,
	normfreeze.profile(ARRAY[s.pages], small::float8) = normfreeze.profile(ARRAY[s.pages]::int[], small::numeric) AS number_as_weight
FROM visits v, LATERAL (SELECT v.length, v.pages) AS s;
SELECT bool_and(p = q) AS every_array FROM (SELECT
	ARRAY[normfreeze.profile(ARRAY[pages]::real[], '{}', weight), normfreeze.profile(ARRAY[pages]::smallint[], weight), normfreeze.profile(ARRAY[pages], '{}'::jsonb, weight),
		normfreeze.profile(ARRAY[pages]::bigint[], weight), normfreeze.profile(ARRAY[pages]::numeric[], weight), normfreeze.profile(ARRAY[pages]::float8[], weight)] AS each,
	normfreeze.profile(ARRAY[pages]::float8[], NULL::jsonb, weight) AS q FROM visits) AS s, unnest(each) AS p;

-- planned as columns or not, in parallel or not, in groups, over windows, merged
SELECT normfreeze.profile_digest(normfreeze.profile(v, :'options', weight ORDER BY id)) AS digest FROM visits v \gset
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF, VERBOSE) SELECT normfreeze.profile(v, :'options', weight), normfreeze.profile(v, weight), normfreeze.profile(v, :'options'::jsonb) FROM visits v;
SELECT normfreeze.profile_digest(normfreeze.profile(v, :'options', weight)) = :'digest' AS parallel FROM visits v;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT normfreeze.profile_digest(normfreeze.merge(p)) = :'digest' AS merged
FROM (SELECT normfreeze.profile(v, :'options', weight) AS p FROM visits v GROUP BY id % 7) AS s;
SELECT count(*) AS windows FROM (SELECT normfreeze.profile(ARRAY[length], weight) OVER (ORDER BY id ROWS 40 PRECEDING) AS p FROM visits) AS s WHERE p IS NOT NULL;
SELECT center, scale FROM normfreeze.describe((SELECT normfreeze.fit(normfreeze.profile(v, '{"columns": ["length"]}', weight), 'standard') FROM visits v))
EXCEPT SELECT center, scale FROM normfreeze.describe((SELECT normfreeze.fit(v, 'standard', '{"columns": ["length"]}', weight) FROM visits v));
SELECT normfreeze.profile(ARRAY[length], 0::float8) IS NULL AS nothing_counts FROM visits;

-- refused
SELECT normfreeze.profile(v, '{"columns": ["pages"], "missing": "mean"}'::jsonb) FROM visits v;
SELECT normfreeze.profile(ARRAY[pages], '{"columns": ["pages"]}'::jsonb) FROM visits;
SELECT normfreeze.profile(v, '{"names": ["pages"]}'::jsonb) FROM visits v;
SELECT normfreeze.profile(ARRAY[pages], '{"method": 1}'::jsonb) FROM visits;
SELECT normfreeze.profile(ARRAY[pages], '[]'::jsonb) FROM visits;
SELECT normfreeze.profile(ARRAY[pages], '{"distribution": 15}'::jsonb) FROM visits;
SELECT normfreeze.profile(v, '{}'::jsonb) FROM visits v;
SELECT normfreeze.profile(ARRAY[pages], jsonb_build_object('distribution', pages > 3)) FROM visits;
SELECT normfreeze.profile(ARRAY[pages], CASE WHEN pages > 3 THEN '{"distribution": false}'::jsonb END) FROM visits;
SELECT normfreeze.profile(ARRAY[pages], NULL::float8) FROM visits;
SELECT normfreeze.profile(ARRAY[pages], -1.0::float8) FROM visits;
SELECT normfreeze.profile(v, '{"columns": ["pages"]}', 'NaN') FROM visits v;
SELECT normfreeze.profile(v, '{"distribution": false}') FROM visits v;
SELECT normfreeze.profile(ARRAY[pages], small) FROM visits v;
SELECT normfreeze.profile(v, small::bigint) FROM visits v;
SELECT normfreeze.merge(p) FROM (SELECT normfreeze.profile(ARRAY[pages], '{"distribution": 32}'::jsonb) FROM visits UNION ALL
	SELECT normfreeze.profile(ARRAY[pages]) FROM visits) AS s (p);
SELECT normfreeze.merge(p) FROM (SELECT normfreeze.profile(ARRAY[pages], 2.0::float8) FROM visits UNION ALL SELECT normfreeze.profile(ARRAY[pages]) FROM visits) AS s (p);
SELECT normfreeze.fit(normfreeze.profile(v, '{"columns": ["pages"]}', weight), 'robust') FROM visits v;

-- the statistics with weights, exact and rounded once; those of the rows are in describe()
SELECT w.feature, w.weights, w.mean, w.std, w.variance, d.n, d.mean AS mean_of_rows FROM normfreeze.describe((SELECT normfreeze.profile(v, :'options', weight) FROM visits v)) AS d
JOIN normfreeze.describe_weights((SELECT normfreeze.profile(v, :'options', weight) FROM visits v)) AS w USING (ordinal) ORDER BY ordinal;
SELECT normfreeze.freeze('weighted visits', normfreeze.fit(v, 'standard', :'options', weight)) AS id FROM visits v \gset
SELECT w.*, w.mean = d.center AND w.std = d.scale AS as_fitted FROM normfreeze.describe_weights(:id) AS w JOIN normfreeze.describe(:id) AS d USING (ordinal) ORDER BY ordinal;
SELECT count(*) AS same FROM (SELECT * FROM normfreeze.describe_weights(:id) INTERSECT SELECT * FROM normfreeze.describe_weights('weighted visits@latest')
	INTERSECT SELECT * FROM normfreeze.describe_weights(normfreeze.profile_of(:id))) AS s;
SELECT * FROM normfreeze.describe_weights(normfreeze.scaler(:id)) UNION ALL SELECT * FROM normfreeze.describe_weights((SELECT normfreeze.profile(ARRAY[pages]) FROM visits))
UNION ALL SELECT * FROM normfreeze.describe_weights((SELECT normfreeze.profile(ARRAY[NULL, 1e308, 1e308, -5]::float8[], '{}', weight) FROM (VALUES (1e308::float8), (1.5e308), (1e308)) AS w (weight))) ORDER BY 1, 2, 3;
-- weights are a difference, on the page of a report, and said not to count in drift
SELECT normfreeze.freeze('each once', normfreeze.fit(v, 'standard', '{"columns": ["length", "pages"]}', 1)) AS once, normfreeze.freeze('rows', normfreeze.fit(v, 'standard', '{"columns": ["length", "pages"]}')) AS "unweighted" FROM visits v \gset
SELECT d.* FROM normfreeze.diff(:unweighted, :once) AS d UNION ALL SELECT d.* FROM normfreeze.diff(:id, :unweighted) AS d WHERE what = 'weights';
SELECT substring(page, '<dt>Weights</dt>.*?</div>') FROM (SELECT normfreeze.report(:id) AS page UNION ALL SELECT normfreeze.report(:unweighted)
	UNION ALL SELECT normfreeze.report(:unweighted, normfreeze.profile_of(:once)) OFFSET 0) AS q;
SELECT feature, verdict, mean_shift FROM normfreeze.drift(:unweighted, normfreeze.profile_of(:once)) ORDER BY ordinal;
SELECT normfreeze.describe_weights(1::bigint);
DROP SCHEMA profile_options_test CASCADE;
