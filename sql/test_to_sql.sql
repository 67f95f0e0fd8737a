-- Scalers as SQL of other systems: what is written, what is refused.
\pset format unaligned
\pset footer off
CREATE TABLE c (age float8, income int, tenure numeric);
INSERT INTO c VALUES (1, 2, 3.5), (4, 5, 6), (7, 8, 0.1), (NULL, -3, 'NaN');
CREATE TABLE s (name text PRIMARY KEY, scaler normfreeze.scaler);
INSERT INTO s VALUES
	('standard', (SELECT normfreeze.fit(c, 'standard') FROM c)),
	('policies', (SELECT normfreeze.fit(c, 'minmax', '{"clip": true, "missing": "mean", "outside": "clip"}') FROM c)),
	('errors', (SELECT normfreeze.fit(c, 'maxabs', '{"columns": ["age"], "missing": "error", "outside": "error"}') FROM c)),
	('nan', (SELECT normfreeze.fit(c, 'mean', '{"columns": ["age"], "missing": "nan", "outside": "null"}') FROM c)),
	('max', (SELECT normfreeze.fit(c, 'max', '{"missing": "zero"}') FROM c)),
	('quantile', (SELECT normfreeze.fit(c, 'quantile', '{"columns": ["age"], "n_quantiles": 2}') FROM c)),
	('log1p', (SELECT normfreeze.fit(c, 'log1p', '{"columns": ["age"]}') FROM c)),
	('normal', (SELECT normfreeze.fit(c, 'quantile', '{"columns": ["age"], "output_distribution": "normal"}') FROM c)),
	('power', (SELECT normfreeze.fit(c, 'power', '{"columns": ["age"]}') FROM c)),
	('l1', (SELECT normfreeze.fit(c, 'l1') FROM c)),
	('l2', (SELECT normfreeze.fit(c, 'l2') FROM c)),
	('array', (SELECT normfreeze.fit(ARRAY[age, income], 'mean') FROM c)),
	('onnx', normfreeze.from_onnx_scaler('{"offset": [0.5], "scale": [3], "names": ["age"]}')),
	('fma', normfreeze.from_batchnorm('{0.5}'::float8[], '{3}', names => '{age}', formula => 'contiguous_fma')),
	('constant', (SELECT normfreeze.fit(ARRAY[5.0, age]::float8[], 'standard', '{"names": ["five", "age"], "constant": "null", "missing": "error"}') FROM c WHERE age > 0)),
	('target', (SELECT normfreeze.fit(c, 'mean', '{"target": ["tenure"]}') FROM c)),
	('wide', normfreeze.from_sklearn(jsonb_build_object('class', 'Normalizer', 'norm', 'max', 'names', (SELECT jsonb_agg('f' || i) FROM generate_series(1, 101) i))));

-- expressions, without the comment
CREATE FUNCTION expressions(name text, dialect text, relation text DEFAULT 'c') RETURNS text LANGUAGE SQL AS $$
	SELECT regexp_replace(normfreeze.to_sql(s.scaler, relation, dialect), '\n/\*.*', '') FROM s WHERE s.name = $1
$$;
SELECT d AS dialect, expressions('standard', d) FROM unnest('{postgres,duckdb,sqlite,snowflake,bigquery,spark}'::text[]) AS d;
SELECT d AS dialect, expressions('standard', d) FROM unnest('{databricks,trino,datafusion,clickhouse,h2,hsqldb,firebird,mysql,mariadb,redshift}'::text[]) AS d;
SELECT d AS dialect, expressions('policies', d) FROM unnest('{clickhouse,hsqldb}'::text[]) AS d;
SELECT d AS dialect, expressions('errors', d) FROM unnest('{trino,datafusion,clickhouse,h2,firebird}'::text[]) AS d;
SELECT d AS dialect, expressions('nan', d) FROM unnest('{trino,datafusion,clickhouse,h2,hsqldb}'::text[]) AS d;
SELECT d AS dialect, expressions('max', d) FROM unnest('{hsqldb,firebird}'::text[]) AS d;
SELECT d AS dialect, expressions('onnx', d) FROM unnest('{trino,datafusion,clickhouse,h2}'::text[]) AS d;
SELECT expressions('quantile', 'hsqldb');
SELECT d AS dialect, expressions('policies', d, '') FROM unnest('{postgres,sqlite}'::text[]) AS d;
SELECT d AS dialect, expressions('errors', d, NULL) FROM unnest('{postgres,duckdb,bigquery,spark}'::text[]) AS d;
SELECT d AS dialect, expressions('nan', d) FROM unnest('{postgres,snowflake,bigquery}'::text[]) AS d;
SELECT expressions('max', 'postgres');
SELECT expressions('quantile', 'duckdb');
SELECT d AS dialect, expressions('onnx', d) FROM unnest('{postgres,duckdb,spark}'::text[]) AS d;
SELECT expressions('constant', 'postgres');
SELECT expressions('array', 'bigquery');
SELECT expressions('target', 'spark');

-- the comment
SELECT regexp_replace(normfreeze.to_sql(scaler, 'c', 'spark'), '.*\n', '') FROM s WHERE name = 'nan';
SELECT left(regexp_replace(normfreeze.to_sql(normfreeze.from_sklearn('{"scale_": [2], "max_abs_": [2], "names": ["{a"]}'), 'c', 'hsqldb'), '.*\n', ''), 200);

-- run here: the same as normalize(), and the check says so
CREATE FUNCTION runs(name text) RETURNS TABLE (sql text, normalized text) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT row(r.*)::text, q.normalized::text FROM (SELECT c AS all_columns, normfreeze.normalize(c, s.scaler) AS normalized
			FROM c, s WHERE s.name = %L) AS q, LATERAL (SELECT %s FROM (SELECT (q.all_columns).*) AS c) AS r', name,
		(SELECT normfreeze.to_sql(scaler, 'c') FROM s WHERE s.name = $1));
END $$;
SELECT name, (runs(name)).* FROM unnest('{standard,policies,nan,max,quantile,onnx}'::text[]) AS name;
SELECT normfreeze.to_sql_check(scaler) FROM s WHERE name = 'onnx' \gexec
CREATE FUNCTION agrees(statement text) RETURNS TABLE (agrees bool, probes bigint, left_out int, first_difference text) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE statement;
END $$;
SELECT name, a.* FROM unnest('{standard,policies,errors,nan,max,quantile,onnx,constant,array,target}'::text[]) AS name JOIN s USING (name), agrees(normfreeze.to_sql_check(scaler)) AS a ORDER BY name;
-- with an altered constant it does not agree
SELECT a.* FROM s, agrees(replace(normfreeze.to_sql_check(scaler), '/ ''4.06201920231798''', '/ ''4.062019202317981''')) AS a WHERE name = 'standard';
-- a probe on whose way there is an overflow, which PostgreSQL's operators refuse
SELECT a.* FROM (SELECT normfreeze.fit(v, 'affine', '{"columns": ["a"], "center": 1.7e308, "scale": 1.7e308}') AS scaler FROM (VALUES (-1e308::float8), (1)) AS v (a)) AS s, unnest('{postgres}'::text[]) AS d, agrees(normfreeze.to_sql_check(scaler, d)) AS a;
-- or a product between quantiles that is too small for it
SELECT a.* FROM agrees(normfreeze.to_sql_check(normfreeze.from_sklearn('{"class": "Pipeline", "steps":
	[["imputer", {"class": "SimpleImputer", "statistics_": [0]}], ["scaler", {"class": "QuantileTransformer", "output_distribution": "uniform", "quantiles_": [[-5e-324], [1e300]]}]]}'))) AS a;
-- clipping keeps -0 at a bound of 0
SELECT normfreeze.normalize(ARRAY[0.0], scaler) AS normalized, a.* FROM (SELECT '{"format": 1, "scaler_id": "9128381694928441249", "fingerprint": "fd5d0d9318c69f4293cd93d92524ab3edfa78c3c1f7ab8ee793020185234b2b5", "named": true, "distribution": 0, "features": [{"name": "a", "method": "minmax", "options": {"feature_range": [0, 1], "clip": true}, "formula": "divide", "parameters": {"scale": -2}, "range": null, "constant": false, "target": false, "missing": "keep", "outside": "keep", "if_constant": "unit", "quantiles": "none", "imported": true}]}'::normfreeze.scaler) AS s (scaler), agrees(normfreeze.to_sql_check(scaler)) AS a;
SELECT normfreeze.to_sql_check(scaler, 'sqlite') FROM s WHERE name = 'nan';
SELECT length(normfreeze.to_sql_check(scaler, d)) > 1000 AS written FROM s, unnest('{duckdb,sqlite,snowflake,bigquery,spark}'::text[]) AS d WHERE name = 'standard';

-- what policies refuse
SELECT normfreeze.to_sql(scaler, 'c') AS errors FROM s WHERE name = 'errors' \gset
SELECT :errors FROM (VALUES (2::float8)) AS c (age);
SELECT :errors FROM c ORDER BY age;
SELECT :errors FROM (SELECT 9::float8 AS age) AS c;

-- names and qualifiers
INSERT INTO s SELECT 'names', normfreeze.from_sklearn(jsonb_build_object('mean_', '[1, 2, 3, 4, 5]'::jsonb, 'scale_', '[1, 1, 1, 1, 1]'::jsonb,
	'feature_names_in_', jsonb_build_array('a"b', 'a`b', 'a\b', E'*/ a\nb /*+', '; DROP TABLE c; --')));
SELECT d AS dialect, normfreeze.to_sql(scaler, 'my "x', d) FROM s, unnest('{postgres}'::text[]) AS d WHERE name = 'names';
SELECT d AS dialect, normfreeze.to_sql(scaler, '"my ""x".T.ünï', d) FROM s, unnest('{postgres,sqlite,bigquery}'::text[]) AS d WHERE name = 'names';
SELECT normfreeze.to_sql(scaler, 'c; DROP TABLE c') LIKE '%"c; DROP TABLE c"."age"%' AS quoted FROM s WHERE name = 'standard';
SELECT normfreeze.to_sql(scaler, 'a..b') FROM s WHERE name = 'standard';
SELECT normfreeze.to_sql(scaler, '"') FROM s WHERE name = 'standard';
SELECT normfreeze.to_sql(normfreeze.from_sklearn('{"scale_": [2, 3], "max_abs_": [2, 3], "names": ["a", "A"]}'), 't', 'sqlite');
SELECT normfreeze.to_sql(normfreeze.from_sklearn(jsonb_build_object('max_abs_', '[2, 3]'::jsonb, 'scale_', '[2, 3]'::jsonb, 'names', jsonb_build_array(repeat('a', 63) || '1', repeat('a', 63) || '2'))), 't');
SELECT normfreeze.to_sql(normfreeze.from_sklearn('{"scale_": [2], "max_abs_": [2], "names": ["${a}"]}'), 't', 'spark');

-- what a dialect cannot express
SELECT normfreeze.to_sql(scaler, 'c', 'oracle') FROM s WHERE name = 'standard';
SELECT normfreeze.to_sql_check(scaler, '') FROM s WHERE name = 'standard';
CREATE FUNCTION refusal(name text, dialect text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	PERFORM normfreeze.to_sql(s.scaler, 'c', dialect) FROM s WHERE s.name = $1;
	RETURN 'not refused';
EXCEPTION WHEN feature_not_supported THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ': ' || SQLERRM || E'\n' || hint;
END $$;
SELECT refusal(name, 'postgres') FROM unnest('{log1p,fma,wide}'::text[]) AS name;
SELECT name, left(refusal(name, 'duckdb'), 50) FROM unnest('{normal,power,l1,l2}'::text[]) AS name;
SELECT refusal(name, 'sqlite') FROM unnest('{nan,errors,onnx}'::text[]) AS name;
SELECT refusal(name, 'snowflake') FROM unnest('{errors,onnx}'::text[]) AS name;
SELECT refusal(name, 'bigquery') FROM unnest('{onnx}'::text[]) AS name;
SELECT d AS dialect, left(refusal('nan', d), 65) AS nan, left(refusal('errors', d), 65) AS error, left(refusal('onnx', d), 75) AS single FROM unnest('{hsqldb,firebird,mysql,redshift}'::text[]) AS d;
-- an unqualified column, where the alias would be meant
SELECT expressions('standard', 'clickhouse', '');
-- a name that is too long
SELECT normfreeze.to_sql(normfreeze.from_sklearn(jsonb_build_object('max_abs_', '[2]'::jsonb, 'scale_', '[2]'::jsonb, 'names', jsonb_build_array(repeat('a', 32)))), 't', 'firebird');
-- subnormal distances between quantiles, whose slope overflows
SELECT normfreeze.to_sql(normfreeze.from_sklearn('{"output_distribution": "uniform", "quantiles_": [[0], [5e-324], [1]], "references_": [0, 0.5, 1], "n_quantiles": 3, "names": ["a"]}'), 't');

-- ids and refs, NULL, and a role that may see nothing
SELECT normfreeze.freeze('sql', scaler) AS id FROM s WHERE name = 'standard' \gset
SELECT normfreeze.promote('sql', 1, 'production', 'test') IS NOT NULL AS promoted;
SELECT normfreeze.to_sql(:id, 'c', 'spark') = normfreeze.to_sql(scaler, 'c', 'spark') AS by_id, normfreeze.to_sql('sql@v1', 'c') = normfreeze.to_sql(scaler, 'c', 'postgres') AS by_ref,
	normfreeze.to_sql_check(:id) = normfreeze.to_sql_check(scaler) AS check_by_id, normfreeze.to_sql_check('sql@production', 'duckdb') = normfreeze.to_sql_check(scaler, 'duckdb') AS check_by_ref
FROM s WHERE name = 'standard';
SELECT normfreeze.to_sql(NULL::normfreeze.scaler, 'c') IS NULL AS scaler, normfreeze.to_sql(NULL::bigint, 'c') IS NULL AS id, normfreeze.to_sql(NULL::text, 'c') IS NULL AS ref,
	normfreeze.to_sql(scaler, 'c', NULL) IS NULL AS dialect, normfreeze.to_sql_check(scaler, NULL) IS NULL AS check_dialect FROM s WHERE name = 'standard';
SELECT normfreeze.to_sql(42, 'c');
SELECT normfreeze.to_sql('nobody', 'c');

-- a table whose types are known: booleans, and all others with the bits that normalize() reads
CREATE DOMAIN yes_or_no AS boolean;
CREATE TABLE "Typed ""t" (flag boolean, "Maybe" yes_or_no, f4 real, f8 float8, n numeric, i2 smallint, i8 bigint, note text);
INSERT INTO "Typed ""t" VALUES (true, NULL, 0.1, 0.1, 0.1, 1, 9007199254740993, 'x'), (false, true, 3.4e38, '-0', 12345678901234567.5, 2, -1, 'y'),
	(NULL, false, 'NaN', 'Infinity', NULL, NULL, 7, 'z');
SELECT normfreeze.freeze('typed', normfreeze.fit(t, 'minmax', '{"exclude": ["note"], "missing": 0, "features": {"f8": {"method": "identity"}}}')) AS typed
FROM "Typed ""t" AS t WHERE f4 < 1e38 OR f8 IS NULL OR i8 = -1 \gset
SELECT split_part(normfreeze.to_sql(:typed, '"Typed ""t"'::regclass), ' AS ', 1) AS flag, normfreeze.to_sql('typed@v1', '"Typed ""t"'::regclass) = normfreeze.to_sql(:typed, '"Typed ""t"'::regclass) AS by_ref,
	normfreeze.to_sql(normfreeze.scaler(:typed), '"Typed ""t"'::regclass, 'a') LIKE '%a."flag"::integer::double precision%' AS alias,
	normfreeze.to_sql(:typed, '"Typed ""t"'::regclass, '') LIKE '((CASE WHEN "flag"::integer::double precision IS NULL%' AS unqualified,
	normfreeze.to_sql(:typed, 'c') = normfreeze.to_sql(:typed, 'c', 'postgres') AS text_is_no_table;
SELECT 'SELECT count(*) AS rows, count(*) FILTER (WHERE a IS DISTINCT FROM b) AS different FROM (SELECT (SELECT array_agg(float8send(v)) FROM unnest(normfreeze.normalize(t, '
	|| :typed || ')) AS v) AS a, t.note FROM "Typed ""t" AS t) AS x JOIN (SELECT note, (SELECT array_agg(float8send(v)) FROM unnest(ARRAY[flag, "Maybe", f4, f8, n, i2, i8]) AS v) AS b FROM (SELECT note, '
	|| normfreeze.to_sql(:typed, '"Typed ""t"'::regclass) || ' FROM "Typed ""t") AS l) AS y USING (note)' AS statement \gset
:statement;
SELECT normfreeze.to_sql(:typed, 'c'::regclass);
SELECT normfreeze.to_sql(normfreeze.fit(ARRAY[1.0, 2], 'standard', '{"names": ["flag", "note"]}'), '"Typed ""t"'::regclass) FROM c;
SELECT normfreeze.to_sql(:typed, 0::regclass);
SELECT normfreeze.to_sql(:typed, NULL::regclass) IS NULL AS relation, normfreeze.to_sql(NULL::bigint, 'c'::regclass) IS NULL AS id,
	normfreeze.to_sql(NULL::normfreeze.scaler, 'c'::regclass) IS NULL AS scaler, normfreeze.to_sql(NULL::text, 'c'::regclass) IS NULL AS ref;
DROP TABLE "Typed ""t";
DROP DOMAIN yes_or_no;

CREATE ROLE to_sql_nobody;
SET ROLE to_sql_nobody;
SELECT normfreeze.to_sql(:id, 'c');
SELECT length(normfreeze.to_sql(normfreeze.from_sklearn('{"scale_": [2], "max_abs_": [2], "names": ["a"]}'), 't')) > 0 AS by_value;
RESET ROLE;
DROP ROLE to_sql_nobody;
DROP FUNCTION expressions, runs, agrees, refusal;
DROP TABLE c, s;
