#!/usr/bin/env python3
"""release.py VERSION: write a version into every line that states it, and say what is left to do.

Called by `make release VERSION=0.2.0`.  It changes files only: no commit, no tag, nothing is published.  It refuses,
with exit code 1 and no file changed, where

* VERSION is not three numbers, lies below the present version, or was released before;
* the work tree has changes that are not committed;
* CHANGELOG.md has no section "Unreleased", or that section has no entry;
* the present version was released and there is no script that updates it to VERSION.
"""

import datetime
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]

NUMBER = r"(?:0|[1-9]\d*)"
VERSION = re.compile(rf"{NUMBER}\.{NUMBER}\.{NUMBER}")

# file, how its line begins, how it goes on after the version, and how many lines of it there are
STATED = [
    ("normfreeze.control", r"default_version = '", r"'$", 1),
    ("META.json", r'(?: {3}| {9})"version": "', r'",?$', 2),
    ("python/normfreeze.py", r'__version__ = "', r'"$', 1),
    ("python/src/normfreeze/version.py", r'__version__ = "', r'"$', 1),
    ("dbt/dbt_project.yml", r"version: ", r"$", 1),
    ("dbt/README.md", r" +revision: v", r"$", 1),
]
CHANGES = "CHANGELOG.md"        # the eighth line: the heading of the release

CHECKLIST = """
Version {version} is written to {files}.

What is left:

 1. Read the section {version} of CHANGELOG.md as somebody who upgrades: is each entry true, and does it say what to do?
 2. make test, with the server of each major version that README.md names (PG_CONFIG=...); make nightly with one of them.
 3. make bench, and compare with the numbers of the last release.
 4. make docs, and open build/docs/site/index.html.
 5. git commit -am "Release {version}" and git tag -a v{version} -m "normfreeze {version}".
 6. git archive --format=zip --prefix=normfreeze-{version}/ -o build/normfreeze-{version}.zip v{version};
    unpack it elsewhere, and run make and make installcheck there.
 7. git push and git push origin v{version}; wait until the workflow is green for the tag.
 8. Upload the archive to PGXN, and publish build/docs/site.
"""


class Refused(Exception):
    """Why there is no release; the second text says what to do."""


def as_numbers(version):
    return tuple(map(int, version.split(".")))


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, text=True, capture_output=True).stdout


def present_version():
    control = (ROOT / "normfreeze.control").read_text()
    return re.search(r"^default_version = '(.*)'$", control, re.MULTILINE)[1]


def released_versions(changes):
    return re.findall(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", changes, re.MULTILINE)


def check_version(version, present, released):
    if not VERSION.fullmatch(version):
        raise Refused(f'"{version}" is not a version', "It is three numbers, such as 0.2.0.")
    if as_numbers(version) < as_numbers(present):
        raise Refused(f"{version} lies below the present version, {present}", "Versions only rise.")
    if version in released or git("tag", "--list", f"v{version}").strip():
        raise Refused(f"{version} was released before", "Take the next one.")


def check_tree():
    changed = git("status", "--porcelain").splitlines()
    if changed:
        raise Refused("the work tree has changes that are not committed: " + ", ".join(line[3:] for line in changed[:5]),
                      "Commit them, or take them back.")


def check_changes(changes):
    section = re.search(r"^## Unreleased$(.*?)(?=^## |\Z)", changes, re.MULTILINE | re.DOTALL)
    if section is None:
        raise Refused('CHANGELOG.md has no section "## Unreleased"', "Add it at the top, with what users will notice.")
    if not re.search(r"^\* ", section[1], re.MULTILINE):
        raise Refused('section "Unreleased" of CHANGELOG.md has no entry', "Say what users will notice.")


def check_upgrade(version, present, released):
    script = f"src/upgrade/normfreeze--{present}--{version}.sql"
    if present in released and not (ROOT / script).exists():
        raise Refused(f"{present} was released, and there is no script that updates it to {version}",
                      f"Write {script}, and test it with ALTER EXTENSION normfreeze UPDATE.")


def changed_files(version, present, changes):
    """The new text of each file; every line that is to change must be there."""
    texts = {}
    for name, before, after, count in STATED:
        pattern = re.compile(f"^({before}){re.escape(present)}({after})", re.MULTILINE)
        texts[name], found = pattern.subn(rf"\g<1>{version}\g<2>", (ROOT / name).read_text())
        if found != count:
            raise Refused(f"{name} states version {present} in {found} lines, not in {count}", "Correct it, or tools/release.py.")
    heading = f"## Unreleased\n\n## {version} ({datetime.date.today().isoformat()})"
    texts[CHANGES] = re.sub(r"^## Unreleased$", heading, changes, count=1, flags=re.MULTILINE)
    return texts


def release(version):
    changes = (ROOT / CHANGES).read_text()
    present = present_version()
    released = released_versions(changes)
    check_version(version, present, released)
    check_tree()
    check_changes(changes)
    check_upgrade(version, present, released)
    texts = changed_files(version, present, changes)
    for name, text in texts.items():
        (ROOT / name).write_text(text)
    print(CHECKLIST.format(version=version, files=", ".join(texts)))


def main():
    if len(sys.argv) != 2 or not sys.argv[1]:
        sys.exit("usage: make release VERSION=0.2.0")
    try:
        release(sys.argv[1])
    except Refused as refusal:
        problem, what_to_do = refusal.args
        sys.exit(f"release: {problem}\n{what_to_do}")


if __name__ == "__main__":
    main()
