"""Which version of the data the pages show: the newest that was got ready; a newer one is got ready beside it.

Counting a new version and reading its signs takes seconds to a minute. Whoever reads meanwhile goes on reading what
was there, and nobody waits for somebody else's import. Only the very first version, for which there is nothing else to
show, is waited for; and one that was made because somebody was forgotten or something was too old: what was there is
then no longer shown to anybody, nor kept in memory.
"""

from collections.abc import Callable
from threading import Lock, Thread
from typing import NamedTuple


class Basis(NamedTuple):
    """What the readings rest on: the version of the data and that of the standards."""

    version: int
    standards: int


class Shown:
    """The version that one server process shows of one home. `get_ready` works a version out and says its basis."""

    def __init__(
        self,
        get_ready: Callable[[int], Basis],
        erased: Callable[[int, int], bool] = lambda _known, _newest: False,
        clear: Callable[[], None] = lambda: None,
    ) -> None:
        """`erased(known, newest)`: was anything taken out since the version known? Then `clear` is called once."""
        self._get_ready, self._erased, self._clear = get_ready, erased, clear
        self._looked: int | None = None
        self._lock = Lock()
        self._ready: Basis | None = None
        self._getting: Thread | None = None
        self._failed: int | None = None

    def basis(self, newest: Basis) -> Basis:
        """What is shown now that `newest` is there: itself where it is ready, or where there is nothing else to show.

        Other standards of the version that is shown hold at once: whoever changed them waits for what they changed.
        """
        with self._lock:
            known = self._ready
            looked = self._looked
            if looked is not None and newest.version > looked and self._erased(looked, newest.version):
                self._ready = known = newest
                self._clear()
            self._looked = newest.version
            # A version that could not be got ready is shown all the same: the page says what is wrong with it.
            if known is None or newest.version <= known.version or newest.version == self._failed:
                self._ready = newest
                return newest
            if self._getting is None:
                self._getting = Thread(target=self._get, args=(newest.version,), name="get ready", daemon=True)
                self._getting.start()
            return known

    def now(self, newest: int) -> None:
        """Get this version ready before anything else: for whoever has just taken it in and wants to see it."""
        basis = self._get_ready(newest)
        with self._lock:
            if self._ready is None or basis.version > self._ready.version:
                self._ready = basis

    def _get(self, newest: int) -> None:
        try:
            self.now(newest)
        except Exception:  # whatever it is, the page that reads this version will say it
            self._failed = newest
        finally:
            self._getting = None
