-- Old entries of drift_log and use_log leave with proof; what views show now stays, and what is cut beyond that is seen.

CREATE TABLE watched AS SELECT i AS a, i * i AS b FROM generate_series(1, 400) AS i;
SELECT normfreeze.freeze('archived ' || k, normfreeze.fit(ARRAY[a, b + k], 'standard')) > 0 AS frozen FROM watched, generate_series(1, 2) AS k GROUP BY k;
SELECT normfreeze.promote('archived 1', 1) > 0 AS promoted;
SELECT k, count(normfreeze.record_drift('archived ' || k || '@v1', live, 'day ' || day)) AS recorded
    FROM (SELECT day, k, normfreeze.profile(ARRAY[a + day, b]) AS live FROM watched, generate_series(1, 260) AS day, generate_series(1, 2) AS k
          GROUP BY day, k ORDER BY day) AS days GROUP BY k ORDER BY k;
CREATE VIEW archived_state AS SELECT name, version, verdict, previous, label, seq FROM normfreeze.drift_state WHERE name LIKE 'archived%';
CREATE TABLE state_before AS SELECT * FROM archived_state;
CREATE TABLE log_before AS SELECT * FROM normfreeze.drift_log WHERE scaler_id IN (SELECT scaler_id FROM normfreeze.versions WHERE name LIKE 'archived%');

-- nothing is from before the first entry
SELECT count(*) FROM normfreeze.archive_drift_log((SELECT min(at) FROM log_before));
-- only what is from before the time leaves, in order, and at most so many
CREATE TABLE drift_archive AS
    SELECT * FROM normfreeze.archive_drift_log((SELECT at FROM log_before WHERE label = 'day 101' ORDER BY at LIMIT 1), 'ticket 5', 150);
SELECT v.name, min(seq), max(seq), count(*) FROM drift_archive JOIN normfreeze.versions AS v USING (scaler_id) GROUP BY v.name ORDER BY v.name;
SELECT count(*) AS texts, bool_and(e.entry::jsonb ->> 'label' = b.label AND e.entry::jsonb -> 'features' = b.features AND e.entry::jsonb ->> 'verdict' = b.verdict
        AND (e.entry::jsonb ->> 'at')::timestamp = b.at AT TIME ZONE 'UTC' AND (e.entry::jsonb ->> 'scaler_id')::bigint = b.scaler_id) AS right_ones
    FROM drift_archive AS e JOIN log_before AS b USING (scaler_id, seq);
INSERT INTO drift_archive SELECT * FROM normfreeze.archive_drift_log('infinity');
SELECT count(*) FROM normfreeze.archive_drift_log('infinity');
SELECT v.name, l.first_seq, l.last_seq, l.newest_seq, l.note, l.archived_by = current_user AS by, l.archived_session_user = session_user AS by_session_user
    FROM normfreeze.archive_log AS l JOIN normfreeze.versions AS v USING (scaler_id) WHERE log = 'drift_log' AND v.name LIKE 'archived%' ORDER BY v.name, first_seq;
SELECT v.name, array_agg(seq ORDER BY seq) AS left_in_the_log FROM normfreeze.drift_log JOIN normfreeze.versions AS v USING (scaler_id)
    WHERE v.name LIKE 'archived%' GROUP BY v.name ORDER BY v.name;
SELECT count(*) AS same_state FROM (SELECT * FROM archived_state INTERSECT SELECT * FROM state_before) AS both_of_them;

-- the log goes on, and nothing that was archived is missing or double
SELECT normfreeze.record_drift('archived 1@v1', normfreeze.profile(ARRAY[a + 7, b]), 'after') IS NOT NULL AS recorded FROM watched;
SELECT max(seq) FROM normfreeze.drift_log JOIN normfreeze.versions AS v USING (scaler_id) WHERE v.name = 'archived 1';
SELECT count(*) AS entries, count(DISTINCT (scaler_id, seq)) AS different FROM (SELECT scaler_id, seq FROM drift_archive UNION ALL
    SELECT scaler_id, seq FROM normfreeze.drift_log WHERE scaler_id IN (SELECT scaler_id FROM log_before)) AS all_of_them;
SELECT "check", ok FROM normfreeze.verify() WHERE "check" IN ('drift log', 'use log', 'guards') ORDER BY 1;

-- the archive is proved, in any order of its rows; what is missing, double, changed, exchanged or added is seen
SELECT v.name, first_seq, last_seq, ok, detail FROM normfreeze.verify_archive('drift_archive', 'drift_log') JOIN normfreeze.versions AS v USING (scaler_id)
    WHERE v.name LIKE 'archived%' ORDER BY 1, 2;
CREATE FUNCTION seen(change text) RETURNS TABLE (oks text, details text) LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE damaged AS SELECT * FROM drift_archive ORDER BY md5(entry);
    EXECUTE change;
    RETURN QUERY SELECT string_agg(ok::text, ' ' ORDER BY v.name, first_seq), string_agg(DISTINCT detail, '; ') FILTER (WHERE NOT ok)
        FROM normfreeze.verify_archive('damaged', 'drift_log') JOIN normfreeze.versions AS v USING (scaler_id) WHERE v.name LIKE 'archived%';
    DROP TABLE damaged;
END $$;
SELECT * FROM seen('SELECT 1');
SELECT * FROM seen('DELETE FROM damaged WHERE seq = 3');
SELECT * FROM seen('DELETE FROM damaged WHERE seq = 100');
SELECT * FROM seen('INSERT INTO damaged SELECT * FROM damaged WHERE seq = 120');
SELECT * FROM seen('UPDATE damaged SET entry = replace(entry, ''"day '', ''"DAY '') WHERE seq = 7');
SELECT * FROM seen('UPDATE damaged AS d SET entry = o.entry FROM drift_archive AS o WHERE o.scaler_id = d.scaler_id AND d.seq + o.seq = 21 AND d.seq IN (10, 11)');
SELECT * FROM seen('UPDATE damaged SET entry = NULL WHERE seq = 200');
SELECT * FROM seen('INSERT INTO damaged SELECT scaler_id, 5000, entry FROM damaged WHERE seq = 1');
SELECT * FROM seen('DELETE FROM damaged');
SELECT count(*) AS by_hand FROM normfreeze.archive_log AS l WHERE l.log = 'drift_log' AND l.sha256 = (
    SELECT normfreeze.archive_digest(a.entry ORDER BY a.seq) FROM drift_archive AS a WHERE a.scaler_id = l.scaler_id AND a.seq <= l.last_seq);

-- uses: what a consumer uses now stays, and so does the newest entry of each scaler
SELECT normfreeze.freeze('model', normfreeze.fit(ARRAY[a * k], 'standard')) > 0 AS frozen FROM watched, generate_series(1, 3) AS k GROUP BY k ORDER BY k;
SELECT normfreeze.register_use('model@v' || v, c, 'service', 'why') FROM generate_series(1, 3) AS v, unnest(ARRAY['early', 'other', 'late']) AS c
    WHERE c <> 'early' OR v = 1;
CREATE TABLE uses_before AS SELECT consumer, kind, name, version, scaler_id, since, note FROM normfreeze.uses WHERE name = 'model';
CREATE TABLE use_archive AS SELECT * FROM normfreeze.archive_use_log('infinity', NULL, 100000);
SELECT v.version, e.seq, e.entry::jsonb ->> 'consumer' AS consumer FROM use_archive AS e JOIN normfreeze.versions AS v USING (scaler_id)
    WHERE v.name = 'model' ORDER BY 1, 2;
SELECT count(*) AS same_uses FROM (SELECT consumer, kind, name, version, scaler_id, since, note FROM normfreeze.uses WHERE name = 'model'
    INTERSECT SELECT * FROM uses_before) AS both_of_them;
SELECT bool_and(ok) AS all_ok FROM normfreeze.verify_archive('use_archive', 'use_log');
SELECT normfreeze.register_use('model@v1', 'early', 'service') AS the_entry_that_is_there;

-- bad input
SELECT * FROM normfreeze.archive_drift_log(NULL);
SELECT * FROM normfreeze.archive_drift_log(now(), NULL, 0);
SELECT * FROM normfreeze.archive_use_log(now(), repeat('x', 10001));
SELECT * FROM normfreeze.verify_archive('drift_archive', 'stage_log');
SELECT * FROM normfreeze.verify_archive('watched', 'drift_log');
SELECT * FROM normfreeze.verify_archive(0, 'drift_log');
SELECT normfreeze.archive_digest_step('\x00', 'x');
BEGIN READ ONLY;
SELECT * FROM normfreeze.archive_drift_log(now());
ROLLBACK;

-- the guards are as they were
DELETE FROM normfreeze.drift_log;
UPDATE normfreeze.archive_log SET last_seq = last_seq + 1;
DELETE FROM normfreeze.archive_log;
TRUNCATE normfreeze.archive_log;
CREATE ROLE archivist;
SET ROLE archivist;
SELECT * FROM normfreeze.archive_drift_log(now());
RESET ROLE;
GRANT EXECUTE ON FUNCTION normfreeze.archive_drift_log(timestamptz, text, integer) TO archivist;
SET ROLE archivist;
SELECT count(*) FROM normfreeze.archive_drift_log('infinity');
RESET ROLE;

-- whoever takes the guards away and cuts more than is stated, or forges a statement, is seen
CREATE FUNCTION problem(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    ALTER TABLE normfreeze.drift_log DISABLE TRIGGER refuse_change;
    ALTER TABLE normfreeze.archive_log DISABLE TRIGGER refuse_change;
    EXECUTE change;
    ALTER TABLE normfreeze.drift_log ENABLE ALWAYS TRIGGER refuse_change;
    ALTER TABLE normfreeze.archive_log ENABLE ALWAYS TRIGGER refuse_change;
    SELECT string_agg(v."check" || ': ' || regexp_replace(v.detail, '"\d+"', 'ID', 'g'), '; ') INTO found FROM normfreeze.verify() AS v WHERE NOT v.ok;
    RAISE EXCEPTION USING MESSAGE = coalesce(found, 'nothing is wrong');
EXCEPTION WHEN raise_exception THEN
    RETURN SQLERRM;
END $$;
CREATE VIEW first_archived AS SELECT scaler_id FROM normfreeze.versions WHERE name = 'archived 1';
SELECT problem('SELECT 1');
SELECT problem('DELETE FROM normfreeze.drift_log WHERE scaler_id = (SELECT scaler_id FROM first_archived) AND seq = 260');
SELECT problem('DELETE FROM normfreeze.drift_log WHERE scaler_id = (SELECT scaler_id FROM first_archived)');
SELECT problem('DELETE FROM normfreeze.archive_log WHERE scaler_id = (SELECT scaler_id FROM first_archived)');
SELECT problem('DELETE FROM normfreeze.archive_log WHERE scaler_id = (SELECT scaler_id FROM first_archived) AND first_seq = 1');
SELECT problem('UPDATE normfreeze.archive_log SET last_seq = last_seq + 1 WHERE scaler_id = (SELECT scaler_id FROM first_archived) AND last_seq = 259');
SELECT problem('INSERT INTO normfreeze.drift_log SELECT b.* FROM log_before AS b WHERE scaler_id = (SELECT scaler_id FROM first_archived) AND seq = 5');

-- an entry that is missing is not archived around
ALTER TABLE normfreeze.use_log DISABLE TRIGGER refuse_change;
SELECT normfreeze.register_use('model@v3', 'gap ' || i, 'service') FROM generate_series(1, 3) AS i;
SELECT normfreeze.freeze('model', normfreeze.fit(ARRAY[a * 9], 'standard')) > 0 AS frozen FROM watched;
SELECT normfreeze.register_use('model@v4', c, 'service') FROM unnest(ARRAY['other', 'late', 'gap 1', 'gap 2', 'gap 3']) AS c;
BEGIN;
DELETE FROM normfreeze.use_log WHERE consumer = 'gap 1' AND scaler_id = (SELECT scaler_id FROM normfreeze.versions WHERE name = 'model' AND version = 3);
\set VERBOSITY sqlstate
SELECT * FROM normfreeze.archive_use_log('infinity');
\set VERBOSITY default
ROLLBACK;
ALTER TABLE normfreeze.use_log ENABLE ALWAYS TRIGGER refuse_change;
SELECT count(*) FROM normfreeze.verify() WHERE NOT ok;
REVOKE EXECUTE ON FUNCTION normfreeze.archive_drift_log(timestamptz, text, integer) FROM archivist;
DROP ROLE archivist;
DROP VIEW archived_state, first_archived;
