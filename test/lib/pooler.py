"""PgBouncer in front of a throwaway server: transactions of many clients on few connections, prepared statements kept.

It must be 1.21 or later, which knows prepared statements in transaction mode (https://www.pgbouncer.org/changelog.html).
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import majors
from server import run

LEAST = (1, 21)
# of the servers that tools/postgres_major.sh unpacks, those that have it beside them
BESIDE = (17, 18)


def version(program):
    return tuple(map(int, re.search(r"PgBouncer (\d+)\.(\d+)", run([program, "--version"], capture_output=True).stdout).groups()))


def program():
    """The path of a PgBouncer that is new enough; majors.Unavailable without one."""
    found = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")
    if found and version(found) >= LEAST:
        return found
    for major in BESIDE:
        beside = pathlib.Path(majors.unpacked(major)).resolve().parents[4] / "sbin/pgbouncer"
        if beside.exists():
            return str(beside)
    raise majors.Unavailable("there is no PgBouncer of version 1.21 or later")


class Pooler:
    """Use as a context manager, with a server that has started."""

    port = 6432

    def __init__(self, server, path, connections):
        self.server = server
        self.path = path
        self.connections = connections

    def __enter__(self):
        folder = self.server.folder
        settings = folder / "pgbouncer.ini"
        settings.write_text(f"""[databases]
* = host={folder} port={self.server.port}
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = {self.port}
auth_type = any
pool_mode = transaction
default_pool_size = {self.connections}
max_client_conn = 200
max_prepared_statements = 100
ignore_startup_parameters = extra_float_digits, options
""")
        options = {}
        if self.server.user:
            options = {"user": self.server.user.pw_uid, "group": self.server.user.pw_gid, "extra_groups": []}
        # auth_type any logs in to the server as this user
        settings.write_text(settings.read_text().replace(f"port={self.server.port}\n", f"port={self.server.port} user=postgres\n", 1))
        self.process = subprocess.Popen([self.path, settings], cwd=folder, stdout=subprocess.DEVNULL, stderr=open(folder / "pgbouncer.log", "w"),
                                        env=self.server.environment(), **options)
        socket = folder / f".s.PGSQL.{self.port}"
        for _ in range(100):
            if socket.exists() or self.process.poll() is not None:
                break
            time.sleep(0.1)
        if not socket.exists():
            raise AssertionError((folder / "pgbouncer.log").read_text())
        return self

    def __exit__(self, *exception):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)

    def conninfo(self):
        return f"host={self.server.folder} port={self.port} dbname=postgres user=postgres"
