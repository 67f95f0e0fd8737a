#!/usr/bin/env python3
"""Regression tests under valgrind: memory that is read before anybody wrote it, which AddressSanitizer does not see.

The server is the installed one, whose own memory valgrind knows nothing of: what matters is what the library of the extension does with
values that were never set, so only errors with a frame in it count.  A test takes some fifty times as long as without.

    valgrind.py                 the tests of PART
    valgrind.py test_audit ...  some tests
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "scenario")]

from common import Server, check, check_equal, installation, run_tests, wait_until  # noqa: E402
from report import exit_with_summary, skip  # noqa: E402
from server import ROOT  # noqa: E402

# fits, results, audits, values and plans, in the order in which they run everywhere; what takes hours is not among them
PART = ("test_attacks", "test_audit", "test_clip", "test_drift", "test_environments", "test_fit", "test_from_parameters", "test_functions", "test_imports", "test_keyed",
        "test_near_misses", "test_normalize", "test_numeric", "test_plan_values", "test_power", "test_probes", "test_real_arrays", "test_registry", "test_report", "test_steps",
        "test_steps_export", "test_to_onnx", "test_to_sklearn", "test_to_sql", "test_types", "test_unfit", "test_winsorize")

# a frame of the library, or of a source file of ours where there is debugging information
FRAME = re.compile(r"/normfreeze(_mpfr)?\.so\)|\((?:%s):\d+\)" % "|".join(re.escape(path.name) for path in (ROOT / "src").rglob("*.c")))


# of the server, far above a call of ours: glibc's memmove() and memcpy() are one function, which valgrind takes for the latter
OF_SERVER = re.compile(r"Source and destination overlap in mem\w+\(.*\n==\d+==    at .*\n==\d+==    by .* \(in .*/postgres\)\n")


def errors_of(text):
    """Errors in a log of valgrind, one each, of which a frame is in the library: others are the server's, whose structures have holes."""
    return [block for block in re.split(r"\n==\d+== \n", text) if FRAME.search(block) and not OF_SERVER.search(block)]


def scenario(made):
    programs = made.bindir
    folder = pathlib.Path(tempfile.mkdtemp(prefix="normfreeze-valgrind-"))
    os.chmod(folder, 0o777)
    wanted = sys.argv[1:] or PART

    def under_valgrind():
        with Server(made, "valgrind", {"max_parallel_workers_per_gather": 0, "autovacuum": "off", "jit": "off"}) as server:
            server.stop()
            command = ["valgrind", "--quiet", "--error-limit=no", "--leak-check=no", "--undef-value-errors=yes", "--track-origins=no", "--trace-children=yes", "--child-silent-after-fork=no",
                       "--num-callers=24", f"--log-file={folder}/log.%p", programs / "postgres", "-D", server.data]
            options = {"user": server.user.pw_uid, "group": server.user.pw_gid, "extra_groups": []} if server.user else {}
            with open(folder / "server.log", "w") as log:
                process = subprocess.Popen([str(word) for word in command], env=server.environment(), cwd=server.folder, stdout=log, stderr=log, **options)
            try:
                wait_until(lambda: server.psql("SELECT 1", check=False).returncode == 0, "the server starts under valgrind", 600)
                environment = dict(os.environ, **{key: value for key, value in server.environment().items() if key in ("PGHOST", "PGPORT", "PGUSER")})
                result = subprocess.run(["make", "-s", "-C", str(ROOT), "installcheck", f"REGRESS={' '.join(wanted)}"], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            finally:
                process.terminate()
                process.wait(600)
        check(result.returncode == 0, "the tests pass", result.stdout[-3000:])
        logs = list(folder.glob("log.*"))
        check(len(logs) > len(wanted), "backends ran under valgrind", len(logs))
        found = [error for log in logs for error in errors_of(log.read_text(errors="replace"))]
        check_equal(found[:5], [], f"errors of memory in the library ({len(found)})")

    try:
        run_tests([under_valgrind])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    if shutil.which("valgrind") is None:
        skip("valgrind is not installed")
    with installation() as installed:
        scenario(installed)
    exit_with_summary()
