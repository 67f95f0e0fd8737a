#!/usr/bin/env python3
"""What others install normfreeze from: the archive for PGXN, the Debian packages, the container, and a build without ONNX.

With NORMFREEZE_TEST_ALL=1, what takes minutes and a network: `pgxn install` builds the archive; the Debian package is
built, its tests run, and it is installed in a new root of this Debian release; and the steps of the Dockerfile run in
a new root of the release that it names.  Those need root and debootstrap.
"""

import contextlib
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "lib"))

import report                                                               # noqa: E402
from report import check, check_equal, check_in                             # noqa: E402
from server import Installation, Server, pg_config                          # noqa: E402

ALL = bool(os.environ.get("NORMFREEZE_TEST_ALL"))
GIT = ["git", "-c", "safe.directory=*"]
VERSION = re.search(r"^default_version = '(.*)'$", (ROOT / "normfreeze.control").read_text(), re.MULTILINE)[1]
STANDARD = "(SELECT normfreeze.fit(ARRAY[x], 'standard') FROM generate_series(1, 3) AS x)"

# what a new database must be able to do
SMOKE = f"""CREATE EXTENSION normfreeze; SELECT normfreeze.freeze('a', {STANDARD});
    SELECT normfreeze.normalize('{{2}}'::float8[], 'a@v1'), (SELECT bool_and(ok) FROM normfreeze.verify()), length(normfreeze.to_onnx('a@v1')) > 100"""


def run(command, **options):
    """The output of a program that must succeed; make's variables are not passed on."""
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    environment.update(options.pop("env", {}))
    result = subprocess.run([str(word) for word in command], env=environment, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, **options)
    if result.returncode != 0:
        raise AssertionError(f"{command} ended with {result.returncode}:\n{result.stdout[-3000:]}")
    return result.stdout


def clone(folder):
    """What is committed, as somebody who packs it has it."""
    run([*GIT, "clone", "--quiet", ROOT, folder / "clone"])
    return folder / "clone"


def the_archive(folder):
    """PGXN takes a zip file with one folder, whose META.json states the version (https://pgxn.org/meta/spec.txt)."""
    source = clone(folder)
    path = pathlib.Path(run(["tools/pack.sh", "dist", folder / "dist"], cwd=source).strip())
    check_equal(path.name, f"normfreeze-{VERSION}.zip", "name of the archive")
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        check_equal({name.split("/")[0] for name in names}, {f"normfreeze-{VERSION}"}, "folders of the archive")
        inside = {name.split("/", 1)[1] for name in names if not name.endswith("/")}
        archive.extractall(folder / "unpacked")
    tracked = set(run([*GIT, "ls-files"], cwd=source).split("\n")) - {""}
    check_equal(sorted(tracked - inside - {name for name in tracked if "/." in f"/{name}"}), [], "files left out")
    check_equal(sorted(name for name in inside if name.startswith((".ci", ".git", "build/"))), [], "files that nobody needs")
    unpacked = folder / "unpacked" / f"normfreeze-{VERSION}"
    for name in (unpacked / "META.json").read_text(), (unpacked / "normfreeze.control").read_text():
        check_in(VERSION, name, "the version is stated")
    check_in("README.md", inside, "the document that META.json names")
    (source / "unfinished").write_text("")
    try:
        run(["tools/pack.sh", "dist", folder / "dist"], cwd=source)
        check(False, "what is not committed is not packed in silence")
    except AssertionError as error:
        check_in("unfinished", str(error), "what is not committed is named")


def without_onnx(folder):
    """The same SQL objects; the two functions say what is missing; nothing needs protobuf-c."""
    copy = folder / "without"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=lambda place, names: [name for name in names if name == ".git" or
                    (place == str(ROOT / "build") and not name.startswith(("onnx.pb-c", "apply")))])
    (copy / "normfreeze.so").unlink(missing_ok=True)
    run(["make", "-s", "WITHOUT_ONNX=1", "all"], cwd=copy)
    for library in copy.glob("*.so"):
        check("protobuf" not in run(["ldd", library]), "protobuf-c is not needed")
    tests = run(["make", "-s", "--eval", "list: ; @echo $(REGRESS)", "WITHOUT_ONNX=1", "list"], cwd=copy)
    check("test_to_onnx" not in tests and "test_steps_export" not in tests and "test_to_pmml" in tests, "the regression tests of ONNX models are left out, and no others")
    mentioning = [path.stem for path in sorted((ROOT / "sql").glob("test_*.sql"))
                  if re.search(r"\b(to_onnx|from_onnx)\(", path.read_text())]
    check_equal(mentioning, ["test_steps_export", "test_to_onnx"], "regression tests that call functions of ONNX models")
    with Server(Installation(folder / "installation", make_flags=["WITHOUT_ONNX=1"], source=copy), "without") as server:
        server.query(f"CREATE EXTENSION normfreeze; SELECT normfreeze.freeze('a', {STANDARD})")
        for call in "to_onnx('a@v1')", f"to_onnx({STANDARD})", "from_onnx('\\x00')":
            error = server.error(f"SELECT normfreeze.{call}")
            check_in("0A000", error, f"SQLSTATE of {call}")
            check_in("WITHOUT_ONNX=1", error, f"why {call} fails")
            check_in("protobuf-c", error, f"what to do about {call}")
        check_equal(server.query("SELECT normfreeze.normalize('{2}'::float8[], 'a@v1'), length(normfreeze.to_sql('a@v1', 'postgres')) > 9, "
                                 "(SELECT bool_and(ok) FROM normfreeze.verify())"), "{0}|t|t", "all else is there")


def debian_files():
    control = (ROOT / "debian/control.in").read_text()
    written = (ROOT / "debian/control").read_text()
    major = re.search(r"postgresql-(\d+)-normfreeze", written)[1]
    check_equal(written, control.replace("PGVERSION", major), "debian/control is debian/control.in for one server version")
    setup = (ROOT / "tools/setup.sh").read_text()
    for package in ("libmpfr-dev", "libprotobuf-c-dev", "protobuf-c-compiler"):
        check_in(package, setup, f"{package} is what tools/setup.sh installs")
        check_in(f" {package},", control, f"{package} is a build dependency")
        check_in(package, (ROOT / "Dockerfile").read_text(), f"{package} in the Dockerfile")
    least = re.search(r'"PostgreSQL": "(\d+)\.', (ROOT / "META.json").read_text())[1]
    check_equal((ROOT / "debian/pgversions").read_text().strip(), f"{least}+", "the oldest server")
    check(os.access(ROOT / "debian/rules", os.X_OK), "debian/rules can be run")


# ---- the Dockerfile ----

def instructions():
    """What a Dockerfile says: (instruction, its text), with continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    for line in lines:
        if not re.fullmatch(r"[A-Z]+ \S.*", line):
            raise AssertionError(f"no instruction of a Dockerfile: {line!r}")
    return [tuple(line.split(" ", 1)) for line in lines]


def dockerfile():
    words = [word for word, _ in instructions()]
    check_equal(sorted(set(words) - {"ARG", "FROM", "RUN", "COPY", "CMD"}), [], "instructions of the Dockerfile that we know")
    check_equal(words[:2], ["ARG", "FROM"], "the version comes first")
    check_equal(sorted(re.findall(r"^(?!#).*\\\n(?:#|$)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)), [], "continued lines go on")


def this_suite():
    return re.search("VERSION_CODENAME=(.*)", pathlib.Path("/etc/os-release").read_text())[1]


@contextlib.contextmanager
def clean_root(folder, suite):
    """A new root of a Debian release, of the mirror that apt uses; a second one is a copy."""
    kept = ROOT / "build" / "roots" / suite
    if not (kept / "complete").exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        mirrors = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]).split()
        mirror = next(uri for uri in mirrors if re.search("/debian/?$", uri))
        run(["debootstrap", "--variant=minbase", suite, kept, mirror])
        (kept / "complete").write_text("")
    root = folder / f"root-{suite}-{len(list(folder.iterdir()))}"
    run(["cp", "-a", kept, root])
    shutil.copy2("/etc/resolv.conf", root / "etc/resolv.conf")
    # of this release we may have been built against what only its updates have
    if suite == this_suite():
        for sources in pathlib.Path("/etc/apt/sources.list.d").glob("debian.*"):
            shutil.copy2(sources, root / "etc/apt/sources.list.d")
    (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    os.chmod(root / "usr/sbin/policy-rc.d", 0o755)
    # programs ask for it; nothing of this machine is visible otherwise
    run(["mount", "-t", "proc", "proc", root / "proc"])
    try:
        yield root
    finally:
        run(["umount", root / "proc"])
        shutil.rmtree(root)


def inside(root, command, **environment):
    return run(["chroot", root, "/bin/sh", "-ec", command],
               env={"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", **environment})


def smoke(root, major, settings=""):
    """A server of that root runs, and does what it must."""
    programs = f"/usr/lib/postgresql/{major}/bin"
    start = f"{programs}/initdb -D /tmp/data -E UTF8 --locale=C.UTF-8 >/dev/null && {programs}/pg_ctl -D /tmp/data -w -o '-k /tmp -h \"\" {settings}' -l /tmp/log start"
    inside(root, f"su postgres -c \"$START\" >/dev/null", START=start)
    try:
        return inside(root, "su postgres -c \"psql -h /tmp -XAtq\" <<'EOF'\n" + SMOKE + "\nEOF").strip().splitlines()[-1]
    finally:
        inside(root, f"su postgres -c '{programs}/pg_ctl -D /tmp/data -m fast stop' >/dev/null")


def pgxn_install(folder):
    """The client of the network, as a user would call it with the unpacked archive, into an installation of its own."""
    installation = Installation(folder / "for_pgxn")
    for name in list(installation.pkglibdir.glob("normfreeze*")) + list(installation.folder.rglob("extension/normfreeze*")):
        name.unlink()
    run([sys.executable, "-m", "venv", folder / "venv"])
    run([folder / "venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", "pgxnclient==1.3.2", "setuptools<81"])
    program = installation.bindir / "pg_config"
    # the copy of a server has no headers, and its pg_config names folders of the copy
    headers = pathlib.Path(pg_config("pkgincludedir", program))
    headers.parent.mkdir(parents=True, exist_ok=True)
    headers.symlink_to(pg_config("pkgincludedir"))
    # the client asks whether it may write here, though nothing of ours goes there
    pathlib.Path(pg_config("libdir", program)).mkdir(parents=True, exist_ok=True)
    run([folder / "venv/bin/pgxn", "install", "--nosudo", "--pg_config", program, folder / "unpacked" / f"normfreeze-{VERSION}"])
    with Server(installation, "pgxn") as server:
        check_equal(server.query(SMOKE).splitlines()[-1], "{0}|t|t", "what pgxn has installed works")


def debian_package(folder):
    source = clone(folder / "deb")
    output = run(["tools/pack.sh", "deb", folder / "debs"], cwd=source)
    check_in("tests passed", output, "the regression tests have run against the package's build")
    major = pg_config("version").split()[1].split(".")[0]
    [package] = (folder / "debs").glob(f"postgresql-{major}-normfreeze_*.deb")
    with clean_root(folder, this_suite()) as root:
        shutil.copy2(package, root / "tmp")
        inside(root, f"apt-get update -qq && apt-get install -y -qq --no-install-recommends /tmp/{package.name}")
        check_equal(smoke(root, major), "{0}|t|t", "what the Debian package has installed works")
        inside(root, f"apt-get purge -y -qq postgresql-{major}-normfreeze")
        check_equal(inside(root, "find / -xdev -name 'normfreeze*' -not -path '/tmp/*' -not -path '/proc/*'"), "", "files left after a purge")


def dockerfile_steps(folder):
    """Each stage of the Dockerfile in a root of its own: its base is the release of Debian and the server that it names."""
    variables, stages, current, compilers = {}, {}, None, None
    built_with = "dpkg -l | awk '{ print $2 }' | grep -E '^(gcc(-[0-9]+)?|.+-dev)(:[a-z0-9]+)?$' || true"
    with contextlib.ExitStack() as stack:
        for instruction, text in instructions():
            text = re.sub(r"\$\{(\w+)\}", lambda found: variables.get(found[1], found[0]), text)
            if instruction == "ARG" and "=" in text:
                variables.update([text.split("=", 1)])
            elif instruction == "FROM":
                major, suite, name = re.fullmatch(r"postgres:(\d+)-(\w+)(?: AS (\w+))?", text).groups()
                current = stages[name] = stack.enter_context(clean_root(folder, suite))
                # the official image has the server of apt.postgresql.org; Debian's is the same version here
                inside(current, f"apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-{major}")
                # postgresql-common-dev comes with Debian's server
                compilers = inside(current, built_with)
            elif instruction == "RUN":
                inside(current, text)
            elif instruction == "COPY" and text.startswith("--from="):
                stage, source, target = re.fullmatch(r"--from=(\w+) /(\S+) /(\S*)", text).groups()
                run(["cp", "-a", f"{stages[stage] / source}/.", current / target])
            elif instruction == "COPY":
                shutil.copytree(clone(folder / "context"), current / text.split()[1].lstrip("/"))
            elif instruction == "CMD":
                check_equal(eval(text), ["postgres", "-c", "shared_preload_libraries=normfreeze"], "what the container starts")
        check_equal(smoke(current, variables["PG_MAJOR"], "-c shared_preload_libraries=normfreeze"), "{0}|t|t", "what the image has works")
        check_equal(inside(current, built_with), compilers, "compilers in the image are those of its base")


def in_folder(test, folder):
    """A test of its name, without arguments."""
    return functools.update_wrapper(functools.partial(test, folder), test)


def main():
    if not (ROOT / ".git").exists():
        report.skip("this is no git repository: nothing can be packed")
    with tempfile.TemporaryDirectory(prefix="normfreeze-packages-") as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        report.run_tests([in_folder(the_archive, folder), in_folder(without_onnx, folder), debian_files, dockerfile])
        if ALL:
            report.run_tests([in_folder(pgxn_install, folder)])
            if os.geteuid() == 0 and shutil.which("apt-get"):
                if not shutil.which("debootstrap"):
                    run(["apt-get", "install", "-y", "-qq", "debootstrap"])
                report.run_tests([in_folder(debian_package, folder), in_folder(dockerfile_steps, folder)])
            else:
                print("packages: not root on Debian, so no new root to install into")
    report.exit_with_summary()


if __name__ == "__main__":
    main()
