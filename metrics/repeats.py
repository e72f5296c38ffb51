"""Does the customer have to come back? The next ticket of the same customer about the same category, and reopenings."""

from functools import cached_property

import numpy as np
import polars as pl

from metrics.clock import MINUTE
from metrics.columns import NEVER
from metrics.log import Bools, Codes, Ints, Log, Logged
from metrics.outcomes import Outcomes
from metrics.roster import CATEGORY
from metrics.rows import Rows

SOONEST, LATEST = 15, 14 * 24 * 60  # minutes after the resolve, both included
SPAN = 2**32  # more minutes than any log
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: neighbouring categories land far apart


class Resolves:
    """Arrays over the resolves of one partition, in the order of the log; then those that only a summary tells of."""

    def __init__(self, tickets: Rows, log: Log, logged: Logged, outcomes: Outcomes):
        self._tickets, self._log, self._logged, self._outcomes = tickets, log, logged, outcomes

    @cached_property
    def _told(self) -> Codes:
        """Tickets without events whose summary tells of a resolve."""
        if self._log.all_have_events:
            return np.empty(0, dtype=np.int32)
        return np.flatnonzero(~self._log.has_events & (self._outcomes.first_resolved != NEVER)).astype(np.int32)

    @cached_property
    def event(self) -> Ints:
        """The place in the log, -1 for a summary's."""
        return np.append(self._log.resolves, np.full(len(self._told), -1, dtype=np.int64))

    @cached_property
    def ticket(self) -> Codes:
        return np.append(self._log.ticket_of(self._log.resolves), self._told)

    @cached_property
    def team(self) -> Codes:
        team = self._log.team_of(self._log.resolves)
        return np.append(team, self._outcomes.told_team[self._told]) if len(self._told) else team

    @cached_property
    def at(self) -> Ints:
        return np.append(self._log.at[self._log.resolves], self._outcomes.first_resolved[self._told])

    @cached_property
    def reopened(self) -> Ints:
        """The next reopening; where the log has none, the next resolve, which tells of one. NEVER for a summary's."""
        after = np.full(len(self.event), NEVER)
        resolves = self._log.resolves
        back = self._log.reopened if self._logged.reopens else resolves
        # Reopenings are few: from each, look back to the resolves of its ticket that have no nearer one.
        place, at, ticket = np.searchsorted(resolves, back) - 1, self._log.at[back], self._log.ticket_of(back)
        while len(place):
            ours = place >= 0
            ours[ours] = (self.ticket[place[ours]] == ticket[ours]) & (after[place[ours]] == NEVER)
            place, at, ticket = place[ours], at[ours], ticket[ours]
            after[place[::-1]] = at[::-1]  # of several that look back to one resolve, the first
            place = place - 1
        return after

    @cached_property
    def reopened_soon(self) -> Bools:
        """Reopened within the window; of a summary, which does not say when, reopened at all."""
        told = np.append(np.zeros(len(self._log.resolves), bool), self._outcomes.reopens[self._told] > 0)
        soon = np.flatnonzero(self.reopened != NEVER)
        told[soon] = self.reopened[soon] // MINUTE - self.at[soon] // MINUTE <= LATEST
        return told

    @cached_property
    def repeat(self) -> Ints:
        """The opening of the customer's next ticket of the same category within the window; NEVER without one."""
        group, minute, place = self._asked_again
        found = np.full(len(self.event), NEVER)
        which = np.flatnonzero(self._group[self.ticket] >= 0)
        if not len(group) or not len(which):
            return found
        resolved = self.at[which] // MINUTE
        wanted = self._group[self.ticket[which]] * SPAN + resolved + SOONEST
        following = np.searchsorted(group * SPAN + minute, wanted)
        inside = np.minimum(following, len(group) - 1)
        hit = (following < len(group)) & (group[inside] == self._group[self.ticket[which]])
        hit &= minute[inside] - resolved <= LATEST
        found[which[hit]] = self._outcomes.opened[place[inside[hit]]]
        return found

    @cached_property
    def _group(self) -> Ints:
        """A number for each customer and category that came more than once; -1 for others, and where one is unknown."""
        return _groups(self._tickets["customer_id"], self._tickets.codes("category", CATEGORY))

    @cached_property
    def _asked_again(self) -> tuple[Ints, Ints, Ints]:
        """The tickets that may be somebody's repeat, by group and opening: group, minute opened, row."""
        ours = (self._tickets["origin"].cast(pl.String) == "proactive").fill_null(False).to_numpy()
        row = np.flatnonzero((self._group >= 0) & ~ours)
        minute = self._outcomes.opened[row] // MINUTE
        order = np.argsort(self._group[row] * SPAN + minute, kind="stable")
        return self._group[row][order], minute[order], row[order]


def _groups(customer: pl.Series, category: Codes) -> Ints:
    """Twins by two hashes of 64 bits each: that both are alike by chance is one in 10**26 for ten million tickets."""
    asks = np.flatnonzero(customer.is_not_null().to_numpy() & (category >= 0))
    told = category[asks].astype(np.uint64) * SPREAD
    hashed = customer.hash().to_numpy()[asks] ^ told
    # The row rides in the lowest bits: sorting one array finds those that share the highest bits of their hash.
    bits = np.uint64(max(len(asks).bit_length(), 1))
    word = (hashed >> bits << bits) + np.arange(len(asks), dtype=np.uint64)
    word.sort()
    alike = (word[1:] ^ word[:-1]) >> bits == 0
    near = (np.append(alike, False) | np.append(False, alike))[: len(word)]
    ask = (word[near] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    row, first = asks[ask], hashed[ask]
    second = customer.gather(row).hash(seed=1).to_numpy() ^ told[ask]
    group: Ints = np.full(len(customer), -1, dtype=np.int64)
    order = np.lexsort((second, first))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (first[order][1:] != first[order][:-1]) | (second[order][1:] != second[order][:-1])
    group[row[order]] = np.cumsum(new)
    return group
