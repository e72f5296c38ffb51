"""Codes and links cannot be tried one after the other: after many wrong ones in a minute none is taken for a while.

A code has six letters of twenty, 64 million of them; at 60 tries a minute they last for two years. Counted in memory,
in each server process by itself: nothing of who tried is kept.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from data.errors import Trouble

MOST, WITHIN = 60, 60.0  # wrong ones, in seconds


class Guesses:
    """Wrong tries of one kind, of everybody together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._wrong, self._lock = clock, deque[float](maxlen=MOST), threading.Lock()

    def refuse_flood(self) -> None:
        """Trouble where too many wrong ones were tried just now; for right ones too, or nothing would be won."""
        with self._lock:
            flooded = len(self._wrong) == MOST and self._clock() - self._wrong[0] < WITHIN
        if flooded:
            raise Trouble("Too many wrong codes were tried just now: wait a minute, then try again.")

    def was_wrong(self) -> None:
        """One more."""
        with self._lock:
            self._wrong.append(self._clock())

    def forget(self) -> None:
        """Begin anew: for tests."""
        with self._lock:
            self._wrong.clear()


CODES, LINKS = Guesses(), Guesses()
