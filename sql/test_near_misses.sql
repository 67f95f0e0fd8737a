-- messages that know what was nearly right: ids that went through a double, names that look alike, members that are there
SET client_min_messages = warning;
CREATE SCHEMA near_misses;
SET search_path = near_misses;
SELECT normfreeze.freeze('nearly', normfreeze.fit(ARRAY[g, g * g], 'standard', '{"names": ["Age", "caf\u00e9"]}')) AS id FROM generate_series(1, 9) AS g \gset
-- what JavaScript makes of the id
SELECT to_jsonb(:id::float8) #>> '{}' <> :'id' AS rounded, (to_char(:id::float8, 'FM9999999999999999999'))::bigint AS double_id \gset
SELECT :'rounded' AS rounded;
CREATE FUNCTION try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	hint text;
BEGIN
	EXECUTE query INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' | ' || hint, '');
END
$$;
SELECT call, replace(replace(try(replace(call, 'ID', :'double_id')), :'double_id', 'THIS'), :'id', 'MEANT') AS says
FROM unnest(ARRAY['SELECT normfreeze.normalize(ARRAY[1, 2], ID)', 'SELECT normfreeze.normalize(1, ID, ''Age'')', 'SELECT normfreeze.scaler(ID)',
	'SELECT normfreeze.describe(ID)', 'SELECT normfreeze.feature_names(ID)', 'SELECT normfreeze.verify(ID)', 'SELECT normfreeze.profile_of(ID)',
	'SELECT normfreeze.to_sql(ID, ''duckdb'')', 'SELECT normfreeze.purge_profile(ID, ''why'')', 'SELECT normfreeze.register_use(ID, ''model'', ''m'')',
	'SELECT normfreeze.promote(''nearly'', ID)', 'SELECT normfreeze.profile(ARRAY[1, 2], ID)', 'SELECT normfreeze.audit(ARRAY[1, 2], ARRAY[1, 2], ID)',
	'SELECT normfreeze.report(ID)', 'SELECT normfreeze.diff(ID, ID)']) AS call;
SELECT try('SELECT normfreeze.scaler(1)'), try('SELECT normfreeze.scaler(-9223372036854775808)'), try('SELECT normfreeze.scaler(9223372036854775807)');
-- only for those who may see it
CREATE ROLE normfreeze_blind;
GRANT USAGE ON SCHEMA near_misses TO normfreeze_blind;
GRANT EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) TO normfreeze_blind;
SET ROLE normfreeze_blind;
SELECT replace(try(format('SELECT normfreeze.register_use(%s, ''model'', ''m'')', :double_id)), :'double_id', 'THIS') AS says;
SELECT try(format('SELECT normfreeze.normalize(ARRAY[1, 2], %s)', :double_id)) AS says;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION normfreeze.register_use(bigint, text, text, text) FROM normfreeze_blind;
DROP OWNED BY normfreeze_blind;
DROP ROLE normfreeze_blind;

-- names that look alike, and members that are there
SELECT normfreeze.normalize(s, :id) FROM (SELECT 1 AS "Age", 2 AS U&"cafe\0301") AS s;
SELECT normfreeze.normalize(s, :id) FROM (SELECT 1 AS "Age", 2 AS U&"CAFE\0301") AS s;
SELECT normfreeze.normalize(s, :id) FROM (SELECT 1 AS age, 2 AS U&"caf\00E9") AS s;
SELECT normfreeze.normalize('{"Age": 1, "cafe\u0301": 2, "a\"b": {"in": 1}}'::jsonb, :id);
SELECT normfreeze.normalize(normalize('{"Age": 1, "cafe\u0301": 2}'::jsonb::text, NFC)::jsonb, :id) IS NOT NULL AS the_hint_works;
SELECT normfreeze.normalize('{"AGE": 1, "caf\u00e9": 2}'::jsonb, :id);
SELECT normfreeze.normalize('{}'::jsonb, :id);
SELECT normfreeze.normalize((SELECT jsonb_object_agg(repeat('x', 100) || g, g) FROM generate_series(1, 2000) AS g), :id);
SELECT try(format('SELECT normfreeze.normalize(1, %s, ''age'')', :id)) LIKE '%There is "Age", which differs in case.%' AS said;
SELECT try(format('SELECT normfreeze.normalize(1, %s, U&''cafe\0301'')', :id)) LIKE '%in another Unicode normal form%' AS said;
SELECT normfreeze.fit(s, 'standard', '{"columns": ["Age"]}') FROM (SELECT 1 AS age) AS s;
SELECT normfreeze.fit(s, 'standard', '{"exclude": ["AGE"]}') FROM (SELECT 1 AS age) AS s;
SELECT normfreeze.fit(s, 'standard', '{"target": "Age"}') FROM (SELECT 1 AS age, 2 AS b) AS s;
SELECT count(*) FROM normfreeze.drift(:id, (SELECT normfreeze.profile(s) FROM (SELECT g AS age, g AS U&"caf\00E9" FROM generate_series(1, 9) AS g) AS s));

-- a numeric beyond float8: whose it is
SELECT normfreeze.fit(s, 'standard') FROM (SELECT 1 AS a, 1e400 AS "big one") AS s;
SELECT normfreeze.fit(ARRAY[1, -1e400], 'standard');
SELECT normfreeze.normalize('{"Age": 1, "caf\u00e9": 1e400}'::jsonb, :id);
SELECT normfreeze.normalize(ARRAY[1, 'Infinity'::numeric], :id), normfreeze.normalize(ARRAY[1, 1e-400], :id) = normfreeze.normalize(ARRAY[1, 0], :id) AS tiny;
DROP SCHEMA near_misses CASCADE;
