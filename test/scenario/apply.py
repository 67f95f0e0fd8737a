"""normalize() by id, by ref and by value always applies the right scaler, to whoever may use it, whatever is cached."""

from common import (Server, Session, bits_sql, check, check_equal, check_error, check_in, failed_checks, freeze, prepare,
                    run_scenario, run_tests, sqlstate)


def send(expression):
    """The bits of a float8[] as text."""
    return f"encode(array_send({expression}), 'hex')"


def promote(server, version):
    server.query(f"SELECT normfreeze.promote('churn', {version})")


def tests_of(server):
    prepare(server)
    ids = [freeze(server, "churn", "standard"), freeze(server, "churn", "minmax"), freeze(server, "churn", "robust"),
           freeze(server, "churn", "maxabs")]
    freeze(server, "other", "standard", where="id % 2 = 0")
    one = "SELECT " + send("normfreeze.normalize(t, %s)") + " FROM customers AS t WHERE id = 17"
    expected = [server.query(one % scaler_id) for scaler_id in ids]
    all_bits = [server.query(bits_sql(scaler_id)) for scaler_id in ids]
    server.query("""
        CREATE ROLE reader; GRANT SELECT ON normfreeze.scalers TO reader; GRANT SELECT ON customers TO reader;
        CREATE ROLE nobody; GRANT SELECT ON customers TO nobody""")

    def applied(session_or_server, argument="'churn'::text"):
        """Which version's bits come out: its number, or what came out instead."""
        got = session_or_server.query(one % argument)
        return expected.index(got) + 1 if got in expected else got

    # ---- several scalers in one query ----

    def the_scalers_differ():
        check_equal(len(set(expected)), 4, "four scalers with different results")
        promote(server, 1)
        check_equal(applied(server), 1, "version 1 is in production")

    def an_id_per_row():
        """300 scalers, more than the session's cache keeps, in mixed order, against the formula itself."""
        server.query("""
            DO $$ BEGIN
                FOR k IN 1 .. 300 LOOP
                    PERFORM normfreeze.freeze('many', (SELECT normfreeze.fit(ARRAY[age * k, income + k], 'standard')
                                                       FROM customers WHERE id <= 20 + k));
                END LOOP;
            END $$;
            CREATE TABLE formula AS
                SELECT v.version, v.scaler_id, array_agg(d.center ORDER BY d.ordinal) AS c, array_agg(d.scale ORDER BY d.ordinal) AS s
                FROM normfreeze.versions AS v, normfreeze.describe(v.scaler_id) AS d WHERE v.name = 'many' GROUP BY 1, 2;
            CREATE TABLE mixed AS
                SELECT t.id, f.* , ARRAY[t.age, t.income] AS x FROM customers AS t, formula AS f WHERE t.id <= 20
                ORDER BY md5(t.id::text || f.version)""")
        right = "array_send(ARRAY[(x[1] - c[1]) / s[1], (x[2] - c[2]) / s[2]])"
        with Session(server) as session:
            for round_number in (1, 2):
                check_equal(session.query(f"SELECT count(*) FROM mixed WHERE array_send(normfreeze.normalize(x, scaler_id)) = {right}"),
                            "6000", f"an id per row, round {round_number}")
            check_equal(session.query(f"""SELECT count(*) FROM mixed
                WHERE array_send(normfreeze.normalize(x, 'many@v' || version)) = {right}"""), "6000", "a ref per row")
            check_equal(session.query(f"""SELECT count(*) FROM mixed JOIN normfreeze.scalers USING (scaler_id)
                WHERE array_send(normfreeze.normalize(x, scaler)) = {right}"""), "6000", "a scaler per row")
            check_equal(session.query(f"""SELECT count(*) FROM mixed
                WHERE array_send(normfreeze.normalize(x, normfreeze.scaler(scaler_id))) = {right}"""), "6000", "scaler(id) per row")

    def several_calls_per_row():
        promote(server, 2)
        got = server.query(f"""
            SELECT {send("normfreeze.normalize(t, 'churn')")}, {send("normfreeze.normalize(t, 'churn@v1')")},
                   {send(f"normfreeze.normalize(t, {ids[2]})")}, {send("normfreeze.normalize(t, 'churn@latest')")},
                   {send(f"normfreeze.normalize(t, normfreeze.scaler({ids[0]}))")}
            FROM customers AS t WHERE id = 17""")
        check_equal([expected.index(bits) + 1 for bits in got.split("|")], [2, 1, 3, 4, 1], "five calls in a row")

    def calls_within_one_call_site():
        """CASE, lateral rescans and correlated subqueries with an id that changes."""
        check_equal(server.query(f"""
            SELECT bool_and({send("normfreeze.normalize(t, i.id)")} = {send("l.z")} AND l.z = s.z) FROM customers AS t,
                unnest(ARRAY[{", ".join(ids)}]::bigint[]) AS i(id),
                LATERAL (SELECT normfreeze.normalize(t, i.id) AS z OFFSET 0) AS l,
                LATERAL (SELECT (SELECT normfreeze.normalize(u, i.id) FROM customers AS u WHERE u.id = t.id) AS z) AS s"""),
            "t", "the same by three ways")

    def rows_of_changing_types():
        """The columns are found again after ALTER TABLE, and in every partition by its own."""
        with Session(server) as session:
            session.query("CREATE TABLE shifted AS SELECT * FROM customers")
            bits = "SELECT md5(string_agg(" + send(f"normfreeze.normalize(t, {ids[0]})") + ", '' ORDER BY id)) FROM %s AS t"
            session.query("SET plan_cache_mode = force_generic_plan; PREPARE p AS " + bits % "shifted")
            check_equal(session.query("EXECUTE p"), all_bits[0], "before ALTER TABLE")
            session.query("ALTER TABLE shifted DROP COLUMN age; ALTER TABLE shifted ADD COLUMN note text; "
                          "ALTER TABLE shifted ADD COLUMN age float8; UPDATE shifted SET age = customers.age "
                          "FROM customers WHERE customers.id = shifted.id")
            check_equal(session.query("EXECUTE p"), all_bits[0], "after ALTER TABLE")
            session.query("""
                CREATE TABLE parts (age float8, income float8, tenure float8, id int) PARTITION BY RANGE (id);
                CREATE TABLE part1 (id int NOT NULL, tenure float8, income float8, age float8);
                ALTER TABLE parts ATTACH PARTITION part1 FOR VALUES FROM (0) TO (100);
                CREATE TABLE part2 PARTITION OF parts FOR VALUES FROM (100) TO (1000);
                INSERT INTO parts (id, age, income, tenure) SELECT id, age, income, tenure FROM customers""")
            check_equal(session.query(bits % "parts"), all_bits[0], "partitions with columns in another order")
            session.query("""
                CREATE FUNCTION any_part(wanted int) RETURNS record LANGUAGE plpgsql AS $$
                DECLARE r record; BEGIN
                    IF wanted < 100 THEN SELECT * INTO r FROM part1 WHERE id = wanted;
                    ELSE SELECT * INTO r FROM part2 WHERE id = wanted; END IF;
                    RETURN r;
                END $$""")
            check_equal(session.query(f"""SELECT md5(string_agg({send(f"normfreeze.normalize(any_part(id), {ids[0]})")}, '' ORDER BY id))
                FROM (SELECT id FROM customers ORDER BY md5(id::text) OFFSET 0) AS mixed"""),
                        all_bits[0], "records of two types in one call")

    # ---- parallel workers ----

    def parallel_settings(session):
        forced = "debug_parallel_query" if int(session.query("SHOW server_version_num")) >= 160000 else "force_parallel_mode"
        session.query(f"SET {forced} = on; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
                      "SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2")

    def parallel_workers():
        server.query("""CREATE TABLE large AS SELECT i AS id, age, income, tenure FROM customers, generate_series(1, 60) AS i;
                        ANALYZE large; GRANT SELECT ON large TO reader, nobody""")
        with Session(server) as session:
            promote(server, 3)
            query = ("SELECT count(*), md5(sum(('x' || substr(md5(%s), 1, 15))::bit(60)::bigint)::text) FROM large AS t"
                     % send("normfreeze.normalize(t, %s)"))
            arguments = (ids[2], "'churn'::text", f"normfreeze.scaler({ids[2]})", "'churn@v3'::text",
                         f"(ARRAY[{', '.join(ids)}])[id % 4 + 1]")
            serial = [session.query("SET max_parallel_workers_per_gather = 0;" + query % argument) for argument in arguments]
            parallel_settings(session)
            for argument, right in zip(arguments, serial):
                check_equal(session.query(query % argument), right, f"in parallel, by {argument}")
                check_in("Workers Launched: 2", session.query(f"EXPLAIN (ANALYZE, COSTS off, TIMING off) {query % argument}"),
                         f"workers take part, by {argument}")
            session.query("SET ROLE nobody")
            check_error(session.do(query % ids[2]), "42501", "workers check privileges, by id")
            check_error(session.do(query % "'churn'::text"), "42501", "workers check privileges, by ref")
            session.query("SET ROLE reader")
            check_equal(session.query(query % ids[2]), serial[0], "reader may, in parallel")

    def fit_table_is_parallel_inside_freeze():
        plan = ("SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0; "
                "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; LOAD 'auto_explain'; "
                "SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; "
                "SET auto_explain.log_analyze = on; SET client_min_messages = log; SELECT normfreeze.freeze('in parallel', %s)")
        shown = server.psql(plan % "normfreeze.fit_table('large', 'robust')", check=False)
        if "auto_explain" in shown.stderr and shown.returncode != 0:
            print("fit_table in parallel: skipped, there is no auto_explain")
            return
        check_in("Workers Launched: 2", shown.stderr, "fit_table() inside freeze() has workers")
        alone = server.psql(plan % "normfreeze.fit(t, 'robust')) FROM large AS t --", check=False)
        check("Workers Launched" not in alone.stderr, "the plain aggregate inside freeze() has none")
        check_equal(shown.stdout, alone.stdout, "and they give one id")

    def what_a_transaction_froze_is_known_to_its_workers():
        with Session(server) as session:
            session.query("BEGIN")
            mine = session.query("SELECT normfreeze.freeze('mine', normfreeze.fit(ARRAY[age, income, 3 * tenure], 'robust')) FROM customers")
            query = "SELECT bool_and(normfreeze.normalize(ARRAY[age, income, tenure], %s) IS NOT NULL) FROM large"
            parallel_settings(session)
            check_equal(session.query(query % mine), "t", "by id in workers")
            check_equal(session.query(query % "'mine@v1'::text"), "t", "by ref in workers")
            session.query("ROLLBACK")
            check_error(session.do(query % mine), "42704", "and is gone after ROLLBACK")

    # ---- promote() while a session goes on ----

    def an_open_session_sees_promote():
        with Session(server) as session:
            for version in (1, 2, 4, 3):
                promote(server, version)
                check_equal(applied(session), version, f"after promote({version})")

    def a_cursor_keeps_its_snapshot():
        promote(server, 1)
        cursor = f"SELECT {send('normfreeze.normalize(t, %s)')} FROM customers AS t, generate_series(1, 6) WHERE t.id = 17"
        fetch = "FETCH 1 FROM c"
        with Session(server) as session:
            session.query("BEGIN; DECLARE c CURSOR FOR " + cursor % "'churn'")
            check_equal(session.query(fetch), expected[0], "first row")
            promote(server, 2)
            check_equal(session.query(fetch), expected[0], "after another session's promote()")
            check_equal(applied(session), 2, "a new query sees it")
            session.query("SELECT normfreeze.promote('churn', 3)")
            check_equal(session.query(fetch), expected[0], "after the own promote()")
            check_equal(applied(session), 3, "a new query sees that")
            session.query("SAVEPOINT s; SELECT normfreeze.promote('churn', 4)")
            check_equal(applied(session), 4, "a promote() in a savepoint")
            session.query("ROLLBACK TO s")
            check_equal(session.query(fetch), expected[0], "after ROLLBACK TO")
            check_equal(applied(session), 3, "a new query after ROLLBACK TO")
            session.query("COMMIT")
            session.query("BEGIN; DECLARE c CURSOR WITH HOLD FOR " + cursor % "'churn'" + "; COMMIT")
            promote(server, 1)
            check_equal(session.query(fetch), expected[2], "a cursor WITH HOLD keeps what it has")

    def a_transaction_of_repeatable_reads():
        promote(server, 1)
        with Session(server) as session:
            session.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
            check_equal(applied(session), 1, "first look")
            promote(server, 2)
            check_equal(applied(session), 1, "the snapshot has not changed")
            session.query("COMMIT; BEGIN")
            check_equal(applied(session), 2, "READ COMMITTED")
            promote(server, 3)
            check_equal(applied(session), 3, "sees each statement's own state")
            session.query("COMMIT")

    def a_loop_sees_its_own_promotes():
        """One call site in plpgsql, and the stage changes between its calls."""
        with Session(server) as session:
            session.query(f"""
                CREATE FUNCTION promote_and_apply() RETURNS text LANGUAGE plpgsql AS $$
                DECLARE z float8[]; seen text := ''; t customers;
                BEGIN
                    SELECT * INTO t FROM customers WHERE id = 17;
                    FOR version IN 1 .. 4 LOOP
                        PERFORM normfreeze.promote('churn', version);
                        z := normfreeze.normalize(t, 'churn');
                        seen := seen || ' ' || {send('z')};
                        IF normfreeze.scaler_id('churn') <> (ARRAY[{', '.join(ids)}])[version] THEN
                            seen := seen || '(scaler_id() is late)';
                        END IF;
                    END LOOP;
                    RETURN ltrim(seen);
                END $$""")
            check_equal(session.query("SELECT promote_and_apply()").split(), expected, "each call after its promote()")

    def a_procedure_that_commits():
        with Session(server) as session:
            session.query(f"""
                CREATE TABLE seen (z text);
                CREATE PROCEDURE promote_and_commit() LANGUAGE plpgsql AS $$
                DECLARE z float8[]; t customers;
                BEGIN
                    SELECT * INTO t FROM customers WHERE id = 17;
                    FOR version IN REVERSE 4 .. 1 LOOP
                        PERFORM normfreeze.promote('churn', version);
                        IF version = 2 THEN ROLLBACK; ELSE COMMIT; END IF;
                        z := normfreeze.normalize(t, 'churn');
                        INSERT INTO seen VALUES ({send('z')});
                        COMMIT;
                    END LOOP;
                END $$; CALL promote_and_commit()""")
            check_equal(session.query("SELECT z FROM seen").split(), [expected[3], expected[2], expected[2], expected[0]],
                        "over COMMIT and ROLLBACK")

    def a_stable_function_sees_its_querys_snapshot():
        """While a query runs, a STABLE function in it sees the state at the query's start."""
        promote(server, 1)
        got = server.query(f"""
            CREATE FUNCTION stable_one(i int) RETURNS text STABLE LANGUAGE plpgsql AS $$
            DECLARE t customers; BEGIN
                SELECT * INTO t FROM customers WHERE id = 17; RETURN {send("normfreeze.normalize(t, 'churn')")};
            END $$;
            CREATE FUNCTION volatile_one(i int) RETURNS text VOLATILE LANGUAGE plpgsql AS $$
            DECLARE t customers; BEGIN
                SELECT * INTO t FROM customers WHERE id = 17; RETURN {send("normfreeze.normalize(t, 'churn')")};
            END $$;
            SELECT normfreeze.promote('churn', i) = 0, stable_one(i), volatile_one(i) FROM generate_series(2, 4) AS i""")
        lines = [line.split("|") for line in got.splitlines()]
        check_equal([line[1] for line in lines], [expected[0]] * 3, "STABLE keeps the snapshot")
        check_equal([line[2] for line in lines], expected[1:], "VOLATILE sees each change")

    # ---- columns by name: calls with constants, which share what they have found ----

    columns = "ARRAY[normfreeze.normalize(age, 'churn', 'age'), normfreeze.normalize(income, 'churn', 'income')]"
    two = [server.query(f"SELECT {send(f'(normfreeze.normalize(t, {scaler_id}))[1:2]')} FROM customers AS t WHERE id = 17")
           for scaler_id in ids]

    def columns_in_a_loop_that_promotes():
        """The calls of a plpgsql expression live on while what they have found does not."""
        with Session(server) as session:
            session.query(f"""
                CREATE FUNCTION promote_and_apply_columns(versions int[]) RETURNS text LANGUAGE plpgsql AS $$
                DECLARE z float8[]; seen text := ''; age float8; income float8;
                BEGIN
                    SELECT c.age, c.income INTO age, income FROM customers AS c WHERE id = 17;
                    FOR i IN 1 .. cardinality(versions) LOOP
                        PERFORM normfreeze.promote('churn', versions[i]);
                        FOR twice IN 1 .. 2 LOOP
                            z := {columns};
                            seen := seen || ' ' || {send('z')};
                        END LOOP;
                    END LOOP;
                    RETURN ltrim(seen);
                END $$""")
            for _ in range(2):
                seen = session.query("SELECT promote_and_apply_columns('{1,2,4,4,3,1}')").split()
                check_equal([two.index(bits) + 1 for bits in seen], [1, 1, 2, 2, 4, 4, 4, 4, 3, 3, 1, 1], "each after its promote()")

    def columns_of_two_cursors():
        promote(server, 1)
        cursor = f"CURSOR FOR SELECT {send(columns)} FROM customers, generate_series(1, 6) WHERE customers.id = 17"
        with Session(server) as session:
            session.query(f"BEGIN; DECLARE a {cursor}")
            check_equal(session.query("FETCH 1 FROM a"), two[0], "the first")
            session.query("SELECT normfreeze.promote('churn', 2)")
            session.query(f"DECLARE b {cursor}")
            for _ in range(3):
                check_equal([session.query("FETCH 1 FROM b"), session.query("FETCH 1 FROM a")], [two[1], two[0]], "each its snapshot")
            session.query("SET LOCAL ROLE nobody")
            check_error(session.do("FETCH 1 FROM a"), "42501", "whoever fetches needs the privilege")
            session.query("ROLLBACK")

    def columns_of_a_row_that_promotes():
        """Between two columns of a row something runs, with a snapshot of its own."""
        promote(server, 1)
        got = server.query(f"""
            CREATE FUNCTION columns_now() RETURNS text VOLATILE LANGUAGE plpgsql
                AS $$ BEGIN RETURN (SELECT {send(columns)} FROM customers WHERE id = 17); END $$;
            SELECT {send(columns)}, normfreeze.promote('churn', i) > 0, columns_now(), {send(columns)}
                FROM customers, generate_series(1, 4) AS i WHERE customers.id = 17""")
        lines = [line.split("|") for line in got.splitlines()]
        check_equal([line[0] for line in lines] + [line[3] for line in lines], [two[0]] * 8, "the query keeps its snapshot")
        check_equal([line[2] for line in lines], two, "VOLATILE sees each change")

    def columns_as_changing_roles():
        server.query(f"""
            CREATE FUNCTION columns_as(roles text[]) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE z float8[]; age float8 := 1; income float8 := 2; states text := '';
            BEGIN
                FOR i IN 1 .. cardinality(roles) LOOP
                    PERFORM set_config('role', roles[i], true);
                    BEGIN
                        z := {columns};
                        states := states || ' ok';
                    EXCEPTION WHEN insufficient_privilege THEN states := states || ' 42501';
                    END;
                END LOOP;
                RETURN ltrim(states);
            END $$;
            CREATE FUNCTION columns_until_refused(roles text[]) RETURNS int LANGUAGE plpgsql AS $$
            DECLARE z float8[]; age float8 := 1; income float8 := 2;
            BEGIN
                FOR i IN 1 .. cardinality(roles) LOOP       -- no subtransaction that could forget for us
                    PERFORM set_config('role', roles[i], true);
                    z := {columns};
                END LOOP;
                RETURN cardinality(roles);
            END $$;
            CREATE FUNCTION become(role text) RETURNS boolean LANGUAGE plpgsql
                AS $$ BEGIN PERFORM set_config('role', role, true); RETURN true; END $$""")
        check_equal(server.query("SELECT columns_as('{reader,nobody,reader,reader,nobody}')"), "ok 42501 ok ok 42501", "one expression")
        check_equal(server.query("SELECT columns_until_refused('{reader,reader}')"), "2", "reader twice")
        check_error(server.error("SELECT columns_until_refused('{reader,nobody}')"), "42501", "reader, then nobody")
        check_error(server.error(f"SELECT {columns}, become('nobody') FROM customers WHERE id <= 2"), "42501", "within a query")

    def a_prepared_statement_follows_promote():
        for mode in ("force_generic_plan", "force_custom_plan"):
            with Session(server) as session:
                session.query(f"SET plan_cache_mode = {mode}; PREPARE p AS " + one % "'churn'::text")
                session.query("PREPARE q(bigint) AS " + one % "$1")
                for version in (2, 1, 3, 4):
                    promote(server, version)
                    check_equal(session.query("EXECUTE p"), expected[version - 1], f"version {version}, {mode}")
                    check_equal(session.query(f"EXECUTE q({ids[version - 1]})"), expected[version - 1], f"id {version}, {mode}")

    # ---- privileges ----

    def revoke_and_grant_take_effect_at_once():
        with Session(server) as session:
            session.query("PREPARE p AS " + one % "'churn'::text" + "; PREPARE q AS " + one % ids[0] + "; SET ROLE nobody")
            for round_number in (1, 2):
                for statement in (one % ids[0], one % "'churn'::text", "EXECUTE p", "EXECUTE q", f"SELECT normfreeze.scaler({ids[0]})",
                                  f"SELECT * FROM normfreeze.describe({ids[0]})", f"SELECT normfreeze.feature_names({ids[0]})",
                                  f"SELECT * FROM normfreeze.verify({ids[0]})", f"SELECT normfreeze.select_list({ids[0]}, 't')"):
                    check_error(session.do(statement), "42501", f"without privileges: {statement[:50]}")
                server.query("GRANT SELECT ON normfreeze.scalers TO nobody")
                for statement in (one % ids[0], "EXECUTE q"):
                    check_equal(session.query(statement), expected[0], "after GRANT, by id")
                check_equal(session.query("EXECUTE p"), session.query(one % "'churn'::text"), "after GRANT, by ref")
                server.query("REVOKE SELECT ON normfreeze.scalers FROM nobody")
            check_error(session.do("EXECUTE q"), "42501", "after REVOKE")

    def the_value_form_needs_no_privilege():
        text = server.query(f"SELECT quote_literal(normfreeze.scaler({ids[0]})::text)")
        check_equal(server.query("SET ROLE nobody;" + one % f"{text}::normfreeze.scaler"), expected[0], "by value, as nobody")

    def set_role_within_a_transaction():
        with Session(server) as session:
            session.query("BEGIN; PREPARE q AS " + one % ids[0])
            check_equal(session.query("EXECUTE q"), expected[0], "as superuser")
            session.query("SET LOCAL ROLE reader")
            check_equal(session.query("EXECUTE q"), expected[0], "as reader")
            session.query("SAVEPOINT s; SET LOCAL ROLE nobody")
            check_error(session.do("EXECUTE q"), "42501", "as nobody, in the same transaction")
            session.query("ROLLBACK TO s")
            check_equal(session.query("EXECUTE q"), expected[0], "as reader again")
            session.query("ROLLBACK")

    def set_role_between_calls_of_one_call_site():
        """plpgsql keeps the call site: only the user has changed."""
        server.query(f"""
            CREATE FUNCTION apply_as(roles text[], argument anyelement) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE role text; z float8[]; states text := ''; t customers;
            BEGIN
                SELECT * INTO t FROM customers WHERE id = 17;
                FOREACH role IN ARRAY roles LOOP
                    EXECUTE 'SET LOCAL ROLE ' || role;
                    BEGIN
                        z := normfreeze.normalize(t, argument);
                        states := states || ' ok';
                    EXCEPTION WHEN insufficient_privilege THEN states := states || ' 42501';
                    END;
                END LOOP;
                RESET ROLE;
                RETURN ltrim(states);
            END $$;
            CREATE FUNCTION apply_until_refused(roles text[], id bigint) RETURNS int LANGUAGE plpgsql AS $$
            DECLARE z float8[]; n int := 0;
            BEGIN
                FOR i IN 1 .. cardinality(roles) LOOP       -- no subtransaction that could forget for us
                    PERFORM set_config('role', roles[i], true);
                    z := normfreeze.normalize(ARRAY[1, 2, 3], id);
                    n := n + 1;
                END LOOP;
                RETURN n;
            END $$""")
        for argument in (f"{ids[0]}::bigint", "'churn'::text"):
            check_equal(server.query(f"SELECT apply_as('{{reader,nobody,reader,nobody}}', {argument})"), "ok 42501 ok 42501",
                        f"by {argument}")
        check_equal(server.query(f"SELECT apply_until_refused('{{reader,reader}}', {ids[0]})"), "2", "reader twice")
        check_error(server.error(f"SELECT apply_until_refused('{{reader,nobody}}', {ids[0]})"), "42501", "reader, then nobody")

    def a_function_of_another_user():
        server.query(f"""
            CREATE FUNCTION apply_as_owner(t customers) RETURNS float8[] SECURITY DEFINER LANGUAGE plpgsql
                AS $$ BEGIN RETURN normfreeze.normalize(t, {ids[0]}); END $$;
            CREATE FUNCTION apply_as_nobody(t customers) RETURNS float8[] SECURITY DEFINER LANGUAGE plpgsql
                AS $$ BEGIN RETURN normfreeze.normalize(t, {ids[0]}); END $$;
            ALTER FUNCTION apply_as_nobody OWNER TO nobody""")
        with Session(server) as session:
            session.query("SET ROLE nobody")
            check_equal(session.query(f"SELECT {send('apply_as_owner(t)')} FROM customers AS t WHERE id = 17"), expected[0],
                        "SECURITY DEFINER lends its owner's privilege")
            check_error(session.do(one % ids[0]), "42501", "but only inside")
            session.query("RESET ROLE")
            check_error(session.do("SELECT apply_as_nobody(t) FROM customers AS t WHERE id = 17"), "42501",
                        "SECURITY DEFINER of nobody has none")
            check_error(session.do(f"""SELECT normfreeze.normalize(t, {ids[0]}), apply_as_nobody(t) FROM customers AS t"""),
                        "42501", "in one query with a caller who may")

    def membership_counts():
        server.query("CREATE ROLE member LOGIN; GRANT SELECT ON customers TO member; GRANT reader TO member")
        with Session(server, user="member") as session:
            check_equal(session.query(one % ids[0]), expected[0], "a member of reader")
            server.query("REVOKE reader FROM member")
            check_error(session.do(one % ids[0]), "42501", "no longer a member")
            session.query("BEGIN")
            server.query("GRANT reader TO member")
            check_equal(session.query(one % ids[0]), expected[0], "a member again, in an open transaction")
            server.query("REVOKE reader FROM member")
            check_error(session.do(one % ids[0]), "42501", "and not again, in the same transaction")
            session.query("ROLLBACK")

    # ---- row security ----

    def row_security():
        server.query("ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY")
        try:
            with Session(server) as session:
                session.query("SET ROLE reader")
                check_error(session.do(one % ids[0]), "42704", "no policy, no rows")
                server.query(f"CREATE POLICY by_id ON normfreeze.scalers TO reader USING (scaler_id IN ({ids[0]}, {ids[1]}))")
                check_equal(session.query(one % ids[0]), expected[0], "a policy lets it be seen")
                check_error(session.do(one % ids[2]), "42704", "another one it does not")
                check_error(session.do(one % "'churn@v3'::text"), "42704", "nor by name")
                session.query("SET row_security = off")
                check_error(session.do(one % ids[0]), "42501", "row_security = off is an error, not a way round")
                session.query("SET row_security = on; RESET ROLE")
                check_equal(session.query(one % ids[2]), expected[2], "the superuser sees all")
                session.query("SET ROLE reader")
                check_error(session.do(one % ids[2]), "42704", "which reader does not inherit")
                server.query(f"ALTER POLICY by_id ON normfreeze.scalers USING (scaler_id = {ids[2]})")
                check_equal(session.query(one % ids[2]), expected[2], "a changed policy")
                check_error(session.do(one % ids[0]), "42704", "takes away, too")
        finally:
            server.query("DROP POLICY IF EXISTS by_id ON normfreeze.scalers; ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY")

    def row_security_by_a_table():
        """A policy that looks into a table, which changes while the session goes on."""
        server.query("""CREATE TABLE tenants (role name, id bigint); GRANT SELECT ON tenants TO reader;
            ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY;
            CREATE POLICY by_table ON normfreeze.scalers TO reader
                USING (EXISTS (SELECT FROM tenants WHERE role = current_user AND id = scaler_id))""")
        try:
            with Session(server) as session:
                session.query("SET ROLE reader; BEGIN; PREPARE q AS " + one % ids[0])
                session.query("SAVEPOINT s")
                check_error(session.do("EXECUTE q"), "42704", "not yet in the table")
                session.query("ROLLBACK TO s")
                server.query(f"INSERT INTO tenants VALUES ('reader', {ids[0]})")
                check_equal(session.query("EXECUTE q"), expected[0], "in the table")
                server.query("DELETE FROM tenants")
                check_error(session.do("EXECUTE q"), "42704", "no longer in the table")
                session.query("ROLLBACK")
        finally:
            server.query("DROP POLICY by_table ON normfreeze.scalers; ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY")

    def row_security_by_a_setting():
        """A policy on a setting of the session, the usual way to tell tenants apart."""
        server.query(f"""ALTER TABLE normfreeze.scalers ENABLE ROW LEVEL SECURITY;
            CREATE POLICY by_setting ON normfreeze.scalers TO reader
                USING (current_setting('app.tenant', true) = scaler_id::text);
            CREATE FUNCTION apply_as_tenants(tenants text[], id bigint) RETURNS int LANGUAGE plpgsql AS $$
            DECLARE z float8[]; n int := 0;
            BEGIN
                FOR i IN 1 .. cardinality(tenants) LOOP
                    PERFORM set_config('app.tenant', tenants[i], true);
                    z := normfreeze.normalize(ARRAY[1, 2, 3], id);
                    n := n + 1;
                END LOOP;
                RETURN n;
            END $$""")
        try:
            with Session(server) as session:
                session.query(f"SET ROLE reader; PREPARE q AS {one % ids[0]}; SET app.tenant = '{ids[0]}'; BEGIN")
                check_equal(session.query("EXECUTE q"), expected[0], "the tenant's scaler")
                session.query("SET app.tenant = '0'")
                check_error(session.do("EXECUTE q"), "42704", "another tenant, in the same transaction")
                session.query("ROLLBACK")
                check_equal(session.query(f"SELECT apply_as_tenants('{{{ids[0]},{ids[0]}}}', {ids[0]})"), "2", "the tenant twice")
                check_error(session.do(f"SELECT apply_as_tenants('{{{ids[0]},0}}', {ids[0]})"), "42704",
                            "the tenant, then another, at one call site")
        finally:
            server.query("DROP POLICY by_setting ON normfreeze.scalers; ALTER TABLE normfreeze.scalers DISABLE ROW LEVEL SECURITY")

    # ---- search_path ----

    def a_hostile_search_path():
        """Operators and functions of common names, first in the path, that would give themselves away."""
        evil = ["CREATE SCHEMA evil;"]
        evil.append("CREATE TABLE evil.scalers (x int); CREATE TABLE evil.versions (x int); CREATE TABLE evil.stage_log (x int);")
        functions = [("max", "integer"), ("count", ""), ("starts_with", "text, text"), ("strpos", "text, text"),
                     ("octet_length", "text"), ("clock_timestamp", ""), ("fit", "record, normfreeze.method"),
                     ("normalize", "double precision[], bigint"), ("int4", "bigint"), ("int8", "integer"), ("text", "name"),
                     ("coalesce", "integer, integer"), ("profile_digest", "normfreeze.profile"), ("is_content", "bigint, text, normfreeze.scaler")]
        for name, arguments in functions:
            evil.append(f"CREATE FUNCTION evil.\"{name}\"({arguments}) RETURNS boolean LANGUAGE plpgsql "
                        "AS $$ BEGIN RAISE EXCEPTION 'hijacked' USING ERRCODE = 'ZZ999'; END $$;")
        for left, right in (("bigint", "bigint"), ("bigint", "integer"), ("integer", "bigint"), ("integer", "integer"), ("text", "text"),
                            ("timestamptz", "timestamptz"), ("double precision", "double precision"), ("oid", "oid"), ("name", "text"),
                            ("\"char\"", "\"char\""), ("name", "name"), ("normfreeze.scaler", "normfreeze.scaler")):
            suffix = f"{left}_{right}".replace(" ", "_").replace('"', "").replace(".", "_")
            evil.append(f"CREATE FUNCTION evil.op_{suffix}({left}, {right}) RETURNS boolean LANGUAGE plpgsql "
                        "AS $$ BEGIN RAISE EXCEPTION 'hijacked' USING ERRCODE = 'ZZ999'; END $$;")
            for operator in ("=", "<>", "<", ">", "<=", ">=", "+", "||"):
                evil.append(f"CREATE OPERATOR evil.{operator} (FUNCTION = evil.op_{suffix}, LEFTARG = {left}, RIGHTARG = {right});")
        server.query("\n".join(evil))
        with Session(server) as session:
            session.query("SET search_path = evil, pg_catalog, public")
            check_error(session.do("SELECT 1 = 1"), "ZZ999", "the trap works")
            check_error(session.do("SELECT strpos('a'::text, 'a'::text)"), "ZZ999", "the trap works for functions")
            session.query("SELECT normfreeze.freeze('path', (SELECT normfreeze.fit(c, 'standard', '{\"exclude\": [\"id\"]}') FROM public.customers c))")
            session.query("SELECT normfreeze.freeze('path', normfreeze.fit_table('public.customers', 'robust', '{\"exclude\": [\"id\"]}'))")
            for call in ("SELECT normfreeze.promote('path', 1)", "SELECT normfreeze.promote('path', normfreeze.scaler_id('path@v2'))",
                         "SELECT normfreeze.rollback('path')", "SELECT normfreeze.retire('path', 2)",
                         "SELECT normfreeze.scaler_id('path@latest')", "SELECT normfreeze.scaler_id('path', 'production', now())",
                         f"SELECT normfreeze.scaler_id('sha256:' || substr(normfreeze.fingerprint(normfreeze.scaler({ids[0]})), 1, 20))"
                         .replace("||", "OPERATOR(pg_catalog.||)"),
                         "SELECT * FROM normfreeze.verify()", f"SELECT * FROM normfreeze.verify({ids[0]})",
                         f"SELECT * FROM normfreeze.describe({ids[0]})", f"SELECT * FROM normfreeze.diff({ids[0]}, {ids[1]})",
                         f"SELECT e.* FROM public.customers AS t, normfreeze.explain(t, {ids[0]}) AS e LIMIT 1",
                         f"SELECT normfreeze.select_list({ids[0]}, 't')", f"SELECT normfreeze.profile_of({ids[0]})",
                         f"SELECT normfreeze.profile(t, {ids[0]}) FROM public.customers AS t",
                         "SELECT * FROM normfreeze.stages", "SELECT * FROM normfreeze.guards",
                         "SELECT normfreeze.merge(p) FROM (SELECT normfreeze.profile(t) AS p FROM public.customers AS t) AS p"):
                output = session.do(call)
                check(sqlstate(output) == "", f"{call[:60]} under a hostile search_path", output[:400])
            for argument in (ids[0], f"normfreeze.scaler({ids[0]})", "'churn@v1'::pg_catalog.text"):
                check_equal(session.query(f"""SELECT {send(f"normfreeze.normalize(t, {argument})")} FROM public.customers AS t
                                              WHERE id OPERATOR(pg_catalog.=) 17"""), expected[0], f"normalize() by {argument}")
        check_equal(failed_checks(server), "", "what was written is sound")

    def a_hostile_column_name():
        """fit_table() on a table whose columns have the names that a query could use."""
        server.query("""CREATE TABLE "odd ""t" ("normfreeze row" float8, "t" float8, "$1" float8, "a""b" float8);
                        INSERT INTO "odd ""t" SELECT i, i * 2, i * 3, i * 5 FROM generate_series(1, 9) AS i""")
        check_equal(server.query("""SELECT normfreeze.feature_names(normfreeze.fit_table('"odd ""t"', 'standard'))"""),
                    server.query("""SELECT normfreeze.feature_names(normfreeze.fit(x, 'standard')) FROM "odd ""t" AS x"""),
                    "features of an oddly named table")

    # ---- the value form ----

    def stored_scalers_per_row():
        """Scalers with and without profile, in every kind of storage, one per row, in mixed order."""
        with Session(server) as session:
            session.query("""
                CREATE TABLE stored (id serial, kind text, c float8[], s float8[], scaler normfreeze.scaler)
                    WITH (toast_tuple_target = 128);
                CREATE TABLE fitted (k int, scaler normfreeze.scaler);
                ALTER TABLE fitted ALTER COLUMN scaler SET STORAGE external;
                INSERT INTO fitted SELECT k, normfreeze.fit(ARRAY[age * k, income - k], 'standard') AS scaler
                    FROM customers, generate_series(1, 40) AS k GROUP BY k""")
            for kind in ("plain", "main", "extended", "external"):
                session.query(f"""
                    ALTER TABLE stored ALTER COLUMN scaler SET STORAGE {'main' if kind == 'plain' else kind};
                    INSERT INTO stored (kind, c, s, scaler)
                        SELECT '{kind}', d.c, d.s, {'normfreeze.bare(f.scaler)' if kind == 'plain' else 'f.scaler'}
                        FROM fitted AS f, LATERAL (SELECT array_agg(center ORDER BY ordinal) AS c, array_agg(scale ORDER BY ordinal) AS s
                                                   FROM normfreeze.describe(f.scaler)) AS d""")
            sizes = session.query("SELECT string_agg(DISTINCT kind, ' ') FROM stored WHERE pg_column_size(scaler) < 1000")
            check_in("plain", sizes, "bare scalers are short")
            check(int(session.query("""SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'stored'""")) > 0,
                  "some are stored out of line")
            wrong = """SELECT count(*), count(*) FILTER (WHERE array_send(normfreeze.normalize(ARRAY[age, income], scaler))
                           <> array_send(ARRAY[(age - c[1]) / s[1], (income - c[2]) / s[2]]))
                       FROM (SELECT * FROM customers, stored WHERE customers.id <= 12 %s OFFSET 0) AS mixed"""
            for order in ("ORDER BY md5(stored.id::text || customers.id)", "ORDER BY stored.id, customers.id", "ORDER BY customers.id, c[1], kind"):
                check_equal(session.query(wrong % order), "1920|0", f"a stored scaler per row, {order}")
            check_equal(session.query("""SELECT count(DISTINCT array_send(normfreeze.normalize(ARRAY[33.5, 1234.5], scaler))), count(DISTINCT c)
                                         FROM stored"""), "40|40", "the scalers do differ")

    def a_stored_scaler_that_is_updated():
        """At one call site in plpgsql, the row's scaler changes between calls, toasted or not."""
        for storage in ("external", "extended", "main"):
            with Session(server) as session:
                session.query(f"""
                    CREATE TEMP TABLE changing (scaler normfreeze.scaler) WITH (toast_tuple_target = 128);
                    ALTER TABLE changing ALTER COLUMN scaler SET STORAGE {storage};
                    INSERT INTO changing SELECT scaler FROM fitted WHERE k = 1""")
                wrong = session.query("""
                    CREATE FUNCTION pg_temp.apply_changing() RETURNS text LANGUAGE plpgsql AS $$
                    DECLARE r record; z float8[]; wrong text := '';
                    BEGIN
                        FOR i IN 1 .. 40 LOOP
                            UPDATE changing SET scaler = (SELECT scaler FROM fitted WHERE k = i);
                            SELECT scaler INTO r FROM changing;
                            FOR again IN 1 .. 2 LOOP
                                z := normfreeze.normalize(ARRAY[33.5, 1234.5], r.scaler);
                                IF array_send(z) <> (SELECT array_send(normfreeze.normalize(ARRAY[33.5, 1234.5], normfreeze.bare(scaler)))
                                                     FROM fitted WHERE k = i) THEN
                                    wrong := wrong || ' ' || i;
                                END IF;
                            END LOOP;
                        END LOOP;
                        RETURN wrong;
                    END $$; SELECT pg_temp.apply_changing()""")
                check_equal(wrong, "", f"a scaler that changes, storage {storage}")

    def nulls_are_strict():
        check_equal(server.query(f"""SELECT normfreeze.normalize(NULL::float8[], {ids[0]}) IS NULL, normfreeze.normalize(t, NULL::bigint) IS NULL,
            normfreeze.normalize(t, NULL::text) IS NULL, normfreeze.normalize(t, NULL::normfreeze.scaler) IS NULL
            FROM customers AS t LIMIT 1"""), "t|t|t|t", "NULL arguments")
        check_equal(server.query(f"""SELECT count(*), count(normfreeze.normalize(ARRAY[age, income, tenure], CASE WHEN id % 3 > 0 THEN {ids[0]} END))
            FROM customers"""), "500|334", "some rows without an id")

    # ---- JIT ----

    def inlined_by_jit():
        if server.query("SELECT pg_jit_available()") != "t":
            print("skipped: inlined_by_jit (this server has no JIT)")
            return
        queries = [bits_sql(argument) for argument in (ids[0], "'churn@v3'::text",
                                                         f"(SELECT normfreeze.scaler({ids[1]}))")]
        queries.append(bits_sql(ids[0], features="ARRAY[age, income, tenure]::float4[]"))
        queries += [f"SELECT normfreeze.fingerprint(normfreeze.fit(t, '{method}')) FROM customers AS t" for method in ("standard", "robust")]
        with Session(server, options="-c jit=off") as without, Session(
                server, options="-c jit=on -c jit_above_cost=0 -c jit_inline_above_cost=0 -c jit_optimize_above_cost=0") as inlined:
            check_in("Inlining true", inlined.query("EXPLAIN ANALYZE " + queries[0]), "JIT inlines")
            for query in queries:
                check_equal(inlined.query(query), without.query(query), f"the same bits inlined: {query[:90]}")

    yield from (the_scalers_differ, an_id_per_row, several_calls_per_row, calls_within_one_call_site, rows_of_changing_types,
                parallel_workers, fit_table_is_parallel_inside_freeze,
                what_a_transaction_froze_is_known_to_its_workers, an_open_session_sees_promote,
                a_cursor_keeps_its_snapshot, a_transaction_of_repeatable_reads, a_loop_sees_its_own_promotes,
                a_procedure_that_commits, a_stable_function_sees_its_querys_snapshot, columns_in_a_loop_that_promotes,
                columns_of_two_cursors, columns_of_a_row_that_promotes, columns_as_changing_roles, a_prepared_statement_follows_promote,
                revoke_and_grant_take_effect_at_once, the_value_form_needs_no_privilege, set_role_within_a_transaction,
                set_role_between_calls_of_one_call_site, a_function_of_another_user, membership_counts, row_security,
                row_security_by_a_table, row_security_by_a_setting, a_hostile_search_path, a_hostile_column_name,
                stored_scalers_per_row, a_stored_scaler_that_is_updated, nulls_are_strict, inlined_by_jit)


def scenario(installation):
    with Server(installation, "apply") as server:
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
