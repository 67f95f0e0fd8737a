"""On Citus, fits are partial aggregates on the workers and scalers apply there, with the bits of one server.

Runs where a Citus library is installed beside the server (a coordinator and two workers on sockets); elsewhere it is skipped.
"""
import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import report                                                       # noqa: E402
from common import Server, Session, check_equal, check_error, check_in, run_scenario, run_tests  # noqa: E402
from several_servers import check_section                           # noqa: E402

SETTINGS = {"shared_preload_libraries": "citus", "max_connections": 60, "max_prepared_transactions": 100,
            "wal_level": "logical"}

# the same rows twice: distributed, and in an ordinary table of the coordinator
DATA = """
CREATE TABLE d (id bigint, k int, f float8[], a float8, b float8);
INSERT INTO d SELECT i, i % 7, ARRAY[i * 0.1, i * 2.5, 1.0 / i]::float8[], i * 0.3, sqrt(i) FROM generate_series(1, 5000) AS i;
UPDATE d SET f[2] = NULL WHERE id % 11 = 0;
CREATE TABLE l AS TABLE d;
SELECT create_distributed_table('d', 'id');
CREATE TABLE profiles (id bigint, p normfreeze.profile);
SELECT create_distributed_table('profiles', 'id');
INSERT INTO profiles SELECT k, normfreeze.profile(f) FROM l GROUP BY k;
"""

# aggregates of {table}, which must be partial ones
AGGREGATES = {
    "profile": "normfreeze.profile(f)::text",
    "profile of reals": "normfreeze.profile(f::real[])::text",
    "merge": "normfreeze.merge(p)::text",
    "standard": "normfreeze.fit(f, 'standard')::text",
    "names": """normfreeze.fit(ARRAY[a, b], 'standard', '{"names": ["a", "b"]}')::text""",
    "hostile names": r"""normfreeze.fit(ARRAY[a, b], 'minmax', '{"names": ["a''; -- */ \"\\", "]]>\n\t$1"]}')::text""",
    "robust": "normfreeze.fit(f, 'robust')::text",
    "quantile": "normfreeze.fit(f, 'quantile')::text",
    "power": "normfreeze.fit(ARRAY[a, b], 'power')::text",
    "weights": "normfreeze.fit(f, 'standard', '{}', b)::text",
    "filter": "normfreeze.fit(f, 'standard') FILTER (WHERE k = 3)::text",
    "imputing": """normfreeze.fit(f, 'standard', '{"missing": "median"}')::text""",
}


@contextlib.contextmanager
def cluster(installation):
    """A coordinator and two workers."""
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(Server(installation, name, SETTINGS)) for name in ("coordinator", "worker1", "worker2")]
        for node in nodes:
            node.query("CREATE EXTENSION citus")
        coordinator = nodes[0]
        coordinator.query(f"SELECT citus_set_coordinator_host('{coordinator.folder}', {coordinator.port})")
        for worker in nodes[1:]:
            coordinator.query(f"SELECT citus_add_node('{worker.folder}', {worker.port})")
        yield nodes


def tests_of(coordinator):
    coordinator.query("CREATE EXTENSION normfreeze;" + DATA)
    query = coordinator.query

    def aggregates_are_partial_and_exact():
        for name, aggregate in AGGREGATES.items():
            filtered = aggregate.replace(" FILTER (WHERE k = 3)::text", "")
            sql = f"SELECT {aggregate}" if filtered == aggregate else f"SELECT {filtered} FILTER (WHERE k = 3)"
            local = "(SELECT k AS id, normfreeze.profile(f) AS p FROM l GROUP BY k) AS l" if name == "merge" else "l"
            distributed = "profiles" if name == "merge" else "d"
            check_in("worker_partial_agg(", query(f"EXPLAIN (VERBOSE, COSTS off) {sql} FROM {distributed}"), f"{name} is partial")
            check_equal(query(f"{sql} FROM {distributed}"), query(f"{sql} FROM {local}"), f"{name} is bit-equal")

    def groups_and_shards_without_rows():
        grouped = "SELECT k, normfreeze.fit(f, 'standard') FROM {} GROUP BY k ORDER BY k"
        check_equal(query(grouped.format("d")), query(grouped.format("l")), "GROUP BY another column")
        few = "SELECT normfreeze.fit(f, 'standard', '{{\"constant\": \"null\"}}') FROM {} WHERE id < 3"
        check_equal(query(few.format("d")), query(few.format("l")), "most shards have no rows")
        check_equal(query("SELECT normfreeze.profile(f) IS NULL FROM d WHERE k > 100"), "t", "no shard has rows: a profile")
        check_error(coordinator.error("SELECT normfreeze.fit(f, 'standard') FROM d WHERE k > 100"), "P0002", "no shard has rows: a fit")
        rows = ("SELECT md5(string_agg(s::text, '' ORDER BY id)) FROM (SELECT id, normfreeze.fit(t, 'standard', "
                "'{{\"columns\": [\"a\", \"b\"], \"constant\": \"null\"}}') AS s FROM {} AS t GROUP BY id) AS g")
        check_equal(query(rows.format("d")), query(rows.format("l")), "rows, grouped by the distribution column")

    def errors_keep_their_state():
        check_error(coordinator.error("""SELECT normfreeze.fit(f, 'standard', '{"nosuch": 1}') FROM d"""), "22023", "an unknown option")
        check_error(coordinator.error("SELECT normfreeze.fit(CASE id WHEN 17 THEN '{1}' ELSE f END, 'standard') FROM d"), "2202E", "a row of another length")
        check_error(coordinator.error("SELECT normfreeze.fit(f, (ARRAY['minmax', 'standard'])[1 + id % 2]::normfreeze.method) FROM d"),
                    "22023", "two methods")
        check_error(coordinator.error("SELECT normfreeze.fit(t, 'standard') FROM (SELECT a, b FROM d) AS t"), "42804", "rows of a subquery")

    scaler_id = query("SELECT normfreeze.freeze('it', (SELECT normfreeze.fit(f, 'robust') FROM d))")
    named = query("""SELECT normfreeze.freeze('named', (SELECT normfreeze.fit(ARRAY[a, b], 'minmax', '{"names": ["a", "b"]}') FROM d))""")
    bits = "SELECT md5(string_agg(array_send(normfreeze.normalize({})){}::text, '' ORDER BY id)) FROM {} AS t"
    expected = query(bits.format(f"f, {scaler_id}", "", "l"))
    expected_rows = query(bits.format(f"t, {named}", "", "l"))
    literal = query(f"SELECT quote_literal(normfreeze.scaler({scaler_id}))") + "::normfreeze.scaler"
    subquery = f"(SELECT normfreeze.scaler({scaler_id}))"

    def the_value_form():
        for argument in (literal, subquery, "(SELECT normfreeze.scaler(normfreeze.scaler_id('it@v1')))"):
            check_equal(query(bits.format(f"f, {argument}", "", "d")), expected, f"by {argument[:30]}")
        check_equal(query(bits.format(f"t, (SELECT normfreeze.scaler({named}))", "", "d")), expected_rows, "rows")
        where = f"FROM %s WHERE (normfreeze.normalize(f, {literal}))[1] > 0.5"
        check_in("::normfreeze.scaler))[1] OPERATOR", query("EXPLAIN (VERBOSE, COSTS off) SELECT count(*) " + where % "d"),
                 "WHERE runs on the workers")
        check_equal(query("SELECT count(*) " + where % "d"), query("SELECT count(*) " + where % "l"), "a WHERE clause")
        one = f"SELECT array_send(normfreeze.normalize(f, {literal})) FROM %s WHERE id = 5"
        check_equal(query(one % "d"), query(one % "l"), "a routed query")
        for argument in (literal, subquery):
            query(f"CREATE TABLE z (id bigint, z float8[]); SELECT create_distributed_table('z', 'id'); "
                  f"INSERT INTO z SELECT id, normfreeze.normalize(f, {argument}) FROM d")
            check_equal(query("SELECT md5(string_agg(array_send(z)::text, '' ORDER BY id)) FROM z"), expected, "INSERT ... SELECT")
            query(f"UPDATE z SET z = normfreeze.denormalize(z.z, {argument})")
            check_equal(query("SELECT md5(string_agg(array_send(z)::text, '' ORDER BY id)) FROM z"),
                        query(f"SELECT md5(string_agg(array_send(normfreeze.denormalize(normfreeze.normalize(f, {scaler_id}), {scaler_id}))::text, '' "
                              "ORDER BY id)) FROM l"), "UPDATE")
            query("DROP TABLE z")

    def folded():
        """With the setting, a query over several shards has the scaler; the first statement of a session, too."""
        count = f"SELECT count(*) FROM {{}} WHERE (normfreeze.normalize(f, {scaler_id}))[1] > 0.5"
        check_error(coordinator.error(count.format("d")), "42704", "by id, off: the workers do not know it")
        check_equal(query("SET normfreeze.fold_ids = on;" + count.format("d")), query(count.format("l")), "by id, on")
        query("CREATE ROLE reader LOGIN; CREATE ROLE nobody LOGIN; GRANT SELECT ON d TO reader, nobody; "
              "GRANT SELECT ON normfreeze.scalers TO reader")
        with Session(coordinator) as session:
            session.query(f"SET normfreeze.fold_ids = on; PREPARE p AS {count.format('d')}")
            check_equal(session.query("EXECUTE p"), query(count.format("l")), "the session's first plan")
            session.query("SET ROLE reader")
            check_equal(session.query("EXECUTE p; EXECUTE p").split()[0], query(count.format("l")), "reader")
            session.query("SET ROLE nobody")
            check_error(session.do("EXECUTE p"), "42501", "nobody, though reader's plan was kept")
            session.query("SET ROLE reader")
            check_equal(session.query("EXECUTE p; EXECUTE p").split()[0], query(count.format("l")), "reader again")
            query("REVOKE SELECT ON normfreeze.scalers FROM reader")
            check_error(session.do("EXECUTE p"), "42501", "after REVOKE")

    def contents_on_every_node():
        made = query("SELECT count(*), bool_and(success AND result = scaler_id::text) FROM normfreeze.scalers AS s, run_command_on_workers("
                     "format('SELECT normfreeze.freeze(%L, %L::normfreeze.scaler, keep_profile => false)', s.scaler_id, s.scaler))")
        check_equal(made, "4|t", "two scalers on two workers, with their ids")
        check_equal(query(bits.format(f"f, {scaler_id}", "", "d")), expected, "by id")
        check_equal(query(bits.format(f"t, {named}", "", "d")), expected_rows, "rows by id")
        one = f"SELECT array_send(normfreeze.normalize(f, {scaler_id})) FROM {{}} WHERE id = 5"
        check_equal(query(one.format("d")), query(one.format("l")), "a routed query by id")
        check_error(coordinator.error(bits.format("f, 'it@v1'::text", "", "d")), "42704", "a name is the coordinator's")
        check_error(coordinator.error(f"UPDATE d SET f = normfreeze.normalize(f, {scaler_id})"), "0A000", "UPDATE by id is Citus's to refuse")

    def a_hostile_search_path():
        query("""CREATE SCHEMA evil; CREATE FUNCTION evil.normalize(float8[], normfreeze.scaler) RETURNS float8[]
                 LANGUAGE sql IMMUTABLE AS $$ SELECT '{666}'::float8[] $$;
                 CREATE FUNCTION evil.never(bigint, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT false $$;
                 CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.never)""")
        hostile = "SET search_path = evil, public, pg_catalog; SET normfreeze.fold_ids = on;"
        check_equal(query(hostile + bits.format(f"f, {scaler_id}", "", "public.d")), expected, "apply")
        fit = "SELECT normfreeze.fit(f, 'robust')::text FROM public.{}"
        check_equal(query(hostile + fit.format("d")), query(fit.format("l")), "fit")

    run_tests([aggregates_are_partial_and_exact, groups_and_shards_without_rows, errors_keep_their_state, the_value_form, folded,
               contents_on_every_node, a_hostile_search_path])


def scenario(installation):
    if not any((installation.folder / "pg").rglob("citus.so")):
        report.skip("there is no Citus library beside this PostgreSQL server")
    with cluster(installation) as (coordinator, *workers):
        tests_of(coordinator)
    with cluster(installation) as (coordinator, *workers):
        check_section("docs/distributed.md", "Citus", {"coordinator": coordinator})


if __name__ == "__main__":
    run_scenario(scenario)
