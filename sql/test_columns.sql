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
DROP SCHEMA of_columns CASCADE;
