-- Where a call takes an id it takes a ref, also as a literal without a type.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
\set VERBOSITY terse
CREATE TABLE refs_rows AS SELECT i AS a, i * i AS b FROM generate_series(1, 9) AS i;
SELECT normfreeze.freeze('refs', normfreeze.fit(r, 'standard')) AS id FROM refs_rows AS r \gset
SELECT normfreeze.freeze('refs', normfreeze.fit(r, 'minmax')) AS id_2 FROM refs_rows AS r \gset
SELECT normfreeze.promote('refs', 1) = :id AS promoted;
SELECT normfreeze.freeze('refs_set', normfreeze.by_key(k::text, s)) AS set_id FROM (SELECT a % 2 AS k, normfreeze.fit(ARRAY[a], 'standard') AS s FROM refs_rows GROUP BY 1) AS fits \gset

-- a name, a parameter of type text or varchar, and an id as text mean the same
PREPARE by_text(text) AS SELECT count(*) FROM normfreeze.describe($1);
PREPARE by_varchar(varchar) AS SELECT count(*) FROM normfreeze.describe($1);
PREPARE by_bigint(bigint) AS SELECT count(*) FROM normfreeze.describe($1);
PREPARE by_int(int) AS SELECT count(*) FROM normfreeze.describe($1);
EXECUTE by_text('refs'); EXECUTE by_varchar('refs@v2'); EXECUTE by_bigint(:id); EXECUTE by_text(:'id');
EXECUTE by_int(17);
SELECT normfreeze.scaler('refs'::text) = normfreeze.scaler(:id) AS scaler, normfreeze.profile_of('refs@v1') = normfreeze.profile_of(:id) AS profile_of,
	normfreeze.feature_names('refs@latest') AS feature_names, normfreeze.scaler_id(:'id') = :id AS id_as_text, (SELECT count(*) FROM normfreeze.probes('refs@v2'::varchar)) AS varchar;
SELECT count(*) AS rows, bool_and(d = e) AS same FROM normfreeze.describe('refs') AS d JOIN normfreeze.describe(:id) AS e USING (ordinal);
SELECT bool_and(x = y) AS explain FROM refs_rows AS r, normfreeze.explain(r, 'refs') AS x JOIN LATERAL normfreeze.explain(r, :id) AS y USING (feature);
SELECT count(*) > 0 AS diff, (SELECT count(*) FROM normfreeze.diff('refs', 'refs@v2')) = count(*) AS by_ref, (SELECT count(*) FROM normfreeze.diff('refs', 1, 2)) = count(*) AS by_version
FROM normfreeze.diff(:id, :id_2);
SELECT normfreeze.select_list('refs', 'r') = normfreeze.select_list(:id, 'r') AS select_list, normfreeze.select_list('refs', 'r', 'z_', '{a}') = normfreeze.select_list(:id, 'r', 'z_', '{a}') AS with_more;
SELECT bool_and(ok) AS verify FROM normfreeze.verify('refs');
SELECT count(*) AS probes FROM normfreeze.probes('refs');
SELECT bool_and(ok) AS verify_output FROM normfreeze.verify_output('refs', '{5,9}', normfreeze.normalize(ARRAY[5, 9], 'refs'));
SELECT normfreeze.member('refs_set@v1', '0') = normfreeze.member(:set_id, '0') AS member;
SELECT name, state, stage FROM normfreeze.stage_as_of('refs', now() + interval '1 day');
-- what a literal without a type meant as an id, it means now
SELECT count(*) AS describe FROM normfreeze.describe(:'id');
SELECT bool_and(ok) AS verify FROM normfreeze.verify(:'id');
SELECT count(*) > 0 AS diff FROM normfreeze.diff(:'id', :'id_2');
SELECT normfreeze.normalize(ARRAY[5, 9], :'id'::text) = normfreeze.normalize(ARRAY[5, 9], :id) AS normalize;
-- the name of a type and one argument is a cast, as ever
\set VERBOSITY default
SELECT normfreeze.scaler('refs');
\set VERBOSITY terse
-- NULL
SELECT count(*) FROM normfreeze.describe(NULL);
SELECT normfreeze.scaler(NULL) IS NULL AND normfreeze.feature_names(NULL) IS NULL AND normfreeze.select_list(NULL, 'r') IS NULL AS nothing;
SELECT * FROM normfreeze.verify_output(NULL, '{1}', '{1}');
-- nothing is silently taken for something else
SELECT normfreeze.describe('nobody');
SELECT normfreeze.describe('123');
SELECT normfreeze.describe('99999999999999999999');
SELECT normfreeze.diff('refs', 1, 7);
SELECT normfreeze.diff('refs', 0, 1);
SELECT normfreeze.diff('refs', -1, 1);
BEGIN;
SELECT normfreeze.freeze(:'id', normfreeze.scaler(:id_2)) = :id_2 AS a_name_like_an_id;
SAVEPOINT s;
DO $$ BEGIN PERFORM normfreeze.verify(scaler_id::text) FROM normfreeze.versions WHERE name = 'refs' AND version = 1;
EXCEPTION WHEN ambiguous_parameter THEN RAISE NOTICE 'it is ambiguous'; END $$;
SELECT normfreeze.scaler_id(:'id' || '@v1') = :id_2 AS the_name, normfreeze.scaler(:'id'::bigint) = normfreeze.scaler(:id) AS the_id;
ROLLBACK;
-- a scaler's text is a value where a value is said, or alone can be
SELECT count(*) AS value FROM normfreeze.describe(normfreeze.scaler(:id)::text::normfreeze.scaler);
SELECT normfreeze.scaler(:id)::text AS value \gset
SELECT normfreeze.fingerprint(:'value') = normfreeze.fingerprint(normfreeze.scaler(:id)) AS fingerprint;
DROP TABLE refs_rows;
-- aggregates
CREATE TABLE refs_rows AS SELECT i AS a, i * i AS b, i % 2 AS g FROM generate_series(1, 9) AS i;
SELECT normfreeze.profile(r, 'refs') = normfreeze.profile(r, :id) AS profile, normfreeze.profile(ARRAY[a, b], 'refs@v2') = normfreeze.profile(ARRAY[a, b], :id) AS of_arrays,
	normfreeze.profile(ARRAY[a, b]::real[], 'refs') = normfreeze.profile(r, :'id'::text) AS of_reals, normfreeze.profile(ARRAY[a, b]::numeric[], 'refs'::varchar) = normfreeze.profile(ARRAY[a, b], :id) AS of_numerics,
	normfreeze.profile(r, ARRAY['a', 'b']) = normfreeze.profile(r, :id) AS columns_as_ever
FROM refs_rows AS r;
SELECT bool_and(p = q) AS grouped FROM (SELECT normfreeze.profile(ARRAY[a, b], 'refs') AS p, normfreeze.profile(r, :id) AS q FROM refs_rows AS r GROUP BY g) AS s;
SELECT normfreeze.profile(r, 'nobody') FROM refs_rows AS r;
SELECT normfreeze.profile(ARRAY[a], 'refs') FROM refs_rows AS r;
SELECT normfreeze.profile(r, NULL::text) FROM refs_rows AS r;
SELECT normfreeze.profile(r, CASE WHEN a < 5 THEN 'refs' ELSE 'refs@v2' END) FROM refs_rows AS r;
SELECT normfreeze.audit(r, normfreeze.normalize(r, 'refs'), 'refs') = normfreeze.audit(r, normfreeze.normalize(r, 'refs'), :id) AS audit,
	normfreeze.audit(normfreeze.normalize(r, 'refs'), 'refs') = normfreeze.audit(normfreeze.normalize(r, 'refs'), :id) AS audit_of_output
FROM refs_rows AS r;
SELECT normfreeze.audit(r, normfreeze.normalize(r, 'refs'), 'nobody') FROM refs_rows AS r;
SELECT normfreeze.audit(normfreeze.normalize(r, 'refs'), NULL::text) FROM refs_rows AS r;
DROP TABLE refs_rows;
