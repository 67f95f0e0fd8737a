"""monitoring/: the dashboard's and the exporters' queries, as the role that setup.sql makes, against what the functions say.

With NORMFREEZE_TEST_ALL=1 Debian's prometheus-postgres-exporter, prometheus-sql-exporter and prometheus read them, too.
"""

import contextlib
import json
import math
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request

import psycopg

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packages                                                     # noqa: E402
from common import (CUSTOMERS, Server, check, check_equal, check_in, errors_of, run_scenario, run_tests, wait_until)  # noqa: E402
from report import say_skipped                                      # noqa: E402
from server import ROOT                                             # noqa: E402

FOLDER = ROOT / "monitoring"
DASHBOARD = json.loads((FOLDER / "grafana.json").read_text())
QUOTED = "it's \"a name\", $__all \\ ${name} ö"     # a name may be anything without @
LIVE = "SELECT age + 40 AS age, income, tenure FROM customers"

FILL = """
SELECT normfreeze.freeze({name}, normfreeze.fit(c, 'standard', '{{"columns": ["age", "income", "tenure"]}}')) FROM customers AS c;
SELECT normfreeze.promote({name}, 1);
SELECT normfreeze.freeze('churn', normfreeze.fit(c, 'minmax', '{{"columns": ["age", "income", "tenure"]}}')) FROM customers AS c;
SELECT normfreeze.promote('churn', 1);
SELECT normfreeze.freeze('churn', normfreeze.fit(c, 'robust', '{{"columns": ["age", "income", "tenure"]}}')) FROM customers AS c;
SELECT normfreeze.promote('churn', 2);
SELECT normfreeze.freeze('churn', normfreeze.fit(c, 'maxabs', '{{"columns": ["age", "income", "tenure"]}}')) FROM customers AS c;
SELECT normfreeze.freeze('arrays', normfreeze.fit(ARRAY[age, income], 'standard')) FROM customers;
SELECT normfreeze.promote('arrays', 1);
SELECT normfreeze.freeze('waiting', normfreeze.fit(c, 'standard', '{{"columns": ["age"]}}')) FROM customers AS c;
SELECT normfreeze.freeze('gone', normfreeze.fit(c, 'standard', '{{"columns": ["income"]}}')) FROM customers AS c;
SELECT normfreeze.retire('gone', 1);
SELECT normfreeze.freeze('lost', normfreeze.fit(c, 'standard', '{{"columns": ["tenure"]}}')) FROM customers AS c;
SELECT normfreeze.promote('lost', 1);
SELECT normfreeze.retire('lost', 1);
SELECT normfreeze.freeze('ended', normfreeze.fit(c, 'standard', '{{"columns": ["age", "tenure"]}}')) FROM customers AS c;
SELECT normfreeze.promote('ended', 1);
SELECT normfreeze.demote('ended', 'production');
SELECT normfreeze.freeze('shops', normfreeze.by_key(shop, s)) FROM (
  SELECT 'shop ' || id % 2 AS shop, normfreeze.fit(c, 'standard', '{{"columns": ["age", "income", "tenure"]}}') AS s FROM customers AS c GROUP BY 1) AS g;
SELECT normfreeze.promote('shops', 1);
SELECT normfreeze.register_use('churn@v1', 'old model', 'model');
SELECT normfreeze.register_use('churn@v2', 'new model', 'model');
SELECT normfreeze.register_use('churn@v3', 'trial', 'model');
SELECT normfreeze.record_drift('churn@v1', normfreeze.profile(l, normfreeze.scaler_id('churn@v1')), 'first') FROM customers AS l;
SELECT normfreeze.record_drift('churn', normfreeze.profile(l, normfreeze.scaler_id('churn')), 'second') FROM customers AS l;
SELECT normfreeze.record_drift('churn', normfreeze.profile(l, normfreeze.scaler_id('churn')), 'third') FROM ({live}) AS l;
SELECT normfreeze.record_drift({name}, normfreeze.profile(l, normfreeze.scaler_id({name})), 'few') FROM (SELECT * FROM customers LIMIT 5) AS l;
SELECT normfreeze.record_drift('arrays', normfreeze.profile(ARRAY[age, income])) FROM customers;
SELECT normfreeze.record_drift(m.scaler_id, (SELECT normfreeze.profile(l, m.scaler_id) FROM ({live}) AS l), m.key)
  FROM normfreeze.members AS m ORDER BY m.key;
CALL normfreeze_monitoring.record_verify();
"""


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def expanded(query, names, days="2", begin="2000-01-01T00:00:00Z", end="2100-01-01T00:00:00Z"):
    """A query as Grafana sends it: its frontend puts variables in, then its PostgreSQL data source the macros.

    https://grafana.com/docs/grafana/latest/datasources/postgres/#macros and
    https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/#advanced-variable-format-options (sqlstring)
    """
    values = {"${name:sqlstring}": ",".join(map(literal, names)), "$days": days}
    query = re.sub(r"\$\{name:sqlstring\}|\$days\b", lambda found: values[found[0]], query)
    query = re.sub(r"\$__timeFilter\(([^()]*)\)", lambda found: f"{found[1]} BETWEEN '{begin}' AND '{end}'", query)
    return query.replace("$__timeFrom()", f"'{begin}'").replace("$__timeTo()", f"'{end}'")


def queries():
    """(title, query, format) of everything that the dashboard asks."""
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["rawSql"], target["format"]
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"], "variable"
    for annotation in DASHBOARD["annotations"]["list"]:
        if "target" in annotation:
            yield annotation["name"], annotation["target"]["rawSql"], "annotation"


class Monitor:
    """The login role of a dashboard, in one read-only session."""

    def __init__(self, server, database):
        self.connection = psycopg.connect(server.conninfo(database, "grafana"), autocommit=True)
        self.connection.execute("SET default_transaction_read_only = on")

    def ask(self, query):
        """(names of columns, types, rows)"""
        cursor = self.connection.execute(query.encode())
        columns = [(column.name, psycopg.adapters.types[column.type_code].name) for column in cursor.description]
        return dict(columns), cursor.fetchall()

    def panel(self, title, names, **options):
        """The rows of a panel, as dicts."""
        query = next(query for name, query, _ in queries() if name == title)
        columns, rows = self.ask(expanded(query, names, **options))
        return [dict(zip(columns, row)) for row in rows]


# ---- exporters ----

def postgres_exporter_queries():
    """{name: (query, labels, values)}"""
    found = {}
    for part in re.split(r"^(?=\w+:$)", (FOLDER / "postgres_exporter.yml").read_text(), flags=re.MULTILINE)[1:]:
        name = part.partition(":")[0]
        query, metrics = re.search(r"  query: \|\n(.*?)  metrics:\n(.*)", part, re.DOTALL).groups()
        usages = re.findall(r'    - (\w+): \{usage: "(\w+)", description: ".*"\}', metrics)
        found[name] = (query, [c for c, usage in usages if usage == "LABEL"], [c for c, usage in usages if usage == "GAUGE"])
    return found


def words(text):
    return [word for word in text.split(", ") if word]


def sql_exporter_queries():
    text = (FOLDER / "sql_exporter.collector.yml").read_text()
    texts = dict(re.findall(r"  - query_name: (\w+)\n    query: \|\n((?:      .*\n)+)", text))
    found = {name: (query, [], []) for name, query in texts.items()}
    for metric, labels, value, name in re.findall(r'  - metric_name: (\w+)\n    type: gauge\n    help: ".*"\n(?:    key_labels: \[(.*)\]\n)?'
                                                  r"    values: \[(\w+)\]\n    query_ref: (\w+)\n", text):
        check_equal(metric, f"{name}_{value}", "the name of a metric")
        found[name] = (found[name][0], words(labels), found[name][2] + [value])
    return found


def debian_sql_exporter_queries():
    text = (FOLDER / "debian_sql_exporter.yml").read_text()
    return {name: (query, words(labels), words(values)) for name, labels, values, query in re.findall(
        r'      - name: (\w+)\n        help: ".*"\n        labels: \[(.*)\]\n        values: \[(.*)\]\n        query: \|\n((?:          .*\n)+)', text)}


def comparable(found):
    return {name: (query.split(), labels, values) for name, (query, labels, values) in found.items()}


@contextlib.contextmanager
def running(command, environment=None, address="/metrics"):
    """A program that serves on a port of its own, given for PORT in its command; a function that gives a page of it."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([str(word).replace("PORT", str(port)) for word in command], stdout=log, stderr=log,
                                   env={**os.environ, **(environment or {})})

        def get(path=address):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                return answer.read().decode()

        def answers():
            try:
                return process.poll() is None and bool(get())
            except OSError:
                return False
        try:
            if not wait_until(answers, f"{pathlib.Path(command[0]).name} answers"):
                log.seek(0)
                raise AssertionError(log.read().decode()[-3000:])
            yield get
        finally:
            process.terminate()
            process.wait(30)


def samples(page):
    """{(metric, ((label, value), ...)): number} of a page of metrics."""
    found = {}
    for metric, labels, number in re.findall(r"^(\w+)(?:\{(.*)\})? (\S+)$", page, re.MULTILINE):
        pairs = [(name, json.loads(f'"{value}"')) for name, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels)]
        found[metric, tuple(sorted(pairs))] = float(number)
    return found


def same_number(one, other):
    return one == other or (math.isnan(one) and math.isnan(other))


def tests_of_programs(server, monitor):
    """The real programs, from Debian's packages."""
    folder = pathlib.Path(server.folder, "programs")
    for package in ("prometheus-postgres-exporter", "prometheus-sql-exporter", "prometheus"):
        file, reason = packages.downloaded(package)
        if not file:
            return say_skipped(f"monitoring by {package}: {reason}")
        subprocess.run(["dpkg-deb", "-x", file, folder], check=True)

    def expected():
        """What the queries say now, but for the times since."""
        found = {}
        for name, (query, labels, values) in postgres_exporter_queries().items():
            columns, rows = monitor.ask(query)
            for row in rows:
                row = dict(zip(columns, row))
                for value in values:
                    if value != "age_seconds" and name != "normfreeze_table":
                        found[f"{name}_{value}", tuple(sorted((label, row[label]) for label in labels))] = float(row[value])
        return found

    def compare(got, name):
        for key, number in expected().items():
            check(key in got and same_number(got[key], number), f"{name}: {key}", f"got {got.get(key)}, expected {number}")

    def postgres_exporter_serves_them():
        command = [folder / "usr/bin/prometheus-postgres-exporter", f"--extend.query-path={FOLDER}/postgres_exporter.yml",
                   "--web.listen-address=127.0.0.1:PORT", "--disable-default-metrics", "--disable-settings-metrics"]
        source = f"host={server.folder} port={server.port} user=grafana dbname=watched sslmode=disable"
        with running(command, {"DATA_SOURCE_NAME": source}) as get:
            page = get()
            got = samples(page)
            # the exporter says of which server a sample is
            compare({(metric, tuple(pair for pair in labels if pair[0] != "server")): number for (metric, labels), number in got.items()}, "postgres_exporter")
            check_in("pg_exporter_last_scrape_error 0", page, "no query failed")
            prometheus_raises_alarms(page)

    def prometheus_raises_alarms(page):
        """Prometheus evaluates the alerts on what the exporter has served."""
        work = pathlib.Path(tempfile.mkdtemp(dir=server.folder))
        series = []
        for (metric, labels), number in samples(page).items():
            if metric.startswith("normfreeze_"):
                text = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels if name != "server")
                value = {math.inf: "+Inf", -math.inf: "-Inf"}.get(number, "NaN" if math.isnan(number) else repr(number))
                series.append({"series": f"{metric}{{{text}}}", "values": f"{value}x20000"})
        cases = [{"eval_time": "1h", "alertname": name, "exp_alerts": [{"exp_labels": {**labels, "alertname": name}, "exp_annotations": {"summary": summary}}
                                                                      for labels, summary in alerts]} for name, alerts in {
            "NormfreezeMajorDrift": [({"name": "churn", "version": "2"}, "churn v2 : major drift")]
            + [({"name": "shops", "version": "1", "key": key}, f"shops v1 {key}: major drift") for key in ("shop 0", "shop 1")],
            "NormfreezeVerifyFailed": [], "NormfreezeNotVerified": [], "NormfreezeNotWatched": []}.items()]
        cases.append({"eval_time": "8d", "alertname": "NormfreezeConsumersElsewhere", "exp_alerts": [
            {"exp_labels": {"name": "churn", "alertname": "NormfreezeConsumersElsewhere"},
             "exp_annotations": {"summary": "2 consumers of churn have used a version that is not in production for a week"}}]})
        (work / "test.yml").write_text(json.dumps({"rule_files": [str(FOLDER / "alerts.yml")], "evaluation_interval": "1h",
                                                   "tests": [{"interval": "1h", "input_series": series, "alert_rule_test": cases}]}))
        made = subprocess.run([folder / "usr/bin/promtool", "test", "rules", work / "test.yml"], capture_output=True, text=True)
        check_equal(made.returncode, 0, f"the alerts: {made.stdout[-3000:]} {made.stderr[-3000:]}")

    def sql_exporter_serves_them():
        configuration = pathlib.Path(server.folder, "sql_exporter.yml")
        text = (FOLDER / "debian_sql_exporter.yml").read_text()
        address = "postgres://grafana@127.0.0.1:5432/postgres?sslmode=disable"
        check_in(address, text, "the file has a connection to replace")
        configuration.write_text(text.replace(address, f"postgres://grafana@/watched?host={server.folder}&port={server.port}&sslmode=disable"))
        with running([folder / "usr/bin/prometheus-sql-exporter", "-config.file", configuration, "-web.listen-address", "127.0.0.1:PORT"]) as get:
            wait_until(lambda: "sql_normfreeze_table" in get(), "the queries have run")
            got = {}
            for (metric, labels), number in samples(get()).items():
                column = dict(labels).get("col")
                if column:
                    got[f"{metric.removeprefix('sql_')}_{column}", tuple(pair for pair in labels if pair[0] not in
                                                                         ("col", "database", "driver", "host", "user", "sql_job"))] = number
            compare(got, "Debian's sql_exporter")

    run_tests([postgres_exporter_serves_them, sql_exporter_serves_them])


# ---- all of it ----

def tests_of(server):
    def query(text):
        return server.query(text, "watched")

    def setup(user="installer"):
        return server.psql("\\i " + str(FOLDER / "setup.sql"), "watched", user, check=False).stderr

    def the_setup_by_who_installed():
        """By an ordinary role that may create roles, twice; a login role becomes a member."""
        server.query("CREATE ROLE installer LOGIN CREATEROLE; CREATE ROLE grafana LOGIN; CREATE DATABASE watched OWNER installer")
        server.query("CREATE EXTENSION normfreeze;" + CUSTOMERS, "watched", "installer")
        check_equal(setup(), "", "setup.sql")
        check_equal(setup(), "", "setup.sql once more")
        server.query("GRANT normfreeze_monitor TO grafana", "watched")
        server.query(FILL.format(name=literal(QUOTED), live=LIVE), "watched", "installer")

    run_tests([the_setup_by_who_installed])
    monitor = Monitor(server, "watched")
    everybody = [QUOTED, "arrays", "churn", "ended", "gone", "lost", "shops", "waiting"]

    def the_dashboard_is_well_formed():
        panels = DASHBOARD["panels"]
        check_equal(len({panel["id"] for panel in panels}), len(panels), "ids of panels are unique")
        cells = [(x, y) for panel in panels for g in [panel["gridPos"]] for x in range(g["x"], g["x"] + g["w"]) for y in range(g["y"], g["y"] + g["h"])]
        check(len(cells) == len(set(cells)) and all(x < 24 for x, _ in cells), "no panel lies on another or outside")
        for panel in panels:
            check(panel["title"] and panel["description"] and panel["targets"], "a panel says what it is", panel["title"])
            check_equal({target["datasource"]["uid"] for target in panel["targets"]} | {panel["datasource"]["uid"]}, {"${datasource}"},
                        "a panel reads the database that was chosen")
        known = {"datasource", "name:sqlstring", "name", "days", "__timeFilter", "__timeFrom", "__timeTo"}
        for title, text, _ in queries():
            used = set(re.findall(r"\$\{?([\w:]+)", text))
            check(used <= known, f"{title}: variables and macros are known", used)

    def every_query_is_answered():
        check_equal([row[0] for row in monitor.ask(expanded(next(q for n, q, _ in queries() if n == "name"), []))[1]],
                    query("SELECT string_agg(DISTINCT name, E'\\n' ORDER BY name) FROM normfreeze.versions").split("\n"), "the names to choose from")
        for title, text, kind in queries():
            for names in (everybody, [QUOTED], ["nobody"]):
                columns, rows = monitor.ask(expanded(text, names))
                if kind == "time_series":
                    check_equal(list(columns), ["time", "metric", "value"], f"{title}: columns")
                    check(columns["time"] == "timestamptz" and columns["metric"] == "text" and columns["value"] in ("int4", "float8"), f"{title}: types", columns)
                    check_equal([row[0] for row in rows], sorted(row[0] for row in rows), f"{title}: in the order of time")
                    points = [row[:2] for row in rows]
                    check_equal(len(set(points)), len(points), f"{title}: a value for each time")
                if names == everybody and title not in ("What verify() found",):
                    check(rows, f"{title}: there are rows")

    def the_numbers_are_those_of_the_functions():
        def one(title):
            row, = monitor.panel(title, everybody)
            return str(*row.values())

        check_equal(one("In production"), "4", "names in production that are not retired")
        check_equal(one("Major drift"), query("SELECT count(*) FROM normfreeze.drift_state WHERE verdict = 'major'"), "major drift")
        check_equal(one("Major drift"), "3", "of churn and both shops")
        check_equal(one("Not watched for $days days"), "0", "all were watched")
        check_equal(one("Failed checks of verify()"), query("SELECT count(*) FROM normfreeze.verify() WHERE NOT ok"), "failed checks")
        check_equal(float(one("Size of the registry")) > 100000, True, "the size")
        drift = {}
        for ref, scaler in (("churn v2", "normfreeze.scaler_id('churn')"), *((f"shops v1 [shop {k}]", f"(SELECT scaler_id FROM normfreeze.members WHERE key = 'shop {k}')")
                                                                             for k in (0, 1))):
            with psycopg.connect(server.conninfo("watched")) as connection:
                for feature, psi, shift, missing in connection.execute(
                        f"SELECT feature, psi, abs(mean_shift), live_missing FROM normfreeze.drift({scaler}, "
                        f"(SELECT normfreeze.profile(l, {scaler}) FROM ({LIVE}) AS l))"):
                    drift[f"{ref} {feature}"] = psi, shift, missing
        for k, title in enumerate(("Population stability index by feature", "Shift of the mean, in deviations of training", "Share of missing values")):
            newest = {row["metric"]: row["value"] for row in monitor.panel(title, everybody)}
            check_equal({series: newest.get(series) for series in drift}, {series: values[k] for series, values in drift.items()}, title)
        check_equal([(row["metric"], row["value"]) for row in monitor.panel("Verdicts", ["churn"])], [("churn v1", 0), ("churn v2", 0), ("churn v2", 2)], "verdicts")
        check_equal([(row["metric"], row["value"]) for row in monitor.panel("Verdicts", [QUOTED])], [(f"{QUOTED} v1", None)], "too few rows to tell")
        state = monitor.panel("Everything in production, the worst first", everybody)
        check_equal([(row["name"], row["key"], row["verdict"]) for row in state],
                    [("churn", None, "major"), ("shops", "shop 0", "major"), ("shops", "shop 1", "major"), (QUOTED, None, "unknown"), ("arrays", None, "none")],
                    "the worst first")

    def versions_and_who_uses_them():
        check_equal([(row["metric"], row["value"]) for row in monitor.panel("Versions in production", ["churn", "ended"])],
                    [("churn", 1), ("churn", 2), ("ended", 1), ("ended", None)], "versions in production")
        late = monitor.panel("Versions in production", ["churn", "ended"], begin="2090-01-01T00:00:00Z")
        check_equal([(row["metric"], row["value"], row["time"].year) for row in late], [("churn", 2, 2090)], "from the beginning of the range on")
        check_equal([(row["consumer"], row["version"], row["production"], row["state"]) for row in monitor.panel("Who uses which version", everybody)],
                    [("old model", 1, 2, "behind"), ("trial", 3, 2, "not in production"), ("new model", 2, 2, "in production")], "who uses which version")
        rows = monitor.panel("Names: what waits, what is forgotten", everybody)
        check_equal([(row["name"], row["state"], row["production"], row["newest"], row["consumers"]) for row in rows],
                    [("lost", "production is retired", 1, None, 0), ("churn", "newer one waits", 2, 3, 3),
                     ("ended", "not in production", None, 1, 0), ("waiting", "not in production", None, 1, 0),
                     ("arrays", "well", 1, 1, 0), (QUOTED, "well", 1, 1, 0), ("shops", "well", 1, 1, 0), ("gone", "retired", None, None, 0)],
                    "states of names")
        check_equal(sorted(row["text"] for row in monitor.panel("Changes of production", ["churn"])), ["churn v1: promote", "churn v2: promote"], "annotations")

    def failures_of_verify_are_shown():
        check_equal(monitor.panel("What verify() found", []), [], "nothing")
        query("ALTER TABLE normfreeze.versions DISABLE TRIGGER refuse_change; CALL normfreeze_monitoring.record_verify()")
        check_equal([row["failed"] for row in monitor.panel("Failed checks of verify()", [])], [1], "one check failed")
        check_equal([row["check"] for row in monitor.panel("What verify() found", [])], ["guards"], "which one")

    def the_monitor_sees_no_more():
        for denied in ("SELECT * FROM normfreeze.scalers", "SELECT * FROM normfreeze.profiles", "SELECT note FROM normfreeze.stage_log",
                       "CALL normfreeze_monitoring.record_verify()", "DELETE FROM normfreeze_monitoring.verify_log", "SELECT * FROM normfreeze.versions",
                       "CREATE TABLE normfreeze_monitoring.mine ()", "SELECT normfreeze.normalize(ARRAY[1.0, 2, 3], 'churn')"):
            check_in("42501", errors_of(server, denied, "watched", "grafana"), denied)

    def the_exporters_agree():
        found = comparable(postgres_exporter_queries())
        check_equal(len(found), 5, "queries for postgres_exporter")
        check_equal(comparable(sql_exporter_queries()), found, "those for sql_exporter are the same")
        check_equal(comparable(debian_sql_exporter_queries()), found, "those for Debian's sql_exporter are the same")
        for name, (text, labels, values) in postgres_exporter_queries().items():
            columns, rows = monitor.ask(text)
            check_equal(list(columns), labels + values, f"{name}: columns")
            check_equal([columns[column] for column in values], ["float8"] * len(values), f"{name}: numbers")
            check(rows and all(value is not None for row in rows for value in row), f"{name}: no NULL", rows)
            named = [row[:len(labels)] for row in rows]
            check_equal(len(set(named)), len(named), f"{name}: labels are unique, of sets by key, too")
        with psycopg.connect(server.conninfo("watched")) as connection:
            connection.execute("SET ROLE normfreeze_monitor")
            rows = connection.execute(postgres_exporter_queries()["normfreeze_name"][0].encode()).fetchall()
            check_equal(sorted(rows), sorted([(QUOTED, 1, 1, 0, 0), ("arrays", 1, 1, 0, 0), ("churn", 3, 2, 3, 2), ("ended", 1, 0, 0, 0), ("gone", 1, 0, 0, 0),
                                              ("lost", 1, 0, 0, 0), ("shops", 1, 1, 0, 0), ("waiting", 1, 0, 0, 0)]), "names")

    run_tests([the_dashboard_is_well_formed, every_query_is_answered, the_numbers_are_those_of_the_functions, versions_and_who_uses_them,
               the_monitor_sees_no_more, the_exporters_agree])
    if os.environ.get("NORMFREEZE_TEST_ALL"):
        tests_of_programs(server, monitor)
    run_tests([failures_of_verify_are_shown])
    monitor.connection.close()


def scenario(installation):
    with Server(installation, "dashboard") as server:
        tests_of(server)


if __name__ == "__main__":
    run_scenario(scenario)
