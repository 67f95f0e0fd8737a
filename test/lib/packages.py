"""Extensions of others from Debian's packages, in our private copy of the server and not on the system."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import majors
from server import ROOT, run

CACHE = ROOT / "build/packages"


def downloaded(package):
    """The package's file, from build/packages or by apt; None and the reason if there is none."""
    if not all(map(shutil.which, ("apt-get", "dpkg-deb"))):
        return None, "there is no apt-get to take it from Debian"
    CACHE.mkdir(parents=True, exist_ok=True)
    download = ["apt-get", "-qq", "-o", "APT::Sandbox::User=", "download", package]
    if not any(CACHE.glob(f"{package}_*.deb")):
        result = subprocess.run(download, cwd=CACHE, text=True, capture_output=True)
        if result.returncode != 0 and os.geteuid() == 0:
            subprocess.run(["apt-get", "-qq", "update"], capture_output=True)
            result = subprocess.run(download, cwd=CACHE, text=True, capture_output=True)
        if result.returncode != 0:
            return None, f"apt has no {package}"
    return max(CACHE.glob(f"{package}_*.deb"), key=lambda path: path.stat().st_mtime), None


def add_extension(installation, name):
    """Put Debian's postgresql-MAJOR-NAME beside the server; None, or the reason why it cannot be had."""
    package = f"postgresql-{majors.major_of(installation.program)}-{name}"
    if installation.prefix != pathlib.Path("/usr"):
        return f"this server is not from a package that {package} would belong to"
    file, reason = downloaded(package)
    if not file:
        return reason
    with tempfile.TemporaryDirectory() as folder:
        run(["dpkg-deb", "-x", file, folder])
        for path in pathlib.Path(folder, "usr").rglob("*"):
            if path.is_file() and (path.suffix == ".so" or path.parent.name == "extension"):
                target = installation.folder / "pg" / path.relative_to(f"{folder}/usr")
                if not target.exists():
                    shutil.copy2(path, target)
                    target.chmod(0o644)
    return None
