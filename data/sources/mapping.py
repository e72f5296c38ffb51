"""A table as found + a profile -> the contract's tables, still as text, each row with where it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from data.errors import Trouble
from data.sources import audit
from data.sources.cells import floats, instants
from data.sources.choosing import REJECT_TABLE, is_mended, native_lacks, native_tables
from data.sources.profile import AUDIT_COLUMNS, Profile, TableMap, find
from data.sources.raw import FAULT, ROW, Progress, Raw, no_progress
from metrics.frames import CONTRACT

SRC, ORDER = "_src", "_order"
# Written beside the cells of rows that were set aside; read again when they come back mended.
REJECT_ID = "reject_id"
ANSWER = "answer to "
_UNITS = {"days": "d", "months": "mo", "years": "y"}


@dataclass(frozen=True, eq=False)
class Mapped:
    """Rows of `table` as text (contract columns that the source has), with `_src` (which source row, from 0), `_row`
    (where a person finds it) and `_fault`. `shares`: _src, ticket_id of source rows that made no row of their own."""

    table: str
    frame: pl.DataFrame
    shares: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={SRC: pl.Int64, "ticket_id": pl.String}))


@dataclass(frozen=True, eq=False)
class Source:
    """One table of the file after mapping. `read` counts its source rows."""

    name: str
    profile: Profile
    read: int
    tables: list[Mapped]
    notes: tuple[str, ...]


def mapped(raw: Raw, profile: Profile, table: str | None, progress: Progress = no_progress) -> Source:
    """Read `raw` through `profile` into the contract's tables; `table` limits it to one. Trouble: what lacks."""
    if table is not None and table not in CONTRACT:
        raise Trouble(f'There is no table "{table}": there are {", ".join(CONTRACT)}.')
    if table is not None and profile.kind == "rows" and table not in profile.tables:
        raise Trouble(f"The profile {profile.name} makes {', '.join(profile.tables)}, not {table}.")
    _require(raw, profile)
    if profile.kind == "audit":
        found, read = _audited(raw, profile, progress)
    elif profile.kind == "native":
        found, read = _native(raw, profile, table, progress)
    else:
        found, read = _by_rows(raw, profile, list(profile.tables), progress)
    kept = [one for one in found if table is None or one.table == table]
    return Source(raw.name, profile, read, kept, raw.notes)


def _require(raw: Raw, profile: Profile) -> None:
    lacking = profile.lacks(raw.columns)
    if lacking:
        raise Trouble(
            f"{raw.name} lacks {', '.join(lacking)}, which the profile {profile.name} needs; "
            f"it has {', '.join(raw.columns[:40])}. Export it with that column, or name another --profile."
        )


def _native(raw: Raw, profile: Profile, table: str | None, progress: Progress) -> tuple[list[Mapped], int]:
    if table is None and is_mended(raw.columns):
        return _mended(raw, profile, progress)
    if table is None:
        fits = native_tables(raw.columns)
        if len(fits) != 1:
            raise Trouble(
                f"The columns of {raw.name} fit {' and '.join(fits) or 'no table'}: say which table it is with --as."
            )
        table = fits[0]
    lacking = native_lacks(raw.columns, table)
    if lacking:
        raise Trouble(
            f"{raw.name} lacks {', '.join(lacking)}, which {table} needs; it has {', '.join(raw.columns[:40])}. "
            "Rename or add the column, or name a --profile."
        )
    frame = _read(raw, _native_map(profile, table), profile, progress, extra=(REJECT_ID,))
    return [Mapped(table, frame)], frame.height


def _mended(raw: Raw, profile: Profile, progress: Progress) -> tuple[list[Mapped], int]:
    """Rows that were set aside and come back: each says its table."""
    every = TableMap({name: (name,) for table in CONTRACT.values() for name in table.column_names()})
    frame = _read(raw, every, profile, progress, extra=(REJECT_ID, REJECT_TABLE))
    # the quote that keeps spreadsheets from taking a cell for a formula (data.rejects.guarded)
    frame = frame.with_columns(pl.col(pl.String).exclude(FAULT).str.strip_prefix("'"))
    known = pl.col(REJECT_TABLE).is_in(list(CONTRACT))
    strange = frame.filter(~known.fill_null(False))
    if strange.height:
        raise Trouble(
            f"{raw.name} says a table that is none on row {strange[ROW][0]}: "
            f"leave the column {REJECT_TABLE} as it was exported."
        )
    parts = [(str(name[0]), part) for name, part in frame.partition_by(REJECT_TABLE, as_dict=True).items()]
    service = (SRC, ROW, FAULT, REJECT_ID)
    order = list(CONTRACT)
    return [
        Mapped(name, part.select(*[c for c in CONTRACT[name].column_names() if c in part.columns], *service))
        for name, part in sorted(parts, key=lambda pair: order.index(pair[0]))
    ], frame.height


def _native_map(profile: Profile, table: str) -> TableMap:
    own = profile.tables.get(table, TableMap({}))
    names = {name: own.columns.get(name, (name,)) for name in CONTRACT[table].column_names()}
    return TableMap(names, own.values, own.constants)


def _by_rows(raw: Raw, profile: Profile, tables: list[str], progress: Progress) -> tuple[list[Mapped], int]:
    found, read = [], 0
    for table in tables:
        frame = _read(raw, profile.tables[table], profile, progress, extra=(profile.order,) if profile.order else ())
        frame = _placed(frame, profile)
        read = frame.height
        found.append(Mapped(table, answered(frame)))
    return found, read


def _placed(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The profile's order column as a number, `_order`: by it the last of several rows of one key wins."""
    if profile.order not in frame.columns:
        return frame
    text = frame.get_column(profile.order)
    when = instants(text, profile.all_formats, profile.zone).dt.epoch("us")
    number = floats(text).cast(pl.Int64, strict=False)
    return frame.with_columns((number if when.null_count() > number.null_count() else when).alias(ORDER)).drop(
        profile.order
    )


def _read(raw: Raw, how: TableMap, profile: Profile, progress: Progress, extra: Iterable[str] = ()) -> pl.DataFrame:
    """The columns that `how` names and `raw` has, under the contract's names."""
    places = {column: find(raw.columns, accepted) for column, accepted in how.columns.items()}
    places |= {name: find(raw.columns, (name,)) for name in extra}
    places |= {f"{ANSWER}{question}": find(raw.columns, accepted) for question, accepted in how.answers.items()}
    long = {column: names for column, (_, names) in how.after.items()}
    long |= {column: names for column, (_, names, _) in how.before.items()}
    spans = {column: find(raw.columns, names) for column, names in long.items() if not places.get(column)}
    others = _other_names(raw, how) if profile.kind == "native" else {}
    named = [*places.values(), *spans.values(), *(name for names in others.values() for name in names)]
    wanted = list(dict.fromkeys(name for name in named if name))
    text = known_cells(raw.read(wanted, progress), profile)
    frame = text.select(
        *[pl.coalesce(name, *others.get(column, ())).alias(column) for column, name in places.items() if name],
        *[pl.col(name).alias(f"{column}+") for column, name in spans.items() if name],
        ROW,
        FAULT,
        pl.int_range(0, pl.len(), dtype=pl.Int64).alias(SRC),
    )
    for column, (unit, _) in how.after.items():
        if f"{column}+" in frame.columns:
            frame = _later(frame, column, unit, profile)
    for column, (unit, _, day) in how.before.items():
        if f"{column}+" in frame.columns:
            frame = _earlier(frame, column, unit, day)
    constants = [pl.lit(value).alias(column) for column, value in how.constants.items()]
    return renamed_values(frame.with_columns(constants), how)


def _other_names(raw: Raw, how: TableMap) -> dict[str, list[str]]:
    """The further columns in which a cell may stand (a survey's question or trait): the first that has one counts."""
    found = {column: [find(raw.columns, (name,)) for name in names[1:]] for column, names in how.columns.items()}
    return {column: [name for name in names if name] for column, names in found.items() if any(names)}


def known_cells(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Cells that only say that nothing is known become null."""
    if not profile.missing:
        return frame
    unknown = pl.col(pl.String).exclude(FAULT)
    return frame.with_columns(
        pl.when(~unknown.str.to_lowercase().is_in(list(profile.missing))).then(unknown).name.keep()
    )


def renamed_values(frame: pl.DataFrame, how: TableMap) -> pl.DataFrame:
    """Words that the profile translates (into nothing: unknown); all others stay as they are."""
    translated = []
    for column, words in how.values.items():
        if column in frame.columns:
            said = pl.col(column).str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
            translated.append(pl.coalesce(said, column).replace("", None).alias(column))
    return frame.with_columns(translated)


def _later(frame: pl.DataFrame, column: str, unit: str, profile: Profile) -> pl.DataFrame:
    """An instant from how long after the opening it was; H:MM:SS or a number. What is no span stays, to be said."""
    span = frame.get_column(f"{column}+")
    clock = span.str.extract_groups(r"^(\d+):(\d{2})(?::(\d{2}))?$").struct.unnest()
    hours, minutes, seconds = (clock.to_series(place).cast(pl.Float64) for place in range(3))
    from_clock = hours * 3600 + minutes * 60 + seconds.fill_null(0)
    number = floats(span) * (3600 if unit == "hours" else 60)
    length = pl.select(pl.coalesce(from_clock, number)).to_series()
    opened = instants(frame.get_column("opened_at"), profile.all_formats, profile.zone)
    at = opened + (length * 1_000_000).cast(pl.Int64, strict=False).cast(pl.Duration("us"))
    text = at.dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
    return frame.with_columns(pl.coalesce(text, span).alias(column)).drop(f"{column}+")


def _earlier(frame: pl.DataFrame, column: str, unit: str, day: date) -> pl.DataFrame:
    """A date from how long before `day` it was, in whole units. What is no number stays, to be said."""
    span = frame.get_column(f"{column}+")
    whole = floats(span).floor().cast(pl.Int64, strict=False)
    back = pl.select(pl.lit(day).dt.offset_by(pl.format("-{}{}", whole, pl.lit(_UNITS[unit])))).to_series()
    return frame.with_columns(pl.coalesce(back.dt.to_string("%Y-%m-%d"), span).alias(column)).drop(f"{column}+")


def answered(frame: pl.DataFrame) -> pl.DataFrame:
    """A row of several answers as one row each, `question` and `score`; an answer that is blank is none."""
    asked = [name for name in frame.columns if name.startswith(ANSWER)]
    if not asked:
        return frame
    rest = [name for name in frame.columns if name not in asked]
    long = frame.unpivot(on=asked, index=rest, variable_name="question", value_name="score")
    long = long.with_columns(pl.col("question").str.strip_prefix(ANSWER))
    told = pl.col("score").is_not_null() | (pl.col(FAULT).is_not_null() & pl.col(SRC).is_first_distinct())
    return long.filter(told).sort(SRC, maintain_order=True)


def _audited(raw: Raw, profile: Profile, progress: Progress) -> tuple[list[Mapped], int]:
    assert profile.audit is not None  # noqa: S101  # the parser sees to it
    roles = {role: find(raw.columns, names) for role, names in profile.audit.columns.items()}
    how = profile.tables.get("tickets", TableMap({}))
    columns = {column: find(raw.columns, names) for column, names in how.columns.items()}
    columns = {"ticket_id": roles["ticket"], **columns}
    wanted = list(dict.fromkeys(name for name in [*roles.values(), *columns.values()] if name))
    text = known_cells(raw.read(wanted, progress), profile)
    updates = text.select(
        *[
            pl.col(name).alias(role) if name else pl.lit(None, pl.String).alias(role)
            for role, name in _all(roles).items()
        ],
        *[pl.col(name).alias(f"ticket.{column}") for column, name in columns.items() if name],
        ROW,
        FAULT,
        pl.int_range(0, pl.len(), dtype=pl.Int64).alias(SRC),
    )
    made = audit.read(updates, profile.audit, profile.all_formats, profile.zone)
    tickets = renamed_values(made.tickets, how)
    return [Mapped("tickets", tickets, made.shares), Mapped("events", made.events)], text.height


def _all(roles: dict[str, str | None]) -> dict[str, str | None]:
    return {role: roles.get(role) for role in AUDIT_COLUMNS}
