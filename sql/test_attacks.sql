-- What once went wrong, or could: each must stay an error, or right.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE TABLE t AS SELECT i AS a, i * i AS b FROM generate_series(1, 9) AS i;

-- anybody may make an aggregate of our functions, with a state of another kind or without names
SELECT 'fit_state:' || left(encode(sha256(bytes), 'hex'), 16) || ':' || encode(bytes, 'base64') AS profile_state
FROM (SELECT '\x010000'::bytea AS bytes) AS s \gset
CREATE AGGREGATE wrong_kind(float8[], normfreeze.method) (SFUNC = normfreeze.fit_transition, STYPE = normfreeze.fit_state,
	FINALFUNC = normfreeze.fit_final, INITCOND = :'profile_state');
SELECT wrong_kind(ARRAY[a, b]::float8[], 'standard') FROM t;
SELECT decode(split_part(p::text, ':', 3), 'base64') AS profile_bytes FROM (SELECT normfreeze.profile(ARRAY[a]) AS p FROM t WHERE a < 3) AS q \gset
SELECT 'fit_state:' || left(encode(sha256(bytes), 'hex'), 16) || ':' || translate(encode(bytes, 'base64'), E'\n', '') AS nameless_state
FROM (SELECT '\x010001'::bytea || set_byte('\x00'::bytea, 0, length(:'profile_bytes'::bytea)) || :'profile_bytes'::bytea || '\x00'::bytea AS bytes) AS s
WHERE length(:'profile_bytes'::bytea) < 128 \gset
CREATE AGGREGATE nameless(record) (SFUNC = normfreeze.profile_transition, STYPE = normfreeze.fit_state,
	FINALFUNC = normfreeze.profile_final, INITCOND = :'nameless_state');
SELECT nameless(t) FROM t;

-- two aggregates over different rows in one query; groups of arrays of different lengths
CREATE TABLE u AS SELECT i AS c, -i AS d FROM generate_series(1, 9) AS i;
SELECT normfreeze.feature_names(normfreeze.fit(t, 'standard')) AS t, normfreeze.feature_names(normfreeze.fit(u, 'standard')) AS u
FROM t JOIN u ON a = c;
SELECT k, cardinality(normfreeze.normalize(CASE k WHEN 0 THEN ARRAY[1, 2] ELSE ARRAY[1, 2, 3] END, s)) FROM (
	SELECT a % 2 AS k, normfreeze.fit(CASE a % 2 WHEN 0 THEN ARRAY[a, b] ELSE ARRAY[a, b, 1] END, 'maxabs') AS s
	FROM t GROUP BY a % 2) AS q ORDER BY k;

-- the feature at fault is named, also if it is not the first
SELECT normfreeze.normalize(ARRAY[5, NULL], s) FROM (SELECT normfreeze.fit(ARRAY[a, b], 'standard', '{"missing": "error"}') AS s FROM t) AS q;
SELECT normfreeze.normalize(s, f) FROM (SELECT 5 AS a, 500 AS b) AS s, LATERAL (SELECT normfreeze.fit(t, 'standard', '{"outside": "error"}') AS f FROM t) AS q;
SELECT normfreeze.normalize('NaN', f, 'b') FROM (SELECT normfreeze.fit(t, 'standard', '{"missing": "error"}') AS f FROM t) AS q;
-- a NULL value is missing, as in a row
SELECT normfreeze.normalize(NULL, f, 'b') = normfreeze.normalize('NaN', f, 'b') AS imputed, normfreeze.normalize(1, f, NULL) IS NULL AS nothing
FROM (SELECT normfreeze.fit(t, 'standard', '{"missing": "max"}') AS f FROM t) AS q;

-- row security that depends on a setting is asked for each row
CREATE ROLE regress_normfreeze_tenant;
GRANT SELECT ON normfreeze.scalers TO regress_normfreeze_tenant;
SELECT normfreeze.freeze('tenant', normfreeze.fit(t, 'standard')) AS id FROM t \gset
ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON normfreeze.scalers USING (current_setting('app.ok', true) = 'yes');
SET ROLE regress_normfreeze_tenant;
DO $$
DECLARE id bigint := normfreeze.id_of((SELECT normfreeze.fit(ARRAY[v, v * v], 'standard', '{"names": ["a", "b"]}') FROM generate_series(1, 9) AS v)); x float8;
BEGIN
	FOR i IN 1 .. 4 LOOP
		PERFORM set_config('app.ok', CASE WHEN i % 2 = 1 THEN 'yes' ELSE 'no' END, true);
		BEGIN
			x := normfreeze.normalize(5, id, 'a');
			RAISE NOTICE 'turn %: applied', i;
		EXCEPTION WHEN undefined_object THEN
			RAISE NOTICE 'turn %: refused', i;
		END;
	END LOOP;
END $$;
RESET ROLE;
DROP POLICY tenant ON normfreeze.scalers;
ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY;

-- who may not apply does not learn names either
REVOKE SELECT ON normfreeze.scalers FROM regress_normfreeze_tenant;
SET ROLE regress_normfreeze_tenant;
SELECT normfreeze.scaler_id('tenant@v1');
SELECT normfreeze.scaler_id('tenant', 'production', now());
SELECT normfreeze.normalize(ARRAY[1, 2], :id);
SELECT normfreeze.freeze('x', normfreeze.fit(ARRAY[1], 'maxabs'));
RESET ROLE;
DROP ROLE regress_normfreeze_tenant;

-- imitations of guards are seen through
BEGIN;
ALTER TABLE normfreeze.scalers DROP CONSTRAINT scalers_content;
ALTER TABLE normfreeze.scalers ADD CONSTRAINT scalers_content CHECK (true);
DROP TRIGGER refuse_change ON normfreeze.versions;
CREATE TRIGGER refuse_change BEFORE DELETE ON normfreeze.versions FOR EACH ROW WHEN (OLD.version < 0) EXECUTE FUNCTION normfreeze.refuse_change();
ALTER TABLE normfreeze.versions ENABLE ALWAYS TRIGGER refuse_change;
CREATE RULE quiet AS ON INSERT TO normfreeze.profiles DO INSTEAD NOTHING;
SELECT detail FROM normfreeze.verify(:id) WHERE NOT ok;
ROLLBACK;

-- the number of no relation
SELECT normfreeze.view_query(0::regclass, 'tenant@v1');
SELECT normfreeze.create_view('no_view', 4294967295::regclass, 'tenant@v1');
SELECT * FROM normfreeze.normalize_table(0::regclass, 'tenant@v1') AS t (a float8, b float8);
SELECT normfreeze.fit_table(0::regclass, 'standard');

-- dropped and created again in one session
CREATE TABLE before AS SELECT normfreeze.id_of(normfreeze.fit(t, 'robust')) AS id FROM t;
DROP AGGREGATE wrong_kind(float8[], normfreeze.method);
DROP AGGREGATE nameless(record);
DROP EXTENSION normfreeze;
DROP EXTENSION normfreeze CASCADE;
CREATE EXTENSION normfreeze;
SELECT normfreeze.freeze('again', normfreeze.fit(t, 'robust')) = (SELECT id FROM before) AS same FROM t;
DROP TABLE t, u, before;
