#!/usr/bin/env python3
"""`make release` and `make next` in a copy of the repository, and nothing else in the repository states the version."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test" / "lib"), str(ROOT / "tools")]

import report                                                       # noqa: E402
import release                                                      # noqa: E402
from report import check, check_equal, check_in                     # noqa: E402

GIT = ["git", "-c", "safe.directory=*", "-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]


def tracked_files():
    """Empty where this is no git repository."""
    result = subprocess.run([*GIT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, text=True, capture_output=True)
    return [name for name in result.stdout.split("\0") if (ROOT / name).is_file()]


class Copy:
    """A repository of its own with the files of this one, as they are in the work tree."""

    def __init__(self, folder, files):
        self.folder = pathlib.Path(folder)
        for name in files:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.folder / name)
        self.git("init", "--quiet")
        self.commit()

    def git(self, *arguments):
        return subprocess.run([*GIT, *arguments], cwd=self.folder, check=True, text=True, capture_output=True).stdout

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "as it is")

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)
        self.commit()

    def read(self, name):
        return (self.folder / name).read_text()

    def make(self, target, version):
        # `make` of the test that we run in is none of its business
        environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        for who in ("AUTHOR", "COMMITTER"):
            environment.update({f"GIT_{who}_NAME": "test", f"GIT_{who}_EMAIL": "test@localhost"})
        return subprocess.run(["make", "--no-print-directory", target, f"VERSION={version}"], cwd=self.folder, text=True,
                              capture_output=True, env=environment)

    def is_unchanged(self):
        return self.git("status", "--porcelain") == ""


def check_refused(copy, version, message, name, target="release"):
    result = copy.make(target, version)
    check(result.returncode != 0, f"{name}: it fails")
    check_in(message, result.stderr, f"{name}: it says why")


def check_one_place(files):
    """The lines that state the version are those that a release changes."""
    version = release.present_version()
    stated = []
    for name in files:
        # what others are called by, and what a test or a finding saw
        if name.startswith(("findings/", "third_party/", "test/", "src/upgrade/")) or name in (release.CHANGES, "tools/release.py"):
            continue
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        stated += [name] * len(re.findall(rf"(?<![\d.]){re.escape(version)}(?![\d.])", text))
    expected = [name for name, _, _, count in release.STATED for _ in range(count)]
    check_equal(sorted(stated), sorted(expected), "the files that state the version are those of tools/release.py")


def check_refusals(copy):
    present = release.present_version()
    for version in ("1", "1.2", "01.2.3", "1.2.3-rc1", "1.2.3; true", "one"):
        check_refused(copy, version, f'"{version}" is not a version', f"version {version}")
    check_refused(copy, "", "usage: make release", "no version")
    check_refused(copy, "", "usage: make next", "no next version", target="next")
    check_refused(copy, "9.0.0", f"the present version, {present}, was not released yet", "a next version before this one is released", target="next")
    check_refused(copy, "0.0.9", f"below the present version, {present}", "an older version")
    copy.git("tag", "v9.9.9")
    check_refused(copy, "9.9.9", "was released before", "a version with a tag")
    check(copy.is_unchanged(), "what is refused changes nothing")

    (copy.folder / "README.md").write_text("changed")
    check_refused(copy, "7.0.0", "not committed: README.md", "a work tree with changes")
    copy.git("checkout", "--quiet", "README.md")

    changes = copy.read("CHANGELOG.md")
    copy.write("CHANGELOG.md", changes.replace("## Unreleased", "## To come", 1))
    check_refused(copy, "7.0.0", 'no section "## Unreleased"', "no section")
    copy.write("CHANGELOG.md", "# Changes\n\n## Unreleased\n\nNothing yet.\n\n## 0.0.1 (2020-01-01)\n\n* An entry.\n")
    check_refused(copy, "7.0.0", "has no entry", "a section without an entry")
    copy.write("CHANGELOG.md", changes)

    check_refused(copy, "7.0.0", f"what {present} freezes is not kept", "no registry of this version")
    for name in ("fill.sql", "expected.json.xz"):
        copy.write(f"{release.kept_registry(present)}/{name}", "")

    last = max(release.released_versions(changes), key=release.as_numbers)
    for name, message in ((release.update_script(last, present), f"no script that updates it to {present}"),
                          (release.snapshot(last), "its install script is not in")):
        text = copy.read(name)
        (copy.folder / name).unlink()
        copy.commit()
        check_refused(copy, "7.0.0", message, f"without {name}")
        copy.write(name, text)

    control = copy.read("normfreeze.control")
    copy.write("META.json", copy.read("META.json").replace(f'"version": "{present}"', '"version": "6.6.6"', 1))
    check_refused(copy, "7.0.0", f"META.json states version {present} in 1 lines, not in 2", "a file that disagrees")
    check_equal(copy.read("normfreeze.control"), control, "then no file changes")
    check(copy.is_unchanged(), "nor does git see a change")
    copy.git("revert", "--no-edit", "HEAD")


def check_release(copy):
    """Of another number than was begun, so that everything that states it has to change."""
    present = release.present_version()
    last = max(release.released_versions(copy.read("CHANGELOG.md")), key=release.as_numbers)
    entry = copy.read("CHANGELOG.md").split("* ", 1)[1].splitlines()[0]
    before = copy.git("rev-parse", "HEAD").strip()
    result = copy.make("release", "7.0.0")
    check_equal(result.returncode, 0, f"a release: {result.stderr}")
    check_in("git push origin v7.0.0", result.stdout, "it says what is left")
    check(copy.is_unchanged(), "everything is committed")
    check_equal(copy.git("log", "--format=%s", f"{before}..HEAD").strip(), "Release 7.0.0", "in one commit")
    check_equal(copy.git("rev-parse", "v7.0.0^{commit}"), copy.git("rev-parse", "HEAD"), "which has the tag")
    check_equal(copy.git("cat-file", "-t", "v7.0.0").strip(), "tag", "an annotated one")
    check_equal(sorted(copy.git("diff", "--name-only", "--no-renames", before, "HEAD").split()),
                sorted({name for name, *_ in release.STATED} | {release.CHANGES, release.snapshot("7.0.0"),
                       release.update_script(last, present), release.update_script(last, "7.0.0")}
                       | {f"{release.kept_registry(version)}/{name}" for version in (present, "7.0.0") for name in ("fill.sql", "expected.json.xz")}),
                "the files that changed")
    check_in("UPDATE TO '7.0.0'", copy.read(release.update_script(last, "7.0.0")), "the update script is of the new version")
    check(not (copy.folder / release.update_script(last, present)).exists(), "and has its name")
    added = [line for line in copy.git("diff", "--unified=0", before, "HEAD", "--", ".", ":!src/upgrade", ":!test/data/released").splitlines()
             if line.startswith("+") and "7.0.0" in line]
    check_equal(len(added), 8, "lines that state the version")
    sections = re.split(r"^## (.*)$", copy.read("CHANGELOG.md"), flags=re.MULTILINE)
    check_equal(sections[1], "Unreleased", "a new section for what comes next")
    check_equal(sections[2].strip(), "", "and it is empty")
    check(re.fullmatch(r"7\.0\.0 \(\d{4}-\d\d-\d\d\)", sections[3]), "then the release, with its date", sections[3])
    check_in(entry, sections[4], "which has the entries")
    kept = copy.read(release.snapshot("7.0.0"))
    check_in("CREATE TABLE normfreeze.scalers", kept, "the install script is kept")
    subprocess.run(["make", "--silent", "sql/normfreeze--7.0.0.sql"], cwd=copy.folder, check=True, capture_output=True)
    check_equal(kept, copy.read("sql/normfreeze--7.0.0.sql"), "as it is built")


def check_next(copy):
    copy.write("CHANGELOG.md", copy.read("CHANGELOG.md").replace("## Unreleased\n", "## Unreleased\n\n* A change.\n", 1))
    check_refused(copy, "7.0.0", "7.0.0 was released before", "the same version again")
    check_refused(copy, "7.1.0", "the present version, 7.0.0, was released before", "a version that was not begun")
    check_refused(copy, "7.0.0", "7.0.0 was released before", "to begin what was released", target="next")
    result = copy.make("next", "7.1.0")
    check_equal(result.returncode, 0, f"the next version is begun: {result.stderr}")
    script = "src/upgrade/normfreeze--7.0.0--7.1.0.sql"
    check_equal(sorted(copy.git("ls-files", "--modified", "--others", "--exclude-standard").split()), sorted({name for name, *_ in release.STATED} | {script}),
                "which changes what states the version")
    # what every update script begins with
    last = (copy.folder / "src/upgrade").glob("*--7.0.0.sql")
    for text in (copy.read(script).replace("7.1.0", "7.0.0"), *(path.read_text() for path in last)):
        check_in("ALTER EXTENSION normfreeze UPDATE TO '7.0.0'", text, "an update script says how to call it")
        for statement in ("SET LOCAL default_table_access_method = heap;", "SELECT normfreeze.require_library('7.0.0');"):
            check_in(statement, text, "an update script begins as they all do")
    copy.write(f"{release.kept_registry('7.1.0')}/expected.json.xz", "")
    result = copy.make("release", "7.1.0")
    check_equal(result.returncode, 0, f"and is released: {result.stderr}")
    check_equal(copy.git("tag", "--list", "v7*").split(), ["v7.0.0", "v7.1.0"], "both have tags")


def main():
    files = tracked_files()
    if not files:
        report.skip("this is no git repository")
    with tempfile.TemporaryDirectory(prefix="normfreeze-release-") as folder:
        copy = Copy(folder, files)
        report.run_tests([lambda: check_one_place(files), lambda: check_refusals(copy), lambda: check_release(copy), lambda: check_next(copy)])
    report.exit_with_summary()


if __name__ == "__main__":
    main()
