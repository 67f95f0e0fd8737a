"""The page of report() in a real browser: what it shows, asks for, and makes of hostile names.

Runs where Chromium is installed, as tools/setup.sh does on Debian; elsewhere it is skipped.
"""

import json
import pathlib
import re
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import report                                                       # noqa: E402
from browser import Browser, find_program                           # noqa: E402
from common import Server, check, check_equal, check_in, run_scenario, run_tests  # noqa: E402
from server import ROOT                                             # noqa: E402

AXE = ROOT / "build/axe/axe_playwright_python/axe.min.js"           # tools/setup.sh puts it there

# Box and Muller, since random_normal() is of PostgreSQL 16
DATA = """
CREATE FUNCTION gauss() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) $$;
SELECT setseed(0.25);
CREATE TABLE t AS SELECT i AS id, i > 4000 AS live,
  exp(10.5 + 0.5 * gauss() + CASE WHEN i > 4000 THEN 0.35 ELSE 0 END) AS income,
  CASE WHEN random() < CASE WHEN i > 4000 THEN 0.08 ELSE 0.002 END THEN NULL ELSE 5 + 3 * gauss() END AS tenure,
  CASE WHEN random() < 0.6 THEN 0 ELSE exp(3 + gauss()) END AS spend,
  (CASE i % 10 WHEN 0 THEN 4 WHEN 1 THEN 3 WHEN 2 THEN 3 WHEN 3 THEN 2 WHEN 4 THEN 2 WHEN 5 THEN 2 ELSE 1 END) AS rating,
  (i % 3 = 0) AS member, gauss() AS steady, 7 AS constant, round(40 + 13 * gauss()) AS age
FROM generate_series(1, 6000) AS i;
"""

HOSTILE_NAMES = ["<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "]]>", "</title></svg>", "&lt;b&gt;",
                 "two\nlines", "\u202egnirts", "größe 漢字 😀", "it's `quoted`", "x" * 1000]
LONG_NAME = "customers_who_may_leave_us_within_a_quarter"
HOSTILE_NAME = "</h1><script>alert(3)</script>"
HOSTILE_NOTE = "</dd><svg onload=alert(4)> \u202e"
HOSTILE_STAGE = '"><b onclick=alert(5)>'

CONTRASTS = """(() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const luminance = c => { const [r, g, b] = parse(c).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                           return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const background = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (parse(c)[3] !== 0) return c; }
                            return null; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = {};
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || e.closest('svg') || !e.getClientRects().length) continue;
    const a = luminance(getComputedStyle(e).color), b = luminance(background(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const key = getComputedStyle(e).color + ' on ' + background(e);
    found[key] = ratio;
  }
  return found;
})()"""

PIXELS = """(async () => {
  const image = new Image(); image.src = 'data:image/png;base64,%s'; await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
  const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data, counts = {};
  for (let i = 0; i < data.length; i += 4) { const k = `rgb(${data[i]}, ${data[i+1]}, ${data[i+2]})`; counts[k] = (counts[k] || 0) + 1; }
  return counts;
})()"""


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def identifier(text):
    return '"' + text.replace('"', '""') + '"'


def make_pages(server, folder):
    """Name of the page: its file."""
    server.query("CREATE EXTENSION normfreeze;" + DATA)
    churn = server.query("""SELECT normfreeze.freeze('churn', normfreeze.fit(t, 'standard', '{"exclude": ["id", "live"],
        "features": {"income": {"method": "robust"}, "tenure": {"method": "minmax", "missing": "median"}, "spend": {"method": "quantile"}}}'),
        'the first year') FROM t WHERE NOT live""")
    server.query(f"""SELECT normfreeze.promote('churn', 1, 'staging'); SELECT normfreeze.promote('churn', 1);
                     SELECT normfreeze.freeze('churn', normfreeze.fit(t, 'maxabs', '{{"exclude": ["id", "live"]}}')) FROM t;
                     SELECT normfreeze.promote('churn', 2); SELECT normfreeze.rollback('churn', 'production', 'scores were odd')""")
    # names of columns end at 63 bytes, those of options do not
    names = json.dumps(HOSTILE_NAMES, ensure_ascii=False)
    count = len(HOSTILE_NAMES)
    hostile = server.query(f"""SELECT normfreeze.freeze({literal(HOSTILE_NAME)}, normfreeze.fit(array_fill(i::float8, '{{{count}}}'), 'standard',
        jsonb_build_object('names', {literal(names)}::jsonb)), {literal(HOSTILE_NOTE)}, '{{"<i>": "</code>"}}') FROM generate_series(1, 300) AS i""")
    server.query(f"SELECT normfreeze.promote({literal(HOSTILE_NAME)}, 1, {literal(HOSTILE_STAGE)}, '<!--', new_stage => true)")
    # a profile with the same names, of other values
    server.query(f"""SELECT normfreeze.freeze('moved', normfreeze.fit(array_fill(i::float8 + 200, '{{{count}}}'), 'standard',
        jsonb_build_object('names', {literal(names)}::jsonb))) FROM generate_series(1, 300) AS i""")
    wide = server.query("""SELECT setseed(0.5); CREATE TABLE w AS SELECT i AS id, (SELECT array_agg(CASE WHEN k % 3 = 0 THEN floor(3 * gauss()) WHEN k % 7 = 0
        THEN exp(gauss()) ELSE gauss() END + (i > 600)::int * (k % 9 = 0)::int ORDER BY k) FROM generate_series(1, 200) AS k WHERE i > 0) AS f FROM generate_series(1, 1000) AS i;
        SELECT normfreeze.freeze('wide', normfreeze.fit(f, 'standard')) FROM w WHERE id <= 600""").splitlines()[-1]
    # a name that a phone has no room for, of a column and of a scaler that has another name
    two = server.query(f"""SELECT normfreeze.freeze('{LONG_NAME}', s.scaler, 'under another name, too') FROM
        (SELECT normfreeze.fit(r, 'standard') AS scaler FROM (SELECT age, tenure AS {LONG_NAME} FROM t WHERE NOT live) AS r) AS s""")
    server.query(f"SELECT normfreeze.freeze('churn_short', normfreeze.scaler({two}), keep_profile => false); SELECT normfreeze.promote('{LONG_NAME}', 1)")
    # by a rule: in the picture, with an open end, beyond the picture
    ranges = server.query("""SELECT normfreeze.freeze('ranges', normfreeze.fit(t, 'standard', '{"columns": ["age", "steady", "income"], "outside": "clip", "range": [5, 95],
        "features": {"steady": {"outside": "null", "range": [null, 90]}, "income": {"outside": "error", "range": {"deviations": 40}}}}')) FROM t WHERE NOT live""")
    pages = {
        "drift": f"normfreeze.report('churn', (SELECT normfreeze.profile(t, {churn}) FROM t WHERE live))",
        "training": "normfreeze.report('churn')",
        "hostile": f"normfreeze.report({hostile}, normfreeze.profile_of(normfreeze.scaler_id('moved@v1')))",
        "two": f"normfreeze.report('{LONG_NAME}@v1', (SELECT normfreeze.profile(r, {two}) FROM (SELECT age, tenure AS {LONG_NAME} FROM t WHERE live) AS r))",
        "wide": f"normfreeze.report({wide}, (SELECT normfreeze.profile(f) FROM w WHERE id > 600))",
        "range": f"normfreeze.report({ranges}, (SELECT normfreeze.profile(t, {ranges}) FROM t WHERE live))",
        "range of training": f"normfreeze.report({ranges})",
    }
    files = {}
    for name, sql in pages.items():
        files[name] = folder / f"{name}.html"
        files[name].write_text(server.query(f"SELECT {sql}") + "\n")
    return files


def valid_html(files):
    import html5lib
    for name, file in files.items():
        parser = html5lib.HTMLParser()
        parser.parse(file.read_text())
        check_equal(parser.errors[:3], [], f"{name} is valid HTML")
    parser = html5lib.HTMLParser()
    parser.parse(files["drift"].read_text().replace("<main>", "<main></b>"))
    check(parser.errors, "a stray tag would have been found")


def renders_alone(browser, files):
    """No script, no request but for the file itself, nothing on the console."""
    for name, file in files.items():
        browser.open(file)
        check_equal(browser.complaints(), [], f"{name}: nothing on the console")
        check_equal(browser.requests(), [file.as_uri()], f"{name}: no request")
        check_equal(browser.run("document.querySelectorAll('script, img, iframe, object, embed, link, base, form').length"), 0,
                    f"{name}: nothing active")
        check_equal(browser.run("[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on')"
                                " || /^\\s*javascript:/i.test(a.value)).length"), 0, f"{name}: no handlers")
        check_equal(browser.run("document.documentElement.lang + document.characterSet"), "enUTF-8", f"{name}: language and encoding")
        check_equal(browser.run("[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1))).length"),
                    0, f"{name}: every link leads somewhere")
        ids = browser.run("[...document.querySelectorAll('[id]')].map(e => e.id)")
        check_equal(len(set(ids)), len(ids), f"{name}: every id is one")
    # what would have been found: the policy of the page forbids it
    browser.open(files["drift"])
    browser.run("document.body.appendChild(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'})); "
                "new Promise(done => setTimeout(done, 300))")
    check(any("Content Security Policy" in str(said) for said in browser.complaints()), "a request would have been refused",
          browser.complaints())


# ---- pictures ----

def path_of(browser, feature, sample):
    return browser.run(f"[...document.querySelectorAll('details')].find(d => d.querySelector('h3').textContent == {json.dumps(feature)})"
                       f".querySelector('.chart .{sample}').getAttribute('d')")


def bars(path):
    """The (width, height) of each bar of a path that stands on the base line at 400: steps are 'V y H x'."""
    found = []
    x = y = 0.0
    for letter, numbers in re.findall(r"([MVHz])([-\d. ]*)", path):
        if letter == "M":
            x = float(numbers.split()[0])
        elif letter == "V":
            y = float(numbers)
        elif letter == "H":
            found.append((float(numbers) - x, 400 - y))
            x = float(numbers)
    return found


def pictures_are_there(browser, files):
    for name in ("drift", "training", "wide"):
        browser.set_width(1280)
        browser.open(files[name])
        browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        features = browser.run("document.querySelectorAll('details').length")
        boxes = browser.run("[...document.querySelectorAll('.chart')].map(e => { const b = e.getBoundingClientRect(); return [b.width, b.height]; })")
        check_equal(len(boxes), features, f"{name}: a chart for each feature")
        check(all(w > 300 and h > 100 for w, h in boxes), f"{name}: charts have a size", boxes[:3])
        small = browser.run("[...document.querySelectorAll('.spark')].map(e => e.getBoundingClientRect().width)")
        check(len(small) == features and min(small) > 50, f"{name}: sparklines too", small[:3])
        empty = browser.run("[...document.querySelectorAll('.chart path.t, .chart path.l')].filter(e => !(e.getBBox().width > 0 && e.getBBox().height > 0)).length")
        check_equal(empty, 0, f"{name}: no empty drawing")
        titles = browser.run("[...document.querySelectorAll('.chart')].map(e => e.querySelector('title').textContent)")
        check(all(t.startswith("Distribution of ") for t in titles), f"{name}: each is called something", titles[:3])
        check_equal(browser.run("[...document.querySelectorAll('svg')].filter(e => e.getAttribute('role') != 'img' && !e.ariaHidden).length"), 0,
                    f"{name}: each is a picture to who hears the page, or nothing")


def pictures_are_true(browser, files):
    """Heights are shares, and areas of both samples are equal."""
    browser.open(files["drift"])
    heights = [height for _, height in bars(path_of(browser, "rating", "t"))][::1]
    heights = [h for h in heights if h > 0]
    check(len(heights) == 4 and all(abs(h / heights[3] - wanted) < 0.05 for h, wanted in zip(heights, (4, 3, 2, 1))),
          "a bar for each rating, of 4, 3, 2 and 1 tenths", heights)
    for feature in ("income", "steady", "age"):
        areas = [sum(w * h for w, h in bars(path_of(browser, feature, sample))) for sample in "tl"]
        check(abs(areas[0] / areas[1] - 1) < 0.03, f"{feature}: both samples have the same area", areas)
        heights = {h for _, h in bars(path_of(browser, feature, "t"))}
        check(len(heights) > 5, f"{feature}: bars of different heights", heights)
    caption = browser.run("[...document.querySelectorAll('details')].find(d => d.querySelector('h3').textContent == 'spend').querySelector('figcaption').textContent")
    check(re.search(r"The value 0: (5[89]|6[012])\W*% of training rows, (5[89]|6[012])\W*% of live rows", caption), "the spike at zero is named", caption)


BRACKETS = """[...document.querySelectorAll('details')].map(d => ({feature: d.querySelector('h3').textContent,
    caption: d.querySelector('figcaption').textContent.replaceAll('\\u202f', ' '), chart: d.querySelector('.chart').getBoundingClientRect().x,
    width: d.querySelector('.chart').getBoundingClientRect().width, said: d.querySelector('desc').textContent,
    labels: [...d.querySelectorAll('.axis span')].map(e => [e.textContent, parseFloat(e.style.left)]),
    brackets: [...d.querySelectorAll('.chart .end')].map(e => ({title: e.parentElement.querySelector('title').textContent, at: e.getAttribute('d'),
        box: (b => [b.x, b.y, b.width, b.height])(e.getBoundingClientRect()), ink: getComputedStyle(e).stroke,
        area: getComputedStyle(d.querySelector('.chart .t')).fill}))}))"""


def luminance(color):
    parts = [int(v) / 255 for v in re.findall(r"\d+", color)[:3]]
    return sum(share * (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4) for share, v in zip((0.2126, 0.7152, 0.0722), parts))


def brackets_are_true(browser, files):
    """The range of option "range": where its ends are, in words too; seen on every background, and on phones."""
    for name in ("range", "range of training"):
        browser.set_width(1280)
        browser.open(files[name])
        found = {one["feature"]: one for one in browser.run("document.querySelectorAll('details').forEach(d => d.open = true);" + BRACKETS)}
        check_equal([len(found[feature]["brackets"]) for feature in ("age", "steady", "income")], [2, 1, 0], f"{name}: the ends that the picture has")
        age = found["age"]
        (one, left), (other, right) = [(float(text), place) for text, place in age["labels"] if re.fullmatch(r"-?[\d.]+", text)][:2]
        for bracket, end in zip(age["brackets"], ("Lower", "Upper")):
            value = float(re.fullmatch(rf"{end} end of the range, ([\d.]+): values (?:below|above) it are clipped", bracket["title"])[1])
            at = float(re.match(r"M[\d.]+ 0H([\d.]+)V", bracket["at"])[1])
            wanted = left + (right - left) * (value - one) / (other - one)
            check(abs(at / 10 - wanted) < 0.2, f"{name}: the {end.lower()} end is where {value} is", (at / 10, wanted))
        for feature, caption in (("age", r"Values below [\d.]+ or above [\d.]+ are clipped.*Brackets: where this range ends\."),
                                 ("steady", r"Values above [\d.]+ give NULL.*Bracket: where this range ends\."),
                                 ("income", r"are refused.*The lower end of this range, .+?, lies left of the picture\. The upper end of this range, .+?, lies right of the picture\.")):
            check(re.search(caption, found[feature]["caption"]), f"{name}: the caption of {feature}", found[feature]["caption"])
            check(re.search(r"Values (below|above) .* (are clipped|give NULL|are refused)", found[feature]["said"]), f"{name}: {feature} in words", found[feature]["said"])
        check("brackets" in browser.run("[...document.querySelectorAll('.legend')].at(-1).textContent"), f"{name}: the legend")
    for scheme, medium, width in (("light", "", 1280), ("dark", "", 390), ("light", "", 390), ("dark", "print", 1280)):
        browser.set_width(width)
        browser.set_media(scheme, medium)
        browser.open(files["range"])
        age = next(one for one in browser.run("document.querySelectorAll('details').forEach(d => d.open = true);" + BRACKETS) if one["feature"] == "age")
        page = browser.run("getComputedStyle(document.body).backgroundColor")
        for bracket in age["brackets"]:
            for color in (bracket["area"], page):
                dark, light = sorted((luminance(bracket["ink"]), luminance(color)))
                check((light + 0.05) / (dark + 0.05) >= 3, f"{scheme}, {medium or 'screen'}: brackets on {color}", bracket["ink"])
            x, _, wide, high = bracket["box"]
            check(age["chart"] <= x and x + wide <= age["chart"] + age["width"] + 1 and wide >= 2 and high >= 100, f"width {width}: a bracket has its place", bracket["box"])
    browser.set_media()
    browser.set_width(1280)
    browser.open(files["training"])
    check_equal(browser.run("document.querySelectorAll('.end').length"), 0, "without such a range there are no brackets")


def pixels(browser, files):
    """What is on the screen has the colors of both samples."""
    for scheme in ("light", "dark"):
        browser.set_width(1280)
        browser.set_media(scheme)
        browser.open(files["drift"])
        box = browser.run("(() => { const b = document.querySelector('details[open] .chart').getBoundingClientRect();"
                          "return [b.x, b.y + scrollY, b.width, b.height]; })()")
        area = browser.run("getComputedStyle(document.querySelector('.chart .t')).fill")
        line = browser.run("getComputedStyle(document.querySelector('.chart .l')).stroke")
        png = browser.screenshot(*box)
        browser.call("Page.navigate", url="about:blank")
        counts = browser.run(PIXELS % png)
        check(counts.get(area, 0) > 5000, f"{scheme}: the training sample fills an area", (area, counts.get(area)))
        check(counts.get(line, 0) > 200, f"{scheme}: the live sample is a line", (line, counts.get(line)))
    browser.set_media()


# ---- text ----

def names_stay_text(browser, files):
    browser.open(files["hostile"])
    names = browser.run("[...document.querySelectorAll('th.name')].map(e => e.textContent)")
    check_equal(sorted(names), sorted(HOSTILE_NAMES), "names in the table")
    names = browser.run("[...document.querySelectorAll('summary h3')].map(e => e.textContent)")
    check_equal(sorted(names), sorted(HOSTILE_NAMES), "names of the details")
    check_equal(browser.run("document.querySelector('h1').textContent"), HOSTILE_NAME, "the name of the scaler")
    check_in(HOSTILE_NAME, browser.run("document.title"), "the title of the page")
    facts = browser.run("document.querySelector('.facts').textContent")
    for text in (HOSTILE_NOTE, HOSTILE_STAGE, '{"<i>": "</code>"}'):
        check_in(text, facts, "what it says of the scaler")
    check_in("<!--", browser.run("document.querySelector('#h-history').parentElement.textContent"), "the note in the history")
    sections = "document.querySelectorAll('main > section').length"
    found = browser.run(sections)
    browser.open(files["training"])
    check_equal(found, browser.run(sections), "every section is where it belongs")
    browser.open(files["hostile"])
    # a name that turns the direction does so for itself alone
    check_equal(browser.run("[...document.querySelectorAll('th.name')].filter(e => e.textContent.includes('\\u202e') && !e.querySelector('bdi')).length"),
                0, "controls of direction are isolated")
    check_equal(browser.run("[...document.querySelectorAll('title, desc, [title]')].filter(e => /[\\u202a-\\u202e\\u2066-\\u2069]/.test((e.getAttribute('title') || '') + "
                            "(e.matches('title, desc') ? e.textContent : ''))).length"), 0, "and left out where nothing can isolate them")


def other_encodings(server, browser, folder):
    """The same text, whatever the database's encoding is."""
    for encoding, note in (("LATIN1", "größe"), ("WIN1252", "„größe“ €"), ("SQL_ASCII", None)):
        database = encoding.lower()
        server.query(f"CREATE DATABASE {database} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")
        server.query("CREATE EXTENSION normfreeze", database)
        text = "E'gr\\303\\266\\303\\237e \\377!'" if note is None else literal(note)
        client = "" if note is None else "SET client_encoding = 'UTF8';"
        server.query(f"""{client} SELECT normfreeze.freeze('n', normfreeze.fit(ARRAY[i::float8], 'standard'), {text}) FROM generate_series(1, 9) AS i""", database)
        file = folder / f"{database}.html"
        file.write_text(server.query("SELECT normfreeze.report('n@v1')", database))
        browser.open(file)
        check_in("größe \ufffd!" if note is None else note, browser.run("document.querySelector('.facts').textContent"), f"a note in {encoding}")


# ---- for everybody ----

def colors(browser, files):
    seen = {}
    for scheme in ("light", "dark"):
        browser.set_media(scheme)
        for name in ("drift", "hostile", "training"):
            browser.open(files[name])
            contrasts = browser.run(CONTRASTS)
            check(len(contrasts) >= 4, f"{name}, {scheme}: there are colors", contrasts)
            for pair, ratio in contrasts.items():
                check(ratio >= 4.5, f"{name}, {scheme}: {pair}", ratio)
        seen[scheme] = browser.run("getComputedStyle(document.body).backgroundColor")
    check(seen["light"] != seen["dark"], "dark mode is dark", seen)
    browser.set_media()


def widths(browser, files):
    for width in (1280, 390, 320):
        browser.set_width(width)
        for name, file in files.items():
            browser.open(file)
            check_equal(browser.run("document.documentElement.scrollWidth"), width, f"{name} is as wide as a page of {width}")
            browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
            check_equal(browser.run("document.documentElement.scrollWidth"), width, f"{name}, all open, is as wide as a page of {width}")
    browser.set_width(1280)


def names_are_whole(browser, files):
    """No name of an ordinary length is cut on a phone, and each name of the scaler has its stages beside it."""
    for width in (390, 320):
        browser.set_width(width)
        browser.open(files["two"])
        cut = browser.run("[...document.querySelectorAll('th.name bdi')].filter(e => e.scrollHeight > e.clientHeight || e.closest('th').scrollWidth > e.closest('th').clientWidth).map(e => e.textContent)")
        check_equal(cut, [], f"names of features are whole at width {width}")
        wide = browser.run("""[...document.querySelectorAll('.overview th:not(.name), .overview td')].filter(e => {
            const range = document.createRange(); range.selectNodeContents(e);
            return e.checkVisibility() && range.getBoundingClientRect().right > e.getBoundingClientRect().right + 1 }).map(e => e.textContent)""")
        check_equal(wide, [], f"no cell reaches into the next at width {width}")
        apart = browser.run("""[...document.querySelectorAll('.overview .verdict')].filter(e => !/ .* /.test(e.textContent) &&
            e.checkVisibility() && e.getClientRects().length > 1).map(e => e.textContent)""")
        check_equal(apart, [], f"a verdict of one word has its mark beside it at width {width}")
    browser.set_width(1280)
    lines = browser.run("[...document.querySelectorAll('.facts dt')].find(e => e.textContent == 'Names').parentElement.querySelectorAll('dd').length")
    check_equal(lines, 2, "a line for each name")
    first = browser.run("[...document.querySelectorAll('.facts dt')].find(e => e.textContent == 'Names').nextElementSibling.textContent")
    check(first.startswith(f"{LONG_NAME} v1") and "stages now: production" in first, "the name that was asked for, and its stages", first)


def wide_is_bounded(browser, files):
    check(files["wide"].stat().st_size < 2_000_000, "200 features are less than 2 MB", files["wide"].stat().st_size)
    for width, most in ((1280, 40_000), (390, 60_000)):
        browser.set_width(width)
        start = time.monotonic()
        browser.open(files["wide"])
        check(time.monotonic() - start < 60, "200 features load", time.monotonic() - start)
        height = browser.run("document.documentElement.scrollHeight")
        check(height < most, f"200 features at width {width} are not endless", height)
    browser.set_width(1280)
    # the table leads into the details, also into closed ones
    browser.run("[...document.querySelectorAll('a[href^=\"#f\"]')].at(-2).click()")
    check(browser.run("(() => { const d = document.querySelector(location.hash).closest('details'); const b = d.getBoundingClientRect();"
                      "return d.open && b.top > -50 && b.top < innerHeight; })()"), "a link opens what it leads to")


def printing(browser, files):
    browser.set_media("dark", "print")
    browser.open(files["drift"])
    check_equal(browser.run("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)", "paper is white")
    hidden = browser.run("[...document.querySelectorAll('.chart')].filter(e => !e.checkVisibility()).length")
    check_equal(hidden, 0, "all details are open on paper")
    for pair, ratio in browser.run(CONTRASTS).items():
        check(ratio >= 4.5, f"on paper: {pair}", ratio)
    browser.set_media("dark")
    browser.open(files["drift"])
    pdf = browser.pdf()
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    check(pdf.startswith(b"%PDF") and 4 <= pages <= 14, "a PDF with pages", pages)
    browser.set_media()


def accessible(browser, files):
    """axe-core's rules, and names in the accessibility tree."""
    if not check(AXE.exists(), "axe-core is there", f"{AXE}: run tools/setup.sh test"):
        return
    axe = AXE.read_text()
    for scheme in ("light", "dark"):
        browser.set_media(scheme)
        for name in ("drift", "training", "hostile", "range"):
            browser.open(files[name])
            browser.run(axe + "; 0")
            outcome = browser.run("axe.run().then(r => ({passes: r.passes.length, violations: r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))])}))")
            check_equal(outcome["violations"], [], f"{name}, {scheme}: axe-core's rules")
            check(outcome["passes"] > 20, f"{name}, {scheme}: axe-core has looked", outcome["passes"])
    browser.run("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang')")
    outcome = browser.run("axe.run().then(r => r.violations.map(v => v.id))")
    check("html-has-lang" in outcome, "axe-core would have said so", outcome)
    browser.set_media()
    browser.open(files["drift"])
    browser.call("Accessibility.enable")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    named = {}
    for node in nodes:
        if not node.get("ignored"):
            named.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    check_in("Distribution of income", named.get("image", named.get("img", [])), "pictures have names")
    check(all(named.get("heading", [""])) and len(named["heading"]) > 8, "headings have text", named.get("heading"))
    check({"main", "banner", "contentinfo"} <= set(named), "landmarks", sorted(named))


def scenario(installation):
    program = find_program()
    if program is None:
        report.skip("there is no Chromium (Debian's package chromium)")
    with Server(installation, "report") as server, tempfile.TemporaryDirectory(prefix="normfreeze-report-") as name, \
            Browser(program) as browser:
        folder = pathlib.Path(name)
        files = make_pages(server, folder)
        run_tests([lambda: valid_html(files), lambda: renders_alone(browser, files), lambda: pictures_are_there(browser, files),
                   lambda: pictures_are_true(browser, files), lambda: brackets_are_true(browser, files), lambda: pixels(browser, files), lambda: names_stay_text(browser, files),
                   lambda: other_encodings(server, browser, folder), lambda: colors(browser, files), lambda: widths(browser, files), lambda: names_are_whole(browser, files),
                   lambda: wide_is_bounded(browser, files), lambda: printing(browser, files), lambda: accessible(browser, files)])


if __name__ == "__main__":
    run_scenario(scenario)
