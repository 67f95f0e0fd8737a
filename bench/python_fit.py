#!/usr/bin/env python3
"""What a fit in Python takes, beside numpy's mean and std of the same array.

    bench/python_fit.py [rows] [features] [repetitions]      default 1000000 32 3

`standard` with and without a distribution, of an array and in chunks of it; and log1p before it, beside numpy's log1p, too.  Both are measured in one run, in turn, and the
ratio is that of the least times, of this process alone: nothing here has threads.  Run it with build/venv/bin/python.
"""

import pathlib
import resource
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))

import normfreeze  # noqa: E402

CHUNK = 100000
WITHOUT = {"distribution": False}
STEPS = {"steps": ["log1p", "standard"], **WITHOUT}


def numpy_moments(x):
    return x.mean(axis=0), x.std(axis=0)


def numpy_steps(x):
    return numpy_moments(np.log1p(x))


def in_chunks(x, options):
    return normfreeze.fit((x[start:start + CHUNK] for start in range(0, len(x), CHUNK)), "standard", options)


def seconds(call, *arguments):
    start = time.process_time()
    call(*arguments)
    return time.process_time() - start


def main():
    rows, features, repetitions = map(int, (sys.argv[1:] + ["1000000", "32", "3"][len(sys.argv) - 1:]))
    x = np.random.default_rng(1).lognormal(size=(rows, features))
    calls = {"fit, chunks": (in_chunks, x, {}), "fit": (normfreeze.fit, x), "fit, chunks, no distribution": (in_chunks, x, WITHOUT),
             "fit, no distribution": (normfreeze.fit, x, "standard", WITHOUT),
             "log1p first, chunks, no distribution": (in_chunks, x, STEPS)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, call in calls.items():
        seconds(*call)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    calls["mean and std"], calls["numpy's log1p, mean and std"] = (numpy_moments, x), (numpy_steps, x)
    times = {name: [] for name in calls}
    for _ in range(repetitions):
        for name, call in calls.items():
            times[name].append(seconds(*call))
    least = min(times["mean and std"])
    print(f"{rows} rows x {features} float64, numpy {np.__version__}")
    for name, taken in times.items():
        print(f"{name:36} {min(taken):7.3f} s   {min(taken) / least:5.2f} times numpy's mean and std")
    print(f"memory of the fits beside the array of {x.nbytes >> 20} MB: {grown:.0f} MB")


if __name__ == "__main__":
    main()
