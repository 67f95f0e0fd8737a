-- privileges: what writes or shows the registry is for the installing user to hand out

-- what the install script granted is what PostgreSQL has recorded of it (pg_init_privs): there is no other list

CREATE VIEW normfreeze.privilege_faults AS
	WITH members AS (
		SELECT d.classid AS catalog, d.objid AS id, e.extowner, pg_catalog.pg_get_userbyid(e.extowner) AS rolname
		FROM pg_catalog.pg_extension AS e
		JOIN pg_catalog.pg_depend AS d ON d.refobjid OPERATOR(pg_catalog.=) e.oid
			AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype OPERATOR(pg_catalog.=) 'e'
		WHERE e.extname OPERATOR(pg_catalog.=) 'normfreeze'
	), objects AS (
		SELECT 'FUNCTION' AS kind, m.catalog, m.id, m.extowner, m.rolname,
			pg_catalog.format('normfreeze.%I(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS name,
			p.proowner AS owner, COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner)) AS acl
		FROM members AS m JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) m.id
		WHERE m.catalog OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
		UNION ALL
		SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, m.catalog, m.id, m.extowner, m.rolname,
			pg_catalog.format('normfreeze.%I', c.relname), c.relowner, COALESCE(c.relacl, pg_catalog.acldefault('r', c.relowner))
		FROM members AS m JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) m.id
		WHERE m.catalog OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
			AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'v']::"char"[])
		UNION ALL
		SELECT 'SCHEMA', m.catalog, m.id, m.extowner, m.rolname,
			n.nspname, n.nspowner, COALESCE(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
		FROM members AS m JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) m.id
		WHERE m.catalog OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
	), granted AS (
		-- the script grants with grant option to the owner of the extension alone, whoever that was
		SELECT o.kind, o.catalog, o.id, x.grantee OPERATOR(pg_catalog.=) 0 AS to_public, x.privilege_type AS privilege, x.is_grantable
		FROM objects AS o
		JOIN pg_catalog.pg_init_privs AS i ON i.objoid OPERATOR(pg_catalog.=) o.id
			AND i.classoid OPERATOR(pg_catalog.=) o.catalog AND i.objsubid OPERATOR(pg_catalog.=) 0
		CROSS JOIN LATERAL pg_catalog.aclexplode(i.initprivs) AS x
	), held AS (
		SELECT o.kind, o.catalog, o.id, o.name, '' AS columns, x.grantee, x.privilege_type AS privilege, o.owner
		FROM objects AS o CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) AS x
		UNION ALL
		SELECT o.kind, o.catalog, o.id, o.name, pg_catalog.format(' (%I)', a.attname), x.grantee, x.privilege_type, o.owner
		FROM objects AS o
		JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) o.id AND NOT a.attisdropped
		CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS x
		WHERE o.kind OPERATOR(pg_catalog.=) 'TABLE'
	)
	SELECT pg_catalog.format('%s lacks %s on %s', o.rolname, m.privileges, o.name) AS fault,
		pg_catalog.format('GRANT %s ON %s %s TO %I WITH GRANT OPTION', m.privileges,
			CASE o.kind WHEN 'VIEW' THEN 'TABLE' ELSE o.kind END, o.name, o.rolname) AS repair
	FROM objects AS o
	CROSS JOIN LATERAL (
		SELECT pg_catalog.string_agg(g.privilege, ', ' ORDER BY g.privilege) AS privileges
		FROM (SELECT DISTINCT t.privilege FROM granted AS t
			WHERE t.id OPERATOR(pg_catalog.=) o.id AND t.catalog OPERATOR(pg_catalog.=) o.catalog AND t.is_grantable) AS g
		WHERE NOT CASE o.kind WHEN 'FUNCTION' THEN pg_catalog.has_function_privilege(o.extowner, o.id, g.privilege OPERATOR(pg_catalog.||) ' WITH GRANT OPTION')
			WHEN 'SCHEMA' THEN pg_catalog.has_schema_privilege(o.extowner, o.id, g.privilege OPERATOR(pg_catalog.||) ' WITH GRANT OPTION')
			ELSE pg_catalog.has_table_privilege(o.extowner, o.id, g.privilege OPERATOR(pg_catalog.||) ' WITH GRANT OPTION') END
	) AS m
	WHERE m.privileges IS NOT NULL
	UNION ALL
	-- what the script has taken from PUBLIC, what would change the registry or run in its owner's name, and new objects with our names
	SELECT pg_catalog.format('%s has %s%s on %s', w.grantee, h.privilege, h.columns, h.name),
		pg_catalog.format('REVOKE %s%s ON %s %s FROM %s CASCADE', h.privilege, h.columns, h.kind, h.name, w.grantee)
	FROM held AS h
	CROSS JOIN LATERAL (
		SELECT CASE h.grantee WHEN 0 THEN 'PUBLIC' ELSE h.grantee::pg_catalog.regrole::pg_catalog.text END AS grantee) AS w
	WHERE h.grantee OPERATOR(pg_catalog.<>) h.owner
		AND CASE h.kind
			WHEN 'TABLE' THEN h.privilege OPERATOR(pg_catalog.=) ANY (ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER'])
			WHEN 'SCHEMA' THEN h.privilege OPERATOR(pg_catalog.=) 'CREATE'
			WHEN 'FUNCTION' THEN h.grantee OPERATOR(pg_catalog.=) 0
				AND EXISTS (SELECT 1 FROM granted AS g WHERE g.id OPERATOR(pg_catalog.=) h.id AND g.catalog OPERATOR(pg_catalog.=) h.catalog)
				AND NOT EXISTS (SELECT 1 FROM granted AS g
					WHERE g.id OPERATOR(pg_catalog.=) h.id AND g.catalog OPERATOR(pg_catalog.=) h.catalog AND g.to_public)
			ELSE false END
	UNION ALL
	SELECT pg_catalog.format('%s is owned by %s, and the other tables by %s', o.name, o.owner::pg_catalog.regrole, s.relowner::pg_catalog.regrole),
		pg_catalog.format('ALTER %s %s OWNER TO %s', o.kind, o.name, s.relowner::pg_catalog.regrole)
	FROM objects AS o
	JOIN pg_catalog.pg_class AS s ON s.oid OPERATOR(pg_catalog.=) 'normfreeze.scalers'::pg_catalog.regclass::pg_catalog.oid
	WHERE o.kind OPERATOR(pg_catalog.<>) 'FUNCTION' AND o.owner OPERATOR(pg_catalog.<>) s.relowner;
COMMENT ON VIEW normfreeze.privilege_faults IS 'privileges on the registry that are missing or too much, and the statement that mends each';

CREATE FUNCTION normfreeze.repair(dry_run boolean DEFAULT false) RETURNS TABLE (problem text, repaired boolean, detail text)
	AS 'MODULE_PATHNAME', 'repair' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION normfreeze.repair(boolean) IS 'put back the guards and privileges that the extension was installed with; a row for each that was not in force';

REVOKE EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.rollback(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.demote(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.retire(text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.rollback(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.demote(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.retire(text, integer, text) TO @extowner@ WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.disallow_stage(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.disallow_stage(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.scalers, normfreeze.profiles, normfreeze.versions, normfreeze.stage_log,
		normfreeze.members, normfreeze.stage_access_log
	TO @extowner@ WITH GRANT OPTION;
-- for foreign keys of tables that say which scaler their rows are of
GRANT REFERENCES ON normfreeze.scalers, normfreeze.versions TO @extowner@ WITH GRANT OPTION;
GRANT SELECT ON normfreeze.privilege_faults, normfreeze.guards, normfreeze.stages, normfreeze.stage_history, normfreeze.stage_access TO @extowner@ WITH GRANT OPTION;
