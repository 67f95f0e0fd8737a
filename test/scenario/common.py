"""What the scenario tests share: an installation, data, sessions, comparisons of bits."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

from report import check, check_equal, exit_with_summary, run_tests  # noqa: E402,F401
from server import Installation, Server, run  # noqa: E402,F401


@contextlib.contextmanager
def installation():
    """The installation of NORMFREEZE_INSTALLATION, or one of our own, removed at the end.

    An Installation copies only what is missing, so a made one is reused by
    an object that skips the making.
    """
    given = os.environ.get("NORMFREEZE_INSTALLATION")
    if given:
        yield reused_installation(given)
        return
    folder = tempfile.mkdtemp(prefix="normfreeze-installation-")
    try:
        yield Installation(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reused_installation(folder):
    """An Installation object for a folder that one was made in before."""

    class Reused(Installation):
        def _copy(self, *arguments, **options):
            pass

        def _install(self):
            pass

    return Reused(folder)


def run_scenario(scenario):
    """Call scenario(installation), count its tests, exit with the summary."""
    with installation() as made:
        scenario(made)
    exit_with_summary()


def wait_until(condition, name, seconds=90):
    """Poll until condition() is true; a test that fails after too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return check(False, name, f"not within {seconds} s")


# ---- sessions ----

class Session:
    """An interactive session: psql, driven through pipes."""

    end = "-- end of output --"

    def __init__(self, server, database="postgres", user="postgres", options=""):
        environment = server.environment(database, user)
        environment["PGOPTIONS"] += " " + options
        self.process = subprocess.Popen(
            [str(server.installation.bindir / "psql"), "-X", "-A", "-t", "-q", "-v", "VERBOSITY=verbose"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, bufsize=1, cwd=server.folder, env=environment)

    def send(self, sql):
        """Start SQL without waiting for it: result() has its output."""
        self.process.stdin.write(f"{sql}\n;\n\\echo {self.end}\n")
        self.process.stdin.flush()

    def result(self):
        lines = []
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line == self.end:
                return "\n".join(lines)
            lines.append(line)
        return "\n".join(lines + ["(the session ended)"])

    def do(self, sql):
        """Run SQL; its output with the errors in it."""
        self.send(sql)
        return self.result()

    def query(self, sql):
        """Run SQL that must succeed."""
        output = self.do(sql)
        if "ERROR:" in output or "FATAL:" in output or "(the session ended)" in output:
            raise AssertionError(f"{output}\nin: {sql}")
        return output

    def backend(self):
        return int(self.query("SELECT pg_backend_pid()"))

    def close(self):
        try:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


@contextlib.contextmanager
def sessions(server, number, **options):
    opened = [Session(server, **options) for _ in range(number)]
    try:
        yield opened
    finally:
        for session in opened:
            session.close()


def sqlstate(output):
    """The SQLSTATE of the first error in psql's verbose output; '' if there is none."""
    found = re.search(r"(?:ERROR|FATAL): +([0-9A-Z]{5}):", output)
    return found.group(1) if found else ""


def check_error(output, state, name):
    """Is there an error with this SQLSTATE in psql's output?"""
    return check(sqlstate(output) == state, name, f"expected SQLSTATE {state}, got {clipped(output)}")


def errors_of(server, sql, database="postgres", user="postgres"):
    """psql's output on stderr, whether SQL fails or not."""
    return server.psql(sql, database, user, check=False).stderr


def check_in(part, whole, name):
    return check(part in whole, name, f"{part!r} is not in {clipped(whole)}")


def clipped(text, length=2000):
    return repr(text if len(text) <= length else text[:length] + " ...")


# ---- data ----

CUSTOMERS = """
CREATE TABLE customers AS
    SELECT i AS id,
           (20 + i * 37 % 50)::float8 AS age,
           1000 + (i::bigint * 7919 % 10007) * 1.37::float8 AS income,
           (i * i % 241) / 7.0::float8 AS tenure
    FROM generate_series(1, 500) AS i;
"""

FEATURES = '["age","income","tenure"]'


def prepare(server, database="postgres", user="postgres"):
    """The extension and a table to fit."""
    server.query("CREATE EXTENSION normfreeze;" + CUSTOMERS, database, user)


def fit_sql(method="standard", where="true", more=""):
    """An expression that fits customers."""
    options = '{"columns": %s%s}' % (FEATURES, more)
    return f"(SELECT normfreeze.fit(c, '{method}', '{options}') FROM customers c WHERE {where})"


def freeze(server, name, method="standard", where="true", database="postgres", user="postgres", more=""):
    """Freeze a fit of customers; the id."""
    return server.query(f"SELECT normfreeze.freeze('{name}', {fit_sql(method, where, more)})", database, user)


def bits_sql(argument, table="customers", features="t"):
    """SQL for a digest of every bit that normalize() gives for a table."""
    return (f"SELECT md5(string_agg(encode(array_send(normfreeze.normalize({features}, {argument})), 'hex'), '' "
            f"ORDER BY t.id)) FROM {table} AS t")


def failed_checks(server, database="postgres", user="postgres", argument=""):
    """The lines of verify() that are not ok, as check: detail."""
    return server.query(f"""SELECT "check" || ': ' || detail FROM normfreeze.verify({argument})
                            WHERE NOT ok ORDER BY 1""", database, user)


def registry(server, database="postgres", user="postgres"):
    """All the registry holds, and the bits that every scaler gives."""
    tables = {
        "scalers": "SELECT scaler_id, fingerprint, scaler, probe_inputs, probe_outputs FROM normfreeze.scalers ORDER BY 1",
        "profiles": "SELECT digest, md5(profile::text) FROM normfreeze.profiles ORDER BY 1",
        "versions": "SELECT v.* FROM normfreeze.versions AS v ORDER BY name, version",
        "stage_log": "SELECT l.* FROM normfreeze.stage_log AS l ORDER BY name, seq",
        "members": "SELECT m.* FROM normfreeze.members AS m ORDER BY set_id, position",
        "stage_access_log": "SELECT l.* FROM normfreeze.stage_access_log AS l ORDER BY stage, seq",
        "drift_log": "SELECT l.* FROM normfreeze.drift_log AS l ORDER BY scaler_id, seq",
        "use_log": "SELECT l.* FROM normfreeze.use_log AS l ORDER BY scaler_id, seq",
        "purge_log": "SELECT l.* FROM normfreeze.purge_log AS l ORDER BY digest, seq",
        "archive_log": "SELECT l.* FROM normfreeze.archive_log AS l ORDER BY log, scaler_id, last_seq",
        "stages": "SELECT s.* FROM normfreeze.stages AS s ORDER BY name, stage",
    }
    content = {name: server.query(sql, database, user) for name, sql in tables.items()}
    sets = {line.split("|")[0] for line in content["members"].splitlines()}
    for line in content["scalers"].splitlines():
        scaler_id = line.split("|")[0]
        if scaler_id in sets:           # applied by key
            continue
        content[f"bits of {scaler_id}"] = server.query(bits_sql(scaler_id), database, user)
    return content
