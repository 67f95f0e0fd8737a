#!/usr/bin/env python3
"""The main job of normfreeze on real data, on a throwaway server.

Run it by `make demo`; `make demo REPORT=page.html` keeps the report.  Every
statement that is shown is executed; the script fails if a step does not do what
it says.
"""

import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from server import Installation, Server  # noqa: E402

CSV = ROOT / "test" / "data" / "breast_cancer.csv"


class Story:
    """Shows statements as they are run."""

    def __init__(self, server):
        self.server = server
        self.database = "postgres"

    def say(self, text):
        print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n# {text}")

    def show(self, sql, refused=False):
        sql = sql.strip()
        print("    " + sql.replace("\n", "\n    "))
        result = self.server.psql(sql, self.database, check=False,
                                  arguments=("-v", "VERBOSITY=default", "-P", "tuples_only=off",
                                             "-P", "format=aligned", "-P", "footer=off"))
        if (result.returncode != 0) != refused:
            sys.exit(f"this step failed: {result.stderr or 'it should have been refused'}")
        output = result.stderr if refused else result.stdout
        print("\n".join("        " + line for line in output.rstrip().splitlines()))
        return output

    def value(self, sql, database=None):
        return self.server.query(sql, database or self.database)


def load(server, database):
    columns = CSV.read_text().splitlines()[0].split(",")
    types = [f"{name} integer" if name in ("sample", "benign") else f"{name} double precision" for name in columns]
    server.query("CREATE EXTENSION normfreeze", database)
    server.query(f"CREATE TABLE cells ({', '.join(types)})", database)
    server.query(f"\\copy cells FROM '{CSV}' (FORMAT csv, HEADER)", database)


FREEZE = """
SELECT normfreeze.freeze('cells',
         normfreeze.fit(c, 'standard', '{"exclude": ["sample", "benign"]}') FILTER (WHERE c.sample <= 400),
         note => 'first 400 samples') AS scaler_id
  FROM cells AS c;
"""


def main():
    with tempfile.TemporaryDirectory(prefix="normfreeze-demo-") as folder:
        print("Building and starting a throwaway server ...", flush=True)
        with Server(Installation(folder), "demo") as server:
            story = Story(server)
            tell(story, server)
            watch(story, server)
    print("\nDone; nothing is left behind.")


def tell(story, server):
    load(server, "postgres")
    story.say("569 real samples (Breast Cancer Wisconsin, UCI): 30 measurements each")
    story.show("SELECT sample, radius_mean, texture_mean, area_mean, benign FROM cells ORDER BY sample LIMIT 3;")

    story.say("Fit on the training rows and freeze, in one statement")
    story.show(FREEZE)
    scaler_id = story.value("SELECT scaler_id FROM normfreeze.versions WHERE name = 'cells' AND version = 1")
    story.show(f"SELECT ordinal, feature, center, scale, n FROM normfreeze.describe({scaler_id}) LIMIT 3;")

    story.say("Fitting the same data again freezes nothing new")
    story.show(FREEZE)
    story.show("SELECT name, version, scaler_id, row_count, note FROM normfreeze.versions;")

    story.say("Promote it, and normalize unseen rows by name and stage; columns are matched by name")
    story.show("SELECT normfreeze.promote('cells', 1, 'production');")
    story.show("""
SELECT c.sample, (normfreeze.normalize(c, 'cells@production'))[1:4] AS features
  FROM cells AS c WHERE c.sample > 400 ORDER BY c.sample LIMIT 3;
""")

    story.say("The same id and the same bits in another database")
    other = server.new_database("elsewhere")
    load(server, other)
    shuffled = FREEZE.replace("FROM cells AS c", "FROM (SELECT * FROM cells ORDER BY md5(sample::text)) AS c")
    there = story.value(shuffled, other)
    print(f"    rows in another order, another database: scaler_id {there}")
    bits = f"SELECT md5(string_agg(normfreeze.normalize(c, {scaler_id})::text, ',' ORDER BY sample)) FROM cells AS c"
    here, away = story.value(bits), story.value(bits, other)
    print(f"    digest of all normalized rows here:  {here}\n    digest of all normalized rows there: {away}")
    if there != scaler_id or here != away:
        sys.exit("they differ")

    story.say("What is frozen stays frozen")
    story.show("UPDATE normfreeze.scalers SET fingerprint = 'x';", refused=True)

    story.say("Mismatches are caught: a missing column, a wrong count, an anonymous row")
    story.show("SELECT normfreeze.normalize(s, 'cells') FROM (SELECT radius_mean, texture_mean FROM cells) AS s;",
               refused=True)
    story.show("SELECT normfreeze.normalize(ARRAY[1.5, 2.5], 'cells');", refused=True)
    story.show("SELECT normfreeze.normalize(ROW(1, 2, 3), 'cells');", refused=True)

    story.say("A refit on later data is another version, and the difference is in plain sight")
    story.show(FREEZE.replace("c.sample <= 400", "c.sample > 169").replace("first 400 samples", "last 400 samples"))
    story.show("""
SELECT feature, what, old, new, round(shift::numeric, 3) AS shift
  FROM normfreeze.diff(normfreeze.scaler_id('cells@v1'), normfreeze.scaler_id('cells@v2'))
 WHERE what = 'center' ORDER BY abs(shift) DESC LIMIT 3;
""")
    story.show("SELECT normfreeze.promote('cells', 2), normfreeze.rollback('cells');")

    story.say("And it can be proved")
    story.show(f"SELECT * FROM normfreeze.verify({scaler_id});")
    if story.value("SELECT bool_and(ok) FROM normfreeze.verify()") != "t":
        sys.exit("verify() found something")


DRIFT = """
SELECT feature, verdict, reason, worst_bin
  FROM (SELECT normfreeze.profile(l, normfreeze.scaler_id('cells')) AS live FROM later AS l) AS live,
       normfreeze.drift('cells', live)
 ORDER BY psi DESC LIMIT 2;
"""


def watch(story, server):
    """Drift, an audit, and the report."""
    story.say("Do later samples look like those it was fitted on? A large PSI can be chance, and drift() says so")
    story.show("CREATE TABLE later AS SELECT * FROM cells WHERE sample > 400;")
    if "not proved" not in story.show(DRIFT):
        sys.exit("no difference was taken for chance")

    story.say("It is not chance if somebody sends areas in another unit")
    story.show("UPDATE later SET area_mean = area_mean / 100;")
    if "major" not in story.show(DRIFT):
        sys.exit("drift() did not find it")

    story.say("A batch job that fits a scaler of its own: audit() says what happened")
    summary = story.show("""
CREATE TABLE batch AS
  SELECT sample, normfreeze.normalize(l, (SELECT normfreeze.fit(f, 'standard', '{"exclude": ["sample", "benign"]}')
                                            FROM later AS f)) AS normalized
    FROM later AS l;
SELECT audit ->> 'verdict' AS verdict, audit ->> 'summary' AS summary
  FROM (SELECT normfreeze.audit(l, b.normalized, normfreeze.scaler_id('cells')) AS audit
          FROM later AS l JOIN batch AS b USING (sample)) AS a;
""")
    if "refitted" not in summary:
        sys.exit("audit() did not find it")

    story.say("All of this on a page of HTML, for those who do not read SQL")
    story.show("""
SELECT normfreeze.report('cells', (SELECT normfreeze.profile(l, normfreeze.scaler_id('cells')) FROM later AS l))
\\g (format=unaligned tuples_only=on) cells.html
""")
    page = server.folder / "cells.html"
    if "</html>" not in page.read_text():
        sys.exit("the page is not complete")
    if len(sys.argv) > 1:
        shutil.copyfile(page, sys.argv[1])
        print(f"        {page.stat().st_size // 1024} KB, now in {sys.argv[1]}")
    else:
        print(f"        {page.stat().st_size // 1024} KB; `make demo REPORT=cells.html` keeps it")


if __name__ == "__main__":
    main()
