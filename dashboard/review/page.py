"""A frozen review on the page: its blocks in their order, its charts as they were drawn. Text is shown as text."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import parts
from dashboard.plain import plain
from dashboard.reports.pieces import SHAPES
from data.reviewing.reviews import Review

Block = dict[str, Any]


def section(found: Review, told: dict[str, Any]) -> None:
    """One section with its heading."""
    st.header(plain(told["title"]), anchor=False)
    for place, block in enumerate(told["blocks"]):
        _block(found, block, f"{found.number}-{told['key']}-{place}")


def _block(found: Review, block: Block, key: str) -> None:
    kind = block["kind"]
    if kind == "text":
        st.markdown(plain(block["text"]))
    elif kind == "note":
        st.caption(plain(block["text"]))
    elif kind == "heading":
        st.subheader(plain(block["text"]), anchor=False)
    elif kind == "point":
        st.markdown(f"**{plain(block['lead'])}** {plain(block['text'])}{_see(found, block['see'])}")
    elif kind == "quote":
        st.markdown(f"> “{plain(block['text'])}”\n>\n> {plain(block['from'])}")
    elif kind == "table":
        _table(block, key)
    elif kind == "figures":
        _figures(found, block["keys"])


def _see(found: Review, key: str | None) -> str:
    """The number of the passport, as in the pack."""
    number = next((one["number"] for one in found.content["passports"] if one["key"] == key), None)
    return "" if number is None else f" :gray[\\[{number}\\]]"


def _table(block: Block, key: str) -> None:
    names = [name or " " for name in block["head"]]
    frame = pl.DataFrame([dict(zip(names, row, strict=True)) for row in block["rows"]], schema=names)
    parts.table(frame, block["said"], key=f"table-{key}")


def _figures(found: Review, keys: list[str]) -> None:
    """Two charts beside one another, each under its question and its sentence."""
    for first in range(0, len(keys), 2):
        for column, key in zip(st.columns(2, gap="large"), keys[first : first + 2], strict=False):
            one = found.content["figures"][key]
            with column:
                st.markdown(f"**{plain(one['title'])}**{_see(found, one['see'])}")
                st.markdown(plain(one["said"]))
                parts.chart(one["spec"], f"{one['title']} {one['said']}", key=f"{found.number}-{key}")
                if one["legend"]:
                    st.caption(plain("   ".join(f"{SHAPES[shape]} {name}" for name, shape in one["legend"])))


def passports(found: Review) -> None:
    """Where each number comes from, as it was defined on the day of the review."""
    st.header("Where each number comes from", anchor=False)
    st.caption("The number in brackets beside a figure leads here. Definitions are those of the day of the review.")
    for one in found.content["passports"]:
        with st.expander(plain(f"{one['number']}. {one['name']}")):
            st.markdown("\n".join(f"- **{plain(name)}:** {plain(told)}" for name, told in one["rows"]))
