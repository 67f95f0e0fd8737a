#!/usr/bin/env python3
"""site_pages.py: build the documentation site, as `make docs` does.

The pages of mkdocs.yml are copied to build/docs/source, each to the place that it has in the repository, and mkdocs
builds build/docs/site from there.  A page that is missing, a link to nothing or to no heading is an error.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SOURCE = ROOT / "build" / "docs" / "source"


def in_navigation():
    """The files that mkdocs.yml names, in its order."""
    navigation = (ROOT / "mkdocs.yml").read_text().split("\nnav:\n", 1)[1]
    return re.findall(r": (\S+\.md)$", navigation, re.MULTILINE)


def lay_out():
    shutil.rmtree(SOURCE, ignore_errors=True)
    for page in in_navigation():
        (SOURCE / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / page, SOURCE / page)


def build(quiet=False):
    """The exit code of mkdocs, which says what is wrong."""
    # not --quiet, which would not count warnings either
    command = [ROOT / "build/docs/venv/bin/mkdocs", "build", "--clean", "--config-file", ROOT / "mkdocs.yml"]
    # without what the theme says of its successor
    environment = dict(os.environ, NO_MKDOCS_2_WARNING="1")
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run([str(word) for word in command], cwd=ROOT, env=environment, stdout=output, stderr=output).returncode


def main():
    lay_out()
    sys.exit(build())


if __name__ == "__main__":
    main()
