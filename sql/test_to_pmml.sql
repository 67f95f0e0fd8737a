-- Scalers as PMML documents, and back.  What JPMML makes of them: test/parity/exports_model.py.
\pset format unaligned
\pset fieldsep ' | '
\pset footer off
CREATE SCHEMA for_pmml;
SET search_path = for_pmml, pg_catalog;
CREATE FUNCTION there_and_back(s normfreeze.scaler) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	RETURN CASE WHEN normfreeze.from_pmml(normfreeze.to_pmml(s)) = normfreeze.bare(s) AND xml_is_well_formed_document(normfreeze.to_pmml(s)::text)
		THEN 'same' ELSE 'another' END;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ': ' || SQLERRM || ' (' || hint || ')';
END $$;
CREATE TABLE t AS SELECT i AS age, i * i AS income, 1.0 AS price FROM generate_series(1, 7) AS i;

-- a document with everything; probes change with what they are, so they are left out
CREATE TABLE s AS SELECT normfreeze.fit(t, 'standard', '{"constant": "null", "features": {
	"income": {"method": "minmax", "clip": true, "missing": "mean", "outside": "clip"}, "age": {"method": "max", "outside": "null"}}}') AS s FROM t;
SELECT regexp_replace(normfreeze.to_pmml(s)::text, '(name="normfreeze\.scaler" value|name="normfreeze" version)="[^"]*"', '\1="..."', 'g') FROM s;
SELECT (xpath('/p:PMML/p:Header/p:Extension[@name="normfreeze.fingerprint"]/@value', normfreeze.to_pmml(s), '{{p,http://www.dmg.org/PMML-4_4}}'))[1]::text
	= normfreeze.fingerprint(s) AS fingerprint FROM s;

-- methods
SELECT m, there_and_back(normfreeze.fit(ARRAY[x / 10.0, 0.1 / x], m)) FROM generate_series(1, 9) AS x, unnest(enum_range(NULL::normfreeze.method)) AS m GROUP BY m ORDER BY m;
SELECT m, domain, there_and_back(normfreeze.fit(ARRAY[x / 10.0, 0.1 / x, x - 5], m, jsonb_build_object('domain', domain)))
FROM generate_series(1, 9) AS x, unnest('{sqrt,reciprocal}'::normfreeze.method[]) AS m, unnest('{"null",clip}'::text[]) AS domain GROUP BY m, domain ORDER BY m, domain;
-- policies
SELECT key, value, there_and_back(normfreeze.fit(ARRAY[x], 'standard', jsonb_build_object(key, value)))
FROM generate_series(1, 9) AS x, (VALUES ('missing', 'keep'), ('missing', 'nan'), ('missing', 'error'), ('missing', 'median'),
	('outside', 'keep'), ('outside', 'clip'), ('outside', 'null'), ('outside', 'error')) AS p (key, value)
GROUP BY key, value ORDER BY key, value;
-- names of all kinds: only what XML has no place for is refused
SELECT to_json(n) AS name, there_and_back(normfreeze.fit(ARRAY[x], 'standard', jsonb_build_object('names', jsonb_build_array(n)))) FROM generate_series(1, 9) AS x,
	unnest(ARRAY['x', 'center', E'a\n\t\rb', E'\x01', E'a\x1fb', U&'\FFFE', U&'\FFFF', ']]>&<"''', '&#13;&amp;', '*/ --', 'ünï']) AS n
GROUP BY n ORDER BY n COLLATE "C";
SELECT there_and_back(normfreeze.fit(ARRAY[age, income], 'standard', E'{"names": ["a", "\\u0007"], "target": "\\u0007"}')) FROM t;
-- names of derived and output fields are no feature's
SELECT string_agg((regexp_match(line, 'name="([^"]*)"'))[1], ' ') FROM (SELECT regexp_split_to_table(normfreeze.to_pmml(normfreeze.fit(ARRAY[age, income, age, age], 'max',
	'{"names": ["a", "normalized_a", "normalize:___b", "norm_max"]}'))::text, '\n') AS line FROM t) AS q WHERE line ~ '^<(DerivedField|OutputField)';
-- a set of scalers is no scaler
SELECT normfreeze.to_pmml(normfreeze.by_key('k', s)) FROM s;

-- by id and by ref
SELECT normfreeze.freeze('pmml', s) AS id FROM s \gset
SELECT normfreeze.promote('pmml', 1);
SELECT normfreeze.to_pmml(:id)::text = normfreeze.to_pmml(normfreeze.scaler(:id))::text AS by_id, normfreeze.to_pmml('pmml')::text = normfreeze.to_pmml(:id)::text AS by_ref,
	normfreeze.to_pmml(NULL::bigint) IS NULL AS no_id, normfreeze.from_pmml(NULL) IS NULL AS no_document;
SELECT normfreeze.to_pmml(1);

-- what is another's, or no longer what was written
SELECT normfreeze.from_pmml('<PMML/>');
\echo :LAST_ERROR_SQLSTATE
SELECT normfreeze.from_pmml('<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/></PMML>');
CREATE TABLE d AS SELECT normfreeze.to_pmml(s)::text AS d FROM s;
SELECT normfreeze.from_pmml(replace(d, '<Constant dataType="double">49</Constant>', '<Constant dataType="double">50</Constant>')::xml) FROM d;
SELECT normfreeze.from_pmml(replace(d, 'lessThan', 'greaterThan')::xml) FROM d;
SELECT normfreeze.from_pmml(replace(d, '</PMML>', '<!-- more --></PMML>')::xml) FROM d;
SELECT normfreeze.from_pmml(replace(d, '&#34;format&#34;: 1', '&#34;format&#34;: 9')::xml) FROM d;
SELECT normfreeze.from_pmml(('<!DOCTYPE PMML [<!ENTITY e SYSTEM "file:///etc/passwd">]>' || d)::xml) FROM d;
-- white space between elements and the version that wrote it may be others
SELECT normfreeze.from_pmml(replace(replace(d, '><', E'>\n\t<'), '<Application name="normfreeze" version="', '<Application name="normfreeze" version="9&amp;')::xml) = normfreeze.bare(s) AS same FROM d, s;
SELECT normfreeze.from_pmml(replace(d, E'\n', '')::xml) = normfreeze.bare(s) AS same FROM d, s;

-- with its verification: rows at the ends of ranges, and how many outputs are missing
CREATE TABLE v AS SELECT normfreeze.to_pmml(s, true)::text AS d FROM s;
SELECT regexp_replace((regexp_match(d, '<OutputField name="missing_outputs".*?\n'))[1], '<Apply function="if">.*', '...') AS counted,
	(regexp_match(d, '<VerificationFields>.*</VerificationFields>'))[1] AS fields,
	(regexp_match(d, '(?:<row>[^\n]*\n){4}</InlineTable>'))[1] AS bounds FROM v;
SELECT replace(replace(d, (regexp_match(d, '<OutputField name="missing_outputs".*?\n'))[1], ''), (regexp_match(d, '<ModelVerification .*</ModelVerification>\n'))[1], '')
	= normfreeze.to_pmml(s)::text AS but_for_these, normfreeze.to_pmml(s, false)::text = normfreeze.to_pmml(s)::text AS false_is_without,
	normfreeze.to_pmml(:id, true)::text = d AS by_id, normfreeze.to_pmml('pmml', true)::text = d AS by_ref, normfreeze.to_pmml(s, NULL) IS NULL AS null_is_null FROM v, s;
-- the field that counts has a name that no feature has
SELECT unnest(regexp_matches(normfreeze.to_pmml(normfreeze.fit(ARRAY[age, income], 'standard', '{"names": ["missing_outputs", "b"]}'), true)::text,
	'OutputField name="[^"]*"', 'g')) FROM t;
-- results that overflow
CREATE TABLE o AS SELECT normfreeze.fit(ARRAY[x], 'affine', '{"features": {"a": {"center": -1e308, "scale": 1e-300}}, "names": ["a"], "outside": "clip"}') AS s
	FROM (VALUES (0::float8), (1e308)) AS v (x);
SELECT unnest(regexp_matches(normfreeze.to_pmml(s, true)::text, '<row><x1>0</x1>.*</row>', 'ng')) FROM o;
-- back, and not if it was edited
SELECT normfreeze.from_pmml(d::xml) = normfreeze.bare(s) AS back FROM v, s;
SELECT normfreeze.from_pmml(normfreeze.to_pmml(s, true)) = normfreeze.bare(s) AS back FROM o;
SELECT normfreeze.from_pmml(replace(d, '<y2>0<', '<y2>1<')::xml) FROM v;
SELECT normfreeze.from_pmml(replace(d, 'precision="0"', 'precision="1"')::xml) FROM v;
SELECT normfreeze.from_pmml(regexp_replace(d, '<ModelVerification .*</ModelVerification>', '')::xml) FROM v;
-- results that are clipped, and those of float4
SELECT normfreeze.from_pmml(normfreeze.to_pmml(s)) = normfreeze.bare(s) AS back FROM (SELECT normfreeze.fit(ARRAY[age, income], 'standard', '{"clip": [-1, 1]}') AS s FROM t) AS clipped;
SELECT normfreeze.from_pmml(normfreeze.to_pmml(s)) = normfreeze.bare(s) AS back FROM normfreeze.from_parameters('{"mean": [6.1], "scale": [0.37]}', '{"dtype": "single"}') AS s;
