#!/usr/bin/env python3
"""The tests of another major version of PostgreSQL than the one under test.

    test/majors/run.py 18
    test/majors/run.py 18 crash dump    some of them, by name

The extension is built for it with warnings as errors.  Then all regression tests run, on the newest and the oldest version also
the scenarios that depend most on the server, and with NORMFREEZE_TEST_ALL=1 all scenarios on each.
"""

import os
import pathlib
import re
import subprocess
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import majors  # noqa: E402
from report import skip  # noqa: E402

SCENARIOS = ["dump", "replication", "crash"]
# what brings its servers itself
ONCE = {"common", "pg_upgrade", "pgvector"}


def wanted(major, program, tree):
    if os.environ.get("NORMFREEZE_TEST_ALL"):
        scenarios = {path.stem for path in (tree / "test/scenario").glob("*.py")} - ONCE
        if (pathlib.Path(majors.pg_config("sharedir", program)) / "extension/vector.control").exists():
            scenarios.add("pgvector")
        return ["regression", *sorted(scenarios)]
    return ["regression", *(SCENARIOS if major in (min(majors.MAJORS), max(majors.MAJORS)) else [])]


def main():
    major = int(sys.argv[1])
    name = f"PostgreSQL {major}"
    try:
        program, tree = majors.built(major)
    except majors.Unavailable as reason:
        skip(f"{name}: {reason}")
    except Exception:
        print(f"FAILED: the extension is built for {name}:\n{traceback.format_exc()}")
        print("0 passed, 1 failed")
        sys.exit(1)
    # one program at a time: we are one of two already
    tests = subprocess.Popen([sys.executable, str(tree / "test/run.py"), *(sys.argv[2:] or wanted(major, program, tree))], text=True, cwd=tree,
                             env=dict(majors.environment_for(program), NORMFREEZE_TEST_JOBS="1"),
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    last = ""
    for line in map(str.rstrip, tests.stdout):
        if last:
            print(re.sub("^0 passed, 0 failed, skipped: ", f"\\g<0>{name}: ", last) if "skipped: " in last else f"{name}: {last}", flush=True)
        last = line
    passed, failed = map(int, re.match(r"(\d+) passed, (\d+) failed", last).groups())
    print(f"{passed + 1} passed, {failed} failed")          # the build is one
    sys.exit(tests.wait())


if __name__ == "__main__":
    main()
