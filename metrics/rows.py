"""The columns of a table, read when they are first asked for: what nobody counts is not read from the lake."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.roster import codes


class Rows:
    """One partition of a table. `at_once` are read together at the first need; any other column alone, when asked for.

    The frame must give its rows in the same order each time.
    """

    def __init__(self, frame: pl.LazyFrame, at_once: Sequence[str]):
        self._frame, self._at_once = frame, list(at_once)
        self._read: dict[str, pl.Series] = {}
        self._codes: dict[str, NDArray[np.int32]] = {}

    def __getitem__(self, name: str) -> pl.Series:
        if name not in self._read:
            wanted = self._at_once if name in self._at_once else [name]
            self._read.update({column.name: column for column in self._frame.select(wanted).collect()})
        return self._read[name]

    def codes(self, name: str, kind: pl.Categorical) -> NDArray[np.int32]:
        """The codes of a column of names, made once; -1 where null."""
        if name not in self._codes:
            self._codes[name] = codes(self[name], kind)
        return self._codes[name]

    def only(self, ticket_ids: pl.Series) -> "Rows":
        """The rows of these tickets."""
        known = ticket_ids.to_frame("ticket_id").lazy()
        return Rows(self._frame.join(known, on="ticket_id", how="semi", maintain_order="left"), self._at_once)


# What counting takes, as a rule.
TICKETS_AT_ONCE = ("ticket_id", "customer_id", "opened_at", "channel", "category", "priority", "origin")
EVENTS_AT_ONCE = ("ticket_id", "at", "kind", "team_id", "actor")
