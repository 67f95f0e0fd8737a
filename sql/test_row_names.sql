-- A row is a row, whatever its columns are called; and generated names are told apart.
\pset format unaligned
\pset footer off
CREATE TABLE emb (id int, e float8[], src int, fit_row int, "E" int);
INSERT INTO emb SELECT i, ARRAY[i, i * i], i % 5, i % 7, i % 3 FROM generate_series(1, 50) AS i;

-- e alone is the column, and says so once; e.* is the row
SELECT normfreeze.feature_names(normfreeze.fit(e, 'standard')) IS NULL AS of_the_column FROM emb AS e GROUP BY id % 2;
SELECT normfreeze.feature_names(normfreeze.fit(e.*, 'standard', '{"exclude": ["e"]}')) FROM emb AS e;
SELECT normfreeze.fit(other.e, 'standard') = normfreeze.fit(other.e, 'standard') AS without_a_notice FROM emb AS other;
SELECT pg_typeof(normfreeze.profile(e)) FROM (SELECT id, e FROM emb OFFSET 0) AS e;
SELECT pg_typeof(normfreeze.fit(v, 'standard')) AS one_column FROM unnest('{1,2}'::float8[]) AS n, LATERAL (SELECT ARRAY[n]) AS v(v);

-- the passes of fit_table
CREATE VIEW emb_rows AS SELECT src, fit_row, "E" FROM emb;
SELECT normfreeze.feature_names(normfreeze.fit_table('emb_rows', 'robust'));

-- select_list
SELECT normfreeze.freeze('rows', normfreeze.fit(r, 'standard')) AS id FROM emb_rows AS r \gset
SELECT normfreeze.select_list(:id, 'e', 'z_', '{id,e}') AS list \gset
\echo :list
SELECT :list FROM emb AS e WHERE id < 3;
SELECT normfreeze.select_list(:id, 'src', 'z_') AS list \gset
CREATE VIEW listed AS SELECT :list FROM emb AS src;
SELECT * FROM listed LIMIT 1;

-- a column that is not there is no call of a function of its name
CREATE TABLE visits AS SELECT i AS id, i % 4 AS age, i % 7 AS count, i % 3 AS "pg_column_size", i % 5 AS length FROM generate_series(1, 20) AS i;
SELECT normfreeze.freeze('visits', normfreeze.fit(v, 'minmax', '{"exclude": ["id"]}')) AS visits FROM visits AS v \gset
SELECT normfreeze.select_list(:visits, 'c') AS list \gset
\echo :list
SELECT :list FROM visits AS c WHERE id < 3;
SELECT :list FROM (SELECT id, age, length, "pg_column_size" FROM visits) AS c WHERE id < 3;
SELECT :list FROM (SELECT id, age, length, count FROM visits) AS c WHERE id < 3;
SELECT :list FROM (SELECT id, age, "pg_column_size", count FROM visits) AS c WHERE id < 3;

-- two columns of one name
SELECT normfreeze.select_list(:id, 'e', '', '{id,src}');
SELECT normfreeze.select_list(:id, 'e', 'z_', '{id,id}');
SELECT normfreeze.select_list(:id, 'e', '', '{e}') LIKE '%AS "E"' AS case_tells_apart;
SELECT normfreeze.freeze('long', normfreeze.fit(ARRAY[1, 2, 3]::float8[], 'identity',
	jsonb_build_object('names', jsonb_build_array(repeat('n', 61) || 'a', repeat('n', 61) || 'b', 'ü' || repeat('é', 30) || 'x')))) AS long \gset
SELECT length(normfreeze.select_list(:long, 'e', 'z')) > 0 AS the_last_byte;
SELECT normfreeze.select_list(:long, 'e', 'z_');
SELECT normfreeze.select_list(:long, 'e', '', ARRAY['ü' || repeat('é', 30) || 'xy']);
-- cut between bytes of a character, both names end before it
SELECT normfreeze.to_sql(normfreeze.fit(ARRAY[1, 2]::float8[], 'identity',
	jsonb_build_object('names', jsonb_build_array(repeat('n', 62) || 'é', repeat('n', 62) || '中'))), 'e', 'postgres');

-- the column of probes is none of the features'
SELECT substring(normfreeze.to_sql_check(normfreeze.fit(ARRAY[1, 2]::float8[], 'identity', '{"names": ["Probe", "probe_1"]}'), 'duckdb')
	FROM 'SELECT ''1'' AS "[^"]*"');
SELECT normfreeze.to_sql_check(normfreeze.fit(array_agg, 'identity', jsonb_build_object('names', names)), 'postgres') ~ '^WITH' AS ends
FROM (SELECT array_agg(i::float8), array_agg('probe' || repeat('_', i)) AS names FROM generate_series(0, 58) AS i) AS _ GROUP BY names;
