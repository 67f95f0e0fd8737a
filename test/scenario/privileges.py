#!/usr/bin/env python3
"""What the extension lets whom do: every object with its kind, owner, rights and properties, against test/data/privileges.txt.

A difference must be deliberate: read it, and `test/scenario/privileges.py --accept` writes it down.  The extension is installed as trusted
ones usually are, by a role that is no superuser, so that what it grants to that role is seen.
"""

import difflib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from common import Server, check, check_equal, run_scenario, run_tests  # noqa: E402

SNAPSHOT = pathlib.Path(__file__).resolve().parents[1] / "data/privileges.txt"

QUERIES = r"""
SET search_path = pg_catalog;

-- the bootstrap superuser owns the objects, whoever installs; another name for it would be another line
CREATE FUNCTION pg_temp.acl(acl aclitem[], kind "char", owner oid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE a.grantee WHEN 0 THEN 'PUBLIC' WHEN owner THEN 'owner' ELSE '(' || a.grantee::regrole || ')' END || '=' ||
                      privileges, ' ' ORDER BY a.grantee = 0, a.grantee <> owner, a.grantee)
    FROM (SELECT grantee, string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ',' ORDER BY privilege_type) AS privileges
          FROM aclexplode(coalesce(acl, acldefault(kind, owner)))
          -- a privilege of tables of 17 and later
          WHERE privilege_type <> 'MAINTAIN' GROUP BY grantee) AS a $$;

CREATE TEMP VIEW members AS
    SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
    WHERE e.extname = 'normfreeze' AND d.deptype = 'e';

-- one owner for all
SELECT 'all is owned by the bootstrap superuser: ' || bool_and(owner = 10)
FROM (SELECT proowner AS owner FROM pg_proc JOIN members ON classid = 'pg_proc'::regclass AND objid = oid
      UNION ALL SELECT relowner FROM pg_class JOIN members ON classid = 'pg_class'::regclass AND objid = oid
      UNION ALL SELECT typowner FROM pg_type JOIN members ON classid = 'pg_type'::regclass AND objid = oid
      UNION ALL SELECT oprowner FROM pg_operator JOIN members ON classid = 'pg_operator'::regclass AND objid = oid
      UNION ALL SELECT nspowner FROM pg_namespace JOIN members ON classid = 'pg_namespace'::regclass AND objid = oid) AS o;


-- functions: kind, security, volatility, parallel, strict, leakproof, settings, language, privileges
SELECT p.oid::regprocedure || ': ' ||
    CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END ||
    CASE WHEN prosecdef THEN ', SECURITY DEFINER' ELSE '' END ||
    CASE provolatile WHEN 'i' THEN ', immutable' WHEN 's' THEN ', stable' ELSE ', volatile' END ||
    CASE proparallel WHEN 's' THEN ', parallel safe' WHEN 'r' THEN ', parallel restricted' ELSE ', parallel unsafe' END ||
    CASE WHEN proisstrict THEN ', strict' ELSE '' END || CASE WHEN proleakproof THEN ', LEAKPROOF' ELSE '' END ||
    coalesce(', SET ' || array_to_string(proconfig, ', '), '') || ', ' || lanname || '; ' || pg_temp.acl(proacl, 'f', proowner)
FROM pg_proc AS p JOIN members ON classid = 'pg_proc'::regclass AND objid = p.oid JOIN pg_language AS l ON l.oid = prolang
ORDER BY p.oid::regprocedure::text COLLATE "C";

-- tables, views and sequences, with row security and views' own rights
SELECT c.oid::regclass || ': ' || CASE relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE relkind::text END ||
    CASE WHEN relrowsecurity THEN ', row security' ELSE '' END || coalesce(', ' || array_to_string(reloptions, ', '), '') || '; ' ||
    pg_temp.acl(relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)
FROM pg_class AS c JOIN members ON classid = 'pg_class'::regclass AND objid = c.oid WHERE relkind <> 'c'
ORDER BY c.oid::regclass::text COLLATE "C";

-- columns with privileges of their own
SELECT attrelid::regclass || '.' || attname || ': ' || pg_temp.acl(attacl, 'c', relowner)
FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid JOIN members ON classid = 'pg_class'::regclass AND objid = attrelid
WHERE attacl IS NOT NULL ORDER BY 1;

-- without arrays and the rows of tables, which are members since 17
SELECT 'type ' || t.oid::regtype || ': ' || pg_temp.acl(typacl, 'T', typowner)
FROM pg_type AS t JOIN members ON classid = 'pg_type'::regclass AND objid = t.oid LEFT JOIN pg_class AS c ON c.oid = typrelid
WHERE typcategory <> 'A' AND coalesce(c.relkind, 'c') = 'c' ORDER BY t.oid::regtype::text COLLATE "C";

SELECT 'schema ' || nspname || ': ' || pg_temp.acl(nspacl, 'n', nspowner)
FROM pg_namespace AS n JOIN members ON classid = 'pg_namespace'::regclass AND objid = n.oid;

SELECT 'operator ' || o.oid::regoperator || ' is ' || oprcode || coalesce(', restrict ' || nullif(oprrest, 0)::regproc, '')
FROM pg_operator AS o JOIN members ON classid = 'pg_operator'::regclass AND objid = o.oid ORDER BY 1;

SELECT 'cast ' || castsource::regtype || ' to ' || casttarget::regtype || ', ' || castcontext::text
FROM pg_cast AS c JOIN members ON classid = 'pg_cast'::regclass AND objid = c.oid ORDER BY 1;

-- triggers and rules: when they fire, and what they call
SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass || ' calls ' || tgfoid::regproc || ', enabled ' || tgenabled::text
FROM pg_trigger JOIN members ON classid = 'pg_class'::regclass AND objid = tgrelid WHERE NOT tgisinternal ORDER BY 1;
SELECT 'rule ' || rulename || ' on ' || ev_class::regclass FROM pg_rewrite JOIN members ON classid = 'pg_class'::regclass AND objid = ev_class
WHERE rulename <> '_RETURN' ORDER BY 1;
SELECT 'event trigger ' || evtname || ' on ' || evtevent || coalesce(' of ' || array_to_string(evttags, ', '), '') || ' calls ' || evtfoid::regproc ||
    ', enabled ' || evtenabled::text
FROM pg_event_trigger AS t JOIN members ON classid = 'pg_event_trigger'::regclass AND objid = t.oid ORDER BY 1;
SELECT 'policy ' || polname || ' on ' || polrelid::regclass FROM pg_policy JOIN members ON classid = 'pg_class'::regclass AND objid = polrelid ORDER BY 1;
"""


def scenario(installation):
    with Server(installation, "privileges") as server:
        server.query("CREATE ROLE installer LOGIN")
        server.query("GRANT CREATE ON DATABASE postgres TO installer")
        server.query("CREATE EXTENSION normfreeze", user="installer")
        found = server.query(QUERIES).splitlines()

        def nothing_differs_from_the_snapshot():
            if "--accept" in sys.argv:
                SNAPSHOT.write_text("\n".join(found) + "\n")
            difference = [line for line in difflib.unified_diff(SNAPSHOT.read_text().splitlines(), found, "accepted", "found", lineterm="", n=0)]
            check(not difference, "privileges and properties are those of the snapshot",
                  "\n".join(difference[:60]) + "\nIf this is meant: test/scenario/privileges.py --accept")

        def every_kind_of_object_is_in_it():
            kinds = server.query("""SELECT string_agg(DISTINCT classid::regclass::text, ' ' ORDER BY classid::regclass::text) FROM pg_depend AS d
                JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid WHERE extname = 'normfreeze' AND deptype = 'e'""")
            check_equal(kinds, "pg_cast pg_class pg_event_trigger pg_namespace pg_opclass pg_operator pg_opfamily pg_proc pg_type", "kinds of objects")

        def what_runs_as_the_owner_is_safe():
            """In C, where every name is qualified, or with a search_path of its own; and no function is leakproof."""
            check_equal(server.query("""SELECT p.oid::regprocedure FROM pg_proc AS p JOIN pg_language AS l ON l.oid = prolang
                WHERE pronamespace = 'normfreeze'::regnamespace AND prosecdef AND lanname <> 'c' AND NOT coalesce(proconfig::text LIKE '%search_path=%', false)"""),
                        "", "SECURITY DEFINER without a search_path")
            check_equal(server.query("SELECT count(*) FROM pg_proc WHERE pronamespace = 'normfreeze'::regnamespace AND proleakproof"), "0", "leakproof functions")

        run_tests([nothing_differs_from_the_snapshot, every_kind_of_object_is_in_it, what_runs_as_the_owner_is_safe])


if __name__ == "__main__":
    run_scenario(scenario)
