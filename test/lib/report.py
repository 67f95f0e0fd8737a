"""Counting tests.  Each test program ends with exit_with_summary()."""

import sys
import threading
import time
import traceback

LONG = 10                   # seconds, from which a test is named with its time

counting = threading.Lock()
passed = 0
failed = 0


def check(condition, name, detail=""):
    """Count one test; print it only if it fails."""
    global passed, failed
    with counting:
        if condition:
            passed += 1
        else:
            failed += 1
    if not condition:
        print(f"FAILED: {name}" + (f": {detail}" if detail != "" else ""), flush=True)
    return bool(condition)


def check_equal(got, expected, name):
    return check(got == expected, name, f"got {got!r}, expected {expected!r}")


def check_in(part, whole, name):
    return check(part in whole, name, f"{part!r} is not in {whole!r}")


def run_tests(tests):
    """Run functions in order; an exception fails one test and goes on to the next."""
    for test in tests:
        started = time.monotonic()
        try:
            test()
        except Exception:
            check(False, test.__name__, "\n" + traceback.format_exc())
        if (seconds := time.monotonic() - started) >= LONG:
            print(f"{test.__name__}: {seconds:.0f} s", flush=True)


def say_skipped(reason):
    """Name a part that cannot be tested here, for the last lines of test/run.py."""
    print(f"0 passed, 0 failed, skipped: {reason}", flush=True)


def skip(reason):
    """End a program that cannot test anything here: neither passed nor failed, but said."""
    say_skipped(reason)
    sys.exit(0)


def exit_with_summary():
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)
