#!/usr/bin/env python3
"""Do the documents tell the truth?

Every ```sql block of the documents below is run, in order, in one psql session and a fresh database
for each file; the pages of docs/reference, in the order of mkdocs.yml, have one session together, and so have those of docs/guide and of docs/from.  ```python and ```sh blocks are run in between, in an empty folder, with the
connection in the environment; a python block sees what the ones before it have defined.  The line
before a block may say otherwise:

    <!-- error: 42601 -->   the block must fail, with this SQLSTATE
    <!-- not run -->        needs what a throwaway server has not

A ```text block right after a block is what it prints, compared with spaces and
rulers squeezed.  Of an error it shows the first lines at least, without SQLSTATE and LOCATION.

With --accept, blocks that print something else are rewritten in place: read the diff.  With pages as arguments, the sessions
that these are in are run, and nothing else.

docs/distributed.md is run by test/scenario/distributed.py and citus.py, since it needs several servers; examples/services/README.md by
test/scenario/services.py, since services go on while it asks them; docs/without_extension.md by test/scenario/anywhere.py, since it needs dbt.

Also: every public function is in docs/reference, by its README.md too, and has a COMMENT, and every
error message of src/pg is in docs/errors.md, next to its SQLSTATE.
"""

import os
import pathlib
import re
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "lib"), str(pathlib.Path(__file__).resolve().parents[2] / "tools")]
import report                                                       # noqa: E402
import server                                                       # noqa: E402
import site_pages                                                   # noqa: E402

ROOT = server.ROOT
REFERENCE = [page for page in site_pages.in_navigation() if page.startswith("docs/reference/")]
COMING_FROM = [page for page in site_pages.in_navigation() if page.startswith("docs/from/")]
GUIDE = [page for page in site_pages.in_navigation() if page.startswith("docs/guide/")]
# those of each session
DOCUMENTS = [["README.md"], GUIDE, REFERENCE, ["docs/recipes.md"], COMING_FROM, ["docs/methods.md"], ["docs/errors.md"], ["docs/verify.md"], ["docs/export.md"],
             ["docs/environments.md"], ["docs/lineage.md"], ["docs/privacy.md"], ["docs/releases.md"], ["docs/operations.md"], ["docs/recovery.md"], ["docs/drift.md"], ["docs/monitoring.md"],
             ["docs/report.md"], ["docs/audit.md"], ["docs/tutorial.md"]]

# ---- documents ----


class Block:
    """A block of code, how it should end, and the output that follows it, if any."""

    def __init__(self, document, line, language, directive):
        self.document = document
        self.name = f"{document}:{line}"
        self.language = language
        self.directive = directive
        self.lines = []
        self.expected = None
        self.expected_line = 0  # where its lines begin in the document

    def sqlstate(self):
        match = re.fullmatch(r"<!-- error: (\w{5}) -->", self.directive or "")
        return match.group(1) if match else None

    def runs(self):
        return self.directive != "<!-- not run -->"


def read_blocks(document):
    blocks = []
    fence = None                # the language of the fence we are in
    previous = ""               # the last line that is not blank
    block = None
    for number, line in enumerate((ROOT / document).read_text().splitlines(), 1):
        if fence is None and line.startswith("```"):
            fence = line[3:].strip()
            if fence in ("sql", "python", "sh"):
                directive = previous if previous.startswith("<!--") else None
                block = Block(document, number, fence, directive)
                blocks.append(block)
            elif fence == "text" and previous == "```" and block is not None:
                block.expected = []
                block.expected_line = number
            else:
                block = None
        elif fence is not None and line == "```":
            fence = None
        elif fence in ("sql", "python", "sh"):
            block.lines.append(line)
        elif fence == "text" and block is not None:
            block.expected.append(line)
        if fence is None and line.strip() and line != "```":
            block = None
        if line.strip():
            previous = line.strip()
    return blocks


# ---- running them ----

MARKER = "==== block"


def ends_properly(block):
    """Is the last statement complete?  The next block must not become a part of it."""
    lines = [line for line in block.lines if line.strip() and not line.lstrip().startswith("--")]
    if not lines:
        return False
    last = re.sub(r"\s+--.*$", "", lines[-1]).rstrip()
    return last.endswith(";") or last.startswith("\\") or re.search(r"\\(g|gset|gexec|gx)\b[^\\]*$", last)


# What a python block runs in: the ones before it, silently, then itself.
PYTHON = """import contextlib, io
with contextlib.redirect_stdout(io.StringIO()):
    exec(compile({before!r}, "the blocks before", "exec"))
exec(compile({code!r}, {name!r}, "exec"))
"""


def commands(blocks, number, folder):
    """The lines of psql that run a block."""
    block = blocks[number]
    code = "\n".join(block.lines)
    if block.language == "sql":
        return block.lines
    if block.language == "sh":
        program, file = "sh -e", folder / f"block{number}.sh"
    else:
        program, file = sys.executable, folder / f"block{number}.py"
        before = "\n".join("\n".join(b.lines) for b in blocks[:number] if b.language == "python")
        code = PYTHON.format(before=before, code=code, name=block.name)
    file.write_text(code)
    return [rf"\! {program} {file}"]


def run_blocks(running, database, blocks, folder):
    """The (stdout, stderr) of each block, from one session."""
    work = folder / "work"      # apart from the scripts
    work.mkdir()
    work.chmod(0o777)
    script = [rf"\cd {work}", rf"\setenv PGDATABASE {database}", rf"\setenv PYTHONPATH {ROOT / 'python'}",
              r"\setenv PYTHONDONTWRITEBYTECODE 1", rf"\setenv PATH {pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"]
    for number in range(len(blocks)):
        script += [f"\\echo {MARKER} {number}", f"\\warn {MARKER} {number}"] + commands(blocks, number, folder)
    script.append("")
    result = running.psql("\n".join(script), database, check=False,
                          arguments=["-v", "ON_ERROR_STOP=0", "-P", "format=aligned", "-P", "tuples_only=off",
                                     "-P", "footer=off"])

    def parts(text):
        pieces = re.split(rf"^{MARKER} (\d+)\n", text, flags=re.MULTILINE)
        return dict(zip(map(int, pieces[1::2]), pieces[2::2]))

    out, err = parts(result.stdout), parts(result.stderr)
    return [(out.get(number, ""), err.get(number, "")) for number in range(len(blocks))]


def squeeze(text):
    """Lines without what only alignment decides."""
    lines = []
    for line in text.splitlines():
        line = re.sub(r"\s+", " ", line).strip()
        if re.fullmatch(r"[-+]+", line):
            line = re.sub(r"-+", "-", line)
        if line:
            lines.append(line)
    return lines


def plain_errors(text):
    """Errors as psql shows them by default."""
    lines = [line for line in text.splitlines() if not line.startswith(("LOCATION:", "SCHEMA NAME:", "TABLE NAME:",
                                                                        "CONSTRAINT NAME:", "COLUMN NAME:"))]
    return re.sub(r"^(ERROR|WARNING|NOTICE|FATAL):  \w{5}: ", r"\1:  ", "\n".join(lines), flags=re.MULTILINE)


def accept(document, printed):
    """Write what blocks print into their document, the last block first."""
    path = ROOT / document
    text = path.read_text().splitlines()
    for block, output in reversed(printed):
        lines = [line.rstrip() for line in output.strip("\n").splitlines()]
        if block.sqlstate():
            lines = lines[:len(block.expected)]
        text[block.expected_line:block.expected_line + len(block.expected)] = lines
    path.write_text("\n".join(text) + "\n")


def check_session(running, documents, number):
    blocks = [block for document in documents for block in read_blocks(document) if block.runs()]
    report.check(blocks, f"{documents[0]} has blocks to run")
    for block in blocks:
        if block.language == "sql":
            report.check(ends_properly(block), f"{block.name} ends with a complete statement")
    database = running.new_database(f"documents_{number}")
    if not any(line.startswith("CREATE EXTENSION normfreeze") for block in blocks for line in block.lines):
        running.query("CREATE EXTENSION normfreeze", database)
    printed = []
    with tempfile.TemporaryDirectory(prefix="normfreeze-blocks-") as folder:
        os.chmod(folder, 0o755)
        outputs = run_blocks(running, database, blocks, pathlib.Path(folder))
    for block, (out, err) in zip(blocks, outputs):
        states = re.findall(r"^(?:ERROR|FATAL):  (\w{5}): ", err, flags=re.MULTILINE)
        if block.sqlstate():
            report.check(states == [block.sqlstate()], f"{block.name} fails with {block.sqlstate()}",
                         err.strip() or out.strip())
        else:
            report.check(not err.strip(), f"{block.name} succeeds", err.strip())
        if block.expected is not None:
            got = squeeze(out + plain_errors(err))
            expected = squeeze("\n".join(block.expected))
            if block.sqlstate() and expected:
                got = got[:len(expected)]       # hints of PostgreSQL's own differ between versions
            report.check(got == expected, f"{block.name} prints what follows it",
                         "it prints\n" + out + plain_errors(err))
            if got != expected:
                printed.append((block, out + plain_errors(err)))
    if "--accept" in sys.argv:
        for document in documents:
            accept(document, [(block, output) for block, output in printed if block.document == document])


# ---- functions ----

# Those that people call: not input and output, not behind operators, aggregates,
# operator classes or casts, and not the trigger's.
PUBLIC_FUNCTIONS = """
    SELECT DISTINCT p.proname FROM pg_proc AS p
    WHERE p.pronamespace = 'normfreeze'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_type AS t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend))
      AND NOT EXISTS (SELECT FROM pg_operator AS o WHERE o.oprcode = p.oid)
      AND NOT EXISTS (SELECT FROM pg_amproc AS a WHERE a.amproc = p.oid)
      AND NOT EXISTS (SELECT FROM pg_aggregate AS a WHERE p.oid IN
                      (a.aggtransfn, a.aggcombinefn, a.aggfinalfn, a.aggserialfn, a.aggdeserialfn))
    ORDER BY 1"""

WITHOUT_COMMENT = """
    SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace = 'normfreeze'::regnamespace
      AND pg_catalog.obj_description(p.oid, 'pg_proc') IS NULL
    ORDER BY 1"""

OTHER_OBJECTS = """
    SELECT c.relname FROM pg_class AS c
    WHERE c.relnamespace = 'normfreeze'::regnamespace AND c.relkind IN ('r', 'v')
    UNION ALL
    SELECT t.typname FROM pg_type AS t
    WHERE t.typnamespace = 'normfreeze'::regnamespace AND t.typtype IN ('b', 'e') AND t.typelem = 0
    UNION ALL
    SELECT s.name FROM pg_settings AS s WHERE s.name LIKE 'normfreeze.%'
    ORDER BY 1"""


# Those that a page must name as exceptions, if all that write nothing are said to be parallel safe.
NOT_PARALLEL = """
    SELECT DISTINCT p.proname FROM pg_proc AS p
    WHERE p.pronamespace = 'normfreeze'::regnamespace AND p.provolatile <> 'v' AND p.proparallel <> 's' ORDER BY 1"""


def check_reference(running):
    running.new_database("reference")
    running.query("CREATE EXTENSION normfreeze", "reference")
    pages = {pathlib.Path(page).name: (ROOT / page).read_text() for page in REFERENCE}
    reference = "\n".join(pages.values())
    index = pages["README.md"]
    names = running.query(PUBLIC_FUNCTIONS, "reference").split()
    report.check(len(names) > 20, "there are functions to document", names)
    for name in names:
        report.check(re.search(rf"\b{name}\(", reference), f"docs/reference documents {name}()")
        with_heading = [page for page, text in pages.items() if re.search(rf"^##+ (\w+ and )?{name}\b", text, re.MULTILINE)]
        report.check(with_heading or re.search(rf"\b{name}\(", pages["internal.md"]), f"{name} has a heading, or is in internal.md")
        for page in with_heading:
            report.check(f"[`{name}`]({page}#" in index, f"docs/reference/README.md leads to {name} of {page}")
    # the library is loaded first, so that its settings are known
    for setting in running.query("LOAD 'normfreeze'; " + OTHER_OBJECTS, "reference").split():
        name = setting.removeprefix("normfreeze.")
        report.check(re.search(rf"\bnormfreeze\.{name}\b", reference), f"docs/reference documents normfreeze.{name}")
        report.check(f"`{setting}`" in index, f"docs/reference/README.md names {setting}")
    for name in running.query(WITHOUT_COMMENT, "reference").splitlines():
        report.check(False, f"{name} has a comment")

    said = re.search(r"All but the volatile functions, (.*?) are PARALLEL SAFE", reference, re.DOTALL)
    report.check_equal(re.findall(r"`(\w+)`", said[1]) if said else None, running.query(NOT_PARALLEL, "reference").split(),
                       "docs/reference names what is not parallel safe")

    options = set(re.findall(r'^\s*\{"(\w+)", BIT_', (ROOT / "src/pg/fit/fit_options.c").read_text(), re.MULTILINE))
    report.check(len(options) > 10, "there are options to document", options)
    for option in sorted(options):
        report.check(f"| `{option}`" in reference, f"docs/reference documents option {option}")

    columns = running.query("""SELECT name || ' ' || type::regtype FROM pg_proc, unnest(proargnames, proallargtypes) WITH ORDINALITY AS a (name, type, place)
        WHERE pg_proc.oid = 'normfreeze.drift(bigint, normfreeze.profile, jsonb)'::regprocedure AND place > pronargs""", "reference").splitlines()
    report.check(len(columns) > 10, "drift() has columns to document", columns)
    for column, kind in (line.split(" ", 1) for line in columns):
        report.check(f"`{column}`" in reference, f"docs/reference documents column {column} of drift()")
        if kind == "double precision":
            report.check(f"`{column}`" in (ROOT / "docs/drift.md").read_text(), f"docs/drift.md documents {column}")


# ---- error messages ----

LITERALS = r'(?:"(?:[^"\\]|\\.)*"|U?INT64_FORMAT|\s)+'


def c_text(literals):
    """The text of adjacent C literals, with a NUL for every value put into it."""
    text = ""
    for literal, _ in re.findall(r'("(?:[^"\\]|\\.)*"|(U?INT64_FORMAT))', literals):
        text += "\0" if literal.endswith("INT64_FORMAT") else literal[1:-1].replace('\\"', '"').replace("\\n", "\n")
    return re.sub(r"%(?:\.\d+)?(?:z|l|ll)?[a-z]", "\0", text)


def source_errors():
    """(file, name of the error code, message) of each ereport(ERROR) that users can meet."""
    for path in sorted([*(ROOT / "src/pg").glob("*/*.c"), *(ROOT / "src/without").glob("*.c")]):
        text = path.read_text()
        for call in re.split(r"\bereport\(ERROR,", text)[1:]:
            code = re.search(r"errcode\((ERRCODE_\w+)\)", call)
            message = re.search(rf"errmsg(?:_plural\({LITERALS},\s*|\()({LITERALS})", call)
            if code and message:
                yield path.name, code.group(1), c_text(message.group(1))


def sqlstates():
    """The SQLSTATE of each ERRCODE_ name, from the server's header."""
    header = pathlib.Path(server.pg_config("includedir-server")) / "utils/errcodes.h"
    states = {}
    for name, digits in re.findall(r"#define (ERRCODE_\w+) MAKE_SQLSTATE\(([^)]*)\)", header.read_text()):
        states[name] = "".join(re.findall(r"'(.)'", digits))
    return states


def as_pattern(message):
    return ".+?".join(re.escape(part) for part in message.split("\0"))


def check_errors():
    states = sqlstates()
    rows = []                   # [message, SQLSTATE, was it found in the source?] of each row of our own errors
    theirs = False
    for line in (ROOT / "docs/errors.md").read_text().splitlines():
        if line.startswith("## "):
            theirs = "PostgreSQL" in line
        match = re.match(r"\| `(\w{5})` \| `(.+?)` \|", line)
        if match and not theirs:
            rows.append([match.group(2), match.group(1), False])

    messages = list(source_errors())
    report.check(len(messages) > 50, "there are error messages to document", len(messages))
    for file, code, message in messages:
        shown = message.replace("\0", "<...>")
        found = [row for row in rows if re.fullmatch(as_pattern(message), row[0]) and row[1] == states[code]]
        for row in found:
            row[2] = True
        report.check(found, f'docs/errors.md has "{shown}" ({states[code]}, {file})')
    for message, state, found in rows:
        report.check(found, f'docs/errors.md: "{message}" ({state}) is an error of src/pg')


# ---- links ----

def without_code(path):
    return re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors_of(text):
    """What readers of Markdown name its headings, and the names that are given by hand."""
    anchors = set(re.findall(r'<a id="([^"]+)">', text))
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        anchors.add(re.sub(r"[^\w -]", "", shown).replace(" ", "-"))
    return anchors


def check_links():
    pages = [page for pattern in ("*.md", "docs/**/*.md", "dbt/*.md", "python/*.md", "findings/*.md", "examples/**/*.md", "src/**/*.md", ".github/**/*.md")
             for page in sorted(ROOT.glob(pattern))]
    for page in pages:
        text = without_code(page)
        targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not target.startswith("http")]
        for target in targets:
            path, _, anchor = target.partition("#")
            there = page.parent / path if path else page
            found = there.exists() and (not anchor or there.suffix != ".md" or anchor in anchors_of(without_code(there)))
            report.check(found, f"{page.relative_to(ROOT)} links to {target}")


def main():
    with tempfile.TemporaryDirectory(prefix="normfreeze-docs-") as folder:
        os.chmod(folder, 0o755)
        with server.Server(server.Installation(folder), "docs") as running:
            pages = {argument for argument in sys.argv[1:] if argument.endswith(".md")}
            tests = [lambda d=documents, n=number: check_session(running, d, n)
                     for number, documents in enumerate(DOCUMENTS) if not pages or pages & set(documents)]
            report.run_tests(tests if pages else tests + [lambda: check_reference(running), check_errors, check_links])
    report.exit_with_summary()


if __name__ == "__main__":
    main()
