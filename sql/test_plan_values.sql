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

DROP OWNED BY regress_value_reader;
DROP ROLE regress_value_reader;
