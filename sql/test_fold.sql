-- normfreeze.fold_ids: normalize() by a constant id, planned as normalize() by the scaler.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
\set SHOW_CONTEXT never
SET jit = off;
CREATE TABLE fold_rows AS
	SELECT i AS id, i % 3 AS part, ARRAY[i, i * 2.5]::float8[] AS f, i * 1.5::float8 AS a, sqrt(i) AS b
	FROM generate_series(1, 100) AS i;
CREATE VIEW fold_bits WITH (security_barrier) AS SELECT id, f FROM fold_rows WHERE id < 50;
-- which calls does a plan have?
CREATE FUNCTION planned(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP
		plan := plan || line;
	END LOOP;
	RETURN concat_ws(' and ',
		CASE WHEN plan ~ $r$normalize\w*"?\([^{]*'\{"format$r$ THEN 'by value' END,
		CASE WHEN plan ~ $r$normalize\w*"?\([^{]*'-?\d+'::bigint$r$ THEN 'by id' END,
		CASE WHEN plan ~ $r$normalize\w*"?\([^{]*'fold@v1'::text$r$ THEN 'by ref' END,
		CASE WHEN plan ~ $r$normalize\w*"?\([^{]*\$1\)$r$ THEN 'by parameter' END);
END $$;
SELECT normfreeze.freeze('fold', normfreeze.fit(f, 'standard')) AS id FROM fold_rows \gset
SELECT normfreeze.freeze('fold named', normfreeze.fit(r, 'minmax', '{"columns": ["a", "b"]}')) AS named FROM fold_rows AS r \gset
SELECT array_send(normfreeze.normalize(f, :id)) AS bits FROM fold_rows WHERE id = 7 \gset
SELECT set_config('fold.id', :'id', false), set_config('fold.named', :'named', false) \g /dev/null

-- off by default, and any user's to set
SHOW normfreeze.fold_ids;
SELECT planned('SELECT normfreeze.normalize(f, ' || :id || ') FROM fold_rows');
SET normfreeze.fold_ids = on;
SELECT planned('SELECT normfreeze.normalize(f, ' || :id || ') FROM fold_rows');
SELECT array_send(normfreeze.normalize(f, :id)) = :'bits' AS same_bits FROM fold_rows WHERE id = 7;

-- every form by id, and its inverse
SELECT replace(replace(call, :'id', '<id>'), :'named', '<named>') AS call,
	planned(format('SELECT normfreeze.normalize(%1$s), normfreeze.denormalize(%1$s) FROM fold_rows AS r', call))
FROM unnest(ARRAY[
	format('f, %s', :id), format('f::real[], %s', :id), format('f::smallint[], %s', :id), format('f::int[], %s', :id),
	format('f::bigint[], %s', :id), format('f::numeric[], %s', :id), format('r, %s', :named),
	format('jsonb_build_object(''a'', a, ''b'', b), %s', :named), format('a, %s, ''a''::text', :named)]) AS call;
-- whatever is computed has the same bits
SELECT bool_and(array_send(normfreeze.normalize(f, :id)) = array_send(normfreeze.normalize(f, id_of_row))
		AND array_send(normfreeze.normalize(f::real[], :id)) = array_send(normfreeze.normalize(f::real[], id_of_row))
		AND array_send(normfreeze.denormalize(f, :id)) = array_send(normfreeze.denormalize(f, id_of_row))
		AND array_send(normfreeze.normalize(r, :named)) = array_send(normfreeze.normalize(r, named_of_row))
		AND normfreeze.normalize(a, :named, 'a') = normfreeze.normalize(a, named_of_row, 'a')
		AND normfreeze.normalize(NULL, :named, 'a') IS NULL) AS same
FROM fold_rows AS r, LATERAL (SELECT :id + id - id, :named + id - id) AS l(id_of_row, named_of_row);

-- what is not folded: refs, ids that are no constants, NULL, unknown ids, sets, and calls without a table
SELECT planned('SELECT normfreeze.normalize(f, ''fold@v1'') FROM fold_rows') AS ref,
	planned('SELECT normfreeze.normalize(f, id::bigint) FROM fold_rows') AS column,
	planned('SELECT normfreeze.normalize(f, NULL::bigint) FROM fold_rows') AS null,
	planned('SELECT normfreeze.normalize(f, 1::bigint) FROM fold_rows') AS unknown,
	planned('SELECT normfreeze.normalize(ARRAY[1, random()], ' || :id || ')') AS no_table;
SELECT normfreeze.freeze('fold set', normfreeze.by_key(k::text, s)) AS set
FROM (SELECT part, normfreeze.fit(f, 'standard') FROM fold_rows GROUP BY part) AS t(k, s) \gset
SELECT planned('SELECT normfreeze.normalize(f, ' || :set || ') FROM fold_rows') AS set,
	planned('SELECT normfreeze.normalize_by_key(f, ' || :set || ', ''1'') FROM fold_rows') AS by_key;
SELECT normfreeze.normalize(f, :set) FROM fold_rows LIMIT 1;
SELECT normfreeze.normalize(f, 1) FROM fold_rows LIMIT 1;

-- wherever planning meets it
CREATE FUNCTION fold_inlined(f float8[]) RETURNS float8[] LANGUAGE sql STABLE
	AS $$ SELECT normfreeze.normalize(f, current_setting('fold.id')::bigint) $$;
SELECT format('CREATE FUNCTION fold_constant(f float8[]) RETURNS float8[] LANGUAGE sql STABLE AS
	$$ SELECT normfreeze.normalize(f, %s) $$', :id) \gexec
CREATE TABLE fold_parts (LIKE fold_rows) PARTITION BY LIST (part);
CREATE TABLE fold_part0 PARTITION OF fold_parts FOR VALUES IN (0);
CREATE TABLE fold_part12 PARTITION OF fold_parts FOR VALUES IN (1, 2);
INSERT INTO fold_parts SELECT * FROM fold_rows;
SELECT label, planned(replace(query, '<id>', :'id')) FROM (VALUES
	('where', 'SELECT id FROM fold_rows WHERE (normfreeze.normalize(f, <id>))[1] > 1'),
	('subquery', 'SELECT (SELECT max((normfreeze.normalize(s.f, <id>))[1]) FROM fold_rows AS s WHERE s.id < r.id) FROM fold_rows AS r'),
	('security barrier', 'SELECT normfreeze.normalize(f, <id>) FROM fold_bits'),
	('inlined function', 'SELECT fold_constant(f) FROM fold_rows'),
	('partitions', 'SELECT normfreeze.normalize(f, <id>) FROM fold_parts'),
	('update', 'UPDATE fold_rows SET f = normfreeze.normalize(f, <id>) WHERE id = 1'),
	('group by', 'SELECT normfreeze.normalize(f, <id>), count(*) FROM fold_rows GROUP BY normfreeze.normalize(f, <id>)'),
	('join', 'SELECT 1 FROM fold_rows AS r JOIN fold_parts AS p ON normfreeze.normalize(r.f, <id>) = normfreeze.normalize(p.f, <id>)'),
	('insert', 'INSERT INTO fold_rows (f) SELECT normfreeze.normalize(f, <id>) FROM fold_rows'),
	('cte', 'WITH c AS MATERIALIZED (SELECT normfreeze.normalize(f, <id>) AS z FROM fold_rows) SELECT * FROM c')) AS q(label, query);
SELECT count(*), sum((normfreeze.normalize(f, :id))[1]) = sum((fold_inlined(f))[1]) AS same FROM fold_parts;
SELECT count(*) FROM (SELECT normfreeze.normalize(f, :id) FROM fold_rows GROUP BY normfreeze.normalize(f, :id)) AS g;

-- what is stored is what was written: nothing is folded behind a definition
\set VERBOSITY sqlstate
CREATE INDEX ON fold_rows (normfreeze.normalize(f, :id));
CREATE INDEX ON fold_rows (id) WHERE (normfreeze.normalize(f, :id))[1] > 0;
ALTER TABLE fold_rows ADD z float8[] GENERATED ALWAYS AS (normfreeze.normalize(f, :id)) STORED;
SELECT format('CREATE TABLE fold_keys (f float8[]) PARTITION BY LIST (normfreeze.normalize(f, %s))', :id) \gexec
\set VERBOSITY default
SELECT format('CREATE VIEW fold_view AS SELECT normfreeze.normalize(f, %s) AS z FROM fold_rows', :id) \gexec
SELECT pg_get_viewdef('fold_view') LIKE '%' || :'id' || '%' AS view_keeps_id, planned('SELECT z FROM fold_view') AS and_its_query;
SELECT format('CREATE TABLE fold_checked (f float8[], CHECK ((normfreeze.normalize(f, %s))[1] < 1))', :id) \gexec
INSERT INTO fold_checked SELECT f FROM fold_rows WHERE id = 7;
INSERT INTO fold_checked SELECT f FROM fold_rows WHERE id = 100;
SELECT pg_get_constraintdef(oid) LIKE '%' || :'id' || '%' AS check_keeps_id FROM pg_constraint WHERE conname = 'fold_checked_f_check';

-- an index on the value form serves queries by id
DO $$ BEGIN EXECUTE format('CREATE INDEX fold_index ON fold_rows (((normfreeze.normalize(f, %L::normfreeze.scaler))[1]))',
	normfreeze.scaler(current_setting('fold.id')::bigint)); END $$;
ANALYZE fold_rows;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
CREATE FUNCTION indexed(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE plan json; BEGIN EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan; RETURN plan::text LIKE '%"fold_index"%'; END $$;
SELECT indexed('SELECT id FROM fold_rows WHERE (normfreeze.normalize(f, ' || :id || '))[1] > 1.6');
SELECT array_agg(id ORDER BY id) FROM fold_rows WHERE (normfreeze.normalize(f, :id))[1] > 1.6;
SET normfreeze.fold_ids = off;
SELECT indexed('SELECT id FROM fold_rows WHERE (normfreeze.normalize(f, ' || :id || '))[1] > 1.6');
SELECT array_agg(id ORDER BY id) FROM fold_rows WHERE (normfreeze.normalize(f, :id))[1] > 1.6;
SET normfreeze.fold_ids = on;
RESET enable_seqscan;
RESET enable_bitmapscan;

-- parameters: a custom plan knows the id, a generic one does not
PREPARE fold_custom(bigint) AS SELECT array_send(normfreeze.normalize(f, $1)) = current_setting('fold.bits')::bytea FROM fold_rows WHERE id = 7;
SELECT set_config('fold.bits', :'bits', false) \g /dev/null
SET plan_cache_mode = force_custom_plan;
SELECT planned('EXECUTE fold_custom(' || :id || ')');
EXECUTE fold_custom(:id);
SET plan_cache_mode = force_generic_plan;
SELECT planned('EXECUTE fold_custom(' || :id || ')');
EXECUTE fold_custom(:id);
RESET plan_cache_mode;

-- a plan never outlives its permission
CREATE ROLE regress_fold_reader;
CREATE ROLE regress_fold_nobody;
CREATE ROLE regress_fold_group;
GRANT SELECT ON fold_rows TO regress_fold_reader, regress_fold_nobody;
GRANT SELECT ON normfreeze.scalers TO regress_fold_reader, regress_fold_group;
SELECT format('PREPARE fold AS SELECT count(normfreeze.normalize(f, %s)) FROM fold_rows', :id) \gexec
EXECUTE fold;
SELECT planned('EXECUTE fold');
SET ROLE regress_fold_nobody;
SELECT planned('EXECUTE fold');
EXECUTE fold;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold');
EXECUTE fold;
RESET ROLE;
REVOKE SELECT ON normfreeze.scalers FROM regress_fold_reader;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold');
EXECUTE fold;
RESET ROLE;
GRANT regress_fold_group TO regress_fold_reader;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold') AS by_membership;
EXECUTE fold;
RESET ROLE;
REVOKE regress_fold_group FROM regress_fold_reader;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold');
EXECUTE fold;
RESET ROLE;
-- a privilege on columns is enough to apply, by id
GRANT SELECT (scaler_id, scaler, fingerprint) ON normfreeze.scalers TO regress_fold_reader;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold') AS by_columns;
EXECUTE fold;
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO regress_fold_reader;
-- EXECUTE on the function that was called, and on the one that would be
REVOKE EXECUTE ON FUNCTION normfreeze.normalize(double precision[], bigint) FROM PUBLIC;
SET ROLE regress_fold_reader;
EXECUTE fold;
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.normalize(double precision[], bigint) TO PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.normalize(double precision[], normfreeze.scaler) FROM PUBLIC;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold') AS value_form_is_not_his;
EXECUTE fold;
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.normalize(double precision[], normfreeze.scaler) TO PUBLIC;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold') AS and_now_it_is;
RESET ROLE;
-- row security: never in a plan, whoever asks
ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY;
SELECT planned('EXECUTE fold') AS superuser_under_row_security;
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold') AS under_row_security;
EXECUTE fold;
RESET ROLE;
CREATE POLICY fold_policy ON normfreeze.scalers USING (true);
SET ROLE regress_fold_reader;
SELECT planned('EXECUTE fold') AS with_a_policy;
EXECUTE fold;
RESET ROLE;
DROP POLICY fold_policy ON normfreeze.scalers;
ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY;
SELECT planned('EXECUTE fold');
-- functions keep plans, too
SELECT format($$CREATE FUNCTION fold_in_plpgsql() RETURNS bigint LANGUAGE plpgsql AS
	'BEGIN RETURN (SELECT count(normfreeze.normalize(f, %1$s)) FROM fold_rows); END'$$, :id) \gexec
SELECT format($$CREATE FUNCTION fold_by_owner() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS
	'BEGIN RETURN (SELECT count(normfreeze.normalize(f, %1$s)) FROM fold_rows); END'$$, :id) \gexec
SELECT fold_in_plpgsql(), fold_by_owner();
SET ROLE regress_fold_nobody;
SELECT fold_by_owner();
SELECT fold_in_plpgsql();
SET ROLE regress_fold_reader;
SELECT fold_in_plpgsql();
RESET ROLE;
SELECT fold_in_plpgsql();
DROP OWNED BY regress_fold_reader, regress_fold_nobody, regress_fold_group;
DROP ROLE regress_fold_reader, regress_fold_nobody, regress_fold_group;

-- a scaler that may yet be taken back is in no plan
BEGIN;
SELECT normfreeze.freeze('fold mine', normfreeze.fit(f, 'robust')) AS mine FROM fold_rows \gset
SELECT format('PREPARE fold_mine AS SELECT count(normfreeze.normalize(f, %s)) FROM fold_rows', :mine) \gexec
SELECT planned('EXECUTE fold_mine') AS own_transaction;
EXECUTE fold_mine;
ROLLBACK;
EXECUTE fold_mine;
BEGIN;
SAVEPOINT s;
SELECT normfreeze.freeze('fold mine', normfreeze.fit(f, 'robust')) = :mine AS same_id FROM fold_rows;
SELECT planned('EXECUTE fold_mine') AS own_savepoint;
EXECUTE fold_mine;
RELEASE s;
SELECT planned('EXECUTE fold_mine') AS own_released_savepoint;
SAVEPOINT s;
ROLLBACK TO s;
SELECT planned('EXECUTE fold_mine');
COMMIT;
SELECT planned('EXECUTE fold_mine') AS committed;
EXECUTE fold_mine;

-- hostile search_path
CREATE SCHEMA fold_evil;
CREATE FUNCTION fold_evil.normalize(float8[], normfreeze.scaler) RETURNS float8[] LANGUAGE sql IMMUTABLE AS $$ SELECT '{666}'::float8[] $$;
CREATE FUNCTION fold_evil.never(bigint, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT false $$;
CREATE OPERATOR fold_evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = fold_evil.never);
CREATE TABLE fold_evil.scalers (scaler_id bigint, scaler normfreeze.scaler);
SET search_path = fold_evil, public, pg_catalog;
SELECT planned('SELECT normfreeze.normalize(f, ' || :id || ') FROM public.fold_rows');
SELECT array_send(normfreeze.normalize(f, :id)) OPERATOR(pg_catalog.=) :'bits' AS same_bits FROM public.fold_rows WHERE id OPERATOR(pg_catalog.=) 7;
RESET search_path;

-- it is the planner's; which of two errors says so depends on the minor release of the server
\set VERBOSITY terse
DO $$ BEGIN
	PERFORM normfreeze.normalize_support(NULL);
EXCEPTION WHEN undefined_function OR feature_not_supported THEN
	RAISE NOTICE 'refused';
END $$;
