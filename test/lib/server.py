"""Throwaway PostgreSQL servers with normfreeze, in a folder of their own.

Nothing on the machine is touched: the server runs from a private copy of the
installation (PostgreSQL finds its files relative to its own program), into
which the extension is installed.  So tests need no root, and run as root too
(the server itself is then started as an ordinary user, which it insists on).
"""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(command, **options):
    options.setdefault("check", True)
    options.setdefault("text", True)
    try:
        return subprocess.run([str(word) for word in command], **options)
    except subprocess.CalledProcessError as error:
        raise AssertionError(f"{error}\n{error.stdout or ''}{error.stderr or ''}") from error


def pg_config(name, program=None):
    program = program or os.environ.get("PG_CONFIG", "pg_config")
    return run([program, f"--{name}"], capture_output=True).stdout.strip()


def ordinary_user():
    """The user to run servers as: None for ourselves, another one if we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("there is no ordinary user to run PostgreSQL as")


class Installation:
    """A private copy of PostgreSQL with normfreeze installed into it."""

    def __init__(self, folder, program=None, make_flags=(), source=ROOT):
        self.source = source
        self.folder = pathlib.Path(folder)
        self.program = program or os.environ.get("PG_CONFIG", "pg_config")
        self.make_flags = list(make_flags)
        bindir = pathlib.Path(pg_config("bindir", self.program)).resolve()
        sharedir = pathlib.Path(pg_config("sharedir", self.program)).resolve()
        pkglibdir = pathlib.Path(pg_config("pkglibdir", self.program)).resolve()
        self.prefix = pathlib.Path(os.path.commonpath([bindir, sharedir, pkglibdir]))
        self.bindir = self._inside(bindir)
        self.pkglibdir = self._inside(pkglibdir)
        self._copy(bindir, symlinks=False)
        self._copy(pkglibdir, symlinks=True)
        self._copy(sharedir, symlinks=True, real=("extension",))
        self._install()
        os.chmod(self.folder, 0o755)

    def _inside(self, path):
        return self.folder / "pg" / pathlib.Path(path).relative_to(self.prefix)

    def _copy(self, source, symlinks, real=()):
        target = self._inside(source)
        target.mkdir(parents=True, exist_ok=True)
        for entry in source.iterdir():
            copy = target / entry.name
            if copy.exists():
                continue
            if symlinks and entry.name not in real:
                copy.symlink_to(entry)
            elif entry.is_dir():
                if entry.name not in ("pgxs", "bitcode"):
                    shutil.copytree(entry, copy, symlinks=False)
            else:
                shutil.copy2(entry, copy)

    def _install(self):
        stage = self.folder / "stage"
        run(["make", "-s", "-C", self.source, "install", f"DESTDIR={stage}", f"PG_CONFIG={self.program}",
             *self.make_flags], stdout=subprocess.DEVNULL)
        for name in ("pkglibdir", "sharedir"):
            directory = pathlib.Path(pg_config(name, self.program))
            staged = pathlib.Path(f"{stage}{directory}")
            target = self._inside(directory.resolve())
            for file in staged.rglob("*"):
                if file.is_file():
                    copy = target / file.relative_to(staged)
                    # never write through a link into the system's own files
                    for parent in reversed(copy.parents):
                        if parent.is_symlink():
                            linked = parent.resolve()
                            parent.unlink()
                            parent.mkdir()
                            for entry in linked.iterdir():
                                (parent / entry.name).symlink_to(entry)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    if copy.is_symlink() or copy.exists():
                        copy.unlink()
                    shutil.copy2(file, copy)
        shutil.rmtree(stage)


class Server:
    """One data directory.  Use as a context manager, or start() and stop()."""

    port = 5432                 # on a Unix socket in our own folder only

    def __init__(self, installation, name="server", settings=None):
        self.installation = installation
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"normfreeze-{name}-"))
        self.data = self.folder / "data"
        self.settings = {"listen_addresses": "", "unix_socket_directories": self.folder,
                         "port": self.port, "fsync": "off", "max_prepared_transactions": 4,
                         "timezone": "UTC"}
        self.settings.update(settings or {})
        self.user = ordinary_user()
        os.chmod(self.folder, 0o755)
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)

    # ---- running ----

    def program(self, name, *arguments, **options):
        """Run a PostgreSQL program as the server's user."""
        if self.user:
            options.update(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        options.setdefault("cwd", self.folder)
        options.setdefault("capture_output", True)
        return run([self.installation.bindir / name, *arguments], env=self.environment(), **options)

    def environment(self, database="postgres", user="postgres"):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        environment.update(PGHOST=str(self.folder), PGPORT=str(self.port), PGUSER=user,
                           PGDATABASE=database, PGOPTIONS="--client-min-messages=warning",
                           LC_ALL="C.UTF-8", HOME=str(self.folder))
        return environment

    def init(self, *options):
        self.program("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                     "--locale=C.UTF-8", "--no-sync", *options)
        return self

    def configure(self, **settings):
        self.settings.update(settings)

    def start(self):
        if not self.data.exists():
            self.init()
        with open(self.data / "postgresql.auto.conf", "w") as file:
            for key, value in self.settings.items():
                file.write(f"{key} = '{value}'\n")
        try:
            self.program("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start",
                         capture_output=False, stdout=subprocess.DEVNULL)
        except subprocess.CalledProcessError:
            raise SystemExit((self.folder / "log").read_text()[-4000:])
        return self

    def stop(self, mode="fast"):
        self.program("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.remove()

    # ---- talking ----

    def psql(self, sql, database="postgres", user="postgres", check=True, arguments=()):
        """Run SQL in one session; returns the completed process (stdout, stderr)."""
        return run([self.installation.bindir / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1",
                    "-v", "VERBOSITY=verbose", *arguments],
                   input=sql, capture_output=True, check=check, cwd=self.folder,
                   env=self.environment(database, user))

    def query(self, sql, database="postgres", user="postgres"):
        """The output of SQL that must succeed, without the final newline."""
        result = self.psql(sql, database, user, check=False)
        if result.returncode != 0:
            raise AssertionError(f"{result.stderr.strip()}\nin: {sql}")
        return result.stdout.rstrip("\n")

    def error(self, sql, database="postgres", user="postgres"):
        """The first error (with its SQLSTATE) of SQL that must fail."""
        result = self.psql(sql, database, user, check=False)
        if result.returncode == 0:
            raise AssertionError(f"no error, but {result.stdout!r}\nin: {sql}")
        return result.stderr.strip()

    def conninfo(self, database="postgres", user="postgres"):
        return f"host={self.folder} port={self.port} dbname={database} user={user}"

    def new_database(self, name, template="template0"):
        self.query(f"DROP DATABASE IF EXISTS {name}")
        self.query(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name
