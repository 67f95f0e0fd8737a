"""Of many cases that are alike, those that a usual run tries; NORMFREEZE_TEST_ALL=1 tries all."""

import os

ALL = os.environ.get("NORMFREEZE_TEST_ALL") == "1"


def some(cases, one_in, turn=0):
    """One in so many cases; in another turn they are others, so that several turns together try each."""
    cases = list(cases)
    return cases if ALL else cases[turn % one_in::one_in]
