-- which columns of a row are features: names that occur twice, columns that cannot be features, keys
SET client_min_messages = warning;
CREATE SCHEMA of_columns;
SET search_path = of_columns;
CREATE TABLE persons (id int PRIMARY KEY, age float8, x float8);
CREATE TABLE visits (id int PRIMARY KEY, age float8, y float8);
INSERT INTO persons VALUES (1, 10, 1), (2, 20, 3), (3, 30, 4);
INSERT INTO visits VALUES (1, 1, 1), (2, 2, 3), (3, 3, 4);
SELECT normfreeze.freeze('aged', normfreeze.fit(p, 'standard', '{"columns": ["age"]}')) AS id FROM persons AS p \gset

-- the SQLSTATE and message of a query that fails, or its result
CREATE FUNCTION try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE query INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;

-- a name of two columns, in each kind of subquery and each function: as s.age
SELECT try('SELECT s.age FROM (SELECT * FROM persons JOIN visits USING (id)) AS s');
SELECT call, try(format('SELECT %s FROM (SELECT * FROM persons JOIN visits USING (id)) AS s', replace(call, 'ID', :'id')))
FROM unnest(ARRAY['normfreeze.normalize(s, ID)', 'normfreeze.normalize(s, ''aged@v1'')', 'normfreeze.normalize(s, normfreeze.scaler(ID))',
	'normfreeze.denormalize(s, ID)', 'normfreeze.explain(s, ID)', 'normfreeze.audit(s, ARRAY[1.5], ID)', 'normfreeze.profile(s)',
	'normfreeze.profile(s, ID)', 'normfreeze.profile(s, ''{age}''::text[])', 'normfreeze.fit(s, ''standard'')',
	'normfreeze.fit(s, ''robust'', ''{"columns": ["age"]}'')', 'normfreeze.fit(s, ''standard'', ''{"exclude": ["id"]}'')',
	'normfreeze.fit(s, ''standard'', ''{"exclude": ["age"]}'')', 'normfreeze.fit(s, ''standard'', ''{"columns": ["x"], "target": "age"}'')',
	'normfreeze.normalize(to_jsonb(s), ID)', 'normfreeze.normalize(to_jsonb(s), ''aged@v1'')',
	'normfreeze.denormalize(row_to_json(s)::jsonb, normfreeze.scaler(ID))']) AS call;
SELECT from_clause, try(format('SELECT normfreeze.normalize(s, %s) FROM %s', :id, from_clause))
FROM unnest(ARRAY['(SELECT * FROM persons JOIN visits USING (id) OFFSET 0) AS s', '(persons JOIN visits USING (id)) AS s',
	'(SELECT *, age FROM persons) AS s', '(SELECT age, age FROM persons GROUP BY age) AS s']) AS from_clause;
SELECT normfreeze.normalize(s, :id) FROM (SELECT * FROM persons JOIN visits USING (id)) AS s;
-- columns that are not used may share a name
SELECT normfreeze.normalize(s, :id), normfreeze.normalize(to_jsonb(s), :id) FROM (SELECT p.*, y AS z, y AS z FROM persons AS p JOIN visits USING (id)) AS s;
SELECT normfreeze.fit(s, 'standard', '{"columns": ["x"]}') = normfreeze.fit(p, 'standard', '{"columns": ["x"]}') AS same
FROM (SELECT * FROM persons JOIN visits USING (id)) AS s JOIN persons AS p USING (x);
-- a name given twice
SELECT option, try(format('SELECT normfreeze.fit(p, ''standard'', %L) FROM persons AS p', option))
FROM unnest(ARRAY['{"columns": ["x", "x"]}', '{"columns": ["x"], "target": ["age", "age"]}']) AS option;
SELECT try('SELECT normfreeze.profile(p, ''{x,x}''::text[]) FROM persons AS p');
SELECT try('SELECT normfreeze.fit(ARRAY[1, 2], ''standard'', ''{"names": ["x", "x"]}'')');

-- columns that cannot be features: all are named, with SQL that makes numbers of them
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (label text, amount int);
CREATE DOMAIN day AS date;
CREATE TABLE mixed (id int, "Some text" text, chosen varchar(9), padded char(4), named name, letter "char", day date, other_day day, at timestamp, "at tz" timestamptz,
	clock time, clock_tz timetz, span interval, feels mood, who uuid, facts jsonb, plain json, numbers float8[], labels text[], price money, bits bit(8),
	more_bits varbit, origin oid, place point, wal pg_lsn, days daterange, amounts numrange, spans int4multirange, parts pair, bytes bytea, host inet, yes boolean, x numeric);
INSERT INTO mixed VALUES (1, '1.5', '2', '3', '4', '5', '2020-02-29', '1969-12-31', '2020-02-29 12:00', '2020-02-29 12:00+00', '12:00', '12:00+00', '1 day', 'happy',
	'00000000-0000-0000-0000-000000000001', '{"member": 6}', '{"member": 7.5}', '{8,9}', '{10,a}', 11.25, B'00001100', B'1101', 14, '(15,16)', '0/11', '[1970-01-18,)',
	'(18.5,20]', '{[19,20)}', '(20,21)', '\x16', '127.0.0.1', true, 21);
INSERT INTO mixed (id) VALUES (2);
SELECT normfreeze.fit(m, 'standard') FROM mixed AS m;
SELECT normfreeze.fit_table('mixed', 'standard', '{"exclude": ["id"]}');
SELECT normfreeze.fit(m, 'standard', '{"columns": ["x", "day"]}') FROM mixed AS m;
SELECT normfreeze.profile(m) FROM mixed AS m;
SELECT normfreeze.profile(m, ARRAY['who']) FROM mixed AS m;
SELECT normfreeze.normalize(m, s) FROM mixed AS m, (SELECT normfreeze.fit(ARRAY[1, 2], 'identity', '{"names": ["x", "at"]}') AS s) AS s;
-- each hint is followed: what the column is, then
CREATE FUNCTION follow(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
	expression text;
	result text;
BEGIN
	EXECUTE format('SELECT normfreeze.fit(m, ''identity'', %L) FROM mixed AS m', jsonb_build_object('columns', jsonb_build_array(name))) INTO result;
	RETURN 'a feature as it is';
EXCEPTION WHEN datatype_mismatch THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	expression := substring(hint from '^In a subquery, numbers are: (.*?)\.(?:  |$)');
	IF expression IS NULL THEN
		RETURN hint;
	END IF;
	EXECUTE format('SELECT normfreeze.normalize(s, f) FROM (SELECT %1$s FROM mixed WHERE id = 1) AS s,
		(SELECT normfreeze.fit(s, ''identity'', %2$L) AS f FROM (SELECT %1$s FROM mixed) AS s) AS f', expression,
		jsonb_build_object('columns', jsonb_build_array(name))) INTO result;
	RETURN expression || ' -> ' || result;
END
$$;
SET TimeZone = 'UTC';
SELECT attname, format_type(atttypid, atttypmod), follow(attname) FROM pg_attribute WHERE attrelid = 'mixed'::regclass AND attnum > 0 ORDER BY attnum;
-- the further hints
SELECT normfreeze.fit(s, 'maxabs') IS NOT NULL AS fitted FROM (SELECT ("Some text" = '1.5')::int AS "Some text" FROM mixed) AS s;
SELECT normfreeze.fit(ARRAY[id, x]::float8[] || numbers, 'identity') IS NOT NULL AS fitted FROM mixed WHERE id = 1;
SELECT normfreeze.feature_names(normfreeze.fit(m, 'standard', '{"columns": "numeric"}')) AS all_numeric,
	normfreeze.feature_names(normfreeze.fit(m, 'standard', '{"columns": "numeric", "exclude": ["id"], "target": "x"}')) AS but_one FROM mixed AS m;
SELECT normfreeze.feature_names(normfreeze.fit_table('mixed', 'robust', '{"columns": "numeric"}'));
SELECT normfreeze.fit(m, 'standard', '{"columns": "numbers"}') FROM mixed AS m;
SELECT normfreeze.fit(s, 'standard', '{"columns": "numeric"}') FROM (SELECT who FROM mixed) AS s;
SELECT normfreeze.fit(m, 'standard', '{"columns": "numeric", "exclude": ["nothing"]}') FROM mixed AS m;

-- keys that nobody named are told of, once a query, whatever the plan
SET client_min_messages = notice;
CREATE TABLE keyed (id int PRIMARY KEY, code bigint UNIQUE, part int UNIQUE, value float8, late float8, UNIQUE (value, late));
CREATE UNIQUE INDEX ON keyed (value) WHERE late > 0;
CREATE UNIQUE INDEX ON keyed ((late + 1));
ALTER TABLE keyed DROP part;
CREATE TABLE several (shop int, day int, takings float8, PRIMARY KEY (shop, day));
INSERT INTO keyed SELECT g, 2 * g, g, g FROM generate_series(1, 30) AS g;
INSERT INTO several SELECT g % 3, g, g FROM generate_series(1, 30) AS g;
SELECT normfreeze.fit(k, 'standard') IS NOT NULL AS fitted FROM keyed AS k GROUP BY id % 3;
SELECT normfreeze.fit(k.*, 'standard', '{"columns": "numeric", "exclude": ["id"]}') IS NOT NULL AS fitted FROM keyed AS k;
SELECT normfreeze.fit_table('keyed', 'standard') = normfreeze.fit(k, 'standard') AS same FROM keyed AS k;
SELECT normfreeze.fit_table('several', 'robust') IS NOT NULL AS fitted;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT normfreeze.fit(k, 'standard') IS NOT NULL AS fitted FROM keyed AS k;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;
-- silent where the columns are named, or none is a key
SELECT normfreeze.fit(k, 'standard', '{"exclude": ["id", "code"]}') IS NOT NULL AS fitted FROM keyed AS k;
SELECT normfreeze.fit(k, 'standard', '{"columns": ["id", "code"]}') IS NOT NULL AS fitted FROM keyed AS k;
SELECT normfreeze.fit(s, 'standard') IS NOT NULL AS fitted FROM (SELECT id, value FROM keyed) AS s;
SET client_min_messages = warning;

-- the privilege to read the columns that are fitted is enough for fit_table, and for a subquery of them
CREATE TABLE f_names (f1 float8, f2 float8, fit_row float8, secret text, born timestamptz);
INSERT INTO f_names SELECT g, g * g, g % 3, 'secret', now() FROM generate_series(1, 20) AS g;
CREATE VIEW f_view AS SELECT * FROM f_names;
CREATE ROLE normfreeze_reader;
GRANT USAGE ON SCHEMA of_columns TO normfreeze_reader;
GRANT SELECT (f1, f2, fit_row) ON f_names, f_view TO normfreeze_reader;
SET ROLE normfreeze_reader;
SELECT relation, method, normfreeze.feature_names(normfreeze.fit_table(relation::regclass, method::text, options::jsonb))
FROM unnest(ARRAY['f_names', 'f_view']) AS relation, unnest(ARRAY['standard', 'robust']) AS method, unnest(ARRAY['{"columns": ["f1"]}',
	'{"columns": ["f1", "f2"]}', '{"columns": ["fit_row", "f2"], "target": "f1"}', '{"columns": "numeric"}', '{"columns": "numeric", "exclude": ["f2"]}',
	'{"exclude": ["secret", "born"]}', '{"exclude": ["secret", "born", "f2", "fit_row"]}', '{"exclude": ["f1", "born", "fit_row", "secret"]}']) AS options;
SELECT normfreeze.fit_table('f_names', 'standard', '{"columns": ["f1", "f2"]}') = normfreeze.fit(s, 'standard') AS same
FROM (SELECT f1, f2 FROM f_names OFFSET 0) AS s;
SELECT normfreeze.fit_table('f_names', 'standard', '{"columns": ["f1", "secret"]}');
SELECT normfreeze.fit_table('f_names', 'standard', '{"exclude": ["secret", "secret"]}');
SELECT normfreeze.fit_table('f_names', 'standard', '{"columns": ["f1", "other"]}');
SELECT normfreeze.fit_table('keyed', 'standard', '{"columns": ["value"]}');
SELECT normfreeze.fit(f, 'standard', '{"columns": ["f1", "f2"]}') FROM f_names AS f;
RESET ROLE;
DROP SCHEMA of_columns CASCADE;
DROP ROLE normfreeze_reader;
