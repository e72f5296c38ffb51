"""The actions as a file: CSV or a workbook, every text safe to open in a spreadsheet."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from dashboard import address, words
from dashboard.boards.choice import HEADS, state_of
from dashboard.selection import Choices
from data.coaching.action import Action
from data.rejects import guarded_texts
from metrics.sign import all_signs

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.Int64,
    "team": pl.String,
    "branch": pl.String,
    "play": pl.String,
    "sign": pl.String,
    "asks": pl.String,
    "state": pl.String,
    "status": pl.String,
    "starts_on": pl.Date,
    "review_on": pl.Date,
    "owner": pl.String,
    "why": pl.String,
    "verdict": pl.String,
    "outcome": pl.String,
    "last_touched": pl.Date,
    "link": pl.String,
}
CELL = 32_767  # characters that a cell of a workbook can hold


def frame(
    actions: Sequence[Action],
    choices: Choices,
    verdict: Callable[[Action], str],
    touched: Mapping[int, datetime],
    today: date,
) -> pl.DataFrame:
    """One row an action: the columns of SCHEMA."""
    rows = [_row(one, choices, verdict(one), touched.get(one.id, one.updated_at), today) for one in actions]
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(action: Action, choices: Choices, verdict: str, touched: datetime, today: date) -> dict[str, Any]:
    name, branch = choices.teams.get(action.team_id, (action.team_id, None))
    sign = all_signs().get(action.sign)
    return {
        "id": action.id,
        "team": name,
        "branch": branch,
        "play": words.play(action.play),
        "sign": action.sign,
        "asks": words.heading(sign) if sign else action.sign,
        "state": HEADS[state_of(action, today)],
        "status": action.status,
        "starts_on": action.starts_on,
        "review_on": action.review_on,
        "owner": action.owner,
        "why": action.why,
        "verdict": verdict,
        "outcome": action.outcome,
        "last_touched": touched.date(),
        "link": address.link("coaching", action=action.id),
    }


def as_csv(told: pl.DataFrame) -> bytes:
    """The frame as CSV; what looks like a formula is made plain text."""
    return guarded_texts(told).write_csv(include_bom=True).encode()  # the mark, or Excel reads another alphabet


def as_xlsx(told: pl.DataFrame, at: datetime | None = None) -> bytes:
    """The frame as a workbook of one sheet; every text is written as text, so that nothing is a formula or a link."""
    import xlsxwriter

    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, plain) as book:
        if at is not None:
            book.set_properties({"created": at.astimezone(UTC).replace(tzinfo=None)})
        sheet, head = book.add_worksheet("Actions"), book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, name in enumerate(told.columns):
            sheet.write_string(0, column, name.replace("_", " "), head)
            for row, value in enumerate(told[name], start=1):
                _cell(sheet, row, column, value, day)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(told.height, 1), told.width - 1)
        sheet.autofit(max_width=320)
    return out.getvalue()


def _cell(sheet: Any, row: int, column: int, value: object, day: object) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value)[:CELL])
