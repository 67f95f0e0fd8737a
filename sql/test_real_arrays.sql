-- arrays of integers and reals, which SQL makes real[], and types of pgvector
SET client_min_messages = warning;
CREATE SCHEMA real_arrays;
SET search_path = real_arrays;
CREATE TABLE wide (small smallint, n int, big bigint, exact numeric, r real, d float8);
INSERT INTO wide VALUES (1, 16777217, 16777219, 16777221, 1.5, 2.5), (2, 16777219, 16777221, 16777223, 2.5, 3.5);
-- a digit is lost before we see it: said once a query, by the fit and by what applies it
SELECT count(f) FROM (SELECT normfreeze.fit(ARRAY[n, r], 'standard') AS f FROM wide GROUP BY small) AS s;
SELECT normfreeze.profile(ARRAY[r, big]) IS NOT NULL AS profile FROM wide;
SELECT normfreeze.normalize(ARRAY[r, exact], s) FROM wide, (SELECT normfreeze.fit(ARRAY[r, d], 'identity') AS s FROM wide) AS s;
SELECT normfreeze.audit(ARRAY[n, r], ARRAY[r, big], s)->>'rows' AS audited FROM wide, (SELECT normfreeze.fit(ARRAY[r, d], 'identity') AS s FROM wide) AS s GROUP BY small;
-- each of the casts of the hint
SELECT normfreeze.normalize(ARRAY[n::float8, r], s), normfreeze.normalize(ARRAY[n, r]::float8[], s), normfreeze.normalize(ARRAY[n, r::float8], s)
FROM wide, (SELECT normfreeze.fit(ARRAY[n::float8, r], 'identity') AS s FROM wide) AS s;
-- silent: smallint is exact, a cast is meant, float8 and numeric keep their digits
SELECT normfreeze.fit(ARRAY[small, r], 'standard') IS NOT NULL AND normfreeze.fit(ARRAY[n::real, r], 'standard') IS NOT NULL
	AND normfreeze.fit(ARRAY[n, d], 'standard') IS NOT NULL AND normfreeze.fit(ARRAY[n, big, exact], 'standard') IS NOT NULL
	AND normfreeze.fit(ARRAY[r, d], 'standard') IS NOT NULL AS silent FROM wide;

-- stand-ins of pgvector's types, with the casts that it has: vector is taken as it is, halfvec and sparsevec by a cast, columns of a row by the hint
CREATE TYPE vector AS ENUM ('[1,20]', '[3,40]');
CREATE TYPE halfvec AS ENUM ('[1,20]', '[3,40]');
CREATE TYPE sparsevec AS ENUM ('[1,20]', '[3,40]');
CREATE FUNCTION to_real(vector) RETURNS real[] IMMUTABLE LANGUAGE SQL AS $$ SELECT translate($1::text, '[]', '{}')::real[] $$;
CREATE FUNCTION to_real(halfvec) RETURNS real[] IMMUTABLE LANGUAGE SQL AS $$ SELECT translate($1::text, '[]', '{}')::real[] $$;
CREATE FUNCTION to_vector(sparsevec) RETURNS vector IMMUTABLE LANGUAGE SQL AS $$ SELECT $1::text::vector $$;
CREATE CAST (vector AS real[]) WITH FUNCTION to_real(vector) AS IMPLICIT;
CREATE CAST (halfvec AS real[]) WITH FUNCTION to_real(halfvec) AS ASSIGNMENT;
CREATE CAST (sparsevec AS vector) WITH FUNCTION to_vector(sparsevec) AS ASSIGNMENT;
CREATE TABLE embedded (age int, v vector, h halfvec, s sparsevec);
INSERT INTO embedded VALUES (30, '[1,20]', '[1,20]', '[1,20]'), (40, '[3,40]', '[3,40]', '[3,40]');
SELECT normfreeze.fit(e, 'minmax') FROM embedded AS e;
SELECT normfreeze.feature_names(normfreeze.fit(x, 'minmax')) FROM (SELECT (v::real[])[1] AS v, (h::real[])[1] AS h, (s::vector::real[])[1] AS s FROM embedded) AS x;
SELECT normfreeze.fit(v, 'minmax') = normfreeze.fit(h::real[], 'minmax') AND normfreeze.fit(v, 'minmax') = normfreeze.fit(s::vector, 'minmax') AS the_same FROM embedded;
SELECT normfreeze.fit(ARRAY[age, age]::float8[] || h::real[], 'minmax') IS NOT NULL AND normfreeze.fit(ARRAY[age]::float8[] || s::vector::real[], 'minmax') IS NOT NULL AS beside_others
FROM embedded;
SELECT normfreeze.audit(v, s, f) FROM embedded, (SELECT normfreeze.fit(v, 'minmax') AS f FROM embedded) AS f;
SELECT normfreeze.audit(v::real[], s, f) FROM embedded, (SELECT normfreeze.fit(v, 'minmax') AS f FROM embedded) AS f;
SELECT normfreeze.audit(v::real[], s::vector::real[], f)->>'verdict' AS verdict FROM embedded, (SELECT normfreeze.fit(v, 'identity') AS f FROM embedded) AS f;
DROP SCHEMA real_arrays CASCADE;
