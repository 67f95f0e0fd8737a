#!/usr/bin/env python3
"""pglogical carries the registry as PostgreSQL's logical replication does (replication.py): rows, purges and archives, and nothing else.

pglogical beside the server, or Debian's package of it; skipped where neither can be had.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packages                                                     # noqa: E402
import report                                                       # noqa: E402
from common import (Server, bits_sql, check, check_equal, check_error, errors_of, failed_checks, freeze,  # noqa: E402
                    prepare, registry, run_scenario, run_tests, wait_until)
from replication import TABLES                                      # noqa: E402

SETTINGS = {"wal_level": "logical", "shared_preload_libraries": "pglogical", "max_worker_processes": 20, "track_commit_timestamp": "on",
            "pglogical.conflict_resolution": "error"}


def settings(server):
    """Minor versions since 2026 load only output plugins that they are told of."""
    known = server.installation.bindir / "postgres"
    return dict(SETTINGS, **({"output_plugin_libraries": "pglogical_output"} if b"output_plugin_libraries" in known.read_bytes() else {}))


def tests_of(provider, subscriber):
    def same():
        return registry(provider) == registry(subscriber)

    def log():
        return (subscriber.folder / "log").read_text()

    def rows_arrive():
        for name, server in (("provider", provider), ("subscriber", subscriber)):
            prepare(server)
            server.query(f"CREATE EXTENSION pglogical; SELECT pglogical.create_node('{name}', '{server.conninfo()}')")
        freeze(provider, "churn", "standard")
        for table in TABLES.split(", "):
            provider.query(f"SELECT pglogical.replication_set_add_table('default', '{table}')")
        subscriber.query(f"SELECT pglogical.create_subscription('registry', '{provider.conninfo()}')")
        wait_until(same, "the first copy arrives")
        newest = freeze(provider, "churn", "robust", where="id % 7 > 2")
        provider.query("SELECT normfreeze.promote('churn', 2)")
        wait_until(same, "new rows arrive")
        check_equal(subscriber.query(bits_sql("'churn'::text")), provider.query(bits_sql(newest)), "applied by name, the same bits")
        check_equal(failed_checks(subscriber), "", "verify() on the subscriber")

    def what_is_logged_is_deleted():
        for i in range(4):
            provider.query(f"SELECT normfreeze.record_drift('churn@v1', normfreeze.profile(c)) FROM (SELECT age, income, tenure FROM customers WHERE id % 7 <> {i}) AS c")
        check_equal(provider.query("SELECT count(*) FROM normfreeze.archive_drift_log('infinity')"), "2", "entries leave the log")
        provider.query("SELECT normfreeze.purge_profile(normfreeze.scaler_id('churn@v1'), 'a request')")
        wait_until(same, "the archive and the purge arrive")
        check_equal(subscriber.query("SELECT normfreeze.profile_of(normfreeze.scaler_id('churn@v1')) IS NULL, count(*) FROM normfreeze.drift_log"), "t|2",
                    "neither the profile nor what was archived is there")
        check_equal(failed_checks(subscriber), "", "verify() on the subscriber")
        for table in ("drift_log", "profiles", "versions"):
            check_error(errors_of(subscriber, f"SET session_replication_role = replica; DELETE FROM normfreeze.{table}"), "55000", f"nothing else is deleted from {table}")

    def what_is_not_logged_stops():
        provider.query("""ALTER TABLE normfreeze.profiles DISABLE TRIGGER ALL; DELETE FROM normfreeze.profiles;
            ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_change; ALTER TABLE normfreeze.profiles ENABLE ALWAYS TRIGGER refuse_truncate""")
        wait_until(lambda: "HINT:  The entry of normfreeze.purge_log that allows it has not arrived" in log(), "the subscriber's log tells of it, with the hint")
        check(subscriber.query("SELECT count(*) FROM normfreeze.profiles") == "1", "the subscriber keeps the profile")

    run_tests([rows_arrive, what_is_logged_is_deleted, what_is_not_logged_stops])


def scenario(installation):
    if not (installation.pkglibdir / "pglogical.so").exists():
        reason = packages.add_extension(installation, "pglogical")
        if reason:
            report.skip(f"there is no pglogical beside this PostgreSQL server: {reason}")
    with Server(installation, "provider") as provider, Server(installation, "subscriber") as subscriber:
        for server in (provider, subscriber):
            server.stop()
            server.configure(**settings(server))
            server.start()
        tests_of(provider, subscriber)


if __name__ == "__main__":
    run_scenario(scenario)
