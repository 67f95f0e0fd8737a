"""Of many cases that are alike, those that a usual run tries; NORMFREEZE_TEST_ALL=1 tries all."""

import os

ALL = os.environ.get("NORMFREEZE_TEST_ALL") == "1"


def some(cases, one_in, turn=0):
    """One in so many cases; in another turn they are others, so that several turns together try each.

    Where turns go round a list, one_in must have no common divisor with its length: else an item always meets the same cases.
    """
    cases = list(cases)
    return cases if ALL else cases[turn % one_in::one_in]
