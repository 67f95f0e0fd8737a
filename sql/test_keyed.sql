-- Scalers by key: sets that are fitted, frozen, identified and applied as one.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE TABLE k (id int, country text, age float8, income float8);
INSERT INTO k SELECT i, (ARRAY['DE', 'FR', 'IT', 'Ünité', 'a b'])[1 + i % 5], i * 0.1, (i * i) % 97 FROM generate_series(1, 200) AS i;
CREATE VIEW fits AS SELECT country AS key, normfreeze.fit(ARRAY[age, income], 'standard', '{"names": ["age", "income"]}') AS scaler FROM k GROUP BY country;
CREATE VIEW whole AS SELECT normfreeze.fit(ARRAY[age, income], 'standard', '{"names": ["age", "income"]}') AS scaler FROM k;
CREATE TABLE sets AS
	SELECT normfreeze.by_key(key, scaler) AS strict, normfreeze.by_key(key, scaler, 'null') AS lenient,
		normfreeze.by_key(key, scaler, (SELECT scaler FROM whole)) AS caught
	FROM fits;

-- one id, whatever the order of rows, with members at hand or without
SELECT normfreeze.id_of(strict) AS strict, normfreeze.id_of(lenient) AS lenient, normfreeze.id_of(caught) AS caught FROM sets;
SELECT normfreeze.by_key(key, scaler ORDER BY key DESC) = (SELECT strict FROM sets) AS any_order,
	normfreeze.by_key(key, scaler, 'error' ORDER BY md5(key)) = (SELECT strict FROM sets) AS explicit_policy FROM fits;
SELECT normfreeze.fingerprint(normfreeze.bare(strict)) = normfreeze.fingerprint(strict) AS bare_same,
	normfreeze.bare(strict) <> strict AS but_smaller, normfreeze.bare(normfreeze.bare(strict)) = normfreeze.bare(strict) AS twice FROM sets;
SELECT (SELECT normfreeze.by_key(key, normfreeze.bare(scaler)) FROM fits) <> strict AS other_bytes,
	normfreeze.id_of((SELECT normfreeze.by_key(key, normfreeze.bare(scaler)) FROM fits)) = normfreeze.id_of(strict) AS same_id FROM sets;
SELECT normfreeze.bare(caught) FROM sets;

-- as text, jsonb and binary
SELECT strict::text::normfreeze.scaler = strict AS text, strict::jsonb::normfreeze.scaler = strict AS jsonb,
	normfreeze.bare(strict)::text::normfreeze.scaler = normfreeze.bare(strict) AS bare,
	caught::text::normfreeze.scaler = caught AS fallback, normfreeze.bare(caught)::text::normfreeze.scaler = normfreeze.bare(caught) AS bare_fallback FROM sets;
SELECT strict::jsonb -> 'members' -> 3 ->> 'key' AS key, strict::jsonb ->> 'keys' AS keys, strict::jsonb ->> 'unseen' AS unseen,
	jsonb_path_query_array(strict::jsonb, '$.features[*].name') AS features FROM sets;

-- frozen as one, and again as nothing new
SELECT normfreeze.freeze('k', strict) AS id, normfreeze.freeze('l', lenient) AS lenient, normfreeze.freeze('c', caught) AS caught FROM sets \gset
SELECT normfreeze.freeze('k', strict) = :id AS again, normfreeze.freeze('k elsewhere', normfreeze.bare(strict)) = :id AS bare_elsewhere,
	normfreeze.freeze('k', normfreeze.scaler(:id)) = :id AS from_the_registry FROM sets;
SELECT name, version, scaler_id, row_count FROM normfreeze.versions WHERE scaler_id IN (:id, :lenient, :caught) ORDER BY name, version;
SELECT key, position, length(proof) AS proof, normfreeze.profile_of(scaler_id) IS NOT NULL AS evidence FROM normfreeze.members WHERE set_id = :id ORDER BY position;
SELECT scaler_id, scaler, probe_inputs, probe_outputs FROM normfreeze.scalers WHERE scaler_id = :id;
SELECT normfreeze.scaler(:id) = normfreeze.bare(strict) AS stored_bare FROM sets;

-- applied as the members are, one by one
CREATE FUNCTION bits(anyarray) RETURNS text LANGUAGE SQL IMMUTABLE AS 'SELECT encode(array_send($1), ''hex'')';
SELECT bool_and(bits(normfreeze.normalize_by_key(k, :id, country)) = bits(normfreeze.normalize(k, fits.scaler))) AS rows_by_id,
	bool_and(bits(normfreeze.normalize_by_key(k, 'k@v1'::text, country)) = bits(normfreeze.normalize(k, fits.scaler))) AS by_ref,
	bool_and(bits(normfreeze.normalize_by_key(k, strict, country)) = bits(normfreeze.normalize(k, fits.scaler))) AS by_value,
	bool_and(bits(normfreeze.normalize(k, normfreeze.member(:id, country))) = bits(normfreeze.normalize(k, fits.scaler))) AS by_member
FROM k JOIN fits ON key = country, sets;
SELECT bool_and(bits(normfreeze.normalize_by_key(ARRAY[age, income], :id, country)) = bits(normfreeze.normalize(k, fits.scaler))) AS float8,
	bool_and(bits(normfreeze.normalize_by_key(ARRAY[age, income]::real[], :id, country)) = bits(normfreeze.normalize(ARRAY[age, income]::real[], fits.scaler))) AS float4,
	bool_and(bits(normfreeze.normalize_by_key(ARRAY[age, income]::smallint[], :id, country)) = bits(normfreeze.normalize(ARRAY[age, income]::smallint[], fits.scaler))) AS int2,
	bool_and(bits(normfreeze.normalize_by_key(ARRAY[age, income]::int[], :id, country)) = bits(normfreeze.normalize(ARRAY[age, income]::int[], fits.scaler))) AS int4,
	bool_and(bits(normfreeze.normalize_by_key(ARRAY[age, income]::bigint[], :id, country)) = bits(normfreeze.normalize(ARRAY[age, income]::bigint[], fits.scaler))) AS int8,
	bool_and(bits(normfreeze.normalize_by_key(ARRAY[age, income]::numeric[], :id, country)) = bits(normfreeze.normalize(ARRAY[age, income]::numeric[], fits.scaler))) AS numeric,
	bool_and(normfreeze.normalize_by_key(to_jsonb(k), :id, country) = normfreeze.normalize(to_jsonb(k), fits.scaler)) AS jsonb,
	bool_and(normfreeze.normalize_by_key(income, :id, 'income', country) = normfreeze.normalize(income, fits.scaler, 'income')) AS single
FROM k JOIN fits ON key = country;
SELECT bool_and(bits(normfreeze.denormalize_by_key(ARRAY[age, income], f, country)) = bits(normfreeze.denormalize(ARRAY[age, income], fits.scaler))) AS array_ref,
	bool_and(bits(normfreeze.denormalize_by_key(k, :id, country)) = bits(normfreeze.denormalize(k, fits.scaler))) AS row_id,
	bool_and(normfreeze.denormalize_by_key(to_jsonb(k), strict, country) = normfreeze.denormalize(to_jsonb(k), fits.scaler)) AS jsonb_value,
	bool_and(normfreeze.denormalize_by_key(age, f, 'age', country) = normfreeze.denormalize(age, fits.scaler, 'age')) AS single_ref
FROM k JOIN fits ON key = country, sets, (VALUES ('l@v1'::text)) AS ref (f);

-- keys that were never seen
SELECT normfreeze.normalize_by_key(k, :id, 'XX') FROM k LIMIT 1;
SELECT normfreeze.normalize_by_key(k, :id, NULL) FROM k LIMIT 1;
SELECT normfreeze.normalize_by_key(k, strict, 'XX') FROM k, sets LIMIT 1;
SELECT normfreeze.normalize_by_key(k, :id, '') FROM k LIMIT 1;
SELECT normfreeze.normalize_by_key(k, :lenient, 'XX') IS NULL AS unseen, normfreeze.normalize_by_key(k, :lenient, NULL) IS NULL AS null_key,
	normfreeze.normalize_by_key(k, lenient, 'D') IS NULL AS value, normfreeze.normalize_by_key(k, :lenient, repeat('x', 5000)) IS NULL AS long,
	normfreeze.normalize_by_key(age, :lenient, 'age', 'DEE') IS NULL AS single, normfreeze.normalize_by_key(to_jsonb(k), :lenient, '') IS NULL AS empty,
	normfreeze.member(:lenient, 'XX') IS NULL AS member, normfreeze.member(lenient, 'XX') IS NULL AS member_value FROM k, sets LIMIT 1;
SELECT bool_and(bits(normfreeze.normalize_by_key(k, :caught, key)) = bits(normfreeze.normalize(k, whole.scaler))) AS by_id,
	bool_and(bits(normfreeze.normalize_by_key(k, caught, key)) = bits(normfreeze.normalize(k, whole.scaler))) AS by_value,
	bool_and(normfreeze.member(:caught, key) = normfreeze.id_of(whole.scaler)) AS id, bool_and(normfreeze.member(caught, key) = whole.scaler) AS value
FROM k, sets, whole, (VALUES (NULL), (''), ('A'), ('DE '), ('zz'), ('Ünit')) AS unseen (key);
SELECT count(DISTINCT bits(normfreeze.normalize_by_key(k, :caught, country))) > 100 AS the_others_are_there FROM k;

-- NULL in, NULL out; a missing value is the scaler's matter
SELECT normfreeze.normalize_by_key(NULL::float8[], :id, 'XX') IS NULL AS features, normfreeze.normalize_by_key(ARRAY[1.0, 2], NULL::bigint, 'DE') IS NULL AS id,
	normfreeze.normalize_by_key(1, :id, NULL, 'DE') IS NULL AS feature, normfreeze.normalize_by_key(NULL::float8, :id, 'age', 'DE') IS NULL AS value;
-- untyped NULL still means one value of a feature
SELECT normfreeze.normalize(NULL, normfreeze.member(:id, 'DE'), 'age') IS NULL AS null,
	normfreeze.normalize('3.5', normfreeze.member(:id, 'DE'), 'age') = normfreeze.normalize_by_key(3.5, :id, 'age', 'DE') AS literal;

-- a key where there is no set, a set where there is no key
SELECT normfreeze.normalize(k, :id) FROM k LIMIT 1;
SELECT normfreeze.normalize(ARRAY[1, 2], strict) FROM sets;
SELECT normfreeze.normalize(1, 'k@v1', 'age');
SELECT normfreeze.denormalize('{"age": 1, "income": 2}'::jsonb, :id);
SELECT normfreeze.normalize_by_key(k, normfreeze.member(:id, 'DE'), 'DE') FROM k LIMIT 1;
SELECT normfreeze.normalize_by_key(ARRAY[1, 2], scaler, 'DE') FROM whole;
SELECT normfreeze.normalize_by_key(ARRAY[1, 2], normfreeze.bare(strict), 'DE') FROM sets;
SELECT normfreeze.normalize_by_key(ARRAY[1, 2], v, 'DE') FROM (SELECT strict, normfreeze.bare(strict) AS b FROM sets) AS s, LATERAL (VALUES (1, strict), (2, b)) AS t (i, v) ORDER BY i;
SELECT normfreeze.member(:lenient, 'DE') = normfreeze.member(:id, 'DE') AS shared;
SELECT normfreeze.member(normfreeze.member(:id, 'DE'), 'DE');
SELECT normfreeze.normalize_by_key(ARRAY[1, 2, 3], :id, 'DE');
SELECT normfreeze.normalize_by_key(1, :id, 'size', 'DE');
SELECT * FROM normfreeze.describe(:id);
SELECT d.* FROM sets, normfreeze.describe(strict) AS d;
SELECT e.* FROM k, normfreeze.explain(k, :id) AS e LIMIT 1;
SELECT * FROM normfreeze.diff(:id, :lenient);
SELECT normfreeze.select_list(:id, 'k');
SELECT normfreeze.profile_of(:id);
SELECT normfreeze.profile_of(strict) FROM sets;
SELECT normfreeze.profile(k, :id) FROM k;

-- looking in
SELECT normfreeze.feature_names(:id) AS by_id, normfreeze.feature_names(strict) AS by_value, normfreeze.feature_names(normfreeze.bare(strict)) AS bare FROM sets;
SELECT key, m.scaler = fits.scaler AS the_same FROM sets, normfreeze.members_of(strict) AS m JOIN fits USING (key) ORDER BY key COLLATE "C";
SELECT normfreeze.members_of(normfreeze.bare(strict)) FROM sets;
SELECT normfreeze.members_of(scaler) FROM whole;
SELECT feature, method, center FROM normfreeze.describe(normfreeze.member(:id, 'DE'));
SELECT feature, what, round(shift::numeric, 6) AS shift FROM normfreeze.diff(normfreeze.member(:id, 'DE'), normfreeze.member(:id, 'FR')) WHERE what = 'center';
SELECT "check", ok, detail FROM normfreeze.verify(:caught);
SELECT bool_and(ok) FROM normfreeze.verify(normfreeze.member(:id, 'a b'));

-- names, stages and versions, as of any scaler
SELECT normfreeze.promote('k', 1) = :id AS promoted;
SELECT normfreeze.freeze('k', (SELECT lenient FROM sets)) = :lenient AS second, normfreeze.promote('k', :lenient) = :lenient AS by_id;
SELECT normfreeze.normalize_by_key(ARRAY[1, 2], 'k', 'XX') IS NULL AS in_production, normfreeze.rollback('k') = :id AS back;
SELECT normfreeze.normalize_by_key(ARRAY[1, 2], 'k', 'XX');

-- sets of arrays without names, with targets, of one member, with a policy of their scalers
SELECT normfreeze.freeze('unnamed', normfreeze.by_key(key, s, 'null')) AS unnamed
FROM (SELECT country AS key, normfreeze.fit(ARRAY[age], 'minmax') AS s FROM k GROUP BY 1) AS g \gset
SELECT normfreeze.normalize_by_key(ARRAY[2.0], :unnamed, 'DE'), normfreeze.feature_names(:unnamed) IS NULL AS no_names;
SELECT normfreeze.normalize_by_key(k, :unnamed, 'DE') FROM k LIMIT 1;
SELECT normfreeze.freeze('one', normfreeze.by_key('only', s)) AS one
FROM (SELECT normfreeze.fit(k, 'minmax', '{"columns": ["age", "income"], "target": ["income"], "outside": "error"}') AS s FROM k) AS g \gset
SELECT normfreeze.normalize_by_key(ARRAY[20.0], :one, 'only'), normfreeze.denormalize_by_key(1, :one, 'income', 'only'), normfreeze.feature_names(:one);
SELECT normfreeze.normalize_by_key(ARRAY[20.5], :one, 'only');
SELECT normfreeze.normalize_by_key(ARRAY[20.0], :one, 'onl');
SELECT normfreeze.normalize_by_key(ARRAY[20.0], :one, 'onlyy');
SELECT length(proof) AS proof FROM normfreeze.members WHERE set_id = :one;

-- what a call site remembers is bounded, and no result depends on it
SET normfreeze.member_memory = '64kB';
SELECT normfreeze.freeze('k many', normfreeze.by_key(g.i::text, g.s)) AS many FROM (
	SELECT i, normfreeze.fit(ARRAY[i * j, j::float8], 'standard', '{"names": ["age", "income"], "distribution": false}') AS s
	FROM generate_series(1, 300) AS i, generate_series(1, 3) AS j GROUP BY i) AS g \gset
SELECT count(*), bool_and(bits(normfreeze.normalize_by_key(k, :many, key)) = bits(normfreeze.normalize(k, normfreeze.member(:many, key)))) AS same,
	bool_and(normfreeze.normalize_by_key(age, :many, 'age', key) = (normfreeze.normalize_by_key(k, :many, key))[1]) AS single
FROM k, LATERAL (SELECT (1 + (k.id * 37 + j * 101) % 300)::text AS key FROM generate_series(1, 5) AS j) AS keys;
RESET normfreeze.member_memory;

-- what by_key() refuses
SELECT normfreeze.by_key(key, scaler) FROM fits WHERE false;
SELECT normfreeze.by_key(nullif(key, 'DE'), scaler) FROM fits;
SELECT normfreeze.by_key('', scaler) FROM whole;
SELECT normfreeze.by_key(repeat('é', 513), scaler) FROM whole;
SELECT normfreeze.by_key('same', scaler) FROM fits;
SELECT normfreeze.by_key('a', NULL::normfreeze.scaler);
SELECT normfreeze.by_key('a', strict) FROM sets;
SELECT normfreeze.by_key('a', scaler, strict) FROM sets, whole;
SELECT normfreeze.by_key(key, s) FROM (SELECT 'a' AS key, scaler FROM whole UNION ALL SELECT 'b', normfreeze.fit(ARRAY[age, id], 'standard', '{"names": ["age", "size"]}') FROM k) AS u (key, s);
SELECT normfreeze.by_key(key, s) FROM (SELECT 'a' AS key, scaler FROM whole UNION ALL SELECT 'b', normfreeze.fit(ARRAY[age, id], 'standard') FROM k) AS u (key, s);
SELECT normfreeze.by_key(key, scaler, normfreeze.fit(p, 'standard') ORDER BY key) FROM fits, (SELECT normfreeze.profile(ARRAY[age]) AS p FROM k) AS u GROUP BY p;
SELECT normfreeze.by_key(key, scaler, 'ignore') FROM fits;
SELECT normfreeze.by_key(key, scaler, 'fallback') FROM fits;
SELECT normfreeze.by_key(key, scaler, NULL::text) FROM fits;
SELECT normfreeze.by_key(key, scaler, NULL::normfreeze.scaler) FROM fits;
SELECT normfreeze.by_key(key, scaler, CASE key WHEN 'DE' THEN 'null' ELSE 'error' END) FROM fits;
SELECT normfreeze.by_key(key, scaler, scaler) FROM fits;
CREATE AGGREGATE foreign_set(text, normfreeze.scaler) (SFUNC = normfreeze.by_key_transition, STYPE = internal, FINALFUNC = normfreeze.by_key_final);
SELECT foreign_set(key, scaler) = (SELECT strict FROM sets) AS harmless FROM fits;

-- what freeze() refuses
SELECT normfreeze.freeze('k x', normfreeze.bare(normfreeze.by_key('x', scaler))) FROM whole GROUP BY scaler;
SELECT normfreeze.freeze('k x', normfreeze.by_key('x', normfreeze.bare(normfreeze.fit(p, 'standard')))) FROM (SELECT normfreeze.profile(ARRAY[age, 17]) AS p FROM k) AS u;
SELECT normfreeze.freeze('k x', normfreeze.by_key('x', s, normfreeze.bare(s)), keep_profile => false) IS NOT NULL AS without_evidence
FROM (SELECT normfreeze.bare(normfreeze.fit(p, 'standard')) AS s FROM (SELECT normfreeze.profile(ARRAY[age, 17]) AS p FROM k) AS u OFFSET 0) AS v;
SELECT row_count IS NULL AS rows_unknown FROM normfreeze.versions WHERE name = 'k x';

-- what input refuses
CREATE FUNCTION edited(text, text) RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT regexp_replace(strict::text, $1, $2)::normfreeze.scaler FROM sets
$$;
SELECT edited('"key": "FR"', '"key": "FS"');
SELECT edited('"key": "FR"', '"key": "AA"') IS NULL;
SELECT edited('"key": "FR"', '"key": "DE"');
SELECT edited('"keys": 5', '"keys": 4');
SELECT edited('"keys": 5', '"keys": 0');
SELECT edited('"unseen": "error"', '"unseen": "null"') IS NULL;
SELECT edited('"unseen": "error"', '"unseen": "maybe"');
SELECT edited('"unseen": "error"', '"unseen": "fallback"');
SELECT edited('"unseen": "error"', '"unseen": "error", "fallback": {}');
SELECT edited('"root": "..', '"root": "zz');
SELECT edited('"target": false', '"target": true') IS NULL;
SELECT edited('"named": true', '"named": false');
SELECT edited('"name": "age", "target"', '"name": "agf", "target"') IS NULL;
SELECT edited('"features": \[[^]]*\]', '"features": []');
SELECT edited('"features": \[[^]]*\]', '"features": [1]');
SELECT edited('"keys": 5', '"keys": 5, "more": 1');
SELECT edited('"members": \[.*\]', '"members": [1, 2, 3, 4, 5]');
SELECT regexp_replace(normfreeze.bare(caught)::text, '}$', ', "fallback": 1}')::normfreeze.scaler FROM sets;
SELECT replace(normfreeze.bare(strict)::text, '"keys": 5', '"keys": 6')::normfreeze.scaler IS NULL FROM sets;

-- immutable
UPDATE normfreeze.members SET key = key || 'x';
DELETE FROM normfreeze.members;
TRUNCATE normfreeze.members;
\set VERBOSITY terse
INSERT INTO normfreeze.members VALUES (:id, '', 99, :one, '');
INSERT INTO normfreeze.members VALUES (:id, 'x', 0, :one, '');
INSERT INTO normfreeze.members VALUES (:id, 'x', 99, :one, 'abc');
INSERT INTO normfreeze.members VALUES (:id, 'DE', 99, :one, '');
INSERT INTO normfreeze.members VALUES (:id, 'x', 1, :one, '');
INSERT INTO normfreeze.scalers SELECT normfreeze.id_of(s), normfreeze.fingerprint(s), s, '{}', '{}' FROM (SELECT normfreeze.by_key('q', scaler) FROM whole) AS t (s);

-- the same set with and without profiles is applied alike, but its members are what they are
CREATE TABLE kinds AS SELECT 1 AS i, normfreeze.by_key(k, normfreeze.bare(s)) AS v, normfreeze.by_key(k, s) AS w
	FROM (SELECT 'k' || g % 3 AS k, normfreeze.fit(ARRAY[g * 1.0], 'standard') AS s FROM generate_series(1, 30) AS g GROUP BY 1) AS t;
ALTER TABLE kinds ALTER v SET STORAGE plain, ALTER w SET STORAGE plain;
SELECT i, normfreeze.member(x.v, 'k1')::jsonb ? 'profile' AS with_profile FROM (SELECT 1 AS i, v FROM kinds UNION ALL SELECT 2, w FROM kinds) AS x;
-- a scaler that is there twice, once without its profile, is stored with it
SELECT normfreeze.freeze('twice ' || swap, normfreeze.by_key(k, CASE WHEN bare <> swap THEN normfreeze.bare(s) ELSE s END)) IS NOT NULL AS frozen
	FROM (SELECT normfreeze.fit(ARRAY[g * 1.0, 777], 'standard') AS s FROM generate_series(1, 31) AS g) AS t,
		(VALUES ('a', true), ('b', false)) AS v (k, bare), (VALUES (true), (false)) AS u (swap) GROUP BY swap;
DROP TABLE kinds;
