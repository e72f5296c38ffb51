"""Too few to say, not matured, not measured: why a cell cannot be judged, and when it can.

Question asked: is there enough to judge this team's sign by, and if not, what is lacking and when will it be there?

Shapes: one answer per cell (team x sign); `at` is the place of the week that it is read at, -1 where no week is final.
Units: tickets, weeks. Errors: none; a cell that would never have enough at its present volume has no date.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from metrics import season, verdict
from metrics.arrays import Flags, Floats, Places
from metrics.monitor import WINDOW, trailing
from metrics.panel import PLAIN, How, Panel

RECENT = 13
Answer = tuple[str, str | None]  # status and reason; no reason: it can be judged
JUDGED: Answer = ("no change", None)


def why_not(
    panel: Panel, at: Places, week: date | None, n: Floats, baseline: Flags, missing: Mapping[str, str]
) -> list[Answer]:
    """Each cell's status and reason where it cannot be judged, JUDGED where it can."""
    window = trailing(n)[np.arange(len(n)), np.maximum(at, 0)]
    history, tickets = baseline.sum(axis=1), np.where(baseline, n, 0.0).sum(axis=1)
    ever = panel.seen_n.sum(axis=1)
    out: list[Answer] = []
    for cell, sign in enumerate(panel.cells["sign"].to_list()):
        if sign in missing:
            out.append(("not measured", missing[sign]))
        elif week is not None and week not in panel.weeks:
            out.append(("not measured", "that week is not in the data"))
        elif ever[cell] == 0:
            out.append(("not measured", f"this team has had no such {panel.how_of(sign).thing}s"))
        elif at[cell] < 0:
            out.append(("not matured", "what happens after these tickets is not known yet"))
        else:
            few = too_few(int(window[cell]), int(history[cell]), int(tickets[cell]), panel.how_of(sign))
            out.append(("too few to say", few) if few else JUDGED)
    return out


def too_few(window: int, history: int, tickets: int, how: How = PLAIN) -> str | None:
    """What is lacking of: tickets in the last four weeks, weeks of baseline, tickets of baseline. None: nothing."""
    point = "week" if how.rhythm == "week" else "wave"
    latest = "in the last four weeks" if how.rhythm == "week" else "in the last wave"
    fewest = fewest_weeks(how)
    if window == 0:
        return f"no such {how.thing}s {latest}"
    if how.measure != "ratio" and window < verdict.FEWEST_TICKETS:
        return f"only {_of(window, f'such {how.thing}')} {latest}; it takes {verdict.FEWEST_TICKETS}"
    if history < fewest:
        season = ", because a year has its seasons" if how.seasonal else ""
        return f"only {_of(history, f'earlier {point}')} to compare with; it takes {fewest}{season}"
    least = verdict.FEWEST_BASELINE_TICKETS
    if how.measure != "ratio" and tickets < least:
        return f"only {_of(tickets, f'earlier {how.thing}')} to compare with; it takes {least}"
    return None


def fewest_weeks(how: How) -> int:
    """How many points of baseline it takes."""
    if how.seasonal:
        return season.WEEKS_NEEDED
    return verdict.FEWEST_WEEKS if how.rhythm == "week" else verdict.FEWEST_WAVES


def _of(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def enough_on(panel: Panel, at: Places, n: Floats, baseline: Flags, called: Sequence[Answer]) -> list[date | None]:
    """When a cell with too few will have enough, going by its last 13 weeks; null where it never would."""
    signs = panel.cells["sign"].to_list()
    out: list[date | None] = []
    for cell, (status, _) in enumerate(called):
        place = int(at[cell])
        if status != "too few to say":
            out.append(None)
            continue
        how = panel.how_of(signs[cell])
        weeks = (
            None
            if how.rhythm == "wave"
            else _weeks_until_enough(n[cell, : place + 1], baseline[cell, : place + 1], fewest_weeks(how))
        )
        if weeks is None:
            out.append(None)
            continue
        first = panel.weeks[place] + timedelta(weeks=weeks)
        out.append(first + timedelta(days=7) + _lag(panel, signs[cell], panel.weeks[place]))
    return out


def _weeks_until_enough(n: Floats, baseline: Flags, fewest: int) -> int | None:
    recent = n[-RECENT:]
    usual, busy = float(recent.mean()), float((recent > 0).mean())
    if usual * WINDOW < verdict.FEWEST_TICKETS:
        return None
    lacking = (
        (fewest - int(baseline.sum())) / busy,
        (verdict.FEWEST_BASELINE_TICKETS - float(n[baseline].sum())) / usual,
        (verdict.FEWEST_TICKETS - float(n[-WINDOW:].sum())) / usual,
        1.0,
    )
    return int(np.ceil(max(lacking)))


def _lag(panel: Panel, sign: str, week: date) -> timedelta:
    """How long after its end a week of this sign becomes final."""
    when = panel.matures_at.get((sign, week))
    return max(when.date() - (week + timedelta(days=7)), timedelta(0)) if when else timedelta(0)


def matures_on(panel: Panel, week: date | None, called: Sequence[Answer]) -> list[date | None]:
    """When the week asked for, or else the calendar's first, becomes final. Null where that is past or not known."""
    out: list[date | None] = []
    for sign, (status, _) in zip(panel.cells["sign"].to_list(), called, strict=True):
        when = panel.matures_at.get((sign, week or panel.weeks[0]))
        out.append(when.date() if when and status == "not matured" else None)
    return out
