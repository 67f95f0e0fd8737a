-- Input and output of the types, and what they refuse.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE TABLE v AS
	SELECT normfreeze.fit(ARRAY[x, sqrt(x), 3], 'robust', '{"names": ["a", "b", "c"], "missing": "mean"}') AS s,
		normfreeze.profile(ARRAY[x, sqrt(x), NULL]) AS p
	FROM generate_series(1, 50) AS x;
SELECT (s::text)::normfreeze.scaler = s AS text, (s::jsonb)::normfreeze.scaler = s AS jsonb,
	(normfreeze.bare(s)::text)::normfreeze.scaler = normfreeze.bare(s) AS bare, (p::text)::normfreeze.profile = p AS profile FROM v;
SET extra_float_digits = -15;
SELECT (s::text)::normfreeze.scaler = s AS whatever_extra_float_digits FROM v;
RESET extra_float_digits;
-- canonical JSON
SELECT normfreeze.bare(normfreeze.fit(ARRAY[x, -x], 'minmax', '{"names": ["q\"", "ü"], "feature_range": [-0.1, 1e22], "missing": 0.1}'))
FROM generate_series(1, 3) AS x;
-- golden bytes of a profile
SELECT p FROM (SELECT normfreeze.profile(a) AS p FROM (VALUES (ARRAY[1, -0.5]), (ARRAY[NULL, 1e300]), (ARRAY['NaN', 5e-324]),
	(ARRAY['-Infinity', -0.0])) AS q (a)) AS r;
-- binary
CREATE TABLE w (LIKE v);
SELECT current_setting('data_directory') || '/types.bin' AS file \gset
COPY v TO :'file' (FORMAT binary);
COPY w FROM :'file' (FORMAT binary);
SELECT v.s = w.s AS scaler, v.p = w.p AS profile FROM v, w;
-- comparison, grouping, indexes
SELECT count(*), count(DISTINCT s), count(DISTINCT p) FROM (TABLE v UNION ALL TABLE w) AS q;
SELECT s < t AS lt, s <= t AS le, s = t AS eq, s <> t AS ne, s >= t AS ge, s > t AS gt
FROM (SELECT s, normfreeze.bare(s) AS t FROM v) AS q;
CREATE INDEX ON v USING hash (s);
CREATE INDEX ON v (p);
SELECT count(*) FROM v GROUP BY s, p;

-- damage
SELECT 'nonsense'::normfreeze.profile;
SELECT 'profile:0000000000000000:AQ=='::normfreeze.profile;
SELECT 'profile:0000000000000000:!'::normfreeze.profile;
SELECT overlay(p::text placing '00' from 60)::normfreeze.profile FROM v;
SELECT ''::normfreeze.fit_state;
SELECT ''::normfreeze.scaler;
SELECT '[]'::normfreeze.scaler;
SELECT '{}'::normfreeze.scaler;
SELECT '{"format": 3}'::normfreeze.scaler;
CREATE FUNCTION damage(wrong text, instead text) RETURNS normfreeze.scaler LANGUAGE SQL AS $$
	SELECT replace(normfreeze.bare(s)::text, wrong, instead)::normfreeze.scaler FROM v
$$;
SELECT damage('25.5', '25.6');
SELECT damage('"format": 1', '"format": 1, "format": 1');
SELECT damage('"format": 1', '"format": 1, "more": 1');
SELECT damage('"target": false', '"target": false, "more": 1');
SELECT damage('"robust"', '"robustest"');
SELECT damage('"quantile_range": [25, 75]', '"quantile_range": [75, 25]');
SELECT damage('"quantile_range": [25, 75]', '"quantile_range": "all"');
SELECT damage('"name": "b"', '"name": "a"');
SELECT damage('"scale": ', '"scale": 1e999, "x": ');
SELECT damage('"mean"', '"meanest"');
SELECT damage('"fingerprint"', '"fingerprints"');
SELECT damage('"named": true', '"named": false');
SELECT damage('"profile_digest": "', '"profile_digest": "zz');
SELECT jsonb_set(s::jsonb, '{features,0,parameters,center}', '1')::normfreeze.scaler FROM v;
SELECT jsonb_set(s::jsonb, '{profile}', '"AAAA"')::normfreeze.scaler FROM v;
SELECT (s::jsonb - 'profile')::normfreeze.scaler = normfreeze.bare(s) AS bare FROM v;
SELECT repeat('[', 100)::normfreeze.scaler;
DROP TABLE v, w CASCADE;
