-- normalize() and denormalize() in every form, with every policy.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE TABLE people (id int, age int, income numeric, member boolean, city text);
INSERT INTO people SELECT i, 20 + i, 1000 * i + 0.5, i % 2 = 0, 'c' || i FROM generate_series(1, 9) AS i;
SELECT normfreeze.freeze('people', normfreeze.fit(p, 'standard', '{"columns": ["age", "income", "member"]}')) AS id
FROM people AS p \gset
SELECT normfreeze.promote('people', 1) = :id AS promoted;

-- array, row, jsonb and value; by id, ref and value: one result
SELECT DISTINCT n FROM (
	SELECT normfreeze.normalize(ARRAY[age, income, member::int]::float8[], :id) AS n FROM people WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(ARRAY[age, income, member::int]::numeric[], :id) FROM people WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(ARRAY[age, income, member::int]::numeric[], 'people') FROM people WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(ARRAY[age, income, member::int]::numeric[], normfreeze.scaler(:id)) FROM people WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(p, :id) FROM people AS p WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(p, 'people@production') FROM people AS p WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(p, 'people@v1') FROM people AS p WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(p, 'people@latest') FROM people AS p WHERE id = 3
	UNION ALL SELECT normfreeze.normalize(p, 'sha256:' || left(s.fingerprint, 12)) FROM people AS p, normfreeze.scalers AS s
		WHERE id = 3 AND s.scaler_id = :id
	UNION ALL SELECT normfreeze.normalize(p, normfreeze.scaler(:id)) FROM people AS p WHERE id = 3
	UNION ALL SELECT ARRAY[(j ->> 'age')::float8, (j ->> 'income')::float8, (j ->> 'member')::float8]
		FROM (SELECT normfreeze.normalize(to_jsonb(p), :id) AS j FROM people AS p WHERE id = 3) AS q
	UNION ALL SELECT ARRAY[normfreeze.normalize(age, :id, 'age'), normfreeze.normalize(income, 'people', 'income'),
		normfreeze.normalize(member::int, normfreeze.scaler(:id), 'member')] FROM people WHERE id = 3) AS q;
-- columns in another order, and further ones
SELECT normfreeze.normalize(s, :id) FROM (SELECT 1 AS more, member, age, income FROM people WHERE id = 3) AS s;
-- columns that really are named f1, f2
CREATE TEMP TABLE f AS SELECT i AS f1, i * i AS f2 FROM generate_series(1, 5) AS i;
SELECT normfreeze.normalize(s, normfreeze.fit_table('f', 'maxabs')) FROM f AS s WHERE f1 = 5;
SELECT normfreeze.normalize(s, normfreeze.fit_table('f', 'maxabs')) FROM (SELECT f2, f1 FROM f WHERE f1 = 5) AS s;
SELECT normfreeze.feature_names(normfreeze.fit(s, 'maxabs')) FROM (SELECT f1, f2 FROM f OFFSET 0) AS s;
SELECT normfreeze.feature_names(normfreeze.fit(s, 'maxabs')) FROM (SELECT f1, f2 FROM f) AS s;
SELECT normfreeze.feature_names(normfreeze.fit(s, 'maxabs')) FROM (SELECT * FROM f ORDER BY f2 LIMIT 3) AS s;
SELECT normfreeze.normalize(ROW(f1, f2), normfreeze.fit_table('f', 'maxabs')) FROM f;
SELECT normfreeze.fit(ROW(f1, f2), 'maxabs') FROM f;
-- quoted and exotic names
SELECT normfreeze.normalize(s, normfreeze.fit(s, 'maxabs')) FROM (SELECT 2 AS "Odd ""name""", 4 AS "ä,b") AS s GROUP BY s;

-- and back
SELECT normfreeze.denormalize(normfreeze.normalize(p, :id), :id) AS array,
	normfreeze.denormalize(normfreeze.normalize(to_jsonb(p), 'people'), 'people') AS jsonb,
	normfreeze.denormalize(normfreeze.normalize(age, :id, 'age'), :id, 'age') AS value
FROM people AS p WHERE id = 4;
SELECT normfreeze.denormalize(s, :id) FROM (SELECT 0 AS income, 1 AS age, -1 AS member) AS s;

-- float4 in, float4 out, with a rounding after each operation
SELECT normfreeze.normalize(ARRAY[0.1, 2]::real[], s), normfreeze.denormalize(ARRAY[0.1, 2]::real[], s),
	pg_typeof(normfreeze.normalize(ARRAY[0.1, 2]::real[], s))
FROM (SELECT normfreeze.fit(ARRAY[x, x * x], 'standard') AS s FROM generate_series(1, 3) AS x) AS q;

-- NULL and NaN
SELECT normfreeze.normalize(ARRAY[NULL, 'NaN', 1]::float8[], :id), normfreeze.normalize(ARRAY[NULL, 'NaN', 1]::real[], :id),
	normfreeze.normalize('{"age": null, "income": "NaN", "member": true, "x": []}'::jsonb, :id),
	normfreeze.denormalize(ARRAY[NULL, 'NaN', 1]::float8[], :id);
SELECT normfreeze.normalize(NULL::float8[], :id) IS NULL AS null_in, normfreeze.normalize(1.0, NULL::bigint, 'age') IS NULL AS null_id;

-- policies
CREATE FUNCTION apply(options jsonb, VARIADIC x float8[]) RETURNS float8[] LANGUAGE SQL AS $$
	SELECT normfreeze.normalize(x, normfreeze.fit(ARRAY[v, 3], 'minmax', options)) FROM unnest('{0,1,5,10}'::float8[]) AS v
$$;
SELECT o, apply(o, NULL, 4), apply(o, 'NaN', 3), apply(o, 20, 3), apply(o, -20, 3), apply(o, 'Infinity', 3)
FROM unnest(ARRAY['{}', '{"missing": "nan"}', '{"missing": -1}', '{"missing": "zero"}', '{"missing": "mean"}',
	'{"missing": "median"}', '{"missing": "min"}', '{"missing": "max"}', '{"outside": "clip"}', '{"outside": "null"}',
	'{"clip": true}', '{"constant": "null"}', '{"missing": 100, "outside": "clip"}']::jsonb[]) AS o;
SELECT apply('{"missing": "error"}', NULL, 3);
SELECT apply('{"outside": "error"}', 3, 3.5);
SELECT apply('{"outside": "error"}', 10, 3);

-- targets: not asked of rows, but denormalized by name
SELECT normfreeze.freeze('homes', normfreeze.fit(p, 'standard', '{"columns": ["age"], "target": "income"}')) AS homes
FROM people AS p \gset
SELECT normfreeze.feature_names(:homes), normfreeze.normalize(ARRAY[25], :homes), normfreeze.normalize(s, :homes),
	normfreeze.denormalize(0.5, :homes, 'income'), normfreeze.normalize(5000.5, :homes, 'income')
FROM (SELECT 25 AS age) AS s;

-- explain and select_list
SELECT * FROM normfreeze.explain((SELECT s FROM (SELECT 25 AS age, NULL::int AS income, true AS member) AS s), :id);
SELECT normfreeze.select_list(:id, 'p', 'n_', ARRAY['id', 'city']) AS list \gset
SELECT :list FROM people AS p WHERE id < 3;

-- refused
\pset format aligned
SELECT normfreeze.normalize(ARRAY[1, 2], :id);
SELECT normfreeze.normalize(ARRAY[ARRAY[1, 2, 3]], :id);
SELECT normfreeze.normalize('{}'::float8[], :id);
SELECT normfreeze.normalize(s, :id) FROM (SELECT 1 AS age, 2 AS member) AS s;
SELECT normfreeze.normalize(s, :id) FROM (SELECT 1 AS age, 2 AS member, 'x'::text AS income) AS s;
SELECT normfreeze.normalize(ROW(1, 2, 3), :id);
SELECT normfreeze.normalize('{"age": 1, "income": 2}'::jsonb, :id);
SELECT normfreeze.normalize('{"age": 1, "income": "2", "member": 1}'::jsonb, :id);
SELECT normfreeze.normalize('[1, 2, 3]'::jsonb, :id);
SELECT normfreeze.normalize(1, :id, 'nope');
SELECT normfreeze.denormalize(s, :id) FROM (SELECT 1 AS age) AS s;
SELECT normfreeze.normalize(s, normfreeze.fit(ARRAY[1, 2], 'maxabs')) FROM (SELECT 1 AS a) AS s GROUP BY s;
SELECT normfreeze.normalize('{"a": 1}'::jsonb, normfreeze.fit(ARRAY[1, 2], 'maxabs'));
SELECT normfreeze.normalize(1, normfreeze.fit(ARRAY[1, 2], 'maxabs'), 'a');
SELECT normfreeze.normalize(ARRAY[1, 2, 3], 12345);
SELECT normfreeze.normalize(ARRAY[1, 2, 3], 'nobody');
SELECT normfreeze.normalize(ARRAY[1, 2, 3], 'people@staging');
SELECT normfreeze.normalize(ARRAY[1, 2, 3], 'people@v9');
SELECT normfreeze.normalize(ARRAY[1, 2, 3], 'people@');
SELECT normfreeze.normalize(ARRAY[1, 2, 3], '');
SELECT normfreeze.normalize(ARRAY[1, 2, 3], 'sha256:0123');
SELECT normfreeze.normalize(ARRAY[1, 2, 3], 'sha256:0123456789ab');
SELECT normalize(ARRAY[1, 2, 3], 12345);
-- a type with an implicit cast to real[], as pgvector's vector, resolves as real[] does, without a cast
CREATE TYPE like_vector AS ENUM ('[1,20]', '[3,40]', '[5,90]');
CREATE FUNCTION to_reals(like_vector) RETURNS real[] IMMUTABLE LANGUAGE SQL AS $$ SELECT translate($1::text, '[]', '{}')::real[] $$;
CREATE CAST (like_vector AS real[]) WITH FUNCTION to_reals(like_vector) AS IMPLICIT;
CREATE TABLE like_vectors AS SELECT v FROM unnest(enum_range(NULL::like_vector)) AS v;
SELECT normfreeze.fit(v, 'minmax') = normfreeze.fit(v::real[], 'minmax') AS fit,
       normfreeze.fit(v, 'minmax', '{"names": ["a", "b"]}') = normfreeze.fit(v::real[], 'minmax', '{"names": ["a", "b"]}') AS with_options,
       normfreeze.profile(v) = normfreeze.profile(v::real[]) AS profile FROM like_vectors;
SELECT normfreeze.freeze('like_vectors', normfreeze.fit(v, 'minmax')) AS id FROM like_vectors \gset
SELECT v, normfreeze.normalize(v, normfreeze.scaler(:id)) AS by_value, normfreeze.normalize(v, :id) AS by_id, normfreeze.normalize(v, 'like_vectors@v1') AS by_ref,
       normfreeze.denormalize(v, :id) AS inverse FROM like_vectors;
DROP TABLE like_vectors;
DROP TYPE like_vector CASCADE;
DROP TABLE people CASCADE;
