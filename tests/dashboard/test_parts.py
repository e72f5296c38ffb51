"""Small pieces of pages."""

import ast
from datetime import date
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

import dashboard
from dashboard.parts import no_formulas
from dashboard.plain import JOINER
from metrics.roster import CATEGORY


def test_what_is_taken_from_a_table_into_a_spreadsheet_is_no_formula() -> None:
    told = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a=b", "late - by a day", "", None]
    given = pl.DataFrame(
        {"text": told, "category": pl.Series(told, dtype=CATEGORY), "n": range(-5, 5), "day": [date(2026, 1, 1)] * 10}
    )
    safe = [f"{JOINER}{one}" for one in told[:6]] + told[6:]
    plain = pl.Series(safe, dtype=pl.String)
    assert_frame_equal(no_formulas(given), given.with_columns(text=plain, category=plain))


def test_every_table_of_the_pages_is_made_so() -> None:
    place = Path(dashboard.__file__).parent
    shown = [
        ast.unparse(node.args[0])
        for path in place.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"st.dataframe", "st.data_editor", "st.table"}
    ]
    assert shown
    assert all(one.startswith("no_formulas(") for one in shown)
