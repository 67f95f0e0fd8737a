#!/usr/bin/env python3
"""The rooms of src: what a file calls is in its own room or in one below, and no files call each other in a circle.

What a file calls is what the linker sees (nm of the objects), and what it includes.  And no file is too long to be read at once,
a name means one thing, and what one file alone uses is its own.
"""

import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from report import check, exit_with_summary  # noqa: E402

# from the ground up; rooms on one floor do not use each other
FLOORS = {
    "core": [{"base"}, {"exact"}, {"values"}, {"scaler"}, {"compare"}],
    "pg": [{"base"}, {"scaler"}, {"registry"}, {"apply"}, {"fit"}, {"plan"}, {"inspect", "exchange", "drift", "audit"}, {"report"}, {"init"}],
}

# a file with more lines has two ideas
MOST_LINES = 500

# a line ends by this column, unless a text that stands whole does not; these files are generated, and CSS
LAST_COLUMN = 120
OF_ANY_WIDTH = {"elementary_tables.h", "report_style.h"}

# what only test/unit calls: to choose the kernel that is tested, and to compare a tail of which the rest makes a p-value
FOR_TESTS = {"LevelsUseKernel", "HistogramUseKernel", "DivisionUseKernel", "ChiSquaredTail"}

# functions of one name in two files: a class's reader is named after the class, in sklearn's table and in Spark's;
# pg/base/mpfr_library.c has what the library normfreeze_mpfr has, by which it does it
SAME_BY_DESIGN = {"ReadStandardScaler", "ReadMinMaxScaler", "ReadMaxAbsScaler", "ReadRobustScaler", "ReadNormalizer",
                  "ElementaryByMpfr", "NormalProbabilityByMpfr", "NormalQuantileByMpfr"}

# what the server looks up by name
CALLED_BY_SERVER = re.compile(r"pg_finfo_|Pg_magic_func$|_PG_init$")


def symbols(path):
    """The names that an object defines for others, and those that it needs."""
    defined, needed = set(), set()
    for line in subprocess.run(["nm", str(path)], check=True, capture_output=True, text=True).stdout.splitlines():
        kind, name = line.split()[-2:]
        if kind in "TDBRC":
            defined.add(name)
        elif kind == "U":
            needed.add(name)
    return defined, needed


def calls(side):
    """{file: {file that it calls: names}}, by paths within src."""
    found = {}
    for source in sorted((ROOT / "src" / side).glob("*/*.c")):
        if source.name == "by_mpfr.c":      # a part of src/mpfr/normfreeze_mpfr.o, another library
            continue
        found[str(source.relative_to(ROOT / "src"))] = symbols(source.with_suffix(".o"))
    home = {name: path for path, (defined, _) in found.items() for name in defined}
    edges = {}
    for path, (_, needed) in found.items():
        edges[path] = collections.defaultdict(list)
        for name in sorted(needed):
            if home.get(name, path) != path:
                edges[path][home[name]].append(name)
    return edges


def includes(side):
    return {str(path.relative_to(ROOT / "src")): re.findall(r'^#include "((?:core|pg)/[^"]+)"', path.read_text(), re.MULTILINE)
            for path in sorted((ROOT / "src" / side).glob("*/*.[ch]"))}


def floor(path):
    side, room, _ = path.split("/")
    return next(i for i, rooms in enumerate(FLOORS[side]) if room in rooms)


def may_use(user, used):
    """core knows nothing of pg; within one side, a room uses itself and the floors below."""
    if user.split("/")[0] != used.split("/")[0]:
        return user.startswith("pg/")
    return user.split("/")[1] == used.split("/")[1] or floor(user) > floor(used)


def circles(edges):
    """Strongly connected files, by repeated removal of those that call nobody, or are called by nobody."""
    left = {user: set(used) for user, used in edges.items()}
    while True:
        called = set().union(*left.values()) if left else set()
        ends = {path for path, used in left.items() if not used or path not in called}
        if not ends:
            return sorted(left)
        left = {path: used - ends for path, used in left.items() if path not in ends}


def code(path):
    """The text of a file without its comments."""
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def defined_names(text, pattern):
    return set(re.findall(pattern, text, re.MULTILINE))


def check_names():
    """A type or a function has a name of its own, and what is not static is used in another file."""
    texts = {path: code(path) for path in sorted((ROOT / "src").glob("*/*/*.[ch]"))}
    types, functions, users = (collections.defaultdict(list) for _ in range(3))
    for path, text in texts.items():
        name = str(path.relative_to(ROOT / "src"))
        for found in defined_names(text, r"^typedef\b[^;{]*\b(\w+);") | defined_names(text, r"^\} ?(\w+);") | \
                defined_names(text, r"^typedef [^;{]*\(\*\s*(\w+)\)"):
            types[found].append(name)
        for found in defined_names(text, r"^(?!KERNEL)(?!__)(\w+)[ \t]*\([^;{}]*\)\n\{"):
            functions[found].append(name)
        for found in set(re.findall(r"\w+", re.sub(r"^(?:pg_noreturn )?extern [^;{]*;", "", text, flags=re.MULTILINE))):
            users[found].append(path)
    check(len(types) > 200 and len(functions) > 2000, "types and functions are found")
    # pg_bsd_indent lays out a function of a type's name as a declaration
    check(not types.keys() & functions.keys(), f"no function has the name of a type: {types.keys() & functions.keys()}")
    for found, names in types.items():
        check(len(names) == 1, f"{found} is one type: {names}")
    for found, names in functions.items():
        check(len(names) == 1 or found in SAME_BY_DESIGN, f"{found} is one function: {names}")
    for path in texts:
        if path.suffix == ".c" and path.name != "by_mpfr.c":
            defined = symbols(path.with_suffix(".o"))[0]
            for found in sorted(defined):
                if not CALLED_BY_SERVER.match(found) and f"pg_finfo_{found}" not in defined and found not in FOR_TESTS:
                    others = [user for user in users[found] if user != path]
                    check(others != [], f"{path.relative_to(ROOT)}: {found} is used in another file")


def check_widths():
    for path in sorted((ROOT / "src").glob("*/*/*.[ch]")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            line = line.expandtabs(4)
            if len(line) > LAST_COLUMN and path.name not in OF_ANY_WIDTH:
                texts = re.finditer(r'"(?:\\.|[^"\\])*"[,);]*', line)
                check(any(text.end() >= LAST_COLUMN for text in texts),
                      f"{path.relative_to(ROOT)}, line {number}: a line ends by column {LAST_COLUMN}, this one at {len(line)}")


def head(path):
    """What a file says of itself: the first paragraph below its name."""
    found = re.match(r"/\*\n \* \S+\n \*\s+(.+?)\n \*(?:/|\n)", path.read_text(), re.DOTALL)
    return " ".join(line.lstrip(" *\t") for line in found[1].split("\n")) if found else ""


def files_table(room):
    """A row for each file of a room, a header where it has no source of its own name."""
    paths = {path.stem: path for path in sorted(room.glob("*.h"))} | {path.stem: path for path in sorted(room.glob("*.c"))}
    rows = "".join(f"| `{stem}` | {head(path)} |\n" for stem, path in sorted(paths.items()))
    return f"\n| File | What it is about |\n| --- | --- |\n{rows}"


def check_readmes(accept):
    """A room's README lists its files by their heads, and src/README.md the rooms by the first lines of theirs."""
    index = (ROOT / "src/README.md").read_text()
    for side, floors in FLOORS.items():
        for room in sorted(set().union(*floors)):
            folder = ROOT / "src" / side / room
            readme = (folder / "README.md").read_text()
            written = readme.split("\n| File |")[0].rstrip("\n") + "\n" + files_table(folder)
            row = f"| [src/{side}/{room}]({side}/{room}/README.md) | {readme.splitlines()[2]} |"
            if accept:
                (folder / "README.md").write_text(written)
                index = re.sub(rf"^\| \[src/{side}/{room}\].*$", lambda _: row, index, flags=re.MULTILINE)
            check(accept or readme == written, f"src/{side}/{room}/README.md lists the files: test/unit/rooms.py --accept")
            check(row in index, f"src/README.md has the first line of src/{side}/{room}/README.md")
            for path in sorted(folder.glob("*.c")):
                check(head(path) != "", f"{path.relative_to(ROOT)} says what it is about")
    if accept:
        (ROOT / "src/README.md").write_text(index)


def check_paths():
    """Comments and documents name files that are there."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".c", ".h", ".md", ".py", ".sh") and path.is_file() and name != "CHANGELOG.md":
            for found in re.findall(r"(?<![\w/.])(?:src/)?((?:core|pg)/[a-z_0-9/]+\.[ch])\b", path.read_text()):
                check((ROOT / "src" / found).exists(), f"{name} names src/{found}")


def check_where_to_look():
    """src/README.md names, for what a stranger looks for, the file and what stands there."""
    rows = re.findall(r"^\| [^|]+ \| \[(\S+)\]\(\1\) \| `(\w+)` \|$", (ROOT / "src/README.md").read_text(), re.MULTILINE)
    check(len(rows) >= 12, "src/README.md says where to look")
    for path, name in rows:
        check(re.search(rf"\b{name}\b", code(ROOT / "src" / path)), f"{name} is in src/{path}")


def main():
    for side, floors in FLOORS.items():
        rooms = {path.name for path in (ROOT / "src" / side).iterdir() if path.is_dir()}
        check(rooms == set().union(*floors), f"src/{side}: every room has its floor, and only these ({sorted(rooms)})")
        for room in sorted(rooms):
            check((ROOT / "src" / side / room / "README.md").exists(), f"src/{side}/{room} has a README.md")
        edges = calls(side)
        check(len(edges) > 20, f"src/{side}: the objects are there")
        for user, used in edges.items():
            for path, names in used.items():
                check(may_use(user, path), f"{user} calls {', '.join(names)} of {path}")
        for user, used in includes(side).items():
            for path in used:
                check(may_use(user, path), f"{user} includes {path}")
        check(circles(edges) == [], f"src/{side}: no circle of calls: {circles(edges)}")
        if side == "core":
            for path in sorted((ROOT / "src" / side).glob("*/*.[ch]")):
                foreign = re.findall(r'^#include "(?!core/)([^"]+)"', path.read_text(), re.MULTILINE)
                check(foreign == [], f"{path.relative_to(ROOT)} includes nothing of PostgreSQL: {foreign}")
    check_readmes("--accept" in sys.argv)
    check_where_to_look()
    check_paths()
    check_names()
    check_widths()
    for path in sorted((ROOT / "src").glob("*/*/*.c")):
        name, lines = str(path.relative_to(ROOT / "src")), len(path.read_text().splitlines())
        check(lines <= MOST_LINES, f"{name} has {lines} lines, at most {MOST_LINES}")
    exit_with_summary()


if __name__ == "__main__":
    main()
