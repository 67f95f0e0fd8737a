#!/usr/bin/env python3
"""The C sources are laid out as `make format` does."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "lib"))

import report                                                       # noqa: E402

NOT_INSTALLED = 3


def main():
    result = subprocess.run([sys.executable, ROOT / "tools/format.py", "--check"], text=True, capture_output=True)
    if result.returncode == NOT_INSTALLED:
        report.skip(result.stderr.strip())
    report.check(result.returncode == 0, "`make format` would change nothing", "\n" + result.stdout + result.stderr)
    report.exit_with_summary()


if __name__ == "__main__":
    main()
