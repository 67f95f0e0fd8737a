-- Profiles that are removed for good, and what goes on without them.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE ROLE regress_privacy;
CREATE FUNCTION purge_make(x float8) RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT normfreeze.fit(ARRAY[v * x, v + x + 2000], 'standard', '{"names": ["a", "b"]}') FROM pg_catalog.generate_series(1, 9) AS v
$$;
-- times are not of interest here
CREATE FUNCTION purge_verify(id bigint) RETURNS TABLE ("check" text, ok boolean, detail text) LANGUAGE SQL AS $$
	SELECT v."check", v.ok, pg_catalog.regexp_replace(pg_catalog.regexp_replace(v.detail, 'on 2[0-9T:.+-]+', 'on ...'), '[0-9a-f]{64}', '...')
	FROM normfreeze.verify(id) AS v WHERE v."check" IN ('content', 'profile', 'parameters', 'probes', 'members')
$$;
SELECT normfreeze.freeze('p', purge_make(2)) AS id \gset
SELECT normfreeze.freeze('p', purge_make(3)) AS second \gset
SELECT normfreeze.freeze('p minmax', normfreeze.fit(normfreeze.profile_of(:id), 'minmax')) AS shared \gset
SELECT normfreeze.normalize(ARRAY[1.0, 2.0], :id) AS before \gset
SELECT normfreeze.digest_of(normfreeze.scaler(:id)) = normfreeze.profile_digest(normfreeze.profile_of(:id)) AS digest,
	normfreeze.digest_of(normfreeze.scaler(:id)) = normfreeze.digest_of(normfreeze.scaler(:shared)) AS shared,
	normfreeze.digest_of(normfreeze.bare(purge_make(2))) = normfreeze.digest_of(normfreeze.scaler(:id)) AS bare,
	normfreeze.digest_of(normfreeze.from_onnx_scaler('{"offset": [1], "scale": [2]}')) IS NULL AS given, normfreeze.digest_of(NULL) IS NULL AS of_null,
	normfreeze.digest_of(normfreeze.by_key('x', purge_make(2))) IS NULL AS a_set;
SELECT name, version, evidence FROM normfreeze.versions WHERE name = 'p' OR name LIKE 'p %' ORDER BY 1, 2;

-- nothing but purge_profile() removes a profile
DELETE FROM normfreeze.profiles WHERE digest = normfreeze.digest_of(normfreeze.scaler(:id));
BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM normfreeze.profiles;
ROLLBACK;
BEGIN;
INSERT INTO normfreeze.purge_log VALUES (normfreeze.digest_of(normfreeze.scaler(:id)), 1, :id, 'forged', now(), 'me', 'me');
DELETE FROM normfreeze.profiles WHERE digest = normfreeze.digest_of(normfreeze.scaler(:id));
ROLLBACK;
BEGIN;
INSERT INTO normfreeze.purge_log VALUES (normfreeze.digest_of(normfreeze.scaler(:id)), 1, :id, 'forged', now(), 'me', 'me');
SELECT * FROM purge_verify(:id);
ROLLBACK;

-- bad input
SELECT normfreeze.purge_profile(NULL, 'x');
SELECT normfreeze.purge_profile(:id, NULL);
SELECT normfreeze.purge_profile(:id, E' \t\n');
SELECT normfreeze.purge_profile(:id, repeat('x', 10001));
SELECT normfreeze.purge_profile(5, 'x');
BEGIN READ ONLY;
SELECT normfreeze.purge_profile(:id, 'x');
ROLLBACK;
SET ROLE regress_privacy;
SELECT normfreeze.purge_profile(:id, 'x');
DELETE FROM normfreeze.profiles;
RESET ROLE;
SELECT normfreeze.freeze('p given', normfreeze.from_onnx_scaler('{"offset": [1], "scale": [2]}')) AS given \gset
SELECT normfreeze.purge_profile(:given, 'it has none');

-- a role that may purge needs nothing else
GRANT EXECUTE ON FUNCTION normfreeze.purge_profile(bigint, text) TO regress_privacy;
SET ROLE regress_privacy;
SELECT normfreeze.purge_profile(:id, E'request 17: "delete" me; --\n*/ ]]>');
SELECT normfreeze.purge_profile(:id, 'again');
SELECT normfreeze.purge_profile(:shared, 'again, by another scaler');
RESET ROLE;
SELECT seq, scaler_id IN (:id, :shared) AS expected, purged_by, purged_session_user = session_user AS by_me, reason
FROM normfreeze.purge_log WHERE digest = normfreeze.digest_of(normfreeze.scaler(:id)) ORDER BY seq;

-- what goes on
SELECT normfreeze.normalize(ARRAY[1.0, 2.0], :id) = :'before' AS same_bits, normfreeze.id_of(normfreeze.scaler(:id)) = :id AS same_id;
SELECT * FROM purge_verify(:id);
SELECT * FROM purge_verify(:second);
SELECT normfreeze.profile_of(:id) IS NULL AS gone, normfreeze.profile_of(:second) IS NOT NULL AS another_is_there;
SELECT n, min, max, mean FROM normfreeze.describe(:id);
-- and what does not
\set VERBOSITY terse
SELECT * FROM normfreeze.drift(:id, normfreeze.profile_of(:second));
SELECT normfreeze.record_drift(:id, normfreeze.profile_of(:second), 'x');
DO $$ BEGIN
	PERFORM * FROM normfreeze.drift('p@v1', normfreeze.profile_of(normfreeze.scaler_id('p@v2')));
EXCEPTION WHEN object_not_in_prerequisite_state THEN
	DECLARE detail text;
	BEGIN
		GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
		RAISE INFO '%', regexp_replace(detail, 'on 2[0-9T:.+-]+', 'on ...');
	END;
END $$;

-- it does not come back
SELECT normfreeze.freeze('p', purge_make(2)) = :id AS same_id;
SELECT normfreeze.freeze('p again', purge_make(2)) = :id AS same_id;
SELECT normfreeze.freeze('p bare', normfreeze.bare(purge_make(2))) = :id AS same_id;
SELECT normfreeze.freeze('p robust', normfreeze.fit(normfreeze.profile_of(purge_make(2)), 'maxabs')) IS NOT NULL AS another_of_the_profile;
SELECT normfreeze.freeze('p without', purge_make(2), keep_profile => false) = :id AS same_id;
SELECT normfreeze.freeze('p set', normfreeze.by_key(k::text, purge_make(k))) AS set_id FROM unnest(ARRAY[2, 13, 14]) AS k \gset
SELECT normfreeze.freeze('p set', normfreeze.by_key(k::text, normfreeze.bare(purge_make(k)))) = :set_id AS same_id FROM unnest(ARRAY[2, 13, 14]) AS k;
SELECT normfreeze.profile_of(:id) IS NULL AS still_gone;
SELECT name, version, evidence FROM normfreeze.versions WHERE name = 'p' OR name LIKE 'p %' ORDER BY 1, 2;
\set VERBOSITY default

-- sets: one key, then all, and the fallback
SELECT normfreeze.purge_profile(normfreeze.member(:set_id, '13'), 'customer 13');
SELECT * FROM purge_verify(:set_id);
SELECT normfreeze.freeze('p set', normfreeze.by_key(k::text, purge_make(k), purge_make(19))) AS with_fallback FROM generate_series(14, 17) AS k \gset
SELECT normfreeze.purge_profile(:with_fallback, 'all customers');
SELECT normfreeze.purge_profile(:with_fallback, 'again');
SELECT count(DISTINCT digest) AS profiles, count(*) FILTER (WHERE scaler_id = :with_fallback) AS of_the_set, count(*) FILTER (WHERE scaler_id = :set_id) AS of_the_other
FROM normfreeze.purge_log WHERE reason = 'all customers';
SELECT count(*) FROM normfreeze.profiles WHERE digest IN (SELECT digest FROM normfreeze.purge_log);
SELECT normfreeze.normalize_by_key(ARRAY[1.0, 2.0], :with_fallback, '15') = normfreeze.normalize(ARRAY[1.0, 2.0], normfreeze.bare(purge_make(15))) AS still_applies;
SELECT * FROM purge_verify(:with_fallback);
SELECT * FROM purge_verify(normfreeze.member(:with_fallback, '15'));
-- a member's that is gone without a purge
BEGIN;
SELECT normfreeze.freeze('p set', normfreeze.by_key(k::text, purge_make(k), purge_make(40))) AS third FROM generate_series(41, 42) AS k \gset
ALTER TABLE normfreeze.profiles DISABLE TRIGGER refuse_change;
DELETE FROM normfreeze.profiles WHERE digest = normfreeze.digest_of(purge_make(41));
ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change;
SELECT "check", detail FROM purge_verify(normfreeze.member(:third, '41')) WHERE NOT ok;
SELECT count(*) FROM normfreeze.verify() WHERE NOT ok;
SELECT "check", ok FROM purge_verify(:third);
ROLLBACK;
BEGIN;
SELECT normfreeze.freeze('p set', normfreeze.by_key(k::text, purge_make(k), purge_make(40))) AS third FROM generate_series(41, 42) AS k \gset
ALTER TABLE normfreeze.profiles DISABLE TRIGGER refuse_change;
DELETE FROM normfreeze.profiles WHERE digest = normfreeze.digest_of(purge_make(40));
ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change;
SELECT "check", detail FROM purge_verify(:third) WHERE NOT ok;
SELECT normfreeze.purge_profile(normfreeze.id_of(purge_make(40)), 'the fallback') AS purged;
SELECT "check", detail FROM purge_verify(:third) WHERE NOT ok;
ROLLBACK;
SELECT "check", ok FROM normfreeze.verify() WHERE "check" IN ('purge log', 'guards', 'references');

-- the log is as immutable as the rest
UPDATE normfreeze.purge_log SET reason = 'another';
DELETE FROM normfreeze.purge_log;
TRUNCATE normfreeze.purge_log;
SET session_replication_role = replica;
DELETE FROM normfreeze.purge_log;
RESET session_replication_role;
\set VERBOSITY terse
INSERT INTO normfreeze.purge_log VALUES ('x', 1, 1, 'x', now(), 'x', 'x');
INSERT INTO normfreeze.purge_log VALUES (repeat('0', 64), 1, 1, '', now(), 'x', 'x');
INSERT INTO normfreeze.purge_log VALUES (repeat('0', 64), 0, 1, 'x', now(), 'x', 'x');
\set VERBOSITY default
BEGIN;
INSERT INTO normfreeze.purge_log VALUES (repeat('0', 64), 2, 17, 'x', now(), 'x', 'x');
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
ROLLBACK;

-- evidence that is gone without a purge, or back in spite of one
BEGIN;
ALTER TABLE normfreeze.profiles DISABLE TRIGGER refuse_change;
DELETE FROM normfreeze.profiles WHERE digest = normfreeze.digest_of(normfreeze.scaler(:second));
ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change;
SELECT "check", detail FROM purge_verify(:second) WHERE NOT ok;
SELECT "check", replace(detail, :'second', 'second') AS detail FROM normfreeze.verify() WHERE NOT ok;
ROLLBACK;
BEGIN;
INSERT INTO normfreeze.profiles SELECT normfreeze.profile_digest(p), p FROM (SELECT normfreeze.profile_of(purge_make(2)) AS p) AS made;
SELECT "check", detail FROM purge_verify(:id) WHERE NOT ok;
SELECT normfreeze.purge_profile(:id, 'as before') > 0 AS gone_again;
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
SELECT DISTINCT reason LIKE 'request 17%' AS first_reason FROM normfreeze.purge_log WHERE digest = normfreeze.digest_of(normfreeze.scaler(:id));
ROLLBACK;

-- nothing goes unlogged: what a rule or a trigger makes of the entry is an error, and a rule that is gone leaves no trace
\set VERBOSITY terse
BEGIN;
SELECT normfreeze.purge_profile(:second, 'as planned') AS purged;
ROLLBACK;
CREATE RULE purge_swallow AS ON INSERT TO normfreeze.purge_log DO INSTEAD NOTHING;
SELECT normfreeze.purge_profile(:second, 'unlogged');
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
DROP RULE purge_swallow ON normfreeze.purge_log;
CREATE RULE purge_swallow AS ON DELETE TO normfreeze.profiles DO INSTEAD NOTHING;
DO $$ BEGIN
	PERFORM normfreeze.purge_profile(normfreeze.scaler_id('p@v2'), 'kept');
EXCEPTION WHEN object_not_in_prerequisite_state THEN RAISE INFO '%', regexp_replace(SQLERRM, '[0-9a-f]{64}', '...');
END $$;
DROP RULE purge_swallow ON normfreeze.profiles;
CREATE FUNCTION purge_swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER purge_swallow BEFORE INSERT ON normfreeze.purge_log FOR EACH ROW EXECUTE FUNCTION purge_swallow();
CREATE TRIGGER purge_swallow BEFORE INSERT ON normfreeze.use_log FOR EACH ROW EXECUTE FUNCTION purge_swallow();
SELECT normfreeze.purge_profile(:second, 'unlogged');
SELECT normfreeze.register_use(:second, 'unlogged', 'other');
DROP TRIGGER purge_swallow ON normfreeze.purge_log;
DROP TRIGGER purge_swallow ON normfreeze.use_log;
BEGIN;
SELECT normfreeze.purge_profile(:second, 'as planned') AS purged, (SELECT count(*) FROM normfreeze.purge_log WHERE reason = 'as planned') AS before;
SELECT count(*) AS logged FROM normfreeze.purge_log WHERE reason = 'as planned';
SELECT "check", detail FROM normfreeze.verify() WHERE NOT ok;
ROLLBACK;
\set VERBOSITY default

-- undone with its transaction
BEGIN;
SELECT normfreeze.purge_profile(:second, 'not yet');
ROLLBACK;
SELECT normfreeze.profile_of(:second) IS NOT NULL AS there;
DO $$ BEGIN
	PERFORM normfreeze.purge_profile(normfreeze.scaler_id('p@v2'), 'not yet');
	RAISE EXCEPTION 'no';
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
DELETE FROM normfreeze.profiles WHERE digest = normfreeze.digest_of(normfreeze.scaler(:second));

-- exports say it; imports record it, and purge nothing here
SELECT e->'version' AS version, jsonb_array_length(e->'purges') AS purges, e->'purges'->0->>'profiles' AS profiles, e->'purges'->0->>'reason' AS reason
FROM normfreeze.export_name('p set') AS e;
SELECT e->'purges'->0->'profiles' AS profiles, e->'purges'->0->>'reason' LIKE 'request 17%' AS reason FROM normfreeze.export_name('p robust') AS e;
SET ROLE regress_privacy;
SELECT e->'purges' FROM normfreeze.export_name('p robust') AS e;
RESET ROLE;
GRANT SELECT ON normfreeze.scalers, normfreeze.versions, normfreeze.stage_log TO regress_privacy;
SET ROLE regress_privacy;
SELECT e->'purges' AS not_allowed_to_see FROM normfreeze.export_name('p robust', evidence => false) AS e;
RESET ROLE;
REVOKE ALL ON normfreeze.scalers, normfreeze.versions, normfreeze.stage_log FROM regress_privacy;
SELECT action FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('p set') AS e), 'p imported');
SELECT version, evidence, origin->'purges'->0->>'reason' AS reason FROM normfreeze.versions WHERE name = 'p imported' ORDER BY 1;
SELECT * FROM normfreeze.import_name((SELECT jsonb_set(e, '{purges,0,at}', '"now"') FROM normfreeze.export_name('p set') AS e LIMIT 1), 'p x');
SELECT * FROM normfreeze.import_name((SELECT e #- '{purges,0,reason}' FROM normfreeze.export_name('p set') AS e LIMIT 1), 'p x');
SELECT * FROM normfreeze.import_name((SELECT jsonb_set(e, '{purges,0}', '1') FROM normfreeze.export_name('p set') AS e LIMIT 1), 'p x');
SELECT * FROM normfreeze.import_name((SELECT jsonb_set(e, '{purges,0,more}', '1') FROM normfreeze.export_name('p set') AS e LIMIT 1), 'p x');
-- an export from before the purge does not bring it back
BEGIN;
CREATE TEMPORARY TABLE purge_kept AS SELECT jsonb_agg(e) AS e FROM normfreeze.export_name('p') AS e;
SELECT normfreeze.purge_profile(:second, 'now');
\set VERBOSITY terse
SELECT version, action FROM purge_kept, normfreeze.import_name(e, 'p from before');
\set VERBOSITY default
SELECT normfreeze.profile_of(:second) IS NULL AS still_gone;
ROLLBACK;

-- ANALYZE keeps no copy
ANALYZE normfreeze.profiles;
SELECT count(*) FROM pg_stats WHERE schemaname = 'normfreeze' AND tablename = 'profiles' AND attname = 'profile';
REVOKE EXECUTE ON FUNCTION normfreeze.purge_profile(bigint, text) FROM regress_privacy;
DROP ROLE regress_privacy;
