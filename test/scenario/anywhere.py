"""docs/without_extension.md, walked as it stands: a fit in Python, an artifact in git, a dbt seed, inline models, drift; and the database agrees.

The server's database has no extension; another one of the same server, which has it, fits the same rows and says what is right.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from common import Server, check, check_equal, check_in, run_scenario, run_tests
from dbt import environment_of
from server import ROOT

ALL = bool(os.environ.get("NORMFREEZE_TEST_ALL"))
PAGE = ROOT / "docs/without_extension.md"

CUSTOMERS = """
CREATE TABLE customers AS
  SELECT i AS id, 20 + i * 37 % 50 AS age, CASE WHEN i % 17 > 0 THEN 1000 + (i::bigint * 7919 % 10007) * 1.37::float8 END AS income,
         (i * i % 241) / 7.0::float8 AS tenure
  FROM generate_series(1, 3000) AS i"""

PROFILE = """
shop:
  target: dev
  outputs:
    dev: {type: postgres, host: "{{ env_var('PGHOST') }}", port: "{{ env_var('PGPORT') | as_number }}", user: "{{ env_var('PGUSER') }}",
          password: "", dbname: "{{ env_var('PGDATABASE') }}", schema: public, threads: 1}
"""

FIT = """normfreeze.fit(c, 'standard', '{"exclude": ["id"], "missing": "median", "features": {"income": {"method": "robust"}}}')"""
RESULTS = "SELECT md5(string_agg(concat(encode(float8send(age), 'hex'), encode(float8send(income), 'hex'), encode(float8send(tenure), 'hex'), scaler_id), '' ORDER BY id)) FROM "

# what the export of a database with the extension writes beside an artifact
EVIDENCE = """SELECT jsonb_object_agg(feature, jsonb_build_array(mean, std, lower, upper, counts)) FROM (
    SELECT b.feature, d.mean, d.std, jsonb_agg(b.lower ORDER BY b.bin) FILTER (WHERE b.kind = 'within') AS lower, max(b.upper) FILTER (WHERE b.kind = 'within') AS upper,
           jsonb_agg(b.reference_rows ORDER BY b.bin) AS counts
    FROM (SELECT normfreeze.profile_of(s) AS p FROM fitted) AS f CROSS JOIN LATERAL normfreeze.drift_bins(p, p) AS b
    JOIN LATERAL normfreeze.describe(p) AS d ON d.ordinal = b.ordinal GROUP BY b.ordinal, b.feature, d.mean, d.std) AS q"""


def bins_of(evidence):
    """By feature: moments and bins, of what is in a seed; integers are numbers like all others."""
    return {f["name"]: [f[key] for key in ("mean", "std", "lower", "upper", "counts")] for f in evidence["features"]}


def numbers(text):
    return json.loads(text, parse_int=float)


def blocks():
    """What the page has in fences: the file that a block is, if the line before names one; its language, text and output."""
    found = re.findall(r"(?:`([\w./]+)`[^\n`]*:?\n\n|be\n\n)?^```(\w+)\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return [("fit.py" if language == "python" else file, language, text, printed) for file, language, text, printed in found]


def walk(folder, environment):
    """Write the files and run the commands in order; each with what it printed."""
    for name, text in (("profiles.yml", PROFILE), ("packages.yml", f"packages:\n  - local: {ROOT / 'dbt'}\n")):
        (folder / name).write_text(text)
    (folder / "seeds").mkdir()
    page = PAGE.read_text()
    walked = []
    for file, language, text, printed in blocks():
        if language == "sh":
            result = subprocess.run(["bash", "-e", "-c", text], cwd=folder, env=environment, capture_output=True, text=True)
            walked.append(text.split("\n")[0])
            check_equal(result.returncode, 0, f"the page: {text.strip()} {result.stdout[-3000:] if result.returncode else ''}{result.stderr[-1000:]}")
            if "dbt" in text:
                continue
            if not check_equal(result.stdout, printed, f"the page prints: {text.strip()}") and "--accept" in sys.argv:
                page = page.replace(f"{text}```\n```text\n{printed}```", f"{text}```\n```text\n{result.stdout}```")
                PAGE.write_text(page)
        else:
            check(file, f"the page says which file this is: {text[:60]}")
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(text)
    return walked


def scenario(installation):
    venv = environment_of("dbt-venv", "requirements.txt", "--no-deps")
    with Server(installation, "anywhere") as server, tempfile.TemporaryDirectory(prefix="normfreeze-anywhere-") as made:
        folder = pathlib.Path(made)
        managed, other = server.new_database("managed"), server.new_database("other")
        for database in (managed, other):
            server.query(CUSTOMERS, database)
        path = f"{pathlib.Path(sys.executable).parent}:{venv / 'bin'}:{os.environ['PATH']}"
        environment = {**server.environment(managed), "PATH": path, "PYTHONPATH": str(ROOT / "python"), "PYTHONDONTWRITEBYTECODE": "1", "HOME": made,
                       "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "PGOPTIONS": ""}

        def dbt(*arguments):
            return subprocess.run([venv / "bin/dbt", *arguments], cwd=folder, env=environment, capture_output=True, text=True)

        def the_page():
            (folder / "training.csv").write_text(server.query("COPY (SELECT * FROM customers WHERE id <= 2000) TO STDOUT (FORMAT csv, HEADER)", managed) + "\n")
            check_equal(len(walk(folder, environment)), 4, "commands of the page")
            check_equal(server.query("SELECT to_regnamespace('normfreeze')", managed), "", "there is no extension")

        def the_database_agrees():
            server.query(f"CREATE EXTENSION normfreeze; CREATE TABLE fitted AS SELECT {FIT} AS s FROM customers AS c WHERE id <= 2000", other)
            text = (folder / "churn.json").read_text()
            check_equal(text, server.query("SELECT s::text FROM fitted", other), "the text of the fit")
            seed = server.query("SELECT artifact FROM frozen_scalers", managed)
            check_equal(seed, server.query("SELECT normfreeze.bare(s)::text FROM fitted", other), "the artifact in the seed")
            server.query("""CREATE TABLE scored AS SELECT id, v[1] AS age, v[2] AS income, v[3] AS tenure, normfreeze.id_of(s) AS scaler_id
                            FROM customers AS c, fitted, LATERAL (SELECT normfreeze.normalize(c, s) AS v OFFSET 0) AS z""", other)
            check_equal(server.query(RESULTS + "scored", managed), server.query(RESULTS + "scored", other), "every bit, and the id")
            evidence = numbers(server.query("SELECT evidence FROM frozen_scalers", managed))
            check_equal(bins_of(evidence), numbers(server.query(EVIDENCE, other)), "the evidence of drift")
            check_equal(evidence["scaler_id"], json.loads(text)["scaler_id"], "whose it is")

        def evidence_of_all_kinds():
            """Ties, zeros, constants, both signs, folded histograms: Python's bins are drift_bins()."""
            program = """import json, sys, normfreeze
scaler = normfreeze.Scaler.from_json(sys.stdin.read())
import csv, io
print(list(csv.DictReader(io.StringIO(normfreeze.dbt_seed({"a": scaler}))))[0]["evidence"])"""
            server.query("""DROP TABLE fitted; CREATE TABLE fitted AS SELECT normfreeze.fit(r, 'standard') AS s FROM (
                SELECT (i % 3)::float8 AS ties, -i % 5 AS negative, CASE WHEN i % 4 = 0 THEN 0 ELSE sin(i) * exp(i % 40) END AS both, 7 AS flat, i AS even,
                       CASE WHEN i % 9 > 0 THEN cos(i) * 1e-300 END AS tiny FROM generate_series(1, 5000) AS i) AS r""", other)
            made = subprocess.run([sys.executable, "-c", program], input=server.query("SELECT s::text FROM fitted", other), cwd=folder, env=environment, capture_output=True, text=True)
            check_equal(made.stderr, "", "Python makes evidence of a database's scaler")
            check_equal(bins_of(numbers(made.stdout)), numbers(server.query(EVIDENCE, other)), "evidence of all kinds")

        def what_goes_wrong_is_seen():
            if ALL:                             # test/scenario/dbt.py has the same in a process that goes on
                server.query("UPDATE customers SET age = age + 30 WHERE id > 500", managed)
                seed = (folder / "seeds/frozen_scalers.csv").read_text()
                edited = re.sub(r'""center"": 44\b[.\d]*', '""center"": 43', seed, count=1)
                check(edited != seed, "a number of the artifact was edited")
                (folder / "seeds/frozen_scalers.csv").write_text(edited)
                said = dbt("build", "--full-refresh", "--exclude", "scored").stdout
                for name in ("normfreeze_probes_agree_frozen_scalers", "normfreeze_source_no_drift_app_customers"):
                    check(re.search(rf"FAIL \d+ {name}", said), f"{name} fails", said[-3000:])
            bare = folder / "bare.json"
            bare.write_text(server.query("SELECT normfreeze.bare(s)::text FROM fitted", other))
            for file, part in (("bare.json", "has no training profile"), ("nothing.json", "nothing.json")):
                refused = subprocess.run([sys.executable, "-m", "normfreeze", "seed", file], cwd=folder, env=environment, capture_output=True, text=True)
                check_equal((refused.returncode, refused.stdout), (1, ""), f"no seed of {file}")
                check_in(part, refused.stderr, f"no seed of {file}")

        run_tests([the_page, the_database_agrees, evidence_of_all_kinds, what_goes_wrong_is_seen])


if __name__ == "__main__":
    os.umask(0o022)
    run_scenario(scenario)
