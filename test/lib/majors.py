"""The extension built for PostgreSQL of other major versions, beside what is built for the server under test.

tools/postgres_major.sh unpacks a server into a folder, once.  The sources are copied there and built with the flags
of that server, so that nothing compiled for another one is touched; later runs compile what has changed.
"""

import contextlib
import fcntl
import filecmp
import os
import pathlib
import re
import shutil
import subprocess

from server import ROOT, ordinary_user, pg_config, run

MAJORS = (15, 16, 17, 18, 19)

# results of building and testing, by the name of a folder or file
NOT_SOURCES = re.compile(r"\.git|build|results|__pycache__|tmp_check|regression\..*|.*\.(o|so|bc|pyc|part)")
# and the install script, which is made into this folder; those of releases are sources
MADE = re.compile(r"sql/normfreeze--[^-]*\.sql")


def is_source(relative):
    return not NOT_SOURCES.fullmatch(relative.name) and not MADE.fullmatch(str(relative))


class Unavailable(Exception):
    """PostgreSQL of a major version cannot be had here, with the reason."""


def major_of(program=None):
    return int(re.match(r"PostgreSQL (\d+)", pg_config("version", program)).group(1))


def folder():
    return pathlib.Path(os.environ.get("NORMFREEZE_MAJORS") or ROOT / "build/majors")


def can_be_entered(path):
    """May the user that runs servers go into the folder?"""
    path = path.absolute()
    return not ordinary_user() or all(part.stat().st_mode & 0o001 for part in (path, *path.parents) if part.exists())


def environment_for(program):
    """The environment of tests that run on another server than ours."""
    unset = re.compile("MAKE.*|MFLAGS|NORMFREEZE_INSTALLATION|NORMFREEZE_TEST_ALL|PG[A-Z]+")
    environment = {key: value for key, value in os.environ.items() if not unset.fullmatch(key)}
    return dict(environment, PG_CONFIG=str(program), NORMFREEZE_MAJORS=str(folder()))


def copy_sources(target):
    """Copy what is not there or has changed, remove what is no source any more."""
    sources = set()
    for place, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not NOT_SOURCES.fullmatch(name)]
        for name in files:
            source = pathlib.Path(place, name)
            if not is_source(source.relative_to(ROOT)):
                continue
            sources.add(source.relative_to(ROOT))
            copy = target / source.relative_to(ROOT)
            if copy.exists() and filecmp.cmp(source, copy, shallow=False):
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
            os.utime(copy)              # newer than what was made of the last one
    for place, folders, files in os.walk(target):
        folders[:] = [name for name in folders if not NOT_SOURCES.fullmatch(name)]
        for name in files:
            copy = pathlib.Path(place, name)
            if is_source(copy.relative_to(target)) and copy.relative_to(target) not in sources:
                copy.unlink()
    # Python and its packages serve all
    (target / "build").mkdir(exist_ok=True)
    for name in ("venv", "pandas-2", "axe", "dbt-venv", "dbt-oldest-venv"):
        link = target / "build" / name
        if (ROOT / "build" / name).exists() and not link.is_symlink():
            link.symlink_to((ROOT / "build" / name).resolve())


def unpacked(major):
    """pg_config of a server that the script unpacks, or has unpacked before."""
    folder().mkdir(parents=True, exist_ok=True)
    if not can_be_entered(folder()):
        raise Unavailable(f"user {ordinary_user().pw_name} may not enter {folder()}: NORMFREEZE_MAJORS=... names another folder")
    result = subprocess.run([str(ROOT / "tools/postgres_major.sh"), str(major), str(folder() / str(major))], text=True,
                            capture_output=True)
    if result.returncode == 3:
        raise Unavailable(result.stderr.strip().splitlines()[-1])
    if result.returncode != 0:
        raise AssertionError(f"tools/postgres_major.sh {major} failed:\n{result.stderr}")
    return result.stdout.strip()


@contextlib.contextmanager
def locked(name):
    with open(name, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def built(major):
    """pg_config of PostgreSQL major, and the folder of sources that are built for it."""
    program = unpacked(major)
    tree = folder() / str(major) / "tree"
    tree.mkdir(exist_ok=True)
    with locked(tree.parent / ".build-lock"):
        copy_sources(tree)
        command = ["make", "-s", "-j2", "-C", tree, "all", "COPT=-Werror -Wno-cpp -g0 -O0", f"PG_CONFIG={program}"]
        if shutil.which("ccache"):
            command.append("CC=ccache gcc")
        run(command, env=environment_for(program), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return program, tree
