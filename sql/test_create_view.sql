-- Views with normalized columns: view_query() and create_view().
\pset format unaligned
\pset footer off
SET jit = off;
CREATE TABLE "Trips" (id int, distance int, "Fare £" numeric, dropped int, tip real, note text, cash boolean);
ALTER TABLE "Trips" DROP COLUMN dropped;
INSERT INTO "Trips" SELECT i, i * i, i * 1.1, i / 3.0, 'n' || i, i % 2 = 0 FROM generate_series(1, 12) AS i;
INSERT INTO "Trips" VALUES (13, NULL, NULL, 'NaN', NULL, NULL);
SELECT normfreeze.freeze('trips', normfreeze.fit(t, 'standard', '{"columns": ["cash", "Fare £", "distance", "tip"]}')) AS id FROM "Trips" AS t WHERE id < 13 \gset
SELECT normfreeze.promote('trips', 1) \g /dev/null
SELECT normfreeze.freeze('norms', normfreeze.fit(t, 'l2', '{"columns": ["distance", "tip"], "missing": "zero"}')) AS norms FROM "Trips" AS t \gset
SELECT normfreeze.promote('norms', 1) \g /dev/null

SELECT normfreeze.view_query('"Trips"', :id);
SELECT normfreeze.view_query('"Trips"', 'trips', '{id,tip}', 'z_', 'scaled by');
SELECT normfreeze.view_query('"Trips"', 'trips', '{}', scaler_id_column => NULL);
SELECT normfreeze.view_query('"Trips"', :norms);
SELECT normfreeze.view_query(NULL, 'trips') IS NULL AND normfreeze.view_query('"Trips"', NULL::bigint) IS NULL AS nothing;

-- what the row has, the view has
CREATE FUNCTION view_differences(view text, scaler bigint, names text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE result bigint;
BEGIN
	EXECUTE format('SELECT count(*) FILTER (WHERE array_to_string(ARRAY[%s], '','', ''-'') IS DISTINCT FROM array_to_string(normfreeze.normalize(t, %s), '','', ''-'') OR v.scaler_id <> %s)
		FROM %s AS v JOIN "Trips" AS t USING (id)', (SELECT string_agg(format('v.%I', name), ', ' ORDER BY i) FROM unnest(names) WITH ORDINALITY AS n(name, i)), scaler, scaler, view) INTO result;
	RETURN result;
END $$;
SELECT normfreeze.create_view('trips_by_id', '"Trips"', :id), normfreeze.create_view('public."Trips by ref"', '"Trips"', 'trips'), normfreeze.create_view('Trips_Norms', '"Trips"', :norms, prefix => 'z_');
SELECT view_differences('trips_by_id', :id, normfreeze.feature_names(:id)) AS by_id, view_differences('"Trips by ref"', :id, normfreeze.feature_names(:id)) AS by_ref,
	view_differences('trips_norms', :norms, '{z_distance,z_tip}') AS norms;
SELECT * FROM trips_by_id WHERE id IN (1, 13);

-- a column that is not read costs nothing; one that is costs its operations
EXPLAIN (VERBOSE, COSTS off) SELECT note FROM trips_by_id;
CREATE FUNCTION explained(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP RETURN NEXT regexp_replace(line, '''-?\d[^'']*''', '#', 'g'); END LOOP;
END $$;
SELECT explained('SELECT avg(distance) FROM trips_by_id WHERE id < 7');
SELECT count(*) FILTER (WHERE line ~ 'normalize') AS calls FROM explained('SELECT note FROM trips_norms WHERE id = 7') AS line;
-- once a row, in the subquery, and not once a column
SELECT line FROM explained('SELECT z_tip, z_distance FROM trips_norms WHERE id = 7') AS line WHERE line ~ 'normalize' OR line ~ 'Filter';

-- a view by ref follows promotions, to a scaler with its features; one by id is frozen
SELECT normfreeze.freeze('trips', normfreeze.fit(t, 'minmax', '{"columns": ["tip", "distance", "cash", "Fare £"]}')) AS second FROM "Trips" AS t WHERE id < 13 \gset
SELECT normfreeze.promote('trips', 2, force => true) \g /dev/null
SELECT view_differences('"Trips by ref"', :second, normfreeze.feature_names(:second)) AS by_ref, view_differences('trips_by_id', :id, normfreeze.feature_names(:id)) AS by_id;
SELECT normfreeze.freeze('trips', normfreeze.fit(t, 'minmax', '{"columns": ["tip", "distance"]}')) AS third FROM "Trips" AS t WHERE id < 13 \gset
SELECT normfreeze.promote('trips', 3, force => true) \g /dev/null
SELECT tip FROM "Trips by ref" WHERE id = 12;
SELECT cash FROM "Trips by ref" WHERE id = 12;
SELECT normfreeze.promote('trips', 1, force => true) \g /dev/null

-- created, and replaced, once
SELECT normfreeze.create_view('trips_by_id', '"Trips"', :id);
SELECT normfreeze.create_view('trips_by_id', '"Trips"', 'trips', replace => true);
SELECT normfreeze.create_view('trips_by_id', '"Trips"', :id, replace => true);
SELECT normfreeze.create_view('trips_by_id', '"Trips"', :norms, prefix => 'z_', replace => true);
-- of a view, a partitioned table, a temporary one
CREATE TABLE parts (LIKE "Trips") PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (5);
INSERT INTO parts SELECT * FROM "Trips" WHERE id < 5;
CREATE TEMPORARY TABLE pg_temp_trips AS SELECT * FROM "Trips";
SET client_min_messages = warning;
SELECT normfreeze.create_view('of_parts', 'parts', :id), normfreeze.create_view('of_view', 'trips_by_id', :norms, prefix => 'again ', scaler_id_column => 'norms'), normfreeze.create_view('of_temporary', 'pg_temp_trips', 'trips');
RESET client_min_messages;
SELECT view_differences('of_parts', :id, normfreeze.feature_names(:id)) AS parts, view_differences('of_temporary', :id, normfreeze.feature_names(:id)) AS temporary;

-- refused, with names
SELECT normfreeze.create_view('v', '"Trips"', 'norms');
SELECT normfreeze.create_view('v', '"Trips"', 'trips', '{id,ID}');
SELECT normfreeze.create_view('v', '"Trips"', 'trips', '{id,tip}');
SELECT normfreeze.create_view('v', '"Trips"', 'trips', scaler_id_column => 'note');
SELECT normfreeze.create_view('v', '"Trips"', 'trips', prefix => repeat('n', 63));
SELECT normfreeze.create_view('v', '"Trips"', 'trips', '{NULL}');
SELECT normfreeze.create_view('v', 'pg_type', 'trips');
SELECT normfreeze.create_view('v', format('(SELECT 1) AS x; DROP TABLE "Trips" --'), 'trips');
SELECT normfreeze.create_view('v AS SELECT 1; --', '"Trips"', 'trips');
SELECT normfreeze.create_view('a.b.c', '"Trips"', 'trips');
SELECT normfreeze.create_view('', '"Trips"', 'trips');
SELECT normfreeze.create_view('v', 'normfreeze.stage_log_pkey', 'trips');
SELECT normfreeze.create_view(NULL, '"Trips"', 'trips');
SELECT normfreeze.create_view('v', '"Trips"', NULL::text);
SELECT normfreeze.create_view('v', '"Trips"', 'no such');
CREATE VIEW texts AS SELECT id, distance::text, "Fare £", tip, cash FROM "Trips";
SELECT normfreeze.create_view('v', 'texts', 'trips');
SELECT normfreeze.freeze('arrays', normfreeze.fit(ARRAY[1.0, id], 'standard')) AS arrays FROM "Trips" \gset
SELECT normfreeze.create_view('v', '"Trips"', :arrays);
-- names that mean something elsewhere
CREATE TABLE odd ("a'b\c" int, "%s" int, "count" int, s int, r int, n int, "$1" int, "ü;--" text);
INSERT INTO odd VALUES (1, 2, 3, 4, 5, 6, 7, 'x'), (2, 3, 5, 7, 11, 13, 17, 'y');
SELECT normfreeze.freeze('odd', normfreeze.fit(o, 'minmax', '{"columns": "numeric"}')) AS odd FROM odd AS o \gset
-- which 19 has no more
SELECT current_setting('server_version_num')::int < 190000 AS has_other_strings \gset
\if :has_other_strings
SET standard_conforming_strings = off;
\endif
SELECT normfreeze.create_view('of_odd', 'odd', :odd);
RESET standard_conforming_strings;
SELECT * FROM of_odd;
SELECT normfreeze.freeze('odd norms', normfreeze.fit(o, 'max', '{"columns": "numeric"}')) AS odd FROM odd AS o \gset
SELECT normfreeze.create_view('odd_norms', 'odd', :odd);
SELECT * FROM odd_norms;

-- a list has calls of one value, but what needs its row
SELECT normfreeze.select_list(:norms, 't', 'z_', '{id}');
SELECT normfreeze.select_list('trips', 't') = normfreeze.select_list(:id, 't') AS a_list_is_by_id;

-- who makes it needs what CREATE VIEW needs; who reads it, the registry
CREATE ROLE regress_view_maker;
CREATE ROLE regress_view_reader;
CREATE SCHEMA view_schema AUTHORIZATION regress_view_maker;
GRANT SELECT ON normfreeze.scalers, normfreeze.versions, normfreeze.stage_log TO regress_view_maker;
SET ROLE regress_view_maker;
SELECT normfreeze.create_view('v', '"Trips"', :id);
SELECT normfreeze.create_view('view_schema.v', '"Trips"', :id);
SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE oid = 'view_schema.v'::regclass;
SELECT count(*) FROM view_schema.v;
RESET ROLE;
GRANT SELECT ON "Trips" TO regress_view_maker;
GRANT USAGE ON SCHEMA view_schema TO regress_view_reader;
GRANT SELECT ON view_schema.v TO regress_view_reader;
SET ROLE regress_view_reader;
SELECT distance FROM view_schema.v WHERE id = 1;
SELECT note FROM view_schema.v WHERE id = 1;
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO regress_view_reader;
SET ROLE regress_view_reader;
SELECT distance FROM view_schema.v WHERE id = 1;
RESET ROLE;
DROP OWNED BY regress_view_maker, regress_view_reader CASCADE;
DROP ROLE regress_view_maker, regress_view_reader;
