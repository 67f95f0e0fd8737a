-- The registry: versions, stages, comparison, immutability.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE FUNCTION make(x float8) RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT normfreeze.fit(ARRAY[v, v * x], 'standard', '{"names": ["a", "b"]}') FROM generate_series(1, 9) AS v
$$;
-- golden ids: they are content, the same on every machine for ever
SELECT normfreeze.freeze('r', make(2)) AS v1, normfreeze.freeze('r', make(3), 'a note', '{"by": "me"}') AS v2;
SELECT normfreeze.freeze('r', make(2)) AS again;
SELECT normfreeze.freeze('other', make(2)) AS under_another_name;
SELECT normfreeze.id_of(make(2)) AS id, normfreeze.fingerprint(make(2)), normfreeze.fingerprint(normfreeze.bare(make(2))) = normfreeze.fingerprint(make(2)) AS bare_same;
SELECT name, version, scaler_id, frozen_by = current_user AS by_me, note, metadata, row_count,
	extension_version = (SELECT extversion FROM pg_extension WHERE extname = 'normfreeze') AS of_this_version,
	now() - frozen_at < '1 hour' AS recent, server_version = current_setting('server_version') AS here
FROM normfreeze.versions WHERE name IN ('r', 'other') ORDER BY name, version;
SELECT count(*) FROM normfreeze.scalers AS s JOIN normfreeze.versions AS v USING (scaler_id) WHERE v.name = 'r';
SELECT normfreeze.scaler_id('r@v1') AS id \gset
SELECT normfreeze.profile_of(:id) = normfreeze.profile_of(make(2)) AS evidence_kept;
SELECT normfreeze.bare(make(2)) = normfreeze.scaler(:id) AS stored_bare;

-- stages
SELECT normfreeze.promote('r', 1) = :id AS promoted;
SELECT normfreeze.promote('r', 1) = :id AS no_change;
SELECT normfreeze.promote('r', 2, 'production', 'better') = normfreeze.scaler_id('r@v2') AS promoted;
SELECT normfreeze.scaler_id('r') = normfreeze.scaler_id('r@v2') AS in_force;
SELECT normfreeze.promote('r', :id, 'staging') = :id AS by_id;
SELECT normfreeze.rollback('r', note => 'worse') = :id AS back;
SELECT normfreeze.rollback('r');
SELECT seq, stage, version, action, changed_by = current_user AS by_me, note FROM normfreeze.stage_log WHERE name = 'r' ORDER BY seq;
SELECT stage, version FROM normfreeze.stages WHERE name = 'r' ORDER BY stage;
SELECT at AS t2 FROM normfreeze.stage_log WHERE name = 'r' AND seq = 2 \gset
SELECT normfreeze.scaler_id('r', 'production', :'t2') = normfreeze.scaler_id('r@v2') AS then,
	normfreeze.scaler_id('r', 'production', 'infinity') = :id AS now;
SELECT normfreeze.scaler_id('r', 'production', '2001-01-01');

-- retired: by id, not by name
SELECT normfreeze.retire('r', 1) = :id AS retired;
SELECT normfreeze.retire('r', 1) = :id AS no_change;
SELECT normfreeze.normalize(ARRAY[5, 10], :id);
SELECT normfreeze.normalize(ARRAY[5, 10], 'r');
SELECT normfreeze.normalize(ARRAY[5, 10], 'r@v1');
SELECT normfreeze.scaler_id('r@latest') = normfreeze.scaler_id('r@v2') AS latest;
SELECT normfreeze.promote('r', 1, 'staging');
SELECT normfreeze.promote('r', 2) IS NOT NULL AS promoted;
SELECT normfreeze.rollback('r');

-- three promotions, two rollbacks, a promotion, a rollback
SELECT normfreeze.freeze('s', make(i)) IS NOT NULL AS frozen FROM generate_series(1, 3) AS i;
SELECT normfreeze.promote('s', i) = normfreeze.scaler_id('s@v' || i) AS promoted FROM generate_series(1, 3) AS i;
SELECT normfreeze.rollback('s') = normfreeze.scaler_id('s@v2') AS two;
SELECT normfreeze.rollback('s') = normfreeze.scaler_id('s@v1') AS one;
SELECT normfreeze.promote('s', 3) = normfreeze.scaler_id('s@v3') AS three;
SELECT normfreeze.rollback('s') = normfreeze.scaler_id('s@v1') AS one;

-- comparison
SELECT feature, what, old, new, round(shift::numeric, 6) AS shift
FROM normfreeze.diff(normfreeze.scaler_id('s@v1'), normfreeze.scaler_id('s@v3'));
SELECT * FROM normfreeze.diff(:id, :id);
SELECT normfreeze.freeze('t', normfreeze.fit(ARRAY[v, 2 * v], 'minmax', '{"names": ["b", "c"], "clip": true, "missing": 0}')) AS t
FROM generate_series(1, 9) AS v \gset
SELECT feature, what, old, new FROM normfreeze.diff(:id, :t);
-- what is not about one feature, and what is in no number: unequal scalers have a row
CREATE TEMP TABLE unequal AS SELECT k, normfreeze.freeze('unequal', normfreeze.fit(ARRAY[v], 'standard', o::jsonb)) AS id
	FROM (VALUES (1, '{}'), (2, '{"distribution": 64}'), (3, '{"names": ["v"]}'), (4, '{"intercept": "mean"}'), (5, '{"intercept": 2}')) AS o (k, o), unnest('{0, 1, 5, NULL}'::float8[]) AS v GROUP BY k, o
	UNION ALL SELECT 6, normfreeze.freeze('unequal', normfreeze.fit(ARRAY[v], 'standard', '{}', 1)) FROM unnest('{0, 1, 5, NULL}'::float8[]) AS v
	UNION ALL SELECT 7, normfreeze.freeze('unequal', normfreeze.fit(ARRAY[v], 'standard')) FROM unnest('{0, 1, 5, NaN}'::float8[]) AS v;
SELECT a.k, b.k, d.feature, d.what, left(d.old, 8) AS old, left(d.new, 8) AS new FROM unequal AS a, unequal AS b, normfreeze.diff(a.id, b.id) AS d WHERE (a.k, b.k) IN ((1, 2), (1, 3), (4, 5), (1, 6), (1, 7)) ORDER BY 1, 2;

-- proof
SELECT * FROM normfreeze.verify(:id);
SELECT bool_and(ok), count(*) > 10 AS many FROM normfreeze.verify();

-- immutability
UPDATE normfreeze.scalers SET scaler_id = 1;
DELETE FROM normfreeze.versions;
TRUNCATE normfreeze.drift_log;
TRUNCATE normfreeze.use_log;
TRUNCATE normfreeze.stage_log;
TRUNCATE normfreeze.scalers CASCADE;
SET session_replication_role = replica;
UPDATE normfreeze.profiles SET digest = 'x';
DELETE FROM normfreeze.scalers;
RESET session_replication_role;
INSERT INTO normfreeze.scalers SELECT scaler_id + 1, fingerprint || '0', scaler, probe_inputs, probe_outputs FROM normfreeze.scalers WHERE scaler_id = :id;
INSERT INTO normfreeze.scalers SELECT normfreeze.id_of(make(77)), normfreeze.fingerprint(make(77)), make(77), '{}', '{}';
INSERT INTO normfreeze.profiles SELECT 'x', normfreeze.profile_of(:id);
\set VERBOSITY terse
INSERT INTO normfreeze.versions VALUES ('a@b', 1, :id, now(), 'x', 'x', NULL, '{}', 1, '', '');
INSERT INTO normfreeze.stage_log VALUES ('r', 99, 'v3', 1, 'promote', now(), 'x', 'x', NULL);
\set VERBOSITY default
-- an imitation of a constraint does not count as one, nor does search_path matter
BEGIN;
CREATE FUNCTION public.is_content(bigint, text, normfreeze.scaler) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content;
ALTER TABLE normfreeze.scalers ADD CONSTRAINT scalers_content CHECK (public.is_content(scaler_id, fingerprint, scaler));
SELECT guard FROM normfreeze.guards WHERE NOT in_force;
SET LOCAL search_path = normfreeze, pg_catalog;
SELECT guard FROM normfreeze.guards WHERE NOT in_force;
ROLLBACK;

-- what refers to nothing can be loaded, as a parallel restore may, but verify() says so
BEGIN;
INSERT INTO normfreeze.stage_log VALUES ('r', 99, 'production', 9, 'promote', now(), 'x', 'x', NULL);
INSERT INTO normfreeze.versions VALUES ('orphan', 1, 17, now(), 'x', 'x', NULL, '{}', 1, '', '');
INSERT INTO normfreeze.members VALUES (18, 'x', 99, 17, '');
SELECT DISTINCT "check", detail FROM normfreeze.verify() WHERE NOT ok ORDER BY 1;
SELECT normfreeze.normalize(ARRAY[1.0], 'orphan@v1');
ROLLBACK;
SELECT bool_and(in_force), count(*) FROM normfreeze.guards;

-- refused
SELECT normfreeze.freeze('a@b', make(1));
SELECT normfreeze.freeze('', make(1));
SELECT normfreeze.freeze('sha256:00', make(1));
SELECT normfreeze.freeze(repeat('x', 201), make(1));
SELECT normfreeze.freeze(NULL, make(1));
SELECT normfreeze.freeze('n', NULL);
SELECT normfreeze.freeze('n', normfreeze.bare(make(55)));
SELECT normfreeze.freeze('n', normfreeze.bare(make(55)), keep_profile => false) IS NOT NULL AS frozen;
SELECT normfreeze.freeze('n', normfreeze.bare(make(2))) IS NOT NULL AS profile_is_known;
SELECT normfreeze.profile_of(normfreeze.scaler_id('n@v1')) IS NULL AS no_evidence;
SELECT "check", ok, detail FROM normfreeze.verify(normfreeze.scaler_id('n@v1')) WHERE "check" IN ('profile', 'parameters', 'probes');
SELECT normfreeze.promote('n', 9);
SELECT normfreeze.promote('n', 99999999999);
SELECT normfreeze.promote('n', 1, 'latest');
SELECT normfreeze.promote('n', 1, 'v2');
SELECT normfreeze.promote('n', 1, NULL);
SELECT normfreeze.promote('nobody', 1);
SELECT normfreeze.rollback('nobody');
SELECT normfreeze.retire('n', 9);
SELECT normfreeze.scaler(5);
SELECT * FROM normfreeze.describe(5);
SELECT * FROM normfreeze.verify(5);
SELECT normfreeze.refuse_change();
-- an error says what to do next
SELECT normfreeze.promote('n', 2::bigint);
SELECT normfreeze.scaler_id('n@v9');
SELECT normfreeze.scaler_id('2794598078630032800');
SELECT normfreeze.scaler_id('sha256:0123456789ab');
SELECT normfreeze.rollback('nobody');
SELECT normfreeze.promote('n@v1', 1);
SELECT normfreeze.lineage('n@v1');
SELECT normfreeze.export_name('n@production');
SELECT normfreeze.scaler_id('n', 'production', '2001-02-03 04:05:06+00');
SELECT normfreeze.freeze('n', make(3), metadata => '["not", "an", "object"]');
SELECT normfreeze.freeze('n', make(3), metadata => 'null');
SELECT normfreeze.freeze('retired', make(3)) IS NOT NULL AS frozen, normfreeze.retire('retired', 1) IS NOT NULL AS retired;
SELECT normfreeze.scaler_id('retired@latest');
BEGIN READ ONLY;
SELECT normfreeze.freeze('n', make(1));
ROLLBACK;
