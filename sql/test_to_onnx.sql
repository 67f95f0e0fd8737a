-- Scalers as ONNX models, and back.  What onnxruntime makes of them: test/parity/exports_model.py.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE SCHEMA for_onnx;
SET search_path = for_onnx, pg_catalog;
-- 'same' if the export gives the scaler back, bare; else the error
CREATE FUNCTION there_and_back(s normfreeze.scaler) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	RETURN CASE WHEN normfreeze.from_onnx(normfreeze.to_onnx(s)) = normfreeze.bare(s) THEN 'same' ELSE 'another' END;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ': ' || SQLERRM || ' (' || hint || ')';
END $$;

-- methods
SELECT m, there_and_back(normfreeze.fit(ARRAY[x / 10.0, 0.1 / x], m)) FROM generate_series(1, 9) AS x, unnest(enum_range(NULL::normfreeze.method)) AS m GROUP BY m ORDER BY m;
SELECT m, domain, there_and_back(normfreeze.fit(ARRAY[x / 10.0, 0.1 / x, x - 5], m, jsonb_build_object('domain', domain)))
FROM generate_series(1, 9) AS x, unnest('{sqrt,reciprocal}'::normfreeze.method[]) AS m, unnest('{"null",clip}'::text[]) AS domain GROUP BY m, domain ORDER BY m, domain;
-- policies
SELECT key, value, there_and_back(normfreeze.fit(ARRAY[x], 'standard', jsonb_build_object(key, value)))
FROM generate_series(1, 9) AS x, (VALUES ('missing', 'keep'), ('missing', 'nan'), ('missing', 'error'), ('missing', 'median'),
	('outside', 'keep'), ('outside', 'clip'), ('outside', 'null'), ('outside', 'error')) AS p (key, value)
GROUP BY key, value ORDER BY key, value;
-- the feature that cannot is named, whatever its name
SELECT there_and_back(normfreeze.fit(ARRAY[x, 1 / x], 'standard', '{"names": ["a", "it''s \"b\""], "features": {"it''s \"b\"": {"method": "log1p"}}}'))
FROM generate_series(1, 9) AS x;
-- targets are not among the columns, but come back; they may be of any method
CREATE TABLE t AS SELECT i AS age, i * i AS income, 1.0 / i AS price FROM generate_series(1, 7) AS i;
SELECT there_and_back(normfreeze.fit(t, 'standard', '{"target": "price", "features": {"price": {"method": "log1p"}}}')) FROM t;
-- names of all kinds
SELECT left(to_json(n)::text, 40) AS name, there_and_back(normfreeze.fit(ARRAY[x], 'standard', jsonb_build_object('names', jsonb_build_array(n)))) FROM generate_series(1, 9) AS x,
	unnest(ARRAY['features', 'normalized', 'Sub_1_output', E'a\n\t\r', E'\x01\x1f', ']]>&<"''', '*/ --', 'ünï', repeat('n', 1024)]) AS n
GROUP BY n ORDER BY n COLLATE "C";
-- a set of scalers is no scaler
SELECT normfreeze.to_onnx(normfreeze.by_key('k', s)) FROM (SELECT normfreeze.fit(t, 'standard') AS s FROM t) AS f;

-- the metadata says whose it is
SELECT normfreeze.freeze('onnx', normfreeze.fit(t, 'standard')) AS id FROM t \gset
SELECT normfreeze.promote('onnx', 1);
SELECT strpos(m, 'normfreeze.scaler_id') > 0 AS has_key, strpos(m, :'id') > 0 AS id, strpos(m, normfreeze.fingerprint(normfreeze.scaler(:id))) > 0 AS fingerprint,
	strpos(m, '["age", "income", "price"]') > 0 AS names, strpos(m, normfreeze.scaler(:id)::text) > 0 AS artifact
FROM (SELECT encode(normfreeze.to_onnx(:id), 'escape') AS m) AS q;
SELECT normfreeze.to_onnx(:id) = normfreeze.to_onnx(normfreeze.scaler(:id)) AS by_id, normfreeze.to_onnx('onnx') = normfreeze.to_onnx(:id) AS by_ref,
	normfreeze.to_onnx(NULL::bigint) IS NULL AS no_id, normfreeze.from_onnx(NULL) IS NULL AS no_model;
SELECT normfreeze.to_onnx(1);
SELECT normfreeze.to_onnx('nobody');
-- what is shadowed makes no difference
CREATE SCHEMA shadow;
CREATE FUNCTION shadow.to_onnx(normfreeze.scaler) RETURNS bytea LANGUAGE sql AS 'SELECT ''shadow''::bytea';
CREATE FUNCTION shadow.scaler_id(text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
SET search_path = shadow, pg_catalog;
SELECT pg_catalog.length(normfreeze.to_onnx('onnx')) > 1000 AS sound;
SET search_path = for_onnx, pg_catalog;
-- who may not read the registry cannot export from it, but values are anyone's
CREATE ROLE regress_onnx;
GRANT SELECT ON t TO regress_onnx;
GRANT USAGE ON SCHEMA for_onnx TO regress_onnx;
SET ROLE regress_onnx;
SELECT normfreeze.to_onnx('onnx');
SELECT normfreeze.id_of(normfreeze.from_onnx(normfreeze.to_onnx(normfreeze.fit(t, 'standard')))) = :id AS own FROM t;
RESET ROLE;
DROP OWNED BY regress_onnx;
DROP ROLE regress_onnx;

-- what is no model, another's, or no longer what was written
SELECT normfreeze.from_onnx('\x7b7d');
\echo :LAST_ERROR_SQLSTATE
SELECT normfreeze.from_onnx('');
SELECT normfreeze.from_onnx('\x0807');
\echo :LAST_ERROR_SQLSTATE
CREATE TABLE m AS SELECT normfreeze.to_onnx(normfreeze.fit(ARRAY[age, income], 'standard')) AS model FROM t;
SELECT normfreeze.from_onnx(substr(model, 1, 100)) FROM m;
SELECT normfreeze.from_onnx(model || '\x0807') FROM m;
\echo :LAST_ERROR_SQLSTATE
SELECT normfreeze.from_onnx(overlay(model placing 'Mul' from position('\x537562'::bytea in model))) FROM m;
SELECT normfreeze.from_onnx(overlay(model placing '[2, ' from position('[0, '::bytea in model))) FROM m;
-- the version that wrote it may be another
SELECT length(normfreeze.from_onnx(overlay(model placing '9'::bytea from position('normfreeze'::bytea || '\x1a'::bytea in model) + 12))::text) > 0 AS other_version FROM m;

-- features that cannot be fitted
SELECT policy, normfreeze.id_of(normfreeze.from_onnx(normfreeze.to_onnx(scaler))) = normfreeze.id_of(scaler) AS same
FROM (VALUES ('unit'), ('null')) AS p (policy), LATERAL (SELECT normfreeze.fit(ARRAY[x, 'infinity'::float8], 'standard',
	jsonb_build_object('infinite', 'skip', 'empty', 'null', 'unfit', policy)) AS scaler FROM generate_series(1, 5) AS x) AS f;

-- results that are clipped, and those of float4
SELECT normfreeze.from_onnx(normfreeze.to_onnx(s)) = normfreeze.bare(s) AS same FROM (SELECT normfreeze.fit(ARRAY[x], 'standard', '{"clip": [-1, 1]}') AS s FROM generate_series(1, 5) AS x) AS f;
SELECT normfreeze.from_onnx(normfreeze.to_onnx(s)) = normfreeze.bare(s) AS same FROM normfreeze.from_parameters('{"mean": [6.1], "scale": [0.37]}', '{"dtype": "single"}') AS s;

-- a model of others, ((x - c) / d) * e; what skl2onnx writes: test/parity/onnx_graphs.py
\set others '''\\x08083aad010a110a01580a01631201761a017322035375620a0e0a01760a016412017722034469760a0e0a01770a016512015922034d756c1201672a190802100b4201634a10000000000000f03f00000000000000402a190802100b4201644a10000000000000e03f00000000000010402a190802100b4201654a1000000000000008400000000000001c405a110a0158120c0a0a080b12060a000a02080262110a0159120c0a0a080b12060a000a02080242040a00100f''::bytea'
SELECT normfreeze.normalize('{1.5, 4}'::float8[], normfreeze.from_onnx(:others)) AS row, normfreeze.normalize('{1.5, 4}'::real[], normfreeze.from_onnx(:others)) AS real_row;
SELECT jsonb_pretty(normfreeze.from_onnx(:others)::text::jsonb -> 'features' -> 1) AS feature;
SELECT normfreeze.from_onnx(overlay(:others placing 'Log' from position('Sub'::bytea in :others)));
\echo :LAST_ERROR_SQLSTATE
SELECT normfreeze.from_onnx(overlay(:others placing 'Max' from position('Sub'::bytea in :others)));
SELECT normfreeze.from_onnx(overlay(:others placing '\x61'::bytea from position('v'::bytea in :others)));
