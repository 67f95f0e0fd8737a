"""A server and an extension that notice what usually goes unnoticed: build_server.sh, and the extension with sanitizers.

Both are kept in build/sanitized, and made again where they are not what is asked for.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test" / "lib")]

from server import Installation, Server  # noqa: E402

KEPT = ROOT / "build" / "sanitized"
FLAGS = "-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined,float-cast-overflow -w"
BUILT_WITHOUT = "detect_leaks=0:detect_stack_use_after_return=0"


class CannotBuild(Exception):
    """Why there is no such server here."""


def build_server(whole=False):
    """The pg_config of the server."""
    folder = KEPT / ("server-whole" if whole else "server")
    result = subprocess.run([pathlib.Path(__file__).parent / "build_server.sh", folder, *(["whole"] if whole else [])], text=True, capture_output=True)
    if result.returncode == 2:
        raise CannotBuild(result.stderr.strip().splitlines()[-1])
    if result.returncode != 0:
        raise AssertionError(f"build_server.sh failed:\n{result.stderr[-3000:]}")
    return result.stdout.strip()


def is_built():
    return (KEPT / "server" / "complete").exists()


def copy_sources(target):
    """The files of the project, where they changed: what is built stays beside them."""
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"], check=True, capture_output=True, text=True).stdout.splitlines()
    for name in names:
        source, copy = ROOT / name, target / name
        if not source.is_file():
            copy.unlink(missing_ok=True)
        elif not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            shutil.copymode(source, copy)


def build_extension(pg_config):
    source = KEPT / "extension"
    source.mkdir(parents=True, exist_ok=True)
    copy_sources(source)
    subprocess.run(["make", "-s", f"-j{os.cpu_count()}", "-C", source, f"PG_CONFIG={pg_config}", f"COPT={FLAGS}", "all"], check=True,
                   env=dict(os.environ, ASAN_OPTIONS=BUILT_WITHOUT))
    return source


class Ordinary:
    """The installation of all tests, without sanitizers: crashes, internal errors and wrong results are noticed there, too."""

    def __init__(self, installation):
        self.folder = tempfile.mkdtemp(prefix="normfreeze-attacked-")
        self.logs = pathlib.Path(self.folder)
        self.installation = installation

    def server(self, name, settings=None):
        return Server(self.installation, name, {"restart_after_crash": "on", **(settings or {})})

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Instrumented(Ordinary):
    """An installation, and the folder where sanitizers write; the environment is set for both."""

    def __init__(self, whole=False):
        pg_config = build_server(whole)
        source = build_extension(pg_config)
        self.folder = tempfile.mkdtemp(prefix="normfreeze-sanitized-")
        os.chmod(self.folder, 0o755)
        self.logs = pathlib.Path(self.folder) / "logs"
        self.logs.mkdir()
        os.chmod(self.logs, 0o777)
        os.environ["ASAN_OPTIONS"] = BUILT_WITHOUT + f":abort_on_error=1:handle_abort=0:log_path={self.logs}/asan"
        os.environ["UBSAN_OPTIONS"] = f"print_stacktrace=1:log_path={self.logs}/ubsan"
        self.installation = Installation(f"{self.folder}/installation", program=pg_config, make_flags=[f"COPT={FLAGS}"], source=source)
        self.pg_config = pg_config
        self.source = source

    def complaints(self):
        """What sanitizers have written."""
        found = []
        for path in sorted(self.logs.iterdir()):
            text = path.read_text(errors="replace")
            path.unlink()
            if text.strip():
                found.append(text[:3000])
        return found
