"""How long did the customer wait because the ticket was passed on?

From the handoff until the receiving team first did something with it: replied, noted, put it on hold, told management,
resolved it, or passed it on in its turn. To a ticket's first handoff also belongs the time before it, where the first
team did none of these. So each minute is counted once, at the pair between which the ticket lay. Time on hold is taken
out: nobody waits for us then. Calendar minutes.
"""

import numpy as np

from metrics.clock import MINUTE
from metrics.log import Bools, Codes, Ints, Log
from metrics.stations import Stations

UNKNOWN = -1
_ACTS = ("on_hold", "escalated", "resolved")
_MINUTES = 26  # bits: more than a hundred years


def lost_minutes(log: Log, stations: Stations, holds: tuple[Codes, Ints, Ints], left: Ints) -> Ints:
    """Calendar minutes that the customer lost by each handoff; UNKNOWN while the receiver has done nothing yet.

    `left`: the number of the station that each handoff left. `holds`: ticket, from, to of each spell on hold.
    """
    idle, acted = _idle(log, stations, holds)
    before = stations.is_first[left] & ~acted[left]
    after = idle[left + 1]
    return np.where(after == UNKNOWN, UNKNOWN, after + np.where(before, idle[left], 0))


def _idle(log: Log, stations: Stations, holds: tuple[Codes, Ints, Ints]) -> tuple[Ints, Bools]:
    """How long each station's team did nothing at first, and whether it did something at all."""
    acts = np.concatenate([log.replies, log.notes, *(log.of_kind(kind) for kind in _ACTS)])
    acts.sort()
    first = np.full(len(log.stay_begins), UNKNOWN, dtype=np.int64)
    first[log.stay_of(acts)[::-1]] = acts[::-1]  # the first is written last
    act = first[stations.stay]
    acted = act >= 0
    follows = np.append(stations.event[1:], UNKNOWN)[: len(stations.event)]
    until = np.where(acted, act, np.where(stations.is_last, UNKNOWN, follows))
    known = until >= 0
    end = log.at[np.where(known, until, 0)] // MINUTE if log.size else until
    start = stations.since // MINUTE
    held = _Held(holds)
    waited = end - start - held.before(stations.ticket, end) + held.before(stations.ticket, start)
    return np.where(known, np.maximum(waited, 0), UNKNOWN), acted


class _Held:
    """Minutes that a ticket was on hold before a minute, up to a constant that is the ticket's own."""

    def __init__(self, holds: tuple[Codes, Ints, Ints]) -> None:
        ticket, start, end = holds
        self._ticket, self._end = ticket, end // MINUTE
        self._key = ticket.astype(np.int64) << _MINUTES | start // MINUTE
        self._sum = np.append(0, np.cumsum(self._end - start // MINUTE))

    def before(self, ticket: Codes, minute: Ints) -> Ints:
        if not len(self._key):
            return np.zeros(len(ticket), dtype=np.int64)
        begun = np.searchsorted(self._key, ticket.astype(np.int64) << _MINUTES | np.maximum(minute, 0), side="right")
        last = np.maximum(begun - 1, 0)
        still = (begun > 0) & (self._ticket[last] == ticket)
        ahead = np.where(still, np.maximum(self._end[last] - minute, 0), 0)
        spent: Ints = self._sum[begun] - ahead
        return spent
