#!/usr/bin/env python3
"""python/normfreeze.py is what the package python/src makes, and both are the same module to whoever imports them."""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from report import check, check_equal, exit_with_summary             # noqa: E402

# what can be seen of the module in a folder: public names, their methods and how these are called
LOOK = """
import inspect, json, sys
sys.path.insert(0, sys.argv[1])
import normfreeze
seen = {"version": normfreeze.__version__, "doc": inspect.getdoc(normfreeze)}
for name in normfreeze.__all__:
    found = getattr(normfreeze, name)
    seen[name] = [str(inspect.signature(found)), inspect.getdoc(found)]
    for key, member in vars(found).items() if inspect.isclass(found) else ():
        if callable(member) and not key.startswith("_"):
            seen[name + "." + key] = [str(inspect.signature(member)), inspect.getdoc(member)]
print(json.dumps(seen))
"""


def looked_at(folder):
    made = subprocess.run([sys.executable, "-c", LOOK, str(folder)], text=True, capture_output=True)
    check_equal(made.returncode, 0, f"{folder.relative_to(ROOT)} can be imported{made.stderr[-1000:]}")
    return json.loads(made.stdout or "{}")


def main():
    made = subprocess.run([sys.executable, ROOT / "tools/build_python.py", "--check"], text=True, capture_output=True)
    check(made.returncode == 0, "python/normfreeze.py is made of python/src", made.stderr)
    one, package = looked_at(ROOT / "python"), looked_at(ROOT / "python/src")
    check(len(one) > 20, "there is something to compare", len(one))
    check_equal(package, one, "the package and the file")
    exit_with_summary()


if __name__ == "__main__":
    main()
