--
-- The most frequent value as the value to impute: {"missing": "most_frequent"}.
--
\set VERBOSITY default
\set SHOW_CONTEXT errors
CREATE SCHEMA most_frequent_test;
SET search_path = most_frequent_test;
SET client_min_messages = notice;
SET normfreeze.progress = off;

-- few and many different values, ties, zeros of both signs, and types that lose digits in float8
CREATE TABLE orders AS
	SELECT i % 7 AS size, CASE WHEN i % 3 > 0 THEN round(((i * 2654435761) % 1000003) / 997.0, 1) END AS price,
		((i * 48271) % 65537) * 0.001::float8 AS distance, CASE WHEN i % 5 = 0 THEN '-0'::float8 ELSE i END AS discount,
		CASE WHEN i % 2 = 0 THEN 9007199254740992 + i % 4 / 2 ELSE i END AS number, i % 3 = 0 AS paid, i::real AS shade,
		CASE WHEN i % 4 = 0 THEN 'Infinity'::float8 ELSE i / 2 END AS endless, NULL::int AS nothing
	FROM generate_series(1, 6000::bigint) AS i;
INSERT INTO orders (size, price, distance, shade) SELECT 3, 17.5, 0.5, 12.25 FROM generate_series(1, 15);
\set options '{"columns": ["size", "price", "distance", "discount", "number", "paid", "shade"], "missing": "most_frequent"}'

-- as PostgreSQL's own ordered-set aggregate has it, which takes the first of several: the least
SELECT feature, if_missing, n
FROM normfreeze.describe((SELECT normfreeze.fit(o, 'standard', :'options') FROM orders o));
SELECT mode() WITHIN GROUP (ORDER BY size) AS size, mode() WITHIN GROUP (ORDER BY price) AS price,
	mode() WITHIN GROUP (ORDER BY distance) AS distance, mode() WITHIN GROUP (ORDER BY discount) AS discount,
	mode() WITHIN GROUP (ORDER BY number::float8) AS number, mode() WITHIN GROUP (ORDER BY paid) AS paid,
	mode() WITHIN GROUP (ORDER BY shade) AS shade
FROM orders;

-- one scaler, from rows, arrays and passes, in any plan; the option "quantiles" is about others
SELECT method, normfreeze.fit(o, method, further) = normfreeze.fit_table('orders', method, further) AS in_passes
FROM orders o, (VALUES ('standard', '{}'), ('robust', '{}'), ('robust', '{"quantiles": "histogram"}'), ('minmax', '{"distribution": false}'),
	('maxabs', '{"distribution": 16}'), ('robust', '{"global": true}')) AS m (name, more),
	LATERAL (SELECT name::normfreeze.method, :'options'::jsonb || more::jsonb) AS l (method, further)
GROUP BY method, further ORDER BY method, further::text;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT normfreeze.fit(o, 'mean', :'options') = normfreeze.fit_table('orders', 'mean', :'options') AS parallel FROM orders o;
SET work_mem = '64kB';
SELECT normfreeze.fit(o, 'mean', :'options') = normfreeze.fit_table('orders', 'mean', :'options') AS on_disk FROM orders o;
RESET work_mem;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SET normfreeze.progress = on;
SELECT normfreeze.fit_table('orders', 'mean', '{"columns": ["size", "paid"], "missing": "most_frequent"}') IS NOT NULL AS from_cells;
SELECT normfreeze.fit_table('orders', 'mad', '{"columns": ["price", "size", "distance"], "missing": "most_frequent"}') IS NOT NULL AS in_one_pass_more;
SET normfreeze.progress = off;
-- what a distribution shows to be rarer is not grouped: zero occurs more often than any cell has values
SET normfreeze.progress = on;
SELECT normfreeze.fit_table('orders', 'mean', '{"columns": ["discount"], "missing": "most_frequent"}') IS NOT NULL AS zero;
SET normfreeze.progress = off;
SELECT if_missing FROM normfreeze.describe((SELECT normfreeze.fit_table('orders', 'identity',
	'{"columns": ["endless"], "missing": "most_frequent", "infinite": "skip"}')));
-- one value, several that occur once
SELECT normfreeze.normalize(ARRAY[NULL, NULL]::float8[], normfreeze.fit(ARRAY[x, 7], 'identity', '{"missing": "most_frequent"}'))
FROM unnest('{3, -2, 8}'::float8[]) AS x;

-- a profile tells it while its distribution holds each value by itself
SELECT if_missing FROM normfreeze.describe((SELECT normfreeze.fit(normfreeze.profile(o, ARRAY['size', 'paid']), 'standard',
	'{"missing": "most_frequent"}') FROM orders o));
SELECT normfreeze.fit(normfreeze.profile(o, ARRAY['price', 'paid']), 'standard', '{"missing": "most_frequent"}') FROM orders o;
SELECT normfreeze.fit(normfreeze.profile(o, ARRAY['price']), 'robust', '{"missing": "most_frequent", "quantiles": "histogram"}') FROM orders o;
SELECT normfreeze.fit(normfreeze.profile_of(normfreeze.fit(o, 'standard', '{"columns": ["size"], "distribution": false}')), 'standard',
	'{"missing": "most_frequent"}') FROM orders o;

-- refused
SELECT normfreeze.fit(o, 'standard', '{"columns": ["size"], "missing": "most_frequent"}', 2.0) FROM orders o;
SELECT normfreeze.fit(o, 'standard', '{"columns": ["size", "nothing"], "missing": "most_frequent"}') FROM orders o;
SELECT normfreeze.fit(o, 'standard', '{"columns": ["size"], "missing": "mode"}') FROM orders o;
SET normfreeze.fit_memory = '64kB';
SELECT normfreeze.fit(o, 'standard', :'options') FROM orders o;
SELECT normfreeze.fit_table('orders', 'standard', :'options') IS NOT NULL AS in_little_memory;
RESET normfreeze.fit_memory;
CREATE VIEW restless AS SELECT random() * 1000 AS x FROM generate_series(1, 3000);
SELECT normfreeze.fit_table('restless', 'mean', '{"missing": "most_frequent"}');

-- frozen, verified, and what a profile cannot be of
SELECT normfreeze.freeze('orders', normfreeze.fit(o, 'standard', :'options')) AS id FROM orders o \gset
SELECT "check", ok, detail FROM normfreeze.verify(:id) WHERE "check" IN ('content', 'parameters', 'probes');
SELECT normfreeze.to_sklearn(:id) #>> '{transformers_,0,1,steps,0,1,strategy}' AS strategy,
	normfreeze.to_sklearn(:id) #>> '{steps,0,1,strategy}' AS of_all, normfreeze.from_sklearn(normfreeze.to_sklearn(:id)) = normfreeze.scaler(:id) AS back;
SELECT feature, action FROM normfreeze.explain((SELECT o FROM orders o WHERE price IS NULL ORDER BY number LIMIT 1), :id) WHERE action <> 'scaled';

-- scikit-learn's imputer says the value itself, as before
SELECT if_missing FROM normfreeze.describe(normfreeze.from_sklearn('{"class": "Pipeline", "steps": [
	["fill", {"class": "SimpleImputer", "strategy": "most_frequent", "statistics_": [3, 17.5]}],
	["scale", {"class": "StandardScaler", "mean_": [1, 2], "scale_": [2, 4], "var_": [4, 16]}]]}'));
DROP SCHEMA most_frequent_test CASCADE;
