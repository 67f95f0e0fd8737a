-- normalize() of one value by a constant id, planned as its operations: the same bits, errors and privileges.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
\set SHOW_CONTEXT never
SET jit = off;
CREATE TABLE value_rows AS SELECT i AS id, i * 0.7::float8 AS a, sqrt(i) AS b, i % 5 AS c, i * 1.5::float8 AS price FROM generate_series(1, 40) AS i;
INSERT INTO value_rows VALUES (41, NULL, 'NaN', 3, 1), (42, 'Infinity', '-Infinity', NULL, 2), (43, -0.0, 1e308, 3, -1e308), (44, 5e-324, -1e-310, 0, 0);
CREATE FUNCTION value_planned(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; found text := 'nothing';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS off) ' || query LOOP
		IF line ~ 'Output|Filter' THEN
			found := coalesce(substring(line FROM 'normfreeze\.((subtract|multiply|divide)\w*)\('), CASE WHEN line ~ 'normalize' THEN 'normalize' END, found);
		END IF;
	END LOOP;
	RETURN found;
END $$;
CREATE FUNCTION query_lines(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE query; END $$;
-- every kind of scaler: its operations, and whether all bits are the same as without
CREATE TABLE value_scalers AS SELECT label, normfreeze.freeze(label, scaler) AS id FROM (
	SELECT 'standard' AS label, normfreeze.fit(r, 'standard', '{"columns": ["a", "b"], "target": ["price"]}') FROM (SELECT a, b, price FROM value_rows WHERE id <= 40) AS r UNION ALL
	SELECT 'minmax', normfreeze.fit(r, 'minmax', '{"columns": ["a", "b"]}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'maxabs', normfreeze.fit(r, 'maxabs', '{"columns": ["a", "b"]}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'robust', normfreeze.fit(r, 'robust', '{"columns": ["a", "b"]}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'identity', normfreeze.fit(r, 'identity', '{"columns": ["a", "b"]}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'power', normfreeze.fit(r, 'power', '{"columns": ["a", "b"]}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'quantile', normfreeze.fit(r, 'quantile', '{"columns": ["a", "b"]}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'imputed', normfreeze.fit(r, 'standard', '{"columns": ["a", "b"], "missing": "mean"}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'clipped', normfreeze.fit(r, 'minmax', '{"columns": ["a", "b"], "clip": true}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'refused', normfreeze.fit(r, 'standard', '{"columns": ["a", "b"], "outside": "error"}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'shifted', normfreeze.fit(r, 'standard', '{"columns": ["a", "b"], "intercept": 50, "multiplier": 10}') FROM value_rows AS r WHERE id <= 40 UNION ALL
	SELECT 'spark', normfreeze.from_spark('{"class": "StandardScalerModel", "params": {"withMean": true, "withStd": true}, "std": [3, 7], "mean": [0.1, 0.3], "names": ["a", "b"]}') UNION ALL
	SELECT 'row', normfreeze.fit(r, 'l2', '{"columns": ["a", "b"]}') FROM value_rows AS r WHERE id <= 40) AS s(label, scaler);
CREATE FUNCTION value_bits(call text, rewrite boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
	PERFORM set_config('normfreeze.rewrite_calls', rewrite::text, true);
	EXECUTE format('SELECT string_agg(coalesce(float8send(%s)::text, ''null''), '' '' ORDER BY id) FROM value_rows', call) INTO result;
	PERFORM set_config('normfreeze.rewrite_calls', 'on', true);
	RETURN result;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT label, value_planned(format('SELECT %s FROM value_rows', forward)) AS normalize, value_planned(format('SELECT %s FROM value_rows', inverse)) AS denormalize,
	value_bits(forward, true) = value_bits(forward, false) AND value_bits(inverse, true) = value_bits(inverse, false) AS same,
	CASE WHEN value_bits(forward, true) ~ '^[0-9A-Z]{5} ' THEN regexp_replace(value_bits(forward, true), '\d{10,}', '<id>') END AS error
FROM value_scalers, LATERAL (SELECT format('normfreeze.normalize(b, %s, ''b'')', id), format('normfreeze.denormalize(b, %s, ''b'')', id)) AS c(forward, inverse) ORDER BY label;
-- what the row has, the value has
SELECT label, count(*) FILTER (WHERE n[1] IS DISTINCT FROM normfreeze.normalize(a, s.id, 'a') OR n[2] IS DISTINCT FROM normfreeze.normalize(b, s.id, 'b')) AS different
FROM value_scalers AS s, value_rows AS r, LATERAL (SELECT normfreeze.normalize(r, s.id)) AS l(n) WHERE label NOT IN ('row', 'refused') GROUP BY label ORDER BY label;

SELECT id AS standard FROM value_scalers WHERE label = 'standard' \gset
SELECT set_config('value.id', :'standard', false) \g /dev/null
SELECT normfreeze.promote('standard', 1) \g /dev/null
-- integers are converted as ever; a target has its inverse, too
SELECT value_planned(format('SELECT normfreeze.normalize(c, %s, ''a'') FROM value_rows', :standard)) AS converted,
	value_planned(format('SELECT normfreeze.denormalize(price, %s, ''price'') FROM value_rows', :standard)) AS target;
-- not for what is no constant, is unknown, or has no table
SELECT value_planned(format(query, :standard)) FROM unnest(ARRAY['SELECT normfreeze.normalize(a, ''standard'', ''a'') FROM value_rows',
	'SELECT normfreeze.normalize(a, %s + 0 * id, ''a'') FROM value_rows', 'SELECT normfreeze.normalize(a, %s, chr(97 + id %% 2)) FROM value_rows',
	'SELECT normfreeze.normalize(a, 1, ''a'') FROM value_rows', 'SELECT normfreeze.normalize(a, %s, ''z'') FROM value_rows',
	'SELECT normfreeze.normalize(a, NULL::bigint, ''a'') FROM value_rows', 'SELECT normfreeze.normalize(a, %s, NULL) FROM value_rows',
	'SELECT normfreeze.normalize(random(), %s, ''a'')']) AS query;
SELECT normfreeze.normalize(a, :standard, 'z') FROM value_rows;
SELECT normfreeze.normalize(a, 1, 'a') FROM value_rows;
SELECT count(normfreeze.normalize(a, 1, 'a')) FROM value_rows WHERE false;

-- a scaler that may be rolled back is in no plan that outlives it
BEGIN;
SELECT normfreeze.freeze('rolled back', normfreeze.fit(r, 'standard', '{"columns": ["a"]}')) AS own FROM value_rows AS r WHERE id <= 10 \gset
SELECT format('PREPARE own AS SELECT normfreeze.normalize(a, %s, ''a'') FROM value_rows WHERE id = 1', :own) \gexec
EXECUTE own;
SELECT value_planned('EXECUTE own');
ROLLBACK;
EXECUTE own;

-- a plan never outlives its permission
CREATE ROLE regress_value_reader;
GRANT SELECT ON value_rows TO regress_value_reader;
GRANT SELECT ON normfreeze.scalers TO regress_value_reader;
SELECT format('PREPARE value AS SELECT sum(normfreeze.normalize(a, %s, ''a'')) FROM value_rows WHERE id < 40', :standard) \gexec
EXECUTE value;
SET ROLE regress_value_reader;
EXECUTE value;
RESET ROLE;
REVOKE SELECT ON normfreeze.scalers FROM regress_value_reader;
SET ROLE regress_value_reader;
EXECUTE value;
SELECT value_planned('EXECUTE value');
RESET ROLE;
GRANT SELECT ON normfreeze.scalers TO regress_value_reader;
REVOKE EXECUTE ON FUNCTION normfreeze.normalize(float8, bigint, text) FROM PUBLIC;
SET ROLE regress_value_reader;
EXECUTE value;
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.normalize(float8, bigint, text) TO PUBLIC;
ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY;
SET ROLE regress_value_reader;
EXECUTE value;
RESET ROLE;
ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY;

-- by ref, a promotion is seen by the next statement, in a loop of one session, too
SELECT normfreeze.freeze('standard', normfreeze.fit(r, 'standard', '{"columns": ["a"]}')) AS second FROM (SELECT a FROM value_rows WHERE id < 9) AS r \gset
PREPARE by_ref AS SELECT normfreeze.normalize(a, 'standard', 'a') FROM value_rows WHERE id = 7;
EXECUTE by_ref;
SELECT normfreeze.promote('standard', 2, force => true) \g /dev/null
EXECUTE by_ref;
CREATE FUNCTION in_a_loop(ids bigint[]) RETURNS SETOF float8 LANGUAGE plpgsql AS $$
DECLARE i bigint; BEGIN FOREACH i IN ARRAY ids LOOP RETURN NEXT normfreeze.normalize(3.5, i, 'a'); END LOOP; END $$;
SELECT in_a_loop(ARRAY[:standard, :second, :standard]);
-- of members by key, each has parameters of its own
SELECT normfreeze.freeze('value set', normfreeze.by_key(k::text, s)) AS set
FROM (SELECT c, normfreeze.fit(r, 'standard', '{"columns": ["a"]}') FROM value_rows AS r WHERE id <= 40 GROUP BY c) AS t(k, s) \gset
SELECT count(*) FILTER (WHERE normfreeze.normalize_by_key(a, :set, 'a', c::text) IS DISTINCT FROM (normfreeze.normalize_by_key(r, :set, c::text))[1]) AS different
FROM value_rows AS r WHERE id <= 40;

-- normalize_value(): a value of any type that a column of a row may have, as it is there
CREATE DOMAIN value_count AS int CHECK (value >= 0);
CREATE DOMAIN value_price AS numeric(12, 2);
CREATE TABLE value_types AS SELECT i AS id, i::smallint AS f2, i AS f4, i * 1000000007::bigint * 3001 AS f8, (i / 3.0)::real AS r, sqrt(i) AS d, i * 1.1 AS n, i % 3 = 0 AS b,
	i::value_count AS c, (i * 0.37)::value_price AS p FROM generate_series(1, 20) AS i;
INSERT INTO value_types SELECT 21 UNION ALL SELECT 22;
UPDATE value_types SET n = '1e-400', r = 'NaN', d = '-Infinity', f8 = 9223372036854775807 WHERE id = 22;
INSERT INTO value_types (id, n, f8) VALUES (23, 'Infinity', 9007199254740993), (24, -1e308, -9007199254740993), (25, 123456789.123456789123456789e-7, 0);
SELECT normfreeze.freeze('types', normfreeze.fit(t, 'standard', '{"exclude": ["id"]}')) AS types FROM value_types AS t WHERE id <= 20 \gset
SELECT normfreeze.freeze('types imputed', normfreeze.fit(t, 'minmax', '{"exclude": ["id"], "missing": "median", "outside": "clip"}')) AS imputed FROM value_types AS t WHERE id <= 20 \gset
SELECT normfreeze.promote('types', 1) \g /dev/null
CREATE FUNCTION value_differences(list text, whole text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE result bigint;
BEGIN
	EXECUTE format('SELECT count(*) FILTER (WHERE v.v IS DISTINCT FROM %s) FROM value_types AS t, LATERAL (SELECT ARRAY[%s] OFFSET 0) AS v(v)', whole, list) INTO result;
	RETURN result;
END $$;
SELECT label, value_planned(format('SELECT %s FROM value_types AS t', list)) AS planned, value_differences(list, format('normfreeze.normalize(t, %s)', scaler)) AS different
FROM (VALUES ('id', :'types'), ('policies', :'imputed'), ('ref', '''types'''), ('value', 'normfreeze.scaler(''types''::text)')) AS s(label, scaler),
	LATERAL (SELECT string_agg(format('normfreeze.normalize_value(t.%s, %s, %L)', name, scaler, name), ', ' ORDER BY i)
		FROM unnest(normfreeze.feature_names('types')) WITH ORDINALITY AS f(name, i)) AS l(list);
SELECT format('EXPLAIN (VERBOSE, COSTS off) SELECT %s FROM value_types',
	(SELECT string_agg(format('normfreeze.normalize_value(%s, %s, ''d'')', name, :types), ', ') FROM unnest('{f2,f4,f8,r,d,n,b,c,p}'::text[]) AS name)) AS explained \gset
SELECT regexp_replace(substring(line FROM 'Output.*'), '''-?\d[^'']*''', '#', 'g') FROM query_lines(:'explained') AS line WHERE line ~ 'Output';
-- by hand, a numeric that is too small for float8 would be an error, and a boolean could not be cast
SELECT normfreeze.normalize_value(n, :types, 'n') = (normfreeze.normalize(t, :types))[6] AS nearly_zero FROM value_types AS t WHERE id = 22;
-- the errors of a row, planned or not
SELECT normfreeze.normalize_value(1e400 + id, :types, 'n') FROM value_types;
SELECT normfreeze.normalize_value(1e400, 'types', 'n');
SELECT normfreeze.normalize_value(now(), :types, 'n') FROM value_types;
SELECT normfreeze.normalize_value(ARRAY[1], 'types', 'n');
SELECT normfreeze.normalize_value('1', 'types', 'n');
SELECT normfreeze.normalize_value(1, 'types', 'N');
SELECT normfreeze.normalize_value(1, 1, 'n');
SELECT normfreeze.normalize_value(1, id, 'a') FROM value_scalers WHERE label = 'row';
SELECT normfreeze.normalize_value(1, normfreeze.by_key(k, s), 'a') FROM (SELECT 'k', normfreeze.scaler('types'::text)) AS t(k, s);
-- nothing is a missing value of any type
SELECT normfreeze.normalize_value(NULL, 'types', 'n') IS NULL AS missing, normfreeze.normalize_value(NULL, :imputed, 'n') > 0 AS imputed, normfreeze.normalize_value(1, NULL::bigint, 'n') IS NULL AS no_scaler,
	normfreeze.normalize_value(1, 'types', NULL) IS NULL AS no_feature;
-- who may not call what the planner makes of it gets the call as it was written
REVOKE EXECUTE ON FUNCTION normfreeze.value_of_numeric(numeric, text) FROM PUBLIC;
GRANT SELECT ON value_types TO regress_value_reader;
SET ROLE regress_value_reader;
SELECT value_planned(format('SELECT normfreeze.normalize_value(n, %s, ''n'') FROM value_types', :types)) AS revoked, value_planned(format('SELECT normfreeze.normalize_value(f4, %s, ''f4'') FROM value_types', :types)) AS other;
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.value_of_numeric(numeric, text) TO PUBLIC;
-- as in a row, a promotion is seen, and so is the end of a permission
PREPARE any_by_ref AS SELECT normfreeze.normalize_value(f4, 'types', 'f4') FROM value_types WHERE id = 7;
EXECUTE any_by_ref;
SELECT normfreeze.freeze('types', normfreeze.fit(t, 'minmax', '{"exclude": ["id"]}')) FROM value_types AS t WHERE id <= 20 \g /dev/null
SELECT normfreeze.promote('types', 2) \g /dev/null
EXECUTE any_by_ref;
REVOKE SELECT ON normfreeze.scalers FROM regress_value_reader;
SET ROLE regress_value_reader;
EXECUTE any_by_ref;
SELECT normfreeze.normalize_value(f4, :types, 'f4') FROM value_types;
RESET ROLE;

DROP OWNED BY regress_value_reader;
DROP ROLE regress_value_reader;
