-- Aggregates of rows, planned as aggregates of their columns: the same results, errors, notices and privileges.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
SET jit = off;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE TABLE agg_rows (id int PRIMARY KEY, a float8, gone text, b int, "C" numeric, d bool, e real, g int, note text);
ALTER TABLE agg_rows DROP COLUMN gone;
INSERT INTO agg_rows SELECT i, sqrt(i), nullif(i % 7, 3), i * 1.25, i % 2 = 0, i / 3.0, i % 3, 'note ' || i FROM generate_series(1, 60) AS i;
CREATE TABLE agg_others AS SELECT id, id * 2 AS other, sqrt(id) AS a FROM agg_rows WHERE id % 3 = 0;
ANALYZE agg_rows, agg_others;
SELECT normfreeze.freeze('agg', normfreeze.fit(r, 'standard', '{"columns": ["b", "a"]}')) AS id FROM agg_rows AS r \gset
SELECT normfreeze.freeze('agg arrays', normfreeze.fit(ARRAY[a, b], 'standard')) AS arrays FROM agg_rows AS r \gset
SELECT normfreeze.promote('agg', 1) \g /dev/null
SELECT set_config('plan.id', :'id', false), set_config('plan.kept', :'arrays', false), set_config('plan.set', '0', false) \g /dev/null

-- what a query gives: its rows, or its error with everything that it says
CREATE FUNCTION agg_outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	message text; detail text; hint text;
BEGIN
	EXECUTE format('SELECT string_agg(q::text, E''\n'' ORDER BY q::text) FROM (%s) AS q', query) INTO result;
	RETURN coalesce(result, 'no rows');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE, message, detail, hint);
END $$;
CREATE FUNCTION agg_by_columns(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	found boolean := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP
		found := found OR line ~ '_columns"?\(';
	END LOOP;
	RETURN found;
END $$;
CREATE FUNCTION agg_both_ways(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	planned boolean;
	with_columns text;
	with_rows text;
BEGIN
	query := replace(replace(replace(query, '<id>', current_setting('plan.id')), '<kept>', current_setting('plan.kept')),
		'<set>', current_setting('plan.set'));
	planned := agg_by_columns(query);
	with_columns := agg_outcome(query);
	SET LOCAL normfreeze.rewrite_calls = off;
	with_rows := agg_outcome(query);
	IF agg_by_columns(query) THEN
		RETURN 'the setting does nothing';
	END IF;
	SET LOCAL normfreeze.rewrite_calls = on;
	RETURN CASE WHEN with_columns IS DISTINCT FROM with_rows THEN E'DIFFERENT:\n' || with_columns || E'\n' || with_rows
		ELSE CASE WHEN planned THEN 'columns' ELSE 'row' END ||
			CASE WHEN with_rows ~ '^[0-9A-Z]{5}\n' THEN ', ' || split_part(with_rows, E'\n', 2) ELSE '' END END;
END $$;

-- every form
SELECT form, agg_both_ways('SELECT ' || form || ' FROM agg_rows AS r') FROM unnest(ARRAY[
	'normfreeze.fit(r, ''standard'', ''{"columns": "numeric"}'')', 'normfreeze.fit(r.*, ''minmax'', ''{"columns": ["a", "C", "d", "e"]}'')',
	'normfreeze.fit(r, ''robust'', ''{"columns": ["e", "b", "a"]}'')', 'normfreeze.fit(r, ''power'', ''{"exclude": ["id", "note", "g"]}'')',
	'normfreeze.fit(r, ''quantile'', ''{"columns": ["a", "b"], "missing": "median", "n_quantiles": 9}'')',
	'normfreeze.fit(r, ''standard'', ''{"columns": ["a", "b"], "distribution": false}'')',
	'normfreeze.fit(r, ''standard'', ''{"columns": "numeric"}'', e)', 'normfreeze.fit(r, ''standard'', ''{"columns": "numeric"}'', CASE WHEN d THEN 2 ELSE 0 END)',
	'normfreeze.profile(r, ARRAY[''e'', ''a''])', 'normfreeze.profile(r, <id>)', 'normfreeze.profile(r, ''agg'')',
	'normfreeze.scan(r, ''robust'', ''{"columns": "numeric"}'')', 'normfreeze.scan(r, ''standard'', ''{"columns": ["a", "b"]}'', e)',
	'normfreeze.fit(r, ''standard'', ''{"columns": ["a"]}''), normfreeze.fit(r, ''standard'', ''{"columns": ["a"]}''), normfreeze.profile(r, ARRAY[''b''])']) AS form;
SELECT agg_both_ways('SELECT normfreeze.fit(o, ''standard'') FROM agg_others AS o') AS fit, agg_both_ways('SELECT normfreeze.profile(o) FROM agg_others AS o') AS profile,
	agg_both_ways('SELECT normfreeze.scan(o, ''minmax'') FROM agg_others AS o') AS scan;
-- audits: what is observed stays as it is, be it an array, a row or an expression
SELECT form, agg_both_ways('SELECT ' || form || ' FROM agg_rows AS r') FROM unnest(ARRAY[
	'normfreeze.audit(r, normfreeze.normalize(r, <id>), <id>)', 'normfreeze.audit(r, ARRAY[b, a]::float8[], ''agg'')', 'normfreeze.audit(r.*, ARRAY[a, b], normfreeze.scaler(<id>))',
	'normfreeze.audit(r, r, <id>)', 'normfreeze.audit(r, (SELECT o FROM (SELECT r.a * 2 AS a, r.b) AS o), <id>)', 'normfreeze.audit(normfreeze.normalize(r, <id>), r, <id>)',
	'normfreeze.audit(r, <id>)', 'normfreeze.audit(r, ''agg'')', 'normfreeze.audit(r, normfreeze.scaler(<id>))', 'normfreeze.audit(ARRAY[a, b], <id>)',
	'normfreeze.audit(r, CASE WHEN g = 0 THEN normfreeze.normalize(r, <id>) ELSE ''{1,NULL}'' END, <id>), normfreeze.audit(r, <id>), normfreeze.fit(r, ''standard'', ''{"columns": ["a"]}'')']) AS form
UNION ALL SELECT 'grouped', agg_both_ways('SELECT g, normfreeze.audit(r, normfreeze.normalize(r, <id>), <id>) FILTER (WHERE id > 3) FROM agg_rows AS r GROUP BY g')
UNION ALL SELECT 'nullable side', agg_both_ways('SELECT normfreeze.audit(r, ''{1,2}''::float8[], <id>) FROM agg_others AS o LEFT JOIN agg_rows AS r ON r.id = o.id + 1000')
UNION ALL SELECT 'joined', agg_both_ways('SELECT normfreeze.audit(r, o, <id>) FROM agg_rows AS r JOIN (SELECT id, a, other AS b FROM agg_others) AS o USING (id)')
UNION ALL SELECT 'window', agg_both_ways('SELECT id, normfreeze.audit(r, <id>) OVER (ORDER BY id) FROM agg_rows AS r WHERE id < 5')
UNION ALL SELECT 'sorted', agg_both_ways('SELECT normfreeze.audit(r, ''{1,2}''::float8[], <id> ORDER BY id) FROM agg_rows AS r');
SELECT call, agg_both_ways('SELECT normfreeze.audit(' || call) FROM unnest(ARRAY[
	'r, ARRAY[a], <id>) FROM agg_rows AS r', 'r, a, <id>) FROM agg_rows AS r', 'r, NULL::float8[], <id>) FROM agg_rows AS r', 'r, ''{1,2}''::float8[], NULL::bigint) FROM agg_rows AS r',
	'r, ''{1,2}''::float8[], 1) FROM agg_rows AS r', 'r, ''{1,2}''::float8[], ''none'') FROM agg_rows AS r', 'r, ''{1,2}''::float8[], <kept>) FROM agg_rows AS r', 'r, <kept>) FROM agg_rows AS r',
	'o, ''{1,2}''::float8[], <id>) FROM agg_others AS o', 'o, <id>) FROM agg_others AS o', 's, ''{1,2}''::float8[], <id>) FROM (SELECT b, a, a AS b FROM agg_rows) AS s',
	's, ''{1,2}''::float8[], <id>) FROM (SELECT a::text, b FROM agg_rows) AS s', 's, ''{1,2}''::float8[], <id>) FROM (SELECT 1e400::numeric AS a, b FROM agg_rows) AS s',
	'r, ''{1,2}''::float8[], <id>) FROM agg_rows AS r WHERE false', 'r, ''{1,2}''::float8[], CASE WHEN id = 9 THEN <id> ELSE <kept> END) FROM agg_rows AS r']) AS call;
EXPLAIN (VERBOSE, COSTS off) SELECT normfreeze.audit(o, ARRAY[a, a], 'agg') FROM agg_others AS o;
EXPLAIN (VERBOSE, COSTS off) SELECT normfreeze.fit(r, 'standard', '{"columns": ["a", "b"]}') FILTER (WHERE d) FROM agg_rows AS r;

-- every error
SELECT call, agg_both_ways('SELECT ' || call) FROM unnest(ARRAY[
	'normfreeze.fit(r, ''standard'') FROM agg_rows AS r', 'normfreeze.fit(r, ''standard'', ''{"columns": ["z"]}'') FROM agg_rows AS r',
	'normfreeze.fit(r, ''standard'', ''{"columns": ["note"]}'') FROM agg_rows AS r', 'normfreeze.fit(r, ''standard'', ''{"exclude": ["zz"]}'') FROM agg_rows AS r',
	'normfreeze.fit(r, ''standard'', ''{"zz": 1}'') FROM agg_rows AS r', 'normfreeze.fit(r, NULL) FROM agg_others AS r',
	'normfreeze.fit(r, ''standard'') FROM agg_others AS r WHERE false', 'normfreeze.fit(r, ''standard'', NULL) FROM agg_others AS r',
	'normfreeze.fit(r, CASE WHEN id = 9 THEN ''minmax'' ELSE ''standard'' END::normfreeze.method) FROM agg_others AS r',
	'normfreeze.fit(r, ''standard'', NULL, NULL) FROM agg_others AS r', 'normfreeze.fit(r, ''standard'', NULL, -other) FROM agg_others AS r',
	'normfreeze.fit(s, ''standard'') FROM (SELECT a, b, b AS a FROM agg_rows) AS s', 'normfreeze.profile(s) FROM (SELECT a, b, b AS a FROM agg_rows) AS s',
	'normfreeze.fit(s, ''standard'') FROM (SELECT a AS f1, b AS f2 FROM agg_rows) AS s', 'normfreeze.fit(ROW(a, b), ''standard'') FROM agg_rows AS s',
	'normfreeze.fit(s, ''standard'') FROM (SELECT a AS f1, b AS f2 FROM agg_rows OFFSET 0) AS s',
	'normfreeze.fit(s, ''standard'') FROM (SELECT a, 1e400::numeric AS b FROM agg_rows) AS s',
	'normfreeze.fit(s, ''standard'') FROM (SELECT a, ''infinity''::float8 AS b FROM agg_rows) AS s',
	'normfreeze.fit(s, ''standard'') FROM (SELECT) AS s', 'normfreeze.profile(s) FROM (SELECT FROM agg_rows) AS s',
	'normfreeze.profile(r) FROM agg_rows AS r', 'normfreeze.profile(r, ARRAY[''z'']) FROM agg_rows AS r', 'normfreeze.profile(r, NULL::text[]) FROM agg_rows AS r',
	'normfreeze.profile(r, ARRAY[''a'', CASE WHEN id = 9 THEN ''b'' ELSE ''e'' END]) FROM agg_rows AS r',
	'normfreeze.profile(r, ''none'') FROM agg_rows AS r', 'normfreeze.profile(r, 1) FROM agg_rows AS r', 'normfreeze.profile(r, NULL::bigint) FROM agg_rows AS r',
	'normfreeze.profile(r, <kept>) FROM agg_rows AS r', 'normfreeze.profile(r, <id>) FROM agg_others AS r',
	'normfreeze.gather(r, ''\x00'') FROM agg_others AS r', 'normfreeze.gather(r, NULL) FROM agg_others AS r',
	'normfreeze.gather(r, ''\x00'', a) FROM agg_others AS r', 'normfreeze.gather(r, ''\x00'', -a) FROM agg_others AS r']) AS call;

-- wherever rows come from
CREATE VIEW agg_view AS SELECT a * 2 AS a, b, id FROM agg_rows;
CREATE VIEW agg_barrier WITH (security_barrier) AS SELECT id, a, b FROM agg_rows WHERE id < 40;
CREATE TABLE agg_parts (LIKE agg_rows) PARTITION BY RANGE (id);
CREATE TABLE agg_part1 (note text, d bool, g int, e real, "C" numeric, b int, a float8, id int NOT NULL);
ALTER TABLE agg_parts ATTACH PARTITION agg_part1 FOR VALUES FROM (0) TO (25);
CREATE TABLE agg_part2 PARTITION OF agg_parts FOR VALUES FROM (25) TO (100);
INSERT INTO agg_parts SELECT * FROM agg_rows;
CREATE FUNCTION agg_setof() RETURNS SETOF agg_others LANGUAGE sql STABLE AS $$ SELECT * FROM agg_others $$;
CREATE FUNCTION agg_sql() RETURNS normfreeze.scaler LANGUAGE sql STABLE AS $$ SELECT normfreeze.fit(o, 'standard') FROM agg_others AS o $$;
SELECT label, agg_both_ways(replace(query, '<fit>', 'normfreeze.fit(s, ''standard'', ''{"columns": ["a", "id"]}'')')) FROM (VALUES
	('view', 'SELECT <fit> FROM agg_view AS s'),
	('security barrier', 'SELECT <fit> FROM agg_barrier AS s'),
	('subquery', 'SELECT <fit> FROM (SELECT id, a + 1 AS a FROM agg_rows) AS s'),
	('limited', 'SELECT <fit> FROM (SELECT id, a FROM agg_rows ORDER BY id LIMIT 10) AS s'),
	('grouped below', 'SELECT <fit> FROM (SELECT g AS id, sum(a) AS a FROM agg_rows GROUP BY g) AS s'),
	('with volatile columns', 'SELECT normfreeze.fit(s, ''standard'', ''{"columns": ["a"]}'') FROM (SELECT b, a, random() AS c FROM agg_rows) AS s'),
	('cte', 'WITH s AS MATERIALIZED (SELECT a, id FROM agg_rows) SELECT <fit> FROM s'),
	('recursive', 'WITH RECURSIVE s(id, a) AS (SELECT 1, 1.5 UNION ALL SELECT id + 1, a * 2 FROM s WHERE id < 9) SELECT <fit> FROM s'),
	('values', 'SELECT <fit> FROM (VALUES (1.5, 2), (3, NULL)) AS s(a, id)'),
	('other names for columns', 'SELECT normfreeze.fit(s, ''standard'', ''{"columns": "numeric"}'') FROM agg_rows AS s(x, y, z)'),
	('other names, subquery', 'SELECT normfreeze.fit(s, ''standard'') FROM (SELECT a, b FROM agg_rows) AS s(x, y)'),
	('other names, view', 'SELECT normfreeze.fit(s, ''standard'') FROM agg_view AS s(x, y)'),
	('partitions', 'SELECT <fit> FROM agg_parts AS s'),
	('partition', 'SELECT <fit> FROM agg_part1 AS s'),
	('union', 'SELECT <fit> FROM (SELECT id, a FROM agg_rows UNION ALL SELECT id, a FROM agg_others) AS s'),
	('function', 'SELECT <fit> FROM agg_setof() AS s'),
	('series', 'SELECT normfreeze.fit(s, ''standard'') FROM (SELECT i, i * 2 AS j FROM generate_series(1, 9) AS i) AS s'),
	('in a function', 'SELECT agg_sql()'),
	('join', 'SELECT <fit>, normfreeze.fit(o, ''standard'', ''{"columns": ["a", "id"]}''), normfreeze.fit(o, ''standard'') FROM agg_rows AS s JOIN agg_others AS o ON o.id < s.id'),
	('join using', 'SELECT normfreeze.fit(s, ''standard'', ''{"columns": ["id", "other"]}'') FROM (agg_rows JOIN agg_others USING (id)) AS s'),
	('outer side', 'SELECT <fit> FROM agg_rows AS s LEFT JOIN agg_others AS o ON o.id = s.id'),
	('nullable side', 'SELECT o.id, <fit> FROM agg_others AS o LEFT JOIN agg_rows AS s ON s.id < o.id AND o.id > 7 GROUP BY o.id HAVING o.id > 8'),
	('nullable side, no rows', 'SELECT o.id, <fit> FROM agg_others AS o LEFT JOIN agg_rows AS s ON s.id < o.id AND o.id > 8 GROUP BY o.id'),
	('filter', 'SELECT <fit> FILTER (WHERE d), <fit> FILTER (WHERE NOT d) FROM agg_rows AS s'),
	('group by', 'SELECT g, <fit>, count(*) FROM agg_rows AS s GROUP BY g'),
	('group by, having', 'SELECT g, max(a) FROM agg_rows AS s GROUP BY g HAVING cardinality(normfreeze.feature_names(<fit>)) = 2 AND g > 0'),
	('group by the row', 'SELECT s, <fit> FROM agg_rows AS s GROUP BY s'),
	('group by key', 'SELECT s.note, <fit> FROM agg_rows AS s GROUP BY s.id'),
	('rollup', 'SELECT g, d, <fit> FROM agg_rows AS s GROUP BY ROLLUP (g, d)'),
	('rollup of the row', 'SELECT s, <fit> FROM agg_others AS s GROUP BY ROLLUP (s)'),
	('many groups', 'SELECT g % 500, normfreeze.fit(s, ''robust'', ''{"columns": ["a"]}'') FROM (SELECT g, g::float8 AS a FROM generate_series(1, 2000) AS g) AS s GROUP BY 1'),
	('distinct', 'SELECT normfreeze.fit(DISTINCT s, ''standard'', ''{"columns": ["a"]}'') FROM agg_rows AS s'),
	('sorted', 'SELECT normfreeze.fit(s, ''standard'', ''{"columns": ["a"]}'' ORDER BY b) FROM agg_rows AS s'),
	('window', 'SELECT id, <fit> OVER (ORDER BY id) FROM agg_rows AS s'),
	('of the outer query', 'SELECT (SELECT <fit> FROM agg_others AS o LIMIT 1) FROM agg_rows AS s'),
	('correlated', 'SELECT o.id, (SELECT <fit> FROM agg_rows AS s WHERE s.id <= o.id) FROM agg_others AS o'),
	('lateral', 'SELECT o.id, l.f FROM agg_others AS o, LATERAL (SELECT <fit> AS f FROM agg_rows AS s WHERE s.id <= o.id) AS l'),
	('row of the outer query', 'SELECT (SELECT normfreeze.fit(s, ''standard'', ''{"columns": ["a"]}'', o.a) FROM agg_others AS o WHERE o.id > s.id) FROM agg_rows AS s WHERE id < 20'),
	('what fit_table() asks', 'SELECT normfreeze.fit(fit_row.*, ''standard'', ''{"columns": ["a", "b"]}'') FROM (SELECT NULL::pg_catalog.text AS fit_row, fit_row.a, fit_row.b FROM agg_rows AS fit_row) AS fit_row'),
	('and of a later pass', 'SELECT normfreeze.gather(fit_row.*, NULL) FROM agg_parts AS fit_row'),
	('and with weights', 'SELECT normfreeze.gather(fit_row.*, ''\x01016101010003000000000000f0ff'', fit_row.id::pg_catalog.float8) FROM (SELECT a, id FROM agg_parts AS fit_row) AS fit_row'),
	('sublink', 'SELECT id FROM agg_rows AS r WHERE EXISTS (SELECT <fit> FROM agg_others AS s WHERE s.id > r.id HAVING count(*) > 3)'),
	('in a set operation', 'SELECT <fit> FROM agg_rows AS s UNION ALL SELECT <fit> FROM agg_others AS s'),
	('normalize with it', 'SELECT normfreeze.normalize(r, (SELECT <fit> FROM agg_rows AS s)) FROM agg_rows AS r'),
	('tablesample', 'SELECT <fit> FROM agg_rows AS s TABLESAMPLE SYSTEM (100)')) AS q(label, query);

-- fit_table(), with as many passes as it takes
CREATE FUNCTION agg_table_both_ways(relation regclass, method normfreeze.method, options jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT agg_both_ways(format('SELECT normfreeze.fit_table(%L, %L, %L)', relation, method, options)) $$;
SELECT method, options, agg_table_both_ways('agg_rows', method, options) AS rows, agg_table_both_ways('agg_parts', method, options) AS parts FROM
	unnest(ARRAY['standard', 'robust', 'power', 'quantile', 'minmax']::normfreeze.method[]) AS method,
	unnest(ARRAY['{"columns": "numeric"}', '{"columns": ["e", "a"]}', '{"exclude": ["note", "id"]}', '{"columns": ["a", "note"]}', '{}']::jsonb[]) AS options;
SELECT options, agg_both_ways(format('SELECT normfreeze.fit_table(''agg_parts'', ''standard'', %L, ''g'')', options)) AS with_weights
FROM unnest(ARRAY['{"columns": "numeric"}', '{"columns": ["e", "a"], "steps": ["cbrt", "standard"]}', '{"exclude": ["note", "id"], "steps": ["square", "standard"]}']) AS options;
SELECT agg_table_both_ways('agg_view', 'robust', '{}') AS view, agg_table_both_ways('agg_others', 'power', '{}') AS table;

-- notices
SET client_min_messages = notice;
SELECT normfreeze.fit(o, 'standard', '{"exclude": ["note"]}') IS NOT NULL AS fitted FROM agg_rows AS o;
SELECT g, normfreeze.fit(o, 'standard', '{"exclude": ["note", "g"]}') IS NOT NULL AS fitted FROM agg_rows AS o GROUP BY g ORDER BY g;
SELECT normfreeze.fit_table('agg_rows', 'robust', '{"exclude": ["note"]}') IS NOT NULL AS fitted;
SET normfreeze.rewrite_calls = off;
SELECT normfreeze.fit_table('agg_rows', 'robust', '{"exclude": ["note"]}') IS NOT NULL AS fitted;
RESET normfreeze.rewrite_calls;
BEGIN;
SET LOCAL normfreeze.fit_memory = '1MB';
CREATE TABLE agg_long AS SELECT sqrt(i) AS x, (i * 7919) % 100003 AS y, (i % 1000)::numeric / 7 AS z FROM generate_series(1, 40000) AS i;
SELECT normfreeze.fit_table('agg_long', 'robust', '{"distribution": 16}') AS robust, normfreeze.fit_table('agg_long', 'power', '{"distribution": false, "columns": ["x", "z"]}') AS power \gset
SET LOCAL normfreeze.rewrite_calls = off;
SELECT normfreeze.fit_table('agg_long', 'robust', '{"distribution": 16}')::text = :'robust' AS robust, normfreeze.fit_table('agg_long', 'power', '{"distribution": false, "columns": ["x", "z"]}')::text = :'power' AS power;
ROLLBACK;
SET client_min_messages = warning;

-- definitions keep what was written
CREATE VIEW agg_stored AS SELECT g, normfreeze.fit(r, 'standard', '{"columns": ["a"]}') AS s FROM agg_rows AS r GROUP BY g;
SELECT pg_get_viewdef('agg_stored') LIKE '%fit(r.*, %standard%' AS kept, agg_both_ways('SELECT s FROM agg_stored');
CREATE MATERIALIZED VIEW agg_kept AS SELECT normfreeze.fit(r, 'standard', '{"columns": ["a"]}') AS s FROM agg_rows AS r;
SELECT pg_get_viewdef('agg_kept') LIKE '%fit(r.*, %standard%' AS kept;
REFRESH MATERIALIZED VIEW agg_kept;
SELECT s = (SELECT normfreeze.fit(r.*, 'standard', '{"columns": ["a"]}') FROM agg_rows AS r) AS same FROM agg_kept;

-- privileges: as they are, on the aggregate and on the columns
CREATE ROLE regress_agg_reader;
GRANT SELECT ON agg_rows TO regress_agg_reader;
PREPARE fitted AS SELECT normfreeze.feature_names(normfreeze.fit(r, 'standard', '{"columns": ["a", "b"]}')) FROM agg_rows AS r;
EXECUTE fitted;
SET ROLE regress_agg_reader;
EXECUTE fitted;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION normfreeze.fit(record, normfreeze.method, jsonb) FROM PUBLIC;
SET ROLE regress_agg_reader;
EXECUTE fitted;
RESET ROLE;
EXECUTE fitted;
GRANT EXECUTE ON FUNCTION normfreeze.fit(record, normfreeze.method, jsonb) TO PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.fit_columns(record, normfreeze.method, jsonb, text[], "any") FROM PUBLIC;
SET ROLE regress_agg_reader;
EXECUTE fitted;
SELECT agg_by_columns('EXECUTE fitted');
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.fit_columns(record, normfreeze.method, jsonb, text[], "any") TO PUBLIC;
REVOKE SELECT ON agg_rows FROM regress_agg_reader;
GRANT SELECT (a, b) ON agg_rows TO regress_agg_reader;
SET ROLE regress_agg_reader;
EXECUTE fitted;
SELECT normfreeze.feature_names(normfreeze.fit(s, 'standard')) FROM (SELECT a, b FROM agg_rows) AS s;
SELECT normfreeze.feature_names(normfreeze.fit_table('agg_rows', 'robust', '{"columns": ["a", "b"]}'));
RESET ROLE;
-- row security of the table
SELECT normfreeze.profile(r, ARRAY['a']) AS few FROM agg_rows AS r WHERE id <= 10 \gset
ALTER TABLE agg_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON agg_rows USING (id <= 10);
GRANT SELECT ON agg_rows TO regress_agg_reader;
SET ROLE regress_agg_reader;
SELECT normfreeze.profile(r, ARRAY['a'])::text = :'few' AS same FROM agg_rows AS r;
RESET ROLE;
DROP POLICY few ON agg_rows;
ALTER TABLE agg_rows DISABLE ROW LEVEL SECURITY;

-- plans that are kept notice what changes
CREATE TABLE agg_altered AS SELECT id, a, note, b FROM agg_rows;
PREPARE altered AS SELECT normfreeze.feature_names(normfreeze.fit(r, 'standard', '{"columns": "numeric"}')) FROM agg_altered AS r;
EXECUTE altered;
ALTER TABLE agg_altered RENAME b TO bb;
EXECUTE altered;
ALTER TABLE agg_altered ALTER bb TYPE text, DROP COLUMN id, ADD extra real DEFAULT 1;
EXECUTE altered;
SET normfreeze.rewrite_calls = off;
SELECT agg_by_columns('EXECUTE altered');
RESET normfreeze.rewrite_calls;
SELECT agg_by_columns('EXECUTE altered');

-- as many columns as a table may have
DO $$
BEGIN
	EXECUTE (SELECT format('CREATE TABLE agg_wide AS SELECT %s FROM generate_series(1, 20) AS g', string_agg(format('nullif((g * %s) %% 11, %s)::%s AS c%1$s',
		i, 1 + i % 10, CASE WHEN i % 20 = 0 THEN (ARRAY['float8', 'numeric', 'bigint'])[i / 20 % 3 + 1] ELSE (ARRAY['int2', 'int', 'real'])[i % 3 + 1] END), ', '))
		FROM generate_series(1, 1600) AS i);
END $$;
SELECT n, agg_both_ways(format('SELECT normfreeze.fit(s, ''standard'', ''{"distribution": false}'') FROM (SELECT %s FROM agg_wide) AS s', string_agg('c' || i, ', ')))
FROM unnest(ARRAY[93, 94, 95, 96, 97, 98, 193, 194, 195, 1600]) AS n, generate_series(1, n) AS i GROUP BY n ORDER BY n;
SELECT agg_both_ways('SELECT normfreeze.fit(w, ''standard'', ''{"distribution": false}''), normfreeze.profile(w) FROM agg_wide AS w') AS wide, agg_table_both_ways('agg_wide', 'robust', '{"distribution": 16}') AS passes;
SET max_parallel_workers_per_gather = 2;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT agg_both_ways('SELECT normfreeze.fit(w, ''standard'', ''{"distribution": false}'') FROM agg_wide AS w') AS parallel,
	agg_both_ways('SELECT g, normfreeze.fit(r, ''robust'', ''{"columns": ["a", "b", "C"]}''), normfreeze.profile(r, <id>) FROM agg_rows AS r GROUP BY g') AS parallel,
	agg_table_both_ways('agg_rows', 'power', '{"columns": "numeric"}') AS parallel,
	agg_both_ways('SELECT normfreeze.audit(r, ARRAY[b, a], <id>), normfreeze.audit(r, ''agg'') FROM agg_rows AS r') AS parallel;
EXPLAIN (COSTS off) SELECT normfreeze.fit(w, 'standard') FROM agg_wide AS w;
SET enable_partitionwise_aggregate = on;
SELECT agg_both_ways('SELECT normfreeze.fit(r, ''standard'', ''{"columns": ["a", "b"]}'') FROM agg_parts AS r') AS partitionwise;
RESET enable_partitionwise_aggregate;
SET max_parallel_workers_per_gather = 0;

-- the aggregates behind it, called by hand
SELECT normfreeze.fit_columns(NULL, 'standard', '{a,b}', a, b) = normfreeze.fit(s, 'standard') AS same FROM (SELECT a, b FROM agg_rows) AS s;
SELECT normfreeze.fit_columns(s, 'standard', '{x}', b) = normfreeze.fit(s, 'standard') AS same FROM (SELECT b AS x, b FROM agg_rows) AS s;
SELECT normfreeze.fit_columns(NULL, 'standard', '{a}', a, b) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', '{a,a}', a, b) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', '{a}', note) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', '{}', VARIADIC '{}'::text[]) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', ARRAY[note], a) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', NULL, a) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', '{a}', a ORDER BY b) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', '{a,b}', VARIADIC ARRAY[a, b]) FROM agg_rows;
SELECT normfreeze.fit_columns(NULL, 'standard', '{a,b}', a, b) OVER () FROM agg_rows;
SELECT normfreeze.fit_columns_transition(NULL, NULL, 'standard', '{a}', 1.5);
SELECT normfreeze.gather_columns(NULL, '\x00', '{a}', a) FROM agg_rows;
SELECT normfreeze.audit_columns(NULL, ARRAY[a, b], :id, '{a,b}', a, b) = normfreeze.audit(r, ARRAY[a, b], :id) AS same FROM agg_rows AS r;
SELECT normfreeze.audit_columns(NULL, ARRAY[a, b], :id, '{a}', a, b) FROM agg_rows;
SELECT normfreeze.audit_columns(NULL, :id, ARRAY[note], a) FROM agg_rows;

DROP OWNED BY regress_agg_reader;
DROP ROLE regress_agg_reader;

-- the first query of a session, which loads the library
\c -
EXPLAIN (VERBOSE, COSTS off) SELECT normfreeze.freeze('agg first', normfreeze.fit(o, 'standard', '{"columns": ["a"]}')) FROM agg_others AS o;
\c -
EXPLAIN (VERBOSE, COSTS off) SELECT normfreeze.id_of(normfreeze.fit(o, 'standard', '{"columns": ["a"]}')) FROM agg_others AS o;
\c -
EXPLAIN (VERBOSE, COSTS off) SELECT normfreeze.id_of(normfreeze.fit(normfreeze.profile(o, ARRAY['a']), 'standard')) FROM agg_others AS o;
\c -
SELECT normfreeze.freeze('agg first', normfreeze.fit(o, 'standard')) = normfreeze.freeze('agg first', (SELECT normfreeze.fit(o, 'standard') FROM agg_others AS o)) AS same FROM agg_others AS o;
\c -
SELECT normfreeze.freeze('agg first', (SELECT normfreeze.fit(s, 'standard') FROM agg_view AS s)) =
	normfreeze.freeze('agg first', (SELECT normfreeze.fit(s, 'standard') FROM (SELECT * FROM agg_view OFFSET 0) AS s)) AS same;
