#!/usr/bin/env python3
"""site_pages.py: build the documentation site, as `make docs` does.

The pages of mkdocs.yml and docs/pictures are copied to build/docs/source, each to the place that it has in the repository, and mkdocs
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


def without_links_to_sources(page, pages):
    """The text of a page, in which a link to a file of the repository that is no page of the site is its text alone."""
    def replaced(match):
        there = os.path.normpath(os.path.join(os.path.dirname(page), match[2].partition("#")[0]))
        return match[1] if (ROOT / there).exists() and there not in pages else match[0]
    return re.sub(r"(?<!!)\[([^][]*)\]\(([^)\s#:]+)\)", replaced, (ROOT / page).read_text())


def with_pictures_of_the_theme(text):
    """A <picture> by the reader's system as one image for each scheme, of which the theme shows that of its own scheme.

    https://squidfunk.github.io/mkdocs-material/reference/images/#light-and-dark-mode
    """
    def images(match):
        found = re.findall(r'<(?:source|img)\b[^>]*? (?:srcset|src)="([^"]+)"', match[0])
        described, = re.findall(r' alt="([^"]*)"', match[0])
        phone, wide = ([path for path in found if ("-phone-" in path) == narrow] for narrow in (True, False))
        made = []
        for scheme in ("light", "dark"):
            of_scheme = [next(path for path in paths if f"-{scheme}." in path) for paths in (phone, wide)]
            made.append(f'<picture><source media="(max-width: 600px)" srcset="{of_scheme[0]}#only-{scheme}">'
                        f'<img src="{of_scheme[1]}#only-{scheme}" alt="{described}" width="820"></picture>')
        return "".join(made)
    return re.sub(r"<picture>.*?</picture>", images, text, flags=re.DOTALL)


def lay_out():
    shutil.rmtree(SOURCE, ignore_errors=True)
    pages = set(in_navigation())
    for page in pages:
        (SOURCE / page).parent.mkdir(parents=True, exist_ok=True)
        (SOURCE / page).write_text(with_pictures_of_the_theme(without_links_to_sources(page, pages)))
    shutil.copytree(ROOT / "docs" / "pictures", SOURCE / "docs" / "pictures")


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
