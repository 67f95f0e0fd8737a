-- Methods that are one function, and what becomes of values for which it is not defined.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE SCHEMA functions;
SET search_path = functions, pg_catalog;
SET extra_float_digits = 1;
CREATE TABLE f (a float8, b float8);
INSERT INTO f VALUES (0.25, 3), (0.5, 10), (0.125, 100), (0.75, 1000), (NULL, 0.001);

-- values there and back, in every form
CREATE TABLE s (method normfreeze.method PRIMARY KEY, scaler normfreeze.scaler);
INSERT INTO s SELECT method, normfreeze.fit(f, method, CASE method WHEN 'logit' THEN '{"columns": ["a"]}' ELSE '{}' END::jsonb)
	FROM f, unnest('{log,log2,log10,sqrt,cbrt,square,asinh,logit,reciprocal,expm1}'::text[]) AS m (name), normfreeze.method(m.name) AS method GROUP BY method;
SELECT method, scaler::jsonb -> 'features' -> 0 ->> 'formula' AS formula, scaler::jsonb -> 'features' -> 0 -> 'parameters' AS parameters,
	scaler::jsonb -> 'features' -> 0 ->> 'domain' AS domain FROM s ORDER BY method;
SELECT method, y, normfreeze.denormalize(y, scaler) AS back, normfreeze.normalize('{0.25, 3}'::float4[], scaler) AS float4
	FROM s, LATERAL (SELECT normfreeze.normalize('{0.25, 3}'::float8[], scaler) AS y) AS n WHERE method <> 'logit' ORDER BY method;
SELECT method, y, normfreeze.denormalize(y, scaler) AS back, normfreeze.normalize('{0.25}'::float4[], scaler) AS float4
	FROM s, LATERAL (SELECT normfreeze.normalize('{0.25}'::float8[], scaler) AS y) AS n WHERE method = 'logit';
SELECT method, bool_and(normfreeze.normalize(f.a, scaler, 'a') IS NOT DISTINCT FROM (normfreeze.normalize(ARRAY[f.a, f.b], scaler))[1]) AS same
	FROM s, f WHERE method <> 'logit' GROUP BY method ORDER BY method;
SELECT method, normfreeze.normalize('{Infinity, NaN}'::float8[], scaler) AS special,
    normfreeze.denormalize(CASE WHEN method IN ('square', 'expm1') THEN '{Infinity, NaN}' ELSE '{-Infinity, NaN}' END::float8[], scaler) AS back
	FROM s WHERE method <> 'logit' ORDER BY method;

-- by id, where the planner may compute it, in a generated column, and as text
SELECT normfreeze.freeze('log', scaler) AS log_id FROM s WHERE method = 'log' \gset
SELECT normfreeze.normalize(b, :log_id, 'b') FROM f ORDER BY b;
SELECT normfreeze.normalize(f, :log_id) FROM f ORDER BY b LIMIT 1;
SELECT bool_and(scaler::text::normfreeze.scaler = scaler) AS text, bool_and(normfreeze.profile_of(scaler) IS NOT NULL) AS profile FROM s;

-- out of the domain: an error at the fit, unless an option says otherwise
CREATE TABLE g (x float8);
INSERT INTO g VALUES (-4), (-1), (0), (0.2), (0.9), (1), (7), (NULL);
CREATE FUNCTION attempt(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
	detail text;
	hint text;
BEGIN
	EXECUTE call INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || ' / ' || detail || ' / ' || hint;
END $$;
SELECT m, attempt(format('SELECT normfreeze.fit(g, %L) FROM g', m)) AS refused FROM unnest('{log,sqrt,logit,log1p}'::text[]) AS m;
SELECT attempt($$SELECT normfreeze.fit(g, 'reciprocal') FROM g WHERE x >= 0$$);
SELECT attempt($$SELECT normfreeze.fit(g, 'log', '{"domain": "clip"}') FROM g WHERE x <= 0$$);
SELECT attempt($$SELECT normfreeze.fit(g, 'log', '{"domain": "keep"}') FROM g$$);
SELECT normfreeze.fit(g, 'power', '{"method": "box-cox", "domain": "null"}')::jsonb -> 'features' -> 0 ->> 'domain' AS power FROM g;
SELECT attempt($$SELECT normfreeze.fit(g, 'log', '{"missing": "zero"}') FROM g WHERE x > 0$$);
SELECT attempt($$SELECT normfreeze.fit(g, 'log', '{"missing": "zero", "outside": "clip"}') FROM g WHERE x > 0$$);
SELECT attempt($$SELECT normfreeze.fit(g, 'standard', '{"steps": ["sqrt", "standard"], "domain": "null"}') FROM g WHERE x < 0$$);
SELECT attempt($$SELECT normfreeze.fit(g, 'log', '{"unfit": "null"}') FROM g$$) LIKE '%"unfit": true%' AS unfit;
-- NULL, or the nearest training value for which it is defined
SELECT m, d, attempt(format($$SELECT (normfreeze.fit(g, %L, '{"domain": "%s"}')::jsonb -> 'features' -> 0 -> 'domain_range')::text FROM g$$, m, d)) AS range,
	attempt(format($$SELECT array_agg(normfreeze.normalize(x, s, 'x') ORDER BY x)::text FROM g, (SELECT normfreeze.fit(g, %L, '{"domain": "%s"}') AS s FROM g) AS q$$, m, d)) AS results
	FROM unnest('{log,sqrt,logit,reciprocal,log1p}'::text[]) AS m, unnest('{"null",clip}'::text[]) AS d;
-- zero becomes what is nearest to it, on either side; a tie is the positive one
SELECT normfreeze.fit(ARRAY[v], 'reciprocal', '{"domain": "clip"}')::jsonb -> 'features' -> 0 -> 'domain_range' AS range FROM unnest('{-3,-0.5,0,2}'::float8[]) AS v;
SELECT normfreeze.fit(ARRAY[v], 'reciprocal', '{"domain": "clip"}')::jsonb -> 'features' -> 0 -> 'domain_range' AS range FROM unnest('{-2,0,2}'::float8[]) AS v;
SELECT normfreeze.fit(ARRAY[v], 'reciprocal', '{"domain": "clip"}')::jsonb -> 'features' -> 0 -> 'domain_range' AS range FROM unnest('{-3,-2}'::float8[]) AS v;
-- the same by passes and from a profile
SELECT m, normfreeze.fit_table('g', m::normfreeze.method, '{"domain": "clip"}') = (SELECT normfreeze.fit(g, m::normfreeze.method, '{"domain": "clip"}') FROM g) AS passes,
	normfreeze.fit((SELECT normfreeze.profile(g) FROM g), m::normfreeze.method, '{"domain": "clip"}') = (SELECT normfreeze.fit(g, m::normfreeze.method, '{"domain": "clip"}') FROM g) AS profile
	FROM unnest('{log,sqrt,logit,reciprocal,log1p}'::text[]) AS m;
-- when it is applied
SELECT attempt(format('SELECT normfreeze.normalize(%s::float8, s.scaler, ''b'') FROM s WHERE method = %L', x, m)) AS applied
	FROM unnest('{0,-1,NaN,none}'::text[]) AS v, LATERAL (SELECT CASE v WHEN 'none' THEN 'NULL' ELSE quote_literal(v) END) AS q (x), unnest('{log,sqrt,reciprocal}'::text[]) AS m;
SELECT attempt('SELECT normfreeze.normalize(''{1.5}''::float4[], scaler) FROM s WHERE method = ''logit''');
-- in float4 what is clipped or imputed stays in the domain, or is refused
SELECT m, normfreeze.normalize(x, normfreeze.fit(ARRAY[v], m, '{"domain": "clip"}')) AS float4
	FROM (VALUES ('log', 1e-60, '{0}'::float4[]), ('logit', 0.9999999999, '{1}'), ('logit', 1e-60, '{-1}'), ('log1p', -0.9999999999, '{-1}'), ('reciprocal', -1e-40, '{0}')) AS f (m, v, x), LATERAL normfreeze.method(m)
	GROUP BY m, x, v ORDER BY m, v;
SELECT attempt($$SELECT normfreeze.normalize('{NULL}'::float4[], normfreeze.fit(ARRAY[x], 'log', '{"missing": 1e-60}')) FROM g WHERE x > 0$$) AS imputed;
-- a zero between both signs is found by the values or by their distribution
SELECT o, attempt(format($$SELECT normfreeze.fit(g, 'reciprocal', %L)::jsonb -> 'features' -> 0 ->> 'domain' FROM g$$, o)) AS rows,
	attempt(format($$SELECT normfreeze.fit_table('g', 'reciprocal', %L)::jsonb -> 'features' -> 0 ->> 'domain'$$, o)) AS passes
	FROM unnest('{"{}","{\"distribution\": false}","{\"global\": true}","{\"unfit\": \"null\"}"}'::text[]) AS o;
SELECT attempt($$SELECT normfreeze.fit(normfreeze.profile(t), 'reciprocal')::jsonb IS NULL FROM (SELECT (i - 5000) / 7.0 AS x FROM generate_series(1, 20000) AS i) AS t$$) AS cells;
SELECT attempt($$SELECT normfreeze.normalize('{0}'::float8[], normfreeze.fit(g, 'reciprocal', '{"distribution": false}')) FROM g$$) AS applied;
-- log1p has its bytes without the option, and others with it
SELECT normfreeze.normalize('{-3}'::float8[], normfreeze.fit(ARRAY[x], 'log1p')) AS kept, attempt($$SELECT normfreeze.normalize('{-3}'::float8[], normfreeze.fit(ARRAY[x], 'log1p', '{"domain": "error"}')) FROM g WHERE x > 0$$) AS refused
	FROM g WHERE x > 0;
-- verify() knows the range
SELECT normfreeze.freeze('clipped ' || m, normfreeze.fit(g, m::normfreeze.method, '{"domain": "clip"}')) IS NOT NULL AS frozen FROM g, unnest('{log,logit,reciprocal}'::text[]) AS m GROUP BY m;
SELECT v.name, w."check", w.ok FROM normfreeze.versions AS v, normfreeze.verify(v.scaler_id) AS w WHERE v.name LIKE 'clipped%' AND w."check" = 'parameters' ORDER BY 1;
SELECT attempt(format('SELECT %L::normfreeze.scaler IS NULL', jsonb_set(normfreeze.fit(g, 'log', '{"domain": "clip"}')::jsonb, '{features,0,domain_range}', '[-1, 7]'))) AS damaged FROM g;
SET client_min_messages = warning;
DROP SCHEMA functions CASCADE;
