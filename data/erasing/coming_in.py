"""Whoever asked to be forgotten does not come in again: their rows are set aside with the reason, and without an id."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from data.erasing.forgotten import CUSTOMER, PERSON, TICKET, Asked, Known
from data.reasons import Reason
from data.validation import BAD, NR, bad_rows

_ADVICE = "Nothing is to be mended. If they want to be known again: heartline forget --lift."
OF_FORGOTTEN = "is of somebody who asked to be forgotten"  # how the reason begins
_WHOSE = (("customer_id", CUSTOMER), ("person_id", PERSON), ("ticket_id", TICKET))


@dataclass
class Gate:
    """Who may not come in, and the tickets of this import that went with them."""

    known: Known
    tickets: dict[str, Asked] = field(default_factory=dict)

    def through(self, table: str, text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows that may come in, and the others as bad cells. An agent's name is taken out of a customer's row."""
        if not self.known:
            return text, pl.DataFrame(schema=BAD)
        bad, left = [pl.DataFrame(schema=BAD)], text
        for column, kind in _WHOSE:
            if column not in text.columns:
                continue
            asked = self.known.among(kind, left[column])
            if kind == TICKET:
                asked |= {one: known.on for one, known in self.tickets.items() if table != "tickets"}
            theirs = left.filter(pl.col(column).is_in([*asked]))
            if theirs.is_empty():
                continue
            if table == "tickets":
                self.tickets |= {
                    row["ticket_id"]: Asked(asked[row[column]], self.known.number(kind, row[column]))
                    for row in _named(theirs, column)
                }
            bad.append(_set_aside(theirs, column, asked))
            left = left.join(theirs.select(NR), on=NR, how="anti", maintain_order="left")
        if "agent_id" in left.columns:
            agents = [*self.known.among(PERSON, left["agent_id"])]
            agent = pl.col("agent_id")
            left = left.with_columns(pl.when(agent.is_in(agents)).then(None).otherwise(agent).alias("agent_id"))
        return left, pl.concat(bad)


def _named(theirs: pl.DataFrame, column: str) -> list[dict[str, str]]:
    return theirs.select({"ticket_id", column}).drop_nulls().to_dicts()


def _set_aside(theirs: pl.DataFrame, column: str, asked: dict[str, date]) -> pl.DataFrame:
    days = {name: f"{on.day} {on:%B %Y}" for name, on in asked.items()}
    words = theirs.select(pl.format(f"{OF_FORGOTTEN} on {{}}", pl.col(column).replace_strict(days))).to_series()
    return bad_rows(theirs[NR], Reason(column, words, _ADVICE))
