#!/usr/bin/env python3
"""Attacks on the extension in a server with assertions, AddressSanitizer, UBSan and byte-accurate pallocs.

    run.py                  the regression tests, every function with odd arguments (matrix.py), mutations of all that is read (fuzzer.py),
                            and random queries planned in two ways (plans.py): about two minutes
    NORMFREEZE_TEST_ALL=1   more of each, in a server that is instrumented itself: an hour
    run.py matrix           one part
    run.py fuzzer 1200 40   40 rounds of one part, from number 1200 on: what was found is found again

What is found becomes a regression test.  The server is built at the first run, and kept in build/sanitized; as a part of all tests it is
not built, but used if it is there, and otherwise the attacks are on the installation of the other tests.
"""

import os
import pathlib
import re
import subprocess
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1] / "lib"),
                str(pathlib.Path(__file__).resolve().parents[1] / "scenario")]

import corpus  # noqa: E402
import fuzzer  # noqa: E402
import matrix  # noqa: E402
import plans  # noqa: E402
import uses  # noqa: E402
from attacker import Attacker  # noqa: E402
from common import reused_installation  # noqa: E402
from instrumented import CannotBuild, Instrumented, Ordinary, is_built  # noqa: E402
from report import check, check_equal, exit_with_summary, skip  # noqa: E402

ALL = os.environ.get("NORMFREEZE_TEST_ALL") == "1"
# how much of each; and the seconds after which it stops, since a machine may be slow
AMOUNTS = {"combinations": 40, "fuzzer": 10 ** 9, "plans": 10 ** 9} if ALL else {"combinations": 0, "fuzzer": 1500, "plans": 150}
SECONDS = {"matrix": 900, "fuzzer": 2400, "plans": 600} if ALL else {"matrix": 40, "fuzzer": 40, "plans": 15}


def log_of(server):
    return (server.folder / "log").read_text(errors="replace")


def regression(instrumented):
    start = time.monotonic()
    with instrumented.server("regress", {"max_parallel_workers_per_gather": 2}) as server:
        environment = dict(os.environ, **{key: value for key, value in server.environment().items() if key in ("PGHOST", "PGPORT", "PGUSER")})
        result = subprocess.run(["make", "-s", "-C", instrumented.source, f"PG_CONFIG={instrumented.pg_config}", "installcheck"], env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        log = log_of(server)
    bad = [line for line in result.stdout.splitlines() if re.match(r"^(not ok \d+|test .*FAILED)", line)]
    ok = [line for line in result.stdout.splitlines() if re.match(r"^(ok \d+|test .*\.\.\. ok)", line)]
    check(len(ok) > 30, "the regression tests ran", result.stdout[-2000:])
    differences = instrumented.source / "regression.diffs"
    check_equal(bad, [], "regression tests" + (f"\n{differences.read_text()[:10000]}" if bad and differences.exists() else ""))
    check_equal(instrumented.complaints(), [], "complaints of sanitizers during the regression tests")
    check_equal(re.findall(r"TRAP: .*|.*was terminated by signal.*", log), [], "assertions and signals during the regression tests")
    print(f"regression: {len(ok)} tests, {time.monotonic() - start:.0f} s", flush=True)


def report(part, attacker, start, what):
    check(not attacker.findings, f"{part}: nothing found", f"{len(attacker.findings)} findings, above")
    print(f"{part}: {what}, {attacker.statements} statements, {time.monotonic() - start:.0f} s; by SQLSTATE: "
          + ", ".join(f"{state} {count}" for state, count in attacker.outcomes.most_common()), flush=True)


def attacks(instrumented, wanted, first, amount):
    with instrumented.server("attacked", {"fsync": "off"}) as server:
        corpus.make(server)
        uses.make(server)

        def begin(part):
            attacker, start = Attacker(server, instrumented.logs), time.monotonic()
            return attacker, start, lambda: time.monotonic() - start > SECONDS[part] and amount is None

        if "matrix" in wanted:
            attacker, start, late = begin("matrix")
            functions, failed = matrix.attack(attacker, server, AMOUNTS["combinations"], late)
            check(functions > 350, "functions of the extension", functions)
            check_equal(failed, [], "functions whose ordinary call fails")
            report("matrix", attacker, start, f"{functions} functions")
        if "fuzzer" in wanted:
            attacker, start, late = begin("fuzzer")
            shop = fuzzer.Workshop(server, attacker)
            rounds = fuzzer.attack(attacker, shop, amount or AMOUNTS["fuzzer"], late, first)
            check(shop.accepted >= rounds / 50, "mutations that are accepted, and used", f"{shop.accepted} of {rounds} rounds")
            report("fuzzer", attacker, start, f"{rounds} rounds, {shop.accepted} values accepted and used")
        if "plans" in wanted:
            attacker, start, late = begin("plans")
            rounds, succeeded = plans.attack(attacker, server, amount or AMOUNTS["plans"], late, first)
            check(succeeded >= rounds / 4, "random queries that succeed", f"{succeeded} of {rounds}")
            report("plans", attacker, start, f"{rounds} queries, {succeeded} of which succeed")
        check_equal(re.findall(r"TRAP: .*", log_of(server)), [], "assertions")


def main():
    part, first, amount = sys.argv[1:] + [None, 0, None][len(sys.argv) - 1:]
    given = os.environ.get("NORMFREEZE_INSTALLATION")
    if given and not (ALL or is_built() or os.environ.get("NORMFREEZE_BUILD_SANITIZED")):
        print("0 passed, 0 failed, skipped: the sanitizers, since there is no server with them yet (make test ONLY=sanitized builds it)", flush=True)
        instrumented = Ordinary(reused_installation(given))
    else:
        try:
            instrumented = Instrumented(whole=ALL)
        except CannotBuild as reason:
            skip(str(reason))
    try:
        if part in (None, "regression") and isinstance(instrumented, Instrumented):
            regression(instrumented)
        attacks(instrumented, (part,) if part else ("matrix", "fuzzer", "plans"), int(first), int(amount) if amount else None)
    finally:
        instrumented.remove()
    exit_with_summary()


if __name__ == "__main__":
    main()
