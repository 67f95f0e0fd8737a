#!/usr/bin/env python3
"""format.py: lay out C as PostgreSQL's own sources are, by pg_bsd_indent.

    tools/format.py             rewrite what differs
    tools/format.py --check     change nothing, print the differences, and fail if there are any
    tools/format.py --find      print which pg_bsd_indent is used

pg_bsd_indent comes with PostgreSQL 18 and later (Debian: postgresql-server-dev-18).  It is looked for in $PG_BSD_INDENT,
beside pg_config, in PATH, in Debian's folders and where tools/setup.sh puts it.  Exit code 3: there is none.

It is called as PostgreSQL's pgindent does, with lines of 120 columns and block comments left as they are.  What it does
not know is disguised from it: C99's hexadecimal numbers and compound literals, and attributes.
"""

import difflib
import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]

OPTIONS = ("-bad -bap -bbb -bc -bl -cli1 -cp33 -cdb -nce -d0 -di12 -nfc1 -i4 -lp -lpl -nip -npro -sac -tpg -ts4 "
           "-nfcb -l119").split()

# a table that is generated, CSS, and operators as arguments of macros
EXCLUDED = {"src/core/base/elementary_tables.h", "src/pg/report/report_style.h",
            "src/core/scaler/formula.c", "src/pg/apply/value_kernels.c"}

# comments, texts and characters, which nothing may be disguised in
OPAQUE = r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
# what is a word to us: hexadecimal numbers, attributes, assembler, and what pg_bsd_indent takes for a keyword
ONE_WORD = (r"\b0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?[pP][+-]?\d+f?\b|__attribute__\(\((?:[^()]|\([^()]*\))*\)\)|"
            r"pg_attribute_printf\(\d+, \d+\)|__asm__[^;]*(?=;)|\bglobal\b")

# types of PostgreSQL's that are names of variables, too: types where an asterisk follows
AMBIGUOUS = r"\b(text|varlena)\b(?=\s*\*)"


class NotInstalled(Exception):
    pass


def runs(program):
    """One that was built for another system does not."""
    try:
        return "pg_bsd_indent" in subprocess.run([program, "--version"], text=True, capture_output=True).stdout
    except OSError:
        return False


def find_indent():
    candidates = [os.environ.get("PG_BSD_INDENT")]
    pg_config = shutil.which(os.environ.get("PG_CONFIG", "pg_config"))
    if pg_config:
        bindir = subprocess.run([pg_config, "--bindir"], text=True, capture_output=True).stdout.strip()
        candidates.append(f"{bindir}/pg_bsd_indent")
    candidates.append(shutil.which("pg_bsd_indent"))
    for folder in ("/usr/lib/postgresql", f"{ROOT}/build/indent/usr/lib/postgresql"):
        candidates += sorted(glob.glob(f"{folder}/*/bin/pg_bsd_indent"), reverse=True)
    for candidate in candidates:
        if candidate and runs(candidate):
            return candidate
    raise NotInstalled("pg_bsd_indent is not installed; it comes with PostgreSQL 18 and later (Debian: postgresql-server-dev-18)")


def sources():
    return [path for path in sorted((ROOT / "src").rglob("*.[ch]")) if str(path.relative_to(ROOT)) not in EXCLUDED]


def types_in(text):
    """Those that it defines, and those of others that it has pointers to: "Type *name"."""
    return set(re.findall(r"\b([A-Z]\w*[a-z]\w*)\s+\*+(?=\w)", re.sub(OPAQUE, "", text, flags=re.DOTALL)) +
               re.findall(r"^typedef (?:struct|enum|union)\b[^;{]*\{.*?^\}\s*(\w+);", text, re.MULTILINE | re.DOTALL) +
               re.findall(r"^typedef [^;{(]*\b(\w+)(?:\[\w*\])?;", text, re.MULTILINE) +
               re.findall(r"^typedef [^;{]*\(\*\s*(\w+)\)", text, re.MULTILINE))


# ---- disguises ----

def parentheses(text):
    """The position of each ( and ) that is code."""
    return [match.start() for match in re.finditer(rf"{OPAQUE}|[()]", text, re.DOTALL) if match[0] in "()"]


def without_compound_literals(text):
    """With ( ) for the { } of compound literals, and which parentheses of all these are."""
    characters = list(text)
    open_braces = []            # is it of a compound literal?
    changed = set()
    before = ""                 # what was last, as far as it matters
    for match in re.finditer(rf"{OPAQUE}|[{{}}()]|[^\s]", text, re.DOTALL):
        token = match[0]
        if token == "{":
            literal = before == ")" and re.search(r"\((?:const )?[A-Z_a-z]\w* ?(?:\* ?(?:const ?)?)*(?:\[\w*\])?\) \{$", text[:match.end()][-80:]) is not None
            literal = literal or bool(open_braces and open_braces[-1])
            open_braces.append(literal)
            if literal:
                characters[match.start()] = "("
                changed.add(match.start())
        elif token == "}" and open_braces:
            if open_braces.pop():
                characters[match.start()] = ")"
                changed.add(match.start())
        if not token.startswith("/*"):
            before = token
    disguised = "".join(characters)
    return disguised, [number for number, position in enumerate(parentheses(disguised)) if position in changed]


def with_compound_literals(text, numbers):
    characters = list(text)
    positions = parentheses(text)
    for number in numbers:
        position = positions[number]
        characters[position] = {"(": "{", ")": "}"}[characters[position]]
    return "".join(characters)


def without_words(text):
    """With a name of the same length for each ONE_WORD."""
    words = []

    def disguise(match):
        if re.fullmatch(OPAQUE, match[0], re.DOTALL):
            return match[0]
        words.append(match[0])
        return f"hF{len(words) - 1:03x}".ljust(len(match[0]), "_")

    return re.sub(rf"{OPAQUE}|{ONE_WORD}", disguise, text, flags=re.DOTALL), words


def with_words(text, words):
    return re.sub(r"\bhF([0-9a-f]{3})_*(?!\w)", lambda match: words[int(match[1], 16)], text)


def code_alone(text):
    """Every character that is neither layout nor comment: what must not change."""
    return re.sub(r"\s+", "", re.sub(OPAQUE, lambda match: "" if match[0].startswith("/*") else match[0], text, flags=re.DOTALL))


def formatted(indent, text, types_file, name):
    disguised, words = without_words(text)
    disguised = re.sub(rf"{OPAQUE}|{AMBIGUOUS}", lambda match: match[0].capitalize() if match[1] else match[0], disguised, flags=re.DOTALL)
    disguised, literals = without_compound_literals(disguised)
    with tempfile.TemporaryDirectory(prefix="normfreeze-format-") as folder:
        file = pathlib.Path(folder, "source.c")
        file.write_text(disguised)
        result = subprocess.run([indent, *OPTIONS, f"-U{types_file}", str(file)], cwd=folder, text=True, capture_output=True)
        if result.returncode != 0 or result.stdout or result.stderr:
            raise RuntimeError(f"{name}: {result.stdout}{result.stderr}")
        out = file.read_text()
    out = re.sub(r"^([A-Za-z_]\S*)[ \t]+\*", r"\1 *", out, flags=re.MULTILINE)
    out = re.sub(r"\b(?:Text|Varlena)(?=\s*\*)", lambda match: match[0].lower(), out)
    out = re.sub(rf"{OPAQUE}|,(?=\.[a-z.]|\[\w+\] = )", lambda match: ", " if match[0] == "," else match[0], out, flags=re.DOTALL)
    out = with_words(with_compound_literals(out, literals), words)
    if code_alone(out) != code_alone(text):
        raise RuntimeError(f"{name}: formatting would change the code")
    return out


def main():
    check = "--check" in sys.argv[1:]
    try:
        indent = find_indent()
    except NotInstalled as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    if "--find" in sys.argv[1:]:
        print(indent)
        sys.exit()
    texts = {path: path.read_text() for path in sources()}
    types = set((ROOT / "tools/typedefs.list").read_text().split())
    for path, text in texts.items():
        if path.suffix == ".h":
            types |= types_in(text)
    bad = 0
    with tempfile.TemporaryDirectory(prefix="normfreeze-types-") as folder:
        types_file = pathlib.Path(folder, "types")
        for path, text in texts.items():
            name = path.relative_to(ROOT)
            types_file.write_text("\n".join(types | types_in(text)) + "\n")
            try:
                new = formatted(indent, text, types_file, name)
            except RuntimeError as error:
                print(error, file=sys.stderr)
                bad += 1
                continue
            if new == text:
                continue
            bad += check
            if check:
                sys.stdout.writelines(difflib.unified_diff(text.splitlines(True), new.splitlines(True), f"a/{name}", f"b/{name}", n=1))
            else:
                path.write_text(new)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
