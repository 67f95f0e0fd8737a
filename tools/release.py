#!/usr/bin/env python3
"""release.py VERSION | --next VERSION: make a release, or begin the next version.

`make release VERSION=1.2.3` calls the first.  It writes the version into every line that states it, gives the entries
under "Unreleased" in the change log to the release, with its date, keeps the install script in src/upgrade/released,
commits, and makes the tag.  Nothing is published.  It refuses, with exit code 1 and no file changed, where

* VERSION is not three numbers, lies below the present version, or was released before;
* the work tree has changes that are not committed;
* CHANGELOG.md has no section "Unreleased", or that section has no entry;
* something was released before and there is no script that updates it, or its own install script is not kept;
* what the present version freezes is not kept in test/data/released (tools/keep_release.py);
* the present version is a released one, so that VERSION was not begun.

`make next VERSION=1.3.0` calls the second, after a release and before the first change of its SQL.  It writes the
version into the same lines, and an update script without statements beside the others.  It commits nothing.
"""

import datetime
import pathlib
import re
import shutil
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
Version {version} is committed, with tag v{version}, and its install script is kept in {snapshot}.
Nothing has left this machine: git tag -d v{version} && git reset --hard HEAD~1 takes it back.

What is left:

 1. Read the section {version} of CHANGELOG.md as somebody who upgrades: is each entry true, and does it say what to do?
 2. make test, with the server of each major version that docs/guide/install.md names (PG_CONFIG=...); make nightly with one of them.
 3. make bench, and compare with the numbers of the last release.
 4. make docs, and open build/docs/site/index.html.
 5. make dist, which packs what PGXN takes, and make deb; make nightly NIGHTLY=packages has tried both.
 6. git push and git push origin v{version}; wait until the workflow is green for the tag.
 7. Upload the archive to PGXN, and publish build/docs/site.
 8. make next VERSION=..., before the first change of what the install script makes.
"""

UPDATE_SCRIPT = """-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\\echo Use "ALTER EXTENSION normfreeze UPDATE TO '{version}'" to load this file. \\quit

-- What src/sql/prologue.sql says of these holds here.
SELECT pg_catalog.set_config('normfreeze_script.' OPERATOR(pg_catalog.||) s.name, pg_catalog.current_setting(s.name), true)
FROM pg_catalog.unnest('{{default_table_access_method,default_tablespace,transform_null_equals,quote_all_identifiers,role}}'::pg_catalog.text[]) AS s (name);
SET LOCAL default_table_access_method = heap;
SET LOCAL default_tablespace = '';
SET LOCAL transform_null_equals = off;
SET LOCAL quote_all_identifiers = off;

-- What a superuser makes here belongs to whom the other objects belong to.
SELECT pg_catalog.set_config('role', o.rolname, true)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_roles AS o ON o.oid OPERATOR(pg_catalog.=) c.relowner
WHERE c.oid OPERATOR(pg_catalog.=) 'normfreeze.scalers'::pg_catalog.regclass AND o.rolsuper
	AND o.rolname OPERATOR(pg_catalog.<>) current_user AND pg_catalog.current_setting('is_superuser') OPERATOR(pg_catalog.=) 'on';

SELECT normfreeze.require_library('{version}');

-- This stays last: what the head has set, for the rest of the caller's transaction.
SELECT pg_catalog.set_config(s.name, pg_catalog.current_setting('normfreeze_script.' OPERATOR(pg_catalog.||) s.name), true)
FROM pg_catalog.unnest('{{default_table_access_method,default_tablespace,transform_null_equals,quote_all_identifiers,role}}'::pg_catalog.text[]) AS s (name)
WHERE pg_catalog.current_setting(s.name) OPERATOR(pg_catalog.<>) pg_catalog.current_setting('normfreeze_script.' OPERATOR(pg_catalog.||) s.name);
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


def snapshot(version):
    return f"src/upgrade/released/normfreeze--{version}.sql"


def kept_registry(version):
    return f"test/data/released/{version}"


def update_script(before, version):
    return f"src/upgrade/normfreeze--{before}--{version}.sql"


def check_upgrade(present, released):
    """The last release, None if there is none: it is kept, and the present version, which is another one, updates it."""
    if not released:
        return None
    last = max(released, key=as_numbers)
    if present in released:
        raise Refused(f"the present version, {present}, was released before", "Begin another one: make next VERSION=...")
    if not (ROOT / snapshot(last)).exists():
        raise Refused(f"{last} was released, and its install script is not in {snapshot(last)}", f"Build it from v{last}.")
    script = update_script(last, present)
    if not (ROOT / script).exists():
        raise Refused(f"{last} was released, and there is no script that updates it to {present}",
                      f"Write {script}: tools/update_script.py --draft helps.")
    return last


def check_kept(present):
    if not (ROOT / kept_registry(present) / "expected.json.xz").exists():
        raise Refused(f"what {present} freezes is not kept in {kept_registry(present)}",
                      "Add what is new to fill.sql there, run tools/keep_release.py, and commit.")


def files_that_state(version, present):
    """The new text of each file; every line that is to change must be there."""
    texts = {}
    for name, before, after, count in STATED:
        pattern = re.compile(f"^({before}){re.escape(present)}({after})", re.MULTILINE)
        texts[name], found = pattern.subn(rf"\g<1>{version}\g<2>", (ROOT / name).read_text())
        if found != count:
            raise Refused(f"{name} states version {present} in {found} lines, not in {count}", "Correct it, or tools/release.py.")
    return texts


def with_section(version, changes):
    heading = f"## Unreleased\n\n## {version} ({datetime.date.today().isoformat()})"
    return re.sub(r"^## Unreleased$", heading, changes, count=1, flags=re.MULTILINE)


def built_install_script(version):
    built = f"sql/normfreeze--{version}.sql"
    result = subprocess.run(["make", "--no-print-directory", "--silent", built], cwd=ROOT, text=True, capture_output=True)
    if result.returncode != 0:
        raise Refused(f"{built} cannot be built: {result.stderr.strip()}", "The headers of a server must be there, and pg_config in the path.")
    return ROOT / built


def keep_install_script(version):
    built = built_install_script(version)
    (ROOT / snapshot(version)).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(built, ROOT / snapshot(version))


def release(version):
    changes = (ROOT / CHANGES).read_text()
    present = present_version()
    released = released_versions(changes)
    check_version(version, present, released)
    check_tree()
    check_changes(changes)
    last = check_upgrade(present, released)
    check_kept(present)
    built_install_script(present)
    texts = files_that_state(version, present)
    texts[CHANGES] = with_section(version, changes)
    if last and version != present:
        script = update_script(last, present)
        texts[update_script(last, version)] = (ROOT / script).read_text().replace(f"'{present}'", f"'{version}'")
        (ROOT / script).unlink()
        (ROOT / kept_registry(present)).rename(ROOT / kept_registry(version))
    for name, text in texts.items():
        (ROOT / name).write_text(text)
    keep_install_script(version)
    git("add", "--all")
    git("commit", "--quiet", "--message", f"Release {version}")
    git("tag", "--annotate", f"v{version}", "--message", f"normfreeze {version}")
    print(CHECKLIST.format(version=version, snapshot=snapshot(version)))


def begin(version):
    changes = (ROOT / CHANGES).read_text()
    present = present_version()
    released = released_versions(changes)
    check_version(version, present, released)
    check_tree()
    if present not in released:
        raise Refused(f"the present version, {present}, was not released yet", "It is what is changed now: make release VERSION=... releases it.")
    texts = files_that_state(version, present)
    texts[update_script(present, version)] = UPDATE_SCRIPT.format(version=version)
    for name, text in texts.items():
        (ROOT / name).write_text(text)
    print(f"Version {version} is begun: {', '.join(texts)}.")


def main():
    step = begin if sys.argv[1:2] == ["--next"] else release
    arguments = sys.argv[2:] if step is begin else sys.argv[1:]
    if len(arguments) != 1 or not arguments[0]:
        sys.exit(f"usage: make {'next' if step is begin else 'release'} VERSION=1.2.3")
    try:
        step(arguments[0])
    except Refused as refusal:
        problem, what_to_do = refusal.args
        sys.exit(f"release: {problem}\n{what_to_do}")


if __name__ == "__main__":
    main()
