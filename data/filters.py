"""What is asked about: weeks, a branch, a team, a channel, a category."""

from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True)
class Filters:
    """What is asked about. None is all. `since` and `until` bound the weeks shown; they never move a baseline."""

    since: date | None = None
    until: date | None = None
    branch: str | None = None
    team: str | None = None
    channel: str | None = None
    category: str | None = None

    @property
    def stratum(self) -> "Filters":
        """What of them changes the counts themselves."""
        return Filters(channel=self.channel, category=self.category)


@dataclass(frozen=True)
class Offered:
    """What the filters can be set to."""

    channels: tuple[str, ...]
    categories: tuple[str, ...]
    first_week: date | None


def asked_weeks(frame: pl.DataFrame, filters: Filters) -> pl.DataFrame:
    """The rows of the weeks that are asked about."""
    if filters.since is not None:
        frame = frame.filter(pl.col("week") >= filters.since)
    if filters.until is not None:
        frame = frame.filter(pl.col("week") <= filters.until)
    return frame
