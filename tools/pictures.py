#!/usr/bin/env python3
"""pictures.py: draw the pictures of the documents from what the extension says, as `make pictures` does.

On a throwaway server the statements of docs/tutorial.md fit a scaler to the first half of a year of flights.  Then

    docs/pictures/report-light.png, -dark.png   report() of November, in a browser: the verdict and the table of features
    docs/pictures/drift-light.svg, -dark.svg    what drift() says of each month of the year
    docs/pictures/...-phone-...                 the same for a screen of 400 pixels

No picture is larger than 60 kB.  It needs what tools/setup.sh test installs.
"""

import base64
import html
import os
import pathlib
import re
import struct
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "test" / "lib"), str(ROOT / "test" / "docs")]

import run as documents                                             # noqa: E402
from browser import Browser, find_program                           # noqa: E402
from server import Installation, Server                             # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
MOST = 60_000
WIDTH = 1000                # of the report
PHONE = 400

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
# the colors of the report: src/pg/report/report_style.h
COLORS = {"light": dict(page="#fff", ink="#1b222c", soft="#566170", line="#d8dee6", none="#e3efe8", moderate="#f3ddb3", major="#eeb6be"),
          "dark": dict(page="#12161c", ink="#e4e8ee", soft="#a2adbb", line="#303946", none="#1f3a2e", moderate="#6b4d14", major="#7c2836")}
MARKS = {"none": "M5 0A5 5 0 1 1 5 10 5 5 0 1 1 5 0z", "moderate": "M5 0 10 9.5H0z", "major": "M5 0 10 5 5 10 0 5z"}

DRIFT = """
SELECT ordinal, feature, month, verdict, round(psi::numeric, 2)
FROM (SELECT month, normfreeze.profile(o, normfreeze.scaler_id('flights@v1')) AS profile FROM {rows} AS o GROUP BY month) AS months,
     normfreeze.drift(normfreeze.scaler_id('flights@v1'), profile) ORDER BY ordinal, month"""
REPORT = """
SELECT normfreeze.report('flights@v1', (SELECT normfreeze.profile(o, normfreeze.scaler_id('flights@v1')) FROM observed AS o WHERE month = 11))"""


def play_tutorial(server, folder):
    """The blocks of the tutorial that make its tables and its first version, and the view in which a sensor changes its unit."""
    database = server.new_database("flights")
    server.query("CREATE EXTENSION normfreeze", database)
    blocks = documents.read_blocks("docs/tutorial.md")
    chosen = [b for number, b in enumerate(blocks) if number < 3 or "freeze('flights'" in "".join(b.lines) or "CREATE VIEW observed" in "".join(b.lines)]
    last = next(n for n, b in enumerate(chosen) if "normfreeze.promote('flights', 2" in "".join(b.lines))
    for number, (out, err) in enumerate(documents.run_blocks(server, database, chosen[:last], folder)):
        if err.strip():
            sys.exit(f"{chosen[number].name}: {err}")
    return database


# ---- the report ----

def palette(png, colors=64):
    """The PNG with one byte a pixel: colors that are rare become the nearest frequent one, which halves the file."""
    import numpy

    parts, at = {}, 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        parts.setdefault(kind, b"")
        parts[kind] += png[at + 8:at + 8 + length]
        at += 12 + length
    width, height, depth, color = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    size = {2: 3, 6: 4}[color]
    lines = numpy.frombuffer(zlib.decompress(parts[b"IDAT"]), numpy.uint8).reshape(height, 1 + width * size)
    image = numpy.zeros((height, width, size), numpy.uint8)
    above = numpy.zeros((width, size), int)
    for y, line in enumerate(lines):        # https://www.w3.org/TR/png-3/#9Filters
        row = line[1:].reshape(width, size).astype(int)
        if line[0] == 1:
            row = numpy.cumsum(row, 0) & 255
        elif line[0] == 2:
            row = (row + above) & 255
        elif line[0] in (3, 4):
            left, corner = numpy.zeros(size, int), numpy.zeros(size, int)
            for x in range(width):
                up = above[x]
                if line[0] == 3:
                    guess = (left + up) // 2
                else:
                    p = left + up - corner
                    a, b, c = abs(p - left), abs(p - up), abs(p - corner)
                    guess = numpy.where((a <= b) & (a <= c), left, numpy.where(b <= c, up, corner))
                left, corner = (row[x] + guess) & 255, up
                row[x] = left
        image[y], above = row, row
    pixels = image[:, :, :3].reshape(-1, 3).astype(int)
    found, place, counts = numpy.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    kept = found[numpy.argsort(-counts, kind="stable")[:colors]]
    nearest = ((found[:, None, :] - kept[None]) ** 2).sum(2).argmin(1)
    rows = nearest[place.reshape(-1)].reshape(height, width).astype(numpy.uint8)
    data = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return (png[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) + chunk(b"PLTE", kept.astype(numpy.uint8).tobytes()) +
            chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def draw_report(page, scheme, width):
    with Browser(find_program() or sys.exit("there is no Chromium")) as browser:
        browser.set_width(width)
        browser.set_media(scheme)
        browser.open(page)
        top, bottom = browser.run("[['.lead', 'top'], ['.overview', 'bottom']].map(([what, side]) => document.querySelector(what).getBoundingClientRect()[side] + scrollY)")
        return palette(base64.b64decode(browser.screenshot(0, top - 16, width, bottom - top + 24, scale=1.5 if width == PHONE else 1)))


# ---- a year of drift ----

def draw_drift(rows, scheme, phone):
    """A line for each feature, a cell for each month: the verdict as mark and color, and the PSI where there is room for numbers."""
    colors = COLORS[scheme]
    features = list(dict.fromkeys(row[1] for row in rows))
    left, top, cell_width, cell_height = (104, 46, 23, 30) if phone else (104, 46, 70, 40)
    width, height = left + 12 * cell_width + 8, top + len(features) * cell_height + 34

    def text(x, y, content, color="ink", anchor="middle", size=14):
        return f'<text x="{x}" y="{y}" fill="{colors[color]}" text-anchor="{anchor}" font-size="{size}">{html.escape(content)}</text>'

    def mark(x, y, verdict):
        return f'<path transform="translate({x} {y})" d="{MARKS[verdict]}" fill="{colors["ink"]}"/>'

    parts = [text(left + 6 * cell_width / 2, 14, "what the scaler was fitted on", "soft", size=13), text(left + 18 * cell_width / 2, 14, "live", "soft", size=13)]
    parts += [text(left + (i + 0.5) * cell_width, 36, month[0] if phone else month, "soft") for i, month in enumerate(MONTHS)]
    for _, feature, month, verdict, psi in rows:
        line, column = features.index(feature), int(month) - 1
        x, y = left + column * cell_width, top + line * cell_height
        parts.append(f'<rect x="{x + 1}" y="{y + 1}" width="{cell_width - 2}" height="{cell_height - 2}" rx="3" fill="{colors[verdict]}"/>')
        parts += [mark(x + cell_width // 2 - 5, y + cell_height // 2 - 5, verdict)] if phone else [
            mark(x + 10, y + 15, verdict), text(x + cell_width - 9, y + 25, psi, anchor="end")]
    parts += [text(left - 10, top + i * cell_height + cell_height // 2 + 5, feature, anchor="end") for i, feature in enumerate(features)]
    middle, bottom = left + 6 * cell_width, top + len(features) * cell_height
    parts.append(f'<path d="M{middle} 20V{bottom + 2}" stroke="{colors["ink"]}" stroke-dasharray="3 3"/>')
    for x, verdict in zip((left, left + 90, left + 212), ("none", "moderate", "major")):
        parts += [f'<rect x="{x}" y="{bottom + 10}" width="18" height="18" rx="3" fill="{colors[verdict]}"/>', mark(x + 4, bottom + 14, verdict),
                  text(x + 25, bottom + 24, verdict, "soft", "start", 13)]
    if not phone:
        parts.append(text(width - 9, bottom + 24, "numbers: population stability index", "soft", "end", 13))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif">\n'
            f'<title>Drift of six features of flights, month by month</title>\n<rect width="{width}" height="{height}" fill="{colors["page"]}"/>\n' + "\n".join(parts) + "\n</svg>\n")


def save(name, content):
    if len(content) > MOST:
        sys.exit(f"{name} has {len(content)} bytes; at most {MOST} were wanted")
    (FOLDER / name).write_bytes(content)
    print(f"docs/pictures/{name}: {len(content)} bytes")


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="normfreeze-pictures-") as name:
        os.chmod(name, 0o755)
        folder = pathlib.Path(name)
        with Server(Installation(folder), "pictures") as server:
            database = play_tutorial(server, folder)
            page = folder / "report.html"
            # the same picture whenever and by whomever it is drawn
            page.write_text(re.sub(r"(<time[^>]*>)[^<]*(</time>)", r"\g<1>2013-07-01 09:00 UTC\2", server.query(REPORT, database)))
            rows = [line.split("|") for line in server.query(DRIFT.format(rows="observed"), database).splitlines()]
        for scheme in COLORS:
            for infix, width in (("", WIDTH), ("-phone", PHONE)):
                save(f"report{infix}-{scheme}.png", draw_report(page, scheme, width))
                save(f"drift{infix}-{scheme}.svg", draw_drift(rows, scheme, width == PHONE).encode())


if __name__ == "__main__":
    main()
