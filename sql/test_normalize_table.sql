-- normalize_table() in FROM: named columns by a column definition list.
-- PostgreSQL 19 plans a query in place of the call; before it, and with normfreeze.rewrite_calls off, the function runs it.
\pset format unaligned
\pset footer off
\set SHOW_CONTEXT never
SET jit = off;
CREATE TABLE "Rides" (id int PRIMARY KEY, distance int, "Fare £" numeric(8,2), dropped int, tip real, note text COLLATE "C", cash boolean, hours float8);
ALTER TABLE "Rides" DROP COLUMN dropped;
INSERT INTO "Rides" SELECT i, i * i, i * 1.1, i / 3.0, 'n' || i, i % 2 = 0, sqrt(i) FROM generate_series(1, 12) AS i;
INSERT INTO "Rides" VALUES (13, NULL, NULL, 'NaN', NULL, NULL, NULL);
ANALYZE "Rides";
SELECT normfreeze.freeze('rides', normfreeze.fit(t, 'standard', '{"columns": ["cash", "Fare £", "distance", "tip"]}')) AS id FROM "Rides" AS t WHERE id < 13 \gset
SELECT normfreeze.promote('rides', 1) \g /dev/null
SELECT normfreeze.freeze('ride norms', normfreeze.fit(t, 'l2', '{"columns": ["distance", "tip"], "missing": "zero"}')) AS norms FROM "Rides" AS t \gset
SELECT normfreeze.promote('ride norms', 1) \g /dev/null
SELECT current_setting('server_version_num')::int >= 190000 AS inlines \gset
SELECT set_config('tables.id', :'id', false), set_config('tables.norms', :'norms', false), set_config('tables.inlines', :'inlines', false) \g /dev/null

-- what a query gives, both ways, and whether the planner put a query in place of the call where it must, and only there
CREATE FUNCTION table_outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	message text; detail text; hint text;
BEGIN
	EXECUTE format('SELECT string_agg(q::text, E''\n'' ORDER BY q::text) FROM (%s) AS q', query) INTO result;
	RETURN coalesce(result, 'no rows');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
END $$;
CREATE FUNCTION table_is_inlined(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
	called boolean := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP
		called := called OR line ~ 'Function Call: .*normalize_table';
	END LOOP;
	RETURN NOT called;
END $$;
CREATE FUNCTION table_both_ways(query text, must boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	inlined text;
	executed text;
BEGIN
	query := replace(replace(query, '<id>', current_setting('tables.id')), '<norms>', current_setting('tables.norms'));
	inlined := table_outcome(query);
	IF inlined !~ '^[0-9A-Z]{5}\n' AND table_is_inlined(query) <> (must AND current_setting('tables.inlines')::boolean) THEN
		RETURN 'not planned as it should be';
	END IF;
	SET LOCAL normfreeze.rewrite_calls = off;
	executed := table_outcome(query);
	IF inlined !~ '^[0-9A-Z]{5}\n' AND table_is_inlined(query) THEN
		RETURN 'the setting does nothing';
	END IF;
	SET LOCAL normfreeze.rewrite_calls = on;
	RETURN CASE WHEN inlined IS DISTINCT FROM executed THEN E'DIFFERENT:\n' || inlined || E'\n' || executed ELSE executed END;
END $$;

SELECT table_both_ways('SELECT * FROM normfreeze.normalize_table(''"Rides"'', <id>) AS t(id int, tip float8, "Fare £" float8, note text, scaler_id bigint) WHERE id > 11', true);
SELECT table_both_ways('SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides@production'') AS t(cash float8, distance float8, hours float8, id int)', true);
SELECT table_both_ways('SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'', ''{hours}'') AS t(hours float8, distance float8) WHERE hours < 1.5', true);
SELECT table_both_ways('SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'', ''{distance}'', prefix => ''z_'', scaler_id_column => ''by'') AS t(z_distance float8, distance int, z_tip float8, tip real, by bigint) WHERE distance = 9', true);

-- the bits are those of normalize()
CREATE FUNCTION table_differences(call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN table_both_ways(format('SELECT count(*) AS rows, count(*) FILTER (WHERE ARRAY[t.cash, t."Fare £", t.distance, t.tip] IS DISTINCT FROM normfreeze.normalize(r, <id>)) AS differences
		FROM normfreeze.normalize_table(%s) AS t(id int, tip float8, "Fare £" float8, distance float8, cash float8) JOIN "Rides" AS r USING (id)', call), true);
END $$;
SELECT table_differences('''"Rides"'', <id>') AS by_id, table_differences('''"Rides"'', ''rides''') AS by_ref;
-- of methods that need the row, too: once a row; by ref by the function, which knows what the ref means
SELECT table_both_ways('SELECT count(*), count(*) FILTER (WHERE ARRAY[z_distance, z_tip] IS DISTINCT FROM normfreeze.normalize(r, <norms>)) FROM normfreeze.normalize_table(''"Rides"'', <norms>, prefix => ''z_'') AS t(id int, z_tip float8, z_distance float8) JOIN "Rides" AS r USING (id)', true) AS by_id,
	table_both_ways('SELECT count(*), count(*) FILTER (WHERE ARRAY[z_distance, z_tip] IS DISTINCT FROM normfreeze.normalize(r, <norms>)) FROM normfreeze.normalize_table(''"Rides"'', ''ride norms'', prefix => ''z_'') AS t(id int, z_tip float8, z_distance float8) JOIN "Rides" AS r USING (id)', false) AS by_ref,
	table_both_ways('SELECT count(*) FROM normfreeze.normalize_table(''"Rides"'', ''ride norms'') AS t(id int, note text)', true) AS none_of_them;

-- wherever it stands
SELECT label, table_both_ways(query, must) FROM (VALUES
	('all columns unused', 'SELECT count(*) FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(tip float8)', true),
	('row of it', 'SELECT t FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8) WHERE id = 5', true),
	('fitted again', 'SELECT normfreeze.feature_names(normfreeze.fit(t, ''standard'')) FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8)', true),
	('nullable side', 'SELECT g, t.tip, t FROM generate_series(12, 15) AS g LEFT JOIN normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8) ON t.id = g', true),
	('joined with itself', 'SELECT a.id FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS a(id int, tip float8) JOIN normfreeze.normalize_table(''"Rides"'', <id>) AS b(id int, tip float8) ON a.tip = b.tip WHERE a.id < 3', true),
	('sublink', 'SELECT (SELECT max(tip) FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8) WHERE t.id < r.id) FROM "Rides" AS r WHERE id = 4', true),
	('union', 'SELECT tip FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8) WHERE id = 1 UNION ALL SELECT distance FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, distance float8) WHERE id = 1', true),
	('cte', 'WITH w AS MATERIALIZED (SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8)) SELECT * FROM w WHERE id = 2', true),
	('limit', 'SELECT id FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8) ORDER BY tip DESC NULLS LAST, id LIMIT 2', true),
	('typmod', 'SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'', ''{Fare £}'') AS t("Fare £" numeric(8,2), id int) WHERE id = 1', true),
	('without typmod', 'SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'', ''{Fare £}'') AS t("Fare £" numeric, id int) WHERE id = 1', true),
	('ordinality', 'SELECT t.id FROM ROWS FROM (normfreeze.normalize_table(''"Rides"'', ''rides'') AS (id int, tip float8)) WITH ORDINALITY AS t WHERE t.id = 1', false),
	('rows from', 'SELECT * FROM ROWS FROM (normfreeze.normalize_table(''"Rides"'', ''rides'') AS (id int, tip float8), generate_series(1, 2)) AS t WHERE id = 1', false),
	('lateral', 'SELECT n, t.* FROM (VALUES (''rides''), (''ride norms'')) AS v(n), normfreeze.normalize_table(''"Rides"'', n) AS t(id int, tip float8) WHERE id = 1', false),
	('no scaler', 'SELECT * FROM normfreeze.normalize_table(''"Rides"'', NULL::text) AS t(id int, tip float8)', false),
	('no relation', 'SELECT * FROM normfreeze.normalize_table(NULL, ''rides'') AS t(id int, tip float8)', false),
	('no prefix', 'SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'', NULL, NULL, NULL) AS t(id int, tip float8) WHERE id = 3', true),
	('catalog', 'SELECT count(*) > 0 FROM normfreeze.normalize_table(''pg_am'', ''rides'') AS t(amname name)', true)) AS v(label, query, must);

-- refused, with names
SELECT call, table_both_ways('SELECT * FROM normfreeze.normalize_table(' || call, true) FROM unnest(ARRAY[
	'''"Rides"'', ''rides'') AS t(distance int)', '''"Rides"'', ''rides'') AS t("Fare £" numeric)', '''"Rides"'', <id>) AS t(hours float8)',
	'''"Rides"'', ''rides'') AS t(ID bigint)', '''"Rides"'', ''rides'') AS t(id bigint)', '''"Rides"'', ''rides'', ''{hours}'') AS t(hours real)',
	'''"Rides"'', ''rides'', ''{Fare £}'') AS t("Fare £" numeric(9,3))', '''"Rides"'', ''rides'') AS t(nothing text)', '''"Rides"'', ''rides'') AS t(ctid tid)',
	'''"Rides"'', ''rides'', ''{nothing}'') AS t(id int)', '''"Rides"'', ''rides'', ''{NULL}'') AS t(id int)', '''"Rides"'', ''rides'') AS t(scaler_id int)',
	'''"Rides"'', ''rides'', scaler_id_column => NULL) AS t(scaler_id bigint)', '''"Rides"'', ''rides'', prefix => repeat(''n'', 63)) AS t(' || repeat('n', 63) || ' float8)',
	'''"Rides"'', ''no such'') AS t(id int)', '''"Rides"'', 1) AS t(id int)', '''normfreeze.stage_log_pkey'', ''rides'') AS t(id int)',
	'''pg_am'', ''rides'') AS t(tip float8)', '''"Rides"'', ''ride norms'') AS t(tip int)']) AS call;
SELECT * FROM normfreeze.normalize_table('"Rides"', 'rides') AS t;
SELECT normfreeze.normalize_table('"Rides"', 'rides');
SELECT normfreeze.freeze('ride arrays', normfreeze.fit(ARRAY[1.0, id], 'standard')) AS arrays FROM "Rides" \gset
SELECT * FROM normfreeze.normalize_table('"Rides"', :arrays) AS t(id int);
-- names that mean something elsewhere
CREATE TABLE ride_odd ("a'b\c" int, "%s" int, "count" int, s int, r int, n int, "$1" int, "ü;--" text);
INSERT INTO ride_odd VALUES (1, 2, 3, 4, 5, 6, 7, 'x'), (2, 3, 5, 7, 11, 13, 17, 'y');
SELECT normfreeze.freeze('odd '' \ $$', normfreeze.fit(o, 'minmax', '{"columns": "numeric"}')) AS odd FROM ride_odd AS o \gset
SELECT normfreeze.promote('odd '' \ $$', 1) \g /dev/null
SELECT table_both_ways('SELECT * FROM normfreeze.normalize_table(''ride_odd'', ''odd '''' \ $$'') AS t("ü;--" text, "$1" float8, n float8, r float8, s float8, "count" float8, "%s" float8, "a''b\c" float8)', true);

-- where it is planned: filters reach the index, and what nobody reads costs nothing
CREATE FUNCTION table_plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP
		plan := plan || line || E'\n';
	END LOOP;
	RETURN plan;
END $$;
SET enable_seqscan = off;
SELECT table_plan('SELECT tip FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8, distance float8) WHERE id = 7') ~ 'Index Cond: \(s.id = 7\)' = :'inlines' AS by_index;
RESET enable_seqscan;
SELECT table_plan('SELECT note FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8, note text, scaler_id bigint) WHERE id < 3') ~ '^Seq Scan on public."Rides" s\n *Output: s.note\n' = :'inlines' AS only_what_is_read;

-- a plan that is kept follows promotions: other parameters, another order, a feature less, a feature more
PREPARE kept AS SELECT id, tip, distance FROM normfreeze.normalize_table('"Rides"', 'rides') AS t(id int, tip float8, distance float8, scaler_id bigint) WHERE id = 12;
PREPARE with_hours AS SELECT tip, hours FROM normfreeze.normalize_table('"Rides"', 'rides', '{hours}') AS t(id int, tip float8, hours float8, cash boolean) WHERE id = 12;
EXECUTE kept;
EXECUTE kept;
EXECUTE with_hours;
SELECT normfreeze.freeze('rides', normfreeze.fit(t, 'minmax', '{"columns": ["tip", "distance"]}')) AS second FROM "Rides" AS t WHERE id < 13 \gset
SELECT normfreeze.promote('rides', 2, force => true) \g /dev/null
EXECUTE kept;
EXECUTE with_hours;
SELECT normfreeze.freeze('rides', normfreeze.fit(t, 'robust', '{"columns": ["tip", "cash"]}')) AS third FROM "Rides" AS t WHERE id < 13 \gset
SELECT normfreeze.promote('rides', 3, force => true) \g /dev/null
EXECUTE kept;
EXECUTE with_hours;
SELECT normfreeze.promote('rides', 1, force => true) \g /dev/null
EXECUTE kept;
-- and changes of the relation and of the settings
ALTER TABLE "Rides" ALTER tip TYPE numeric USING nullif(tip, 'NaN')::numeric(6,2);
EXECUTE kept;
ALTER TABLE "Rides" RENAME tip TO gratuity;
EXECUTE kept;
ALTER TABLE "Rides" RENAME gratuity TO tip;
SET normfreeze.rewrite_calls = off;
EXECUTE kept;
SELECT table_is_inlined('EXECUTE kept') AS inlined;
RESET normfreeze.rewrite_calls;
SELECT table_is_inlined('EXECUTE kept') = :'inlines' AS inlined;
-- within the transaction that changes it
BEGIN;
SELECT normfreeze.promote('rides', 2, force => true) \g /dev/null
EXECUTE kept;
ROLLBACK;
EXECUTE kept;
-- arguments of a prepared statement: run by the function
PREPARE asked(regclass, text) AS SELECT count(tip), max(tip) FROM normfreeze.normalize_table($1, $2) AS t(id int, tip float8);
SET plan_cache_mode = force_generic_plan;
EXECUTE asked('"Rides"', 'rides');
RESET plan_cache_mode;
EXECUTE asked('"Rides"', 'rides');


-- who calls it: never the owner of a view, of a function, or of the extension
CREATE ROLE regress_table_owner;
CREATE ROLE regress_table_reader;
GRANT SELECT ON normfreeze.scalers, normfreeze.versions, normfreeze.stage_log TO regress_table_owner, regress_table_reader;
CREATE SCHEMA tables AUTHORIZATION regress_table_owner;
GRANT USAGE ON SCHEMA tables TO regress_table_reader;
SET ROLE regress_table_owner;
SELECT table_both_ways('SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8)', true);
RESET ROLE;
GRANT SELECT ON "Rides" TO regress_table_owner;
SET ROLE regress_table_owner;
CREATE VIEW tables.v AS SELECT * FROM normfreeze.normalize_table('"Rides"', 'rides') AS t(id int, tip float8);
GRANT SELECT ON tables.v TO regress_table_reader;
SELECT count(*) FROM tables.v;
SET ROLE regress_table_reader;
SELECT table_both_ways('SELECT * FROM tables.v', true);
RESET ROLE;
GRANT SELECT (id, tip) ON "Rides" TO regress_table_reader;
PREPARE of_view AS SELECT count(*) FROM tables.v;
SET ROLE regress_table_reader;
EXECUTE of_view;
SELECT table_both_ways('SELECT id FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, note text)', true);
RESET ROLE;
-- EXECUTE on the function is asked for, although it is not called
EXECUTE of_view;
REVOKE EXECUTE ON FUNCTION normfreeze.normalize_table(regclass, text, text[], text, text) FROM PUBLIC;
SET ROLE regress_table_reader;
EXECUTE of_view;
RESET ROLE;
EXECUTE of_view;
GRANT EXECUTE ON FUNCTION normfreeze.normalize_table(regclass, text, text[], text, text) TO PUBLIC;
SET ROLE regress_table_reader;
EXECUTE of_view;
RESET ROLE;
-- SELECT on the registry
REVOKE SELECT ON normfreeze.scalers FROM regress_table_reader;
SET ROLE regress_table_reader;
EXECUTE of_view;
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO regress_table_reader;
-- row security of the relation: the caller's, whoever owns a view, and an error where it is off
ALTER TABLE "Rides" ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON "Rides" TO regress_table_reader USING (id <= 4);
CREATE POLICY more ON "Rides" TO regress_table_owner USING (id <= 8);
EXECUTE of_view;
SET ROLE regress_table_reader;
EXECUTE of_view;
SELECT table_both_ways('SELECT count(*), max(id) FROM tables.v', false);
SELECT table_both_ways('SELECT id FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8) WHERE id > 3', false);
SET row_security = off;
EXECUTE of_view;
RESET row_security;
SET ROLE regress_table_owner;
EXECUTE of_view;
RESET ROLE;
DROP POLICY few ON "Rides";
DROP POLICY more ON "Rides";
ALTER TABLE "Rides" DISABLE ROW LEVEL SECURITY;
SET ROLE regress_table_reader;
EXECUTE of_view;
SELECT table_both_ways('SELECT count(*) FROM tables.v', true);
RESET ROLE;
-- a security definer's rights are its own
CREATE FUNCTION tables.definer() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS $$ SELECT count(*) FROM normfreeze.normalize_table('public."Rides"', 'rides') AS t(id int, note text) $$;
ALTER FUNCTION tables.definer() OWNER TO regress_table_owner;
SET ROLE regress_table_reader;
SELECT tables.definer();
RESET ROLE;

-- of views, partitions, temporary tables; in parallel
CREATE TABLE ride_parts (LIKE "Rides") PARTITION BY RANGE (id);
CREATE TABLE ride_parts_1 PARTITION OF ride_parts FOR VALUES FROM (0) TO (5);
CREATE TABLE ride_parts_2 PARTITION OF ride_parts FOR VALUES FROM (5) TO (50);
INSERT INTO ride_parts SELECT * FROM "Rides";
CREATE TEMPORARY TABLE pg_temp_rides AS SELECT * FROM "Rides";
CREATE FUNCTION table_unsafe(int) RETURNS int PARALLEL UNSAFE LANGUAGE plpgsql AS $$ BEGIN RETURN $1; END $$;
CREATE VIEW ride_unsafe AS SELECT table_unsafe(id) AS id, distance, tip, cash, "Fare £" FROM "Rides";
SELECT relation, table_both_ways(format('SELECT count(tip), count(DISTINCT id) FROM normfreeze.normalize_table(%L, ''rides'') AS t(id int, tip float8) WHERE id > 4', relation), relation <> 'ride_unsafe') FROM unnest(ARRAY['ride_parts', 'pg_temp_rides', 'ride_unsafe']) AS relation;
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT table_both_ways('SELECT max(tip), min(tip), count(*) FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int, tip float8)', true) AS parallel;
RESET min_parallel_table_scan_size;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
-- as many columns as a query may have
DO $$
BEGIN
	EXECUTE (SELECT format('CREATE TABLE tables_wide AS SELECT %s FROM generate_series(1, 5) AS g', string_agg(format('(g * %s)::real AS c%1$s', i), ', ')) FROM generate_series(1, 1600) AS i);
	PERFORM normfreeze.freeze('tables wide', normfreeze.fit_table('tables_wide', 'standard', '{"distribution": false}'));
	PERFORM normfreeze.promote('tables wide', 1);
END $$;
SELECT table_both_ways('SELECT c1, c1600 FROM normfreeze.normalize_table(''tables_wide'', ''tables wide'') AS t(' || (SELECT string_agg(format('c%s float8', i), ', ') FROM generate_series(1, 1600) AS i) || ') WHERE c1 > 1', true);
-- what it costs is guessed by the rows of the relation
CREATE FUNCTION table_rows(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN plan->0->'Plan'->>'Plan Rows';
END $$;
SET normfreeze.rewrite_calls = off;
SELECT table_rows('SELECT * FROM normfreeze.normalize_table(''"Rides"'', ''rides'') AS t(id int)') AS rows, table_rows('SELECT * FROM normfreeze.normalize_table(''pg_temp_rides'', ''rides'') AS t(id int)') AS unknown;
RESET normfreeze.rewrite_calls;
DROP OWNED BY regress_table_owner, regress_table_reader CASCADE;
DROP ROLE regress_table_owner, regress_table_reader;
