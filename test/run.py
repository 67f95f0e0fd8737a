#!/usr/bin/env python3
"""Every test: unit, regression, documents, parity, scenarios, other servers, and the project's own files.

    test/run.py             all of them
    test/run.py unit docs   some

One private installation serves all.  Programs run two at a time
(NORMFREEZE_TEST_JOBS), each with servers and folders of its own.  The last
line counts every test.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "lib"))

import majors  # noqa: E402
from server import Installation, Server  # noqa: E402

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed", re.M)
WAITING = {"scenario pg_cron"}          # for the next minute, mostly: beside the others
SKIPPED = re.compile(r"^0 passed, 0 failed, skipped: (.+)", re.M)
passed = failed = 0
skipped = []                # what could not be tested here, and why


def count(name, program_passed, program_failed, seconds):
    global passed, failed
    passed += program_passed
    failed += program_failed
    print(f"== {name}: {program_passed} passed, {program_failed} failed ({seconds:.0f} s)", flush=True)


def run_program(program, environment):
    """A test program of ours, with its arguments: what it printed, its exit code, and the seconds it took."""
    start = time.monotonic()
    result = subprocess.run([sys.executable, *map(str, program)], cwd=ROOT, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return result, time.monotonic() - start


def count_program(name, result, seconds):
    """It ends with a summary."""
    print(result.stdout, end="", flush=True)
    found = SUMMARY.findall(result.stdout)
    ok, bad = map(int, found[-1]) if found else (0, 1)
    reasons = SKIPPED.findall(result.stdout)
    skipped.extend(f"{name}: {reason}" for reason in reasons)
    if ok == 0 and not reasons:
        bad = max(bad, 1)
    if result.returncode != 0 and bad == 0:
        bad = 1
    count(name, ok, bad, seconds)


def run_programs(programs, environment):
    at_a_time = int(os.environ.get("NORMFREEZE_TEST_JOBS", 2))
    with concurrent.futures.ThreadPoolExecutor(at_a_time) as pool, concurrent.futures.ThreadPoolExecutor(1) as beside:
        running = {(beside if name in WAITING else pool).submit(run_program, program, environment): name for name, *program in programs}
        for future in concurrent.futures.as_completed(running):
            count_program(running[future], *future.result())


def run_regression(installation):
    """PostgreSQL's own regression driver, by `make installcheck`."""
    start = time.monotonic()
    with Server(installation, "regress", {"max_parallel_workers_per_gather": 2}) as server:
        environment = dict(os.environ, **{key: value for key, value in server.environment().items()
                                          if key in ("PGHOST", "PGPORT", "PGUSER")})
        result = subprocess.run(["make", "-s", "-C", str(ROOT), "installcheck"], env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = result.stdout.splitlines()
    ok = sum(bool(re.match(r"^(ok \d+|test .*\.\.\. ok)", line)) for line in lines)
    bad = sum(bool(re.match(r"^(not ok \d+|test .*FAILED)", line)) for line in lines)
    if result.returncode != 0:
        print(result.stdout)
        differences = ROOT / "regression.diffs"
        if differences.exists():
            print(differences.read_text()[:20000])
        bad = max(bad, 1)
    count("regression", ok, bad, time.monotonic() - start)


def main():
    wanted = sys.argv[1:]
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="normfreeze-test-") as folder:
        installation = Installation(folder)
        environment = dict(os.environ, NORMFREEZE_INSTALLATION=folder, PYTHONDONTWRITEBYTECODE="1")
        if not majors.can_be_entered(majors.folder()):
            environment["NORMFREEZE_MAJORS"] = f"{folder}/majors"
        # the longest first
        programs = [("parity", ROOT / "test/parity/run.py"), ("scenario dbt", ROOT / "test/scenario/dbt.py"), ("sanitized", ROOT / "test/sanitized/run.py")]
        programs += [(f"majors {major}", ROOT / "test/majors/run.py", major) for major in reversed(majors.MAJORS)
                     if major != majors.major_of()]
        programs += [("unit", ROOT / "test/unit/run.py"), ("unit rooms", ROOT / "test/unit/rooms.py"),
                     ("unit elementary", ROOT / "test/unit/elementary.py"), ("unit chart", ROOT / "test/unit/chart.py"),
                     ("unit power", ROOT / "test/unit/power.py"),
                     ("unit drift", ROOT / "test/unit/drift.py"), ("unit drift_rates", ROOT / "test/unit/drift_rates.py"),
                     ("unit python_frames", ROOT / "test/unit/python_frames.py"),
                     ("docs", ROOT / "test/docs/run.py")]
        programs += [(f"project {path.stem}", path) for path in sorted((ROOT / "test/project").glob("*.py"))]
        programs += [(f"scenario {path.stem}", path) for path in sorted((ROOT / "test/scenario").glob("*.py"))
                     if path.stem not in ("common", "dbt")]
        # a server with sanitizers is used wherever it is; it is built only where that is asked for
        if "sanitized" in wanted:
            environment["NORMFREEZE_BUILD_SANITIZED"] = "1"
        if "valgrind" in wanted:
            programs.append(("valgrind", ROOT / "test/sanitized/valgrind.py"))
        if not wanted or "regression" in wanted:
            run_regression(installation)
        run_programs([program for program in programs
                      if not wanted or program[0].split()[0] in wanted or program[0].split()[-1] in wanted], environment)
    print(f"{time.monotonic() - start:.0f} s in all")
    for what in skipped:
        print(f"skipped: {what}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not (passed or skipped) else 0)


if __name__ == "__main__":
    main()
