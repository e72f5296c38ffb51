"""The table of standards, kept in versions: what was derived from the data, and what people set in its place.

Every derivation that differs, every overruling and every undoing makes the next version; a reading names the version
it rests on, and any version can be asked for again. Standards hold for all teams, so whoever sees some team may read
them, and only who has the right to settle them for every team may change them.
"""

import difflib
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from data.clock import instant
from data.coaching.action import tidy_text
from data.coaching.action_rows import asker
from data.database import Database
from data.errors import Trouble
from data.scope import Right, Scope
from data.tables import StandardOverrideRow, StandardRow, StandardVersionRow
from metrics.standards import STANDARDS
from metrics.standards import overrule as laid_over

_KEPT = ("category", "simple", "standard_minutes", "n", "one_touch_share", "median_minutes", "reason")
DERIVED = {name: STANDARDS[name] for name in _KEPT}
CHANGES = {name: STANDARDS[name] for name in ("category", "simple", "standard_minutes", "reason", "author", "version")}
YEAR_OF_MINUTES = 366 * 24 * 60
# How many tickets a standard rests on is told so: below each limit the words, at last those of all above.
TICKETS = ((200, "under 200"), (1_000, "200 to 999"), (10_000, "1,000 to 9,999"), (0, "10,000 or more"))


@dataclass(frozen=True)
class StandardChange:
    """One step in the history of the standards. What a step does not concern is null."""

    version: int
    at: datetime
    by: str
    what: str
    data_version: int | None = None
    provisional: bool | None = None
    category: str | None = None
    simple: bool | None = None
    standard_minutes: int | None = None
    reason: str | None = None


def save_derived(
    scope: Scope,
    database: Database,
    derived: pl.DataFrame,
    *,
    data_version: int | None,
    provisional: bool,
    now: datetime | None = None,
) -> int:
    """Keep a table with the columns of `DERIVED`. Gives the version in force, a new one where anything differs.

    `provisional`: the reference window is not complete, so the next import may derive another.
    """
    _may_change(scope)
    frame = derived.select(pl.col(name).cast(kind) for name, kind in DERIVED.items()).sort("category")
    with database.writing() as session:
        last = _locked_version(session)
        table = _derived_at(session, last)
        if table is not None and table.provisional == provisional and _rows(session, table.version).equals(frame):
            table.data_version = data_version
            return last
        version = _next(session, scope, "derived", instant(now), data_version=data_version, provisional=provisional)
        session.add_all(StandardRow(version=version, **row) for row in frame.iter_rows(named=True))
        return version


def overrule(
    scope: Scope,
    database: Database,
    category: str,
    *,
    reason: str,
    simple: bool | None = None,
    standard_minutes: int | None = None,
    seen: int | None = None,
    now: datetime | None = None,
) -> int:
    """Set in place of what was derived whether a category is simple, its standard in business minutes, or both.

    `seen`: the version that the asker had before them. Gives the new version. Raises Trouble for an unknown category,
    no reason, nothing to set, or an impossible time; Conflict where someone set the category meanwhile.
    """
    _may_change(scope)
    why, at = tidy_text(reason, "reason"), instant(now)
    if simple is None and standard_minutes is None:
        raise Trouble("Nothing was set: say whether the category is simple, or its standard in business minutes.")
    if standard_minutes is not None and not 0 < standard_minutes <= YEAR_OF_MINUTES:
        raise Trouble(f"A standard is more than 0 and at most {YEAR_OF_MINUTES:,} minutes, not {standard_minutes:,}.")
    with database.writing() as session:
        _known(session, _locked_version(session), category)
        _as_seen(session, category, seen)
        version = _next(session, scope, "set", at)
        row = StandardOverrideRow(category=category, simple=simple, standard_minutes=standard_minutes, reason=why)
        row.author, row.at, row.version = asker(scope), at, version
        session.add(row)
        return version


def undo(
    scope: Scope, database: Database, category: str, *, seen: int | None = None, now: datetime | None = None
) -> int:
    """Take back the last overruling of a category that is in force; one before it, if any, holds again.

    `seen` as for `overrule`. Raises Trouble where nothing is set, Conflict where someone was there first.
    """
    _may_change(scope)
    at = instant(now)
    with database.writing() as session:
        last = _locked_version(session)
        _as_seen(session, category, seen)
        in_force = [row for row in _overrides(session, last) if row.category == category]
        if not in_force:
            raise Trouble(f"Nothing was set for the category {category!r}, so there is nothing to undo.")
        row, version = in_force[-1], _next(session, scope, "undone", at)
        row.undone_at, row.undone_by, row.undone_version = at, asker(scope), version
        return version


class Conflict(Trouble):
    """Somebody else set or undid the category first; nothing of theirs was overwritten."""


def current(scope: Scope, database: Database, version: int | None = None) -> pl.DataFrame:
    """The standards as of a version (default: the last), one row a category, with the columns of STANDARDS.

    `standard_minutes` are business minutes; `source` is "set" where a person overruled, with their reason; `version`
    is the one asked for. No rows while nothing has been derived. Raises Trouble for a version that is not there.
    """
    _may_read(scope)
    with database.reading() as session:
        last = _version(session)
        if version is not None and not 0 < version <= last:
            raise Trouble(f"There is no version {version} of the standards; the last is {last}.")
        asked = version or last
        table = _derived_at(session, asked)
        rows = _rows(session, table.version) if table else pl.DataFrame(schema=DERIVED)
        derived = rows.with_columns(version=pl.lit(asked), source=pl.lit("derived"), author=pl.lit(None))
        ordered = derived.select(STANDARDS.names()).cast(STANDARDS)
        whole = laid_over(ordered, _in_force(_overrides(session, asked)))
        return whole.with_columns(version=pl.lit(asked, pl.Int64))


def as_told(standards: pl.DataFrame) -> pl.DataFrame:
    """The standards as they are shown: what they rest on as a band (`n`, text) and in round numbers.

    They rest on all teams, also on those that are left out of every number.
    """
    band = pl.lit(TICKETS[-1][1])
    for limit, words in reversed(TICKETS[:-1]):
        band = pl.when(pl.col("n") < limit).then(pl.lit(words)).otherwise(band)
    enough = pl.col("n") >= TICKETS[0][0]
    return standards.with_columns(
        n=pl.when(pl.col("n").is_not_null()).then(band),
        one_touch_share=pl.when(enough).then(pl.col("one_touch_share").round(2)),
        median_minutes=pl.when(enough).then(pl.col("median_minutes").round_sig_figs(2)),
    )


def latest_version(scope: Scope, database: Database) -> int:
    """The number of the version in force; 0 while nothing has been derived."""
    _may_read(scope)
    with database.reading() as session:
        return _version(session)


def is_provisional(scope: Scope, database: Database, version: int | None = None) -> bool:
    """Does the table rest on a reference window that is not complete yet? True while nothing has been derived."""
    _may_read(scope)
    with database.reading() as session:
        table = _derived_at(session, version or _version(session))
        return table is None or bool(table.provisional)


def history(scope: Scope, database: Database) -> list[StandardChange]:
    """Every version, oldest first: who derived, set or undid what, when and why."""
    _may_read(scope)
    with database.reading() as session:
        set_at = {row.version: row for row in session.scalars(select(StandardOverrideRow))}
        undone_at = {row.undone_version: row for row in set_at.values() if row.undone_version is not None}
        steps = session.scalars(select(StandardVersionRow).order_by(StandardVersionRow.version))
        return [_step(step, set_at.get(step.version) or undone_at.get(step.version)) for step in steps]


def _step(step: StandardVersionRow, override: StandardOverrideRow | None) -> StandardChange:
    known = StandardChange(step.version, step.at, step.by, step.what, step.data_version, step.provisional)
    if override is None:
        return known
    told = {"category": override.category, "reason": override.reason}
    values = {"simple": override.simple, "standard_minutes": override.standard_minutes}
    return StandardChange(**{**vars(known), **told, **values})


def _in_force(overrides: list[StandardOverrideRow]) -> pl.DataFrame:
    """What is set for each category: later over earlier, field by field, so that one may set the standard alone."""
    rows: dict[str, dict[str, object]] = {}
    for override in overrides:
        fields = {name: getattr(override, name) for name in CHANGES}
        row = rows.setdefault(override.category, fields)
        row |= {name: value for name, value in fields.items() if value is not None}
    return pl.DataFrame(list(rows.values()), schema=CHANGES)


def _rows(session: Session, version: int) -> pl.DataFrame:
    columns = [getattr(StandardRow, name) for name in DERIVED]
    rows = session.execute(select(*columns).where(StandardRow.version == version)).all()
    return pl.DataFrame([tuple(row) for row in rows], schema=DERIVED, orient="row").sort("category")


def _derived_at(session: Session, version: int) -> StandardVersionRow | None:
    """The last derivation at or before a version."""
    step = StandardVersionRow
    asked = select(step).where(step.what == "derived", step.version <= version).order_by(step.version.desc())
    return session.scalars(asked.limit(1)).first()


def _overrides(session: Session, version: int) -> list[StandardOverrideRow]:
    """The overrulings in force at a version, oldest first."""
    row = StandardOverrideRow
    undone_later = or_(row.undone_version.is_(None), row.undone_version > version)
    return list(session.scalars(select(row).where(row.version <= version, undone_later).order_by(row.version)))


def _known(session: Session, version: int, category: str) -> None:
    table = _derived_at(session, version)
    if table is None:
        raise Trouble("There are no standards yet: import tickets first, then overrule what was derived from them.")
    names = [name for name in _rows(session, table.version)["category"] if name is not None]
    if category not in names:
        near = difflib.get_close_matches(category, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`heartline standards` lists those that there are."
        raise Trouble(f"There is no category {category!r} in the data: {hint}")


def _as_seen(session: Session, category: str, seen: int | None) -> None:
    """Conflict where the category was set or undone after the version that the asker saw."""
    if seen is None:
        return
    row, undone = StandardOverrideRow, StandardOverrideRow.undone_version
    later = select(row).where(row.category == category, or_(row.version > seen, undone > seen))
    found = session.scalars(later.order_by(func.coalesce(undone, row.version).desc())).first()
    if found is not None:
        took_back = found.undone_version is not None and found.undone_version > seen
        who, at = (found.undone_by, found.undone_at) if took_back else (found.author, found.at)
        did = "undid what was set for" if took_back else "set"
        raise Conflict(
            f"{who} {did} the category {category!r} while you were looking ({at:%Y-%m-%d %H:%M} UTC): nothing was "
            "overwritten and nothing of yours was kept. Look at it as it stands now, and set it again."
        )


def _version(session: Session) -> int:
    return session.scalar(select(func.max(StandardVersionRow.version))) or 0


def _locked_version(session: Session) -> int:
    """The version in force, and nobody makes another before this transaction ends (SQLite has one writer anyhow)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE standard_versions IN SHARE ROW EXCLUSIVE MODE"))
    return _version(session)


def _next(
    session: Session,
    scope: Scope,
    what: str,
    at: datetime,
    *,
    data_version: int | None = None,
    provisional: bool | None = None,
) -> int:
    step = StandardVersionRow(version=_version(session) + 1, at=at, by=asker(scope), what=what)
    step.data_version, step.provisional = data_version, provisional
    session.add(step)
    session.flush()
    return step.version


def _may_change(scope: Scope) -> None:
    if Right.SETTLE not in scope.rights or scope.reach(Right.SETTLE) is not None:
        raise Trouble("The standards hold for every team, so only who may see every team may change them.")


def _may_read(scope: Scope) -> None:
    if scope.teams is not None and not scope.teams and not scope.may(Right.SETTLE):
        raise Trouble("The standards are not yours to see: ask for the right to see a team first.")
