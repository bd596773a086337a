"""When things happen: two years of them, ever more towards the morning on which the episodes begin."""

from __future__ import annotations

import random
from calendar import timegm
from typing import Final

from mtenvs.sites.kit.episode import START

NOW: Final = timegm(START.timetuple())
_DAY: Final = 86_400
_SHARES: Final = ((0.02, 1), (0.09, 7), (0.25, 31), (0.7, 365), (1.0, 730))


def moment(rng: random.Random) -> int:
    """A time of a submission; a fiftieth of them are of the last day, a quarter of the last month."""
    share, younger = rng.random(), 0
    for part, days in _SHARES:
        if share <= part:
            return NOW - 600 - int(rng.uniform(younger, days) * _DAY)
        younger = days
    return NOW - 730 * _DAY


def after(rng: random.Random, time: int) -> int:
    """A time of an answer: mostly within the day, always before the episodes begin."""
    wait = int(rng.lognormvariate(9.2, 1.3))
    room = NOW - 60 - time
    return time + (wait if wait < room else rng.randrange(1, max(2, room)))
