"""The dbt package in the real dbt: dbt/integration_tests, from an empty virtual environment.

The present dbt sees the whole life of a project: a database where nothing is yet, empty builds, reruns, refits, other
schemas and databases, a server without the extension.  Plain SQL is held against the extension, for every formula.
With NORMFREEZE_TEST_ALL=1 the oldest dbt that the package names sees the main road, too, and the engine of dbt 2.0, and sqlfluff parses the models.
"""

import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

from common import Server, check, check_equal, check_in, errors_of, run, run_scenario, run_tests

import cases  # noqa: E402
from server import ROOT  # noqa: E402

USUAL = ["--exclude", "tag:mistakes", "tag:elsewhere"]


def environment_of(name, requirements, *options):
    """A virtual environment of dbt in build/, made from nothing unless its requirements are the same as before."""
    folder = ROOT / "build" / name
    stamp = folder / ".requirements"
    wanted = (ROOT / "test/dbt" / requirements).read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", folder])
        run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", *options, "-r", ROOT / "test/dbt" / requirements])
        stamp.write_text(wanted)
    return folder


class Dbt:
    """The integration project, copied, and a dbt that was started once for it."""

    def __init__(self, server, venv, database):
        self.server = server
        self.venv = venv
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="normfreeze-dbt-"))
        ignored = shutil.ignore_patterns("target", "dbt_packages", "logs", "package-lock.yml", ".user.yml")
        shutil.copytree(ROOT / "dbt", self.folder / "dbt", ignore=ignored)
        self.project = self.folder / "dbt/integration_tests"
        self.environment = {**server.environment(database), "NORMFREEZE_ELSEWHERE": "elsewhere", "HOME": str(self.folder),
                            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
        self.environment["PGOPTIONS"] = ""
        self.process = self.start()

    def start(self):
        return subprocess.Popen([self.venv / "bin/python", ROOT / "test/dbt/runner.py"], text=True, bufsize=1,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                cwd=self.project, env=self.environment)

    def __call__(self, *arguments):
        if "--target" in arguments:
            # what dbt knows of its last parse holds for one target
            arguments += ("--target-path", "target-" + arguments[arguments.index("--target") + 1])
        self.process.stdin.write(json.dumps(list(arguments)) + "\n")
        return Outcome(arguments, json.loads(self.process.stdout.readline()))

    def command_line(self, *arguments):
        """dbt as people start it; the process, which takes its time to start."""
        return subprocess.Popen([self.venv / "bin/dbt", *arguments], cwd=self.project, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def write(self, path, text):
        (self.project / path).parent.mkdir(parents=True, exist_ok=True)
        (self.project / path).write_text(text)

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port():
    with socket.create_server(("localhost", 0)) as listener:
        return listener.getsockname()[1]


class RustDbt(Dbt):
    """The engine of dbt 2.0, which is a program without a library: what came out is in its files."""

    def __init__(self, server, venv, database):
        super().__init__(server, venv, database)
        driver, = venv.glob("lib/python*/site-packages/adbc_driver_postgresql/*.so")
        # where this version looks before it downloads one
        there = self.folder / ".cache/com.getdbt/adbc/x86_64-manylinux_2_17-linux-gnu"
        there.mkdir(parents=True)
        shutil.copy(driver, there / "libadbc_driver_postgresql-0.21.0+dbt0.21.0.so")
        # it knows no socket in a folder, and asks for a password
        self.environment.update(PGHOST="localhost", PGPASSWORD="none", DBT_ALLOW_EXPERIMENTAL_ADAPTERS="true")

    def start(self):
        return None

    def __call__(self, *arguments):
        results = self.project / "target/run_results.json"
        results.unlink(missing_ok=True)
        done = subprocess.run([self.venv / "bin/dbt-core-experimental-parser", *arguments], cwd=self.project, env=self.environment, text=True, capture_output=True)
        nodes = []
        for result in json.loads(results.read_text())["results"] if results.exists() and "run-operation" not in arguments else []:
            nodes.append({"name": result["unique_id"].split(".")[2], "status": result["status"], "message": result.get("message") or "", "failures": result.get("failures")})
        said = done.stdout + done.stderr
        return Outcome(arguments, {"success": done.returncode == 0, "nodes": nodes, "log": said, "error": "", "printed": done.stdout,
                                   "warnings": re.findall(r"^\[warn.*", said, re.MULTILINE)})

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Outcome:
    def __init__(self, arguments, answer):
        self.command = " ".join(arguments)
        self.success = answer["success"]
        self.nodes = {node["name"]: node for node in answer["nodes"]}
        self.log = answer["log"] + answer["error"]
        self.printed = answer["printed"]
        self.warnings = answer["warnings"]

    def check_success(self, name):
        bad = {node["name"]: node["message"] for node in self.nodes.values()
               if node["status"] not in ("success", "pass", "no-op")}
        return check(self.success and not bad, f"{name}: dbt {self.command}", bad or self.log[-3000:])

    def status(self, node):
        return self.nodes.get(node, {}).get("status", "not run")

    def message(self, node):
        return self.nodes.get(node, {}).get("message", "not run")

    def check_error(self, node, part, name):
        check_equal(self.status(node), "error", name)
        check_in(part, " ".join(self.message(node).split()), name)


@contextlib.contextmanager
def dbt_of(server, venv, database, program=Dbt):
    dbt = program(server, venv, database)
    try:
        yield dbt
    finally:
        dbt.close()


# ---- what is in the database ----

def bits_of(server, relation, columns, database, key="id"):
    sent = " || ".join(f"coalesce(encode(float8send({column}), 'hex'), 'null')" for column in columns)
    return server.query(f"SELECT count(*), md5(string_agg({sent}, '' ORDER BY {key})) FROM {relation}", database)


FEATURES = ["age", "income", "tenure", "subscribed"]


def versions(server, database):
    return server.query("SELECT name || ' v' || version FROM normfreeze.versions ORDER BY name COLLATE \"C\", version", database).split("\n")


def columns_of(server, relation, database):
    return server.query(f"""SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
                            FROM pg_attribute WHERE attrelid = '{relation}'::regclass AND attnum > 0 AND NOT attisdropped""", database)


def older(server, database, years):
    """Another training set: everybody is older."""
    server.query(f"UPDATE raw.customers SET age = age + {years}", database)


# ---- the whole life, with the present dbt ----

def life(server, venv):
    database = server.new_database("life")

    with dbt_of(server, venv, database) as dbt:

        def installs_as_a_local_package():
            dbt("deps").check_success("packages: local")

        def installs_from_a_subdirectory_of_git():
            if shutil.which("git") is None:
                return
            repository = dbt.folder / "repository"
            shutil.copytree(ROOT / "dbt", repository / "dbt", ignore=shutil.ignore_patterns("target", "dbt_packages", "logs"))
            who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
            for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "a package"]):
                run(["git", *who, "-C", repository, *words])
            user = dbt.folder / "user"
            user.mkdir()
            (user / "dbt_project.yml").write_text("name: user_of_git\nversion: '1.0'\nprofile: normfreeze_integration_tests\n")
            (user / "packages.yml").write_text(f"packages:\n  - git: file://{repository}\n    subdirectory: dbt\n    revision: main\n"
                                               "    warn-unpinned: false\n")
            dbt("deps", "--project-dir", str(user), "--profiles-dir", str(dbt.project)).check_success("packages: git, subdirectory")
            check((user / "dbt_packages/normfreeze/macros/normalize/normalize.sql").exists(), "the subdirectory is the package")

        def compiles_where_nothing_is():
            outcome = dbt("compile")
            outcome.check_success("without the extension")
            check_equal(outcome.warnings, [], "this dbt has nothing to warn of")
            server.query("CREATE EXTENSION normfreeze", database)
            dbt("compile").check_success("on an empty database")
            check_equal(server.query("SELECT count(*) FROM normfreeze.versions", database), "0", "compiling freezes nothing")

        def builds_empty():
            dbt("run-operation", "load_raw").check_success("raw data")
            dbt("build", "--empty", *USUAL).check_success("nothing is there")
            check_equal(server.query("SELECT count(*) FROM normfreeze.versions", database), "0", "--empty freezes nothing")
            check_equal(server.query("SELECT feature_names FROM dev.churn_scaler WHERE scaler_id IS NULL", database),
                        '["age", "income", "tenure", "subscribed"]', "the features are known")
            check_equal(columns_of(server, "dev.incremental_append", database),
                        "id integer, updated_at timestamp without time zone, z_age double precision, z_income double precision, "
                        "z_tenure double precision, z_subscribed double precision, scaler_id bigint", "the columns are those of a full build")

        def a_scaler_that_is_not_fitted_scores_nothing():
            outcome = dbt("run", "--select", "live_customers", "scored")
            outcome.check_error("scored", "the scaler is not fitted", "only planned")

        def builds_and_tests():
            outcome = dbt("build", *USUAL)
            outcome.check_success("first build")
            check_equal(outcome.status("scored_by_a_scaler_of_the_test"), "pass", "the unit test ran")
            check_equal(outcome.status("inline_agrees"), "pass", "plain SQL was compared")
            check_in("dev.churn_scaler v1, scaler_id", outcome.log, "the log shows id and version")
            check_equal(versions(server, database), ["dev it's clipped v1", "dev'; drop table x; -- \\ $$ v1", "dev.churn_scaler v1"],
                        "three names, one version each")
            check_equal(server.query("SELECT count(*) FROM normfreeze.stages", database), "0", "building promotes nothing")
            check_equal(columns_of(server, "dev.churn_scaler", database),
                        "name text, version integer, scaler_id bigint, fingerprint text, feature_names text, scaler normfreeze.scaler, "
                        "artifact text, training_hash text, invocation_id text, built_at timestamp with time zone", "the table of a scaler")
            check_equal(server.query("""SELECT note, metadata ->> 'ticket', metadata -> 'dbt' ->> 'target' FROM normfreeze.versions
                                        WHERE name = 'dev.churn_scaler'""", database), "of the integration project|4|dev", "note and metadata")
            check_equal(server.query("""SELECT obj_description('dev.churn_scaler'::regclass), col_description('dev.churn_scaler'::regclass, 3),
                                               col_description('dev.churn_scaler'::regclass, 2)""", database),
                        "What normalizes customers for the churn model.|The same in every database.|a label of this database",
                        "persist_docs, and a hook")
            check_equal(server.query("""SELECT count(*) FROM dev.scored AS s JOIN dev.live_customers AS l USING (id), LATERAL
                                        (SELECT normfreeze.normalize(l, 'dev.churn_scaler@v1') AS v OFFSET 0) AS z
                                        WHERE ARRAY[s.age, s.income, s.tenure, s.subscribed] = z.v""", database), "1000",
                        "rows are what the function makes of them")

        def the_grant_suffices():
            compiled = dbt.project / "target/compiled/normfreeze_integration_tests/models/scoring"
            # what is stored is by the id that the table of the scaler has, or by name; a view by the table follows that
            stored = server.query("SELECT scaler_id FROM dev.churn_scaler", database)
            for name, scaler in (("scored", stored), ("scored_by_name", "dev.churn_scaler@latest")):
                sql = (compiled / f"{name}.sql").read_text()
                check_equal((sql.count("normalize_value(src."), f"cast('{scaler}' as " in sql, "lateral" in sql), (len(FEATURES), True, False),
                            f"{name}: a call for each column")
            sql = (compiled / "scored_view.sql").read_text()
            server.query("GRANT USAGE ON SCHEMA dev TO scoring; GRANT SELECT ON dev.live_customers TO scoring", database)
            check_in("permission denied", errors_of(server, "SELECT FROM normfreeze.scalers", database, "scoring"), "no right to the registry")
            rows = server.query("SELECT count(*) FROM dev.live_customers WHERE id < 1000", database)
            check_equal(server.query(f"SELECT count(*), count(age_scaled) FROM ({sql}) AS s", database, "scoring"), f"{rows}|{rows}", "scores by the value")
            check_equal(server.query(f"EXPLAIN (ANALYZE, COSTS OFF) SELECT sum(age_scaled) FROM ({sql}) AS s", database, "scoring").count(f"loops={rows}"),
                        1, "one call a row")

        def a_rerun_changes_nothing():
            server.query("CREATE VIEW dev.reader AS SELECT scaler_id FROM dev.churn_scaler", database)
            row = "SELECT ctid, xmin, c.* FROM dev.churn_scaler AS c"
            before = server.query(row, database)
            known = versions(server, database)
            server.query(f"ALTER DATABASE {database} SET log_statement = 'all'")
            outcome = dbt("build", *USUAL)
            outcome.check_success("again")
            server.query(f"ALTER DATABASE {database} RESET log_statement")
            asked = (server.folder / "log").read_text().count("pg_available_extensions")
            check(1 <= asked <= 3, "the catalog is asked for the extension once a run, by two threads, and once by the unit test", asked)
            check_equal(versions(server, database), known, "the same data makes no version, refit: always either")
            check_equal(server.query(row, database), before, "the row was not touched")
            check_in("kept", outcome.message("churn_scaler"), "refit: once keeps")
            dbt("run", "--empty", "--select", "churn_scaler").check_success("--empty, where a scaler is")
            check_equal(server.query(row, database), before, "--empty leaves the scaler as it is")
            check_in("kept", dbt("run", "--sample", "1 day", "--full-refresh", "--select", "churn_scaler").message("churn_scaler"), "so does --sample")

        def a_changed_training_set_is_fitted_when_told():
            dbt.write("models/scoring/view_by_name.sql", "{{ config(materialized='view') }} -- depends_on: {{ ref('churn_scaler') }}\n"
                      "{{ normfreeze.normalize(ref('live_customers'), target.schema ~ '.churn_scaler@latest') }}")
            dbt("run", "--select", "view_by_name").check_success("a view by name")
            for column, calls in (("id", 0), ("age", 1)):
                check_equal(server.query(f"EXPLAIN (VERBOSE, COSTS OFF) SELECT max({column}) FROM dev.view_by_name", database).count("normalize_value"), calls,
                            "what is not read costs nothing")
            older(server, database, 3)
            dbt("run", "--select", "churn_scaler").check_success("refit: once")
            check_equal(server.query("SELECT version FROM dev.churn_scaler", database), "1", "new rows alone are no reason")
            outcome = dbt("run", "--select", "churn_scaler", "--full-refresh")
            outcome.check_success("--full-refresh")
            check_in("dev.churn_scaler v2, scaler_id", outcome.log, "a new version")
            check_in("age center: 44.5 -> 47.5 (0.208 deviations)", outcome.log, "the log shows what changed")
            check_equal(server.query("SELECT c.version, c.scaler_id = r.scaler_id FROM dev.churn_scaler AS c, dev.reader AS r", database),
                        "2|t", "the view on the table is still there")
            check_equal(server.query("""SELECT count(*), count(*) FILTER (WHERE v.scaler_id = c.scaler_id AND ARRAY[v.age, v.income, v.tenure, v.subscribed]
                                          IS NOT DISTINCT FROM normfreeze.normalize(l, c.scaler_id)) FROM dev.view_by_name AS v JOIN dev.live_customers AS l USING (id),
                                          dev.churn_scaler AS c""", database), "1000|1000", "a view by name follows the name")
            check_equal(server.query("SELECT count(*) FROM normfreeze.stages", database), "0", "nothing was promoted")

        def changed_sql_is_a_reason():
            path = "models/training/churn_scaler.sql"
            text = (dbt.project / path).read_text()
            dbt.write(path, text.replace("id % 4 < 2", "id % 4 < 2 and id <= 1000"))
            outcome = dbt("run", "--select", "churn_scaler")
            check_in("dev.churn_scaler v3", outcome.log, "other SQL")
            dbt.write(path, text.replace("'exclude': ['id',", "'exclude': ['id', 'age',"))
            dbt("run", "--select", "churn_scaler").check_success("other features")
            check_in("has other features than when this was compiled", errors_of(server, "SELECT * FROM dev.scored_view", database),
                     "a view fails rather than mixing up columns")
            dbt.write(path, text)
            outcome = dbt("run", "--select", "churn_scaler")
            check_in("dev.churn_scaler v2", outcome.log, "the first SQL again is the version it was")

        def an_incremental_model_does_as_told():
            older(server, database, 4)
            server.query("INSERT INTO raw.customers SELECT id + 2000, age, income, tenure, subscribed, plan, updated_at + interval '1 year' "
                         "FROM raw.customers WHERE id <= 20", database)
            dbt("run", "--select", "churn_scaler", "--full-refresh").check_success("a fourth scaler")
            outcome = dbt("build", "--select", "incremental_fail", "incremental_append", "incremental_full_refresh")
            outcome.check_error("incremental_fail", "has rows of scaler", "fail")
            ids = server.query("SELECT scaler_id FROM dev.incremental_fail LIMIT 1", database)
            check_in(ids, outcome.message("incremental_fail"), "it names the scaler of the rows")
            check_in(server.query("SELECT scaler_id FROM dev.churn_scaler", database), outcome.message("incremental_fail"), "and the one now")
            counts = "SELECT (t.scaler_id = c.scaler_id)::text, count(*) FROM dev.{} AS t, dev.churn_scaler AS c GROUP BY 1 ORDER BY 1"
            check_equal(server.query(counts.format("incremental_fail"), database), "false|1000", "fail: nothing happened")
            check_equal(server.query(counts.format("incremental_append"), database), "false|1000\ntrue|10", "append: rows of both scalers")
            check_equal(server.query(counts.format("incremental_full_refresh"), database), "true|1010", "full_refresh: all rows anew")
            check_equal(outcome.status("incremental_full_refresh"), "success", "full_refresh is a success")
            matches = [name for name in outcome.nodes if name.startswith("normfreeze_matches_incremental")]
            check_equal(len(matches), 2, "both are tested")
            # ages are raw.customers' of today: rows that were scored before they changed are told from those after
            check_equal(sorted(outcome.status(name) for name in matches), ["fail", "pass"], "stale rows are found, new ones agree")
            dbt.write("models/incremental/unguarded.sql", (dbt.project / "models/incremental/incremental_full_refresh.sql").read_text()
                      .replace("normfreeze.is_incremental(ref('churn_scaler'))", "is_incremental()"))
            dbt("run", "--select", "unguarded").check_success("its first run")
            server.query("UPDATE dev.unguarded SET scaler_id = 1", database)
            dbt("run", "--select", "unguarded").check_error("unguarded", "write normfreeze.is_incremental(scaler)", "the filter would lose rows")
            check_equal(server.query("SELECT count(*) FROM dev.unguarded", database), "1010", "and none are lost")

        def a_refitted_column_is_caught():
            outcome = dbt("build", "--select", "tag:mistakes")
            check_equal(outcome.status("refitted"), "success", "the mistake can be built")
            check_equal(outcome.status("refitted_matches"), "fail", "the test fails")
            check_equal(outcome.nodes.get("refitted_matches", {}).get("failures"), 1010, "for every row")
            check(not outcome.success, "and so does dbt")

        def the_tests_can_fail():
            dbt("run", "--select", "scored").check_success("scored again")
            check_equal(dbt("test", "--select", "scored").success, True, "matches passes")
            # imputed by the median, which is the center
            server.query("UPDATE dev.scored SET income = '-0' WHERE id = (SELECT min(id) FROM dev.scored WHERE income = 0)", database)
            server.query("UPDATE dev.scored SET income = income + 1e-15 * income WHERE id = 1998 AND income <> 0", database)
            server.query("DELETE FROM raw.customers WHERE id = 1999", database)
            outcome = dbt("test", "--select", "scored,test_type:generic")
            check_equal([node["failures"] for node in outcome.nodes.values()], [2 + len(FEATURES)], "two changed values and a row without raw values")
            check_equal(dbt("test", "--select", "test_name:no_drift,live_customers").success, True, "no drift")
            dbt("run-operation", "normfreeze.record_drift", "--args", "{rows: live_customers, model: churn_scaler, label: it's before}").check_success("record_drift")
            server.query("UPDATE raw.customers SET age = age + 20, income = NULL WHERE id % 4 > 1", database)
            outcome = dbt("test", "--select", "test_name:no_drift,live_customers")
            check_equal([node["status"] for node in outcome.nodes.values()], ["fail"], "drift")
            drifted = server.query(sql_of_test(dbt, "no_drift_live_customers"), database)
            check_equal(sorted(drifted.split("\n")), server.query("""
                SELECT feature, decided_by, CASE decided_by WHEN 'missing' THEN live_missing - reference_missing ELSE outside END, threshold, verdict,
                       worst_bin, reason, live_rows
                FROM normfreeze.drift((SELECT scaler_id FROM dev.churn_scaler), (SELECT normfreeze.profile(l, (SELECT scaler_id FROM dev.churn_scaler))
                                                                                 FROM dev.live_customers AS l)) WHERE verdict = 'major' ORDER BY feature
                """, database).split("\n"), "the rows name feature, measure, value and threshold")
            check_equal([line.split("|")[:2] for line in sorted(drifted.split("\n"))], [["age", "outside"], ["income", "missing"]], "what drifted")

        def drift_is_recorded():
            arguments = "{rows: live_customers, model: churn_scaler, fail_at: major}"
            for _ in range(2):
                outcome = dbt("run-operation", "normfreeze.record_drift", "--args", arguments)
                check(not outcome.success and "live_customers has drifted: major" in outcome.log, "fail_at: major", outcome.log)
            outcome = dbt("run-operation", "normfreeze.record_drift", "--args",
                          "{rows: raw.customers, scaler: dev.churn_scaler@v2, where: id < 20, options: {alpha: 0.001}}")
            outcome.check_success("a source, by a ref")
            check_in("drift of raw.customers by dev.churn_scaler@v2: too few rows to tell", outcome.log, "the log says what was recorded")
            dbt.write("models/bad/watched.sql", """{{ config(materialized='table', post_hook=
                "{{ normfreeze.record_drift_sql(ref('live_customers'), ref('churn_scaler'), label='hook') }}") }} select 1 as one""")
            dbt("run", "--select", "watched").check_success("in a hook")
            shutil.rmtree(dbt.project / "models/bad")
            check_equal(server.query("""SELECT l.label IN ('it''s before', 'hook') OR l.label = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD'), l.verdict,
                                               l.options ->> 'alpha', l.scaler_id = (SELECT scaler_id FROM dev.churn_scaler)
                                        FROM normfreeze.drift_log AS l ORDER BY at""", database).split("\n"),
                        ["t|none|0.01|t", "t|major|0.01|t", "t||0.001|f", "t|major|0.01|t"], "four entries")
            for arguments, part in (("{rows: live_customers}", "record_drift takes model"),
                                    ("{rows: live_customers, model: churn_scaler, fail_at: none}", "must be one of: moderate, major"),
                                    ("{rows: live_customers, model: churn_scaler, options: {bin: 3}}", 'unknown option "bin"'),
                                    ("{rows: live_customers, scaler: no such}", 'there is no scaler named "no such"')):
                outcome = dbt("run-operation", "normfreeze.record_drift", "--args", arguments)
                check(not outcome.success and part in outcome.log, f"record_drift {arguments}", outcome.log)

        def edited_scalers_are_not_verified():
            server.query("UPDATE dev.churn_scaler SET artifact = replace(artifact, '44', '45'), version = 77", database)
            outcome = dbt("test", "--select", "churn_scaler")
            check_equal(outcome.nodes["normfreeze_verified_churn_scaler_"]["failures"], 2, "an edited row is not verified")
            server.query("DELETE FROM dev.churn_scaler", database)
            outcome = dbt("test", "--select", "churn_scaler")
            check_equal(outcome.status("normfreeze_verified_churn_scaler_"), "fail", "an empty table is not verified")
            dbt("run", "--select", "churn_scaler").check_success("it is fitted again")

        def stages_are_moved():
            outcome = dbt("run-operation", "normfreeze.promote", "--args", "{model: churn_scaler, note: it's reviewed}")
            outcome.check_success("promote a model's scaler")
            check_in("dev.churn_scaler@production: nothing -> v", outcome.log, "it says what changed")
            dbt("run-operation", "normfreeze.promote", "--args", "{name: dev.churn_scaler, version: 1}").check_success("by version")
            outcome = dbt("run-operation", "normfreeze.promote", "--args", "{name: dev.churn_scaler, version: 4}")
            check(not outcome.success and "force" in outcome.log, "other features are refused", outcome.log)
            outcome = dbt("run-operation", "normfreeze.promote", "--args", "{name: dev.churn_scaler, version: 4, stage: lab}")
            check(not outcome.success and 'there is no stage "lab"' in outcome.log, "a stage that there is not", outcome.log)
            dbt("run-operation", "normfreeze.promote", "--args", "{name: dev.churn_scaler, version: 4, stage: lab, new_stage: true}").check_success("a new stage")
            scaler_id = server.query("SELECT scaler_id FROM normfreeze.versions WHERE name = 'dev.churn_scaler' AND version = 2", database)
            dbt("run-operation", "normfreeze.promote", "--args", f"{{name: dev.churn_scaler, scaler_id: {scaler_id}, stage: staging}}").check_success("by id")
            dbt("run-operation", "normfreeze.rollback", "--args", "{model: churn_scaler}").check_success("rollback")
            check_equal(server.query("SELECT stage, version, action, note FROM normfreeze.stage_log ORDER BY seq", database),
                        "production|5|promote|it's reviewed\nproduction|1|promote|\nlab|4|promote|\nstaging|2|promote|\nproduction|5|rollback|", "the log")
            outcome = dbt("run-operation", "normfreeze.demote", "--args", "{name: dev.churn_scaler, stage: lab, note: done}")
            outcome.check_success("demote")
            check_in("-> nothing", outcome.log, "it says that the stage has nothing")
            check_equal(server.query("SELECT stage, version, action, note FROM normfreeze.stage_log ORDER BY seq DESC LIMIT 1", database),
                        "lab|4|demote|done", "the log has it")
            outcome = dbt("run-operation", "normfreeze.promote", "--args", "{name: dev.churn_scaler}")
            check(not outcome.success and "version or scaler_id" in outcome.log, "without a version", outcome.log)
            outcome = dbt("run-operation", "normfreeze.promote", "--args", "{name: dev.churn_scaler, version: 99}")
            check(not outcome.success and "99" in outcome.log, "a version that is not there", outcome.log)

        def another_schema_has_a_name_of_its_own():
            dbt("run-operation", "load_raw").check_success("the first data again")
            dbt("run", "--exclude", "tag:mistakes", "tag:elsewhere", "--full-refresh").check_success("dev")
            dbt("build", "--target", "prod", *USUAL).check_success("a second schema")
            check_equal(server.query("SELECT d.scaler_id = p.scaler_id, d.name, p.name FROM dev.churn_scaler AS d, prod.churn_scaler AS p", database),
                        "t|dev.churn_scaler|prod.churn_scaler", "the same content under two names")
            shutil.copytree(dbt.project / "target-prod", dbt.project / "state")
            outcome = dbt("build", "--target", "ci", "--select", "scored", "--defer", "--state", "state")
            outcome.check_success("--defer")
            check_equal(outcome.status("scored_by_a_scaler_of_the_test"), "pass", "the unit test finds columns where it defers to")
            check_equal(bits_of(server, "ci.scored", FEATURES, database), bits_of(server, "prod.scored", FEATURES, database),
                        "scored by prod's scaler")
            check_equal(server.query("SELECT to_regclass('ci.churn_scaler')", database), "", "which was not built again")

        def documentation():
            dbt("docs", "generate").check_success("dbt docs")
            catalog = json.loads((dbt.project / "target/catalog.json").read_text())
            node = catalog["nodes"]["model.normfreeze_integration_tests.churn_scaler"]
            check_equal(node["columns"]["scaler"]["type"], "normfreeze.scaler", "the catalog knows the type")
            manifest = json.loads((dbt.project / "target/manifest.json").read_text())
            undocumented = [name for name, macro in manifest["macros"].items()
                            if macro["package_name"] == "normfreeze" and macro["name"] in PUBLIC and not macro["description"]]
            check_equal(undocumented, [], "public macros are documented")
            found = {macro["name"] for macro in manifest["macros"].values() if macro["package_name"] == "normfreeze"}
            check_equal(PUBLIC - found, set(), "all of them are there")
            check_equal({name.removeprefix("default__") for name in found if re.match("default__[^_]", name)}, DISPATCHED, "the dispatched ones")
            check_equal({name for name in found - PUBLIC if not name.startswith(("_", "default__", "duckdb__"))}, set(), "all others are private, by their name")
            listed = (ROOT / "dbt/README.md").read_text().split("## Override")[1].split("\n## ")[0]
            check_equal(set(re.findall(r"^\| `(\w+)\(", listed, re.MULTILINE)), DISPATCHED, "the README lists the dispatched ones")
            for path in (ROOT / "dbt/macros").rglob("*.sql"):
                defined = re.findall(r"^{% (?:macro|test|materialization) (\w+)", path.read_text(), re.MULTILINE)
                check_equal([re.sub("^(default|duckdb)__", "", name) for name in defined], [path.stem] * len(defined), f"{path.name} has the macro of its name alone")

        def a_project_overrides_what_is_dispatched():
            # the README's names for CI, as if this target were CI's
            names = re.search(r"{% macro default__generate_scaler_name.*?endmacro %}", (ROOT / "dbt/README.md").read_text(), re.S).group().replace("== 'ci'", "== 'dev'")
            dbt.write("macros/overrides.sql", names + """
                {% macro default__inline_number(value) %}{{ return('(' ~ normfreeze.default__inline_number(value) ~ ' + 0)') }}{% endmacro %}""")
            dbt.write("macros/show_names.sql", """{% macro show_names() %}
                {% do print(normfreeze.generate_scaler_name({'name': 'churn_scaler'}) ~ ' ' ~ normfreeze.inline_number(0.5)) %}{% endmacro %}""")
            check_equal(dbt("run-operation", "show_names").printed.strip(), "ci.churn_scaler (cast('0.5' as double precision) + 0)", "the project's own macros")
            (dbt.project / "macros/overrides.sql").unlink()
            check_equal(dbt("run-operation", "show_names").printed.strip(), "dev.churn_scaler cast('0.5' as double precision)", "the package's without them")
            (dbt.project / "macros/show_names.sql").unlink()

        def an_ordinary_role_needs_what_the_readme_grants():
            grants = (ROOT / "dbt/README.md").read_text().split("```sql\nGRANT")[1].split("```")[0]
            server.query(f"CREATE ROLE dbt_role LOGIN; GRANT CREATE ON DATABASE {database} TO dbt_role; GRANT USAGE ON SCHEMA raw TO dbt_role; "
                         f"GRANT SELECT ON raw.customers TO dbt_role; GRANT {grants}", database)
            profile = (dbt.project / "profiles.yml").read_text().replace("schema: ci", "schema: ordinary").replace("env_var('PGUSER', 'postgres')", "'dbt_role'")
            dbt.write("ordinary/profiles.yml", profile)
            ordinary = ["--profiles-dir", "ordinary", "--target", "ci"]
            dbt("build", *ordinary, *USUAL).check_success("an ordinary role")
            dbt("run-operation", "normfreeze.promote", *ordinary, "--args", "{model: churn_scaler}").check_success("promotes")
            check_equal(server.query("SELECT frozen_by FROM normfreeze.versions WHERE name = 'ordinary.churn_scaler'", database),
                        "dbt_role", "it was that role")

        def a_failing_hook_leaves_nothing():
            model = "{{ config(materialized='scaler', method='minmax', post_hook='select 1 / %d') }} select i as x from generate_series(1, %d) as i"
            dbt.write("models/extra/hooked.sql", model % (0, 3))
            dbt("run", "--select", "hooked").check_error("hooked", "division by zero", "a failing hook")
            state = "SELECT to_regclass('dev.hooked'), (SELECT max(version) FROM normfreeze.versions WHERE name = 'dev.hooked')"
            check_equal(server.query(state, database), "|", "no table, no version")
            dbt.write("models/extra/hooked.sql", model % (1, 3))
            dbt("retry").check_success("retry")
            row = "SELECT ctid, version, scaler_id, training_hash FROM dev.hooked"
            before = server.query(row, database)
            dbt.write("models/extra/hooked.sql", model % (0, 4))
            dbt("run", "--select", "hooked").check_error("hooked", "division by zero", "a refit with a failing hook")
            check_equal((server.query(row, database), server.query(state, database)), (before, "dev.hooked|1"), "all is as it was")
            (dbt.project / "models/extra/hooked.sql").unlink()

        def what_has_the_name_already():
            dbt.write("models/extra/in_the_way.sql", "{{ config(materialized='scaler', method='minmax') }} select 1.5 as x union all select 2")
            server.query("CREATE VIEW dev.in_the_way AS SELECT 1 AS x; CREATE VIEW dev.depends AS SELECT * FROM dev.in_the_way", database)
            dbt("run", "--select", "in_the_way").check_error("in_the_way", "cannot drop view dev.in_the_way because other objects depend on it", "never cascade")
            check_equal(server.query("SELECT x FROM dev.depends", database), "1", "what depends on it is still there")
            check_equal(server.query("SELECT count(*) FROM normfreeze.versions WHERE name = 'dev.in_the_way'", database), "0",
                        "and nothing was frozen")
            server.query("DROP VIEW dev.depends", database)
            dbt("run", "--select", "in_the_way").check_success("a view is replaced")
            server.query("ALTER TABLE dev.in_the_way DROP COLUMN training_hash, DROP COLUMN built_at", database)
            dbt("run", "--select", "in_the_way").check_success("a table that lacks columns gets them")
            check_equal(server.query("SELECT version, training_hash IS NOT NULL FROM dev.in_the_way", database), "1|t", "and its row is written")

        def mistakes_are_explained():
            for name, (sql, _) in BAD_MODELS.items():
                dbt.write(f"models/bad/{name}.sql", sql)
            dbt.write("models/bad/bad.yml", BAD_CONTRACT)
            outcome = dbt("run", "--select", "path:models/bad")
            for name, (_, part) in BAD_MODELS.items():
                outcome.check_error(name, part, name)
            shutil.rmtree(dbt.project / "models/bad")

        def exported_and_used_without_the_extension():
            server.new_database("elsewhere")
            exporting = dbt.command_line("--quiet", "run-operation", "normfreeze.export", "--args", "{name: dev.churn_scaler, version: 1}")
            dbt("run-operation", "load_raw", "--target", "elsewhere").check_success("raw data elsewhere")
            exported, _ = exporting.communicate()
            check_equal(exporting.returncode, 0, "export")
            dbt.write("seeds/frozen_scalers.csv", exported)
            dbt("build", "--target", "elsewhere", "--select", "frozen_scalers", "scored_elsewhere", "live_customers", "--exclude",
                "test_type:data").check_success("plain SQL")
            probes = dbt("test", "--target", "elsewhere", "--select", "frozen_scalers")
            probes.check_success("its probes")
            check_equal(len(probes.nodes), 1, "which are a test of the seed")
            edited = exported.splitlines()[1].replace("dev.churn_scaler", "another", 1).replace('""center"": 44.5', '""center"": 44.6')
            dbt.write("seeds/frozen_scalers.csv", f"{exported.strip()}\n{edited}\n")
            dbt("build", "--target", "elsewhere", "--select", "frozen_scalers", "--full-refresh").check_success("of two artifacts the one that is named")
            check_equal(server.query("SELECT count(DISTINCT name), count(DISTINCT artifact) FROM dev.frozen_scalers", "elsewhere"), "2|2", "there are two")
            dbt.write("seeds/frozen_scalers.csv", exported)
            dbt("seed", "--target", "elsewhere", "--select", "frozen_scalers", "--full-refresh").check_success("one again")
            check_equal(server.query("SELECT to_regnamespace('normfreeze')", "elsewhere"), "", "there is no extension")
            check_equal(bits_of(server, "dev.scored_elsewhere", FEATURES, "elsewhere"), bits_of(server, "dev.scored", FEATURES, database),
                        "the same bits")
            check_equal(server.query("SELECT DISTINCT scaler_id FROM dev.scored_elsewhere", "elsewhere"),
                        server.query("SELECT DISTINCT scaler_id FROM dev.scored", database), "and the same id")
            exported = dbt("run-operation", "normfreeze.export", "--args", "{name: dev.churn_scaler, version: 1, evidence: true}")
            exported.check_success("export with evidence")
            dbt.write("seeds/frozen_scalers.csv", exported.printed)
            dbt.write("models/elsewhere/live_elsewhere.sql", "{{ config(materialized='view') }} select * from {{ ref('live_customers') }}")
            dbt.write("models/elsewhere/live_elsewhere.yml", INLINE_DRIFT)
            dbt("build", "--target", "elsewhere", "--select", "frozen_scalers", "live_elsewhere", "--exclude", "inline_all", "inline_too_few", "--full-refresh"
                ).check_success("no_drift without the extension")
            server.query("UPDATE raw.customers SET age = age + 20, income = NULL WHERE id % 4 > 1", "elsewhere")
            outcome = dbt("test", "--target", "elsewhere", "--select", "inline_no_drift", "inline_too_few")
            check_equal([outcome.status(f"inline_{name}") for name in ("no_drift", "too_few")], ["fail", "fail"], "drift without the extension")
            check_equal(outcome.nodes["inline_too_few"]["failures"], 1, "too few rows are a row")
            # a schema that bears the name: PostgreSQL would say that a function does not exist
            for schema in ("", "CREATE SCHEMA normfreeze"):
                server.query(schema or "SELECT", "elsewhere")
                what_needs_the_extension_says_so(dbt)
            server.query("DROP SCHEMA normfreeze", "elsewhere")
            for form in ("macro", "json"):
                exported = dbt("run-operation", "normfreeze.export", "--args", f"{{model: hostile_scaler, format: {form}}}")
                exported.check_success(f"export as {form}")
                dbt.write(f"exported.{form}", exported.printed)
            check_equal(server.query("SELECT artifact FROM dev.hostile_scaler", database) + "\n",
                        (dbt.project / "exported.json").read_text(), "json is the text")
            dbt.write("macros/exported.sql", (dbt.project / "exported.macro").read_text())
            name = (dbt.project / "macros/exported.sql").read_text().split("macro ")[1].split("(")[0]
            dbt.write("models/elsewhere/hostile_elsewhere.sql",
                      "{{ config(materialized='table') }} {{ normfreeze.normalize(ref('hostile_rows'), %s(), mode='inline') }}" % name)
            dbt("run", "--target", "elsewhere", "--select", "hostile_rows", "hostile_elsewhere").check_success("from a macro in git")
            hostile = ['"it\'s"', '"a ""quoted"" \\ one"', '"*/ -- ]]>"', '"{{ one }} {% raw %} {% endraw %}"', '"line\nbreak"', '"Flag"']
            check_equal(bits_of(server, "dev.hostile_elsewhere", hostile, "elsewhere"),
                        bits_of(server, "dev.hostile_scored", hostile, database), "hostile names")

        def imported_into_another_database():
            server.query("CREATE EXTENSION normfreeze", "elsewhere")
            dbt("compile", "--target", "elsewhere", "--select", "inline_all").check_success("every measure")
            inline = {}
            for line in server.query(sql_of_test(dbt, "inline_all", "target-elsewhere"), "elsewhere").split("\n"):
                feature, measure, value, *_ = line.split("|")
                inline[feature, measure] = float(value)
            profile = server.query("SELECT normfreeze.profile_of(scaler_id) FROM normfreeze.versions WHERE name = 'dev.churn_scaler' AND version = 1", database)
            own = server.query(f"""
                SELECT d.feature, m.measure, m.value FROM normfreeze.drift('{profile}'::normfreeze.profile, (SELECT normfreeze.profile(s) FROM (
                    SELECT age, income, tenure, subscribed FROM dev.live_customers) AS s)) AS d, LATERAL (VALUES ('psi', d.psi), ('mean_shift', d.mean_shift),
                    ('variance_ratio', d.variance_ratio), ('missing', d.live_missing - d.reference_missing), ('outside', d.outside)) AS m (measure, value)
                WHERE m.value IS NOT NULL""", "elsewhere")
            own = {tuple(line.split("|")[:2]): float(line.split("|")[2]) for line in own.split("\n")}
            check_in(("age", "psi"), own, "there are measures")
            for key, value in own.items():
                got = inline.get(key, 1.0 if key[1] == "variance_ratio" else 0.0)
                check(abs(got - value) <= 1e-9 * max(1, abs(value)), f"plain SQL measures the same: {key}", (got, value))
            dbt("run-operation", "load_raw", "--target", "elsewhere").check_success("the raw data as they were")
            for file in ("live_elsewhere.sql", "live_elsewhere.yml"):
                (dbt.project / "models/elsewhere" / file).unlink()
            with_profile = dbt("run-operation", "normfreeze.export", "--args", "{model: churn_scaler, profile: true}")
            dbt.write("seeds/frozen_scalers.csv", with_profile.printed)
            dbt("seed", "--target", "elsewhere", "--full-refresh").check_success("the seed")
            for time in ("first", "second"):
                outcome = dbt("run-operation", "normfreeze.import", "--target", "elsewhere", "--args", "{relation: frozen_scalers}")
                outcome.check_success(f"import, {time} time")
            check_equal(versions(server, "elsewhere"), ["dev.churn_scaler v1"], "imported once")
            check_equal(server.query("SELECT scaler_id FROM normfreeze.versions", "elsewhere"),
                        server.query("SELECT scaler_id FROM dev.churn_scaler", database), "under the same id")
            check_equal(server.query("SELECT count(*) FROM normfreeze.versions AS v, normfreeze.verify(v.scaler_id) WHERE NOT ok", "elsewhere"), "0", "verified")
            check_equal(server.query("SELECT normfreeze.profile_of(scaler_id) IS NOT NULL FROM normfreeze.versions", "elsewhere"), "t",
                        "with its profile")
            dbt("build", "--target", "elsewhere", *USUAL).check_success("the whole project in another database")
            check_equal(bits_of(server, "dev.scored", FEATURES, "elsewhere"), bits_of(server, "dev.scored", FEATURES, database), "has the same bits")
            text = (dbt.project / "seeds/frozen_scalers.csv").read_text()
            edited = text.replace('""center"": 44.5', '""center"": 44.6')
            check(edited != text, "there is a number to edit")
            dbt.write("seeds/frozen_scalers.csv", edited)
            dbt("seed", "--target", "elsewhere", "--full-refresh").check_success("an edited seed")
            probes = dbt("test", "--target", "elsewhere", "--select", "frozen_scalers")
            check_equal([node["status"] for node in probes.nodes.values()], ["fail"], "its probes tell")
            outcome = dbt("run-operation", "normfreeze.import", "--target", "elsewhere", "--args", "{relation: frozen_scalers, name: dev.churn_scaler, as_name: x}")
            check(not outcome.success and "fingerprint does not match" in outcome.log, "an edited artifact is refused", outcome.log)

        def the_readme_is_a_project():
            project = write_project_of_the_readme(dbt.folder / "readme")
            server.query(CUSTOMERS_OF_THE_README, database)
            where = ("--project-dir", str(project), "--profiles-dir", str(project))
            dbt("deps", *where).check_success("the README's project")
            for time in ("first", "second"):
                outcome = dbt("build", *where)
                outcome.check_success(f"the README's project, {time} time")
                check_equal(len(outcome.nodes), 8, "four models, three tests and a unit test")
                check_equal(outcome.warnings, [], "no warning")
            check_equal(columns_of(server, "readme.scored", database),
                        "id integer, plan text, signup_date date, updated_at timestamp with time zone, age double precision, "
                        "income double precision, tenure double precision, scaler_id bigint", "scored is what the README says")

        run_tests([installs_as_a_local_package, installs_from_a_subdirectory_of_git, compiles_where_nothing_is, builds_empty,
                   a_scaler_that_is_not_fitted_scores_nothing, builds_and_tests, the_grant_suffices, a_rerun_changes_nothing,
                   a_changed_training_set_is_fitted_when_told, changed_sql_is_a_reason, an_incremental_model_does_as_told,
                   a_refitted_column_is_caught, the_tests_can_fail, drift_is_recorded, edited_scalers_are_not_verified, stages_are_moved, another_schema_has_a_name_of_its_own,
                   documentation, a_project_overrides_what_is_dispatched, an_ordinary_role_needs_what_the_readme_grants, a_failing_hook_leaves_nothing, what_has_the_name_already, mistakes_are_explained, exported_and_used_without_the_extension,
                   imported_into_another_database, the_readme_is_a_project])


# by the name of each public macro that runs SQL of the extension: what it says to do without it
INSTEAD = {"normalize": "mode='inline'", "materialization_scaler_postgres": "normfreeze.fit() of Python", "test_verified": "probes_agree", "test_matches": "probes_agree",
           "test_no_drift": "mode: inline", "record_drift": "mode: inline", "record_drift_sql": "mode: inline",
           "promote": "", "rollback": "", "demote": "", "export": "", "import": ""}
# these compute without it, are asked by those, or write the row of a unit test, whose model has asked
WITHOUT = {"is_incremental", "scaler_fixture", "test_probes_agree", "probe_mismatches", "generate_scaler_name", "inline_number", "inline_error", "as_double"}

OPERATIONS = {"promote": "{name: a, version: 1}", "rollback": "{name: a}", "demote": "{name: a, stage: b}", "export": "{name: a}", "import": "{relation: frozen_scalers}",
              "record_drift": "{rows: live_customers, scaler: a}"}


def what_needs_the_extension_says_so(dbt):
    """In a database that lacks it, by the catalog or because a schema of the name is there."""
    check_equal(set(INSTEAD) | WITHOUT, PUBLIC, "every public macro is here")
    said = {}
    outcome = dbt("build", "--target", "elsewhere", "--exclude", "tag:elsewhere", "tag:mistakes", "test_type:unit", "--select", "churn_scaler", "scored_by_name")
    said["materialization_scaler_postgres"] = outcome.message("churn_scaler")
    outcome = dbt("test", "--target", "elsewhere", "--select", "scored_by_name", "live_customers", "churn_scaler")
    for name, node in outcome.nodes.items():
        for test in ("verified", "matches", "no_drift"):
            if name.startswith(f"normfreeze_{test}_"):
                said[f"test_{test}"] = node["message"]
    said["normalize"] = dbt("run", "--target", "elsewhere", "--select", "scored_by_name").message("scored_by_name")
    for operation, arguments in OPERATIONS.items():
        said[operation] = dbt("run-operation", f"normfreeze.{operation}", "--target", "elsewhere", "--args", arguments).log
    dbt.write("models/elsewhere/recorded.sql", "{{ config(materialized='view', post_hook=\"{{ normfreeze.record_drift_sql(this, 'a') }}\") }} select 1 as x")
    said["record_drift_sql"] = dbt("run", "--target", "elsewhere", "--select", "recorded").message("recorded")
    (dbt.project / "models/elsewhere/recorded.sql").unlink()
    for macro, instead in INSTEAD.items():
        for part in ('extension normfreeze is not installed in database "elsewhere"', "needs it: CREATE EXTENSION normfreeze", instead):
            check_in(part, " ".join(said.get(macro, "nothing").split()), f"{macro} without the extension")


# ---- the project that dbt/README.md writes, block by block ----

CUSTOMERS_OF_THE_README = """
    CREATE SCHEMA raw_of_readme;
    CREATE TABLE raw_of_readme.customers AS
      SELECT i AS id, 'plan ' || i % 3 AS plan, 20 + i * 37 % 50 AS age, 1000 + i * 7919 % 10007 AS income, i % 13 / 4::float8 AS tenure,
             date '2025-07-01' + i % 365 AS signup_date, timestamptz '2026-01-01 00:00:00Z' + i * interval '1 minute' AS updated_at
      FROM generate_series(1, 1000) AS i"""

PROFILE_OF_THE_README = """
readme:
  target: dev
  outputs:
    dev: {type: postgres, host: "{{ env_var('PGHOST') }}", port: "{{ env_var('PGPORT') | as_number }}", user: "{{ env_var('PGUSER') }}",
          password: "", dbname: "{{ env_var('PGDATABASE') }}", schema: readme, threads: 2}
"""


def write_project_of_the_readme(folder):
    """A user's project: every file is a block of the README, found by how it begins."""
    readme = (ROOT / "dbt/README.md").read_text()
    files = {
        "models/churn_scaler.sql": "{{ config(materialized='scaler'",
        "models/scored.sql": "{{ normfreeze.normalize(ref('customers'), ref('churn_scaler')) }}",
        "models/scored_incrementally.sql": "{{ config(materialized='incremental'",
        "models/first.yml": "models:\n  - name: churn_scaler",
        "models/tests.yml": "models:\n  - name: scored",
        "models/unit.yml": "unit_tests:",
        "tests/fixtures/a_scaler.sql": "{{ normfreeze.scaler_fixture(",
    }
    texts = {"dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: readme\n",
             "profiles.yml": PROFILE_OF_THE_README,
             "packages.yml": f"packages:\n  - local: {folder.parent / 'dbt'}\n",
             "models/customers.sql": "select * from {{ source('raw', 'customers') }}\n"}
    for path, beginning in files.items():
        blocks = [block for block in re.findall(r"```(?:sql|yaml)\n(.*?)```", readme, re.S) if block.startswith(beginning)]
        check_equal(len(blocks), 1, f"one block of the README is {path}")
        texts[path] = blocks[0]
    texts["models/tests.yml"] = texts["models/tests.yml"].replace("  - name: raw\n", "  - name: raw\n    schema: raw_of_readme\n")
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


# "all" shows every measure that is not 0, and "too_few" asks for more rows than there are
INLINE_DRIFT = """
models:
  - name: live_elsewhere
    data_tests:
      - normfreeze.no_drift: {name: inline_no_drift, arguments: {scaler: ref('frozen_scalers'), mode: inline, scaler_name: dev.churn_scaler, scaler_version: 1}}
      - normfreeze.no_drift: {name: inline_all, arguments: {scaler: ref('frozen_scalers'), mode: inline, psi: 1.0e-12, mean_shift: 1.0e-12,
                              variance_ratio: 1.0000000001, missing: 1.0e-12, outside: 1.0e-12}}
      - normfreeze.no_drift: {name: inline_too_few, arguments: {scaler: ref('frozen_scalers'), mode: inline, min_rows: 1001, too_few: fail},
                              config: {where: 'id > 20'}}
"""


def sql_of_test(dbt, part, target="target"):
    files = [path for path in (dbt.project / target / "compiled/normfreeze_integration_tests").rglob("*.sql") if part in path.name]
    check_equal(len(files), 1, f"one compiled test {part}")
    return files[0].read_text()


# those that a project may override
DISPATCHED = {"normalize", "generate_scaler_name", "record_drift_sql", "inline_number", "inline_error", "as_double"}
PUBLIC = {"normalize", "is_incremental", "scaler_fixture", "promote", "rollback", "demote", "export", "import", "record_drift", "record_drift_sql", "test_verified", "test_no_drift",
          "test_matches", "test_probes_agree", "probe_mismatches", "materialization_scaler_postgres", *DISPATCHED}

BAD_CONTRACT = """
models:
  - name: contract_of_float4
    config: {contract: {enforced: true}, materialized: table}
    columns: [{name: id, data_type: integer}, {name: age, data_type: real}, {name: scaler_id, data_type: bigint}]
  - name: contract_of_other_columns
    config: {contract: {enforced: true}}
    columns: [{name: name, data_type: text}]
"""

NORMALIZE = "{{ normfreeze.normalize(%s) }}"

# what is wrong, and a part of what dbt says then
BAD_MODELS = {
    "without_a_method": ("{{ config(materialized='scaler') }} select 1 as x", "needs a method"),
    "unknown_method": ("{{ config(materialized='scaler', method='zscore') }} select 1 as x", 'invalid input value for enum normfreeze.method: "zscore"'),
    "unknown_option": ("{{ config(materialized='scaler', method='minmax', options={'clipp': true}) }} select 1 as x", 'unknown option "clipp"'),
    "unknown_refit": ("{{ config(materialized='scaler', method='minmax', refit='never') }} select 1 as x", "must be one of: once, always"),
    "text_feature": ("{{ config(materialized='scaler', method='minmax') }} select 'a'::text as x", "a feature must be numeric or boolean"),
    "no_rows": ("{{ config(materialized='scaler', method='minmax') }} select 1 as x where false", "no rows"),
    "name_with_at": ("{{ config(materialized='scaler', method='minmax', scaler_name='a@b') }} select 1 as x", "a@b"),
    "invalid_sql": ("{{ config(materialized='scaler', method='minmax') }} selec 1 as x", "syntax error"),
    "contract_of_other_columns": ("{{ config(materialized='scaler', method='minmax') }} select 1 as x", "contract"),
    "contract_of_float4": (NORMALIZE % "ref('live_customers'), ref('churn_scaler'), columns=['age'], passthrough=['id']",
                           'gives column "age" the type real, to which normalized values would be rounded'),
    "raw_beside_normalized": (NORMALIZE % "ref('live_customers'), ref('churn_scaler'), columns=['age']",
                              'feature "income" is not among the columns, so passthrough="*" would leave it raw'),
    "names_cut_off": (NORMALIZE % ("ref('live_customers'), ref('churn_scaler'), prefix='" + "p" * 63 + "'"), "which PostgreSQL cuts off"),
    "a_feature_twice": (NORMALIZE % "ref('live_customers'), ref('churn_scaler'), columns=['age', 'age']", 'two columns of the result would be named "age"'),
    "no_such_feature": (NORMALIZE % "ref('live_customers'), ref('churn_scaler'), columns=['agee']", '"agee" in columns is not a feature'),
    "same_name_twice": (NORMALIZE % "ref('live_customers'), ref('churn_scaler'), passthrough=['age']", 'two columns of the result would be named "age"'),
    "columns_of_a_cte": ("with c as (select 1 as id) " + NORMALIZE % "'c', ref('churn_scaler')", 'the columns of "c", which is a CTE here, cannot be known while compiling'),
    "no_such_name": (NORMALIZE % "ref('live_customers'), 'dev.no such'", 'there is no scaler named "dev.no such"'),
    "no_such_id": (NORMALIZE % "ref('live_customers'), 17", "there is no scaler with id 17"),
    "not_a_scaler": (NORMALIZE % "ref('live_customers'), none", "a scaler is expected"),
    "unknown_mode": (NORMALIZE % "ref('live_customers'), ref('churn_scaler'), mode='fast'", "must be one of: extension, inline"),
    "unknown_policy": ("{{ config(materialized='incremental', on_scaler_change='explode') }} " + NORMALIZE % "ref('live_customers'), ref('churn_scaler')",
                       "must be one of: fail, full_refresh, append"),
    "no_json": (NORMALIZE % "ref('live_customers'), '{}', mode='inline'", "this is not the JSON of one scaler"),
    "unknown_format": (NORMALIZE % """ref('live_customers'), {'format': 9, 'features': []}, mode='inline'""", "format 9"),
    "not_inline": (NORMALIZE % """ref('live_customers'), {'format': 1, 'scaler_id': '1', 'features': [{'name': 'age', 'formula': 'log1p',
        'parameters': {}, 'options': {}, 'target': false, 'missing': 'keep', 'outside': 'keep'}]}, mode='inline'""",
                   'cannot compute the formula "log1p" of feature "age"; it can: batch_norm, divide'),
    "key_of_later": (NORMALIZE % """ref('live_customers'), {'format': 1, 'scaler_id': '1', 'features': [{'name': 'age', 'formula': 'identity', 'of_later': 'float32',
        'parameters': {}, 'options': {}, 'target': false, 'missing': 'keep', 'outside': 'keep'}]}, mode='inline'""", 'feature "age" of the artifact has "of_later"'),
    "feature_lost": (NORMALIZE % """ref('live_customers'), {'format': 1, 'scaler_id': '1', 'features': [{'name': 'Age', 'formula': 'identity',
        'parameters': {}, 'options': {}, 'target': false, 'missing': 'keep', 'outside': 'keep'}]}, mode='inline'""", 'has no column "Age", which is a feature; its columns are: id, age'),
    "feature_of_text": (NORMALIZE % """ref('live_customers'), {'format': 1, 'scaler_id': '1', 'features': [{'name': 'plan', 'formula': 'identity',
        'parameters': {}, 'options': {}, 'target': false, 'missing': 'keep', 'outside': 'keep'}]}, mode='inline'""", "is of type text, and a feature must be numeric or boolean"),
    "no_seed": (NORMALIZE % "ref('live_customers'), ref('live_customers'), mode='inline'", 'has no column "artifact", so it is no scaler model and no seed of artifacts'),
    "hostile_parameter": (NORMALIZE % """ref('live_customers'), {'format': 1, 'scaler_id': '1', 'features': [{'name': 'age', 'formula': 'divide',
        'parameters': {'scale': "1' as double precision); drop table raw.customers; --"}, 'options': {}, 'target': false, 'missing': 'keep',
        'outside': 'keep'}]}, mode='inline'""", "where a number is expected"),
}


# ---- what plain SQL must compute as the extension does ----

VALUES = ("{NULL, NaN, 0, -0, 1, -1, 2, 3, 7, 9, 1.0000000000000002, 0.9999999999999999, 9.000000000000002, 0.1, -0.3, 4.5, 1e-300, -1e-300, "
          "1e300, -1e300, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 16777217, 1e38, 3.5e38}")

TWO = '"feature_names_in_": ["a", "b"], "n_features_in_": 2'


def fitted(method, options="{}"):
    return (f"""(SELECT normfreeze.fit(r, '{method}', '{options}')
                 FROM (SELECT i::float8 AS a, 1 + (i - 1) * (i - 1) / 8::float8 AS b FROM generate_series(1, 9) AS i) AS r)""")


IMAGES = '{"features": ["a", "b"], "image_mean": [0.1, 3], "image_std": [0.3, 7], "rescale_factor": 0.00392156862745098}'

# with results of float4
FLOAT4 = {
    **{dtype: f"""normfreeze.from_parameters('{{"mean": {{"a": 0.1, "b": 3}}, "std": {{"a": 0.3, "b": 7}}}}', '{{"dtype": "{dtype}"}}')"""
       for dtype in ("float32", "single")},
    **{f"images_{name}": f"""normfreeze.from_parameters('{IMAGES}'::jsonb || '{{"do_normalize": {does}}}', '{{"dtype": "transformers"}}')"""
       for name, does in (("normalized", "true"), ("rescaled", "false"))},
}

INLINE = {
    **{method: fitted(method) for method in ("standard", "minmax", "maxabs", "robust", "mad", "meanabs", "midrange", "mean", "sum", "decimal", "identity", "sqrt", "square", "reciprocal")},
    **FLOAT4,
    "images": f"normfreeze.from_parameters('{IMAGES}')",
    "affine": fitted("affine", '{"features": {"a": {"center": 0.1, "scale": 0.3}, "b": {"center": -3, "scale": 7}}}'),
    "steps": fitted("standard", '{"features": {"a": {"steps": ["standard", {"method": "minmax", "clip": true}, "maxabs"], "missing": "min", "outside": "clip"}}}'),
    "domains": fitted("standard", '{"features": {"a": {"method": "sqrt", "domain": "null"}, "b": {"steps": [{"method": "sqrt", "domain": "clip"}, "square", "standard"]}}}'),
    "clip_of_results": fitted("standard", '{"clip": [-0.5, 1]}'),
    "missing_error": fitted("standard", '{"missing": "error"}'),
    "missing_nan": fitted("minmax", '{"missing": "nan"}'),
    "missing_median": fitted("robust", '{"missing": "median"}'),
    "outside_error": fitted("standard", '{"outside": "error"}'),
    "outside_null": fitted("maxabs", '{"outside": "null", "missing": 0}'),
    "outside_clip": fitted("mad", '{"outside": "clip", "missing": "min"}'),
    "winsorized": fitted("standard", '{"outside": "clip", "missing": "mean", "features": {"a": {"range": [null, 80]}, "b": {"range": {"mad": 1}, "statistics": "all"}}}'),
    "trimmed": fitted("minmax", '{"clip": true, "features": {"a": {"outside": "null", "range": {"fraction": 0.12}}, "b": {"outside": "error", "range": {"deviations": 1e300, "tail": "left"}}}}'),
    "all_errors": fitted("minmax", '{"outside": "error", "missing": "error", "clip": true}'),
    "shifted": fitted("standard", '{"intercept": 0.1, "multiplier": -3}'),
    "together": fitted("minmax", '{"global": true, "feature_range": [-0.3, 0.1], "clip": true}'),
    "sklearn_standard": f"""normfreeze.from_sklearn('{{"class": "StandardScaler", "mean_": [0.1, 3], "scale_": [0.3, 7], {TWO}}}')""",
    "sklearn_before_1_8": f"""normfreeze.from_sklearn('{{"class": "StandardScaler", "mean_": [0.1, 3], "scale_": [0.3, 7], "_sklearn_version": "1.5.0", {TWO}}}')""",
    "sklearn_no_mean": f"""normfreeze.from_sklearn('{{"class": "StandardScaler", "with_mean": false, "mean_": null, "scale_": [0.3, 7], {TWO}}}')""",
    "sklearn_minmax": f"""normfreeze.from_sklearn('{{"class": "MinMaxScaler", "clip": true, "feature_range": [0.1, 0.7], "min_": [0.1, 3], "scale_": [0.3, 0.7], {TWO}}}')""",
    "sklearn_maxabs": f"""normfreeze.from_sklearn('{{"class": "MaxAbsScaler", "clip": true, "scale_": [0.3, 7], {TWO}}}')""",
    "sklearn_robust": f"""normfreeze.from_sklearn('{{"class": "RobustScaler", "center_": [0.1, 3], "scale_": [0.3, 7], {TWO}}}')""",
    "sklearn_columns": """normfreeze.from_sklearn('{"class": "ColumnTransformer", "n_features_in_": 2, "feature_names_in_": ["a", "b"], "transformers_": [
        ["filled", {"class": "Pipeline", "steps": [["fill", {"class": "SimpleImputer", "strategy": "median", "statistics_": [0.7]}],
                                                   ["scale", {"class": "RobustScaler", "center_": [0.1], "scale_": [0.3]}]]}, ["b"]],
        ["bounded", {"class": "MinMaxScaler", "min_": [-0.8], "scale_": [0.03]}, [0]]]}')""",
    "spark_standard": """normfreeze.from_spark('{"withMean": true, "mean": [0.1, 3], "std": [0.3, 0], "columns": ["a", "b"]}')""",
    "spark_no_mean": """normfreeze.from_spark('{"withMean": false, "mean": [0.1, 3], "std": [0.3, 7], "columns": ["a", "b"]}')""",
    "spark_minmax": """normfreeze.from_spark('{"originalMin": [0.1, 2], "originalMax": [4, 2], "min": -1, "columns": ["a", "b"]}')""",
    "spark_minmax_2": """normfreeze.from_spark('{"originalMin": [0.1, 2], "originalMax": [4, 9], "min": -1, "sparkVersion": "2.4.8", "columns": ["a", "b"]}')""",
    "spark_maxabs": """normfreeze.from_spark('{"maxAbs": [0.3, 0], "columns": ["a", "b"]}')""",
    "spark_robust": """normfreeze.from_spark('{"median": [0.1, 2], "range": [0.3, 0], "withCentering": true, "columns": ["a", "b"]}')""",
    "onnx": """normfreeze.from_onnx_scaler('{"offset": [0.1, 3], "scale": [0.3, 1e-3], "names": ["a", "b"]}')""",
    **{f"torch_{type_}_{formula}": f"normfreeze.from_batchnorm('{{0.1, 3}}'::{type_}[], '{{0.3, 7}}', '{{0.7, -2}}', '{{0.2, 0.1}}', "
                                   f"names => '{{a,b}}', formula => '{formula}')"
       for type_ in ("float8", "real") for formula in ("stable", "contiguous")},
    "vertica_zscore": """normfreeze.from_vertica('{"method": "zscore", "details": [{"column_name": "a", "avg": 0.1, "std_dev": 0.3}, {"column_name": "b", "avg": 3, "std_dev": 7}]}')""",
    "vertica_robust": """normfreeze.from_vertica('{"details": [{"column_name": "a", "median": 0.1, "mad": 0.3}, {"column_name": "b", "median": 3, "mad": 7}]}')""",
    "vertica_minmax": """normfreeze.from_vertica('{"details": [{"column_name": "a", "min": 0.1, "max": 0.3}, {"column_name": "b", "min": 3, "max": 7}]}')""",
    "teradata": """normfreeze.from_teradata('{"columns": {"a": {"location": 0.1, "scale": 0.3, "multiplier": 0.7, "intercept": 0.2}, "b": {"location": 3, "scale": 7}}}')""",
    "teradata_filled": """normfreeze.from_teradata('{"scale_method": "USTD", "miss_value": "LOCATION", "statistics": [
        {"TD_STATTYPE_SCLFIT": "location", "a": 0.1, "b": 3}, {"TD_STATTYPE_SCLFIT": "scale", "a": 0.3, "b": 7}, {"TD_STATTYPE_SCLFIT": "count", "a": 9, "b": 9}]}')""",
    **{f"bigquery_{kind}": f"""normfreeze.from_bigquery('{{"scaler": "{kind}", "features": [
        {{"input": "a", "min": "-0.3", "max": "0.1", "mean": "-0.1", "stddev": "0.7"}}, {{"input": "b", "min": "1", "max": "9", "mean": "3", "stddev": "2"}}]}}')"""
       for kind in ("standard", "min_max", "max_abs")},
}

NOT_INLINE = {
    **{method: fitted(method) for method in ("quantile", "power", "log1p", "l1", "l2", "max")},
    "torch_fma": "normfreeze.from_batchnorm('{0.1, 3}'::real[], '{0.3, 7}', names => '{a,b}', formula => 'contiguous_fma')",
}

# the bits of a row's results, or that it is an error; and which values have other bits in plain SQL.  It may raise 22003
# where a result is too large or too small for double precision, as dbt/README.md says; by the extension, 22003 is
# what it raises for a value outside of the training range.
OUTCOME = """
CREATE FUNCTION outcome(view text, id bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bits text;
BEGIN
    EXECUTE format('SELECT concat_ws('' '', coalesce(encode(float8send(a), ''hex''), ''null''), coalesce(encode(float8send(b), ''hex''), ''null''),
                    scaler_id) FROM %s WHERE id = %s', view, id) INTO bits;
    RETURN bits;
EXCEPTION
    WHEN numeric_value_out_of_range THEN RETURN 'out of range';
    WHEN raise_exception OR data_exception THEN RETURN 'error';
END $$;
CREATE FUNCTION different(inline text, extension text) RETURNS TABLE (value float8, by_inline text, by_extension text) LANGUAGE sql AS $$
    SELECT v.a, i, e FROM dev.values AS v, outcome(inline, v.id) AS i, replace(outcome(extension, v.id), 'out of range', 'error') AS e
    WHERE i <> e AND NOT (i = 'out of range' AND abs(v.a) NOT BETWEEN 1e-299 AND 1e37)
$$;
"""

# what differs between keys: the method, a spread of nothing, what is imputed; and a key that SQL would read as more than one
KEYED = """
    CREATE TABLE dev.orders AS
      SELECT i AS id, (ARRAY['DE', 'fr', 'it''s \\ "}', 'one'])[1 + i % 4]::varchar(20) AS country,
             CASE WHEN i % 4 = 3 THEN 5 ELSE i * (1 + i % 4) / 7.0::float8 END AS amount, (i % 11)::int AS items, i % 3 = 0 AS gift FROM generate_series(0, 79) AS i;
    CREATE TABLE dev.live AS
      SELECT id, country, amount, items, gift FROM dev.orders UNION ALL SELECT 100 + n, k, a, 3, NULL
      FROM unnest(ARRAY['DE', 'fr', 'it''s \\ "}', 'one', 'NZ', 'de', NULL]) WITH ORDINALITY AS k(k, n), unnest('{NaN, 1e300, -0.0, NULL}'::float8[]) AS a(a);
    CREATE VIEW dev.fits AS
      SELECT country, normfreeze.fit(o, (CASE WHEN country = 'fr' THEN 'minmax' ELSE 'standard' END)::normfreeze.method,
          CASE country WHEN 'fr' THEN '{"exclude": ["id", "country"], "outside": "clip", "missing": "median"}'
               WHEN 'DE' THEN '{"exclude": ["id", "country"], "missing": "mean", "features": {"items": {"steps": ["maxabs", {"method": "minmax", "clip": true}]}}}'
               ELSE '{"exclude": ["id", "country"], "constant": "null"}' END::jsonb) AS s
      FROM dev.orders AS o GROUP BY country;
    SELECT normfreeze.freeze('keyed.null', normfreeze.by_key(country, s, 'null')) FROM dev.fits;
    SELECT normfreeze.freeze('keyed.error', normfreeze.by_key(country, s)) FROM dev.fits;
    SELECT normfreeze.freeze('keyed.fallback', normfreeze.by_key(country, s, (SELECT normfreeze.fit(o, 'robust', '{"exclude": ["id", "country"]}') FROM dev.orders AS o)))
    FROM dev.fits;
    SELECT normfreeze.freeze('keyed.of_one', normfreeze.fit(o, 'robust', '{"exclude": ["id", "country"]}')) FROM dev.orders AS o;
    """
KEYED_FEATURES = ["amount", "items", "gift"]


def inline(server, venv):
    database = server.new_database("inline")
    server.query("CREATE EXTENSION normfreeze; CREATE SCHEMA dev", database)

    with dbt_of(server, venv, database) as dbt:
        for folder in ("models", "seeds", "tests"):
            shutil.rmtree(dbt.project / folder)

        def plain_sql_is_the_extension_for_every_formula_and_policy():
            """Views of both modes over the same values, read value by value: errors are compared too."""
            ids = {name: server.query(f"SELECT normfreeze.freeze('inline.{name}', {sql}, keep_profile => false)", database)
                   for name, sql in {**INLINE, **NOT_INLINE}.items()}
            server.query(f"CREATE TABLE dev.values AS SELECT row_number() OVER () AS id, v AS a, v AS b FROM unnest('{VALUES}'::float8[]) AS v;"
                         + OUTCOME, database)
            relation = "api.Relation.create(database=target.database, schema='dev', identifier='values')"
            for name in INLINE:
                for mode in ("inline", "extension"):
                    dbt.write(f"models/{name}_{mode}.sql", "{{ config(materialized='view') }} {{ normfreeze.normalize(%s, 'inline.%s@v1', mode='%s') }}"
                              % (relation, name, mode))
            # by an id, columns are calls of their own
            for name, scaler_id in ids.items():
                dbt.write(f"models/{name}_by_id.sql", "{{ config(materialized='view') }} {{ normfreeze.normalize(%s, '%s') }}" % (relation, scaler_id))
            for name in NOT_INLINE:
                dbt.write(f"models/{name}_extension.sql", "{{ config(materialized='view') }} {{ normfreeze.normalize(%s, 'inline.%s@v1') }}" % (relation, name))
                dbt.write(f"models/{name}.sql", "{{ normfreeze.normalize(%s, 'inline.%s@v1', mode='inline') }}" % (relation, name))
            dbt("deps").check_success("inline")
            outcome = dbt("run", "--select", "path:models")
            for name, sql in INLINE.items():
                check_equal([outcome.status(f"{name}_{mode}") for mode in ("inline", "extension")], ["success"] * 2, f"{name}: both modes")
                check_equal(server.query(f"SELECT * FROM different('dev.{name}_inline', 'dev.{name}_extension')", database), "", f"{name}: the same bits")
            for name in ids:
                check_equal([outcome.status(f"{name}_{how}") for how in ("by_id", "extension")], ["success"] * 2, f"{name}: by id and by name")
                check_equal(server.query(f"SELECT v.a FROM dev.values AS v WHERE outcome('dev.{name}_by_id', v.id) <> outcome('dev.{name}_extension', v.id)", database), "",
                            f"{name}: the same by id as by name")
                of_rows = name in ("l1", "l2", "max")
                for how in ("by_id", "extension"):
                    check_equal(server.query(f"SELECT d LIKE '%normalize_value%', d LIKE '%LATERAL%' FROM pg_get_viewdef('dev.{name}_{how}') AS d", database),
                                "f|t" if of_rows else "t|f", f"{name}_{how}: a call for each {'row' if of_rows else 'column'}")
            for name in NOT_INLINE:
                outcome.check_error(name, "cannot compute the formula", name)
            formulas = (dbt.project / "../macros/normalize/_inline_formulas.sql").read_text()
            used = server.query("""SELECT DISTINCT f ->> 'formula' FROM normfreeze.versions AS v, jsonb_array_elements(normfreeze.scaler(v.scaler_id)::jsonb -> 'features') AS f
                                   WHERE v.name LIKE 'inline.%'""", database).split("\n")
            check_equal(set(re.findall(r"^    '(\w+)': \[", formulas, re.MULTILINE)) - set(used), set(), "every formula was compared")
            errors = server.query("""SELECT count(*) FROM dev.values AS v, outcome('dev.missing_error_inline', v.id) AS missing, outcome('dev.outside_error_inline', v.id) AS outside
                                     WHERE (missing = 'error') <> (v.a IS NULL OR v.a = 'NaN') OR (outside = 'error') <> (v.a < 1 OR v.a > 9 AND v.a <> 'NaN')""", database)
            check_equal(errors, "0", "errors are where the policies say")
            shutil.rmtree(dbt.project / "models")

        def columns_of_every_type():
            """What is no double is made one as the extension does it, where a double does not hold it, too."""
            server.query("""
                CREATE DOMAIN dev.flag AS boolean; CREATE DOMAIN dev.amount AS numeric;
                CREATE TABLE dev.types AS SELECT i AS id, (39.02 + i / 7.0)::real AS r, i::smallint AS s, (16777217 + i)::int AS n,
                        9007199254740993 + i * 2 AS big, 0.1 + i / 3.0 AS exact, i % 2 = 0 AS b, sqrt(i) AS d,
                        (i % 3 = 0)::dev.flag AS flag, (i / 7.0)::dev.amount AS amount
                    FROM generate_series(1::bigint, 200) AS i;
                INSERT INTO dev.types VALUES (201, 16777217::numeric::real, -32768, -2147483648, -9223372036854775808, 9007199254740993, NULL, 1e300, NULL, 1e-30),
                    (202, 1e-45, 32767, 2147483647, 9223372036854775807, 1.00000000000000011102230246251565404236, true, 5e-290, true, 123456789012345678901234567890),
                    (203, 'NaN', NULL, NULL, NULL, 'NaN', false, 'NaN', false, NULL), (204, 3.4028235e38, 0, 0, 0, 2.5e-290, true, -0.0, true, 0),
                    (205, 'Infinity', 1, 1, 1, 1.7976931348623158e308, true, '-Infinity', true, 7)
                """, database)
            columns = ["r", "s", "n", "big", "exact", "b", "d", "flag", "amount"]
            methods = ["standard", "minmax", "maxabs", "identity"]
            for method in methods:
                server.query(f"""SELECT normfreeze.freeze('types.{method}', normfreeze.fit(t, '{method}', '{json.dumps({"columns": columns})}'))
                                 FROM dev.types AS t WHERE id <= 200""", database)
                for mode in ("inline", "extension"):
                    dbt.write(f"models/types/{method}_{mode}.sql", "{{ config(materialized='table') }} {{ normfreeze.normalize(api.Relation.create("
                              "database=target.database, schema='dev', identifier='types'), 'types.%s@v1', mode='%s', prefix='z_') }}" % (method, mode))
            dbt("run", "--select", "path:models/types").check_success("columns of every type")
            for method in methods:
                for column in columns:
                    by_mode = [bits_of(server, f"dev.{method}_{mode}", [f"z_{column}"], database) for mode in ("inline", "extension")]
                    check_equal(*by_mode, f"{method} of column {column}")
            check_equal(server.query("SELECT count(DISTINCT z_big) > 100 AND count(DISTINCT z_r) > 150 FROM dev.identity_inline", database), "t", "there are digits to compare")

        def a_thousand_features():
            names = ", ".join(f"(i * {k} % 101) / {k}.0::float8 AS f{k}" for k in range(1, 1001))
            dbt.write("models/wide/wide_rows.sql", "{{ config(materialized='table') }} select i as id, %s from generate_series(1, 30) as i" % names)
            dbt.write("models/wide/wide_scaler.sql", "{{ config(materialized='scaler', method='standard', options={'exclude': ['id'], 'distribution': false}) }} "
                      "select * from {{ ref('wide_rows') }}")
            for mode in ("extension", "inline"):
                dbt.write(f"models/wide/wide_{mode}.sql", "{{ config(materialized='table') }} {{ normfreeze.normalize(ref('wide_rows'), ref('wide_scaler'), mode='%s') }}" % mode)
            dbt("run", "--select", "path:models/wide").check_success("1,000 features")
            features = [f"f{k}" for k in range(1, 1001)]
            check_equal(bits_of(server, "dev.wide_inline", features, database), bits_of(server, "dev.wide_extension", features, database),
                        "1,000 features inline")

        def keyed_model(name, arguments, config="materialized='table'"):
            dbt.write(f"models/keyed/{name}.sql", "{{ config(%s) }} {{ normfreeze.normalize(api.Relation.create(database=target.database, schema='dev', "
                      "identifier='live'), %s) }}" % (config, arguments))

        def sets_in_both_modes():
            server.query(KEYED, database)
            ids = dict(row.split("|") for row in server.query("SELECT name, scaler_id FROM normfreeze.versions WHERE name LIKE 'keyed.%'", database).split("\n"))
            exported = dbt("--quiet", "run-operation", "normfreeze.export", "--args", "{name: keyed.fallback}").printed
            dbt.write("seeds/sets.csv", exported)
            text = server.query("SELECT normfreeze.by_key(country, s, (SELECT normfreeze.scaler('keyed.of_one@v1'::text)))::text FROM dev.fits", database)
            dbt.write("keyed.fallback.json", text)
            made = subprocess.run([sys.executable, ROOT / "python/normfreeze.py", "seed", dbt.project / "keyed.fallback.json"], capture_output=True, text=True)
            check_equal(made.stdout.splitlines(), ["name,version,artifact,evidence", exported.splitlines()[1] + ","], f"Python makes the same seed {made.stderr}")
            dbt.write("seeds/seeds.yml", "seeds: [{name: sets, config: {column_types: {name: text, version: integer, artifact: text}},\n"
                      "  data_tests: [normfreeze.probes_agree]}]\n")
            dbt.write("models/keyed/churn_by_country.sql", "{{ config(materialized='scaler', method='robust', by_key='country', unseen='fallback', "
                      "options={'exclude': ['id']}) }} select * from dev.orders")
            for name, more in (("weighted", ""), ("weighted_by_country", ", by_key='country', unseen='fallback'")):
                dbt.write(f"models/keyed/{name}.sql", "{{ config(materialized='scaler', method='standard', weight='items'%s, options={'columns': 'numeric', 'exclude': 'id', "
                          "'features': {'amount': {'steps': ['cbrt', 'standard']}}}) }} select * from dev.orders" % more)
            for unseen in ("null", "fallback"):
                for mode in ("inline", "extension"):
                    keyed_model(f"{unseen}_{mode}", f"'{ids['keyed.' + unseen]}', mode='{mode}', by_key='country', prefix='z_'")
            keyed_model("from_seed", "ref('sets'), mode='inline', by_key='country', prefix='z_'")
            for mode in ("inline", "extension"):
                keyed_model(f"refused_{mode}", f"'keyed.error@latest', mode='{mode}', by_key='country'", "materialized='view'")
                keyed_model(f"by_model_{mode}", f"ref('churn_by_country'), mode='{mode}', by_key='country', prefix='z_'")
            keyed_model("bad_without", "'keyed.null@latest', mode='inline'")
            keyed_model("bad_of_one", "'keyed.of_one@latest', mode='inline', by_key='country'")
            keyed_model("bad_column", "'keyed.null@latest', by_key='land'")
            outcome = dbt("build", "--select", "path:models/keyed", "path:seeds")
            for name in ("null", "fallback", "by_model"):
                for mode in ("inline", "extension"):
                    check_equal(outcome.status(f"{name}_{mode}"), "success", f"{name}_{mode}: {outcome.message(f'{name}_{mode}')}")
            by_weight = '''normfreeze.fit(o, 'standard', '{"columns": ["amount", "gift"], "features": {"amount": {"steps": ["cbrt", "standard"]}}}', items)'''
            check_equal(server.query(f"SELECT scaler_id = (SELECT normfreeze.id_of({by_weight}) FROM dev.orders AS o) FROM dev.weighted", database), "t",
                        f"a model with weights {outcome.message('weighted')}")
            check_equal(server.query(f'''SELECT scaler_id = (SELECT normfreeze.id_of(normfreeze.by_key(country, s, (SELECT {by_weight} FROM dev.orders AS o)))
                                         FROM (SELECT country, {by_weight} AS s FROM dev.orders AS o GROUP BY country) AS g) FROM dev.weighted_by_country''', database), "t",
                        f"and by key {outcome.message('weighted_by_country')}")
            for name, direct in (("null", "'keyed.null@v1'"), ("fallback", "'keyed.fallback@v1'"), ("by_model", "'dev.churn_by_country@v1'")):
                server.query(f"""CREATE TABLE dev.{name}_direct AS SELECT l.id, l.amount, z.v[1] AS z_amount, z.v[2] AS z_items, z.v[3] AS z_gift
                                 FROM dev.live AS l, LATERAL (SELECT normfreeze.normalize_by_key(l, {direct}, l.country) AS v OFFSET 0) AS z""", database)
                wanted = bits_of(server, f"dev.{name}_direct", [f"z_{feature}" for feature in KEYED_FEATURES], database, "id, amount::text")
                for mode in ("inline", "extension"):
                    check_equal(bits_of(server, f"dev.{name}_{mode}", [f"z_{feature}" for feature in KEYED_FEATURES], database, "id, amount::text"), wanted,
                                f"{name}: {mode} has the bits of normalize_by_key")
            check_equal(server.query("SELECT count(*), count(z_amount) FROM dev.null_inline WHERE id > 104", database), "12|0", "keys that the set has not, and NULL")
            check_equal(server.query("SELECT count(*), count(z_amount) FROM dev.fallback_inline WHERE id > 104", database), "12|9", "the fallback's results")
            check_equal(server.query("SELECT count(*) FROM (TABLE dev.from_seed EXCEPT ALL TABLE dev.fallback_inline) AS d", database), "0", "from a seed")
            check_equal([outcome.status(name) for name in outcome.nodes if "probes_agree" in name], ["pass"], "the probes of every key agree")
            check_equal(server.query("SELECT DISTINCT scaler_id FROM dev.null_inline", database), ids["keyed.null"], "rows carry the id of the set")
            for key, known in (("'DE'", True), ("'de'", False), ("NULL", False)):
                for mode in ("inline", "extension"):
                    sql = f"SELECT count(amount) FROM dev.refused_{mode} WHERE country IS NOT DISTINCT FROM {key}"
                    said = server.psql(sql, database, check=False).stderr
                    refused = any(part in said for part in ("no such key", "has no key", "the key for scaler"))
                    check_equal(refused, not known, f"{mode}: an error for key {key} that the set has not")
            outcome.check_error("bad_without", 'say which column has the key, as in by_key="country"', "a set without by_key")
            outcome.check_error("bad_of_one", "is for a set of scalers by key", "one scaler with by_key")
            outcome.check_error("bad_column", 'column src.land does not exist', "a key that is no column")
            dbt("run-operation", "normfreeze.import", "--args", "{relation: sets, name: keyed.fallback, as_name: imported}").check_success("import of a set")
            check_equal(server.query("SELECT scaler_id FROM normfreeze.versions WHERE name = 'imported'", database), ids["keyed.fallback"], "the same id")
            edited = re.sub(r'(""key"": ""DE"".*?""center"": )', r"\g<1>1", exported, count=1)
            check(edited != exported, "there is a number to edit")
            dbt.write("seeds/sets.csv", edited)
            outcome = dbt("build", "--select", "sets", "--full-refresh")
            check_equal([outcome.status(name) for name in outcome.nodes if "probes_agree" in name], ["fail"], "an edited number of one key")
            dbt.write("seeds/sets.csv", exported)

        def sets_in_duckdb():
            """By dbt-duckdb."""
            run([venv / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", ROOT / "test/dbt/requirements-duckdb.txt"])
            file = dbt.folder / "by_key.duckdb"
            dbt.write("duckdb/profiles.yml", f"normfreeze_integration_tests:\n  target: dev\n  outputs:\n    dev: {{type: duckdb, path: '{file}', schema: dev, threads: 1}}\n")
            shutil.rmtree(dbt.project / "models")
            for table, columns in (("live", "id, country, amount, items, gift"), ("fallback_direct", "id, amount, z_amount, z_items, z_gift")):
                (dbt.project / f"seeds/{table}.csv").write_text(
                    server.psql(f"COPY (SELECT {columns} FROM dev.{table} ORDER BY id, amount::text) TO STDOUT (FORMAT csv, HEADER)", database).stdout)
            dbt.write("seeds/seeds.yml", "seeds:\n- {name: sets, config: {column_types: {name: text, version: integer, artifact: text}}, data_tests: [normfreeze.probes_agree]}\n"
                      "- {name: live, config: {column_types: {country: text, amount: double, gift: boolean}}}\n"
                      "- {name: fallback_direct, config: {column_types: {amount: double, z_amount: double, z_items: double, z_gift: double}}}\n")
            dbt.write("models/of_duckdb.sql", "{{ config(materialized='table') }} {{ normfreeze.normalize(ref('live'), ref('sets'), mode='inline', by_key='country', prefix='z_') }}")
            dbt.write("models/differs.sql", "{{ config(materialized='table') }} select count(*) as rows, count(z_amount) as results from (select id, amount, z_amount, z_items, z_gift from "
                      "{{ ref('of_duckdb') }} intersect all select * from {{ ref('fallback_direct') }}) as i")
            dbt.write("macros/print_same.sql", "{% macro print_same() %}{% do print(run_query('select rows, results from dev.differs').rows[0].values() | join(' ')) %}{% endmacro %}")
            there = ("--profiles-dir", "duckdb", "--target-path", "target-duckdb")
            dbt("build", *there).check_success("in DuckDB")
            check_equal(dbt("run-operation", "print_same", *there).printed.strip(),
                        server.query("SELECT count(*) || ' ' || count(z_amount) FROM dev.fallback_direct", database), "DuckDB has the bits of the extension")

        run_tests([plain_sql_is_the_extension_for_every_formula_and_policy, columns_of_every_type, a_thousand_features, sets_in_both_modes]
                  + ([sets_in_duckdb] if cases.ALL else []))


# ---- incremental models whose scaler gains or loses a feature ----

# what changes: the features before and after; the others are raw columns of the relation
CHANGES = {
    "gain_exact": (["base"], ["base", "i", "n"]),
    "gain_float": (["base"], ["base", "f"]),
    "lose_exact": (["base", "i", "n"], ["base"]),
    "lose_float": (["base", "f"], ["base"]),
}
PASSTHROUGH = {"star": "", "list": ", passthrough=['id']", "prefix": ", prefix='z_'"}
SCHEMA_CHANGES = ["ignore", "append_new_columns", "sync_all_columns", "fail"]
POLICIES = ["fail", "append", "full_refresh"]
OLD_ROWS, ALL_ROWS = 8, 12


def matrix_succeeds(policy, schema_change, passthrough, change):
    """Can the result be complete, without raw values beside normalized ones in a column?  Else the build has to fail."""
    if policy == "full_refresh":
        # raw f is a double precision column as the normalized one is: nothing to alter
        return schema_change != "fail" or (passthrough, change[5:]) == ("star", "float")
    if policy == "append" and passthrough != "star":
        # new columns are NULL for rows of the scaler that has no such feature; dropped ones would be lost
        return schema_change == "append_new_columns" or (schema_change == "sync_all_columns" and change.startswith("gain"))
    return False


def matrix(server, venv):
    """Every policy with every on_schema_change: the result is complete, double precision and of one scaler a row, or the
    build fails, says why, and changes nothing.  By default a sixth of the cases; all with NORMFREEZE_TEST_ALL=1."""
    database = server.new_database("matrix")
    server.query("CREATE EXTENSION normfreeze; CREATE SCHEMA dev; CREATE SCHEMA raw", database)
    server.query(f"""CREATE TABLE raw.matrix AS SELECT k AS id, k * 1.5::float8 AS base, k * k AS i, k / 7.0 AS n, sqrt(k) AS f
                     FROM generate_series(1, {ALL_ROWS}) AS k;
                     CREATE TABLE raw.artifacts (name text, version int, artifact text)""", database)
    relation = "api.Relation.create(database=target.database, schema='raw', identifier='%s')"

    def fit(change, when):
        columns = json.dumps(CHANGES[change][when])
        return f"(SELECT normfreeze.fit(m, 'standard', '{{\"columns\": {columns}, \"distribution\": false}}') FROM raw.matrix AS m)"

    def scaler_changes(when):
        """The registry knows the scalers of mode extension; those of mode inline are known by the present artifact alone."""
        for change in CHANGES:
            # another scaler than the registry's, for which nothing looks it up
            inline = fit(change, when).replace("raw.matrix AS m", "(SELECT m.* FROM raw.matrix AS m WHERE id > 1) AS m")
            server.query(f"""SELECT normfreeze.freeze('{change}', {fit(change, when)}); DELETE FROM raw.artifacts WHERE name = '{change}';
                             INSERT INTO raw.artifacts SELECT '{change}', 1, normfreeze.bare({inline})::text""", database)

    def normalize(change, passthrough, mode):
        if mode == "inline":
            scaler, named = relation % "artifacts", f"name='{change}'"
            call = f"{scaler}, mode='inline', {named}"
        else:
            scaler = f"'{change}@latest'"
            call, named = scaler, "name=none"
        return (f"{{{{ normfreeze.normalize({relation % 'matrix'}, {call}{PASSTHROUGH[passthrough]}, "
                f"where='src.id > {OLD_ROWS}' if normfreeze.is_incremental({scaler}, {named}) else %s) }}}}")

    choices = [POLICIES, SCHEMA_CHANGES, list(PASSTHROUGH), list(CHANGES), ["extension", "inline"]]
    chosen = list(itertools.product(*choices))
    if not cases.ALL:
        # every choice still meets every other: a latin square of the first four, in turn in one mode
        places = [[choice.index(value) for choice, value in zip(choices, case)] for case in chosen]
        chosen = [case for case, (p, s, t, c, m) in zip(chosen, places) if (p + s + t + c) % 3 == 0 and (p + s // 2 + c) % 2 == m]

    def table_state(names):
        """Of each table: the types of its columns, and its rows."""
        tables = " UNION ALL ".join(f"SELECT '{name}' AS name, (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.id) FROM dev.\"{name}\" AS t) AS rows" for name in names)
        answer = server.query(f"""SELECT jsonb_object_agg(name, jsonb_build_object('rows', rows, 'types',
                                     (SELECT jsonb_object_agg(attname, format_type(atttypid, atttypmod)) FROM pg_attribute
                                      WHERE attrelid = ('dev.' || quote_ident(name))::regclass AND attnum > 0 AND NOT attisdropped)))
                                  FROM ({tables}) AS t""", database)
        return json.loads(answer)

    def normalized():
        """What each row must be, by scaler: {scaler_id: [{feature: value}]}, with 17 digits."""
        answer = server.query("""
            SELECT jsonb_object_agg(s.id::text, s.rows) FROM (
                SELECT normfreeze.id_of(c.scaler) AS id, jsonb_agg((SELECT jsonb_object_agg(name, value) FROM unnest(
                    normfreeze.feature_names(c.scaler), normfreeze.normalize(m, c.scaler)) AS v(name, value)) ORDER BY m.id) AS rows
                FROM (SELECT scaler FROM normfreeze.scalers UNION SELECT scaler FROM raw.old_and_new) AS c, raw.matrix AS m GROUP BY c.scaler) AS s""", database)
        return json.loads(answer)

    def check_table(name, table, scalers, raw, prefix, policy):
        """A table that was built has every row, and every result."""
        rows = table["rows"]
        check_equal([row["id"] for row in rows], list(range(1, ALL_ROWS + 1)), f"{name}: every row once")
        ids = {str(row["scaler_id"]) for row in rows}
        check_equal(len(ids), 1 if policy == "full_refresh" else 2, f"{name}: of so many scalers")
        bad = []
        features_of = {id: set(scalers[id][0]) for id in ids}
        for row in rows:
            id = str(row["scaler_id"])
            for feature in set().union(*features_of.values()):
                column = prefix + feature
                if feature in features_of[id]:
                    wanted = scalers[id][row["id"] - 1][feature]
                    if table["types"].get(column) != "double precision" or row[column] != wanted:
                        bad.append((row["id"], column, row.get(column), wanted))
                elif row.get(column) is not None:
                    # nothing stands there but a raw value, where it does for every row
                    if any(feature in features for features in features_of.values()) or row[column] != raw[row["id"] - 1][feature]:
                        bad.append((row["id"], column, row[column], "nothing"))
        check_equal(bad, [], f"{name}: every value is what its row's scaler makes of it")

    with dbt_of(server, venv, database) as dbt:
        for folder in ("models", "seeds", "tests"):
            shutil.rmtree(dbt.project / folder)

        def complete_or_refused():
            scaler_changes(0)
            server.query("CREATE TABLE raw.old_and_new AS SELECT artifact::normfreeze.scaler AS scaler FROM raw.artifacts", database)
            first = {}
            for passthrough, change, mode in sorted({case[2:] for case in chosen}):
                first[passthrough, change, mode] = f"first_{passthrough}_{change}_{mode}"
                dbt.write(f"models/first/{first[passthrough, change, mode]}.sql", "{{ config(materialized='table') }} "
                          + normalize(change, passthrough, mode) % f"'src.id <= {OLD_ROWS}'")
            dbt("deps").check_success("matrix")
            dbt("run").check_success("the first state of each")
            shutil.rmtree(dbt.project / "models/first")
            names = {}
            copies = []
            for case in chosen:
                policy, schema_change, passthrough, change, mode = case
                names[case] = "_".join(case)
                copies.append(f"CREATE TABLE dev.{names[case]} AS TABLE dev.{first[passthrough, change, mode]}")
                dbt.write(f"models/{names[case]}.sql", f"{{{{ config(materialized='incremental', on_scaler_change='{policy}', "
                          f"on_schema_change='{schema_change}') }}}} " + normalize(change, passthrough, mode) % "none")
            server.query(";".join(copies), database)
            before = table_state(names.values())
            scaler_changes(1)
            server.query("INSERT INTO raw.old_and_new SELECT artifact::normfreeze.scaler FROM raw.artifacts", database)
            outcome = dbt("run", "--threads", "4")
            after = table_state(names.values())
            scalers = normalized()
            raw = json.loads(server.query("SELECT jsonb_agg(to_jsonb(m) ORDER BY id) FROM raw.matrix AS m", database))
            for case, name in names.items():
                policy, schema_change, passthrough, change, mode = case
                if matrix_succeeds(*case[:4]):
                    if check_equal(outcome.status(name), "success", f"{name}: {outcome.message(name)}"):
                        check_table(name, after[name], scalers, raw, "z_" if passthrough == "prefix" else "", policy)
                    continue
                if check_equal(outcome.status(name), "error", f"{name} must fail"):
                    said = " ".join(outcome.message(name).split())
                    column = "(" + "|".join(sorted({*CHANGES[change][0]} ^ {*CHANGES[change][1]})) + ")"
                    wanted = ("has rows of scaler" if policy == "fail"
                              else rf'column "(z_)?{column}".*(double precision|integer|numeric).*--full-refresh')
                    check(re.search(wanted, said), f"{name}: names the column, its type, and what to do", said)
                    check_equal(after[name], before[name], f"{name}: nothing was changed")

        def what_else_would_be_wrong_without_a_word():
            """Models of a scaler that was refitted with the same features, each with a mistake, beside one without."""
            shutil.rmtree(dbt.project / "models", ignore_errors=True)

            def refit(rows):
                server.query(f"""SELECT normfreeze.freeze('refit', normfreeze.fit(m, 'standard', '{{"columns": ["base", "f"]}}'))
                                 FROM raw.matrix AS m WHERE id <= {rows}""", database)

            def model(name, config, call="", before="", after=""):
                dbt.write(f"models/{name}.sql", f"{{{{ config(materialized='incremental', {config}) }}}} {before} "
                          f"{{{{ normfreeze.normalize({relation % 'matrix'}, 'refit@latest', passthrough=['id']{call}, prefix='z_') }}}} {after}")

            refit(6)
            server.query(f"""CREATE TABLE dev.scored AS SELECT m.id, z.v[1] AS z_base, z.v[2] AS z_f, normfreeze.scaler_id('refit@latest') AS scaler_id
                             FROM raw.matrix AS m, LATERAL (SELECT normfreeze.normalize(m, 'refit@latest') AS v OFFSET 0) AS z WHERE id <= {OLD_ROWS}""", database)
            append = "on_scaler_change='append'"
            merge = append + ", incremental_strategy='merge', unique_key='id', "
            anew = "on_scaler_change='full_refresh', unique_key='id'"
            filtered = ("where='src.id > 8' if normfreeze.is_incremental('refit@latest') else none, on_scaler_change='full_refresh'")
            outer = "select id, z_base as b, scaler_id from ("
            # config, arguments, around the call, what happens to the table before, a part of the message (None: it is right)
            mistakes = {
                "merged": (merge, "", "", "", "", None),
                "merged_in_part": (merge + "merge_update_columns=['z_base', 'scaler_id']", "", "", "", "", "name all of these columns or none"),
                "merged_in_part_too": (merge + "merge_exclude_columns=['Z_F']", "", "", "", "", "name all of these columns or none"),
                "merged_not_at_all": (merge + "merge_update_columns=['id']", "", "", "", "", None),
                "in_batches": (anew + ", incremental_strategy='microbatch', event_time='at', batch_size='day', begin='2026-01-01', lookback=0", "", "", "", "",
                               "gives a batch of them at a time"),
                "filtered": ("unique_key='id'", ", " + filtered, "", "", "", "is_incremental() lets new rows alone through"),
                "no_id": (append, ", scaler_id_column=none", "", "", "", "it cannot be told which scaler"),
                "id_of_a_double": (append, "", "", "", "ALTER TABLE dev.{} ALTER scaler_id TYPE float8", 'column "scaler_id"'),
                "rows_of_nobody": (append, "", "", "", "UPDATE dev.{} SET scaler_id = NULL WHERE id = 1", "it cannot be told what they were scaled by"),
                "renamed": (append, "", outer, ") as n", "ALTER TABLE dev.{} DROP z_f; ALTER TABLE dev.{} RENAME z_base TO b", None),
                "renamed_and_rounded": (append, "", outer, ") as n", "ALTER TABLE dev.{} DROP z_f; ALTER TABLE dev.{} RENAME z_base TO b; "
                                        "ALTER TABLE dev.{} ALTER b TYPE numeric(4, 1)", 'column "b"'),
                "of_float4": (append, "", "", "", "ALTER TABLE dev.{} ALTER z_f TYPE real", 'column "z_f"'),
                "one_column_now": (append + ", on_schema_change='append_new_columns'", ", columns=['base']", "", "", "", "that the result leaves out"),
                "one_column_before": (append + ", on_schema_change='append_new_columns'", "", "", "", "ALTER TABLE dev.{} DROP z_f", "would get NULL"),
                "seen_by_a_view": (anew, "", "", "", "ALTER TABLE dev.{} ALTER z_f TYPE int; CREATE VIEW dev.v AS SELECT z_f FROM dev.{}",
                                   "cannot alter type of a column used by a view"),
                "with_a_header": (append + ", sql_header='create temporary table once (id int);'", "", "", "", "", None),
                "made_anew": (anew, "", "", "", "ALTER TABLE dev.{} ALTER z_f TYPE int", None),
                "emptied": (anew, "", "", "", "", None),
            }
            for name, (config, call, before, after, change, _) in mistakes.items():
                model(name, config, call, before, after)
                server.query(f"CREATE TABLE dev.{name} AS TABLE dev.scored; " + change.replace("{}", name), database)
            # names that would end a comment, or the JSON in it
            hostile = '"*/ /* } \\u002a {{ one }} \'x", "} */"'
            server.query(f"""CREATE TABLE raw.hostile ({hostile.replace('x"', 'x" int').replace('*/"', '*/" int')}, id int); INSERT INTO raw.hostile VALUES (1, 2, 1), (3, 5, 2);
                             SELECT normfreeze.freeze('hostile', normfreeze.fit(h, 'standard', '{{"exclude": ["id"]}}')) FROM raw.hostile AS h""", database)
            for name in ("hostile", "hostile_once"):
                dbt.write(f"models/{name}.sql", "{{ config(materialized='incremental', unique_key='id') }} {{ normfreeze.normalize(%s, 'hostile@latest') }}" % (relation % "hostile"))
            dbt("run", "--select", "hostile").check_success("hostile names, the first time")
            refit(7)
            rows = "SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM dev.{} AS t"
            before = {name: server.query(rows.format(name), database) for name in mistakes}
            dbt("run", "--empty", "--select", "emptied", "made_anew").check_success("--empty")
            check_equal([server.query(rows.format(name), database) for name in ("emptied", "made_anew")], [before["emptied"], before["made_anew"]],
                        "--empty takes no rows away")
            outcome = dbt("run", "--sample", "1 day", "--select", "emptied")
            outcome.check_error("emptied", "without --sample", "all rows are not in a sample")
            (dbt.project / "models/emptied.sql").unlink()
            del mistakes["emptied"]
            outcome = dbt("run", "--threads", "4")
            for name, (*_, part) in mistakes.items():
                if part is None:
                    check_equal(outcome.status(name), "success", f"{name}: {outcome.message(name)}")
                    continue
                check_equal(outcome.status(name), "error", f"{name} must fail")
                # of a batch, only the log file says what is wrong
                said = (dbt.project / "logs/dbt.log").read_text() if name == "in_batches" else outcome.message(name)
                check_in(part, " ".join(said.split()), name)
                check_equal(server.query(rows.format(name), database), before[name], f"{name}: nothing was changed")
            check_equal(outcome.status("hostile"), "success", f"hostile names: {outcome.message('hostile')}")
            check_equal(server.query(f"SELECT {hostile} FROM dev.hostile EXCEPT SELECT {hostile} FROM dev.hostile_once", database), "", "hostile names, again")
            judge = """SELECT count(DISTINCT m.scaler_id), count(*), bool_and(z.v[1] = z_base AND z.v[2] = z_f) FROM dev.{} AS m JOIN raw.matrix AS r USING (id),
                       LATERAL (SELECT normfreeze.normalize(r, m.scaler_id) AS v OFFSET 0) AS z"""
            for name, wanted in (("merged", "1|12|t"), ("merged_not_at_all", "2|12|t"), ("made_anew", "1|12|t")):
                check_equal(server.query(judge.format(name), database), wanted, f"{name}: scalers, rows, and they agree")

        run_tests([complete_or_refused, what_else_would_be_wrong_without_a_word])


# ---- the main road, with the oldest dbt ----

def without_arguments(text):
    """Properties as dbt 1.8 reads them: what `arguments:` holds stands one level up."""
    lines = []
    level = None
    for line in text.split("\n"):
        spaces = len(line) - len(line.lstrip())
        if line.strip() == "arguments:":
            level = spaces
            continue
        if level is not None and spaces <= level:
            level = None
        lines.append(line if level is None else line[2:])
    return "\n".join(lines)


def oldest(server, venv):
    database = server.new_database("oldest")

    with dbt_of(server, venv, database) as dbt:
        # it does not know the key `arguments` of tests
        for path in [*(dbt.project / "models").rglob("*.yml"), *(dbt.project / "seeds").rglob("*.yml")]:
            path.write_text(without_arguments(path.read_text()))

        def the_main_road():
            check_in("1.8.", run([venv / "bin/python", "-c", "import dbt.version; print(dbt.version.__version__)"], capture_output=True).stdout,
                     "this is the oldest")
            dbt("deps").check_success("oldest")
            dbt("compile").check_success("oldest, without the extension")
            server.query("CREATE EXTENSION normfreeze", database)
            dbt("run-operation", "load_raw").check_success("oldest")
            # dbt 1.8 empties the inputs of unit tests, too
            dbt("build", "--empty", *USUAL, "test_type:unit").check_success("oldest, --empty")
            dbt("build", *USUAL).check_success("oldest, build")
            dbt("run", "--select", "churn_scaler", "clipped_scaler").check_success("oldest, again")
            check_equal(len(versions(server, database)), 3, "oldest: three scalers, one version each")
            older(server, database, 3)
            dbt("run", "--select", "churn_scaler", "--full-refresh").check_success("oldest, --full-refresh")
            outcome = dbt("run", "--select", "path:models/incremental")
            check_equal([outcome.status(f"incremental_{policy}") for policy in ("fail", "append", "full_refresh")],
                        ["error", "success", "success"], "oldest: on_scaler_change")
            check_equal(dbt("build", "--select", "tag:mistakes").status("refitted_matches"), "fail", "oldest: a refitted column is caught")
            dbt("run-operation", "normfreeze.promote", "--args", "{model: churn_scaler}").check_success("oldest, promote")
            check_equal(server.query("SELECT version FROM normfreeze.stages", database), "2", "oldest: promoted")

        run_tests([the_main_road])


# ---- the main road, with the engine of dbt 2.0 ----

def rust(server, venv):
    """What runs with it; and what does not, because its statements are transactions of their own, is refused in words."""
    database = server.new_database("rust")
    server.query("CREATE EXTENSION normfreeze", database)
    # it has no unit tests in PostgreSQL
    usual = [*USUAL, "test_type:unit"]

    with dbt_of(server, venv, database, RustDbt) as dbt:

        def the_main_road():
            dbt("deps").check_success("rust")
            outcome = dbt("parse")
            outcome.check_success("rust")
            check_equal(outcome.warnings, [], "rust: nothing to warn of")
            dbt("run-operation", "load_raw").check_success("rust")
            for time in ("first", "second"):
                outcome = dbt("build", *usual)
                outcome.check_success(f"rust, {time} build")
                check_equal((outcome.status("inline_agrees"), len(outcome.nodes)), ("pass", 31), "rust: plain SQL has the bits of the extension")
            check_equal(len(versions(server, database)), 3, "rust: three scalers, one version each")
            check_equal(dbt("build", "--select", "tag:mistakes").success, False, "rust: a refitted column is caught")
            dbt("run-operation", "normfreeze.promote", "--args", "{model: churn_scaler}").check_success("rust, promote")
            check_equal(server.query("SELECT version FROM normfreeze.stages", database), "1", "rust: promoted")

        def a_changed_scaler():
            older(server, database, 3)
            server.query("INSERT INTO raw.customers SELECT id + 2000, age, income, tenure, subscribed, plan, updated_at + interval '1 year' FROM raw.customers WHERE id <= 20", database)
            outcome = dbt("run", "--select", "churn_scaler", "--full-refresh")
            outcome.check_success("rust, --full-refresh")
            check_in("age center: 44.5 -> 47.63861386138614 (0.217 deviations)", outcome.log, "rust: what changed")
            outcome = dbt("run", "--select", "path:models/incremental")
            check_equal([outcome.status(f"incremental_{policy}") for policy in ("fail", "append", "full_refresh")],
                        ["error", "success", "error"], "rust: on_scaler_change")
            check_in("has rows of scaler", outcome.log, "rust: fail")
            check_in("replaces the rows in one transaction", " ".join(outcome.log.split()), "rust: full_refresh is refused")
            counts = "SELECT count(*), count(DISTINCT scaler_id) FROM dev.incremental_{}"
            check_equal([server.query(counts.format(policy), database) for policy in ("fail", "append", "full_refresh")], ["1000|1", "1010|2", "1000|1"], "rust: the rows")
            dbt("run", "--select", "path:models/incremental", "--full-refresh").check_success("rust, as it says")

        def by_key_and_without_the_extension():
            shutil.rmtree(dbt.project / "models")
            shutil.rmtree(dbt.project / "tests")
            server.query(KEYED, database)
            exported = dbt("--quiet", "run-operation", "normfreeze.export", "--args", "{name: keyed.fallback}")
            exported.check_success("rust, export")
            dbt.write("seeds/sets.csv", exported.printed)
            dbt.write("seeds/seeds.yml", "seeds:\n- {name: sets, config: {column_types: {name: text, version: integer, artifact: text}}, data_tests: [normfreeze.probes_agree]}\n")
            (dbt.project / "seeds/frozen_scalers.csv").unlink()
            live = "api.Relation.create(database=target.database, schema='dev', identifier='live')"
            for mode, scaler in (("extension", "'keyed.fallback@latest'"), ("inline", "ref('sets')")):
                dbt.write(f"models/keyed_{mode}.sql", "{{ config(materialized='table') }} {{ normfreeze.normalize(%s, %s, mode='%s', by_key='country', prefix='z_') }}"
                          % (live, scaler, mode))
            outcome = dbt("build")
            outcome.check_success("rust, a set by key")
            check_equal([outcome.status(name) for name in outcome.nodes if "probes_agree" in name], ["pass"], "rust: the probes of every key")
            check_equal(server.query("SELECT count(*) > 80, count(*) FILTER (WHERE i::text IS DISTINCT FROM e::text) FROM dev.keyed_inline AS i FULL JOIN dev.keyed_extension AS e "
                                     "ON ROW(i.id, i.amount)::text = ROW(e.id, e.amount)::text", database), "t|0", "rust: a set by key has the same bits in plain SQL")

        run_tests([the_main_road, a_changed_scaler, by_key_and_without_the_extension])


# ---- sqlfluff ----

SQLFLUFF = """
[sqlfluff]
templater = dbt
dialect = postgres
[sqlfluff:templater:dbt]
project_dir = .
profiles_dir = .
"""


def sqlfluff(server, venv):
    run([venv / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", ROOT / "test/dbt/requirements-sqlfluff.txt"])
    database = server.new_database("sqlfluff")
    server.query("CREATE EXTENSION normfreeze; CREATE SCHEMA dev;" + KEYED, database)

    with dbt_of(server, venv, database) as dbt:

        def every_model_can_be_parsed():
            live = "api.Relation.create(database=target.database, schema='dev', identifier='live')"
            for mode in ("extension", "inline"):
                dbt.write(f"models/keyed/keyed_{mode}.sql", "{{ normfreeze.normalize(%s, 'keyed.fallback@latest', mode='%s', by_key='country', prefix='z_') }}" % (live, mode))
            dbt("deps").check_success("sqlfluff")
            dbt("run-operation", "load_raw").check_success("sqlfluff")
            dbt("run", *USUAL).check_success("sqlfluff")
            dbt.write(".sqlfluff", SQLFLUFF)
            parsed = subprocess.run([venv / "bin/sqlfluff", "parse", "models"], cwd=dbt.project, env=dbt.environment, text=True, capture_output=True)
            said = parsed.stdout + parsed.stderr
            check_equal((parsed.returncode, [line for line in said.split("\n") if "PRS" in line or "unparsable:" in line]), (0, []), "sqlfluff parses the models")
            check(said.count("normalize_value") > 4 and "cross" in said, "these are the package's statements", said[:2000])

        run_tests([every_model_can_be_parsed])


def scenario(installation):
    present = environment_of("dbt-venv", "requirements.txt", "--no-deps")
    parts = [(life, present), (inline, present), (matrix, present)]
    if cases.ALL:
        parts.append((oldest, environment_of("dbt-oldest-venv", "requirements-oldest.txt")))
        parts.append((sqlfluff, environment_of("dbt-sqlfluff-venv", "requirements.txt", "--no-deps")))
    with Server(installation, "dbt", {"jit": "on"}) as server, concurrent.futures.ThreadPoolExecutor() as threads:
        server.query("CREATE ROLE scoring LOGIN")
        # most of the time goes into dbt's own parsing: side by side, in databases of their own
        for done in [threads.submit(part, server, venv) for part, venv in parts]:
            done.result()
    if cases.ALL:
        over_tcp = Server(installation, "dbt-rust", {"listen_addresses": "localhost"})
        over_tcp.port = over_tcp.settings["port"] = free_port()
        with over_tcp as server:
            server.query("CREATE ROLE scoring LOGIN")
            rust(server, environment_of("dbt-rust-venv", "requirements-rust.txt"))


if __name__ == "__main__":
    os.umask(0o022)
    run_scenario(scenario)
