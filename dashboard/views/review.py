"""What do we tell the board? A frozen review, read in the order of its pack; making one; what was decided on it."""

import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.review import forms, page
from data.errors import Trouble
from data.reviewing import reviews
from data.reviewing.reviews import Listed, Review


def show(reads: Reads) -> None:
    st.title("Review: what do we tell the board?", anchor=False)
    listed = reviews.list_(reads.scope, reads.database)
    if not reads.freshness().rows.get("tickets"):
        parts.no_tickets(reads)
        if not listed:
            return
    chosen = choose(listed)
    if not listed:
        st.markdown(
            "No review was made yet. Choose a period and make the first: it is read from the data as it is now and "
            "frozen, so that it says the same a year from now."
        )
    if reads.freshness().rows.get("tickets"):
        with st.container(key="review-making"), st.expander("Make a review", expanded=not listed):
            forms.make(reads)
    if chosen is None:
        return
    try:
        found = reviews.get(reads.scope, reads.database, chosen)
    except Trouble as trouble:
        st.warning(plain(trouble))
        return
    read(reads, found)


def choose(listed: list[Listed]) -> int | None:
    """The review that is read: the one in the address, else the newest; kept in the address."""
    if not listed:
        return None
    numbers = [one.number for one in listed]
    asked = st.query_params.get("review", "")
    now = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in numbers else None
    if asked and now is None:
        st.caption(f"There is no review {plain(asked[:20])} that you may read: the latest is shown.")
    names = {one.number: name_of(one) for one in listed}
    picked = st.selectbox(
        "Frozen reviews",
        numbers,
        index=numbers.index(now) if now is not None else 0,
        format_func=lambda number: names[number],
        key=f"review-choice-{len(numbers)}-{now}",
        width=520,
    )
    if picked != now and (asked or picked != numbers[0]):
        st.query_params["review"] = str(picked)
    return picked


def name_of(one: Listed) -> str:
    """ "2026-Q3, North (review 4, 22 Nov 2026)"."""
    return (
        f"{one.period}, {one.branch or 'the company'} (review {one.number}, {words.day(one.at.date())} {one.at.year})"
    )


def read(reads: Reads, found: Review) -> None:
    """The review in the order of its pack, with the same charts; what is frozen is told by its own words alone."""
    st.header(plain(found.title), anchor=False)
    st.caption(plain(found.content["rests_on"]))
    st.caption(
        plain(f"Review {found.number}, frozen on {words.long_day(found.at.date())} {found.at.year} by {found.by}.")
    )
    forms.downloads(reads, found)
    for part in found.content["sections"]:
        page.section(found, part)
        if part["key"] == "asks":
            forms.decisions(reads, found)
    page.passports(found)


parts.page(show)
