#!/usr/bin/env python3
"""What a scaler was fitted on does not reach the server's log, whatever is logged, nor pg_stat_statements."""

import re

from common import Server, check, check_equal, check_in, run_scenario, run_tests

# everything that a log can be told to hold: nested statements with plans and parameters, of any length
SETTINGS = {
    "log_statement": "all", "log_duration": "on", "log_min_duration_statement": "0", "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1", "log_error_verbosity": "verbose", "log_min_messages": "log",
    "debug_print_parse": "on", "debug_print_rewritten": "on", "debug_print_plan": "on",
    "auto_explain.log_min_duration": "0", "auto_explain.log_nested_statements": "on", "auto_explain.log_analyze": "on",
    "auto_explain.log_verbose": "on", "auto_explain.log_parameter_max_length": "-1",
}

# numbers that occur nowhere else
ROWS = """CREATE TABLE patients AS SELECT i AS id, 1000000 + i * 7919 % 4999 + 0.123456789::float8 AS marker,
    (2000000 + i * 104729 % 4999 + 0.987654321)::float8 AS dose FROM generate_series(1, 400) AS i"""

CALLS = {
    "freeze": "SELECT normfreeze.freeze('one', normfreeze.fit(p, 'quantile', '{\"columns\": [\"marker\", \"dose\"]}')) FROM patients AS p",
    "freeze by fit_table": "SELECT normfreeze.freeze('two', normfreeze.fit_table('patients', 'robust', '{\"columns\": [\"marker\", \"dose\"]}'))",
    "fit_table in passes": "SET normfreeze.fit_memory = '64kB'; SELECT normfreeze.freeze('passes', normfreeze.fit_table('patients', 'power', "
                           "'{\"columns\": [\"marker\", \"dose\"]}'))",
    "freeze a set": "SELECT normfreeze.freeze('set', normfreeze.by_key(k, s)) FROM (SELECT 'ward ' || id % 3 AS k, "
                    "normfreeze.fit(p, 'standard', '{\"columns\": [\"marker\"]}') AS s FROM patients AS p GROUP BY 1) AS f",
    "record_drift": "SELECT normfreeze.record_drift('one@v1', normfreeze.profile(p), 'a day') FROM patients AS p",
    "drift": "SELECT count(*) FROM normfreeze.drift('one@v1', (SELECT normfreeze.profile(p, normfreeze.scaler_id('one@v1')) FROM patients AS p))",
    "import_name": "SELECT count(*) FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('one') AS e), 'imported')",
    "verify": "SELECT count(*) FROM normfreeze.verify()",
    "audit": "SELECT length(normfreeze.audit(p, normfreeze.normalize(p, 'one@v1'), 'one@v1')::text) FROM patients AS p",
    "report": "SELECT length(normfreeze.report('one@v1'))",
    "describe": "SELECT count(*) FROM normfreeze.describe('one@v1')",
    "normalize": "SELECT count(normfreeze.normalize(p, 'one@v1')), count(normfreeze.normalize_by_key(p, 'set@v1', 'ward ' || id % 3)) FROM patients AS p",
    "an error in a statement of ours": "SELECT normfreeze.promote('one', 17)",
    "purge": "SELECT normfreeze.purge_profile(normfreeze.scaler_id('two@v1'), 'asked for')",
}


def scenario(installation):
    modules = {name for name in ("auto_explain", "pg_stat_statements") if list((installation.folder / "pg").rglob(f"{name}.so"))}
    settings = {key: value for key, value in SETTINGS.items() if "auto_explain" in modules or not key.startswith("auto_explain")}
    if "pg_stat_statements" in modules:
        settings["pg_stat_statements.track"] = "all"
    with Server(installation, "log", settings={"shared_preload_libraries": ", ".join(sorted(modules))}) as server:
        server.query("CREATE EXTENSION normfreeze; " + ROWS)
        if "pg_stat_statements" in modules:
            server.query("CREATE EXTENSION pg_stat_statements")
        server.configure(**settings)
        server.stop()
        server.start()
        log = server.folder / "log"

        def logged(sql, fails=False):
            start = log.stat().st_size
            result = server.psql(sql, check=False)
            check_equal(result.returncode, 3 if fails else 0, f"{sql}: {result.stderr[:1000]}")
            with open(log, encoding="utf-8", errors="replace") as file:
                file.seek(start)
                return file.read()

        def evidence_of(text):
            """Numbers of the rows; beginnings of profiles and scalers as text, and as the bytes that debug_print_plan shows."""
            numbers = set(re.findall(r"\b[12]00\d{4}\.(?:123456789|987654321)\d*\b", text))
            return sorted(numbers)[:3] + re.findall(r"profile:.{20}|\"parameters\": \{.{20}|\"range\": .{20}", text)[:3] + \
                re.findall(r"\[ (?:\d+ |-\d+ ){600}", text)[:1]

        def no_call_of_ours_leaves_it():
            for name, sql in CALLS.items():
                text = logged(sql, "an error" in name)
                check("normfreeze" in text, f"{name}: something is logged", text)
                check_equal(evidence_of(text), [], f"{name}: nothing that was in the rows")
                check(len(text) < 4_000_000, f"{name}: the log is short", len(text))
            check_equal(server.query("SELECT count(*) >= 5 FROM normfreeze.versions"), "t", "all of that was frozen")

        def nested_statements_are_logged():
            """Or the test would prove nothing."""
            text = logged("SELECT normfreeze.freeze('nested', normfreeze.fit(p, 'minmax', '{\"columns\": [\"dose\"]}')) FROM patients AS p")
            if "auto_explain" in modules:
                check_in("INSERT INTO normfreeze.profiles (digest, profile) VALUES ($1, $2)", text, "the insertion is logged")

        def what_users_write_is_theirs():
            """A literal in a statement is logged with it, as is a parameter: docs/privacy.md says so."""
            scaler = server.query("SELECT normfreeze.fit(p, 'minmax', '{\"columns\": [\"dose\"]}') FROM patients AS p")
            check(evidence_of(logged(f"SELECT normfreeze.id_of('{scaler}'::normfreeze.scaler)")) != [], "the test finds a scaler that is in a log")

        def statistics_of_statements():
            if "pg_stat_statements" not in modules:
                return
            texts = server.query("SELECT string_agg(query, E'\\n') FROM pg_stat_statements WHERE query NOT LIKE '%::normfreeze.scaler)%'")
            check_in("INSERT INTO normfreeze.profiles", texts, "nested statements are counted")
            check_equal(evidence_of(texts), [], "pg_stat_statements")

        run_tests([no_call_of_ours_leaves_it, nested_statements_are_logged, what_users_write_is_theirs, statistics_of_statements])


if __name__ == "__main__":
    run_scenario(scenario)
