#!/bin/sh
# chdb 4.4.0 (ClickHouse 26.9 as a library): what `import chdb` does to the signals of a process.
#
# Expected: a library that is imported leaves the process's handlers of signals, here those of faulthandler.enable(), as they are.
# Seen: before any query, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS and SIGTSTP are handled by chdb, and stay so.
# faulthandler.is_enabled() still says True.  A Java in the same process (JPype), which needs SIGSEGV itself, loses it
# where it was started first: run such engines in processes of their own.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check chdb==4.4.0 chdb-core==26.9.0
"$folder/venv/bin/python" - <<'PYTHON'
import ctypes
import faulthandler
import signal
from importlib.metadata import version

SIGNALS = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP", "SIGSYS", "SIGTSTP", "SIGINT", "SIGTERM")
libc = ctypes.CDLL(None)


def handler(number):
    """The library that handles a signal; sigaction() begins with the handler's address."""
    action = (ctypes.c_ulong * 32)()
    assert libc.sigaction(number, None, action) == 0
    if action[0] in (0, 1):
        return ("default", "ignored")[action[0]]
    for line in open("/proc/self/maps"):
        words = line.split()
        low, high = (int(end, 16) for end in words[0].split("-"))
        if low <= action[0] < high:
            return words[-1].split("/")[-1]


def handlers():
    return {name: handler(getattr(signal, name)) for name in SIGNALS}


faulthandler.enable()
before = handlers()
import chdb  # noqa: E402
after = handlers()
print("chdb", version("chdb"), "of chdb-core", version("chdb-core"))
for name in SIGNALS:
    print(f"{name:8} {before[name]:28} {after[name]}")
print("faulthandler.is_enabled():", faulthandler.is_enabled())
assert all("chdb" not in (owner or "") for owner in before.values())
assert [name for name in SIGNALS if "chdb" in after[name]] == list(SIGNALS[:8])
assert faulthandler.is_enabled()
PYTHON
