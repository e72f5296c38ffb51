"""What was set aside on the way in: the rows, why, what to do, and a file of them to mend and import again."""

import tempfile
from pathlib import Path

import polars as pl
import streamlit as st

from dashboard import cached, door, noted, parts, words
from dashboard.plain import plain
from data import bringing
from data.home import Home
from data.scope import Scope

SHOWN = 500
OF_A_PERSON = ("people", "absences", "training")
PERSON = ("person_id", "agent_id", "customer_id")
HIDDEN = "(of one person: in the file only)"
_SHOWN = {
    "file": "File",
    "row": "Row",
    "table": "Table",
    "column": "Column",
    "value": "Value",
    "reason": "Why",
    "advice": "What to do",
}


def show(home: Home, version: int) -> None:
    st.header("Set aside", anchor=False)
    found = cached.rejects_of(home.path, version, door.scope())
    rows = found["reject_id"].n_unique()
    if not rows:
        st.markdown("Nothing is set aside: every row that was read is in.")
        return
    st.markdown(
        f"{words.count(rows, 'row')} could not be taken in. Mend them here or in their source and import them again."
    )
    for row in _reasons(found).iter_rows(named=True):
        what = f"{row['column']} {row['reason']}" if row["column"] else row["reason"]
        st.markdown(f"- {words.count(row['rows'], 'row')}: {plain(what)}")
    shown = masked(found.head(SHOWN)).select(list(_SHOWN)).rename(_SHOWN)
    with st.expander(f"The rows{f' (first {SHOWN:,})' if found.height > SHOWN else ''}"):
        parts.table(shown, "Rows set aside, each with its reason")
    noted.download(
        "Download them to mend",
        lambda scope: export(scope, home),
        "set-aside.csv",
        "text/csv",
        key="rejects-download",
        what="rows that were set aside",
    )


def masked(found: pl.DataFrame) -> pl.DataFrame:
    """The rows as the page shows them: of what is about one person (stays, absences, training) no value of the row,
    since a pseudonym beside a day can tell who it is. The file to mend them with has it."""
    of_person = pl.col("table").is_in(OF_A_PERSON) | pl.col("column").is_in(PERSON)
    hidden = of_person & pl.col("value").is_not_null()
    return found.with_columns(value=pl.when(hidden).then(pl.lit(HIDDEN)).otherwise("value"))


def _reasons(found: pl.DataFrame, most: int = 8) -> pl.DataFrame:
    by_reason = found.group_by("column", "reason").agg(rows=pl.col("reject_id").n_unique())
    return by_reason.sort("rows", "column", "reason", descending=[True, False, False]).head(most)


def export(scope: Scope, home: Home) -> bytes:
    """What is set aside as CSV, to be mended and imported as it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set-aside.csv"
        bringing.export(scope, home, path)
        return path.read_bytes()
