--
-- to_sql() and to_sql_check() of sets by key.  Bits in other systems are compared in test/parity.
--
\set VERBOSITY default
\set SHOW_CONTEXT errors
CREATE SCHEMA to_sql_sets_test;
SET search_path = to_sql_sets_test;
CREATE TABLE orders AS SELECT i AS id, (ARRAY['DE', E'F''R', E'U\\S', 'a'])[1 + i % 4] AS country, i * (1 + i % 3) * 1.5::float8 AS amount, 1 + i % 7 AS items FROM generate_series(1, 80) AS i;
CREATE TABLE fits AS SELECT country, normfreeze.fit(o, CASE WHEN country < 'E' THEN 'standard' ELSE 'minmax' END::normfreeze.method, '{"columns": ["amount", "items"]}') AS s FROM orders o GROUP BY country;
CREATE TABLE sets AS
	SELECT 'null' AS name, normfreeze.by_key(country, s, 'null') AS s FROM fits UNION ALL
	SELECT 'error', normfreeze.by_key(country, s) FROM fits UNION ALL
	SELECT 'fallback', normfreeze.by_key(country, s, (SELECT normfreeze.fit(o, 'mad', '{"columns": ["amount", "items"]}') FROM orders o)) FROM fits;
SELECT normfreeze.to_sql(s, 'orders', 'postgres', 'country') FROM sets WHERE name = 'null';
SELECT dialect, regexp_replace(normfreeze.to_sql(s, 'orders', dialect, 'country'), '^.*\nFROM|/\*.*', '', 'g') FROM sets, unnest(ARRAY['duckdb', 'sqlite', 'bigquery', 'spark', 'trino', 'clickhouse', 'h2']) AS dialect WHERE name = 'null';

-- what normalize_by_key() gives, of keys that the set has and has not
INSERT INTO orders VALUES (81, 'none', 5, 5), (82, NULL, 6, 6);
SELECT normfreeze.freeze('to_sql set', s) AS id FROM sets WHERE name = 'fallback' \gset
SELECT normfreeze.to_sql(:id, 'orders', 'postgres', 'country') AS list, normfreeze.to_sql_check(:id) AS "check" \gset
SELECT count(*), bool_and(o.n = ARRAY[o.amount, o.items]) AS same FROM (SELECT normfreeze.normalize_by_key(orders, :id, country) AS n, :list) AS o;
:check;
SELECT normfreeze.to_sql(s, 'orders', 'postgres', 'country') = normfreeze.to_sql(:id, 'orders', 'postgres', 'country') AS value,
	normfreeze.to_sql('to_sql set@v1', 'orders', 'postgres', 'country') = normfreeze.to_sql(:id, 'orders', 'postgres', 'country') AS ref,
	normfreeze.to_sql_check('to_sql set@v1', 'duckdb') = normfreeze.to_sql_check(s, 'duckdb') AS check_ref,
	normfreeze.to_sql(s, 'orders', 'postgres', NULL) IS NULL AS no_key FROM sets WHERE name = 'fallback';
SELECT normfreeze.to_sql(s, 'orders', 'postgres', 'country') AS list FROM sets WHERE name = 'error' \gset
SELECT id, :list WHERE id = 81;

-- refused
SELECT normfreeze.to_sql(s, 'orders', 'sqlite', 'country') FROM sets WHERE name = 'error';
SELECT normfreeze.to_sql(s, 'orders', 'mariadb', 'country') FROM sets WHERE name = 'null';
SELECT normfreeze.to_sql(s, '', 'duckdb', 'country') FROM sets WHERE name = 'null';
SELECT normfreeze.to_sql(s, 'orders', 'duckdb') FROM sets WHERE name = 'null';
SELECT normfreeze.to_sql(normfreeze.scaler(:id), 'orders', 'duckdb', 'country');
SELECT normfreeze.to_sql(normfreeze.fit(ARRAY[i::float8], 'standard'), 'orders', 'duckdb', 'country') FROM generate_series(1, 9) AS i;
SELECT normfreeze.to_sql(normfreeze.by_key('k', s), 'orders', 'duckdb', 'country') FROM (SELECT normfreeze.fit(ARRAY[i::float8], 'quantile') AS s FROM generate_series(1, 900) AS i) AS f;
SET client_min_messages = warning;
DROP SCHEMA to_sql_sets_test CASCADE;
