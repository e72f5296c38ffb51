"""Which versions of the data were made because something was taken out of it."""

from data import versions
from data.erasing import forgetting, retention
from data.home import Home

SOURCES = frozenset({forgetting.SOURCE, retention.SOURCE})


def made_any(home: Home, known: int, newest: int) -> bool:
    """Is any version after `known`, up to `newest`, one that was made by forgetting somebody or by dropping what was
    too old? Also where the place of a version is empty, so that nothing is kept that should not be."""
    return any(
        not versions.path_of(home, number).exists() or versions.load(home, number).source in SOURCES
        for number in range(known + 1, newest + 1)
    )
