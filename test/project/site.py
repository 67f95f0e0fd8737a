#!/usr/bin/env python3
"""The documentation as a site: every page is in its navigation and reads alike wherever it is shown.

With NORMFREEZE_TEST_ALL=1 the site is built, too, and links to nothing are held against it.
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test" / "lib"), str(ROOT / "tools")]

import report                                                       # noqa: E402
import site_pages                                                   # noqa: E402
from report import check, check_equal                               # noqa: E402

PAGES = ("*.md", "examples/*/README.md", "docs/**/*.md", "dbt/*.md", "python/*.md", "findings/*.md")


def check_navigation():
    pages = sorted(str(page.relative_to(ROOT)) for pattern in PAGES for page in ROOT.glob(pattern))
    check_equal(sorted(site_pages.in_navigation()), pages, "the pages in the navigation of mkdocs.yml")


def check_lists(page):
    """In a paragraph, a line such as "1. Everything" begins a list for some readers of Markdown, and for others not."""
    in_code = False
    previous = ""
    for number, line in enumerate((ROOT / page).read_text().splitlines(), 1):
        if line.startswith("```"):
            in_code = not in_code
        elif not in_code and re.match(r"([*-]|\d+\.) ", line):
            check(not previous.strip() or re.match(r"([*-]|\d+\.) | {2,}", previous), f"{page}:{number} begins a list after a blank line", line)
        previous = line


def check_site():
    subprocess.run([ROOT / "tools/setup.sh", "docs"], check=True)
    check_equal(subprocess.run([ROOT / "tools/site_pages.py"]).returncode, 0, "the site is built")
    check((ROOT / "build/docs/site/docs/reference/index.html").exists(), "it has the reference")
    first = site_pages.SOURCE / "README.md"
    text = first.read_text()
    for link in ("docs/nothing.md", "docs/methods.md#nothing", "docs/reference/applying.md#nothing"):
        first.write_text(f"{text}\n[a link]({link})\n")
        check(site_pages.build(quiet=True) != 0, f"a link to {link} is an error")


def main():
    tests = [check_navigation] + [lambda p=page: check_lists(p) for page in site_pages.in_navigation()]
    if os.environ.get("NORMFREEZE_TEST_ALL"):
        tests.append(check_site)
    report.run_tests(tests)
    report.exit_with_summary()


if __name__ == "__main__":
    main()
