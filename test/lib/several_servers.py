"""Run a section of a document whose blocks belong to several servers.

    <!-- on: shard1 -->     the block runs on the server of this name, else on the first one
    <!-- error: 42601 -->   as in test/docs/run.py, whose reader this uses

Host names as `shard1.example.com` stand for the servers' sockets.
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "docs"))
import run as documents                                             # noqa: E402
from report import check                                            # noqa: E402


def blocks_of(document, title):
    """The blocks below a heading of the second level."""
    lines = (documents.ROOT / document).read_text().splitlines()
    headings = [number for number, line in enumerate(lines, 1) if line.startswith("## ")] + [len(lines) + 1]
    for start, end in zip(headings, headings[1:]):
        if lines[start - 1] == f"## {title}":
            return [block for block in documents.read_blocks(document)
                    if start < int(block.name.rpartition(":")[2]) < end and block.runs()]
    return []


def server_of(block, servers):
    match = re.fullmatch(r"<!-- on: (\w+) -->", block.directive or "")
    return servers[match.group(1)] if match else next(iter(servers.values()))


def script_of(blocks, servers):
    script = []
    current = None
    for number, block in enumerate(blocks):
        server = server_of(block, servers)
        if server is not current:
            script.append(f'\\connect -reuse-previous=off "{server.conninfo()}"')
            current = server
        script += [f"\\echo {documents.MARKER} {number}", f"\\warn {documents.MARKER} {number}"]
        script += [re.sub(r"\b(\w+)\.example\.com\b", lambda match: str(servers[match.group(1)].folder), line)
                   for line in block.lines]
    return "\n".join(script + [""])


def parts(text):
    pieces = re.split(rf"^{documents.MARKER} (\d+)\n", text, flags=re.MULTILINE)
    return dict(zip(map(int, pieces[1::2]), pieces[2::2]))


def check_section(document, title, servers):
    """Run the blocks in order and compare what they print; servers is {name: Server}, the default first."""
    blocks = blocks_of(document, title)
    check(len(blocks) > 3, f"{document} has a section {title} with blocks", len(blocks))
    result = next(iter(servers.values())).psql(script_of(blocks, servers), check=False, arguments=[
        "-v", "ON_ERROR_STOP=0", "-P", "format=aligned", "-P", "tuples_only=off", "-P", "footer=off"])
    out, err = parts(result.stdout), parts(result.stderr)
    printed = []
    for number, block in enumerate(blocks):
        errors = err.get(number, "")
        output = out.get(number, "") + documents.plain_errors(errors)
        states = re.findall(r"^(?:ERROR|FATAL):  (\w{5}): ", errors, flags=re.MULTILINE)
        if block.sqlstate():
            check(states == [block.sqlstate()], f"{block.name} fails with {block.sqlstate()}", output)
        else:
            check(not errors.strip(), f"{block.name} succeeds", errors.strip())
        if block.expected is None:
            continue
        got, expected = documents.squeeze(output), documents.squeeze("\n".join(block.expected))
        if block.sqlstate():
            got = got[:len(expected)]
        if not check(got == expected, f"{block.name} prints what follows it", "it prints\n" + output):
            printed.append((block, output))
    if "--accept" in sys.argv:
        documents.accept(document, printed)
