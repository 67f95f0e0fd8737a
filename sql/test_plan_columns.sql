-- normalize() of a row, planned as normalize() of its columns: the same results, errors and privileges.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
SET jit = off;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE TABLE plan_rows (id int PRIMARY KEY, a float8, gone text, b int, "C" numeric, d bool, note text);
ALTER TABLE plan_rows DROP COLUMN gone;
INSERT INTO plan_rows SELECT i, sqrt(i), nullif(i % 7, 3), i * 1.25, i % 2 = 0, 'note ' || i FROM generate_series(1, 50) AS i;
ALTER TABLE plan_rows ADD e real DEFAULT 2.5;
CREATE TABLE plan_others AS SELECT id, id * 2 AS other FROM plan_rows WHERE id % 3 = 0;
ANALYZE plan_rows, plan_others;
SELECT normfreeze.freeze('plan', normfreeze.fit(r, 'standard', '{"columns": ["a", "b", "C", "d", "e"], "missing": "mean"}')) AS id FROM plan_rows AS r \gset
SELECT normfreeze.freeze('plan kept', normfreeze.fit(r, 'minmax', '{"columns": ["b", "a"]}')) AS kept FROM plan_rows AS r \gset
SELECT normfreeze.freeze('plan set', normfreeze.by_key((id % 3)::text, s)) AS set
FROM (SELECT id % 3, normfreeze.fit(r, 'standard', '{"columns": ["a", "b"]}') FROM plan_rows AS r GROUP BY id % 3) AS t(id, s) \gset
SELECT normfreeze.promote('plan', 1), normfreeze.promote('plan kept', 1), normfreeze.promote('plan set', 1) \g /dev/null
SELECT set_config('plan.id', :'id', false), set_config('plan.kept', :'kept', false), set_config('plan.set', :'set', false) \g /dev/null

-- what a query gives: its rows, or its error with everything that it says
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
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
CREATE FUNCTION by_columns(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	found boolean := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP
		found := found OR line ~ '_columns"?\(';
	END LOOP;
	RETURN found;
END $$;
CREATE FUNCTION both_ways(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	planned boolean;
	with_columns text;
	with_rows text;
BEGIN
	query := replace(replace(replace(query, '<id>', current_setting('plan.id')), '<kept>', current_setting('plan.kept')),
		'<set>', current_setting('plan.set'));
	planned := by_columns(query);
	with_columns := outcome(query);
	SET LOCAL normfreeze.rewrite_calls = off;
	with_rows := outcome(query);
	IF by_columns(query) THEN
		RETURN 'the setting does nothing';
	END IF;
	SET LOCAL normfreeze.rewrite_calls = on;
	RETURN CASE WHEN with_columns IS DISTINCT FROM with_rows THEN E'DIFFERENT:\n' || with_columns || E'\n' || with_rows
		ELSE CASE WHEN planned THEN 'columns' ELSE 'row' END ||
			CASE WHEN with_rows ~ '^[0-9A-Z]{5}\n' THEN ', ' || split_part(with_rows, E'\n', 2) ELSE '' END END;
END $$;

-- every form
SELECT form, both_ways('SELECT id, ' || form || ' FROM plan_rows AS r') FROM unnest(ARRAY[
	'normfreeze.normalize(r, <id>)', 'normfreeze.normalize(r, ''plan'')', 'normfreeze.normalize(r, ''plan@v1'')',
	'normfreeze.normalize(r, <kept>)', 'normfreeze.normalize(r, ''plan kept'')',
	'normfreeze.normalize(r, (SELECT normfreeze.scaler(<id>)))',
	'normfreeze.normalize(r, (SELECT s.scaler_id FROM normfreeze.scalers AS s WHERE s.scaler_id = <id>))',
	'normfreeze.normalize(r, CASE WHEN id % 2 = 0 THEN <id> ELSE <kept> END)',
	'normfreeze.normalize(r, CASE WHEN id % 2 = 0 THEN ''plan'' ELSE ''plan kept'' END)',
	'normfreeze.normalize(r.*, <id>)',
	'normfreeze.denormalize(r, <id>)', 'normfreeze.denormalize(r, ''plan kept'')',
	'normfreeze.normalize_by_key(r, <set>, (id % 3)::text)', 'normfreeze.normalize_by_key(r, ''plan set'', (id % 3)::text)',
	'normfreeze.denormalize_by_key(r, <set>, (id % 3)::text)',
	'normfreeze.normalize_by_key(r, (SELECT normfreeze.scaler(<set>)), ''1'')',
	'normfreeze.normalize(r, nullif(<id>, <id>))', 'normfreeze.normalize_by_key(r, nullif(<set>, <set>), ''1'')']) AS form;
SELECT both_ways(format('SELECT normfreeze.normalize(r, %L::normfreeze.scaler) FROM plan_rows AS r', normfreeze.scaler(:id)));
-- columns that are not asked for are not read
EXPLAIN (VERBOSE, COSTS off) SELECT normfreeze.normalize_columns('plan kept', '{a,b}', a, b) FROM plan_rows;

-- every error
SELECT call, both_ways(format('SELECT normfreeze.normalize(%s', call)) FROM unnest(ARRAY[
	'r, <id>) FROM plan_others AS r', 'r, ''plan'') FROM plan_others AS r', 'r, ''none'') FROM plan_rows AS r', 'r, 1) FROM plan_rows AS r',
	'r, 1) FROM plan_rows AS r WHERE false', 'r, <set>) FROM plan_rows AS r',
	's, <kept>) FROM (SELECT note AS a, b FROM plan_rows) AS s', 's, <kept>) FROM (SELECT a, b, b AS a FROM plan_rows) AS s',
	's, ''plan kept'') FROM (SELECT note AS a, b FROM plan_rows) AS s', 's, ''plan kept'') FROM (SELECT a, b, b AS a FROM plan_rows) AS s',
	'ROW(id, b), <kept>) FROM plan_rows', 's, <kept>) FROM (SELECT a AS f1, b AS f2 FROM plan_rows) AS s',
	's, <kept>) FROM (SELECT a, 1e400::numeric AS b FROM plan_rows) AS s']) AS call;

-- wherever a row comes from
CREATE VIEW plan_view AS SELECT a * 2 AS a, note, b, id FROM plan_rows;
CREATE VIEW plan_barrier WITH (security_barrier) AS SELECT * FROM plan_rows WHERE id < 20;
CREATE TABLE plan_parts (LIKE plan_rows) PARTITION BY RANGE (id);
CREATE TABLE plan_part1 (note text, d bool, e real, "C" numeric, b int, a float8, id int NOT NULL);
ALTER TABLE plan_parts ATTACH PARTITION plan_part1 FOR VALUES FROM (0) TO (25);
CREATE TABLE plan_part2 PARTITION OF plan_parts FOR VALUES FROM (25) TO (100);
INSERT INTO plan_parts SELECT * FROM plan_rows;
CREATE FUNCTION plan_inlined(r plan_rows) RETURNS float8[] LANGUAGE sql STABLE AS $$ SELECT normfreeze.normalize(r, 'plan') $$;
CREATE FUNCTION plan_setof() RETURNS SETOF plan_rows LANGUAGE sql STABLE AS $$ SELECT * FROM plan_rows $$;
SELECT label, both_ways(query) FROM (VALUES
	('view', 'SELECT normfreeze.normalize(v, <kept>) FROM plan_view AS v'),
	('view by ref', 'SELECT normfreeze.normalize(v, ''plan kept'') FROM plan_view AS v'),
	('security barrier', 'SELECT normfreeze.normalize(v, <id>) FROM plan_barrier AS v'),
	('subquery', 'SELECT normfreeze.normalize(s, <kept>) FROM (SELECT b, a + 1 AS a FROM plan_rows) AS s'),
	('limited', 'SELECT normfreeze.normalize(s, <kept>) FROM (SELECT b, a FROM plan_rows ORDER BY id LIMIT 10) AS s'),
	('with volatile columns', 'SELECT normfreeze.normalize(s, <kept>) FROM (SELECT b, a, random() AS c FROM plan_rows) AS s'),
	('cte', 'WITH c AS MATERIALIZED (SELECT a, b FROM plan_rows) SELECT normfreeze.normalize(c, <kept>) FROM c'),
	('values', 'SELECT normfreeze.normalize(v, <kept>) FROM (VALUES (1.5, 2), (3, NULL)) AS v(a, b)'),
	('other names for columns', 'SELECT normfreeze.normalize(r, <kept>) FROM plan_rows AS r(b, a)'),
	('other names, by ref', 'SELECT normfreeze.normalize(v, ''plan kept'') FROM plan_view AS v(b, x, a)'),
	('other names, subquery', 'SELECT normfreeze.normalize(s, ''plan kept'') FROM (SELECT a, b FROM plan_rows) AS s(b, a)'),
	('partitions', 'SELECT id, normfreeze.normalize(p, <id>) FROM plan_parts AS p'),
	('partitions in where', 'SELECT id FROM plan_parts AS p WHERE (normfreeze.normalize(p, ''plan''))[1] > 0'),
	('inlined', 'SELECT plan_inlined(r) FROM plan_rows AS r'),
	('function', 'SELECT normfreeze.normalize(f, <id>) FROM plan_setof() AS f'),
	('where', 'SELECT id FROM plan_rows AS r WHERE (normfreeze.normalize(r, <id>))[1] > 1'),
	('null row', 'SELECT id FROM plan_rows AS r WHERE normfreeze.normalize(r, <id>) IS NULL'),
	('join', 'SELECT r.id, other, normfreeze.normalize(r, <id>) FROM plan_rows AS r JOIN plan_others AS o ON o.id = r.id'),
	('join using', 'SELECT normfreeze.normalize(j, <kept>) FROM (plan_rows JOIN plan_others USING (id)) AS j'),
	('outer side of a left join', 'SELECT normfreeze.normalize(r, <kept>) FROM plan_rows AS r LEFT JOIN plan_others AS o ON o.id = r.id'),
	('nullable side', 'SELECT o.id, normfreeze.normalize(r, <kept>) FROM plan_others AS o LEFT JOIN plan_rows AS r ON r.id = o.id AND o.id < 20'),
	('nullable, where', 'SELECT o.id FROM plan_others AS o LEFT JOIN plan_rows AS r ON r.id = o.id AND o.id < 20 WHERE normfreeze.normalize(r, <kept>) IS NULL'),
	('nullable subquery', 'SELECT o.id, normfreeze.normalize(r, <kept>) FROM plan_others AS o LEFT JOIN (SELECT a, b, id FROM plan_rows) AS r ON r.id = o.id AND o.id < 20'),
	('nullable below', 'SELECT normfreeze.normalize(r, <kept>) FROM plan_others AS o LEFT JOIN (plan_rows AS r JOIN plan_others AS p ON p.id = r.id) ON r.id = o.id + 3'),
	('full join', 'SELECT normfreeze.normalize(r, <kept>) FROM plan_others AS o FULL JOIN plan_rows AS r ON r.id = o.other'),
	('right join', 'SELECT normfreeze.normalize(r, <kept>) FROM plan_rows AS r RIGHT JOIN plan_others AS o ON o.other = r.id'),
	('lateral', 'SELECT r.id, l.z FROM plan_rows AS r, LATERAL (SELECT normfreeze.normalize(r, <id>) AS z) AS l'),
	('lateral, apart', 'SELECT r.id, l.z FROM plan_rows AS r, LATERAL (SELECT normfreeze.normalize(r, <id>) AS z OFFSET 0) AS l'),
	('lateral, members', 'SELECT r.id, l.z FROM plan_rows AS r, LATERAL (SELECT normfreeze.normalize(r, <id>) AS z UNION ALL SELECT normfreeze.normalize(p, <id>) FROM plan_parts AS p WHERE p.id = r.id) AS l'),
	('lateral, members, of a subquery', 'SELECT r.id, l.z FROM (SELECT * FROM plan_rows OFFSET 0) AS r, LATERAL (SELECT normfreeze.normalize(r, ''plan'') AS z UNION ALL SELECT NULL) AS l'),
	('lateral function', 'SELECT r.id, u FROM plan_rows AS r, LATERAL unnest(normfreeze.normalize(r, <kept>)) AS u'),
	('correlated', 'SELECT (SELECT max((normfreeze.normalize(r, <kept>))[1] + other) FROM plan_others AS o WHERE o.id <= r.id) FROM plan_rows AS r'),
	('sublink', 'SELECT id FROM plan_others WHERE id IN (SELECT id FROM plan_rows AS r WHERE (normfreeze.normalize(r, <id>))[1] > 0)'),
	('aggregate', 'SELECT d, sum((normfreeze.normalize(r, <id>))[1]) FROM plan_rows AS r GROUP BY d'),
	('grouped', 'SELECT normfreeze.normalize(r, <id>), count(*) FROM plan_rows AS r GROUP BY r'),
	('grouped by key', 'SELECT normfreeze.normalize(r, <id>), count(*) FROM plan_rows AS r GROUP BY r.id'),
	('rollup', 'SELECT normfreeze.normalize(r, <id>), count(*) FROM plan_rows AS r GROUP BY ROLLUP (r)'),
	('having', 'SELECT id FROM plan_rows AS r GROUP BY id HAVING (normfreeze.normalize(r, <id>))[1] > 1'),
	('distinct', 'SELECT DISTINCT normfreeze.normalize(r, <id>) FROM plan_rows AS r'),
	('distinct on', 'SELECT DISTINCT ON (r) normfreeze.normalize(r, <id>) FROM plan_rows AS r ORDER BY r'),
	('order', 'SELECT id FROM plan_rows AS r ORDER BY normfreeze.normalize(r, <id>) LIMIT 3'),
	('window', 'SELECT normfreeze.normalize(r, <id>), rank() OVER (ORDER BY r), sum((normfreeze.normalize(r, <kept>))[2]) OVER (PARTITION BY d ORDER BY id) FROM plan_rows AS r'),
	('union', 'SELECT normfreeze.normalize(r, <id>) FROM plan_rows AS r UNION SELECT normfreeze.normalize(p, <id>) FROM plan_parts AS p'),
	('tablesample', 'SELECT normfreeze.normalize(r, <id>) FROM plan_rows AS r TABLESAMPLE SYSTEM (100)'),
	('system column', 'SELECT normfreeze.normalize(r, <kept>) FROM plan_rows AS r WHERE r.ctid >= ''(0,1)'''),
	('no table', 'SELECT normfreeze.normalize(ROW(1, 2, 3, 4, true, ''x'', 5)::plan_rows, <kept>)')) AS q(label, query);

-- since 18, what is grouped by is planned once
SELECT both_ways('SELECT normfreeze.normalize(r, <kept>), count(*) FROM plan_rows AS r GROUP BY normfreeze.normalize(r, <kept>)') !~ '^DIFFERENT' AS grouped_by_result;

-- statements that write
CREATE TABLE plan_written AS SELECT id, a, b, NULL::float8[] AS z FROM plan_rows WHERE id <= 4;
CREATE FUNCTION written(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE outcome text[] := '{}'; setting text; result text;
BEGIN
	statement := replace(statement, '<kept>', current_setting('plan.kept'));
	FOREACH setting IN ARRAY ARRAY['on', 'off'] LOOP
		PERFORM set_config('normfreeze.rewrite_calls', setting, true);
		BEGIN
			EXECUTE format('WITH w AS (%s) SELECT string_agg(w::text, '' '' ORDER BY w::text) FROM w', statement) INTO result;
			outcome := outcome || concat(result, ' / ', (SELECT string_agg(w::text, ' ' ORDER BY w::text) FROM plan_written AS w));
			RAISE 'undo';
		EXCEPTION WHEN raise_exception THEN NULL;
		END;
	END LOOP;
	RETURN outcome[1] = outcome[2];
END $$;
SELECT label, written(statement) FROM (VALUES
	('update', 'UPDATE plan_written AS w SET z = normfreeze.normalize(w, <kept>) RETURNING normfreeze.normalize(w, <kept>)'),
	('insert', 'INSERT INTO plan_written AS w (id, a, b) VALUES (9, 2, 3) RETURNING id, normfreeze.normalize(w, <kept>)'),
	('from', 'UPDATE plan_written AS w SET z = normfreeze.normalize(r, <kept>) FROM plan_rows AS r WHERE r.id = w.id + 1 RETURNING w.id, normfreeze.normalize(r, ''plan kept'')'),
	('delete', 'DELETE FROM plan_written AS w WHERE (normfreeze.normalize(w, <kept>))[1] > 0.2 RETURNING normfreeze.normalize(w, <kept>)')) AS s(label, statement);
-- old and new rows, where the server has them
SELECT CASE WHEN current_setting('server_version_num')::int >= 180000 THEN
	written('INSERT INTO plan_written AS w (id, a, b) VALUES (9, 2, 3) RETURNING id, normfreeze.normalize(old, <kept>), normfreeze.normalize(new, <kept>)') AND
	written('UPDATE plan_written AS w SET a = 9 RETURNING id, normfreeze.normalize(old, <kept>), normfreeze.normalize(new, <kept>)') ELSE true END AS old_and_new;
CREATE UNIQUE INDEX ON plan_written (id);
SELECT written('INSERT INTO plan_written AS w (id, a, b) VALUES (1, 5, 6) ON CONFLICT (id) DO UPDATE SET z = normfreeze.normalize(w, <kept>), a = (normfreeze.normalize(excluded, <kept>))[2] RETURNING normfreeze.normalize(w, <kept>)') AS conflict;
SELECT format($q$DO $do$ BEGIN MERGE INTO plan_written AS w USING plan_rows AS r ON r.id = w.id WHEN MATCHED AND (normfreeze.normalize(w, %1$s))[1] > 0 THEN UPDATE SET z = normfreeze.normalize(r, %1$s)
	WHEN NOT MATCHED AND r.id < 8 THEN INSERT (id, a, b, z) VALUES (r.id, r.a, r.b, normfreeze.normalize(r, %1$s)); END $do$$q$, :kept) \gexec
SELECT count(*), bool_and(z IS NULL OR z = normfreeze.normalize(r, :kept)) AS right FROM plan_written AS w JOIN plan_rows AS r USING (id);
CREATE FUNCTION plan_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.z := normfreeze.normalize(NEW, 'plan kept'); RETURN NEW; END $$;
CREATE TRIGGER plan_trigger BEFORE INSERT ON plan_written FOR EACH ROW EXECUTE FUNCTION plan_trigger();
INSERT INTO plan_written (id, a, b) VALUES (100, 1, 2);
SELECT z = normfreeze.normalize(w, :kept) AS by_trigger FROM plan_written AS w WHERE id = 100;

-- definitions keep what was written, and an index of such a call is still found
CREATE VIEW plan_stored AS SELECT id, normfreeze.normalize(r, 'plan kept') AS z FROM plan_rows AS r;
SELECT pg_get_viewdef('plan_stored') LIKE '%(r.*, %plan kept%' AS kept, both_ways('SELECT z FROM plan_stored');
DO $$ BEGIN EXECUTE (SELECT format('CREATE INDEX plan_index ON plan_others (((normfreeze.normalize(plan_others, %L::normfreeze.scaler))[1]))',
	normfreeze.fit(o, 'minmax')) FROM plan_others AS o); END $$;
SELECT pg_get_expr(indexprs, indrelid) AS indexed FROM pg_index WHERE indexrelid = 'plan_index'::regclass \gset
SET enable_seqscan = off;
CREATE FUNCTION by_index(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan json; BEGIN EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan; RETURN plan::text LIKE '%"plan_index%'; END $$;
SELECT by_index('SELECT id FROM plan_others WHERE ' || :'indexed' || ' > 0.5');
-- of a child, or a partition, alone: the query has its row as one of the parent's
CREATE TABLE plan_parent (id int, other int);
CREATE TABLE plan_child () INHERITS (plan_parent);
INSERT INTO plan_child SELECT id, other FROM plan_others;
CREATE TABLE plan_divided (id int, other int) PARTITION BY RANGE (id);
CREATE TABLE plan_division (other int, id int);
ALTER TABLE plan_divided ATTACH PARTITION plan_division FOR VALUES FROM (0) TO (1000);
INSERT INTO plan_divided SELECT id, other FROM plan_others;
SELECT normfreeze.fit(o, 'minmax') AS minmax FROM plan_others AS o \gset
CREATE INDEX plan_index_of_child ON plan_child (((normfreeze.normalize((plan_child)::plan_parent, :'minmax'::normfreeze.scaler))[1]));
CREATE INDEX plan_index_of_partition ON plan_division (((normfreeze.normalize((plan_division)::plan_divided, :'minmax'::normfreeze.scaler))[1]));
SELECT by_index(format('SELECT id FROM plan_parent AS p WHERE (normfreeze.normalize(p, %L::normfreeze.scaler))[1] > 0.5', :'minmax')) AS of_child,
	by_index(format('SELECT id FROM plan_divided AS p WHERE (normfreeze.normalize(p, %L::normfreeze.scaler))[1] > 0.5', :'minmax')) AS of_partition,
	by_index(format('SELECT id FROM ONLY plan_parent AS p WHERE (normfreeze.normalize(p, %L::normfreeze.scaler))[1] > 0.5', :'minmax')) AS of_neither;
DROP INDEX plan_index_of_child, plan_index_of_partition;
SELECT both_ways(format('SELECT id, normfreeze.normalize(p, %L::normfreeze.scaler) FROM plan_parent AS p', :'minmax')) AS child,
	both_ways(format('SELECT id, normfreeze.normalize(p, %L::normfreeze.scaler) FROM plan_divided AS p', :'minmax')) AS partition;
RESET enable_seqscan;

-- privileges: as they are, on the call and on the columns
CREATE ROLE regress_plan_reader;
CREATE ROLE regress_plan_nobody;
GRANT SELECT ON plan_rows TO regress_plan_reader, regress_plan_nobody;
GRANT SELECT ON normfreeze.scalers TO regress_plan_reader;
SELECT format('PREPARE plan AS SELECT count(normfreeze.normalize(r, %s)) FROM plan_rows AS r', :id) \gexec
EXECUTE plan;
SET ROLE regress_plan_nobody;
EXECUTE plan;
SET ROLE regress_plan_reader;
EXECUTE plan;
-- who may not call normalize() may not do so by another function
RESET ROLE;
REVOKE EXECUTE ON FUNCTION normfreeze.normalize(record, bigint) FROM PUBLIC;
SET ROLE regress_plan_reader;
EXECUTE plan;
RESET ROLE;
EXECUTE plan;
GRANT EXECUTE ON FUNCTION normfreeze.normalize(record, bigint) TO PUBLIC;
-- nor is the other function needed
REVOKE EXECUTE ON FUNCTION normfreeze.normalize_columns(bigint, text[], "any") FROM PUBLIC;
SET ROLE regress_plan_reader;
EXECUTE plan;
SELECT by_columns('EXECUTE plan');
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.normalize_columns(bigint, text[], "any") TO PUBLIC;
-- some columns of a table
REVOKE SELECT ON plan_rows FROM regress_plan_reader;
GRANT SELECT (a, b) ON plan_rows TO regress_plan_reader;
SET ROLE regress_plan_reader;
SELECT count(normfreeze.normalize(r, :kept)) FROM plan_rows AS r;
SELECT count(normfreeze.normalize(s, :kept)) FROM (SELECT a, b FROM plan_rows) AS s;
RESET ROLE;
-- row security of scalers: they are asked for when the query runs, and a plan does not tell of them
GRANT SELECT ON plan_rows TO regress_plan_reader;
ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY;
SET ROLE regress_plan_reader;
EXECUTE plan;
RESET ROLE;
ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY;

-- plans that are kept notice what changes
CREATE TABLE plan_altered AS SELECT id, a, note, b FROM plan_rows WHERE id = 4;
PREPARE altered AS SELECT normfreeze.normalize(r, 'plan kept') FROM plan_altered AS r;
EXECUTE altered;
ALTER TABLE plan_altered RENAME b TO bb;
EXECUTE altered;
ALTER TABLE plan_altered RENAME bb TO b;
ALTER TABLE plan_altered ALTER b TYPE numeric USING b + 0.5;
EXECUTE altered;
ALTER TABLE plan_altered DROP COLUMN note;
EXECUTE altered;
ALTER TABLE plan_altered DROP COLUMN a, ADD a text DEFAULT '1';
EXECUTE altered;
ALTER TABLE plan_altered ALTER a DROP DEFAULT, ALTER a TYPE bigint USING a::bigint;
EXECUTE altered;
SET normfreeze.rewrite_calls = off;
SELECT by_columns('EXECUTE altered');
RESET normfreeze.rewrite_calls;
SELECT by_columns('EXECUTE altered');
SET plan_cache_mode = force_generic_plan;
PREPARE generic(bigint) AS SELECT normfreeze.normalize(r, $1) FROM plan_rows AS r WHERE id = 4;
EXECUTE generic(:kept);
SELECT by_columns('EXECUTE generic(1)');
RESET plan_cache_mode;

-- as many columns as a table may have
DO $$
DECLARE
	n int;
BEGIN
	EXECUTE (SELECT format('CREATE TABLE plan_wide AS SELECT %s FROM generate_series(1, 20) AS g', string_agg(format('nullif((g * %s) %% 11, %s)::%s AS c%1$s',
		i, 1 + i % 10, CASE WHEN i % 20 = 0 THEN (ARRAY['float8', 'numeric', 'bigint'])[i / 20 % 3 + 1] ELSE (ARRAY['int2', 'int', 'real'])[i % 3 + 1] END), ', '))
		FROM generate_series(1, 1600) AS i);
	FOREACH n IN ARRAY ARRAY[97, 98, 99, 100, 195, 196, 197, 1600] LOOP
		EXECUTE (SELECT format('SELECT normfreeze.freeze(''wide %s'', normfreeze.fit(s, ''standard'', ''{"distribution": false, "missing": "mean"}'')) FROM (SELECT %s FROM plan_wide) AS s',
			n, string_agg('c' || i, ', ' ORDER BY i * 7 % n, i)) FROM generate_series(1, n) AS i);
	END LOOP;
END $$;
SELECT n, both_ways(format('SELECT normfreeze.normalize(w, %s) FROM plan_wide AS w', normfreeze.scaler_id('wide ' || n || '@v1'))) AS by_id,
	both_ways(format('SELECT normfreeze.normalize(w, %L) FROM plan_wide AS w', 'wide ' || n || '@v1')) AS by_ref,
	both_ways(format('SELECT normfreeze.normalize_by_key(w, normfreeze.scaler(%s), NULL) FROM plan_wide AS w', normfreeze.scaler_id('wide ' || n || '@v1'))) AS by_key
FROM unnest(ARRAY[97, 98, 99, 100, 195, 196, 197, 1600]) AS n;
SET max_parallel_workers_per_gather = 2;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT both_ways('SELECT normfreeze.normalize(w, ''wide 1600@v1'') FROM plan_wide AS w') AS parallel, both_ways('SELECT normfreeze.normalize(r, <id>) FROM plan_rows AS r') AS parallel;
RESET max_parallel_workers_per_gather;

-- the functions behind it, called by hand
SELECT normfreeze.normalize_columns(:kept, '{b,a}', 3, 2.5::float8) = normfreeze.normalize(s, :kept) AS same FROM (VALUES (2.5::float8, 3)) AS s(a, b);
SELECT normfreeze.normalize_columns(:kept, '{a}', 3, 2.5::float8);
SELECT normfreeze.normalize_columns(:kept, ARRAY['a', r.note], r.a, r.b) FROM plan_rows AS r;
SELECT normfreeze.normalize_columns(:kept, NULL, 3, 2.5::float8);
SELECT normfreeze.normalize_columns(:kept, '{a,b}', VARIADIC ARRAY[1, 2]);
SELECT normfreeze.normalize_columns(:kept, '{a,b}', NULL::float8, NULL::int);
SELECT normfreeze.normalize_columns(NULL::bigint, '{a,b}', 1, 2) IS NULL AS null;

DROP OWNED BY regress_plan_reader, regress_plan_nobody;
DROP ROLE regress_plan_reader, regress_plan_nobody;
