--
-- Generated columns: STORED is written out, since they are virtual by default
-- from PostgreSQL 18 on, and virtual ones may not use our types and functions.
-- In triggers, generated columns that are not computed are missing features.
--
CREATE SCHEMA generated_columns;
SET search_path = generated_columns;
SELECT normfreeze.fit(t, 'standard') AS value FROM (VALUES (1.0::float8, 10.0::float8), (3, 30)) AS t (a, tenfold) \gset

CREATE TABLE stored (a float8, tenfold float8 GENERATED ALWAYS AS (a * 10) STORED,
	z float8 GENERATED ALWAYS AS (normfreeze.normalize(a, :'value'::normfreeze.scaler, 'a')) STORED);
INSERT INTO stored VALUES (3) RETURNING *;

-- without STORED: a syntax error before 18, not supported from 18 on
CREATE FUNCTION sqlstate_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'none';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
SELECT sqlstate_of(format('CREATE TABLE virtual (a float8, z float8 GENERATED ALWAYS AS (normfreeze.normalize(a, %L::normfreeze.scaler, %L)))', :'value', 'a'))
	= CASE WHEN current_setting('server_version_num')::int < 180000 THEN '42601' ELSE '0A000' END AS refused;

-- a row that a trigger scores: what is not computed when it runs is missing
CREATE TABLE seen (at text, score float8[]);
CREATE FUNCTION score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO seen VALUES (lower(TG_WHEN), normfreeze.normalize(NEW, TG_ARGV[0]::normfreeze.scaler));
	RETURN NEW;
END $$;
CREATE FUNCTION with_triggers(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER before BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION score(%L)', relation, current_setting('test.value'));
	EXECUTE format('CREATE TRIGGER after AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION score(%L)', relation, current_setting('test.value'));
END $$;
SELECT set_config('test.value', :'value', false) = :'value' AS set;
SELECT with_triggers('stored');
INSERT INTO stored VALUES (3);
SELECT * FROM seen;

-- virtual columns, where there are any, are not computed in triggers of either kind; in queries they are
CREATE FUNCTION unexpected_of_virtual() RETURNS TABLE (at text, score float8[]) LANGUAGE plpgsql AS $$
BEGIN
	IF current_setting('server_version_num')::int < 180000 THEN
		RETURN;
	END IF;
	EXECUTE 'CREATE TABLE virtual (a float8, tenfold float8 GENERATED ALWAYS AS (a * 10) VIRTUAL)';
	TRUNCATE seen;
	PERFORM with_triggers('virtual');
	EXECUTE 'INSERT INTO virtual VALUES (3)';
	EXECUTE format('INSERT INTO seen SELECT ''query'', normfreeze.normalize(v, %L::normfreeze.scaler) FROM virtual AS v', current_setting('test.value'));
	RETURN QUERY SELECT * FROM seen EXCEPT VALUES ('before', '{1,NULL}'::float8[]), ('after', '{1,NULL}'), ('query', '{1,1}');
	RETURN QUERY SELECT 'rows', ARRAY[count(*)::float8] FROM seen HAVING count(*) <> 3;
END $$;
SELECT * FROM unexpected_of_virtual();
