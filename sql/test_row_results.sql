-- Several columns of one normalize(row, scaler) are planned as one call, and mean what they say.
\pset format unaligned
\pset footer off
CREATE TABLE points (id int PRIMARY KEY, g int, x float8, y float8, z float8);
INSERT INTO points SELECT i, i % 3, i, 10 - i, CASE WHEN i = 7 THEN NULL ELSE i * i END FROM generate_series(1, 8) AS i;
SELECT normfreeze.freeze('l2', normfreeze.fit(p, 'l2', '{"columns": ["x", "y", "z"]}')) AS l2 FROM points AS p \gset
SELECT normfreeze.freeze('strict', normfreeze.fit(p, 'l1', '{"columns": ["x", "y", "z"], "missing": "error"}')) AS strict FROM points AS p WHERE id <> 7 \gset
SELECT normfreeze.select_list(:l2, 'p', 'n_', '{id}') AS list, normfreeze.select_list(:strict, 'p') AS strict_list \gset

-- how many rows, whether their bits are the same, and whether calls are shared: their number depends on the plan, but half as many are
CREATE FUNCTION calls_made() RETURNS bigint LANGUAGE sql AS
	$$ SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_xact_user_functions WHERE schemaname = 'normfreeze' AND funcname LIKE 'normalize%' AND funcname <> 'normalize_support' $$;
CREATE FUNCTION with_and_without(query text, OUT rows bigint, OUT equal boolean, OUT shared boolean) LANGUAGE plpgsql AS $$
DECLARE plain text; planned text; calls bigint; calls_without bigint;
BEGIN
	query := 'SELECT count(*), string_agg(r::text, chr(10) ORDER BY r::text) FROM (SELECT * FROM (' || query || ') AS q OFFSET 0) AS r';
	SET LOCAL track_functions = 'all';
	calls_without := -calls_made();
	SET LOCAL normfreeze.rewrite_calls = off;
	EXECUTE query INTO rows, plain;
	calls_without := calls_without + calls_made();
	calls := -calls_made();
	SET LOCAL normfreeze.rewrite_calls = on;
	EXECUTE query INTO rows, planned;
	calls := calls + calls_made();
	equal := plain IS NOT DISTINCT FROM planned;
	shared := calls > 0 AND 2 * calls <= calls_without;
END $$;

SELECT :list FROM points AS p ORDER BY id;
SELECT with_and_without('SELECT ' || :'list' || rest) AS "rows, equal, shared", rest
FROM unnest(ARRAY[
	' FROM points AS p',
	' FROM points AS p WHERE id > 3',
	' FROM points AS p ORDER BY n_z',
	' FROM points AS p LIMIT 5',
	' FROM (SELECT * FROM points OFFSET 0) AS p',
	' FROM points AS p JOIN points AS q USING (g)',
	' FROM points AS q LEFT JOIN points AS p ON p.id = q.id + 4',
	' FROM points AS q FULL JOIN points AS p ON p.id = q.id + 4 WHERE q.id > 2 OR q.id IS NULL',
	' FROM points AS p TABLESAMPLE SYSTEM (100)',
	', (SELECT max(q.x) FROM points AS q WHERE q.g = p.g) AS most FROM points AS p',
	' FROM points AS p WHERE false',
	-- these are left as they are
	' FROM points AS p ORDER BY id LIMIT 2',
	' FROM points AS p GROUP BY p.*, id',
	', generate_series(1, 2) AS s FROM points AS p',
	', row_number() OVER (ORDER BY id) AS s FROM points AS p'
	]) AS rest;
SELECT with_and_without('SELECT DISTINCT ' || :'list' || ' FROM points AS p');
SELECT with_and_without('SELECT ' || :'list' || ' FROM points AS p UNION ALL SELECT ' || :'list' || ' FROM points AS p WHERE id = 7');
SELECT with_and_without('WITH c AS MATERIALIZED (SELECT ' || :'list' || ' FROM points AS p) SELECT * FROM c WHERE id < 4');
SELECT with_and_without('SELECT q.id, (SELECT sum(n_x) FROM (SELECT ' || :'list' || ' FROM points AS p WHERE p.g = q.g) AS s) FROM points AS q');
SELECT with_and_without('SELECT q.id, s.* FROM points AS q, LATERAL (SELECT ' || replace(:'list', 'p.id', 'q.g') || ' FROM points AS p WHERE p.g = q.g) AS s');

-- two rows of one type, and two scalers
SELECT with_and_without(format('SELECT p.id, q.id AS q, (normfreeze.normalize(p, %1$s))[1] AS a, (normfreeze.normalize(q, %1$s))[1] AS b,
	(normfreeze.normalize(p, %1$s))[2] AS c, (normfreeze.normalize(q, %1$s))[2] AS d, (normfreeze.normalize(q, ''strict@v1''))[2] AS e
	FROM points AS p, points AS q WHERE p.id <> 7 AND q.id <> 7', quote_literal(:l2) || '::bigint'));
SELECT with_and_without(format('SELECT (normfreeze.normalize(p, %1$s))[p.g + 1] AS a, (normfreeze.normalize(p, %1$s))[2:3] AS b FROM points AS p', quote_literal(:l2) || '::bigint'));

-- a row that is filtered away is not normalized, nor one behind a limit
SELECT count(a) FROM (SELECT :strict_list FROM points AS p WHERE id <> 7) AS s(a);
SELECT count(a) FROM (SELECT :strict_list FROM points AS p LIMIT 6) AS s(a);
SELECT count(a) FROM (SELECT :strict_list FROM points AS p ORDER BY id LIMIT 6) AS s(a);
SELECT :strict_list FROM points AS p;
CREATE VIEW of_strict AS SELECT id, :strict_list FROM points AS p;
SELECT with_and_without(query), query FROM unnest(ARRAY[
	'SELECT * FROM of_strict WHERE id <> 7',
	'SELECT CASE WHEN id <> 7 THEN x END, CASE WHEN id <> 7 THEN y END FROM of_strict',
	'SELECT avg(x) FILTER (WHERE id <> 7), avg(y) FILTER (WHERE id <> 7) FROM of_strict',
	'SELECT x, y FROM of_strict WHERE CASE WHEN id <> 7 THEN z > 0 END',
	'SELECT x, y FROM of_strict ORDER BY id LIMIT 6',
	'SELECT x, y, row_number() OVER (ORDER BY id) FROM of_strict LIMIT 6',
	'SELECT s.x, s.y FROM of_strict AS s JOIN points AS q USING (id) WHERE q.z IS NOT NULL',
	'SELECT x, y FROM of_strict AS s WHERE EXISTS (SELECT FROM points AS q WHERE q.id = s.id AND q.z IS NOT NULL)',
	'WITH s AS (SELECT * FROM of_strict), t AS (SELECT * FROM s) SELECT t.x, t.y FROM t JOIN points AS q USING (id) WHERE q.z IS NOT NULL',
	'WITH s AS (SELECT * FROM of_strict) SELECT x, y FROM s WHERE id <> 7'
	]) AS query;

-- views, whose columns that nobody reads cost one call at most
CREATE VIEW normal AS SELECT :list FROM points AS p;
SELECT with_and_without('SELECT * FROM normal');
SELECT with_and_without('SELECT q.id, n.n_y FROM points AS q LEFT JOIN normal AS n ON n.id = q.id + 3');
SELECT with_and_without('SELECT id FROM normal');
SELECT with_and_without('SELECT n_x FROM normal');
SELECT with_and_without('SELECT g, sum(n_x), max(n_z) FROM normal JOIN points USING (id) GROUP BY g');

-- prepared, inserted, updated by a cursor, locked
SET plan_cache_mode = force_generic_plan;
PREPARE one(int) AS SELECT :list FROM points AS p WHERE id = $1;
EXECUTE one(2);
EXECUTE one(3);
RESET plan_cache_mode;
CREATE TABLE copied AS SELECT :list FROM points AS p;
INSERT INTO copied SELECT :list FROM points AS p WHERE id < 3;
SELECT count(*), sum(n_x) FROM copied;
BEGIN;
DECLARE c CURSOR FOR SELECT :list FROM points AS p;
FETCH 2 FROM c;
UPDATE points SET g = 9 WHERE CURRENT OF c;
SELECT id FROM points WHERE g = 9;
ROLLBACK;
SELECT :list FROM points AS p WHERE id = 2 FOR UPDATE;

-- a rule that reads columns of some rows only
CREATE TABLE ruled (id int, a float8, b float8);
CREATE TABLE ruled_log (LIKE ruled);
CREATE RULE log AS ON INSERT TO ruled DO INSTEAD
	INSERT INTO ruled_log VALUES (NEW.id, CASE WHEN NEW.id <> 7 THEN NEW.a END, CASE WHEN NEW.id <> 7 THEN NEW.b END);
INSERT INTO ruled SELECT id, x, y FROM of_strict;
SELECT count(*), count(a) FROM ruled_log;

-- a limit around a sorted query, which then evaluates what is expensive for the rows that are left
BEGIN;
ALTER FUNCTION normfreeze.normalize(record, bigint) COST 1000;
ALTER FUNCTION normfreeze.normalize_columns(bigint, text[], VARIADIC "any") COST 1000;
SELECT count(y) FROM (SELECT * FROM (SELECT id, :strict_list FROM points AS p ORDER BY abs(id)) AS s LIMIT 6) AS r;
SELECT count(y) FROM (SELECT * FROM (SELECT x, y FROM (SELECT id, :strict_list FROM points AS p ORDER BY abs(id)) AS s) AS s LIMIT 6) AS r;
ROLLBACK;

-- partitions, whose columns are in another order
CREATE TABLE parted (id int, g int, x float8, y float8, z float8) PARTITION BY RANGE (id);
CREATE TABLE parted_1 (z float8, y float8, x float8, g int, id int);
ALTER TABLE parted ATTACH PARTITION parted_1 FOR VALUES FROM (0) TO (5);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (5) TO (100);
INSERT INTO parted SELECT * FROM points;
SELECT with_and_without('SELECT ' || :'list' || ' FROM parted AS p');
SELECT count(*) FROM (SELECT :list FROM parted AS p EXCEPT ALL SELECT :list FROM points AS p) AS differ;

-- row security of the table
CREATE ROLE regress_row_results;
GRANT SELECT ON points, normfreeze.scalers TO regress_row_results;
CREATE POLICY six ON points USING (id > 6);
ALTER TABLE points ENABLE ROW LEVEL SECURITY;
SET ROLE regress_row_results;
SELECT :list FROM points AS p;
RESET ROLE;
REVOKE SELECT ON normfreeze.scalers FROM regress_row_results;
SET ROLE regress_row_results;
SELECT :list FROM points AS p;
RESET ROLE;
DROP TABLE points, parted, copied, ruled, ruled_log CASCADE;
DROP OWNED BY regress_row_results;
DROP ROLE regress_row_results;
