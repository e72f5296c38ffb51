"""A frozen review as a workbook: every number with its passport. Text stays text, whatever it begins with."""

import io
from datetime import date
from importlib.metadata import version
from typing import Any

import xlsxwriter

from dashboard.reports.fixed_zip import fixed
from dashboard.reports.pack import Pack
from data.rejects import guarded

MADE_WITH = f"xlsxwriter {version('xlsxwriter')}"
_FORMATS = {"whole": "#,##0", "number": "0.0000", "share": "0.0%", "day": "yyyy-mm-dd", "text": "@"}
_WIDTHS = {"whole": 11, "number": 11, "share": 11, "level": 11, "day": 12, "text": 24}
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def render(pack: Pack) -> bytes:
    """The bytes of the workbook."""
    out = io.BytesIO()
    content = pack.content
    with xlsxwriter.Workbook(out, _SAFE) as book:
        book.set_properties(
            {"title": content["title"], "author": pack.by, "comments": content["rests_on"], "created": pack.at}
        )
        formats = {name: book.add_format({"num_format": how, "valign": "top"}) for name, how in _FORMATS.items()}
        formats["head"] = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        formats["wrapped"] = book.add_format({"text_wrap": True, "valign": "top"})
        _about(book.add_worksheet("About"), pack, formats)
        for one in content["sheets"]:
            _sheet(book.add_worksheet(one["name"]), one, formats)
        _words(book.add_worksheet("Words"), pack, formats)
        _passports(book.add_worksheet("Passports"), pack, formats)
    return fixed(out.getvalue(), pack.at)


def _about(sheet: Any, pack: Pack, formats: dict[str, Any]) -> None:
    content = pack.content
    sheet.set_column(0, 0, 110)
    lines = [content["title"], content["rests_on"], pack.foot, content["asked"], _HOW]
    for row, line in enumerate(line for line in lines if line):
        sheet.write_string(row, 0, guarded(line), formats["head" if row == 0 else "wrapped"])


_HOW = (
    "Shares lie between 0 and 1. Low and high are 95% intervals, in the sheet Weeks the limits of chance. Expected: "
    "from the own past at the same mix of tickets. An empty cell is not known; why, stands in the column why. A text "
    "that begins with = + - or @ has a quote before it, so that no program takes it for a formula."
)


def _sheet(sheet: Any, told: dict[str, Any], formats: dict[str, Any]) -> None:
    names = [name for name, _ in told["columns"]]
    sheet.freeze_panes(1, 1)
    for place, (name, kind) in enumerate(told["columns"]):
        sheet.set_column(place, place, _WIDTHS[kind])
        sheet.write_string(0, place, name, formats["head"])
    for number, row in enumerate(told["rows"], start=1):
        measure = row[names.index("measure")] if "measure" in names else None
        for place, (value, (_, kind)) in enumerate(zip(row, told["columns"], strict=True)):
            how = ("share" if measure == "share" else "number") if kind == "level" else kind
            _cell(sheet, number, place, value, how, formats)
    if told["rows"]:
        sheet.autofilter(0, 0, len(told["rows"]), len(names) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, kind: str, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if kind == "text":
        sheet.write_string(row, column, guarded(str(value)), formats["text"])
    elif kind == "day":
        sheet.write_datetime(row, column, date.fromisoformat(value), formats["day"])
    else:
        sheet.write_number(row, column, value, formats[kind])


def _words(sheet: Any, pack: Pack, formats: dict[str, Any]) -> None:
    """What the review says, line by line, with the number of the passport."""
    numbers = {one["key"]: one["number"] for one in pack.content["passports"]}
    for place, (name, width) in enumerate((("section", 28), ("what", 40), ("words", 110), ("passport", 10))):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, formats["head"])
    row = 0
    for part in pack.content["sections"]:
        for lead, words, see in (line for block in part["blocks"] for line in _lines(block, pack)):
            row += 1
            for place, text in enumerate((part["title"], lead, words)):
                sheet.write_string(row, place, guarded(text), formats["wrapped"])
            if see in numbers:
                sheet.write_number(row, 3, numbers[see], formats["whole"])


def _lines(block: dict[str, Any], pack: Pack) -> list[tuple[str, str, str | None]]:
    kind = block["kind"]
    if kind == "point":
        return [(block["lead"], block["text"], block["see"])]
    if kind == "quote":
        return [(block["from"], block["text"], None)]
    if kind == "figures":
        drawn = [pack.content["figures"][key] for key in block["keys"]]
        return [(one["title"], one["said"], one["see"]) for one in drawn]
    if kind == "table":
        return [(row[0], "; ".join(f"{h}: {c}" for h, c in zip(block["head"][1:], row[1:], strict=True)), None)
                for row in block["rows"]]  # fmt: skip
    return [("", block["text"], None)]


def _passports(sheet: Any, pack: Pack, formats: dict[str, Any]) -> None:
    for place, (name, width) in enumerate((("number", 8), ("of", 40), ("what", 14), ("told", 110))):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, formats["head"])
    row = 0
    for one in pack.content["passports"]:
        for name, told in [*one["rows"], ["Page", one["link"]]]:
            row += 1
            sheet.write_number(row, 0, one["number"], formats["whole"])
            for place, text in enumerate((one["name"], name, told), start=1):
                sheet.write_string(row, place, guarded(text), formats["wrapped"])
