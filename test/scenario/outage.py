#!/usr/bin/env python3
"""The server is killed with all its processes while many freeze, promote and purge; a standby takes over under the same load.

What was acknowledged is there: no version is lost, no number is missing, no stage goes back, no purged profile returns, and verify() finds
nothing.  fsync is on.  NORMFREEZE_TEST_ALL=1: 64 who freeze, and three kills.
"""

import os
import pathlib
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import psycopg  # noqa: E402

from common import Server, check, check_equal, failed_checks, run_scenario, run_tests, wait_until  # noqa: E402

ALL = os.environ.get("NORMFREEZE_TEST_ALL") == "1"
FREEZERS = 64 if ALL else 8
KILLS = 3 if ALL else 2
SECONDS = 6 if ALL else 2
NAMES = ("one", "two", "three")

SETUP = "CREATE EXTENSION normfreeze; CREATE TABLE load AS SELECT i AS a, sqrt(i) AS b FROM generate_series(1, 60) AS i;"


class Load:
    """Sessions that work until the server is gone; what was acknowledged to them."""

    def __init__(self, server, round_number):
        self.server = server
        self.round = round_number
        self.frozen, self.promoted, self.purged, self.unexpected = [], [], [], []
        self.threads = [threading.Thread(target=self.session, args=(work, number))
                        for work, amount in ((self.freeze, FREEZERS), (self.promote, 2), (self.purge, 1)) for number in range(amount)]
        for thread in self.threads:
            thread.start()

    def session(self, work, number):
        try:
            with psycopg.connect(self.server.conninfo(), autocommit=True) as connection:
                for turn in range(10 ** 9):
                    work(connection, number, turn)
        except psycopg.OperationalError:
            pass                            # the server is gone
        except psycopg.Error as error:
            self.unexpected.append(str(error))

    def freeze(self, connection, number, turn):
        name = NAMES[(number + turn) % len(NAMES)]
        shift = ((self.round * 1000 + number) * 100000 + turn) * 0.25
        self.frozen.append((name, connection.execute("SELECT normfreeze.freeze(%s, normfreeze.fit(ARRAY[a * %s, b], 'standard')) FROM load", (name, 1 + shift)).fetchone()[0]))

    def promote(self, connection, number, turn):
        name, note = NAMES[turn % len(NAMES)], f"{self.round} {number} {turn}"
        version = connection.execute("SELECT max(version) FROM normfreeze.versions WHERE name = %s", (name,)).fetchone()[0]
        if version is None:
            time.sleep(0.05)
            return
        connection.execute("SELECT normfreeze.promote(%s, %s::int, note => %s, force => true)", (name, version, note))
        # the version may have been there already: then nothing is recorded
        if connection.execute("SELECT 1 FROM normfreeze.stage_log WHERE note = %s", (note,)).fetchone():
            self.promoted.append((name, version, note))

    def purge(self, connection, number, turn):
        """Profiles of versions that are no longer the newest; a purge waits for nobody, so it may have to come again."""
        time.sleep(0.1)
        found = connection.execute("SELECT scaler_id FROM normfreeze.versions AS v WHERE version <= (SELECT max(version) - 20 FROM normfreeze.versions AS w WHERE w.name = v.name) "
                                   "AND scaler_id NOT IN (SELECT scaler_id FROM normfreeze.purge_log) ORDER BY version LIMIT 1").fetchone()
        if found is None:
            return
        try:
            connection.execute("SET lock_timeout = '5s'")
            connection.execute("SELECT normfreeze.purge_profile(%s, 'outage')", found)
            self.purged.append(found[0])
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            pass

    def wait(self):
        for thread in self.threads:
            thread.join()


def kill_all(server):
    """kill -9 of the postmaster and every process of it."""
    postmaster = int((server.data / "postmaster.pid").read_text().splitlines()[0])

    def children():
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == postmaster:
                        found.append(int(entry.name))
                except (FileNotFoundError, ProcessLookupError):
                    pass
        return found

    os.kill(postmaster, signal.SIGSTOP)     # it starts no other
    processes = children()
    check(len(processes) > FREEZERS, "the server has the sessions that it is killed with", len(processes))
    for pid in [postmaster] + processes:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    wait_until(lambda: not any(alive(pid) for pid in [postmaster] + processes), "all processes are gone", 30)
    # where nobody collects the dead, as in some containers, their numbers stay taken, and the server would take the postmaster for alive
    if pathlib.Path(f"/proc/{postmaster}").exists():
        (server.data / "postmaster.pid").unlink()
        (server.folder / f".s.PGSQL.{server.port}.lock").unlink()


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def check_all_there(server, loads, what):
    def rows(sql):
        return {tuple(line.split("|")) for line in server.query(sql).splitlines()}

    versions = rows("SELECT name, scaler_id FROM normfreeze.versions")
    frozen = [(name, str(scaler_id)) for load in loads for name, scaler_id in load.frozen]
    lost = [one for one in frozen if one not in versions]
    check(not lost, f"{what}: of {len(frozen)} acknowledged freezes none is lost", f"{len(lost)}: {lost[:3]}")
    gaps = server.query("SELECT name FROM normfreeze.versions GROUP BY name HAVING max(version) <> count(*) OR min(version) <> 1")
    check_equal(gaps, "", f"{what}: no number is missing")
    log = rows("SELECT name, version, note FROM normfreeze.stage_log")
    promoted = [(name, str(version), note) for load in loads for name, version, note in load.promoted]
    check(all(entry in log for entry in promoted), f"{what}: of {len(promoted)} acknowledged promotions none is lost", [e for e in promoted if e not in log][:3])
    check_equal(server.query("SELECT name FROM normfreeze.stage_log GROUP BY name HAVING max(seq) <> count(*)"), "", f"{what}: no entry of the log is missing")
    purged = sorted({str(scaler_id) for load in loads for scaler_id in load.purged})
    kept = server.query(f"SELECT count(*) FROM unnest('{{{','.join(purged)}}}'::bigint[]) AS u (id) WHERE normfreeze.profile_of(id) IS NOT NULL") if purged else "0"
    check_equal(kept, "0", f"{what}: of {len(purged)} acknowledged purges none came back")
    check_equal(failed_checks(server), "", f"{what}: verify()")
    check_equal([error for load in loads for error in load.unexpected], [], f"{what}: errors of the sessions")
    return len(frozen), len(promoted), len(purged)


def killed_with_all_processes(installation):
    def kills():
        loads = []
        for number in range(KILLS):
            load = Load(server, number)
            time.sleep(SECONDS)
            before = len(load.frozen)
            kill_all(server)
            load.wait()
            loads.append(load)
            check(before > 0, "there was a load")
            server.start()
            numbers = check_all_there(server, loads, f"kill {number + 1}")
        print(f"{KILLS} kills, {FREEZERS} sessions: {numbers[0]} freezes, {numbers[1]} promotions, {numbers[2]} purges acknowledged", flush=True)

    with Server(installation, "outage", {"fsync": "on", "max_connections": FREEZERS + 20}) as server:
        server.query(SETUP)
        run_tests([kills])


def a_standby_takes_over(installation):
    """With synchronous_standby_names: what was acknowledged is on the standby."""
    primary = Server(installation, "primary", {"fsync": "on", "max_connections": FREEZERS + 20, "wal_level": "replica", "max_wal_senders": 4})
    standby = Server(installation, "standby", {"primary_conninfo": primary.conninfo() + " application_name=standby", "hot_standby": "on", "fsync": "on", "max_connections": FREEZERS + 20})

    def failover():
        primary.start()
        primary.query(SETUP)
        standby.program("pg_basebackup", "-h", primary.folder, "-U", "postgres", "-D", standby.data, "-R", "-c", "fast", "-X", "stream")
        standby.start()
        wait_until(lambda: primary.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1", "the standby streams")
        primary.query("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.query("SELECT pg_reload_conf()")
        wait_until(lambda: primary.query("SELECT sync_state FROM pg_stat_replication") == "sync", "the standby is synchronous")
        load = Load(primary, 0)
        time.sleep(SECONDS)
        kill_all(primary)
        load.wait()
        check(len(load.frozen) > 0, "there was a load")
        standby.query("SELECT pg_promote()")
        numbers = check_all_there(standby, [load], "failover")
        more = Load(standby, 1)
        time.sleep(1)
        standby.stop("fast")
        more.wait()
        standby.start()
        check_all_there(standby, [load, more], "on the new primary")
        check(len(more.frozen) > 0, "freezing goes on there")
        print(f"failover: {numbers[0]} freezes, {numbers[1]} promotions, {numbers[2]} purges acknowledged", flush=True)

    try:
        run_tests([failover])
    finally:
        for server in (primary, standby):
            server.remove()


def scenario(installation):
    killed_with_all_processes(installation)
    a_standby_takes_over(installation)


if __name__ == "__main__":
    run_scenario(scenario)
