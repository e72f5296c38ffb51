"""Who asked to be forgotten: kept as keyed fingerprints, by which their rows are known when they come again.

A fingerprint is an HMAC of the pseudonym under a key of its own, derived from the home's: the database alone tells
nothing of whose it is, and holds neither id nor pseudonym.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from data import record
from data.clock import instant
from data.database import Database
from data.errors import Trouble
from data.home import Home
from data.pseudonym import PREFIX, key_of_home, pseudonym
from data.purpose_tables import ForgottenRow
from metrics.frames import SECRET_IDS

CUSTOMER, PERSON, TICKET = "customer", "person", "ticket"
KINDS = (CUSTOMER, PERSON)
IS_PSEUDONYM = re.compile(rf"{PREFIX}[0-9a-f]{{32}}")
KIND_OF = {"customer_id": CUSTOMER, "agent_id": PERSON, "person_id": PERSON}
_COLUMN = {CUSTOMER: "customer_id", PERSON: "person_id"}


def pseudonym_of(home: Home, kind: str, given: str) -> str:
    """`given`, an id as the source system has it, or a pseudonym already -> the pseudonym."""
    given = given.strip()
    return given if IS_PSEUDONYM.fullmatch(given) else pseudonym(key_of_home(home), _COLUMN[kind], given)


def fingerprint(home: Home, kind: str, pseudonym_or_ticket: str) -> str:
    """The fingerprint under which the database keeps a pseudonym, or the id of a ticket."""
    return _mark(_derived(key_of_home(home)), kind, pseudonym_or_ticket)


def _mark(key: bytes, kind: str, name: str) -> str:
    return hmac.digest(key, f"{kind}\x00{name}".encode(), "sha256").hex()[:40]


@lru_cache(maxsize=16)
def _derived(key: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"heartline forgotten").derive(key)


@dataclass(frozen=True)
class Known:
    """The fingerprints of who is forgotten, by kind: each with the day on which it was asked.

    `numbers`: whose each is on the list; of a ticket, whose ticket.
    """

    home: Home
    asked: dict[str, dict[str, date]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.asked.values())

    def on(self, kind: str, ids: Iterable[str]) -> dict[str, date]:
        """Those of `ids` (pseudonyms, or ids of tickets) who are forgotten, with the day on which it was asked."""
        mine = self.asked.get(kind)
        if not mine:
            return {}
        key = _derived(key_of_home(self.home))
        marked = ((one, _mark(key, kind, one)) for one in ids)
        return {one: mine[mark] for one, mark in marked if mark in mine}

    def number(self, kind: str, one: str) -> int:
        """Whose number on the list it is, of an id that is on it."""
        return self.numbers[_mark(_derived(key_of_home(self.home)), kind, one)]

    def among(self, kind: str, ids: pl.Series) -> dict[str, date]:
        """The same of a column."""
        return self.on(kind, ids.drop_nulls().unique()) if self.asked.get(kind) else {}


def known(home: Home, database: Database) -> Known:
    """All who are forgotten and were not taken off the list again."""
    row = ForgottenRow
    asked: dict[str, dict[str, date]] = {}
    numbers: dict[str, int] = {}
    with database.reading() as session:
        for one in session.scalars(select(row).where(row.lifted_at.is_(None)).order_by(row.id)):
            asked.setdefault(one.kind, {})[one.fingerprint] = one.asked_on
            numbers.setdefault(one.fingerprint, one.id if one.of is None else one.of)
    return Known(home, asked, numbers)


class Asked(NamedTuple):
    """On which day somebody asked to be forgotten, and their number on the list."""

    on: date
    number: int


def remember(home: Home, database: Database, tickets: dict[str, Asked]) -> None:
    """Keep the fingerprints of tickets that came in again, so that what is told of them later stays out, too: each with
    whose it is, so that it comes in again when that one forgetting is lifted."""
    marks = {fingerprint(home, TICKET, ticket): asked for ticket, asked in tickets.items()}
    if not marks:
        return
    row, at = ForgottenRow, instant(None)
    with database.writing() as session:
        held = set(session.scalars(select(row.fingerprint).where(row.lifted_at.is_(None), row.kind == TICKET)))
        session.add_all(
            row(kind=TICKET, fingerprint=mark, of=one.number, asked_on=one.on, by="heartline", at=at, done_at=at)
            for mark, one in marks.items()
            if mark not in held
        )


def unfinished(database: Database) -> list[int]:
    """The numbers of those whose forgetting was begun and has not ended."""
    row = ForgottenRow
    asked = select(row.id).where(row.done_at.is_(None), row.lifted_at.is_(None), row.of.is_(None)).order_by(row.id)
    with database.reading() as session:
        return list(session.scalars(asked))


def listed(database: Database) -> list[ForgottenRow]:
    """Everybody who ever asked, oldest first. Their tickets are not listed."""
    with database.reading() as session:
        found = session.scalars(
            select(ForgottenRow).where(ForgottenRow.kind.in_(KINDS)).order_by(ForgottenRow.id)
        ).all()
        session.expunge_all()
        return list(found)


def standing(session: Session, mark: str) -> ForgottenRow | None:
    """The row of this fingerprint that holds."""
    asked = select(ForgottenRow).where(ForgottenRow.fingerprint == mark, ForgottenRow.lifted_at.is_(None))
    return session.scalars(asked.order_by(ForgottenRow.id)).first()


@dataclass(frozen=True)
class Forbidden:
    """What may be in no file of the lake: pseudonyms of customers and people, and ids of tickets."""

    customers: list[str]
    people: list[str]
    tickets: list[str]

    def __bool__(self) -> bool:
        return bool(self.customers or self.people or self.tickets)


def forbidden(files: Iterable[pl.LazyFrame], who: Known) -> Forbidden:
    """Which ids that stand in these files are of somebody who is forgotten."""
    ids: dict[str, list[pl.Series]] = {CUSTOMER: [], PERSON: [], TICKET: []}
    for rows in files:
        names = rows.collect_schema().names()
        for column in [*SECRET_IDS, "ticket_id"]:
            kind = KIND_OF.get(column, TICKET)
            if column in names and who.asked.get(kind):
                ids[kind].append(_distinct(rows, pl.col(column)))
        if "cells" in names:
            said = _distinct(rows, pl.col("cells").str.extract_all(IS_PSEUDONYM.pattern).explode())
            for kind in KINDS:
                ids[kind].append(said)
    none = pl.Series(dtype=pl.String)
    found = {kind: sorted(who.among(kind, pl.concat([none, *some]))) for kind, some in ids.items()}
    return Forbidden(found[CUSTOMER], found[PERSON], found[TICKET])


def _distinct(rows: pl.LazyFrame, what: pl.Expr) -> pl.Series:
    return rows.select(what.drop_nulls().unique().alias("id")).collect()["id"]


def without(who: Forbidden, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` of a table without theirs. A customer's rows go whole; of a person what is about them goes, and in what is
    about a customer their name is taken out."""
    theirs = {"customer_id": who.customers, "ticket_id": who.tickets, "person_id": who.people}
    left = rows
    for column, ids in theirs.items():
        if column in rows.columns and ids:
            left = left.filter(~pl.col(column).is_in(ids).fill_null(value=False))
    if table == "rejects":
        left = left.filter(~_mentions(who).fill_null(value=False))
    if "agent_id" in rows.columns and who.people:
        agent = pl.col("agent_id")
        left = left.with_columns(pl.when(agent.is_in(who.people)).then(None).otherwise(agent).alias("agent_id"))
    return left


def _mentions(who: Forbidden) -> pl.Expr:
    """Rows that were set aside and hold one of their ids in a cell."""
    said = pl.concat_str("cells", "value", ignore_nulls=True)
    ticket = pl.col("cells").str.extract(r'"ticket_id":"((?:[^"\\]|\\.)*)"')
    words = [*who.customers, *who.people, "no id looks like this"]
    return said.str.contains_any(words) | ticket.is_in([*who.tickets, "nor this"])


def lift(database: Database, number: int, by: str, reason: str, at: datetime) -> None:
    """From now on their rows may come in again. Trouble where that number is not on the list."""
    with database.writing() as session:
        asked = session.get(ForgottenRow, number)
        if asked is None or asked.kind not in KINDS or asked.lifted_at is not None:
            raise Trouble(f"Nobody on the list has the number {number}: see `heartline forget --list`.")
        record.note_in(session, by, "lifted a forgetting", f"{asked.kind} {number} of the list")
        for row in session.scalars(
            select(ForgottenRow).where((ForgottenRow.id == number) | (ForgottenRow.of == number))
        ):
            row.lifted_at, row.lifted_by, row.lifted_reason = at, by, reason
