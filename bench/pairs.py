"""Statements of ours beside what a user would write by hand, in one run on the same data.

One session, no JIT, one process unless a job says otherwise, statements interleaved.  What is
printed are medians of pairwise ratios: a machine that is busy for a while is so for both.
"""

import pathlib
import re
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "lib"))

from server import Installation, Server  # noqa: E402

SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "autovacuum": "off", "work_mem": "1GB"}


def bench_server(folder, **settings):
    """A private server with the extension in its database."""
    return Server(Installation(folder), "bench", {**SETTINGS, **settings})


def bench_folder():
    return tempfile.TemporaryDirectory(prefix="normfreeze-bench-")


class Job:
    """What is measured: ours, the same by hand, and the most that ours may cost of it (None: it is only shown)."""

    def __init__(self, name, ours, by_hand, most=None):
        self.name = name
        self.ours = ours
        self.by_hand = by_hand
        self.most = most


def seconds(server, statements, repetitions, setup=""):
    """For each statement the milliseconds of each repetition; the first round warms up."""
    once = "".join(f"{sql.rstrip(';')};\n" for sql in statements)
    script = f"SET max_parallel_workers_per_gather = 0; SET jit = off; {setup};\n\\o /dev/null\n{once}\\timing on\n{once * repetitions}"
    times = [float(t) for t in re.findall(r"Time: ([\d.]+) ms", server.psql(script).stdout)]
    return [times[i::len(statements)] for i in range(len(statements))]


def pairwise(first, second):
    return statistics.median(a / b for a, b in zip(first, second))


def compare(server, title, scans, jobs, repetitions, setup=""):
    """
    Run the jobs and print a line for each: ratios to the hand-written statement, and to each of the scans of the same
    columns, by what they do.
    """
    statements = [*scans.values()] + [sql for job in jobs for sql in (job.by_hand, job.ours)]
    times = seconds(server, statements, repetitions, setup)
    print(f"\n{title}")
    print(f"{'':46}{'ours ms':>9}{'by hand':>9}{'ours/by hand':>14}{'at most':>9}" + "".join(f"{'ours/' + name:>19}" for name in scans))
    for i, job in enumerate(jobs):
        by_hand, ours = times[len(scans) + 2 * i], times[len(scans) + 2 * i + 1]
        print(f"{job.name:46}{statistics.median(ours):9.1f}{statistics.median(by_hand):9.1f}{pairwise(ours, by_hand):14.2f}"
              f"{job.most if job.most else '':>9}" + "".join(f"{pairwise(ours, scan):19.2f}" for scan in times[:len(scans)]), flush=True)
