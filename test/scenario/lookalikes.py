"""Objects that merely have the names of ours are not used, whoever puts them there, and whenever."""

from common import (CUSTOMERS, Server, Session, check_equal, check_error, check_in, errors_of, freeze, run_scenario, run_tests)

# What boss, an ordinary role that owns a database, may make once he has dropped the extension, which is his.
LOOKALIKES = """
    DROP EXTENSION normfreeze CASCADE; CREATE SCHEMA normfreeze; GRANT USAGE ON SCHEMA normfreeze TO PUBLIC;
    CREATE TABLE normfreeze.scalers (scaler_id bigint, fingerprint text, scaler bigint, probe_inputs bigint, probe_outputs bigint);
    INSERT INTO normfreeze.scalers SELECT id, repeat(''0'', 64), 4711, 4711, 4711 FROM public.ids;
    CREATE TABLE normfreeze.profiles (digest text, profile bigint);
    CREATE TABLE normfreeze.versions (name text, version text, scaler_id text);
    CREATE TABLE normfreeze.stage_log (name text, seq int, stage text, version text, action text, at text);
    CREATE TABLE normfreeze.members (set_id bigint, key text, position text, proof bigint, scaler_id bigint);
    GRANT SELECT ON ALL TABLES IN SCHEMA normfreeze TO PUBLIC"""

# A view that runs a function of boss's as whoever reads it.
TRAP = """
    DROP EXTENSION normfreeze CASCADE; CREATE SCHEMA normfreeze; GRANT USAGE ON SCHEMA normfreeze TO PUBLIC;
    CREATE VIEW normfreeze.scalers AS SELECT id AS scaler_id, public.trap() AS fingerprint, NULL::bytea AS scaler FROM public.ids;
    CREATE TABLE normfreeze.members AS SELECT 1 AS set_id;
    GRANT SELECT ON ALL TABLES IN SCHEMA normfreeze TO PUBLIC"""

FEATURES = "ARRAY[c.age, c.income, c.tenure]"


def tests_of(server):
    server.query("CREATE ROLE boss LOGIN")
    number = 0

    def fresh():
        """A database of boss's, in which he has installed the extension and frozen a scaler; its name and the id."""
        nonlocal number
        number += 1
        database = f"boss{number}"
        server.query(f"CREATE DATABASE {database} OWNER boss TEMPLATE template0")
        server.query("CREATE EXTENSION normfreeze;" + CUSTOMERS, database, "boss")
        scaler_id = freeze(server, "churn", database=database, user="boss")
        server.query(f"""
            SELECT normfreeze.promote('churn', 1); CREATE TABLE ids AS SELECT {scaler_id}::bigint AS id;
            GRANT SELECT ON ids TO PUBLIC;
            CREATE TABLE caught (who text); GRANT INSERT ON caught TO PUBLIC;
            CREATE FUNCTION trap() RETURNS text LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO public.caught VALUES (current_user); RETURN repeat('0', 64); END $$;
            CREATE FUNCTION swap(id int, at int, what text) RETURNS int LANGUAGE plpgsql AS
                $$ BEGIN IF id = at THEN EXECUTE what; END IF; RETURN id; END $$""", database, "boss")
        return database, scaler_id

    def check_refused(output, name):
        """Nothing but a plain error, that says what is the matter; a set's columns PostgreSQL misses before us."""
        if "cache lookup failed for function" not in output:
            check_error(output, "42704", name)
            check_in('extension "normfreeze" is not installed in this database', output, name)

    def in_a_statement():
        """A function in the select list drops the extension between two rows."""
        calls = {
            "by id": f"normfreeze.normalize({FEATURES}, {{id}})",
            "by id, rows": "normfreeze.normalize(c, {id})",
            "back": f"normfreeze.denormalize({FEATURES}, {{id}})",
            "by ref": f"normfreeze.normalize({FEATURES}, 'churn')",
            "resolved": "normfreeze.scaler_id('churn@v1')",
            "the scaler itself": "length(normfreeze.scaler({id})::text)",
            "its profile": "length(normfreeze.profile_of({id})::text)",
            "described": "(SELECT count(*) FROM normfreeze.describe({id} + 0 * c.id))",
            "verified": "(SELECT count(*) FROM normfreeze.verify({id} + 0 * c.id))",
            "reported": "length(normfreeze.report({id} + 0 * c.id))",
            "frozen": "normfreeze.freeze('x' || c.id, normfreeze.scaler({id}))",
            "promoted": "normfreeze.promote('churn', 1 + 0 * c.id)",
            "exported": "(SELECT count(*) FROM normfreeze.export_name('churn' || left('', c.id)))",
            "explained": "(SELECT count(*) FROM normfreeze.explain(c, {id}))",
            "drift": "(SELECT count(*) FROM normfreeze.drift({id} + 0 * c.id, normfreeze.profile_of({id})))",
            "its columns": "normfreeze.select_list({id} + 0 * c.id, 'c', '', '{{}}')",
            "its past": "(SELECT count(*) FROM normfreeze.lineage('churn' || left('', c.id)))",
        }
        for name, call in calls.items():
            database, scaler_id = fresh()
            # freeze() and promote() refuse to be called for each of many rows
            rows = 1 if name in ("frozen", "promoted") else 3
            output = errors_of(server, f"""SELECT swap(c.id, {min(rows, 2)}, '{LOOKALIKES}'), {call.format(id=scaler_id)}
                                           FROM customers AS c WHERE c.id <= {rows}""", database, "boss")
            check_refused(output, f"{name}: the extension is dropped in the statement")

    def by_a_cursor():
        """The same between two FETCHes, by the session itself."""
        for name, call in {"by id": f"normfreeze.normalize({FEATURES}, {{id}})", "by ref": f"normfreeze.normalize({FEATURES}, 'churn')",
                           "by an id that comes later": f"normfreeze.normalize({FEATURES}, CASE WHEN c.id > 1 THEN {{id}} ELSE {{id}} + 0 END)"}.items():
            database, scaler_id = fresh()
            with Session(server, database, "boss") as session:
                session.query("BEGIN; DECLARE a CURSOR FOR SELECT %s FROM customers AS c" % call.format(id=scaler_id))
                check_in("{", session.query("FETCH a"), f"{name}: the first row")
                session.query(LOOKALIKES.replace("''", "'"))
                check_refused(session.do("FETCH a"), f"{name}: after lookalikes came")

    def another_ones_cursor():
        """A superuser opens a cursor, and before its first row boss puts a trap in place of the registry."""
        for name, call in {"by id": f"normfreeze.normalize({FEATURES}, {{id}})", "by ref": f"normfreeze.normalize({FEATURES}, 'churn')",
                           "the scaler": "normfreeze.scaler({id})::text", "verified": "(SELECT count(*) FROM normfreeze.verify({id} + 0 * c.id))"}.items():
            database, scaler_id = fresh()
            with Session(server, database) as session:
                session.query("BEGIN; DECLARE a CURSOR FOR SELECT %s FROM customers AS c" % call.format(id=scaler_id))
                server.query(TRAP.replace("''", "'"), database, "boss")
                check_refused(session.do("FETCH a"), f"{name}: before the first row")
            check_equal(server.query("SELECT * FROM caught", database), "", f"{name}: nothing ran as the superuser")

    def created_again():
        """The extension itself comes again between two FETCHes: other objects, and nothing in them."""
        database, scaler_id = fresh()
        with Session(server, database, "boss") as session:
            session.query(f"BEGIN; DECLARE a CURSOR FOR SELECT normfreeze.normalize({FEATURES}, {scaler_id}) FROM customers AS c; FETCH a")
            session.query("SET normfreeze.allow_removal = on; DROP EXTENSION normfreeze; CREATE EXTENSION normfreeze")
            check_in("there is no scaler with id", session.do("FETCH a"), "after the extension came again")
            session.query("ROLLBACK")
            check_in("{", session.query(f"SELECT normfreeze.normalize({FEATURES}, {scaler_id}) FROM customers AS c WHERE id = 1"),
                     "and after that was undone")

    def taken_out_of_the_extension():
        """The real table, no longer a member; and what the hint says."""
        database, scaler_id = fresh()
        apply = f"SELECT normfreeze.normalize({FEATURES}, {scaler_id}) FROM customers AS c WHERE id = 1"
        right = server.query(apply, database)
        for kind, name, statement in (("table", "scalers", apply), ("table", "versions", "SELECT normfreeze.scaler_id('churn')"),
                                      ("type", "scaler", apply), ("schema", "", apply),
                                      ("view", "guards", "SELECT count(*) FROM normfreeze.verify()")):
            label = f"normfreeze.{name}" if name else "normfreeze"
            server.query(f"ALTER EXTENSION normfreeze DROP {kind} {label}", database)
            output = errors_of(server, statement, database)
            check_error(output, "55000", f"{label} is no member")
            check_in(f'{kind} {label} does not belong to extension "normfreeze"', output, f"{label} is named")
            server.query(f"ALTER EXTENSION normfreeze ADD {kind} {label}", database)
            server.query(statement, database)
        check_equal(server.query(apply, database), right, "as before")

    def with_other_columns():
        """A member of the right name whose columns have other types, as a later version of the extension may have it."""
        database, scaler_id = fresh()
        server.query(f"""
            ALTER EXTENSION normfreeze DROP TABLE normfreeze.scalers; ALTER TABLE normfreeze.scalers RENAME TO the_scalers;
            CREATE TABLE normfreeze.scalers AS SELECT scaler_id, fingerprint, 4711::bigint AS scaler, 1::real AS probe_inputs,
                1::real AS probe_outputs FROM normfreeze.the_scalers;
            ALTER EXTENSION normfreeze ADD TABLE normfreeze.scalers; GRANT SELECT ON normfreeze.scalers TO PUBLIC""", database)
        for call in (f"normfreeze.normalize({FEATURES}, {scaler_id})", f"normfreeze.scaler({scaler_id})::text",
                     f"(SELECT count(*) FROM normfreeze.describe({scaler_id}))", "(SELECT count(*) FROM normfreeze.verify())",
                     f"normfreeze.select_list({scaler_id}, 'c')"):
            for fold in ("off", "on"):
                output = errors_of(server, f"SET normfreeze.fold_ids = {fold}; SELECT {call} FROM customers AS c WHERE id = 1", database)
                check_error(output, "42804", f"{call}: another type")
                check_in('column "scaler" is of type bigint instead of normfreeze.scaler', output, f"{call}: says so")

    for test in (in_a_statement, by_a_cursor, another_ones_cursor, created_again, taken_out_of_the_extension, with_other_columns):
        yield test


def scenario(installation):
    with Server(installation, "lookalikes") as server:
        run_tests(tests_of(server))


if __name__ == "__main__":
    run_scenario(scenario)
