"""The job of docs/monitoring.md, run by pg_cron: every minute here, instead of every night.

Debian's pg_cron, if none is installed beside the server; skipped where that cannot be had.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packages                                                     # noqa: E402
import report                                                       # noqa: E402
from common import Server, check_equal, check_in, run_scenario, run_tests, wait_until  # noqa: E402
from several_servers import documents                               # noqa: E402

SETTINGS = {"shared_preload_libraries": "pg_cron", "cron.database_name": "postgres", "cron.use_background_workers": "on",
            "max_worker_processes": 20}

# as in the document, but the last days are those before today
DATA = """
CREATE TABLE visits AS
  SELECT i AS id, current_date - 10 + i / 300 AS day, (ARRAY['north', 'south'])[1 + i % 2] AS region,
         20 + i * 37 % 50 AS age, 1000 + i::bigint * 7919 % 10007 AS income
  FROM generate_series(0, 2999) AS i;
CREATE TABLE visit_days (scaler_id bigint, day date, region text, profile normfreeze.profile NOT NULL,
                         PRIMARY KEY (scaler_id, day, region));
SELECT normfreeze.freeze('visits', normfreeze.fit(v, 'standard', '{"columns": ["age", "income"]}')) FROM visits AS v;
SELECT normfreeze.promote('visits', 1);
INSERT INTO visit_days SELECT normfreeze.scaler_id('visits'), day, region, normfreeze.profile(v, normfreeze.scaler_id('visits'))
  FROM visits AS v WHERE day < current_date - 1 GROUP BY day, region;
"""
NIGHTLY = "'17 3 * * *'"


def documented(part):
    """The statement of the document that has this part."""
    blocks = ["\n".join(block.lines) for block in documents.read_blocks("docs/monitoring.md")]
    return next(block for block in blocks if part in block).split("\n\n")[0]


def tests_of(server):
    query = server.query
    finished = "SELECT count(*) FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')"
    job = documented("cron.schedule")

    def the_documented_job_runs():
        check_in(NIGHTLY, job, "the document's job is nightly")
        query("CREATE EXTENSION pg_cron; CREATE EXTENSION normfreeze;" + DATA)
        query(documented("CREATE PROCEDURE"))
        query(job.replace(NIGHTLY, "'* * * * *'"))
        wait_until(lambda: int(query(finished)) >= 1, "pg_cron has run the job", 150)
        check_equal(query("SELECT status FROM cron.job_run_details ORDER BY runid LIMIT 1"), "succeeded",
                    query("SELECT return_message FROM cron.job_run_details ORDER BY runid LIMIT 1"))
        check_equal(query("SELECT name, verdict, label = (current_date - 1)::text, live_rows FROM normfreeze.drift_state"),
                    "visits|none|t|2100", "the state after the first night")
        check_equal(query("SELECT count(*) FROM visit_days WHERE day = current_date - 1"), "2", "a profile for each region of yesterday")

    def it_may_run_again():
        """By hand: another minute of waiting would show no more."""
        query(query("SELECT command FROM cron.job WHERE jobname = 'drift of visits'"))
        check_equal(query("SELECT count(*) FROM cron.job_run_details WHERE status = 'failed'"), "0", "no run failed")
        check_equal(query("SELECT count(*) FROM normfreeze.drift_log"), "1", "one entry for one night")
        query("SELECT cron.unschedule('drift of visits')")

    run_tests([the_documented_job_runs, it_may_run_again])


def scenario(installation):
    if not (installation.pkglibdir / "pg_cron.so").exists():
        reason = packages.add_extension(installation, "cron")
        if reason:
            report.skip(f"there is no pg_cron beside this PostgreSQL server, and {reason}")
    with Server(installation, "pg_cron", SETTINGS) as server:
        tests_of(server)


if __name__ == "__main__":
    run_scenario(scenario)
