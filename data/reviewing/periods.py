"""The periods that a review can be about: a year, half of it, a quarter, a month; and the weeks that belong to one."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from data.errors import Trouble

_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<quarter>Q[1-4])|(?P<half>H[12])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII
)
SUCH_AS = "2026-Q3, 2026-09, 2026-H1 or 2026"


@dataclass(frozen=True, order=True)
class Period:
    """From `since` to `until`, both included. `key` is how it is written ("2026-Q3"), `name` how it is said."""

    since: date
    until: date
    key: str
    name: str

    def holds(self, week: date) -> bool:
        """Does the week that begins on this Monday belong to it? The one with its Thursday, so the most of its days."""
        return self.since <= week + timedelta(days=3) <= self.until

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of its weeks."""
        first = self.since - timedelta(days=self.since.weekday())
        every = (first + timedelta(weeks=number) for number in range((self.until - first).days // 7 + 1))
        return tuple(week for week in every if self.holds(week))

    @property
    def kind(self) -> str:
        """What it is called in a sentence: year, half-year, quarter, month."""
        return {4: "year"}.get(len(self.key)) or {"Q": "quarter", "H": "half-year"}.get(self.key[5], "month")


def parse(written: str) -> Period:
    """The period of that name. Raises Trouble for what is none."""
    found = _WRITTEN.fullmatch(written.strip().upper())
    if found is None or found["year"] == "0000":
        raise Trouble(f"{written.strip()[:40]!r} is no period: write {SUCH_AS}.")
    year = int(found["year"])
    if found["quarter"]:
        number = int(found["quarter"][1])
        return _of(year, 3 * number - 2, 3 * number, f"{year}-Q{number}", f"the {_ORDER[number - 1]} quarter of {year}")
    if found["half"]:
        number = int(found["half"][1])
        return _of(year, 6 * number - 5, 6 * number, f"{year}-H{number}", f"the {_ORDER[number - 1]} half of {year}")
    if found["month"]:
        month = int(found["month"])
        return _of(year, month, month, f"{year}-{month:02}", f"{calendar.month_name[month]} {year}")
    return _of(year, 1, 12, f"{year}", f"the year {year}")


_ORDER = ("first", "second", "third", "fourth")


def _of(year: int, first: int, last: int, key: str, name: str) -> Period:
    end = calendar.monthrange(year, last)[1]
    return Period(date(year, first, 1), date(year, last, end), key, name)


def before(period: Period) -> Period:
    """The period of the same kind just before it. Raises Trouble before the year 1."""
    day = period.since - timedelta(days=1)
    return containing(day, period.kind)


def containing(day: date, kind: str) -> Period:
    """The period of that kind in which the day lies."""
    keys = {
        "year": f"{day.year:04}",
        "half-year": f"{day.year:04}-H{(day.month + 5) // 6}",
        "quarter": f"{day.year:04}-Q{(day.month + 2) // 3}",
        "month": f"{day.year:04}-{day.month:02}",
    }
    return parse(keys[kind])


def ended(day: date) -> list[Period]:
    """What one would review on `day`, the latest first: the quarters, halves and years that ended, the last months."""
    found: list[Period] = []
    for kind, many in (("quarter", 4), ("month", 3), ("half-year", 2), ("year", 1)):
        one = containing(day, kind)
        for _ in range(many):
            one = before(one)
            found.append(one)
    return found
