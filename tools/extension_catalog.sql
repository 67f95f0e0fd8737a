-- What the catalogs say of the extension in this database: one JSON array of [kind, identity, attribute, value].
-- tools/extension_catalog.py reads it.

SET search_path = '';
SET quote_all_identifiers = off;
CREATE TEMP TABLE nf_object AS
    WITH RECURSIVE part AS (
        SELECT d.classid, d.objid, true AS member FROM pg_depend AS d JOIN pg_extension AS e
            ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
        WHERE e.extname = 'normfreeze' AND d.deptype = 'e'
        UNION
        -- indexes, constraints, triggers, rules, defaults, row types, arrays, TOAST tables
        SELECT d.classid, d.objid, false FROM part JOIN pg_depend AS d
            ON d.refclassid = part.classid AND d.refobjid = part.objid
        WHERE d.deptype IN ('a', 'i', 'P', 'S')
    )
    SELECT part.classid, part.objid, bool_or(part.member) AS member,
        (pg_identify_object(part.classid, part.objid, 0)).type AS kind,
        -- a TOAST table is called by the OID of its table
        regexp_replace((pg_identify_object(part.classid, part.objid, 0)).identity, 'pg_toast_[0-9]+', 'pg_toast_of_a_table') AS identity
    FROM part GROUP BY part.classid, part.objid;

CREATE FUNCTION pg_temp.acl(entries aclitem[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END || ' has ' || a.privilege_type
            || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END || ' of ' || a.grantor::regrole::text, ', '
            ORDER BY a.grantee::regrole::text, a.privilege_type, a.grantor::regrole::text), 'nobody')
    FROM aclexplode($1) AS a WHERE $1 IS NOT NULL HAVING $1 IS NOT NULL
$$;
CREATE FUNCTION pg_temp.type_names(types oid[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(u.t::regtype::text, ', ' ORDER BY u.i) FROM unnest($1) WITH ORDINALITY AS u(t, i)
$$;

CREATE TEMP TABLE nf_attribute AS
-- functions and aggregates
SELECT o.kind, o.identity, (to_jsonb(p) - '{oid,proname,pronamespace,proowner,prolang,provariadic,prorettype,proargtypes,proallargtypes,proargdefaults,
        prosqlbody,protrftypes,proacl}'::text[])
    || jsonb_build_object('owner', p.proowner::regrole, 'language', (SELECT l.lanname FROM pg_language AS l WHERE l.oid = p.prolang),
        'variadic', p.provariadic::regtype, 'returns', p.prorettype::regtype, 'arguments', pg_get_function_arguments(p.oid),
        'argument types', pg_temp.type_names(p.proargtypes::oid[]), 'all argument types', pg_temp.type_names(p.proallargtypes),
        'body', pg_get_function_sqlbody(p.oid), 'acl', pg_temp.acl(p.proacl)) AS attributes
FROM nf_object AS o JOIN pg_proc AS p ON o.classid = 'pg_proc'::regclass AND p.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, (to_jsonb(a) - '{aggfnoid,aggsortop,aggtranstype,aggmtranstype}'::text[])
    || jsonb_build_object('sorted by', a.aggsortop::regoperator, 'state', a.aggtranstype::regtype, 'moving state', a.aggmtranstype::regtype)
FROM nf_object AS o JOIN pg_aggregate AS a ON o.classid = 'pg_proc'::regclass AND a.aggfnoid = o.objid
UNION ALL
-- types, and the labels of enums in their order
SELECT o.kind, o.identity, (to_jsonb(t) - '{oid,typname,typnamespace,typowner,typrelid,typelem,typarray,typbasetype,typcollation,typdefaultbin,
        typacl}'::text[])
    || jsonb_build_object('owner', t.typowner::regrole, 'element', t.typelem::regtype, 'array', t.typarray::regtype, 'base', t.typbasetype::regtype,
        'collation', t.typcollation::regcollation, 'default', pg_get_expr(t.typdefaultbin, 0), 'acl', pg_temp.acl(t.typacl),
        'labels', (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid))
FROM nf_object AS o JOIN pg_type AS t ON o.classid = 'pg_type'::regclass AND t.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('function', c.castfunc::regprocedure, 'context', c.castcontext, 'method', c.castmethod)
FROM nf_object AS o JOIN pg_cast AS c ON o.classid = 'pg_cast'::regclass AND c.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, (to_jsonb(p) - '{oid,oprname,oprnamespace,oprowner,oprleft,oprright,oprresult,oprcom,oprnegate}'::text[])
    || jsonb_build_object('owner', p.oprowner::regrole, 'result', p.oprresult::regtype, 'commutator', p.oprcom::regoperator,
        'negator', p.oprnegate::regoperator)
FROM nf_object AS o JOIN pg_operator AS p ON o.classid = 'pg_operator'::regclass AND p.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('owner', c.opcowner::regrole, 'input', c.opcintype::regtype, 'key', c.opckeytype::regtype,
    'default', c.opcdefault, 'family', (pg_identify_object('pg_opfamily'::regclass, c.opcfamily, 0)).identity)
FROM nf_object AS o JOIN pg_opclass AS c ON o.classid = 'pg_opclass'::regclass AND c.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('owner', f.opfowner::regrole,
    'operators', (SELECT string_agg(concat_ws(' ', m.amopstrategy, m.amoppurpose, m.amopopr::regoperator), ', '
            ORDER BY m.amopstrategy, m.amopopr::regoperator::text) FROM pg_amop AS m WHERE m.amopfamily = f.oid),
    'functions', (SELECT string_agg(concat_ws(' ', m.amprocnum, m.amproc::regprocedure), ', '
            ORDER BY m.amprocnum, m.amproc::regprocedure::text) FROM pg_amproc AS m WHERE m.amprocfamily = f.oid))
FROM nf_object AS o JOIN pg_opfamily AS f ON o.classid = 'pg_opfamily'::regclass AND f.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('owner', n.nspowner::regrole, 'acl', pg_temp.acl(n.nspacl))
FROM nf_object AS o JOIN pg_namespace AS n ON o.classid = 'pg_namespace'::regclass AND n.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, (to_jsonb(e) - '{oid,evtname,evtowner,evtfoid}'::text[])
    || jsonb_build_object('owner', e.evtowner::regrole, 'function', e.evtfoid::regprocedure)
FROM nf_object AS o JOIN pg_event_trigger AS e ON o.classid = 'pg_event_trigger'::regclass AND e.oid = o.objid
UNION ALL
-- (some servers count changes of views in an option pg_attver of their columns)
-- tables, views, indexes; what VACUUM, ANALYZE and dropped columns leave behind is no difference
SELECT o.kind, o.identity, (to_jsonb(c) - '{oid,relname,relnamespace,reltype,reloftype,relowner,relam,relfilenode,reltablespace,relpages,reltuples,
        relallvisible,relallfrozen,reltoastrelid,relhasindex,relhasrules,relhastriggers,relhassubclass,relrewrite,relnatts,relfrozenxid,
        relminmxid,relacl,relpartbound}'::text[])
    || jsonb_build_object('owner', c.relowner::regrole, 'access method', (SELECT a.amname FROM pg_am AS a WHERE a.oid = c.relam),
        'tablespace', (SELECT t.spcname FROM pg_tablespace AS t WHERE t.oid = c.reltablespace), 'toasted', c.reltoastrelid <> 0,
        'view', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, 'acl', pg_temp.acl(c.relacl))
FROM nf_object AS o JOIN pg_class AS c ON o.classid = 'pg_class'::regclass AND c.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('definition', regexp_replace(pg_get_indexdef(i.indexrelid), 'pg_toast_[0-9]+', 'pg_toast_of_a_table', 'g'))
    || (to_jsonb(i) - '{indexrelid,indrelid,indkey,indcollation,indclass,indoption,indexprs,indpred,indcheckxmin}'::text[])
FROM nf_object AS o JOIN pg_index AS i ON o.classid = 'pg_class'::regclass AND i.indexrelid = o.objid
UNION ALL
SELECT 'column', o.identity || '.' || quote_ident(a.attname), jsonb_build_object('type', format_type(a.atttypid, a.atttypmod), 'not null', a.attnotnull,
    'place', (SELECT count(*) FROM pg_attribute AS b WHERE b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum AND NOT b.attisdropped),
    'storage', a.attstorage, 'compression', a.attcompression, 'collation', a.attcollation::regcollation, 'statistics', coalesce(a.attstattarget, -1),
    'identity', a.attidentity, 'generated', a.attgenerated,
    'options', (SELECT string_agg(u.o, ', ') FROM unnest(a.attoptions) AS u(o) WHERE u.o !~ '^pg_attver='),
    'acl', pg_temp.acl(a.attacl), 'default', pg_get_expr(d.adbin, d.adrelid),
    'comment', col_description(a.attrelid, a.attnum))
FROM nf_object AS o JOIN pg_attribute AS a ON o.classid = 'pg_class'::regclass AND a.attrelid = o.objid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('definition', pg_get_constraintdef(c.oid), 'validated', c.convalidated,
    'local', c.conislocal, 'no inherit', c.connoinherit)
FROM nf_object AS o JOIN pg_constraint AS c ON o.classid = 'pg_constraint'::regclass AND c.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled, 'internal', t.tgisinternal)
FROM nf_object AS o JOIN pg_trigger AS t ON o.classid = 'pg_trigger'::regclass AND t.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled)
FROM nf_object AS o JOIN pg_rewrite AS r ON o.classid = 'pg_rewrite'::regclass AND r.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('command', p.polcmd, 'permissive', p.polpermissive, 'roles', p.polroles::regrole[]::text,
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
FROM nf_object AS o JOIN pg_policy AS p ON o.classid = 'pg_policy'::regclass AND p.oid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('definition', pg_get_statisticsobjdef(s.oid))
FROM nf_object AS o JOIN pg_statistic_ext AS s ON o.classid = 'pg_statistic_ext'::regclass AND s.oid = o.objid
UNION ALL
-- of all of them
SELECT o.kind, o.identity, jsonb_build_object('member', o.member, 'comment', obj_description(o.objid, o.classid::regclass::name))
FROM nf_object AS o
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('initial privileges' || CASE WHEN i.objsubid = 0 THEN '' ELSE ' of column ' || i.objsubid END,
    i.privtype::text || ': ' || pg_temp.acl(i.initprivs))
FROM nf_object AS o JOIN pg_init_privs AS i ON i.classoid = o.classid AND i.objoid = o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('depends on', string_agg(d.deptype::text || ' '
    || regexp_replace(r.type || ' ' || r.identity, 'pg_toast_[0-9]+', 'pg_toast_of_a_table'), ', ' ORDER BY d.deptype, r.type, r.identity, d.objsubid))
FROM nf_object AS o JOIN pg_depend AS d ON d.classid = o.classid AND d.objid = o.objid
CROSS JOIN LATERAL pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) AS r
GROUP BY o.kind, o.identity, o.objid
UNION ALL
SELECT o.kind, o.identity, jsonb_build_object('roles', string_agg(s.deptype::text || ' ' || s.refobjid::regrole, ', '
    ORDER BY s.deptype, s.refobjid::regrole::text))
FROM nf_object AS o JOIN pg_shdepend AS s ON s.classid = o.classid AND s.objid = o.objid AND s.refclassid = 'pg_authid'::regclass
WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
GROUP BY o.kind, o.identity, o.objid
UNION ALL
SELECT 'extension', e.extname, jsonb_build_object('owner', e.extowner::regrole, 'schema', e.extnamespace::regnamespace, 'version', e.extversion,
    'relocatable', e.extrelocatable, 'comment', obj_description(e.oid, 'pg_extension'),
    'dumped', (SELECT string_agg(u.t::regclass || ' ' || quote_literal(u.c), ', ' ORDER BY u.t::regclass::text)
        FROM unnest(e.extconfig, e.extcondition) AS u(t, c)))
FROM pg_extension AS e WHERE e.extname = 'normfreeze'
UNION ALL
SELECT 'default privileges', concat_ws(' ', a.defaclrole::regrole, a.defaclnamespace::regnamespace, a.defaclobjtype),
    jsonb_build_object('acl', pg_temp.acl(a.defaclacl))
FROM pg_default_acl AS a
UNION ALL
SELECT 'setting', concat_ws(' ', s.setrole::regrole, s.setconfig), jsonb_build_object('is', 'there') FROM pg_db_role_setting AS s
WHERE s.setdatabase = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
UNION ALL
SELECT 'not compared', o.classid::regclass || ' ' || o.identity, jsonb_build_object('is', 'there') FROM nf_object AS o
WHERE o.member AND o.classid::regclass::text <> ALL ('{pg_class,pg_proc,pg_type,pg_cast,pg_operator,pg_opclass,pg_opfamily,pg_namespace,pg_event_trigger}');

SELECT json_agg(json_build_array(a.kind, a.identity, k.key, k.value)) FROM nf_attribute AS a, jsonb_each_text(a.attributes) AS k;
